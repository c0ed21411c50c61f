"""Runs: what is generated and judged does not depend on workers, order, kills or what is judged twice."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bench_problems import EDITED, PYTHON, WRONG, ScriptedAnswerer, by_seed, power_problem, right
from sandboxes import needs_bubblewrap

from hrm_edge.bench.completions import sample_seed
from hrm_edge.bench.evaluation import Evaluation, evaluate, score
from hrm_edge.bench.foreign_samples import read_sample_file
from hrm_edge.bench.judging import default_workers
from hrm_edge.bench.run_directory import problems_sha256
from hrm_edge.bench.run_loop import Progress
from hrm_edge.bench.samples import Sample
from hrm_edge.errors import DataError, SandboxError
from hrm_edge.problems.problem import Problem
from hrm_edge.sandbox.job import Job, Raw
from hrm_edge.sandbox.open import Sandbox, open_sandbox
from hrm_edge.sandbox.session import Session
from hrm_edge.sandbox.verdict import Outcome

PROBLEMS = [power_problem(power) for power in range(1, 5)]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox() as opened:
        yield opened


def run(problems: list[Problem], answerer: ScriptedAnswerer, sandbox: Any, **options: Any) -> Evaluation:
    given = {"samples": 3, "toolchains": PYTHON, "workers": 2, "seed": 0, **options}
    return evaluate(problems, answerer, sandbox=sandbox, **given)


def outcomes(evaluation: Evaluation) -> dict[tuple[str, int, int], Outcome]:
    return {judged.sample.key: judged.verdict.outcome for judged in evaluation.judged}


def rows(path: Path) -> list[dict[str, Any]]:
    """Lines without what depends on the machine's speed."""
    measured = ("cpu_s", "wall_s", "peak_bytes")
    return [
        {name: value for name, value in json.loads(line).items() if name not in measured}
        for line in path.read_text().splitlines()
    ]


