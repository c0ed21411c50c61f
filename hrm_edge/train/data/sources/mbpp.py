"""MBPP (Austin et al. 2021, arXiv:2108.07732) and MBXP (Athiwaratkun et al. 2022, arXiv:2210.14868).

Short Python tasks with three assertions, and the same tasks in Java, JavaScript and C++ with solutions that a model
wrote. Rows of both are joined by MBPP's number. Of the numbers 1 to 974 only 1-10 and 601-974 are for training; 511-600
are the validation set, which is left out unless a recipe says otherwise, and 11-510 the test, which never gets in.

MBXP's solutions pass their three tests, and many do nothing else: `case 3: return 30; case 5: return 210;`. Only those
that were seen to agree with Python's solution on new arguments (agreement.py) are used.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from pathlib import Path
from typing import ClassVar

from hrm_edge.languages import LANGUAGES
from hrm_edge.problems.problem import PythonTests
from hrm_edge.prompt import fenced
from hrm_edge.train.data.data_sets import Example
from hrm_edge.train.data.example import Task, TrainingExample
from hrm_edge.train.data.sources import wordings
from hrm_edge.train.data.sources.mbxp import Translation, read_translation
from hrm_edge.train.data.sources.python_text import Assertion, entry_point, head_of, parsed, read_assertion
from hrm_edge.train.data.sources.rows import Fields, RowReport, convert_rows, find_files
from hrm_edge.train.data.sources.verification import Unverified, load_record

LICENCE = "CC-BY-4.0"
TRANSLATION_LICENCE = "Apache-2.0"


@dataclass(frozen=True, kw_only=True)
class Original:
    """One row of MBPP."""

    number: int
    text: str
    code: str
    """Newlines of Unix, blanks for tabs."""
    tests: tuple[str, ...]
    """Assertions, each on a line of its own."""
    function: str
    setup: str

    @property
    def group(self) -> str:
        """Shared with the task's translations."""
        return f"mbpp/{self.number}"

    @property
    def head(self) -> str:
        """`def f(a, b):` of the function that the tests call."""
        return head_of(self.code, self.function)

    @property
    def assertions(self) -> list[Assertion]:
        """The tests that compare one call with a literal."""
        return [found for test in self.tests if (found := read_assertion(test)) and found.function == self.function]

    def unverified(self) -> Unverified:
        """The solution and its tests."""
        check = PythonTests(entry_point=self.function, tests=self.tests, setup=self.setup)
        return Unverified(id=self.group, language="python", answer=self.code, check=check)

    def unverified_translation(self, translation: Translation) -> Unverified:
        """A translation, named by the solution that it must agree with: the record says that it did."""
        own = self.unverified()
        return replace(
            own,
            id=f"{self.group} {translation.language}",
            language=translation.language,
            answer={"original": self.code, "translation": translation.plain_code},
        )


@dataclass(frozen=True, kw_only=True)
class Mbpp:
    """Generation, translation, test output, execution, test writing and description from MBPP and MBXP."""

    name: ClassVar[str] = "mbpp"
    licence: ClassVar[str] = "CC-BY-4.0 AND Apache-2.0"
    by_default: ClassVar[bool] = True
    files: ClassVar[tuple[str, ...]] = ("mbpp/train.jsonl", "mbpp/validation.jsonl", "mbxp/*.jsonl.gz")

    with_validation: bool = False
    """Train on 511-600 too: only where no model is selected by them."""
    verified: tuple[str, ...] = ()
    """Records of verified answers, beside the package's own."""

    def examples(self, paths: Sequence[Path], *, seed: int, report: RowReport) -> Iterator[TrainingExample]:
        """As SourceKind.examples. MBXP rows are used only beside their MBPP row."""
        originals, translations = self.read(paths, report)
        record = load_record(self.verified)
        for number in sorted(originals.keys() | translations.keys()):
            rng = random.Random(f"{seed} mbpp {number}")
            original, solved = originals.get(number), translations.get(number, [])
            agreeing = [row for row in solved if original and record.vouches_for(original.unverified_translation(row))]
            if len(agreeing) < len(solved):
                rule = "an MBXP solution that was not seen to agree with Python's on new arguments"
                report.leave_out(self.name, rule, len(solved) - len(agreeing))
            if original is not None:
                executed = record.vouches_for(original.unverified()) or None
                yield from _original_examples(original, rng, executed)
                for translation in agreeing:
                    yield from _between(original, executed, translation, rng)
            for translation in agreeing:
                given = wordings.complete_function(translation.prompt, translation.language, rng)
                yield _translated(given, translation, Task.GENERATION)
            for source, target in permutations(agreeing, 2):
                given = wordings.translate(source.plain_code, source.language, target.language, target.head, rng)
                yield _translated(given, target, Task.TRANSFER)

    def read(
        self, paths: Sequence[Path], report: RowReport
    ) -> tuple[dict[int, Original], dict[int, list[Translation]]]:
        """Rows of MBPP and of MBXP that may be used, by number; of two with one number and language the first.

        Raises:
            DataError: as SourceKind.examples.
        """
        originals: dict[int, Original] = {}
        translations: dict[int, dict[str, Translation]] = {}
        for path in find_files(paths, self.files):
            for _, row in convert_rows(path, report, _read_row):
                rule = _left_out(row, with_validation=self.with_validation)
                solved = translations.setdefault(row.number, {})
                if rule is None and (
                    row.language in solved if isinstance(row, Translation) else row.number in originals
                ):
                    rule = "a task and language that came before"
                if rule is not None:
                    report.leave_out(self.name, rule)
                elif isinstance(row, Original):
                    originals[row.number] = row
                else:
                    solved[row.language] = row
        held_out = {number for number, row in originals.items() if _is_held_out(row)}
        for number in sorted(held_out):
            del originals[number]
            report.leave_out(self.name, "held out for evaluation", 1 + len(translations.pop(number, {})))
        return originals, {number: list(found.values()) for number, found in translations.items()}


