"""Standard input, when it is the request and when it goes with one.

A command that is given all it needs may still inherit an open pipe that nobody writes to, from a CI runner or an ssh
session. So what is piped in beside a PROMPT is read only from a pipe, a socket or a file, never from a terminal or
/dev/null, and a pipe that gives no first byte within FIRST_BYTE_S is left out, aloud. `--file -` waits for as long as
it takes.
"""

import os
import select
import stat
import sys
from io import UnsupportedOperation

from hrm_edge.commands.terminal import print_status

FIRST_BYTE_S = 5.0


def read_all(limit_bytes: int) -> bytes:
    """Standard input to its end, or as much as `limit_bytes` of it; nothing where there is none."""
    return b"" if sys.stdin is None else sys.stdin.buffer.read(limit_bytes)


def piped_text(limit_bytes: int) -> bytes:
    """What is piped into a command that needs no input; nothing where nothing comes."""
    if sys.stdin is None or sys.stdin.closed:
        return b""
    try:
        descriptor = sys.stdin.fileno()
    except UnsupportedOperation:  # no file of the system, so nothing to wait for
        return read_all(limit_bytes)
    try:
        mode = os.fstat(descriptor).st_mode
    except OSError:  # closed by whoever started the command
        return b""
    if stat.S_ISREG(mode):
        return read_all(limit_bytes)
    if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
        return b""
    if not _has_begun(descriptor):
        print_status(
            f"standard input gave nothing in {FIRST_BYTE_S:g} s and is left out: --file - waits for it, "
            "< /dev/null says that there is none"
        )
        return b""
    return read_all(limit_bytes)


def _has_begun(descriptor: int) -> bool:
    """Whether there is a byte or the end to read, after a wait."""
    try:
        return bool(select.select([descriptor], [], [], FIRST_BYTE_S)[0])
    except (OSError, ValueError):  # Windows: select knows sockets only
        return True
