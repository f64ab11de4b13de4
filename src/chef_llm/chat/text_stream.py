"""A model's text on its way to whoever reads it: stages that each hold back what they must.

A stage is fed pieces and returns what is ready of them; at the end it is finished and returns the
rest. `through` runs any number of stages, one after the other.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Protocol


class Stage(Protocol):
    """One step of a text's way; `is_done` tells that nothing behind counts any more."""

    is_done: bool

    def feed(self, text: str) -> str:
        """Take a piece, and return what is ready."""

    def finish(self) -> str:
        """Return what was held back: nothing follows it."""


class Thought(str):
    """A piece of what a model thinks before it answers."""

    __slots__ = ()


def through(pieces: Iterable[str], *stages: Stage) -> Iterator[str]:
    """Yield the text of `pieces` as the last of `stages` lets it out; a thought passes by."""
    for piece in pieces:
        if isinstance(piece, Thought):
            yield piece
            continue
        ready = piece
        for stage in stages:
            ready = stage.feed(ready)
        if ready:
            yield ready
        if any(stage.is_done for stage in stages):
            return
    rest = ""
    for stage in stages:
        rest = stage.feed(rest) + stage.finish()
    if rest:
        yield rest


class LineBreaks:
    """Turns a model's spelling of a line break (dolly: backslash, n) into one."""

    is_done = False

    def __init__(self, spelling: str) -> None:
        self._spelling = spelling
        self._held = ""

    def feed(self, text: str) -> str:
        """Hold back the start of a possible line break."""
        text = (self._held + text).replace(self._spelling, "\n")
        kept = beginning_at_the_end(text, [self._spelling])
        self._held = text[len(text) - kept :]
        return text[: len(text) - kept]

    def finish(self) -> str:
        """Return what turned out to be no line break."""
        held, self._held = self._held, ""
        return held


class Trimmed:
    """Leaves out the white space around a text."""

    is_done = False

    def __init__(self) -> None:
        self._is_begun = False
        self._held = ""

    def feed(self, text: str) -> str:
        """Hold back white space until something follows it."""
        text = self._held + text if self._is_begun else text.lstrip()
        ready = text.rstrip()
        self._is_begun = self._is_begun or bool(ready)
        self._held = text[len(ready) :]
        return ready

    def finish(self) -> str:
        """Leave out the white space at the end."""
        return ""


class StopStrings:
    """Ends a text before the first of `stops` that comes up in it."""

    def __init__(self, stops: Sequence[str]) -> None:
        self.is_done = False
        self.found: str | None = None
        self._stops = [stop for stop in stops if stop]
        self._held = ""

    def feed(self, text: str) -> str:
        """Hold back the start of a possible stop string."""
        if self.is_done:
            return ""
        text = self._held + text
        places = [(place, stop) for stop in self._stops if (place := text.find(stop)) >= 0]
        if places:
            self.is_done = True
            place, self.found = min(places)
            return text[:place]
        kept = beginning_at_the_end(text, self._stops)
        self._held = text[len(text) - kept :]
        return text[: len(text) - kept]

    def finish(self) -> str:
        """Return what turned out to be no stop string."""
        held, self._held = self._held, ""
        return "" if self.is_done else held


def beginning_at_the_end(text: str, words: Iterable[str]) -> int:
    """Return how much of the end of `text` may be the beginning of one of `words`."""
    lengths = (
        length for word in words for length in range(1, len(word)) if text.endswith(word[:length])
    )
    return max(lengths, default=0)


THINKING_BEGINS: Final = "<think>"
THINKING_ENDS: Final = "</think>"


def thoughts_apart(pieces: Iterable[str], *, is_thinking: bool) -> Iterator[str]:
    """Yield the text of `pieces`, what is thought at its beginning as `Thought`.

    `is_thinking` tells that the prompt has opened the thinking already.
    """
    held = ""
    marks = iter(pieces)
    if not is_thinking:
        for piece in marks:
            held += piece
            begun = held.lstrip()
            if not THINKING_BEGINS.startswith(begun[: len(THINKING_BEGINS)]):
                break
            if begun.startswith(THINKING_BEGINS):
                is_thinking, held = True, begun.removeprefix(THINKING_BEGINS)
                break
    if is_thinking:
        end = StopStrings([THINKING_ENDS])
        seen = held
        if ready := end.feed(held):
            yield Thought(ready)
        for piece in marks:
            seen += piece
            if ready := end.feed(piece):
                yield Thought(ready)
            if end.is_done:
                break
        if rest := end.finish():
            yield Thought(rest)
        held = seen.partition(THINKING_ENDS)[2]
    if held:
        yield held
    yield from marks
