"""From the verdicts of a run to its figures: a pure function of what is on the disk."""

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import get_args

from hrm_edge.bench.discrimination import Discrimination, discrimination
from hrm_edge.bench.evaluation import Evaluation
from hrm_edge.bench.pass_at_k import cluster_of, mean_score, scores_at_k
from hrm_edge.bench.run_loop import Judged
from hrm_edge.bench.scores import (
    Breakdown,
    EditScores,
    ModeScores,
    PassAtK,
    Score,
    Seconds,
    Share,
    SuiteScores,
    Unscored,
)
from hrm_edge.bench.syntax import is_syntax_valid
from hrm_edge.languages import LANGUAGES
from hrm_edge.problems.problem import Problem
from hrm_edge.sandbox.verdict import Mode, Outcome, Verdict

_MODES: Sequence[Mode] = ("call", "text", "suite")
assert set(_MODES) == set(get_args(Mode))


@dataclass(frozen=True, kw_only=True)
class _Result:
    """One sample of a problem with all its tries; the last one counts."""

    problem: Problem
    tries: tuple[Judged, ...]

    @property
    def verdict(self) -> Verdict:
        return self.tries[-1].verdict

    @property
    def passed(self) -> bool:
        return self.verdict.outcome is Outcome.PASSED

    @property
    def seconds(self) -> float | None:
        """Of all tries together; None where one is not known."""
        known = [judged.sample.seconds for judged in self.tries if judged.sample.seconds is not None]
        return sum(known) if len(known) == len(self.tries) else None

    def passed_by(self, attempt: int) -> bool:
        """Whether one of the first `attempt` tries passed."""
        return any(judged.verdict.outcome is Outcome.PASSED for judged in self.tries[:attempt])


def suite_scores(evaluation: Evaluation, ks: Iterable[int], baselines: Sequence[SuiteScores] = ()) -> SuiteScores:
    """All figures of a run.

    Args:
        ks: for pass@k; a k that some problem has too few scored samples for is left out.
        baselines: figures of the baselines on the same problems, to stand beside.
    """
    results = _results(evaluation)
    scored = [result for result in results if result.verdict.scored]
    ks = tuple(ks)
    total = _breakdown(scored, ks)
    return SuiteScores(
        suite=evaluation.problems[0].suite if evaluation.problems else "",
        answerer=evaluation.answerer,
        problems=len(evaluation.problems),
        samples=len(results),
        total=total,
        modes=tuple(_mode_scores(mode, scored, ks) for mode in _MODES if any(_is_of(mode, one) for one in scored)),
        outcomes=dict(Counter(result.verdict.outcome for result in results)),
        tampered=sum("tampered" in result.verdict.notes for result in results),
        finish_reasons=_finish_reasons(results),
        neighbours=_neighbours(results),
        syntax_valid=_syntax_valid(scored),
        edits=_edit_scores(results),
        template_match=_template_match(scored),
        discrimination=_discrimination(scored),
        generation=_seconds(results),
        unscored=_unscored(results),
        sandbox_errors=evaluation.sandbox_errors,
        notices=evaluation.notices,
        baselines=tuple(baselines),
    )


def _results(evaluation: Evaluation) -> list[_Result]:
    problems = {problem.id: problem for problem in evaluation.problems}
    tries: dict[tuple[str, int], list[Judged]] = {}
    for judged in evaluation.judged:
        tries.setdefault((judged.sample.task_id, judged.sample.sample), []).append(judged)
    return [_Result(problem=problems[task_id], tries=tuple(found)) for (task_id, _), found in tries.items()]


def _is_of(mode: Mode, result: _Result) -> bool:
    return result.verdict.mode == mode


def _mode_scores(mode: Mode, scored: Sequence[_Result], ks: Sequence[int]) -> ModeScores:
    found = _breakdown([result for result in scored if _is_of(mode, result)], ks)
    return ModeScores(
        mode=mode,
        overall=found.overall,
        by_language=found.by_language,
        by_difficulty=found.by_difficulty,
        by_scenario=found.by_scenario,
        by_platform=found.by_platform,
        by_month=found.by_month,
        after_try=found.after_try,
    )


