"""A problem, whatever set it comes from: what is asked, in which language, and how an answer is checked.

A suite yields problems; the sandbox's judges read only `Problem.check`. The kinds of check, from the most to the least
trustworthy:

- `Calls`, `StdinTests`: the program computes, the host compares. Expected values never enter the sandbox.
- `PythonTests`: the data set's own Python test code, in a process of its own beside the answer's.
- `Prediction`, `TestOutput`, `ShellCommand`: the answer is a value or a command, compared with the right one.
- `SuiteTests`: tests that share the program's process (HumanEval-X, Exercism). A hostile program can forge them, so
  their scores are kept apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Literal

Harness = Literal["asserts", "go-test", "rust-test", "catch2", "junit", "jest", "unittest"]
"""Who runs the tests of a `SuiteTests`: a main with assertions, or the language's test framework."""

Answer = str | Mapping[str, str]
"""What is judged: one text, or the text of every file an exercise asks for."""


class Scenario(StrEnum):
    """What is asked of the model."""

    GENERATION = "generation"
    REPAIR = "self-repair"
    TEST_OUTPUT = "test-output-prediction"
    EXECUTION = "execution"
    EDIT = "edit"
    SHELL = "shell"


@dataclass(frozen=True, kw_only=True)
class Signature:
    """Types of a function, for the languages that need them.

    A type is written `int` (64 bits), `float`, `bool`, `str`, `list[T]`, `map[K,V]` (K `int` or `str`), `tuple[T,…]`
    or `optional[T]`.
    """

    parameters: tuple[tuple[str, str], ...]
    """(name, type) of each parameter."""
    result: str


@dataclass(frozen=True, kw_only=True)
class Calls:
    """Call a function of the answer; the host compares what it returns."""

    function: str
    arguments: tuple[tuple[Any, ...], ...]
    """Positional arguments of each call."""
    expected: tuple[Any, ...]
    method_of: str | None = None
    """Class that has the function as a method; one instance serves all calls, as LiveCodeBench does it."""
    signature: Signature | None = None
    """None only where the language needs no types (Python, JavaScript)."""
    equality: Literal["strict", "livecodebench"] = "strict"
    """strict: same type and value at every depth. livecodebench: a tuple at the top is a list, then Python's ==."""
    timeout_s: float = 6.0
    """Of each call."""


@dataclass(frozen=True, kw_only=True)
class StdinTests:
    """Feed standard input; the host compares standard output line by line, as LiveCodeBench does it."""

    tests: tuple[tuple[str, str], ...]
    """(input, expected output)."""
    timeout_s: float = 6.0
    """Of each test."""


@dataclass(frozen=True, kw_only=True)
class PythonTests:
    """Python statements that call the answer and raise when it is wrong (HumanEval, MBPP)."""

    entry_point: str
    tests: tuple[str, ...]
    setup: str = ""
    """Run before the tests, in their process: imports and helpers that the tests use."""
    prefix: str = ""
    """Put before an answer that does not define `entry_point` itself: a continuation of the prompt."""
    timeout_s: float = 10.0
    """Of all tests together."""


@dataclass(frozen=True, kw_only=True)
class SuiteTests:
    """A test suite that runs in the program's own process."""

    harness: Harness
    solution_paths: tuple[str, ...]
    """Files the answer fills. An answer that is one text fills the first."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Everything else: tests, build files. Relative paths; a solution path here is the untouched stub."""
    before: str = ""
    """Put before the solution in its file (declarations, imports) where it is assembled with its tests."""
    after: str = ""
    """Put after it: the tests, for the `asserts` harness and single-file programs."""
    timeout_s: float = 15.0
    """Of the whole suite, compilation apart."""


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """The answer is a Python expression: what `code` returns for an input, or an input that returns a value."""

    code: str
    """Defines the function."""
    call: str
    """The call whose value is asked for (`f(a = 1)`), or with `asks="input"` the function's name."""
    expected: str
    """The value, as a Python literal."""
    asks: Literal["output", "input"] = "output"
    timeout_s: float = 3.0


@dataclass(frozen=True, kw_only=True)
class TestOutput:
    """The answer is an assert statement (or its right side) whose value must equal the JSON value."""

    expected: str
    __test__ = False  # a class for pytest to leave alone


@dataclass(frozen=True, kw_only=True)
class ShellCommand:
    """The answer is a command that must match one of the references; it is not run."""

    references: tuple[str, ...]


Check = Calls | StdinTests | PythonTests | SuiteTests | Prediction | TestOutput | ShellCommand


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One problem of one suite."""

    suite: str
    id: str
    """Unique in the suite, as its own files name it: `HumanEval/0`."""
    scenario: Scenario
    language: str
    """A name of languages.LANGUAGES."""
    request: str
    """What the model is asked, without markers or chat template."""
    check: Check
    reference: Answer | None = None
    """An answer that should pass."""
    stub: Answer | None = None
    """The untouched start, which should not pass: the empty body, the buggy program."""
    difficulty: str | None = None
    platform: str | None = None
    contest_date: date | None = None
    tries: int = 1
    """How often the model may answer, shown the failing tests' output in between."""
    source: Mapping[str, Any] = field(default_factory=dict)
    """The row of the data set, for files that must repeat its fields."""
