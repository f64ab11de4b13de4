"""Logs, traces and metrics. No prompt and no answer ever stands in them, only their lengths."""

import traceback

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import (
    AmazonCloudWatchEMFProvider,
)
from aws_lambda_powertools.utilities.typing import LambdaContext

from chef_llm.engines import Completion

SERVICE = "chef_llm"


class InvocationMetrics(AmazonCloudWatchEMFProvider):
    """The metrics of one invocation, in one line of CloudWatch's embedded metric format.

    Powertools' own prints the cold start in a line apart, and does so even when metrics are
    disabled; it warns when there is nothing to print, and keeps what it did not print.
    """

    def add_cold_start_metric(self, context: LambdaContext) -> None:  # noqa: ARG002
        """Count this cold start beside the other metrics of its invocation."""
        self.add_metric("ColdStart", MetricUnit.Count, 1)

    def flush_metrics(self, raise_on_empty_metrics: bool = False) -> None:
        """Print what there is, unless metrics are disabled, and begin anew."""
        if self.metric_set:
            super().flush_metrics(raise_on_empty_metrics)
        self.clear_metrics()


logger = Logger(service=SERVICE)
# Patching botocore would be a subsegment for each part of a model's file, and in an init, where
# there is no trace yet, a warning.
tracer = Tracer(service=SERVICE, auto_patch=False)
metrics = Metrics(provider=InvocationMetrics(namespace="ChefLlm", service=SERVICE))


def record(route: str, completion: Completion) -> None:
    """Put the figures of one completion into log, trace and metrics."""
    timings = completion.timings
    metrics.add_metric("PromptTokens", MetricUnit.Count, completion.prompt_tokens)
    metrics.add_metric("CompletionTokens", MetricUnit.Count, completion.completion_tokens)
    if timings.first_token_seconds:
        first_token_milliseconds = timings.first_token_seconds * 1000
        metrics.add_metric("TimeToFirstToken", MetricUnit.Milliseconds, first_token_milliseconds)
    if timings.decode_seconds:
        tokens_per_second = completion.completion_tokens / timings.decode_seconds
        metrics.add_metric("TokensPerSecond", MetricUnit.CountPerSecond, tokens_per_second)
    tracer.put_annotation("finish_reason", completion.finish_reason)
    for name in ("prompt_tokens", "completion_tokens"):
        # To mypy, an int is no Number.
        tracer.put_annotation(name, getattr(completion, name))
    logger.info(
        "answered",
        route=route,
        prompt_tokens=completion.prompt_tokens,
        completion_tokens=completion.completion_tokens,
        finish_reason=completion.finish_reason,
        stopped_by_deadline=completion.stopped_by_deadline,
        prefill_seconds=round(timings.prefill_seconds, 4),
        decode_seconds=round(timings.decode_seconds, 4),
    )


def record_crash(error: Exception) -> None:
    """Log what went wrong and where; not the error's own words, which may quote the prompt."""
    logger.error(
        "unexpected error",
        error_type=f"{type(error).__module__}.{type(error).__qualname__}",
        stack=traceback.format_tb(error.__traceback__),
    )
