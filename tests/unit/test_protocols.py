"""What clients of OpenAI's, Anthropic's and llama-server's protocols send, as a table of cases.

What they expect is OpenAI's and Anthropic's reference, and llama-server's documentation; where we
answer otherwise, docs/compatibility.md says so, and why.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from fakes import FakeEngine

from chef_llm import app
from chef_llm.app import lambda_handler
from chef_llm.asgi import LocalContext, http_event
from chef_llm.chat.chef import Chef
from chef_llm.cookbook import load_cookbook
from chef_llm.engines import OwnTemplate, Repeated, Rules
from chef_llm.engines.gbnf import to_gbnf
from chef_llm.models.catalogue import find_model
from over_http import Answer, assert_wrong_field, call

CHAT = "/v1/chat/completions"
COMPLETIONS = "/v1/completions"
RESPONSES = "/v1/responses"
MESSAGES = "/v1/messages"
EMBEDDINGS = "/v1/embeddings"
TOKENIZE = "/tokenize"
QUESTION = "豚肉と大根で夕食をお願いします"
ASKS: dict[str, Any] = {"role": "user", "content": QUESTION}
PLAIN = {"model": "kondate:plain"}
CALL = {"id": "call_1", "type": "function", "function": {"name": "buy", "arguments": '{"n": 1}'}}
BUY = {
    "type": "function",
    "function": {
        "name": "buy",
        "description": "buys food",
        "parameters": {
            "type": "object",
            "properties": {"food": {"enum": ["卵", "魚"]}, "n": {"enum": [1, 2]}},
            "required": ["food", "n"],
        },
    },
}
# As Qwen's: ChatML, tools in the system's turn, a call between two tags, thinking on demand.
TOOL_TEMPLATE = """
{%- if tools %}<|im_start|>system
{% for tool in tools %}{{ tool | tojson }}{% endfor %}<|im_end|>
{% endif %}
{%- for message in messages %}<|im_start|>{{ message.role }}
{{ message.content }}
{%- for call in message.tool_calls or [] %}
<tool_call>
{"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}}
</tool_call>
{%- endfor %}<|im_end|>
{% endfor %}
{%- if add_generation_prompt %}<|im_start|>assistant
{% if not enable_thinking %}<think>

</think>

{% endif %}{% endif %}"""

Serve = Callable[[FakeEngine], FakeEngine]


@pytest.fixture
def tool_engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """Serve a model whose own template knows of tools."""
    special = ("<|im_start|>", "<|im_end|>")
    engine = FakeEngine(own_template=OwnTemplate(TOOL_TEMPLATE), special=special)
    model = replace(find_model("kondate"), chat_template=None)
    chef = Chef(engine, model, load_cookbook())
    monkeypatch.setattr(app, "load_chef", lambda: chef)
    return engine


def ask(path: str = CHAT, **fields: Any) -> Answer:
    if path == CHAT:
        fields = {"messages": [ASKS], **fields}
    return call("POST", path, fields)


def events(path: str, **fields: Any) -> list[tuple[str | None, Any]]:
    """Ask for a stream; return name and data of each event."""
    body = json.dumps({**fields, "stream": True}).encode()
    response = lambda_handler(
        http_event("POST", path, {"content-type": "application/json"}, body), LocalContext()
    )
    assert (response["statusCode"], response["headers"].get("Content-Type")) == (
        200,
        "text/event-stream",
    )
    found = []
    for event in response["body"].split("\n\n")[:-1]:
        lines = dict(line.split(": ", 1) for line in event.split("\n"))
        data = lines["data"]
        found.append((lines.get("event"), data if data == "[DONE]" else json.loads(data)))
    return found


# Conversations


TURNS: dict[str, list[dict[str, Any]]] = {
    "two system messages": [
        {"role": "system", "content": "短く"},
        {"role": "system", "content": "丁寧に"},
        ASKS,
    ],
    "a later system message": [
        ASKS,
        {"role": "assistant", "content": "はい"},
        {"role": "system", "content": "短く"},
        ASKS,
    ],
    "a developer": [{"role": "developer", "content": "短く"}, ASKS],
    "a system message at the end": [ASKS, {"role": "system", "content": "短く"}],
    "a system message alone": [{"role": "system", "content": QUESTION}],
    "an assistant at the end": [ASKS, {"role": "assistant", "content": "豚肉と大根の"}],
    "two questions in a row": [ASKS, ASKS],
    "an assistant first": [{"role": "assistant", "content": "どうぞ"}, ASKS],
    "content null": [ASKS, {"role": "assistant", "content": None}, ASKS],
    "content absent": [ASKS, {"role": "assistant"}, ASKS],
    "content empty": [{"role": "user", "content": ""}, ASKS],
    "content in parts": [{"role": "user", "content": [{"type": "text", "text": QUESTION}]}],
    "a refusal": [
        ASKS,
        {"role": "assistant", "content": [{"type": "refusal", "refusal": "いいえ"}]},
        ASKS,
    ],
    "a tool's answer": [
        ASKS,
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "call_1", "content": "卵はありません"},
    ],
    "a function's answer": [
        ASKS,
        {"role": "assistant", "content": None},
        {"role": "function", "name": "buy", "content": "卵はありません"},
        ASKS,
    ],
    "a name": [{**ASKS, "name": "someone"}],
}


@pytest.mark.parametrize("turns", TURNS.values(), ids=TURNS)
@pytest.mark.parametrize("model", ["kondate", "kondate:plain"])
def test_every_kind_of_conversation_is_answered(
    engine: FakeEngine, turns: list[dict[str, Any]], model: str
) -> None:
    answer = ask(messages=turns, model=model)
    assert answer.status == 200, answer.body
    [choice] = answer.body["choices"]
    assert choice["message"]["content"]


@pytest.mark.parametrize("turns", TURNS.values(), ids=TURNS)
def test_every_kind_of_conversation_is_answered_by_a_template_with_tools(
    tool_engine: FakeEngine, turns: list[dict[str, Any]]
) -> None:
    assert ask(messages=turns, **PLAIN).status == 200


def test_each_system_message_stands_in_the_plain_prompt(engine: FakeEngine) -> None:
    ask(messages=TURNS["two system messages"], **PLAIN)
    assert engine.last.prompt.index("短く") < engine.last.prompt.index("丁寧に")
    assert "Assistant:丁寧に" not in engine.last.prompt


def test_an_assistants_last_turn_is_gone_on_with_as_it_is(engine: FakeEngine) -> None:
    engine.answer = " 煮物です。"
    answer = ask(messages=TURNS["an assistant at the end"], **PLAIN)
    assert engine.last.prompt.endswith("豚肉と大根の")
    assert answer.body["choices"][0]["message"]["content"] == " 煮物です。"


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (CHAT, {"messages": [ASKS, {"role": "tool", "content": "卵アレルギーです"}]}),
        (CHAT, {"messages": [ASKS, {"role": "system", "content": "卵アレルギーです"}]}),
        (
            CHAT,
            {
                "messages": [
                    {"role": "system", "content": "短く"},
                    {"role": "developer", "content": "卵アレルギーです"},
                    ASKS,
                ]
            },
        ),
        (COMPLETIONS, {"prompt": f"卵アレルギーです。{QUESTION}"}),
        (COMPLETIONS, {"prompt": QUESTION, "allergens": ["卵"]}),
        (RESPONSES, {"input": QUESTION, "instructions": "卵アレルギーです"}),
        (RESPONSES, {"input": QUESTION, "allergens": ["卵"]}),
        (MESSAGES, {"messages": [ASKS], "system": "卵アレルギーです"}),
        (MESSAGES, {"messages": [ASKS], "allergens": ["卵"]}),
    ],
    ids=str,
)
@pytest.mark.parametrize("model", [None, "gpt-4o", "claude-sonnet-4-5"])
def test_an_allergy_is_kept_on_every_route(
    engine: FakeEngine, path: str, fields: dict[str, Any], model: str | None
) -> None:
    answer = call("POST", path, {**fields, "model": model})
    assert (answer.status, answer.headers["x-chef-guaranteed"]) == (200, "true")
    assert "卵は使いません" in json.dumps(answer.body, ensure_ascii=False)
    streamed = events(path, **fields, model=model)
    assert "卵は使いません" in json.dumps(streamed, ensure_ascii=False).replace('", "', "")


# Sampling


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        ({"top_k": 7}, "top_k", 7),
        ({"top_k": -1}, "top_k", 0),
        ({"min_p": 0.1}, "min_p", 0.1),
        ({"logit_bias": {"5": -100, "7": 1.5}}, "logit_bias", ((5, -100.0), (7, 1.5))),
        ({"logprobs": True}, "top_logprobs", 0),
        ({"logprobs": True, "top_logprobs": 3}, "top_logprobs", 3),
        ({"max_tokens": 3}, "max_tokens", 3),
        ({"max_tokens": 9, "max_completion_tokens": 3}, "max_tokens", 3),
        ({"max_tokens": -1}, "max_tokens", 1024 - 11),
        ({"seed": -1}, "seed", -1),
    ],
    ids=str,
)
def test_the_model_is_sampled_as_it_is_asked(
    engine: FakeEngine, fields: dict[str, Any], name: str, value: Any
) -> None:
    assert ask(**PLAIN, **fields).status == 200
    sampling = engine.last.sampling
    if value == 1024 - 11:
        assert sampling.max_tokens > 256
    else:
        assert getattr(sampling, name) == value


@pytest.mark.parametrize("path", [CHAT, COMPLETIONS, RESPONSES, MESSAGES])
def test_more_tokens_than_the_operator_allows_are_capped_and_said_so(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setenv("CHEF_MOST_ANSWER_TOKENS", "64")
    engine.answer = "あ" * 100
    body = {
        CHAT: {"messages": [ASKS], "max_tokens": 65},
        COMPLETIONS: {"prompt": QUESTION, "max_tokens": 65},
        RESPONSES: {"input": QUESTION, "max_output_tokens": 65},
        MESSAGES: {"messages": [ASKS], "max_tokens": 65},
    }[path]
    answer = call("POST", path, {**PLAIN, **body})
    assert (answer.status, answer.headers["x-chef-max-tokens"]) == (200, "64")
    assert engine.last.sampling.max_tokens == 64
    within = {name: 64 if value == 65 else value for name, value in body.items()}
    assert "x-chef-max-tokens" not in call("POST", path, {**PLAIN, **within}).headers


def test_who_asks_for_no_number_of_tokens_is_told_of_no_limit(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model of one's own writes as many as there may be, unless a request says otherwise."""
    monkeypatch.setenv("CHEF_MOST_ANSWER_TOKENS", "64")
    model = find_model("kondate")
    own = replace(model, sampling=replace(model.sampling, max_tokens=1024))
    chef = Chef(engine, own, load_cookbook())
    monkeypatch.setattr(app, "load_chef", lambda: chef)
    for path, body in {
        CHAT: {"messages": [ASKS]},
        COMPLETIONS: {"prompt": QUESTION},
        RESPONSES: {"input": QUESTION},
        MESSAGES: {"messages": [ASKS]},
    }.items():
        assert "x-chef-max-tokens" not in call("POST", path, {**PLAIN, **body}).headers, path
        assert engine.last.sampling.max_tokens == 64


def test_no_tokens_are_an_empty_answer_without_the_model(engine: FakeEngine) -> None:
    answer = ask(**PLAIN, max_tokens=0)
    [choice] = answer.body["choices"]
    assert (choice["message"]["content"], choice["finish_reason"]) == ("", "length")
    assert answer.body["usage"]["prompt_tokens"] > 0
    assert engine.requests == []


def test_logprobs_stand_beside_each_token(engine: FakeEngine) -> None:
    engine.answer = "はい"
    answer = ask(**PLAIN, logprobs=True, top_logprobs=1)
    content = answer.body["choices"][0]["logprobs"]["content"]
    assert [(one["token"], one["logprob"]) for one in content] == [("は", 0.0), ("い", 0.0)]
    assert content[0]["bytes"] == list("は".encode())
    assert [len(one["top_logprobs"]) for one in content] == [1, 1]
    assert ask(**PLAIN).body["choices"][0]["logprobs"] is None


def test_more_probabilities_without_any_are_refused(engine: FakeEngine) -> None:
    assert_wrong_field(ask(**PLAIN, top_logprobs=2), "top_logprobs", "logprobs", "true")


@pytest.mark.parametrize(
    ("fields", "beside"),
    [
        ({"include": ["message.output_text.logprobs"]}, 0),
        ({"top_logprobs": 1}, 1),
        ({"include": ["message.output_text.logprobs"], "top_logprobs": 1}, 1),
    ],
    ids=str,
)
def test_a_response_has_the_probabilities_of_its_text(
    engine: FakeEngine, fields: dict[str, Any], beside: int
) -> None:
    engine.answer = "はい"
    [item] = ask(RESPONSES, **PLAIN, input=QUESTION, **fields).body["output"]
    logprobs = item["content"][0]["logprobs"]
    assert [(one["token"], one["logprob"]) for one in logprobs] == [("は", 0.0), ("い", 0.0)]
    assert [len(one["top_logprobs"]) for one in logprobs] == [beside, beside]
    found = dict(events(RESPONSES, **PLAIN, input=QUESTION, **fields))
    assert found["response.output_text.done"]["logprobs"] == logprobs
    assert ask(RESPONSES, **PLAIN, input=QUESTION).body["output"][0]["content"][0]["logprobs"] == []


@pytest.mark.parametrize("model", ["kondate", "kondate:plain"])
def test_several_answers_have_an_index_each(engine: FakeEngine, model: str) -> None:
    answer = ask(model=model, n=3, seed=5)
    assert [choice["index"] for choice in answer.body["choices"]] == [0, 1, 2]
    assert [one.sampling.seed for one in engine.requests][:3] in ([5, 6, 7], [5, 5, 5])
    chunks = [data for _, data in events(CHAT, messages=[ASKS], model=model, n=3)]
    ended = [one["choices"][0] for one in chunks[:-1] if one["choices"][0]["finish_reason"]]
    assert [choice["index"] for choice in ended] == [0, 1, 2]


@pytest.mark.parametrize(
    "stop", ["", "。", [], ["", "。"], ["x" * 4096, "。"], ["a", "b", "c", "d", "e", "。"]]
)
def test_stop_strings_may_be_long_short_or_many(engine: FakeEngine, stop: Any) -> None:
    engine.answer = "献立です。はい"
    answer = ask(**PLAIN, stop=stop)
    assert answer.status == 200
    wanted = "献立です" if "。" in stop else "献立です。はい"
    assert answer.body["choices"][0]["message"]["content"] == wanted


# Thinking


def test_a_model_thinks_first_only_where_it_is_asked_to(tool_engine: FakeEngine) -> None:
    ask(**PLAIN)
    assert tool_engine.last.prompt.endswith("<think>\n\n</think>\n\n")
    for fields in (
        {"reasoning_effort": "low"},
        {"chat_template_kwargs": {"enable_thinking": True}},
    ):
        ask(**PLAIN, **fields)
        assert tool_engine.last.prompt.endswith("assistant\n")
    ask(**PLAIN, reasoning_effort="none")
    assert tool_engine.last.prompt.endswith("<think>\n\n</think>\n\n")


THINKING = {"reasoning_effort": "low"}


def test_what_is_thought_stands_apart_from_the_answer(tool_engine: FakeEngine) -> None:
    tool_engine.answer = ["<thi", "nk>\n大根", "か\n</th", "ink>\n\n煮物", "です"]
    message = ask(**PLAIN, **THINKING).body["choices"][0]["message"]
    assert (message["content"], message["reasoning_content"]) == ("煮物です", "大根か")
    deltas = [
        data["choices"][0]["delta"]
        for _, data in events(CHAT, messages=[ASKS], **PLAIN, **THINKING)[:-1]
    ]
    assert "".join(delta.get("content", "") for delta in deltas) == "煮物です"
    thought = "".join(delta.get("reasoning_content", "") for delta in deltas)
    assert thought.strip() == "大根か"


def test_what_a_response_cannot_include_is_logged(engine: FakeEngine, logs: Any) -> None:
    wanted = ["message.output_text.logprobs", "reasoning.encrypted_content"]
    assert ask(RESPONSES, **PLAIN, input=QUESTION, include=wanted).status == 200
    assert [line["fields"] for line in logs() if "unused" in line["message"]] == [["include"]]


def test_anthropics_clients_get_what_is_thought_as_a_block(tool_engine: FakeEngine) -> None:
    tool_engine.answer = "<think>大根か</think>煮物です"
    answer = call(
        "POST",
        MESSAGES,
        {**PLAIN, "messages": [ASKS], "thinking": {"type": "enabled", "budget_tokens": 1024}},
    )
    thinking, text = answer.body["content"]
    assert (thinking["type"], thinking["thinking"]) == ("thinking", "大根か")
    assert text == {"type": "text", "text": "煮物です"}


# Tools


def test_a_tool_is_called_and_its_answer_is_read(tool_engine: FakeEngine) -> None:
    tool_engine.answer = (
        'では\n<tool_call>\n{"name": "buy", "arguments": {"food": "魚"}}\n</tool_call>'
    )
    [choice] = ask(**PLAIN, tools=[BUY]).body["choices"]
    assert "buys food" in tool_engine.last.prompt
    assert choice["finish_reason"] == "tool_calls"
    [made] = choice["message"]["tool_calls"]
    assert (made["function"]["name"], json.loads(made["function"]["arguments"])) == (
        "buy",
        {"food": "魚"},
    )
    assert choice["message"]["content"] == "では"
    turns = [
        ASKS,
        {**choice["message"]},
        {"role": "tool", "tool_call_id": made["id"], "content": "ありません"},
    ]
    assert ask(**PLAIN, messages=turns, tools=[BUY]).status == 200
    assert '{"food": "魚"}' in tool_engine.last.prompt
    assert "ありません" in tool_engine.last.prompt


@pytest.mark.parametrize(
    "choice", ["required", {"type": "function", "function": {"name": "buy"}}], ids=str
)
def test_a_tool_that_must_be_called_is_called_inside_its_schema(
    tool_engine: FakeEngine, choice: Any
) -> None:
    [answered] = ask(**PLAIN, tools=[BUY], tool_choice=choice).body["choices"]
    [made] = answered["message"]["tool_calls"]
    arguments = json.loads(made["function"]["arguments"])
    assert arguments["food"] in {"卵", "魚"}
    assert answered["message"]["content"] is None
    assert tool_engine.last.constraint is not None


def test_a_streamed_call_comes_whole(tool_engine: FakeEngine) -> None:
    chunks = events(CHAT, messages=[ASKS], **PLAIN, tools=[BUY], tool_choice="required")
    choices = [data["choices"][0] for _, data in chunks[:-1]]
    [delta] = [one["delta"] for one in choices if one["delta"].get("tool_calls")]
    [made] = delta["tool_calls"]
    assert (made["index"], made["type"], made["function"]["name"]) == (0, "function", "buy")
    assert choices[-1]["finish_reason"] == "tool_calls"


def test_tools_that_no_one_calls_change_nothing(engine: FakeEngine, logs: Any) -> None:
    for model in ("kondate", "kondate:plain"):
        assert ask(model=model, tools=[BUY]).status == 200
        assert "buys food" not in engine.last.prompt
    assert [line["fields"] for line in logs() if "unused" in line["message"]] == [["tools"]] * 2


@pytest.mark.parametrize("model", ["kondate", "kondate:plain"])
@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (CHAT, {"tools": [BUY], "tool_choice": "required"}),
        (
            RESPONSES,
            {
                "input": QUESTION,
                "tools": [{"type": "function", "name": "buy"}],
                "tool_choice": "required",
            },
        ),
        (
            MESSAGES,
            {"messages": [ASKS], "tools": [{"name": "buy"}], "tool_choice": {"type": "any"}},
        ),
    ],
    ids=[CHAT, RESPONSES, MESSAGES],
)
def test_a_call_that_no_one_makes_is_refused(
    engine: FakeEngine, model: str, path: str, fields: dict[str, Any]
) -> None:
    assert_wrong_field(ask(path, model=model, **fields), "tool_choice", "auto", "none")
    assert engine.requests == []


