"""A cookbook of one's own: merged, refused where it cannot be right, and planned."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import FakeEngine

from chef_llm.app import lambda_handler
from chef_llm.asgi import LocalContext, http_event
from chef_llm.chat.chef import Chef, load_chef
from chef_llm.chat.choosing import texts_inside
from chef_llm.cookbook import CookbookError, load_cookbook, package_cookbook
from chef_llm.cookbook.loader import read_cookbook
from chef_llm.engines import Completion, Deadline, Grammar
from chef_llm.errors import Misconfigured
from chef_llm.menus.planner import Planner
from chef_llm.models.catalogue import find_model
from chef_llm.reading.conversation import Message
from chef_llm.reading.lexicon import lexicon
from chef_llm.reading.order import Fields, Order
from chef_llm.reading.reader import read_order

PACKAGE = package_cookbook()
OWN = Path(__file__).parents[1] / "own_cookbook"
VENISON, PICKLE, BOWL = (
    *("鹿肉とごぼうのみそ炒め", "すぐきとキャベツのもみ漬け"),
    "薔薇色のそぼろ丼",
)
MERGED = read_cookbook(OWN, PACKAGE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder of one's own that a test may spoil."""
    return Path(shutil.copytree(OWN, tmp_path / "cookbook"))


@pytest.fixture
def at_start(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[Path]:
    """Let this process start with the folder."""
    monkeypatch.setenv("CHEF_COOKBOOK_URI", str(folder))
    loaded = FakeEngine(), find_model("kondate")
    monkeypatch.setattr("chef_llm.chat.chef.load", lambda _: loaded)
    load_chef.cache_clear()
    yield folder
    load_chef.cache_clear()


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def faults(folder: Path) -> tuple[str, ...]:
    with pytest.raises(CookbookError) as error:
        read_cookbook(folder, PACKAGE)
    return error.value.faults


# Merged


def test_own_dishes_stand_beside_those_of_the_package() -> None:
    assert MERGED.own == {VENISON, PICKLE, BOWL}
    assert MERGED.dishes.keys() == PACKAGE.dishes.keys() | MERGED.own
    assert MERGED.ingredients.keys() - PACKAGE.ingredients.keys() == {"鹿肉", "すぐき漬け"}
    assert not PACKAGE.own
    assert not PACKAGE.dishes.keys() & MERGED.own


def test_an_own_dish_has_the_allergens_of_the_packages_foods() -> None:
    assert MERGED.allergens(MERGED.dishes[VENISON]) == {"小麦", "さば", "大豆"}


def test_an_ingredient_without_a_row_of_the_shop_is_sold_as_its_section_usually_is() -> None:
    sold = MERGED.ingredients["すぐき漬け"].sold
    alike = [
        one.sold.yen.usual for one in PACKAGE.ingredients.values() if one.section == "野菜・果物"
    ]
    assert min(alike) < sold.yen.usual < max(alike)
    assert MERGED.ingredients["鹿肉"].sold.yen.usual == 450


def test_own_dishes_stay_own_whatever_products_recipes_name() -> None:
    without_soy_oil = MERGED.with_products(frozenset({"サラダ油"}), frozenset())
    assert without_soy_oil.own == MERGED.own
    assert "米油" in without_soy_oil.dishes[VENISON].ingredient_names


def test_a_table_that_a_spreadsheet_saved_is_read(folder: Path) -> None:
    table = folder / "ingredients.tsv"
    table.write_bytes(b"\xef\xbb\xbf" + table.read_bytes().replace(b"\n", b"\r\n"))
    assert read_cookbook(folder, PACKAGE).dishes.keys() == MERGED.dishes.keys()


# Refused


def test_all_faults_are_told_at_once_each_with_its_line(folder: Path) -> None:
    dishes = folder / "dishes" / "uchi.toml"
    change(dishes, '["ごぼう", 50, "1/3本"]', '["牛蒡", 50, "1/3本"]')
    change(dishes, 'role = "副菜"', 'role = "デザート"')
    change(dishes, '["ご飯", 200, "200g"]', '["ご飯", 400, "400g"]')
    lines = dishes.read_text(encoding="utf-8").splitlines()

    first, *others = faults(folder)

    place = next(n for n, line in enumerate(lines, start=1) if "牛蒡" in line)
    assert first == (
        f"uchi.toml:{place}: {VENISON}: 食材「牛蒡」は食材の表にありません"
        "（「ごぼう」の別名です。「ごぼう」と書いてください）"
    )
    text = "\n".join(others)
    assert f"{PICKLE}: role に使えるのは 主食 主菜 副菜 汁物 です（今の値: デザート）" in text
    assert f"{BOWL}: ご飯が1人分に400gあります（350gまで）" in text


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        (
            "dishes/uchi.toml",
            f'name = "{VENISON}"',
            'name = "肉じゃが"',
            "料理「肉じゃが」（にくじゃが）がもうあり、名前か読みが同じです",
        ),
        (
            "dishes/uchi.toml",
            '"しかにくとごぼうのみそいため"',
            '"にくじゃが"',
            "料理「肉じゃが」（にくじゃが）がもうあり、名前か読みが同じです",
        ),
        ("ingredients.tsv", "鹿肉\t", "豚こま切れ肉\t", "もとの料理帳にある食材です"),
        ("ingredients.tsv", "もみじ肉", "キャベツの葉", "食材「キャベツ」のことでもあります"),
        ("ingredients.tsv", "\t肉\t枚", "\t肉類\t枚", "分類「肉類」はありません（使える分類: "),
        ("ingredients.tsv", "\t肉\t枚", "\t\t枚", "groups に「肉」が要ります"),
        ("ingredients.tsv", "\t\t肉\t枚", "\t\t肉|乳\t枚", "allergens にも「乳」が要ります"),
        ("ingredients.tsv", "\t\t肉\t枚", "\t卵\t肉\t枚", "groups にも「卵」が要ります"),
        ("ingredients.tsv", "allergens", "アレルゲン", "列「allergens」がありません"),
        ("shop.tsv", "鹿肉", "キャベツ", "もとの料理帳の食材です。買い方や値段は変えられません"),
    ],
)
def test_what_would_shadow_the_package_or_slip_through_is_refused(
    folder: Path, file: str, old: str, new: str, reason: str
) -> None:
    change(folder / file, old, new)
    assert any(reason in fault for fault in faults(folder)), faults(folder)


