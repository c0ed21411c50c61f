"""Lines of Rust the way rustfmt breaks them, and types that inference supplies."""

import re

from hrm_edge.train.data.renderers.source_lines import operands_of, outside

_TURBOFISH = re.compile(r"\.(collect|sum)::<[\w<>, ()]+>\(\)$")
_LINK = re.compile(r"\.[a-z_]\w*(::<|\()")
_CAST = re.compile(r" as (i64|usize|f64)$")
_CHAIN_WIDTH, _LINE_WIDTH, _STEP = 60, 100, 4


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
    if found := _CAST.search(text):
        text, after = text[: found.start()], found[0] + after
    if not _is_chain(text):
        return _broken_condition(before, text, after, room)
    head, *links = _links(text)
    if len(links) < 2:
        return before + text + after
    if len(before) + len(head) <= _STEP:
        head += links.pop(0)
    return before + "\n    ".join([head, *(link.replace("\n", "\n    ") for link in links)]) + after


def _broken_condition(before: str, text: str, after: str, room: int) -> str:
    """A condition that is too long, with one operand a line; the brace of a block comes on a line of its own."""
    if "\n" in text or len(before) + len(text) + len(after) <= room:
        return before + text + after
    parts = operands_of(text)
    if len(parts) == 1:
        return before + text + after
    return before + "\n    ".join(parts) + ("\n{" if after == " {" else after)


def room_at(depth: int) -> int:
    """Columns left at a depth."""
    return _LINE_WIDTH - 4 * depth


def _is_chain(text: str) -> bool:
    """Whether nothing but calls follow the head, so that no operator stands outside all brackets."""
    head = _links(text)[0]
    return " " not in _outside(text) and bool(re.match(r"[\w(&*\[\"]", head))


def _outside(text: str) -> str:
    """What stands outside all brackets and quotes."""
    return re.sub(r"::<.*?>+", "", "".join(text[at] for at in outside(text)))


def _links(text: str) -> list[str]:
    """`xs.iter().map(f)` → `xs`, `.iter()`, `.map(f)`."""
    starts = [at for at in outside(text) if text[at] == "." and _LINK.match(text, at)]
    ends = [*starts, len(text)]
    return [text[: ends[0]], *(text[one:other] for one, other in zip(starts, ends[1:], strict=True))]
