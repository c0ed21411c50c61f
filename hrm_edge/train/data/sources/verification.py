"""Which answers of real data have been run, as a record that anyone can make again.

A record is a text file with a line per answer that passed: `<digest> <id>`. The digest covers language, answer and
check, so that a changed answer or test is no longer vouched for. The package ships one for the data sets' own
solutions (`verified.txt`); a recipe may name further ones, made by `write_record` on data of its own.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

from hrm_edge.errors import DataError
from hrm_edge.problems.problem import Answer, Check
from hrm_edge.sandbox.judge import Judge
from hrm_edge.sandbox.verdict import Outcome, Verdict

_DIGEST_LENGTH = 16
_SHIPPED = "verified.txt"


@dataclass(frozen=True, kw_only=True)
class Unverified:
    """An answer and how it is checked."""

    id: str
    language: str
    answer: Answer
    check: Check

    @property
    def digest(self) -> str:
        """Of language, answer and check: sha256, shortened. Every part is made of texts, numbers and tuples, whose
        `repr` is the same on every machine."""
        answer = self.answer if isinstance(self.answer, str) else sorted(self.answer.items())
        whole = repr((self.language, answer, self.check))
        return hashlib.sha256(whole.encode()).hexdigest()[:_DIGEST_LENGTH]


class Record:
    """The answers that passed."""

    def __init__(self, digests: Iterable[str]) -> None:
        self._digests = frozenset(digests)

    def __len__(self) -> int:
        return len(self._digests)

    def vouches_for(self, item: Unverified) -> bool:
        """Whether exactly this answer passed exactly this check."""
        return item.digest in self._digests


def load_record(paths: Iterable[Path | str] = ()) -> Record:
    """The package's record and those of the files.

    Raises:
        DataError: a file is not there or is no record.
    """
    digests = set(_shipped())
    for path in map(Path, paths):
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(f"{path} cannot be read as a record of verified answers ({error}): make it anew") from error
        digests.update(_digests(text, str(path)))
    return Record(digests)


def verify(items: Iterable[Unverified], judge: Judge) -> Iterator[tuple[Unverified, Verdict]]:
    """Run each answer against its check in the sandbox."""
    for item in items:
        yield item, judge.judge(item.check, item.language, item.answer)


def write_record(path: Path, verdicts: Iterable[tuple[Unverified, Verdict]]) -> tuple[int, int]:
    """Write the record of those that passed, by id; returns how many passed and how many there were."""
    lines, count = set(), 0
    for item, verdict in verdicts:
        count += 1
        if verdict.outcome is Outcome.PASSED:
            lines.add(f"{item.digest} {item.id}\n")
    path.write_text("".join(sorted(lines, key=lambda line: line.partition(" ")[2])), encoding="utf-8")
    return len(lines), count


@lru_cache(maxsize=1)
def _shipped() -> frozenset[str]:
    text = resources.files("hrm_edge.train.data.sources").joinpath(_SHIPPED).read_text(encoding="utf-8")
    return frozenset(_digests(text, _SHIPPED))


def _digests(text: str, place: str) -> Iterator[str]:
    for number, line in enumerate(text.split("\n"), 1):
        digest = line.partition(" ")[0]
        if digest and not (len(digest) == _DIGEST_LENGTH and set(digest) <= set("0123456789abcdef")):
            raise DataError(f"{place}:{number} is {line!r:.60}; a line of a record is '<16 hex digits> <id>'")
        if digest:
            yield digest
