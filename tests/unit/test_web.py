"""The page's files as the handler serves them: addresses, headers, versions."""

import json
import re
from dataclasses import dataclass
from typing import Any

import pytest

from chef_llm.app import lambda_handler
from chef_llm.asgi import LocalContext, http_event
from chef_llm.cookbook import MANDATORY, RECOMMENDED, load_cookbook
from chef_llm.cookbook.model import fold
from chef_llm.cookbook.vocabulary import DIETS
from chef_llm.web import INDEX, SERVICE_WORKER, assemble, load_page
from over_http import call

FOREIGN = re.compile(r"(?:https?:)?//(?!www\.w3\.org/2000/svg)[a-z]")


@dataclass(frozen=True)
class File:
    status: int
    headers: dict[str, str]
    body: str


def get(path: str, query: str = "", **changes: Any) -> File:
    headers = changes.pop("headers", {})
    event = http_event("GET", path, headers, b"", query) | changes
    answer = lambda_handler(event, LocalContext())
    return File(
        answer["statusCode"],
        {name.lower(): value for name, value in answer["headers"].items()},
        answer["body"],
    )


def versioned(name: str) -> str:
    return f"/page/{load_page().version}/{name}"


# Of the cookbook, and no files.
MADE = ("ingredients.json", "vocabulary.js")
NAMES = sorted(load_page().texts)
PATHS = ["/", "/page/sw.js"] + [versioned(name) for name in NAMES if not name.endswith(".html")]


def is_strict(served: File) -> bool:
    policy = served.headers["content-security-policy"]
    return (
        policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        and "unsafe" not in policy
        and "frame-ancestors 'none'" in policy
        and served.headers["x-content-type-options"] == "nosniff"
        and served.headers["referrer-policy"] == "no-referrer"
    )


def test_each_file_is_served_under_a_strict_policy() -> None:
    served = {path: get(path) for path in PATHS if not path.endswith("/sw.js")}

    assert {path: file.status for path, file in served.items()} == dict.fromkeys(served, 200)
    assert not [path for path, file in served.items() if not is_strict(file)]


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("chef.css", "text/css"),
        ("chef.js", "text/javascript"),
        ("icon.svg", "image/svg+xml"),
        ("chef.webmanifest", "application/manifest+json"),
        ("ingredients.json", "application/json"),
    ],
)
def test_a_versioned_file_may_be_kept_for_good(name: str, content_type: str) -> None:
    served = get(versioned(name))
    assert served.headers["content-type"] == f"{content_type}; charset=utf-8"
    assert served.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", ["/", "/page/sw.js"])
def test_document_and_service_worker_are_asked_for_anew(path: str) -> None:
    assert get(path).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/", "/page/sw.js", versioned("chef.js")])
@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}'])
def test_who_has_the_file_gets_no_body(path: str, form: str) -> None:
    etag = get(path).headers["etag"]
    again = get(path, headers={"if-none-match": form.format(etag)})
    assert (again.status, again.body, again.headers["etag"]) == (304, "", etag)
    assert get(path, headers={"if-none-match": '"older"'}).status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/page",
        "/page/",
        "/page/chef.js",
        "/page/000000000000/chef.js",
        versioned("index.html"),
        versioned("sw.js"),
        versioned("__init__.py"),
        versioned("../app.py"),
        versioned("..%2f..%2fapp.py"),
        versioned("%2e%2e/%2e%2e/settings.py"),
        versioned("../../../../etc/passwd"),
        "/index.html",
        "/chef.css",
    ],
)
def test_any_other_path_is_not_found(path: str) -> None:
    assert get(path).status == 404


@pytest.mark.parametrize("path", ["/", "/page/sw.js", "/page/1/chef.js"])
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_the_page_can_only_be_read(method: str, path: str) -> None:
    answer = call(method, path, {} if method == "POST" else None)
    assert (answer.status, answer.headers["allow"]) == (405, "GET")


@pytest.mark.parametrize(
    ("sent", "location"), [("/prod", "prod/?slash"), ("/a/kitchen", "kitchen/?slash")]
)
def test_below_a_stage_or_base_path_the_page_stands_at_a_slash(sent: str, location: str) -> None:
    route = {"routeKey": "GET /"}
    bare = get(sent, **route)
    assert (bare.status, bare.headers["location"]) == (307, location)
    assert bare.headers["cache-control"] == "no-store"
    assert get(f"{sent}/", **route).status == 200
    # Where a gateway takes the slash away, one redirect is enough.
    assert get(sent, "slash", **route).status == 200


