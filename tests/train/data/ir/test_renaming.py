"""Renamed programs are the same programs: names change everywhere, results nowhere, and no two things share a name."""

import keyword
import random
import re
from typing import Any

import pytest
from rendered_programs import EXAMPLES, Example

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.reader import read_source
from hrm_edge.train.data.ir.renaming import rename
from hrm_edge.train.data.ir.synonyms import synonyms
from hrm_edge.train.data.renderers.python import PythonRenderer

PYTHON = PythonRenderer()

SOURCE = """
class Counter:
    def __init__(self, start: int) -> None:
        self.value = start

    def add(self, number: int) -> None:
        self.value += number


def double(number: int) -> int:
    return number * 2


def f(numbers: list[int], words: list[str]) -> int:
    counter = Counter(0)
    total, seen = 0, [double(number) for number in numbers]
    for number in sorted(seen, key=lambda item: -item):
        counter.add(number)
        total += number
    for place, word in enumerate(words):
        total += place * len(word)
    return total + counter.value
"""


def test_rename_reaches_every_kind_of_name() -> None:
    """Functions, classes, methods, fields, parameters, variables, patterns and keys of sorting."""
    old = ["Counter", "start", "value", "add", "number", "double", "f", "numbers", "words", "counter", "total", "seen"]
    old += ["item", "place", "word"]
    names = {name: f"new_{name}" for name in old}
    renamed = PYTHON.solution(rename(read_source(SOURCE, "f"), names))
    expected = PYTHON.solution(read_source(SOURCE, "f"))
    for name in sorted(old, key=len, reverse=True):
        expected = re.sub(rf"\b{name}\b", f"new_{name}", expected)
    assert renamed == expected


def test_rename_of_nothing_is_the_program() -> None:
    """An empty mapping and names that are not there change nothing."""
    program = read_source(SOURCE, "f")
    assert rename(program, {}) == program == rename(program, {"other": "another"})


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_synonyms_keep_results(example: Example) -> None:
    """Two drawings of names for every example: CPython gives what was worked out."""
    program = read_source(example.source, "f")
    for seed in range(2):
        renamed = PYTHON.solution(rename(program, synonyms(program, random.Random(seed))))
        names: dict[str, Any] = {}
        exec(renamed, names)
        assert [names["f"](*arguments) for arguments, _ in example.calls] == [result for _, result in example.calls]
        assert PYTHON.solution(read_source(renamed, "f")) == renamed


def test_synonyms_are_free_distinct_and_no_words_of_python() -> None:
    """What is drawn is new to the program, given once, and a name."""
    program = read_source(SOURCE, "f")
    drawn: set[str] = set()
    for seed in range(200):
        names = synonyms(program, random.Random(seed))
        assert len(set(names.values())) == len(names)
        assert not set(names.values()) & set(SOURCE.replace("(", " ").replace(":", " ").split())
        assert all(new.isidentifier() and not keyword.iskeyword(new) for new in names.values())
        drawn |= {f"{old} {new}" for old, new in names.items()}
    assert {"total acc", "numbers nums", "words tokens", "number num", "seen visited"} <= drawn
    assert not any(pair.startswith(("double ", "value ", "counter ", "start ")) for pair in drawn)


def test_synonyms_fit_all_uses_of_a_name() -> None:
    """A name of two types changes only to what both may be called."""
    helper = "def g(result: int) -> int:\n    return result\n\n\n"
    source = f"{helper}def f(n: int) -> str:\n    result = str(g(n))\n    return result"
    lists = source.replace("str(g(n))", "[g(n)]").replace("-> str", "-> list[int]")
    both = {synonyms(read_source(source, "f"), random.Random(seed)).get("result") for seed in range(60)}
    assert both == {None, "res", "answer", "outcome"}
    neither = {synonyms(read_source(lists, "f"), random.Random(seed)).get("result") for seed in range(60)}
    assert neither == {None}


def test_kept_names_stay() -> None:
    """Names in `keep` are neither changed nor given to something else."""
    program: ir.Program = read_source(SOURCE, "f")
    for seed in range(50):
        names = synonyms(program, random.Random(seed), keep=("numbers", "acc"))
        assert "numbers" not in names and "acc" not in names.values()


def test_synonyms_are_the_same_for_a_seed() -> None:
    """Nothing but the generator given decides."""
    program = read_source(SOURCE, "f")
    assert synonyms(program, random.Random(5)) == synonyms(program, random.Random(5))
