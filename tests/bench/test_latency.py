import numpy as np
import pytest
from foreign_files import random_llama, write_foreign_gguf
from hypothesis import given
from hypothesis import strategies as st

from hrm_edge.bench.latency import ANSWERS, Spread, Subject, Workload, measure
from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.errors import HrmEdgeError
from hrm_edge.export.gguf import export_gguf
from hrm_edge.runtimes.load import runtime_file

SMALL = Workload(prompt_tokens=8, answer_tokens=12, threads=1)


def test_spread_reports_median_percentile_extremes_and_number():
    assert Spread((3.0, 1.0, 10.0)).to_json() == {
        "median": 3.0, "p95": pytest.approx(9.3), "min": 1.0, "max": 10.0, "n": 3,
    }  # fmt: skip


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=60))
def test_p95_is_numpys_percentile(values):
    assert Spread(tuple(values)).p95 == pytest.approx(np.percentile(values, 95), rel=1e-9, abs=1e-9)


def test_measure_alternates_between_subjects_and_takes_each_figure_from_fresh_processes(random_model, tmp_path):
    with open_checkpoint(random_model("plain")) as checkpoint:
        kv_bytes = checkpoint.architecture.kv_bytes_per_token
        export_gguf(checkpoint, tmp_path / "m.gguf")
        expected = {"onnx": kv_bytes("int8"), "llama-cpp": kv_bytes("f16")}
    subjects = [Subject(model=tmp_path / "m.gguf", runtime=name) for name in ("onnx", "llama-cpp")]
    runtime_file(subjects[0].model, runtime="onnx")
    heard = []
    latencies = measure(subjects, SMALL, 2, on_step=heard.append)
    assert heard == ["m.gguf onnx", "m.gguf llama-cpp"] * 2
    for subject, latency in latencies.items():
        assert latency.kv_bytes_per_token == expected[subject.runtime]
        for spread in (latency.load_s, latency.ttft_s, latency.decode_tokens_per_s, latency.cold_start_s):
            assert min(spread.values) > 0
        assert len(latency.load_s.values) == len(latency.cold_start_s.values) == 2
        # of answers, which every process gives several of
        assert 2 <= len(latency.problem_s.values) == len(latency.ttft_s.values) <= 2 * ANSWERS
        assert latency.prefill_tokens_per_s.values == tuple(8 / seconds for seconds in latency.ttft_s.values)
        assert latency.ttft_s.median < latency.problem_s.median
        assert latency.load_s.median < latency.cold_start_s.median
        # this process holds torch and more; a fresh one does not
        assert 20e6 < latency.peak_rss_bytes.median < 250e6


def test_a_foreign_file_is_measured_beside_ours_without_the_start_of_run(tmp_path):
    subject = Subject(model=write_foreign_gguf(random_llama(), tmp_path / "llama.gguf", "llama"), runtime="llama-cpp")
    latency = measure([subject], SMALL, 1)[subject]
    assert latency.cold_start_s is None
    assert latency.kv_bytes_per_token == 2 * 2 * 2 * 16 * 4  # keys and values, layers, heads of them, width, float32
    assert latency.decode_tokens_per_s.median > 0


def test_subject_is_called_by_file_and_runtime_and_any_device_but_the_cpu(tmp_path):
    assert Subject(model=tmp_path / "m.gguf", runtime="onnx").label == "m.gguf onnx"
    assert Subject(model=tmp_path / "m.gguf", runtime="torch", device="cuda").label == "m.gguf torch cuda"


def test_measure_gives_a_known_error_of_a_process_in_its_own_words(tmp_path):
    subject = Subject(model=tmp_path / "nowhere", runtime="onnx")
    with pytest.raises(HrmEdgeError, match="nowhere does not exist"):
        measure([subject], SMALL, 1)


def test_measure_refuses_a_workload_that_the_context_cannot_hold(random_model):
    """The random model holds 256 tokens: an answer of 300 would be a shorter answer, measured as if it were whole."""
    subject = Subject(model=random_model("plain"), runtime="onnx")
    with pytest.raises(HrmEdgeError, match="and 300 were asked for: use --prompt-tokens and --answer-tokens"):
        measure([subject], Workload(prompt_tokens=8, answer_tokens=300, threads=1), 1)


def test_cycles_of_the_workload_reach_the_model(random_model):
    subject = Subject(model=random_model("plain"), runtime="onnx")
    for cycles, slots in ((1, 6), (2, 12)):
        runtime_file(subject.model, runtime="onnx", cycles=cycles)
        workload = Workload(prompt_tokens=8, answer_tokens=4, threads=1, cycles=cycles)
        latency = measure([subject], workload, 1)[subject]
        assert latency.kv_bytes_per_token == 2 * slots * 64 * 4


def test_default_workload_is_that_of_the_target():
    assert (Workload().prompt_tokens, Workload().answer_tokens) == (128, 200)