def test_a_file_is_found_below_a_stage_too() -> None:
    path = versioned("chef.css").removeprefix("/page/")
    event = {"routeKey": "GET /page/{proxy+}", "pathParameters": {"proxy": path}}
    assert get(f"/prod/page/{path}", **event).status == 200


def test_the_service_worker_may_serve_the_page_above_its_folder() -> None:
    served = get("/page/sw.js")
    assert served.headers["service-worker-allowed"] == "../"
    listed = json.loads(re.search(r"const FILES = (\[.*?\])", served.body)[1])  # type: ignore[index]
    assert {f"/{path}" for path in listed} == {
        versioned(name) for name in NAMES if name not in (INDEX, SERVICE_WORKER)
    }


def test_a_changed_file_makes_another_version_and_another_service_worker() -> None:
    texts = {INDEX: "page/VERSION/a.js", SERVICE_WORKER: 'VERSION ["FILES"]', "a.js": "1"}
    old, new = assemble(texts), assemble({**texts, "a.js": "2"})
    assert old == assemble(texts)
    assert old.version != new.version
    assert new.texts[INDEX] == f"page/{new.version}/a.js"
    assert new.texts[SERVICE_WORKER] == f'{new.version} ["page/{new.version}/a.js"]'


def test_every_address_in_the_document_is_one_of_a_file() -> None:
    addresses = re.findall(r'(?:src|href)="([^#"]+)"', get("/").body)
    assert len(addresses) == 4
    assert {f"/{address}" for address in addresses} <= set(PATHS)


def test_no_file_names_another_server() -> None:
    foreign = [
        (name, line)
        for name, text in load_page().texts.items()
        for line in text.splitlines()
        if name not in MADE and FOREIGN.search(line)
    ]

    assert not foreign, foreign[:10]


def test_no_script_and_no_style_stands_in_the_document() -> None:
    document = load_page().texts[INDEX]
    assert re.findall(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", document) == []


def test_no_module_makes_markup_of_text() -> None:
    modules = "".join(text for name, text in load_page().texts.items() if name.endswith(".js"))
    assert (
        re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", modules)
        == []
    )


def test_the_page_has_its_words_of_menus_from_the_cookbook() -> None:
    text = get(versioned("vocabulary.js")).body
    lists = json.loads(text.removeprefix("export const VOCABULARY = ").removesuffix(";\n"))
    assert list(lists["mandatory"]) == list(MANDATORY)
    assert list(lists["recommended"]) == list(RECOMMENDED)
    assert lists["cuisines"]["和"] == ["和食", "Japanese"]
    assert lists["diets"]["low_salt"] == ["減塩", "Low salt"]
    assert lists["nutrients"]["salt_g"] == ["食塩", "Salt", "g", 6.5]
    written = "".join(text for name, text in load_page().texts.items() if name not in MADE)
    # No second copy: what a file of the page still names, it names for a purpose of its own.
    assert not [name for name in (*MANDATORY, *RECOMMENDED, *DIETS) if f'"{name}"' in written]


def test_ingredients_have_all_their_spellings_by_section() -> None:
    sections = json.loads(get(versioned("ingredients.json")).body)
    cookbook = load_cookbook()
    assert sum(map(len, sections.values())) == len(cookbook.ingredients)
    [spellings] = [one for one in sections["肉"] if one[0] == "鶏むね肉"]
    assert spellings[1] == "とりむねにく"
    assert {fold(alias) for alias in cookbook.ingredients["鶏むね肉"].aliases} <= set(spellings)


def test_both_languages_say_everything() -> None:
    words = load_page().texts["words.js"]
    document = load_page().texts[INDEX]
    keys = set(re.findall(r"^  (\w+): \[", words, re.MULTILINE))
    used = set(re.findall(r'data-(?:text|placeholder|label)="(\w+)"', document))
    modules = "".join(text for name, text in load_page().texts.items() if name.endswith(".js"))
    used |= set(re.findall(r'say\("(\w+)"', modules))
    assert used <= keys
    assert len(re.findall(r'^  \w+: \["[^"]+", "[^"]+"\],$', words, re.MULTILINE)) == len(keys)
