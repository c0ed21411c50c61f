"""The language that a request asks for."""

import re

from hrm_edge.languages import LANGUAGES

_NAMES = {
    "python": r"(?i:python3?)",
    "javascript": r"(?i:javascript|js|node(?:\.?js)?)",
    "go": r"(?:Go|(?i:golang))",
    "rust": r"(?i:rust)",
    "cpp": r"(?i:c\+\+|cpp)",
    "java": r"(?i:java)",
    "bash": r"(?i:bash|zsh|shell|terminal)",
}
assert set(_NAMES) == set(LANGUAGES)
_THINGS = r"(?:function|program|script|method|command|one-?liner|snippet|solution|version|test)s?|class(?:es)?|code"
_END = r"(?![\w+#]|\.\w)"
_ASKS = [
    {name: re.compile(rf"\b(?i:in|into|to|using|with) (?:the )?{names}{_END}") for name, names in _NAMES.items()},
    {name: re.compile(rf"(?<![\w.]){names} (?i:{_THINGS})\b") for name, names in _NAMES.items()},
]
"""What it is to be written in comes before what it is."""
_FENCE = re.compile(r"^```([\w+]+)\s*$", re.MULTILINE)
_FUNCTION = re.compile(r"\b(?:functions?|methods?)\b", re.IGNORECASE)


def asked_language(request: str, *, has_examples: bool = False) -> str | None:
    """A name of LANGUAGES; None where the request leaves it open.

    A request that names no language, but a function or an example of one, is taken for Python.
    """
    for asks in _ASKS:
        found = {name: match.start() for name, pattern in asks.items() if (match := pattern.search(request))}
        if found:
            return min(found, key=lambda name: found[name])
    for fence in _FENCE.finditer(request):
        if (tagged := fence[1].lower()) in _FENCES:
            return _FENCES[tagged]
    return "python" if has_examples or _FUNCTION.search(request) else None


_FENCES = {name: row.name for row in LANGUAGES.values() for name in (row.name, *row.aliases)}
