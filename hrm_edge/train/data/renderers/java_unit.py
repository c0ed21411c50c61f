"""One Java program: how types, names and values are written in it, which imports and records it needs."""

from collections.abc import Iterable
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
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
from hrm_edge.train.data.renderers.java_syntax import BOXES, UNARY, Java
from hrm_edge.train.data.renderers.names import camel, clear_of, pascal

RESERVED = frozenset(
    (
        *("abstract", "assert", "boolean", "break", "byte", "case", "catch", "char", "class", "const", "continue"),
        *("default", "do", "double", "else", "enum", "extends", "final", "finally", "float", "for", "goto", "if"),
        *("implements", "import", "instanceof", "int", "interface", "long", "native", "new", "package", "private"),
        *("protected", "public", "return", "short", "static", "strictfp", "super", "switch", "synchronized", "this"),
        *("throw", "throws", "transient", "try", "void", "volatile", "while", "true", "false", "null", "_"),
        *("var", "record", "yield", "sealed", "permits"),
    )
)
_METHODS_OF_OBJECT = frozenset(
    ("clone", "equals", "finalize", "getClass", "hashCode", "notify", "notifyAll", "toString", "wait")
)
_PACKAGES = {
    **dict.fromkeys(
        (
            *("ArrayDeque", "ArrayList", "Arrays", "Collections", "Comparator", "Deque", "HashMap", "HashSet", "List"),
            *("Map", "Objects", "Optional", "Set", "TreeMap", "TreeSet"),
        ),
        "java.util",
    ),
    **dict.fromkeys(("BufferedReader", "IOException", "InputStreamReader"), "java.io"),
    "Collectors": "java.util.stream",
}
_TAKEN_CLASSES = frozenset(
    (*_PACKAGES, "Solution", "String", "Integer", "Long", "Object", "Math", "Character", "Record")
)
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_MEMBERS = ("first", "second", "third", "fourth", "fifth", "sixth")


class JavaUnit:
    """What the parts of one program share while it is written."""

    def __init__(self, program: ir.Program) -> None:
        self.program = program
        self.whole = "long" if program.facts.wide else "int"
        self.imports: set[str] = set()
        self.functions = {function.name: function for function in program.functions}
        self.classes = {kind.name: kind for kind in program.classes}
        self.records: dict[Tuple, str] = {}
        self._taken = {pascal(kind.name) for kind in program.classes} | _TAKEN_CLASSES

    # --- names

    def variable(self, name: str) -> str:
        """A variable, parameter or field."""
        return clear_of(RESERVED, camel(name))

    def method(self, name: str) -> str:
        """A function or method."""
        return clear_of(RESERVED | _METHODS_OF_OBJECT, camel(name))

    def class_name(self, name: str) -> str:
        """A class of the program."""
        return clear_of(_TAKEN_CLASSES, pascal(name))

    def library(self, name: str) -> str:
        """A class of Java's library, imported."""
        self.imports.add(name)
        return name

    def import_lines(self) -> list[str]:
        """What was asked for, in order."""
        return sorted(f"import {_PACKAGES[name]}.{name};" for name in self.imports)

    # --- types

    def type(self, type_: Type) -> str:
        """How a type is written where a value of it stands alone."""
        match type_:
            case Int():
                return self.whole
            case Float():
                return "double"
            case Bool():
                return "boolean"
            case Char():
                return "char"
            case Nothing():
                return "void"
        return self.boxed(type_)

    def boxed(self, type_: Type) -> str:
        """How a type is written between `<` and `>`."""
        match type_:
            case Str():
                return "String"
            case List(item=item):
                return f"{self.library('List')}<{self.boxed(item)}>"
            case Queue(item=item):
                return f"{self.library('Deque')}<{self.boxed(item)}>"
            case Set(item=item):
                return f"{self.library('Set')}<{self.boxed(item)}>"
            case Map(key=key, value=value):
                return f"{self.library('Map')}<{self.boxed(key)}, {self.boxed(value)}>"
            case Optional(item=item):
                inner = self._collected(item) if isinstance(item, Tuple) else self.boxed(item)
                return f"{self.library('Optional')}<{inner}>"
            case Object(name=name):
                return self.class_name(name)
            case Tuple():
                return self.record(type_)
        return BOXES[self.type(type_)]

    def result(self, type_: Type) -> str:
        """How a function's result is written: a tuple is an array, an entry of a map, or a list."""
        match type_:
            case Tuple(items=(first, *_)) if is_array(type_):
                return f"{self.type(first)}[]"
            case Tuple():
                return self._collected(type_)
        return self.type(type_)

    def _collected(self, type_: Tuple) -> str:
        """The entry of a map or the list that has a tuple's parts."""
        items = type_.items
        if is_entry(type_):
            return f"{self.library('Map')}.Entry<{self.boxed(items[0])}, {self.boxed(items[1])}>"
        return f"{self.library('List')}<{self.boxed(items[0]) if len(set(items)) == 1 else 'Object'}>"

    def record(self, type_: Tuple) -> str:
        """The record that a tuple inside the program is."""
        if type_ not in self.records:
            size = {2: "Pair", 3: "Triple"}.get(len(type_.items), "Group")
            names = (size, f"{size}Of", "Item", *(f"{size}{at}" for at in range(2, 20)))
            name = next(name for name in names if name not in self._taken)
            self._taken.add(name)
            self.records[type_] = name
        return self.records[type_]

    def record_lines(self) -> Iterable[str]:
        """The records."""
        done: set[Tuple] = set()
        while len(done) < len(self.records):
            for type_ in tuple(self.records):
                if type_ not in done:
                    done.add(type_)
                    pairs = zip(type_.items, _MEMBERS, strict=False)
                    fields = ", ".join(f"{self.type(item)} {name}" for item, name in pairs)
                    yield f"private record {self.records[type_]}({fields}) {{}}"

    def parameters(self, parameters: Iterable[ir.Parameter]) -> str:
        """`List<Integer> xs, int n`."""
        return ", ".join(f"{self.type(each.type)} {self.variable(each.name)}" for each in parameters)

    # --- values

    def literal(self, value: Any, type_: Type) -> Java:
        """A Python value where a value of the type stands alone; nothing changes it."""
        match type_:
            case Optional(item=item):
                optional = self.library("Optional")
                if value is None:
                    return Java(f"{optional}.empty()")
                inner = self._tuple(value, item) if isinstance(item, Tuple) else self.inner(value, item)
                return Java(f"{optional}.of({inner})")
            case List(item=item):
                return Java(f"{self.library('List')}.of({', '.join(self.inner(one, item) for one in value)})")
            case Map(key=key, value=content):
                return self._map(value, key, content)
            case Tuple(items=items) if is_array(type_):
                parts = (self.literal(one, item).text for one, item in zip(value, items, strict=True))
                return Java(f"new {self.type(items[0])}[] {{{', '.join(parts)}}}")
            case Tuple():
                return Java(self._tuple(value, type_))
        return scalar(value, type_, self.whole)

    def inner(self, value: Any, type_: Type) -> str:
        """A Python value inside a list or map, where numbers are boxed."""
        written = self.literal(value, type_).text
        return f"{written}L" if isinstance(type_, Int) and self.whole == "long" and written[-1] != "L" else written

    def _map(self, value: dict[Any, Any], key: Type, content: Type) -> Java:
        name = self.library("Map")
        pairs = [(self.inner(one, key), self.inner(other, content)) for one, other in value.items()]
        if len(pairs) <= 10:
            return Java(f"{name}.of({', '.join(f'{one}, {other}' for one, other in pairs)})")
        return Java(f"{name}.ofEntries({', '.join(f'{name}.entry({one}, {other})' for one, other in pairs)})")

    def _tuple(self, value: Any, type_: Tuple) -> str:
        parts = (self.inner(one, item) for one, item in zip(value, type_.items, strict=True))
        made = f"{self.library('Map')}.entry" if is_entry(type_) else f"{self.library('List')}.of"
        return f"{made}({', '.join(parts)})"


