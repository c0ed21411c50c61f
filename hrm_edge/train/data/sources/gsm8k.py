"""GSM8K (Cobbe et al. 2021, arXiv:2110.14168): word problems, answered by a short Python program.

An answer's sentences hold marks of a calculator, `48/2 = <<48/2=24>>24 clips`. Each mark becomes a line of the program
with its sentence as a comment, a number that an earlier line computed becomes that line's name, and the program prints
the answer. It is run here (it holds numbers and arithmetic only), and what it prints must be the answer.

    # Natalia sold 48/2 = 24 clips in May.
    step_1 = 48 // 2
    # Natalia sold 48+24 = 72 clips altogether in April and May.
    step_2 = 48 + step_1
    print(step_2)
"""

import ast
import operator
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from hrm_edge.prompt import fenced
from hrm_edge.train.data.example import Task, TrainingExample
from hrm_edge.train.data.sources.rows import BadRow, Fields, RowReport, convert_rows, find_files

_MARK = re.compile(r"<<([^<>]*)>>")
_FINAL = re.compile(r"\n#### *(\S[^\n]*)\s*\Z")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])")
_OPERATORS: Mapping[type[ast.operator], Callable[[int | float, int | float], int | float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
}
LARGEST = 10**12
MOST_STEPS = 12
"""An answer with more is a list, not a thought."""
_ASKS = (
    "{question}\nWrite a Python program that works it out and prints the answer.",
    "Write a short Python program that prints the answer.\n{question}",
    "{question} Answer with Python that prints the result.",
)


class NotComputedError(Exception):
    """Why an answer's marks make no program."""


@dataclass(frozen=True, kw_only=True)
class WordProblem:
    """One row."""

    question: str
    answer: str
    """Sentences with marks, without the final number."""
    final: str
    """As the program must print it."""


@dataclass(frozen=True, kw_only=True)
class Gsm8k:
    """Reasoning as a program, and on request in words."""

    name: ClassVar[str] = "gsm8k"
    licence: ClassVar[str] = "MIT"
    by_default: ClassVar[bool] = True
    files: ClassVar[tuple[str, ...]] = ("gsm8k_train.jsonl.gz", "gsm8k_train.jsonl")

    prose: bool = False
    """Also the answer in words, which ends in `The answer is 72.`"""

    def examples(self, paths: Sequence[Path], *, seed: int, report: RowReport) -> Iterator[TrainingExample]:
        """As SourceKind.examples."""
        for path in find_files(paths, self.files):
            for line, problem in convert_rows(path, report, _read_row):
                group, rng = f"gsm8k/{line}", random.Random(f"{seed} gsm8k {line}")
                try:
                    program, steps = write_program(problem)
                except NotComputedError as reason:
                    report.leave_out(self.name, str(reason))
                else:
                    request = rng.choice(_ASKS).format(question=problem.question)
                    yield _example(request, fenced(program, "python"), group, steps=steps, executed=True)
                if self.prose:
                    words = f"{_MARK.sub('', problem.answer)}\nThe answer is {problem.final}."
                    yield _example(problem.question, words, group, steps=None, executed=None)


def write_program(problem: WordProblem) -> tuple[str, int]:
    """The program and how many steps it has.

    Raises:
        NotComputedError: a mark is no arithmetic, a step gives another value than the answer says, or no step gives
            the final number.
    """
    writer = _Writer(given={float(match[0]) for match in _NUMBER.finditer(problem.question)})
    for sentence in problem.answer.split("\n"):
        writer.sentence(sentence)
    return writer.finished(problem.final), len(writer.values)


@dataclass
class _Writer:
    """A program as it grows."""

    given: set[float]
    """Numbers of the question: they are never taken for the result of a step."""
    lines: list[str] = field(default_factory=list)
    values: list[int | float] = field(default_factory=list)
    """What each step computes."""

    def sentence(self, text: str) -> None:
        """Its comment and a step for each of its marks."""
        marks = _MARK.findall(text)
        if not marks:
            return
        comment = " ".join(_MARK.sub("", text).split())
        self.lines.append(f"# {comment}")
        for mark in marks:
            self._step(*mark.rpartition("=")[::2])

    def _step(self, formula: str, stated: str) -> None:
        tree, value = self._written(_arithmetic(formula))
        if abs(value - _number(stated)) > 0.01 * max(1.0, abs(value)):
            raise NotComputedError("a step that gives another value than it says")
        self.values.append(value)
        if len(self.values) > MOST_STEPS:
            raise NotComputedError(f"more than {MOST_STEPS} steps")
        self.lines.append(f"step_{len(self.values)} = {ast.unparse(tree)}")

    def _written(self, tree: ast.expr) -> tuple[ast.expr, int | float]:
        """The calculation with names of steps for their values, and its value as Python has it.

        Divisions of whole numbers that leave no rest are written `//`, so that whole stays whole.
        """
        match tree:
            case ast.Constant(value=int() | float() as value):
                name = self.name_of(value)
                return (ast.Name(name), self.values[int(name.removeprefix("step_")) - 1]) if name else (tree, value)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                operand, value = self._written(operand)
                return ast.UnaryOp(ast.USub(), operand), -value
            case ast.BinOp(left=left, op=operation, right=right):
                (left, a), (right, b) = self._written(left), self._written(right)
                if isinstance(operation, ast.Div) and b == 0:
                    raise NotComputedError("a mark that divides by zero")
                whole = isinstance(a, int) and isinstance(b, int)
                if isinstance(operation, ast.Div) and whole and a % b == 0:
                    operation = ast.FloorDiv()
                if type(operation) not in _OPERATORS:
                    raise NotComputedError("a mark that is no arithmetic")
                value = _OPERATORS[type(operation)](a, b)
                if abs(value) > LARGEST:
                    raise NotComputedError(f"a number above {LARGEST:,}")
                return ast.BinOp(left, operation, right), value
        raise NotComputedError("a mark that is no arithmetic")

    def name_of(self, value: float) -> str | None:
        """The latest step that gave this value, unless the question gives it too."""
        if value in self.given:
            return None
        found = [number for number, other in enumerate(self.values, 1) if other == value]
        return f"step_{found[-1]}" if found else None

    def finished(self, final: str) -> str:
        """The program with the line that prints the final number."""
        for number, value in reversed(list(enumerate(self.values, 1))):
            forms = [f"step_{number}"]
            if isinstance(value, float) and abs(value - round(value, 2)) < 0.005:
                forms += [f"round(step_{number})"] if abs(value - round(value)) < 1e-6 else [f"round(step_{number}, 2)"]
            for form in forms:
                program = "\n".join([*self.lines, f"print({form})"])
                if _printed(program) == final:
                    return program
        raise NotComputedError("no step that gives the final number")


def _arithmetic(formula: str) -> ast.expr:
    """The tree of a calculation; `5%` is `(5/100)`, and Python's numbers have no leading zeros or commas."""
    text = formula.replace(",", "").replace("$", "").strip()
    text = re.sub(r"(\d+(?:\.\d+)?)%", r"(\1/100)", text)
    text = re.sub(r"(?<![\d.])0+(?=\d)", "", text)
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise NotComputedError("a mark that is no arithmetic") from None


def _printed(program: str) -> str:
    """What a program of numbers and arithmetic prints."""
    printed: list[str] = []
    names = {"print": lambda value: printed.append(str(value)), "round": round}
    exec(compile(program, "gsm8k", "exec"), {"__builtins__": names})  # written above: no other name is in it
    return "\n".join(printed)


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "").replace("$", "").strip())
    except ValueError:
        raise NotComputedError("a mark that states no number") from None


def _read_row(fields: Fields) -> list[WordProblem]:
    answer = fields.text("answer").replace("\r\n", "\n")
    found = _FINAL.search(answer)
    if found is None:
        raise BadRow("'answer' does not end in a line '#### <number>'")
    question = " ".join(fields.text("question").split())
    return [WordProblem(question=question, answer=answer[: found.start()], final=found[1].strip().replace(",", ""))]


def _example(request: str, response: str, group: str, *, steps: int | None, executed: bool | None) -> TrainingExample:
    return TrainingExample(
        request=request,
        response=response,
        task=Task.REASONING,
        language="python" if executed else "text",
        source=Gsm8k.name,
        licence=Gsm8k.licence,
        group=group,
        difficulty=None if steps is None else min(1.0, steps / MOST_STEPS),
        executed=executed,
    )
