"""Files of samples made by other tools, in the formats their own code writes."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from bench_problems import power_problem

from hrm_edge.bench.foreign_samples import read_sample_file
from hrm_edge.bench.samples import Sample, write_samples
from hrm_edge.errors import DataError
from hrm_edge.problems.problem import Problem, Scenario, TestOutput

PROBLEMS = [power_problem(1), power_problem(2)]


def question(suite: str, problem_id: str, scenario: Scenario, **source: Any) -> Problem:
    return Problem(
        suite=suite, id=problem_id, scenario=scenario, language="python", request="?",
        check=TestOutput(expected="1"), source=source,
    )  # fmt: skip


def lines(path: Path, *rows: Any) -> Path:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def texts(path: Path, problems: list[Problem]) -> dict[tuple[str, int], tuple[str, str]]:
    found = read_sample_file(path, problems).samples
    return {(sample.task_id, sample.sample): (sample.form, sample.text) for sample in found.values()}


@pytest.mark.parametrize("name", ["samples.jsonl", "samples.jsonl.gz"])
def test_humaneval_completions_repeat_a_task_for_each_sample(tmp_path: Path, name: str) -> None:
    path = lines(
        tmp_path / name,
        {"task_id": "powers/1", "completion": "    return x"},
        {"task_id": "powers/2", "completion": "    return x*x"},
        {"task_id": "powers/1", "completion": "    return 1"},
    )
    assert texts(path, PROBLEMS) == {
        ("powers/1", 0): ("completion", "    return x"),
        ("powers/2", 0): ("completion", "    return x*x"),
        ("powers/1", 1): ("completion", "    return 1"),
    }


def test_evalplus_solutions_are_judged_as_they_are(tmp_path: Path) -> None:
    rows = [{"task_id": p.id, "solution": "def f(): ...", "_identifier": "x"} for p in PROBLEMS]
    assert set(texts(lines(tmp_path / "s.jsonl", *rows), PROBLEMS).values()) == {("solution", "def f(): ...")}


def test_our_own_file_is_read_back_whole(tmp_path: Path) -> None:
    samples = [Sample(task_id=p.id, sample=0, text=f"```\n{p.id}\n```", seed=7, seconds=0.5) for p in PROBLEMS]
    write_samples(tmp_path / "samples.jsonl", [(sample, "judged") for sample in samples])
    assert list(read_sample_file(tmp_path / "samples.jsonl", PROBLEMS).samples.values()) == samples


class TestLmEval:
    """As lm_eval/loggers/evaluation_tracker.py writes `samples_<task>_<date>.jsonl`."""

    @staticmethod
    def row(doc: dict[str, Any], resps: Any, filtered: Any, name: str = "create_test") -> dict[str, Any]:
        return {
            "doc_id": 0, "doc": doc, "target": "check(f)", "arguments": {"gen_args_0": {"arg_0": "def f", "arg_1": {}}},
            "resps": resps, "filtered_resps": filtered, "filter": name, "metrics": ["pass@1"], "doc_hash": "",
            "prompt_hash": "", "target_hash": "", "pass@1": 1.0,
        }  # fmt: skip

    def test_what_was_filtered_is_what_is_judged_and_repeats_are_samples(self, tmp_path: Path) -> None:
        rows = [self.row({"task_id": p.id}, [["a", "b"]], [[f"{p.request}a", f"{p.request}b"]]) for p in PROBLEMS]
        found = texts(lines(tmp_path / "samples_humaneval_2025.jsonl", *rows), PROBLEMS)
        assert found["powers/2", 0] == ("completion", PROBLEMS[1].request + "a")
        assert found["powers/2", 1] == ("completion", PROBLEMS[1].request + "b")
        assert len(found) == 4

    def test_take_first_leaves_a_plain_text(self, tmp_path: Path) -> None:
        rows = [self.row({"task_id": p.id}, [["a"]], ["a"], "none") for p in PROBLEMS]
        assert set(texts(lines(tmp_path / "s.jsonl", *rows), PROBLEMS).values()) == {("completion", "a")}

    def test_only_the_first_filter_counts_and_the_rest_is_reported(self, tmp_path: Path) -> None:
        rows = [self.row({"task_id": p.id}, [[name]], [name], name) for name in ("strict", "loose") for p in PROBLEMS]
        found = read_sample_file(lines(tmp_path / "s.jsonl", *rows), PROBLEMS)
        assert {sample.text for sample in found.samples.values()} == {"strict"}
        assert found.notices == ("2 lines in s.jsonl are under other filters than 'strict': left out",)

    def test_numbers_as_task_ids_are_found(self, tmp_path: Path) -> None:
        """MBPP's documents have task_id 511, its problems the id mbpp/511 or 511."""
        problem = question("mbpp", "511", Scenario.GENERATION, task_id=511)
        assert texts(lines(tmp_path / "s.jsonl", self.row({"task_id": 511}, [["a"]], ["a"])), [problem])

    def test_likelihood_tasks_have_nothing_to_score(self, tmp_path: Path) -> None:
        path = lines(tmp_path / "s.jsonl", self.row({"task_id": "powers/1"}, [], []))
        with pytest.raises(DataError, match="only tasks that generate"):
            read_sample_file(path, PROBLEMS)


