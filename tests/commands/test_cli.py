import os
import subprocess
import sys
from importlib import metadata

import pytest

COMMANDS = (
    "run",
    "train",
    "halting",
    "quantize",
    "export",
    "verify",
    "bench",
    "info",
    "serve",
    "pull",
    "convert",
    "list",
    "remove",
    "data",
)

OPTIONS = {
    "run": "--model --runtime --device --language --file --samples --no-verify --cycles --max-tokens --temperature "
    "--seed --threads --json",
    "train": "--preset --data --out --init --resume",
    "halting": "--data --examples --discount --seed --threads --device --json",
    "quantize": "--bits --method --calibration --to --out",
    "export": "--to --dtype --kv-type --out",
    "verify": "--prompts --json",
    "bench": "--runtime --device --json --markdown",
    "info": "--json",
    "serve": "--model --port --host --api-key",
    "pull": "--json",
    "convert": "--bits --method --out --json",
    "list": "--json",
    "remove": "--yes",
    "data": "build stats",
}
"""Of the contract, as far as this version goes."""


def test_help_names_every_command_in_the_order_of_the_pipeline(cli):
    result = cli("--help")
    assert result.code == 0
    listed = [line.split()[0] for line in result.out.split("Commands:")[1].splitlines() if line.strip()]
    assert tuple(listed) == COMMANDS
    assert "hrm-edge run 'find all files" in result.out


def test_version_is_that_of_the_installed_package(cli):
    result = cli("--version")
    assert (result.code, result.out) == (0, f"hrm-edge {metadata.version('hrm-edge')}\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_has_an_example_and_the_options_of_the_contract(cli, command):
    result = cli(command, "--help")
    assert result.code == 0
    assert "Example" in result.out
    assert f"hrm-edge {command}" in result.out.split("Example")[1]
    for option in OPTIONS[command].split():
        assert f"{option} " in result.out or f"{option}\n" in result.out


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["quantize", "--help"]], ids=" ".join)
def test_help_imports_no_library_of_any_stage(arguments):
    """What makes --help quick is what it leaves alone; numpy alone would double it."""
    heavy = {
        "numpy",
        "onnx",
        "onnxruntime",
        "gguf",
        "llama_cpp",
        "tokenizers",
        "torch",
        "transformers",
        "rich",
        "psutil",
    }
    script = f"""
import sys
from hrm_edge.cli import main
try:
    main({arguments!r})
except SystemExit:
    print(sorted({heavy!r} & set(sys.modules)))
"""
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == "[]"


USAGE_ERRORS = [
    (["unknown"], "No such command 'unknown'"),
    (["run", "--runtime", "mlx", "x"], "--runtime"),
    (["run", "--device", "tpu", "x"], "--device"),
    (["run", "--samples", "0", "x"], "--samples"),
    (["run", "--cycles", "0", "x"], "--cycles"),
    (["run", "--max-tokens", "0", "x"], "--max-tokens"),
    (["run", "--temperature", "-1", "x"], "--temperature"),
    (["run", "--top-p", "0", "x"], "--top-p 0 leaves no token"),
    (["run", "--samples", "4", "--temperature", "0", "x"], "draws the same answer every time"),
    (["quantize", "model"], "--bits"),
    (["quantize", "model", "--bits", "3"], "--bits"),
    (["quantize", "model", "--bits", "4", "--to", "gguf,mlx"], "'mlx' is no format"),
    (["export", "model", "--to", "gguf"], "--out"),
    (["export", "model", "--to", "mlx", "--out", "x"], "--to"),
    (["verify", "model"], "CANDIDATE"),
    (["train"], "--preset"),
]


@pytest.mark.parametrize(("arguments", "named"), USAGE_ERRORS, ids=lambda value: str(value))
def test_wrong_usage_is_named_on_stderr_with_exit_code_2(cli, arguments, named):
    result = cli(*arguments)
    assert (result.code, result.out) == (2, "")
    assert named in result.err


def test_no_arguments_show_the_help(cli):
    result = cli()
    assert "Commands:" in result.out + result.err


def test_unknown_error_keeps_its_traceback(monkeypatch, tmp_path):
    """A bug of ours is not dressed up as a user's mistake."""
    from hrm_edge.cli import main

    def broken(_):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("hrm_edge.info.describe", broken)
    with pytest.raises(ZeroDivisionError):
        main(["info", str(tmp_path)])


def test_interrupt_ends_with_130_and_no_traceback(cli, monkeypatch, tmp_path):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("hrm_edge.info.describe", interrupted)
    result = cli("info", tmp_path)
    assert (result.code, result.out, result.err) == (130, "", "")


def test_closed_pipe_ends_without_a_word():
    """As in `hrm-edge info | head -0`: the reader is gone before the first byte."""
    reader, writer = os.pipe()
    os.close(reader)
    result = subprocess.run(
        [sys.executable, "-m", "hrm_edge", "info", "--json"], stdout=writer, stderr=subprocess.PIPE, text=True
    )
    os.close(writer)
    assert (result.returncode, result.stderr) == (1, "")
