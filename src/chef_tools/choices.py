"""A grammar, one choice at a time, for an engine that has no grammars of its own."""

from collections.abc import Sequence

from chef_llm.engines import Blanks, Grammar, InOrder, OneOf

# What is still to be written; where there is anything, its first part is a choice.
Rest = tuple[Grammar, ...]


def can_be_listed(grammar: Grammar) -> bool:
    """Tell whether a grammar is made of texts, choices and sequences alone."""
    if isinstance(grammar, OneOf):
        return all(map(can_be_listed, grammar.options))
    if isinstance(grammar, InOrder):
        return all(map(can_be_listed, grammar.parts))
    return isinstance(grammar, str | Blanks)


def until_choice(*parts: Grammar) -> tuple[str, Rest]:
    """Return the text that leads `parts`, and what is left from the next choice on."""
    left = list(reversed(parts))
    texts: list[str] = []
    while left:
        part = left.pop()
        if isinstance(part, str):
            texts.append(part)
        elif isinstance(part, Blanks):
            texts.append(part.usual)
        elif isinstance(part, InOrder):
            left.extend(reversed(part.parts))
        else:
            left.append(part)
            break
    return "".join(texts), tuple(reversed(left))


def ways_on(rest: Rest) -> dict[str, Rest]:
    """Return each text that may come next, up to the choice after it, and what is then left.

    Options that begin with the same text are one way: what tells them apart is chosen later, when
    the model can see it.
    """
    ways: dict[str, list[Rest]] = {}
    choice, *after = rest
    for option in choice.options if isinstance(choice, OneOf) else (choice,):
        text, left = until_choice(option, *after)
        # A choice that begins with a choice: theirs are options like its own.
        found = {text: left} if text or not left else ways_on(left)
        for way, remaining in found.items():
            ways.setdefault(way, []).append(remaining)
    return {text: _either(rests) for text, rests in ways.items()}


def _either(rests: Sequence[Rest]) -> Rest:
    different = tuple(dict.fromkeys(rests))
    return different[0] if len(different) == 1 else (OneOf(tuple(map(InOrder, different))),)