@pytest.mark.parametrize("model", ["kondate", "kondate:plain"])
@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (CHAT, {"tool_choice": "required"}),
        (CHAT, {"tool_choice": {"type": "function", "function": {"name": "buy"}}}),
        (RESPONSES, {"input": QUESTION, "tool_choice": "required"}),
        (MESSAGES, {"messages": [ASKS], "tool_choice": {"type": "any"}}),
    ],
    ids=str,
)
def test_a_call_of_no_tool_is_refused(
    tool_engine: FakeEngine, model: str, path: str, fields: dict[str, Any]
) -> None:
    assert_wrong_field(ask(path, model=model, **fields), "tool_choice", "tools", "")
    assert tool_engine.requests == []


def test_a_tool_of_another_kind_is_refused_by_its_kind(engine: FakeEngine) -> None:
    """What it lacks as a function is no help to who wants none."""
    for path, fields in ((CHAT, {}), (RESPONSES, {"input": QUESTION})):
        answer = ask(path, **fields, **PLAIN, tools=[{"type": "web_search"}])
        assert_wrong_field(answer, "tools.0.type", "function", "web_search")


def test_an_unknown_tool_is_refused_by_its_name(tool_engine: FakeEngine) -> None:
    choice = {"type": "function", "function": {"name": "sell"}}
    answer = ask(**PLAIN, tools=[BUY], tool_choice=choice)
    assert_wrong_field(answer, "tool_choice", "tools", "sell")


