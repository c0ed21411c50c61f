"""Problems by number: programs, references and tests agree, on inputs that the drawing never saw too."""

import copy
import random
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hrm_edge.train.data.curriculum.drawing import draw
from hrm_edge.train.data.curriculum.parts import OutOfDomainError, evaluate
from hrm_edge.train.data.curriculum.problem import CurriculumProblem
from hrm_edge.train.data.ir.execution import Fault
from hrm_edge.train.data.ir.interpreter import Interpreter
from hrm_edge.train.data.renderers.python import PythonRenderer

PYTHON = PythonRenderer()


def function_of(source: str, name: str) -> Any:
    scope: dict[str, Any] = {}
    exec(compile(source, "solution", "exec"), scope)
    return scope[name]


def fresh_inputs(problem: CurriculumProblem, rng: random.Random, count: int) -> list[tuple[dict[str, Any], Any]]:
    """(values by parameter, what the references give), from the domains of the atoms."""
    domains = {name: owner.atom.inputs[name] for name, owner in problem.part.given.items()}
    found = []
    for _ in range(count):
        values = {name: domain.draw(rng) for name, domain in domains.items()}
        try:
            found.append((values, evaluate(problem.part, copy.deepcopy(values))))
        except OutOfDomainError:
            continue
    return found


@settings(max_examples=60)
@given(index=st.integers(0, 10**9))
def test_interpreter_cpython_and_references_agree_whatever_the_number(index: int) -> None:
    problem = draw(index)
    inputs = fresh_inputs(problem, random.Random(index), 12)
    assert len(problem.cases) >= 4
    for program in problem.programs:
        run = function_of(PYTHON.solution(program), PYTHON.name(program))
        interpret = Interpreter(program)
        for case in problem.cases:
            assert run(*copy.deepcopy(case.arguments)) == case.result == interpret(*case.arguments)
        for values, expected in inputs:
            try:
                got = interpret(*values.values())
            except Fault as fault:
                assert "steps" in str(fault) or "deep" in str(fault) or "2**53" in str(fault), fault
                continue
            assert got == expected == run(*copy.deepcopy(tuple(values.values()))), problem.identity
            assert type(got) is type(expected)


def test_every_atom_takes_its_turn() -> None:
    from hrm_edge.train.data.atoms.catalogue import load_catalogue
    from hrm_edge.train.data.curriculum.drawing import base_of

    count = len(load_catalogue())
    assert count >= 300
    assert {base_of(index).name for index in range(count)} == set(load_catalogue())


def test_a_number_is_the_same_problem_in_another_process() -> None:
    numbers = [5, 77, 12_345]
    script = f"""
from hrm_edge.train.data.curriculum.drawing import draw
for index in {numbers}:
    problem = draw(index)
    print(problem.identity, problem.mentions, problem.cases, problem.difficulty)
"""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


@pytest.mark.parametrize("index", range(0, 60, 7))
def test_problems_around_different_atoms_are_different(index: int) -> None:
    """What a shard relies on: the base of a problem is the only base that gives it."""
    from hrm_edge.train.data.curriculum.drawing import _belongs, base_of

    problem = draw(index)
    chain, part = [], problem.part
    while part is not None:
        chain.append(part.atom)
        part = part.source[1] if part.source else None  # type: ignore[assignment]
    assert [atom.name for atom in chain if _belongs(problem.part, atom)] == [base_of(index).name]
