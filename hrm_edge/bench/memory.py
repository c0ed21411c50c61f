"""Memory as the operating system counts it: the largest resident set of this process, in bytes.

On Linux the figure is VmHWM of /proc, not getrusage's: a child inherits its parent's maximum there through fork, so
that a small process started by a large one would look large.
"""

import sys
from pathlib import Path

_PROC_STATUS = Path("/proc/self/status")


def peak_rss_bytes() -> int:
    """Largest resident set size of this process since it started."""
    if _PROC_STATUS.exists():
        for line in _PROC_STATUS.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    if sys.platform == "win32":
        import psutil

        return int(psutil.Process().memory_info().peak_wset)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024  # kilobytes but on macOS