def _breakdown(scored: Sequence[_Result], ks: Sequence[int]) -> Breakdown:
    def grouped(name_of: Callable[[Problem], str | None]) -> Mapping[str, PassAtK]:
        groups: dict[str, list[_Result]] = {}
        for result in scored:
            name = name_of(result.problem)
            if name is not None:
                groups.setdefault(name, []).append(result)
        return {name: _pass_at_k(groups[name], ks) for name in sorted(groups)}

    return Breakdown(
        overall=_pass_at_k(scored, ks),
        by_language=grouped(lambda problem: problem.language),
        by_difficulty=grouped(lambda problem: problem.difficulty),
        by_scenario=grouped(lambda problem: problem.scenario.value),
        by_platform=grouped(lambda problem: problem.platform),
        by_month=grouped(lambda problem: f"{problem.contest_date:%Y-%m}" if problem.contest_date else None),
        after_try=_after_try(scored),
    )


def _by_problem(results: Iterable[_Result]) -> list[list[_Result]]:
    found: dict[str, list[_Result]] = {}
    for result in results:
        found.setdefault(cluster_of(result.problem), []).append(result)
    return list(found.values())


def _pass_at_k(scored: Iterable[_Result], ks: Sequence[int]) -> PassAtK:
    counts = [(len(results), sum(result.passed for result in results)) for results in _by_problem(scored)]
    return scores_at_k(counts, ks)


def _after_try(scored: Sequence[_Result]) -> tuple[Score, ...]:
    tries = max((result.problem.tries for result in scored), default=1)
    if tries == 1:
        return ()
    return tuple(_mean(scored, partial(_Result.passed_by, attempt=attempt)) for attempt in range(1, tries + 1))


def _mean(results: Sequence[_Result], value_of: Callable[[_Result], float]) -> Score:
    """Mean over problems of the mean over their samples."""
    values = [statistics.fmean(map(value_of, of_problem)) for of_problem in _by_problem(results)]
    return mean_score(values, samples=len(results))


def _finish_reasons(results: Iterable[_Result]) -> dict[str, int]:
    reasons = (result.tries[-1].sample.finish_reason for result in results)
    return dict(Counter(reason for reason in reasons if reason is not None))


def _neighbours(results: Iterable[_Result]) -> dict[int, int]:
    counts = (result.tries[0].sample.neighbours for result in results)
    return dict(sorted(Counter(count for count in counts if count is not None).items()))


def _syntax_valid(scored: Iterable[_Result]) -> Share:
    judged = (
        is_syntax_valid(result.problem, result.tries[-1].extracted.answer, result.verdict.outcome) for result in scored
    )
    known = [valid for valid in judged if valid is not None]
    return Share(count=sum(known), of=len(known))


def _edit_scores(results: Iterable[_Result]) -> EditScores | None:
    edited = [result for result in results if result.tries[-1].extracted.well_formed is not None]
    if not edited:
        return None
    well_formed = [result for result in edited if all(judged.extracted.well_formed for judged in result.tries)]
    distances = [distance for result in well_formed if (distance := result.tries[-1].extracted.distance) is not None]
    return EditScores(
        well_formed=Share(count=len(well_formed), of=len(edited)),
        distance_median=statistics.median(distances) if distances else None,
    )


def _template_match(scored: Sequence[_Result]) -> Score | None:
    commands = [result for result in scored if "template" in result.verdict.scores]
    return _mean(commands, lambda result: float(result.verdict.scores["template"])) if commands else None


def _discrimination(scored: Iterable[_Result]) -> Discrimination | None:
    told: dict[bool, list[float]] = {True: [], False: []}
    for result in scored:
        log_probability = result.tries[-1].sample.log_probability
        if log_probability is not None:
            told[result.passed].append(log_probability)
    return discrimination(told[True], told[False])


def _seconds(results: Iterable[_Result]) -> Seconds | None:
    """Quantiles by linear interpolation, as numpy's default has them."""
    times = sorted(seconds for result in results if (seconds := result.seconds) is not None)
    if not times:
        return None
    return Seconds(p50=_quantile(times, 0.5), p95=_quantile(times, 0.95))


def _quantile(ordered: Sequence[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _unscored(results: Iterable[_Result]) -> tuple[Unscored, ...]:
    found: dict[tuple[str, str], int] = {}
    for result in results:
        if result.verdict.outcome is Outcome.UNSCORED:
            key = result.problem.language, result.verdict.message
            found[key] = found.get(key, 0) + 1
    return tuple(
        Unscored(language=language, samples=count, reason=reason, install=LANGUAGES[language].install)
        for (language, reason), count in sorted(found.items())
    )
