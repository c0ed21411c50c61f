import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest

pty = pytest.importorskip("pty", reason="needs a pseudo-terminal")

REQUEST = "find all files larger than 100 MB"
SHORT = ("--max-tokens", "24", "--threads", "1")


@pytest.fixture(scope="module")
def model(random_model):
    return random_model("plain")


class Terminal:
    """A person at a terminal: stdin and stdout of `hrm-edge run` are one pseudo-terminal."""

    def __init__(self, *arguments):
        self.side, inner = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "hrm_edge", "run", *map(str, arguments)],
            stdin=inner, stdout=inner, stderr=inner, env=os.environ | {"TERM": "dumb", "NO_COLOR": "1"},
            start_new_session=True,
        )  # fmt: skip
        os.close(inner)
        self.seen = ""

    def type(self, text):
        os.write(self.side, text.encode())

    def wait_for(self, text, seconds=60):
        """Read until `text` shows; what came before it stays in `seen`."""
        end = time.monotonic() + seconds
        while text not in self.seen:
            ready, _, _ = select.select([self.side], [], [], max(0.0, end - time.monotonic()))
            assert ready, f"{text!r} never came; the terminal shows {self.seen!r}"
            self.seen += os.read(self.side, 4096).decode()
        before, _, self.seen = self.seen.partition(text)
        return before

    def press_ctrl_c(self):
        """A signal that falls between the prompt and readline's wait is only seen at the next: CPython's own race."""
        while self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(5)

    def end(self):
        code = self.process.wait(60)
        os.close(self.side)
        return code


def test_interactive_prompt_answers_line_after_line_until_ctrl_d(model, cli):
    terminal = Terminal("--model", model, *SHORT)
    terminal.wait_for("hrm-edge> ")
    for request in (REQUEST, "list files"):
        terminal.type(request + "\n")
        shown = terminal.wait_for("not verified").replace("\r\n", "\n")
        assert cli("run", "--model", model, *SHORT, request).out in shown
        terminal.wait_for("hrm-edge> ")
    terminal.type("/help\n")
    terminal.wait_for("Ctrl-C stops an answer")
    terminal.wait_for("hrm-edge> ")
    terminal.type("/nonsense\n")
    terminal.wait_for("/nonsense is no command")
    terminal.wait_for("hrm-edge> ")
    terminal.type("word " * 400 + "\n")
    terminal.wait_for("the context holds 256: shorten the prompt")
    terminal.wait_for("hrm-edge> ")
    terminal.type("\x04")
    assert terminal.end() == 0


def test_interactive_prompt_ends_on_exit_and_with_130_on_ctrl_c(model):
    terminal = Terminal("--model", model, *SHORT)
    terminal.wait_for("hrm-edge> ")
    terminal.type("/exit\n")
    assert terminal.end() == 0
    terminal = Terminal("--model", model, *SHORT)
    terminal.wait_for("hrm-edge> ")
    terminal.press_ctrl_c()
    assert terminal.end() == 130


def test_json_wants_a_prompt_at_a_terminal(model):
    terminal = Terminal("--model", model, "--json")
    terminal.wait_for("--json answers one request")
    assert terminal.end() == 2
