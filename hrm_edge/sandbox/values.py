"""Plain Python values as JSON and back, with their exact types: what may cross between an answer and its judge.

None, bool, int, float, str and list are JSON's own; everything else is an object with one key, the type's name:

    (1, 2.0)  →  {"tuple": [1, 2.0]}        {1: "a"}  →  {"dict": [[1, "a"]]}        nan  →  {"float": "nan"}

Only values of exactly the types listed here cross. A subclass could bring its own `__eq__`, so it is refused, and what
`unpack` builds has no method that its sender wrote. The text of this file also runs inside the sandbox (drivers are
sent as source), hence the standard library alone.
"""

import json
import math
from collections import Counter, OrderedDict, defaultdict, deque
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

MAX_DEPTH = 100
MAX_NODES = 1_000_000
"""Values in one value, itself included."""
MAX_CHARACTERS = 4 * 2**20
"""Of the JSON text, and of all texts and numbers in a value."""
MAX_EQUAL_HASHES = 100
"""Keys of one dict or set that share another's hash: more are an attack on hash tables, never chance."""

_PLAIN_INT = 2**53
_FACTORIES = {kind.__name__: kind for kind in (bool, int, float, str, list, tuple, dict, set, frozenset)}
_SEQUENCES: dict[str, Any] = {"tuple": tuple, "set": set, "frozenset": frozenset, "iterator": iter}
_VIEWS: dict[str, Any] = {"dict_keys": dict.keys, "dict_values": dict.values, "dict_items": dict.items}
_MAPPINGS: dict[str, Any] = {"dict": dict, "OrderedDict": OrderedDict, "Counter": Counter}
_BUILT: dict[str, Any] = {  # name → (type, what it is made of, the types of that; None: the constructor checks)
    "complex": (complex, lambda v: [v.real, v.imag], (float, float)),
    "range": (range, lambda v: [v.start, v.stop, v.step], (int, int, int)),
    "Decimal": (Decimal, lambda v: [str(v)], (str,)),
    "Fraction": (Fraction, lambda v: [v.numerator, v.denominator], (int, int)),
    "date": (date, lambda v: [v.year, v.month, v.day], (int, int, int)),
    "time": (time, lambda v: [*_clock(v), v.tzinfo, v.fold], (int, int, int, int, None, int)),
    "datetime": (
        datetime,
        lambda v: [v.year, v.month, v.day, *_clock(v), v.tzinfo, v.fold],
        (int, int, int, int, int, int, int, None, int),
    ),
    "timedelta": (timedelta, lambda v: [v.days, v.seconds, v.microseconds], (int, int, int)),
    "timezone": (timezone, lambda v: list(v.__getinitargs__()), (timedelta, str)),
    "deque": (deque, lambda v: [list(v), v.maxlen], (list, None)),
}
_FOLDED = ("time", "datetime")  # whose last part is an argument by name
_BUILT_NAMES = {kind: name for name, (kind, _, _) in _BUILT.items()}
_SEQUENCE_NAMES = {tuple: "tuple", set: "set", frozenset: "frozenset"}
_MAPPING_NAMES = {kind: name for name, kind in _MAPPINGS.items()}
_VIEW_NAMES = {type({}.keys()): "dict_keys", type({}.values()): "dict_values", type({}.items()): "dict_items"}


class ValueRefusedError(ValueError):
    """A value of a type or size that does not cross, or JSON that stands for none."""


def encode(value: Any) -> str:
    """The JSON text of a value.

    Raises:
        ValueRefusedError: a type that does not cross (named), too deep, or too large.
    """
    return json.dumps(pack(value), separators=(",", ":"), allow_nan=False)


def decode(text: str) -> Any:
    """The value of a JSON text from anyone.

    Raises:
        ValueRefusedError: not JSON, or JSON that `encode` does not write.
    """
    if len(text) > MAX_CHARACTERS:
        raise ValueRefusedError(f"{len(text)} characters, more than {MAX_CHARACTERS}")
    return unpack(parse_json(text))


def parse_json(text: str | bytes) -> Any:
    """JSON without its extensions (NaN, Infinity).

    Raises:
        ValueRefusedError: not JSON, nested too deeply, or a number of thousands of digits.
    """
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ValueRefusedError(f"no JSON: {error}") from None


def pack(value: Any) -> Any:
    """What `encode` writes, as the value that `json` takes.

    Raises:
        ValueRefusedError: as `encode`.
    """
    try:
        return _Packer().pack(value, MAX_DEPTH)
    except RecursionError:
        raise ValueRefusedError("nested too deeply for the recursion limit") from None


