"""An atom: one concept of the curriculum, written once, with its words and an independent reference.

    @atom(
        topic="number theory",
        says=("the greatest common divisor of {a} and {b}", "the largest whole number that divides both {a} and {b}"),
        names=("gcd", "greatest_common_divisor"),
        inputs={"a": Whole(1, 200), "b": Whole(1, 200)},
        reference=math.gcd,
        claims=(Claim("If {a} and {b} are equal, that is the number itself.", (7, 7), 7),),
    )
    def greatest_common_divisor(a: int, b: int) -> int:
        while b != 0:
            a, b = b, a % b
        return a

The function's body is read into the intermediate form (ir/reader.py says which Python it knows); `reference` computes
the same in another way (standard library, brute force, formula), in any Python.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from hrm_edge.train.data.atoms.domains import Domain

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Claim:
    """A sentence about a special case, true of the atom alone: what these arguments give."""

    text: str
    arguments: tuple[Any, ...]
    result: Any


@dataclass(frozen=True, kw_only=True)
class Atom:
    """One row of the catalogue. `{name}` in the texts stands for how the problem calls that parameter."""

    function: Callable[..., Any]
    """Its parameters are what a problem gives, or slots: a `Callable[[int], bool]` takes any atom from int to bool."""
    topic: str
    says: tuple[str, ...]
    """Noun phrases for the result, each complete and true alone. A slot `f` that gives a value is `{f:each number}`
    (its own phrase, about "each number"); one that gives a truth value is `{keep:are}` or `{keep:is}` ("are even")."""
    names: tuple[str, ...]
    """Names a person would give the function; the function's own is among those drawn too."""
    inputs: Mapping[str, Domain]
    """Where each parameter that is no slot comes from."""
    needs: Callable[..., bool] | None = None
    """What the arguments must meet together, slots left out."""
    reference: Callable[..., Any]
    """The same computed independently; slots are passed as functions."""
    claims: tuple[Claim, ...] = ()
    holds: tuple[str, str] | None = None
    """For a truth value about one subject: ("is even", "are even")."""
    also: tuple[Callable[..., Any], ...] = ()
    """Other solutions in the subset, same parameters."""
    level: int
    """1 first steps, 2 easy, 3 needs an idea, 4 a known algorithm, 5 hard."""

    @property
    def name(self) -> str:
        """Unique in the catalogue."""
        return self.function.__name__


CATALOGUE: dict[str, Atom] = {}
"""Every atom by name, in the order of the modules; filled as atoms/catalogue.py imports them."""


def atom(
    *,
    topic: str,
    says: tuple[str, ...],
    inputs: Mapping[str, Domain],
    reference: Callable[..., Any],
    level: int,
    names: tuple[str, ...] = (),
    needs: Callable[..., bool] | None = None,
    claims: tuple[Claim, ...] = (),
    holds: tuple[str, str] | None = None,
    also: tuple[Callable[..., Any], ...] = (),
) -> Callable[[Function], Function]:
    """Put a function into the catalogue; it stays an ordinary function."""

    def register(function: Function) -> Function:
        made = Atom(
            function=function,
            topic=topic,
            says=says,
            names=names,
            inputs=inputs,
            needs=needs,
            reference=reference,
            claims=claims,
            holds=holds,
            also=also,
            level=level,
        )
        assert made.name not in CATALOGUE, f"two atoms are called {made.name}"
        CATALOGUE[made.name] = made
        return function

    return register
