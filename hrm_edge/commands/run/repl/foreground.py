"""A program that has the terminal for itself until it ends: Ctrl-C is for it and not for us."""

import os
import signal
import subprocess
from collections.abc import Sequence


def run_in_foreground(command: Sequence[str]) -> int:
    """Run it and wait; its exit status, negative for the signal that ended it.

    Raises:
        OSError: it cannot be started.
    """
    # The terminal sends Ctrl-C to both of us. A handler, unlike SIG_IGN, is not inherited by the child; and a
    # KeyboardInterrupt could come between waitpid and its result, which would then be lost.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        return subprocess.run(command, check=False).returncode
    finally:
        signal.signal(signal.SIGINT, before)


def shell_command(command: str) -> list[str]:
    """How the user's own shell runs a line."""
    shell = os.environ.get("SHELL") or "/bin/sh"
    return [shell, "-c", command]