def test_no_special_token_comes_of_a_tool(tool_engine: FakeEngine) -> None:
    loud = {**BUY["function"], "description": "buys <|im_end|> food"}  # type: ignore[dict-item]
    ask(**PLAIN, tools=[{"type": "function", "function": loud}])
    loud_prompt = tool_engine.last.prompt
    ask(**PLAIN, tools=[BUY])
    assert loud_prompt.count("<|im_end|>") == tool_engine.last.prompt.count("<|im_end|>")


# JSON


def test_json_of_any_form_is_an_object(engine: FakeEngine) -> None:
    for seed in range(20):
        answer = ask(**PLAIN, response_format={"type": "json_object"}, seed=seed, max_tokens=-1)
        assert isinstance(json.loads(answer.body["choices"][0]["message"]["content"]), dict)
    assert isinstance(engine.last.constraint, Rules)


def test_a_response_may_be_json_too(engine: FakeEngine) -> None:
    schema = {"type": "object", "properties": {"主菜": {"type": "string"}}}
    text = {"format": {"type": "json_schema", "name": "menu", "schema": schema}}
    answer = ask(RESPONSES, **PLAIN, input=QUESTION, text=text)
    [item] = answer.body["output"]
    assert set(json.loads(item["content"][0]["text"])) == {"主菜"}


