"""What a model is expected to need on Lambda: figures at the edges, and what they rest on."""

from dataclasses import replace

import pytest

from chef_llm.models.catalogue import BYTES_PER_WEIGHT, all_models, find_model
from chef_tools import sizing as planning
from chef_tools.sizing import Sizing, assumptions, best_sizing, estimate, needed_mb

DOLLY = find_model("dolly-japanese-gpt-1b")
MB = 2**20


def test_the_measured_machine_is_found_again() -> None:
    """Two cores, dolly's size: 15 tokens/s of 1.5 GB at Q8_0, 19 of 0.8 GB at Q4_0."""
    for quantization, file_bytes, tokens_per_second in (
        ("Q8_0", 1_500_000_000, 15),
        ("Q4_0", 800_000_000, 19),
    ):
        plan = estimate(DOLLY, quantization, 2 * 1769, file_bytes)  # type: ignore[arg-type]
        prompt_seconds = 128 * DOLLY.parameters / (64 * 1.3e9 / 1.3)
        seconds = plan.answer_seconds - prompt_seconds
        assert 256 / seconds == pytest.approx(tokens_per_second, rel=0.05)


def test_memory_is_the_file_while_loading_the_cache_and_the_runtime() -> None:
    cache = 24 * 2 * 2048 * 1024 * 2  # layers, keys and values, width, tokens, bytes
    assert DOLLY.kv_cache_bytes == cache

    assert needed_mb(DOLLY, "Q8_0", 1_000_000_000) == -(-(1_150_000_000 + cache + 300 * MB) // MB)


def test_q4_0_needs_a_second_copy_that_llama_cpp_rearranges() -> None:
    file_bytes = 1_000_000_000
    difference = needed_mb(DOLLY, "Q4_0", file_bytes) - needed_mb(DOLLY, "Q8_0", file_bytes)

    assert difference == pytest.approx(file_bytes / MB, abs=1)


@pytest.mark.parametrize(("spare_mb", "fits"), [(-1, False), (0, True), (1, True)])
def test_it_fits_exactly_or_not(spare_mb: int, fits: bool) -> None:
    needed = needed_mb(DOLLY, "Q4_0", DOLLY.file_bytes("Q4_0"))

    assert estimate(DOLLY, "Q4_0", needed + spare_mb).fits is fits


@pytest.mark.parametrize(
    ("memory_mb", "quantization", "fits", "in_time"),
    [
        (1024, "Q4_0", False, False),
        (1769, "Q4_0", False, False),
        (3008, "Q8_0", True, True),
        (10_240, "Q8_0", True, True),
    ],
)
def test_the_best_quantization_that_fits_and_is_in_time_is_planned(
    memory_mb: int, quantization: str, fits: bool, in_time: bool
) -> None:
    plan = best_sizing(DOLLY, memory_mb)

    assert (plan.quantization, plan.fits, plan.in_time) == (quantization, fits, in_time)


def test_a_small_file_takes_the_place_of_a_large_one_that_would_be_late() -> None:
    dolly_v2 = find_model("dolly-v2-3b")
    late = estimate(dolly_v2, "Q8_0", 5307)
    assert late.fits
    assert not late.in_time

    assert best_sizing(dolly_v2, 5307).quantization == "Q4_0"


def test_an_answer_that_is_cut_off_says_after_how_many_tokens() -> None:
    plan = estimate(DOLLY, "Q4_0", 1769)

    assert plan.answer_seconds > 28
    assert 200 < plan.tokens_in_time < 256
    assert estimate(DOLLY, "Q4_0", 128).tokens_in_time == 0


@pytest.mark.parametrize(("file_bytes", "in_time"), [(9_069_000_000, True), (9_071_000_000, False)])
def test_loading_is_warned_of_past_130_seconds(file_bytes: int, in_time: bool) -> None:
    plan = estimate(DOLLY, "Q8_0", 10_240, file_bytes)

    assert plan.load_seconds == pytest.approx(130, abs=0.02)
    assert plan.loads_in_time is in_time


def test_more_memory_is_faster_until_the_memory_s_own_speed() -> None:
    seconds = [estimate(DOLLY, "Q8_0", memory).answer_seconds for memory in (1769, 3538, 7076)]
    decode = [
        estimate(replace(DOLLY, parameters=1), "Q8_0", memory, 10**9).answer_seconds
        for memory in (7076, 10_240)
    ]

    assert seconds == sorted(seconds, reverse=True)
    assert decode[0] == pytest.approx(decode[1])
    assert decode[0] == pytest.approx(256 * (1e9 / 30e9 + 0.002))


def test_a_thousand_answers_cost_their_gigabyte_seconds_and_requests() -> None:
    plan = estimate(DOLLY, "Q8_0", 3008)

    assert plan.in_time
    expected = 1000 * (3008 / 1024 * plan.answer_seconds * 0.0000166667 + 0.000001)
    assert plan.dollars_per_1000 == pytest.approx(expected)


def test_an_answer_that_is_cut_off_is_paid_to_the_deadline() -> None:
    slow = estimate(DOLLY, "Q8_0", 1769)

    assert slow.answer_seconds > 28
    assert slow.dollars_per_1000 == pytest.approx(1000 * (1769 / 1024 * 28 * 0.0000166667 + 1e-6))


def test_the_size_of_a_file_that_is_there_counts() -> None:
    plan = best_sizing(DOLLY, 3008, {"Q8_0": 1_400_000_000})

    assert plan.file_bytes == 1_400_000_000
    assert best_sizing(DOLLY, 3008, {"Q4_0": 1}).file_bytes == DOLLY.file_bytes("Q8_0")


def test_the_recommended_memory_holds_each_model() -> None:
    sized = {one.name: one for one in all_models() if one.lambda_memory_mb is not None}
    plans = {name: best_sizing(model, model.lambda_memory_mb or 0) for name, model in sized.items()}

    assert {one.engine for one in all_models() if one.name not in sized} == {"transformers"}
    assert not [name for name, plan in plans.items() if not (plan.fits and plan.loads_in_time)]
    # 7 billion parameters are too many for a full answer on any Lambda; the page says so.
    assert {name for name, plan in plans.items() if not plan.in_time} <= {
        "elyza-llama-2-7b-instruct"
    }


def test_the_assumptions_name_the_constants() -> None:
    unnamed = []
    for quantization in BYTES_PER_WEIGHT:
        plan = Sizing(quantization, 3008, 1, 1, 1.0, 1.0, 1, 1.0)
        text = "\n".join(assumptions(plan))
        rate = f"毎秒{planning.DECODE_BYTES_PER_SECOND[quantization] / 1e9:g} GB"
        figures = (rate, "1769 MB", "毎秒75 MB", "1.15倍", "300 MB", "$0.0000166667")
        unnamed += [(quantization, figure) for figure in figures if figure not in text]

    assert not unnamed
