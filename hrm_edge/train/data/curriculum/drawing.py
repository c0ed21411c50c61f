"""Problem number i: a tree of atoms, its solutions, its tests. Every number is a problem, and always the same one.

The atoms take turns as the base of a problem, so that all are taught equally; about half of the problems put one or
two more atoms before or behind it. A tree is kept only if values flow through it (every part takes what the one
before gives), its results differ, and no part is idle; else another is drawn for the same number.
"""

import hashlib
import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from hrm_edge.train.data.atoms.atom import Atom
from hrm_edge.train.data.atoms.catalogue import load_catalogue
from hrm_edge.train.data.curriculum.assembly import assemble, called
from hrm_edge.train.data.curriculum.difficulty import difficulty_of
from hrm_edge.train.data.curriculum.faults import has_negative_zero
from hrm_edge.train.data.curriculum.naming import entry_name, parameter_names
from hrm_edge.train.data.curriculum.parts import OutOfDomainError, Part, evaluate, result_of, slots_of
from hrm_edge.train.data.curriculum.problem import CurriculumProblem
from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.execution import Fault
from hrm_edge.train.data.ir.interpreter import Interpreter, observe
from hrm_edge.train.data.ir.types import BOOL, FLOAT, INT, STR, List, Optional, Type
from hrm_edge.train.data.renderers.renderer import Case

VERSION = 1
"""Part of every seed: raised when a change of the catalogue or of this file changes what is drawn."""
CASES = 8
_TRIES = 100
_LINKED_TRIES = 60
_LONE_TRIES = 1000
_STEPS = 20_000
_CONSTANT_TYPES: tuple[Type, ...] = (INT, STR, BOOL, FLOAT)


def draw(index: int) -> CurriculumProblem:
    """The problem of a number."""
    base = base_of(index)
    links = random.Random(f"links {VERSION} {index}").choices((0, 1, 2), (45, 40, 15))[0]
    for attempt in range(_TRIES):
        rng = random.Random(f"problem {VERSION} {index} {attempt}")
        problem = _try(index, base, rng, links=links if attempt < _LINKED_TRIES else 0)
        if problem is not None:
            return problem
    raise AssertionError(f"no problem {index} around the atom {base.name}")


def base_of(index: int) -> Atom:
    """The atom that a problem is drawn around. Problems around different atoms are different."""
    turn, place = divmod(index, len(load_catalogue()))
    return _order(turn)[place]


@lru_cache(maxsize=64)
def _order(turn: int) -> list[Atom]:
    order = list(load_catalogue().values())
    random.Random(f"order {VERSION} {turn}").shuffle(order)
    return order


def _belongs(part: Part, base: Atom) -> bool:
    """Whether a chain of atoms is this atom's to give: of those in it just one, so that no two give the same."""
    chain = []
    step: Part | None = part
    while step is not None:
        chain.append(step.atom.name)
        step = step.source[1] if step.source else None
    together = " ".join(sorted(chain))
    return min(chain, key=lambda name: hashlib.sha256(f"{name} {together}".encode()).digest()) == base.name


def _try(index: int, base: Atom, rng: random.Random, *, links: int) -> CurriculumProblem | None:
    part = _tree(base, rng, links=links)
    if part is None or not _belongs(part, base):
        return None
    cases = _cases(part, rng)
    if cases is None:
        return None
    names = parameter_names(part, rng)
    programs = _programs(part, names, entry_name(part, rng), rng, [case.arguments for case in cases])
    if programs is None or any(Interpreter(programs[0])(*case.arguments) != case.result for case in cases):
        return None
    return CurriculumProblem(
        index=index,
        part=part,
        mentions=tuple(names.items()),
        programs=programs,
        cases=cases,
        difficulty=difficulty_of(part, programs[0]),
    )


# --- trees


def _tree(base: Atom, rng: random.Random, *, links: int) -> Part | None:
    part = _filled(base, rng)
    for _ in range(links):
        if part is None:
            return None
        part = _extended(part, rng)
    return part


