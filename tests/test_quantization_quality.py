"""The script that compares quantized checkpoints: a table, a JSON report and a picture, from a file or from shards."""

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest
from data_pipeline_sources import find, recipe

from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.quantize.rtn import quantize_checkpoint
from hrm_edge.train.data.pipeline.build import build

SCRIPT = Path(__file__).parents[1] / "benchmarks" / "quantization_quality.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    specification = importlib.util.spec_from_file_location("quantization_quality", SCRIPT)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def rounded(random_model, tmp_path) -> list[Path]:
    for bits in (4, 8):
        quantize_checkpoint(open_checkpoint(random_model("plain")), bits, tmp_path / f"{bits}bit")
    return [tmp_path / "4bit", tmp_path / "8bit"]


def test_table_report_and_picture_tell_of_every_candidate(script, random_model, rounded, tmp_path, capsys):
    data, out = tmp_path / "data.jsonl", tmp_path / "results" / "tiny"
    rows = [{"prompt": f"find file {n}", "answer": f"find . -name {n}"} for n in range(5)]
    data.write_text("\n".join(map(json.dumps, rows)))
    script.main(random_model("plain"), rounded, data=data, examples=4, longest=200, out=out)
    printed = capsys.readouterr().out
    assert printed.strip() == out.with_suffix(".md").read_text().strip()
    lines = printed.splitlines()
    assert [line.count("|") for line in lines[:5]] == [13] * 5
    assert re.match(r"\| rtn \(4bit\) \| 4 \| \d\.\d+ ± \S+ \| \S+ ± \S+ \| 100 ± 0 % \|", lines[3])
    assert "n = 4 examples" in printed
    report = json.loads(out.with_suffix(".json").read_text())
    assert report["examples"] == 4
    assert [one["bits"] for one in report["candidates"]] == [4, 8]
    assert list(report["candidates"][0]["state_errors"]) == ["1.L1", "1.L2", "1.H", "2.L1", "2.L2", "2.H"]
    assert out.with_suffix(".png").read_bytes().startswith(b"\x89PNG")


def test_packed_shards_of_another_tokenizer_end_in_one_line(script, random_model, rounded, tmp_path):
    build(recipe(), tmp_path / "packed", find=find)
    with pytest.raises(SystemExit, match="was packed with another tokenizer"):
        script.main(random_model("plain"), rounded, data=tmp_path / "packed", examples=4, longest=200, out=None)
