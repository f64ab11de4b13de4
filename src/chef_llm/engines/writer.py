"""Hands on what a model writes, for an engine that looks for stop strings itself."""

from collections.abc import Sequence

from chef_llm.engines import OnText


class Writer:
    """Gives text to `on_text` as soon as it can be no part of a stop string.

    `is_done` tells that a stop string came or that the reader wants no more.
    """

    def __init__(self, stops: Sequence[str], on_text: OnText) -> None:
        self.is_done = False
        self._stops = [stop for stop in stops if stop]
        self._on_text = on_text
        self._given: list[str] = []
        self._held = ""

    @property
    def text(self) -> str:
        """All that was given."""
        return "".join(self._given)

    def take(self, text: str) -> None:
        """Take the next piece of text."""
        self._held += text
        places = [place for stop in self._stops if (place := self._held.find(stop)) >= 0]
        if places:
            self._held = self._held[: min(places)]
            self.finish()
            self.is_done = True
            return
        kept = max(
            (
                length
                for stop in self._stops
                for length in range(1, len(stop))
                if self._held.endswith(stop[:length])
            ),
            default=0,
        )
        ready = len(self._held) - kept
        self._give(self._held[:ready])
        self._held = self._held[ready:]

    def finish(self) -> None:
        """Give what was held back: no stop string came of it."""
        self._give(self._held)
        self._held = ""

    def _give(self, text: str) -> None:
        if text and not self.is_done:
            self._given.append(text)
            self.is_done = self._on_text(text)
