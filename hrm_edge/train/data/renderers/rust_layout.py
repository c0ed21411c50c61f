"""Lines of Rust the way rustfmt breaks them, and types that inference supplies."""

import re

_TURBOFISH = re.compile(r"\.(collect|sum)::<[\w<>, ()]+>\(\)$")
_CHAIN_WIDTH, _LINE_WIDTH = 60, 100


def without_turbofish(text: str) -> tuple[str, bool]:
    """A chain that ends in `collect` or `sum`, whose type is known from elsewhere; and whether it was one."""
    if not text.endswith(">()"):
        return text, False
    found = _TURBOFISH.search(text)
    if found is None or len(_links(text)) < 2 or not _is_chain(text):
        return text, False
    return f"{text[: found.start()]}.{found[1]}()", True


def laid_out(before: str, text: str, after: str, room: int) -> str:
    """`before text after` on one line, or a long chain with one call a line; `room` is what the line may take."""
    if "\n" not in text and len(text) <= _CHAIN_WIDTH and len(before) + len(text) + len(after) <= room:
        return before + text + after
    if not _is_chain(text):
        return before + text + after
    head, *links = _links(text)
    if len(links) < 2 or (
        "\n" not in text and len(links) == 2 and len(before) + len(text) + len(after) <= room and len(text) < 80
    ):
        return before + text + after
    if len(head) <= 4:
        head += links.pop(0)
    return before + "\n    ".join([head, *(link.replace("\n", "\n    ") for link in links)]) + after


def room_at(depth: int) -> int:
    """Columns left at a depth."""
    return _LINE_WIDTH - 4 * depth


def _is_chain(text: str) -> bool:
    """Whether nothing but calls follow the head, so that no operator stands outside all brackets."""
    head = _links(text)[0]
    return " " not in _outside(text) and bool(re.match(r"[\w(&*\[\"]", head))


def _outside(text: str) -> str:
    """What stands outside all brackets and quotes."""
    kept, depth, at = [], 0, 0
    while at < len(text):
        if (end := _quoted(text, at)) > at:
            at = end
            continue
        if text[at] in "([{":
            depth += 1
        elif text[at] in ")]}":
            depth -= 1
        elif depth == 0:
            kept.append(text[at])
        at += 1
    return re.sub(r"::<.*?>+", "", "".join(kept))


def _links(text: str) -> list[str]:
    """`xs.iter().map(f)` → `xs`, `.iter()`, `.map(f)`."""
    starts, depth, at = [], 0, 0
    while at < len(text):
        if (end := _quoted(text, at)) > at:
            at = end
            continue
        letter = text[at]
        if letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
        elif letter == "." and depth == 0 and re.match(r"\.[a-z_]\w*(::<|\()", text[at:]):
            starts.append(at)
        at += 1
    ends = [*starts, len(text)]
    return [text[: ends[0]], *(text[one:other] for one, other in zip(starts, ends[1:], strict=True))]


def _quoted(text: str, at: int) -> int:
    """Where a text or character literal that begins here ends; `at` itself where none does."""
    if text[at] == '"':
        found = re.compile(r'"(?:[^"\\]|\\.)*"').match(text, at)
    elif text[at] == "'":
        found = re.compile(r"'(?:[^'\\]|\\.+?)'").match(text, at)
    else:
        return at
    return found.end() if found else at
