"""How well dishes go together: what cooks judged, in features that can be read."""

import random

import pytest

from chef_llm.cookbook import Role, load_cookbook
from chef_llm.engines import Deadline
from chef_llm.menus.planner import Planner
from chef_llm.menus.taste import features, score
from chef_llm.reading.order import Constraints, Order, Slot
from guarantees import choosing_at_random

COOKBOOK = load_cookbook()


def menu(*names: str) -> dict[Role, object]:
    dishes = [COOKBOOK.dishes[name] for name in names]
    return {dish.role: dish for dish in dishes}


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        # A staple that belongs to another table.
        (
            ("ご飯", "肉じゃが", "ほうれん草のおひたし", "豆腐とわかめのみそ汁"),
            ("ガーリックトースト", "肉じゃが", "ほうれん草のおひたし", "豆腐とわかめのみそ汁"),
        ),
        # A soup from another kitchen.
        (
            ("ご飯", "鮭の塩焼き", "ほうれん草のおひたし", "豆腐とわかめのみそ汁"),
            ("ご飯", "鮭の塩焼き", "ほうれん草のおひたし", "オートミールとトマトのスープ"),
        ),
        # Rice that is as wet as a soup, with a soup.
        (
            ("ご飯", "鮭の塩焼き", "ほうれん草のおひたし", "豆腐とわかめのみそ汁"),
            ("お茶漬け", "鮭の塩焼き", "ほうれん草のおひたし", "豆腐とわかめのみそ汁"),
        ),
    ],
)
def test_what_cooks_agree_on_is_tasted(better: tuple[str, ...], worse: tuple[str, ...]) -> None:
    assert score(menu(*better), "夕食", COOKBOOK) > score(menu(*worse), "夕食", COOKBOOK)


def test_every_feature_is_named_in_words() -> None:
    found = features(menu("ガーリックトースト", "肉じゃが", "納豆", "豚汁"), "夕食", COOKBOOK)
    assert "主食: ガーリックトースト" in found
    assert found["料理の国: 2"] == 1
    assert found["食塩が3gを超える分"] > 0


def test_the_same_order_gets_other_menus_on_other_days() -> None:
    planner = Planner(COOKBOOK)

    def mains(day: int) -> set[str]:
        order = Order("夕食", Constraints(season="秋"), (Slot(1, "夕食"),), variety=day)
        choose = choosing_at_random(random.Random(0))
        return {planner.plan(order, choose, Deadline.after(60)).meals[0].main.name}

    assert mains(1) == mains(1)
    assert len(set().union(*map(mains, range(10)))) > 5
