"""Asking: in a sentence, in fields, on a phone and at a desk, until there is a menu."""

import json
import re
from typing import Any

import pytest
from conftest import DESK, PHONE, OpenPage
from kitchen import STAGE

from chef_llm.cookbook import MANDATORY, RECOMMENDED, load_cookbook

TARGET_PIXELS = 44
FIND_TOO_SMALL = """(least) => {
    const targets = "button, select, summary, label, a, textarea, #ingredient";
    const isPressed = (one) =>
        one.checkVisibility() && !one.closest(".hidden") && !one.matches(".skip, .legend");
    const isSmall = (one) => {
        const { width, height } = one.getBoundingClientRect();
        return Math.min(width, height) < least - 0.5;
    };
    const small = [...document.querySelectorAll(targets)].filter(isPressed).filter(isSmall);
    const excess = document.documentElement.scrollWidth - innerWidth;
    return [excess, small.map((one) => one.outerHTML.slice(0, 90))];
}"""
STREAMED = "4人分の夕食です。\n主食: ご飯\n主菜: 豚肉の生姜焼き\n"


def test_a_stranger_plans_dinner_for_four_without_shrimp_in_three_taps(open_page: OpenPage) -> None:
    cook = open_page()
    cook.page.fill("#request", "さっぱりした夕食")
    cook.choose("servings", 4)
    cook.choose("allergens", "えび")
    cook.shot("phone-asked")
    cook.page.click("#send")
    cook.wait_for_menu()
    cook.shot("phone-answer")
    assert cook.texts("#servings-now") == ["4人分"]
    assert cook.texts("#keeping") == ["えび なし"]
    served = [load_cookbook().dishes[name] for name in cook.texts(".dish .name")]
    assert {dish.role.value for dish in served} >= {"主菜"}
    assert not any("えび" in load_cookbook().allergens(dish) for dish in served)


def test_a_sentence_is_answered_as_it_is_written_and_becomes_cards(open_page: OpenPage) -> None:
    cook = open_page()
    cook.ask("えびを使わない、4人分の夕食")
    cook.wait_for_menu()
    assert cook.kitchen.paths[-2:] == ["/v1/chat/completions", "/v1/recipes"]
    assert cook.texts("#servings-now") == ["4人分"]
    assert cook.texts("#keeping") == ["えび なし"]
    assert "「えびを使わない」" in "".join(cook.texts(".understood li"))
    assert cook.texts(".kept li")
    assert cook.page.locator(".nutrition dd").count() == 9
    assert cook.page.locator("#shopping input").count() > 3


def test_dishes_are_there_before_the_answer_ends_and_stay_when_it_is_stopped(
    open_page: OpenPage,
) -> None:
    cook = open_page()
    # Cut where no line ends, and the last dish has not been named in full.
    cook.kitchen.unfinished = [STREAMED[:13], STREAMED[13:], "副菜: きゃ"]
    cook.ask("豚肉で夕食")
    cook.page.wait_for_selector(".growing >> text=豚肉の生姜焼き")
    assert cook.texts("#answer-title") == ["4人分の夕食です。"]
    assert cook.page.evaluate("document.activeElement.id") == "stop"
    cook.shot("phone-working")
    cook.page.click("#stop")
    cook.wait_for_menu()
    assert cook.kitchen.is_left.wait(30), "the server was not hung up on"
    assert cook.texts(".dish .name") == ["ご飯", "豚肉の生姜焼き"]
    assert cook.texts(".note") == ["途中でやめました。ここまでの献立です。"]


def test_stopping_before_the_first_word_leads_back_to_the_form(open_page: OpenPage) -> None:
    cook = open_page()
    cook.kitchen.unfinished = [""]
    cook.ask("豚肉で夕食")
    cook.page.wait_for_selector("#elapsed:not(:empty)")
    assert re.fullmatch(r"\d+秒", cook.texts("#elapsed")[0])
    cook.page.click("#stop")
    cook.page.wait_for_selector("#send")
    assert cook.page.input_value("#request") == "豚肉で夕食"
    assert not cook.page.is_visible("#answer")


def test_a_server_that_cannot_stream_sends_all_events_at_once(open_page: OpenPage) -> None:
    cook = open_page()
    events = [{"choices": [{"delta": {"content": STREAMED}, "finish_reason": None}]}]
    events.append({"choices": [{"delta": {}, "finish_reason": "stop"}]})
    body = "".join(f"data: {json.dumps(event)}\n\n" for event in events) + "data: [DONE]\n\n"
    headers = {"content-type": "text/event-stream", "x-chef-guaranteed": "true"}
    cook.page.route("**/chat/completions", lambda route: route.fulfill(body=body, headers=headers))
    cook.ask("豚肉で夕食")
    cook.wait_for_menu()
    assert cook.texts(".dish .name") == ["ご飯", "豚肉の生姜焼き"]
    assert "照らして守りました" in "".join(cook.texts(".kept li"))


