"""Every drawn search is valid bash, works with the real find, and selects what its conditions say."""

import getpass
import grp
import os
import random
import re
import subprocess
import time
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from hrm_edge.train.data.shell.find_actions import ACTIONS
from hrm_edge.train.data.shell.find_conditions import CONDITIONS, WEIGHTS
from hrm_edge.train.data.shell.finds import Find, draw_find

UNITS = {"c": 1, "k": 1024, "M": 1024**2, "G": 1024**3}
DAY, MINUTE = 86_400, 60
ME, MY_GROUP = getpass.getuser(), grp.getgrgid(os.getgid()).gr_name
NOT_MADE = ("modified-until", "modified-since", "modified-today")  # the clock and the calendar decide


@cache
def drawn(seed: int, count: int) -> list[Find]:
    rng = random.Random(seed)
    return [draw_find(rng) for _ in range(count)]


def typed_of(find: Find, about: str) -> tuple[str, ...]:
    """What was typed for the condition about that; nothing where there is none."""
    return next((tuple(v for _, v in f.values) for f in find.conditions if f.condition.about == about), ())


def owned_by_this_user(find: Find) -> Find:
    """The search with an owner and a group that this machine has."""
    mine = {"user": ME, "group": MY_GROUP}
    conditions = tuple(
        replace(found, values=((name, name),)) if (name := mine.get(found.condition.about)) else found
        for found in find.conditions
    )
    owned = replace(find, conditions=conditions)
    return replace(owned, command=owned.search + find.command.removeprefix(find.search))


def runnable(seed: int, count: int) -> list[Find]:
    """Searches below the directory they run in, whose conditions a tree can be made for."""
    return [
        owned_by_this_user(find)
        for find in drawn(seed, count)
        if not any(place.startswith(("/", "~", "..")) for place in find.places)
        and not any("status" in f.condition.name or f.condition.name.endswith(NOT_MADE) for f in find.conditions)
    ]


def make_tree(root: Path, find: Find, rng: random.Random, now: float) -> None:
    """Files and folders at random on either side of every condition, none so near that seconds would matter."""
    names = [name for value in typed_of(find, "name") for name in names_around(value)]
    folder = next(iter(typed_of(find, "folder")), "skipped")
    places = [root / place for place in find.places]
    tops = [*places, *(place / "one" for place in places), *(place / "one/two/three" for place in places)]
    tops += [place / folder for place in places]
    for top in tops:
        top.mkdir(parents=True, exist_ok=True)
    pool = [*names, *names, "plain.txt", ".hidden", ".hidden.py", "zebra", "Makefile"]
    if find.type in "fl":
        extensions = typed_of(find, "name")[-1:]
        pool += [f"x.{extensions[0]}", f".{extensions[0]}"] if extensions else []
    made = []
    for number in range(60):
        path = rng.choice(tops) / rng.choice(pool)
        if path.exists() or path.is_symlink():
            continue
        kind = rng.choice("fffd")
        if kind == "d":
            path.mkdir()
            if rng.random() < 0.5:
                (path / "inside").write_text("x\n")
        else:
            path.touch()
            os.truncate(path, rng.choice(sizes_around(find)))
        path.chmod(int(rng.choice([*typed_of(find, "mode"), "644", "666", "755"]), 8) | 0o400)
        if number % 7 == 0:
            (path.parent / f"link{number}").symlink_to(path.name)
        made.append(path)
    for value in typed_of(find, "newer"):
        (root / value).parent.mkdir(parents=True, exist_ok=True)
        (root / value).write_text("old\n")
        os.utime(root / value, (now - 50 * DAY, now - 50 * DAY))
    for path in sorted(made, key=lambda path: -len(path.parts)):
        os.utime(path, (now - rng.choice(ages_around(find)), now - rng.choice(ages_around(find))))


def names_around(value: str) -> list[str]:
    return [
        value,
        f"a{value}",
        f"{value}b",
        f"a{value}b.txt",
        f"x.{value}",
        value.upper(),
        f"{value}.log",
        "x." + value.upper(),
    ]


