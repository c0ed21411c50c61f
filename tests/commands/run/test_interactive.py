"""The interactive prompt of `hrm-edge run`, typed at on a real pseudo-terminal."""

import json
import os
import re
import signal
import stat
import subprocess
import sys

import pytest

pytest.importorskip("pty", reason="needs a pseudo-terminal")

from sandboxes import needs_bubblewrap
from terminals import ALT_ENTER, CTRL_C, CTRL_D, ENTER, PROMPT, TAB, UP, Terminal

REQUEST = "find all files larger than 100 MB"
SHORT = ("--max-tokens", "24", "--threads", "1")
QUICK = ("--no-index",)
CODE = "def f(a):\n    return a + 1"


@pytest.fixture(scope="module")
def model(random_model):
    return random_model("plain")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A cache and a folder of each test's own."""
    monkeypatch.setenv("HRM_EDGE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HRM_EDGE_MODELS", str(tmp_path / "models"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


def test_interactive_prompt_answers_line_after_line_until_ctrl_d(model, cli):
    with Terminal.of_command("--model", model, *SHORT) as terminal:
        for request in (REQUEST, "list files"):
            shown = terminal.ask(request, until="not verified")
            assert cli("run", "--model", model, *SHORT, request).out in shown
        terminal.ask("/help", until="Ctrl-C stops an answer")
        terminal.ask("/nonsense", until="/nonsense is no command")
        terminal.ask("word " * 400, until="the context holds 256: shorten the prompt")
        terminal.wait_for(PROMPT)
        terminal.type(CTRL_D)
        assert terminal.end() == 0


def test_dumb_terminal_is_answered_too():
    with Terminal.of_script([CODE], *QUICK, environment={"TERM": "dumb"}) as terminal:
        assert CODE in terminal.ask("write f", until="not verified")
        terminal.wait_for(PROMPT)
        terminal.type("/exit" + ENTER)
        assert terminal.end() == 0


def test_exit_ends_with_0_and_ctrl_c_twice_with_130():
    with Terminal.of_script([CODE], *QUICK) as terminal:
        terminal.wait_for(PROMPT)
        terminal.type("/exit" + ENTER)
        assert terminal.end() == 0
    with Terminal.of_script([CODE], *QUICK) as terminal:
        terminal.wait_for(PROMPT)
        terminal.type("something" + CTRL_C)  # a line that is begun is dropped
        terminal.type(CTRL_C)
        terminal.wait_for("Ctrl-C again ends")
        assert CODE in terminal.ask("write f", until="not verified")
        terminal.wait_for(PROMPT)
        terminal.type(CTRL_C)
        terminal.wait_for("Ctrl-C again ends")
        terminal.wait_for(PROMPT)
        terminal.type(CTRL_C)
        assert terminal.end() == 130


def test_ctrl_c_stops_the_answer_and_not_the_program(tmp_path):
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    tokens = []

    def hold():
        tokens.append(1)
        if len(tokens) > 20 and gate.exists():
            gate.read_bytes()  # for ever: nobody writes

    with Terminal.of_script([CODE], *QUICK, on_decode=hold) as terminal:
        terminal.ask("write f", until="def f")
        terminal.type(CTRL_C)
        terminal.wait_for("stopped")
        gate.unlink()
        assert CODE in terminal.ask("write f", until="not verified")


@needs_bubblewrap
@pytest.mark.parametrize("interrupt", ["key", "signal"])
def test_ctrl_c_in_the_middle_of_a_run_leaves_no_verdict_to_the_next_answer(interrupt):
    """The key reaches the sandbox's processes too; a signal to the program alone leaves them at their work."""
    endless = "def f(a):\n    while True: pass"
    with Terminal.of_script([endless, CODE], *QUICK, "--samples", "1") as terminal:
        terminal.ask("write f, f(1) == 2", until="while True: pass")
        if interrupt == "key":
            terminal.type(CTRL_C)
        else:
            terminal.wait_for_child()
            os.kill(terminal.process_id, signal.SIGINT)
        terminal.wait_for("stopped")
        shown = terminal.ask("write f, f(1) == 2", until="verified (1 of 1 examples)")
        assert CODE in shown
        assert "not " not in shown


def test_json_wants_a_prompt_at_a_terminal(model):
    with Terminal.of_command("--model", model, "--json") as terminal:
        terminal.wait_for("--json answers one request")
        assert terminal.end() == 2


def test_standard_input_is_no_file_at_a_terminal():
    with Terminal.of_script([CODE], "--file", "-") as terminal:
        terminal.wait_for("--file - is what you type")
        assert terminal.end() == 2


def test_several_lines_are_one_request():
    asked = []

    def reply(prompt):
        asked.append(prompt)
        return json.dumps(prompt)

    with Terminal.of_script([reply], *QUICK) as terminal:
        terminal.wait_for(PROMPT)
        terminal.type("one" + ALT_ENTER + "two\\" + ENTER + "```" + ENTER + "three" + ENTER + "```" + ENTER)
        shown = terminal.wait_for("not verified")
        assert "one\\ntwo\\n```\\nthree\\n```" in shown


def test_history_is_private_and_outlives_the_session(tmp_path):
    for _ in range(2):
        with Terminal.of_script([CODE], *QUICK) as terminal:
            terminal.ask("write f", until="not verified")
            terminal.wait_for(PROMPT)
            terminal.type(CTRL_D)
            assert terminal.end() == 0
    history = tmp_path / "cache" / "history"
    assert stat.S_IMODE(history.stat().st_mode) == 0o600
    with Terminal.of_script([lambda prompt: prompt.upper()], *QUICK) as terminal:
        terminal.wait_for(PROMPT)
        terminal.type(UP + " and g" + ENTER)
        assert "WRITE F AND G" in terminal.wait_for("not verified")


def test_a_history_that_cannot_be_written_is_told_and_missed(tmp_path):
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "history").mkdir()
    with Terminal.of_script([CODE], *QUICK) as terminal:
        terminal.wait_for("this session is not remembered")
        assert CODE in terminal.ask("write f", until="not verified")


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("/lang", "/language"),
        ("/language ru", "/language rust"),
        ("/runtime ll", "/runtime llama-cpp"),
        ("/model emb", "/model embedded"),
        ("/cycles a", "/cycles auto"),
        ("/file not", "/file notes.txt"),
    ],
)
def test_tab_completes(home, typed, completed):
    (home / "notes.txt").write_text("x")
    with Terminal.of_script([CODE], *QUICK) as terminal:
        terminal.wait_for(PROMPT)
        terminal.type(typed + TAB)
        terminal.wait_for(completed.removeprefix(typed))


