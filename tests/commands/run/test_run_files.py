"""`hrm-edge run` with files and pipes: what is piped in goes along, and edits are shown or applied."""

import json
import os
import subprocess
import sys

import pytest
from scripted_runtime import scripted

from hrm_edge.commands.run.request import asks_for_change, read_request

SOURCE = "def f(a):\n    return a\n"
BLOCK = "<<<<<<< SEARCH\ndef f(a):\n=======\ndef g(a):\n>>>>>>> REPLACE"


@pytest.fixture
def run(cli, monkeypatch, tmp_path):
    """`run("ask", answers=[…])`: the command, its result, and the prompts the model was shown."""
    monkeypatch.chdir(tmp_path)

    def asked(*arguments, answers=("print(1)",), stdin=b""):
        runtime, tokenizer = scripted(*answers)
        monkeypatch.setattr("hrm_edge.assistant.drawing.load_runtime", lambda *_, **__: runtime)
        monkeypatch.setattr("hrm_edge.assistant.drawing.load_tokenizer", lambda _: (tokenizer, None))
        return cli("run", "--no-index", *arguments, stdin=stdin), runtime.prompts

    return asked


def test_what_is_piped_in_goes_with_the_prompt(run):
    result, (prompt,) = run("write a commit message", stdin=b"-old\n+new\n")
    assert result.code == 0
    assert "write a commit message\n\nstandard input:\n```\n-old\n+new\n```" in prompt


def test_nothing_piped_in_adds_nothing(run):
    assert "standard input" not in run("ask", stdin=b"")[1][0]
    assert "standard input" not in run("ask", stdin=b" \n")[1][0]


def test_a_dash_is_standard_input_once(run):
    _, (prompt,) = run("ask", "--file", "-", stdin=b"text\n")
    assert prompt.count("standard input:\n```\ntext\n```") == 1
    result, _ = run("--file", "-", stdin=b"text\n")
    assert (result.code, result.out) == (1, "")
    assert "give a PROMPT" in result.err


def test_too_much_piped_in_is_refused(run):
    result, _ = run("ask", stdin=b"x" * (2**20 + 1))
    assert "standard input has more than 1048576 bytes" in result.err


READ = "from hrm_edge.commands.run import standard_input as s\ns.FIRST_BYTE_S = 0.1\nprint(repr(s.piped_text(100)))"


@pytest.mark.parametrize("kind", ["null", "open pipe", "closed", "pipe", "file", "empty pipe"])
def test_standard_input_of_every_kind(tmp_path, kind):
    """An open pipe that nobody writes to is left out, aloud; nothing hangs."""
    (tmp_path / "file").write_bytes(b"text")
    reader, writer = os.pipe()
    if kind == "pipe":
        os.write(writer, b"text")
    if kind != "open pipe":
        os.close(writer)
    with (tmp_path / "file").open("rb") as file:
        stdin = {"null": subprocess.DEVNULL, "file": file, "closed": None}.get(kind, reader)
        close = (lambda: os.close(0)) if kind == "closed" else None
        result = subprocess.run(
            [sys.executable, "-c", READ], stdin=stdin, preexec_fn=close, capture_output=True, text=True, check=True
        )
    os.close(reader)
    if kind == "open pipe":
        os.close(writer)
    assert result.stdout.strip() == repr(b"text" if kind in ("pipe", "file") else b"")
    assert ("--file - waits for it" in result.stderr) == (kind == "open pipe")


def test_an_edit_is_only_shown_where_nobody_can_be_asked(run, tmp_path):
    (tmp_path / "x.py").write_text(SOURCE)
    result, (prompt,) = run("rename f to g", "--file", "x.py", answers=[BLOCK])
    assert result.code == 0
    assert result.out == "--- a/x.py\n+++ b/x.py\n@@ -1,2 +1,2 @@\n-def f(a):\n+def g(a):\n     return a\n"
    assert "nothing was changed: --yes applies it" in result.err
    assert "<<<<<<< SEARCH" in prompt
    assert (tmp_path / "x.py").read_text() == SOURCE


def test_yes_applies_it(run, tmp_path):
    (tmp_path / "x.py").write_text(SOURCE)
    result, _ = run("rename f to g", "--file", "x.py", "--yes", answers=[BLOCK])
    assert "changed x.py" in result.err
    assert (tmp_path / "x.py").read_text() == "def g(a):\n    return a\n"
    result, _ = run("rename f to g", "--file", "x.py", "--yes", answers=[BLOCK])
    assert result.code == 1
    assert "the nearest is 'def g(a):'" in result.err


def test_json_tells_of_edits(run, tmp_path):
    (tmp_path / "x.py").write_text(SOURCE)
    report = json.loads(run("rename f to g", "--file", "x.py", "--json", answers=[BLOCK])[0].out)
    assert [(edit["path"], edit["applied"]) for edit in report["edits"]] == [("x.py", False)]
    report = json.loads(run("rename f to g", "--file", "x.py", "--json", "--yes", answers=[BLOCK])[0].out)
    assert report["edits"][0]["applied"]
    assert (tmp_path / "x.py").read_text().startswith("def g")
    report = json.loads(run("rename f to g", "--file", "x.py", "--json", "--yes", answers=[BLOCK])[0].out)
    assert report["edits"] == []
    assert "are not in x.py" in report["edit_error"]


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [("Rename f to g", True), ("please fix the bug", True), ("explain how to fix it", False), ("write tests", False)],
)
def test_a_change_is_asked_for_by_the_first_verb(prompt, expected):
    assert asks_for_change(prompt) == expected


def test_a_file_with_marks_of_an_edit_can_still_be_shown(tmp_path):
    (tmp_path / "x.md").write_text("```\n<<<<<<< SEARCH\n```\n")
    assert "<<<<<<< SEARCH" in read_request("fix it", [tmp_path / "x.md"], piped=False).text
