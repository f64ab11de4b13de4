"""What llama-server documents, as checks that any such server can be asked: ours, and its own.

From its README (`tools/server`) and from OpenAI's and Anthropic's references, where it refers to
them. A check is a function that asks and asserts; its name says what is expected.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import requests

CHAT: Final = "/v1/chat/completions"
TURN: Final = {"role": "user", "content": "Name three fruits."}
TIMEOUT_SECONDS: Final = 480
SCHEMA: Final = {
    "type": "object",
    "properties": {"colour": {"enum": ["red", "green"]}, "warm": {"type": "boolean"}},
    "required": ["colour", "warm"],
    "additionalProperties": False,
}
WEATHER: Final = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "Tell the weather.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string", "maxLength": 12}},
            "required": ["city"],
        },
    },
}
CALL: Final = {
    "id": "call_1",
    "type": "function",
    "function": {"name": "weather", "arguments": '{"city": "Kyoto"}'},
}


@dataclass(frozen=True)
class Server:
    """A server, and the name of the model that answers as itself there."""

    url: str
    model: str

    def send(self, path: str, **fields: Any) -> requests.Response:
        """Post fields as they are."""
        return requests.post(f"{self.url}{path}", json=fields, timeout=TIMEOUT_SECONDS)

    def get(self, path: str) -> requests.Response:
        return requests.get(f"{self.url}{path}", timeout=TIMEOUT_SECONDS)

    def ask(self, path: str = CHAT, **fields: Any) -> Any:
        """Ask for few greedy tokens, unless `fields` say otherwise; return the answer's body."""
        few: dict[str, Any] = {"model": self.model, "temperature": 0, "max_tokens": 8}
        if path == CHAT:
            few["messages"] = [TURN]
        response = self.send(path, **few | fields)
        assert response.status_code == 200, response.text
        return response.json()

    def text(self, **fields: Any) -> str:
        """Return the text of a chat completion."""
        text: str = self.ask(**fields)["choices"][0]["message"]["content"]
        return text

    def stream(self, path: str = CHAT, **fields: Any) -> list[str]:
        """Return the data of each event."""
        few: dict[str, Any] = {"model": self.model, "temperature": 0, "max_tokens": 8}
        if path == CHAT:
            few["messages"] = [TURN]
        response = self.send(path, **few | {"stream": True} | fields)
        assert response.status_code == 200, response.text
        assert response.headers["content-type"].startswith("text/event-stream")
        lines = response.content.decode().splitlines()
        return [line.removeprefix("data: ") for line in lines if line.startswith("data: ")]

    def refused(self, path: str = CHAT, **fields: Any) -> dict[str, Any]:
        """Return the error of what OpenAI answers with a 400."""
        response = self.send(path, **{"model": self.model, "max_tokens": 8} | fields)
        assert response.status_code == 400, (response.status_code, response.text)
        error: dict[str, Any] = response.json()["error"]
        assert error["message"]
        return error

    def tokens(self, text: str) -> list[int]:
        tokens: list[int] = self.send("/tokenize", content=text).json()["tokens"]
        return tokens


Check = Callable[[Server], None]
CHECKS: Final[dict[str, Check]] = {}


def check(function: Check) -> Check:
    CHECKS[function.__name__.replace("_", " ")] = function
    return function


def answered_with(name: str, **fields: Any) -> None:
    """Add a check that fields are taken and the answer has a text."""

    def accepted(server: Server) -> None:
        assert server.text(**fields)

    CHECKS[name] = accepted


def refused_with(name: str, path: str = CHAT, **fields: Any) -> None:
    """Add a check that fields are a 400."""
    CHECKS[name] = lambda server: refuse(server, path, fields)


def refuse(server: Server, path: str, fields: dict[str, Any]) -> None:
    server.refused(path, **fields)


# Chat


