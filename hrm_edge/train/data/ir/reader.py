"""Python source as a program of the intermediate form.

The subset: functions and simple classes of one module with every type written down; numbers, truth values, texts,
lists, dicts, sets, tuples, deques, `T | None`; if, while, for, comprehensions with one `for`; the operations of
builtins.BUILTINS. What is outside is refused with its line and a word on how to write it. Not known on purpose: what
one of the six languages has no plain form for (negative indexes, slices past the end, exceptions, closures).
"""

import ast
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from hrm_edge.errors import DataError
from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.analysis import changed_in_place, shared_arguments, walk
from hrm_edge.train.data.ir.expressions import ExpressionReader
from hrm_edge.train.data.ir.scope import ClassHead, Head, Scope
from hrm_edge.train.data.ir.statements import StatementReader
from hrm_edge.train.data.ir.types import NOTHING, Object


@dataclass(frozen=True)
class _Module:
    """Functions and classes of one source, and their heads."""

    name: str
    functions: Mapping[str, ast.FunctionDef]
    classes: Mapping[str, ast.ClassDef]
    heads: Mapping[str, Head]
    class_heads: Mapping[str, ClassHead]


@cache
def read_function(function: Callable[..., Any]) -> ir.Program:
    """The program of a function that is written in a module: itself last, before it all that it uses.

    Raises:
        DataError: it leaves the subset; the message names module, function and line.
    """
    return _programs(function.__module__)(function.__name__)


def read_source(source: str, entry: str, name: str = "source") -> ir.Program:
    """The program of one function of a source text.

    Raises:
        DataError: there is no such function, or it leaves the subset.
    """
    return _read(_module(source, name), entry)


@cache
def _programs(module: str) -> Callable[[str], ir.Program]:
    read = _module(inspect.getsource(sys.modules[module]), module.rpartition(".")[2])
    return lambda entry: _read(read, entry)


def _module(source: str, name: str) -> _Module:
    tree = ast.parse(source)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    bare = Scope(name, {}, dict.fromkeys(classes, ClassHead(Head((), NOTHING), {}, {})))
    return _Module(
        name,
        functions,
        classes,
        {key: head for key, node in functions.items() if (head := _head(bare, node)) is not None},
        {key: _class_head(bare, node) for key, node in classes.items()},
    )


def _head(scope: Scope, node: ast.FunctionDef, *, method: bool = False) -> Head | None:
    """Types of a function; None where it does not write them (Python beside the subset: references, generators)."""
    parameters = node.args.args[1:] if method else node.args.args
    if node.returns is None or any(parameter.annotation is None for parameter in parameters):
        return None
    try:
        types = [scope.type_of(parameter.annotation) for parameter in parameters if parameter.annotation]
        result = scope.type_of(node.returns)
    except DataError:
        return None
    return Head(tuple((p.arg, kind) for p, kind in zip(parameters, types, strict=True)), result)


def _class_head(scope: Scope, node: ast.ClassDef) -> ClassHead:
    methods = {item.name: item for item in node.body if isinstance(item, ast.FunctionDef)}
    heads = {name: head for name, item in methods.items() if (head := _head(scope, item, method=True)) is not None}
    constructor = heads.pop("__init__", Head((), NOTHING))
    fields = {}
    if "__init__" in methods:
        inner = replace(scope, frames=[dict(constructor.parameters)], place=f"{scope.place}.{node.name}")
        fields = {name: kind for name, kind, _ in _fields(inner, methods["__init__"])}
    return ClassHead(constructor, fields, heads)


def _fields(scope: Scope, node: ast.FunctionDef) -> Iterator[tuple[str, Any, ir.Expression]]:
    """What a constructor sets: name, type, value."""
    reader = ExpressionReader(scope)
    for statement in node.body:
        match statement:
            case ast.Expr(value=ast.Constant()):
                continue
            case ast.AnnAssign(target=ast.Attribute(value=ast.Name(id="self"), attr=name), value=ast.expr() as value):
                kind = scope.type_of(statement.annotation)
                yield name, kind, reader.read(value, kind)
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)], value=value):
                found = reader.read(value)
                yield name, found.type, found
            case _:
                scope.refuse(statement, "a constructor only sets fields: self.name = value")


