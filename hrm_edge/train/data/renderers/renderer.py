"""What every language can write: a solution, its head, calls, tests, a whole program."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from hrm_edge.train.data.ir.nodes import Program
from hrm_edge.train.data.ir.types import Type


@dataclass(frozen=True)
class Case:
    """Arguments of the entry function and what it returns for them, as Python values."""

    arguments: tuple[Any, ...]
    result: Any


class Renderer(Protocol):
    """One language. Every method is a pure function of its arguments; texts end without a newline.

    Names in a Program are snake_case; each language writes them its own way and steps around its reserved words.
    """

    language: str
    """A name of languages.LANGUAGES."""

    def solution(self, program: Program) -> str:
        """Idiomatic source: imports, helpers, classes, the entry function. In Java a `class Solution` with static
        methods; in Go no package clause is missing (`package main`, no main); in the others plain functions. It is
        accepted as an answer by the sandbox's call drivers."""
        ...

    def name(self, program: Program) -> str:
        """How the entry function is called in this language."""
        ...

    def head(self, program: Program) -> str:
        """The entry function's declaration without its body, as a request gives it: `fn f(xs: &[i64]) -> i64`."""
        ...

    def stub(self, program: Program, documentation: str) -> str:
        """The head with a documentation comment in the language's manner and a body that compiles and answers wrongly
        or not at all: what an answer fills in."""
        ...

    def literal(self, value: Any, type: Type) -> str:
        """A value as an expression of this language, where an argument or expected result stands."""
        ...

    def call(self, program: Program, arguments: Sequence[Any]) -> str:
        """The expression that calls the entry function."""
        ...

    def tests(self, program: Program, cases: Sequence[Case]) -> str:
        """Tests as a person writes them, without the solution: Python `def test_…` with asserts; JavaScript
        `node:test` and `node:assert`; Go a table test of package main in its own file; Rust a `#[cfg(test)] mod
        tests`; C++ a `main` with `assert`; Java a `class SolutionTest` of JUnit 5."""
        ...

    def stdin_program(self, program: Program) -> str:
        """The solution with a main that reads one line per parameter (an int, a text, or ints with blanks between; an
        empty line is an empty list) and prints the result on one line (`true`/`false` for a truth value). Only for
        programs that `reads_lines` accepts."""
        ...


def reads_lines(program: Program) -> bool:
    """Whether a program's parameters and result each fit a line of standard input or output."""
    types = [str(parameter.type) for parameter in program.entry.parameters]
    return {*types, str(program.entry.result)} <= {"int", "str", "list[int]", "bool"} and "bool" not in types
