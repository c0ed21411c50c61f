"""Which words of requests are English: how known_words.txt of hrm_edge.delexicalization is made.

    write_known_words(read_examples(nl2bash), read_examples(tldr), known_words_path())

A word is English where requests use it and NL2Bash's commands seldom repeat it as an argument: people ask for "the
first lines", and type neither word, but who asks for "foo" types it. tldr's commands do not count for that, as their
arguments are words of the request ("path/to/file"). Only what training may see is read. A model must be asked with the
list it was trained with, so a new list needs a new model.
"""
# ruff: noqa: SIM905 — lists of words read better as a text than with a quote around each.

import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from hrm_edge import delexicalization
from hrm_edge.files import whole_file
from hrm_edge.shell_match import ARGUMENT, template, words
from hrm_edge.shell_recipes.recipes import SLOT, load_recipes
from hrm_edge.shell_recipes.vocabulary import NAMES
from hrm_edge.shell_recipes.wording import stem
from hrm_edge.train.data.data_sets import Example

OFTEN, OFTEN_WITH_DIGITS = 3, 8
"""A word of so many requests is known, one with digits in it of so many."""
COMMON, COMMON_IN_RECIPES = 100, 8
"""A word of so many requests, or of so many ways to ask for recipes, is among the commonest."""
PROGRAM = 5
"""A word that begins commands, or names options, so often is no name, however often it is typed."""
LINE = 118
_REQUEST_WORD = re.compile(r"(?<![\w./*$'-])[A-Za-z][A-Za-z0-9]*(?![\w/*]|\.\w)")
_COMMAND_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_DIGIT = re.compile(r"\d")
_ALWAYS = frozenset(
    "a i you want please like would could should need must some either neither nor such so being during until along "
    "against itself themselves according previous parent temporary hierarchy structure whole particular above below "
    "something anything whatever people succeeds listens https http python java javascript typescript markdown node "
    "php perl ruby json csv docker am me my who whom whose been does doesn done can't itself every everything nothing "
    "outside inside anywhere regardless together directly immediately without within between through across instead "
    "still yet already again too very much both few less more most least rather same own other others another rust "
    "shell text golang kotlin swift sql latex ascii english has have contains starts ends begins exists exist newer "
    "larger bigger smaller owned belonging edited sizes limited".split()
)
"""English whatever the data say: what courtesy and grammar need, and what stands for an ending of files."""
_NEVER = frozenset("foo bar baz foobar".split())
_NAMES = NAMES - {"docker", "python", "node"}


def known_words_path() -> Path:
    """Where the list lies."""
    return Path(delexicalization.__path__[0]) / "known_words.txt"


def write_known_words(nl2bash: Iterable[Example], tldr: Iterable[Example], path: Path) -> None:
    """Write the list that the data give: the commonest words, an empty line, the others."""
    uses, in_nl2bash, typed, of_programs = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for example, repeats in (*((row, True) for row in nl2bash), *((row, False) for row in tldr)):
        if example.held_out or not example.code:
            continue
        asked = set(_words(example.request))
        arguments, programs = _words_of_command(example.code)
        uses.update(asked)
        of_programs.update(asked & programs)
        if repeats:
            in_nl2bash.update(asked)
            typed.update((asked & arguments) - programs)

    def is_typed(word: str) -> bool:
        often = in_nl2bash[word] >= OFTEN and typed[word] / in_nl2bash[word] > 1 / 2
        return often and of_programs[word] < PROGRAM

    in_recipes = Counter(
        word for recipe in load_recipes() for ask in recipe.asks for word in set(_words(SLOT.sub(" ", ask)))
    )
    known = {
        word
        for word in uses | in_recipes
        if word not in _NAMES and len(word) > 1
        if in_recipes[word]
        or (uses[word] >= (OFTEN_WITH_DIGITS if _DIGIT.search(word) else OFTEN) and not is_typed(word))
    }
    stems = {stem(word) for word in known if len(word) > 3 and not _DIGIT.search(word)}
    known |= {
        word
        for word in uses
        if len(word) > 4 and not _DIGIT.search(word) and stem(word) in stems and word not in _NAMES
        if not is_typed(word)
    }
    known = (known | _ALWAYS) - _NEVER
    common = {word for word in known if uses[word] >= COMMON or in_recipes[word] >= COMMON_IN_RECIPES} | _ALWAYS
    with whole_file(path) as part:
        part.write_text(f"{_block(common)}\n\n{_block(known - common)}\n", encoding="utf-8")


def _words(text: str) -> Iterator[str]:
    return (word.lower() for word in _REQUEST_WORD.findall(text))


def _words_of_command(command: str) -> tuple[set[str], set[str]]:
    """(words of its arguments, words of its programs and options)."""
    arguments, programs = set[str](), set[str]()
    for word, kind in zip(words(command), template(command), strict=True):
        kept = (arguments, word) if kind == ARGUMENT else (programs, kind)
        kept[0].update(piece.lower() for piece in _COMMAND_WORD.findall(kept[1]))
    return arguments, programs


def _block(listed: Iterable[str]) -> str:
    return textwrap.fill(" ".join(sorted(listed)), LINE, break_on_hyphens=False)
