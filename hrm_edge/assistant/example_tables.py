"""Examples of inputs and outputs alone: `[3, 1, 2] -> 2` on a line of its own or in a sentence, `Input:` and `Output:`
lines, tables in Markdown.

Numbers and words in prose are no examples: in the middle of a sentence only a value in brackets counts, or one after
`e.g.`; elsewhere the whole line must be one.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from hrm_edge.assistant.example_calls import ARROWS, CALL, Example
from hrm_edge.assistant.literals import NoValueError, read_value, read_values, read_whole_value

_ARROW = re.compile(rf"`?[ \t]{{0,40}}(?:{ARROWS})[ \t]{{0,40}}`?")
_BULLET = re.compile(
    r"[ \t]{0,40}(?:[-*•+][ \t]{1,40}|\d+[.)][ \t]{1,40})?"
    r"(?:(?:e\.g\.|examples?(?:[ \t]{1,40}\d+)?|"
    r"test(?:[ \t]{1,40}case)?s?(?:[ \t]{1,40}\d+)?|case[ \t]{1,40}\d+|for example)[:,]?[ \t]{0,40})?"
    r"(?P<label>(?:sample[ \t]{1,40})?in(?:put)?s?(?:[ \t]{1,40}\d+)?[ \t]{0,40}[:=][ \t]{0,40})?`?",
    re.IGNORECASE,
)
_OUTPUT = re.compile(
    r"`?[ \t]{0,40}[;,|]?[ \t]{0,40}(?:->|=>|→)?\s{0,40}(?:(?:sample|expected)[ \t]{1,40})?"
    r"(?:out(?:put)?|result|expected|returns?)"
    r"(?:[ \t]{1,40}\d+)?[ \t]{0,40}[:=][ \t]{0,40}`?",
    re.IGNORECASE,
)
_LINE_END = re.compile(r"`?[ \t]{0,40}[.,;]?[ \t]{0,40}(?:(?:#|//|\()[^\n]*)?(?:\n|$)")
_MARKER = re.compile(
    r"(?:\be\.g\.|\bfor example|\bfor instance|\bexamples?:|\bsuch as|\blike)[,:]?[ \t]{0,40}`?", re.IGNORECASE
)
_FOR = re.compile(r"\bfor[ \t]{1,40}`?(?=\w+[ \t]{0,40}=[^=])", re.IGNORECASE)
_IS_THE_OUTPUT = re.compile(
    r"`?,?[ \t]{1,40}(?:the[ \t]{1,40})?(?:output|result|answer|function|it)[ \t]{1,40}"
    r"(?:(?:should|must|will)[ \t]{1,40})?"
    r"(?:be|is|returns?)[ \t]{0,40}:?[ \t]{0,40}`?"
)
_OPENING = re.compile(r"(?:(?<=[\s`(])|^)[\[({]", re.MULTILINE)
_INLINE_END = re.compile(r"`?[ \t]{0,40}(?:[.,;:!?)]|$|\n|(?:and|or|but|please|in|using|with|as)\b)")
_TABLE_RULE = re.compile(r"\|?[ \t]{0,40}:?-{2,}:?[ \t]{0,40}(?:\|[ \t]{0,40}:?-{2,}:?[ \t]{0,40})*\|?")
_MOST_ROWS = 100
_OUTPUT_HEADER = re.compile(r"out(?:put)?|results?|expected|returns?|answer", re.IGNORECASE)


def inputs_and_outputs_in(text: str) -> Iterator[Example]:
    """Every example without a function's name; some may be found twice."""
    place = 0
    for line in text.split("\n"):
        if line.strip() and (found := _line(text, place)):
            yield found
        place += len(line) + 1
    for start in _OPENING.finditer(text):
        if found := _inline(text, start.start()):
            yield found
    for marker in _MARKER.finditer(text):
        if found := _inline(text, marker.end()):
            yield found
    for start in _FOR.finditer(text):
        if found := _for_given(text, start.end()):
            yield found
    yield from _tables(text)