def test_settings_are_set_and_shown():
    with Terminal.of_script([CODE], *QUICK) as terminal:
        terminal.ask("/language py", until="language: python")
        terminal.wait_for("· python ·")  # the toolbar, below the prompt
        terminal.type("/language any" + ENTER)
        terminal.wait_for("language: any")
        terminal.ask("/language klingon", until="language 'klingon' is not known")
        terminal.ask("/samples 3", until="samples: 3")
        terminal.wait_for("3 samples")
        terminal.type("/samples -1" + ENTER)
        terminal.wait_for("'-1' is no number of samples")
        terminal.ask("/samples default", until="samples: 8 where the request has examples, else 1")
        terminal.ask("/cycles", until="cycles: ")
        terminal.ask("/cycles 0", until="'0' is no number of cycles")
        terminal.ask("/runtime abacus", until="abacus is no runtime: choose of onnx")
        terminal.ask("/model no-such/model", until="no-such/model")
        terminal.ask("/langage", until="/langage is no command, but /language is")
        assert CODE in terminal.ask("/etc/hosts explained", until="not verified")


def test_depth_and_runtime_are_changed_while_it_runs(model):
    with Terminal.of_command("--model", model, *SHORT) as terminal:
        terminal.ask("/cycles 1", until="cycles: 1")
        terminal.ask("/runtime llama-cpp", until="runtime: llama-cpp")
        terminal.wait_for("1 cycles")
        terminal.type("list files" + ENTER)
        terminal.wait_for("not verified")


def test_the_answer_is_saved_and_the_save_undone(home):
    (home / "old.py").write_text("old\n")
    with Terminal.of_script([CODE], *QUICK) as terminal:
        terminal.ask("/save x.py", until="there is no answer to save")
        terminal.ask("write f", until="not verified")
        terminal.ask("/save new.py", until="saved new.py")
        terminal.ask("/save old.py", until="Replace old.py?")
        terminal.type("y\n")
        terminal.wait_for("saved old.py")
        assert (home / "old.py").read_text() == (home / "new.py").read_text() == CODE + "\n"
        terminal.ask("/undo", until="put back old.py")
        assert (home / "old.py").read_text() == "old\n"
        (home / "new.py").write_text("mine\n")
        terminal.ask("/undo", until="new.py has changed since")
        assert (home / "new.py").read_text() == "mine\n"
        (home / "new.py").write_text(CODE + "\n")
        terminal.ask("/undo", until="put back new.py")
        assert not (home / "new.py").exists()
        terminal.ask("/undo", until="there is nothing to undo")


BLOCK = "<<<<<<< SEARCH\ndef f(a):\n=======\ndef g(a):\n>>>>>>> REPLACE"


def test_an_edit_is_applied_after_a_yes_and_undone(home):
    (home / "x.py").write_text(CODE)
    with Terminal.of_script([BLOCK], *QUICK) as terminal:
        terminal.ask("/file x.py", until="x.py")
        shown = terminal.ask("rename f to g", until="Apply this to x.py?")
        assert "-def f(a):\n+def g(a):\n" in shown
        terminal.type("n\n")
        terminal.wait_for("nothing was changed")
        assert (home / "x.py").read_text() == CODE
        terminal.ask("/apply", until="Apply this to x.py?")
        terminal.type("y\n")
        terminal.wait_for("changed x.py")
        assert (home / "x.py").read_text().startswith("def g(a):")
        terminal.ask("/apply", until="the last answer changes no file")
        shown = terminal.ask("rename f to g", until="the nearest is 'def g(a):'")
        assert "the lines to search for are not in x.py: no line 'def f(a):', " in shown
        terminal.ask("/undo", until="put back x.py")
        assert (home / "x.py").read_text() == CODE


