"""Thousands of runs leave nothing on the host: no process, no descriptor, no file.

Four thousand in the whole suite, over more than one sandbox in each thread; ten thousand take a minute:

    HRM_EDGE_SOAK_RUNS=10000 pytest tests/sandbox/test_soak.py
"""

import os
import tempfile
import threading
from pathlib import Path

import psutil
import pytest
from sandboxes import needs_bubblewrap

from hrm_edge.sandbox.job import Job, Limits
from hrm_edge.sandbox.zygote import ZygoteSession

RUNS = int(os.environ.get("HRM_EDGE_SOAK_RUNS", 4_000))
JOBS = (
    Job(python="print(input())", stdin=b"42"),
    Job(python="open('f', 'w').write('x')\nprint(42)", keep=("f",)),
    Job(python="import os\nos.fork()\nos.setsid() if os.getpid() == 1 else None\nprint(42)\nos._exit(0)"),
    Job(python="raise ValueError"),
)


def left_over() -> tuple[int, int, int]:
    """Children that run or were not reaped; descriptors; files in the temporary directory."""
    me = psutil.Process()
    return len(me.children(recursive=True)), me.num_fds(), len(list(Path(tempfile.gettempdir()).iterdir()))


def zombies_of_init() -> int:
    """Processes that only the machine's own PID 1 could reap."""
    found = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text(encoding="utf-8", errors="replace").rsplit(")", 1)[1].split()[:2]
        except OSError:
            continue
        found += (state, parent) == ("Z", "1")
    return found


@needs_bubblewrap
@pytest.mark.slow
def test_thousands_of_runs_leave_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before, zombies = left_over(), zombies_of_init()
    wrong: list[object] = []

    def work() -> None:
        with ZygoteSession() as session:
            for index in range(RUNS // 2):
                raw = session.run(JOBS[index % len(JOBS)])
                if raw.sandbox_error or raw.killed_by or raw.exit_code != (index % len(JOBS) == 3):
                    wrong.append(raw)
                if index % 1000 == 500:
                    session.run(Job(python="import time\ntime.sleep(9)", limits=Limits(wall_s=0.05)))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert left_over() == before
    assert zombies_of_init() <= zombies
