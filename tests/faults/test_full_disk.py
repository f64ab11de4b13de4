"""A `/tmp` that is full or may not be written: the handler writes no files at all."""

from typing import Final

from fresh_handler import QUESTION, ask_fresh_handler, post

from chef_llm.asgi import http_event

TURN = {"role": "user", "content": "鮭で夕食を"}
EVENTS = [
    http_event("GET", "/health", {}, b""),
    http_event("GET", "/openapi.json", {}, b""),
    post("/generate", QUESTION),
    post("/v1/chat/completions", {"messages": [TURN], "stream": True}),
    post("/v1/menus", {"request": "えびアレルギーです。3日分の夕食を"}),
]
# The test's own premise: a file that would be written cannot be.
WRITE: Final = """
import tempfile
try:
    with tempfile.TemporaryFile(buffering=0) as file:
        file.write(b"x")
except OSError:
    pass
else:
    sys.exit("a file was written")
"""


def test_every_route_answers_where_no_file_can_be_written() -> None:
    answers = ask_fresh_handler([WRITE, *EVENTS], may_write_files=False)
    assert [answer["statusCode"] for answer in answers] == [200] * len(EVENTS)
