"""The recipes keep their format, every command is valid bash, and those that are safe to run really work."""
# ruff: noqa: SIM905 — a pool of words reads better as a text than as a list with a quote around each.

import gzip
import json
import os
import random
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from hrm_edge.errors import DataError
from hrm_edge.shell_recipes.recipes import Recipe, load_recipes, parse_recipes, slots_of
from hrm_edge.train.data.shell.filling import command_with, draw_values, fill

RECIPES = load_recipes()
BROKEN_PIPE = 128 + 13  # `sort | head` ends so when head leaves first: right, and a matter of timing
LEAST_RUN = 200
SAFE_TOOLS = frozenset(
    "find ls du grep sed awk cut sort uniq shuf tr paste expand wc head tail cat tac rev diff cmp comm fold base64 nl "
    "seq jq tar zip unzip gzip gunzip zcat zgrep xz bzip2 zstd stat chmod cp mv rm rmdir ln mkdir touch truncate split "
    "readlink sha256sum md5sum git".split()
)
# What leaves the directory, asks a person, never ends, or needs a history or an account the test does not make.
NOT_RUN = (
    "sudo", "~/", " /", "--global", "tail -f", "rm -i", "mv -i", "zip -er", "base64 -d", "{user}", "{group}", "{patch}",
    "{commit}", "{remote}", "HEAD~", "--abort", "--continue", "format-patch", "git push", "git pull", "git fetch",
    "git clone", "git remote", "git submodule", "git worktree", "git stash", "git commit", "git revert", "git rebase",
    "git bisect", "git switch -", "git add -p", "git merge --abort",
)  # fmt: skip


def is_safe_to_run(recipe: Recipe) -> bool:
    """Whether the command only touches the directory it runs in, with tools that are on this machine."""
    tools = [stage.split()[0] for stage in recipe.command.split(" | ")]
    return all(tool in SAFE_TOOLS and shutil.which(tool) for tool in tools) and not any(
        part in recipe.command for part in NOT_RUN
    )


def make_world(folder: Path, recipe: Recipe, values: dict[str, tuple[str, str]]) -> None:
    """Every file, directory and branch the command speaks of; slots named `new…` are left to be made by it."""
    typed = {slot: value for slot, (_, value) in values.items()}
    words = [value for slot, value in typed.items() if slot.startswith("word")]
    rows = [f"{word}\n{word} 7 {word}\n" for word in words] + ["me@example.org 10.0.0.1 https://example.org a,b,c\n"]
    text = "".join(rows) + "".join(f"line {n},{n},x 5 6 7 8 9\n" for n in range(200))
    (folder / "plain.txt").write_text("nothing of note\n")
    (folder / "words.txt").write_text(text)
    (folder / "plain").mkdir()
    for slot, value in sorted(typed.items(), key=lambda item: item[0].startswith(("tar", "plaintar", "zip"))):
        kind = slot.rstrip("0123456789")
        path = folder / value
        if kind in {
            "file",
            "csv",
            "log",
            "script",
            "program",
            "dir",
            "newfile",
            "newdir",
            "tar",
            "plaintar",
            "zip",
            "gz",
        }:
            path.parent.mkdir(parents=True, exist_ok=True)
        if kind in {"file", "csv", "log", "script", "program"}:
            path.write_text(text)
        elif kind == "ext":
            (folder / f"sample.{value}").write_text(text)
        elif kind == "dir":
            path.mkdir(parents=True, exist_ok=True)
            if not recipe.command.startswith("rmdir"):
                (path / "inside.txt").write_text(text)
        elif kind == "json":
            path.parent.mkdir(parents=True, exist_ok=True)
            entry = {typed.get("key", "id"): words[0] if words else "x"}
            path.write_text(json.dumps([entry] if ".[" in recipe.command or "sort_by" in recipe.command else entry))
        elif kind == "gz":
            path.write_bytes(gzip.compress(text.encode()))
        elif kind in {"tar", "plaintar"}:
            with tarfile.open(path, "w:gz" if kind == "tar" else "w") as archive:
                archive.add(folder / "plain.txt", typed.get("file", "plain.txt"))
        elif kind == "zip":
            with zipfile.ZipFile(path, "w") as packed:
                packed.writestr("unpacked/inside.txt", text)
    if recipe.command.startswith("git "):
        make_repository(
            folder, [f"branch {v}" for s, v in typed.items() if s.startswith("branch")], typed.get("tag", "v0")
        )