# Errors


@pytest.mark.parametrize(
    ("path", "body", "param"),
    [
        (CHAT, {"messages": [ASKS], "temperature": 3}, "temperature"),
        (CHAT, {"messages": []}, "messages"),
        (CHAT, {"messages": [ASKS], "max_tokens": -2}, "max_tokens"),
        (CHAT, {"messages": [ASKS], "n": 0}, "n"),
        (CHAT, {"messages": [ASKS], "logit_bias": {"x": 1}}, "logit_bias.x"),
        (COMPLETIONS, {"prompt": QUESTION, "suffix": "。"}, "suffix"),
        (COMPLETIONS, {"prompt": QUESTION, "n": 9}, "n"),
        (COMPLETIONS, {"prompt": [1, 2]}, "prompt"),
        (RESPONSES, {"input": QUESTION, "previous_response_id": "resp_1"}, "previous_response_id"),
        (RESPONSES, {"input": QUESTION, "conversation": "conv_1"}, "conversation"),
        (RESPONSES, {"input": QUESTION, "background": True}, "background"),
        (CHAT, {"messages": [ASKS], "tool_choice": "x"}, "tool_choice"),
        (CHAT, {"messages": [ASKS], "tool_choice": {"type": "x"}}, "tool_choice"),
        (COMPLETIONS, {"prompt": 5}, "prompt"),
        (COMPLETIONS, {"prompt": [["a"]]}, "prompt"),
        (RESPONSES, {"input": [{"type": "x"}]}, "input.0"),
        (RESPONSES, {"input": [{"role": "cook", "content": "x"}]}, "input.0.role"),
        (MESSAGES, {"messages": []}, "messages"),
        (
            MESSAGES,
            {"messages": [{"role": "user", "content": [{"type": "image"}]}]},
            "messages.0.content.0",
        ),
        (
            MESSAGES,
            {"messages": [{"role": "user", "content": [{"type": "text", "text": 5}]}]},
            "messages.0.content.0.text",
        ),
        (COMPLETIONS, {"prompt": ""}, "prompt"),
        (COMPLETIONS, {"prompt": ["夕食", " "], **PLAIN}, "prompt.1"),
        (EMBEDDINGS, {"input": []}, "input"),
        (EMBEDDINGS, {"input": ""}, "input"),
        (EMBEDDINGS, {"input": QUESTION}, "model"),
        (TOKENIZE, {"content": 5}, "content"),
    ],
    ids=str,
)
def test_a_wrong_field_is_a_bad_request_in_both_languages(
    engine: FakeEngine, path: str, body: dict[str, Any], param: str
) -> None:
    answer = call("POST", path, body)
    error = answer.error
    assert (answer.status, error["type"]) == (400, "invalid_request_error")
    assert error["param"] == param
    japanese, _, english = error["message"].rpartition("。")
    assert japanese
    assert english.strip().isascii()
    assert len(english) > 10


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (CHAT, {"messages": [{"role": "user", "content": "あ" * 2000}]}),
        (COMPLETIONS, {"prompt": "あ" * 2000}),
        (COMPLETIONS, {**PLAIN, "prompt": "あ" * 2000}),
        (COMPLETIONS, {**PLAIN, "prompt": [9] * 2000}),
        (RESPONSES, {"input": "あ" * 2000}),
        (MESSAGES, {"messages": [{"role": "user", "content": "あ" * 2000}]}),
        (EMBEDDINGS, {"input": "あ" * 2000}),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_full_context_is_said_in_the_words_that_clients_look_for(
    engine: FakeEngine, path: str, body: dict[str, Any]
) -> None:
    answer = call("POST", path, body)
    assert (answer.status, answer.error["code"]) == (400, "context_length_exceeded")
    assert "This model's maximum context length is 1024 tokens" in answer.error["message"]
    assert "prompt is too long" in answer.error["message"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (CHAT, {"messages": [{"role": "user", "content": "あ" * 65}]}),
        (COMPLETIONS, {"prompt": "あ" * 65}),
        (RESPONSES, {"input": "あ" * 65}),
        (MESSAGES, {"messages": [{"role": "user", "content": "あ" * 65}]}),
        (EMBEDDINGS, {"input": "あ" * 65}),
    ],
    ids=lambda value: str(value)[:40],
)
def test_more_text_than_the_operator_allows_is_said_in_these_words_too(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch, path: str, body: dict[str, Any]
) -> None:
    monkeypatch.setenv("CHEF_MOST_PROMPT_CHARACTERS", "64")
    answer = call("POST", path, body)
    assert answer.status == 400
    assert "prompt is too long" in answer.error["message"]


