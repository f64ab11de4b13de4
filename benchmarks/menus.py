"""How long a guaranteed menu takes, and the model's share of it.

python benchmarks/menus.py
"""

import argparse
import statistics
from collections.abc import Callable

from chef_llm.api.menu_answers import answer_menu_request
from chef_llm.api.menus import MenuRequest, MenuResponse
from chef_llm.chat.chef import load_chef
from chef_llm.engines import Deadline

ROUNDS = 15
REQUESTS = {
    "one dinner": {"request": "鶏むね肉とキャベツで、2人分の夕食をお願いします"},
    "one dinner, egg and wheat allergy": {
        "request": "鶏むね肉とキャベツで、2人分の夕食をお願いします",
        "allergens": ["卵", "小麦"],
    },
    "seven dinners": {"request": "一週間の夕食", "days": 7, "ingredients": ["生鮭", "キャベツ"]},
    "seven dinners, high protein": {
        "request": "一週間の夕食",
        "days": 7,
        "diet": ["high_protein"],
    },
    "seven days, three meals": {"request": "一週間", "days": 7, "meals": ["朝食", "昼食", "夕食"]},
    "fourteen days, three meals": {
        "request": "二週間",
        "days": 14,
        "meals": ["朝食", "昼食", "夕食"],
    },
}


def main() -> None:
    """Print a table of medians over interleaved rounds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    chef = load_chef()
    plans: dict[str, Callable[[], MenuResponse]] = {
        name: lambda body=body: answer_menu_request(  # type: ignore[misc]
            MenuRequest(**body, seed=1), chef, Deadline.after(25)
        )[0]
        for name, body in REQUESTS.items()
    }
    for plan in plans.values():
        plan()
    timings: dict[str, list[MenuResponse]] = {name: [] for name in plans}
    for _ in range(rounds):
        for name, plan in plans.items():
            timings[name].append(plan())
    print("| request | seconds | of that prefill | decode | check |")
    print("| --- | --- | --- | --- | --- |")
    for name, responses in timings.items():
        cells = [
            statistics.median(getattr(response.timings, field) for response in responses)
            for field in ("total_seconds", "prefill_seconds", "decode_seconds", "check_seconds")
        ]
        print(f"| {name} | " + " | ".join(f"{cell:.3f}" for cell in cells) + " |")


if __name__ == "__main__":
    main()