def _original_examples(row: Original, rng: random.Random, executed: bool | None) -> Iterator[TrainingExample]:
    """Every scenario of one row of MBPP; assertions only where they compare one call with a literal."""
    code = fenced(row.code, "python")
    given = wordings.write_with_tests(row.text, row.tests, "python", rng)
    yield _in_python(row, Task.GENERATION, given, code, executed)
    given = wordings.complete_function(_documented(row), "python", rng)
    yield _in_python(row, Task.GENERATION, given, code, executed)
    for assertion in row.assertions:
        answer = fenced(f"assert {assertion.call} == {assertion.value}", "python")
        given = wordings.complete_assertion(row.text, row.head, assertion.call, rng)
        yield _in_python(row, Task.TEST_OUTPUT, given, answer, executed)
        given = wordings.predict_output(row.code, assertion.call, rng)
        yield _in_python(row, Task.EXECUTION, given, answer, executed)
    given = wordings.write_tests(row.text, row.head, "python", rng)
    yield _in_python(row, Task.TEST_WRITING, given, fenced("\n".join(row.tests), "python"), executed)
    described = _in_python(row, Task.REVERSE, wordings.describe(row.code, "python", rng), row.text, None)
    yield replace(described, language="text")


def _in_python(row: Original, task: Task, request: str, response: str, executed: bool | None) -> TrainingExample:
    return TrainingExample(
        request=request,
        response=response,
        task=task,
        language="python",
        source=Mbpp.name,
        licence=LICENCE,
        group=row.group,
        executed=executed,
    )


def _read_row(fields: Fields) -> list[Original | Translation]:
    """MBPP's full rows (`text`) and sanitized ones (`prompt`, `test_imports`), and MBXP's (`canonical_solution`)."""
    if "canonical_solution" in fields.row:
        return [read_translation(fields)]
    full = "text" in fields.row
    code = "\n".join(line.rstrip() for line in fields.text("code").expandtabs(4).split("\n")).strip()
    tests = tuple(test.strip() for test in fields.texts("test_list"))
    setup = fields.text("test_setup_code", may_be_empty=True) if full else "\n".join(fields.row.get("test_imports", []))
    parsed(code, "code")
    return [
        Original(
            number=fields.integer("task_id"),
            text=fields.text("text" if full else "prompt").strip(),
            code=code,
            tests=tests,
            function=entry_point(code, tests),
            setup=setup,
        )
    ]


def _left_out(row: Original | Translation, *, with_validation: bool) -> str | None:
    """The rule that leaves a row out, or None."""
    if row.number <= 0 or row.number > 974:
        return "a number that MBPP does not have"
    if 11 <= row.number <= 510:
        return "MBPP's held-out test (11 to 510)"
    if 511 <= row.number <= 600 and not with_validation:
        return "MBPP's validation set (511 to 600)"
    if isinstance(row, Translation):
        if row.language not in LANGUAGES:
            return f"{row.language} is no language of ours"
        if row.code is None:
            return f"no solution in {row.language} that compiled and passed"
    return None


def _is_held_out(row: Original) -> bool:
    """The share that every training leaves out, by the words of the request that the trainer knows this row by."""
    request = f"{row.text}\n{row.tests[0]}"
    return Example(request=request, code=row.code, language="python", source=Mbpp.name).held_out


def _documented(row: Original) -> str:
    """The head with the task and its first test as documentation, as HumanEval writes it."""
    lines = [f'    """{row.text}'.replace("\\", "\\\\")]
    for assertion in row.assertions[:1]:
        lines += [f"    >>> {assertion.call}", f"    {assertion.value}"]
    lines += ['    """']
    return "\n".join([row.head, *lines])


def _between(
    original: Original, executed: bool | None, translation: Translation, rng: random.Random
) -> Iterator[TrainingExample]:
    """From Python to the translation's language and back."""
    given = wordings.translate(original.code, "python", translation.language, translation.head, rng)
    yield _translated(given, translation, Task.TRANSFER)
    given = wordings.translate(translation.plain_code, translation.language, "python", original.head, rng)
    yield _in_python(original, Task.TRANSFER, given, fenced(original.code, "python"), executed)


def _translated(request: str, translation: Translation, task: Task) -> TrainingExample:
    return TrainingExample(
        request=request,
        response=fenced(translation.plain_code, translation.language),
        task=task,
        language=translation.language,
        source=Mbpp.name,
        licence=TRANSLATION_LICENCE,
        group=f"mbpp/{translation.number}",
        executed=True,
    )
