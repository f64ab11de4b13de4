"""The page: plain files of this folder, served by the same function as the API.

Everything but the document and its service worker stands below a version, the hash of all files:
such an address always has the same content, so a browser may keep it for good, and no page ever
mixes the files of two releases.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from chef_llm.cookbook import Cookbook, load_cookbook
from chef_llm.cookbook.model import fold
from chef_llm.cookbook.vocabulary import vocabulary_json
from chef_llm.errors import RouteNotFound

PAGE_ROUTES: Final = {"/": "GET", "/page/sw.js": "GET", "/page/{version}/{file}": "GET"}
CONTENT_TYPES: Final = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "svg": "image/svg+xml; charset=utf-8",
    "webmanifest": "application/manifest+json; charset=utf-8",
}
INDEX: Final = "index.html"
SERVICE_WORKER: Final = "sw.js"
# The ingredients of the cookbook, for suggestions while one types, and the words of menus: made of
# the cookbook, and no files.
INGREDIENTS: Final = "ingredients.json"
VOCABULARY: Final = "vocabulary.js"
# What these two files say where the version has to stand, and the list of the versioned files.
VERSION_MARK: Final = "VERSION"
FILES_MARK: Final = '["FILES"]'
SECURITY_HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; manifest-src 'self'; worker-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}
# The document and the service worker are asked for anew each time, and answered by an ETag.
REVALIDATED: Final = "no-cache"
KEPT_FOR_GOOD: Final = "public, max-age=31536000, immutable"
# The query of a redirected request. Where a gateway takes the last slash off the path, the request
# looks the same after the redirect as before: by this it is known, and answered.
SLASH_ADDED: Final = "slash"

router = Router()  # type: ignore[no-untyped-call]  # it comes so


@dataclass(frozen=True)
class Page:
    """All files of the page by name, and the version that they are together."""

    version: str
    texts: Mapping[str, str]


@cache
def load_page() -> Page:
    """Return the page of this package with the ingredients of its cookbook; read once."""
    folder = files("chef_llm.web")
    texts = {
        path.name: path.read_text(encoding="utf-8")
        for path in sorted(folder.iterdir(), key=lambda path: path.name)
        if path.name.rpartition(".")[2] in CONTENT_TYPES
    }
    made = {
        INGREDIENTS: ingredients_json(load_cookbook()),
        VOCABULARY: f"export const VOCABULARY = {vocabulary_json()};\n",
    }
    return assemble({**texts, **made})


def assemble(texts: Mapping[str, str]) -> Page:
    """Return the page of `texts` (name to content), with its version put into them."""
    everything = json.dumps(texts, ensure_ascii=False, sort_keys=True)
    version = hashlib.sha256(everything.encode()).hexdigest()[:12]
    versioned = [f"page/{version}/{name}" for name in texts if is_versioned(name)]
    index = texts[INDEX].replace(VERSION_MARK, version)
    worker = texts[SERVICE_WORKER].replace(VERSION_MARK, version)
    worker = worker.replace(FILES_MARK, json.dumps(versioned))
    return Page(version, {**texts, INDEX: index, SERVICE_WORKER: worker})


def ingredients_json(cookbook: Cookbook) -> str:
    """Return all ingredients for suggestions, by section of the shop.

    Each is its name and what else it may be typed as, folded, each spelling once.
    """
    sections: dict[str, list[list[str]]] = {}
    for one in cookbook.ingredients.values():
        spellings = dict.fromkeys(map(fold, (one.name, one.reading, *one.aliases)))
        others = [spelling for spelling in spellings if spelling != one.name]
        sections.setdefault(one.section, []).append([one.name, *others])
    return json.dumps(sections, ensure_ascii=False, separators=(",", ":"))


def is_versioned(name: str) -> bool:
    """Tell whether a file stands below the version; the other two have addresses that stay."""
    return name not in (INDEX, SERVICE_WORKER)


@router.get("/", include_in_schema=False)
def index() -> Response[str]:
    """Return the page itself; below a stage or base path, from an address that ends in a slash.

    The page names everything relative to itself, so `…/prod` is sent on to `…/prod/`.
    """
    event = APIGatewayProxyEventV2(router.current_event.raw_event)
    sent = event.request_context.http.path
    if not sent.endswith("/") and event.raw_query_string != SLASH_ADDED:
        location = f"{sent.rpartition('/')[2]}/?{SLASH_ADDED}"
        headers = {"location": location, "cache-control": "no-store"}
        return Response(307, CONTENT_TYPES["html"], "", headers=headers)
    return _answer(INDEX, REVALIDATED)


@router.get("/page/sw.js", include_in_schema=False)
def service_worker() -> Response[str]:
    """Return the service worker, which may serve the page above its own folder."""
    return _answer(SERVICE_WORKER, REVALIDATED, {"service-worker-allowed": "../"})


@router.get("/page/<version>/<file>", include_in_schema=False)
def page_file(version: str, file: str) -> Response[str]:
    """Return one file of this version."""
    page = load_page()
    if version != page.version or file not in page.texts or not is_versioned(file):
        raise RouteNotFound("ページのこのファイルはありません。ページを開きなおしてください。")
    return _answer(file, KEPT_FOR_GOOD)


def _answer(
    name: str, cache_control: str, headers: Mapping[str, str] | None = None
) -> Response[str]:
    """Return the file, or 304 where the caller has it."""
    text = load_page().texts[name]
    etag = f'"{hashlib.sha256(text.encode()).hexdigest()[:16]}"'
    kept = {"etag": etag, "cache-control": cache_control, **SECURITY_HEADERS, **(headers or {})}
    content_type = CONTENT_TYPES[name.rpartition(".")[2]]
    if etag in _known_tags(router.current_event.headers.get("if-none-match", "")):
        return Response(304, content_type, "", headers=kept)
    return Response(200, content_type, text, headers=kept)


def _known_tags(if_none_match: str) -> list[str]:
    """Return the tags of an If-None-Match header; what a proxy made weak is the same to us."""
    return [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
