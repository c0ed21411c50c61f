"""Statements, functions and classes of the intermediate form as JavaScript."""

from collections.abc import Iterable

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir import types as t
from hrm_edge.train.data.ir.analysis import changed, reassigned, shared_arguments
from hrm_edge.train.data.ir.builtins import MUTATING
from hrm_edge.train.data.ir.fresh_names import FreshNames
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.renderers import javascript_folds as folds
from hrm_edge.train.data.renderers.javascript_expressions import JavascriptExpressions
from hrm_edge.train.data.renderers.javascript_levels import SHIFT
from hrm_edge.train.data.renderers.writer import Writer

_INDEXES = ("i", "j", "k", "index")
_ONE = ir.Literal(t.INT, 1)


class JavascriptStatements:
    """Writes functions and classes of a program into `out`."""

    def __init__(self, program: ir.Program, expressions: JavascriptExpressions, out: Writer) -> None:
        self._program = program
        self._write = expressions
        self._out = out
        self._names = FreshNames(program.entry)

    def function(self, function: ir.Function, *, method: bool = False) -> None:
        """A whole function or method."""
        self._names = FreshNames(function)
        head = function_head(self._write, function)
        self._out.line(f"{head.removeprefix('function ') if method else head} {{")
        self._block(function.body)
        self._out.line("}")

    def of_class(self, made: ir.Class) -> None:
        """A whole class."""
        self._out.line(f"class {self._write.name(made.name)} {{")
        with self._out.indented():
            self._out.line(f"constructor({_parameters(self._write, made.parameters)}) {{")
            with self._out.indented():
                for name, _, value in made.fields:
                    self._out.line(f"this.{self._write.name(name)} = {self._write.text(value)};")
            self._out.line("}")
            for function in made.methods:
                self._out.line()
                self.function(function, method=True)
        self._out.line("}")

    def _block(self, body: tuple[ir.Statement, ...], first: Iterable[str] = ()) -> None:
        with self._out.indented():
            for line in first:
                self._out.line(line)
            for place, statement in enumerate(body):
                self._statement(statement, body[place + 1 :])

    def _statement(self, node: ir.Statement, rest: tuple[ir.Statement, ...]) -> None:
        write, line = self._write, self._out.line
        match node:
            case ir.Let(name=name, value=value):
                self._new(name, value, rest)
            case ir.LetTuple(names=names, value=ir.TupleDisplay(items=values)):
                for name, value in zip(names, values, strict=True):
                    self._new(name, value, rest)
            case ir.LetTuple(names=names, types=types, value=value):
                word = "let" if reassigned(rest) & set(names) else "const"
                line(f"{word} {folds.pattern_text(write, ir.Pattern(names, types))} = {write.text(value)};")
            case ir.Assign(target=target, value=value):
                line(f"{self._assigned(target, write.text(value))};")
            case ir.Swap():
                self._swap(node)
            case ir.Augment():
                line(f"{self._augmented(node)};")
            case ir.If():
                self._if(node)
            case ir.While(condition=condition, body=body):
                line(f"while ({write.text(condition)}) {{")
                self._block(body)
                line("}")
            case ir.For():
                self._for(node)
            case ir.Return(value=value):
                line("return;" if value is None else f"return {write.text(value)};")
            case ir.Break():
                line("break;")
            case ir.Continue():
                line("continue;")
            case ir.Do(value=value):
                line(f"{write.text(value)};")

    def _new(self, name: str, value: ir.Expression, rest: tuple[ir.Statement, ...]) -> None:
        word = "let" if name in reassigned(rest) else "const"
        self._out.line(f"{word} {self._write.name(name)} = {self._write.text(value)};")

    def _assigned(self, target: ir.Target, value: str) -> str:
        """The expression that sets a target to what is written already."""
        if isinstance(target, ir.Lookup):
            assert isinstance(target.base.type, t.Map)
            if not self._write.is_object(target.base.type):
                key = self._write.key(target.base.type.key, target.key)
                return f"{self._write.receiver(target.base)}.set({key}, {value})"
        return f"{self._write.text(target)} = {value}"

    def _swap(self, node: ir.Swap) -> None:
        write = self._write
        values = write.commas(node.values)
        maps = [target for target in node.targets if isinstance(target, ir.Lookup)]
        if all(write.is_object(target.base.type) for target in maps):
            self._out.line(f"[{write.commas(node.targets)}] = [{values}];")
            return
        held = [self._names.draw((f"new_{name}",)) for name in ("first", "second", "third")[: len(node.targets)]]
        names = [write.name(name) for name in held]
        self._out.line(f"const [{', '.join(names)}] = [{values}];")
        for target, name in zip(node.targets, names, strict=True):
            self._out.line(f"{self._assigned(target, name)};")

    def _augmented(self, node: ir.Augment) -> str:
        write, target = self._write, node.target
        if node.operator in ("+", "-") and node.value == _ONE and not _is_map_entry(write, target):
            return f"{write.text(target)}{node.operator * 2}"
        value = write.text(node.value)
        combined = write.text(ir.Binary(target.type, node.operator, target, node.value))
        start = f"{write.text(target)} {node.operator} "
        direct = isinstance(target.type, t.Int | t.Float | t.Str) and combined in (
            f"{start}{value}",
            f"{start}({value})",
        )
        if _is_map_entry(write, target) or not direct:
            return self._assigned(target, combined)
        return f"{write.text(target)} {node.operator}= {value}"

    def _if(self, node: ir.If) -> None:
        word = "if"
        while True:
            self._out.line(f"{word} ({self._write.text(node.condition)}) {{")
            self._block(node.then)
            match node.otherwise:
                case (ir.If() as inner,):
                    node, word = inner, "} else if"
                case ():
                    return self._out.line("}")
                case otherwise:
                    self._out.line("} else {")
                    self._block(otherwise)
                    return self._out.line("}")

    def _for(self, node: ir.For) -> None:
        """A loop; by index where that is how it is written."""
        write = self._write
        match node.iterable:
            case ir.Range() as numbers:
                name = self._index_name() if node.pattern.names == ("_",) else node.pattern.names[0]
                head, first = self._counting(write.name(name), numbers, node.body), []
            case ir.Enumerate(base=ir.Name() as base) if base.type == t.STR:
                index, item = node.pattern.names
                name = write.name(self._index_name() if index == "_" else index)
                head = f"let {name} = 0; {name} < {write.text(base)}.length; {name}++"
                first = [] if item == "_" else [f"const {write.name(item)} = {write.text(base)}[{name}];"]
            case ir.Zip(left=ir.Name() as left, right=ir.Name() as right):
                name = write.name(self._index_name())
                texts = write.text(left), write.text(right)
                head = f"let {name} = 0; {name} < Math.min({texts[0]}.length, {texts[1]}.length); {name}++"
                pairs = zip(node.pattern.names, texts, strict=True)
                first = [f"const {write.name(item)} = {text}[{name}];" for item, text in pairs if item != "_"]
            case iterable:
                head = f"const {folds.pattern_text(write, node.pattern)} of {folds.source(write, iterable).text}"
                first = []
        self._out.line(f"for ({head}) {{")
        self._block(node.body, first)
        self._out.line("}")

    def _counting(self, name: str, numbers: ir.Range, body: tuple[ir.Statement, ...]) -> str:
        write, step = self._write, numbers.step
        stop: ir.Expression = numbers.stop
        sign = "<" if step > 0 else ">"
        match numbers.stop:
            case ir.Binary(operator="+", left=left, right=right) if step > 0 and right == _ONE:
                stop, sign = left, "<="
            case ir.Binary(operator="-", left=left, right=right) if step < 0 and right == _ONE:
                stop, sign = left, ">="
            case ir.Literal(value=-1) if step < 0:
                stop, sign = ir.Literal(t.INT, 0), ">="
        end = write.tolerant(stop, SHIFT)
        if self._is_unsteady(stop, body):
            held = write.name(self._names.draw(("end", "limit", "stop")))
            self._out.line(f"const {held} = {write.text(stop)};")
            end = held
        onward = f"{name}{'++' if step > 0 else '--'}" if abs(step) == 1 else f"{name} {'+-'[step < 0]}= {abs(step)}"
        return f"let {name} = {write.text(numbers.start)}; {name} {sign} {end}; {onward}"

    def _is_unsteady(self, stop: ir.Expression, body: tuple[ir.Statement, ...]) -> bool:
        """Whether an end must be computed before the loop: the body changes it, or it is dear."""
        parts = every(stop)
        if any(isinstance(part, ir.Call | ir.MethodCall | ir.Fold) for part in parts):
            return True
        if any(isinstance(part, ir.Builtin) and part.name in MUTATING for part in parts):
            return True
        touched = changed(body) | shared_arguments(body, self._program)
        return any(isinstance(part, ir.Name) and part.name in touched for part in parts)

    def _index_name(self) -> str:
        return self._names.draw(_INDEXES)


def function_head(write: JavascriptExpressions, function: ir.Function) -> str:
    """`function name(parameters)`."""
    return f"function {write.name(function.name)}({_parameters(write, function.parameters)})"


def _parameters(write: JavascriptExpressions, parameters: tuple[ir.Parameter, ...]) -> str:
    return ", ".join(write.name(parameter.name) for parameter in parameters)


def _is_map_entry(write: JavascriptExpressions, target: ir.Target) -> bool:
    return isinstance(target, ir.Lookup) and not write.is_object(target.base.type)
