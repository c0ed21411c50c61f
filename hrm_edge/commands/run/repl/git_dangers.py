"""What git commands may destroy: work that is in no commit, and commits that others have."""

from collections.abc import Iterator, Sequence

_TAKE_WORD = frozenset({"-C", "-c", "--git-dir", "--work-tree", "--namespace"})
_ANY_WORD = ""


def git_dangers(arguments: Sequence[str]) -> Iterator[str]:
    """Why `git` with these arguments is destructive."""
    words = list(arguments)
    while words and words[0].startswith("-"):
        words = words[2:] if words[0] in _TAKE_WORD else words[1:]
    if not words:
        return
    name, rest = words[0], words[1:]
    flags = {word.partition("=")[0] for word in rest if word.startswith("--")}
    letters = {letter for word in rest if word.startswith("-") and not word.startswith("--") for letter in word[1:]}
    if name == "push":
        yield from _push(rest, flags, letters)
    elif name in ("checkout", "switch", "restore"):
        yield from _checkout(name, rest, flags, letters)
    elif name in _RULES:
        yield from (
            why
            for wanted, why in _RULES[name].items()
            if wanted == _ANY_WORD or wanted in flags | letters | set(rest[:1])
        )


def _push(rest: Sequence[str], flags: set[str], letters: set[str]) -> Iterator[str]:
    if "f" in letters or flags & {"--force", "--force-with-lease", "--mirror"} or _forces(rest):
        yield "git push --force replaces what others have pushed"
    if "d" in letters or "--delete" in flags or any(word.startswith(":") and len(word) > 1 for word in rest):
        yield "git push --delete deletes a branch or tag at the remote"


def _forces(rest: Sequence[str]) -> bool:
    return any(word.startswith("+") for word in rest)


def _checkout(name: str, rest: Sequence[str], flags: set[str], letters: set[str]) -> Iterator[str]:
    drops = "f" in letters or bool(flags & {"--force", "--discard-changes"})
    if name == "checkout":
        drops = drops or "--" in rest or "." in rest
    if name == "restore":
        drops = not ("--staged" in flags or "S" in letters) or "--worktree" in flags or "W" in letters
    if drops:
        yield f"git {name} drops changes that are in no commit"


_RULES = {
    "reset": {"--hard": "git reset --hard drops changes that are in no commit"},
    "clean": {
        "f": "git clean deletes files that git does not know",
        "--force": "git clean deletes files that git does not know",
    },
    "branch": {
        "D": "git branch -D deletes a branch that is not merged",
        "--delete": "git branch --delete deletes a branch",
        "d": "git branch -d deletes a branch",
    },
    "stash": {"drop": "git stash drop deletes what was put aside", "clear": "git stash clear deletes all put aside"},
    "tag": {"d": "git tag -d deletes a tag", "--delete": "git tag --delete deletes a tag"},
    "reflog": {
        "expire": "git reflog expire gives up what could be got back",
        "delete": "deletes from the reflog",
    },
    "gc": {"--prune": "git gc --prune deletes what could still be got back"},
    "filter-branch": {_ANY_WORD: "git filter-branch rewrites every commit"},
    "filter-repo": {_ANY_WORD: "git filter-repo rewrites every commit"},
    "rm": {_ANY_WORD: "git rm deletes files"},
    "update-ref": {"d": "git update-ref -d deletes a branch or tag"},
    "worktree": {"remove": "git worktree remove deletes a folder"},
}
"""Subcommand → an option, a letter or its own first word → why."""
