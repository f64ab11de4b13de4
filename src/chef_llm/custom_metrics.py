"""What a stack counts by itself in CloudWatch: names, units and dimensions.

`observability` emits them, `costs` prices them, and tests compare both with dashboard and alarms.
"""

from dataclasses import dataclass
from typing import Final, Literal

SERVICE: Final = "chef_llm"
Unit = Literal["Count", "Count/Second", "Megabytes", "Milliseconds"]


@dataclass(frozen=True)
class CustomMetric:
    """A metric with the dimension "service", and perhaps one more.

    Each value of that one is a metric of its own on the bill, so that its values are few: routes,
    models, finish reasons, codes of errors.
    """

    name: str
    unit: Unit
    dimension: str | None = None

    @property
    def dimensions(self) -> list[str]:
        """The names of its dimensions."""
        return ["service", self.dimension] if self.dimension else ["service"]


REQUESTS: Final = CustomMetric("Requests", "Count", "route")
ERRORS: Final = CustomMetric("Errors", "Count", "code")
ANSWERS: Final = CustomMetric("Answers", "Count", "finish_reason")
PROMPT_TOKENS: Final = CustomMetric("PromptTokens", "Count", "model")
COMPLETION_TOKENS: Final = CustomMetric("CompletionTokens", "Count", "model")
TIME_TO_FIRST_TOKEN: Final = CustomMetric("TimeToFirstToken", "Milliseconds", "model")
TOKENS_PER_SECOND: Final = CustomMetric("TokensPerSecond", "Count/Second", "model")
# An answer that the deadline cut off, and one that it did not let begin.
DEADLINE_STOPS: Final = CustomMetric("DeadlineStops", "Count")
COLD_START: Final = CustomMetric("ColdStart", "Count")
SNAPSTART_RESTORE: Final = CustomMetric("SnapStartRestore", "Count")
# As Lambda counts the function's memory: a megabyte is 2 to the 20th bytes.
RESIDENT_MEMORY: Final = CustomMetric("ResidentMemory", "Megabytes")
# What every answer brings.
OF_AN_ANSWER: Final = (
    REQUESTS,
    ANSWERS,
    PROMPT_TOKENS,
    COMPLETION_TOKENS,
    TIME_TO_FIRST_TOKEN,
    TOKENS_PER_SECOND,
    RESIDENT_MEMORY,
)
CUSTOM_METRICS: Final = (*OF_AN_ANSWER, ERRORS, DEADLINE_STOPS, COLD_START, SNAPSTART_RESTORE)