def test_an_edit_of_a_file_that_changed_meanwhile_is_refused(home):
    (home / "x.py").write_text(CODE)
    with Terminal.of_script([BLOCK], *QUICK, "--file", "x.py") as terminal:
        terminal.ask("rename f to g", until="Apply this to x.py?")
        (home / "x.py").write_text(CODE + "\n# mine\n")
        terminal.type("y\n")
        terminal.wait_for("x.py has changed since it was read")
    assert (home / "x.py").read_text() == CODE + "\n# mine\n"


def test_a_shell_command_is_explained_and_run_only_after_a_yes(home):
    answer = "printf '%s' \"$SHELL_SAYS\" > made.txt"
    environment = {"SHELL": "/bin/sh", "SHELL_SAYS": "hello"}
    with Terminal.of_script([answer], *QUICK, language="bash", environment=environment) as terminal:
        terminal.ask("/run", until="the last answer is no shell command")
        terminal.ask("make a file", until="/run explains it")
        shown = terminal.ask("/run", until="Run it?")
        assert "writes what it prints to made.txt" in shown
        assert "in /bin/sh as you, not in the sandbox" in shown
        terminal.type("n\n")
        terminal.wait_for("it was not run")
        assert not (home / "made.txt").exists()
        terminal.ask("/run", until="Run it?")
        terminal.type("y\n")
        terminal.wait_for(PROMPT)
        assert (home / "made.txt").read_text() == "hello"


def test_a_destructive_command_wants_the_whole_word(home):
    (home / "precious").mkdir()
    with Terminal.of_script(["rm -r precious; exit 3"], *QUICK, language="bash") as terminal:
        terminal.ask("delete precious", until="/run explains it")
        shown = terminal.ask("/run", until="[type yes in full]")
        assert "! rm -r deletes folders with all that is in them" in shown
        terminal.type("y\n")
        terminal.wait_for("it was not run")
        assert (home / "precious").exists()
        terminal.ask("/run", until="[type yes in full]")
        terminal.type("yes\n")
        terminal.wait_for("it ended with 3")
        assert not (home / "precious").exists()


def test_ctrl_c_stops_a_shell_command_and_not_the_program():
    answer = "trap 'echo caught; exit 9' INT; echo begun; while :; do sleep 0.1; done"
    with Terminal.of_script([answer, CODE], *QUICK, language="bash", environment={"SHELL": "/bin/sh"}) as terminal:
        terminal.ask("wait", until="/run explains it")
        terminal.ask("/run", until="Run it?")
        terminal.type("y\n")
        terminal.wait_for("begun")
        terminal.type(CTRL_C)
        terminal.wait_for("caught")
        terminal.wait_for("it ended with 9")
        assert CODE in terminal.ask("write f", until="not verified")


def test_what_is_typed_before_the_question_is_no_answer_to_it(home):
    (home / "x.py").write_text(CODE)
    with Terminal.of_script([BLOCK], *QUICK, "--file", "x.py") as terminal:
        terminal.wait_for(PROMPT)
        terminal.type("rename f to g" + ENTER + "y\n")
        terminal.wait_for("Apply this to x.py?")
        terminal.type("n\n")
        terminal.wait_for("nothing was changed")
    assert (home / "x.py").read_text() == CODE


def test_clear_forgets_the_files_and_the_answer(home):
    (home / "x.py").write_text(CODE)
    with Terminal.of_script([CODE], *QUICK, "--file", "x.py") as terminal:
        terminal.ask("explain f", until="not verified")
        terminal.wait_for(PROMPT)
        terminal.type("/clear" + ENTER)
        terminal.ask("/file", until="no file: /file PATH adds one")
        terminal.ask("/save y.py", until="there is no answer to save")
        terminal.ask("/file missing.py", until="missing.py cannot be read")


def test_bench_runs_with_the_model_of_the_session():
    with Terminal.of_script([CODE], *QUICK, "--cycles", "1") as terminal:
        terminal.ask("/bench --suite list", until="humaneval")
        terminal.ask("/bench --suite 'open", until="close the quotes")


def test_colours_are_there_on_a_terminal_and_not_where_nobody_wants_them():
    for environment, expected in (({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False)):
        with Terminal.of_script([CODE], *QUICK, environment=environment) as terminal:
            shown = terminal.ask("write f", until="not verified")
            assert "return a + 1" in shown
            code = terminal.raw[terminal.raw.index(b"def") :]
            assert (re.search(rb"\x1b\[[0-9;]*m(?:return|def)", code) is not None) == expected


def test_start_up_of_other_commands_imports_no_line_editor():
    script = "import sys, hrm_edge.cli; print(sorted({'prompt_toolkit', 'rich', 'pygments'} & set(sys.modules)))"
    assert subprocess.check_output([sys.executable, "-c", script], text=True).strip() == "[]"
