"""New values in old examples, so that a model copies names and numbers instead of remembering them.

A value is a quoted string, a file name, path, glob, extension or number that stands in the request and, letter for
letter, in the command. It is replaced in both places by a value of the same kind seen elsewhere in the data.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from hrm_edge.train.data.data_sets import Example

_VALUE = re.compile(
    r"""(?P<quoted>(?<=")\w[\w.-]{1,23}(?=")|(?<=')\w[\w.-]{1,23}(?='))
      | (?P<glob>(?<![\w.])\*\.[A-Za-z]\w{0,4}(?![\w/.]))
      | (?P<extension>(?<![\w.*/])\.[A-Za-z]\w{0,4}(?![\w/.]))
      | (?P<path>(?<![\w/.])[~/]?[\w.-]*/[\w./-]+)
      | (?P<file>(?<![\w/.])\w[\w-]*\.[A-Za-z]\w{0,4}(?![\w/.]))
      | (?P<number>(?<![\w.+-])\d{1,4}(?![\d.]))""",
    re.VERBOSE,
)


class ValuePool:
    """The values of every kind that a set of examples holds."""

    def __init__(self, examples: Iterable[Example]) -> None:
        pool: dict[str, set[str]] = defaultdict(set)
        for example in examples:
            for kind, value in shared_values(example):
                pool[kind].add(value)
        self._values = {kind: sorted(values) for kind, values in sorted(pool.items())}

    def draw(self, kind: str, rng: random.Random) -> str:
        """A value of that kind."""
        return rng.choice(self._values[kind])


def shared_values(example: Example) -> list[tuple[str, str]]:
    """(kind, value) of every value that stands in both the request and the command, in order, each once."""
    found: dict[str, str] = {}
    for match in _VALUE.finditer(example.request):
        value = match[0]
        if value not in found and _whole(value).search(example.code):
            found[value] = str(match.lastgroup)
    return [(kind, value) for value, kind in found.items()]


def with_new_values(example: Example, pool: ValuePool, rng: random.Random) -> Example:
    """The example with each shared value replaced in both places; itself where nothing is shared.

    A replacement that already stands in the request or the command is not taken: it could change the meaning.
    """
    request, code = example.request, example.code
    for kind, value in shared_values(example):
        new = pool.draw(kind, rng)
        if _whole(new).search(request) or _whole(new).search(code):
            continue
        literal = new.replace("\\", r"\\")
        request, code = _whole(value).sub(literal, request), _whole(value).sub(literal, code)
    return replace(example, request=request, code=code)


def _whole(value: str) -> re.Pattern[str]:
    """The value as a word of its own: a number inside another, or the 2 of `2>`, is something else."""
    if value.isdigit():
        return re.compile(rf"(?<![\d.]){value}(?![\d.>&])")
    before = r"(?<![\w])" if value[0].isalnum() or value[0] == "_" else ""
    return re.compile(rf"{before}{re.escape(value)}(?!\w)")
