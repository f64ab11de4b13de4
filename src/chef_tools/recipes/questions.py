"""What a recipe leaves unclear: answered on the command line, in the terminal, or listed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

# Returns the answer in its final form; raises `ValueError` with what is wanted.
Check = Callable[[str], str]


def anything(text: str) -> str:
    """Take any answer."""
    return text


@dataclass
class Questions:
    """Asks for what is not clear, each by a key that `--answer KEY=VALUE` may have answered.

    Without a terminal nothing is asked: what is open is listed.
    """

    given: Mapping[str, str]
    has_terminal: bool
    open: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def ask(self, key: str, question: str, check: Check = anything) -> str | None:
        """Return the answer, None where there is none."""
        if key in self.given:
            self.used.add(key)
            try:
                return check(self.given[key].strip())
            except ValueError as error:
                self.open.append(f"{key}: {question} — {error}")
                return None
        if not self.has_terminal:
            self.open.append(f"{key}: {question}")
            return None
        said = question
        while True:
            try:
                return check(input(f"{said}\n{key} > ").strip())
            except EOFError:
                self.open.append(f"{key}: {question}")
                return None
            except ValueError as error:
                said = f"  {error}"

    def settle(
        self, key: str, found: str | None, question: str, check: Check = anything
    ) -> str | None:
        """Return what was found, unless it was answered otherwise or nothing was found."""
        return found if found and key not in self.given else self.ask(key, question, check)


def one_of(values: tuple[str, ...]) -> Check:
    """Return a check that takes one of `values`."""

    def check(text: str) -> str:
        if text not in values:
            raise ValueError(f"次のどれかで答えてください: {'、'.join(values)}")
        return text

    return check


def all_of(values: tuple[str, ...], *words: str) -> Check:
    """Return a check that takes any number of `values`, parted by 、, or one of `words` alone."""

    def check(text: str) -> str:
        names = [name.strip() for name in text.replace(",", "、").split("、") if name.strip()]
        wrong = [name for name in names if name not in values]
        if text not in words and (wrong or not names):
            raise ValueError(
                f"{'か'.join(words)}、または次の中から「、」で区切って: {'、'.join(values)}"
            )
        return text if text in words else "、".join(names)

    return check


def number(text: str) -> str:
    """Take a number over 0."""
    try:
        if float(text) > 0:
            return text
    except ValueError:
        pass
    raise ValueError("0より大きい数で答えてください")
