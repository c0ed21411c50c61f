"""What stands beside every model: the empty answer, and answers that were looked up.

A model that does not beat retrieval has learned to look up, and one that does not beat the empty answer nothing.
Retrieval is BM25 (Robertson and Zaragoza 2009), over training texts alone (never a held-out one, never the problem that
is scored) and over the local index, which models with neighbours get too.
"""

import ast
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from hrm_edge.bench.answerer import Answerer, Response
from hrm_edge.bench.neighbours import Lookup
from hrm_edge.bench.suites.shell import request_of, spoken
from hrm_edge.bench.suites.source import DataFiles, find_files
from hrm_edge.delexicalization.delexicalize import Delexicalized, delexicalize, delexicalize_answer
from hrm_edge.delexicalization.lexicalize import lexicalize
from hrm_edge.errors import DataError
from hrm_edge.function_heads import Function, functions_of, with_function_name
from hrm_edge.problems.problem import Calls, Problem, PythonTests
from hrm_edge.prompt import fenced
from hrm_edge.python_source import parse
from hrm_edge.shell_recipes.matching import read_request
from hrm_edge.shell_recipes.recipes import load_recipes
from hrm_edge.train.data.data_sets import Example, read_examples
from hrm_edge.train.data.shell.filling import fill

_WHOLE_FILES: Mapping[str, DataFiles] = {
    suite: ((f"{suite}.jsonl.gz", f"{suite}.jsonl"),) for suite in ("tldr", "nl2bash", "cheatsheets")
}
"""Data sets whose one file holds what is trained on and what is held out."""
_MBPP_TRAINING: DataFiles = (("train.jsonl",),)
"""MBPP's training rows are a file beside those that are scored."""
_RECIPE_SEED = 0
_LOOKED_AT = 5
"""Neighbours of which one needs no more names than there are."""
_NEEDS_BM25S = 'the retrieval baseline needs bm25s: pip install "hrm-edge[bench]"'


class EmptyBaseline:
    """Answers nothing."""

    name = "empty answer"

    def answer(self, problem: Problem, request: str, *, seed: int) -> Response:  # noqa: ARG002 — the protocol's
        """The empty response."""
        return Response(text="")


class RetrievalBaseline:
    """Answers with the code of the nearest training request of the problem's language; nothing where there is none."""

    name = "nearest training example (BM25)"

    def __init__(self, examples: Iterable[Example]) -> None:
        """Index `examples`, each under its request.

        Raises:
            DataError: bm25s is not installed.
        """
        by_language: dict[str, list[Example]] = {}
        for example in examples:
            by_language.setdefault(example.language, []).append(example)
        self._examples = by_language
        self._indexes = {
            language: _Index([request_of(example) for example in found]) for language, found in by_language.items()
        }

    def answer(self, problem: Problem, request: str, *, seed: int) -> Response:  # noqa: ARG002 — the protocol's
        """The neighbour's answer as a fenced block, the same for every seed."""
        index = self._indexes.get(problem.language)
        if index is None:
            return Response(text="")
        (place,) = index.nearest(request, count=1)
        return Response(text=self._examples[problem.language][place].response)


class NamedRetrievalBaseline:
    """Answers a request for a command with that of the nearest training request, names aside, and with its own names.

    It is what a model must beat whose requests are read without names: all it adds to looking up is then the wording.
    """

    name = "nearest training example, names replaced (BM25)"

    def __init__(self, examples: Iterable[Example]) -> None:
        """Index the commands among `examples` whose names can all be replaced.

        Raises:
            DataError: bm25s is not installed.
        """
        self._commands: list[Delexicalized] = []
        requests: list[str] = []
        for example in (example for example in examples if example.language == "bash"):
            request = delexicalize(request_of(example))
            command = delexicalize_answer(example.response, request.names)
            if not command.has_part_of_name:
                self._commands.append(command)
                requests.append(_words_of(request))
        self._index = _Index(requests) if requests else None

    def answer(self, problem: Problem, request: str, *, seed: int) -> Response:  # noqa: ARG002 — the protocol's
        """The first of the nearest commands that needs no more names than the request has; the same for every seed."""
        if problem.language != "bash" or self._index is None:
            return Response(text="")
        asked = delexicalize(request)
        nearest = [self._commands[place] for place in self._index.nearest(_words_of(asked), count=_LOOKED_AT)]
        fitting = (command for command in nearest if _names_needed(command) <= len(asked.names))
        return Response(text=lexicalize(next(fitting, nearest[0]).text, asked.names))


class IndexBaseline:
    """Retrieval alone: the answer of the nearest index entry, as it is; nothing for problems that are not looked up.

    It is the first neighbour that a model would get. Its function is called as the problem asks for, where it has as
    many parameters and this is a change of its name alone (hrm_edge.function_heads): otherwise the tests would not find
    a program that is right. Nothing else is adapted. Of shell commands only the very one is right, and entries with it
    are contamination: there the template match tells more.
    """

    name = "retrieval alone (nearest index entry, renamed)"

    def __init__(self, lookup: Lookup) -> None:
        self._entries = lookup.entries

    def answer(self, problem: Problem, request: str, *, seed: int) -> Response:  # noqa: ARG002 — the protocol's
        """The entry's answer as a fenced block, the same for every seed."""
        found = self._entries.get(problem.id)
        if not found:
            return Response(text="")
        nearest = found[0]
        asked = asked_function(problem)
        code = nearest.code if asked is None else with_function_name(nearest.code, nearest.language, asked)
        return Response(text=fenced(code, nearest.language))


