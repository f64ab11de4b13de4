"""With a menu on the table: amounts, steps, shopping, the notebook, paper, the other language."""

import pytest
from conftest import DESK, Cook, OpenPage

from chef_llm.cookbook import load_cookbook, scale


def menu_for(cook: Cook, servings: int) -> None:
    cook.choose("servings", servings)
    cook.choose("allergens", "えび")
    cook.ask()
    cook.wait_for_menu()


def shown_amounts(cook: Cook) -> dict[str, list[str]]:
    cook.page.eval_on_selector_all(".dish details", "all => all.forEach((one) => one.open = true)")
    return {
        dish: cook.page.locator(f'[data-amounts="{dish}"] .amount').all_inner_texts()
        for dish in cook.texts(".dish .name")
    }


def wanted_amounts(dish_name: str, servings: int) -> list[str]:
    """Return what the cookbook's own rule makes of a dish: measure and grams."""
    cookbook = load_cookbook()
    found = []
    for part in cookbook.dishes[dish_name].ingredients:
        units = cookbook.ingredients[part.name].units
        amount = scale(part.grams, part.measure, servings, units)
        grams = f"{amount.grams:g}g"
        found.append(grams if amount.measure == grams else f"{amount.measure}{grams}")
    return found


def check_amounts(cook: Cook, servings: int) -> None:
    cook.page.wait_for_selector(f"#servings-now >> text={servings}人分")
    cook.page.wait_for_selector(".recipe .amount b", state="attached")
    for dish, amounts in shown_amounts(cook).items():
        assert [text.replace("\n", "") for text in amounts] == wanted_amounts(dish, servings)


def test_servings_rescale_by_the_cookbooks_own_rule(open_page: OpenPage) -> None:
    cook = open_page()
    menu_for(cook, 4)
    check_amounts(cook, 4)
    bought = cook.texts("#shopping .amount")
    with cook.page.expect_response("**/v1/recipes"):
        cook.page.click("#one-more")
    check_amounts(cook, 5)
    assert cook.texts("#answer-title")[0].startswith("5人分")
    assert cook.texts("#shopping .amount") != bought
    for _ in range(4):
        with cook.page.expect_response("**/v1/recipes"):
            cook.page.click("#fewer")
    check_amounts(cook, 1)
    assert cook.page.is_disabled("#fewer")


def test_without_a_connection_servings_rescale_in_grams(open_page: OpenPage) -> None:
    cook = open_page()
    menu_for(cook, 2)
    dish = cook.texts(".dish .name")[1]
    grams = [part.grams for part in load_cookbook().dishes[dish].ingredients]
    cook.page.context.set_offline(True)
    cook.page.click("#one-more")
    cook.page.wait_for_selector("#grams-only")
    amounts = [float(text.removesuffix("g")) for text in shown_amounts(cook)[dish]]
    # What is drawn is another dish each time; its grams may be shown to the whole gram.
    assert amounts == pytest.approx([3 * one for one in grams], abs=0.8)


@pytest.mark.parametrize("words", ["", "鶏肉の夕食"])
def test_the_order_of_work_opens_under_the_meal(open_page: OpenPage, words: str) -> None:
    """Whether the menu came of fields or of a sentence."""
    cook = open_page()
    if words:
        cook.ask(words)
        cook.wait_for_menu()
    else:
        menu_for(cook, 2)
    cook.page.wait_for_selector(".work > summary")
    [total] = cook.texts(".work > summary span")
    assert total.startswith("全部で約")
    cook.page.click(".work > summary")
    dishes = [load_cookbook().dishes[name] for name in cook.texts(".dish .name")]
    assert len(cook.texts(".work li")) == sum(len(dish.steps) for dish in dishes)
    minutes = [int(text.removesuffix("分")) for text in cook.texts(".work .at")]
    assert minutes == sorted(minutes)
    assert minutes[0] == 0
    cook.page.locator(".work").scroll_into_view_if_needed()
    cook.shot("phone-work")


def test_what_is_ticked_stays_ticked(open_page: OpenPage) -> None:
    cook = open_page()
    menu_for(cook, 2)
    cook.page.locator(".dish summary").nth(1).click()
    cook.page.locator(".dish details[open] .steps input").nth(0).check()
    cook.shot("phone-recipe")
    items = cook.page.locator("#shopping input")
    count = items.count()
    items.nth(0).check()
    items.nth(1).check()
    assert cook.texts(".left") == [f"あと{count - 2}"]
    cook.page.locator("#shopping").scroll_into_view_if_needed()
    cook.shot("phone-shopping")
    cook.page.reload()
    cook.page.click("#open-history")
    cook.page.click(".entry")
    assert cook.texts(".left") == [f"あと{count - 2}"]
    cook.page.locator(".dish summary").nth(1).click()
    steps = cook.page.locator(".dish details[open] .steps input")
    assert [box.is_checked() for box in steps.all()] == [True] + [False] * (steps.count() - 1)


def test_the_shopping_list_can_be_copied_without_what_is_in_the_basket(
    open_page: OpenPage,
) -> None:
    cook = open_page(permissions=["clipboard-read", "clipboard-write"])
    menu_for(cook, 2)
    first, second = cook.texts("#shopping li label > span:first-of-type")[:2]
    cook.page.locator("#shopping input").first.check()
    cook.page.click("#shopping button")
    cook.page.wait_for_selector("#toast >> text=コピーしました")
    copied = cook.page.evaluate("navigator.clipboard.readText()")
    assert f"・{first} " not in copied
    # What is left over and what it costs stand below the list, as on the page.
    remarks = cook.texts("#shopping .remark")
    assert copied.splitlines()[-len(remarks) :] == remarks
    assert "目安" in remarks[-1]
    assert f"・{second} " in copied


