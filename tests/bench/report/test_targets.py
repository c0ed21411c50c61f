"""Which targets a run is held to, and how a verdict reads."""

from dataclasses import replace

import pytest
from bench_reports import latency, report, score, subject, suite

from hrm_edge.bench.latency import Spread
from hrm_edge.bench.pairing import PairedLoss
from hrm_edge.bench.report import verdicts as of_report
from hrm_edge.bench.scores import Breakdown


def verdicts(*subjects, **options):
    return {verdict.what: verdict for verdict in of_report(report(*subjects, **options))}


@pytest.mark.parametrize(
    ("figures", "what", "met", "line"),
    [
        ({"peak_rss_bytes": 299e6}, "m.gguf onnx peak RSS", True, "299 MB, target < 300 MB"),
        ({"peak_rss_bytes": 310e6}, "m.gguf onnx peak RSS", False, "310 MB, target < 300 MB"),
        ({"peak_rss_bytes": 2.1e9}, "m.gguf onnx peak RSS (the user's line)", False, "2.1 GB, target < 2 GB"),
        ({"cold_start_s": 0.9}, "m.gguf onnx cold start", True, "0.9 s, target < 1 s"),
        ({"problem_s": 0.7}, "m.gguf onnx time per problem (the user's line)", True, "0.7 s, target < 1 s"),
        ({"problem_s": 0.7}, "m.gguf onnx time per problem", False, "0.7 s, target < 0.6 s"),
    ],
)
def test_verdict_holds_both_numbers_and_says_met_or_missed(figures, what, met, line):
    verdict = verdicts(subject(**figures))[what]
    assert verdict.met is met
    assert verdict.line == f"{'met   ' if met else 'MISSED'}  {what}: {line}"


def test_verdict_judges_the_median():
    slow_once = replace(subject(), latency=replace(latency(), cold_start_s=Spread((0.5, 0.6, 9.0))))
    assert verdicts(slow_once)["m.gguf onnx cold start"].met


def test_targets_of_the_embedded_model_are_not_held_against_a_larger_one():
    assert list(verdicts(subject("350m", peak_rss_bytes=1.6e9))) == [
        "hrm-edge --help",
        "m.gguf onnx peak RSS (the user's line)",
    ]


def test_the_1b_shape_has_targets_of_its_own():
    found = verdicts(subject("1b", peak_rss_bytes=1.6e9), prompt_tokens=1848, answer_tokens=200)
    assert found["m.gguf onnx peak RSS at 2048 tokens"].met
    assert found["m.gguf onnx decode, share of memory bandwidth"].target == "≥ 80 %"
    assert "m.gguf onnx peak RSS at 2048 tokens" not in verdicts(subject("1b"))


def test_another_architecture_is_held_to_the_users_lines_alone():
    ours = subject(problem_s=0.7)
    foreign = replace(ours, sizes=replace(ours.sizes, architecture="qwen2", preset=None))
    assert list(verdicts(foreign)) == [
        "hrm-edge --help",
        "m.gguf onnx peak RSS (the user's line)",
        "m.gguf onnx time per problem (the user's line)",
    ]


def test_time_per_problem_is_judged_for_its_own_workload_only():
    assert not any("time per problem" in what for what in verdicts(subject(), prompt_tokens=64))


@pytest.mark.parametrize(("onnx", "met"), [(530.0, [True, True]), (410.0, [True, False]), (390.0, [False, False])])
def test_onnx_is_set_against_llama_cpp_where_both_ran_the_model(onnx, met):
    both = report(subject(decode_tokens_per_s=onnx), subject(runtime="llama-cpp"))
    found = [verdict for verdict in of_report(both) if "against llama-cpp" in verdict.what]
    assert [verdict.met for verdict in found] == met
    assert found[0].figure == f"{onnx / 400:.2f}×"
    assert not any("against llama-cpp" in what for what in verdicts(subject()))


def test_pass_at_1_on_humaneval_is_judged_for_the_embedded_model_at_4_bits():
    found = [
        verdict for verdict in of_report(report(subject(), suites=[suite(value=0.12)])) if "HumanEval" in verdict.what
    ]
    assert [(verdict.met, verdict.figure, verdict.target) for verdict in found] == [
        (True, "12 %", "≥ 8 %"), (False, "12 %", "≥ 13 %"),
    ]  # fmt: skip
    neighbours = verdicts(subject(), suites=[suite(answerer="m.gguf onnx + 3 neighbours", value=0.2)])
    assert neighbours["m.gguf onnx + 3 neighbours pass@1 on HumanEval"].figure == "20 %"
    for suites in ([suite("mbpp")], [suite(answerer="other onnx")]):
        assert not any("HumanEval" in what for what in verdicts(subject(), suites=suites))
    unscored = replace(suite(), total=Breakdown(overall={5: score(0.1)}))
    assert not any("HumanEval" in what for what in verdicts(subject(), suites=[unscored]))


def quantized(n, reference, candidate, error):
    return PairedLoss(
        suite="humaneval", reference="r", candidate="c", problems=n, reference_score=reference,
        candidate_score=candidate, standard_error=error, better=0, worse=round(n * (reference - candidate)),
        is_quantization=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("loss", "words"),
    [
        (quantized(164, 0.10, 0.098, 0.01), ["not shown", "not shown"]),  # 2 % ± 10
        (quantized(5000, 0.50, 0.49, 0.001), ["met", "MISSED"]),  # 2 % ± 0.2
        (quantized(5000, 0.50, 0.40, 0.005), ["MISSED", "MISSED"]),  # 20 % ± 1
        (quantized(5000, 0.50, 0.475, 0.005), ["not shown", "MISSED"]),  # 5 % ± 1
        (quantized(200, 0.50, 0.50, 0.0), ["met", "not shown"]),  # nothing lost: below 3 %
        (quantized(20, 0.50, 0.50, 0.0), ["not shown", "not shown"]),
        (quantized(2000, 0.50, 0.50, 0.0), ["met", "met"]),
        (quantized(30, 1 / 30, 0.0, 1 / 30), ["not shown", "not shown"]),  # the only one lost
    ],
)
def test_loss_is_met_or_missed_only_where_its_error_leaves_no_doubt(loss, words):
    found = of_report(report(losses=[loss]))
    assert [verdict.word for verdict in found] == words
    assert [verdict.met for verdict in found] == [{"met": True, "MISSED": False}.get(word) for word in words]


def test_loss_is_said_with_its_error_and_n():
    line, _ = of_report(report(losses=[quantized(164, 0.10, 0.098, 0.01)]))
    assert line.line == (
        "not shown  c relative loss of pass@1 on humaneval against r (the user's line): 2 % ± 10 on 164 problems, "
        "95 % sure: below 18.4 %, target < 5 %"
    )


def test_only_quantization_over_a_whole_suite_has_a_target():
    loss = quantized(164, 0.10, 0.098, 0.01)
    for other in (
        replace(loss, reference_score=0.0), replace(loss, is_quantization=False),
        replace(loss, group=("language", "go")), replace(loss, problems=1, standard_error=None),
    ):  # fmt: skip
        assert of_report(report(losses=[other])) == []


def test_a_run_without_measurements_judges_none():
    assert of_report(report(suites=[suite()])) == []