class RecipeBaseline:
    """What `hrm-edge run` answers before it asks a model: the command of the recipe a request reads as, or nothing."""

    name = "recipes alone (read, nothing where none fits)"

    def answer(self, problem: Problem, request: str, *, seed: int) -> Response:  # noqa: ARG002 — the protocol's
        """The recipe's command as a fenced block, the same for every seed."""
        reading = read_request(request) if problem.language == "bash" else None
        return Response(text="" if reading is None else fenced(reading.command, "bash"))


def asked_function(problem: Problem) -> Function | None:
    """The function that a problem's tests call; None where they call none, or a method."""
    check = problem.check
    if isinstance(check, Calls):
        return Function(check.function, len(check.arguments[0])) if check.method_of is None else None
    if isinstance(check, PythonTests) and not check.prefix:
        return _called_by(check)
    stub = functions_of(problem.stub, problem.language) if isinstance(problem.stub, str) else []
    if isinstance(check, PythonTests):
        stub = [function for function in stub if function.name == check.entry_point]
    return stub[-1] if stub else None


def _called_by(check: PythonTests) -> Function | None:
    """The function as its tests call it, where no prompt declares it."""
    for node in (node for test in check.tests for node in ast.walk(parse(test))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == check.entry_point:
            return Function(check.entry_point, len(node.args) + len(node.keywords))
    return None


def baselines_for(
    suite: str,
    problems: Sequence[Problem],
    data: Path | None,
    *,
    lookup: Lookup | None = None,
    notice: Callable[[str], None] | None = None,
) -> list[Answerer]:
    """The baselines of a suite: the empty answer, retrieval where there is something to search, recipes for a shell.

    Retrieval from training texts is left out where bm25s is not installed: the bench must run on a plain install.

    Args:
        suite: the suite's name.
        problems: what is scored; no neighbour is one of them.
        data: where the suite's rows came from: neighbours are the training part of the same files.
        lookup: what the local index has for them; None: it is not searched.
        notice: told in one line when retrieval is left out.
    """
    baselines: list[Answerer] = [EmptyBaseline()]
    neighbours = training_neighbours(suite, problems, data)
    if neighbours and find_spec("bm25s") is not None:
        baselines.append(RetrievalBaseline(neighbours))
        if any(example.language == "bash" for example in neighbours):
            baselines.append(NamedRetrievalBaseline(neighbours))
    elif neighbours and notice is not None:
        notice(_NEEDS_BM25S)
    if any(problem.language == "bash" for problem in problems):
        baselines.append(RecipeBaseline())
    if lookup is not None and any(lookup.entries.values()):
        baselines.append(IndexBaseline(lookup))
    return baselines


def training_neighbours(suite: str, problems: Sequence[Problem], data: Path | None) -> list[Example]:
    """Training texts of the kind that a suite asks for, without any that are held out or scored."""
    scored = {line for problem in problems for line in _spoken_lines(problem.request)}
    return [
        example
        for example in _training_texts(suite, data)
        if not example.held_out
        and scored.isdisjoint(_spoken_lines(example.request))
        and spoken(request_of(example)) not in scored
    ]


class _Index:
    """BM25 over requests."""

    def __init__(self, requests: Sequence[str]) -> None:
        try:
            import bm25s
        except ImportError:
            raise DataError(_NEEDS_BM25S) from None
        self._count = len(requests)
        self._tokenize = bm25s.tokenize
        self._index = bm25s.BM25()
        self._index.index(bm25s.tokenize(list(requests), show_progress=False), show_progress=False)

    def nearest(self, request: str, *, count: int) -> list[int]:
        """Places of the nearest requests, or of all where there are fewer."""
        query = self._tokenize([request], show_progress=False)
        found, _ = self._index.retrieve(query, k=min(count, self._count), show_progress=False)
        return [int(place) for place in found[0]]


def _words_of(request: Delexicalized) -> str:
    """The request with words for names, which BM25's own tokenizer leaves whole."""
    return "".join(part if isinstance(part, str) else f" name{part} " for part in request.parts)


def _names_needed(command: Delexicalized) -> int:
    return max((part + 1 for part in command.parts if isinstance(part, int)), default=0)


def _training_texts(suite: str, data: Path | None) -> list[Example]:
    if suite == "builtin":
        return _filled_recipes()
    paths: list[Path] = []
    if data is not None and suite in _WHOLE_FILES:
        paths = find_files(data, _WHOLE_FILES[suite], ".")
    elif data is not None and suite.startswith("mbpp"):
        paths = find_files(data.parent if data.is_file() else data, _MBPP_TRAINING, "mbpp")
    return [example for path in paths for example in read_examples(path)]


def _filled_recipes() -> list[Example]:
    """Every recipe of the package as often as there are ways to ask for it, with the same values each time."""
    rng = random.Random(_RECIPE_SEED)
    filled = (fill(recipe, rng) for recipe in load_recipes() for _ in recipe.asks)
    return [Example(request=request, code=code, language="bash", source="recipes") for request, code in filled]


def _spoken_lines(text: str) -> set[str]:
    """The lines of a request as words. MBPP's requests differ from its training texts, but share the test they show."""
    return {words for line in text.split("\n") if (words := spoken(line))}
