"""An atom by itself is what is asked for in its own words alone."""

from hrm_edge.train.data.curriculum.drawing import draw
from hrm_edge.train.data.curriculum.lone import lone_problems


def test_lone_problems_are_the_atoms_and_nothing_else():
    names = {"second_largest", "greatest_common_divisor", "balance_point"}
    problems = [draw(index) for index in lone_problems(*names)]
    assert {problem.group for problem in problems} == {f"curriculum/{name}" for name in names}
    assert all(len(problem.part.parts) == 1 for problem in problems)


def test_an_atom_that_needs_another_is_never_alone():
    assert lone_problems("count_those") == []
