"""One Go program: how types and names are written in it, and which imports, helpers and struct types it needs."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.fresh_names import declared_names
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.ir.types import (
    Bool,
    Char,
    Float,
    Int,
    List,
    Map,
    Nothing,
    Object,
    Optional,
    Queue,
    Set,
    Str,
    Tuple,
    Type,
)
from hrm_edge.train.data.renderers.go_syntax import Composite, Prefix, Source, call
from hrm_edge.train.data.renderers.names import camel, clear_of, pascal

RESERVED = frozenset(
    (
        *("break", "case", "chan", "const", "continue", "default", "defer", "else", "fallthrough", "for", "func", "go"),
        *("goto", "if", "import", "interface", "map", "package", "range", "return", "select", "struct", "switch"),
        *(
            "type",
            "var",
            "any",
            "append",
            "bool",
            "byte",
            "cap",
            "clear",
            "copy",
            "delete",
            "error",
            "false",
            "float64",
        ),
        *("int", "len", "make", "max", "min", "new", "nil", "panic", "print", "rune", "string", "true"),
        *("bits", "bufio", "fmt", "maps", "math", "os", "reflect", "slices", "sort", "strconv", "strings", "testing"),
        *("unicode", "main", "init"),
    )
)
_PLAIN: dict[type, str] = {Int: "int", Float: "float64", Bool: "bool", Str: "string"}
_ZEROS: dict[type, str] = {Int: "0", Float: "0", Bool: "false", Str: '""', Char: "0"}
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_LENGTH_CHANGES = frozenset(("append", "pop", "insert", "extend", "pop_first"))
_HELPERS = {
    "abs": (
        "func {name}(x int) int {{",
        "\tif x < 0 {{",
        "\t\treturn -x",
        "\t}}",
        "\treturn x",
        "}}",
    ),
    "power": (
        "func {name}(base, exponent int) int {{",
        "\tresult := 1",
        "\tfor ; exponent > 0; exponent-- {{",
        "\t\tresult *= base",
        "\t}}",
        "\treturn result",
        "}}",
    ),
    "floor_div": (
        "func {name}(a, b int) int {{",
        "\tquotient := a / b",
        "\tif a%b != 0 && (a < 0) != (b < 0) {{",
        "\t\tquotient--",
        "\t}}",
        "\treturn quotient",
        "}}",
    ),
    "floor_mod": (
        "func {name}(a, b int) int {{",
        "\treturn ((a % b) + b) % b",
        "}}",
    ),
}


class GoUnit:
    """What the parts of one program share while it is written."""

    def __init__(self, program: ir.Program) -> None:
        self.program = program
        self.imports: set[str] = set()
        self.functions = {function.name: function for function in program.functions}
        self.classes = {kind.name: kind for kind in program.classes}
        self.structs: dict[Tuple, str] = {}
        self._helpers: dict[str, str] = {}

    @cached_property
    def char(self) -> str:
        """The type of a character: rune where texts are only gone through, byte where they are indexed too."""
        return "byte" if _picks_characters(self.program) else "rune"

    @cached_property
    def pointers(self) -> dict[str, frozenset[str]]:
        """Slices whose length a function changes for its caller, by function: these are passed by address."""
        return pointer_parameters(self.program)

    @cached_property
    def _taken(self) -> set[str]:
        return {camel(name) for name in declared_names((self.program.functions, self.program.classes))}

    # --- names

    def variable(self, name: str) -> str:
        """A variable, parameter, field, function or method."""
        return clear_of(RESERVED, camel(name))

    def class_name(self, name: str) -> str:
        """A class's struct type."""
        return pascal(name)

    def helper(self, name: str) -> str:
        """A small function that Go's library does not have; it is written with the program."""
        if name not in self._helpers:
            self._helpers[name] = self._free((camel(name), camel(f"int_{name}"), camel(f"go_{name}")))
        return self._helpers[name]

    def helper_lines(self) -> Iterable[tuple[str, ...]]:
        """The helpers that were asked for."""
        for name in sorted(self._helpers):
            yield tuple(line.format(name=self._helpers[name]) for line in _HELPERS[name])

    def _free(self, names: Iterable[str]) -> str:
        name = next(name for name in names if name not in self._taken)
        self._taken.add(name)
        return name

    # --- types

    def type(self, type_: Type) -> str:
        """How a type is written."""
        match type_:
            case Char():
                return self.char
            case List(item=item) | Queue(item=item):
                return f"[]{self.type(item)}"
            case Set(item=item):
                return f"map[{self.type(item)}]bool"
            case Map(key=key, value=value):
                return f"map[{self.type(key)}]{self.type(value)}"
            case Tuple(items=items):
                return f"[{len(items)}]{self.type(items[0])}" if is_array(type_) else self._struct(type_)
            case Optional(item=item):
                return f"*{self.type(item)}"
            case Object(name=name):
                return f"*{self.class_name(name)}"
            case Nothing():
                return ""
        return _PLAIN[type(type_)]

    def result(self, type_: Type) -> str:
        """What stands between a function's parameters and its body, a blank before it."""
        match type_:
            case Nothing():
                return ""
            case Tuple(items=items):
                return f" ({', '.join(map(self.type, items))})"
        return f" {self.type(type_)}"

    def parameters(self, parameters: Iterable[ir.Parameter], pointers: frozenset[str] = frozenset()) -> str:
        """`a, b int, xs []int`: one type for parameters in a row that have the same."""
        groups: list[tuple[list[str], str]] = []
        for parameter in parameters:
            text = ("*" if parameter.name in pointers else "") + self.type(parameter.type)
            if groups and groups[-1][1] == text:
                groups[-1][0].append(self.variable(parameter.name))
            else:
                groups.append(([self.variable(parameter.name)], text))
        return ", ".join(f"{', '.join(names)} {text}" for names, text in groups)

    def _struct(self, type_: Tuple) -> str:
        if type_ not in self.structs:
            size = {2: "pair", 3: "triple"}.get(len(type_.items), "group")
            self.structs[type_] = self._free((size, "entry", "record", *(f"{size}{at}" for at in range(2, 20))))
        return self.structs[type_]

    def struct_lines(self) -> Iterable[tuple[str, ...]]:
        """The struct types of tuples of different types."""
        done: set[Tuple] = set()
        while len(done) < len(self.structs):
            for type_ in tuple(self.structs):
                if type_ not in done:
                    done.add(type_)
                    fields = [(member_of(at), self.type(item)) for at, item in enumerate(type_.items)]
                    yield (f"type {self.structs[type_]} struct {{", *aligned(fields), "}")

    # --- values

    def literal(self, value: Any, type_: Type, *, typed: bool = True) -> Source:
        """A Python value; `typed` false leaves out a composite's type, as inside another composite."""
        match type_:
            case Optional(item=item):
                return "nil" if value is None else call("ptr", self.literal(value, item))
            case List(item=item):
                values = tuple(self.literal(one, item, typed=False) for one in value)
                return Composite(self.type(type_) if typed else "", values)
            case Map(key=key, value=content):
                keys = tuple(self.literal(one, key, typed=False) for one in value)
                contents = tuple(self.literal(one, content, typed=False) for one in value.values())
                return Composite(self.type(type_) if typed else "", contents, keys)
            case Tuple(items=items):
                parts = tuple(self.literal(one, item) for one, item in zip(value, items, strict=True))
                return Composite(self.type(type_) if typed else "", parts)
        return scalar(value, type_)

    def zero(self, type_: Type) -> str:
        """What a variable of the type has from the start."""
        return _ZEROS.get(type(type_), "nil")