def test_what_ran_out_of_time_need_not_be_tried_again(serve: Serve) -> None:
    serve(FakeEngine(pieces_in_time=0))
    answer = ask(**PLAIN)
    assert (answer.status, answer.error["code"]) == (503, "deadline")
    assert answer.headers["x-should-retry"] == "false"
    assert "x-should-retry" not in ask(temperature=9).headers


@pytest.mark.parametrize("path", ["/health", CHAT, MESSAGES, "/nowhere", "/v1/models"])
def test_every_answer_has_the_id_of_its_request(engine: FakeEngine, path: str) -> None:
    event = http_event("GET" if path != CHAT else "POST", path, {}, b"{}")
    response = lambda_handler(event, LocalContext())
    assert response["headers"]["x-request-id"] == event["requestContext"]["requestId"]


def test_anthropics_errors_have_its_shape(engine: FakeEngine) -> None:
    answer = call("POST", MESSAGES, {"messages": [ASKS], "model": "other:plain"})
    assert (answer.status, answer.body["type"]) == (404, "error")
    assert answer.body["error"]["type"] == "not_found_error"


# The other routes


def test_a_prompt_is_gone_on_with_in_no_template(engine: FakeEngine) -> None:
    engine.answer = " の煮物</s>"
    answer = ask(COMPLETIONS, **PLAIN, prompt="豚肉と大根<s>", echo=True, logprobs=1)
    # As text, no special token comes of it.
    assert engine.last.prompt == "豚肉と大根<s>"
    [choice] = answer.body["choices"]
    assert choice["text"] == "豚肉と大根<s> の煮物</s>"
    assert choice["logprobs"]["tokens"][0] == " "
    # Where in the text that came: the prompt stands before it.
    assert choice["logprobs"]["text_offset"][:3] == [8, 9, 10]


