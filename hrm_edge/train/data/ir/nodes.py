"""Nodes of the intermediate form: what a program is made of, before it is source in any language.

Everything is immutable, so passes return new trees (`dataclasses.replace`). Values have value semantics: a list put
into another list is a copy of it as far as any program can tell, and a program that could tell is refused. Order of
maps and sets cannot be told either. What Python would clamp or wrap (a slice past the end, a negative index) is an
error here, so that plain source in every language means the same.
"""

from dataclasses import dataclass, field
from typing import Literal as OneOf

from hrm_edge.train.data.ir.types import BOOL, Bool, List, Map, Object, Type

# --- expressions; each has a `type`


@dataclass(frozen=True)
class Literal:
    """A number, truth value, text, character, or None of an Optional type."""

    type: Type
    value: int | float | bool | str | None


@dataclass(frozen=True)
class Name:
    """A variable or parameter."""

    type: Type
    name: str


@dataclass(frozen=True)
class Unary:
    """`-x` or `not x`."""

    type: Type
    operator: OneOf["-", "not"]
    operand: "Expression"


@dataclass(frozen=True)
class Binary:
    """Arithmetic on two ints or two floats (`/` gives a float of two ints as well); `+` also joins texts, characters
    and texts, or lists; `&`, `|`, `-` also work on sets. `//` and `%` round toward minus infinity, as in Python;
    `Facts.negative_division` says whether a program ever sees a negative operand there."""

    type: Type
    operator: OneOf["+", "-", "*", "/", "//", "%", "**", "&", "|", "^", "<<", ">>"]
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True)
class Compare:
    """One comparison of two values of the same type. Ordering: numbers, texts, characters, tuples of them."""

    operator: OneOf["==", "!=", "<", "<=", ">", ">="]
    left: "Expression"
    right: "Expression"
    type: Bool = BOOL


@dataclass(frozen=True)
class Logical:
    """`and` / `or` of two or more operands, left to right, stopping early."""

    operator: OneOf["and", "or"]
    operands: "tuple[Expression, ...]"
    type: Bool = BOOL


@dataclass(frozen=True)
class Conditional:
    """`then if condition else otherwise`."""

    type: Type
    condition: "Expression"
    then: "Expression"
    otherwise: "Expression"


@dataclass(frozen=True)
class Index:
    """An item of a list, a character of a text, or (by a Literal) a part of a tuple. The index is never negative."""

    type: Type
    base: "Expression"
    index: "Expression"


@dataclass(frozen=True)
class Lookup:
    """The value of a key that the map has."""

    type: Type
    base: "Expression"
    key: "Expression"


@dataclass(frozen=True)
class Slice:
    """`base[start:stop]` of a list or text, 0 ≤ start ≤ stop ≤ length; None is the respective end."""

    type: Type
    base: "Expression"
    start: "Expression | None"
    stop: "Expression | None"


@dataclass(frozen=True)
class Call:
    """A function of the same program (or a slot, before composition)."""

    type: Type
    function: str
    arguments: "tuple[Expression, ...]"


@dataclass(frozen=True)
class MethodCall:
    """A method of an object; the receiver is a variable, or `self` inside the class."""

    type: Type
    receiver: "Expression"
    method: str
    arguments: "tuple[Expression, ...]"


@dataclass(frozen=True)
class New:
    """A new object: the class's `__init__` with these arguments."""

    type: Object
    arguments: "tuple[Expression, ...]"


@dataclass(frozen=True)
class Field:
    """A field of an object. The receiver is a variable; inside the class Name("self")."""

    type: Type
    receiver: "Expression"
    field: str


@dataclass(frozen=True)
class Builtin:
    """One of the operations of builtins.BUILTINS, receiver first: `s.upper()` is Builtin("upper", (s,))."""

    type: Type
    name: str
    arguments: "tuple[Expression, ...]"


@dataclass(frozen=True)
class ListDisplay:
    """`[a, b, c]`; empty with its type known."""

    type: List
    items: "tuple[Expression, ...]"


@dataclass(frozen=True)
class TupleDisplay:
    """`(a, b)`."""

    type: Type
    items: "tuple[Expression, ...]"


@dataclass(frozen=True)
class MapDisplay:
    """`{k: v}`; empty with its type known."""

    type: Map
    entries: "tuple[tuple[Expression, Expression], ...]"


@dataclass(frozen=True)
class Range:
    """Whole numbers from start, before stop; step is not 0. Only as the iterable of a For or Fold."""

    type: List
    start: "Expression"
    stop: "Expression"
    step: int = 1


@dataclass(frozen=True)
class Enumerate:
    """(index, item) pairs of a list or text. Only as an iterable, with a pattern of two names."""

    type: List
    base: "Expression"


@dataclass(frozen=True)
class Zip:
    """Pairs of two lists or texts, as long as the shorter. Only as an iterable, with a pattern of two names."""

    type: List
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True)
class Items:
    """(key, value) pairs of a map in no order. Only as an iterable, with a pattern of two names."""

    type: List
    base: "Expression"


@dataclass(frozen=True)
class Pattern:
    """The names an iteration binds: one, or one per item of a tuple. `_` is a name that is not used."""

    names: tuple[str, ...]
    types: tuple[Type, ...]


FoldKind = OneOf["list", "set", "map", "sum", "count", "any", "all", "min", "max"]


