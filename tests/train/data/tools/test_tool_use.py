"""Tool use: every scenario reaches its goal, only by its commands, the same way every time, and shows no machine."""

import os
import random
import re
from collections import Counter
from pathlib import Path

import pytest

from hrm_edge.errors import DataError
from hrm_edge.train.data.example import Task
from hrm_edge.train.data.sources.rows import RowReport
from hrm_edge.train.data.tools import source as source_module
from hrm_edge.train.data.tools.catalogue import SCENARIOS
from hrm_edge.train.data.tools.draw import Draw
from hrm_edge.train.data.tools.making import examples
from hrm_edge.train.data.tools.runner import Runner
from hrm_edge.train.data.tools.scenario import Plan, Scenario, Step, prints, shows
from hrm_edge.train.data.tools.source import ToolUse, run

LIGHT = [scenario for scenario in SCENARIOS if scenario.most is None]
HEAVY = [scenario for scenario in SCENARIOS if scenario.most is not None]
SEED = 11
MACHINE = re.compile(
    r"/tmp/(?!ccXk3v9Q)|/root\b|/work\b|hrm-edge|/home/(?!dev\b)|0x(?!00007f2b8c1a4740)[0-9a-f]{6,}"
    r"|20(?!24-0[135])\d\d-\d\d-\d\d[ T]|\b20(?:2[5-9]|[3-9]\d)\b"
)
"""Paths of a machine, addresses, and days other than the fixed one."""


def plan_of(scenario, variant=0):
    return scenario.plan(Draw(random.Random(f"{SEED} tool-use {scenario.name} {variant}")))


@pytest.fixture(scope="module")
def runner():
    with Runner() as opened:
        yield opened


@pytest.fixture(scope="module")
def missing(runner):
    return set(runner.missing(program for scenario in SCENARIOS for program in scenario.needs))


@pytest.fixture(scope="module")
def sessions(runner, missing):
    """Of every second scenario: its first variant's run, or the error; not of those that need what is not here."""
    found = {}
    for scenario in LIGHT[::2]:
        if not missing & set(scenario.needs):
            try:
                found[scenario.name] = run(runner, scenario, SEED, 0)
            except DataError as error:
                found[scenario.name] = str(error)
    return found


def test_catalogue_covers_every_area():
    count = Counter(scenario.area for scenario in SCENARIOS)
    assert count["git"] >= 35
    assert count["files"] + count["text"] >= 20
    assert (count["build"] >= 10, count["python"] >= 8, count["debug"] >= 6) == (True, True, True)


@pytest.mark.slow
def test_every_light_scenario_runs_and_proves_its_goal(sessions):
    assert len(sessions) > 60
    assert {name: error for name, error in sessions.items() if isinstance(error, str)} == {}


@pytest.mark.slow
@pytest.mark.parametrize("scenario", HEAVY[::4], ids=lambda scenario: scenario.name)
def test_heavy_scenario_runs_and_proves_its_goal(runner, missing, scenario):
    """Toolchains that take seconds: about 30 s together."""
    if lacking := missing & set(scenario.needs):
        pytest.skip(f"no {', '.join(sorted(lacking))} on this machine")
    assert run(runner, scenario, SEED, 0).whole.check.code == 0


@pytest.mark.slow
def test_goal_is_not_reached_without_the_commands(runner, sessions):
    """Nothing done, nothing proven: the check of a task that changes something fails on the untouched directory."""
    reached = []
    for scenario in LIGHT[::3]:
        plan = plan_of(scenario)
        ends_as_it_began = scenario.name.endswith("-abort")
        asks = plan.answer or plan.check == plan.steps[-1].command
        if scenario.name in sessions and not ends_as_it_began and not asks:
            try:
                runner.record(plan, [])
                reached.append(scenario.name)
            except (DataError, IndexError):  # the proof of some looks at the last step's output
                continue
    assert reached == []


@pytest.mark.slow
def test_attempts_that_fail_fail_with_a_message(sessions):
    failing = [
        ran
        for session in sessions.values()
        for step, ran in zip(session.plan.steps, session.whole.steps, strict=True)
        if step.fails
    ]
    assert len(failing) > len(sessions) / 3  # what is missing on a machine takes its scenarios with it
    assert all(ran.code != 0 for ran in failing)
    assert sum(bool(ran.output) for ran in failing) > 0.9 * len(failing)


