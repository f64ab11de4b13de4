"""The evaluation asks what training never showed, and its judge can be trusted."""

from collections import Counter
from dataclasses import replace
from itertools import combinations

import pytest

from chef_llm.chat.talk import NOTHING_ELSE
from chef_llm.cookbook import load_cookbook
from chef_llm.reading.conversation import Message
from chef_train.heldout import Case, HeldOut, judge, keeps_exclusion, uses_all
from chef_train.phrasing import INVITATION
from chef_train.wishes import Teacher, Wish, is_held_out
from sampled import of_all

pytestmark = pytest.mark.sampled

COOKBOOK = load_cookbook()
QUESTION = (Message("user", "夕食を"),)
PER_CLASS = of_all(25, 12)
CLASSES = {
    "two ingredients",
    "three ingredients",
    "exclusion",
    "allergy",
    "exclusion in unseen words",
    "minutes",
    "cuisine",
    "season",
    "diet",
    "style",
    "bento",
    "recipe",
    "second turn",
    "out of scope",
    "kana and slips",
}


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return list(HeldOut(COOKBOOK, "1").cases(PER_CLASS))


def test_the_same_seed_draws_the_same_cases() -> None:
    first, second = (list(HeldOut(COOKBOOK, "2").cases(3)) for _ in range(2))

    assert first == second


def test_every_class_has_its_cases(cases: list[Case]) -> None:
    assert Counter(case.kind for case in cases) == dict.fromkeys(CLASSES, PER_CLASS)


def test_only_the_named_classes_are_drawn() -> None:
    drawn = HeldOut(COOKBOOK).cases(3, ("recipe", "bento"))

    assert Counter(case.kind for case in drawn) == {"recipe": 3, "bento": 3}


def test_every_request_with_several_ingredients_asks_for_a_held_out_pair(
    cases: list[Case],
) -> None:
    for case in cases:
        if case.wish is not None and len(case.wish.ingredients) > 1:
            assert any(is_held_out(*pair) for pair in combinations(case.wish.ingredients, 2)), case


def test_a_class_asks_for_what_it_is_named_after(cases: list[Case]) -> None:
    wishes = {kind: [case.wish for case in cases if case.kind == kind] for kind in CLASSES}

    assert all(wish and len(wish.ingredients) == 2 for wish in wishes["two ingredients"])
    assert all(wish and len(wish.ingredients) == 3 for wish in wishes["three ingredients"])
    assert all(wish and wish.excluded for wish in wishes["exclusion"])
    assert all(wish and wish.minutes for wish in wishes["minutes"])
    assert all(wish and wish.cuisine for wish in wishes["cuisine"])
    assert all(wish and wish.season for wish in wishes["season"])
    assert all(wish and wish.style for wish in wishes["style"])
    assert all(wish and wish.meal == "お弁当" for wish in wishes["bento"])


# The judge.

WISH = Wish(ingredients=("鶏むね肉", "キャベツ"))
GOOD = (
    "献立です。\n主食: ご飯\n主菜: 鶏むね肉の照り焼き\n副菜: キャベツの浅漬け\n"
    f"ポイント: {COOKBOOK.dishes['鶏むね肉の照り焼き'].tip}"
)


def faults(text: str, wish: Wish = WISH, *, ended: bool = True) -> list[str]:
    return judge(Case("menu", QUESTION, wish), text, COOKBOOK, ended=ended)


