"""The labelled allergens of the Japanese food labelling rule (食品表示基準)."""

from typing import Final

RULE: Final = "食品表示基準（2026年4月1日施行の改正: 特定原材料9品目、準ずるもの20品目）"

# 特定原材料: labelling is mandatory. カシューナッツ moved here with the revision of 2026.
MANDATORY: Final = (
    "えび",
    "かに",
    "くるみ",
    "小麦",
    "そば",
    "卵",
    "乳",
    "落花生",
    "カシューナッツ",
)
# 特定原材料に準ずるもの: labelling is recommended. ピスタチオ came in with the revision of 2026.
RECOMMENDED: Final = (
    "アーモンド",
    "あわび",
    "いか",
    "いくら",
    "オレンジ",
    "キウイフルーツ",
    "牛肉",
    "ごま",
    "さけ",
    "さば",
    "大豆",
    "鶏肉",
    "バナナ",
    "ピスタチオ",
    "豚肉",
    "マカダミアナッツ",
    "もも",
    "やまいも",
    "りんご",
    "ゼラチン",
)
ALLERGENS: Final = (*MANDATORY, *RECOMMENDED)