def _filled(atom: Atom, rng: random.Random, *, constants: float = 0.15) -> Part | None:
    """The atom with its slots bound and some of its smaller parameters fixed."""
    slots = {}
    for name, kind in slots_of(atom).items():
        choices = _binders().get(str(kind), [])
        bound = _bound(rng.choice(choices), rng) if choices else None
        if bound is None:
            return None
        slots[name] = bound
    part = Part(atom=atom, slots=slots)
    fixed = {
        name: atom.inputs[name].draw(rng)
        for name, kind in list(part.parameters.items())[1:]
        if name in atom.inputs and kind in _CONSTANT_TYPES and rng.random() < constants
    }
    return replace(part, constants=fixed)


def _bound(atom: Atom, rng: random.Random) -> Part:
    names = list(atom.inputs)
    return Part(atom=atom, constants={name: atom.inputs[name].draw(rng) for name in names[1:]})


def _extended(part: Part, rng: random.Random) -> Part | None:
    """The tree with one more atom behind it, or before the innermost one."""
    if rng.random() < 0.5:
        takers = _takers().get(str(result_of(part.atom)), [])
        if not takers:
            return None
        outer, parameter = rng.choice(takers)
        made = _filled(outer, rng, constants=0.5)
        return _linked(made, parameter, part) if made else None
    innermost = part.parts[0] if part.source else part
    chain = []
    while part is not innermost and part.source:
        chain.append(part)
        part = part.source[1]
    if part.source is not None:
        return None
    parameter = next(iter(part.atom.inputs), "")
    if parameter not in part.given or (part.atom, parameter) not in _takers().get(str(part.parameters[parameter]), []):
        return None
    makers = _makers().get(str(part.parameters[parameter]))
    made = _filled(rng.choice(makers), rng, constants=0.5) if makers else None
    linked = _linked(part, parameter, made) if made else None
    for outer_part in reversed(chain):
        if linked is None or outer_part.source is None:
            return None
        linked = _linked(replace(outer_part, source=None), outer_part.source[0], linked)
    return linked


def _linked(outer: Part, parameter: str, inner: Part) -> Part | None:
    """`outer(inner(…))`; None where the two share the name of a parameter, or an atom."""
    made = replace(
        outer,
        constants={name: value for name, value in outer.constants.items() if name != parameter},
        source=(parameter, inner),
    )
    given = [name for name in outer.given if name != parameter]
    if set(given) & set(inner.given) or len(given) + len(inner.given) > 4:
        return None
    atoms = [part.atom.name for part in made.parts]
    return made if len(atoms) == len(set(atoms)) else None


@cache
def _binders() -> Mapping[str, list[Atom]]:
    """Atoms that fit a slot, by its type: short functions of one subject, their other parameters made constants."""
    found: dict[str, list[Atom]] = {}
    for atom in load_catalogue().values():
        parameters = read_parameters(atom)
        if slots_of(atom) or not parameters or atom.level > 2:
            continue
        first, *rest = parameters.values()
        result = result_of(atom)
        if all(kind in _CONSTANT_TYPES for kind in rest) and (result != BOOL or atom.holds is not None):
            found.setdefault(f"({first})->{result}", []).append(atom)
    return found


@cache
def _takers() -> Mapping[str, list[tuple[Atom, str]]]:
    """Atoms by the type of a parameter that another atom's result can be: a list, text or map, else a number alone."""
    found: dict[str, list[tuple[Atom, str]]] = {}
    for atom in load_catalogue().values():
        for name, kind in read_parameters(atom).items():
            if isinstance(kind, Optional) or (kind in _CONSTANT_TYPES and kind != STR and len(atom.inputs) > 1):
                continue
            found.setdefault(str(kind), []).append((atom, name))
    return found


@cache
def _makers() -> Mapping[str, list[Atom]]:
    """Atoms by the type of their result, where others can take it."""
    found: dict[str, list[Atom]] = {}
    for atom in load_catalogue().values():
        kind = result_of(atom)
        if isinstance(kind, List) or kind in (INT, STR):
            found.setdefault(str(kind), []).append(atom)
    return found


def read_parameters(atom: Atom) -> dict[str, Type]:
    """Types of the parameters that are no slots."""
    return {name: kind for name, kind in Part(atom=atom).parameters.items() if name in atom.inputs}


