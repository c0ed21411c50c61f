"""How hard a problem is, from what it is made of."""

from hrm_edge.train.data.curriculum.parts import Part
from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.traversal import every

_HARDEST_LEVEL = 5
_LARGEST_PROGRAM = 150
"""Nodes; longer programs are not harder for it."""
_DEEPEST = 3


def difficulty_of(part: Part, program: ir.Program) -> float:
    """0 (one step) to 1: half the hardest atom's level, the rest the program's size and the length of the chain."""
    level = max(other.atom.level for other in part.parts)
    size = min(len(every(program.functions)), _LARGEST_PROGRAM) / _LARGEST_PROGRAM
    depth = min(len(part.parts), _DEEPEST) / _DEEPEST
    return round(0.5 * (level - 1) / (_HARDEST_LEVEL - 1) + 0.35 * size + 0.15 * (depth - 1 / _DEEPEST) * 1.5, 3)
