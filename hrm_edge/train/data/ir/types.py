"""Types of the intermediate form, and how each is written in a Signature.

A `char` is one character of a text: what iterating or indexing a `str` gives. It exists because five of the six
languages tell it from a text; a function's parameters and results never have it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Int:
    """A whole number; |value| < 2**53 everywhere, checked by the interpreter."""

    def __str__(self) -> str:
        return "int"


@dataclass(frozen=True)
class Float:
    """An IEEE double."""

    def __str__(self) -> str:
        return "float"


@dataclass(frozen=True)
class Bool:
    """True or false."""

    def __str__(self) -> str:
        return "bool"


@dataclass(frozen=True)
class Str:
    """A text of ASCII characters."""

    def __str__(self) -> str:
        return "str"


@dataclass(frozen=True)
class Char:
    """One character of a text."""

    def __str__(self) -> str:
        return "char"


@dataclass(frozen=True)
class Nothing:
    """What a function without a result returns."""

    def __str__(self) -> str:
        return "none"


@dataclass(frozen=True)
class List:
    """A growable sequence; also a stack (append, pop)."""

    item: "Type"

    def __str__(self) -> str:
        return f"list[{self.item}]"


@dataclass(frozen=True)
class Queue:
    """First in, first out: append and popleft. Never in a signature."""

    item: "Type"

    def __str__(self) -> str:
        return f"queue[{self.item}]"


@dataclass(frozen=True)
class Set:
    """Distinct values, in no order. Never in a signature."""

    item: "Type"

    def __str__(self) -> str:
        return f"set[{self.item}]"


@dataclass(frozen=True)
class Map:
    """Keys (int, str, char, or a tuple of ints inside a function) to values, in no order."""

    key: "Type"
    value: "Type"

    def __str__(self) -> str:
        return f"map[{self.key},{self.value}]"


@dataclass(frozen=True)
class Tuple:
    """A fixed number of values. In a signature only as the whole result."""

    items: "tuple[Type, ...]"

    def __str__(self) -> str:
        return f"tuple[{','.join(map(str, self.items))}]"


@dataclass(frozen=True)
class Optional:
    """A value or nothing. Only as a parameter or as the whole result."""

    item: "Type"

    def __str__(self) -> str:
        return f"optional[{self.item}]"


@dataclass(frozen=True)
class Object:
    """An instance of a class of the program. Never in a signature."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Slot:
    """A function that composition puts in: a parameter of an atom, never of a finished program."""

    parameters: "tuple[Type, ...]"
    result: "Type"

    def __str__(self) -> str:
        return f"({','.join(map(str, self.parameters))})->{self.result}"


Type = Int | Float | Bool | Str | Char | Nothing | List | Queue | Set | Map | Tuple | Optional | Object | Slot

INT, FLOAT, BOOL, STR, CHAR, NOTHING = Int(), Float(), Bool(), Str(), Char(), Nothing()
