"""Java expressions as text with what decides about parentheses, boxes and casts."""

from typing import NamedTuple

PRIMARY, UNARY, PRODUCT, SUM, SHIFT, ORDER, EQUALITY, AND, XOR, OR, BOTH, EITHER, CHOICE = range(13, 0, -1)
_LEVELS = {
    **dict.fromkeys(("*", "/", "%"), PRODUCT),
    **dict.fromkeys(("+", "-"), SUM),
    **dict.fromkeys(("<<", ">>"), SHIFT),
    **dict.fromkeys(("<", "<=", ">", ">="), ORDER),
    **dict.fromkeys(("==", "!="), EQUALITY),
    "&": AND,
    "^": XOR,
    "|": OR,
    "&&": BOTH,
    "||": EITHER,
}
_MIXED: dict[str, tuple[str, ...]] = {"||": ("&&",), **dict.fromkeys(("<<", ">>", "&", "^", "|"), ())}
"""Operators whose operands get parentheses where these stand in them; any other operator, where none is named."""
_OPPOSITES = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
BOXES = {"int": "Integer", "long": "Long", "char": "Character", "double": "Double", "boolean": "Boolean"}
UNBOXED = {box: plain for plain, box in BOXES.items()}


class Java(NamedTuple):
    """An expression."""

    text: str
    kind: str = ""
    """Its static type where that is a number, character, truth value, or the box of one."""
    level: int = PRIMARY
    operator: str = ""
    """The operator at its top, of two operands."""
    sides: "tuple[Java, ...]" = ()

    def at(self, level: int) -> str:
        """The text where an operand of at least this level is due."""
        return self.text if self.level >= level else f"({self.text})"

    @property
    def plain(self) -> str:
        """The kind without its box."""
        return UNBOXED.get(self.kind, self.kind)


def operation(operator: str, left: Java, right: Java, kind: str) -> Java:
    """A binary operation; mixtures that readers stumble over get parentheses that the compiler would not need."""
    level = _LEVELS[operator]
    mixed = _MIXED.get(operator)
    texts = []
    for side, least in ((left, level), (right, level + 1)):
        clear = (
            mixed is None or not side.operator or side.operator == operator or (mixed and side.operator not in mixed)
        )
        texts.append(side.at(least) if clear else f"({side.text})")
    return Java(f"{texts[0]} {operator} {texts[1]}", kind, level, operator, (left, right))


def arithmetic_kind(left: Java, right: Java) -> str:
    """The type of a sum or product."""
    kinds = {left.plain, right.plain}
    return "double" if "double" in kinds else "long" if "long" in kinds else "int"


def negation(operand: Java) -> Java:
    """`!x`, or the opposite comparison."""
    if operand.operator in _OPPOSITES:
        left, right = operand.sides
        return operation(_OPPOSITES[operand.operator], left, right, "boolean")
    if operand.text.startswith("!") and operand.level == UNARY:
        return Java(operand.text[1:], "boolean")
    return Java(f"!{operand.at(UNARY)}", "boolean", UNARY)


def minus(operand: Java) -> Java:
    """`-x`."""
    text = operand.at(UNARY)
    return Java(f"-({text})" if text.startswith("-") else f"-{text}", operand.plain, UNARY)


def cast(kind: str, operand: Java) -> Java:
    """`(kind) x`; a box is opened by its method where a cast could not narrow it."""
    if operand.kind in ("Long", "Double", "Integer") and kind in ("int", "long", "char"):
        opened = invoke(
            operand, "longValue" if kind == "long" else "intValue", kind="long" if kind == "long" else "int"
        )
        return cast(kind, opened) if kind == "char" else opened
    return Java(f"({kind}) {operand.at(UNARY)}", kind, UNARY)


def invoke(base: Java, method: str, *arguments: Java, kind: str = "") -> Java:
    """`base.method(arguments)`."""
    return Java(f"{base.at(PRIMARY)}.{method}({listed(arguments)})", kind)


def function(name: str, *arguments: Java, kind: str = "") -> Java:
    """`name(arguments)`."""
    return Java(f"{name}({listed(arguments)})", kind)


def listed(arguments: "tuple[Java, ...]") -> str:
    """Arguments with commas between them."""
    return ", ".join([argument.text for argument in arguments])
