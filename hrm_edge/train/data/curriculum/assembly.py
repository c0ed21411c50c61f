"""A tree of atoms as one program."""

import random
from collections.abc import Callable, Mapping, Set
from typing import Any

from hrm_edge.train.data.curriculum.composition import (
    chained,
    local_names,
    with_constants,
    with_local_names,
    with_slot,
)
from hrm_edge.train.data.curriculum.parts import Part, result_of
from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.reader import read_function
from hrm_edge.train.data.ir.renaming import rename
from hrm_edge.train.data.ir.types import Bool, Float, Int, List, Map, Str

_BETWEEN: Mapping[type, tuple[str, ...]] = {
    List: ("kept", "step", "middle", "values_so_far", "intermediate"),
    Str: ("piece", "changed", "intermediate"),
    Int: ("amount", "number_found", "intermediate"),
    Float: ("amount", "intermediate"),
    Bool: ("flag", "intermediate"),
    Map: ("table", "lookup", "intermediate"),
}


_OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "x": ("y", "z", "value", "entry"),
    "i": ("j", "k", "position", "place"),
    "j": ("k", "m", "other"),
    "c": ("letter", "symbol", "char_found"),
    "result": ("answer", "out", "collected", "made"),
    "out": ("answer", "result", "collected", "made"),
    "total": ("summed", "amount", "overall"),
    "count": ("tally", "hits", "seen_times"),
    "best": ("top", "record", "leader"),
    "value": ("item", "entry", "element"),
    "item": ("entry", "element", "value"),
    "number": ("value", "entry", "current"),
    "seen": ("known", "visited", "met"),
}


def assemble(
    part: Part, rng: random.Random, *, inline: bool, solution: Callable[[Part], Any] | None = None
) -> ir.Program:
    """The program of a tree, its entry named after its outermost atom.

    Args:
        part: the tree.
        rng: chooses the name of the value between two parts.
        inline: write parts one after another in one function where that can be done.
        solution: which of an atom's functions to take; its own where None.
    """
    function = solution(part) if solution else part.atom.function
    program = read_function(function)
    for name, bound in part.slots.items():
        made = assemble(bound, rng, inline=inline)
        program = with_slot(program, name, _apart(made, _function_names(program), program))
    program = with_constants(program, part.constants)
    if part.source is None:
        return rename(program, {program.entry.name: part.atom.name})
    parameter, source = part.source
    inner = assemble(source, rng, inline=inline, solution=solution)
    taken = {p.name for p in inner.entry.parameters}
    free = {p.name for p in program.entry.parameters} - {parameter}
    inner = _apart(inner, frozenset(free), program, keep=frozenset(taken))
    names = _entry_names(inner) | _function_names(inner)
    apart = _apart(program, names, inner, keep=frozenset(free), also={parameter: _UNUSED})
    kind = result_of(source.atom)
    wished = rng.sample(_BETWEEN.get(type(kind), ("intermediate",)), k=1)
    between = _fresh(wished[0], names | _entry_names(apart) | _function_names(apart))
    return chained(apart, _UNUSED, inner, between=between, inline=inline)


_UNUSED = "to be replaced"


def _apart(
    program: ir.Program,
    names: frozenset[str],
    other: ir.Program,
    *,
    keep: frozenset[str] = frozenset(),
    also: Mapping[str, str] | None = None,
) -> ir.Program:
    """The program with other names for what is called like something else: variables of its entry, and functions
    and classes that the other program does not have just so."""
    own, functions = _entry_names(program), _function_names(program)
    same = {function.name for function in program.functions if function in other.functions}
    same |= {kind.name for kind in program.classes if kind in other.classes}
    local = dict(also or {})
    for name in sorted((own & names) - keep - local.keys()):
        local[name] = _fresh(name, names | own | functions | set(local.values()))
    taken = names | own | functions | set(local.values())
    shared = {name: _fresh(name, taken) for name in sorted((functions & names) - same)}
    return rename(with_local_names(program, local), shared)


def _fresh(name: str, taken: Set[str]) -> str:
    for wished in (name, *_OTHER_NAMES.get(name, ())):
        if wished not in taken:
            return wished
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"


def _entry_names(program: ir.Program) -> frozenset[str]:
    return local_names(ir.Program((program.entry,)))


def _function_names(program: ir.Program) -> frozenset[str]:
    return frozenset((*(f.name for f in program.functions), *(kind.name for kind in program.classes)))


def called(program: ir.Program, entry: str, parameters: Mapping[str, str]) -> ir.Program | None:
    """The program with other names for its entry and for the entry's parameters; None where a name is in use for
    something else, or a variable has the name of a function."""
    new = {new for old, new in parameters.items() if old != new}
    if new & (_entry_names(program) | _function_names(program)) or entry in _function_names(program) - {
        program.entry.name
    }:
        return None
    made = rename(with_local_names(program, parameters), {program.entry.name: entry})
    names = [*(f.name for f in made.functions), *(kind.name for kind in made.classes)]
    return made if len(names) == len(set(names)) and not local_names(made) & set(names) else None
