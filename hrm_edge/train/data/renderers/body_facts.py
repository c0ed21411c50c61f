"""What languages with declared variables ask of a body: what is read, what ends, which texts are built up."""

from collections import Counter
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.analysis import root
from hrm_edge.train.data.ir.builtins import MUTATING
from hrm_edge.train.data.ir.hoisting import own_expressions
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.ir.types import BOOL, STR

TRUE = ir.Literal(BOOL, True)


def read_names(function: ir.Function) -> frozenset[str]:
    """Variables whose value is asked for somewhere; `x += 1` asks for it too."""
    counted: Counter[str] = Counter()
    for node in every(function.body):
        match node:
            case ir.Name(name=name):
                counted[name] += 1
            case ir.Assign(target=ir.Name(name=name)):
                counted[name] -= 1
            case ir.Swap(targets=targets):
                counted.subtract(target.name for target in targets if isinstance(target, ir.Name))
    return frozenset(name for name, count in counted.items() if count > 0)


def assigned_names(function: ir.Function) -> set[str]:
    """Variables that get a second value."""
    targets = (node.target for node in every(function.body) if isinstance(node, ir.Assign))
    swapped = (target for node in every(function.body) if isinstance(node, ir.Swap) for target in node.targets)
    return {target.name for target in (*targets, *swapped) if isinstance(target, ir.Name)}


def ends(statements: tuple[ir.Statement, ...]) -> bool:
    """Whether control never comes to the end of a block."""
    match statements[-1:]:
        case (ir.Return(),):
            return True
        case (ir.If(then=then, otherwise=otherwise),):
            return ends(then) and ends(otherwise)
        case (ir.While(condition=condition, body=body),):
            return condition == TRUE and not _breaks(body)
    return False


def _breaks(statements: tuple[ir.Statement, ...]) -> bool:
    for statement in statements:
        match statement:
            case ir.Break():
                return True
            case ir.If(then=then, otherwise=otherwise):
                if _breaks(then) or _breaks(otherwise):
                    return True
    return False


def text_builders(function: ir.Function) -> frozenset[str]:
    """Texts that begin empty, grow in loops, and are looked at only as a whole."""
    started: set[str] = set()
    other: set[str] = {parameter.name for parameter in function.parameters}
    for node in every(function.body):
        match node:
            case ir.Let(name=name, value=ir.Literal(type=type_, value="")) if type_ == STR:
                started.add(name)
            case ir.Let(name=name):
                other.add(name)
            case ir.LetTuple(names=names):
                other.update(names)
            case ir.Assign(target=ir.Name(name=name), value=value) if value != ir.Literal(STR, ""):
                other.add(name)
            case ir.Swap(targets=targets):
                other.update(target.name for target in targets if isinstance(target, ir.Name))
    candidates = started - other
    if not candidates:
        return frozenset()
    grown = {
        node.target.name
        for loop in every(function.body)
        if isinstance(loop, ir.For | ir.While)
        for node in every(loop.body)
        if isinstance(node, ir.Augment) and isinstance(node.target, ir.Name)
    }
    return frozenset(name for name in candidates & grown if _seen_whole(function.body, name))


_WHOLE = (ir.Return, ir.Let, ir.Call, ir.MethodCall, ir.TupleDisplay, ir.ListDisplay)


def _seen_whole(tree: Any, name: str) -> bool:
    for node in every(tree):
        if not any(isinstance(value, ir.Name) and value.name == name for value in own_expressions(node)):
            continue
        match node:
            case ir.Augment(target=ir.Name(name=target), value=value) if target == name:
                if any(isinstance(part, ir.Name) and part.name == name for part in every(value)):
                    return False
            case ir.Assign(target=ir.Name()) | ir.Assign(target=ir.Lookup()) | ir.Assign(target=ir.Field()):
                continue
            case ir.Builtin(name="append" | "length" | "is_empty" | "add"):
                continue
            case _ if not isinstance(node, _WHOLE):
                return False
    return True


def mutated(function: ir.Function, program: ir.Program) -> frozenset[str]:
    """Variables that a function changes in place, parts of them and through calls too."""
    functions = {each.name: each for each in program.functions}
    found: set[str | None] = set()
    for node in every(function.body):
        match node:
            case ir.Builtin(name=name, arguments=(target, *_)) if name in MUTATING:
                found.add(root(target))
            case ir.Assign(target=ir.Index() as target) | ir.Augment(target=ir.Index() as target):
                found.add(root(target))
            case ir.Swap(targets=targets):
                found.update(root(target) for target in targets if isinstance(target, ir.Index))
            case ir.Call(function=callee, arguments=arguments) if callee in functions:
                pairs = zip(arguments, functions[callee].parameters, strict=True)
                found.update(root(value) for value, parameter in pairs if parameter.shared)
    return frozenset(name for name in found if name)
