"""The workflow that deploys, as far as it can be read without running it."""

import re
import tomllib
from typing import Any, Final

import pytest
import yaml

from cloudformation import ROOT

WORKFLOW: Final[dict[str, Any]] = yaml.safe_load(
    (ROOT / ".github" / "workflows" / "deploy.yml").read_text(encoding="utf-8")
)
JOBS: Final[dict[str, dict[str, Any]]] = WORKFLOW["jobs"]
STEPS: Final = [step for job in JOBS.values() for step in job["steps"]]
TARGETS: Final = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
SAMCONFIG: Final = tomllib.loads((ROOT / "samconfig.toml").read_text(encoding="utf-8"))


def test_each_action_is_pinned_to_a_commit() -> None:
    actions = [step["uses"] for step in STEPS if "uses" in step]
    assert actions
    assert [
        action for action in actions if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action)
    ] == []


def test_what_it_makes_are_targets_of_the_makefile() -> None:
    made = [step["run"].split()[1:] for step in STEPS if step.get("run", "").startswith("make ")]
    targets = {target for names in made for target in names if not target.startswith(".venv/")}
    assert targets
    assert targets <= set(TARGETS)


def test_what_goes_to_production_was_tested_and_staged_before() -> None:
    assert JOBS["staging"]["needs"] == "build"
    assert JOBS["prod"]["needs"] == "staging"
    [ask] = [step for step in JOBS["staging"]["steps"] if "pytest" in step.get("run", "")]
    assert ask["env"] == {
        "AWS_SAM_STACK_NAME": SAMCONFIG["staging"]["global"]["parameters"]["stack_name"]
    }


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_each_environment_is_deployed_by_a_role_and_into_a_stack_of_its_own(
    environment: str,
) -> None:
    job = JOBS[environment]
    assert job["environment"] == environment
    assert job["permissions"]["id-token"] == "write"
    assert any(
        step.get("run") == f".venv/bin/sam deploy --config-env {environment}"
        for step in job["steps"]
    )
    assert (
        f"Environment={environment}"
        in (SAMCONFIG[environment]["deploy"]["parameters"]["parameter_overrides"])
    )


def test_no_stored_key_is_used() -> None:
    assert "secrets." not in str(WORKFLOW)


@pytest.mark.parametrize("environment", ["default", "staging", "prod"])
def test_no_deployment_is_open_and_only_local_use_is(environment: str) -> None:
    commands = SAMCONFIG[environment]
    opened = {
        command
        for command, entry in commands.items()
        if "AuthMode=none" in str(entry["parameters"].get("parameter_overrides"))
    }
    local = {"local_start_api", "local_invoke"} if environment == "default" else set()
    assert opened == local
