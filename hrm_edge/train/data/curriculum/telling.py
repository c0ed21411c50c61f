"""What a problem offers to whoever describes it: phrases, names, examples, in one language."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from hrm_edge.languages import language
from hrm_edge.train.data.curriculum.parts import Part, noun
from hrm_edge.train.data.curriculum.problem import CurriculumProblem
from hrm_edge.train.data.ir.types import BOOL, FLOAT, INT, STR, List, Map, Optional, Tuple, Type
from hrm_edge.train.data.renderers.names import camel
from hrm_edge.train.data.renderers.renderer import Case, Renderer

_LONGEST_NESTED = 120
_STEP_NAMES = ("A", "B", "C")


@dataclass
class Telling:
    """One problem in one language, told once: what is drawn for it stays the same throughout."""

    problem: CurriculumProblem
    renderer: Renderer
    rng: random.Random
    shown: list[Case] = field(default_factory=list)
    """Examples that the text has used."""

    @property
    def title(self) -> str:
        """`C++`."""
        return language(self.renderer.language).title

    @property
    def name(self) -> str:
        """How the function is called."""
        return self.renderer.name(self.problem.program)

    @property
    def head(self) -> str:
        """Its declaration."""
        return self.renderer.head(self.problem.program)

    def result(self) -> tuple[str, str]:
        """(sentences that come first, noun phrase): a chain of atoms is told step by step where one phrase inside
        another would be hard to read."""
        mentions = {name: f"`{self.parameter(new)}`" for name, new in self.problem.mentions}
        part = self.problem.part
        if part.source is None:
            return "", noun(part, mentions, self.rng)
        nested = noun(part, mentions, self.rng)
        if len(nested) <= _LONGEST_NESTED and _ends_with_source(part, nested, mentions) and self.rng.random() < 0.5:
            return "", nested
        sentences = []
        chain = _chain(part)
        for step, (letter, inner) in enumerate(zip(_STEP_NAMES, chain[:-1], strict=False)):
            before = _STEP_NAMES[step - 1] if step else None
            sentences.append(f"Let {letter} be {noun(inner, mentions, self.rng, source=before)}.")
        return " ".join(sentences), noun(part, mentions, self.rng, source=_STEP_NAMES[len(chain) - 2])

    def sentence(self, verb: str = "Return") -> str:
        """`Return the sum of …`, with what must come first."""
        first, phrase = self.result()
        return f"{first} {verb} {phrase}." if first else f"{verb} {phrase}."

    def claims(self) -> str:
        """What is said about special cases, where the problem is one atom with nothing put in."""
        part = self.problem.part
        if part.source is not None or part.slots or part.constants or not part.atom.claims:
            return ""
        mentions = {name: f"`{self.parameter(new)}`" for name, new in self.problem.mentions}
        return self.rng.choice(part.atom.claims).text.format(**mentions)

    def parameter(self, name: str) -> str:
        """A parameter as the language writes it: read off the head, which is where a person sees it."""
        written = (name, camel(name), f"{name}_", f"{camel(name)}_")
        return next((word for word in written if re.search(rf"\b{word}\b", self.head)), name)

    def parameters(self) -> str:
        """`a list of whole numbers `xs` and a whole number `k``."""
        entry = self.problem.program.entry
        return _joined([f"{kind_words(p.type)} `{self.parameter(p.name)}`" for p in entry.parameters])

    def draw_examples(self, count: int) -> Sequence[Case]:
        """Some of the tests, short ones first, not only edges."""
        ordered = sorted(self.problem.cases, key=lambda case: len(repr(case)))
        readable = [case for case in ordered if len(repr(case)) <= 100] or ordered[:1]
        chosen = self.rng.sample(readable, min(count, len(readable)))
        self.shown.extend(case for case in chosen if case not in self.shown)
        return chosen

    def call(self, case: Case) -> str:
        """The call of an example."""
        return self.renderer.call(self.problem.program, case.arguments)

    def value(self, case: Case) -> str:
        """What it gives."""
        return self.renderer.literal(case.result, self.problem.program.entry.result)


def kind_words(kind: Type) -> str:
    """A type in words, with its article."""
    plain = {INT: "an integer", FLOAT: "a number", BOOL: "a flag", STR: "a string"}
    match kind:
        case List(item=item):
            return f"a list of {_plural(item)}"
        case Map(key=key, value=value):
            return f"a map from {_plural(key)} to {_plural(value)}"
        case Optional(item=item):
            return f"{kind_words(item)} or nothing"
        case Tuple(items=items):
            return f"a tuple of {_joined([kind_words(item) for item in items])}"
    return plain[kind]


def _plural(kind: Type) -> str:
    plain = {INT: "integers", FLOAT: "numbers", BOOL: "flags", STR: "strings"}
    return plain[kind] if kind in plain else kind_words(kind).removeprefix("a ").replace("list", "lists", 1)


def _joined(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _chain(part: Part) -> list[Part]:
    return [*(_chain(part.source[1]) if part.source else []), part]


def _ends_with_source(part: Part, phrase: str, mentions: dict[str, str]) -> bool:
    """Whether the phrase ends with the value put in, so that nothing follows the inner phrase."""
    assert part.source is not None
    _, inner = part.source
    if inner.source is not None:
        return False
    endings = tuple(says.rpartition("}")[2] == "" for says in inner.atom.says)
    return any(endings) and any(phrase.endswith(mention) for mention in mentions.values())
