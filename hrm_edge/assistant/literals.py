"""Values as people write them in requests, in the style of Python or of JSON, read from the middle of a text.

`ast.literal_eval` wants to be told where a value ends; in `f([3, 1, 2]) == 2, and …` only reading it tells. A value is

    None, null, nil · True, true, False, false · 7, -1_000, 2.5, 1e-9 · "text", 'text' · [1, 2] · (1, 2), (1,) · {1, 2}
    {"a": 1}
    vec![1, 2], &[1, 2], []int{1, 2}, map[string]int{"a": 1}, new int[]{1, 2}, std::vector<int>{1, 2}, List.of(1, 2)

Left out: whatever would have to be computed (`2 * 3`, `len(x)`), f-strings, triple quotes, bytes and complex numbers.
"""

import ast
import re
from collections.abc import Sequence
from typing import Any

MOST_NESTED = 50
_SPACE = re.compile(r"\s*")
_NUMBER = re.compile(r"[-+]?(?:\d[\d_]*(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?")
_ESCAPE = r"\\[\\'\"abfnrtvxuUN0-7]"
_STRING = re.compile(rf"\"(?:[^\"\\\n]|{_ESCAPE})*\"|'(?:[^'\\\n]|{_ESCAPE})*'")
_WORD = re.compile(r"[A-Za-z_]\w*")
_WORDS = {"None": None, "null": None, "nil": None, "True": True, "true": True, "False": False, "false": False}
_CLOSING = {"[": "]", "(": ")", "{": "}"}
_LIST_HEAD = re.compile(
    r"(?:&\s?)?(?:vec!(?=\[)|(?:\[\]){1,5}[A-Za-z]\w*(?=[{[])|map\[\w{1,20}\][A-Za-z]\w*(?=[{[])"
    r"|new [A-Za-z]\w*(?:\[\]){1,5}\s?(?=[{[])|(?:std::)?vector<[\w:<> ]{1,60}>\s?(?=[{[])"
    r"|(?:List\.of|Arrays\.asList)(?=\())|&\s?(?=\[)"
)
"""What compiled languages write before the brackets of a list, or of a map."""
_GOES_ON = re.compile(r"\w|\.\w|[ \t]*(?:[*/%^|&]|[-+<](?![-=]*>)|\*\*|\?|\bif\b|\bor\b \w+\()|[(\[{@]")
"""What after a value makes it a part of something larger: a name, a version, an expression."""


class NoValueError(ValueError):
    """No value stands here."""


def read_value(text: str, start: int = 0) -> tuple[Any, int]:
    """The value that starts at `start`, spaces before it skipped, and where it ends.

    Raises:
        NoValueError: none starts there, or what starts there goes on as something that is no value.
    """
    value, end = _value(text, start, MOST_NESTED)
    if _GOES_ON.match(text, end):
        raise NoValueError(f"{text[start:end]!r:.40} goes on")
    return value, end


def read_values(text: str, start: int, closing: str) -> tuple[list[Any], dict[str, Any], int]:
    """Arguments up to a closing bracket: those by position, those by name (`k=3`), and the place after the bracket.

    Raises:
        NoValueError: something in there is no value.
    """
    values: list[Any] = []
    named: dict[str, Any] = {}
    at = _skip(text, start)
    while not text.startswith(closing, at):
        if keyword := re.compile(r"([A-Za-z_]\w*)\s*=(?!=)").match(text, at):
            named[keyword[1]], at = _value(text, keyword.end(), MOST_NESTED)
        elif named:
            raise NoValueError("an argument by position after one by name")
        else:
            value, at = _value(text, at, MOST_NESTED)
            values.append(value)
        at = _after_item(text, at, closing)
    return values, named, at + len(closing)


def read_whole_value(text: str) -> Any:
    """The value that is all of a text but for spaces around it.

    Raises:
        NoValueError: it is not.
    """
    value, end = _value(text, 0, MOST_NESTED)
    if text[end:].strip():
        raise NoValueError(f"{text!r:.40} is more than a value")
    return value


