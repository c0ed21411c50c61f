"""What the reader knows while it reads a body: functions, classes, and the variables in sight."""

import ast
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NoReturn

from hrm_edge.errors import DataError
from hrm_edge.train.data.ir.types import (
    BOOL,
    CHAR,
    FLOAT,
    INT,
    NOTHING,
    STR,
    List,
    Map,
    Object,
    Optional,
    Queue,
    Set,
    Slot,
    Tuple,
    Type,
)

_PLAIN: Mapping[str, Type] = {"int": INT, "float": FLOAT, "bool": BOOL, "str": STR, "char": CHAR}


@dataclass(frozen=True)
class Head:
    """Types of a function, method or constructor, by parameter name."""

    parameters: tuple[tuple[str, Type], ...]
    result: Type


@dataclass(frozen=True)
class ClassHead:
    """What the outside of a class shows."""

    constructor: Head
    fields: Mapping[str, Type]
    methods: Mapping[str, Head]


@dataclass
class Scope:
    """Functions and classes of the module, and the frames of variables from the outermost block in."""

    place: str
    """Module and function, for messages."""
    functions: Mapping[str, Head]
    classes: Mapping[str, ClassHead]
    frames: list[dict[str, Type]] = field(default_factory=list)
    ended: set[str] = field(default_factory=set)
    """Variables of blocks that have ended: out of sight in five of six languages."""

    @contextmanager
    def block(self) -> Iterator[None]:
        """A block inside the present one."""
        self.frames.append({})
        yield
        self.ended.update(self.frames.pop())

    def find(self, name: str) -> Type | None:
        """Type of a variable in sight."""
        return next((frame[name] for frame in reversed(self.frames) if name in frame), None)

    def declare(self, node: ast.AST, name: str, kind: Type) -> None:
        """A new variable of the innermost block."""
        if self.find(name) is not None:
            self.refuse(node, f"{name!r} hides a variable of the same name: give it another")
        if name in self.functions or name in self.classes:
            self.refuse(node, f"{name!r} is a function or class already: give it another name")
        if name != "_":
            self.frames[-1][name] = kind

    def refuse(self, node: ast.AST, message: str) -> NoReturn:
        """The source leaves the subset.

        Raises:
            DataError: always, with the place.
        """
        raise DataError(f"{self.place}:{getattr(node, 'lineno', 0)}: {message}")

    def type_of(self, node: ast.expr) -> Type:
        """The type that an annotation writes.

        Raises:
            DataError: it is none of the subset's.
        """
        match node:
            case ast.Constant(value=None):
                return NOTHING
            case ast.Constant(value=str(text)):
                return self.type_of(ast.parse(text, mode="eval").body)
            case ast.Name(id=name) if name in _PLAIN:
                return _PLAIN[name]
            case ast.Name(id=name) if name in self.classes:
                return Object(name)
            case ast.BinOp(left=item, op=ast.BitOr(), right=ast.Constant(value=None)):
                return Optional(self.type_of(item))
            case ast.Subscript(value=ast.Name(id="list"), slice=item):
                return List(self.type_of(item))
            case ast.Subscript(value=ast.Name(id="set"), slice=item):
                return Set(self.type_of(item))
            case ast.Subscript(value=ast.Name(id="deque"), slice=item):
                return Queue(self.type_of(item))
            case ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[key, value])):
                return Map(self.type_of(key), self.type_of(value))
            case ast.Subscript(value=ast.Name(id="tuple"), slice=ast.Tuple(elts=items)):
                return Tuple(tuple(self.type_of(item) for item in items))
            case ast.Subscript(value=ast.Name(id="Callable"), slice=ast.Tuple(elts=[ast.List(elts=items), result])):
                return Slot(tuple(self.type_of(item) for item in items), self.type_of(result))
        self.refuse(node, f"{ast.unparse(node)} is no type of the subset")
