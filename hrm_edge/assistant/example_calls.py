"""Examples that name the function: `f([1, 2]) == 3`, `f(2)` returns `4`, doctests, assertions of six languages.

Only calls whose arguments are values count, and only what says what the call comes to. A comparison in code (`if f(2)
== 4:`) is none, nor is what a call came to where it should not have (`f(2)` returns 3 instead of 4: the example is 4).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from hrm_edge.assistant.literals import NoValueError, read_value, read_values


@dataclass(frozen=True, kw_only=True)
class Example:
    """One call and what it should return."""

    function: str | None = None
    """None where the request gives only inputs and outputs."""
    arguments: tuple[Any, ...]
    named: dict[str, Any] = field(default_factory=dict)
    """Arguments after them, by name, in the order in which they are written."""
    expected: Any
    text: str
    """As the request has it."""


CALL = re.compile(r"(?<![\w.$/?&-])(?:Solution\(\)\.|Solution\.|Solution::|self\.)?(?P<name>[A-Za-z_$][\w$]*)\(")
_NOT_SAID = re.compile(
    r"(?:\b(?:def|if|elif|while|until|unless|return|not|in|new|await)\s{1,40}|[!=]\s{0,40}|\bnot\s{0,40}\(\s{0,40})\Z"
)
"""What before a call makes it no claim."""
ARROWS = "-->|==>|->|=>|→|➞|➔|➜|⇒|⟶|⟹|↦"
_SYMBOL = re.compile(rf"`?[ \t]{{0,40}}(?:{ARROWS}|===?)[ \t]{{0,40}}`?(?=[^=>])")
_AUXILIARY = r"(?:should|must|would|will|shall|has to|needs to|ought to|is expected to|is supposed to)"
_DEMAND = re.compile(
    rf"`?,?[ \t]{{1,40}}(?:it[ \t]{{1,40}})?{_AUXILIARY}[ \t]{{1,40}}"
    r"(?:return|be|give|equal|yield|produce|output|evaluate to)"
    r"(?:[ \t]{1,40}equal to)?[ \t]{0,40}:?[ \t]{0,40}`?"
)
_CLAIM = re.compile(
    r"`?[ \t]{1,40}(?:is|=|returns|gives|equals|yields|produces|outputs|evaluates to|is equal to|returned|gave)"
    r"[ \t]{0,40}:?[ \t]{0,40}`?(?=[^=])"
)
_COMMENT = re.compile(
    r"[ \t]{0,40};?[ \t]{0,40}(?://|#)[ \t]{0,40}"
    r"(?:(?:=>|->|→|==?|(?:should )?returns?:?|expected:?|output:?)[ \t]{0,40})?`?"
)
_SENTENCE_END = re.compile(
    r"`?(?:[ \t]{0,40}(?:[.,;:!?)\]}|]|$|\n|//|#)|[ \t]{1,40}(?:and|or|but|because|since|as|while|where)\b)"
)
_CORRECTION = re.compile(
    r"`?[ \t]{0,40},?[ \t]{0,40}(?:(?:but|and|while|where)[ \t]{1,40})?"
    r"(?:it[ \t]{1,40}|was[ \t]{1,40}|we[ \t]{1,40}|I[ \t]{1,40})?"
    rf"(?:expected|instead of|rather than|not|{_AUXILIARY}[ \t]{{1,40}}(?:be|return|give|have been|have returned))"
    r"(?:[ \t]{1,40}(?:is|was))?[ \t]{0,40}:?[ \t]{0,40}`?"
)
_DOCTEST = re.compile(r"^[ \t]{0,40}>>>[ \t]{0,40}(?=[A-Za-z_$])", re.MULTILINE)
_RESULT_LINE = re.compile(r"[ \t]{0,40}(?:;[ \t]{0,40})?\n(?P<line>[^\n]*)")
_ASSERTION = re.compile(r"\bassert[ \t]{1,40}(?P<negated>not[ \t]{1,40})?(?=[A-Za-z_$])|\bassert(?P<kind>True|False)\(")
_ASSERTION_END = re.compile(r"[ \t]{0,40}(?:\)?[ \t]{0,40};?[ \t]{0,40}(?:,[^\n]*)?(?:#[^\n]*)?(?:\n|$))")
_EQUALITY = re.compile(
    r"(?:\bassert_eq!|\b(?:self\.)?assert\w*Equals?|\bassert\.(?:equal|strictEqual|deepEqual|deepStrictEqual)"
    r"|\b(?:ASSERT|EXPECT)_EQ|\bAssert\.AreEqual)\(\s{0,40}(?:vec!|&)?"
)
_EXPECT = re.compile(r"\bexpect\(\s{0,40}")
_MATCHER = re.compile(r"\s{0,40}\)\s{0,40}\.(?:toBe|toEqual|toStrictEqual|to\.(?:deep\.)?equal)\(\s{0,40}")


def calls_in(text: str) -> Iterator[Example]:
    """Every example that names its function, in no particular order; some may be found twice."""
    for found in CALL.finditer(text):
        if _NOT_SAID.search(text, max(0, found.start() - 20), found.start()):
            continue
        try:
            call = _Call.at(text, found)
            yield call.example(*_outcome(text, call.end))
        except NoValueError:
            continue
    for reader in (_doctests, _assertions, _equalities, _expectations):
        yield from reader(text)


@dataclass(frozen=True, kw_only=True)
class _Call:
    """A call whose arguments are values."""

    text: str
    name: str
    start: int
    end: int
    arguments: tuple[Any, ...]
    named: dict[str, Any]

    @classmethod
    def at(cls, text: str, found: re.Match[str] | None) -> "_Call":
        if found is None:
            raise NoValueError("no call")
        values, named, end = read_values(text, found.end(), ")")
        return cls(
            text=text, name=found["name"], start=found.start(), end=end, arguments=tuple(values), named=dict(named)
        )

    def example(self, expected: Any, end: int, start: int | None = None) -> Example:
        whole = self.text[self.start if start is None else start : end]
        return Example(
            function=self.name, arguments=self.arguments, named=self.named, expected=expected, text=whole.strip()
        )


def _outcome(text: str, at: int) -> tuple[Any, int]:
    """What is said of a call that ends at `at`: the value, and where it ends.

    Raises:
        NoValueError: nothing is said.
    """
    if said := _SYMBOL.match(text, at):
        return read_value(text, said.end())
    if said := _DEMAND.match(text, at):
        return _to_the_end(text, said.end())
    if said := _CLAIM.match(text, at):
        _, end = read_value(text, said.end())
        if corrected := _CORRECTION.match(text, end):
            if corrected[0].strip("`, \t").endswith("not"):
                raise NoValueError("what it is not")
            return _to_the_end(text, corrected.end())
        return _to_the_end(text, said.end())
    if said := _COMMENT.match(text, at):
        return _to_the_end(text, said.end())
    raise NoValueError("nothing is said of the call")


def _to_the_end(text: str, at: int) -> tuple[Any, int]:
    """A value that the sentence ends with: `is 4 times as fast` is none."""
    value, end = read_value(text, at)
    if not _SENTENCE_END.match(text, end):
        raise NoValueError("the sentence goes on")
    return value, end


def _doctests(text: str) -> Iterator[Example]:
    for prompt in _DOCTEST.finditer(text):
        try:
            call = _Call.at(text, CALL.match(text, prompt.end()))
            if result := _RESULT_LINE.match(text, call.end):
                value, end = read_value(result["line"], 0)
                if not result["line"][end:].strip():
                    yield call.example(value, result.end())
        except NoValueError:
            continue


def _assertions(text: str) -> Iterator[Example]:
    """`assert f(2)`, `assert not f(3)`, `assertTrue(f(2))`."""
    for found in _ASSERTION.finditer(text):
        try:
            call = _Call.at(text, CALL.match(text, found.end()))
        except NoValueError:
            continue
        if _ASSERTION_END.match(text, call.end):
            yield call.example(not (found["negated"] or found["kind"] == "False"), call.end, found.start())


def _equalities(text: str) -> Iterator[Example]:
    """`assert_eq!(f(2), 4)`, `assertEquals(4, f(2))`."""
    for found in _EQUALITY.finditer(text):
        try:
            if called := CALL.match(text, found.end()):
                call = _Call.at(text, called)
                value, end = read_value(text, _comma(text, call.end))
            else:
                value, end = read_value(text, found.end())
                call = _Call.at(text, CALL.match(text, _comma(text, end)))
                end = call.end
            yield call.example(value, end, found.start())
        except NoValueError:
            continue


def _comma(text: str, at: int) -> int:
    found = re.compile(r"\s{0,40},\s{0,40}").match(text, at)
    if found is None:
        raise NoValueError("one argument alone")
    return found.end()


def _expectations(text: str) -> Iterator[Example]:
    """`expect(f(2)).toBe(4)`."""
    for found in _EXPECT.finditer(text):
        try:
            call = _Call.at(text, CALL.match(text, found.end()))
            matcher = _MATCHER.match(text, call.end)
            if matcher is not None:
                value, end = read_value(text, matcher.end())
                yield call.example(value, end, found.start())
        except NoValueError:
            continue