def test_a_file_that_would_not_be_read_is_named(folder: Path) -> None:
    (folder / "ingredient.tsv").write_text("name\n", encoding="utf-8")
    (folder / "README.md").write_text("うちの料理", encoding="utf-8")
    [fault] = faults(folder)
    assert fault.startswith("ingredient.tsv: 読まれません")


def test_a_file_in_another_encoding_is_named(folder: Path) -> None:
    (folder / "dishes" / "sjis.toml").write_bytes("# 献立".encode("shift_jis"))
    assert faults(folder) == ("sjis.toml: 文字コードがUTF-8ではありません",)


def test_a_folder_without_dishes_is_refused(tmp_path: Path) -> None:
    assert faults(tmp_path) == ("dishes/: 料理のファイル（*.toml）がありません",)


# At start


def call(path: str, body: object = None) -> tuple[int, dict[str, object]]:
    sent = b"" if body is None else json.dumps(body).encode()
    method = "GET" if body is None else "POST"
    event = http_event(method, path, {"content-type": "application/json"}, sent)
    response = lambda_handler(event, LocalContext())  # type: ignore[arg-type]
    return response["statusCode"], json.loads(response["body"])


def test_every_caller_gets_the_merged_cookbook(at_start: Path) -> None:
    assert load_cookbook().own == MERGED.own
    assert load_chef().cookbook is load_cookbook()
    status, body = call("/v1/recipes", {"dishes": [VENISON], "servings": 3})
    assert status == 200
    assert body["unknown"] == []
    assert "鹿肉" in json.dumps(body["shopping_list"], ensure_ascii=False)


def test_a_fault_is_an_error_at_start_that_names_it_and_never_passed_over(at_start: Path) -> None:
    change(at_start / "dishes" / "uchi.toml", "minutes = 20", "minutes = 0")

    with pytest.raises(Misconfigured) as error:
        load_chef()

    assert "uchi.toml:9: 鹿肉とごぼうのみそ炒め: minutes は1以上" in error.value.message
    assert "ほかに1件" in error.value.message
    assert str(at_start) not in error.value.message
    assert call("/health")[0] == 503
    assert call("/v1/recipes", {"dishes": ["肉じゃが"]})[0] == 503
    # Mended, it starts.
    change(at_start / "dishes" / "uchi.toml", "minutes = 0", "minutes = 20")
    assert call("/health")[0] == 200


