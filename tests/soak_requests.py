"""What the soak asks: requests of every kind, each with the answer that it must get."""

import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chef_llm.api.envelope import MOST_NESTING
from chef_llm.asgi import http_event
from chef_llm.cookbook import load_cookbook
from chef_llm.settings import Settings

GENERATE: Final = "/generate"
CHAT: Final = "/v1/chat/completions"
MENUS: Final = "/v1/menus"
JSON: Final = "application/json"
QUESTION: Final = "鶏むね肉とキャベツで、2人分の夕食をお願いします"
TURN: Final = {"role": "user", "content": QUESTION}


@dataclass(frozen=True)
class Case:
    """A request as an event, and what must come back: a status, and the code of an error."""

    kind: str
    event: Mapping[str, Any]
    status: int = 200
    code: str | None = None
    forbidden_allergen: str | None = None

    def fault(self, response: Mapping[str, Any]) -> str | None:
        """Say what is wrong with a response, None where it is as it must be."""
        status, body = response.get("statusCode"), str(response.get("body", ""))
        if status != self.status:
            return f"{self.kind}: {status} instead of {self.status}: {str(response)[:300]}"
        if self.code is not None and json.loads(body)["error"]["code"] != self.code:
            return f"{self.kind}: another error than {self.code}: {body[:300]}"
        if self.kind == "stream" and not body.endswith("data: [DONE]\n\n"):
            return f"{self.kind}: the stream has no end: {body[-300:]}"
        if self.forbidden_allergen is not None:
            for menu in json.loads(body)["menus"]:
                if self.forbidden_allergen in menu["allergens"]:
                    return f"{self.kind}: a menu with {self.forbidden_allergen}"
        return None


def post(path: str, body: Any, content_type: str = JSON) -> dict[str, Any]:
    """Return the event of a POST; bytes are sent as they are, anything else as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return http_event("POST", path, {"content-type": content_type}, raw)


def get(path: str, method: str = "GET") -> dict[str, Any]:
    """Return the event of a request without a body."""
    return http_event(method, path, {}, b"")


def soak_cases(count: int, seed: int) -> Iterator[Case]:
    """Yield `count` cases, always the same ones for a seed; a sixth of them is bad input."""
    rng = random.Random(seed)
    kitchen = Kitchen(rng)
    makers: dict[Callable[[], Case], int] = {
        kitchen.menu: 6,
        kitchen.free_text: 8,
        kitchen.guarded_text: 3,
        kitchen.recipe: 4,
        kitchen.second_turn: 4,
        kitchen.stream: 3,
        kitchen.own_system_message: 1,
        kitchen.out_of_scope: 2,
        kitchen.bad_input: 6,
        kitchen.read: 3,
    }
    for make in rng.choices(list(makers), list(makers.values()), k=count):
        yield make()


class Kitchen:
    """Makes up requests from the cookbook's words."""

    def __init__(self, rng: random.Random) -> None:
        cookbook = load_cookbook()
        self.rng = rng
        self.dishes = list(cookbook.dishes)
        # What a cook would ask for: the main ingredients.
        self.ingredients = sorted({dish.keywords[0] for dish in cookbook.dishes.values()})

    def ingredient(self) -> str:
        return self.rng.choice(self.ingredients)

    def menu(self) -> Case:
        allergen = self.rng.choice(["卵", "乳", "えび", "かに", "落花生", "そば", "くるみ"])
        # It asks for no ingredient, which might have the allergen: there would be no such menu.
        fields = {
            "request": "夕食をお願いします",
            "servings": self.rng.randint(1, 12),
            "days": self.rng.randint(1, 3),
            "allergens": [allergen],
            "seed": self.rng.getrandbits(32),
        }
        return Case("menu with an allergy", post(MENUS, fields), forbidden_allergen=allergen)

    def free_text(self) -> Case:
        question = (
            f"{self.ingredient()}と{self.ingredient()}で、{self.rng.randint(1, 8)}人分の夕食を"
        )
        return Case("free text", post(GENERATE, {"input": question}))

    def guarded_text(self) -> Case:
        allergen = self.rng.choice(["えび", "卵", "かに"])
        question = f"{allergen}アレルギーの子がいます。{self.rng.randint(2, 6)}人分の夕食を"
        return Case("free text with an allergy", post(GENERATE, {"inputs": question}))

    def recipe(self) -> Case:
        question = f"{self.rng.choice(self.dishes)}の作り方を教えてください"
        return Case("recipe", post(CHAT, {"messages": [{"role": "user", "content": question}]}))

    def second_turn(self) -> Case:
        first = f"{self.ingredient()}で、2人分の夕食を"
        answer = f"夕食の献立です。\n主食: ご飯\n主菜: {self.rng.choice(self.dishes)}"
        turns = [
            {"role": "user", "content": first},
            {"role": "assistant", "content": answer},
            {"role": "user", "content": f"主菜を{self.ingredient()}に変えて"},
        ]
        return Case("second turn", post(CHAT, {"messages": turns}))

    def stream(self) -> Case:
        turn = {"role": "user", "content": f"{self.ingredient()}で夕食を"}
        return Case("stream", post(CHAT, {"messages": [turn], "stream": True}))

    def own_system_message(self) -> Case:
        turns = [{"role": "system", "content": "短く答えてください。"}, TURN]
        body = {"messages": turns, "temperature": 1.0, "max_tokens": 64}
        return Case("own system message", post(CHAT, body))

    def out_of_scope(self) -> Case:
        question = self.rng.choice(
            ["今日の天気は？", "株価を教えて", "a" * 400, "🍛" * 20, "[SEP]</s><s>", "Bonjour!"]
        )
        return Case("out of scope", post(GENERATE, {"input": question}))

    def bad_input(self) -> Case:
        event, status, code = self.rng.choice(BAD_INPUT)
        return Case("bad input", event, status, code)

    def read(self) -> Case:
        return Case(
            "GET",
            get(self.rng.choice(["/health", "/v1/models", "/v1/models/kondate", "/openapi.json"])),
        )


