"""What is planned to be measured, and what a subject is said to be."""

from pathlib import Path

import pytest
from bench_reports import machine
from conversions import exported
from foreign_files import random_qwen2, write_foreign_gguf

from hrm_edge.architecture import PRESETS
from hrm_edge.bench.latency import Subject, Workload
from hrm_edge.bench.subjects import distinct_names, plan, preset_of, sizes_of
from hrm_edge.errors import RuntimeUnavailableError


def pairs(subjects):
    return [(subject.runtime, subject.device) for subject in subjects]


def machine_with(**runtimes):
    return type(machine())(**{**vars(machine()), "runtimes": machine().runtimes | runtimes})


def test_every_installed_runtime_is_measured_on_every_device_it_offers():
    measured, unmeasured = plan([Path("m")], machine_with(onnx=["cpu", "cuda"]))
    assert pairs(measured) == [("onnx", "cpu"), ("onnx", "cuda"), ("llama-cpp", "cpu")]
    assert pairs(unmeasured) == [("llama-cpp", "cuda"), ("llama-cpp", "mps")]


@pytest.mark.parametrize(
    ("models", "names"),
    [
        (["runs/float", "runs/4bit"], ["float", "4bit"]),
        (["runs/q8/model", "runs/q4/model"], ["q8/model", "q4/model"]),
        (["a/x/model", "b/x/model", "m"], ["a/x/model", "b/x/model", "m"]),
    ],
)
def test_models_of_one_file_name_are_told_apart_by_their_folders(models, names):
    paths = [Path(model) for model in models]
    assert list(distinct_names(paths).values()) == names
    measured, _ = plan(paths, machine(), runtimes=["onnx"])
    assert [subject.label for subject in measured] == [f"{name} onnx" for name in names]


def test_without_llama_cpp_onnx_is_measured_alone():
    measured, unmeasured = plan([Path("m")], machine_with(**{"llama-cpp": []}))
    assert (pairs(measured), pairs(unmeasured)) == ([("onnx", "cpu")], [("onnx", "cuda")])


def test_what_is_asked_for_is_planned_even_where_it_is_not_there():
    measured, unmeasured = plan([Path("m")], machine(), runtimes=["torch"], devices=["cuda"])
    assert (pairs(measured), pairs(unmeasured)) == ([("torch", "cuda")], [("torch", "cpu"), ("torch", "mps")])


def test_foreign_and_onnx_files_have_their_one_runtime(tmp_path):
    foreign = write_foreign_gguf(random_qwen2(), tmp_path / "qwen.gguf", "qwen2")
    measured, _ = plan([foreign, Path("m.onnx")], machine())
    assert [(subject.model, subject.runtime) for subject in measured] == [
        (foreign, "llama-cpp"),
        (Path("m.onnx"), "onnx"),
    ]


def test_of_the_runtimes_asked_for_a_file_takes_those_that_open_it(tmp_path):
    foreign = write_foreign_gguf(random_qwen2(), tmp_path / "qwen.gguf", "qwen2")
    measured, _ = plan([Path("m"), foreign], machine(), runtimes=["onnx", "llama-cpp"])
    assert pairs(measured) == [("onnx", "cpu"), ("llama-cpp", "cpu"), ("llama-cpp", "cpu")]
    refused, _ = plan([foreign], machine(), runtimes=["onnx"])
    assert pairs(refused) == [("onnx", "cpu")]


def test_unknown_runtime_is_refused():
    with pytest.raises(RuntimeUnavailableError, match="runtime 'mlx': choose of onnx, llama-cpp, torch"):
        plan([Path("m")], machine(), runtimes=["mlx"])


def test_a_model_of_ours_is_described_with_the_cycles_it_runs(random_model, tmp_path):
    path = exported(random_model("plain"), tmp_path / "m.gguf")
    two, three = (sizes_of(Subject(model=path, runtime="llama-cpp"), Workload(cycles=cycles)) for cycles in (None, 3))
    assert (two.cycles, three.cycles, two.bits, two.architecture, two.preset) == ("2×2", "3×2", 16, "hrm_text", None)
    assert two.file_bytes == path.stat().st_size
    assert three.weights.held == two.weights.held
    assert three.weights.per_token > two.weights.per_token


def test_a_foreign_file_is_described_by_its_own_name(tmp_path):
    path = write_foreign_gguf(random_qwen2(), tmp_path / "qwen.gguf", "qwen2")
    sizes = sizes_of(Subject(model=path, runtime="llama-cpp"), Workload())
    assert (sizes.architecture, sizes.cycles, sizes.preset, sizes.context_length) == ("qwen2", None, None, 2048)
    assert sizes.parameters == sum(parameter.numel() for parameter in random_qwen2().parameters())


def test_presets_are_known_by_their_sizes():
    for name, preset in PRESETS.items():
        assert preset_of(preset) == name
    assert preset_of(PRESETS["1b"].with_cycles(3)) is None