@needs_bubblewrap
class TestJudged:
    """With the real sandbox and the real judges."""

    def test_right_answers_pass_wrong_ones_fail_and_broken_ones_are_errors(self, sandbox: Sandbox) -> None:
        scripts = {"powers/1": right(PROBLEMS[0]), "powers/2": WRONG, "powers/3": "```python\n(\n```", "powers/4": ""}
        found = run(PROBLEMS, ScriptedAnswerer(lambda problem, *_: scripts[problem.id]), sandbox, samples=1)
        by_problem = {key[0]: outcome for key, outcome in outcomes(found).items()}
        assert by_problem.pop("powers/1") is Outcome.PASSED
        assert Outcome.PASSED not in by_problem.values()
        assert found.sandbox_errors == 0

    def test_the_same_seed_gives_the_same_samples_and_verdicts_whatever_the_workers(
        self, sandbox: Sandbox, tmp_path: Path
    ) -> None:
        for workers in (1, 3):
            run(PROBLEMS, ScriptedAnswerer(by_seed), sandbox, workers=workers, directory=tmp_path / str(workers))
        one, three = tmp_path / "1", tmp_path / "3"
        assert (one / "samples.jsonl").read_bytes() == (three / "samples.jsonl").read_bytes()
        assert rows(one / "verdicts.jsonl") == rows(three / "verdicts.jsonl")

    def test_another_seed_gives_other_samples(self, sandbox: Sandbox) -> None:
        first, second = (run(PROBLEMS, ScriptedAnswerer(by_seed), sandbox, seed=seed) for seed in (0, 1))
        assert [one.sample.text for one in first.judged] != [one.sample.text for one in second.judged]

    def test_equal_answers_to_a_problem_are_judged_once(self, sandbox: Sandbox) -> None:
        counted = CountingSandbox(sandbox)
        found = run(PROBLEMS[:2], ScriptedAnswerer(lambda problem, *_: right(problem)), counted, samples=10)
        assert Counter(outcomes(found).values()) == {Outcome.PASSED: 20}
        assert counted.runs == 2

    def test_samples_are_scored_without_a_model_and_get_the_same_verdicts(
        self, sandbox: Sandbox, tmp_path: Path
    ) -> None:
        made = run(PROBLEMS, ScriptedAnswerer(by_seed), sandbox, directory=tmp_path)
        read = read_sample_file(tmp_path / "samples.jsonl", PROBLEMS)
        scored = score(PROBLEMS, read.samples, answerer="file", sandbox=sandbox, toolchains=PYTHON, workers=2)
        assert outcomes(scored) == outcomes(made)

    def test_a_language_without_its_toolchain_is_unscored_and_judged_when_it_is_there(
        self, sandbox: Sandbox, tmp_path: Path
    ) -> None:
        answerer = ScriptedAnswerer(lambda problem, *_: right(problem))
        found = run(PROBLEMS, answerer, sandbox, toolchains={}, directory=tmp_path)
        assert set(outcomes(found).values()) == {Outcome.UNSCORED}
        assert "apt install python3" in found.judged[0].verdict.message
        asked = len(answerer.requests)
        again = run(PROBLEMS, answerer, sandbox, directory=tmp_path, resume=True)
        assert set(outcomes(again).values()) == {Outcome.PASSED}
        assert len(answerer.requests) == asked  # the samples were there

    def test_what_a_program_says_is_kept_within_bounds(self, sandbox: Sandbox) -> None:
        """A run keeps thousands of verdicts in memory and on the disk."""
        loud = "```python\ndef f1(x):\n    raise ValueError('x' * 10**6)\n```"
        found = run(PROBLEMS[:1], ScriptedAnswerer(lambda *_: loud), sandbox, samples=1)
        verdict = found.judged[0].verdict
        assert verdict.outcome is not Outcome.PASSED
        assert verdict.failure is not None
        assert max(map(len, (verdict.message, verdict.failure.error, verdict.failure.input))) < 4100

    def test_progress_counts_every_sample_once(self, sandbox: Sandbox) -> None:
        seen: list[Progress] = []
        run(PROBLEMS, ScriptedAnswerer(lambda problem, *_: right(problem)), sandbox, on_progress=seen.append)
        assert [progress.done for progress in seen] == list(range(1, 13))
        assert seen[-1] == Progress(done=12, total=12, passed=12)

    def test_a_problem_that_asks_nothing_keeps_its_reference(self, sandbox: Sandbox) -> None:
        """Self-repair keeps programs that passed."""
        kept = replace(PROBLEMS[0], request="", reference="def f1(x):\n    return x")
        answerer = ScriptedAnswerer(by_seed)
        found = run([kept], answerer, sandbox, samples=1)
        assert (answerer.requests, set(outcomes(found).values())) == ([], {Outcome.PASSED})


class CountingSandbox:
    """Counts the programs that a sandbox runs."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.backend = sandbox.backend
        self.runs = 0
        self._sandbox = sandbox
        self._lock = threading.Lock()

    def session(self) -> Session:
        return _Counted(self, self._sandbox.session())

    def count(self) -> None:
        with self._lock:
            self.runs += 1


class _Counted(Session):
    def __init__(self, counter: CountingSandbox, session: Session) -> None:
        self._counter, self._session = counter, session

    def run(self, job: Job) -> Raw:
        self._counter.count()
        return self._session.run(job)

    def close(self) -> None:
        self._session.close()


class _Broken(Session):
    """An isolation that fails every time."""

    def run(self, job: Job) -> Raw:  # noqa: ARG002 - the interface's
        return Raw(sandbox_error="the zygote is gone")

    def close(self) -> None:
        pass


class BrokenSandbox:
    backend = "broken"

    def session(self) -> Session:
        return _Broken()


class NoSandbox:
    backend = "none"

    def session(self) -> Session:
        raise SandboxError("no isolation: apt install bubblewrap")


class TestWithoutIsolation:
    """Nothing passes by default."""

    def test_a_failing_sandbox_is_counted_never_passed_and_judged_again_on_resume(self, tmp_path: Path) -> None:
        answerer = ScriptedAnswerer(lambda problem, *_: right(problem))
        found = run(PROBLEMS, answerer, BrokenSandbox(), directory=tmp_path)
        assert set(outcomes(found).values()) == {Outcome.SANDBOX_ERROR}
        assert found.sandbox_errors == 12
        again = run(PROBLEMS, answerer, BrokenSandbox(), directory=tmp_path, resume=True)
        assert again.sandbox_errors == 12
        assert len(rows(tmp_path / "verdicts.jsonl")) == 12

    def test_a_worker_that_gets_no_sandbox_ends_the_run(self) -> None:
        with pytest.raises(SandboxError, match="apt install bubblewrap"):
            run(PROBLEMS, ScriptedAnswerer(by_seed), NoSandbox())


KILLED_RUN = """
import os, signal, sys
from pathlib import Path
from bench_problems import PYTHON, ScriptedAnswerer, by_seed, power_problem
from hrm_edge.bench.evaluation import evaluate
from hrm_edge.sandbox.open import open_sandbox

