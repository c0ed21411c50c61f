import json
from pathlib import Path

import pytest

from hrm_edge.architecture import PRESETS
from hrm_edge.bench.latency import Latency, Spread, Workload
from hrm_edge.bench.report import BenchReport, SubjectReport
from hrm_edge.machine import describe_machine


def latency(**figures):
    values = {
        "cold_start_s": 0.5, "load_s": 0.1, "ttft_s": 0.02, "problem_s": 0.4, "decode_tokens_per_s": 400.0,
        "peak_rss_bytes": 100e6,
    }  # fmt: skip
    spreads = {name: Spread((value, value, value)) for name, value in (values | figures).items()}
    return Latency(kv_bytes_per_token=65536, **spreads)


def subject(preset="27m", runtime="onnx", **figures):
    return SubjectReport(
        model=Path("m.gguf"), runtime=runtime, bits=4, architecture=PRESETS[preset], file_bytes=20_000_000,
        latency=latency(**figures),
    )  # fmt: skip


def report(*subjects, help_s=0.1, **workload):
    return BenchReport(
        machine=describe_machine(), date="2026-01-01 00:00 UTC", workload=Workload(**workload), repeats=3,
        subjects=subjects, help_s=Spread((help_s,)),
    )  # fmt: skip


def verdicts(*subjects, **options):
    return {verdict.what: verdict for verdict in report(*subjects, **options).verdicts()}


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
    cold = Latency(
        **{**latency().__dict__, "cold_start_s": Spread((0.5, 0.6, 9.0))},
    )
    spread = SubjectReport(
        model=Path("m.gguf"), runtime="onnx", bits=4, architecture=PRESETS["27m"], file_bytes=1, latency=cold
    )
    assert verdicts(spread)["m.gguf onnx cold start"].met


def test_targets_of_the_embedded_model_are_not_held_against_a_large_one():
    assert list(verdicts(subject("1b", peak_rss_bytes=1.6e9))) == [
        "hrm-edge --help",
        "m.gguf onnx peak RSS (the user's line)",
    ]


def test_time_per_problem_is_judged_for_its_own_workload_only():
    assert not any("time per problem" in what for what in verdicts(subject(), prompt_tokens=64))


@pytest.mark.parametrize(("onnx", "met"), [(530.0, [True, True]), (410.0, [True, False]), (390.0, [False, False])])
def test_onnx_is_set_against_llama_cpp_where_both_ran_the_model(onnx, met):
    both = report(subject(decode_tokens_per_s=onnx), subject(runtime="llama-cpp"))
    found = [verdict for verdict in both.verdicts() if "against llama-cpp" in verdict.what]
    assert [verdict.met for verdict in found] == met
    assert found[0].figure == f"{onnx / 400:.2f}×"
    assert not any("against llama-cpp" in what for what in verdicts(subject()))


def test_json_holds_machine_workload_figures_and_verdicts():
    value = json.loads(json.dumps(report(subject()).to_json(), allow_nan=False))
    assert value["workload"] == {
        "prompt_tokens": 128, "answer_tokens": 200, "threads": None, "cycles": None, "device": "cpu", "repeats": 3,
    }  # fmt: skip
    assert value["machine"]["libraries"]["numpy"]
    [row] = value["subjects"]
    assert row["decode_tokens_per_s"] == {"median": 400.0, "min": 400.0, "max": 400.0, "n": 3}
    assert (row["kv_bytes_per_token"], row["file_bytes"], row["cycles"]) == (65536, 20_000_000, 2)
    assert {"what", "figure", "target", "met"} == set(value["verdicts"][0])


def test_markdown_has_a_whole_table_and_says_where_it_was_measured():
    text = report(subject(), subject(runtime="llama-cpp")).to_markdown()
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert len(table) == 4
    assert len({line.count("|") for line in table}) == 1
    assert "usable cores" in text and "numpy" in text
    assert "median [min–max] of 3 fresh processes per runtime" in text
