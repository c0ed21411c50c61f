"""One conversation: its model and settings, its files, the last answer, and what can be undone."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from hrm_edge.commands.run.answer_output import show_status
from hrm_edge.commands.run.answering import Answerer, Asking, Outcome
from hrm_edge.commands.run.change_output import settle
from hrm_edge.commands.run.file_changes import Change, changes_in, undo_changes
from hrm_edge.commands.run.repl.highlighting import CodePainter
from hrm_edge.commands.run.repl.opening import Opening
from hrm_edge.commands.run.request import Request, read_files, read_request
from hrm_edge.commands.terminal import print_status
from hrm_edge.errors import EditError


class Session:
    """What the prompt and its commands work on."""

    def __init__(self, opening: Opening, asking: Asking, files: Sequence[Path], *, yes: bool) -> None:
        """Load the model and check the files. Errors as Opening.open and read_files."""
        read_files(files)
        self.opening, self.asking, self.files, self.yes = opening, asking, list(files), yes
        self.answerer: Answerer = opening.open()
        self.last: Outcome | None = None
        self.asked = ""
        self.changes: tuple[Change, ...] = ()
        """Edits of the last answer that are not applied."""
        self.applied: list[tuple[Change, ...]] = []
        """What /undo puts back, the last first."""
        self.over = False

    def __enter__(self) -> "Session":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.answerer.__exit__(kind, error, trace)

    def state(self) -> str:
        """The settings in one line."""
        settings, runtime = self.asking.settings, self.answerer.runtime
        path = self.answerer.path
        parts = [
            self.opening.model or (path.name if path.is_dir() else path.stem),
            runtime.name,
            settings.language or "any language",
            f"{runtime.cycles} cycles",
            "" if settings.candidates is None else f"{settings.candidates} samples",
            ", ".join(file.name for file in self.files),
        ]
        return " · ".join(part for part in parts if part)

    def reopen(self, opening: Opening) -> None:
        """Load another model, or the same one in another way; where that fails the one there is stays."""
        answerer = opening.open()
        self.answerer.__exit__(None, None, None)
        self.opening, self.answerer = opening, answerer

    def set_language(self, name: str | None) -> None:
        """Of the answers to come; None leaves it to the request."""
        self.asking = replace(self.asking, settings=replace(self.asking.settings, language=name))

    def ask(self, prompt: str) -> None:
        """Answer a request on stdout. Errors as Answerer.answer, read_request and changes_in."""
        request = read_request(prompt, self.files, piped=False)
        self.last, self.asked, self.changes = None, prompt, ()
        painter = CodePainter()
        with _ended(painter):
            outcome = self.answerer.answer(request.text, self.asking, tests=request.tests, on_code=painter.write)
        self.last = outcome
        if not outcome.streamed:
            self._show_whole(outcome)
        show_status(outcome, max_tokens=self.asking.settings.drawing.max_tokens)
        self._offer_changes(outcome, request)

    def _show_whole(self, outcome: Outcome) -> None:
        painter = CodePainter()
        with _ended(painter):
            painter.write(outcome.answered.answer, outcome.answered.language)

    def _offer_changes(self, outcome: Outcome, request: Request) -> None:
        self.changes = changes_in(outcome.text, request)
        if self.changes:
            self.apply()
        elif outcome.answered.language == "bash" and outcome.answered.answer.strip():
            print_status("/run explains it and runs it after a yes")

    def apply(self) -> None:
        """Show the changes of the last answer and make them after a yes. Errors as apply_changes."""
        if not self.changes:
            raise EditError("the last answer changes no file: give one with /file and say what to change")
        if settle(self.changes, yes=self.yes):
            self.applied.append(self.changes)
            self.changes = ()

    def undo(self) -> None:
        """Put back what was changed last. Errors as undo_changes."""
        if not self.applied:
            raise EditError("there is nothing to undo: no file was changed in this session")
        changes = self.applied[-1]
        undo_changes(changes)
        self.applied.pop()
        print_status(f"put back {', '.join(str(change.path) for change in changes)}")


@contextmanager
def _ended(painter: CodePainter) -> Iterator[None]:
    """Whatever ends an answer, what it wrote is on lines of its own."""
    try:
        yield
    finally:
        painter.finish()
        sys.stdout.flush()