def scalar(value: Any, type_: Type, whole: str) -> Java:
    """A number, truth value, text or character."""
    text = str(value) if isinstance(type_, Str | Char) else repr(value)
    match type_:
        case Bool():
            return Java(text.lower(), "boolean")
        case Str():
            return Java('"' + "".join(_ESCAPES.get(char, char) for char in text).replace('"', '\\"') + '"')
        case Char():
            return Java("'" + _ESCAPES.get(text, text).replace("'", "\\'") + "'", "char")
        case Float():
            return Java(text, "double", UNARY if value < 0 else Java("").level)
    far = not -(2**31) <= value < 2**31
    level = UNARY if value < 0 else Java("").level
    return Java(f"{text}L", "long", level) if far and whole == "long" else Java(text, "int", level)


def is_array(type_: Tuple) -> bool:
    """Whether a function returns such a tuple as an array."""
    return len(set(type_.items)) == 1 and isinstance(type_.items[0], Int | Float | Bool | Str)


def is_entry(type_: Tuple) -> bool:
    """Whether a tuple outside the program is an entry of a map where it is no array: two parts of different types."""
    return len(type_.items) == 2 and type_.items[0] != type_.items[1]


def member_of(at: int) -> str:
    """The name of a record's part."""
    return _MEMBERS[at]


def index_variables(function: ir.Function) -> frozenset[str]:
    """Variables of counting loops that do nothing but pick items: int even where other numbers are long."""
    counters = {
        name
        for node in every(function.body)
        if isinstance(node, ir.For) and isinstance(node.iterable, ir.Range | ir.Enumerate)
        for name in node.pattern.names[:1]
    }
    uses: dict[str, int] = dict.fromkeys(counters, 0)
    for node in every(function.body):
        match node:
            case ir.Name(name=name) if name in uses:
                uses[name] += 1
            case ir.Index(index=index):
                for name in _plain_index(index):
                    if name in uses:
                        uses[name] -= 1
    return frozenset(name for name, left in uses.items() if left == 0)


def _plain_index(index: ir.Expression) -> tuple[str, ...]:
    match index:
        case ir.Name(name=name):
            return (name,)
        case ir.Binary(operator="+" | "-", left=ir.Name(name=name), right=ir.Literal()):
            return (name,)
    return ()
