"""What there is to do for a dish: which minutes are whose, and that they come to the dish's own."""

import pytest

from chef_llm.cookbook import Dish, package_cookbook
from chef_llm.cookbook.acts import Act, read_acts
from chef_llm.cookbook.work import parts_of

COOKBOOK = package_cookbook()


def named(*steps: str) -> list[tuple[float, bool, str | None]]:
    """Return the acts that name minutes: how many, whether they go by themselves, on what."""
    return [(act.minutes, act.is_alone, act.station) for act in read_acts(steps) if act.minutes]


def made_of(*steps: str, minutes: int, waiting: int = 0) -> Dish:
    """Return a dish of these steps."""
    dish = COOKBOOK.dishes["肉じゃが"]
    return dish.model_copy(update={"steps": steps, "minutes": minutes, "waiting": waiting})


@pytest.mark.parametrize(
    ("step", "minutes", "alone", "station"),
    [
        ("鍋に入れ、弱火で10分煮る。", 10, True, "コンロ"),
        ("落としぶたをして弱めの中火で8分煮る。", 8, True, "コンロ"),
        ("ふたをして弱火で10分、竹串がすっと通るまで煮る。", 10, True, "コンロ"),
        (
            "蒸気の上がった蒸し器に並べ、中火で15〜20分、竹串が通るまで蒸す。",
            20,
            True,
            "コンロ",
        ),
        ("熱湯で3分ゆで、水気をきる。", 3, True, "コンロ"),
        ("熱湯で1分ほどゆで、冷水にとる。", 1, False, "コンロ"),
        ("弱火で1分30秒煮る。", 1.5, False, "コンロ"),
        ("ふたをして弱火で1分半煮る。", 1.5, False, "コンロ"),
        ("フライパンに油を熱し、にんじんを4分、しんなりするまで炒める。", 4, False, "コンロ"),
        ("煮汁をかけながら3分煮る。", 3, False, "コンロ"),
        ("ときどき底から混ぜながら、弱火で30分煮る。", 30, True, "コンロ"),
        ("中火で2〜3分煮つめる。", 3, False, "コンロ"),
        ("フライパンで両面を2分ずつ焼く。", 4, True, "コンロ"),
        ("返しながら4分焼く。", 4, False, "コンロ"),
        ("ふたをして弱火で8分蒸し焼きにする。", 8, True, "コンロ"),
        ("170℃のサラダ油で4分揚げる。", 4, False, "コンロ"),
        ("1人分につき電子レンジ600Wで2分30秒加熱する。", 2.5, True, "電子レンジ"),
        ("オーブントースターで6〜7分、焼き色がつくまで焼く。", 7, True, "トースター"),
        ("220℃のオーブンで20分焼く。", 20, True, "オーブン"),
        ("魚焼きグリルの中火で8〜10分焼く。", 10, True, "魚焼きグリル"),
        ("魚焼きグリルかフライパンで8分焼く。", 8, True, "魚焼きグリル"),
        ("内釜に広げて普通に炊く（約45分）。", 45, True, "炊飯器"),
        ("塩をふって5分おき、水気をふく。", 5, True, None),
        ("水に3分さらす。", 3, True, None),
        ("ぬるま湯に5分つけて戻す。", 5, True, None),
        ("冷蔵庫で30分漬ける。", 30, True, None),
        ("冷蔵庫で40分ほど冷やす。", 40, True, None),
        ("1時間半浸す。", 90, True, None),
        ("冷蔵庫で一晩漬ける。", 480, True, None),
        ("冷蔵庫で半日から一晩おく。", 360, True, None),
    ],
)
def test_a_step_tells_whose_its_minutes_are(
    step: str, minutes: float, alone: bool, station: str | None
) -> None:
    """The verb behind the minutes and the words before them decide."""
    assert named(step) == [(minutes, alone, station)]


@pytest.mark.parametrize(
    "step",
    [
        "2分の1量を加える。",
        "3等分に切り、半分を残す。",
        "電子レンジ600Wにかける。",
        "余分な水分をきり、1人分に分ける。",
        "1人4〜5個分ずつちぎる。",
        "分量の水を1/6量ほど残して加える。",
        "焼き上がりの2〜3分前にししとうを並べる。",
        "赤い所があれば20秒ずつ加熱する。",
        "冷蔵で保存し、3日以内に食べきる。",
        "食べる2日前から仕込む。",
        "弁当には、10分おいて冷ましてから詰める。",
    ],
)
def test_numbers_that_are_no_time_of_a_step_are_not_read_as_minutes(step: str) -> None:
    """Parts, watts, portions, days, and times of something else."""
    assert named(step) == []


