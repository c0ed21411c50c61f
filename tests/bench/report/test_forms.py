"""JSON, Markdown and the terminal's tables: the same figures in each, and only the parts that were run."""

import json
import re
from dataclasses import replace
from io import StringIO

import pytest
from bench_reports import report, subject, suite
from rich.console import Console

from hrm_edge.bench.neighbours import Lookup
from hrm_edge.bench.pairing import PairedLoss
from hrm_edge.bench.report import judged_report, terminal_tables, to_markdown, to_rich
from hrm_edge.bench.report.accuracy_tables import by_suite

LOSS = PairedLoss(
    suite="humaneval", reference="runs/27m torch", candidate="m.gguf onnx", problems=164, reference_score=0.13,
    candidate_score=0.12, standard_error=0.008, better=1, worse=3, is_quantization=True,
)  # fmt: skip
IN_GO = replace(LOSS, problems=40, group=("language", "go"))


def everything():
    return report(subject(), subject(runtime="llama-cpp"), suites=[suite(), suite("mbpp")], losses=[LOSS, IN_GO])


def tables(made):
    return {table.title: table for table in terminal_tables(made)}


def test_json_holds_what_makes_the_run_again():
    value = json.loads(json.dumps(judged_report(everything()), allow_nan=False))
    assert value["command"] == "hrm-edge bench --seed 7"
    assert value["settings"] == {"seed": 7, "temperature": 0.8}
    assert value["machine"]["libraries"]["numpy"] == "2.4.0"
    assert value["machine"]["vector_extensions"] == ["AVX2", "AVX512-VNNI"]
    assert value["engines"] == {"llama.cpp": "CPU : AVX2 = 1"}
    assert value["hardware"]["workload"] == {
        "prompt_tokens": 128, "answer_tokens": 200, "threads": None, "cycles": None, "repeats": 3,
    }  # fmt: skip


def test_json_holds_every_figure_of_a_subject():
    measured, _, missing = judged_report(everything())["hardware"]["subjects"]
    assert measured["decode_tokens_per_s"] == {"median": 400.0, "p95": 400.0, "min": 400.0, "max": 400.0, "n": 3}
    assert (measured["kv_bytes_per_token"], measured["file_bytes"], measured["cycles"]) == (65536, 20_000_000, "2×3")
    assert measured["roofline"]["bandwidth"]["bytes_per_s"] == 20e9
    assert missing == {"model": "m.gguf", "runtime": "onnx", "device": "cuda", "measured": False}


def test_json_holds_scores_losses_and_verdicts():
    value = judged_report(everything())
    assert [scores["suite"] for scores in value["suites"]] == ["humaneval", "mbpp"]
    assert value["losses"][0]["difference"] == pytest.approx(-0.01)
    assert {"what", "figure", "target", "met"} == set(value["verdicts"][0])


def test_only_what_was_run_has_a_part():
    hardware, suites = report(subject()), report(suites=[suite()])
    assert list(tables(hardware)) == ["Speed", "Memory", "Roofline of decoding", "Targets"]
    assert list(tables(suites)) == ["humaneval: pass@k"]
    assert judged_report(suites)["hardware"] is None
    assert "Speed" not in to_markdown(suites)
    assert "pass@1" not in to_markdown(hardware)


def test_every_row_of_every_table_is_as_long_as_its_header():
    for table in terminal_tables(everything()):
        assert {len(row) for row in table.rows} == {len(table.header)}


def test_devices_this_machine_has_not_are_said_to_be_unmeasured():
    assert tables(everything())["Speed"].note.endswith("Not measured on this machine: onnx on cuda.")


def test_scores_stand_with_their_error_above_the_baselines():
    rows = tables(everything())["humaneval: pass@k"].rows
    assert rows[0] == ["m.gguf onnx", "164", "820", "12.0 % ± 2.0", "24.0 % ± 2.0"]
    assert rows[1][0] == "empty answer (baseline)"


def test_a_baseline_of_two_models_stands_once():
    standings = by_suite([suite(), suite(answerer="other onnx")])["humaneval"]
    assert [(standing.name, standing.is_baseline) for standing in standings] == [
        ("m.gguf onnx", False), ("other onnx", False), ("empty answer", True),
    ]  # fmt: skip


