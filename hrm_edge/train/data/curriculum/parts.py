"""A problem as a tree of atoms: its words, its reference and its program are made from the same tree.

    Part(sum of the even numbers, source=("numbers", Part(the squares of {numbers})))

reads "the sum of the even numbers in the squares of `numbers`", computes reference(reference(numbers)), and is the
program that runs one function after the other.
"""

import random
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from inspect import signature
from typing import Any

from hrm_edge.train.data.atoms.atom import Atom
from hrm_edge.train.data.ir.reader import read_function
from hrm_edge.train.data.ir.types import Slot, Type


class OutOfDomainError(Exception):
    """A value computed by one part is not what the next one takes."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One atom with what is put into it. Parameters that nothing is put into are given by the problem."""

    atom: Atom
    constants: Mapping[str, Any] = field(default_factory=dict)
    slots: "Mapping[str, Part]" = field(default_factory=dict)
    source: "tuple[str, Part] | None" = None
    """A parameter, and the part whose result it is."""

    @property
    def parameters(self) -> dict[str, Type]:
        """Types of the atom's own parameters."""
        return {p.name: p.type for p in read_function(self.atom.function).entry.parameters}

    @property
    def given(self) -> "dict[str, Part]":
        """Parameters that the problem gives, innermost part first, and the part that each belongs to."""
        inner = self.source[1].given if self.source else {}
        taken = {*self.constants, *self.slots, *([self.source[0]] if self.source else [])}
        return {**inner, **{name: self for name in self.parameters if name not in taken}}

    @property
    def is_alone(self) -> bool:
        """Whether this is one atom as it stands: nothing put into it, nothing fixed."""
        return not (self.constants or self.slots or self.source)

    @property
    def parts(self) -> "list[Part]":
        """Every part, inner ones first."""
        inner = self.source[1].parts if self.source else []
        return [*inner, *(part for slot in self.slots.values() for part in slot.parts), self]


def subject(slot: Part) -> str:
    """The parameter of a bound atom that the slot's argument is: the first that is no constant."""
    return next(name for name in slot.parameters if name not in slot.constants)


def evaluate(part: Part, values: Mapping[str, Any]) -> Any:
    """What the references of all parts give together.

    Args:
        part: the whole tree.
        values: of the parameters that the problem gives.

    Raises:
        OutOfDomainError: some part meets a value that it is not made for.
    """
    atom = part.atom
    arguments: dict[str, Any] = {}
    for name in signature(atom.function).parameters:
        if name in part.constants:
            arguments[name] = part.constants[name]
        elif name in part.slots:
            arguments[name] = _bound(part.slots[name])
        elif part.source and part.source[0] == name:
            arguments[name] = evaluate(part.source[1], values)
            if not atom.inputs[name].admits(arguments[name]):
                raise OutOfDomainError(f"{atom.name} does not take {arguments[name]!r:.60}")
        else:
            arguments[name] = values[name]
    if atom.needs is not None and not atom.needs(*(v for n, v in arguments.items() if n not in part.slots)):
        raise OutOfDomainError(f"{atom.name} does not take these together")
    try:
        return atom.reference(*arguments.values())
    except (ArithmeticError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise OutOfDomainError(f"{atom.name} does not take {arguments!r:.60}") from error


def _bound(slot: Part) -> Any:
    name = subject(slot)
    domain = slot.atom.inputs[name]

    def call(value: Any) -> Any:
        if not domain.admits(value):
            raise OutOfDomainError(f"{slot.atom.name} does not take {value!r:.60}")
        return evaluate(slot, {name: value})

    return call


def noun(part: Part, mentions: Mapping[str, str], rng: random.Random, *, source: str | None = None) -> str:
    """A noun phrase for the result.

    Args:
        part: the whole tree, or one part of it.
        mentions: how the parameters that are given are written: "`numbers`".
        rng: chooses among the atom's phrases.
        source: how the value that comes from another part is written; spelled out where None.
    """
    words = {name: written(value) for name, value in part.constants.items()}
    if part.source:
        parameter, inner = part.source
        words[parameter] = source if source is not None else noun(inner, mentions, rng)
    made = []
    for text, name, form, _ in string.Formatter().parse(rng.choice(part.atom.says)):
        made.append(text)
        if name is None:
            continue
        if name in part.slots:
            made.append(_slot_words(part.slots[name], form or "", rng))
        else:
            made.append(words[name] if name in words else mentions[name])
    return "".join(made)


def _slot_words(slot: Part, form: str, rng: random.Random) -> str:
    constants = {name: written(value) for name, value in slot.constants.items()}
    if slot.atom.holds is not None and form in ("is", "are"):
        return slot.atom.holds[form == "are"].format(**constants)
    return noun(slot, {subject(slot): form or "it"}, rng)


def written(value: Any) -> str:
    """A constant in a sentence."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    return str(value)


def slots_of(atom: Atom) -> dict[str, Slot]:
    """Slots of an atom, by parameter."""
    parameters = read_function(atom.function).entry.parameters
    return {p.name: p.type for p in parameters if isinstance(p.type, Slot)}


def result_of(atom: Atom) -> Type:
    """Type of an atom's result."""
    return read_function(atom.function).entry.result
