"""What a model needs on Lambda: memory, seconds and money, before anything is deployed.

A model of the machine made of few constants; those that were measured say where.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chef_llm.models.catalogue import Model, Quantization
from chef_llm.settings import Settings

MB: Final = 2**20  # Lambda's
MOST_MEMORY_MB: Final = 10_240
MB_PER_VCPU: Final = 1_769
# Measured on 2 cores at dolly's 1.3 billion parameters: 15 tokens/s of 1.5 GB at Q8_0, 19 of 0.8 GB
# at Q4_0, 2.8 of 5.2 GB at F32 in torch (docs/decisions/0002, lower ends). Bytes a second; each
# token reads the whole file.
MEASURED_CORES: Final = 2
DECODE_BYTES_PER_SECOND: Final[Mapping[Quantization, float]] = {
    "F32": 14.6e9,
    "Q8_0": 22.5e9,
    "Q4_0": 15.2e9,
}
# A model of 16 million parameters made 400 tokens a second there: what a token costs besides.
TOKEN_OVERHEAD_SECONDS: Final = 0.002
# The same machine reads no faster than this; more cores are not taken to help beyond it.
MOST_BYTES_PER_SECOND: Final = 30e9
# 64 tokens of prompt in 1.3 s at 1.3 billion parameters on 2 cores: parameters times tokens.
PREFILL_PER_SECOND: Final = 64 * 1.3e9 / 1.3
PROMPT_TOKENS: Final = 128
ANSWER_TOKENS: Final = 256
ANSWER_SECONDS: Final = Settings.answer_seconds
# Loading from S3 may take this much more than the file for a while.
LOADING_FACTOR: Final = 1.15
# llama.cpp rearranges such matrices for AVX2 into a second copy (`CPU_REPACK` in its log).
REARRANGED: Final = frozenset({"Q4_0", "Q4_K", "Q2_K", "IQ4_NL", "MXFP4"})
# Of what was not measured the nearest that was: whole floats as F32, eight bits as Q8_0, else Q4_0.
LIKE: Final[Mapping[str, Quantization]] = {"F16": "F32", "BF16": "F32", "Q8_K": "Q8_0"}
# 105 MB measured with kondate (Python, cookbook, llama.cpp); wide models have larger buffers.
RUNTIME_BYTES: Final = 300 * MB
# 600 Mbit/s, as users of Lambda report; not measured by us.
S3_BYTES_PER_SECOND: Final = 75e6
# SHA-256 made 2 GB/s on one core here; half of that for a share of a slower one.
HASH_BYTES_PER_SECOND: Final = 1e9
SNAPSTART_SECONDS: Final = 130.0
# us-east-1, x86; SnapStart's own fees, S3 and logs are not in it.
DOLLARS_PER_GB_SECOND: Final = 0.0000166667
DOLLARS_PER_REQUEST: Final = 1e-6  # HTTP API
ANSWERS: Final = 1_000


@dataclass(frozen=True)
class Sizing:
    """What one quantization of a model is expected to do in that much memory.

    `tokens_in_time` is how long an answer gets before the deadline cuts it off.
    """

    quantization: Quantization
    memory_mb: int
    file_bytes: int
    needed_mb: int
    load_seconds: float
    answer_seconds: float
    tokens_in_time: int
    dollars_per_1000: float

    @property
    def fits(self) -> bool:
        """Whether it fits into the memory."""
        return self.needed_mb <= self.memory_mb

    @property
    def in_time(self) -> bool:
        """Whether an answer of full length is finished before the deadline."""
        return self.answer_seconds <= ANSWER_SECONDS

    @property
    def loads_in_time(self) -> bool:
        """Whether it is loaded within the time that SnapStart gives to the init."""
        return self.load_seconds <= SNAPSTART_SECONDS


def measured_like(quantization: Quantization) -> Quantization:
    """Return the measured quantization whose speed is taken for one that was not."""
    measured = quantization in DECODE_BYTES_PER_SECOND
    return quantization if measured else LIKE.get(quantization, "Q4_0")


def needed_mb(model: Model, quantization: Quantization, file_bytes: int) -> int:
    """Return the memory in MB that a file of that size needs at its peak, rounded up."""
    copies = LOADING_FACTOR + (1 if quantization in REARRANGED else 0)
    needed = copies * file_bytes + model.kv_cache_bytes + RUNTIME_BYTES
    return int(-(-needed // MB))


def estimate(
    model: Model, quantization: Quantization, memory_mb: int, file_bytes: int | None = None
) -> Sizing:
    """Return the plan for one quantization; without `file_bytes` its size is estimated."""
    size = file_bytes or model.file_bytes(quantization)
    vcpus = memory_mb / MB_PER_VCPU
    share = vcpus / MEASURED_CORES
    decoding = DECODE_BYTES_PER_SECOND[measured_like(quantization)]
    rate = min(decoding * share, MOST_BYTES_PER_SECOND)
    token_seconds = size / rate + TOKEN_OVERHEAD_SECONDS
    prefill_seconds = PROMPT_TOKENS * model.parameters / (PREFILL_PER_SECOND * share)
    answer_seconds = prefill_seconds + ANSWER_TOKENS * token_seconds
    billed_seconds = min(answer_seconds, ANSWER_SECONDS)
    dollars = memory_mb / 1024 * billed_seconds * DOLLARS_PER_GB_SECOND + DOLLARS_PER_REQUEST
    return Sizing(
        quantization=quantization,
        memory_mb=memory_mb,
        file_bytes=size,
        needed_mb=needed_mb(model, quantization, size),
        load_seconds=size / S3_BYTES_PER_SECOND + size / HASH_BYTES_PER_SECOND,
        answer_seconds=answer_seconds,
        tokens_in_time=max(0, int((ANSWER_SECONDS - prefill_seconds) / token_seconds)),
        dollars_per_1000=ANSWERS * dollars,
    )


def best_sizing(
    model: Model, memory_mb: int, sizes: Mapping[Quantization, int] | None = None
) -> Sizing:
    """Return the plan of the best quantization that fits and answers in time.

    If none does both: the smallest that fits, else the smallest. `sizes` are bytes of files that
    are there already.
    """
    plans = [
        estimate(model, quantization, memory_mb, (sizes or {}).get(quantization))
        for quantization in model.quantizations
    ]
    good = [plan for plan in plans if plan.fits and plan.in_time]
    return good[0] if good else plans[-1]


def assumptions(plan: Sizing) -> list[str]:
    """Return what the figures rest on, a sentence each, for people."""
    measured = measured_like(plan.quantization)
    rate = DECODE_BYTES_PER_SECOND[measured] / 1e9
    named = plan.quantization
    if measured != named:
        named = f"{named}（測っていないので {measured} の速さとします）"
    return [
        f"1 vCPU = {MB_PER_VCPU} MB。速さは vCPU に比例し、毎秒{MOST_BYTES_PER_SECOND / 1e9:g} GB"
        "（メモリーの読み出し）で頭打ちとします。",
        f"書く速さ: 1トークンごとに重みを1回読み、{named} は{MEASURED_CORES}コアで"
        f"毎秒{rate:g} GB（13億パラメーターでの実測）、ほかに1トークン"
        f"{TOKEN_OVERHEAD_SECONDS * 1000:g}ミリ秒。Lambda での実測ではありません。",
        f"読む速さ: 13億パラメーターで毎秒{PREFILL_PER_SECOND / 1.3e9:.0f}トークン"
        f"（{MEASURED_CORES}コアでの実測）。質問は{PROMPT_TOKENS}トークンとします。",
        f"メモリー: ファイルの{LOADING_FACTOR:g}倍（読み込み中の最大）、"
        f"{'・'.join(sorted(REARRANGED))} は並べ替えた写しでさらに1倍、KVキャッシュ、"
        f"実行環境 {RUNTIME_BYTES // MB} MB。",
        f"S3 からの読み込み: 毎秒{S3_BYTES_PER_SECOND / 1e6:g} MB（仮定。実測ではありません）、"
        f"SHA-256 は毎秒{HASH_BYTES_PER_SECOND / 1e9:g} GB。",
        f"料金: us-east-1・x86 の 1 GB秒 ${DOLLARS_PER_GB_SECOND:.10f}、HTTP API 100万件 $1。"
        "SnapStart・S3・ログの料金は含みません。",
    ]
