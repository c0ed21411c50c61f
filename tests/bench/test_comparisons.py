"""Who is compared with whom, on verdicts that are set here."""

from dataclasses import replace
from pathlib import Path

import pytest
from bench_problems import power_problem
from bench_reports import subject

from hrm_edge.bench.comparisons import ModelRun, comparisons
from hrm_edge.bench.evaluation import Evaluation
from hrm_edge.bench.extraction import Extracted
from hrm_edge.bench.latency import Subject
from hrm_edge.bench.run_loop import Judged
from hrm_edge.bench.samples import Sample
from hrm_edge.problems.problem import Problem, Scenario
from hrm_edge.sandbox.verdict import Outcome, Verdict

PROBLEMS = [replace(power_problem(power), language="go" if power > 2 else "python") for power in range(1, 6)]
SIZES = subject().sizes
OUTCOMES = {"1": Outcome.PASSED, "0": Outcome.FAILED, "?": Outcome.SANDBOX_ERROR}


def evaluation(name: str, pattern: str, problems: list[Problem] | None = None) -> Evaluation:
    """One letter per problem: 1 passed, 0 failed, ? the sandbox failed."""
    problems = problems or PROBLEMS
    judged = [
        Judged(
            sample=Sample(task_id=problem.id, sample=0, text=""),
            extracted=Extracted(answer=""),
            verdict=Verdict(outcome=OUTCOMES[letter], mode="call"),
        )
        for problem, letter in zip(problems, pattern, strict=True)
    ]
    return Evaluation(problems=tuple(problems), answerer=name, judged=tuple(judged))


def run(model: str, pattern: str, *, neighbours: int = 0, bits: int = 4, runtime: str = "onnx", **sizes) -> ModelRun:
    return ModelRun(
        subject=Subject(model=Path(model), runtime=runtime),
        sizes=replace(SIZES, bits=bits, **sizes),
        neighbours=neighbours,
        evaluation=evaluation(f"{model} {runtime} {neighbours}", pattern),
    )


def pairs(runs, retrieval=None):
    return [(loss.candidate, loss.reference) for loss in comparisons(runs, retrieval) if loss.group is None]


def test_models_are_compared_with_the_first_at_as_many_neighbours_and_with_themselves_without():
    runs = [run(model, "10101", neighbours=count) for model in ("float", "q8", "q4") for count in (0, 3)]
    assert pairs(runs) == [
        ("float onnx 3", "float onnx 0"),
        ("q8 onnx 0", "float onnx 0"),
        ("q8 onnx 3", "float onnx 3"), ("q8 onnx 3", "q8 onnx 0"),
        ("q4 onnx 0", "float onnx 0"),
        ("q4 onnx 3", "float onnx 3"), ("q4 onnx 3", "q4 onnx 0"),
    ]  # fmt: skip


def test_every_model_is_compared_with_retrieval_alone():
    found = comparisons([run("m", "11100"), run("m", "11110", neighbours=1)], evaluation("retrieval", "10000"))
    against = {loss.candidate: loss.difference for loss in found if loss.reference == "retrieval" and not loss.group}
    assert against == pytest.approx({"m onnx 0": 0.4, "m onnx 1": 0.6})


def test_runtimes_are_compared_with_their_own_and_the_first_models_with_each_other():
    runs = [run(model, "1" * 5, runtime=runtime) for model in ("a", "b") for runtime in ("onnx", "llama-cpp")]
    assert pairs(runs) == [
        ("a llama-cpp 0", "a onnx 0"), ("b onnx 0", "a onnx 0"), ("b llama-cpp 0", "a llama-cpp 0"),
    ]  # fmt: skip
    assert pairs([run("a", "1" * 5), run("b", "1" * 5, runtime="llama-cpp")]) == [("b llama-cpp 0", "a onnx 0")]


def test_one_model_alone_is_compared_with_none():
    assert pairs([run("m", "10101")]) == []


@pytest.mark.parametrize(
    ("other", "is_quantization"),
    [
        ({"bits": 8}, True), ({"bits": 16}, False), ({"bits": 4, "parameters": 7}, False),
        ({"bits": 4, "architecture": "llama"}, False), ({"bits": 4, "cycles": "1×3"}, False),
    ],
)  # fmt: skip
def test_quantization_is_the_same_model_in_fewer_bits(other, is_quantization):
    found = comparisons([run("float", "11111", bits=16), run("other", "11110", **other)], None)
    assert {loss.is_quantization for loss in found} == {is_quantization}


def test_groups_are_compared_where_there_are_several():
    problems = [replace(PROBLEMS[0], scenario=Scenario.SHELL), *PROBLEMS[1:]]
    first, second = run("a", "11111"), run("b", "00111")
    first = replace(first, evaluation=evaluation("a", "11111", problems))
    second = replace(second, evaluation=evaluation("b", "00111", problems))
    found = {loss.group: (loss.problems, loss.difference) for loss in comparisons([first, second], None)}
    assert found == {
        None: (5, pytest.approx(-0.4)),
        ("language", "go"): (3, 0.0), ("language", "python"): (2, -1.0),
        ("scenario", "generation"): (4, -0.25), ("scenario", "shell"): (1, -1.0),
    }  # fmt: skip
    same = [replace(one, evaluation=evaluation(one.subject.model.name, "11", PROBLEMS[:2])) for one in (first, second)]
    assert [loss.group for loss in comparisons(same, None)] == [None]


def test_problems_without_a_score_are_left_out_of_both():
    (whole, *_) = comparisons([run("a", "1?111"), run("b", "?0011")], None)
    assert (whole.problems, whole.better, whole.worse) == (3, 0, 1)
    assert comparisons([run("a", "?" * 5), run("b", "1" * 5)], None) == []


def test_programs_of_one_question_are_one_problem():
    """As in the errors of pass@k: of self-repair the programs of a question are its samples."""
    repairs = [
        replace(problem, scenario=Scenario.REPAIR, source={"question_id": f"q{number // 2}", "code_index": number})
        for number, problem in enumerate(PROBLEMS[:4])
    ]
    runs = [replace(run(name, "0" * 5), evaluation=evaluation(name, text, repairs)) for name, text in
            (("a", "1111"), ("b", "0111"))]  # fmt: skip
    (whole, *_) = comparisons(runs, None)
    assert (whole.problems, whole.difference, whole.worse) == (2, -0.25, 1)
