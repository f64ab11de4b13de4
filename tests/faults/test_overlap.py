"""Many clients at once at the server of `make run`: each gets the answer to its own request."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from local_server import local_server

CLIENTS = 16
REQUESTS_OF_A_CLIENT = 4
TIMEOUT_SECONDS = 120


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with local_server(tmp_path_factory.mktemp("server") / "log.txt") as url:
        yield url


def servings_of(text: str) -> set[int]:
    """Return for how many the recipe cards of an answer are."""
    return {int(count) for count in re.findall(r"（(\d+)人分・約", text)}


def echo(url: str, mark: int) -> None:
    question = f"合言葉{mark}。夕食をお願いします"
    parameters = {"return_full_text": True, "max_new_tokens": 16}
    body = {"inputs": question, "parameters": parameters}
    [answer] = requests.post(f"{url}/generate", json=body, timeout=TIMEOUT_SECONDS).json()
    assert answer["generated_text"].startswith(f"{question}\n")


def menu(url: str, mark: int) -> None:
    allergen = ("えび", "卵", "乳")[mark % 3]
    body = {"request": "夕食を", "servings": mark % 12 + 1, "allergens": [allergen]}
    answer = requests.post(f"{url}/v1/menus", json=body, timeout=TIMEOUT_SECONDS).json()
    assert answer["servings"] == mark % 12 + 1
    [kept, *_] = answer["constraints"]
    assert (kept["constraint"], kept["value"]) == ("allergens", allergen)


def stream(url: str, mark: int) -> None:
    turn = {"role": "user", "content": f"えびアレルギーです。{mark % 8 + 1}人分の夕食を"}
    body = {"messages": [turn], "stream": True}
    path = f"{url}/v1/chat/completions"
    events = requests.post(path, json=body, timeout=TIMEOUT_SECONDS).content.decode()
    assert events.endswith("data: [DONE]\n\n")
    assert servings_of(events) == {mark % 8 + 1}
    assert len(set(re.findall(r"chatcmpl-\w+", events))) == 1


def error(url: str, mark: int) -> None:
    path = f"{url}/no-such-{mark}"
    answer = requests.post(path, data=b"\xff" * mark, timeout=TIMEOUT_SECONDS).json()
    assert f"/no-such-{mark} " in answer["error"]["message"]


def test_no_answer_goes_to_another_client(url: str) -> None:
    asks: list[Callable[[str, int], None]] = [echo, menu, stream, error]
    with ThreadPoolExecutor(CLIENTS) as clients:
        marks = range(CLIENTS * REQUESTS_OF_A_CLIENT)
        # `list` raises what a client has raised.
        list(clients.map(lambda mark: asks[mark % len(asks)](url, mark), marks))
