"""The conditions of a file search: what find tests, how people say it, and for which types of file it makes sense.

A wording has up to three parts, `before|after|last`: words before the noun ("empty files"), after it ("files larger
than 5 MB"), and after everything else ("files …, but not those in vendor"). One without a bar stands after the noun.
`{0}` is the first value; `{are}` and its like follow the noun's number.
"""

from dataclasses import dataclass

from hrm_edge.train.data.shell.find_values import Draw, quoted, size_range, values
from hrm_edge.train.data.shell.slots import SLOTS


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One test of find, or several that people say in one breath."""

    name: str
    """What it asks; conditions of one name differ in wording alone."""
    about: str
    """No two conditions of a search are about the same."""
    of: str
    """Types it makes sense for, as find's -type calls them; `a` for files and folders alike."""
    tests: str
    draw: Draw
    words: tuple[str, ...]


WEIGHTS = {
    "name": 34, "size": 16, "time": 22, "newer": 4, "empty": 4, "mode": 6, "user": 6, "group": 3, "executable": 3,
    "folder": 6,
}  # fmt: skip
"""How often a condition is about something; the keys stand in the order in which the command tests."""


def _condition(
    name: str,
    of: str,
    tests: str,
    slots: str,
    *words: str,
    draw: Draw | None = None,
) -> Condition:
    """A condition whose name begins with what it is about."""
    return Condition(
        name=name, about=name.split("-")[0], of=of, tests=tests, draw=draw or values(*slots.split()), words=words
    )  # fmt: skip


_ANY_CASE = ("ignoring case", "in any case", "regardless of case", "in upper or lower case", "(case insensitive)")
_EITHER_EXTENSION = r"\( -name '*.{0}' -o -name '*.{1}' \)"

_NAMES = (
    *(_condition("name-extension", "f", "-name '*.{0}'", "ext", "{0}|") for _ in range(12)),
    _condition(
        "name-extension", "f", "-name '*.{0}'", "bare",
        "ending in {0}", "that {end} in {0}", "with extension {0}", "with the {0} extension", "that {end} with {0}",
        "whose extension is {0}", "with a name ending in {0}", "that {have} the extension {0}", "with suffix {0}",
        "of type {0}",
    ),
    _condition(
        "name-extensions", "f", _EITHER_EXTENSION, "ext ext", "{0} and {1}|", "{0} or {1}|",
    ),
    _condition(
        "name-extensions", "f", _EITHER_EXTENSION, "bare bare",
        "ending in {0} or {1}", "that {end} in {0} or {1}", "with extension {0} or {1}",
        "with the extension {0} or the extension {1}", "whose extension is either {0} or {1}",
    ),
    _condition(
        "name-notextension", "f", "! -name '*.{0}'", "bare",
        "that {do} not end in {0}", "without the {0} extension", "not ending in {0}", "||except {0} files",
        "||other than {0} files", "that {are} not {0} files", "whose name does not end with {0}",
    ),
    _condition(
        "name-exact", "f", "-name {0}", "filename",
        "named {0}", "called {0}", "with the name {0}", "that {are} named {0}", "whose name is {0}",
        "that {are} called {0}", "by the name of {0}",
    ),
    _condition(
        "name-exact", "da", "-name {0}", "stem",
        "named {0}", "called {0}", "with the name {0}", "that {are} named {0}", "whose name is {0}", "{0}|",
    ),
    _condition(
        "name-either", "fda", r"\( -name {0} -o -name {1} \)", "filename filename",
        "named {0} or {1}", "called {0} or {1}", "that {are} named either {0} or {1}", "whose name is {0} or {1}",
    ),
    _condition(
        "name-notexact", "fda", "! -name {0}", "filename",
        "not named {0}", "that {are} not named {0}", "that {are} not called {0}", "whose name is not {0}",
        "||except {0}", "||other than {0}", "||but not {0}",
    ),
    _condition(
        "name-contains", "fda", "-name '*{0}*'", "part",
        "whose name contains {0}", "with {0} in the name", "with {0} in their name", "containing {0} in the name",
        "that {have} {0} in the name", "whose name has {0} in it", "with names containing {0}",
        "with a name that includes {0}", "matching *{0}*", "with {0} somewhere in the file name",
    ),
    _condition(
        "name-starts", "fda", "-name '{0}*'", "part",
        "whose name starts with {0}", "starting with {0}", "that {start} with {0}", "beginning with {0}",
        "whose name begins with {0}", "with names that start with {0}", "prefixed with {0}", "with the prefix {0}",
    ),
    _condition(
        "name-ends", "fda", "-name '*{0}'", "suffix",
        "whose name ends with {0}", "ending with {0}", "that {end} in {0}", "whose name ends in {0}",
        "with names ending in {0}", "with the ending {0}",
    ),
    _condition(
        "name-startsextension", "f", "-name '{0}*.{1}'", "part ext",
        "{1}|starting with {0}", "{1}|whose name starts with {0}", "{1}|that {start} with {0}",
        "{1}|whose name begins with {0}",
    ),
    _condition(
        "name-containsextension", "f", "-name '*{0}*.{1}'", "part ext",
        "{1}|whose name contains {0}", "{1}|with {0} in the name", "{1}|that {have} {0} in the name",
        "{1}|with names containing {0}",
    ),
    _condition(
        "name-endsextension", "f", "-name '*{0}.{1}'", "",
        "{1}|whose name ends with {0} before the extension",
        draw=lambda rng: (quoted(rng, f"_{SLOTS['key'](rng)[1]}"), SLOTS["ext"](rng)),
    ),
    _condition(
        "name-notcontains", "fda", "! -name '*{0}*'", "part",
        "whose name does not contain {0}", "without {0} in the name", "that {do} not have {0} in the name",
        "not containing {0} in the name",
    ),
    _condition(
        "name-iexact", "fda", "-iname {0}", "filename",
        *(f"{way} {{0}} {case}" for way in ("named", "called") for case in _ANY_CASE),
    ),
    _condition(
        "name-icontains", "fda", "-iname '*{0}*'", "part",
        *(f"{way} {case}" for way in ("whose name contains {0}", "with {0} in the name") for case in _ANY_CASE),
    ),
    _condition(
        "name-istarts", "fda", "-iname '{0}*'", "part",
        *(f"{way} {case}" for way in ("whose name starts with {0}", "starting with {0}") for case in _ANY_CASE),
    ),
    _condition(
        "name-iextension", "f", "-iname '*.{0}'", "bare",
        *(f"{way} {case}" for way in ("ending in {0}", "with extension {0}") for case in _ANY_CASE),
    ),
    _condition("name-hidden", "f", "-name '.*'", "", "hidden|", "hidden|", "whose name starts with a dot"),
    _condition("name-hidden", "d", "-name '.?*'", "", "hidden|", "hidden|", "whose name starts with a dot"),
    _condition("name-nothidden", "f", "! -name '.*'", "", "non-hidden|", "that {are} not hidden", "visible|"),
)  # fmt: skip

