"""What a harness makes of a suite and an answer: a program to build and run, and the tests it must report."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from hrm_edge.problems.problem import SuiteTests
from hrm_edge.sandbox.job import Limits


@dataclass(frozen=True, kw_only=True)
class Step:
    """One command of a compilation. What it makes is cached by what it reads."""

    argv: tuple[str, ...]
    """`{name}` in a word is the path of that program of the language's toolchain, `{support}` its directory."""
    inputs: tuple[str, ...]
    """Files of the program, and outputs of the steps before, that the command reads."""
    outputs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SuiteProgram:
    """One program of a suite. Only Rust has suites of several: each of its test files is a program."""

    files: Mapping[str, str]
    """Relative path → text."""
    steps: tuple[Step, ...] = ()
    """The compilation; where there are none, the files are one program, made by the language's row of the table."""
    runs_with: tuple[str, ...] = ()
    """Files and outputs that the run needs, where there are steps."""
    argv: tuple[str, ...] = ()
    """The command that runs it, with words like a step's, or else `python`; neither: the table's."""
    python: str = ""
    """Python source, run as `__main__` beside the files."""
    tests: tuple[str, ...]
    """Ids of all tests that must be reported, no more and no fewer."""
    canary: str | None = None
    """The test that was made to fail; None where all are as they should be."""
    limits: Limits = field(default_factory=Limits)
    """Of the run; the check says how long it may take."""


@dataclass(frozen=True, kw_only=True)
class AnsweredSuite:
    """A suite and the answer it tests."""

    check: SuiteTests
    language: str
    solution: Mapping[str, str]
    """Path → text of every solution file."""

    @property
    def files(self) -> dict[str, str]:
        """All files, the answer's in their place."""
        return {**self.check.files, **self.solution}

    @property
    def assembled(self) -> tuple[str, str]:
        """The first solution file between what stands before and after it: (before + solution, after)."""
        return self.check.before + self.solution[self.check.solution_paths[0]], self.check.after


class MakePrograms(Protocol):
    """A harness."""

    def __call__(self, suite: AnsweredSuite, *, with_canary: bool) -> tuple[SuiteProgram, ...]:
        """The programs of a suite, each with a test that must fail where a canary is asked for.

        Raises:
            UnreadableSuiteError, MissingLibrariesError.
        """
        ...


class UnreadableSuiteError(Exception):
    """The harness finds no test in the suite's files, or not where it can put the canary: nothing can be judged."""


class MissingLibrariesError(Exception):
    """The harness needs libraries that are not on this machine; the message names them and the mend."""


def shim(name: str) -> str:
    """The text of one of our files that run beside an answer."""
    return (Path(__file__).parent / "shims" / name).read_text(encoding="utf-8")


def middle(tests: tuple[str, ...]) -> str:
    """The test that becomes the canary: neither first nor last, so that what ends early or late is found out."""
    return tests[len(tests) // 2]


def most_used(calls: Mapping[str, str], text: str) -> str:
    """The canary's failure goes through the assertion that the suite uses most, so that one made toothless is found.

    Args:
        calls: how a call of each assertion starts in the text → a use of it that must fail. The first wins a draw.
        text: the suite.
    """
    return max(calls.items(), key=lambda call: text.count(call[0]))[1]


def numbered(name: str, count: int) -> str:
    """The id of a name's `count`-th use in one suite."""
    return name if count == 1 else f"{name} ({count})"