@pytest.mark.parametrize("uri", ["/no/such/folder", "s3://bucket", "s3://bucket/no-slash"])
def test_a_place_that_is_none_is_an_error_that_does_not_tell_it(
    monkeypatch: pytest.MonkeyPatch, uri: str
) -> None:
    monkeypatch.setenv("CHEF_COOKBOOK_URI", uri)
    with pytest.raises(Misconfigured, match="CHEF_COOKBOOK_URI") as error:
        load_cookbook()
    assert uri not in error.value.message
    assert uri in str(error.value.detail)


# Planned


def dinner(request: str, fields: Fields, seed: int = 1) -> set[str]:
    order = read_order([Message("user", request)], MERGED, fields)
    chef = Chef(FakeEngine(), find_model("kondate"), MERGED)
    plan = chef.plan(order, Deadline.after(20), seed)
    return {dish.name for meal in plan.meals for dish in meal.dishes}


@pytest.mark.parametrize(
    ("dish", "food"),
    [(VENISON, "ごぼう"), (PICKLE, "キャベツ"), (BOWL, "玉ねぎ"), (VENISON, "鹿肉")],
)
def test_who_asks_for_an_ingredient_gets_the_own_dish_that_holds_it(dish: str, food: str) -> None:
    for seed in range(5):
        assert dish in dinner("夕食", Fields(ingredients=[(food, None)], season="冬"), seed)


def test_an_own_dish_gives_way_where_another_menu_uses_more_of_what_is_asked() -> None:
    fields = Fields(ingredients=[("玉ねぎ", None), ("生鮭", None), ("木綿豆腐", None)])
    foods = {
        food for name in dinner("夕食", fields) for food in MERGED.dishes[name].ingredient_names
    }
    assert {"玉ねぎ", "生鮭"} <= foods


def test_guarantees_hold_for_own_dishes() -> None:
    fields = Fields(ingredients=[("ごぼう", None)], allergens=["さば"])
    assert VENISON not in dinner("夕食", Fields(ingredients=[("ごぼう", None)], exclude=["肉"]))
    # Who avoids さば gets the miso without stock, in an own dish too.
    order = read_order([Message("user", "夕食")], MERGED, fields)
    chef = Chef(FakeEngine(), find_model("kondate"), MERGED)
    [meal] = chef.plan(order, Deadline.after(20), 1).meals
    [own] = [dish for dish in meal.dishes if dish.name == VENISON]
    assert "だしなしみそ" in own.ingredient_names


def test_what_the_weights_never_saw_is_chosen_by_lot_as_often_as_it_is_among_the_best() -> None:
    """A model that passes over whatever it never saw, where it can."""
    new = frozenset(name for name in PACKAGE.dishes if "豆腐" in name)

    def choose(_: str, __: str, grammar: Grammar, ___: Deadline) -> Completion:
        texts = texts_inside(grammar)
        known = [text for text in texts if not any(name in text for name in new)]
        return Completion((known or texts)[0], "stop", 1, 1)

    def dinners_with_new(planner: Planner) -> int:
        orders = (Order("夕食", ingredients=("木綿豆腐",), variety=seed) for seed in range(30))
        plans = (planner.plan(order, choose, Deadline.after(20)) for order in orders)
        return sum(any(dish.name in new for dish in plan.meals[0].dishes) for plan in plans)

    passed_over, by_lot = (
        dinners_with_new(Planner(PACKAGE)),
        dinners_with_new(Planner(PACKAGE, new)),
    )
    assert passed_over < by_lot < 30


def test_a_word_that_means_more_leaves_out_the_own_food_of_that_name(folder: Path) -> None:
    """ジビエ may be anything to the lexicon; who calls a food so and leaves it out means it."""
    change(folder / "ingredients.tsv", "もみじ肉", "シーフード")
    cookbook = read_cookbook(folder, PACKAGE)
    assert "鹿肉" in lexicon(cookbook).meanings["しーふーど"].excluded
