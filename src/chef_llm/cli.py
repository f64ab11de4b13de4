"""The chef in a terminal: `chef ask "…"`, through the real handler."""

import argparse
import json
import sys
from typing import Final

from chef_llm.asgi import LocalContext, http_event
from chef_llm.settings import quiet_observability

DEFAULT_QUESTION: Final = "鶏むね肉とキャベツで、2人分の夕食をお願いします"


def ask(question: str) -> int:
    """Send `question` as an API Gateway event through the Lambda handler and print the menu.

    Returns the exit code: 0, or 1 when the answer is an error.
    """
    quiet_observability()
    from chef_llm.app import lambda_handler  # noqa: PLC0415  # after the logs are quiet

    body = json.dumps({"input": question}).encode()
    event = http_event("POST", "/generate", {"content-type": "application/json"}, body)
    response = lambda_handler(event, LocalContext())
    answer = json.loads(response["body"])
    if response["statusCode"] != 200:  # noqa: PLR2004
        print(f"エラー: {answer['error']['message']}", file=sys.stderr)
        return 1
    print(answer[0]["generated_text"])
    return 0


def main() -> int:
    """Run the command line; returns its exit code."""
    parser = argparse.ArgumentParser(prog="chef", description="献立シェフ")
    commands = parser.add_subparsers(dest="command", required=True)
    asking = commands.add_parser("ask", help="料理や献立を相談する")
    asking.add_argument("question", nargs="?", default=DEFAULT_QUESTION)
    arguments = parser.parse_args()
    return ask(arguments.question)


if __name__ == "__main__":
    sys.exit(main())
