"""AWS's prices in us-east-1 on x86_64, without free tiers, discounts and taxes."""

from dataclasses import dataclass
from typing import Final

LAMBDA_PAGE: Final = "aws.amazon.com/lambda/pricing"
CLOUDWATCH_PAGE: Final = "aws.amazon.com/cloudwatch/pricing"
SECRETS_PAGE: Final = "aws.amazon.com/secrets-manager/pricing"
# A page whose price list was seen without its date.
UNDATED: Final = "日付不明"


@dataclass(frozen=True)
class Price:
    """A price in dollars of one `unit`; `as_of` is the date of AWS's price list."""

    name: str
    usd: float
    unit: str
    source: str
    as_of: str


LAMBDA_SECONDS: Final = Price("Lambda 実行時間", 0.0000166667, "GB秒", LAMBDA_PAGE, "2026-09-19")
LAMBDA_REQUESTS: Final = Price("Lambda 呼び出し", 0.20 / 1e6, "回", LAMBDA_PAGE, "2026-09-19")
SNAPSHOT_CACHE: Final = Price(
    "SnapStart キャッシュ", 0.0000015046, "GB秒", LAMBDA_PAGE, "2026-09-19"
)
SNAPSHOT_RESTORE: Final = Price("SnapStart 復元", 0.0001397998, "GB", LAMBDA_PAGE, "2026-09-19")
HTTP_API: Final = Price(
    "HTTP API", 1.00 / 1e6, "回", "aws.amazon.com/api-gateway/pricing", "2026-09-21"
)
LOGS: Final = Price("CloudWatch Logs 取り込み", 0.50, "GB", CLOUDWATCH_PAGE, "2026-09-22")
METRICS: Final = Price("CloudWatch メトリクス", 0.30, "個・月", CLOUDWATCH_PAGE, UNDATED)
ALARMS: Final = Price("CloudWatch アラーム", 0.10, "個・月", CLOUDWATCH_PAGE, UNDATED)
DASHBOARDS: Final = Price("CloudWatch ダッシュボード", 3.00, "枚・月", CLOUDWATCH_PAGE, UNDATED)
TRACES: Final = Price("X-Ray トレース", 5.00 / 1e6, "件", "aws.amazon.com/xray/pricing", UNDATED)
SECRETS: Final = Price("Secrets Manager 保管", 0.40, "個・月", SECRETS_PAGE, UNDATED)
SECRET_READS: Final = Price("Secrets Manager 読み出し", 0.05 / 1e4, "回", SECRETS_PAGE, UNDATED)
TRANSFER: Final = Price(
    "データ転送（送信）", 0.09, "GB", "aws.amazon.com/ec2/pricing/on-demand", "2026-09-16"
)
PRICES: Final = (
    LAMBDA_SECONDS,
    LAMBDA_REQUESTS,
    SNAPSHOT_CACHE,
    SNAPSHOT_RESTORE,
    HTTP_API,
    LOGS,
    METRICS,
    ALARMS,
    DASHBOARDS,
    TRACES,
    SECRETS,
    SECRET_READS,
    TRANSFER,
)