def unpack(tree: Any) -> Any:
    """The value of what `json` read.

    Raises:
        ValueRefusedError: nothing that `pack` makes.
    """
    try:
        return _Unpacker().unpack(tree, MAX_DEPTH)
    except ValueRefusedError:
        raise
    except (ArithmeticError, RecursionError, TypeError, ValueError) as error:  # a constructor's, or an unhashable key
        raise ValueRefusedError(str(error)) from None


def strictly_equal(a: Any, b: Any) -> bool:
    """Same value and same type at every depth; nan is nan. Counter, OrderedDict and defaultdict count as dict.

    For values that the codec carries. An iterator is equal to itself alone, since it cannot be read twice.
    """
    return bool(_identity(a) == _identity(b))


def livecodebench_equal(returned: Any, expected: Any) -> bool:
    """LiveCodeBench's rule: a tuple at the top is a list, then Python's `==`.

    https://github.com/LiveCodeBench/LiveCodeBench/blob/28fef95/lcb_runner/evaluation/testing_util.py#L267
    """
    return equal(list(returned) if type(returned) is tuple else returned, expected)


def equal(a: Any, b: Any) -> bool:
    """Python's `==` on values that the codec carries; False where it raises, as for a signalling Decimal nan."""
    try:
        return bool(a == b)
    except ArithmeticError:
        return False


def shown(value: Any) -> str:
    """At most 300 characters of its repr, for people."""
    try:
        return repr(value)[:300]
    except ValueError:  # an int of more digits than Python prints
        return f"<{type(value).__name__} too long to show>"


def printable(text: object) -> str:
    """At most 500 characters of a message from anyone: no escape sequences, no lone surrogates, one line."""
    return "".join(character if character.isprintable() else " " for character in str(text)[:500])


def _refuse_constant(name: str) -> Any:
    raise ValueRefusedError(f"{name} is no JSON")


class _Bounds:
    """How many more values and characters there may be."""

    def __init__(self) -> None:
        self.nodes, self.characters = MAX_NODES, MAX_CHARACTERS

    def take(self, depth: int, nodes: int = 0, characters: int = 0) -> None:
        self.nodes -= nodes
        self.characters -= characters
        if depth < 0:
            raise ValueRefusedError(f"nested more than {MAX_DEPTH} deep, or contains itself")
        if self.nodes < 0:
            raise ValueRefusedError(f"more than {MAX_NODES} values in one")
        if self.characters < 0:
            raise ValueRefusedError(f"more than {MAX_CHARACTERS} characters in one value")


