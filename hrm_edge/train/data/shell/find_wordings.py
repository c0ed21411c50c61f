"""How people ask for a file search: its parts in one sentence, in one of many orders."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass

from hrm_edge.train.data.shell.find_actions import Action
from hrm_edge.train.data.shell.find_conditions import Condition

NOUNS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "f": (*((("files", "file"),) * 7), ("regular files", "regular file")),
    "d": (("directories", "directory"), ("folders", "folder"), ("subdirectories", "subdirectory")),
    "l": (("symlinks", "symlink"), ("symbolic links", "symbolic link")),
    "a": (("files and directories", "file or directory"), ("files and folders", "file or folder")),
}
"""(Plural, singular) of each type, as find's -type calls it; `a` for files and folders alike."""
_PLURAL = {
    "are": "are", "were": "were", "have": "have", "do": "do", "belong": "belong", "end": "end", "start": "start",
    "take": "take", "them": "them", "their": "their",
}  # fmt: skip
_SINGULAR = {
    "are": "is", "were": "was", "have": "has", "do": "does", "belong": "belongs", "end": "ends", "start": "starts",
    "take": "takes", "them": "it", "their": "its",
}  # fmt: skip
_HERE = (
    "here", "in the current directory", "in this folder", "in this directory", "under the current directory",
    "in this directory tree", "in the current directory tree", "in the current folder", "below the current directory",
    "in this directory and its subdirectories", "recursively", "in the working directory", "under this directory",
)  # fmt: skip
_THERE = (
    "in {0}", "in {0}", "in {0}", "in {0}", "under {0}", "under {0}", "below {0}", "inside {0}", "in the {0} directory",
    "in the {0} folder", "in directory {0}", "in the folder {0}", "in the directory {0}", "in the {0} directory tree",
    "in {0} and its subdirectories", "under the directory {0}", "under the {0} folder", "within {0}", "anywhere in {0}",
)  # fmt: skip
_ELSEWHERE: Mapping[str, tuple[str, ...]] = {
    "/": ("on the whole system", "in /", "under /", "on the entire file system", "in the root directory"),
    "~": ("in my home directory", "in ~", "under my home folder", "in the home directory", "below ~"),
    "..": ("in the parent directory", "in ..", "one directory up", "under the parent directory"),
}
_NAMED: Mapping[str, tuple[str, ...]] = {
    ".": ("the current directory", "this directory", "this folder"),
    "/": ("the whole system", "/"),
    "~": ("my home directory", "~"),
    "..": ("the parent directory", ".."),
}
_TOP_ONLY = (
    "not in subdirectories", "without descending into subdirectories", "not recursively", "only at the top level",
    "excluding subdirectories", "without recursion", "but not in subfolders",
)  # fmt: skip
_SHALLOW = (
    "at most {0} levels deep", "up to {0} levels deep", "no deeper than {0} levels", "with a maximum depth of {0}",
    "down to depth {0}", "descending at most {0} levels", "up to {0} levels down", "limited to depth {0}",
)  # fmt: skip
_COURTESIES = ("how do i ", "how to ", "how can i ", "please ", "can you ", "i want to ", "command to ")
_NO_VERB = re.compile(r"\{bare\}|how|number|the |what|where|which|are |i need|total|sum |detailed")
_QUESTION = re.compile(r"how|what|where|which|are |can ")


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a request is to say: values as they are asked."""

    noun: tuple[str, str]
    places: tuple[str, ...]
    depth: int | None
    conditions: tuple[tuple[Condition, tuple[str, ...]], ...]
    action: Action
    action_values: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Parts:
    """What stands around the noun: adjectives before it, phrases after it, and what comes after all of these."""

    before: list[str]
    after: list[str]
    last: list[str]
    place: str


def word_request(wish: Wish, rng: random.Random) -> str:
    """One of the ways to ask for it."""
    template = rng.choice(wish.action.words)
    parts = _draw_parts(wish, rng)
    if wish.action.name == "list" and rng.random() < 0.15 and (question := _question(wish, parts, rng)):
        return _as_written(question, rng, has_verb=False)
    if "{place}" in template:
        parts = _Parts(before=parts.before, after=parts.after, last=parts.last, place="")
    front = ""
    if parts.place and parts.place != "recursively" and not _NO_VERB.match(template) and rng.random() < 0.08:
        front, parts = f"{parts.place}, ", _Parts(before=parts.before, after=parts.after, last=parts.last, place="")
    determiner, is_plural = rng.choice(
        [("all", True), ("all", True), ("all the", True), ("the", True), ("", True), ("", True)]
        if re.search(r"where are|which of|do \{what\}|each of", template)
        else [("all", True), ("all", True), ("all", True), ("the", True), ("", True), ("", True), ("all the", True),
              ("every", False), ("every", False), ("each", False), ("any", True)]
    )  # fmt: skip
    words = dict(_PLURAL if is_plural else _SINGULAR)
    words["what"] = f"{determiner} {_noun_phrase(wish, parts, rng, is_plural=is_plural)}".strip()
    words["bare"] = _noun_phrase(wish, parts, rng, is_plural=True) if "{bare}" in template else ""
    words["place"] = " and ".join(rng.choice(_NAMED.get(place, (place,))) for place in wish.places)
    request = front + template.format(*wish.action_values, **words)
    starts_with_value = template.startswith("{") and not re.match(r"[a-z]+ ", words["bare"])
    return _as_written(
        request, rng, has_verb=not front and not _NO_VERB.match(template), may_capitalise=not starts_with_value
    )


def _draw_parts(wish: Wish, rng: random.Random) -> _Parts:
    before: list[str] = []
    after: list[str] = []
    last: list[str] = []
    for condition, asked in rng.sample(wish.conditions, len(wish.conditions)):
        pieces = rng.choice(condition.words).split("|")
        pieces = ["", pieces[0], ""] if len(pieces) == 1 else [*pieces, ""][:3]
        adjective, phrase, ending = (_with_values(piece, asked) for piece in pieces)
        if adjective:
            # The extension stands next to the noun: "empty .py files".
            before.insert(len(before) if condition.about == "name" else 0, adjective)
        after += [phrase] if phrase else []
        last += [ending] if ending else []
    if wish.depth:
        last.append(rng.choice(_TOP_ONLY if wish.depth == 1 else _SHALLOW).format(wish.depth))
    return _Parts(before=before, after=after, last=last, place=_place(wish, rng))


def _with_values(piece: str, asked: tuple[str, ...]) -> str:
    """The piece of a wording with its values; {are} and its like stay, until the noun's number is known."""
    for number, value in enumerate(asked):
        piece = piece.replace(f"{{{number}}}", value)
    return piece


