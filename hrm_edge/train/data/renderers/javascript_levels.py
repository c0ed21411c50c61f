"""How tightly JavaScript's expressions bind, from a place that takes every expression to names and calls."""

ANY, CONDITIONAL, NULLISH, OR, AND, BIT_OR, BIT_XOR, BIT_AND, EQUALITY, ORDER, SHIFT, SUM, PRODUCT, POWER = range(14)
UNARY, ATOM = 14, 15

Written = tuple[str, int]
"""Source, and how tightly it binds."""

OPERATORS = {
    **{"|": BIT_OR, "^": BIT_XOR, "&": BIT_AND, "<<": SHIFT, ">>": SHIFT},
    **{"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "%": PRODUCT},
}
COMPARISONS = {"==": "===", "!=": "!==", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


def in_parentheses(written: Written, level: int) -> str:
    """The source, in parentheses where it binds less than the place wants."""
    text, own = written
    return f"({text})" if own < level else text
