"""The whole path on real data: files of samples in, pass@k out, with the real sandbox."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench_problems import PYTHON
from sandboxes import needs_bubblewrap

from hrm_edge.bench.eval_all import eval_all
from hrm_edge.bench.evaluation import score
from hrm_edge.bench.foreign_samples import read_sample_file
from hrm_edge.bench.samples import Form, Sample
from hrm_edge.bench.scores import SuiteScores
from hrm_edge.bench.scoring import suite_scores
from hrm_edge.bench.suites import load_suite
from hrm_edge.problems.problem import Problem
from hrm_edge.sandbox.open import Sandbox, open_sandbox

pytestmark = needs_bubblewrap


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox() as opened:
        yield opened


@pytest.fixture(scope="module")
def humaneval(data_directory: Path) -> list[Problem]:
    return load_suite("humaneval", data_directory / "humaneval" / "HumanEval.jsonl.gz")


def scored(problems: list[Problem], rows: list[dict[str, str]], sandbox: Sandbox, directory: Path) -> SuiteScores:
    path = directory / "samples.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    samples = read_sample_file(path, problems).samples
    found = score(problems, samples, answerer="file", sandbox=sandbox, toolchains=PYTHON, workers=2)
    return suite_scores(found, ks=(1, 2))


def test_humanevals_own_solutions_pass_and_its_stubs_fail(
    humaneval: list[Problem], sandbox: Sandbox, tmp_path: Path
) -> None:
    """Both as continuations, the form of HumanEval's example_samples.jsonl: the prompt is not repeated."""
    rows = [
        {"task_id": problem.id, "completion": completion}
        for problem in humaneval
        for completion in (problem.source["canonical_solution"], "    pass\n")
    ]
    scores = scored(humaneval, rows, sandbox, tmp_path)
    passed = scores.overall[2]
    assert (passed.value, passed.problems, passed.samples) == (1.0, 164, 328)
    assert scores.overall[1].value == pytest.approx(0.5)
    assert (scores.syntax_valid.value, scores.sandbox_errors) == (1.0, 0)


SHORT_SORT = """Swapping at most once:
```python
for _ in range(int(input())):
    cards = input().strip()
    print("YES" if sum(a != b for a, b in zip(cards, "abc")) in (0, 2) else "NO")
```"""


def test_livecodebench_responses_are_judged_by_its_rules(data_directory: Path, sandbox: Sandbox) -> None:
    """A right program passes in a fence and not without one; a file of extracted code needs none."""
    data = data_directory / "livecodebench" / "codegen_sample.jsonl"
    problems = [problem for problem in load_suite("livecodebench", data) if problem.id == "1873_A"]
    code = SHORT_SORT.split("```python\n")[1].removesuffix("```")
    texts: list[tuple[str, Form]] = [(SHORT_SORT, "response"), (code, "response"), (code, "solution")]
    samples = [Sample(task_id="1873_A", sample=index, text=text, form=form) for index, (text, form) in enumerate(texts)]
    by_key = {sample.key: sample for sample in samples}
    found = score(problems, by_key, answerer="file", sandbox=sandbox, toolchains=PYTHON, workers=1)
    row = eval_all(found)[0]
    assert row["graded_list"] == [True, False, True]
    assert [json.loads(text).get("error_code") for text in row["metadata"]] == [None, -2, None]
    assert suite_scores(found, ks=(1,)).total.by_month["2023-08"][1].value == pytest.approx(2 / 3)
