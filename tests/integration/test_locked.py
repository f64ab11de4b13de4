"""A closed API, as a stranger and a browser meet it; skipped where no key is wanted.

`CHEF_API_URL` with `CHEF_API_KEY`, or `AWS_SAM_STACK_NAME`, say which one.
"""

import pytest
import requests

from chef_llm.app import ROUTES
from deployed import Deployment

TIMEOUT_SECONDS = 35
LOCKED = [(method, path) for path, method in ROUTES.items() if path != "/health"]
ELSEWHERE = [("GET", "/nothing"), ("DELETE", "/generate")]
ORIGIN = "https://page.example"


@pytest.fixture(autouse=True)
def _locked(deployment: Deployment) -> None:
    if not deployment.key:
        pytest.skip("this API wants no key")


def ask(
    deployment: Deployment, method: str, path: str, authorization: str | None
) -> requests.Response:
    headers = {} if authorization is None else {"authorization": authorization}
    url = f"{deployment.url}{path}"
    return requests.request(method, url, json={}, headers=headers, timeout=TIMEOUT_SECONDS)


@pytest.mark.parametrize(("method", "path"), [*LOCKED, *ELSEWHERE])
def test_a_stranger_is_refused(deployment: Deployment, method: str, path: str) -> None:
    assert ask(deployment, method, path, None).status_code == 401
    assert ask(deployment, method, path, "Bearer wrong-key").status_code == 403


@pytest.mark.parametrize("scheme", ["Basic", "Key", ""])
def test_the_key_counts_only_as_a_bearer_token(deployment: Deployment, scheme: str) -> None:
    response = ask(deployment, "GET", "/v1/models", f"{scheme} {deployment.key}".strip())
    assert response.status_code == 403


def test_who_has_the_key_is_served(deployment: Deployment) -> None:
    response = ask(deployment, "GET", "/v1/models", f"Bearer {deployment.key}")
    assert response.status_code == 200


def test_health_and_the_page_are_open(deployment: Deployment) -> None:
    assert ask(deployment, "GET", "/health", None).status_code == 200
    assert ask(deployment, "GET", "/", None).status_code == 200


def test_a_preflight_needs_no_key(deployment: Deployment) -> None:
    headers = {
        "origin": ORIGIN,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type,x-stainless-lang",
    }
    response = requests.options(
        f"{deployment.url}/v1/chat/completions", headers=headers, timeout=TIMEOUT_SECONDS
    )
    assert response.ok
    assert response.headers["access-control-allow-origin"] in {"*", ORIGIN}
    allowed = response.headers["access-control-allow-headers"].lower()
    assert "authorization" in allowed
    assert "x-stainless-lang" in allowed
