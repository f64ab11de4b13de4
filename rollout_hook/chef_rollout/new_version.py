"""The version that is about to get traffic, called as API Gateway would call it."""

import json
from http import HTTPStatus
from typing import Any, Final

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

JSON: Final = "application/json"


class Unanswered(Exception):
    """The version gave no answer that a caller could use; the message says why."""


class NewVersion:
    """One published version of the function, by its ARN; each call waits `answer_seconds`."""

    def __init__(self, arn: str, answer_seconds: float) -> None:
        # Of a call that took too long there must be no second try: it would have been too late.
        limits = Config(
            connect_timeout=5, read_timeout=answer_seconds, retries={"total_max_attempts": 1}
        )
        self._arn = arn
        # At AWS_ENDPOINT_URL_LAMBDA, if that is set.
        self._client: Any = botocore.session.get_session().create_client("lambda", config=limits)

    def answer(self, method: str, path: str, body: Any = None) -> Any:
        """Return the JSON that a route answers with; raises `Unanswered`."""
        event = http_event(method, path, json.dumps(body, ensure_ascii=False))
        try:
            reply = self._client.invoke(FunctionName=self._arn, Payload=json.dumps(event))
            payload = reply["Payload"].read()
        except (BotoCoreError, ClientError) as error:
            raise Unanswered(f"{method} {path}: {error}") from error
        if "FunctionError" in reply:
            raise Unanswered(f"{method} {path}: the function failed ({reply['FunctionError']})")
        response = json.loads(payload)
        if response["statusCode"] != HTTPStatus.OK:
            code = json.loads(response["body"])["error"]["code"]
            raise Unanswered(f"{method} {path}: status {response['statusCode']}, {code}")
        return json.loads(response["body"])


def http_event(method: str, path: str, body: str) -> dict[str, Any]:
    """Return the event that an API Gateway HTTP API sends for this request (payload 2.0)."""
    http = {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"}
    return {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"content-type": JSON, "user-agent": "chef-rollout"},
        "requestContext": {"requestId": "rollout", "stage": "$default", "http": http},
        "body": body,
        "isBase64Encoded": False,
    }
