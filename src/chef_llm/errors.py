"""The errors that a caller can meet; `app` maps each to a status, by type."""

from http import HTTPStatus
from typing import Final

# Of what somebody wrote, so much is quoted back.
LONGEST_QUOTED: Final = 40


class ChefError(Exception):
    """Base of all errors with an answer for the caller; `detail` goes to the log alone.

    `english` says the same to programmers, on the routes that other servers have too.
    """

    status: HTTPStatus = HTTPStatus.INTERNAL_SERVER_ERROR
    type: str = "server_error"
    code: str = "internal_error"
    english: str = "The server had an error."

    def __init__(
        self,
        message: str,
        *,
        param: str | None = None,
        detail: str | None = None,
        english: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.english = english or self.english
        self.param = param
        self.detail = detail


class InvalidRequest(ChefError):
    """The request itself is wrong; `param` names the field when there is one."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    type = "invalid_request_error"
    code = "invalid_value"
    english = "The request is invalid."


class MalformedRequest(InvalidRequest):
    """The body is no JSON."""

    status = HTTPStatus.BAD_REQUEST
    code = "malformed_json"
    english = "The body cannot be read as a JSON object."


class PromptTooLong(InvalidRequest):
    """The conversation does not fit the model's context even with its oldest turns gone."""

    status = HTTPStatus.BAD_REQUEST
    code = "context_length_exceeded"

    def __init__(self, message: str, tokens: int, context_length: int) -> None:
        super().__init__(
            message,
            # Words that clients look for: they retry with less, or with another model.
            english=f"The prompt is too long: {tokens} tokens. This model's maximum context "
            f"length is {context_length} tokens. Please shorten it.",
        )


class BodyTooLarge(InvalidRequest):
    """The body is over the limit."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "body_too_large"
    english = "The body is over the limit."


class UnsupportedMediaType(InvalidRequest):
    """The body is not declared as JSON."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    code = "unsupported_media_type"
    english = "The content type must be application/json."


class RouteNotFound(InvalidRequest):
    """No such path."""

    status = HTTPStatus.NOT_FOUND
    code = "not_found"
    english = "There is no such path."


class ModelNotFound(InvalidRequest):
    """No such model among those that are served."""

    status = HTTPStatus.NOT_FOUND
    code = "model_not_found"
    english = "There is no such model here."


class MethodNotAllowed(InvalidRequest):
    """The path exists, but not with this method."""

    status = HTTPStatus.METHOD_NOT_ALLOWED
    code = "method_not_allowed"
    english = "This path wants another method."


class ClientGone(InvalidRequest):
    """Who asked has hung up; no one reads this."""

    status = HTTPStatus.REQUEST_TIMEOUT
    code = "client_gone"
    english = "The client has hung up."


class DeadlineExceeded(ChefError):
    """Time ran out before the first token."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    type = "service_unavailable"
    code = "deadline"
    english = "Time ran out before the first token. Please shorten the request."


class Misconfigured(ChefError):
    """An environment variable is wrong; the message names it."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    type = "service_unavailable"
    code = "misconfigured"
    english = "The server is misconfigured."


class ModelUnavailable(ChefError):
    """The model cannot be loaded; the message says which and why."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    type = "service_unavailable"
    code = "model_unavailable"
    english = "The model is not available."


def _quoted(words: str) -> str:
    return words if len(words) <= LONGEST_QUOTED else f"{words[:LONGEST_QUOTED]}…"


class UnclearExclusion(InvalidRequest):
    """Somebody has an allergy, and nobody said to what: no menu is safe before that is known."""

    code = "unclear_exclusion"
    english = "Somebody has an allergy, and it is not said to what."

    def __init__(self, *words: str) -> None:
        said = "」「".join(map(_quoted, words))
        super().__init__(
            f"「{said}」とありますが、何を外せばよいかわかりませんでした。"
            "アレルギーのある食材の名前を教えてください。わかるまで献立はお出ししません。",
            param="request",
        )


class Emergency(InvalidRequest):
    """Somebody may be in danger right now: who asks a chef has to be told whom to call.

    総務省消防庁「救急車を上手に使いましょう」 names the signs and the numbers.
    """

    code = "emergency"
    english = "Somebody may be in danger: call 119 (Japan). No menu is planned."

    def __init__(self, words: str) -> None:
        super().__init__(
            f"「{_quoted(words)}」とのこと、命に関わるかもしれません。すぐに119番に電話してください。"
            "息が苦しい、声がかすれる、唇や顔が腫れる、何度も吐いてぐったりしている、"
            "のどに物が詰まった、意識がおかしいときは、様子を見ずに119番です。"
            "電話がつながったら、指示に従ってください。エピペンを処方されている方は、"
            "医師に言われたとおりに使ってください。飲み物や食べ物を与えたり、無理に吐かせたりしないでください。"
            "救急車を呼ぶか迷うときは、#7119（お子さんは #8000）で相談できます。"
            "私は献立を考えるシェフなので、これ以上の判断はできません。",
            param="request",
        )


class NoMenu(InvalidRequest):
    """No menu keeps all constraints; the message names what has to give, and by how much."""

    code = "no_menu"
    english = "No menu keeps all constraints."
