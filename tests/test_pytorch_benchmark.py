"""The benchmark of the torch runtime, run small: both sides answer alike, and its figures are those it prints."""

import importlib.util
import json
import re
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / "benchmarks" / "pytorch_decode.py"


@pytest.fixture(scope="module")
def pytorch_decode():
    spec = importlib.util.spec_from_file_location("pytorch_decode", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("source", [[], ["--preset", "nano"]], ids=["embedded", "preset"])
def test_both_sides_give_the_same_answer_and_the_table_is_the_json(pytorch_decode, source, monkeypatch, capsys):
    sizes = ["--prompt", "5", "--answer", "4", "--rounds", "2", "--threads", "1"]
    monkeypatch.setattr(sys, "argv", ["pytorch_decode.py", *source, *sizes])
    pytorch_decode.main()
    *table, line = capsys.readouterr().out.splitlines()
    found = json.loads(line)
    assert found["same_tokens"] is True
    ours, theirs = (found[side]["decode_tokens_per_s"] for side in ("hrm-edge", "transformers"))
    assert found["decode_ratio"] == ours / theirs > 0
    assert re.search(rf"hrm-edge .* {ours:.1f} tokens/s", table[1]) and f"ratio {ours / theirs:.2f}" in table[3]