class _Packer(_Bounds):
    def pack(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is int:
            self.take(0, 0, value.bit_length() // 4)
            return value if -_PLAIN_INT < value < _PLAIN_INT else {"int": hex(value)}
        if kind is float:
            return value if math.isfinite(value) else {"float": repr(value)}
        if kind is str:
            self.take(0, 0, len(value))
            return value if value.isascii() or not _has_surrogates(value) else {"str": [ord(c) for c in value]}
        if kind is list:
            return self._all(value, depth)
        return self._tagged(value, kind, depth)

    def _tagged(self, value: Any, kind: type, depth: int) -> Any:
        if kind in _SEQUENCE_NAMES:
            return {_SEQUENCE_NAMES[kind]: self._all(value, depth)}
        if kind in _MAPPING_NAMES:
            return {_MAPPING_NAMES[kind]: self._pairs(value, depth)}
        if kind is defaultdict:
            factory = value.default_factory
            name = factory.__name__ if any(factory is known for known in _FACTORIES.values()) else None
            return {"defaultdict": [name, self._pairs(value, depth)]}
        if kind in (bytes, bytearray):
            self.take(0, 0, 2 * len(value))
            return {kind.__name__: value.hex()}
        if kind in _BUILT_NAMES:
            name = _BUILT_NAMES[kind]
            return {name: self._all(_BUILT[name][1](value), depth)}
        if kind in _VIEW_NAMES:
            return {_VIEW_NAMES[kind]: self._all(value, depth)}
        if hasattr(kind, "__next__") and iter(value) is value:
            return {"iterator": self._all(value, depth)}
        raise ValueRefusedError(f"a value of type {kind.__module__}.{kind.__qualname__} does not cross")

    def _all(self, values: Any, depth: int) -> list[Any]:
        self.take(depth)
        packed = []
        for value in values:
            self.take(depth, 1)
            packed.append(self.pack(value, depth - 1))
        return packed

    def _pairs(self, mapping: Any, depth: int) -> list[Any]:
        return [self._all(pair, depth - 1) for pair in mapping.items()]


class _Unpacker(_Bounds):
    def unpack(self, tree: Any, depth: int) -> Any:
        kind = type(tree)
        if kind is list:
            return self._all(tree, depth)
        if kind is not dict:
            return tree  # json makes nothing else that could be wrong: None, bool, int, float, str
        if len(tree) != 1:
            raise ValueRefusedError("an object that does not have exactly one key")
        ((name, content),) = tree.items()
        return self._tagged(name, content, depth)

    def _tagged(self, name: str, content: Any, depth: int) -> Any:
        if name in ("int", "float", "bytes", "bytearray"):
            return _SCALARS[name](_checked(content, str))
        if name == "str":
            return "".join(map(chr, _checked(content, list)))
        if name == "defaultdict":
            factory, pairs = _checked(content, list)
            made: Any = defaultdict(None if factory is None else _FACTORIES[_known(factory, _FACTORIES)])
            made.update(self._dict(pairs, depth))
            return made
        if name in _MAPPINGS:
            return _MAPPINGS[name](self._dict(content, depth))
        values = self._all(_checked(content, list), depth)
        if name in _VIEWS:
            return _VIEWS[name](_under_view(name, values))
        if name in _SEQUENCES:
            if name in ("set", "frozenset"):
                _check_hashes(values)
            return _SEQUENCES[name](values)
        kind, _, types = _BUILT[_known(name, _BUILT)]
        if name != "timezone" and len(values) != len(types):
            raise ValueRefusedError(f"{name} of {len(values)} values")
        for value, wanted in zip(values, types, strict=False):
            if wanted is not None:
                _checked(value, wanted)
        return kind(*values[:-1], fold=values[-1]) if name in _FOLDED else kind(*values)

    def _all(self, trees: list[Any], depth: int) -> list[Any]:
        self.take(depth, len(trees))
        return [self.unpack(tree, depth - 1) for tree in trees]

    def _dict(self, pairs: Any, depth: int) -> dict[Any, Any]:
        items = [self._all(_checked(pair, list), depth - 1) for pair in _checked(pairs, list)]
        if any(len(item) != 2 for item in items):
            raise ValueRefusedError("a dict of items that are no pairs")
        _check_hashes([key for key, _ in items])
        return dict(items)


_SCALARS: dict[str, Any] = {
    "int": lambda text: int(text, 16),
    "float": float,
    "bytes": bytes.fromhex,
    "bytearray": bytearray.fromhex,
}


def _checked(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise ValueRefusedError(f"{type(value).__name__} where {kind.__name__} is due")
    return value


def _clock(value: Any) -> list[int]:
    return [value.hour, value.minute, value.second, value.microsecond]


def _known(name: Any, names: dict[str, Any]) -> str:
    if type(name) is not str or name not in names:
        raise ValueRefusedError("a type that is not known")
    return name


def _check_hashes(keys: list[Any]) -> None:
    """Chosen numbers with equal hashes would make a dict quadratic: 8 MB of them are hours."""
    if len(keys) - len({hash(key) for key in keys}) > MAX_EQUAL_HASHES:
        raise ValueRefusedError(f"more than {MAX_EQUAL_HASHES} keys with the hash of another")


def _under_view(name: str, values: list[Any]) -> dict[Any, Any]:
    if name == "dict_values":
        return dict(enumerate(values))
    if name == "dict_keys":
        _check_hashes(values)
        return dict.fromkeys(values)
    if any(type(value) is not tuple or len(value) != 2 for value in values):
        raise ValueRefusedError("dict_items of items that are no pairs")
    _check_hashes([key for key, _ in values])
    return dict(values)


def _has_surrogates(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _identity(value: Any) -> Any:
    """A hashable stand-in that is equal exactly where type and value are."""
    kind = type(value)
    if kind in (list, tuple, deque):
        return kind, tuple(map(_identity, value))
    if kind in (set, frozenset) or kind in _VIEW_NAMES:
        return kind, frozenset(map(_identity, value))
    if kind in (dict, Counter, OrderedDict, defaultdict):
        return dict, frozenset((_identity(key), _identity(item)) for key, item in value.items())
    if kind is complex:
        return kind, _identity(value.real), _identity(value.imag)
    if (kind is float and value != value) or (kind is Decimal and value.is_nan()):
        return kind, str(value)
    if kind is bytearray:
        return kind, bytes(value)
    return (kind, id(value)) if hasattr(kind, "__next__") else (kind, value)
