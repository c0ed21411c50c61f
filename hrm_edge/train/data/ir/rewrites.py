"""The same program in other words: passes that keep what a function gives, and variants made of them.

A pass takes a function and returns it rewritten, or None where it finds nothing to do.
"""

import random
from dataclasses import replace

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir import rewrite_branches as branches
from hrm_edge.train.data.ir import rewrite_expressions as expressions
from hrm_edge.train.data.ir import rewrite_loops as loops
from hrm_edge.train.data.ir.lowering import lower_folds
from hrm_edge.train.data.ir.rewriting import Pass


def comprehensions_as_loops(function: ir.Function) -> ir.Function | None:
    """Every comprehension becomes a loop before its statement."""
    lowered = lower_folds(function)
    return lowered if lowered != function else None


REWRITES: tuple[Pass, ...] = (
    comprehensions_as_loops,
    loops.loops_as_comprehensions,
    loops.ranges_as_whiles,
    loops.whiles_as_ranges,
    loops.enumerates_as_indexes,
    loops.items_as_indexes,
    loops.indexes_as_items,
    branches.conditionals_as_ifs,
    branches.ifs_as_conditionals,
    branches.truths_as_branches,
    branches.branches_as_truths,
    branches.early_returns_as_else,
    branches.else_as_early_returns,
    branches.guards_as_continues,
    branches.continues_as_guards,
    branches.branches_swapped,
    branches.extremes_as_ifs,
    branches.ifs_as_extremes,
    expressions.augmented_as_plain,
    expressions.plain_as_augmented,
    expressions.comparisons_mirrored,
    expressions.operands_commuted,
    expressions.negations_inward,
    expressions.negations_outward,
    expressions.emptiness_as_length,
    expressions.length_as_emptiness,
    expressions.values_reordered,
    expressions.results_named,
    expressions.values_inlined,
)
_FURTHER = (0, 0, 1, 1, 2)
"""How many passes may follow the first."""
_TRIES = 6
"""Attempts for each variant that is wanted."""
_TRIED = 8
"""Passes tried for those that follow."""


def apply(rewrite: Pass, program: ir.Program) -> ir.Program | None:
    """The program with all functions and methods rewritten that can be; None where none can."""
    functions = tuple(rewrite(function) or function for function in program.functions)
    classes = tuple(
        replace(kind, methods=tuple(rewrite(method) or method for method in kind.methods)) for kind in program.classes
    )
    if functions == program.functions and classes == program.classes:
        return None
    return replace(program, functions=functions, classes=classes)


def variants(program: ir.Program, rng: random.Random, count: int) -> list[ir.Program]:
    """Up to `count` programs that give the same, all different from each other and from the program.

    Each is one to three passes away. There are fewer where the passes find too little to do.
    """
    first = [made for rewrite in REWRITES if (made := apply(rewrite, program)) is not None]
    found: list[ir.Program] = []
    for _ in range(_TRIES * count if first else 0):
        made = rng.choice(first)
        left = rng.choice(_FURTHER)
        for rewrite in rng.sample(REWRITES, _TRIED):
            changed = apply(rewrite, made) if left else None
            if changed is not None:
                made, left = changed, left - 1
        if made != program and made not in found:
            found.append(made)
        if len(found) == count:
            break
    return found
