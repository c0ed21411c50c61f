"""`hrm-edge run` with a model that writes a script: real requests, real sandboxes, what a person and a script see."""

import json

import pytest
from sandboxes import needs_bubblewrap
from scripted_runtime import scripted

from hrm_edge.models import Taught

REQUEST = "write a function that returns the second largest number in a list, f([3,1,2]) == 2"
RIGHT = "def f(numbers):\n    return sorted(numbers)[-2]"
WRONG = "def f(numbers):\n    return sorted(numbers)[-1]"

pytestmark = needs_bubblewrap


@pytest.fixture
def run(cli, monkeypatch):
    """`run("--json", answers=[…])`: the command with a model whose answers are these."""

    def asked(*arguments, answers, request=REQUEST, language="python"):
        runtime, tokenizer = scripted(*answers, language=language)
        monkeypatch.setattr("hrm_edge.assistant.drawing.load_runtime", lambda *_, **__: runtime)
        monkeypatch.setattr("hrm_edge.assistant.drawing.load_tokenizer", lambda _: (tokenizer, None))
        return cli("run", "--no-index", *arguments, request)

    return asked


def test_an_answer_that_passes_is_verified(run):
    result = run("--json", answers=[WRONG, RIGHT])
    report = json.loads(result.out)
    assert result.code == 0
    assert (report["answer"], report["verified"], report["reason"]) == (RIGHT, True, "1 of 1 examples")
    assert [trial["passed"] for trial in report["trials"]] == [0, 1]


def test_an_answer_that_fails_is_given_with_what_it_did(run):
    result = run("--samples", 2, answers=[WRONG])
    assert (result.code, result.out) == (0, WRONG + "\n")
    assert "not verified: 0 of 1 examples; `f([3, 1, 2])` returned 3, expected 2" in result.err


def test_require_verified_exits_3_and_prints_no_code(run):
    result = run("--samples", 2, "--require-verified", answers=[WRONG])
    assert (result.code, result.out) == (3, "")
    assert "not verified: 0 of 1 examples" in result.err
    result = run("--samples", 2, "--require-verified", "--json", answers=[WRONG])
    assert (result.code, json.loads(result.out)["verified"]) == (3, False)
    result = run("--samples", 2, "--require-verified", answers=[RIGHT])
    assert (result.code, result.out) == (0, RIGHT + "\n")


def test_quiet_prints_the_code_and_nothing_else(run):
    result = run("--quiet", answers=[RIGHT])
    assert (result.code, result.out, result.err) == (0, RIGHT + "\n", "")


def test_no_verify_runs_nothing(run):
    report = json.loads(run("--no-verify", "--json", answers=[WRONG]).out)
    assert (report["answer"], report["verified"], report["reason"]) == (WRONG, None, "answers are not run")
    assert len(report["trials"]) == 1


def test_a_test_file_is_what_the_answer_must_pass(run, tmp_path):
    tests = tmp_path / "test_second.py"
    tests.write_text("from second import f\n\n\ndef test_f():\n    assert f([5, 9, 7]) == 7\n")
    report = json.loads(run("--json", "--file", tests, answers=[WRONG, RIGHT], request="write the module second").out)
    assert (report["answer"], report["verified"], report["reason"]) == (RIGHT, True, "1 of 1 tests")


@pytest.mark.parametrize("options", [(), ("--search",)])
def test_the_time_to_the_first_token_is_that_of_the_first_batch(run, options):
    report = json.loads(run("--json", "--samples", 2, *options, answers=[WRONG, RIGHT]).out)
    assert 0 < report["ttft_s"] < report["total_s"]


def test_search_says_why_it_stopped(run):
    report = json.loads(run("--search", "--samples", 2, "--json", answers=[WRONG, WRONG, WRONG, RIGHT]).out)
    assert (report["answer"], report["verified"]) == (RIGHT, True)
    assert report["search"]["stopped"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--budget", "soon"], "give a time above 0, as in 1s, 500ms or 2m"),
        (["--search", "--no-verify"], "leave --no-verify out"),
    ],
    ids=["budget", "search"],
)
def test_a_bad_option_is_told_before_a_model_is_loaded(cli, arguments, said):
    result = cli("run", *arguments, REQUEST)
    assert (result.code, result.out) == (2, "")
    assert said in " ".join(result.err.split())


def test_what_the_index_knows_is_run_before_the_model_is_asked(cli, monkeypatch):
    """An entry that does what the examples say is the answer, under their name for it, and its source is told."""
    runtime, tokenizer = scripted(WRONG)
    monkeypatch.setattr("hrm_edge.assistant.drawing.load_runtime", lambda *_, **__: runtime)
    monkeypatch.setattr("hrm_edge.assistant.drawing.load_tokenizer", lambda _: (tokenizer, None))
    request = "write a function for the largest whole number whose square is at most n, f(10) == 3 and f(16) == 4"
    report = json.loads(cli("run", "--json", request).out)
    assert (report["verified"], report["reason"], report["completion_tokens"]) == (True, "2 of 2 examples", 0)
    assert "def f(n: int)" in report["answer"]
    assert report["source"]["name"] == "curriculum"
    assert [trial["origin"] for trial in report["trials"]] == ["index"]
    assert (report["ttft_s"], report["decode_tokens_per_s"], runtime.prompts) == (None, None, [])
    wrong = request.replace("== 3", "== 5")
    report = json.loads(cli("run", "--json", "--samples", 1, wrong).out)
    assert (report["verified"], report["trials"][0]["origin"], runtime.prompts) == (False, "index", [])
    assert "the model writes shell alone, so this is the nearest entry" in report["reason"]
    monkeypatch.setattr("hrm_edge.assistant.drawing.taught", lambda _: Taught())
    report = json.loads(cli("run", "--json", "--samples", 1, wrong).out)
    assert (report["verified"], report["answer"]) == (False, WRONG)
    assert json.loads(cli("run", "--json", "--no-index", "--samples", 1, request).out)["answer"] == WRONG


def test_of_a_command_asked_for_in_words_one_candidate_is_drawn(run):
    """It cannot be checked, whatever in the request looks like an example."""
    request = "a bash command that prints that f(1) == 2"
    report = json.loads(run("--json", answers=["echo 'f(1) == 2'"], request=request, language="bash").out)
    assert (report["language"], report["verified"], len(report["trials"])) == ("bash", None, 1)
