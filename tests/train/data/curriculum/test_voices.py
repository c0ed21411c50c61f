"""What is told about a problem is true: examples in the text are read back and run through the references."""

import ast
import random
import re
from collections import defaultdict

import pytest

from hrm_edge.train.data.curriculum.drawing import draw
from hrm_edge.train.data.curriculum.parts import Part, evaluate, noun
from hrm_edge.train.data.curriculum.problem import CurriculumProblem
from hrm_edge.train.data.curriculum.telling import Telling
from hrm_edge.train.data.curriculum.voices import VOICES
from hrm_edge.train.data.renderers.python import PythonRenderer
from hrm_edge.train.data.renderers.renderer import reads_lines

PYTHON = PythonRenderer()
PROBLEMS = [draw(index) for index in range(3000, 3150)]


def told(problem: CurriculumProblem, voice: str, seed: int) -> tuple[str, Telling]:
    telling = Telling(problem, PYTHON, random.Random(seed))
    return VOICES[voice](telling), telling


def reference(problem: CurriculumProblem, arguments: list[object]) -> object:
    return evaluate(problem.part, dict(zip(problem.part.given, arguments, strict=True)))


@pytest.mark.parametrize("voice", [name for name in VOICES if name != "contest"])
def test_examples_in_the_text_are_what_the_references_give(voice: str) -> None:
    found = 0
    for seed, problem in enumerate(PROBLEMS):
        text, telling = told(problem, voice, seed)
        text = text.replace("\\\\", "\\")  # a docstring's backslashes
        name = re.escape(telling.name)
        for line in re.findall(rf"{name}\(.*", text):
            for form in (" == ", " returns ", " → ", " gives "):
                call, separator, value = line.partition(form)
                if not separator or not call.endswith(")"):
                    continue
                arguments = [ast.literal_eval(node) for node in ast.parse(call, mode="eval").body.args]  # type: ignore[attr-defined]
                value = re.split(r"(?<=[\])}\"'\w])(?:\)|\.| and )(?=$| )|, " + name, value)[0].rstrip(".")
                try:
                    expected = ast.literal_eval(value.rstrip(")") if value.count("(") < value.count(")") else value)
                except SyntaxError:
                    continue
                assert reference(problem, arguments) == expected, line
                found += 1
    if voice != "terse":
        assert found > 30


def test_contest_samples_are_what_the_references_give() -> None:
    found = 0
    for seed, problem in enumerate(PROBLEMS):
        if not reads_lines(problem.program):
            continue
        _, telling = told(problem, "contest", seed)
        for case in telling.shown:
            assert reference(problem, list(case.arguments)) == case.result
            found += 1
    assert found > 20


@pytest.mark.parametrize("voice", list(VOICES))
def test_a_text_names_the_language_and_every_parameter(voice: str) -> None:
    for seed, problem in enumerate(PROBLEMS):
        if voice == "contest" and not reads_lines(problem.program):
            continue
        text, _ = told(problem, voice, seed)
        assert "Python" in text or "```python" in text
        for parameter in problem.program.entry.parameters:
            assert re.search(rf"\b{parameter.name}\b", text), (text, parameter.name)


def test_one_phrase_never_stands_for_two_things() -> None:
    """No two problems with one text: a phrase, with its parameters called the same, belongs to one tree."""
    trees: dict[str, set[str]] = defaultdict(set)
    for index in range(700):
        problem = draw(index)
        mentions = {name: f"`{name}`" for name in problem.part.given}
        for seed in range(4):
            trees[noun(problem.part, mentions, random.Random(seed))].add(problem.identity)
    clashes = {phrase: names for phrase, names in trees.items() if len(names) > 1}
    assert not clashes, clashes


def test_no_placeholder_is_left() -> None:
    for seed, problem in enumerate(PROBLEMS):
        assert not re.search(r"\{\w+(?::[^}]*)?\}", noun(problem.part, dict(problem.mentions), random.Random(seed)))


def test_claims_of_a_single_atom_are_told_with_its_parameters() -> None:
    told_claims = 0
    for problem in PROBLEMS:
        claim = Telling(problem, PYTHON, random.Random(1)).claims()
        told_claims += bool(claim)
        assert "{" not in claim
    assert told_claims > 10


def test_a_chain_is_told_with_every_part() -> None:
    problem = next(problem for problem in PROBLEMS if isinstance(problem.part.source, tuple))
    assert isinstance(problem.part, Part)
    first, phrase = Telling(problem, PYTHON, random.Random(0)).result()
    assert first.startswith("Let A be") or len(phrase) > 0
