"""Values that a request names, and how they are typed in a command: "100 MB" is 100M, "python files" are py.

Each kind of slot reads a value, or says that the words are none. What is read is put into a command as it stands, so
no kind reads a character that means something to the shell, nor a value that begins as an option does.
"""
# ruff: noqa: SIM905 — lists of words read better as a text than with a quote around each.

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

EXTENSIONS = (
    "py js ts txt md csv json xml yml yaml log html css c cpp h java go rs sh sql toml ini cfg conf png jpg jpeg gif "
    "svg pdf mp3 mp4 wav zip tar gz bak tmp out dat tsv rb php lua ipynb tex doc docx xlsx swp o so class jar"
).split()
LANGUAGES = {
    "Python": "py", "python": "py", "JavaScript": "js", "javascript": "js", "TypeScript": "ts", "text": "txt",
    "markdown": "md", "Markdown": "md", "CSV": "csv", "JSON": "json", "XML": "xml", "YAML": "yaml", "log": "log",
    "HTML": "html", "CSS": "css", "Java": "java", "Go": "go", "Rust": "rs", "shell": "sh", "SQL": "sql", "PNG": "png",
    "PDF": "pdf", "Ruby": "rb", "PHP": "php", "MP3": "mp3", "TOML": "toml",
}  # fmt: skip
"""What files are called by, and how they end."""
_EXTENSION_OF = {name.lower(): extension for name, extension in LANGUAGES.items()}
_NUMBERS = {word: n for n, word in enumerate("one two three four five six seven eight nine ten".split(), start=1)}
_ORDINALS = {
    word: n for n, word in enumerate("first second third fourth fifth sixth seventh eighth ninth".split(), start=1)
}
_DAYS_OF = {"day": 1, "week": 7}
_MINUTES_OF = {"min": 1, "minute": 1, "hour": 60}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of slot."""

    read: Callable[[str], str | None]
    """What is typed for the words of a request, quotes taken off; None where they are no such value."""
    longest: int = 1
    """Words that a value has at most."""
    nouns: frozenset[str] = frozenset()
    """What a value is called before or after it, as in "the folder src", and need not be called."""


def _like(pattern: str) -> Callable[[str], str | None]:
    whole = re.compile(pattern)
    return lambda text: text if whole.fullmatch(text) else None


def _ending(*endings: str) -> Callable[[str], str | None]:
    path = _like(_PATH)
    return lambda text: path(text) if text.endswith(endings) else None


def _directory(text: str) -> str | None:
    """A path that does not end as a file does: who says `notes.txt` means a file."""
    path = text.rstrip("/") or text
    _, dot, ending = path.rpartition("/")[2].rpartition(".")
    return None if dot and ending in EXTENSIONS else _like(_PATH)(path)


def _size(text: str) -> str | None:
    match = re.fullmatch(r"([0-9]+) ?(k|m|g)(b|ib|ilobytes?|egabytes?|igabytes?)?", text.lower())
    return match and match[1] + {"k": "k", "m": "M", "g": "G"}[match[2]]


def _extension(text: str) -> str | None:
    if match := re.fullmatch(r"\*?\.([A-Za-z0-9]{1,10}(?:\.[A-Za-z0-9]{1,4})?)", text):
        return match[1]
    word = text.lower()
    return _EXTENSION_OF.get(word, word if word in EXTENSIONS else None)


def _number(text: str) -> str | None:
    return text if re.fullmatch(r"[0-9]{1,9}", text) else _as_text(_NUMBERS.get(text.lower()))


def _time(units: Mapping[str, int]) -> Callable[[str], str | None]:
    words = re.compile(rf"(\w+) ({'|'.join(units)})s?")

    def read(text: str) -> str | None:
        match = words.fullmatch(text.lower())
        if match is None:
            return None
        count = 1 if match[1] in ("a", "an") else int(_number(match[1]) or 0)
        return _as_text(count * units[match[2]] or None)

    return read


def _minutes(text: str) -> str | None:
    return "30" if text.lower() == "half an hour" else _time(_MINUTES_OF)(text)


def _column(text: str) -> str | None:
    words = text.lower()
    if match := re.fullmatch(r"(?:column|field) (?:number )?([0-9]{1,3})", words):
        return match[1]
    match = re.fullmatch(r"the (\w+) (?:column|field)", words)
    return match and _as_text(_ORDINALS.get(match[1]))


def _as_text(number: int | None) -> str | None:
    return None if number is None else str(number)


_PATH = r"(?!-)[\w./~@+=:-]+"
_NAME = r"\w[\w./@+:-]*"
_SIMPLE_NAME = r"\w[\w.@+-]*"
_DOTTED = r"\w[\w-]*(\.[\w-]+)+"
_FILE = frozenset({"file"})
_PACKAGE, _ARCHIVE, _HOST = (
    frozenset({"package"}),
    frozenset({"archive", "file"}),
    frozenset({"host", "machine", "server"}),
)

KINDS: Mapping[str, Kind] = {
    "size": Kind(read=_size, longest=2),
    "ext": Kind(read=_extension, nouns=frozenset({"extension"})),
    "dir": Kind(read=_directory, nouns=frozenset({"folder", "directory"})),
    "newdir": Kind(read=_directory, nouns=frozenset({"folder", "directory"})),
    "file": Kind(read=_like(_PATH), nouns=_FILE),
    "newfile": Kind(read=_like(_PATH), nouns=_FILE),
    "csv": Kind(read=_ending(".csv"), nouns=_FILE),
    "json": Kind(read=_ending(".json"), nouns=_FILE),
    "log": Kind(read=_ending(".log"), nouns=_FILE),
    "script": Kind(read=_ending(".sh"), nouns=_FILE | {"script"}),
    "program": Kind(read=_ending(".py"), nouns=_FILE | {"program"}),
    "tar": Kind(read=_ending(".tar.gz", ".tgz"), nouns=_ARCHIVE),
    "plaintar": Kind(read=_ending(".tar"), nouns=_ARCHIVE),
    "zip": Kind(read=_ending(".zip"), nouns=_ARCHIVE),
    "gz": Kind(read=_ending(".gz"), nouns=_ARCHIVE),
    "patch": Kind(read=_ending(".patch", ".diff"), nouns=_FILE),
    "word": Kind(read=_like(r"(?!-)[\w.:@+-]+"), nouns=frozenset({"word", "string", "text", "pattern"})),
    "n": Kind(read=_number),
    "small": Kind(read=_number),
    "days": Kind(read=_time(_DAYS_OF), longest=2),
    "minutes": Kind(read=_minutes, longest=3),
    "column": Kind(read=_column, longest=3),
    "user": Kind(read=_like(_SIMPLE_NAME), nouns=frozenset({"user"})),
    "group": Kind(read=_like(_SIMPLE_NAME), nouns=frozenset({"group"})),
    "person": Kind(read=_like(_SIMPLE_NAME)),
    "email": Kind(read=_like(r"[\w.+-]+@" + _DOTTED)),
    "host": Kind(read=_like(r"\w[\w.-]*"), nouns=_HOST),
    "domain": Kind(read=_like(_DOTTED), nouns=frozenset({"domain"})),
    "port": Kind(read=_number, nouns=frozenset({"port"})),
    "pid": Kind(read=_number, nouns=frozenset({"process"})),
    "url": Kind(read=_like(r"(https?|ftp)://[\w./~@+=:%-]+")),
    "repo": Kind(read=_like(r"(https?://|git@)[\w./~@+=:%-]+"), nouns=frozenset({"repository", "repo"})),
    "branch": Kind(read=_like(_NAME), nouns=frozenset({"branch"})),
    "newbranch": Kind(read=_like(_NAME), nouns=frozenset({"branch"})),
    "remote": Kind(read=_like(_SIMPLE_NAME), nouns=frozenset({"remote"})),
    "newremote": Kind(read=_like(_SIMPLE_NAME), nouns=frozenset({"remote"})),
    "tag": Kind(read=_like(_SIMPLE_NAME), nouns=frozenset({"tag"})),
    "newtag": Kind(read=_like(_SIMPLE_NAME), nouns=frozenset({"tag"})),
    "commit": Kind(read=_like(r"[0-9a-f]{6,40}|HEAD([~^][0-9]*)*"), nouns=frozenset({"commit"})),
    "message": Kind(read=_like(r"(?!-)[\w .,:;/#()+-]+"), nouns=frozenset({"message"})),
    "package": Kind(read=_like(_SIMPLE_NAME), nouns=_PACKAGE),
    "pypackage": Kind(read=_like(_SIMPLE_NAME), nouns=_PACKAGE),
    "nodepackage": Kind(read=_like(_NAME), nouns=_PACKAGE),
    "module": Kind(read=_like(r"\w+(\.\w+)*"), nouns=frozenset({"module"})),
    "version": Kind(read=_like(r"v?[0-9]+(\.[0-9]+)+"), nouns=frozenset({"version"})),
    "process": Kind(read=_like(_SIMPLE_NAME), nouns=frozenset({"process", "program"})),
    "service": Kind(read=_like(_SIMPLE_NAME), nouns=frozenset({"service"})),
    "image": Kind(read=_like(_NAME), nouns=frozenset({"image"})),
    "newimage": Kind(read=_like(_NAME), nouns=frozenset({"image"})),
    "container": Kind(read=_like(_SIMPLE_NAME), nouns=frozenset({"container"})),
    "newcontainer": Kind(read=_like(_SIMPLE_NAME), nouns=frozenset({"container"})),
    "mode": Kind(read=_like(r"[0-7]{3,4}"), nouns=frozenset({"mode", "permission"})),
    "name": Kind(read=_like(_NAME)),
    "newname": Kind(read=_like(_PATH)),
    "key": Kind(read=_like(r"\w+"), nouns=frozenset({"key"})),
    "variable": Kind(read=_like(r"[A-Za-z_]\w*"), nouns=frozenset({"variable"})),
    "date": Kind(read=_like(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), nouns=frozenset({"date"})),
    "interface": Kind(read=_like(r"[a-z]+[0-9]+(s[0-9]+)?"), nouns=frozenset({"interface"})),
}
"""Slot name → how it is read. Requests that fill them are drawn by hrm_edge.train.data.shell.slots."""
