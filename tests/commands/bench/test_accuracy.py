"""`hrm-edge bench` on suites: real problems written by hand here, the real sandbox, small random models."""

import json
import shutil

import pytest
from sandboxes import needs_bubblewrap

from hrm_edge.bench.baselines import IndexBaseline
from hrm_edge.commands.bench.accuracy import run_directory
from hrm_edge.local_index import Entry
from hrm_edge.train.data.indexing.writing import write_index

ACCURACY = ("--no-hardware", "--threads", "1", "--max-tokens", "4")
TASKS = (
    ("add", "a, b", "a + b", "assert candidate(2, 3) == 5"),
    ("double", "a", "2 * a", "assert candidate(4) == 8"),
)

TASK_SOLUTION = 'def double(a):\n    """What the name says."""\n    return 2 * a\n'


@pytest.fixture
def humaneval(tmp_path):
    """Two problems in HumanEval's format."""
    rows = [
        {
            "task_id": f"HumanEval/{index}",
            "prompt": f'def {name}({parameters}):\n    """What the name says."""\n',
            "entry_point": name,
            "canonical_solution": f"    return {value}\n",
            "test": f"def check(candidate):\n    {test}\n",
        }
        for index, (name, parameters, value, test) in enumerate(TASKS)
    ]
    path = tmp_path / "HumanEval.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


@pytest.fixture(autouse=True)
def working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def pass_at_1(report):
    (suite,) = report["suites"]
    return suite["pass_at_k"]["pass@1"]["value"]


@needs_bubblewrap
def test_reference_solutions_score_one(cli, humaneval, tmp_path):
    result = cli("bench", "--suite", "humaneval", "--data", humaneval, "--score-only", "--json", tmp_path / "b.json")
    assert result.code == 0
    report = json.loads((tmp_path / "b.json").read_text())
    assert pass_at_1(report) == 1.0
    assert report["suites"][0]["baselines"][0]["answerer"] == "empty answer"
    assert report["hardware"] is None


@needs_bubblewrap
def test_completions_made_elsewhere_are_scored(cli, humaneval, tmp_path):
    rows = [
        {"task_id": "HumanEval/0", "completion": "    return a + b\n"},
        {"task_id": "HumanEval/1", "completion": "    return a\n"},
    ]
    completions = tmp_path / "theirs.jsonl"
    completions.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    files = ("--samples-file", completions, "--json", tmp_path / "b.json")
    result = cli("bench", "--suite", "humaneval", "--data", humaneval, "--score-only", *files)
    assert result.code == 0
    assert pass_at_1(json.loads((tmp_path / "b.json").read_text())) == 0.5


@needs_bubblewrap
def test_same_seed_gives_the_same_samples_and_a_resumed_run_keeps_them(cli, humaneval, random_model, tmp_path):
    model = random_model("plain")

    def samples(out, *more):
        drawn = ("--samples", "3", "--seed", "7", "--temperature", "1", *ACCURACY)
        result = cli("bench", model, "--suite", "humaneval", "--data", humaneval, "--out", out, *drawn, *more)
        assert result.code == 0, result.err
        rows = [json.loads(line) for line in (out / "humaneval" / "model-onnx" / "samples.jsonl").open()]
        return [{name: value for name, value in row.items() if name != "seconds"} for row in rows]

    first = samples(tmp_path / "a")
    assert len(first) == 6
    assert samples(tmp_path / "b") == first
    assert samples(tmp_path / "a", "--resume") == first


@needs_bubblewrap
def test_samples_of_a_run_are_scored_again_elsewhere(cli, humaneval, random_model, tmp_path):
    copied = tmp_path / "ours.jsonl"
    shared = ("--suite", "humaneval", "--data", humaneval, "--samples-file", copied)
    assert cli("bench", random_model("plain"), *shared, *ACCURACY).code == 0
    assert len(copied.read_text().splitlines()) == 2
    again = cli("bench", *shared, "--score-only")
    assert again.code == 0, again.err


@pytest.fixture
def index(tmp_path):
    """A neighbour of each problem, one of which is its solution."""
    rows = (
        ("add what the name says", "def plus(x, y):\n    return x + y"),
        ("double as the name says", TASK_SOLUTION),
        ("the name of double", "def twice(x):\n    return x + x"),
    )
    entries = [
        Entry(request=request, code=code, language="python", source="own", licence="MIT", group=str(number))
        for number, (request, code) in enumerate(rows)
    ]
    write_index(tmp_path / "index.sqlite", entries)
    return tmp_path / "index.sqlite"