def _line(text: str, place: int) -> Example | None:
    """An example that is all of a line, or of an `Input:` line and the `Output:` after it."""
    bullet = _BULLET.match(text, place)
    assert bullet is not None, "all of it is optional"
    try:
        values, named, end = _arguments(text, bullet.end())
        arrow = _OUTPUT.match(text, end) if bullet["label"] else _ARROW.match(text, end)
        arrow = arrow or _ARROW.match(text, end)
        if arrow is None or not (values or named):
            return None
        value, end = read_value(text, arrow.end())
    except NoValueError:
        return None
    if not _LINE_END.match(text, end):
        return None
    return Example(arguments=tuple(values), named=named, expected=value, text=text[bullet.end() : end].strip("` \t"))


def _arguments(text: str, at: int) -> tuple[list[Any], dict[str, Any], int]:
    """`[1, 2], 3` or `numbers = [1, 2], k = 3`, up to what is no further argument."""
    values: list[Any] = []
    named: dict[str, Any] = {}
    comma = re.compile(r"[ \t]{0,40},[ \t]{0,40}(?=[^\s])|[ \t]{1,40}and[ \t]{1,40}(?=\w+[ \t]{0,40}=)")
    name = re.compile(r"([A-Za-z_]\w*)[ \t]{0,40}=[ \t]{0,40}(?=[^=>])")
    while True:
        if keyword := name.match(text, at):
            named[keyword[1]], at = read_value(text, keyword.end())
        elif named:
            raise NoValueError("an argument by position after one by name")
        else:
            value, at = read_value(text, at)
            values.append(value)
        following = comma.match(text, at)
        if following is None or _OUTPUT.match(text, at):
            return values, named, at
        at = following.end()


def _inline(text: str, start: int) -> Example | None:
    try:
        given, end = read_value(text, start)
        arrow = _ARROW.match(text, end)
        if arrow is None:
            return None
        value, end = read_value(text, arrow.end())
    except NoValueError:
        return None
    if not _INLINE_END.match(text, end):
        return None
    return Example(arguments=(given,), expected=value, text=text[start:end])


def _for_given(text: str, start: int) -> Example | None:
    """`for numbers = [1, 2], k = 3 the output should be 4`."""
    try:
        _, named, end = _arguments(text, start)
        said = _IS_THE_OUTPUT.match(text, end)
        if said is None or not named:
            return None
        value, end = read_value(text, said.end())
    except NoValueError:
        return None
    if not _INLINE_END.match(text, end):
        return None
    return Example(arguments=(), named=named, expected=value, text=text[start:end])


def _tables(text: str) -> Iterator[Example]:
    lines = text.split("\n")
    for number in range(1, len(lines)):
        if "|" in lines[number] and _TABLE_RULE.fullmatch(lines[number].strip()) and "|" in lines[number - 1]:
            header = _cells(lines[number - 1])
            for line in lines[number + 1 : number + 1 + _MOST_ROWS]:
                if "|" not in line:
                    break
                if found := _row(header, _cells(line), line):
                    yield found


def _cells(line: str) -> list[str]:
    inside = line.strip().removeprefix("|").removesuffix("|")
    return [cell.strip().strip("`").strip() for cell in inside.split("|")]


def _row(header: Sequence[str], cells: Sequence[str], line: str) -> Example | None:
    """The column whose head says so is the output, else the last; the others are the arguments."""
    if len(cells) != len(header) or len(cells) < 2:
        return None
    outputs = [column for column, head in enumerate(header) if _OUTPUT_HEADER.search(head)]
    output = outputs[0] if len(outputs) == 1 else len(cells) - 1
    given = [cell for column, cell in enumerate(cells) if column != output]
    try:
        expected = read_whole_value(cells[output])
        if len(given) == 1:
            return _single(given[0], expected, line.strip())
        return Example(arguments=tuple(map(read_whole_value, given)), expected=expected, text=line.strip())
    except NoValueError:
        return None


def _single(cell: str, expected: Any, text: str) -> Example:
    """One cell of input: a call, or all arguments."""
    if called := CALL.match(cell):
        values, named, end = read_values(cell, called.end(), ")")
        name: str | None = called["name"]
    else:
        values, named, end = _arguments(cell, 0)
        name = None
    if cell[end:].strip():
        raise NoValueError("more than the arguments")
    return Example(function=name, arguments=tuple(values), named=named, expected=expected, text=text)