def sizes_around(find: Find) -> list[int]:
    sizes = [0, 5]
    for value in typed_of(find, "size"):
        number, unit = re.fullmatch(r"(\d+)(\w?)", value).groups()
        size = int(number) * UNITS[unit or "c"]
        sizes += [size * 2 // 5, size, size * 3, size + size // 1000 + 1]
    return sizes


def ages_around(find: Find) -> list[float]:
    ages = [90.0, 20 * DAY + 50, 200 * DAY + 50]
    time_condition = next((f for f in find.conditions if f.condition.about == "time"), None)
    if time_condition is not None and time_condition.values and time_condition.values[0][1].isdigit():
        unit = DAY if "days" in time_condition.condition.name else MINUTE
        number = int(time_condition.values[0][1])
        ages += [number * unit * 0.6, (number + 2) * unit, number * unit * 5]
    return ages


def holds(name: str, values: tuple[str, ...], path: Path, root: Path, now: float) -> bool:
    """Whether the condition of that name holds, in Python's terms: written from the words, not from find's tests."""
    stat, base = path.lstat(), path.name
    lower = base.lower()
    about, *rest = name.split("-")
    if about == "time":
        stamp, side, unit = (*rest, "", "")[:3]
        age = now - (stat.st_atime if stamp == "accessed" else stat.st_mtime)
        if side in {"within", "before"}:
            limit = int(values[0]) * (DAY if unit == "days" else MINUTE)
            return age < limit if side == "within" else age > limit
    tests = {
        "name-extension": lambda e: base.endswith(f".{e}"),
        "name-extensions": lambda e, f: base.endswith((f".{e}", f".{f}")),
        "name-notextension": lambda e: not base.endswith(f".{e}"),
        "name-exact": lambda n: base == n,
        "name-either": lambda n, m: base in {n, m},
        "name-notexact": lambda n: base != n,
        "name-contains": lambda n: n in base,
        "name-starts": lambda n: base.startswith(n),
        "name-ends": lambda n: base.endswith(n),
        "name-startsextension": lambda n, e: base.startswith(n) and base.endswith(f".{e}"),
        "name-containsextension": lambda n, e: n in base and base.endswith(f".{e}"),
        "name-endsextension": lambda n, e: base.endswith(f"{n}.{e}"),
        "name-notcontains": lambda n: n not in base,
        "name-iexact": lambda n: lower == n.lower(),
        "name-icontains": lambda n: n.lower() in lower,
        "name-istarts": lambda n: lower.startswith(n.lower()),
        "name-iextension": lambda e: lower.endswith(f".{e.lower()}"),
        "name-hidden": lambda: base.startswith("."),
        "name-nothidden": lambda: not base.startswith("."),
        "size-over": lambda s: stat.st_size > int(s[:-1]) * UNITS[s[-1]],
        "size-under": lambda s: stat.st_size < int(s[:-1]) * UNITS[s[-1]],
        "size-between": lambda s, t: int(s[:-1]) * UNITS[s[-1]] < stat.st_size < int(t[:-1]) * UNITS[t[-1]],
        "size-bytes": lambda s: stat.st_size == int(s),
        "newer": lambda f: stat.st_mtime > (root / f).stat().st_mtime,
        "empty": lambda: not any(path.iterdir()) if path.is_dir() else stat.st_size == 0,
        "mode-exact": lambda m: stat.st_mode & 0o7777 == int(m, 8),
        "mode-world": lambda: bool(stat.st_mode & 0o002),
        "user": lambda u: path.owner() == u,
        "group": lambda g: path.group() == g,
        "executable": lambda: os.access(path, os.X_OK),
        "folder": lambda f: f not in path.relative_to(root).parts[:-1],
    }
    return bool(tests[name](*values))


def selected(find: Find, root: Path, now: float) -> set[str]:
    """The paths the search should print, as find prints them."""
    found = set()
    for place in find.places:
        top = root / place
        for path in [top, *(Path(at) / name for at, folders, files in os.walk(top) for name in folders + files)]:
            depth = len(path.relative_to(top).parts)
            kind = "l" if path.is_symlink() else "d" if path.is_dir() else "f"
            if (find.depth and depth > find.depth) or (find.type != "a" and kind != find.type):
                continue
            if all(holds(f.condition.name, tuple(v for _, v in f.values), path, root, now) for f in find.conditions):
                found.add(str(Path(place, path.relative_to(top))))
    return found


def test_every_command_is_valid_bash():
    # One bash reads them all, each in a function of its own, so that no command can lean on the next.
    script = "\n".join(f"f{i}() {{\n{find.command}\n}}" for i, find in enumerate(drawn(0, 1500)))
    result = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


def test_same_seed_draws_the_same_and_another_differs():
    assert drawn(4, 200) == drawn.__wrapped__(4, 200) != drawn(5, 200)


def test_every_condition_and_action_is_drawn():
    finds = drawn(0, 1500)
    conditions = {found.condition.name for find in finds for found in find.conditions}
    assert conditions == {condition.name for condition in CONDITIONS}
    assert {find.action.name for find in finds} == {action.name for action in ACTIONS}
    assert {condition.about for condition in CONDITIONS} == set(WEIGHTS)


def test_every_value_stands_in_request_and_command_and_no_other_number_does():
    for find in drawn(0, 1500):
        values = [*find.action_values, *(value for found in find.conditions for value in found.values)]
        # "the parent directory" is asked without its name.
        values += [(place, place) for place in find.places if place not in {".", "/", "~", ".."}]
        left = find.request.lower().replace("sha256", "")
        for asked, typed in sorted(values, key=lambda value: -len(value[0])):
            assert asked.lower() in find.request.lower(), find
            assert typed in find.command, find
            left = left.replace(asked.lower(), " ")
        numbers = set(re.findall(r"\d+", left))
        assert numbers == ({str(find.depth)} if find.depth and find.depth > 1 else set()), find


def test_requests_have_no_gap_and_no_marker():
    for find in drawn(0, 1500):
        assert not re.search(r"[{}|]|  | [,?]| \.$|,,", find.request), find.request


@pytest.mark.slow
def test_actions_are_understood_by_find_and_do_what_they_say(tmp_path):
    """Searches with an action, each on a tree of its own: find does not complain, and what is left is right."""
    rng, done = random.Random(9), set()
    for number, find in enumerate(runnable(200, 120)):
        action = find.action.name
        if action in {"chown", "list", "zip", "touch", "zeros"} or typed_of(find, "size"):  # gigabytes take minutes
            continue
        root, now = tmp_path / str(number), time.time()
        root.mkdir()
        make_tree(root, find, rng, now)
        if action in {"copy", "move"}:
            (root / find.action_values[0][1]).mkdir(parents=True, exist_ok=True)
        expected = selected(find, root, now)
        result = subprocess.run(
            ["bash", "-c", find.command],
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        assert not re.search(r"^(find|bash|chmod|sed|head|tail|sort): ", result.stderr, re.MULTILINE), result.stderr
        left = {path for path in expected if (root / path).exists() or (root / path).is_symlink()}
        if action == "count":
            assert int(result.stdout) == len(expected), find.command
        elif action in {"delete", "remove"}:
            assert not left, find.command
        elif action == "chmod":
            mode = int(find.action_values[0][1], 8)
            assert {(root / path).stat().st_mode & 0o7777 for path in left} <= {mode}, find.command
        elif action in {"names", "sizes"}:
            assert len(result.stdout.splitlines()) == len(expected), find.command
        done.add(action)
    assert {"count", "delete", "chmod", "copy", "grep", "largest"} <= done


@pytest.mark.parametrize("seed", range(3))
def test_search_selects_what_its_conditions_say(tmp_path, seed):
    """GNU find against Python's os.walk and stat, 25 searches of a seed, each on a tree of its own."""
    rng = random.Random(seed)
    some = 0
    searches = runnable(100 + seed, 90)[:25]
    assert len(searches) == 25
    for number, find in enumerate(searches):
        root, now = tmp_path / str(number), time.time()
        root.mkdir()
        make_tree(root, find, rng, now)
        expected = selected(find, root, now)
        # Reading a folder renews its time of access, so find and Python look at it in the same state: once each.
        result = subprocess.run(["bash", "-c", find.search], cwd=root, capture_output=True, text=True, check=False)
        assert (result.returncode, result.stderr) == (0, ""), find.search
        assert {os.path.normpath(line) for line in result.stdout.splitlines()} == expected, find.search
        some += bool(expected)
    assert some >= 12
