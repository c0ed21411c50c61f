"""Outputs are whole or absent, whatever stops the writer: errors, Ctrl-C, a full disk, another process."""

import errno
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hrm_edge.errors import ExportError
from hrm_edge.files import whole_directory, whole_file


def names(directory: Path) -> list[str]:
    return sorted(entry.name for entry in directory.iterdir())


def test_file_replaces_the_old_one_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "model.gguf"
    with whole_file(path) as part:
        part.write_text("first")
    with whole_file(path) as part:
        part.write_text("second")
        assert path.read_text() == "first"
    assert path.read_text() == "second"
    assert names(path.parent) == ["model.gguf"]


@pytest.mark.parametrize("failure", [KeyboardInterrupt, ValueError, MemoryError])
def test_failed_file_leaves_the_old_one_and_nothing_else(tmp_path: Path, failure: type[BaseException]) -> None:
    path = tmp_path / "model.gguf"
    path.write_text("old")
    with pytest.raises(failure), whole_file(path) as part:
        part.write_text("half")
        raise failure
    assert path.read_text() == "old"
    assert names(tmp_path) == ["model.gguf"]


@pytest.mark.parametrize("failure", [KeyboardInterrupt, ValueError])
def test_failed_directory_leaves_the_old_one_and_nothing_else(tmp_path: Path, failure: type[BaseException]) -> None:
    path = tmp_path / "model"
    with whole_directory(path) as part:
        (part / "config.json").write_text("old")
    with pytest.raises(failure), whole_directory(path) as part:
        (part / "config.json").write_text("new")
        raise failure
    assert (path / "config.json").read_text() == "old"
    assert names(tmp_path) == ["model"]


@pytest.fixture
def _one_megabyte_limit() -> Iterator[None]:
    """The operating system refuses to let any file grow past 1 MB, as a full disk would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.usefixtures("_one_megabyte_limit")
def test_write_that_the_system_stops_leaves_nothing(tmp_path: Path) -> None:
    with (
        pytest.raises(ExportError, match="is too large for this file system or your limits"),
        whole_file(tmp_path / "model.gguf") as part,
    ):
        part.write_bytes(b"\0" * 2**21)
    with (
        pytest.raises(ExportError, match="is too large for this file system or your limits"),
        whole_directory(tmp_path / "model") as part,
    ):
        (part / "config.json").write_text("{}")
        (part / "model.safetensors").write_bytes(b"\0" * 2**21)
    assert names(tmp_path) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_full_disk_is_one_clear_error_and_leaves_nothing(tmp_path: Path) -> None:
    """/dev/full answers every write with ENOSPC, as a full disk does."""
    with (
        pytest.raises(ExportError, match=r"model\.gguf: the disk is full; free some space"),
        whole_file(tmp_path / "model.gguf") as part,
    ):
        part.write_bytes(b"half")
        with Path("/dev/full").open("wb", buffering=0) as full:
            full.write(b"the other half")
    with pytest.raises(ExportError, match="model: the disk is full"), whole_directory(tmp_path / "model") as part:
        (part / "config.json").symlink_to("/dev/full")
        (part / "config.json").write_text("{}")
    assert names(tmp_path) == []


def test_place_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(ExportError, match=r"cannot be written \(.+\): choose another place"),
        whole_file(tmp_path / "file" / "model.gguf"),
    ):
        pass
    with pytest.raises(ExportError, match="cannot be written"), whole_directory(tmp_path / "file" / "model"):
        pass


def test_other_system_errors_stay_what_they_are(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="boom") as error, whole_file(tmp_path / "model.gguf"):
        raise OSError(errno.EIO, "boom")
    assert not isinstance(error.value, ExportError)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: path.write_text("notes"), "is a file: the output is a directory"),
        (lambda path: (path / "thesis.docx").write_text(""), r"holds thesis\.docx, which is no part of a model"),
        (lambda path: (path / "sub").mkdir(), "holds sub, which is no part of a model"),
        (lambda path: (path / "data.json").write_text(""), "holds other files and no model"),
    ],
    ids=["file", "document", "folder", "no model"],
)
def test_directory_that_is_no_model_is_never_replaced(
    tmp_path: Path, make: Callable[[Path], object], message: str
) -> None:
    path = tmp_path / "out"
    if "is a file" not in message:
        path.mkdir()
    make(path)
    before = names(tmp_path)
    with pytest.raises(ExportError, match=message), whole_directory(path):
        pytest.fail("the directory was offered for writing")
    assert names(tmp_path) == before


def test_project_with_a_config_of_its_own_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "project"
    (path / "src").mkdir(parents=True)
    (path / "config.json").write_text("{}")
    with pytest.raises(ExportError, match="holds src"), whole_directory(path):
        pass
    assert names(path) == ["config.json", "src"]


def test_empty_directory_and_model_are_replaced(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.mkdir()
    for text in ("first", "second"):
        with whole_directory(path) as part:
            (part / "config.json").write_text(text)
        assert (path / "config.json").read_text() == text


def _write_many(path: Path, mark: str) -> None:
    for _ in range(40):
        with whole_directory(path / "directory") as part:
            (part / "config.json").write_text(mark)
            (part / "model.gguf").write_text(mark)
        with whole_file(path / "file") as part:
            part.write_text(mark * 1000)


def test_two_processes_that_write_one_place_both_succeed_and_leave_one_whole_output(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write_many, args=(tmp_path, mark)) for mark in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0]
    directory = tmp_path / "directory"
    assert (directory / "config.json").read_text() == (directory / "model.gguf").read_text()
    assert (tmp_path / "file").read_text() in ("a" * 1000, "b" * 1000)
    assert names(tmp_path) == ["directory", "file"]


def test_interrupted_process_leaves_its_part_hidden_and_the_place_free(tmp_path: Path) -> None:
    """A process that is killed cannot clean up; what it leaves has a name that nobody opens."""
    path = tmp_path / "model.gguf"
    child = os.fork()
    if child == 0:
        with whole_file(path) as part:
            part.write_text("half")
            os._exit(9)
    os.waitpid(child, 0)
    assert not path.exists()
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(".model.gguf.")
    assert left.name.endswith(".part")
