"""Logs, traces and metrics. No prompt and no answer ever stands in them, only their lengths."""

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit

from chef_llm.engines import Completion

SERVICE = "chef_llm"

logger = Logger(service=SERVICE)
tracer = Tracer(service=SERVICE)
metrics = Metrics(namespace="ChefLlm", service=SERVICE)


def record(route: str, completion: Completion) -> None:
    """Put the figures of one completion into log, trace and metrics."""
    timings = completion.timings
    decoded = completion.completion_tokens / timings.decode_seconds if timings.decode_seconds else 0
    metrics.add_metric("PromptTokens", MetricUnit.Count, completion.prompt_tokens)
    metrics.add_metric("CompletionTokens", MetricUnit.Count, completion.completion_tokens)
    metrics.add_metric(
        "TimeToFirstToken", MetricUnit.Milliseconds, timings.first_token_seconds * 1000
    )
    metrics.add_metric("TokensPerSecond", MetricUnit.CountPerSecond, decoded)
    tracer.put_annotation("finish_reason", completion.finish_reason)
    tracer.put_annotation("prompt_tokens", completion.prompt_tokens)
    tracer.put_annotation("completion_tokens", completion.completion_tokens)
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
