"""Contest problems in LiveCodeBench's format: Google's archive, and files of one's own.

Statements have no solutions. Alone they teach to read: what a program must print for a sample (shown without its
output), and how input and output are laid out. With `solutions`, a file of JSON lines

    {"question_id": "gcca_…", "language": "python", "code": "…"}

they teach to solve; a solution counts as executed when a record says that it passed all tests.

LiveCodeBench itself is for evaluation. Rows from its platforms or with ids of the sample at hand are refused, unless a
recipe says `livecodebench = true`: then its user has named them, and answers for what the scores are worth.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import ClassVar

from hrm_edge.data_files import parse_json
from hrm_edge.errors import DataError
from hrm_edge.languages import LANGUAGES
from hrm_edge.prompt import fenced
from hrm_edge.train.data.example import Task, TrainingExample
from hrm_edge.train.data.sources import wordings
from hrm_edge.train.data.sources.contest_rows import Contest, livecodebench_ids, read_contest
from hrm_edge.train.data.sources.rows import BadRow, Fields, RowReport, convert_rows, find_files
from hrm_edge.train.data.sources.verification import Record, Unverified, load_record

LONGEST_STATEMENT = 6000
"""Characters of a statement that goes into a request."""
LONGEST_OUTPUT = 400
"""Characters of a sample's output that a model is asked to foretell."""
_DIFFICULTIES = {"easy": 0.4, "medium": 0.65, "hard": 0.9}
_FORETELL = (
    "What does a right program print for this input?",
    "Give the output for this input:",
    "Work out the output of this test case.",
)
_QUOTE = (
    "Which part of this statement says what the {part} looks like? Quote it.",
    "Quote the description of the {part} from this problem.",
)
_SOLVE = "Solve this in {language}: read standard input, write standard output."
_PLATFORMS = frozenset({"leetcode", "atcoder", "codeforces"})
"""LiveCodeBench's."""


@dataclass(frozen=True, kw_only=True)
class Solution:
    """A solution that somebody supplied."""

    question: str
    language: str
    code: str


