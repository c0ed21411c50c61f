"""The words of a request: what is courtesy, what means the same, what tells one request from another."""
# ruff: noqa: SIM905 — lists of words read better as a text than with a quote around each.

import re
from functools import cache, lru_cache

_LEADS = tuple(
    lead.split()
    for lead in (
    "how do i", "how can i", "how would i", "how do you", "how to", "could you please", "can you please", "could you",
    "can you", "please", "i want to", "i need to", "i would like to", "i'd like to", "command to",
    "what is the command to", "show me how to", "help me",
    )
)  # fmt: skip
"""Courtesy before what is asked, the longer first where one begins with another."""
_ENDS = frozenset({"please", "thanks"})
_HERE = re.compile(
    r"\b(in|under|from|below|of|within|inside) (the|this|my|your) (current |present |working |current working )?"
    r"(directory|folder)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"\{[a-z]+\d*\}|\"[^\"]*\"|'[^']*'|\S+")
_AFTER_QUOTE = re.compile(r"([\"'])[?!.,;:]+(?=\s|$)")
_ONE_MEANING = (
    "find locate search", "delete remove erase rid drop", "show display print view see", "create make",
    "folder directory dir", "larger bigger over above more greater", "smaller below less under", "copy duplicate cp",
    "move mv", "run execute", "kill terminate", "change set modify", "extract unpack decompress",
    "compress pack", "last final latest", "repository repo", "download fetch", "string text word", "each every all",
    "recursively recursive", "where which what", "start launch", "begin beginning",
)  # fmt: skip
_ENDINGS = ("ing", "ed", "es", "s")
_SHORTEST_STEM = 3

ARTICLES = frozenset("a an the some this that my your".split())
STOP_WORDS = ARTICLES | frozenset("of is are do does it its that and there which any i me my for on".split())
"""Words that may be missing or too much on either side."""
PREPOSITIONS = frozenset("in to from with into onto at by as under below".split())
"""What says which value is which: may be too much in a request, and is missed where a wording has it."""


@lru_cache(maxsize=4096)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a request or a wording as they stand, courtesy and the mark at its end left out; what is quoted is
    one word with its quotes."""
    plain = _AFTER_QUOTE.sub(r"\1", _HERE.sub("here", text.strip()))
    words = [_bare(word) for word in _WORD.findall(plain)]
    if words:
        words[-1] = words[-1].rstrip(".") or words[-1]
    lower = [word.lower() for word in words]
    for lead in _LEADS:
        if lower[: len(lead)] == lead and len(words) > len(lead) + 1:
            words, lower = words[len(lead) :], lower[len(lead) :]
            break
    return tuple(words[:-1] if len(words) > 1 and lower[-1] in _ENDS else words)


def _bare(word: str) -> str:
    return word if word[0] in "\"'{" else word.rstrip("?!,;:") or word


def stem(word: str) -> str:
    """Without the ending of a plural or a verb; crude, and the same for both sides."""
    if word.endswith("ies") and len(word) > len("ties"):
        return f"{word[:-3]}y"
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM and not word.endswith("ss"):
            word = word.removesuffix(ending)
            if len(word) > _SHORTEST_STEM and word[-1] == word[-2] and word[-1] not in "ls":
                word = word[:-1]
            break
    return word.removesuffix("e") if len(word) > _SHORTEST_STEM else word


_SAME = {stem(word): stem(words.split()[0]) for words in _ONE_MEANING for word in words.split()}


@cache
def meaning(word: str) -> str:
    """The same for words that mean the same here, whatever their form."""
    stemmed = stem(word.lower())
    return _SAME.get(stemmed, stemmed)


def unquoted(word: str) -> str:
    """Without the quotes around it."""
    return word[1:-1] if is_quoted(word) else word


def is_quoted(word: str) -> bool:
    """Whether the word stands in quotes."""
    return len(word) > 2 and word[0] in "\"'" and word[-1] == word[0]