@check
def usage_counts_prompt_and_answer(server: Server) -> None:
    usage = server.ask()["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    assert usage["completion_tokens"] == 8


@check
def the_answer_has_the_shape_of_openais(server: Server) -> None:
    answer = server.ask()
    assert answer["object"] == "chat.completion"
    assert answer["id"].startswith("chatcmpl-")
    assert isinstance(answer["created"], int)
    assert answer["system_fingerprint"]
    [choice] = answer["choices"]
    assert (choice["index"], choice["message"]["role"]) == (0, "assistant")
    assert choice["finish_reason"] == "length"


@check
def the_name_of_the_model_comes_back(server: Server) -> None:
    assert server.ask()["model"] == server.model


@check
def timings_say_what_it_took(server: Server) -> None:
    timings = server.ask()["timings"]
    assert timings["predicted_n"] == 8
    assert timings["predicted_ms"] > 0


for title, turns in {
    "a system message": [{"role": "system", "content": "Be brief."}, TURN],
    "two system messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "system", "content": "Be kind."},
        TURN,
    ],
    "a later system message": [
        TURN,
        {"role": "assistant", "content": "Apples."},
        {"role": "system", "content": "Be brief."},
        TURN,
    ],
    "a developer message": [{"role": "developer", "content": "Be brief."}, TURN],
    "content in parts": [{"role": "user", "content": [{"type": "text", "text": "Hello."}]}],
    "an assistant turn without content": [
        TURN,
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "call_1", "content": "rain"},
    ],
    "an empty message": [{"role": "user", "content": ""}],
}.items():
    answered_with(title, messages=turns)


@check
def a_system_message_changes_the_prompt(server: Server) -> None:
    told = server.ask(messages=[{"role": "system", "content": "Be very brief."}, TURN])
    assert told["usage"]["prompt_tokens"] != server.ask()["usage"]["prompt_tokens"]


@check
def an_assistants_last_turn_is_gone_on_with(server: Server) -> None:
    begun = {"role": "assistant", "content": "1. Apple\n2."}
    assert server.ask(messages=[TURN, begun])["usage"]["completion_tokens"] > 0


@check
def a_stream_has_the_text_of_the_whole_answer(server: Server) -> None:
    server.text()
    *chunks, done = server.stream()
    deltas = [choice["delta"] for each in chunks for choice in json.loads(each)["choices"]]
    assert done == "[DONE]"
    assert deltas[0]["role"] == "assistant"
    assert "".join(delta.get("content") or "" for delta in deltas).strip() == server.text().strip()


@check
def a_stream_ends_with_its_finish_reason(server: Server) -> None:
    *chunks, _ = server.stream()
    reasons = [one["finish_reason"] for each in chunks for one in json.loads(each)["choices"]]
    assert reasons[-1] == "length"
    assert not any(reasons[:-1])


@check
def a_stream_counts_its_tokens_where_it_is_asked_to(server: Server) -> None:
    *_, usage, _ = server.stream(stream_options={"include_usage": True})
    last = json.loads(usage)
    assert last["choices"] == []
    assert last["usage"]["completion_tokens"] == 8


@check
def max_completion_tokens_ends_the_answer(server: Server) -> None:
    answer = server.ask(max_tokens=None, max_completion_tokens=4)
    assert answer["usage"]["completion_tokens"] == 4


@check
def no_tokens_are_an_empty_answer(server: Server) -> None:
    assert server.text(max_tokens=0) == ""


@check
def several_answers_have_an_index_each(server: Server) -> None:
    choices = server.ask(n=2, temperature=1)["choices"]
    assert [choice["index"] for choice in choices] == [0, 1]


