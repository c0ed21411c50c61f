"""Other names that a person might have given the variables of a program.

Names that carry meaning (`year`, `capacity`) and indexes stay; those that only tell a role (`total`, `seen`, `numbers`)
are drawn from others of that role, by the type of the variable.
"""

import keyword
import random
from collections.abc import Collection, Iterator, Mapping

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.ir.types import Bool, Char, Float, Int, List, Map, Queue, Set, Str, Type

_SHARE = 0.6
"""Of the names that have synonyms, how many change."""
_BUILT_IN = frozenset(
    ("sum", "min", "max", "len", "list", "map", "set", "str", "int", "input", "next", "range", "vars")
)

_NUMBERS = (Int, Float)
_ROLES: tuple[tuple[tuple[type, ...], tuple[str, ...]], ...] = (
    (_NUMBERS, ("total", "running_total", "subtotal", "acc", "sum_so_far")),
    (_NUMBERS, ("product", "running_product", "factor_product")),
    (_NUMBERS, ("best", "best_so_far", "record", "champion")),
    (_NUMBERS, ("value", "val", "amount", "x")),
    (_NUMBERS, ("number", "num", "entry", "element", "x")),
    (_NUMBERS, ("target", "wanted", "goal")),
    ((Int,), ("count", "counter", "cnt", "hits", "matches", "how_many")),
    ((Int,), ("n", "num", "number", "given")),
    ((Int,), ("low", "lo", "lower")),
    ((Int,), ("high", "hi", "upper")),
    ((Int,), ("middle", "mid", "halfway")),
    ((Int,), ("end", "finish", "stop_at")),
    ((Int,), ("length", "size", "extent")),
    ((Int,), ("position", "place", "pos")),
    ((Int,), ("steps", "moves", "rounds")),
    ((Int,), ("vertex", "node", "v")),
    ((Int,), ("rest", "remainder", "remaining")),
    ((*_NUMBERS, Str), ("result", "res", "answer", "outcome")),
    ((*_NUMBERS, Str), ("current", "cur", "present_one")),
    ((Str,), ("text", "s", "string", "phrase", "line")),
    ((Str,), ("word", "term", "token", "w")),
    ((Str,), ("part", "piece", "chunk")),
    ((Str, Int), ("key", "k", "entry_key")),
    ((Char,), ("c", "ch", "character", "symbol")),
    ((Bool,), ("found", "is_found", "success")),
    ((List,), ("numbers", "nums", "values", "items", "xs", "data", "arr", "sequence")),
    ((List,), ("words", "terms", "tokens", "strings")),
    ((List, Map), ("result", "res", "out", "output", "collected")),
    ((List, Set), ("found", "collected", "gathered")),
    ((List,), ("parts", "pieces", "chunks")),
    ((List,), ("ordered", "in_order", "sorted_items")),
    ((List,), ("matrix", "grid", "table")),
    ((List,), ("graph", "adjacency", "links")),
    ((List,), ("row", "line", "record")),
    ((List,), ("stack", "pile")),
    ((List, Map), ("counts", "frequencies", "tallies", "occurrences")),
    ((List, Set, Map), ("seen", "visited", "met", "known")),
    ((Map,), ("table", "mapping", "lookup")),
    ((Map,), ("groups", "buckets", "grouped")),
    ((Queue, List), ("queue", "pending", "waiting", "to_visit")),
)


def synonyms(program: ir.Program, rng: random.Random, *, keep: Collection[str] = ()) -> Mapping[str, str]:
    """New names for some of the variables and parameters, to be given to `rename`.

    No new name is in use anywhere in the program, is one of Python's, or is given twice. A name that several functions
    use gets one new name. Names in `keep` stay.
    """
    types: dict[str, set[type]] = {}
    taken = {*map(_key, keep)}
    for name, kind in _variables(program):
        types.setdefault(name, set()).add(type(kind))
        taken.add(_key(name))
    fixed = set(_fixed(program))
    taken.update(map(_key, fixed))
    made: dict[str, str] = {}
    for name, kinds in types.items():
        others = [other for other in _others(name, kinds) if _key(other) not in taken]
        if name not in fixed and name not in keep and others and rng.random() < _SHARE:
            made[name] = rng.choice(others)
            taken.add(_key(made[name]))
    return made


def _others(name: str, kinds: set[type]) -> list[str]:
    """Names of the roles that the name tells of all its types."""
    roles = [names for types, names in _ROLES if name in names and kinds <= set(types)]
    found = (other for names in roles for other in names)
    return [other for other in dict.fromkeys(found) if other not in _BUILT_IN and not keyword.iskeyword(other)]


def _variables(program: ir.Program) -> Iterator[tuple[str, Type]]:
    for node in every((program.functions, program.classes)):
        match node:
            case ir.Let(name=name, type=kind) | ir.Parameter(name=name, type=kind):
                yield name, kind
            case ir.LetTuple(names=names, types=types):
                yield from zip(names, types, strict=True)
            case ir.For(pattern=pattern) | ir.Fold(pattern=pattern):
                yield from zip(pattern.names, pattern.types, strict=True)
            case ir.SortBy(parameter=parameter, type=List(item=item)):
                yield parameter, item


def _fixed(program: ir.Program) -> Iterator[str]:
    """Names that are not variables' alone."""
    for node in every((program.functions, program.classes)):
        match node:
            case ir.Function(name=name) | ir.Call(function=name) | ir.Class(name=name):
                yield name
            case ir.Field(field=name) | ir.MethodCall(method=name):
                yield name
    for made in program.classes:
        yield from (name for name, _, _ in made.fields)


def _key(name: str) -> str:
    # languages write two_words as twoWords
    return name.replace("_", "").lower()
