"""snake_case names as each language writes them."""

from collections.abc import Set


def camel(name: str) -> str:
    """`two_words` → `twoWords`."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def pascal(name: str) -> str:
    """`two_words` → `TwoWords`."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def clear_of(reserved: Set[str], name: str) -> str:
    """The name, with `_` behind it where the language has taken it."""
    return f"{name}_" if name in reserved else name
