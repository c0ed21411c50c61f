"""benchmarks/server_load.py, short: many clients get the answers to their own requests, and leave nothing behind."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "server_load.py"


@pytest.mark.slow
def test_no_answer_is_lost_or_mixed_and_no_file_stays_open(random_model):
    pytest.importorskip("llama_cpp")
    pytest.importorskip("openai")
    ran = subprocess.run(
        [
            sys.executable, str(SCRIPT), "--clients", "8", "--seconds", "2", "--max-tokens", "8", "--places", "4",
            "--model", str(random_model("plain")), "--runtime", "llama-cpp", "--sample-every", "0.25",
            "--warm-up", "32",
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    result = json.loads(ran.stdout)
    assert set(result["outcomes"]) <= {"answered", "left"}
    assert result["outcomes"]["answered"] >= 8
    assert result["files_after"] <= result["files_before"] + 2  # a connection that is just being closed
    assert result["all_places_free"]
    times, requests, sizes = zip(*result["rss_series"], strict=True)
    assert len(times) >= 4 and list(times) == sorted(times) and list(requests) == sorted(requests)
    assert min(sizes) <= result["rss_first_third_bytes"] <= max(sizes)
