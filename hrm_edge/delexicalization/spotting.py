"""Which parts of a request are names: files, paths, numbers, quoted text, words that are no English.

Told by the request alone, since nobody knows the answer yet, and by rules, so that training and answering see the same.
English is what known_words.txt lists: words that requests for commands use often and that are seldom typed into the
command as they stand. Its first part are the commonest, which are no names wherever they stand.
"""
# ruff: noqa: SIM905 — lists of words read better as a text than with a quote around each.

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

_FORMS = re.compile(
    r"""(?P<option>(?<!\S)--?[A-Za-z][\w-]*=?)
      | (?P<url>\b(?:https?|ftp|ssh|git|file)://[^\s"'`<>|;&()]*[\w/])
      | (?P<quoted>"[^"\n]{1,80}"|(?<!\w)'[^'\n]{1,80}'|`[^`\n]{1,80}`)
      | (?P<extension>(?<![\w.*/~])\*?\.[A-Za-z]\w{0,9}(?:\.[a-z]\w{0,3})?(?![\w/]))
      | (?P<address>[\w.+-]+@[\w.-]*\w(?::[\w./~-]*[\w/])?)
      | (?P<path>(?<![\w/.~$:])(?:~|\.{1,2})?(?:[\w.@+-]*/)+(?:[\w@+*.-][\w.@+:*-]*[\w*]|[\w*])?)
      | (?P<file>(?<![\w/.$*])\w[\w-]*(?:\.\w[\w-]*)+(?::\w+)?(?![\w/]))
      | (?P<glob>(?<![\w/.$])(?:[\w.-]*\*[\w.*-]*\w[\w.*-]*|\w[\w.-]*\*)(?![\w/]))
      | (?P<number>(?<![\w.+-])\d+(?=(?:[kKmMgG](?:i?[bB])?)?(?![\w.-]*\w)))
      | (?P<word>(?<![\w$%@'-])[A-Za-z_][\w-]*(?::[\w.]+)?(?!\w))""",
    re.VERBOSE,
)
_EXTENSION = re.compile(r"\*?\.([A-Za-z]\w{0,9})")
_VARIABLE = re.compile(r"\$\{?\w+\}?")
_CONVERTED = re.compile(r"\s*-?(?:week|month|hour|hr|year|decade|century|day (?:ago|old))s?\b", re.IGNORECASE)
"""After a number that is not typed as it stands: two weeks are 14 days, an hour 60 minutes."""
_NO_FILES = frozenset("e.g i.e node.js".split())
_ENDINGS = frozenset(
    "py js ts txt md csv json xml yml yaml log html css c cpp h java go rs sh sql toml ini cfg conf png jpg jpeg gif "
    "svg pdf mp3 mp4 wav zip tar gz tgz bz2 xz 7z rar bak tmp out dat tsv rb php ipynb tex so o jar deb rpm iso img "
    "patch diff pem key crt gpg".split()
)
"""Of files; what other words end in after a dot says nothing. A list of its own: a model must be asked with the one it
was trained with, whatever recipes come to read."""
_NAMED = frozenset(
    "folder directory dir file branch user group host machine server service container image package process program "
    "script word string text pattern named called name variable alias label tag remote volume network domain "
    "database table key extension substring phrase owner session below under inside".split()
)
"""After these a word that is English elsewhere is a name."""
_NAMES_BEFORE = frozenset(
    "folder directory branch user group service container package process script image volume network database "
    "table variable".split()
)
"""The same for a word before one of these."""
_WORD_BEFORE = re.compile(r"([A-Za-z]+)\W?\s$")
_WORD_AFTER = re.compile(r"\s(\w+)")
_ENGLISH_ENDING = re.compile(r"(?:s|ed|ing|ship|ture|tion|er|est|ly|al)$")
"""Beside any noun English all the same: "the file contains", "files owned by", "file sizes"."""


@dataclass(frozen=True)
class Name:
    """A part of a request that is to be copied rather than understood."""

    start: int
    end: int
    kind: str
    """A group of _FORMS."""
    ending: str = ""
    """Of a file, with its dot, where it says what the file is."""


def spot_names(request: str) -> Iterator[Name]:
    """The names in a request, in order and without overlap."""
    for found in _FORMS.finditer(request):
        name = _READERS[str(found.lastgroup)](found)
        if name is not None:
            yield name


def _whole(found: re.Match[str]) -> Name:
    return Name(found.start(), found.end(), str(found.lastgroup))


def _nothing(_found: re.Match[str]) -> None:
    return None


def _quoted(found: re.Match[str]) -> Name | None:
    start, end, inside = found.start() + 1, found.end() - 1, found[0][1:-1]
    if extension := _EXTENSION.fullmatch(inside):
        return Name(start + extension.start(1), end, "extension")
    is_english = inside.lower() in _common_words() and not _follows_noun(found)
    return None if is_english or _VARIABLE.fullmatch(inside) or not inside.strip() else Name(start, end, "quoted")


def _extension(found: re.Match[str]) -> Name:
    return Name(found.start() + found[0].index(".") + 1, found.end(), "extension")


def _path(found: re.Match[str]) -> Name | None:
    parts = [part for part in found[0].split("/") if part]
    if all(part in (".", "..", "~") for part in parts):
        return None  # the root, here and above are words of the language
    if found[0][0] not in "/~." and len(parts) > 1 and all(part.lower() in _known_words() for part in parts):
        return None  # and/or, read/write
    return _whole(found)


def _file(found: re.Match[str]) -> Name | None:
    if found[0].lower() in _NO_FILES:
        return None
    ending = found[0].rpartition(".")[2].lower()
    return Name(found.start(), found.end(), "file", f".{ending}" if ending in _ENDINGS else "")


def _number(found: re.Match[str]) -> Name | None:
    return None if _CONVERTED.match(found.string, found.end()) else _whole(found)


def _word(found: re.Match[str]) -> Name | None:
    word = found[0]
    lower = word.lower()
    if "-" in word and not re.search(r"[\d_A-Z:]", word[1:]):
        is_name = not all(part in _known_words() for part in lower.split("-"))
    elif lower not in _known_words():
        is_name = True
    elif lower in _common_words():
        is_name = False
    elif re.search(r"[a-z][A-Z]", word):
        is_name = True
    elif _ENGLISH_ENDING.search(lower):
        is_name = False
    else:
        after = _WORD_AFTER.match(found.string, found.end())
        is_name = _follows_noun(found) or (after is not None and after[1].lower() in _NAMES_BEFORE)
    return _whole(found) if is_name else None


def _follows_noun(found: re.Match[str]) -> bool:
    before = _WORD_BEFORE.search(found.string[: found.start()])
    return before is not None and before[1].lower() in _NAMED


@cache
def _word_lists() -> tuple[frozenset[str], frozenset[str]]:
    text = (resources.files(__package__) / "known_words.txt").read_text(encoding="utf-8")
    common, _, others = text.partition("\n\n")
    commonest = frozenset(common.split())
    return commonest, commonest | frozenset(others.split())


def _common_words() -> frozenset[str]:
    return _word_lists()[0]


def _known_words() -> frozenset[str]:
    return _word_lists()[1]


_READERS: Mapping[str, Callable[[re.Match[str]], Name | None]] = {
    "option": _nothing, "url": _whole, "quoted": _quoted, "extension": _extension, "address": _whole, "path": _path,
    "file": _file, "glob": _whole, "number": _number, "word": _word,
}  # fmt: skip
