"""`hrm-edge data distill`: a teacher's answers as lines to train on, by one command that goes on after a crash."""

import json

import typer
from tiny_llama import save_tiny_llama
from typer.testing import CliRunner

from hrm_edge.commands.data.distill import distill
from hrm_edge.train.data.data_sets import read_examples

APP = typer.Typer()
APP.command()(distill)


def run(*arguments: object):
    return CliRunner().invoke(APP, [str(argument) for argument in arguments], catch_exceptions=False)


def test_command_writes_what_the_trainer_reads_and_says_what_became_of_the_rest(tmp_path):
    teacher, requests, out = save_tiny_llama(tmp_path / "teacher"), tmp_path / "requests.jsonl", tmp_path / "a.jsonl"
    rows = [
        {"request": f"print the number {n}", "language": language} for n in range(5) for language in ("python", "py")
    ]
    requests.write_text("".join(json.dumps(row) + "\n" for row in rows))
    arguments = (teacher, "--requests", requests, "--out", out, "--max-tokens", 30, "--limit", 9, "--only-valid")
    result = run(*arguments, "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert told["requests"] == sum(told["outcomes"].values()) == 9
    found = read_examples(out)
    assert len(found) == told["outcomes"]["kept"] > 0
    assert {example.language for example in found} == {"python"}
    for example in found:
        compile(example.code, "answer", "exec")
    before = out.read_bytes()
    again = run(*arguments)
    assert again.stdout.startswith(f"{out}  ")
    assert f"{told['outcomes']['kept']} kept" in again.stderr
    assert out.read_bytes() == before


def test_length_below_one_is_wrong_usage(tmp_path):
    assert run("t", "--requests", tmp_path, "--out", tmp_path / "o", "--max-tokens", 0).exit_code == 2