@needs_bubblewrap
def test_neighbours_are_a_run_of_their_own_beside_retrieval_alone(cli, humaneval, index, random_model, tmp_path):
    asked = ("--neighbours", "0,2", "--index", index, "--out", tmp_path / "run")
    files = ("--json", tmp_path / "b.json", "--markdown", tmp_path / "b.md")
    result = cli("bench", random_model("plain"), "--suite", "humaneval", "--data", humaneval, *ACCURACY, *asked, *files)
    assert result.code == 0, result.err
    report = json.loads((tmp_path / "b.json").read_text())
    assert [scores["answerer"] for scores in report["suites"]] == ["model onnx", "model onnx + 2 neighbours"]
    assert (report["settings"]["neighbours"], report["settings"]["index"]) == ("0,2", str(index))
    (lookup,) = report["lookups"]
    assert (lookup["n_problems_with_entries"], lookup["n_entries_passed_over"]) == (2, 1)
    assert "passed over as contamination: 1 entries" in result.err
    alone = report["suites"][0]["baselines"][-1]
    assert (alone["answerer"], alone["pass_at_k"]["pass@1"]["value"]) == (IndexBaseline.name, 1.0)
    found = [(loss["candidate"], loss["reference"]) for loss in report["losses"]]
    assert found == [
        ("model onnx", IndexBaseline.name),
        ("model onnx + 2 neighbours", "model onnx"), ("model onnx + 2 neighbours", IndexBaseline.name),
    ]  # fmt: skip
    assert [loss["difference"] for loss in report["losses"]] == [-1.0, 0.0, -1.0]
    rows = [json.loads(line) for line in (tmp_path / "run/humaneval/model-onnx-2-neighbours/samples.jsonl").open()]
    assert [row["neighbours"] for row in rows] == [2, 2]
    assert "## Neighbours" in (tmp_path / "b.md").read_text()


@needs_bubblewrap
def test_models_are_compared_with_the_first_one(cli, humaneval, random_model, tmp_path):
    quantized = tmp_path / "q8"
    shutil.copytree(random_model("plain"), quantized)
    result = cli(
        "bench", random_model("plain"), quantized, "--suite", "humaneval", "--data", humaneval, *ACCURACY,
        "--json", tmp_path / "b.json",
    )  # fmt: skip
    assert result.code == 0, result.err
    (loss,) = json.loads((tmp_path / "b.json").read_text())["losses"]
    assert (loss["reference"], loss["candidate"], loss["n_problems"]) == ("model onnx", "q8 onnx", 2)
    assert (loss["difference"], loss["p_value"], loss["is_quantization"]) == (0.0, 1.0, False)
    assert "Paired comparisons" in result.out


@needs_bubblewrap
def test_retrieval_alone_stands_beside_samples_that_are_scored(cli, humaneval, index, tmp_path):
    scored = ("--suite", "humaneval", "--data", humaneval, "--score-only", "--index", index)
    result = cli("bench", *scored, "--json", tmp_path / "b.json")
    assert result.code == 0, result.err
    baselines = json.loads((tmp_path / "b.json").read_text())["suites"][0]["baselines"]
    assert baselines[-1]["answerer"] == IndexBaseline.name


def test_nothing_is_run_without_bubblewrap(cli, humaneval, monkeypatch, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))
    result = cli("bench", "--suite", "humaneval", "--data", humaneval, "--score-only", "--out", tmp_path / "run")
    assert (result.code, result.out) == (1, "")
    assert "apt install bubblewrap" in result.err.splitlines()[-1]
    assert not (tmp_path / "run").exists()


def test_suites_are_listed_with_their_data(cli):
    lines = cli("bench", "--suite", "list").out.splitlines()
    assert [line.split()[0] for line in lines[:3]] == ["suite", "builtin", "humaneval"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--suite", "humanevil"], "suite 'humanevil' is not known"),
        (["--suite", "humaneval"], "suite humaneval needs its data: give it with --data"),
        (["--k", "1,x", "--suite", "none"], "--k 1,x: give numbers from 1 up"),
        (["--suite", "none", "--score-only"], "name one with --suite"),
        (["--resume", "--suite", "none", "--no-hardware"], "holds no run to go on with"),
        (["somewhere.gguf", "--score-only"], "leave one of the two out"),
        (["--neighbours", "4"], "--neighbours 4: give numbers from 0 to 3"),
        (["--neighbours", ""], "give numbers from 0 to 3"),
        (["--neighbours", "0,3", "--score-only"], "--score-only asks no model"),
        (["--index", "none.sqlite", "--score-only"], "none.sqlite is not there: make an index"),
    ],
)
def test_bad_input_is_refused_in_one_line(cli, arguments, said):
    result = cli("bench", *arguments)
    assert (result.code, result.out) == (1, "")
    *_, line = result.err.splitlines()
    assert line.startswith("hrm-edge: ")
    assert said in line


def test_two_runs_of_the_same_second_have_directories_of_their_own():
    first, second = (run_directory(None, resume=False) for _ in range(2))
    assert first < second
