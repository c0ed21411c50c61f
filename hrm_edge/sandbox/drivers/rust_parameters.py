"""What a Rust function of an answer wants to be given, read from its declaration: Rust has no overloads to ask."""

import re

from hrm_edge.errors import DataError
from hrm_edge.problems.problem import Calls
from hrm_edge.sandbox.typed_values import Type, parse_type

_LIFETIME = re.compile(r"'\w+\s*")
_SCALARS = {"int": "i64", "float": "f64", "bool": "bool", "str": "String"}


def arguments_for(check: Calls, answer: str) -> tuple[str, str]:
    """(`let` lines that read each argument, what stands between the brackets of the call)."""
    declared = _declared_types(check.function, answer)
    signature = [parse_type(kind) for _, kind in check.signature.parameters] if check.signature else None
    if declared is None or (signature is not None and len(signature) != len(declared)):
        if signature is None:
            raise DataError(f"Calls of {check.function} in Rust need a signature")
        declared = [rust_type(kind) for kind in signature]  # for the compiler to refuse with its own words
    lets, passed = [], []
    for index, text in enumerate(declared):
        owned = _owned(text)
        if signature is not None and re.search(r"\bimpl\b|\bdyn\b|\b[A-Z]\b", owned):  # generic
            owned = rust_type(signature[index])
        lets.append(f"        let mut a{index}: {owned} = words.read();\n")
        passed.append(_passed(text, index))
    return "".join(lets), ", ".join(passed)


def rust_type(kind: Type) -> str:
    """The usual Rust type of a signature's."""
    inner = [rust_type(each) for each in kind.arguments]
    if kind.name in _SCALARS:
        return _SCALARS[kind.name]
    if kind.name == "tuple":
        return f"({', '.join(inner)},)"
    name = {"list": "Vec", "map": "std::collections::HashMap", "optional": "Option"}[kind.name]
    return f"{name}<{', '.join(inner)}>"


def _declared_types(function: str, answer: str) -> list[str] | None:
    """Types of the parameters of `fn function`, self apart; None where it is not declared."""
    found = re.search(rf"\bfn\s+{re.escape(function)}\b", answer)
    if found is None:
        return None
    at, depth = found.end(), 0
    while at < len(answer) and (answer[at] != "(" or depth):  # past the generic parameters
        depth += {"<": 1, ">": -1}.get(answer[at], 0) if answer[at - 1 : at + 1] != "->" else 0
        at += 1
    parts = _split(answer[at + 1 :])
    return [part.split(":", 1)[1].strip() for part in parts if ":" in part and not part.strip().startswith("self")]


def _split(text: str) -> list[str]:
    """The parts between commas of the outermost level, up to the closing bracket."""
    parts, depth = [""], 0
    for at, letter in enumerate(text):
        if letter == ")" and depth == 0:
            break
        if letter in "(<[":
            depth += 1
        elif letter in ")]" or (letter == ">" and text[at - 1] != "-"):
            depth -= 1
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part for part in parts if part.strip()]


def _owned(text: str) -> str:
    """`&[&str]` → `Vec<String>`: what can be read and then lent."""
    text = _LIFETIME.sub("", text).strip()
    if text.startswith("&"):
        text = re.sub(r"^&\s*(?:mut\b)?\s*", "", text)
        if text == "str":
            return "String"
        if text.startswith("["):
            return f"Vec<{_owned(text[1:-1])}>"
        return _owned(text)
    return re.sub(r"&\s*str\b", "String", text)


def _passed(text: str, index: int) -> str:
    text = _LIFETIME.sub("", text).strip()
    lent = "&mut " if re.match(r"&\s*mut\b", text) else "&" if text.startswith("&") else ""
    inner = text.lstrip("& ")
    if re.fullmatch(r"(?:Vec<&\s*str>|\[&\s*str\])", inner):
        return f"{lent}a{index}.iter().map(|s| s.as_str()).collect::<Vec<_>>()"
    return f"{lent}a{index}"