class TestLiveCodeBench:
    """As lcb_runner/runner/custom_evaluator.py takes them."""

    def test_code_lists_by_question_id(self, tmp_path: Path) -> None:
        problems = [question("livecodebench", q, Scenario.GENERATION, question_id=q) for q in ("abc301_a", "2811")]
        path = tmp_path / "out.json"
        path.write_text(json.dumps([{"question_id": "2811", "code_list": ["x", "y"]},
                                    {"question_id": "abc301_a", "code_list": ["z", ""]}]))  # fmt: skip
        assert texts(path, problems) == {
            ("2811", 0): ("solution", "x"), ("2811", 1): ("solution", "y"),
            ("abc301_a", 0): ("solution", "z"), ("abc301_a", 1): ("solution", ""),
        }  # fmt: skip

    def test_lists_without_ids_are_in_the_official_order(self, tmp_path: Path) -> None:
        """Questions sort as text, executions by the number of sample_N: 2 before 10."""
        generation = [question("livecodebench", q, Scenario.GENERATION, question_id=q) for q in ("abc", "2811", "301")]
        execution = [question("livecodebench-execution", f"sample_{n}", Scenario.EXECUTION, id=f"sample_{n}",
                              question_id="9") for n in (10, 2)]  # fmt: skip
        (tmp_path / "g.json").write_text('[["a"], ["b"], ["c"]]')
        (tmp_path / "e.json").write_text('[["a"], ["b"]]')
        assert {key[0]: text for key, (_, text) in texts(tmp_path / "g.json", generation).items()} == {
            "2811": "a", "301": "b", "abc": "c",
        }  # fmt: skip
        assert {key[0]: text for key, (_, text) in texts(tmp_path / "e.json", execution).items()} == {
            "sample_2": "a", "sample_10": "b",
        }  # fmt: skip

    def test_lists_without_ids_must_be_as_many_as_the_problems(self, tmp_path: Path) -> None:
        (tmp_path / "g.json").write_text('[["a"]]')
        with pytest.raises(DataError, match="answers to 1 problems and 2 were chosen"):
            read_sample_file(tmp_path / "g.json", PROBLEMS)

    def test_predictions_are_found_by_question_and_test(self, tmp_path: Path) -> None:
        problems = [
            question("livecodebench-test-output", f"2777/{t}", Scenario.TEST_OUTPUT, question_id="2777", test_id=t)
            for t in (0, 1)
        ]
        path = tmp_path / "out.json"
        path.write_text(json.dumps([{"question_id": "2777", "test_id": t, "pred_list": [f"p{t}"]} for t in (1, 0)]))
        assert texts(path, problems) == {("2777/1", 0): ("solution", "p1"), ("2777/0", 0): ("solution", "p0")}

    def test_the_programs_of_a_repaired_question_go_to_one_problem_each(self, tmp_path: Path) -> None:
        problems = [
            question("livecodebench-repair", f"2811/{n}", Scenario.REPAIR, question_id="2811", code_index=n)
            for n in (0, 1)
        ]
        path = tmp_path / "repair_eval_all.json"
        path.write_text(json.dumps([{"question_id": "2811", "code_list": ["first", "second"]}]))
        assert texts(path, problems) == {("2811/0", 0): ("solution", "first"), ("2811/1", 0): ("solution", "second")}


class TestCoverage:
    """A file must answer every chosen problem; what it has beside them is left out."""

    def test_a_problem_without_a_sample_is_an_error_since_leaving_it_out_would_raise_the_score(
        self, tmp_path: Path
    ) -> None:
        path = lines(tmp_path / "s.jsonl", {"task_id": "powers/1", "completion": ""})
        with pytest.raises(
            DataError, match="1 of 2 problems have no sample, 'powers/2' first: add an empty completion"
        ):
            read_sample_file(path, PROBLEMS)

    def test_samples_of_other_problems_are_left_out_and_counted(self, tmp_path: Path) -> None:
        rows = [{"task_id": f"powers/{n}", "completion": ""} for n in (1, 2, 3, 3)]
        found = read_sample_file(lines(tmp_path / "s.jsonl", *rows), PROBLEMS)
        assert len(found.samples) == 2
        assert found.notices == ("2 samples in s.jsonl are of problems that were not chosen: left out",)

    def test_a_file_of_another_suite_is_an_error(self, tmp_path: Path) -> None:
        path = lines(tmp_path / "s.jsonl", {"task_id": "MBPP/1", "completion": ""})
        with pytest.raises(DataError, match="none of its 1 samples is of the 2 chosen problems"):
            read_sample_file(path, PROBLEMS)

    def test_a_name_that_fits_several_problems_is_an_error(self, tmp_path: Path) -> None:
        problems = [question("lcb", f"{n}", Scenario.EXECUTION, question_id="2811") for n in range(2)]
        with pytest.raises(DataError, match="'2811' names 2 of the problems"):
            read_sample_file(lines(tmp_path / "s.jsonl", {"question_id": 2811, "completion": ""}), problems)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"completion": "x"}, ":1: none of task_id, question_id and id is there"),
        ({"task_id": "powers/1"}, ":1: neither completion, solution, code_list nor resps"),
        ({"task_id": "powers/1", "completion": None}, ":1: an answer is None: it must be a text"),
        ([1], ":1 is no JSON object"),
    ],
)
def test_a_line_that_is_no_sample_is_named(tmp_path: Path, row: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_sample_file(lines(tmp_path / "s.jsonl", row), PROBLEMS)


def test_a_json_file_that_is_no_list_is_refused(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text("{}")
    with pytest.raises(DataError, match="is no list"):
        read_sample_file(tmp_path / "s.json", PROBLEMS)