def test_token_ids_are_gone_on_with_as_they_are(engine: FakeEngine) -> None:
    ids = engine.tokenize("<s>豚", special=True)
    assert ask(COMPLETIONS, **PLAIN, prompt=ids).status == 200
    assert engine.last.prompt == "<s>豚"
    assert_wrong_field(ask(COMPLETIONS, **PLAIN, prompt=ids, echo=True), "echo", "文字列", "")
    assert_wrong_field(ask(COMPLETIONS, prompt=ids), "prompt", "文字列", "")
    assert_wrong_field(ask(COMPLETIONS, prompt=["豚", ids]), "prompt.1", "文字列", "")


def test_each_prompt_has_its_own_answers(engine: FakeEngine) -> None:
    answer = ask(COMPLETIONS, **PLAIN, prompt=["豚肉", "大根"], n=2)
    assert [choice["index"] for choice in answer.body["choices"]] == [0, 1, 2, 3]
    assert [one.prompt for one in engine.requests] == ["豚肉", "豚肉", "大根", "大根"]


def test_a_streamed_completion_is_the_whole_one_in_pieces(engine: FakeEngine) -> None:
    chunks = events(
        COMPLETIONS, prompt="豚肉", **PLAIN, stream_options={"include_usage": True}, seed=1
    )
    *written, usage, done = [data for _, data in chunks]
    whole = ask(COMPLETIONS, **PLAIN, prompt="豚肉", seed=1).body["choices"][0]["text"]
    assert "".join(chunk["choices"][0]["text"] for chunk in written) == whole
    assert (usage["choices"], usage["usage"]["completion_tokens"] > 0) == ([], True)
    assert done == "[DONE]"


