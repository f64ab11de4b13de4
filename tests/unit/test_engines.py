"""The llama.cpp engine over a scripted server: deadlines, errors and the one who waits."""

import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from chef_llm.engines import Completion, Deadline, Sampling, llama_cpp
from chef_llm.engines import complete as run
from chef_llm.engines.llama_cpp import LlamaCppEngine, TokenVectors
from chef_llm.errors import ClientGone, DeadlineExceeded, InvalidRequest, ModelUnavailable

OnChunk = Callable[[dict[str, Any]], bool]


def piece(text: str, **more: Any) -> dict[str, Any]:
    return {"choices": [{"text": text, "finish_reason": None}], **more}


def end(reason: str, **more: Any) -> dict[str, Any]:
    return {"choices": [{"text": "", "finish_reason": reason}], **more}


PROGRESS = {"prompt_progress": {"processed": 256}, "choices": []}


@dataclass
class Server:
    """Stands in for llama.cpp's server: sends its chunks until it is told to stop."""

    chunks: list[Any] = field(default_factory=list)
    returned: dict[str, Any] | None = None
    listening_address: str = "http://127.0.0.1:1"
    bodies: list[dict[str, Any]] = field(default_factory=list)
    sent: int = 0
    asked: list[str] = field(default_factory=list)

    def handle_completions(self, body: dict[str, Any], on_chunk: OnChunk) -> dict[str, Any] | None:
        self.bodies.append(body)
        for chunk in self.chunks:
            if callable(chunk):
                chunk()
                continue
            self.sent += 1
            if on_chunk(chunk):
                break
        return self.returned


@dataclass
class Alarm:
    """A deadline that strikes when the test says so."""

    passed: bool = False
    remaining_seconds: float = 10.0

    def strike(self) -> None:
        self.passed = True


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def parameters() -> SimpleNamespace:
    return SimpleNamespace(
        model=SimpleNamespace(), cpuparams=SimpleNamespace(), cpuparams_batch=SimpleNamespace()
    )


@pytest.fixture
def engine(
    server: Server, parameters: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> LlamaCppEngine:
    library = SimpleNamespace(CommonParams=lambda: parameters, Server=lambda _: server)
    monkeypatch.setitem(sys.modules, "xllamacpp", library)
    properties = {"default_generation_settings": {"n_ctx": 512}}

    def asked(server: Server, key: str, path: str, body: dict[str, Any] | None = None) -> Any:
        server.asked.append(path)
        return properties

    monkeypatch.setattr(llama_cpp, "_asked", asked)
    model = tmp_path / "model.gguf"
    model.touch()
    return LlamaCppEngine(model, 512, threads=2)


def complete(engine: LlamaCppEngine, deadline: Any = None, **more: Any) -> Completion:
    arguments = {"sampling": Sampling(), "constraint": None, **more}
    return run(engine, [1, 2, 3], deadline=deadline or Deadline.after(10), **arguments)


def test_its_loop_runs_before_the_engine_is_handed_out(
    engine: LlamaCppEngine, server: Server
) -> None:
    # Only the loop answers it. A server destroyed before that can wait for ever.
    assert "/slots" in server.asked


# Deadlines.


def test_a_deadline_passes() -> None:
    assert not Deadline.after(10).passed
    assert 9 < Deadline.after(10).remaining_seconds <= 10
    assert Deadline.after(0).passed
    assert Deadline.after(-1).remaining_seconds < 0


def test_a_deadline_passes_when_no_one_waits() -> None:
    is_gone = False
    deadline = Deadline.after(10, lambda: is_gone)
    deadline.require_client()
    assert not deadline.passed

    is_gone = True

    assert deadline.passed
    with pytest.raises(ClientGone):
        deadline.require_client()


# Loading.


def test_a_missing_file_is_an_unavailable_model_that_is_named() -> None:
    with pytest.raises(ModelUnavailable, match=r"such\.gguf がありません"):
        LlamaCppEngine("no/such.gguf", 512, threads=1)


def test_an_encoder_that_is_no_model_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "encoder.gguf"
    path.write_bytes(b"no model")

    with pytest.raises(ModelUnavailable, match=r"encoder\.gguf"):
        TokenVectors(path, threads=1)


def test_a_host_without_llama_cpp_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)

    with pytest.raises(ModelUnavailable, match=r"llama\.cpp を読み込めません"):
        LlamaCppEngine(tmp_path, 512, threads=1)


def test_a_file_that_is_no_model_is_an_unavailable_model(
    tmp_path: Path, parameters: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Any) -> None:
        raise RuntimeError("no magic")

    library = SimpleNamespace(CommonParams=lambda: parameters, Server=refuse)
    monkeypatch.setitem(sys.modules, "xllamacpp", library)

    with pytest.raises(ModelUnavailable, match="を読み込めません"):
        LlamaCppEngine(tmp_path, 512, threads=1)


def test_the_server_gets_context_threads_and_a_key_of_its_own(
    engine: LlamaCppEngine, parameters: SimpleNamespace
) -> None:
    assert engine.context_length == parameters.n_ctx == 512
    assert parameters.cpuparams.n_threads == parameters.cpuparams_batch.n_threads == 2
    assert parameters.n_parallel == 1
    assert not parameters.ctx_shift
    (key,) = parameters.api_keys
    assert len(key) == 32


# Completions.