def test_a_sentence_with_several_times_has_an_act_for_each() -> None:
    """Whatever it stands on, and rests on in the end."""
    assert named("電子レンジ600Wで1分、裏返してさらに30秒加熱し、ラップをしたまま5分おく。") == [
        (1, True, "電子レンジ"),
        (0.5, True, "電子レンジ"),
        (5, True, None),
    ]
    assert named("強めの中火で2分、弱火で12分蒸す。") == [
        (2, True, "コンロ"),
        (12, True, "コンロ"),
    ]
    assert named("10分煮る。長ねぎを加えて3分煮る。") == [
        (10, True, "コンロ"),
        (3, True, "コンロ"),
    ]


def test_a_dish_stays_where_it_was_put_until_it_is_taken_off() -> None:
    """What is added to a pan is done on the burner, what is cut in between is not."""
    acts = read_acts(
        (
            "フライパンに油を熱し、肉を3分炒める。",
            "しょうゆを加える。",
            "器に盛る。",
            "レモンを切って添える。",
        )
    )
    assert list(dict.fromkeys((act.step, act.station) for act in acts)) == [
        (1, "コンロ"),
        (2, "コンロ"),
        (3, None),
        (4, None),
    ]


def test_what_comes_to_the_boil_or_cools_goes_by_itself() -> None:
    """For as long as it takes: no minutes are named."""
    acts = read_acts(("鍋に水を入れて煮立てる。", "火を止めて冷ます。", "煮立てないように温める。"))
    assert [(act.step, act.is_alone, act.cools) for act in acts] == [
        (1, True, False),
        (2, True, True),
        (3, False, False),
    ]


def test_rice_that_is_cooked_before_counts_for_nothing() -> None:
    """As docs/cookbook.md has it."""
    first = parts_of(COOKBOOK.dishes["ご飯"])[0]
    assert (first.step, first.minutes, first.uncounted) == (1, 0, True)


def test_a_dish_alone_takes_its_minutes_and_its_waiting() -> None:
    """In every dish of the cookbook, with a part for each of its steps."""
    wrong = [
        dish.name
        for dish in COOKBOOK.dishes.values()
        for parts in [parts_of(dish)]
        if sum(part.minutes for part in parts) != dish.all_minutes
        or sum(part.minutes for part in parts if part.is_wait) != dish.waiting
        or [*dict.fromkeys(part.step for part in parts)] != [*range(1, len(dish.steps) + 1)]
        or any(part.minutes < 0 for part in parts)
    ]
    assert wrong == []


def test_named_minutes_stay_where_there_is_time_for_the_rest() -> None:
    """What is left of the dish's minutes is cutting, mixing and serving."""
    dish = made_of("野菜を切る。", "鍋で10分煮る。", "器に盛る。", minutes=20)
    assert [(part.step, part.minutes) for part in parts_of(dish) if part.is_alone] == [(2, 10)]


def test_named_minutes_give_way_where_a_dish_has_fewer() -> None:
    """One cuts while something soaks: nothing is cut in no time all the same."""
    dish = made_of("野菜を切って水に10分さらす。", "鍋で10分煮る。", "器に盛る。", minutes=18)
    parts = parts_of(dish)
    assert sum(part.minutes for part in parts) == 18
    assert sum(part.minutes for part in parts if not part.is_alone) >= 2


@pytest.mark.parametrize(
    ("steps", "waiting", "step"),
    [
        (("肉に塩をふり、30分おく。", "5分おいて焼く。", "器に盛る。"), 30, 1),
        (("砂抜きしたあさりを洗う。", "ふたをして4分蒸す。", "器に盛る。"), 120, 1),
        (("だし汁を温める。", "火を止め、冷蔵庫でよく冷ます。", "器に盛る。"), 60, 2),
    ],
)
def test_waiting_is_where_the_steps_wait(steps: tuple[str, ...], waiting: int, step: int) -> None:
    """At the longest rest, at what cools, or, where no step names it, before all else."""
    parts = parts_of(made_of(*steps, minutes=20, waiting=waiting))
    assert [(part.step, part.minutes) for part in parts if part.is_wait] == [(step, waiting)]


def test_an_act_says_what_is_known_of_it() -> None:
    """Named minutes or the letters of its words."""
    assert read_acts(("野菜を切る。",)) == [Act(1, is_alone=False, station=None, letters=5)]