def test_a_streamed_response_has_openais_events(engine: FakeEngine) -> None:
    found = events(RESPONSES, input=QUESTION, instructions="短く", **PLAIN)
    names = [name for name, _ in found]
    assert names[:4] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
    ]
    assert names[-4:] == [
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]
    assert [data["sequence_number"] for _, data in found] == list(range(len(found)))
    assert all(name == data["type"] for name, data in found)
    deltas = [data["delta"] for name, data in found if name == "response.output_text.delta"]
    [item] = found[-1][1]["response"]["output"]
    assert item["content"][0]["text"] == "".join(deltas)


def test_a_response_calls_functions(tool_engine: FakeEngine) -> None:
    tool = {"type": "function", **BUY["function"]}  # type: ignore[dict-item]
    fields = {**PLAIN, "input": QUESTION, "tools": [tool], "tool_choice": "required"}
    [item] = ask(RESPONSES, **fields).body["output"]
    assert (item["type"], item["name"]) == ("function_call", "buy")
    turns = [
        {"role": "user", "content": QUESTION},
        {key: item[key] for key in ("type", "call_id", "name", "arguments")},
        {"type": "function_call_output", "call_id": item["call_id"], "output": "ありません"},
    ]
    assert ask(RESPONSES, **PLAIN, input=turns).status == 200
    assert "ありません" in tool_engine.last.prompt
    names = [name for name, _ in events(RESPONSES, **fields)]
    assert "response.function_call_arguments.done" in names


