"""A problem of the curriculum: the same in six languages, described, with solutions and tests."""

from dataclasses import dataclass

from hrm_edge.train.data.curriculum.parts import Part
from hrm_edge.train.data.ir.nodes import Program
from hrm_edge.train.data.renderers.renderer import Case

SOURCE = "curriculum"
LICENCE = "Apache-2.0"
LANGUAGES = ("python", "javascript", "go", "rust", "cpp", "java")


@dataclass(frozen=True, kw_only=True)
class CurriculumProblem:
    """What every scenario starts from."""

    index: int
    """Draws the whole problem: the same index is the same problem, on any machine."""
    part: Part
    """The tree of atoms it is made of, for its words."""
    mentions: tuple[tuple[str, str], ...]
    """(parameter of the tree, name of it in the programs)."""
    programs: tuple[Program, ...]
    """Equivalent solutions, all with the same head; the first is the plainest."""
    cases: tuple[Case, ...]
    """Tests: what the interpreter returns, equal to the references of the atoms; edges first."""
    difficulty: float
    """0 to 1."""

    @property
    def program(self) -> Program:
        """The plainest solution."""
        return self.programs[0]

    @property
    def group(self) -> str:
        """Of every example about it: problems with the same atoms and constants are one group."""
        return f"{SOURCE}/{self.identity}"

    @property
    def identity(self) -> str:
        """What is computed, without names and values of tests: `sum_of_even(square_all)`."""
        return _identity(self.part)


def _identity(part: Part) -> str:
    inside = [f"{name}={value!r}" for name, value in part.constants.items()]
    inside += [f"{name}={_identity(slot)}" for name, slot in part.slots.items()]
    inside += [f"{part.source[0]}={_identity(part.source[1])}"] if part.source else []
    return f"{part.atom.name}({', '.join(inside)})" if inside else part.atom.name
