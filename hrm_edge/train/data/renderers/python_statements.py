"""Statements, functions and classes of the intermediate form as Python."""

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir import types as t
from hrm_edge.train.data.renderers.python_expressions import PythonExpressions
from hrm_edge.train.data.renderers.python_values import annotation
from hrm_edge.train.data.renderers.writer import Writer


class PythonStatements:
    """Writes statements into `out`."""

    def __init__(self, expressions: PythonExpressions, out: Writer) -> None:
        self._expressions = expressions
        self._out = out

    def function(self, function: ir.Function, *, method: bool = False) -> None:
        """A whole function or method."""
        self._out.line(function_head(self._expressions, function, method=method))
        self._block(function.body)

    def of_class(self, made: ir.Class) -> None:
        """A whole class."""
        self._out.line(f"class {self._expressions.name(made.name)}:")
        with self._out.indented():
            self._out.line(f"def __init__({_parameters(self._expressions, ('self',), made.parameters)}) -> None:")
            with self._out.indented():
                for name, kind, value in made.fields:
                    self._set_first(f"self.{self._expressions.name(name)}", kind, value)
                if not made.fields:
                    self._out.line("pass")
            for function in made.methods:
                self._out.line()
                self.function(function, method=True)

    def _block(self, body: tuple[ir.Statement, ...]) -> None:
        with self._out.indented():
            for statement in body:
                self._statement(statement)
            if not body:
                self._out.line("pass")

    def _statement(self, node: ir.Statement) -> None:
        write, line = self._expressions, self._out.line
        match node:
            case ir.Let(name=name, type=kind, value=value):
                self._set_first(write.name(name), kind, value)
            case ir.LetTuple(names=names, value=value):
                line(f"{', '.join(map(write.name, names))} = {write.bare(value)}")
            case ir.Assign(target=target, value=value):
                line(f"{write.text(target)} = {write.bare(value)}")
            case ir.Swap(targets=targets, values=values):
                line(f"{write.commas(targets)} = {write.commas(values)}")
            case ir.Augment(operator=operator, target=target, value=value):
                line(f"{write.text(target)} {operator}= {write.text(value)}")
            case ir.If():
                self._if(node)
            case ir.While(condition=condition, body=body):
                line(f"while {write.condition(condition)}:")
                self._block(body)
            case ir.For(pattern=pattern, iterable=iterable, body=body):
                line(f"for {write.pattern(pattern)} in {write.iterable(iterable)}:")
                self._block(body)
            case ir.Return(value=value):
                line("return" if value is None else f"return {write.bare(value)}")
            case ir.Break():
                line("break")
            case ir.Continue():
                line("continue")
            case ir.Do(value=value):
                line(write.text(value))

    def _if(self, node: ir.If) -> None:
        word = "if"
        while True:
            self._out.line(f"{word} {self._expressions.condition(node.condition)}:")
            self._block(node.then)
            match node.otherwise:
                case (ir.If() as inner,):
                    node, word = inner, "elif"
                case ():
                    return
                case otherwise:
                    self._out.line("else:")
                    return self._block(otherwise)

    def _set_first(self, target: str, kind: t.Type, value: ir.Expression) -> None:
        """A first value, with the type where the value does not tell it."""
        hint = f": {annotation(kind, self._expressions.imports)}" if _is_bare(value) else ""
        self._out.line(f"{target}{hint} = {self._expressions.bare(value)}")


def function_head(expressions: PythonExpressions, function: ir.Function, *, method: bool = False) -> str:
    """`def name(parameters) -> result:`."""
    parameters = _parameters(expressions, ("self",) if method else (), function.parameters)
    return f"def {expressions.name(function.name)}({parameters}) -> {annotation(function.result, expressions.imports)}:"


def _parameters(expressions: PythonExpressions, first: tuple[str, ...], parameters: tuple[ir.Parameter, ...]) -> str:
    hinted = (f"{expressions.name(each.name)}: {annotation(each.type, expressions.imports)}" for each in parameters)
    return ", ".join((*first, *hinted))


def _is_bare(value: ir.Expression) -> bool:
    """Whether a value does not show its whole type: None, or an empty container in it or all there is of it."""
    match value:
        case ir.ListDisplay(items=()) | ir.MapDisplay(entries=()) | ir.Literal(value=None):
            return True
        case ir.Builtin(name="empty_set"):
            return True
        case ir.Builtin(name="queue_of" | "filled", arguments=(items, *_)):
            return _is_bare(items)
        case ir.ListDisplay(items=(first, *_)) | ir.MapDisplay(entries=((_, first), *_)) | ir.Fold(element=first):
            return _is_bare(first)
    return False