def test_a_week_is_a_table_with_a_menu_behind_each_day(open_page: OpenPage) -> None:
    cook = open_page(DESK)
    cook.choose("days", 7)
    cook.choose("allergens", "卵")
    cook.ask()
    cook.wait_for_menu()
    cook.shot("desk-week")
    assert cook.page.locator(".week tbody tr").count() == 7
    assert cook.texts("#answer-title") == ["7日分の献立"]
    cook.page.locator(".week a").nth(2).click()
    assert [day.get_attribute("open") is not None for day in cook.page.locator(".day").all()] == [
        index == 2 for index in range(7)
    ]
    assert cook.page.locator(".day[open] .dish").first.is_visible()


def test_ingredients_are_suggested_by_kanji_and_kana_and_used(open_page: OpenPage) -> None:
    cook = open_page()
    for typed in ("とりむね", "トリムネ", "鶏むね", "鶏胸"):
        cook.page.fill("#ingredient", typed)
        assert cook.texts("#suggestions li")[0] == "鶏むね肉"
    cook.shot("phone-suggestions")
    cook.page.keyboard.press("ArrowDown")
    cook.page.keyboard.press("Enter")
    cook.page.fill("#ingredient", "きゃべ")
    cook.page.locator("#suggestions li").first.click()
    cook.page.locator("#ingredient").press_sequentially("まぼろし草、")
    assert cook.texts("#chosen li") == ["鶏むね肉", "キャベツ", "まぼろし草"]
    cook.ask()
    cook.wait_for_menu()
    assert "「まぼろし草」は料理帳にない" in "".join(cook.texts(".note"))
    bought = cook.texts("#shopping li label > span:first-of-type")
    assert not {"鶏むね肉", "キャベツ"} & set(bought)


def test_the_toggles_are_the_allergens_of_the_rule(open_page: OpenPage) -> None:
    cook = open_page()
    for place, names in (("mandatory", MANDATORY), ("recommended", RECOMMENDED)):
        boxes = cook.page.locator(f"#{place} input").all()
        assert [box.get_attribute("value") for box in boxes] == list(names)


def test_allergies_are_remembered_for_the_next_visit_and_can_be_cleared(
    open_page: OpenPage,
) -> None:
    cook = open_page()
    cook.choose("allergens", "かに", "ごま")
    cook.ask()
    cook.wait_for_menu()
    cook.page.reload()
    assert cook.texts("#keeping") == ["かに・ごま なし"]
    cook.page.click(".clear")
    assert not cook.page.is_visible("#keeping")
    assert cook.page.locator("[name=allergens]:checked").count() == 0


def test_a_choice_that_is_pressed_again_is_given_up(open_page: OpenPage) -> None:
    cook = open_page()
    cook.choose("servings", 4)
    assert cook.texts("#summary span") == ["4人分"]
    cook.choose("servings", 4)
    assert cook.texts("#summary") == [""]
    cook.page.select_option("#many-servings", "9")
    assert cook.texts("#summary span") == ["9人分"]


def test_the_whole_way_can_be_gone_by_keyboard(open_page: OpenPage) -> None:
    cook = open_page(DESK)
    press = cook.page.keyboard.press
    press("Tab")
    assert cook.page.evaluate("document.activeElement.className") == "skip"
    press("Enter")
    cook.page.keyboard.type("魚の夕食")
    cook.page.focus("[name=servings][value='1']")
    press("ArrowRight")
    press("ArrowRight")
    press("Tab")
    press("Tab")
    press("Space")
    assert cook.texts("#summary span") == ["3人分、えび なし"]
    cook.page.focus("#request")
    press("Enter")
    cook.wait_for_menu()
    assert cook.page.evaluate("document.activeElement.id") == "answer-title"
    cook.page.locator(".dish summary").first.focus()
    press("Enter")
    press("Tab")
    press("Space")
    assert cook.page.locator(".steps input").first.is_checked()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360 px", "1280 px"])
def test_nothing_is_too_wide_or_too_small_to_press(
    open_page: OpenPage, size: tuple[int, int]
) -> None:
    cook = open_page(size)
    for opened in cook.page.locator("form summary").all():
        opened.click()
    check_room(cook.page)
    cook.choose("allergens", "卵")
    cook.ask()
    cook.wait_for_menu()
    cook.page.locator(".dish summary").nth(1).click()
    check_room(cook.page)


def check_room(page: Any) -> None:
    too_wide, too_small = page.evaluate(FIND_TOO_SMALL, TARGET_PIXELS)
    assert too_wide <= 0
    assert too_small == []


@pytest.mark.parametrize("path", [STAGE.strip("/"), f"{STAGE.strip('/')}/"], ids=["bare", "slash"])
def test_below_a_stage_page_and_api_are_found(open_page: OpenPage, path: str) -> None:
    cook = open_page(path=path)
    assert cook.page.evaluate("location.pathname + location.search") == f"{STAGE}/"
    cook.choose("servings", 3)
    cook.ask()
    cook.wait_for_menu()
    assert cook.kitchen.paths[-1] == f"{STAGE}/v1/menus"
