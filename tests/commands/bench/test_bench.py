import json

import pytest
from foreign_files import random_llama, write_foreign_gguf

SMALL = ("--suite", "none", "--repeats", "1", "--prompt-tokens", "8", "--answer-tokens", "8", "--threads", "1")


def measured_runtimes(out):
    """The second column of the first table, which stands between its title and its note."""
    return {row.split()[1] for row in out.split("\n\n")[0].splitlines()[2:-1]}


def test_bench_prints_figures_and_verdicts_and_writes_both_reports(cli, random_model, tmp_path):
    files = ("--json", tmp_path / "b.json", "--markdown", tmp_path / "b.md", "--html", tmp_path / "b.html")
    result = cli("bench", random_model("plain"), *SMALL, "--runtime", "onnx,llama-cpp", *files)
    assert result.code == 0
    lines = result.out.splitlines()
    assert lines[1].split()[:4] == ["model", "runtime", "device", "bits"]
    assert [line.split()[:2] for line in lines[2:4]] == [["model", "onnx"], ["model", "llama-cpp"]]
    assert any(line.split()[:3] in (["met", "hrm-edge", "--help"], ["MISSED", "hrm-edge", "--help"]) for line in lines)
    report = json.loads((tmp_path / "b.json").read_text())
    measured = [subject for subject in report["hardware"]["subjects"] if subject["measured"]]
    assert [subject["runtime"] for subject in measured] == ["onnx", "llama-cpp"]
    assert report["machine"]["hrm_edge"]
    assert report["command"].startswith("hrm-edge")
    assert "| model | onnx | cpu | 32 |" in (tmp_path / "b.md").read_text()
    assert "8-token prompt, 8-token answer" in (tmp_path / "b.md").read_text()
    assert "<svg" in (tmp_path / "b.html").read_text()


def test_bench_takes_the_device_runtimes_that_are_installed(cli, random_model, monkeypatch):
    monkeypatch.setattr("hrm_edge.machine._llama_devices", list)
    result = cli("bench", random_model("plain"), *SMALL)
    assert measured_runtimes(result.out) == {"onnx"}


def test_bench_runs_an_onnx_file_in_its_one_runtime(cli, random_model, tmp_path):
    cli("export", random_model("plain"), "--to", "onnx", "--out", tmp_path / "m.onnx")
    result = cli("bench", tmp_path / "m.onnx", *SMALL)
    assert measured_runtimes(result.out) == {"onnx"}


def test_bench_sets_a_model_of_another_architecture_beside_ours(cli, random_model, tmp_path):
    foreign = write_foreign_gguf(random_llama(), tmp_path / "llama.gguf", "llama")
    result = cli("bench", random_model("plain"), foreign, *SMALL, "--json", tmp_path / "b.json")
    assert (result.code, measured_runtimes(result.out)) == (0, {"onnx", "llama-cpp"})
    *_, last = [s for s in json.loads((tmp_path / "b.json").read_text())["hardware"]["subjects"] if s["measured"]]
    assert (last["architecture"], last["cold_start_s"]) == ("llama", None)
    assert last["kv_bytes_per_token"] == 2 * 2 * 2 * 16 * 4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "nowhere does not exist"),
        (["{model}", "--runtime", "mlx"], "runtime 'mlx': choose of onnx, llama-cpp, torch"),
        (["{model}", "--runtime", "onnx", "--device", "cuda"], "cuda"),
        (["{model}", "--runtime", "onnx", "--answer-tokens", "300"], "fit its context"),
    ],
)
def test_bench_refuses_bad_input_in_one_line(cli, random_model, arguments, said):
    arguments = [argument.replace("{model}", str(random_model("plain"))) for argument in arguments]
    result = cli("bench", *SMALL, *arguments)
    assert (result.code, result.out) == (1, "")
    *_, line = result.err.splitlines()
    assert line.startswith("hrm-edge: ")
    assert said in line
