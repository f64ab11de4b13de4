"""The Lambda authorizer of the HTTP API: payload 2.0 in, simple response out."""

import logging
import os
import re
from collections.abc import Mapping
from functools import cache, partial
from typing import Any, Final

from chef_authorizer.keys import KeyRing, KeysUnreadable, read_keys, secrets_manager

SECRET_VARIABLE: Final = "CHEF_KEY_SECRET"  # noqa: S105  # the name of a variable
# RFC 6750; the name of the scheme in any case (RFC 9110).
BEARER: Final = re.compile(r"(?i:bearer) +([A-Za-z0-9._~+/-]+=*)")

logger = logging.getLogger(__name__)
logger.setLevel(logging.INFO)


def lambda_handler(event: dict[str, Any], _context: object) -> dict[str, bool]:
    """Return whether the caller's key is valid. Neither a key nor a header is ever logged."""
    key = bearer_key(event.get("headers") or {})
    if key is None:
        return _denied("no bearer token in the header authorization")
    try:
        is_valid = key_ring().holds(key)
    except KeysUnreadable as error:
        logger.error("nobody is let in, the valid keys cannot be read: %s", error)
        return {"isAuthorized": False}
    return {"isAuthorized": True} if is_valid else _denied("the key is not valid")


def bearer_key(headers: Mapping[str, str]) -> str | None:
    """Return the key of `Authorization: Bearer KEY`, None if there is none or it is malformed."""
    values = [value for name, value in headers.items() if name.lower() == "authorization"]
    match = BEARER.fullmatch(values[0]) if len(values) == 1 else None
    return match[1] if match else None


def _denied(reason: str) -> dict[str, bool]:
    logger.info("denied: %s", reason)
    return {"isAuthorized": False}


@cache
def key_ring() -> KeyRing:
    """Return this process's key ring; nothing is read before the first key is compared."""
    return KeyRing(partial(read_keys, secrets_manager(), os.environ[SECRET_VARIABLE]))


# On Lambda a client is made in init, which has more CPU than 128 MB give later.
if SECRET_VARIABLE in os.environ:
    key_ring()
