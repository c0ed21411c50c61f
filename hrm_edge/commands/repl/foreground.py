"""A program that has the terminal for itself until it ends: Ctrl-C is for it and not for us."""

import os
import subprocess
from collections.abc import Sequence


def run_in_foreground(command: Sequence[str]) -> int:
    """Run it and wait; its exit status, negative for the signal that ended it.

    Raises:
        OSError: it cannot be started.
    """
    with subprocess.Popen(command) as child:
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:  # the terminal sent it to the child too, which decides what it means
                continue


def shell_command(command: str) -> list[str]:
    """How the user's own shell runs a line."""
    shell = os.environ.get("SHELL") or "/bin/sh"
    return [shell, "-c", command]
