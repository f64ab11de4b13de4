"""The order of work in words: what is done when, as a cook reads it beside the stove."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from chef_llm.cookbook import Dish
from chef_llm.menus.cards import MINUTES_IN_AN_HOUR, time_words
from chef_llm.menus.way import Task, Way, way_to_table

# A wait of so long is one overnight.
NIGHT_MINUTES: Final = 360
LEAST_FREE_MINUTES: Final = 2


def total_words(way: Way) -> str:
    """Return how long a meal takes: 全部で約35分, 全部で約40分＋待ち時間8時間."""
    return f"全部で{time_words(way.ahead_minutes + way.minutes, way.waiting_minutes)}"


def time_line(dishes: Sequence[Dish]) -> str:
    """Return the line that says how long a meal takes."""
    return f"調理時間: {total_words(way_to_table(dishes))}"


def work_text(dishes: Sequence[Dish]) -> str:
    """Return the order of work for the dishes of a meal, a line for each step.

    It begins as a recipe card does, so that nothing of it is read as what anybody said.
    """
    way = way_to_table(dishes)
    return "\n".join([f"■ 段取り（{total_words(way)}）", *_lines(way.tasks)])


def _lines(tasks: Sequence[Task]) -> Iterator[str]:
    is_in_a_row = all(task.minute is not None for task in tasks)
    for lead, group in groupby(tasks, key=lambda task: task.ahead_minutes):
        if not is_in_a_row:
            yield _lead_words(lead)
        for task in group:
            begins = "・" if task.minute is None else f"{task.minute}分 "
            yield f"{begins}{task.dish} {task.step}. {task.text}{_free(task)}"


def _lead_words(lead: int | None) -> str:
    """Return when it is that something is done ahead."""
    if lead is None:
        return "始めてから"
    if not lead:
        return "先に"
    if lead >= NIGHT_MINUTES:
        return "前の晩に"
    hours, minutes = divmod(lead, MINUTES_IN_AN_HOUR)
    return f"{hours}時間{f'{minutes}分' if minutes else ''}前までに"


def _free(task: Task) -> str:
    """Return that there is time for something else, where it is enough for anything."""
    if task.minute is None or task.alone_minutes < LEAST_FREE_MINUTES:
        return ""
    return f"（約{task.alone_minutes}分は手があく）"