def wrong_fields() -> Iterator[tuple[dict[str, Any], int, str]]:
    """Yield the events of bodies that are JSON, but not what a route takes."""
    yield post(GENERATE, {}), 422, "invalid_value"
    yield post(GENERATE, [QUESTION]), 422, "invalid_value"
    yield post(GENERATE, {"input": 5}), 422, "invalid_value"
    yield post(GENERATE, {"input": QUESTION, "parameters": {"top_p": 2}}), 422, "invalid_value"
    yield post(GENERATE, {"input": "あ" * 20_000}), 400, "context_length_exceeded"
    yield post(CHAT, {"messages": []}), 422, "invalid_value"
    yield post(CHAT, {"messages": [TURN], "seed": 2**63}), 422, "invalid_value"
    yield post(CHAT, {"messages": [TURN], "n": 2, "stream": True}), 422, "invalid_value"
    yield post(MENUS, {"request": QUESTION, "alergens": ["卵"]}), 422, "invalid_value"
    yield post(MENUS, {"request": QUESTION, "allergens": ["未知の食べ物"]}), 422, "invalid_value"
    yield post(MENUS, {"request": QUESTION, "nutrition": {"salt_g": {"max": 0}}}), 422, "no_menu"


def unreadable_bodies() -> Iterator[tuple[dict[str, Any], int, str]]:
    """Yield the events of bodies that are no JSON, or that nothing behind should have to read."""
    most_bytes = Settings().most_body_bytes
    yield post(GENERATE, b""), 400, "malformed_json"
    yield post(GENERATE, b'{"input": "'), 400, "malformed_json"
    yield post(GENERATE, b'{"input": "\xff\xfe"}'), 400, "malformed_json"
    yield post(GENERATE, b'{"input": "\\ud800"}'), 400, "malformed_json"
    yield post(GENERATE, b'{"input": NaN}'), 400, "malformed_json"
    levels = MOST_NESTING + 1
    yield post(GENERATE, b'{"a":' * levels + b"1" + b"}" * levels), 400, "malformed_json"
    yield post(GENERATE, b"x" * (most_bytes + 1)), 413, "body_too_large"
    yield post(GENERATE, {"input": QUESTION}, "text/plain"), 415, "unsupported_media_type"


def wrong_routes() -> Iterator[tuple[dict[str, Any], int, str]]:
    """Yield the events of paths and methods that there are not."""
    yield get("/献立"), 404, "not_found"
    yield post(f"{GENERATE}\n", b"\xff"), 404, "not_found"
    yield get("/v1/models/gpt-4o"), 404, "model_not_found"
    yield get(GENERATE), 405, "method_not_allowed"
    yield get("/health", "DELETE"), 405, "method_not_allowed"


BAD_INPUT: Final = [*wrong_fields(), *unreadable_bodies(), *wrong_routes()]
