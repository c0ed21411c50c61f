"""One row in LiveCodeBench's format (`code_generation_lite`): statement, samples, hidden tests."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any

from hrm_edge.data_files import parse_json
from hrm_edge.problems.private_tests import unpack_text
from hrm_edge.problems.problem import Calls, StdinTests
from hrm_edge.train.data.sources.rows import BadRow, Fields

_HEADING = re.compile(r"^## *(.+?) *$", re.MULTILINE)
_SAMPLES = re.compile(
    r"^[#* ]*(?:Sample(?: Input)?(?: \d+)?|Examples?(?: \d+)?) *:?[* ]*$|^-+Example Input", re.MULTILINE | re.IGNORECASE
)
_TIMEOUT_S = 10.0


@dataclass(frozen=True, kw_only=True)
class Contest:
    """One problem."""

    id: str
    title: str
    statement: str
    """Whole, with samples."""
    platform: str
    day: date
    difficulty: str
    starter_code: str
    function: str | None
    """What is called in functional problems; None where standard input is read."""
    samples: tuple[tuple[str, str], ...]
    """(input, output) of the public tests."""
    packed_tests: str
    """The private ones, as the row has them."""

    @property
    def task(self) -> str:
        """The statement up to its samples."""
        found = _SAMPLES.search(self.statement)
        return (self.statement[: found.start()] if found else self.statement).strip()

    @property
    def sections(self) -> Mapping[str, str]:
        """Heading in lower case → text below it, where the task has headings."""
        parts = _HEADING.split(self.task)
        return {heading.lower(): text.strip() for heading, text in zip(parts[1::2], parts[2::2], strict=True)}

    def check(self) -> StdinTests | Calls:
        """All tests, public before private.

        Raises:
            DataError: the private tests are not packed as the data set says, or a functional test is no JSON.
        """
        place = f"problem {self.id}, field 'private_test_cases'"
        is_packed = not self.packed_tests.lstrip().startswith("[")
        text = unpack_text(self.packed_tests, place) if self.packed_tests and is_packed else self.packed_tests or "[]"
        tests = (*self.samples, *_tests(parse_json(text, place), "private_test_cases"))
        if self.function is None:
            return StdinTests(tests=tests, timeout_s=_TIMEOUT_S)
        return Calls(
            function=self.function,
            arguments=tuple(tuple(parse_json(line, place) for line in given.split("\n")) for given, _ in tests),
            expected=tuple(parse_json(output, place) for _, output in tests),
            method_of="Solution" if "class Solution" in self.starter_code else None,
            equality="livecodebench",
            timeout_s=_TIMEOUT_S,
        )


def read_contest(fields: Fields) -> list[Contest]:
    """The problem of a row.

    Raises:
        DataError: a field is missing or of another type, or a test is none.
    """
    metadata = _json(fields, "metadata", "{}")
    function = metadata.get("func_name") if isinstance(metadata, dict) else None
    samples = _tests(_json(fields, "public_test_cases", "[]"), "public_test_cases")
    if function is not None:
        for given, output in samples:
            for text in (*given.split("\n"), output):
                parse_json(text, "a functional test of 'public_test_cases'")
    return [
        Contest(
            id=fields.identifier("question_id"),
            title=fields.text("question_title"),
            statement=fields.text("question_content").replace("\r\n", "\n"),
            platform=fields.text("platform") if "platform" in fields.row else "",
            day=fields.day("contest_date"),
            difficulty=fields.text("difficulty") if "difficulty" in fields.row else "",
            starter_code=fields.text("starter_code", may_be_empty=True) if "starter_code" in fields.row else "",
            function=function if isinstance(function, str) else None,
            samples=samples,
            packed_tests=fields.text("private_test_cases", may_be_empty=True)
            if "private_test_cases" in fields.row
            else "",
        )
    ]


@lru_cache(maxsize=1)
def livecodebench_ids() -> frozenset[str]:
    """Ids of the sample of LiveCodeBench that the bench scores by."""
    text = resources.files("hrm_edge.train.data.sources").joinpath("livecodebench_ids.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


def _json(fields: Fields, name: str, absent: str) -> Any:
    text = fields.text(name, may_be_empty=True) if name in fields.row else ""
    return parse_json(text.strip() or absent, repr(name))


def _tests(entries: Any, name: str) -> tuple[tuple[str, str], ...]:
    found = []
    for number, entry in enumerate(entries if isinstance(entries, list) else [entries]):
        match entry:
            case {"input": str(given), "output": str(output)}:
                found.append((given, output))
            case _:
                raise BadRow(f"{name!r}, test {number} is {entry!r:.80}; a test has input and output as text")
    return tuple(found)
