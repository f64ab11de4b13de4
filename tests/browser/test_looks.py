"""What everyone must be able to read and use: axe in each state and both schemes; the weight."""

from typing import Any

import pytest
from conftest import DESK, PHONE, Cook, OpenPage

MOST_BYTES = 160_000
SCHEMES = ["light", "dark"]


def check_accessibility(cook: Cook) -> None:
    """Fail on what axe calls serious or critical."""
    axe: Any = pytest.importorskip("axe_playwright_python.sync_playwright")
    # Its script is run by the browser's tools, which the page's policy does not bind.
    violations = axe.Axe().run(cook.page).response["violations"]
    bad = [
        f"{one['id']}: {node['html'][:120]} {node.get('failureSummary', '')}"
        for one in violations
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
    assert bad == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360 px", "1280 px"])
def test_form_and_answer_are_accessible(
    open_page: OpenPage, size: tuple[int, int], scheme: str
) -> None:
    cook = open_page(size, scheme=scheme)
    name = f"{size[0]}-{scheme}"
    cook.shot(f"{name}-empty")
    check_accessibility(cook)
    for opened in cook.page.locator("form summary").all():
        opened.click()
    cook.choose("allergens", "えび", "ごま")
    cook.choose("servings", 4)
    cook.page.fill("#ingredient", "とり")
    check_accessibility(cook)
    cook.page.keyboard.press("Enter")
    cook.page.evaluate("scrollTo(0, 0)")
    cook.shot(f"{name}-form")
    check_accessibility(cook)
    cook.ask()
    cook.wait_for_menu()
    cook.shot(f"{name}-answer")
    check_accessibility(cook)
    cook.page.locator(".dish summary").nth(1).click()
    cook.page.locator(".steps input >> visible=true").first.check()
    cook.page.locator("#shopping input").first.check()
    cook.page.locator(".dish").nth(1).scroll_into_view_if_needed()
    cook.shot(f"{name}-recipe")
    check_accessibility(cook)
    cook.page.click("#open-history")
    cook.shot(f"{name}-notebook")
    check_accessibility(cook)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_week_working_and_problem_are_accessible(open_page: OpenPage, scheme: str) -> None:
    cook = open_page(scheme=scheme)
    cook.choose("days", 3)
    cook.ask("3日分の夕食")
    cook.wait_for_menu()
    cook.shot(f"360-{scheme}-week")
    check_accessibility(cook)
    cook.page.click("#back")
    cook.kitchen.unfinished = ["夕食です。\n主菜: 肉じゃが\n"]
    cook.page.click(".clear")
    cook.ask("夕食")
    cook.page.wait_for_selector(".growing")
    cook.wait_until("!document.getAnimations().some((one) => one.animationName === 'serve')")
    cook.shot(f"360-{scheme}-working")
    check_accessibility(cook)
    cook.page.click("#back")
    cook.kitchen.unfinished = []
    cook.kitchen.key = "hiraku"
    cook.ask("夕食")
    cook.page.wait_for_selector("#key")
    cook.shot(f"360-{scheme}-key")
    check_accessibility(cook)


def test_nothing_moves_where_less_motion_is_wished(open_page: OpenPage) -> None:
    cook = open_page(reduced_motion="reduce")
    cook.kitchen.unfinished = ["夕食です。\n主菜: 肉じゃが\n"]
    cook.ask("夕食")
    cook.page.wait_for_selector(".growing")
    assert cook.page.evaluate("document.getAnimations().length") == 0


def test_the_page_and_all_its_files_stay_light(open_page: OpenPage) -> None:
    cook = open_page()
    sizes = cook.page.evaluate(
        """async () => {
            const loaded = performance.getEntriesByType("resource").map((one) => one.name);
            const size = async (url) => [url, (await (await fetch(url)).blob()).size];
            const urls = new Set([location.href, ...loaded]);
            return Object.fromEntries(await Promise.all([...urls].map(size)));
        }"""
    )
    assert len(sizes) >= 14
    assert sum(sizes.values()) < MOST_BYTES, sizes