_SIZES = (
    _condition(
        "size-over", "f", "-size +{0}", "size",
        "larger than {0}", "bigger than {0}", "over {0}", "above {0}", "that {are} larger than {0}", "of more than {0}",
        "exceeding {0}", "greater than {0}", "that {are} bigger than {0}", "with a size over {0}",
        "that {take} up more than {0}",
        "whose size is greater than {0}", "more than {0} in size", "that {are} over {0}",
    ),
    _condition(
        "size-under", "f", "-size -{0}", "atleast",
        "smaller than {0}", "that {are} smaller than {0}", "of less than {0}", "below {0} in size", "under {0} in size",
        "with a size under {0}", "that {are} under {0}", "less than {0} in size", "whose size is less than {0}",
    ),
    _condition(
        "size-between", "f", "-size +{0} -size -{1}", "",
        "between {0} and {1}", "larger than {0} and smaller than {1}", "that {are} between {0} and {1} in size",
        "bigger than {0} but smaller than {1}", "over {0} but under {1}", "with a size between {0} and {1}",
        draw=size_range,
    ),
    _condition(
        "size-bytes", "f", "-size {0}c", "bytes",
        "of exactly {0} bytes", "that {are} exactly {0} bytes", "with a size of {0} bytes", "that {are} {0} bytes long",
    ),
)  # fmt: skip


def _times(name: str, verb: str, days: str, minutes: str) -> tuple[Condition, ...]:
    """The four conditions on one time stamp: within or before some days or minutes."""
    within = (
        f"{verb} in the last {{0}}", f"that {{were}} {verb} in the last {{0}}", f"{verb} within the last {{0}}",
        f"{verb} during the past {{0}}", f"that {{have}} been {verb} in the past {{0}}",
        f"that {{were}} {verb} within the past {{0}}", f"last {verb} within the last {{0}}",
    )  # fmt: skip
    before = (
        f"{verb} more than {{0}} ago", f"that {{were}} {verb} more than {{0}} ago", f"last {verb} over {{0}} ago",
        f"that {{were}} last {verb} more than {{0}} ago", f"not {verb} for more than {{0}}",
        f"that {{have}} not been {verb} for more than {{0}}",
    )  # fmt: skip
    return (
        _condition(f"time-{name}-within-days", "fdla", f"-{days} -{{0}}", "lastdays", *within),
        _condition(f"time-{name}-before-days", "fdla", f"-{days} +{{0}}", "days", *before),
        _condition(f"time-{name}-within-minutes", "fdla", f"-{minutes} -{{0}}", "lastminutes", *within),
        _condition(f"time-{name}-before-minutes", "fdla", f"-{minutes} +{{0}}", "minutes", *before),
    )


