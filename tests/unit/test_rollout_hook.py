"""The hook of a roll-out: its own eyes against the cookbook, and each verdict that it can give."""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeEngine

from chef_llm.app import lambda_handler as chef
from chef_llm.asgi import LocalContext
from chef_llm.cookbook import load_cookbook
from chef_rollout import guarantee
from chef_rollout.app import lambda_handler
from chef_rollout.guarantee import CONTAINED_IN, ORDER, broken_promises
from over_http import call
from rollout_aws import (
    HOOK_EVENT,
    VERSION,
    Event,
    FunctionFailed,
    RolloutAws,
    rollout_aws,
    verdict,
)

COOKBOOK = load_cookbook()


# The eyes


def flagged(name: str, ingredients: list[str]) -> set[str]:
    """Return the allergens that the hook sees in a dish which bears no label."""
    dish = {
        "name": name,
        "allergens": [],
        "ingredients": [{"name": ingredient} for ingredient in ingredients],
    }
    answer = {
        "servings": ORDER["servings"],
        "constraints": [{"value": allergen, "kept": True} for allergen in CONTAINED_IN],
        "menus": [{"title": "献立", "allergens": [], "dishes": [dish]}],
    }
    told = list(broken_promises(answer))
    return {allergen for allergen in CONTAINED_IN for one in told if f"contain {allergen}" in one}


def test_the_eyes_see_every_dish_of_the_cookbook_as_the_cookbook_does() -> None:
    contained = {
        name: COOKBOOK.allergens(dish) & CONTAINED_IN.keys()
        for name, dish in COOKBOOK.dishes.items()
    }
    seen = {
        name: flagged(name, [part.name for part in dish.ingredients])
        for name, dish in COOKBOOK.dishes.items()
    }

    assert seen == contained


def test_the_eyes_share_no_code_with_the_chef() -> None:
    sources = list(Path(guarantee.__file__).parent.glob("*.py"))
    assert len(sources) > 2
    assert not [path for path in sources if "chef_llm" in path.read_text(encoding="utf-8")]


@pytest.fixture
def answer(engine: FakeEngine) -> dict[str, Any]:
    body: dict[str, Any] = call("POST", "/v1/menus", {**ORDER, "seed": 1}).body
    return body


def test_an_answer_of_the_chef_breaks_no_promise(engine: FakeEngine) -> None:
    for seed in range(20):
        answered = call("POST", "/v1/menus", {**ORDER, "seed": seed})
        assert answered.status == 200
        assert list(broken_promises(answered.body)) == []


def with_egg(answer: dict[str, Any]) -> None:
    answer["menus"][0]["dishes"][0]["ingredients"].append({"name": "卵"})


def with_mayonnaise(answer: dict[str, Any]) -> None:
    answer["menus"][0]["dishes"][-1]["ingredients"].append({"name": "マヨネーズ"})


def named_shrimp(answer: dict[str, Any]) -> None:
    answer["menus"][0]["dishes"][0]["name"] = "えびフライ"


def labelled_dish(answer: dict[str, Any]) -> None:
    answer["menus"][0]["dishes"][0]["allergens"].append("えび")


def labelled_menu(answer: dict[str, Any]) -> None:
    answer["menus"][0]["allergens"].append("卵")


def without_ingredients(answer: dict[str, Any]) -> None:
    answer["menus"][0]["dishes"][0]["ingredients"] = []


def without_dishes(answer: dict[str, Any]) -> None:
    answer["menus"][0]["dishes"] = []


def without_menus(answer: dict[str, Any]) -> None:
    answer["menus"] = []


def for_two(answer: dict[str, Any]) -> None:
    answer["servings"] = 2


def unread(answer: dict[str, Any]) -> None:
    answer["constraints"] = [one for one in answer["constraints"] if one["value"] != "卵"]


def not_kept(answer: dict[str, Any]) -> None:
    answer["constraints"][0]["kept"] = False


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (with_egg, "has 卵, which may contain 卵"),
        (with_mayonnaise, "has マヨネーズ, which may contain 卵"),
        (named_shrimp, "えびフライ is named for えび"),
        (labelled_dish, "is labelled with えび"),
        (labelled_menu, "is labelled with 卵"),
        (without_ingredients, "has no ingredients"),
        (without_dishes, "there is no dish in it"),
        (without_menus, "there is no menu in it"),
        (for_two, "it is for 2 people and not for 3"),
        (unread, "卵 is not among what was kept"),
        (not_kept, "is not among what was kept"),
    ],
)
def test_a_broken_promise_is_told(
    answer: dict[str, Any], spoil: Callable[[dict[str, Any]], None], told: str
) -> None:
    spoil(answer)
    [reason] = broken_promises(answer)
    assert told in reason


# The verdict


@pytest.fixture
def roll_out(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Callable[..., tuple[RolloutAws, str]]:
    """Run the hook on a version; return what AWS saw, and what was logged as an error."""

    def run(
        version: Callable[[Event], Event] | None, answer_seconds: float = 20
    ) -> tuple[RolloutAws, str]:
        with rollout_aws(version) as aws:
            for name, value in aws.environment(answer_seconds).items():
                monkeypatch.setenv(name, value)
            lambda_handler(dict(HOOK_EVENT), None)
        errors = [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR]
        return aws, "\n".join(errors)

    return run


def good(event: Event) -> Event:
    return chef(event, LocalContext())


def breaking(event: Event) -> Event:
    """Answer as the chef does, and put an egg into it."""
    response = chef(event, LocalContext())
    body = json.loads(response["body"])
    if "menus" in body:
        with_egg(body)
    return {**response, "body": json.dumps(body)}


def refusing(event: Event) -> Event:
    body = {"error": {"message": "", "type": "", "param": None, "code": "model_unavailable"}}
    return {"statusCode": 503, "headers": {}, "body": json.dumps(body)}


def crashing(event: Event) -> Event:
    raise FunctionFailed("Task timed out after 30.00 seconds")


def of_another_form(event: Event) -> Event:
    return {"statusCode": 200, "headers": {}, "body": "[]"}


def test_a_good_version_may_have_traffic(
    roll_out: Callable[..., tuple[RolloutAws, str]], engine: FakeEngine
) -> None:
    aws, errors = roll_out(good)
    assert (aws.verdicts, errors) == ([verdict("Succeeded")], "")
    assert aws.asked == [(VERSION, "/health"), (VERSION, "/v1/menus")]


@pytest.mark.parametrize(
    ("version", "told"),
    [
        (breaking, "which may contain 卵"),
        (refusing, "GET /health: status 503, model_unavailable"),
        (crashing, "GET /health: the function failed (Unhandled)"),
        (of_another_form, "its answer has a form that is not the API's"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_bad_version_gets_no_traffic_and_the_log_says_why(
    roll_out: Callable[..., tuple[RolloutAws, str]],
    engine: FakeEngine,
    version: Callable[[Event], Event],
    told: str,
) -> None:
    aws, errors = roll_out(version)
    assert aws.verdicts == [verdict("Failed")]
    assert f"{VERSION} gets no traffic: " in errors
    assert told in errors


def test_a_version_that_does_not_answer_in_time_is_asked_once_and_gets_no_traffic(
    roll_out: Callable[..., tuple[RolloutAws, str]],
) -> None:
    aws, errors = roll_out(None, answer_seconds=0.2)
    assert aws.verdicts == [verdict("Failed")]
    assert aws.asked == [(VERSION, "/health")]
    assert "Read timeout" in errors