@dataclass(frozen=True, kw_only=True)
class Contests:
    """Reading and sample outputs from statements; generation where there are solutions."""

    name: ClassVar[str] = "contests"
    by_default: ClassVar[bool] = True
    files: ClassVar[tuple[str, ...]] = ("google-contests.jsonl.gz", "google-contests.jsonl")

    licence: str = "Apache-2.0"
    """Of the statements: Google's archive's, unless a recipe with other files says otherwise."""
    solutions: tuple[str, ...] = ()
    """Files of solutions."""
    verified: tuple[str, ...] = ()
    """Records of verified solutions."""
    first_day: str = ""
    """Leave out contests before this day, `2023-01-31`."""
    last_day: str = ""
    """Leave out contests after this day."""
    livecodebench: bool = False
    """Accept LiveCodeBench's own problems."""

    def examples(self, paths: Sequence[Path], *, seed: int, report: RowReport) -> Iterator[TrainingExample]:
        """As SourceKind.examples."""
        solutions, record = self._solutions(report), load_record(self.verified)
        for path, line, contest in self.read(paths, report):
            rng = random.Random(f"{seed} contests {contest.id}")
            if len(contest.statement) > LONGEST_STATEMENT:
                report.leave_out(self.name, f"a statement of more than {LONGEST_STATEMENT:,} characters")
                continue
            yield from self._reading(contest, rng, report)
            try:
                solved = [self._solved(contest, solution, record) for solution in solutions.get(contest.id, [])]
            except DataError as error:
                report.skip(path, line, str(error))
            else:
                yield from solved

    def read(self, paths: Sequence[Path], report: RowReport) -> Iterator[tuple[Path, int, Contest]]:
        """The problems that may be used, with file and line.

        Raises:
            DataError: as SourceKind.examples, or `first_day` or `last_day` is no day.
        """
        first, last = _day(self.first_day, "first_day", date.min), _day(self.last_day, "last_day", date.max)
        for path in find_files(paths, self.files):
            for line, contest in convert_rows(path, report, read_contest):
                if not self.livecodebench and (
                    contest.platform.lower() in _PLATFORMS or contest.id in livecodebench_ids()
                ):
                    report.leave_out(self.name, "LiveCodeBench is for evaluation: livecodebench = true accepts it")
                elif not first <= contest.day <= last:
                    report.leave_out(self.name, "a contest outside the days asked for")
                else:
                    yield path, line, contest

    def unverified(self, paths: Sequence[Path], report: RowReport) -> Iterator[Unverified]:
        """Every solution with all tests of its problem, for verification.verify."""
        solutions = self._solutions(report)
        for path, line, contest in self.read(paths, report):
            try:
                items = [_unverified(contest, solution) for solution in solutions.get(contest.id, [])]
            except DataError as error:
                report.skip(path, line, str(error))
            else:
                yield from items

    def _solutions(self, report: RowReport) -> Mapping[str, list[Solution]]:
        """Question → its solutions."""
        found: dict[str, list[Solution]] = defaultdict(list)
        for path in find_files([Path(name) for name in self.solutions], ("*.jsonl",)):
            for _, solution in convert_rows(path, report, _read_solution):
                found[solution.question].append(solution)
        return found

    def _reading(self, contest: Contest, rng: random.Random, report: RowReport) -> Iterator[TrainingExample]:
        """The output of each short sample, and what the statement says of input and output."""
        for given, output in contest.samples:
            if len(output) > LONGEST_OUTPUT:
                report.leave_out(self.name, f"a sample whose output has more than {LONGEST_OUTPUT} characters")
            elif contest.function is not None:
                call, value = _call(contest.function, given), _python_value(output)
                request = wordings.complete_assertion(contest.task, contest.starter_code.strip(), call, rng)
                answer = fenced(f"assert {call} == {value}", "python")
                yield self._example(contest, Task.TEST_OUTPUT, request, answer, "python")
            else:
                request = f"{contest.task}\n\n{rng.choice(_FORETELL)}\n{fenced(given.strip(), '')}"
                yield self._example(contest, Task.TEST_OUTPUT, request, fenced(output.strip(), ""), "text")
        for part in ("input", "output"):
            if contest.sections.get(part):
                request = f"{rng.choice(_QUOTE).format(part=part)}\n\n{contest.task}"
                yield self._example(contest, Task.REASONING, request, contest.sections[part], "text")

    def _solved(self, contest: Contest, solution: Solution, record: Record) -> TrainingExample:
        example = self._example(
            contest,
            Task.GENERATION,
            f"{contest.statement.strip()}\n\n{_SOLVE.format(language=LANGUAGES[solution.language].title)}",
            fenced(solution.code, solution.language),
            solution.language,
        )
        return replace(example, executed=record.vouches_for(_unverified(contest, solution)) or None)

    def _example(self, contest: Contest, task: Task, request: str, response: str, language: str) -> TrainingExample:
        return TrainingExample(
            request=request,
            response=response,
            task=task,
            language=language,
            source=self.name,
            licence=self.licence,
            group=f"contests/{contest.id}",
            difficulty=_DIFFICULTIES.get(contest.difficulty.lower()),
            contest_date=contest.day,
        )


def _read_solution(fields: Fields) -> list[Solution]:
    language = fields.text("language")
    if language not in LANGUAGES:
        raise BadRow(f"'language' is {language!r}; one of {', '.join(LANGUAGES)} is needed there")
    return [
        Solution(
            question=fields.identifier("question_id"),
            language=language,
            code=fields.text("code").replace("\r\n", "\n").strip(),
        )
    ]


def _unverified(contest: Contest, solution: Solution) -> Unverified:
    return Unverified(
        id=f"contests/{contest.id}", language=solution.language, answer=solution.code, check=contest.check()
    )


def _call(function: str, given: str) -> str:
    return f"{function}({', '.join(_python_value(line) for line in given.split(chr(10)))})"


def _python_value(text: str) -> str:
    """A JSON value as Python writes it."""
    return repr(parse_json(text, "a functional test"))


def _day(text: str, option: str, unset: date) -> date:
    try:
        return date.fromisoformat(text) if text else unset
    except ValueError:
        raise DataError(f"source 'contests', option {option!r} is {text!r}: give a day, 2023-01-31") from None
