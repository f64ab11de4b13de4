"""The API keys that are valid now: the secret's current value, and the one before."""

import hashlib
import hmac
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

# Both are valid, so that a key can be replaced while its callers still use the old one.
VALID_STAGES: Final = ("AWSCURRENT", "AWSPREVIOUS")
# How long what was read is believed: a revoked key is refused after this, and after the gateway's
# own cache (`authorizerResultTtlInSeconds` in template.yaml).
KEPT_SECONDS: Final = 60.0
# Two reads with a second try each must end before the function does (`Timeout` in template.yaml).
CLIENT_LIMITS: Final = Config(
    connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 2, "mode": "standard"}
)


class KeysUnreadable(Exception):
    """The valid keys cannot be read; the message says which secret and why, and holds no key."""


class KeyRing:
    """Compares a key with the valid ones, which `read` returns; they are read again at times."""

    def __init__(
        self, read: Callable[[], Sequence[str]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._read = read
        self._clock = clock
        self._digests: list[bytes] = []
        self._good_until = float("-inf")

    def holds(self, key: str) -> bool:
        """Return whether `key` is valid; how long that takes tells nothing about the valid ones.

        Raises `KeysUnreadable`.
        """
        if self._clock() >= self._good_until:
            self._digests = [_digest(valid) for valid in self._read()]
            self._good_until = self._clock() + KEPT_SECONDS
        offered = _digest(key)
        # All of them are made, whichever succeeds: any() alone would stop at the first.
        comparisons = [hmac.compare_digest(offered, valid) for valid in self._digests]
        return any(comparisons)


def _digest(key: str) -> bytes:
    """Return the hash of a key: of one length, whatever the key's."""
    return hashlib.sha256(key.encode()).digest()


def secrets_manager() -> Any:
    """Return a client of Secrets Manager (at AWS_ENDPOINT_URL_SECRETS_MANAGER)."""
    return botocore.session.get_session().create_client("secretsmanager", config=CLIENT_LIMITS)


def read_keys(client: Any, secret_id: str) -> list[str]:
    """Return the valid keys; a secret that was never changed has one. Raises `KeysUnreadable`."""
    keys = []
    for stage in VALID_STAGES:
        try:
            secret = client.get_secret_value(SecretId=secret_id, VersionStage=stage)
        except (BotoCoreError, ClientError) as error:
            if stage == "AWSPREVIOUS" and _is_missing(error):
                continue
            raise KeysUnreadable(f"{stage} of the secret {secret_id}: {error}") from error
        keys.append(secret["SecretString"])
    return keys


def _is_missing(error: Exception) -> bool:
    return (
        isinstance(error, ClientError)
        and error.response["Error"]["Code"] == "ResourceNotFoundException"
    )
