"""The functions of a program by their heads, and another name for one where that is a plain change of text.

Heads are found line by line, as programs of these six languages are laid out; what is laid out otherwise is not found,
and nothing is renamed there. Of a change of name the types, the order of arguments and all else stay: a program that
was looked up or written may be right but for its name.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_ARGUMENTS = r"\((?P<parameters>(?:[^{};]|interface\{\})*?)\)"
_NAME = r"(?P<name>\w+)"
_HEADS: Mapping[str, re.Pattern[str]] = {
    language: re.compile(head, re.MULTILINE)
    for language, head in {
        "python": rf"^(?:async )?def {_NAME}\((?P<parameters>(?s:.)*?)\)(?: *-> *(?P<result>[^\n:]+))?:",
        "javascript": rf"^(?:async )?(?:function\*? {_NAME}|(?:const|let|var) (?P<arrow>\w+) = )"
        rf"(?:async )?{_ARGUMENTS}(?: =>|\s*\{{)",
        "go": rf"^func {_NAME}{_ARGUMENTS}(?P<result>[^\n]*?)(?=\s*\{{\s*(?:\n|$)|$)",
        "rust": rf"^(?:pub )?fn {_NAME}(?:<[^>\n]*>)?{_ARGUMENTS}(?:\s*->\s*(?P<result>[^{{;]+))?",
        "cpp": rf"^(?!using|struct|class|return)(?P<result>[\w:][\w:<>,&* ]*?[ &*]){_NAME}{_ARGUMENTS}\s*\{{",
        "java": r"^ *+(?:public |protected |static |final )*+(?!private|return|new|else)"
        rf"(?P<result>[\w<>\[\], ?]+) {_NAME}{_ARGUMENTS}(?: throws [\w., ]+?)?\s*\{{",
    }.items()
}
"""Heads of functions that others may call, at the outermost level; Java's of methods."""
_TYPED = r"^[ \t]+(?!return\b)[\w:][\w:<>,&*\[\] ]*[ &*>]{name}\s*(?:=(?!=)|;|\{{)"
_BINDINGS: Mapping[str, str] = {
    "python": r"^[ \t]+{name}(?:\s*:[^=\n]+)?\s*=(?!=)|\bfor {name}\b",
    "javascript": r"\b(?:let|const|var) {name}\b",
    "go": r"\b{name} :=|\bvar {name}\b",
    "rust": r"\blet (?:mut )?{name}\b",
    "cpp": _TYPED,
    "java": _TYPED,
}
"""How a variable of a function begins."""
_OPENING, _CLOSING = "([{<", ")]}>"


@dataclass(frozen=True)
class Function:
    """A function by its head."""

    name: str
    arity: int
    """How many parameters it has."""
    parameters: tuple[str, ...] = field(default=(), compare=False)
    """As they are written, types included: `k: i64`."""
    result: str = field(default="", compare=False)
    """Its type as it is written; empty where none is."""


def functions_of(code: str, language: str) -> list[Function]:
    """The functions that a program defines, in order; none in a language whose heads are not known."""
    pattern = _HEADS.get(language)
    return [] if pattern is None else [_function(found) for found in pattern.finditer(code)]


def with_function_name(code: str, language: str, asked: Function) -> str:
    """The program with its last function called as asked; as it is where that would be more than a change of its name.

    The last one is what a program is about: helpers stand above what calls them. A variable of its own may have the
    name that is asked for, as in all six languages it hides the function where nothing calls it.
    """
    defined = functions_of(code, language)
    if not defined or defined[-1].arity != asked.arity:
        return code
    name = defined[-1].name
    if _occurrences(asked.name, code) and not _is_a_variable(asked.name, code, language, of=name):
        return code
    return re.sub(rf"(?<![\w.]){re.escape(name)}(?!\w)", asked.name, code)


def _occurrences(name: str, code: str) -> list[re.Match[str]]:
    """Of a name that does not stand for a member."""
    return list(re.finditer(rf"(?<![\w.]){re.escape(name)}(?!\w)", code))


def _is_a_variable(name: str, code: str, language: str, *, of: str) -> bool:
    """Whether a name stands for nothing but a variable of a function that nothing in the program calls."""
    heads, found = _occurrences(of, code), _occurrences(name, code)
    binding = re.compile(_BINDINGS[language].format(name=re.escape(name)), re.MULTILINE).search(code)
    if len(heads) != 1 or binding is None or any(code.startswith("(", each.end()) for each in found):
        return False
    return heads[0].end() < binding.start() <= found[0].start() < binding.end()


def _function(found: re.Match[str]) -> Function:
    groups = found.groupdict()
    parameters = tuple(part.strip() for part in _parameters(groups["parameters"]))
    result = (groups.get("result") or "").strip()
    return Function(groups["name"] or groups["arrow"], len(parameters), parameters, result)


def _parameters(text: str) -> Iterator[str]:
    """The parts between commas that stand in no bracket, but for the empty ones."""
    depth, part = 0, ""
    for letter in [*text.replace("->", "  "), ","]:
        depth += (letter in _OPENING) - (letter in _CLOSING)
        if letter == "," and depth == 0:
            if part.strip():
                yield part
            part = ""
        else:
            part += letter