@pytest.mark.slow
def test_examples_show_nothing_of_this_machine(sessions):
    home = str(Path.cwd())
    for session in sessions.values():
        for example in examples(session, "tool-use", random.Random(1)):
            text = example.request + example.response
            assert not MACHINE.search(text), (session.group, MACHINE.search(text), text)
            assert home not in text
            assert os.uname().nodename not in text


@pytest.mark.slow
def test_same_seed_gives_the_same_runs_in_another_sandbox(sessions):
    """Hashes of commits, messages and states, in a sandbox of its own."""
    with Runner() as other:
        for scenario in LIGHT[::12]:
            if scenario.name in sessions:
                again = run(other, scenario, SEED, 0)
                assert (again.whole, again.direct) == (sessions[scenario.name].whole, sessions[scenario.name].direct)


def test_source_gives_fenced_examples_of_one_group_per_variant():
    report = RowReport()
    kind = ToolUse(variants=2, areas=("text",))
    found = list(kind.examples([], seed=SEED, report=report))
    assert found == list(kind.examples([], seed=SEED, report=RowReport()))
    assert len(found) > 100
    assert len({(example.request, example.response) for example in found}) == len(found)
    assert {example.licence for example in found} == {"Apache-2.0"}
    assert {example.task for example in found} == {Task.SHELL, Task.TOOL_USE}
    assert all(example.executed and re.fullmatch(r"tool-use/text-[a-z-]+/[01]", example.group) for example in found)
    assert all(example.response.startswith("```bash\n") for example in found if example.language == "bash")


def test_missing_program_is_counted(monkeypatch, runner):
    assert runner.missing(["cat", "no-such-program"]) == ["no-such-program"]
    impossible = Scenario(name="git-impossible", area="git", needs=("no-such-program",), plan=plan_of)
    monkeypatch.setattr(source_module, "SCENARIOS", (impossible,))
    monkeypatch.setattr(source_module, "_USABLE", {})
    report = RowReport()
    assert list(ToolUse(variants=3).examples([], seed=1, report=report)) == []
    assert dict(report.left_out) == {("tool-use", "no-such-program cannot be used on this machine"): 3}


def test_area_that_is_not_known_is_an_error():
    with pytest.raises(DataError, match="no area 'svn': choose of build, debug, files, git, python, text"):
        list(ToolUse(areas=("svn",)).examples([], seed=1, report=RowReport()))


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (Plan(goals=("g",), steps=(Step(command="true", fails=True),), check="true", proof=prints("")), "ended with 0"),
        (Plan(goals=("g",), steps=(Step(command="false"),), check="true", proof=prints("")), "ended with 1"),
        (Plan(goals=("g",), steps=(Step(command="echo a", says="b"),), check="true", proof=prints("")), "'a'"),
        (Plan(goals=("g",), steps=(), check="echo a", proof=shows("a", "b")), "does not prove the goal: 'a'"),
        (Plan(goals=("g",), setup="false", steps=(), check="true", proof=prints("")), "the setup of 'g' failed"),
    ],
)
def test_run_that_goes_otherwise_is_one_clear_error(runner, plan, message):
    with pytest.raises(DataError, match=message):
        runner.record(plan, plan.steps)


def test_run_is_a_terminal_in_an_empty_home(runner):
    """cd and variables last; paths are those of a fixed home; values that only the state shows are filled in."""
    plan = Plan(
        goals=("g",),
        files={"a/b.txt": "one\n"},
        setup="cd a",
        reads={"word": "cat b.txt"},
        steps=(
            Step(command="pwd", says="/home/dev/a"),
            Step(command="x=@word@; cd .."),
            Step(command="nothing-like-this", fails=True, says="bash: nothing-like-this: command not found"),
            Step(command="printf 'half\\rwhole\\n'"),
        ),
        look="ls",
        check="echo $x; pwd; ls -A",
        proof=prints("one\n/home/dev\na"),
    )
    record = runner.record(plan, plan.steps)
    assert record.steps[1].command == "x=one; cd .."
    assert [ran.before for ran in record.steps] == ["b.txt", "b.txt", "a", "a"]
    assert record.steps[3].output == "whole"
    assert "bash: line" not in record.steps[2].output
