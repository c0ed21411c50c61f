"""What is done with the files that a search finds, in words and in the command.

`{what}` is the noun phrase with its determiner ("every empty file in src"), `{bare}` the same in the plural without
one, `{place}` the directory alone. `{0}` is the first value, `{them}` follows the noun's number.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Action:
    """One thing to do; the command is `find … end`."""

    name: str
    weight: int
    of: str
    """Types it makes sense for, as find's -type calls them; `a` for files and folders alike."""
    end: str
    slots: tuple[str, ...]
    least: int
    """Conditions that make it worth a search: 0 none; 1 one; 2 one beside the extension, or a named directory — the
    shell's own patterns do with less."""
    words: tuple[str, ...]

    @property
    def reads(self) -> bool:
        """Whether it is about what is in a file, or how much: pointless for empty ones."""
        return self.name in _READING


_READING = {
    "grep-names", "grep-lines", "grep", "replace", "lines-together", "lines-each", "sizes", "largest", "total", "heads",
    "gzip", "sums",
}  # fmt: skip


def _action(name: str, weight: int, of: str, end: str, slots: str, least: int, *words: str) -> Action:
    return Action(name=name, weight=weight, of=of, end=end, slots=tuple(slots.split()), least=least, words=words)


ACTIONS = (
    _action(
        "list", 110, "fdla", "", "", 1,
        "find {what}", "find {what}", "find {what}", "list {what}", "list {what}", "search for {what}", "show {what}",
        "show me {what}", "print {what}", "locate {what}", "look for {what}", "{bare}", "get {what}",
        "display {what}", "search {place} for {what}", "give me {what}", "where are {what}", "get a list of {what}",
        "print the paths of {what}", "recursively find {what}", "find and list {what}", "are there any {bare}",
        "what {bare} are there", "i need {what}", "look in {place} for {what}",
    ),
    _action(
        "delete", 26, "fl", " -delete", "", 1,
        "delete {what}", "remove {what}", "find {what} and delete {them}", "find and delete {what}", "erase {what}",
        "get rid of {what}", "find {what} and remove {them}", "clean up {what}", "search for {what} and delete {them}",
        "delete {what}", "remove {what}", "purge {what}",
    ),
    _action(
        "remove", 8, "d", " -prune -exec rm -r {} +", "", 1,
        "delete {what} with everything in {them}", "remove {what} recursively", "delete {what}", "remove {what}",
        "find {what} and delete {them} recursively", "get rid of {what}", "find and remove {what}",
    ),
    _action(
        "count", 26, "fdla", " | wc -l", "", 0,
        "count {what}", "how many {bare} are there", "number of {bare}", "count {what}", "how many {bare} do i have",
        "print the number of {bare}", "find the number of {bare}", "get the count of {bare}",
        "count how many {bare} exist",
        "tell me how many {bare} there are",
    ),
    _action(
        "chmod", 12, "fd", " -exec chmod {0} {} +", "mode", 0,
        "set the permissions of {what} to {0}", "change the permissions of {what} to {0}", "chmod {what} to {0}",
        "find {what} and set {their} permissions to {0}", "give {what} mode {0}", "make the mode of {what} {0}",
        "find {what} and chmod {them} to {0}", "give {what} permissions {0}",
    ),
    _action(
        "runnable", 4, "f", " -exec chmod +x {} +", "", 1,
        "make {what} executable", "find {what} and make {them} executable", "add execute permission to {what}",
    ),
    _action(
        "chown", 6, "fd", " -exec chown {0} {} +", "user", 1,
        "change the owner of {what} to {0}", "make {0} the owner of {what}", "find {what} and chown {them} to {0}",
        "give ownership of {what} to {0}", "find {what} and change {their} owner to {0}",
    ),
    _action(
        "copy", 14, "f", " -exec cp -t {0} {} +", "dir", 1,
        "copy {what} to {0}", "copy {what} into {0}", "find {what} and copy {them} to {0}",
        "find and copy {what} into {0}", "collect {what} in {0}", "copy {what} to the directory {0}",
        "copy {what} to the {0} folder", "find {what} and copy {them} into {0}",
    ),
    _action(
        "move", 10, "f", " -exec mv -t {0} {} +", "dir", 2,
        "move {what} to {0}", "move {what} into {0}", "find {what} and move {them} to {0}",
        "find and move {what} into {0}", "move {what} to the {0} directory", "find {what} and move {them} into {0}",
    ),
    _action(
        "grep-names", 14, "f", " -exec grep -l '{0}' {} +", "word", 2,
        "find {what} that contain the text {0}", "which of {what} contain {0}", "list {what} with {0} inside",
        "find {what} that mention {0}", "search {what} for {0} and print the file names",
        "print the names of {what} that contain {0}",
    ),
    _action(
        "grep-lines", 10, "f", " -exec grep -n '{0}' {} +", "word", 2,
        "search for {0} in {what} and show line numbers", "grep {0} in {what} with line numbers",
        "find lines with {0} in {what}, with line numbers", "show the numbered lines that contain {0} in {what}",
    ),
    _action(
        "grep", 10, "f", " -exec grep '{0}' {} +", "word", 2,
        "search for {0} in {what}", "grep for {0} in {what}", "find {what} and grep {0} in {them}",
        "print the lines with {0} in {what}", "look for {0} inside {what}",
    ),
    _action(
        "replace", 6, "f", " -exec sed -i 's/{0}/{1}/g' {} +", "word word", 1,
        "replace {0} with {1} in {what}", "change {0} to {1} in {what}", "substitute {1} for {0} in {what}",
        "find {what} and replace {0} by {1} in {them}",
    ),
    _action(
        "lines-together", 8, "f", " -exec cat {} + | wc -l", "", 0,
        "count the lines of {what} together", "how many lines do {what} have in total",
        "total number of lines in {what}",
        "count all lines in {what}", "sum of the lines of {what}",
    ),
    _action(
        "lines-each", 5, "f", " -exec wc -l {} +", "", 2,
        "count the lines of {what}, per file", "print the number of lines for each of {what}",
        "show line counts for {what}", "run wc -l on {what}",
    ),
    _action(
        "long", 9, "fdl", " -ls", "", 1,
        "list {what} with details", "show {what} in long format", "find {what} and show {their} details",
        "give a long listing of {what}", "list {what} in ls format", "detailed list of {what}",
    ),
    _action(
        "sizes", 8, "f", r" -printf '%s %p\n'", "", 0,
        "list {what} with {their} size", "print size and path of {what}", "show {what} and {their} size in bytes",
        "find {what} and print {their} size", "show the size and path of {what}",
    ),
    _action(
        "names", 6, "fd", r" -printf '%f\n'", "", 1,
        "print only the names of {what} without the path", "list just the file names of {what}, no directories",
        "list {what} by base name only", "show {what} without the leading path",
    ),
    _action(
        "zeros", 3, "f", " -print0", "", 1,
        "list {what} separated by null characters", "print {what} null-terminated", "find {what} with null separators",
    ),
    _action(
        "largest", 9, "f", r" -printf '%s %p\n' | sort -rn | head -n {0}", "n", 1,
        "find the {0} largest {bare}", "show the {0} biggest {bare}", "list the top {0} {bare} by size",
        "the {0} largest {bare}", "which {0} {bare} are the largest",
    ),
    _action(
        "newest", 9, "f", r" -printf '%T@ %p\n' | sort -rn | head -n {0}", "n", 1,
        "find the {0} newest {bare}", "show the {0} most recently modified {bare}", "list the {0} latest {bare}",
        "the {0} newest {bare}",
    ),
    _action(
        "sorted", 6, "fda", " | sort", "", 1,
        "list {what} in alphabetical order", "find {what} and sort {them}", "show {what} sorted by path",
        "list {what} sorted",
    ),
    _action(
        "first", 5, "fda", " | head -n {0}", "n", 1,
        "show the first {0} {bare}", "list only {0} {bare}", "print at most {0} {bare}", "find the first {0} {bare}",
    ),
    _action(
        "total", 6, "f", " -exec du -ch {} + | tail -n 1", "", 1,
        "total size of {what}", "how much space do {what} take together", "show the total disk usage of {what}",
        "compute the total size of {what}", "sum up the size of {what}",
    ),
    _action(
        "heads", 4, "f", " -exec head -n {0} {} +", "small", 2,
        "show the first {0} lines of {what}", "print the first {0} lines of {what}",
        "find {what} and show {their} first {0} lines",
    ),
    _action(
        "tar", 6, "f", " -exec tar -czf {0} {} +", "tar", 2,
        "pack {what} into {0}", "create the archive {0} from {what}", "find {what} and archive {them} in {0}",
        "put {what} in a compressed tar archive {0}", "tar {what} into {0}",
    ),
    _action(
        "zip", 5, "f", " -exec zip {0} {} +", "zip", 2,
        "zip {what} into {0}", "find {what} and zip {them} into {0}", "add {what} to {0}", "create {0} with {what}",
    ),
    _action(
        "gzip", 5, "f", " -exec gzip {} +", "", 2,
        "compress {what} with gzip", "gzip {what}", "find {what} and gzip {them}", "find and compress {what} with gzip",
    ),
    _action(
        "touch", 3, "f", " -exec touch {} +", "", 2,
        "touch {what}", "find {what} and touch {them}", "set the modification time of {what} to now",
    ),
    _action(
        "sums", 4, "f", " -exec sha256sum {} +", "", 2,
        "compute the sha256 checksums of {what}", "print the sha256 sum of {what}",
        "find {what} and hash {them} with sha256",
    ),
)  # fmt: skip
"""Everything that can be done; `weight` is how often."""