def test_a_menu_that_keeps_its_wish_has_no_faults() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (GOOD.replace("副菜: キャベツの浅漬け\n", ""), "only 2 dishes"),
        (GOOD.replace("副菜: キャベツの浅漬け", "副菜: キャベツの海"), "unknown dish キャベツの海"),
        (GOOD.replace("副菜: キャベツの浅漬け", "副菜: ひじきの煮物"), "キャベツ is not used"),
        (GOOD.replace("副菜", "汁物"), "a dish in the wrong role"),
        (GOOD.replace("主食: ご飯", "副菜: キャベツの浅漬け"), "a dish stands twice"),
        (GOOD[: GOOD.index("ポイント")], "the tip fits no dish"),
        (GOOD.replace("ポイント: ", "ポイント: おいしい"), "the tip fits no dish"),
    ],
)
def test_a_fault_of_the_menu_is_named(text: str, fault: str) -> None:
    assert fault in faults(text)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"excluded": "鶏肉"}, "鶏むね肉の照り焼き holds 鶏肉"),
        ({"excluded": "しょうが"}, "キャベツの浅漬け holds しょうが"),
        ({"excluded": "小麦"}, "鶏むね肉の照り焼き holds 小麦"),
        ({"minutes": 10}, "鶏むね肉の照り焼き takes"),
        ({"cuisine": "中"}, "the main dish is not 中"),
        ({"style": "辛い"}, "the main dish is not 辛い"),
    ],
)
def test_a_wish_that_is_not_kept_is_named(change: dict[str, object], fault: str) -> None:
    assert any(found.startswith(fault) for found in faults(GOOD, replace(WISH, **change)))


def test_an_answer_without_an_end_is_a_fault() -> None:
    assert faults(GOOD, ended=False) == ["does not stop"]


@pytest.mark.parametrize(
    ("text", "right"), [(NOTHING_ELSE + INVITATION, True), (GOOD, False), ("", False)]
)
def test_what_is_out_of_scope_is_to_be_declined(text: str, right: bool) -> None:
    case = Case("out of scope", QUESTION)

    assert (judge(case, text, COOKBOOK, ended=True) == []) == right


def test_a_recipe_is_to_be_that_of_the_dish() -> None:
    case = Case("recipe", QUESTION, dish="肉じゃが")
    text = "肉じゃがの作り方です。\n料理: {}\nポイント: {}"
    right, wrong = (text.format(name, COOKBOOK.dishes[name].tip) for name in ("肉じゃが", "卵焼き"))

    assert judge(case, right, COOKBOOK, ended=True) == []
    assert judge(case, wrong, COOKBOOK, ended=True) == ["not the recipe of 肉じゃが"]


@pytest.mark.parametrize(
    ("text", "used"),
    [
        (GOOD, True),
        (GOOD.replace("副菜: キャベツの浅漬け\n", ""), False),
        (GOOD.replace("キャベツの浅漬け", "ひじきの煮物"), False),
        # Two dishes and an invented one are no three; a dish twice is one.
        (GOOD.replace("ご飯", "月のご飯"), False),
        (GOOD.replace("主食: ご飯", "主菜: 鶏むね肉の照り焼き"), False),
    ],
)
def test_a_menu_counts_when_three_known_dishes_use_all_that_was_asked(
    text: str, used: bool
) -> None:
    assert uses_all(Case("two ingredients", QUESTION, WISH), text, COOKBOOK) == used


@pytest.mark.parametrize(
    ("excluded", "kept"), [("しょうが", False), ("小麦", False), ("魚介", True), (None, True)]
)
def test_an_exclusion_is_kept_when_no_dish_holds_it(excluded: str | None, kept: bool) -> None:
    case = Case("exclusion", QUESTION, replace(WISH, excluded=excluded))

    assert keeps_exclusion(case, GOOD, COOKBOOK) == kept


def test_the_teacher_avoids_all_that_the_judge_calls_a_breach() -> None:
    teacher = Teacher(COOKBOOK)
    planned = [
        f"{dish.name} holds {excluded}"
        for excluded in teacher.excludable
        for dish in COOKBOOK.dishes.values()
        if not keeps_exclusion(
            Case("exclusion", QUESTION, Wish(excluded=excluded)), f"主菜: {dish.name}", COOKBOOK
        )
        and not teacher.has(dish, excluded)
    ]

    assert len(teacher.excludable) > 20
    assert not planned, planned[:10]
