"""benchmarks/performance_tables.py: what stands in the reports stands in the page, and nothing else changes."""

import importlib.util
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = "before\n<!-- table convert of convert-1b -->\nold\n<!-- end of table -->\nafter\n"


@pytest.fixture(scope="module")
def tables():
    spec = importlib.util.spec_from_file_location("tables", ROOT / "benchmarks" / "performance_tables.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write_report(directory, name, seconds):
    figures = {"seconds": seconds, "target_seconds": 90, "peak_rss_bytes": 5e8, "target_peak_rss_bytes": 4e9}
    report = {"machine": {"cpu": "some CPU", "usable_cores": 2}, "date": "2026-01-02", "load_average": 0.25, **figures}
    (directory / name).write_text(json.dumps(report), encoding="utf-8")


def test_marked_table_is_that_of_the_newest_report(tables, tmp_path):
    write_report(tmp_path, "convert-1b_zzz_2026-01-01.json", 70.0)
    write_report(tmp_path, "convert-1b_aaa_2026-01-02.json", 20.0)
    write_report(tmp_path, "convert-1b-other_aaa_2026-01-03.json", 30.0)
    page = tables.filled(PAGE, tmp_path)
    assert "| seconds | 20.0 | < 90 |" in page
    assert "some CPU, 2 cores; 2026-01-02; n = 1; load 0.2 at the end." in page
    assert "old" not in page
    assert page.startswith("before\n")
    assert page.endswith("<!-- end of table -->\nafter\n")
    assert tables.filled(page, tmp_path) == page


def test_report_that_is_not_there_is_said_to_be_missing(tables, tmp_path):
    assert "Not measured yet: no `convert-1b_*.json`" in tables.filled(PAGE, tmp_path)


def test_page_names_only_tables_that_there_are_and_is_up_to_date(tables):
    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    assert len(re.findall("<!-- table ", page)) == len(tables.MARKED.findall(page)) > 10
    assert tables.filled(page, ROOT / "benchmarks" / "results") == page
