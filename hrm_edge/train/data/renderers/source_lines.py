"""Where a line of a language with brackets and quotes can be broken."""

import re
from collections.abc import Iterator

_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_CHARACTER = re.compile(r"'(?:[^'\\]|\\.+?)'")


def outside(text: str) -> Iterator[int]:
    """Positions that no bracket and no quote encloses; those of brackets themselves are not given."""
    depth, at = 0, 0
    while at < len(text):
        letter = text[at]
        if letter in "\"'" and (found := (_TEXT if letter == '"' else _CHARACTER).match(text, at)):
            at = found.end()
            continue
        if letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
        elif depth == 0:
            yield at
        at += 1


def operands_of(text: str) -> list[str]:
    """A condition at its outermost `||`, or else `&&`: each part but the first begins with the operator. One part
    where there is none."""
    for sign in (" || ", " && "):
        starts = [at + 1 for at in outside(text) if text.startswith(sign, at)]
        if starts:
            ends = [*starts, len(text) + 1]
            parts = [text[one : other - 1] for one, other in zip(starts, ends[1:], strict=True)]
            return [text[: starts[0] - 1], *parts]
    return [text]
