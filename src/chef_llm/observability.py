"""Logs, traces and metrics. No prompt and no answer ever stands in them, only their lengths."""

import traceback
from collections import defaultdict
from mmap import PAGESIZE
from pathlib import Path
from typing import Any, Final

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import (
    AmazonCloudWatchEMFProvider,
)
from aws_lambda_powertools.metrics.provider.cloudwatch_emf.types import CloudWatchEMFOutput
from aws_lambda_powertools.utilities.typing import LambdaContext

from chef_llm.custom_metrics import (
    ANSWERS,
    COLD_START,
    COMPLETION_TOKENS,
    CUSTOM_METRICS,
    DEADLINE_STOPS,
    ERRORS,
    PROMPT_TOKENS,
    REQUESTS,
    RESIDENT_MEMORY,
    SERVICE,
    SNAPSTART_RESTORE,
    TIME_TO_FIRST_TOKEN,
    TOKENS_PER_SECOND,
    CustomMetric,
)
from chef_llm.engines import Completion
from chef_llm.errors import ChefError, DeadlineExceeded
from chef_llm.settings import SNAP_START, lambda_initialization, metrics_namespace

DIMENSIONS: Final = {metric.name: metric.dimensions for metric in CUSTOM_METRICS}
# Sizes of this process in pages; the second is what is resident. Linux alone has it.
STATM: Final = Path("/proc/self/statm")
MEGABYTE: Final = 2**20


class InvocationMetrics(AmazonCloudWatchEMFProvider):
    """The metrics of one invocation, in one line of CloudWatch's embedded metric format.

    Each metric has its own dimensions, whose values are the line's metadata. Powertools' own would
    give all metrics the same ones, prints the cold start in a line apart, and does so even when
    metrics are disabled; it warns when there is nothing to print, and keeps what it did not print.
    """

    def add_cold_start_metric(self, context: LambdaContext) -> None:  # noqa: ARG002
        """Count this start: one from a snapshot has run no init of its own."""
        is_restore = lambda_initialization() == SNAP_START
        count(SNAPSTART_RESTORE if is_restore else COLD_START)

    def serialize_metric_set(
        self,
        metrics: dict[str, Any] | None = None,
        dimensions: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> CloudWatchEMFOutput:
        """Return the line, with a directive for each set of dimensions."""
        line = super().serialize_metric_set(metrics, dimensions, metadata)
        [directive] = line["_aws"]["CloudWatchMetrics"]
        groups = defaultdict(list)
        for metric in directive["Metrics"]:
            groups[tuple(DIMENSIONS[metric["Name"]])].append(metric)
        line["_aws"]["CloudWatchMetrics"] = [
            {**directive, "Dimensions": [list(names)], "Metrics": group}
            for names, group in groups.items()
        ]
        return line

    def flush_metrics(self, raise_on_empty_metrics: bool = False) -> None:
        """Print what there is, unless metrics are disabled, and begin anew."""
        if self.metric_set:
            super().flush_metrics(raise_on_empty_metrics)
        self.clear_metrics()


logger = Logger(service=SERVICE)
# Patching botocore would be a subsegment for each part of a model's file, and in an init, where
# there is no trace yet, a warning.
tracer = Tracer(service=SERVICE, auto_patch=False)
metrics = Metrics(provider=InvocationMetrics(namespace=metrics_namespace(), service=SERVICE))


def count(metric: CustomMetric, value: float = 1) -> None:
    """Add a value to a metric of this invocation."""
    metrics.add_metric(metric.name, metric.unit, value)


def record_request(route: str) -> None:
    """Count an invocation, whatever came of it; `route` is one of ours, not what was sent."""
    count(REQUESTS)
    if STATM.exists():
        resident_pages = int(STATM.read_text(encoding="ascii").split()[1])
        count(RESIDENT_MEMORY, resident_pages * PAGESIZE / MEGABYTE)
    metrics.add_metadata("route", route)
    metrics.add_metadata("correlation_id", logger.get_correlation_id())
    tracer.put_annotation("route", route)


def record(route: str, model: str, completion: Completion) -> None:
    """Put the figures of one completion into log, trace and metrics."""
    timings = completion.timings
    count(ANSWERS)
    metrics.add_metadata("model", model)
    metrics.add_metadata("finish_reason", completion.finish_reason)
    count(PROMPT_TOKENS, completion.prompt_tokens)
    count(COMPLETION_TOKENS, completion.completion_tokens)
    if timings.first_token_seconds:
        count(TIME_TO_FIRST_TOKEN, timings.first_token_seconds * 1000)
    if timings.decode_seconds:
        count(TOKENS_PER_SECOND, completion.completion_tokens / timings.decode_seconds)
    if completion.stopped_by_deadline:
        count(DEADLINE_STOPS)
    figures: dict[str, Any] = {
        "model": model,
        "finish_reason": completion.finish_reason,
        "stopped_by_deadline": completion.stopped_by_deadline,
        "prompt_tokens": completion.prompt_tokens,
        "completion_tokens": completion.completion_tokens,
        "prompt_seconds": round(timings.prompt_seconds, 4),
        "prefill_seconds": round(timings.prefill_seconds, 4),
        "decode_seconds": round(timings.decode_seconds, 4),
        "check_seconds": round(timings.check_seconds, 4),
    }
    for name, figure in figures.items():
        tracer.put_annotation(name, figure)
    logger.info("answered", route=route, **figures)


def record_error(error: ChefError) -> None:
    """Count an error that a caller gets, by its code: its words may quote the request."""
    count(ERRORS)
    metrics.add_metadata("code", error.code)
    tracer.put_annotation("code", error.code)
    if isinstance(error, DeadlineExceeded):
        count(DEADLINE_STOPS)


def record_crash(error: Exception) -> None:
    """Log what went wrong and where; not the error's own words, which may quote the prompt."""
    logger.error(
        "unexpected error",
        error_type=f"{type(error).__module__}.{type(error).__qualname__}",
        stack=traceback.format_tb(error.__traceback__),
    )