def _place(wish: Wish, rng: random.Random) -> str:
    if wish.places == (".",):
        is_said = rng.random() < (0.7 if wish.depth == 1 else 0.35)
        return rng.choice(_HERE[:4] if wish.depth else _HERE) if is_said else ""
    if len(wish.places) == 1 and wish.places[0] in _ELSEWHERE:
        return rng.choice(_ELSEWHERE[wish.places[0]])
    if len(wish.places) > 1:
        return rng.choice(["in {} and {}", "under {} and {}", "in {} or {}"]).format(*wish.places)
    return rng.choice(_THERE).format(wish.places[0])


def _noun_phrase(wish: Wish, parts: _Parts, rng: random.Random, *, is_plural: bool) -> str:
    """Adjectives, noun, phrases and place, without a determiner."""
    noun = wish.noun[0 if is_plural else 1]
    after = _joined(parts.after, rng)
    order = [after, parts.place] if rng.random() < 0.45 and not parts.last else [parts.place, after]
    text = " ".join(word for word in [*parts.before, noun, *order, *parts.last] if word)
    return text.format_map(_PLURAL if is_plural else _SINGULAR)


def _joined(phrases: list[str], rng: random.Random) -> str:
    """Phrases as one: "larger than 5 MB and owned by bob"."""
    if len(phrases) < 2:
        return "".join(phrases)
    first, *others = phrases
    between = rng.choice([" and ", " and ", " and ", ", ", " ", " but only those "])
    if between == " but only those " and (len(phrases) > 2 or not re.match("that|whose|with", others[0])):
        between = " and "
    if between == " " and not others[0].startswith(("that ", "whose ", "with ", "owned", "larger", "modified")):
        between = " and "
    if first.startswith("that ") and between == " and " and rng.random() < 0.5:
        # "that are empty and that were modified" loses its second "that" as often as not.
        others = [other.removeprefix("that ") for other in others]
    if len(phrases) == 2:
        return f"{first}{between}{others[0]}"
    middle = rng.choice([", ", " and "]) if between == " and " else ", "
    return f"{first}{middle}{middle.join(others[:-1])}{rng.choice([' and ', ', and ', ' and '])}{others[-1]}"


def _question(wish: Wish, parts: _Parts, rng: random.Random) -> str:
    """ "Which files in src are larger than 5 MB": the first phrase as what is asked; empty where none is a clause."""
    clauses = [phrase for phrase in parts.after if phrase.startswith("that {")]
    if not clauses or parts.last:
        return ""
    others = [phrase for phrase in parts.after if phrase != clauses[0]]
    asked = _joined([clauses[0].removeprefix("that "), *others], rng)
    words = [rng.choice(["which", "which", "what"]), *parts.before, wish.noun[0], parts.place, asked]
    return " ".join(word for word in words if word).format_map(_PLURAL)


def _as_written(request: str, rng: random.Random, *, has_verb: bool, may_capitalise: bool = True) -> str:
    """The request with the small habits of people: courtesy, a capital letter, a full stop or question mark."""
    if has_verb and rng.random() < 0.2:
        request = rng.choice(_COURTESIES) + request
    elif rng.random() < 0.04:
        request += " please"
    if may_capitalise and rng.random() < 0.4:
        request = request[0].upper() + request[1:]
    if rng.random() < 0.25:
        request += "?" if _QUESTION.match(request.lower()) and not request.lower().startswith("how to") else "."
    return request
