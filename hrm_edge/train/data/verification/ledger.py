"""Which problems were run, in which language: digests of everything that is written of them, by number.

    <language>.bin    little-endian uint64[n]: the digest of problem i (curriculum/emission.py), 0 where it has not
                      been run or did not pass

A problem that is drawn and written anew has the digest of what was run, or it counts as not run: a change of an atom,
a renderer or a voice of tests makes exactly the problems it touches unverified. That is how data can be made on a
machine without compilers and still be all run.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hrm_edge.errors import DataError
from hrm_edge.files import whole_file

SHIPPED = Path(__file__).parent / "shipped"
MOST_PROBLEMS = 10_000_000
_ABOUT = "about.json"


class Ledger:
    """Digests in a directory."""

    def __init__(self, directory: Path = SHIPPED) -> None:
        """
        Raises:
            DataError: a file of it is no array of digests.
        """
        self._directory = directory
        self._digests: dict[str, NDArray[np.uint64]] = {}
        for path in sorted(directory.glob("*.bin")):
            size = path.stat().st_size
            if size % 8 or size // 8 > MOST_PROBLEMS:
                raise DataError(f"{path} has {size} bytes: a ledger has 8 for each of at most {MOST_PROBLEMS} problems")
            self._digests[path.stem] = np.fromfile(path, dtype="<u8")

    def verified(self, language: str, index: int, digest: int) -> bool:
        """Whether just this was run and passed."""
        digests = self._digests.get(language)
        return digests is not None and index < len(digests) and int(digests[index]) == digest != 0

    def known(self, language: str) -> int:
        """Problems that were run and passed in a language."""
        return int(np.count_nonzero(self._digests.get(language, ())))

    def joined(self, other: "Ledger") -> "Ledger":
        """What either knows; where both know a problem, this one. Not to be saved."""
        both = Ledger(self._directory)
        for language, digests in other._digests.items():
            both.record(language, {int(index): int(digests[index]) for index in np.flatnonzero(digests)})
        for language, digests in self._digests.items():
            both.record(language, {int(index): int(digests[index]) for index in np.flatnonzero(digests)})
        return both

    @property
    def last(self) -> int:
        """The last problem's number that was run in some language; -1 where none was."""
        return max(
            (int(np.flatnonzero(digests)[-1]) for digests in self._digests.values() if digests.any()), default=-1
        )

    def record(self, language: str, digests: Mapping[int, int]) -> None:
        """Note digests of problems that passed, or 0 for those that did not."""
        if not digests:
            return
        old = self._digests.get(language, np.zeros(0, dtype="<u8"))
        new = np.zeros(max(len(old), max(digests) + 1), dtype="<u8")
        new[: len(old)] = old
        for index, digest in digests.items():
            new[index] = digest
        self._digests[language] = new

    def save(self, about: Mapping[str, str]) -> None:
        """Write everything to the directory, with a word on what ran it (versions of the toolchains)."""
        self._directory.mkdir(parents=True, exist_ok=True)
        for language, digests in self._digests.items():
            with whole_file(self._directory / f"{language}.bin") as file:
                file.write_bytes(digests.tobytes())
        with whole_file(self._directory / _ABOUT) as file:
            file.write_text(json.dumps(dict(sorted(about.items())), indent=2) + "\n", encoding="utf-8")