def make_repository(folder: Path, branches: list[str], tag: str) -> None:
    """A repository with one commit of everything in the folder, the branches and one tag."""
    for arguments in ["init -q -b trunk", "add -A", "commit -q -m first", *branches, f"tag {tag}"]:
        subprocess.run(["git", *arguments.split()], cwd=folder, env=environment(folder), check=True)


def environment(folder: Path) -> dict[str, str]:
    """An environment whose home and git identity are the test's own."""
    identity = {f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        **identity,
    }


def test_recipes_are_at_least_three_hundred_and_all_parse() -> None:
    assert len(RECIPES) >= 300
    assert sum(recipe.command.startswith("git ") for recipe in RECIPES) >= 50
    assert sum(recipe.command.startswith("docker ") for recipe in RECIPES) >= 25


def test_no_request_asks_for_two_commands() -> None:
    asks = [ask.lower() for recipe in RECIPES for ask in recipe.asks]
    assert sorted(ask for ask in set(asks) if asks.count(ask) > 1) == []


def test_every_ask_holds_the_slots_of_its_command() -> None:
    for recipe in RECIPES:
        for ask in recipe.asks:
            assert slots_of(ask) == slots_of(recipe.command), ask


def test_every_filled_command_is_valid_bash() -> None:
    rng = random.Random(0)
    commands = [fill(recipe, rng)[1] for recipe in RECIPES for _ in range(2)]
    # One bash reads them all, each in a function of its own, so that no command can lean on the next.
    script = "\n".join(f"f{i}() {{\n{command}\n}}" for i, command in enumerate(commands))
    result = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a\nb\nc\nd {thing}\n$ ls {thing}\n", r"x\.txt:5: unknown slot \{thing\}"),
        ("a {file}\nb {file}\nc {file}\nd\n$ cat {file}\n", r"x\.txt:5: request 'd' .*differing: \['file'\]"),
        ("a\nb\nc\nd {file}\n$ ls\n", r"x\.txt:5: request .*differing: \['file'\]"),
        ("a\nb\n$ ls\n", r"x\.txt:3: 2 requests above the command"),
        ("a\nb\nc\nd\n\n$ ls\n", r"x\.txt:5: the block ends without a command"),
    ],
    ids=["unknown-slot", "slot-missing-in-ask", "slot-missing-in-command", "too-few-asks", "no-command"],
)
def test_parser_names_line_and_rule_for_a_broken_block(text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        parse_recipes(text, "x.txt")


def test_safe_recipes_run_without_error(tmp_path: Path) -> None:
    """Every recipe that needs neither network, root nor a service runs in a directory of its own and exits with 0."""
    chosen = [recipe for recipe in RECIPES if is_safe_to_run(recipe)]
    assert len(chosen) >= LEAST_RUN
    failures = []
    for number, recipe in enumerate(chosen):
        folder = tmp_path / str(number)
        folder.mkdir()
        values = draw_values(recipe, random.Random(number))
        make_world(folder, recipe, values)
        result = subprocess.run(
            ["bash", "-o", "pipefail", "-c", command_with(recipe, values)],
            cwd=folder,
            env=environment(folder),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=20,
            check=False,
        )
        if result.returncode not in (0, BROKEN_PIPE):
            failures.append((command_with(recipe, values), result.returncode, result.stderr.decode()[:200]))
    assert not failures, "\n".join(map(str, failures))