def test_a_streamed_message_has_anthropics_events(engine: FakeEngine) -> None:
    found = events(MESSAGES, messages=[ASKS], max_tokens=64, **PLAIN)
    names = [name for name, _ in found]
    assert names[:2] == ["message_start", "content_block_start"]
    assert names[-3:] == ["content_block_stop", "message_delta", "message_stop"]
    assert set(names[2:-3]) == {"content_block_delta"}
    ending = found[-2][1]
    assert ending["delta"]["stop_reason"] in {"end_turn", "max_tokens"}
    assert ending["usage"]["output_tokens"] > 0


@pytest.mark.parametrize(
    ("fields", "reason", "sequence"),
    [
        ({"max_tokens": 64}, "end_turn", None),
        ({"max_tokens": 2}, "max_tokens", None),
        ({"max_tokens": 64, "stop_sequences": ["。"]}, "stop_sequence", "。"),
    ],
    ids=str,
)
def test_a_message_says_why_it_ends(
    engine: FakeEngine, fields: dict[str, Any], reason: str, sequence: str | None
) -> None:
    engine.answer = "献立です。はい"
    answer = ask(
        MESSAGES, **PLAIN, messages=[ASKS], system=[{"type": "text", "text": "短く"}], **fields
    )
    assert (answer.body["stop_reason"], answer.body["stop_sequence"]) == (reason, sequence)
    assert "短く" in engine.last.prompt


def test_a_message_uses_tools(tool_engine: FakeEngine) -> None:
    function: Any = BUY["function"]
    tool = {"name": "buy", "input_schema": function["parameters"]}
    fields = {**PLAIN, "tools": [tool], "tool_choice": {"type": "tool", "name": "buy"}}
    answer = ask(MESSAGES, messages=[ASKS], **fields)
    [block] = answer.body["content"]
    assert (answer.body["stop_reason"], block["type"], block["name"]) == (
        "tool_use",
        "tool_use",
        "buy",
    )
    result = {"type": "tool_result", "tool_use_id": block["id"], "content": "ありません"}
    turns = [
        ASKS,
        {"role": "assistant", "content": [block]},
        {"role": "user", "content": [result]},
    ]
    assert ask(MESSAGES, messages=turns, **PLAIN, tools=[tool]).status == 200
    assert "ありません" in tool_engine.last.prompt
    names = [name for name, _ in events(MESSAGES, messages=[ASKS], **fields)]
    assert names.count("content_block_start") == 1


@pytest.mark.parametrize("wanted", ["float", "base64"])
def test_a_model_that_can_makes_vectors(serve: Serve, wanted: str) -> None:
    serve(FakeEngine(embeds=True))
    answer = ask(EMBEDDINGS, input=["豚肉", "鮭"], encoding_format=wanted)
    assert answer.status == 200
    vectors = [one["embedding"] for one in answer.body["data"]]
    assert vectors == (
        [[2.0, 0.5], [1.0, 0.5]] if wanted == "float" else ["AAAAQAAAAD8=", "AACAPwAAAD8="]
    )
    assert answer.body["usage"] == {"prompt_tokens": 3, "total_tokens": 3}


def test_a_text_is_tokenized_with_or_without_its_special_tokens(engine: FakeEngine) -> None:
    special = engine.tokenize("<s>", special=True)
    assert ask(TOKENIZE, content="<s>").body == {"tokens": special}
    plain = ask(TOKENIZE, content="<s>", parse_special=False, with_pieces=True).body["tokens"]
    assert [token["piece"] for token in plain] == ["<", "s", ">"]


def test_repetition_without_bound_is_spelled_for_llama_cpp() -> None:
    assert to_gbnf(Repeated("a", 2)) == 'root ::= r0\nr0 ::= "a"{2,}'


@pytest.mark.parametrize("body", [{"messages": []}, {"messages": [ASKS]}], ids=["error", "answer"])
def test_no_header_stands_twice(serve: Serve, body: dict[str, Any]) -> None:
    """In whatever case: a server would join them."""
    serve(FakeEngine())
    raw = json.dumps(body).encode()
    response = lambda_handler(http_event("POST", CHAT, {}, raw), LocalContext())
    names = [name.lower() for name in response["headers"]]
    assert len(names) == len(set(names))
