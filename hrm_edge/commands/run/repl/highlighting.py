"""Code on a terminal as it is written, in the colours of its language.

A token is shown plain the moment it comes; once its line is whole, the line is written again over itself in colours.
So nothing is held back, and a lexer sees whole lines only, with all that stands before them. On anything but a terminal
with colours the text goes out as it is.
"""

import shutil
import sys

from hrm_edge.commands.run.answer_output import harmless, write_code
from hrm_edge.commands.run.confirmation import colours_wanted

LONGEST_CODE = 20_000
"""Characters that are highlighted: a lexer reads all of them again for each line."""
_UP = "\x1b[{}A"


class CodePainter:
    """One answer on stdout."""

    def __init__(self) -> None:
        self._colours = colours_wanted()
        self._before = ""
        """Lines that are done, as they are shown."""
        self._line = ""
        self._language: str | None = None
        self.text = ""

    def write(self, code: str, language: str | None) -> None:
        """Show what comes next."""
        self.text += code
        if not self._colours or not language or len(self.text) > LONGEST_CODE:
            self._colours = False
            write_code(code)
            return
        self._language = language
        for piece in harmless(code).splitlines(keepends=True):
            self._line += piece
            sys.stdout.write(piece.removesuffix("\n"))
            if piece.endswith("\n"):
                self._end_line()
        sys.stdout.flush()

    def finish(self) -> None:
        """Nothing more comes: the last line gets its colours and its end."""
        if self._colours and self._line:
            self._line += "\n"
            self._end_line()
            sys.stdout.flush()
        elif not self._colours and self.text and not self.text.endswith("\n"):
            write_code("\n")

    def _end_line(self) -> None:
        line = self._line.removesuffix("\n")
        rows = _rows(line)
        if rows is not None:
            sys.stdout.write((_UP.format(rows - 1) if rows > 1 else "") + f"\r{self._coloured(line)}")
        sys.stdout.write("\n")
        self._before += self._line
        self._line = ""

    def _coloured(self, line: str) -> str:
        from rich.color import ColorSystem
        from rich.console import Console
        from rich.syntax import Syntax

        assert self._language is not None, "without one nothing is coloured"
        code = self._before + line
        lines = Syntax("", self._language, theme="ansi_dark").highlight(code).split("\n", allow_blank=True)
        place = self._before.count("\n")
        if place >= len(lines) or lines[place].plain != line:  # the lexer knows other line ends than we do
            return line
        segments = lines[place].render(Console(file=sys.stdout))
        return "".join(
            segment.style.render(segment.text, color_system=ColorSystem.STANDARD) if segment.style else segment.text
            for segment in segments
        )


def _rows(line: str) -> int | None:
    """Rows that a line takes on the screen; None where that is not sure, or more than there are."""
    from rich.cells import cell_len

    size = shutil.get_terminal_size()
    cells = cell_len(line.expandtabs(8))
    rows = max(1, -(-cells // size.columns))
    if rows >= size.lines or (rows > 1 and ("\t" in line or cells != len(line))):
        return None  # a tab stops at the edge, and a wide character leaves its last cell empty
    return rows
