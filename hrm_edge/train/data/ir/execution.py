"""What each operation does when a program is interpreted, and which uses of it are faults."""

import math
import operator as python
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any


class Fault(Exception):  # noqa: N818 - a program's, not ours
    """A program did what it must not: the message says what."""


def item_at(base: Any, index: int) -> Any:
    """`base[index]`; an index out of range, negative ones too, is a fault."""
    if not 0 <= index < len(base):
        raise Fault(f"index {index} of {len(base)} items")
    return base[index]


def part_of(base: Any, start: int | None, stop: int | None) -> Any:
    """`base[start:stop]`; 0 ≤ start ≤ stop ≤ length or it is a fault."""
    first, last = start or 0, len(base) if stop is None else stop
    if not 0 <= first <= last <= len(base):
        raise Fault(f"part {first}:{last} of {len(base)} items")
    return base[first:last]


def arithmetic(operator: str) -> Callable[[Any, Any], Any]:
    """The operation on two values; what 32-bit bit operations would do differently is a fault."""
    return _ARITHMETIC[operator]


def _narrow(operation: Callable[[int, int], int]) -> Callable[[Any, Any], Any]:
    def compute(left: Any, right: Any) -> Any:
        result = operation(left, right)
        if isinstance(left, int) and not all(-(2**31) <= value < 2**31 for value in (left, right, result)):
            raise Fault("a bit operation past 32 bits")
        return result

    return compute


def _power(base: int, exponent: int) -> int:
    if not 0 <= exponent <= 64:
        raise Fault(f"{base} ** {exponent}")
    return int(base**exponent)


def _shift(operation: Callable[[int, int], int]) -> Callable[[int, int], int]:
    def compute(value: int, places: int) -> int:
        if not 0 <= places < 32:
            raise Fault(f"a shift by {places}")
        return operation(value, places)

    return compute


_ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": python.add,
    "-": python.sub,
    "*": python.mul,
    "/": python.truediv,
    "//": python.floordiv,
    "%": python.mod,
    "**": _power,
    "&": _narrow(python.and_),
    "|": _narrow(python.or_),
    "^": _narrow(python.xor),
    "<<": _narrow(_shift(python.lshift)),
    ">>": _narrow(_shift(python.rshift)),
}


def _char(code: int) -> str:
    if not 0 <= code < 128:
        raise Fault(f"character {code} is not ASCII")
    return chr(code)


def _times(item: Any, count: int) -> Any:
    if count < 0:
        raise Fault(f"{count} times")
    if count > 100_000:
        raise Fault(f"{count} items")
    return item * count


def _insert(items: list[Any], index: int, item: Any) -> None:
    if not 0 <= index <= len(items):
        raise Fault(f"insertion at {index} of {len(items)} items")
    items.insert(index, item)


def _digits(text: str) -> int:
    if not (text.isdigit() or (text[:1] == "-" and text[1:].isdigit())):
        raise Fault(f"{text!r} is no whole number")
    return int(text)


def _total(items: list[Any]) -> Any:
    total = items[0] if items else 0
    for item in items[1:]:
        total += item
    return total


def _count_text(text: str, part: str) -> int:
    if not part:
        raise Fault("the empty text is not counted")
    return text.count(part)


def _remove(table: dict[Any, Any], key: Any) -> None:
    del table[key]


def _replace(text: str, old: str, new: str) -> str:
    if not old:
        raise Fault("the empty text is not replaced")
    return text.replace(old, new)


def _not_negative(number: int) -> int:
    """Python counts the bits of the absolute value, others those of the two's complement."""
    if number < 0:
        raise Fault(f"bits of {number}")
    return number


BUILTIN_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "abs": abs,
    "min": min,
    "max": max,
    "isqrt": math.isqrt,
    "sqrt": math.sqrt,
    "to_float": float,
    "truncate": math.trunc,
    "bit_count": lambda number: _not_negative(number).bit_count(),
    "bit_length": lambda number: _not_negative(number).bit_length(),
    "is_digit": str.isdigit,
    "is_alpha": str.isalpha,
    "is_alnum": str.isalnum,
    "is_upper": str.isupper,
    "is_lower": str.islower,
    "is_space": str.isspace,
    "char_upper": str.upper,
    "char_lower": str.lower,
    "code": ord,
    "char_of": _char,
    "digit_value": _digits,
    "text_of_char": lambda c: c,
    "upper": str.upper,
    "lower": str.lower,
    "strip": str.strip,
    "split": str.split,
    "words": str.split,
    "join": str.join,
    "join_chars": "".join,
    "replace": _replace,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
    "find": str.find,
    "count_text": _count_text,
    "contains_text": python.contains,
    "contains_char": python.contains,
    "repeat": _times,
    "reversed_text": lambda text: text[::-1],
    "sorted_text": lambda text: "".join(sorted(text)),
    "chars": list,
    "text_of_int": str,
    "parse_int": _digits,
    "length": len,
    "is_empty": lambda items: len(items) == 0,
    "last": lambda items: item_at(items, len(items) - 1),
    "sum": _total,
    "smallest": min,
    "largest": max,
    "sorted": sorted,
    "sorted_descending": lambda items: sorted(items, reverse=True),
    "reversed": lambda items: items[::-1],
    "copy": list,
    "contains": python.contains,
    "index_of": list.index,
    "count_item": list.count,
    "filled": lambda item, count: _times([item], count),
    "get": dict.get,
    "has_key": python.contains,
    "keys": list,
    "values": lambda table: list(table.values()),
    "sorted_keys": sorted,
    "sorted_items": lambda table: sorted(table.items()),
    "set_of": set,
    "empty_set": set,
    "has": python.contains,
    "sorted_set": sorted,
    "queue_of": deque,
    "append": lambda items, item: items.append(item),
    "pop": list.pop,
    "insert": _insert,
    "extend": lambda items, more: items.extend(more),
    "sort": list.sort,
    "reverse": list.reverse,
    "pop_first": deque.popleft,
    "add": set.add,
    "discard": set.discard,
    "remove_key": _remove,
}
"""Operation of builtins.BUILTINS → the Python function that is it."""
