"""/language, /model, /runtime, /cycles, /samples: how the next request is answered."""

from collections.abc import Iterable
from dataclasses import replace
from typing import get_args

from hrm_edge.assistant.drawing import CANDIDATES
from hrm_edge.commands.options import RuntimeName
from hrm_edge.commands.run.repl.session import Session
from hrm_edge.commands.terminal import print_status
from hrm_edge.errors import ModelStoreError, PromptError, RuntimeUnavailableError
from hrm_edge.languages import LANGUAGES
from hrm_edge.languages import language as find_row
from hrm_edge.runtimes.base import Cycles

ANY, EMBEDDED, TRAINED, DEFAULT = "any", "embedded", "trained", "default"
MOST_SAMPLES = 256
"""A batch of more takes more memory than it is worth."""


def language(session: Session, argument: str) -> None:
    if argument:
        session.set_language(None if argument == ANY else find_row(argument).name)
    print_status(f"language: {session.asking.settings.language or ANY}")


def languages(session: Session) -> Iterable[str]:
    del session
    return [*LANGUAGES, ANY]


def model(session: Session, argument: str) -> None:
    if argument:
        session.reopen(replace(session.opening, model=None if argument == EMBEDDED else argument))
    print_status(f"model: {session.answerer.path}")


def models(session: Session) -> Iterable[str]:
    del session
    from hrm_edge.model_store import ModelStore

    try:
        entries, _ = ModelStore().entries()
    except (ModelStoreError, OSError):  # completion is no place for errors
        entries = []
    return [EMBEDDED, *(entry.name for entry in entries)]


def runtime(session: Session, argument: str) -> None:
    if argument:
        if argument not in runtimes(session):
            raise RuntimeUnavailableError(f"{argument} is no runtime: choose of {', '.join(runtimes(session))}")
        session.reopen(replace(session.opening, options=replace(session.opening.options, runtime=argument)))
    print_status(f"runtime: {session.answerer.runtime.name}")


def runtimes(session: Session) -> list[str]:
    del session
    return list(get_args(RuntimeName))


def cycles(session: Session, argument: str) -> None:
    if argument:
        options = replace(session.opening.options, cycles=_read_cycles(argument))
        session.reopen(replace(session.opening, options=options))
    print_status(f"cycles: {session.answerer.runtime.cycles}")


def depths(session: Session) -> Iterable[str]:
    return [*map(str, range(1, session.answerer.runtime.architecture.h_cycles + 1)), "auto", TRAINED]


def samples(session: Session, argument: str) -> None:
    if argument:
        count = None if argument == DEFAULT else _number(argument, "samples")
        if count is not None and count > MOST_SAMPLES:
            raise PromptError(f"{count} samples are too many: give at most {MOST_SAMPLES}")
        drawing = session.asking.settings.drawing
        if count is not None and count > 1 and not drawing.greedy_first and drawing.temperature == 0:
            raise PromptError(f"{count} samples at --temperature 0 are all the same: start again without it")
        session.asking = replace(session.asking, settings=replace(session.asking.settings, candidates=count))
    told = f"{CANDIDATES} where the request has examples, else 1"
    print_status(f"samples: {session.asking.settings.candidates or told}")


def counts(session: Session) -> Iterable[str]:
    del session
    return [DEFAULT]


def _read_cycles(argument: str) -> Cycles | None:
    if argument == TRAINED:
        return None
    return "auto" if argument == "auto" else _number(argument, "cycles")


def _number(text: str, what: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise PromptError(f"{text!r:.40} is no number of {what}: give a whole number from 1 up")
    return int(text)