# --- tests


def _cases(part: Part, rng: random.Random) -> tuple[Case, ...] | None:
    """Edges first, then drawn ones; None where values do not flow, do not differ, or a part is idle."""
    found: dict[str, Case] = {}
    alone = part.source is None  # what its own domains give, it takes, however rarely `needs` is met
    for tries, values in enumerate(_arguments(part, rng)):
        if tries == (_LONE_TRIES if alone else 12 * CASES) or len(found) == CASES:
            break
        try:
            result = evaluate(part, values)
        except OutOfDomainError:
            if not alone and tries >= 12 and len(found) < tries // 4:
                return None
            continue
        if has_negative_zero(result):
            continue
        arguments = tuple(values.values())
        found.setdefault(repr(arguments), Case(arguments, result))
    cases = tuple(found.values())
    results = {repr(case.result) for case in cases}
    kind = result_of(part.atom)
    least = 2 if kind == BOOL or isinstance(kind, Optional) else 3
    if len(cases) < min(CASES, 4) or len(results) < min(least, len(cases)) or _idle(part, cases):
        return None
    return cases


def _arguments(part: Part, rng: random.Random) -> Iterator[dict[str, Any]]:
    given = part.given
    domains = {name: owner.atom.inputs[name] for name, owner in given.items()}
    edges = {name: domain.edges() for name, domain in domains.items()}
    for turn in range(max((len(values) for values in edges.values()), default=0)):
        yield {name: values[turn] if turn < len(values) else domains[name].draw(rng) for name, values in edges.items()}
    while True:
        yield {name: domain.draw(rng) for name, domain in domains.items()}


def _idle(part: Part, cases: tuple[Case, ...]) -> bool:
    """Whether the last part hands on what it gets, or the source before it does, in every test."""
    if part.source is None:
        return False
    names = list(part.given)
    inner = part.source[1]
    inside = [name for name in names if name in inner.given]
    pairs = [(case, dict(zip(names, case.arguments, strict=True))) for case in cases]
    if all(evaluate(inner, {name: values[name] for name in inside}) == case.result for case, values in pairs):
        return True
    parameter = part.source[0]
    if len(inside) != 1 or inner.parameters.get(inside[0]) != part.parameters[parameter]:
        return False
    domain, direct = part.atom.inputs[parameter], replace(part, source=None)
    if not all(domain.admits(values[inside[0]]) for _, values in pairs):
        return False
    try:
        return all(evaluate(direct, {**v, parameter: v[inside[0]]}) == case.result for case, v in pairs)
    except OutOfDomainError:
        return False


# --- solutions


def _programs(
    part: Part, names: Mapping[str, str], entry: str, rng: random.Random, inputs: list[tuple[Any, ...]]
) -> tuple[ir.Program, ...] | None:
    """Equivalent solutions, plainest first; None where the names meet or an input is a fault."""
    made = []
    several = any(owner.atom.also for owner in part.parts)
    for inline, other in ((True, False), (False, False), *(((True, True),) if several else ())):
        program = assemble(part, rng, inline=inline, solution=_other_solution if other else None)
        renamed = called(program, entry, names)
        order = [names[name] for name in part.given]
        if renamed is None or sorted(p.name for p in renamed.entry.parameters) != sorted(order):
            return None
        program = renamed
        by_name = {parameter.name: parameter for parameter in program.entry.parameters}
        head = replace(program.entry, parameters=tuple(by_name[name] for name in order))
        program = replace(program, functions=(*program.functions[:-1], head))
        if program not in made:
            made.append(program)
    observed = [program for program in (_observed(program, inputs) for program in made) if program is not None]
    return tuple(observed) if observed and observed[0].entry == made[0].entry else None


def _observed(program: ir.Program, inputs: list[tuple[Any, ...]]) -> ir.Program | None:
    """The program with its facts; None where it takes too long (a plain recursion) or does what it must not."""
    try:
        return replace(program, facts=observe(program, inputs, steps=_STEPS))
    except Fault:
        return None


def _other_solution(part: Part) -> Any:
    return part.atom.also[0] if part.atom.also else part.atom.function