def _read(module: _Module, entry: str) -> ir.Program:
    if entry not in module.heads:
        raise DataError(f"{module.name}: {entry} is no function with all its types written down")
    functions: dict[str, ir.Function] = {}
    classes: dict[str, ir.Class] = {}
    _collect(module, entry, functions, classes, [])
    return _with_shared(ir.Program(tuple(functions.values()), tuple(classes.values())))


def _collect(
    module: _Module, name: str, functions: dict[str, ir.Function], classes: dict[str, ir.Class], open_: list[str]
) -> None:
    """A function after everything it calls; a function that is being read is not read again (recursion)."""
    if name in functions or name in open_:
        return
    open_.append(name)
    made = _function(module, module.functions[name], module.heads[name], f"{module.name}.{name}")
    _collect_used(module, made, functions, classes, open_)
    functions[name] = made


def _collect_used(
    module: _Module, tree: Any, functions: dict[str, ir.Function], classes: dict[str, ir.Class], open_: list[str]
) -> None:
    for node in walk(tree):
        if isinstance(node, ir.Call) and node.function in module.functions:
            _collect(module, node.function, functions, classes, open_)
        kind = getattr(node, "type", None)
        if isinstance(kind, Object) and kind.name not in classes:
            classes[kind.name] = made = _class(module, module.classes[kind.name])
            _collect_used(module, made, functions, classes, open_)


def _function(module: _Module, node: ast.FunctionDef, head: Head, place: str, *, owner: str = "") -> ir.Function:
    scope = Scope(place, module.heads, module.class_heads, [dict(head.parameters)])
    if owner:
        scope.frames[0]["self"] = Object(owner)
    body = tuple(StatementReader(scope, head.result).statements(node.body))
    if head.result != NOTHING and not _returns(body):
        scope.refuse(node, "not every way through it ends with a return")
    return ir.Function(node.name, tuple(ir.Parameter(name, kind) for name, kind in head.parameters), head.result, body)


def _returns(body: tuple[ir.Statement, ...]) -> bool:
    match body[-1:]:
        case (ir.Return(),):
            return True
        case (ir.If(then=then, otherwise=otherwise),):
            return _returns(then) and _returns(otherwise)
        case (ir.While(condition=ir.Literal(value=True)) as loop,):
            return not any(isinstance(node, ir.Break) for node in walk(loop.body))
    return False


def _class(module: _Module, node: ast.ClassDef) -> ir.Class:
    head = module.class_heads[node.name]
    methods = {item.name: item for item in node.body if isinstance(item, ast.FunctionDef)}
    scope = Scope(f"{module.name}.{node.name}", module.heads, module.class_heads, [dict(head.constructor.parameters)])
    fields = tuple(_fields(scope, methods["__init__"])) if "__init__" in methods else ()
    made = (
        _function(module, methods[name], inner, f"{module.name}.{node.name}.{name}", owner=node.name)
        for name, inner in head.methods.items()
    )
    parameters = tuple(ir.Parameter(name, kind) for name, kind in head.constructor.parameters)
    return ir.Class(node.name, parameters, fields, tuple(made))


def _with_shared(program: ir.Program) -> ir.Program:
    """Parameters that a function changes in place, itself or through others, marked as shared."""
    while True:
        marked = replace(program, functions=tuple(_marked(function, program) for function in program.functions))
        if marked == program:
            break
        program = marked
    shared = [parameter.name for parameter in program.entry.parameters if parameter.shared]
    if shared:
        raise DataError(f"{program.entry.name} changes its parameter {shared[0]!r}: copy it first")
    return program


def _marked(function: ir.Function, program: ir.Program) -> ir.Function:
    inside = changed_in_place(function.body) | shared_arguments(function.body, program)
    parameters = (replace(parameter, shared=parameter.name in inside) for parameter in function.parameters)
    return replace(function, parameters=tuple(parameters))