def test_a_completion_is_what_the_server_wrote_and_measured(
    engine: LlamaCppEngine, server: Server
) -> None:
    measured = {"prompt_ms": 20.0, "predicted_ms": 500.0, "cache_n": 2}
    server.chunks = [
        PROGRESS,
        piece("献立"),
        piece("です"),
        end("stop", timings=measured, usage={"completion_tokens": 5}),
    ]

    completion = complete(engine)

    assert completion.text == "献立です"
    assert completion.finish_reason == "stop"
    assert (completion.prompt_tokens, completion.completion_tokens) == (3, 5)
    assert not completion.stopped_by_deadline
    assert completion.raw_timings == measured
    assert completion.timings.prefill_seconds == 0.02
    assert completion.timings.decode_seconds == 0.5
    assert completion.timings.cached_tokens == 2
    assert completion.timings.first_token_seconds > 0


def test_an_answer_of_all_its_tokens_ends_by_length(engine: LlamaCppEngine, server: Server) -> None:
    server.chunks = [piece("献立"), end("length")]

    assert complete(engine).finish_reason == "length"


@pytest.mark.parametrize(
    ("sampling", "sent"),
    [
        (Sampling(), {"n_predict": 256, "temperature": 0.0, "top_k": 0, "top_p": 1.0, "stop": []}),
        (Sampling(max_tokens=9, temperature=0.7), {"n_predict": 9, "temperature": 0.7}),
        (Sampling(stop=("以上", "\\n")), {"stop": ["以上", "\\n"]}),
        (Sampling(repetition_penalty=1.2), {"repeat_penalty": 1.2}),
        (Sampling(presence_penalty=0.5, frequency_penalty=-1), {"presence_penalty": 0.5}),
        (Sampling(seed=0), {"seed": 0}),
        (Sampling(seed=2**32 + 7), {"seed": 7}),
    ],
)
def test_sampling_is_sent_by_the_names_of_llama_cpp(
    engine: LlamaCppEngine, server: Server, sampling: Sampling, sent: dict[str, Any]
) -> None:
    server.chunks = [end("stop")]

    complete(engine, sampling=sampling)

    assert sent.items() <= server.bodies[0].items()
    assert server.bodies[0]["prompt"] == [1, 2, 3]
    assert "grammar" not in server.bodies[0]


def test_a_request_without_a_seed_draws_a_new_one(engine: LlamaCppEngine, server: Server) -> None:
    server.chunks = [end("stop")]

    for _ in range(5):
        complete(engine)

    assert len({body["seed"] for body in server.bodies}) == 5


def test_a_grammar_goes_along(engine: LlamaCppEngine, server: Server) -> None:
    server.chunks = [end("stop")]

    complete(engine, constraint="卵")

    assert server.bodies[0]["grammar"] == 'root ::= "卵"'


def test_a_reader_who_has_enough_stops_the_decoding(engine: LlamaCppEngine, server: Server) -> None:
    server.chunks = [piece("献立"), piece("です"), piece("。"), end("stop")]

    writing = engine.write([1, 2, 3], Sampling(), None, Deadline.after(10))
    pieces = list(islice(writing, 2))
    writing.close()

    assert writing.completion.text == "".join(pieces) == "献立です"
    assert writing.completion.finish_reason == "stop"
    assert server.sent == 2


@pytest.mark.parametrize(
    ("chunks", "returned"),
    [([{"error": {"message": "too long"}}], None), ([], {"error": {"message": "too long"}})],
)
def test_an_error_of_the_server_is_one_of_the_request(
    engine: LlamaCppEngine, server: Server, chunks: list[Any], returned: dict[str, Any] | None
) -> None:
    server.chunks, server.returned = chunks, returned

    with pytest.raises(InvalidRequest, match="too long"):
        complete(engine)


def test_out_of_time_while_reading_the_prompt_is_an_error(
    engine: LlamaCppEngine, server: Server
) -> None:
    deadline = Alarm()
    server.chunks = [deadline.strike, PROGRESS, piece("献立"), end("stop")]

    with pytest.raises(DeadlineExceeded):
        complete(engine, deadline)

    assert server.sent == 1


def test_out_of_time_while_writing_returns_what_is_there(
    engine: LlamaCppEngine, server: Server
) -> None:
    deadline = Alarm()
    server.chunks = [piece("献立"), deadline.strike, piece("です"), piece("。")]

    completion = complete(engine, deadline)

    assert completion.text == "献立です"
    assert completion.stopped_by_deadline
    assert completion.finish_reason == "length"
    assert completion.completion_tokens == 2


def test_an_answer_that_ends_with_its_time_was_not_cut_short(
    engine: LlamaCppEngine, server: Server
) -> None:
    deadline = Alarm()
    server.chunks = [piece("献立"), deadline.strike, end("stop")]

    completion = complete(engine, deadline)

    assert not completion.stopped_by_deadline
    assert completion.finish_reason == "stop"


def test_a_second_request_waits_for_its_turn_until_its_deadline(
    engine: LlamaCppEngine, server: Server
) -> None:
    is_decoding, may_end = threading.Event(), threading.Event()
    server.chunks = [piece("献立"), is_decoding.set, lambda: may_end.wait(10), end("stop")]
    first = threading.Thread(target=complete, args=(engine,))
    first.start()
    assert is_decoding.wait(10)

    with pytest.raises(DeadlineExceeded, match="混み合っています"):
        complete(engine, Deadline.after(0.01))

    may_end.set()
    first.join(10)
    assert complete(engine).text == "献立"


def test_an_error_gives_the_turn_to_the_next(engine: LlamaCppEngine, server: Server) -> None:
    server.chunks = [{"error": {"message": "too long"}}]
    with pytest.raises(InvalidRequest):
        complete(engine)

    server.chunks = [piece("献立"), end("stop")]
    assert complete(engine).text == "献立"
