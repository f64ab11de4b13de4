"""The page in Debian's Chromium.

Every page that a test opens is watched: for errors, for what the Content-Security-Policy refuses,
and for requests to anywhere else.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from kitchen import Kitchen, serving

from required import unavailable

REQUIRED_BY = "CHEF_REQUIRE_BROWSER"
SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
PHONE, DESK = (360, 740), (1280, 900)
# The longest that a menu may take on a busy machine.
ANSWER_MILLISECONDS = 30_000
POLL_MILLISECONDS = 50
OpenPage = Callable[..., "Cook"]
# Each refusal of the policy, as the browser reports it to the page.
WATCH_POLICY = """
    window.refusals = [];
    const note = (event) => refusals.push(`${event.violatedDirective} ${event.blockedURI}`);
    addEventListener("securitypolicyviolation", note);
"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Start Chromium: `CHROMIUM`, else the one on the PATH."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        unavailable("there is no Chromium: apt-get install chromium", REQUIRED_BY)
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415
    except ImportError:
        unavailable("there is no Playwright: make test-browser installs it", REQUIRED_BY)
    # Chromium's sandbox does not start for root, as whom containers run.
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=options)
        yield running
        running.close()


@pytest.fixture(scope="session")
def server() -> Iterator[Kitchen]:
    with serving(Kitchen()) as kitchen:
        yield kitchen


@pytest.fixture
def kitchen(server: Kitchen) -> Kitchen:
    server.reset()
    return server


@dataclass
class Cook:
    """A browser's page, and what a cook does with it."""

    page: Any
    kitchen: Kitchen

    def choose(self, name: str, *values: str | int) -> None:
        """Press choices of the form, wherever they stand."""
        for value in values:
            box = self.page.locator(f"[name={name}][value='{value}']")
            if not box.is_visible():
                self.page.locator("form details", has=box).locator("summary").click()
            box.click()

    def ask(self, words: str = "") -> None:
        if words:
            self.page.fill("#request", words)
        self.page.click("#send")

    def wait_for_menu(self) -> None:
        self.page.wait_for_selector("#menu .caution", timeout=ANSWER_MILLISECONDS)

    def wait_until(self, condition: str) -> None:
        """Wait for a condition in JavaScript; Playwright's own way is refused by the policy."""
        for _ in range(ANSWER_MILLISECONDS // POLL_MILLISECONDS):
            if self.page.evaluate(condition):
                return
            self.page.wait_for_timeout(POLL_MILLISECONDS)
        pytest.fail(f"never true: {condition}")

    def texts(self, selector: str) -> list[str]:
        found: list[str] = self.page.locator(selector).all_inner_texts()
        return found

    def shot(self, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")


@pytest.fixture
def open_page(browser: Any, kitchen: Kitchen) -> Iterator[OpenPage]:
    """Open the page as a new visitor; close it and look at what was noticed when the test ends."""
    contexts: list[Any] = []
    noticed: list[str] = []
    pages: list[Any] = []

    def open_one(
        size: tuple[int, int] = PHONE, path: str = "", scheme: str = "light", **options: Any
    ) -> Cook:
        options = {"service_workers": "block", "locale": "ja-JP", **options}
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, **options
        )
        contexts.append(context)
        context.add_init_script(WATCH_POLICY)
        context.on("request", lambda request: note_request(request.url))
        page = context.new_page()
        pages.append(page)
        page.set_default_timeout(ANSWER_MILLISECONDS)
        page.on("pageerror", lambda error: noticed.append(f"error: {error}"))
        page.on("console", note_console)
        assert page.goto(kitchen.url + path).ok
        page.wait_for_selector("#mandatory label")
        return Cook(page, kitchen)

    def note_request(url: str) -> None:
        if not url.startswith((kitchen.url, "data:")):
            noticed.append(f"request to elsewhere: {url}")

    def note_console(message: Any) -> None:
        # A status of 400 and more is said there too, and is what some tests are about.
        if message.type == "error" and "Failed to load resource" not in message.text:
            noticed.append(f"console: {message.text}")

    yield open_one
    for page in pages:
        noticed.extend(f"refused by the policy: {one}" for one in page.evaluate("window.refusals"))
    for context in contexts:
        context.close()
    assert noticed == []