@check
def a_stop_string_ends_the_answer_before_it(server: Server) -> None:
    whole = server.text(max_tokens=24)
    stop = whole[len(whole) // 2 :][:3]
    answer = server.ask(max_tokens=24, stop=[stop])
    [choice] = answer["choices"]
    assert choice["message"]["content"] == whole[: whole.index(stop)]
    assert choice["finish_reason"] == "stop"


@check
def the_same_seed_draws_the_same_words_again(server: Server) -> None:
    drawn = [server.text(temperature=1.5, seed=7) for _ in range(3)]
    assert drawn[1] == drawn[2]


@check
def another_seed_draws_others(server: Server) -> None:
    assert len({server.text(temperature=1.5, seed=seed) for seed in range(1, 5)}) > 1


@check
def the_first_of_top_k_is_the_greedy_one(server: Server) -> None:
    greedy = server.text()
    assert server.text(temperature=1.5, top_k=1, seed=3) == greedy


@check
def min_p_of_one_is_greedy(server: Server) -> None:
    greedy = server.text()
    assert server.text(temperature=1.5, min_p=1.0, seed=3) == greedy


@check
def logprobs_stand_beside_each_token(server: Server) -> None:
    [choice] = server.ask(logprobs=True, top_logprobs=3)["choices"]
    tokens = choice["logprobs"]["content"]
    assert len(tokens) == 8
    assert all(len(each["top_logprobs"]) == 3 for each in tokens)
    assert all(each["logprob"] <= 0 for each in tokens)


@check
def logit_bias_keeps_a_token_out(server: Server) -> None:
    [choice] = server.ask(logprobs=True, top_logprobs=1, max_tokens=1)["choices"]
    word = choice["logprobs"]["content"][0]["token"]
    [token] = server.tokens(word)
    assert server.text(max_tokens=1, logit_bias={str(token): -100}).strip() != word.strip()


for field, value in {
    "presence_penalty": 0.5,
    "frequency_penalty": 0.5,
    "repeat_penalty": 1.1,
    "top_p": 0.9,
    "typical_p": 0.9,
    "cache_prompt": False,
    "reasoning_effort": "low",
    "chat_template_kwargs": {"enable_thinking": False},
    "a_field_of_nobodys": 1,
    "user": "somebody",
    "tools": [WEATHER],
}.items():
    answered_with(f"{field} is taken", **{field: value})


# JSON


def json_of(server: Server, schema: Any) -> Any:
    form = {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}
    return json.loads(server.text(response_format=form, max_tokens=200))


@check
def json_object_is_an_object(server: Server) -> None:
    text = server.text(response_format={"type": "json_object"}, max_tokens=200)
    # A small model may not find the end of an object; that it is one can be seen.
    assert text.lstrip().startswith("{")


@check
def a_json_schema_is_kept(server: Server) -> None:
    answer = json_of(server, SCHEMA)
    assert answer["colour"] in {"red", "green"}
    assert isinstance(answer["warm"], bool)


@check
def a_json_schema_with_references_is_kept(server: Server) -> None:
    schema = {
        "type": "object",
        "properties": {"one": {"$ref": "#/$defs/size"}, "two": {"$ref": "#/$defs/size"}},
        "required": ["one", "two"],
        "additionalProperties": False,
        "$defs": {"size": {"enum": ["small", "large"]}},
    }
    assert set(json_of(server, schema).values()) <= {"small", "large"}


@check
def a_json_schema_with_limits_is_kept(server: Server) -> None:
    schema = {
        "type": "object",
        "properties": {
            "name": {"type": "string", "maxLength": 5},
            "sizes": {
                "type": "array",
                "items": {"type": "integer", "minimum": 1, "maximum": 9},
                "minItems": 2,
                "maxItems": 2,
            },
        },
        "required": ["name", "sizes"],
        "additionalProperties": False,
    }
    answer = json_of(server, schema)
    assert len(answer["name"]) <= 5
    assert len(answer["sizes"]) == 2
    assert all(1 <= size <= 9 for size in answer["sizes"])


@check
def a_json_schema_with_a_pattern_is_kept(server: Server) -> None:
    schema = {
        "type": "object",
        "properties": {"code": {"type": "string", "pattern": "^[a-c]{3}$"}},
        "required": ["code"],
    }
    code = json_of(server, schema)["code"]
    assert len(code) == 3
    assert set(code) <= set("abc")


@check
def a_grammar_is_kept(server: Server) -> None:
    assert server.text(grammar='root ::= "yes" | "no"') in {"yes", "no"}


# Tools


@check
def a_tool_that_must_be_called_is_called(server: Server) -> None:
    turn = {"role": "user", "content": "What is the weather in Kyoto?"}
    answer = server.ask(messages=[turn], tools=[WEATHER], tool_choice="required", max_tokens=120)
    [called] = answer["choices"][0]["message"]["tool_calls"]
    assert called["function"]["name"] == "weather"
    assert set(json.loads(called["function"]["arguments"])) == {"city"}
    assert answer["choices"][0]["finish_reason"] == "tool_calls"


@check
def no_tool_is_called_where_none_may_be(server: Server) -> None:
    [choice] = server.ask(tools=[WEATHER], tool_choice="none")["choices"]
    assert not choice["message"].get("tool_calls")


# What is refused

refused_with("a chat without messages is a 400")
refused_with("messages that are no list are a 400", messages="hello")
refused_with("a message without a role is a 400", messages=[{"content": "hello"}])
refused_with("a temperature in words is a 400", messages=[TURN], temperature="hot")
refused_with(
    "a schema that is none is a 400",
    messages=[TURN],
    response_format={
        "type": "json_schema",
        "json_schema": {"name": "no", "schema": {"type": "nothing"}},
    },
)
refused_with(
    "an unknown tool_choice is a 400", messages=[TURN], tools=[WEATHER], tool_choice="perhaps"
)
refused_with(
    "an image for a model without eyes is a 400",
    messages=[
        {
            "role": "user",
            "content": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}],
        }
    ],
)
refused_with("a completion without a prompt is a 400", "/v1/completions")
refused_with("messages without messages are a 400", "/v1/messages")
refused_with("an earlier response is a 400", "/v1/responses", input="Hi", previous_response_id="r")