def with_listed_braces(text: str) -> str:
    """The text with `[4, 9]` for `{4, 9}`, character for character: braces of C++ and Java make lists.

    Those stay that have keys, or hold pairs, `{{"a", 1}}`, which may be a map's.
    """

    def listed(found: re.Match[str]) -> str:
        is_list = found[0].startswith("{") and not _PAIRS.search(found[0])
        return found[0].translate(_LISTED) if is_list else found[0]

    return _BRACES_OR_STRING.sub(listed, text)


_BRACES_OR_STRING = re.compile(r"\{(?:[^{}:\n]|\{[^{}:\n]*\})*+\}|\"(?:[^\"\\\n]|\\.)*\"")
_PAIRS = re.compile(r"\{\s*\{\s*[\"']")
_LISTED = str.maketrans("{}", "[]")


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _value(text: str, start: int, depth: int) -> tuple[Any, int]:
    at = _skip(text, start)
    if depth == 0 or at >= len(text):
        raise NoValueError("nested too deeply, or nothing there")
    if head := _LIST_HEAD.match(text, at):
        return _collection(text, head.end(), depth, listed=True)
    if text[at] in _CLOSING:
        return _collection(text, at, depth)
    if found := _STRING.match(text, at):
        return _evaluated(found[0]), found.end()
    if found := _WORD.match(text, at):
        if found[0] not in _WORDS:
            raise NoValueError(f"{found[0]} is a name")
        return _WORDS[found[0]], found.end()
    if found := _NUMBER.match(text, at):
        return _number(found[0]), found.end()
    raise NoValueError(f"{text[at]!r} starts no value")


def _number(written: str) -> int | float:
    digits = written.replace("_", "")
    try:
        return float(digits) if re.search(r"[.eE]", digits) else int(digits)
    except ValueError:  # more digits than Python converts
        raise NoValueError("a number of thousands of digits") from None


def _evaluated(string: str) -> str:
    try:
        return str(ast.literal_eval(string))
    except (ValueError, SyntaxError):  # an escape that is none
        raise NoValueError(f"{string:.40} is no string") from None


def _collection(text: str, start: int, depth: int, *, listed: bool = False) -> tuple[Any, int]:
    """`listed`: braces and round brackets in it are those of lists, where no item has a key."""
    closing, at = _CLOSING[text[start]], _skip(text, start + 1)
    items: list[Any] = []
    keys: list[Any] = []
    comma = False
    while not text.startswith(closing, at):
        if listed and text[at] in _CLOSING:
            item, at = _collection(text, at, depth - 1, listed=True)
        else:
            item, at = _value(text, at, depth - 1)
        if closing == "}" and text.startswith(":", _skip(text, at)):
            keys.append(item)
            item, at = _value(text, _skip(text, at) + 1, depth - 1)
        items.append(item)
        before, at = at, _after_item(text, at, closing)
        comma = text[before:at].strip() == ","
    return _made("]" if listed and not keys else closing, keys, items, comma=comma), at + 1


def _after_item(text: str, at: int, closing: str) -> int:
    """The place of the next item or of the closing bracket."""
    at = _skip(text, at)
    if text.startswith(",", at):
        return _skip(text, at + 1)
    if not text.startswith(closing, at):
        raise NoValueError("neither a comma nor a closing bracket after an item")
    return at


def _made(closing: str, keys: Sequence[Any], items: list[Any], *, comma: bool) -> Any:
    if closing == "]":
        return items
    if closing == ")":
        return items[0] if len(items) == 1 and not comma else tuple(items)
    if keys and len(keys) != len(items):
        raise NoValueError("a map with an item that has no key")
    try:
        return dict(zip(keys, items, strict=True)) if keys or not items else set(items)
    except TypeError:
        raise NoValueError("a list or a map as the key of a map") from None