def scalar(value: Any, type_: Type) -> str | Prefix:
    """A number, truth value, text or character."""
    text = str(value) if isinstance(type_, Str | Char) else repr(value)
    match type_:
        case Bool():
            return text.lower()
        case Str():
            return '"' + "".join(_ESCAPES.get(char, char) for char in text).replace('"', '\\"') + '"'
        case Char():
            return "'" + _ESCAPES.get(text, text).replace("'", "\\'") + "'"
    return Prefix("-", text[1:]) if text.startswith("-") else text


def is_array(type_: Tuple) -> bool:
    """Whether a tuple is written as an array: all of its parts have one type."""
    return len(set(type_.items)) == 1


def member_of(at: int) -> str:
    """The name of a struct's field."""
    return ("first", "second", "third", "fourth", "fifth", "sixth")[at]


def aligned(fields: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Fields of a struct as gofmt aligns them."""
    fields = tuple(fields)
    width = max((len(name) for name, _ in fields), default=0)
    return tuple(f"\t{name:<{width}} {type_}" for name, type_ in fields)


def pointer_parameters(program: ir.Program) -> dict[str, frozenset[str]]:
    """Slices whose length a function changes for its caller, by function: these are passed by address."""
    found: dict[str, set[str]] = {function.name: set() for function in program.functions}
    shared = {
        function.name: {
            each.name for each in function.parameters if each.shared and isinstance(each.type, List | Queue)
        }
        for function in program.functions
    }
    if not any(shared.values()):
        return {name: frozenset() for name in found}
    functions = {function.name: function for function in program.functions}
    grown = True
    while grown:
        before = sum(map(len, found.values()))
        for function in program.functions:
            for node in every(function.body):
                found[function.name] |= _resized(node, functions, found) & shared[function.name]
        grown = sum(map(len, found.values())) > before
    return {name: frozenset(names) for name, names in found.items()}


def _resized(node: Any, functions: dict[str, ir.Function], found: dict[str, set[str]]) -> set[str]:
    match node:
        case ir.Builtin(name=name, arguments=(ir.Name(name=target), *_)) if name in _LENGTH_CHANGES:
            return {target}
        case ir.Call(function=callee, arguments=arguments) if callee in functions:
            pairs = zip(arguments, functions[callee].parameters, strict=True)
            return {value.name for value, it in pairs if it.name in found[callee] and isinstance(value, ir.Name)}
    return set()


def _picks_characters(program: ir.Program) -> bool:
    """Whether characters are taken out of texts by their place, where Go has bytes."""
    for node in every((program.functions, program.classes)):
        match node:
            case ir.Index(base=base) | ir.Builtin(name="last", arguments=(base,)) if base.type == Str():
                return True
            case ir.Zip(left=left, right=right) if Str() in (left.type, right.type):
                return True
            case ir.For(iterable=ir.Builtin(name="reversed_text")) | ir.Fold(iterable=ir.Builtin(name="reversed_text")):
                return True
    return False
