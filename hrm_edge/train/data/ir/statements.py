"""Reading statements: blocks, new variables against new values, loops."""

import ast
from typing import Any, cast

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.expressions import ExpressionReader, operator_text
from hrm_edge.train.data.ir.scope import Scope
from hrm_edge.train.data.ir.types import NOTHING, List, Tuple, Type

_AUGMENTED = ("+", "-", "*", "//", "%", "&", "|", "^", "<<", ">>")


class StatementReader:
    """Reads the body of one function."""

    def __init__(self, scope: Scope, result: Type) -> None:
        self._scope = scope
        self._result = result
        self._expressions = ExpressionReader(scope)

    def block(self, body: list[ast.stmt]) -> tuple[ir.Statement, ...]:
        """The statements of a block of their own."""
        with self._scope.block():
            return tuple(self.statements(body))

    def statements(self, body: list[ast.stmt]) -> list[ir.Statement]:
        """Statements one after another, in the present block."""
        return [statement for node in body for statement in self._statement(node)]

    def _statement(self, node: ast.stmt) -> list[ir.Statement]:
        match node:
            case ast.Expr(value=ast.Constant(value=str())) | ast.Pass():
                return []
            case ast.Expr(value=value):
                return [self._effect(node, value)]
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                kind = self._scope.type_of(node.annotation)
                found = self._expressions.read(value, kind)
                self._scope.declare(node, name, kind)
                return [ir.Let(name, kind, found)]
            case ast.Assign(targets=[ast.Tuple() as target], value=value):
                return self._several(node, target.elts, value)
            case ast.Assign(targets=[target], value=value):
                return [self._assign(node, target, value)]
            case ast.AugAssign():
                return [self._augment(node)]
            case ast.If():
                return [ir.If(self._expressions.condition(node.test), self.block(node.body), self.block(node.orelse))]
            case ast.While() if not node.orelse:
                return [ir.While(self._expressions.condition(node.test), self.block(node.body))]
            case ast.For() if not node.orelse:
                with self._scope.block():
                    pattern, iterable = self._expressions.iteration(node.target, node.iter)
                    return [ir.For(pattern, iterable, self.block(node.body))]
            case ast.Return():
                if node.value is None:
                    return [ir.Return(None)]
                return [ir.Return(self._expressions.read(node.value, self._result))]
            case ast.Break():
                return [ir.Break()]
            case ast.Continue():
                return [ir.Continue()]
            case ast.Delete(targets=[ast.Subscript(value=base, slice=key)]):
                receiver = self._expressions.read(base)
                wanted = getattr(receiver.type, "key", None)
                if wanted is None:
                    self._scope.refuse(node, "del takes a key out of a dict, nothing else")
                return [ir.Do(ir.Builtin(NOTHING, "remove_key", (receiver, self._expressions.read(key, wanted))))]
        self._scope.refuse(node, f"`{ast.unparse(node)}` is outside the subset")

    def _effect(self, node: ast.stmt, value: ast.expr) -> ir.Statement:
        found = self._expressions.raw(value, None)
        if not isinstance(found, ir.Builtin | ir.Call | ir.MethodCall):
            self._scope.refuse(node, f"`{ast.unparse(node)}` has no effect")
        return ir.Do(found)

    def _assign(self, node: ast.stmt, target: ast.expr, value: ast.expr) -> ir.Statement:
        if isinstance(target, ast.Name) and self._scope.find(target.id) is None:
            found = self._expressions.raw(value, None)
            self._scope.declare(node, target.id, found.type)
            return ir.Let(target.id, found.type, found)
        place = self._target(target)
        return ir.Assign(place, self._expressions.read(value, place.type))

    def _several(self, node: ast.stmt, targets: list[ast.expr], value: ast.expr) -> list[ir.Statement]:
        known = [not isinstance(part, ast.Name) or self._scope.find(part.id) is not None for part in targets]
        if all(known) and isinstance(value, ast.Tuple) and len(value.elts) == len(targets):
            places = tuple(self._target(part) for part in targets)
            pairs = zip(value.elts, places, strict=True)
            return [ir.Swap(places, tuple(self._expressions.read(part, place.type) for part, place in pairs))]
        if any(known):
            self._scope.refuse(node, "a tuple assignment sets only new variables, or only old ones from a display")
        names = tuple(cast(ast.Name, part).id for part in targets)
        if isinstance(value, ast.Tuple) and len(value.elts) == len(targets):
            values = [self._expressions.read(part) for part in value.elts]
            for name, found in zip(names, values, strict=True):
                self._scope.declare(node, name, found.type)
            return [ir.Let(name, found.type, found) for name, found in zip(names, values, strict=True)]
        found = self._expressions.read(value)
        if not isinstance(found.type, Tuple) or len(found.type.items) != len(names):
            self._scope.refuse(node, f"{found.type} is not taken apart into {len(names)}")
        for name, kind in zip(names, found.type.items, strict=True):
            self._scope.declare(node, name, kind)
        return [ir.LetTuple(names, found.type.items, found)]

    def _augment(self, node: ast.AugAssign) -> ir.Statement:
        place = self._target(node.target)
        operator = operator_text(node.op)
        value = self._expressions.read(node.value, place.type if isinstance(place.type, List) else None)
        if isinstance(place.type, List) and operator == "+":
            return ir.Do(ir.Builtin(NOTHING, "extend", (place, value)))
        result = self._expressions.binary(node, operator, place, value)
        if operator not in _AUGMENTED or not isinstance(result, ir.Binary):
            return ir.Assign(place, result)
        return ir.Augment(cast(Any, operator), place, result.right)

    def _target(self, node: ast.expr) -> ir.Target:
        found = self._expressions.raw(node, None)
        if not isinstance(found, ir.Name | ir.Index | ir.Lookup | ir.Field):
            self._scope.refuse(node, f"{ast.unparse(node)} is not set")
        return found
