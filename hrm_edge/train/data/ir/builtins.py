"""The closed list of operations, each with how authors write it and what it gives.

`T` stands for any type, the same one throughout a line. An operation in MUTATING changes its first argument, which is
a variable, a field or an item; the others leave their arguments alone and give a new value.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Operation(NamedTuple):
    """One row."""

    written: str
    """In the subset of Python."""
    arguments: tuple[str, ...]
    result: str


BUILTINS: Mapping[str, Operation] = {
    # numbers
    "abs": Operation("abs(x)", ("int|float",), "same"),
    "min": Operation("min(a, b)", ("int|float|str|char", "same"), "same"),  # min(a, b, c) nests
    "max": Operation("max(a, b)", ("int|float|str|char", "same"), "same"),
    "isqrt": Operation("math.isqrt(x)", ("int",), "int"),
    "sqrt": Operation("math.sqrt(x)", ("float",), "float"),
    "to_float": Operation("float(x)", ("int",), "float"),
    "truncate": Operation("int(x)", ("float",), "int"),
    "bit_count": Operation("x.bit_count()", ("int",), "int"),
    "bit_length": Operation("x.bit_length()", ("int",), "int"),
    # characters
    "is_digit": Operation("c.isdigit()", ("char",), "bool"),
    "is_alpha": Operation("c.isalpha()", ("char",), "bool"),
    "is_alnum": Operation("c.isalnum()", ("char",), "bool"),
    "is_upper": Operation("c.isupper()", ("char",), "bool"),
    "is_lower": Operation("c.islower()", ("char",), "bool"),
    "is_space": Operation("c.isspace()", ("char",), "bool"),
    "char_upper": Operation("c.upper()", ("char",), "char"),
    "char_lower": Operation("c.lower()", ("char",), "char"),
    "code": Operation("ord(c)", ("char",), "int"),
    "char_of": Operation("chr(x)", ("int",), "char"),
    "digit_value": Operation("int(c)", ("char",), "int"),  # of a digit
    "text_of_char": Operation("str(c)", ("char",), "str"),  # put in by the reader wherever a text is needed
    # texts
    "upper": Operation("s.upper()", ("str",), "str"),
    "lower": Operation("s.lower()", ("str",), "str"),
    "strip": Operation("s.strip()", ("str",), "str"),
    "split": Operation("s.split(separator)", ("str", "str"), "list[str]"),  # separator: one character, a literal
    "words": Operation("s.split()", ("str",), "list[str]"),
    "join": Operation("separator.join(xs)", ("str", "list[str]"), "str"),
    "join_chars": Operation('"".join(xs)', ("list[char]",), "str"),
    "replace": Operation("s.replace(old, new)", ("str", "str", "str"), "str"),
    "starts_with": Operation("s.startswith(t)", ("str", "str"), "bool"),
    "ends_with": Operation("s.endswith(t)", ("str", "str"), "bool"),
    "find": Operation("s.find(t)", ("str", "str"), "int"),  # -1 where it is not
    "count_text": Operation("s.count(t)", ("str", "str"), "int"),  # not overlapping; t is not empty
    "contains_text": Operation("t in s", ("str", "str"), "bool"),  # receiver first: (s, t)
    "contains_char": Operation("c in s", ("str", "char"), "bool"),
    "repeat": Operation("s * n", ("str", "int"), "str"),  # n ≥ 0
    "reversed_text": Operation("s[::-1]", ("str",), "str"),
    "sorted_text": Operation('"".join(sorted(s))', ("str",), "str"),
    "chars": Operation("list(s)", ("str",), "list[char]"),
    "text_of_int": Operation("str(x)", ("int",), "str"),
    "parse_int": Operation("int(s)", ("str",), "int"),  # decimal digits, perhaps after "-"
    # lists
    "length": Operation("len(x)", ("list|str|map|set|queue",), "int"),
    "is_empty": Operation("not x", ("list|str|map|set|queue",), "bool"),  # also `len(x) == 0` as authors mean it
    "last": Operation("xs[-1]", ("list[T]|str",), "T"),
    "sum": Operation("sum(xs)", ("list[int]|list[float]",), "item"),
    "smallest": Operation("min(xs)", ("list[T]",), "T"),  # not empty
    "largest": Operation("max(xs)", ("list[T]",), "T"),
    "sorted": Operation("sorted(xs)", ("list[T]",), "list[T]"),
    "sorted_descending": Operation("sorted(xs, reverse=True)", ("list[T]",), "list[T]"),
    "reversed": Operation("xs[::-1]", ("list[T]",), "list[T]"),
    "copy": Operation("list(xs), xs[:]", ("list[T]",), "list[T]"),
    "contains": Operation("x in xs", ("list[T]", "T"), "bool"),
    "index_of": Operation("xs.index(x)", ("list[T]", "T"), "int"),  # it is there
    "count_item": Operation("xs.count(x)", ("list[T]", "T"), "int"),
    "filled": Operation("[x] * n", ("T", "int"), "list[T]"),  # x is a number, truth value, text or character
    # maps, sets, queues
    "get": Operation("m.get(k, default)", ("map[K,V]", "K", "V"), "V"),
    "has_key": Operation("k in m", ("map[K,V]", "K"), "bool"),
    "keys": Operation("m.keys()", ("map[K,V]",), "list[K]"),  # in no order: only as an iterable
    "values": Operation("m.values()", ("map[K,V]",), "list[V]"),  # in no order: only as an iterable, or in sum/min/max
    "sorted_keys": Operation("sorted(m)", ("map[K,V]",), "list[K]"),
    "sorted_items": Operation("sorted(m.items())", ("map[K,V]",), "list[tuple[K,V]]"),
    "set_of": Operation("set(xs)", ("list[T]|str",), "set[T]"),
    "empty_set": Operation("set()", (), "set[T]"),
    "has": Operation("x in seen", ("set[T]", "T"), "bool"),
    "sorted_set": Operation("sorted(seen)", ("set[T]",), "list[T]"),
    "queue_of": Operation("deque([x])", ("list[T]",), "queue[T]"),
    # operations that change their first argument
    "append": Operation("xs.append(x)", ("list[T]|queue[T]", "T"), "none"),
    "pop": Operation("xs.pop()", ("list[T]",), "T"),
    "insert": Operation("xs.insert(i, x)", ("list[T]", "int", "T"), "none"),
    "extend": Operation("xs.extend(ys)", ("list[T]", "list[T]"), "none"),
    "sort": Operation("xs.sort()", ("list[T]",), "none"),
    "reverse": Operation("xs.reverse()", ("list[T]",), "none"),
    "pop_first": Operation("queue.popleft()", ("queue[T]",), "T"),
    "add": Operation("seen.add(x)", ("set[T]", "T"), "none"),
    "discard": Operation("seen.discard(x)", ("set[T]", "T"), "none"),
    "remove_key": Operation("del m[k]", ("map[K,V]", "K"), "none"),
}

MUTATING = frozenset(
    ("append", "pop", "insert", "extend", "sort", "reverse", "pop_first", "add", "discard", "remove_key")
)
