"""benchmarks/onnx_decode.py on a tiny model: every comparison it names is there, with both its sides."""

import importlib.util
import json
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / "benchmarks" / "onnx_decode.py"


def test_report_ends_with_every_comparison_as_json(
    random_model: Callable[[str], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.syspath_prepend(str(SCRIPT.parent))
    spec = importlib.util.spec_from_file_location("onnx_decode", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "burning_core", nullcontext)
    out = tmp_path / "figures.json"
    sizes = ["--contexts", "5,9", "--batches", "2", "--drafts", "3", "--spins", "0,10", "--threads", "1"]
    options = [*sizes, "--steps", "2", "--json", str(out)]
    monkeypatch.setattr(sys, "argv", ["onnx_decode.py", str(random_model("plain")), *options])
    module.main()
    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert report == json.loads(out.read_text(encoding="utf-8"))
    assert [row["context"] for row in report["kv"]] == [5, 9]
    for kv_type in ("f32", "int8"):
        assert [(row["kind"], row["tokens"]) for row in report[f"together_{kv_type}"]] == [("batch", 2), ("draft", 3)]
    assert [(row["threads"], row["spin_us"]) for row in report["busy"]] == [(1, 0), (1, 10)]
    assert all(row["busy_ms"] > 0 and row["quiet_ms"] > 0 for row in report["busy"])
