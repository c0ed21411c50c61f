"""Names taken out of a request and of its answer.

A model whose tokenizer has the tokens `<|name1|>`, `<|name2|>`, … was trained on requests like

    move <|name1|>.csv into the folder <|name2|>        (move jan.csv into the folder attic)

and answers `mv <|name1|> <|name2|>`. So one token is copied where a name of many was, a name that was never seen is as
easy as any other, and what a user wrote comes back letter for letter. Names are numbered in the order they come in.
The idea is old: Wen et al. 2015 (arXiv:1508.01745) for dialogues, Lin et al. 2017 (Tellina) for commands.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from hrm_edge.delexicalization.spotting import spot_names
from hrm_edge.tokenizer import NAME_TOKENS, Tokenizer

_MARKS = {"number": "#", "path": "/", "url": "://", "address": "@", "glob": "*", "file": "."}
"""What stands behind the token of a name to show its kind; the words around tell the others."""
_SHORTEST_PART = 4
"""Letters and digits by which a part of a name is known again."""
_OPENING_FENCE = re.compile(r"```[^\n]*\n")


@dataclass(frozen=True)
class Delexicalized:
    """A text of which some parts are names."""

    parts: tuple[str | int, ...]
    """Text, or the place of a name in `names`."""
    names: tuple[str, ...]
    """The different names of the request, in the order they come in."""

    def encode(self, tokenizer: Tokenizer) -> list[int]:
        """Token ids, with one token for each name.

        Raises:
            CheckpointError: the tokenizer has no tokens for names.
        """
        ids: list[int] = []
        for part in self.parts:
            ids.extend(tokenizer.encode(part) if isinstance(part, str) else [tokenizer.token_id(NAME_TOKENS[part])])
        return ids

    @property
    def text(self) -> str:
        """With the name of its token in place of each name, as lexicalize takes it."""
        return "".join(part if isinstance(part, str) else NAME_TOKENS[part] for part in self.parts)

    @property
    def has_part_of_name(self) -> bool:
        """Whether the text, but for a fence that opens it, still holds part of a name, which nobody can guess."""
        text = _OPENING_FENCE.sub("", " ".join(part for part in self.parts if isinstance(part, str)), count=1).lower()
        pieces = (piece for name in self.names for piece in re.findall(r"[^\W_]+", name.lower()))
        return any(len(piece) >= _SHORTEST_PART and piece in text for piece in pieces)


def delexicalize(request: str) -> Delexicalized:
    """The request without its first len(NAME_TOKENS) different names, but with what shows their kinds."""
    parts: list[str | int] = []
    names: list[str] = []
    end = 0
    for found in spot_names(request):
        name = request[found.start : found.end]
        if name not in names:
            if len(names) == len(NAME_TOKENS):
                continue
            names.append(name)
        parts += [request[end : found.start], names.index(name), found.ending or _MARKS.get(found.kind, "")]
        end = found.end
    parts.append(request[end:])
    return Delexicalized(tuple(_joined(parts)), tuple(names))


def delexicalize_answer(answer: str, names: Sequence[str]) -> Delexicalized:
    """An answer without the names of its request. The line that opens a fenced block is left as it is."""
    fence = _OPENING_FENCE.match(answer)
    start = fence.end() if fence else 0
    parts: list[str | int] = [answer[start:]]
    for number in sorted(range(len(names)), key=lambda number: -len(names[number])):
        name = _as_word(names[number])
        parts = [piece for part in parts for piece in _without(part, name, number)]
    return Delexicalized(tuple(_joined([answer[:start], *parts])), tuple(names))


def _as_word(name: str) -> re.Pattern[str]:
    """The name as a word of its own: no number inside another, nor the 2 of `2>`, but the 20 of `-l20`."""
    literal = re.escape(name)
    if name.isdigit():
        return re.compile(rf"(?:(?<=\s-[A-Za-z])|(?<=\.\.)|(?<![\w.$&>])){literal}(?![\d>&]|\.\d)")
    before = r"(?<![^\W_])" if name[0].isalnum() else ""
    after = r"(?![^\W_])" if name[-1].isalnum() else ""
    return re.compile(before + literal + after)


def _without(part: str | int, name: re.Pattern[str], number: int) -> Iterator[str | int]:
    if isinstance(part, int):
        yield part
        return
    end = 0
    for found in name.finditer(part):
        yield part[end : found.start()]
        yield number
        end = found.end()
    yield part[end:]


def _joined(parts: Iterable[str | int]) -> Iterator[str | int]:
    """Texts beside each other made one, empty ones left out."""
    text = ""
    for part in parts:
        if isinstance(part, str):
            text += part
            continue
        if text:
            yield text
        text = ""
        yield part
    if text:
        yield text
