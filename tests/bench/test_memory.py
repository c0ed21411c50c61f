import subprocess
import sys

import numpy as np
import pytest

from hrm_edge.bench.memory import peak_rss_bytes

SCRIPT = """
from hrm_edge.bench.memory import peak_rss_bytes
before = peak_rss_bytes()
block = bytearray(b"x") * {size}
del block
print(before, peak_rss_bytes())
"""


def test_peak_rss_keeps_the_largest_even_after_it_is_freed():
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(size=100_000_000)], capture_output=True, text=True, check=True
    )
    before, after = map(int, result.stdout.split())
    assert 95e6 < after - before < 130e6


def test_peak_rss_of_a_child_is_its_own_and_not_its_parents():
    """getrusage hands a parent's maximum down; this process is made large first."""
    large = np.ones(30_000_000)
    result = subprocess.run([sys.executable, "-c", SCRIPT.format(size=1)], capture_output=True, text=True, check=True)
    assert peak_rss_bytes() > large.nbytes
    assert int(result.stdout.split()[1]) < 100e6


def test_peak_rss_agrees_with_getrusage_where_both_count_the_same():
    """A process started by a small one: both see its whole life."""
    resource = pytest.importorskip("resource")
    unit = 1 if sys.platform == "darwin" else 1024
    assert peak_rss_bytes() <= resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit * 1.05