@check
def a_body_that_is_no_json_is_a_400(server: Server) -> None:
    headers = {"content-type": "application/json"}
    response = requests.post(
        f"{server.url}{CHAT}", data="{", headers=headers, timeout=TIMEOUT_SECONDS
    )
    assert response.status_code == 400, response.status_code


@check
def a_full_context_is_a_400_that_says_so(server: Server) -> None:
    question = {"role": "user", "content": "The soup is made of leek. " * 1300}
    error = server.refused(messages=[question])
    assert "context" in error["message"]


# Text that is gone on with

COMPLETIONS: Final = "/v1/completions"


@check
def a_prompt_is_gone_on_with(server: Server) -> None:
    answer = server.ask(COMPLETIONS, prompt="One, two, three,")
    assert answer["object"] == "text_completion"
    assert answer["choices"][0]["text"]
    assert answer["usage"]["completion_tokens"] == 8


@check
def a_prompt_may_be_token_ids(server: Server) -> None:
    prompt = "One, two, three,"
    ids = server.tokens(prompt)
    first, second = (server.ask(COMPLETIONS, prompt=given) for given in (prompt, ids))
    assert first["choices"][0]["text"] == second["choices"][0]["text"]


@check
def each_of_several_prompts_is_answered(server: Server) -> None:
    choices = server.ask(COMPLETIONS, prompt=["One, two,", "A, B,"])["choices"]
    assert len(choices) == 2


@check
def a_completion_is_streamed(server: Server) -> None:
    *chunks, done = server.stream(COMPLETIONS, prompt="One, two, three,")
    text = "".join(one["text"] for each in chunks for one in json.loads(each)["choices"])
    assert (done, bool(text)) == ("[DONE]", True)


@check
def a_completion_ends_at_its_stop_string(server: Server) -> None:
    answer = server.ask(COMPLETIONS, prompt="One, two, three,", stop=[","], max_tokens=24)
    assert "," not in answer["choices"][0]["text"]


@check
def a_completion_has_logprobs_by_number(server: Server) -> None:
    [choice] = server.ask(COMPLETIONS, prompt="One, two,", logprobs=2)["choices"]
    assert choice["logprobs"]


# The other protocols


def events(server: Server, path: str, **fields: Any) -> Iterator[dict[str, Any]]:
    for each in server.stream(path, **fields):
        if each != "[DONE]":
            yield json.loads(each)


@check
def a_response_has_its_text(server: Server) -> None:
    answer = server.ask("/v1/responses", input="Name a fruit.", max_output_tokens=8)
    assert answer["object"] == "response"
    [message] = [item for item in answer["output"] if item["type"] == "message"]
    assert message["content"][0]["type"] == "output_text"
    assert message["content"][0]["text"]


