"""Ctrl-C in a terminal: the bar is shown, the step is finished, a checkpoint is there, the exit code is 130."""

import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from hrm_edge.train.interruption import SAME_REQUEST_S, SaveOnInterrupt
from hrm_edge.train.run_directory import damage_of

PATIENCE_S = 180
TESTS = Path(__file__).parents[1]
WITH_A_TINY_PRESET = """
from hrm_edge.architecture import PRESETS
from hrm_edge.cli import main
from train_data import TINY

PRESETS["tiny"] = TINY
main()
"""


def read_until(terminal: int, pattern: str) -> str:
    """What the terminal shows, without colours and cursor movements."""
    shown, end = "", time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            shown += os.read(terminal, 65536).decode(errors="replace")
        except OSError:  # the other side is closed
            break
        plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)
        if re.search(pattern, plain):
            return plain
    pytest.fail(f"{pattern} was not shown: {shown[-2000:]}")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_ctrl_c_saves_and_ends_with_130_under_a_bar_with_loss_rate_and_time_left(tmp_path, shards_directory):
    terminal, stderr = pty.openpty()
    arguments = ["train", "--preset", "tiny", "--data", shards_directory, "--out", tmp_path / "run", "--rows", "1",
                 "--accumulate", "1", "--max-steps", "5000", "--threads", "1"]  # fmt: skip
    training = subprocess.Popen(
        [sys.executable, "-c", WITH_A_TINY_PRESET, *map(str, arguments)], stdout=subprocess.PIPE, stderr=stderr,
        env=os.environ | {"COLUMNS": "120", "TERM": "xterm", "PYTHONPATH": str(TESTS)},
    )  # fmt: skip
    os.close(stderr)
    try:
        shown = read_until(terminal, r"step +\d+/5000 .* loss \d+\.\d+ .* tokens/s +\d+:\d\d:\d\d")
        assert "training needs about" in shown
        training.send_signal(signal.SIGINT)
        assert "continue with --resume" in read_until(terminal, r"stopped at step \d+; continue with --resume")
        assert training.wait(PATIENCE_S) == 130
    finally:
        training.kill()
        os.close(terminal)
    assert training.stdout.read() == b""
    (checkpoint,) = (tmp_path / "run").glob("checkpoint-*")
    assert damage_of(checkpoint) is None


def test_second_signal_stops_at_once_unless_it_is_the_same_request(monkeypatch):
    now = [100.0]
    clock = SimpleNamespace(monotonic=lambda: now[0])  # of that module alone: other threads wait by the true one
    monkeypatch.setattr("hrm_edge.train.interruption.time", clock)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs this may have another
    stopper = SaveOnInterrupt()
    stopper.on_train_begin(None, None, None)
    try:
        signal.raise_signal(signal.SIGINT)
        now[0] += SAME_REQUEST_S / 2
        signal.raise_signal(signal.SIGINT)
        assert stopper.interrupted
        now[0] += SAME_REQUEST_S
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    finally:
        stopper.on_train_end(None, None, None)
        signal.signal(signal.SIGINT, before)