def test_scores_that_could_be_forged_say_so():
    assert "could forge" in tables(report(suites=[suite(mode="suite")]))["humaneval: pass@k"].note
    assert "could forge" not in tables(report(suites=[suite()]))["humaneval: pass@k"].note


def test_comparisons_stand_with_their_error_and_the_sign_test():
    """Of 4 differing problems 3 are worse: 2·(1 + 4)/16."""
    (row,) = tables(everything())["Paired comparisons"].rows
    assert row[:3] == ["humaneval", "m.gguf onnx", "runs/27m torch"]
    assert row[3:] == ["164", "12.0 %", "13.0 %", "−1.0 ± 0.8 points", "1 / 3", "0.62", "7.7 % ± 6.2"]
    lost = judged_report(everything())["losses"]
    assert [loss["group"] for loss in lost] == [None, {"language": "go"}]
    assert (lost[0]["n_better"], lost[0]["n_worse"], lost[0]["p_value"]) == (1, 3, 0.625)


def test_comparisons_per_language_stand_in_the_files():
    text = to_markdown(everything())
    assert text.index("## Paired comparisons\n") < text.index("## Paired comparisons per language")
    assert "| humaneval | m.gguf onnx | runs/27m torch | go | 40 |" in text


def test_neighbours_are_counted_and_contamination_is_told():
    lookup = Lookup(
        suite="humaneval", index_sha256="0" * 64, entries={"1": [], "2": []}, passed_over=3, problems_with_passed_over=2
    )
    with_neighbours = replace(suite(answerer="m.gguf onnx + 2 neighbours"), neighbours={0: 1, 2: 163})
    made = replace(report(suites=[suite(), with_neighbours]), lookups=[lookup])
    text = to_markdown(made)
    assert "| humaneval | m.gguf onnx + 2 neighbours | 1 | 0 | 163 |" in text
    assert "passed over as contamination: 3 entries" in text
    value = judged_report(made)
    assert value["lookups"][0]["n_entries_passed_over"] == 3
    assert [scores["neighbours"] for scores in value["suites"]] == [{}, {"0": 1, "2": 163}]
    assert "## Neighbours" not in to_markdown(report(suites=[suite()]))


def shown(table, width=200):
    console = Console(file=StringIO(), width=width, force_terminal=False)
    console.print(to_rich(table, width))
    return console.file.getvalue()


def test_terminal_shows_every_cell_under_its_title():
    table = tables(everything())["Memory"]
    text = shown(table)
    for said in (table.title, *table.header, *(cell for row in table.rows for cell in row)):
        assert said in text


def test_a_table_wider_than_the_terminal_runs_down():
    table = tables(everything())["Memory"]
    lines = shown(table, width=80).splitlines()
    assert max(map(len, lines)) <= 80
    for name, cell in zip(table.header[table.names :], table.rows[0][table.names :], strict=True):
        assert any(line.strip().startswith(name) and cell in line for line in lines)


def test_names_from_outside_cannot_steer_the_terminal():
    made = report(subject(model="[bold]a\x1b[31m\n.gguf"), suites=[suite(answerer="b\x07")])
    for table in terminal_tables(made):
        for cell in (*table.header, *(cell for row in table.rows for cell in row)):
            assert cell.isprintable()
    assert "[bold]a\ufffd[31m\ufffd.gguf" in shown(tables(made)["Memory"])


def test_narrow_terminals_lose_no_figure():
    text = shown(tables(everything())["humaneval: pass@k"], width=70)
    assert "12.0 % ± 2.0" in text
    assert "24.0 % ± 2.0" in text


def test_markdown_tables_are_whole_and_names_are_shown_as_they_are():
    text = to_markdown(report(subject(model="a|b_*<i>.gguf"), suites=[suite()]))
    assert r"a\|b\_\*\<i\>.gguf" in text
    blocks = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    assert len(blocks) > 6
    for block in blocks:
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(widths) == 1
    for said in ("Example CPU", "AVX512-VNNI", "20.0 GB/s", "hrm-edge bench --seed 7", "temperature", "3 samples were"):
        assert said in text
