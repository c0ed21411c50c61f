"""Changes of files that an answer asks for: found in it, shown as a diff, applied whole or not at all, and undone.

An edit is a search/replace block, or the whole text of a file under its name (hrm_edge.edits). Only files that were
given with the request are changed, and only while they are what the model was shown.
"""

import difflib
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath

from hrm_edge.commands.run.request import GivenFile, Request
from hrm_edge.edits import Edit, Malformed, WholeFile, apply_edits, parse_edits, scan_edits
from hrm_edge.edits.blocks import HEAD
from hrm_edge.errors import EditError
from hrm_edge.files import whole_file

KEPT_SHARE = 0.5
"""An unnamed answer is the new text of the one given file where at least so much of the file's lines stay."""
_NOBODY = "\0"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One file before and after."""

    path: Path
    before: bytes | None
    """None where there was no file."""
    after: bytes


def changes_in(response: str, request: Request) -> tuple[Change, ...]:
    """The changes that an answer asks for; none where it edits no given file.

    Args:
        response: the answer as the model wrote it, fences and file names included.

    Raises:
        EditError: a block cannot be read, names another file or does not fit its file; says which and why.
    """
    given = {file.name: file for file in request.files if file.path is not None}
    if not given:
        return ()
    texts = {name: file.text for name, file in given.items()}
    edits = _blocks(response, texts) if HEAD in response else _whole_files(response, texts, _solution(request))
    for edit in edits:
        if edit.path not in given:
            raise EditError(f"the answer edits {edit.path!r}, which was not given: add it with --file")
    after = {name: _ended_as(texts[name], text) for name, text in apply_edits(edits, texts).items()}
    changes = tuple(_change(given[name], text) for name, text in after.items() if text != texts[name])
    if edits and not changes:
        raise EditError("the edit changes nothing: ask again in other words")
    return changes


def _blocks(response: str, texts: Mapping[str, str]) -> Sequence[Edit]:
    """Search/replace blocks. An answer that had to begin with its fence could not name its file: there is but one."""
    if len(texts) == 1 and response.lstrip().startswith(("```", HEAD)):
        response = f"{next(iter(texts))}\n{response.lstrip()}"
    return parse_edits(response, texts, "diff")


def _whole_files(response: str, texts: Mapping[str, str], solution: str | None) -> Sequence[Edit]:
    """Whole files by name; or the one unnamed answer that can only be one."""
    blocks = scan_edits(response, {**texts, _NOBODY: ""}, "whole")  # two names: no fence stands for the only file
    named = [block for block in blocks if isinstance(block, WholeFile) and block.path in texts]
    if named:
        return named
    target = solution if solution in texts else next(iter(texts)) if len(texts) == 1 else None
    if target is None:
        return ()
    found = scan_edits(response, {target: texts[target]}, "whole")
    if len(found) != 1 or isinstance(found[0], Malformed) or found[0].path != target:
        return ()
    (edit,) = found
    assert isinstance(edit, WholeFile), "asked for whole files"
    if _ended_as(texts[target], edit.text) == texts[target]:
        return ()  # the file quoted, as in an explanation of it
    return [edit] if target == solution or _keeps_most(texts[target], edit.text) else ()


def _solution(request: Request) -> str | None:
    """The given file that the tests import: what is run against them is its new text."""
    if request.tests is None:
        return None
    paths = {PurePath(path).name for path in request.tests.check.solution_paths}
    return next((file.name for file in request.files if file.path is not None and file.path.name in paths), None)


def _keeps_most(before: str, after: str) -> bool:
    lines = [line for line in before.splitlines() if line.strip()]
    kept = set(after.splitlines())
    return bool(lines) and sum(line in kept for line in lines) >= KEPT_SHARE * len(lines)


def _ended_as(before: str, after: str) -> str:
    """Edits are whole lines: a file whose last line has no end keeps it so."""
    return after if before.endswith("\n") or not before else after.removesuffix("\n")


def _change(file: GivenFile, text: str) -> Change:
    assert file.path is not None, "standard input is no file"
    if b"\r\n" in file.contents and "\r\n" not in file.text:
        text = text.replace("\n", "\r\n")
    return Change(path=file.path, before=file.contents, after=text.encode())


def unified_diff(change: Change) -> str:
    """The change as `patch -p1` and `git apply` read it."""
    name = change.path.as_posix()
    before, after = (_lines(contents or b"") for contents in (change.before, change.after))
    origin = "/dev/null" if change.before is None else f"a/{name}"
    lines = difflib.unified_diff(before, after, origin, f"b/{name}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(contents: bytes) -> list[str]:
    """Lines that end with a newline and nothing else: str.splitlines would split at form feeds too."""
    pieces = contents.decode("utf-8", "replace").split("\n")
    return [f"{piece}\n" for piece in pieces[:-1]] + pieces[-1:] * bool(pieces[-1])


def apply_changes(changes: Sequence[Change]) -> None:
    """Write all files, each whole or not at all and with the mode it had.

    Raises:
        EditError: a file is no longer what it was before; then none is written.
        ExportError: a file cannot be written; those written before it are put back.
    """
    for change in changes:
        if contents_of(change.path) != change.before:
            raise EditError(f"{change.path} has changed since it was read: ask again")
    _all_or_none(changes, _make, _put_back)


def undo_changes(changes: Sequence[Change]) -> None:
    """Put the files back.

    Raises:
        EditError: a file was changed afterwards; then none is put back.
        ExportError: a file cannot be written; those put back before it are changed again.
    """
    for change in changes:
        if contents_of(change.path) != change.after:
            raise EditError(f"{change.path} has changed since: it is left as it is; undo that change first")
    _all_or_none(changes, _put_back, _make)


def _all_or_none(changes: Sequence[Change], do: Callable[[Change], None], take_back: Callable[[Change], None]) -> None:
    """Do all; where one fails, take back those before it."""
    done: list[Change] = []
    try:
        for change in changes:
            do(change)
            done.append(change)
    except BaseException:
        for change in done:
            take_back(change)
        raise


def _make(change: Change) -> None:
    _write(change.path, change.after)


def _put_back(change: Change) -> None:
    if change.before is None:
        change.path.unlink(missing_ok=True)
    else:
        _write(change.path, change.before)


def contents_of(path: Path) -> bytes | None:
    """What is in a file; None where there is none.

    Raises:
        EditError: it is there and cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise EditError(f"{path} cannot be read ({error.strerror or error}): check the path") from error


def _write(path: Path, contents: bytes) -> None:
    target = path.resolve()  # a link stays a link
    with whole_file(target) as part:
        if not target.exists():
            part.write_bytes(contents)
            return
        part.touch(mode=0o600)  # never readable to more people than the file is
        part.write_bytes(contents)
        shutil.copymode(target, part)
        if hasattr(os, "chown"):
            with suppress(OSError):  # only root may give files away
                os.chown(part, target.stat().st_uid, target.stat().st_gid)
