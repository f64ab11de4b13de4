"""How long the reader takes on texts made to be slow: units repeated to 65,536 characters.

python benchmarks/reading_time.py                 # all units
python benchmarks/reading_time.py --requests      # people's requests, by their length
"""

import json
import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Final

from chef_llm.cookbook import load_cookbook
from chef_llm.reading.free_text import read_request

LENGTH: Final = 65_536
ROUNDS: Final = 3
UNITS: Final = (
    *(
        "レンジと",
        "副菜",
        "おかず3品",
        "月：魚\n",
        "木曜だけ15分、",
        "2日目は魚なし。",
        "水曜は汁物だけ、",
        "13日の夜と14日の朝、",
        "魚は月曜に、",
        "夫と私",
        "1",
        "一",
    ),
    *(
        "減塩鮭",
        "卵",
        "えび",
        "卵、",
        "卵と",
        "卵アレルギー",
        "アレルギー",
        "アレルギーは",
        "NG:",
        "NG: 卵",
        "卵\n",
        "- 卵\n",
    ),
    *(
        "・卵\n",
        "# 卵\n",
        "卵: NG\n",
        "卵|NG\n",
        "| 卵 | × |\n",
        "①卵",
        "「卵」",
        "**卵**",
        "(卵)",
        "((",
        "[[",
        "{",
        "}",
        "{}",
        "[]",
    ),
    *(
        '{"卵":',
        '{"a":1}',
        "[卵]",
        "<卵>",
        "<br>",
        "<",
        "&lt;",
        "&",
        "&#",
        "\\n",
        "\n",
        " ",
        "\u3000",
        "\u200b",
        "\u3164",
        "゛",
        "か゛",
    ),
    *(
        "\u0301",
        "ー",
        "アレルギ-",
        "あれ",
        "アレ",
        "抜き",
        "なし",
        "卵なし",
        "卵は",
        "卵が",
        "卵を",
        "卵で",
        "は",
        "ない",
        "ません",
    ),
    *(
        "使わない",
        "使わないで",
        "食べられない",
        "苦手",
        "嫌い",
        "だめ",
        "大丈夫",
        "卵は大丈夫",
        "いか",
        "たい",
        "たら",
        "いかが",
        "もも",
        "すもももももも",
    ),
    *(
        "えびかにいか",
        "玉ねぎ玉",
        "鶏肉鶏",
        "豚肉と卵、",
        "卵か",
        "卵や",
        "卵・",
        "卵 ",
        "トマト",
        "トマトトマ",
        "カレー",
        "ミニトマト",
        "ごま",
        "ごま油",
    ),
    *(
        "辛くない",
        "低カロリー",
        "30分以内",
        "4人分",
        "3日分",
        "夏",
        "和食",
        "朝昼晩",
        "a",
        "no ",
        "egg ",
        "eggegg",
        "allergy",
        "x: y\n",
        "a,b\n",
        "1. ",
    ),
    *(
        "> ",
        ">> 卵\n",
        "---\n",
        "```\n",
        "卵は好きですが、",
        "卵が入っていると残す。",
        "昔は",
        "。",
        "、",
        "?",
        "!",
    ),
)


ORDERS: Final = Path(__file__).parents[1] / "src" / "chef_train" / "orders"
# Every so many of the orders that the reader is made with are read.
EVERY: Final = 25
LENGTHS: Final = (30, 60, 120, 300, 600, 1200)


def main() -> None:
    """Print the slowest units, or how long requests take."""
    read_request("卵なしの夕食", load_cookbook())
    if "--requests" in sys.argv[1:]:
        of_requests()
    else:
        of_units()


def of_requests() -> None:
    """Print the time of people's requests by their length."""
    cookbook = load_cookbook()
    rows = [row for path in sorted(ORDERS.glob("*.jsonl")) for row in path.read_text().splitlines()]
    seconds: dict[int, list[float]] = defaultdict(list)
    for row in rows[::EVERY]:
        text = json.loads(row)["text"]
        started = time.perf_counter()
        read_request(text, cookbook)
        most = next((one for one in LENGTHS if len(text) <= one), len(text))
        seconds[most].append(time.perf_counter() - started)
    print("| characters up to | requests | median seconds | most |\n| --- | --- | --- | --- |")
    for most, taken in sorted(seconds.items()):
        print(f"| {most} | {len(taken)} | {statistics.median(taken):.3f} | {max(taken):.3f} |")


def of_units() -> None:
    """Print the slowest units."""
    cookbook = load_cookbook()
    rows = []
    for unit in UNITS:
        text = (unit * (LENGTH // len(unit) + 1))[:LENGTH]
        seconds = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            read_request(text, cookbook)
            seconds.append(time.perf_counter() - started)
        rows.append((statistics.median(seconds), unit))
    rows.sort(reverse=True)
    print(f"{len(rows)} units of {LENGTH:,} characters each, median of {ROUNDS}, one core")
    print("| unit | seconds |\n| --- | --- |")
    for taken, unit in rows[:12]:
        print(f"| `{unit!r}` | {taken:.2f} |")
    print(f"median over all units: {statistics.median(taken for taken, _ in rows):.3f} s")


if __name__ == "__main__":
    main()