@dataclass(frozen=True)
class Fold:
    """A comprehension, and what is made of it: `[element for pattern in iterable if condition]` for "list", and so on.

    "count" counts the items that meet the condition (`sum(1 for …)`): its element is not used. "any" and "all" have
    their predicate in `element` and no condition. "map" has the key in `key`. "min" and "max" see one item at least.
    A Fold never stands in the condition of a While, right of the first operand of a Logical, or in a branch of a
    Conditional, so that it can always be written as a loop before its statement.
    """

    type: Type
    kind: FoldKind
    element: "Expression"
    pattern: Pattern
    iterable: "Expression"
    condition: "Expression | None" = None
    key: "Expression | None" = None


@dataclass(frozen=True)
class SortBy:
    """`sorted(base, key=lambda parameter: key, reverse=descending)`: a new list, stable. The key is an int, text, or a
    tuple of ints and texts; in it -x of an int reverses that part."""

    type: List
    base: "Expression"
    parameter: str
    key: "Expression"
    descending: bool = False


@dataclass(frozen=True)
class Unwrap:
    """The value of an Optional that is known to be there (after a test for None)."""

    type: Type
    operand: "Expression"


@dataclass(frozen=True)
class IsNone:
    """`operand is None`; with `negated`, `is not None`."""

    operand: "Expression"
    negated: bool = False
    type: Bool = BOOL


Expression = (
    Literal
    | Name
    | Unary
    | Binary
    | Compare
    | Logical
    | Conditional
    | Index
    | Lookup
    | Slice
    | Call
    | MethodCall
    | New
    | Field
    | Builtin
    | ListDisplay
    | TupleDisplay
    | MapDisplay
    | Range
    | Enumerate
    | Zip
    | Items
    | Fold
    | SortBy
    | Unwrap
    | IsNone
)
Target = Name | Index | Lookup | Field

# --- statements


@dataclass(frozen=True)
class Let:
    """A new variable, seen in the rest of its block and in the blocks inside."""

    name: str
    type: Type
    value: Expression


@dataclass(frozen=True)
class LetTuple:
    """New variables for the parts of a tuple: `a, b = pair`. `_` is a part that is not used."""

    names: tuple[str, ...]
    types: tuple[Type, ...]
    value: Expression


@dataclass(frozen=True)
class Assign:
    """A new value for something that is there; for a Lookup also a new key."""

    target: Target
    value: Expression


@dataclass(frozen=True)
class Swap:
    """All values are computed, then all targets set: `a, b = b, a % b`, `xs[i], xs[j] = xs[j], xs[i]`."""

    targets: tuple[Target, ...]
    values: tuple[Expression, ...]


@dataclass(frozen=True)
class Augment:
    """`target op= value`, with Binary's meaning. A Lookup's key is there already."""

    operator: OneOf["+", "-", "*", "//", "%", "&", "|", "^", "<<", ">>"]
    target: Target
    value: Expression


@dataclass(frozen=True)
class If:
    """`otherwise` with a single If in it is an elif."""

    condition: Expression
    then: "tuple[Statement, ...]"
    otherwise: "tuple[Statement, ...]" = ()


@dataclass(frozen=True)
class While:
    """A loop with its condition first."""

    condition: Expression
    body: "tuple[Statement, ...]"


@dataclass(frozen=True)
class For:
    """A loop over a list, text, set (in no order), map's keys (in no order), Range, Enumerate, Zip or Items. The body
    does not change what it iterates over, nor its pattern's names."""

    pattern: Pattern
    iterable: Expression
    body: "tuple[Statement, ...]"


@dataclass(frozen=True)
class Return:
    """Ends the function. None only where its result is Nothing."""

    value: Expression | None


@dataclass(frozen=True)
class Break:
    """Ends the innermost loop."""


@dataclass(frozen=True)
class Continue:
    """Goes on with the innermost loop's next round."""


@dataclass(frozen=True)
class Do:
    """An expression for its effect: a mutating Builtin, or a Call or MethodCall."""

    value: Expression


Statement = Let | LetTuple | Assign | Swap | Augment | If | While | For | Return | Break | Continue | Do

# --- programs


@dataclass(frozen=True)
class Parameter:
    """`shared`: the function changes what the caller passed (a visited set of a search). Never in the entry."""

    name: str
    type: Type
    shared: bool = False


@dataclass(frozen=True)
class Function:
    """A function or method. A method does not list `self`."""

    name: str
    parameters: tuple[Parameter, ...]
    result: Type
    body: tuple[Statement, ...]


@dataclass(frozen=True)
class Class:
    """A class: the constructor sets every field once, each to an expression of the constructor's parameters."""

    name: str
    parameters: tuple[Parameter, ...]
    fields: tuple[tuple[str, Type, Expression], ...]
    methods: tuple[Function, ...]


@dataclass(frozen=True)
class Facts:
    """What the interpreter saw over many inputs of a program's domain; renderers choose plain forms by it."""

    wide: bool = False
    """Some int reached 2**31: the language's 64-bit type is needed."""
    negative_division: bool = False
    """`//` or `%` had a negative operand: plain division of C, Java, Go, Rust and JavaScript would be wrong."""
    negative_zero: bool = False
    """-0, a product, a quotient, a remainder or int(x) was 0 and had a negative operand: JavaScript's would be -0."""


@dataclass(frozen=True)
class Program:
    """What is rendered: helpers and classes first, the entry function last."""

    functions: tuple[Function, ...]
    classes: tuple[Class, ...] = ()
    facts: Facts = field(default_factory=Facts)

    @property
    def entry(self) -> Function:
        """The function a problem asks for."""
        return self.functions[-1]
