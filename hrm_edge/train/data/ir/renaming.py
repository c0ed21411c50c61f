"""Other names for the same program."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.traversal import rebuilt
from hrm_edge.train.data.ir.types import Object, Type


def rename(program: ir.Program, names: Mapping[str, str]) -> ir.Program:
    """The program with functions, classes, methods, fields, parameters and variables called otherwise, everywhere.

    The new names must not be in use: two things that shared no name may not share one afterwards.
    """
    if not names:
        return program
    change = _Renaming(names)
    return replace(
        program,
        functions=tuple(change(function) for function in program.functions),
        classes=tuple(change(kind) for kind in program.classes),
    )


class _Renaming:
    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def __call__(self, node: Any) -> Any:
        new = rebuilt(node, self)
        match new:
            case ir.Name(name=name, type=kind):
                return replace(new, name=self._of(name), type=self._type(kind))
            case ir.Let(name=name, type=kind) | ir.Parameter(name=name, type=kind):
                return replace(new, name=self._of(name), type=self._type(kind))
            case ir.Function(name=name, result=result):
                return replace(new, name=self._of(name), result=self._type(result))
            case ir.LetTuple(names=names):
                return replace(new, names=tuple(map(self._of, names)))
            case ir.For(pattern=pattern) | ir.Fold(pattern=pattern):
                return replace(new, pattern=replace(pattern, names=tuple(map(self._of, pattern.names))))
            case ir.SortBy(parameter=parameter):
                return replace(new, parameter=self._of(parameter))
            case ir.Call(function=name):
                return replace(new, function=self._of(name))
            case ir.MethodCall(method=name):
                return replace(new, method=self._of(name))
            case ir.Field(field=name):
                return replace(new, field=self._of(name))
            case ir.New(type=kind):
                return replace(new, type=Object(self._of(kind.name)))
            case ir.Class(name=name):
                fields = tuple((self._of(key), self._type(kind), value) for key, kind, value in new.fields)
                return replace(new, name=self._of(name), fields=fields)
        return new

    def _of(self, name: str) -> str:
        return self._names.get(name, name)

    def _type(self, kind: Type) -> Type:
        return Object(self._of(kind.name)) if isinstance(kind, Object) else kind