@check
def a_response_has_instructions(server: Server) -> None:
    ask = {"input": "Name a fruit.", "max_output_tokens": 8}
    told = server.ask("/v1/responses", instructions="Be very brief.", **ask)
    plain = server.ask("/v1/responses", **ask)
    assert told["usage"]["input_tokens"] != plain["usage"]["input_tokens"]


@check
def a_streamed_response_ends_complete(server: Server) -> None:
    kinds = [each["type"] for each in events(server, "/v1/responses", input="Name a fruit.")]
    assert kinds[0] == "response.created"
    assert "response.output_text.delta" in kinds
    assert kinds[-1] in {"response.completed", "response.incomplete"}


@check
def a_message_has_its_text(server: Server) -> None:
    answer = server.ask("/v1/messages", messages=[TURN])
    assert (answer["type"], answer["role"]) == ("message", "assistant")
    assert answer["content"][0]["text"]
    assert answer["stop_reason"] == "max_tokens"
    assert answer["usage"]["output_tokens"] == 8


@check
def a_message_ends_at_its_stop_sequence(server: Server) -> None:
    whole = server.ask("/v1/messages", messages=[TURN], max_tokens=24)["content"][0]["text"]
    stop = whole[len(whole) // 2 :][:3]
    answer = server.ask("/v1/messages", messages=[TURN], max_tokens=24, stop_sequences=[stop])
    assert (answer["stop_reason"], answer["stop_sequence"]) == ("stop_sequence", stop)


@check
def a_message_has_a_system_text(server: Server) -> None:
    told = server.ask("/v1/messages", messages=[TURN], system="Be very brief.")
    plain = server.ask("/v1/messages", messages=[TURN])
    assert told["usage"]["input_tokens"] != plain["usage"]["input_tokens"]


@check
def a_streamed_message_starts_and_stops(server: Server) -> None:
    kinds = [each["type"] for each in events(server, "/v1/messages", messages=[TURN])]
    assert (kinds[0], kinds[-1]) == ("message_start", "message_stop")
    assert "content_block_delta" in kinds


@check
def the_tokens_of_a_message_are_counted(server: Server) -> None:
    assert server.ask("/v1/messages/count_tokens", messages=[TURN])["input_tokens"] > 0


@check
def vectors_of_a_model_that_has_none_are_refused(server: Server) -> None:
    response = server.send("/v1/embeddings", model=server.model, input="fruit")
    assert response.status_code in {400, 501}
    assert response.json()["error"]["message"]


# Around it


@check
def health_is_ok(server: Server) -> None:
    response = server.get("/health")
    assert (response.status_code, response.json()["status"]) == (200, "ok")


@check
def the_models_are_listed(server: Server) -> None:
    listed = server.get("/v1/models").json()
    assert listed["object"] == "list"
    assert all(one["object"] == "model" for one in listed["data"])


@check
def a_text_is_tokenized(server: Server) -> None:
    tokens = server.tokens("Hello, world")
    assert tokens
    assert all(isinstance(token, int) for token in tokens)


@check
def tokens_have_their_pieces(server: Server) -> None:
    pieces = server.send("/tokenize", content="Hello, world", with_pieces=True).json()["tokens"]
    assert "".join(one["piece"] for one in pieces) == "Hello, world"


@check
def tokens_become_a_text_again(server: Server) -> None:
    tokens = server.tokens("Hello, world")
    assert server.send("/detokenize", tokens=tokens).json()["content"] == "Hello, world"


@check
def a_template_is_applied(server: Server) -> None:
    assert "fruits" in server.send("/apply-template", messages=[TURN]).json()["prompt"]


@check
def llama_servers_own_completion_answers(server: Server) -> None:
    answer = server.send("/completion", prompt="One, two,", n_predict=4).json()
    assert answer["content"]


@check
def the_properties_of_the_server_are_told(server: Server) -> None:
    assert server.get("/props").json()["default_generation_settings"]


@check
def an_unknown_path_is_a_404(server: Server) -> None:
    response = server.get("/no/such/path")
    assert response.status_code == 404
    assert response.json()["error"]["message"]
