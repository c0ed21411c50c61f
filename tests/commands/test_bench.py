import json

import pytest

SMALL = ("--repeats", "1", "--prompt-tokens", "8", "--answer-tokens", "8", "--threads", "1")


def test_bench_prints_figures_and_verdicts_and_writes_both_reports(cli, random_model, tmp_path):
    files = ("--json", tmp_path / "b.json", "--markdown", tmp_path / "b.md")
    result = cli("bench", random_model("plain"), *SMALL, "--runtime", "onnx,llama-cpp", *files)
    assert result.code == 0
    lines = result.out.splitlines()
    assert lines[0].split()[:3] == ["model", "runtime", "bits"]
    assert [line.split()[:2] for line in lines[1:3]] == [["model", "onnx"], ["model", "llama-cpp"]]
    assert any(
        line.startswith("met     hrm-edge --help: ") or line.startswith("MISSED  hrm-edge --help") for line in lines
    )
    report = json.loads((tmp_path / "b.json").read_text())
    assert [subject["runtime"] for subject in report["subjects"]] == ["onnx", "llama-cpp"]
    assert report["machine"]["hrm_edge"]
    assert "| model | onnx | 32 |" in (tmp_path / "b.md").read_text()
    assert "8-token prompt, 8-token answer" in result.err


def test_bench_takes_the_device_runtimes_that_are_installed(cli, random_model, monkeypatch):
    monkeypatch.setattr("hrm_edge.runtimes.load.llama_cpp_installed", lambda: False)
    result = cli("bench", random_model("plain"), *SMALL)
    assert [line.split()[1] for line in result.out.split("\n\n")[0].splitlines()] == ["runtime", "onnx"]


def test_bench_runs_an_onnx_file_in_its_one_runtime(cli, random_model, tmp_path):
    cli("export", random_model("plain"), "--to", "onnx", "--out", tmp_path / "m.onnx")
    result = cli("bench", tmp_path / "m.onnx", *SMALL)
    assert [line.split()[1] for line in result.out.split("\n\n")[0].splitlines()] == ["runtime", "onnx"]


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
