"""`POST /v1/embeddings`, for models that are made for it, and `POST /tokenize`, for all."""

import base64
import struct
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr

from chef_llm.api.completions import TokenList
from chef_llm.api.fields import Request
from chef_llm.api.operator_limits import refuse_empty, refuse_long_prompt
from chef_llm.chat.chef import Chef
from chef_llm.engines import Deadline, require_room
from chef_llm.errors import InvalidRequest
from chef_llm.settings import Settings

MOST_TEXTS: Final = 256
Texts = Annotated[list[StrictStr | TokenList], Field(min_length=1, max_length=MOST_TEXTS)]


class EmbeddingsRequest(Request):
    """`POST /v1/embeddings`, as OpenAI defines it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"input": ["豚肉と大根の煮物", "鮭のムニエル"]}]}
    )
    input: StrictStr | TokenList | Texts
    model: StrictStr | None = None
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: int | None = None

    @property
    def texts(self) -> list[str | list[int]]:
        """Each text by itself."""
        if isinstance(self.input, str):
            return [self.input]
        texts: list[str | list[int]] = [one for one in self.input if not isinstance(one, int)]
        return texts or [[one for one in self.input if isinstance(one, int)]]


class Embedding(BaseModel):
    """The vector of one text: numbers, or their 32-bit floats (little-endian) in Base64."""

    object: Literal["embedding"] = "embedding"
    index: int
    embedding: list[float] | str


class EmbeddingsUsage(BaseModel):
    """What the model read."""

    prompt_tokens: int
    total_tokens: int


class EmbeddingsResponse(BaseModel):
    """The response of `POST /v1/embeddings`."""

    object: Literal["list"] = "list"
    model: str
    data: list[Embedding]
    usage: EmbeddingsUsage


class TokenizeRequest(Request):
    """`POST /tokenize`, as llama-server defines it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"content": "豚肉と大根", "with_pieces": True}]}
    )
    content: StrictStr
    add_special: StrictBool = False
    parse_special: StrictBool = True
    with_pieces: StrictBool = False


class Piece(BaseModel):
    """A token with what it spells: text, or bytes that are no character by themselves."""

    id: int
    piece: str | list[int]


class TokenizeResponse(BaseModel):
    """The response of `POST /tokenize`."""

    tokens: list[int] | list[Piece]


def answer_embeddings(
    request: EmbeddingsRequest, chef: Chef, settings: Settings, deadline: Deadline
) -> EmbeddingsResponse:
    """Answer `POST /v1/embeddings`; raises `InvalidRequest` where the model makes none."""
    if request.dimensions is not None:
        raise InvalidRequest(
            "dimensions は指定できません。",
            param="dimensions",
            english="dimensions cannot be chosen.",
        )
    characters = sum(len(text) for text in request.texts)
    refuse_long_prompt(characters, "input", settings.most_prompt_characters)
    texts = []
    for text in request.texts:
        refuse_empty(text, "input")
        words = chef.engine.tokenize(text, special=False) if isinstance(text, str) else text
        tokens = [*chef.engine.start_tokens, *words] if isinstance(text, str) else words
        require_room(tokens, chef.engine.context_length)
        texts.append(tokens)
    vectors = chef.engine.embed(texts, deadline)
    if vectors is None:
        raise InvalidRequest(
            f"{chef.model.name} は文章をベクトルにするためのモデルではありません。",
            param="model",
            english=f"{chef.model.name} does not make embeddings.",
        )
    read = sum(map(len, texts))
    return EmbeddingsResponse(
        model=chef.model.name,
        data=[
            Embedding(index=index, embedding=_encoded(vector, request.encoding_format))
            for index, vector in enumerate(vectors)
        ],
        usage=EmbeddingsUsage(prompt_tokens=read, total_tokens=read),
    )


def answer_tokenize(request: TokenizeRequest, chef: Chef, settings: Settings) -> TokenizeResponse:
    """Answer `POST /tokenize`."""
    refuse_long_prompt(len(request.content), "content", settings.most_prompt_characters)
    spelled = chef.engine.spelled(request.content, special=request.parse_special)
    start = chef.engine.start_tokens if request.add_special else []
    if not request.with_pieces:
        return TokenizeResponse(tokens=[*start, *(token for token, _ in spelled)])
    # What begins every text spells nothing of it.
    pieces = [*((token, "") for token in start), *spelled]
    return TokenizeResponse(tokens=[Piece(id=token, piece=piece) for token, piece in pieces])


def _encoded(vector: list[float], encoding: str) -> list[float] | str:
    if encoding == "float":
        return vector
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode("ascii")
