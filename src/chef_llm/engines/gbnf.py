"""A grammar in llama.cpp's language, GBNF."""

import json
from typing import Final

from chef_llm.engines import Blanks, Grammar, InOrder, Named, OneCharacter, OneOf, Repeated, Rules

# An indentation has an end, or a small model would find none.
BLANKS: Final = r'"" | " " | "\n" [ \t]{0,20}'


def to_gbnf(grammar: Grammar) -> str:
    """Return `grammar` as GBNF; a part that stands in several places becomes one rule."""
    rules: dict[Grammar, str] = {}
    lines: list[str] = []
    names: dict[str, str] = {}

    def reference(part: Grammar) -> str:
        if isinstance(part, str):
            # GBNF's string literals are JSON's: the same escapes for quotes and backslashes.
            return json.dumps(part, ensure_ascii=False)
        if isinstance(part, OneCharacter):
            return f"[{part.inside}]"
        if isinstance(part, Named):
            return names.setdefault(part.name, f"n{len(names)}")
        if part not in rules:
            if isinstance(part, OneOf):
                body = " | ".join(reference(option) for option in part.options)
            elif isinstance(part, Blanks):
                body = BLANKS
            elif isinstance(part, Repeated):
                most = "" if part.most is None else part.most
                body = f"{reference(part.part)}{{{part.least},{most}}}"
            elif isinstance(part, Rules):
                for name, named in part.named:
                    lines.append(f"{reference(Named(name))} ::= {reference(named)}")
                body = reference(part.start)
            else:
                body = " ".join(reference(piece) for piece in part.parts)
            rules[part] = f"r{len(rules)}"
            lines.append(f"{rules[part]} ::= {body}")
        return rules[part]

    root = reference(grammar)
    return "\n".join([f"root ::= {root}", *lines])


def spell(grammar: Grammar, old: str, new: str) -> Grammar:
    """Return `grammar` with `old` spelled `new` in all of its texts (a model's line break)."""
    if isinstance(grammar, str):
        return grammar.replace(old, new)
    if isinstance(grammar, OneOf):
        return OneOf(tuple(spell(option, old, new) for option in grammar.options))
    if isinstance(grammar, InOrder):
        return InOrder(tuple(spell(part, old, new) for part in grammar.parts))
    return grammar
