"""Names put back into an answer, each quoted for the shell as its place needs.

A name is data: whatever its characters, it stays one word where the answer has one, and it ends no quotes around it.
"""

import re
import shlex
from collections.abc import Sequence

from hrm_edge.tokenizer import NAME_TOKENS

_TOKEN = re.compile("|".join(map(re.escape, NAME_TOKENS)))
_SAFE = re.compile(r"~?[\w./@%+=:,*?\[\]^-]+")
"""What needs no quotes; globs are meant as such by who asks with them."""
_SHELLS = ("bash", "sh", "shell", "zsh")
_FENCE = "```"
_SPECIAL = re.compile(r"[^\w./@%+=:,*?^-]")
_SPECIAL_IN_QUOTES = re.compile(r'["\\`]|\$\(')
_VARIABLE = re.compile(r"\$\{?\w")


def lexicalize(text: str, names: Sequence[str]) -> str:
    """The whole text of an answer with its names."""
    return NameStream(names).add(text)


class NameStream:
    """Puts names back into an answer as its text comes, in pieces that hold whole tokens."""

    def __init__(self, names: Sequence[str]) -> None:
        """`names` in the order of their tokens; a token beyond them stays as it is."""
        self._names = names
        self._line = ""
        """What has come of the line that may open or close a fence."""
        self._in_shell = False
        self._quote = ""
        """The quotation mark that is open in the shell's code."""
        self._escaped = False

    def add(self, text: str) -> str:
        """The next piece."""
        if not self._names:
            return text
        done, end = "", 0
        for found in _TOKEN.finditer(text):
            done += self._read(text[end : found.start()])
            number, end = NAME_TOKENS.index(found[0]), found.end()
            done += self._quoted(self._names[number]) if number < len(self._names) else found[0]
        return done + self._read(text[end:])

    def _quoted(self, name: str) -> str:
        escaped, self._escaped = self._escaped, False
        if not self._in_shell:
            return name
        if self._quote == "'":
            return name.replace("'", "'\\''")
        if self._quote or escaped:
            text = _escaped(name, _SPECIAL_IN_QUOTES if self._quote else _SPECIAL)
            return text.removeprefix("\\") if escaped else text
        if _SAFE.fullmatch(name):
            return name
        if _VARIABLE.search(name):  # whoever writes $HOME wants it read
            return f'"{_escaped(name, _SPECIAL_IN_QUOTES)}"'
        return shlex.quote(name)

    def _read(self, text: str) -> str:
        """Text that is no name: it opens and closes fences and quotes."""
        for character in text:
            if character == "\n":
                self._end_line()
            else:
                self._line += character
            if self._in_shell:
                self._follow(character)
        return text

    def _end_line(self) -> None:
        if self._line.startswith(_FENCE):
            self._in_shell = self._line.removeprefix(_FENCE).strip() in _SHELLS
            self._quote, self._escaped = "", False
        self._line = ""

    def _follow(self, character: str) -> None:
        if self._escaped:
            self._escaped = False
        elif character == "\\" and self._quote != "'":
            self._escaped = True
        elif self._quote:
            self._quote = "" if character == self._quote else self._quote
        elif character in "'\"":
            self._quote = character


def _escaped(name: str, special: re.Pattern[str]) -> str:
    return special.sub(lambda found: f"\\{found[0]}", name)
