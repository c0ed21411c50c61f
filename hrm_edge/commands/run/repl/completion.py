"""What Tab offers: commands, then what each of them takes."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document

Names = Callable[[], Iterable[str]]


class CommandCompleter(Completer):
    """Completes `/command argument`; a request is nobody's to complete."""

    def __init__(self, commands: Mapping[str, Names | None], paths: Iterable[str]) -> None:
        """
        Args:
            commands: name with its slash → what to offer after it.
            paths: the commands that take a path, beside what they are offered else.
        """
        self._commands, self._takes_path = commands, frozenset(paths)
        self._paths = PathCompleter(expanduser=True)

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        text = document.text_before_cursor
        if not text.startswith("/"):
            return
        command, space, argument = text.partition(" ")
        if not space:
            yield from _starting(self._commands, command)
            return
        names = self._commands.get(command)
        if names is not None:
            yield from _starting(names(), argument)
        if command in self._takes_path:
            yield from self._paths.get_completions(Document(argument), complete_event)


def _starting(names: Iterable[str], typed: str) -> Iterator[Completion]:
    for name in sorted(names):
        if name.startswith(typed):
            yield Completion(name, start_position=-len(typed))
