"""HumanEvalPack: HumanEval-X's rows with a bug each and an instruction (Muennighoff et al. 2023, arXiv:2308.07124).

Two of its tasks: `humanevalfix` (repair the function so that the tests shown pass) and `humanevalpack` (write it from
its instruction: HumanEvalSynthesize). Requests have the parts of the official ones, in their order
(github.com/bigcode-project/bigcode-evaluation-harness/blob/8fc5bae/bigcode_eval/tasks/humanevalpack.py), except that
code stands in fences and that the answer is a whole file instead of a continuation. Those continuations are judged
after lists of imports have been put before them; here an answer brings its imports, but for those it was shown.
"""

from collections.abc import Iterable, Iterator

from hrm_edge.bench.suites.humaneval_x import check_of, language_of, program, stub_of
from hrm_edge.bench.suites.rows import Row
from hrm_edge.problems.problem import Problem, Scenario
from hrm_edge.prompt import fenced


def load_humanevalpack(rows: Iterable[Row]) -> Iterator[Problem]:
    """The functions to write, of any of the six files or of all of them.

    Raises:
        DataError: a row lacks a field, or is of a language that HumanEvalPack does not have.
    """
    return map(_synthesize, rows)


def load_humanevalfix(rows: Iterable[Row]) -> Iterator[Problem]:
    """The functions to repair, of any of the six files or of all of them.

    Raises:
        DataError: a row lacks a field, or is of a language that HumanEvalPack does not have.
    """
    return map(_fix, rows)


def _synthesize(row: Row) -> Problem:
    language = language_of(row)
    start = fenced(program(row, language, "").strip(), language)
    return Problem(
        suite="humanevalpack",
        id=row.text("task_id"),
        scenario=Scenario.GENERATION,
        language=language,
        request=f"{row.text('instruction').strip()}\n\nAnswer with the whole code, which starts like this:\n{start}",
        check=check_of(row, language),
        reference=program(row, language, row.text("canonical_solution")),
        stub=stub_of(row, language),
        source=row.fields,
    )


def _fix(row: Row) -> Problem:
    language = language_of(row)
    buggy = _buggy(row, language)
    shown = fenced(f"{buggy.strip()}\n\n{row.text('test').strip()}", language)
    return Problem(
        suite="humanevalfix",
        id=row.text("task_id"),
        scenario=Scenario.REPAIR,
        language=language,
        request=f"{shown}\n\nFix bugs in {row.text('entry_point')}. Answer with the whole code, without the tests.",
        check=check_of(row, language),
        reference=program(row, language, row.text("canonical_solution")),
        stub=buggy,
        source=row.fields,
    )


def _buggy(row: Row, language: str) -> str:
    """The program to repair, without a docstring: the tests alone say what is right (HumanEvalFixTests)."""
    body = row.text("buggy_solution")
    return row.text("declaration") + body if language == "python" else program(row, language, body)
