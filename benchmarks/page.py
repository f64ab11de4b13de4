"""What the page weighs, and how soon it shows: prints a table.

    python benchmarks/page.py http://127.0.0.1:3000/     # while `make run` serves it

Needs `make test-browser`'s packages and Chromium (`CHROMIUM`, or the one on the PATH). Each time is
the median of a few loads: without anything kept, and with the service worker's files.
"""

import argparse
import os
import shutil
from statistics import median
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright

from chef_llm.web import load_page

LOADS: Final = 7
PHONE: Final = {"width": 360, "height": 740}
FIRST_PAINT: Final = """() => new Promise((resolve) => new PerformanceObserver((list) => {
    for (const entry of list.getEntriesByName("first-contentful-paint")) resolve(entry.startTime);
}).observe({ type: "paint", buffered: true }))"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url", help="where the page is, with the slash at its end")
    url = parser.parse_args().url
    sizes = {name: len(text.encode()) for name, text in load_page().texts.items()}
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM") or shutil.which("chromium")
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=path, args=options)
        first = median(first_visit(browser, url) for _ in range(LOADS))
        later = later_visits(browser, url)
        browser.close()
    print("| | |\n|---|---|")
    print(f"| Files | {len(sizes)}, {sum(sizes.values()) / 1000:.0f} kB uncompressed |")
    largest = max(sizes, key=sizes.__getitem__)
    print(f"| The largest | {largest}, {sizes[largest] / 1000:.0f} kB |")
    print(f"| First contentful paint, first visit | {first:.0f} ms |")
    print(f"| First contentful paint, later visits | {later:.0f} ms |")


def new_page(browser: Browser, **options: Any) -> Page:
    """Return a page of a browser that has never been here."""
    return browser.new_context(viewport=PHONE, **options).new_page()


def first_visit(browser: Browser, url: str) -> float:
    """Return the milliseconds to the first contentful paint of a new visitor."""
    page = new_page(browser, service_workers="block")
    page.goto(url)
    milliseconds: float = page.evaluate(FIRST_PAINT)
    page.context.close()
    return milliseconds


def later_visits(browser: Browser, url: str) -> float:
    """Return the same for one who comes back: the files are there."""
    page = new_page(browser)
    page.goto(url)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    times: list[float] = []
    for _ in range(LOADS):
        page.reload()
        times.append(page.evaluate(FIRST_PAINT))
    page.context.close()
    return median(times)


if __name__ == "__main__":
    main()