directory, most, number = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
answered = 0

def script(problem, request, seed):
    global answered
    answered += 1
    if answered > most:
        os.kill(os.getpid(), number)
    return by_seed(problem, request, seed)

with open_sandbox() as sandbox:
    evaluate([power_problem(power) for power in range(1, 5)], ScriptedAnswerer(script), samples=3, sandbox=sandbox,
             toolchains=PYTHON, workers=2, seed=0, directory=directory, resume=True)
"""


def killed(directory: Path, *, after: int, number: signal.Signals) -> int:
    """The exit code of a run that is sent a signal before it answers once more than `after`."""
    return subprocess.run(
        [sys.executable, "-c", KILLED_RUN, str(directory), str(after), str(int(number))],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        stderr=subprocess.DEVNULL,
        check=False,
    ).returncode


@needs_bubblewrap
class TestResumed:
    """A run goes on where it was killed."""

    def test_a_run_killed_again_and_again_leaves_the_files_of_an_undisturbed_one(
        self, sandbox: Sandbox, tmp_path: Path
    ) -> None:
        for _ in range(3):
            assert killed(tmp_path / "killed", after=4, number=signal.SIGKILL) in (-signal.SIGKILL, 0)
        answerer = ScriptedAnswerer(by_seed)
        resumed = run(PROBLEMS, answerer, sandbox, directory=tmp_path / "killed", resume=True)
        assert answerer.requests == []  # three times four answers were all there
        undisturbed = run(PROBLEMS, ScriptedAnswerer(by_seed), sandbox, directory=tmp_path / "whole")
        assert outcomes(resumed) == outcomes(undisturbed)
        for name in ("manifest.json", "samples.jsonl"):
            assert (tmp_path / "killed" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
        assert rows(tmp_path / "killed" / "verdicts.jsonl") == rows(tmp_path / "whole" / "verdicts.jsonl")

    def test_an_interrupted_run_leaves_whole_lines(self, tmp_path: Path) -> None:
        assert killed(tmp_path, after=5, number=signal.SIGINT) != 0
        for name in ("samples.jsonl", "verdicts.jsonl"):
            content = (tmp_path / name).read_bytes()
            assert content == b"" or content.endswith(b"\n")
        assert len(rows(tmp_path / "samples.jsonl")) == 5

    def test_a_torn_line_is_made_again_and_reported(self, sandbox: Sandbox, tmp_path: Path) -> None:
        whole = run(PROBLEMS, ScriptedAnswerer(by_seed), sandbox, directory=tmp_path)
        samples, verdicts = (tmp_path / name for name in ("samples.jsonl", "verdicts.jsonl"))
        complete = samples.read_bytes()
        samples.write_bytes(complete[:-9])
        verdicts.write_bytes(verdicts.read_bytes()[:-9])
        answerer = ScriptedAnswerer(by_seed)
        again = run(PROBLEMS, answerer, sandbox, directory=tmp_path, resume=True)
        assert len(answerer.requests) == 1
        assert samples.read_bytes() == complete
        assert outcomes(again) == outcomes(whole)
        assert again.notices == tuple(
            f"the last line of {name} was not whole: it is made again" for name in ("samples.jsonl", "verdicts.jsonl")
        )

    def test_scoring_a_file_is_resumed_too(self, sandbox: Sandbox, tmp_path: Path) -> None:
        samples = {(p.id, 0, 1): Sample(task_id=p.id, sample=0, text=right(p)) for p in PROBLEMS}
        given: dict[str, Any] = {"answerer": "file", "sandbox": sandbox, "toolchains": PYTHON, "workers": 1}
        first = score(PROBLEMS, samples, directory=tmp_path, **given)
        (tmp_path / "verdicts.jsonl").write_bytes((tmp_path / "verdicts.jsonl").read_bytes()[:-3])
        again = score(PROBLEMS, samples, directory=tmp_path, resume=True, **given)
        assert outcomes(again) == outcomes(first)
        other = {key: replace(sample, text=WRONG) for key, sample in samples.items()}
        with pytest.raises(DataError, match="was run with samples_sha256"):
            score(PROBLEMS, other, directory=tmp_path, resume=True, **given)


class TestManifest:
    """A run is only gone on with by the same run."""

    @pytest.mark.parametrize(
        ("changed", "name"),
        [
            ({"seed": 1}, "seed 0 and this is 1"),
            ({"samples": 4}, "samples 3 and this is 4"),
            ({"settings": {"model_sha256": "b"}}, "model_sha256 'a' and this is 'b'"),
            ({"problems": PROBLEMS[:3]}, "problems 4 and this is 3"),
            ({"problems": [*PROBLEMS[:3], replace(PROBLEMS[3], request="?")]}, "problems_sha256"),
            ({"answerer": ScriptedAnswerer(by_seed, "other")}, "answerer 'script' and this is 'other'"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_another_run_is_refused_with_what_differs(self, changed: dict[str, Any], name: str, tmp_path: Path) -> None:
        given: dict[str, Any] = {"problems": PROBLEMS, "answerer": ScriptedAnswerer(by_seed), "samples": 3, "seed": 0}
        given |= {"settings": {"model_sha256": "a"}, "toolchains": {}, "workers": 1, "sandbox": BrokenSandbox()}
        evaluate(directory=tmp_path, **given)
        with pytest.raises(DataError, match=f"was run with {name}"):
            evaluate(directory=tmp_path, resume=True, **given | changed)

    def test_a_run_is_never_overwritten(self, tmp_path: Path) -> None:
        run(PROBLEMS, ScriptedAnswerer(by_seed), BrokenSandbox(), directory=tmp_path)
        with pytest.raises(DataError, match="holds a run already: go on with it by --resume"):
            run(PROBLEMS, ScriptedAnswerer(by_seed), BrokenSandbox(), directory=tmp_path)

    def test_problems_of_two_suites_or_with_one_id_are_no_run(self) -> None:
        with pytest.raises(DataError, match="of 2: edits, powers"):
            run([PROBLEMS[0], EDITED], ScriptedAnswerer(by_seed), BrokenSandbox())
        with pytest.raises(DataError, match="1 problems of powers have the id of another one"):
            run([PROBLEMS[0], PROBLEMS[0]], ScriptedAnswerer(by_seed), BrokenSandbox())

    def test_the_hash_of_problems_is_the_same_in_every_process(self) -> None:
        """Sets have another order in every process: strings hash differently."""
        code = (
            "from bench_problems import power_problem; from dataclasses import replace; "
            "from hrm_edge.problems.problem import Calls; from hrm_edge.bench.run_directory import problems_sha256; "
            "check = Calls(function='f', arguments=((1,),), expected=({'a', 'b', 'c', 'd'},)); "
            "print(problems_sha256([replace(power_problem(1), check=check)]))"
        )
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        hashes = {
            subprocess.check_output([sys.executable, "-c", code], env={**environment, "PYTHONHASHSEED": seed})
            for seed in ("1", "2")
        }
        assert len(hashes) == 1
        assert problems_sha256(PROBLEMS) != problems_sha256(PROBLEMS[::-1])


@needs_bubblewrap
class TestSecondTry:
    """An exercise goes back to the model once, with what its tests printed."""

    WRONG_FILE = "leap.py\n```\ndef leap(year):\n    return year % 4 == 0\n```"
    RIGHT_FILE = "leap.py\n```\ndef leap(year):\n    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)\n```"

    def answers(self, first: str, second: str) -> ScriptedAnswerer:
        return ScriptedAnswerer(lambda problem, request, _: first if request == problem.request else second)

    def test_the_second_request_shows_the_failure_and_the_file_as_it_is(self, sandbox: Sandbox) -> None:
        answerer = self.answers(self.WRONG_FILE, self.RIGHT_FILE)
        found = run([EDITED], answerer, sandbox, samples=1)
        assert outcomes(found) == {("python/leap", 0, 1): Outcome.FAILED, ("python/leap", 0, 2): Outcome.PASSED}
        second = answerer.requests[1][1]
        assert "return year % 4 == 0\n" in second
        assert "test_century_is_no_leap_year" in second
        assert EDITED.source["instructions"] in second

    def test_the_second_request_is_the_same_in_every_run(self, sandbox: Sandbox) -> None:
        """Test frameworks print how long they took, which would draw another answer from the same seed."""
        runs = [self.answers(self.WRONG_FILE, self.RIGHT_FILE) for _ in range(2)]
        for answerer in runs:
            run([EDITED], answerer, sandbox, samples=2, workers=1)
        assert runs[0].requests == runs[1].requests

    def test_edits_that_cannot_be_made_are_told(self, sandbox: Sandbox) -> None:
        answerer = self.answers("I would not know how.", self.RIGHT_FILE)
        run([EDITED], answerer, sandbox, samples=1)
        assert "the answer holds no file" in answerer.requests[1][1]

    def test_an_exercise_that_passes_is_not_tried_again(self, sandbox: Sandbox) -> None:
        answerer = self.answers(self.RIGHT_FILE, self.WRONG_FILE)
        run([EDITED], answerer, sandbox, samples=1)
        assert len(answerer.requests) == 1

    def test_a_killed_second_try_is_resumed_with_the_same_request(self, sandbox: Sandbox, tmp_path: Path) -> None:
        whole = self.answers(self.WRONG_FILE, self.RIGHT_FILE)
        run([EDITED], whole, sandbox, samples=1, directory=tmp_path)
        for name in ("samples.jsonl", "verdicts.jsonl"):
            first_line = (tmp_path / name).read_bytes().partition(b"\n")[0]
            (tmp_path / name).write_bytes(first_line + b"\n")
        resumed = self.answers(self.WRONG_FILE, self.RIGHT_FILE)
        run([EDITED], resumed, sandbox, samples=1, directory=tmp_path, resume=True)
        assert resumed.requests == whole.requests[1:]


def test_seeds_differ_by_problem_sample_and_try_and_fit_every_reader_of_json() -> None:
    seeds = {
        sample_seed(seed, problem, sample, attempt)
        for seed in (0, 1)
        for problem in ("a", "b", "a/1")
        for sample in range(50)
        for attempt in (1, 2)
    }
    assert len(seeds) == 2 * 3 * 50 * 2
    assert all(0 <= seed < 2**53 for seed in seeds)


@pytest.mark.parametrize(
    ("cores", "model_threads", "generates", "workers"),
    [(2, None, True, 1), (8, None, True, 4), (8, 2, True, 6), (8, 8, True, 4), (1, None, True, 1), (8, None, False, 8)],
)
def test_workers_take_the_cores_that_the_model_leaves(
    cores: int, model_threads: int | None, generates: bool, workers: int
) -> None:
    assert default_workers(cores, model_threads=model_threads, generates=generates) == workers
