"""Files of samples, whoever made them.

    ours                  {"task_id", "sample", "try", "completion", "form", …} a line
    HumanEval, EvalPlus   {"task_id", "completion" or "solution"} a line; repeated task ids are further samples
    lm-evaluation-harness {"doc_id", "doc", "resps", "filtered_resps", …} a line
    LiveCodeBench         one JSON list, of {"question_id" (with "test_id"), or "id"; "code_list" or "pred_list"} as its
                          custom evaluator and its _eval_all.json have it, or of lists of answers in problem order

What is judged of a sample is what the file's own evaluator would judge. Samples of problems that are not among the
chosen ones are left out and counted, as a date window or --limit narrows a suite; a chosen problem without a sample is
an error, as it would otherwise raise the score.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hrm_edge.bench.lm_eval_samples import is_lm_eval, lm_eval_document, lm_eval_texts
from hrm_edge.bench.samples import Form, Key, Sample, by_key, is_ours, parse_sample
from hrm_edge.data_files import read_list, read_objects
from hrm_edge.errors import DataError
from hrm_edge.problems.problem import Problem, Scenario


@dataclass(frozen=True, kw_only=True)
class SampleFile:
    """The samples of a file that belong to the chosen problems."""

    samples: Mapping[Key, Sample]
    notices: tuple[str, ...]
    """What was left out, a sentence each."""


def read_sample_file(path: Path, problems: Sequence[Problem]) -> SampleFile:
    """Read a file of any of these formats; which one, its content says.

    Raises:
        DataError: the file cannot be read, is of none of the formats, has two lines for one sample, none for a problem,
            or none that belongs to any.
    """
    finder = _Finder(problems)
    notices: tuple[str, ...] = ()
    if path.suffix == ".json":
        found = list(_listed(read_list(path), finder, str(path)))
    else:
        found, notices = _lines(read_objects(path), finder, path)
    samples = by_key(found)
    _require_samples(path, problems, samples, finder)
    if finder.unknown:
        notices += (f"{finder.unknown} samples in {path.name} are of problems that were not chosen: left out",)
    return SampleFile(samples=samples, notices=notices)


class _Finder:
    """Which problem a row is about, and which of its samples comes next."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = problems
        self.unknown = 0
        self._by_name: dict[str, list[Problem]] = {}
        self._next: Counter[str] = Counter()
        for problem in problems:
            plain = {name.lower() for name in (problem.id, *_names(problem.source))}
            for name in plain | {f"{problem.suite}/{name}".lower() for name in plain}:
                self._by_name.setdefault(name, []).append(problem)

    def find(self, row: Mapping[str, Any], where: str) -> Problem | None:
        """The problem a row names; None, and counted, for one that was not chosen."""
        names = _names(row)
        if not names:
            raise DataError(f"{where}: none of task_id, question_id and id is there: which problem does it answer?")
        for name in names:
            matches = self._by_name.get(name.lower(), [])
            if len(matches) == 1:
                return matches[0]
            if matches:
                raise DataError(f"{where}: {name!r} names {len(matches)} of the problems: choose one scenario")
        return None

    def split(
        self, row: Mapping[str, Any], answers: list[object], where: str
    ) -> Iterator[tuple[Problem | None, list[object]]]:
        """Which answers of a question are to which problem: in self-repair each to the one program it mends."""
        repairs = [self._by_name.get(f"{row.get('question_id')}/{place}".lower(), []) for place in range(len(answers))]
        if all(len(found) == 1 and found[0].scenario is Scenario.REPAIR for found in repairs):
            yield from ((found[0], [answer]) for found, answer in zip(repairs, answers, strict=True))
        else:
            yield self.find(row, where), answers

    def samples(self, problem: Problem | None, texts: Sequence[object], form: Form, where: str) -> Iterator[Sample]:
        """One sample per text, numbered on from the problem's last."""
        if problem is None:
            self.unknown += len(texts)
            return
        for text in texts:
            if not isinstance(text, str):
                raise DataError(f"{where}: an answer is {text!r}: it must be a text")
            index = self._next[problem.id]
            self._next[problem.id] += 1
            yield Sample(task_id=problem.id, sample=index, text=text, form=form, language=problem.language)


