"""What goes wrong is said in plain words, with a way on."""

from typing import Any

import pytest
from conftest import Cook, OpenPage

MENUS = "**/v1/menus"


def refuse(cook: Cook, status: int, code: str | None = None, message: str = "") -> None:
    """Let the next menus be refused, as the application or (without a code) the gateway does."""
    gateway = {"message": "Too Many Requests"}
    error = {"error": {"message": message, "type": "server_error", "param": None, "code": code}}
    cook.page.route(
        MENUS, lambda route: route.fulfill(status=status, json=error if code else gateway)
    )


def ask_for_a_menu(cook: Cook) -> None:
    cook.choose("servings", 2)
    cook.ask()


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        (429, None, "混み合っています"),
        (503, "model_unavailable", "シェフがまだ起きていません"),
        (503, None, "シェフがまだ起きていません"),
        (503, "deadline", "時間内に決まりませんでした"),
        (504, None, "時間内に決まりませんでした"),
        (500, "internal_error", "うまくいきませんでした"),
    ],
)
def test_a_refusal_is_told_and_asking_again_helps(
    open_page: OpenPage, status: int, code: str | None, said: str
) -> None:
    cook = open_page()
    refuse(cook, status, code)
    ask_for_a_menu(cook)
    assert cook.page.wait_for_selector(".problem h3").inner_text() == said
    assert cook.page.evaluate("document.activeElement.textContent") == said
    cook.page.unroute(MENUS)
    cook.page.click(".problem .primary")
    cook.wait_for_menu()
    assert cook.page.locator(".problem").count() == 0


def test_a_server_that_is_gone_is_told(open_page: OpenPage) -> None:
    cook = open_page()
    cook.page.context.set_offline(True)
    cook.ask("魚の夕食")
    assert cook.page.wait_for_selector(".problem h3").inner_text() == "つながりません"
    cook.shot("phone-offline")
    cook.page.context.set_offline(False)
    cook.page.click(".problem .primary")
    cook.wait_for_menu()


def test_a_wrong_field_is_told_beside_it(open_page: OpenPage) -> None:
    cook = open_page()
    cook.page.click("#more summary")
    cook.page.fill("#exclude", "まぼろし草")
    cook.ask("夕食")
    wrong = cook.page.wait_for_selector("[data-field=exclude] .wrong").inner_text()
    assert wrong.startswith("「使わないもの」の「まぼろし草」は料理帳の")
    assert cook.page.evaluate("document.activeElement.id") == "exclude"
    assert cook.page.get_attribute("#exclude", "aria-invalid") == "true"
    cook.shot("phone-wrong-field")
    cook.page.fill("#exclude", "ピーマン")
    assert cook.page.locator(".wrong").count() == 0
    cook.ask()
    cook.wait_for_menu()


def test_no_menu_is_told_with_what_would_help(open_page: OpenPage) -> None:
    cook = open_page()
    cook.choose("max_minutes", 10)
    cook.choose("allergens", "小麦", "大豆", "卵")
    cook.choose("diet", "high_protein")
    cook.ask("夕食")
    assert cook.page.wait_for_selector(".problem h3").inner_text() == "条件に合う献立がありません"
    cook.shot("phone-no-menu")
    said = cook.texts(".problem p")[0]
    assert "max_minutes" not in said
    assert "「一品にかける時間」を" in said
    cook.page.locator(".problem .primary").click()
    cook.wait_for_menu()
    assert cook.texts("#keeping") == ["小麦・卵・大豆 なし"]


def test_an_allergy_is_never_proposed_to_be_given_up(open_page: OpenPage) -> None:
    cook = open_page()
    message = "条件をすべて守れる夕食の献立がありません。「卵」を含まない料理が足りません。"
    error = {"message": message, "type": "x", "param": "allergens", "code": "no_menu"}
    cook.page.route(MENUS, lambda route: route.fulfill(status=422, json={"error": error}))
    cook.choose("allergens", "卵")
    cook.ask("夕食")
    cook.page.wait_for_selector(".problem")
    assert cook.texts(".problem button") == ["「アレルギー」を見直す"]
    cook.page.click(".problem button")
    cook.wait_until("document.activeElement.name === 'allergens'")


def test_a_key_is_asked_for_where_one_is_wanted_and_kept_until_the_tab_closes(
    open_page: OpenPage,
) -> None:
    cook = open_page()
    cook.kitchen.key = "hiraku"
    assert cook.page.locator("#key").count() == 0
    ask_for_a_menu(cook)
    cook.page.wait_for_selector("#key")
    cook.shot("phone-key")
    cook.page.fill("#key", "chigau")
    cook.page.keyboard.press("Enter")
    cook.page.wait_for_selector(".problem >> text=そのAPIキーは使えません")
    cook.page.fill("#key", "hiraku")
    cook.page.keyboard.press("Enter")
    cook.wait_for_menu()
    cook.page.reload()
    cook.ask("魚の夕食")
    cook.wait_for_menu()
    stored: dict[str, Any] = cook.page.evaluate("({...localStorage})")
    assert "hiraku" not in str(stored)


def test_a_key_is_asked_for_by_a_sentence_too(open_page: OpenPage) -> None:
    cook = open_page()
    cook.kitchen.key = "hiraku"
    cook.ask("魚の夕食")
    cook.page.fill("#key", "hiraku")
    cook.page.click(".problem .primary")
    cook.wait_for_menu()


def test_an_answer_that_breaks_off_is_shown_as_far_as_it_came(open_page: OpenPage) -> None:
    cook = open_page()
    body = (
        'data: {"choices": [{"delta": {"content": "夕食です。\\n主菜: 肉じゃが\\n副菜: ほ"}}]}\n\n'
    )
    headers = {"content-type": "text/event-stream"}
    cook.page.route("**/chat/completions", lambda route: route.fulfill(body=body, headers=headers))
    cook.ask("夕食")
    cook.wait_for_menu()
    assert "途切れました" in cook.texts(".note")[0]
    assert cook.texts(".dish .name")[0] == "肉じゃが"


def test_once_loaded_the_page_opens_without_a_network(open_page: OpenPage) -> None:
    cook = open_page(service_workers="allow")
    cook.page.evaluate("navigator.serviceWorker.ready")
    cook.wait_until("navigator.serviceWorker.controller !== null")
    cook.ask("魚の夕食")
    cook.wait_for_menu()
    dishes = cook.texts(".dish .name")
    cook.page.context.set_offline(True)
    cook.page.reload()
    cook.page.click("#open-history")
    cook.page.click(".entry")
    assert cook.texts(".dish .name") == dishes
    cook.page.click("#back")
    cook.page.fill("#ingredient", "だいこ")
    assert "大根" in cook.texts("#suggestions li")
    kept = cook.page.evaluate(
        """async () => {
            const keys = async (name) => (await caches.open(name)).keys();
            const requests = await Promise.all((await caches.keys()).map(keys));
            return requests.flat().map((request) => new URL(request.url).pathname);
        }"""
    )
    assert all(path == "/" or path.startswith("/page/") for path in kept), "no answer is kept"
