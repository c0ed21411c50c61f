"""A person at a terminal: `hrm-edge run` on a real pseudo-terminal, which is its controlling one, so that Ctrl-C works.

    with Terminal.of_script(["ls -l"], language="bash") as terminal:
        terminal.wait_for(PROMPT)
        terminal.type("list files\\r")
        assert "ls -l" in terminal.wait_for("not verified")

`of_script` forks this process, which has the scripted model's libraries imported already; `of_command` starts the real
command. What is seen is without colours and cursor movements; `raw` has them.
"""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

import psutil
from scripted_runtime import Reply, scripted

from hrm_edge.cli import main

PROMPT = "hrm-edge>"
"""Without its space, over which the line editor only moves."""
ENTER, CTRL_C, CTRL_D, TAB, UP, ALT_ENTER = "\r", "\x03", "\x04", "\t", "\x1b[A", "\x1b\r"
_CONTROL = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_=>])")
_PLAIN = {"TERM": "xterm", "NO_COLOR": "1"}
_WHERE_IS_THE_CURSOR, _AT_THE_TOP = b"\x1b[6n", b"\x1b[1;1R"


class Terminal:
    """One process and the person's side of its terminal."""

    def __init__(self, process_id: int, side: int, *, columns: int = 100, rows: int = 40) -> None:
        self.process_id, self.side = process_id, side
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.raw = b""
        self.seen = ""
        self._code: int | None = None

    @classmethod
    def of_command(cls, *arguments: object, environment: Mapping[str, str] | None = None) -> "Terminal":
        """`hrm-edge run` as it is installed."""
        command = [sys.executable, "-m", "hrm_edge", "run", *map(str, arguments)]
        env = {**os.environ, **_PLAIN, **(environment or {})}

        def become() -> None:
            os.execvpe(command[0], command, env)

        return cls._fork(become)

    @classmethod
    def of_script(
        cls,
        answers: Sequence[Reply],
        *arguments: object,
        language: str = "python",
        environment: Mapping[str, str] | None = None,
        on_decode: Callable[[], None] | None = None,
        columns: int = 100,
    ) -> "Terminal":
        """The command with a model whose answers are these; `on_decode` is called before each token."""

        def become() -> None:
            from hrm_edge.assistant import drawing

            os.environ.update({**_PLAIN, **(environment or {})})
            for name in [name for name, value in os.environ.items() if value == ""]:
                del os.environ[name]
            for number, name in enumerate(("stdin", "stdout", "stderr")):
                stream = open(number, "r" if number == 0 else "w", buffering=1, closefd=False)  # noqa: SIM115
                setattr(sys, name, stream)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            runtime, tokenizer = scripted(*answers, language=language)
            if on_decode is not None:
                decode = runtime.decode
                runtime.decode = lambda token_id: (on_decode(), decode(token_id))[1]  # type: ignore[method-assign]
            drawing.load_runtime = lambda *_, **__: runtime  # type: ignore[assignment]
            drawing.load_tokenizer = lambda _: (tokenizer, None)  # type: ignore[assignment]
            main(["run", *map(str, arguments)])

        return cls._fork(become, columns=columns)

    @classmethod
    def _fork(cls, become: Callable[[], None], *, columns: int = 100) -> "Terminal":
        process_id, side = pty.fork()
        if process_id:
            return cls(process_id, side, columns=columns)
        code = 70
        try:
            become()
        except SystemExit as ended:
            code = int(ended.code or 0)
        except BaseException:  # noqa: BLE001 - nothing of a test's child may go on as the test
            traceback.print_exc()
        finally:
            with suppress(Exception):
                sys.stdout.flush()
            os._exit(code)

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        if self._code is None:
            with suppress(ProcessLookupError):
                os.kill(self.process_id, signal.SIGKILL)
            os.waitpid(self.process_id, 0)
        os.close(self.side)

    def type(self, text: str) -> None:
        """Keys, one after another."""
        os.write(self.side, text.encode())

    def wait_for(self, text: str, seconds: float = 15) -> str:
        """Read until `text` shows; what came before it is returned and forgotten."""
        end = time.monotonic() + seconds
        while text not in self.seen:
            ready, _, _ = select.select([self.side], [], [], max(0.0, end - time.monotonic()))
            assert ready, f"{text!r} never came; the terminal shows {self.seen!r}"
            assert self._read(), f"{text!r} never came before the end; the terminal shows {self.seen!r}"
        before, _, self.seen = self.seen.partition(text)
        return before

    def wait_for_child(self, seconds: float = 15) -> None:
        """Until the program has started another one."""
        end = time.monotonic() + seconds
        while not psutil.Process(self.process_id).children():
            assert time.monotonic() < end, "no process was started"
            time.sleep(0.01)

    def ask(self, line: str, until: str = "verified") -> str:
        """Type a line at the prompt; what shows up to `until`, the echo included."""
        self.wait_for(PROMPT)
        self.type(line + ENTER)
        return self.wait_for(until)

    def end(self, seconds: float = 20) -> int:
        """Read what is left to `seen`; the exit code."""
        end = time.monotonic() + seconds
        while self._read(max(0.0, end - time.monotonic())):
            pass
        while not (ended := os.waitpid(self.process_id, os.WNOHANG))[0]:
            assert time.monotonic() < end, f"it goes on; the terminal shows {self.seen!r}"
            time.sleep(0.01)
        _, status = ended
        self._code = os.waitstatus_to_exitcode(status)
        return self._code

    def _read(self, seconds: float | None = None) -> bool:
        """False at the end."""
        ready, _, _ = select.select([self.side], [], [], seconds)
        try:
            data = os.read(self.side, 4096) if ready else b""
        except OSError:  # Linux: the other side is closed
            data = b""
        self.raw += data
        if _WHERE_IS_THE_CURSOR in data:  # terminals answer that, and the line editor waits for it
            os.write(self.side, _AT_THE_TOP)
        self.seen = _CONTROL.sub("", (self.seen + data.decode(errors="replace")).replace("\r\n", "\n"))
        return bool(data)
