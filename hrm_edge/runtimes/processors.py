"""How many threads to compute with: one per physical core that this process may use.

Two threads on the two halves of one core gain nothing, and a thread without a core of its own costs more than it
gives: the workers of llama.cpp and ONNX Runtime spin while they wait for the slowest one.
"""

import os
from pathlib import Path

import psutil

_TOPOLOGY = "/sys/devices/system/cpu/cpu{}/topology/{}"
_QUOTA = Path("/sys/fs/cgroup/cpu.max")


def physical_cores() -> int:
    """Physical cores this process may run on, at least 1: within its CPU affinity and its container's CPU quota."""
    counts = [psutil.cpu_count(logical=False) or os.cpu_count() or 1]
    if hasattr(os, "sched_getaffinity"):
        counts.append(_cores_of(os.sched_getaffinity(0)))
    quota = _container_quota()
    if quota is not None:
        counts.append(quota)
    return max(1, min(counts))


def _cores_of(processors: set[int]) -> int:
    """Number of cores behind logical processors; where the system does not tell, each counts as a core."""
    cores = set()
    for processor in processors:
        try:
            package, core = (
                Path(_TOPOLOGY.format(processor, name)).read_text().strip()
                for name in ("physical_package_id", "core_id")
            )
        except OSError:
            return len(processors)
        cores.add((package, core))
    return len(cores)


def _container_quota() -> int | None:
    """Whole cores that a container's limit (docker run --cpus) comes to; a file of "max 100000" means no limit."""
    try:
        quota, period = _QUOTA.read_text().split()
    except (OSError, ValueError):
        return None
    return None if quota == "max" else int(quota) // int(period)