_TIMES = (
    *_times("modified", "modified", "mtime", "mmin"),
    *_times("modified", "modified", "mtime", "mmin"),
    *_times("modified", "edited", "mtime", "mmin"),
    *_times("accessed", "accessed", "atime", "amin"),
    *_times("accessed", "read", "atime", "amin")[:2],
    _condition(
        "time-modified-before-days", "fda", "-mtime +{0}", "days",
        "older than {0}", "that {are} older than {0}", "more than {0} old", "that {are} more than {0} old",
        "over {0} old", "of more than {0} of age",
    ),
    _condition(
        "time-modified-before-days", "fda", "-mtime +{0}", "days", "older than {0}", "that {are} older than {0}",
    ),
    _condition(
        "time-modified-within-days", "fda", "-mtime -{0}", "days",
        "newer than {0}", "less than {0} old", "that {are} less than {0} old", "modified less than {0} ago",
    ),
    _condition(
        "time-status-within-days", "fd", "-ctime -{0}", "lastdays",
        "whose status changed in the last {0}", "with a status change in the last {0}",
        "whose inode changed within the last {0}",
    ),
    _condition(
        "time-status-before-days", "fd", "-ctime +{0}", "days",
        "whose status changed more than {0} ago", "whose inode changed more than {0} ago",
    ),
    _condition(
        "time-modified-today", "fda", "-daystart -mtime 0", "", "modified today", "that {were} modified today",
        "edited today",
    ),
    _condition(
        "time-modified-since", "fda", "-newermt {0}", "date", "modified after {0}", "that {were} modified since {0}",
        "modified since {0}", "that {were} modified after {0}", "newer than {0}",
    ),
    _condition(
        "time-modified-until", "fda", "! -newermt {0}", "date", "last modified before {0}",
        "that {were} last modified before {0}", "not modified since {0}", "that {have} not been modified since {0}",
    ),
)  # fmt: skip

_OTHERS = (
    _condition(
        "newer", "fda", "-newer {0}", "file",
        "newer than {0}", "that {are} newer than {0}", "modified after the file {0}", "more recent than {0}",
        "modified more recently than {0}", "that {were} modified after {0}", "newer than the file {0}",
    ),
    _condition("empty", "fd", "-empty", "", "empty|", "empty|", "that {are} empty", "with nothing in {them}"),
    _condition(
        "mode-exact", "fda", "-perm {0}", "mode",
        "with permissions {0}", "with permission {0}", "with mode {0}", "whose permissions are {0}",
        "that {have} permissions {0}", "with {0} permissions", "that {have} mode {0}", "having permissions {0}",
    ),
    _condition("mode-exact", "fda", "-perm {0}", "mode", "with permissions {0}", "with mode {0}"),
    _condition(
        "mode-world", "fda", "-perm -o=w", "",
        "world-writable|", "that {are} world writable", "that anyone can write to", "writable by everyone",
    ),
    _condition(
        "user", "fdla", "-user {0}", "user",
        "owned by {0}", "that {are} owned by {0}", "belonging to {0}", "that {belong} to {0}", "owned by user {0}",
        "belonging to the user {0}", "that {belong} to user {0}", "of user {0}", "whose owner is {0}",
    ),
    _condition(
        "group", "fdla", "-group {0}", "group",
        "of group {0}", "belonging to group {0}", "that {belong} to the group {0}", "owned by group {0}",
        "in group {0}", "with group {0}", "whose group is {0}",
    ),
    _condition(
        "executable", "f", "-executable", "",
        "executable|", "that {are} executable", "that can be executed", "with execute permission",
    ),
    _condition(
        "folder", "fda", "-not -path '*/{0}/*'", "folder",
        "||not in {0}", "||that {are} not in a {0} folder", "||except those in {0}", "||ignoring {0}", "||but skip {0}",
        "||excluding the {0} directory", "||outside of {0}", "||but not in {0}", "||excluding {0}",
        "||not under any {0} directory",
    ),
)  # fmt: skip

CONDITIONS = (*_NAMES, *_SIZES, *_TIMES, *_OTHERS)
"""Every condition; those that people use more stand in it more than once."""
