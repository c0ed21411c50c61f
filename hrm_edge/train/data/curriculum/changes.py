"""Programs a small change away from a problem's solution: what edits start from or lead to."""

import random
from dataclasses import replace
from typing import Any

from hrm_edge.train.data.curriculum.assembly import assemble, called
from hrm_edge.train.data.curriculum.composition import local_names, with_local_names
from hrm_edge.train.data.curriculum.parts import evaluate
from hrm_edge.train.data.curriculum.problem import CurriculumProblem
from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.execution import Fault
from hrm_edge.train.data.ir.interpreter import observe
from hrm_edge.train.data.ir.traversal import every

_NEW_NAMES = (
    *("current", "entry", "outcome", "collected", "amount", "position", "known", "piece", "limit", "reading"),
    *("candidate", "partial", "running_value", "so_far", "answer_value", "next_value", "chosen", "mark"),
)


def one_renamed(program: ir.Program, rng: random.Random) -> tuple[str, str, ir.Program] | None:
    """(old name, new name, program) with one variable of the entry called otherwise; None where it has none."""
    own = sorted({node.name for node in every(program.entry.body) if isinstance(node, ir.Let)})
    taken = local_names(program) | {function.name for function in program.functions}
    free = [name for name in _NEW_NAMES if name not in taken]
    if not own or not free:
        return None
    old, new = rng.choice(own), rng.choice(free)
    return old, new, with_local_names(program, {old: new})


def first_step(problem: CurriculumProblem, rng: random.Random) -> tuple[ir.Program, tuple[Any, ...]] | None:
    """(program, what it gives for the problem's tests) of the chain without its last atom, where that takes the very
    same parameters."""
    part = problem.part
    if part.source is None or list(part.source[1].given) != list(part.given):
        return None
    inner = part.source[1]
    names = dict(problem.mentions)
    program = called(assemble(inner, rng, inline=True), problem.program.entry.name, names)
    if program is None:
        return None
    values = [dict(zip(inner.given, case.arguments, strict=True)) for case in problem.cases]
    try:
        facts = observe(program, [case.arguments for case in problem.cases])
    except Fault:
        return None
    return replace(program, facts=facts), tuple(evaluate(inner, value) for value in values)
