"""Programs that destroy things, each with when it does: what dangers.py looks up for every command it finds."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from hrm_edge.commands.run.repl.git_dangers import git_dangers

Words = Sequence[str]
Rule = Callable[[Words], Iterator[str]]
"""From the words after a program's name to why they are destructive."""


def has(arguments: Words, letters: str, *names: str) -> bool:
    """Whether an option is there: one of the letters in a cluster, or a long name, `=value` or not."""
    for word in arguments:
        if word == "--":
            return False
        if word.startswith("--"):
            if word[2:].partition("=")[0] in names:
                return True
        elif word.startswith("-") and set(word[1:]) & set(letters):
            return True
    return False


def operands(arguments: Words) -> list[str]:
    return [word for word in arguments if not word.startswith("-") or word == "-"]


def _rm(arguments: Words) -> Iterator[str]:
    if has(arguments, "rR", "recursive"):
        yield "rm -r deletes folders with all that is in them, for good"
    elif operands(arguments):
        yield "rm deletes files for good"
    if any(word in ("/", "/*", "~", "~/", "$HOME", "*", ".", "..") for word in arguments):
        yield "it deletes everything there is"


def _recursive(name: str) -> Rule:
    def rule(arguments: Words) -> Iterator[str]:
        if has(arguments, "R", "recursive"):
            yield f"{name} -R changes every file below"

    return rule


def _dd(arguments: Words) -> Iterator[str]:
    for word in arguments:
        if word.startswith("of=") and not word.startswith("of=/dev/null"):
            yield f"dd writes over {word[3:]}"


def _kill(arguments: Words) -> Iterator[str]:
    signals = " ".join(arguments).upper()
    if re.search(r"(?:^|\s)-(?:9|KILL|SIGKILL)(?:\s|$)|(?:-S|-N|--SIGNAL)[ =]?(?:9|SIGKILL|KILL)\b", signals):
        yield "kill -9 ends a process at once: what it has not saved is lost"
    if "-1" in arguments[1:]:
        yield "ends every process you have"


def _by_name(name: str) -> Rule:
    def rule(arguments: Words) -> Iterator[str]:
        if operands(arguments) and not has(arguments, "l", "list"):
            yield f"{name} ends every process of that name"

    return rule


def _always(why: str) -> Rule:
    return lambda _: iter([why])


def _with(letters: str, *names: str, why: str) -> Rule:
    return lambda arguments: iter([why] if has(arguments, letters, *names) else [])


def _with_word(words: str, why: str) -> Rule:
    return lambda arguments: iter([why] if set(words.split()) & set(arguments) else [])


RULES: Mapping[str, Rule] = {
    "rm": _rm,
    "unlink": _always("unlink deletes a file for good"),
    "shred": _always("shred destroys what is in a file"),
    "truncate": _always("truncate cuts a file off"),
    "dd": _dd,
    "fdisk": lambda arguments: iter([] if has(arguments, "l", "list") else ["fdisk changes partitions"]),
    "parted": lambda arguments: iter([] if has(arguments, "l", "list") else ["parted changes partitions"]),
    "chmod": _recursive("chmod"),
    "chown": _recursive("chown"),
    "chgrp": _recursive("chgrp"),
    "git": git_dangers,
    "find": _with_word("-delete", "find -delete deletes every file it finds"),
    "kill": _kill,
    "killall": _by_name("killall"),
    "pkill": _by_name("pkill"),
    "fuser": _with("k", "kill", why="fuser -k kills the processes it finds"),
    "sed": _with("i", "in-place", why="sed -i changes files in place"),
    "perl": _with("i", why="perl -i changes files in place"),
    "rsync": _with(
        "", "delete", "delete-after", "delete-before", "delete-during", "delete-excluded", "remove-source-files",
        why="rsync deletes files that the other side does not have",
    ),
    "tar": _with("", "remove-files", why="tar deletes the files it packs"),
    "zip": _with("m", "move", why="zip -m deletes the files it packs"),
    "unzip": _with("o", why="unzip -o overwrites files"),
    "crontab": _with("r", why="crontab -r deletes all your jobs"),
    "shutdown": _always("stops this machine"),
    "reboot": _always("restarts this machine"),
    "poweroff": _always("stops this machine"),
    "halt": _always("stops this machine"),
    "systemctl": _with_word("poweroff reboot halt", "stops or restarts this machine"),
    "userdel": _always("deletes a user"),
    "deluser": _always("deletes a user"),
    "dropdb": _always("deletes a database"),
    "iptables": _with("FX", "flush", why="drops the rules of the firewall"),
    "redis-cli": _with_word("flushall FLUSHALL flushdb FLUSHDB", "deletes all keys of a database"),
    "docker": _with_word("prune rm rmi kill", "docker deletes or kills containers, images or volumes"),
    "kubectl": _with_word("delete drain", "kubectl deletes what runs in the cluster"),
    "terraform": _with_word("destroy", "terraform destroy deletes what it made"),
    "apt": _with_word("remove purge autoremove", "removes packages"),
    "apt-get": _with_word("remove purge autoremove", "removes packages"),
    "dnf": _with_word("remove autoremove", "removes packages"),
    "lvremove": _always("deletes a volume"),
    "vgremove": _always("deletes a group of volumes"),
    "zpool": _with_word("destroy", "deletes a pool"),
    "cryptsetup": _with_word("luksFormat erase", "makes a disk unreadable"),
    "history": _with("c", why="drops the history of the shell"),
}  # fmt: skip
