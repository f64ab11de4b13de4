"""The review of the cookbook: it finds what is doubtful, and every row of ours is explained."""

import pytest

from chef_llm.cookbook import Cookbook, Dish, load_cookbook
from chef_llm.cookbook.model import DishIngredient
from chef_train.review import Finding, common_ingredients, explanations, findings

COOKBOOK = load_cookbook()


def changed(name: str, **fields: object) -> Cookbook:
    """Return a cookbook of one dish, changed."""
    dish = Dish(**{**COOKBOOK.dishes[name].model_dump(), **fields})
    return Cookbook(COOKBOOK.ingredients, {name: dish})


def test_every_row_is_explained_and_every_explanation_needed() -> None:
    assert set(findings(COOKBOOK)) == explanations().keys()


def test_every_explanation_says_why() -> None:
    assert all(len(reason) > 20 for reason in explanations().values())


def test_a_supermarket_s_150_ingredients_are_in_the_cookbook() -> None:
    common = common_ingredients()

    assert len(set(common)) == len(common) == 150
    assert set(common) <= COOKBOOK.ingredients.keys()


SOUP = "豆腐とわかめのみそ汁"
PARTS = COOKBOOK.dishes[SOUP].ingredients


@pytest.mark.parametrize(
    ("fields", "finding"),
    [
        (
            {"ingredients": (*PARTS[:-1], DishIngredient(name="みそ", grams=60, measure="60g"))},
            Finding(SOUP, "amount", "みそ 60g"),
        ),
        (
            {"ingredients": tuple(part for part in PARTS if part.name != "だし汁")},
            Finding(SOUP, "liquid", "0g"),
        ),
        (
            {"steps": (*COOKBOOK.dishes[SOUP].steps[:3], "ベーコンを散らす。")},
            Finding(SOUP, "step names what is not listed", "ベーコン"),
        ),
        (
            {
                "ingredients": (
                    *PARTS,
                    DishIngredient(name="ベーコン", grams=10, measure="10g"),
                )
            },
            Finding(SOUP, "no step names it", "ベーコン"),
        ),
        (
            {
                "ingredients": (
                    *PARTS,
                    DishIngredient(name="バター", grams=40, measure="40g"),
                )
            },
            Finding(SOUP, "energy", "337kcal"),
        ),
    ],
    ids=lambda value: value.rule if isinstance(value, Finding) else "",
)
def test_a_doubtful_dish_is_found(fields: dict[str, object], finding: Finding) -> None:
    assert finding in set(findings(changed(SOUP, **fields)))


@pytest.mark.parametrize(
    ("name", "fields", "finding"),
    [
        ("味玉", {"waiting": 0}, ("waiting", "0 of 360 minutes")),
        ("レバニラ炒め", {"waiting": 0}, ("waiting", "0 of 15 minutes")),
        ("みかんの牛乳ゼリー", {"waiting": 0}, ("waiting", "0 of 60 minutes")),
        ("卵かけご飯", {"raw": ()}, ("raw", "egg")),
        ("大根の浅漬け", {"waiting": 0}, ("waiting", "0 of 30 minutes")),
        ("あさりのみそ汁", {"waiting": 60}, ("waiting", "60 of 120 minutes")),
        ("まぐろの刺身", {"raw": ()}, ("raw", "fish")),
        ("じゃがいもの明太子あえ", {"raw": ()}, ("raw", "fish")),
        ("肉じゃが", {"tags": {"子ども向け"}, "keeps": None}, ("子ども向け", "しらたき")),
        ("まぐろの刺身", {"tags": {"子ども向け"}}, ("子ども向け", "まぐろ")),
        ("お雑煮", {"tags": {"やわらかい"}}, ("やわらかい", "餅")),
        ("とんかつ", {"tags": {"やわらかい"}}, ("やわらかい", "豚ロース厚切り肉")),
        ("ポテトサラダ", {"tags": {"弁当"}, "keeps": None}, ("弁当", "マヨネーズ")),
        ("ポテトサラダ", {"keeps": None}, ("作り置き", "keeps None days")),
        (
            "カレーライス",
            {"steps": ("切る。", "煮る。", "盛る。")},
            ("potatoes", "their eyes stay in"),
        ),
    ],
)
def test_a_tag_or_a_wait_that_does_not_hold_is_found(
    name: str, fields: dict[str, object], finding: tuple[str, str]
) -> None:
    assert Finding(name, *finding) in set(findings(changed(name, **fields)))


def test_an_ingredient_that_few_dishes_use_is_found() -> None:
    without = {
        name: dish for name, dish in COOKBOOK.dishes.items() if "納豆" not in dish.ingredient_names
    }

    found = set(findings(Cookbook(COOKBOOK.ingredients, without)))

    assert Finding("納豆", "balance", "0 dishes of 0 roles") in found
