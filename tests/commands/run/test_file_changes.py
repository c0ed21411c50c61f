"""Edits of an answer on real files: found, refused, applied whole, undone; the diff is what git applies."""

import os
import stat
import subprocess
from pathlib import Path

import pytest

from hrm_edge.commands.run import request as requests
from hrm_edge.commands.run.file_changes import Change, apply_changes, changes_in, undo_changes, unified_diff
from hrm_edge.commands.run.request import Request, read_files
from hrm_edge.errors import EditError, HrmEdgeError

SOURCE = "def f(a):\n    return a\n\n\ndef g(a):\n    return f(a)\n"
FENCED = "x.py\n```\n{}```"


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def asked(*names):
    files = read_files([Path(name) for name in names])
    return Request(text="", files=files, tests=requests.tests_among(files))


def block(search, replace):
    return f"<<<<<<< SEARCH\n{search}=======\n{replace}>>>>>>> REPLACE\n"


@pytest.fixture
def x(place):
    path = place / "x.py"
    path.write_text(SOURCE)
    return path


RENAMED = block("def f(a):\n", "def h(a):\n") + block("    return f(a)\n", "    return h(a)\n")


@pytest.mark.parametrize(
    "response",
    [FENCED.format(RENAMED), f"```python\n{RENAMED}```", RENAMED, "x.py\n```\n" + SOURCE.replace("f(", "h(") + "```",
     "```python\n" + SOURCE.replace("f(", "h(") + "```"],
    ids=["blocks", "fence first", "bare", "whole", "whole without a name"],
)  # fmt: skip
def test_every_form_of_an_edit_is_found(x, response):
    (change,) = changes_in(response, asked("x.py"))
    assert change.after.decode() == SOURCE.replace("f(", "h(")
    apply_changes([change])
    assert x.read_text() == SOURCE.replace("f(", "h(")
    undo_changes([change])
    assert x.read_text() == SOURCE


@pytest.mark.parametrize(
    ("response", "said"),
    [
        (FENCED.format(block("    return\n", "")), "no line '    return', the nearest is '    return a'"),
        (FENCED.format(block("", "x\n")), "nothing to search for"),
        (FENCED.format("<<<<<<< SEARCH\ndef f(a):\n"), "without '======='"),
        ("y.py\n```\n" + block("def f(a):\n", "") + "```", "edits 'y.py', which was not given"),
        ("../x.py\n```\n" + block("def f(a):\n", "") + "```", "not a relative path inside the project"),
        (FENCED.format(block("def f(a):\n", "def f(a):\n")), "changes nothing"),
    ],
    ids=["missing", "empty", "cut", "not given", "outside", "nothing"],
)
def test_an_edit_that_does_not_fit_is_refused(x, response, said):
    with pytest.raises(EditError, match=r".") as refused:
        changes_in(response, asked("x.py"))
    assert said in str(refused.value)
    assert x.read_text() == SOURCE


def test_lines_that_are_there_twice_are_refused(x):
    x.write_text("a\nb\na\n")
    with pytest.raises(EditError, match="more than once"):
        changes_in(FENCED.format(block("a\n", "c\n")), asked("x.py"))


@pytest.mark.parametrize(
    "response",
    ["```bash\nls -l\n```", "It adds one.", "```python\nprint(1)\n```", f"```python\n{SOURCE}",
     f"```python\n{SOURCE}```"],
    ids=["command", "words", "another program", "cut", "quoted"],
)  # fmt: skip
@pytest.mark.usefixtures("x")
def test_an_answer_that_is_no_edit_changes_nothing(response):
    assert changes_in(response, asked("x.py")) == ()


def test_without_files_nothing_is_an_edit():
    assert changes_in(FENCED.format(RENAMED), Request(text="")) == ()