def _names(row: Mapping[str, Any]) -> list[str]:
    """What a row calls its problem, the most exact name first."""
    names = [row.get("task_id"), None, row.get("id"), row.get("question_id")]
    if "question_id" in row and "test_id" in row:
        names[1:] = [f"{row['question_id']}/{row['test_id']}"]
    return [str(name) for name in names if isinstance(name, (str, int)) and not isinstance(name, bool)]


def _lines(
    rows: Iterable[tuple[int, dict[str, Any]]], finder: _Finder, path: Path
) -> tuple[list[tuple[str, Sample]], tuple[str, ...]]:
    """(where, sample) of each line, and what was left out."""
    found: list[tuple[str, Sample]] = []
    filters: Counter[object] = Counter()
    for number, row in rows:
        where = f"{path}:{number}"
        if is_lm_eval(row):
            filters[row.get("filter")] += 1
            if len(filters) > 1 and row.get("filter") != next(iter(filters)):
                continue
        found.extend((where, sample) for sample in _of_line(row, finder, where))
    first, *others = filters or [None]
    left_out = sum(filters[name] for name in others)
    if not left_out:
        return found, ()
    return found, (f"{left_out} lines in {path.name} are under other filters than {first!r}: left out",)


def _of_line(row: dict[str, Any], finder: _Finder, where: str) -> Iterator[Sample]:
    if is_ours(row):
        sample = parse_sample(row, where)
        problem = finder.find({"task_id": sample.task_id}, where)
        if problem is None:
            finder.unknown += 1
        else:
            yield replace(sample, task_id=problem.id)
    elif is_lm_eval(row):
        problem = finder.find(lm_eval_document(row, where), where)
        yield from finder.samples(problem, lm_eval_texts(row, where), "completion", where)
    elif "solution" in row:
        yield from finder.samples(finder.find(row, where), [row["solution"]], "solution", where)
    elif "completion" in row:
        yield from finder.samples(finder.find(row, where), [row["completion"]], "completion", where)
    elif isinstance(answers := row.get("code_list", row.get("pred_list")), list):
        for problem, texts in finder.split(row, answers, where):
            yield from finder.samples(problem, texts, "solution", where)
    else:
        raise DataError(f"{where}: neither completion, solution, code_list nor resps is there: no file of samples")


def _listed(rows: list[Any], finder: _Finder, where: str) -> Iterator[tuple[str, Sample]]:
    """(where, sample) of LiveCodeBench's lists."""
    if rows and all(isinstance(row, list) for row in rows):
        ordered = sorted(finder.problems, key=official_order)
        if len(rows) != len(ordered):
            raise DataError(
                f"{where} lists answers to {len(rows)} problems and {len(ordered)} were chosen: without ids they must "
                "be the same; choose the release and dates the list was made for"
            )
        rows = [{"task_id": problem.id, "code_list": row} for problem, row in zip(ordered, rows, strict=True)]
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            raise DataError(f"{where}, entry {number}: neither an object nor a list: no file of samples")
        for sample in _of_line(row, finder, f"{where}, entry {number}"):
            yield f"{where}, entry {number}", sample


def official_order(problem: Problem) -> tuple[int, str, int]:
    """How LiveCodeBench sorts: execution by the number in `sample_N`, the others by question and test or program.

    Other suites have none of these and keep their order, since sorting is stable.
    """
    source = problem.source
    number = _number(str(source.get("id", "")).removeprefix("sample_"))
    return number, str(source.get("question_id", "")), _number(source.get("test_id", source.get("code_index", "")))


def _number(value: object) -> int:
    return int(str(value)) if str(value).isdecimal() else 0


def _require_samples(path: Path, problems: Sequence[Problem], samples: Mapping[Key, Sample], finder: _Finder) -> None:
    answered = {task_id for task_id, _, _ in samples}
    missing = [problem.id for problem in problems if problem.id not in answered]
    if len(missing) == len(problems):
        raise DataError(
            f"{path}: none of its {finder.unknown} samples is of the {len(problems)} chosen problems: "
            "choose the suite it was made for"
        )
    if missing:
        raise DataError(
            f"{path}: {len(missing)} of {len(problems)} problems have no sample, {missing[0]!r} first: "
            "add an empty completion for each, or choose fewer problems"
        )
