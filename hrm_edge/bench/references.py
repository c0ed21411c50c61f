"""A suite's own solutions as samples: judging them tests the suite, the sandbox and this machine's toolchains."""

from collections.abc import Mapping, Sequence

from hrm_edge.bench.foreign_samples import SampleFile
from hrm_edge.bench.samples import Sample
from hrm_edge.edits import Edit, SearchReplace, WholeFile, render_edits
from hrm_edge.errors import DataError
from hrm_edge.problems.problem import Problem


def reference_samples(problems: Sequence[Problem]) -> SampleFile:
    """One sample per problem that brings a solution.

    Raises:
        DataError: none does.
    """
    samples = [
        Sample(task_id=problem.id, sample=0, text=_as_text(problem), form="solution", language=problem.language)
        for problem in problems
        if problem.reference is not None
    ]
    if not samples:
        raise DataError(
            f"suite {problems[0].suite} brings no reference solutions: give completions with --samples-file FILE"
        )
    missing = len(problems) - len(samples)
    notices = (f"{missing} of {len(problems)} problems bring no reference solution: left out",) if missing else ()
    return SampleFile(samples={sample.key: sample for sample in samples}, notices=notices)


def _as_text(problem: Problem) -> str:
    """The reference as one text; several files in the edit format that the exercise asks for."""
    assert problem.reference is not None
    if isinstance(problem.reference, str):
        return problem.reference
    before = problem.stub if isinstance(problem.stub, Mapping) else {}
    whole = problem.source.get("edit_format") == "whole"
    edits: list[Edit] = [
        WholeFile(path=path, text=text)
        if whole or path not in before
        else SearchReplace(path=path, search=before[path], replace=text)
        for path, text in problem.reference.items()
    ]
    return render_edits(edits)