@pytest.mark.usefixtures("x")
def test_what_the_tests_import_is_the_new_text_of_that_file(place):
    (place / "test_x.py").write_text("from x import f\n\n\ndef test_f():\n    assert f(1) == 2\n")
    (change,) = changes_in("```python\ndef f(a):\n    return 2\n```", asked("x.py", "test_x.py"))
    assert (change.path.name, change.after) == ("x.py", b"def f(a):\n    return 2\n")


@pytest.mark.parametrize(
    "contents", [SOURCE, SOURCE.rstrip("\n"), "\fdef f(a):\n  pass\n"], ids=["plain", "no newline", "feed"]
)
def test_git_applies_the_diff(place, contents):
    (place / "x.py").write_text(contents)
    (change,) = changes_in(
        FENCED.format(block("def f(a):\n", "def h(a):\n").replace("def", "\fdef" if "\f" in contents else "def")),
        asked("x.py"),
    )
    subprocess.run(["git", "init", "-q", "."], check=True)
    subprocess.run(["git", "apply", "-"], input=unified_diff(change).encode(), check=True)
    assert (place / "x.py").read_bytes() == change.after


def test_line_ends_of_windows_and_the_mode_stay(place):
    path = place / "x.py"
    path.write_bytes(b"a\r\nb\r\n")
    path.chmod(0o750)
    changes = changes_in(FENCED.format(block("b\n", "c\n")), asked("x.py"))
    apply_changes(changes)
    assert path.read_bytes() == b"a\r\nc\r\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o750


def test_a_link_stays_a_link(place, x):
    (place / "sub").mkdir()
    link = place / "sub" / "x.py"
    link.symlink_to(x)
    apply_changes(changes_in(FENCED.format(RENAMED), asked("sub/x.py")))
    assert link.is_symlink()
    assert "def h" in x.read_text()


def test_a_changed_file_stops_all_files(place, x):
    (place / "y.py").write_text("1\n")
    changes = [
        Change(path=x, before=SOURCE.encode(), after=b"new"),
        Change(path=place / "y.py", before=b"0\n", after=b"2\n"),
    ]
    with pytest.raises(EditError, match=r"y\.py has changed since it was read"):
        apply_changes(changes)
    assert x.read_text() == SOURCE


def test_a_file_that_cannot_be_written_puts_the_others_back(place, x):
    if os.geteuid() == 0:
        blocked = place / "blocked"
        blocked.write_text("1\n")
        target = place / "nowhere" / "y.py"
        target.parent.symlink_to("/proc")
        changes = [Change(path=x, before=SOURCE.encode(), after=b"new"), Change(path=target, before=None, after=b"2\n")]
    else:
        folder = place / "locked"
        folder.mkdir()
        (folder / "y.py").write_text("1\n")
        folder.chmod(0o500)
        changes = [
            Change(path=x, before=SOURCE.encode(), after=b"new"),
            Change(path=folder / "y.py", before=b"1\n", after=b"2\n"),
        ]
    with pytest.raises((OSError, HrmEdgeError)):
        apply_changes(changes)
    assert x.read_text() == SOURCE
    assert not list(place.glob(".*.part"))


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="needs a file that nobody can write: Linux")
def test_an_undo_that_fails_halfway_undoes_nothing(x):
    fixed = Path("/proc/version")
    x.write_text("new")
    changes = [
        Change(path=x, before=SOURCE.encode(), after=b"new"),
        Change(path=fixed, before=b"old", after=fixed.read_bytes()),
    ]
    with pytest.raises((OSError, HrmEdgeError)):
        undo_changes(changes)
    assert x.read_text() == "new"
    undo_changes(changes[:1])
    assert x.read_text() == SOURCE


def test_two_files_of_one_name_are_called_by_their_paths(place):
    for folder in ("a", "b"):
        (place / folder).mkdir()
        (place / folder / "x.py").write_text(f"{folder} = 1\n")
    (change,) = changes_in("b/x.py\n```\n" + block("b = 1\n", "b = 2\n") + "```", asked("a/x.py", "b/x.py"))
    assert change.path.as_posix() == "b/x.py"
