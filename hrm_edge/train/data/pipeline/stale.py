"""What a killed process left: files that were being written beside their place (hrm_edge.files)."""

import re
from collections.abc import Iterable
from pathlib import Path

import psutil

_PART = re.compile(r"\.(?P<name>.+)\.(?P<process>\d+)-[0-9a-f]{8}\.part")


def remove_stale_parts(directory: Path, starts: Iterable[str]) -> None:
    """Delete unfinished files whose name begins with one of `starts` and whose process is no more.

    A process of another machine may be writing into the same directory: it has shards of its own to build, so give
    only what is this command's.
    """
    own = tuple(starts)
    for path in directory.glob(".*.part"):
        found = _PART.fullmatch(path.name)
        if found and found["name"].startswith(own) and not psutil.pid_exists(int(found["process"])):
            path.unlink(missing_ok=True)