def test_a_menu_is_sent_where_the_device_can_send(open_page: OpenPage) -> None:
    cook = open_page()
    cook.page.evaluate("() => { navigator.share = async (what) => { window.sent = what.text; }; }")
    menu_for(cook, 2)
    cook.page.click(".action >> text=送る")
    sent = cook.page.evaluate("window.sent")
    assert all(name in sent for name in cook.texts(".dish .name"))
    assert "（2人分、えび なし）" in sent
    assert "■ 買いもの" in sent


def test_the_notebook_keeps_favourites_and_forgets_when_told(open_page: OpenPage) -> None:
    cook = open_page()
    menu_for(cook, 2)
    main = cook.texts("[data-role=主菜] .name, .dish .name")[0]
    cook.page.click(".action >> text=残す")
    cook.page.click("#back")
    cook.ask("魚の夕食")
    cook.wait_for_menu()
    cook.page.click("#open-history")
    cook.shot("phone-notebook")
    assert cook.page.locator(".entry").count() == 2
    assert cook.page.locator(".entry").first.locator("svg").count() == 1, "favourites come first"
    cook.page.locator(".entry").first.click()
    assert main in cook.texts(".dish .name")
    assert cook.page.get_attribute(".action", "aria-pressed") == "true"
    cook.page.click("#open-history")
    cook.page.locator("#history-list .quiet").nth(1).click()
    assert cook.page.locator(".entry").count() == 1
    cook.page.click("#forget-all")
    assert cook.page.locator(".entry").count() == 1, "it asks once more"
    cook.page.click("#forget-all")
    assert cook.texts("#history-list") == ["まだ献立がありません。"]
    assert cook.page.evaluate("localStorage.getItem('chef.plans')") is None


def test_a_browser_that_keeps_nothing_still_shows_menus(open_page: OpenPage) -> None:
    cook = open_page()
    cook.page.evaluate(
        """() => {
            const refuse = () => { throw new DOMException("full", "QuotaExceededError"); };
            Storage.prototype.setItem = refuse;
        }"""
    )
    menu_for(cook, 2)
    assert cook.texts("#toast") == ["この端末には残せませんでした。"]
    assert cook.page.locator(".dish").count() > 1


def test_another_menu_is_another_one(open_page: OpenPage) -> None:
    cook = open_page()
    menu_for(cook, 2)
    with cook.page.expect_request("**/v1/menus") as asked:
        cook.page.click(".action >> text=べつの献立")
    cook.wait_for_menu()
    assert isinstance(asked.value.post_data_json.pop("seed"), int)
    assert asked.value.post_data_json["allergens"] == ["えび"]


def test_the_screen_stays_on_while_a_recipe_is_open(open_page: OpenPage) -> None:
    cook = open_page()
    cook.page.evaluate(
        """() => {
            window.locks = 0;
            const lock = new EventTarget();
            lock.release = async () => {
                window.locks -= 1;
                lock.dispatchEvent(new Event("release"));
            };
            const request = async () => { window.locks += 1; return lock; };
            Object.defineProperty(navigator, "wakeLock", { value: { request } });
        }"""
    )
    menu_for(cook, 2)
    assert cook.page.evaluate("window.locks") == 0
    cook.page.locator(".dish summary").nth(1).click()
    cook.wait_until("window.locks === 1")
    cook.page.locator(".dish summary").nth(1).click()
    cook.wait_until("window.locks === 0")


def test_a_menu_fits_on_one_sheet_with_every_recipe(open_page: OpenPage) -> None:
    cook = open_page(DESK)
    menu_for(cook, 4)
    cook.page.emulate_media(media="print")
    cook.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert all(step.is_visible() for step in cook.page.locator(".steps").all())
    assert not cook.page.is_visible("#ask")
    sheet = cook.page.pdf(format="A4", prefer_css_page_size=True)
    assert sheet.count(b"/Type /Page\n") == 1
    cook.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert cook.page.locator(".dish details[open]").count() == 0


def test_the_page_speaks_english_and_dishes_stay_japanese(open_page: OpenPage) -> None:
    cook = open_page()
    cook.page.click("#language")
    assert cook.texts("#send") == ["Plan the menu"]
    assert cook.page.get_attribute("html", "lang") == "en"
    menu_for(cook, 4)
    cook.shot("phone-english")
    assert cook.texts("#keeping") == ["No Shrimp"]
    assert cook.texts("#servings-now") == ["for 4"]
    assert cook.page.get_attribute(".dish .name", "lang") == "ja"
    cook.page.reload()
    assert cook.texts("#send") == ["Plan the menu"], "the choice is remembered"


def test_the_browsers_way_back_leads_to_the_form_as_it_was(open_page: OpenPage) -> None:
    cook = open_page()
    menu_for(cook, 4)
    cook.page.go_back()
    assert cook.page.is_visible("#send")
    assert not cook.page.is_visible("#answer")
    assert cook.page.locator("[name=servings]:checked").get_attribute("value") == "4"
