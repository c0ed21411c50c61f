"""The examples of a request: what it says a function should return, as calls that can be made.

find_examples("the second largest number, f([3, 1, 2]) == 2")[0].arguments  →  ([3, 1, 2],)
"""

import builtins
import re
from collections.abc import Iterable
from dataclasses import replace

from hrm_edge.assistant.asked_language import asked_language
from hrm_edge.assistant.example_calls import Example, calls_in
from hrm_edge.assistant.example_tables import inputs_and_outputs_in
from hrm_edge.assistant.literals import with_listed_braces

MOST_EXAMPLES = 100
LONGEST_SEARCHED = 20_000
"""Characters of a request that are searched: the context of the presets holds fewer."""
_STREAMS = re.compile(r"\b(?:stdin|stdout|standard (?:in|out)put)\b", re.IGNORECASE)
_DEFINED = re.compile(r"\b(?:def|fn|func|function)[ \t]+(\w+)[ \t]*[(<]")
_LISTS_IN_BRACES = ("cpp", "java")
_BUILTINS = frozenset(name for name in dir(builtins) if name.islower())


def find_examples(request: str, *, language: str | None = None) -> tuple[Example, ...]:
    """The examples of a request in the order in which it has them, none twice, at most MOST_EXAMPLES.

    Where some name their function, those that name none are left out; so are calls of other functions than the one that
    the request itself begins to define, and of Python's own (`len([1]) == 1`) where another is called.

    Args:
        language: a name of LANGUAGES, where it is known; shell commands have no examples, and braces are lists in C++
            and Java. None: what the request asks for.
    """
    if language == "bash":
        return ()
    request = request[:LONGEST_SEARCHED]
    if (language or asked_language(request)) in _LISTS_IN_BRACES:
        listed = with_listed_braces(request)
        return tuple(_as_written(example, listed, request) for example in _examples_in(listed))
    return _examples_in(request)


def _as_written(example: Example, listed: str, request: str) -> Example:
    start = listed.find(example.text)
    return replace(example, text=request[start : start + len(example.text)])


def _examples_in(request: str) -> tuple[Example, ...]:
    found = _told_apart(calls_in(request), request)
    defined = set(_DEFINED.findall(request))
    of_request = [example for example in found if example.function in defined]
    of_nobody = [example for example in found if example.function not in _BUILTINS]
    found = of_request or of_nobody or found
    if not found and not _STREAMS.search(request):
        found = _told_apart(inputs_and_outputs_in(request), request)
    return tuple(found[:MOST_EXAMPLES])


def _told_apart(examples: Iterable[Example], request: str) -> list[Example]:
    """Each call once, in the order of the text."""
    kept: dict[str, Example] = {}
    for example in examples:
        key = repr((example.function, example.arguments, example.named))
        if key not in kept:
            kept[key] = example
    return sorted(kept.values(), key=lambda example: request.find(example.text))
