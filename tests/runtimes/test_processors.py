"""The number of threads to compute with: never more than this process may use."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from hrm_edge.runtimes import processors
from hrm_edge.runtimes.processors import physical_cores

needs_affinity = pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system pins no processes")


def test_cores_are_at_least_one_and_no_more_than_there_are():
    assert 1 <= physical_cores() <= (psutil.cpu_count(logical=True) or 1)


@needs_affinity
def test_process_on_one_processor_computes_on_one_core():
    code = (
        "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
        "from hrm_edge.runtimes.processors import physical_cores; print(physical_cores())"
    )
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert finished.stdout.strip() == "1"


@pytest.mark.parametrize(
    ("content", "cores"),
    [("max 100000\n", None), ("250000 100000\n", 2), ("50000 100000\n", 0), ("", None)],
    ids=["no-limit", "two-and-a-half", "half", "empty"],
)
def test_container_limit_is_read_in_whole_cores(tmp_path, monkeypatch, content, cores):
    quota = tmp_path / "cpu.max"
    quota.write_text(content)
    monkeypatch.setattr(processors, "_QUOTA", quota)
    assert processors._container_quota() == cores
    most = 1_000_000 if cores is None else cores
    assert physical_cores() == max(1, min(cores_without_limit(monkeypatch, tmp_path), most))


def cores_without_limit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> int:
    with monkeypatch.context() as patch:
        patch.setattr(processors, "_QUOTA", tmp_path / "absent")
        return physical_cores()
