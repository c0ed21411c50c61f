"""Weights in a file of their own, as ONNX Runtime has them mapped: which of their pages are in this process's memory.

Every initializer in the file is a private mapping. Those of a quantized model are read once, when a session copies them
into the layout of its kernels; the embedding goes on being read, a row a token. Two things are done about them:

    after loading     all pages are let go: they are the page cache's, and who reads one again gets it from there
    before a run      the rows of its tokens get pages of their own. Without that, a row brings in all the neighbours
                      that the page cache keeps in one piece: up to 700 KB for 1.5 KB, the whole table for a prompt

Both are advice to Linux. Elsewhere, and where the kernel refuses it (before 5.14 it has no such pages), nothing changes
but the memory.
"""

import ctypes
import mmap
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from hrm_edge.runtimes.onnx.metadata import EmbeddingRows

_DONTNEED, _POPULATE_WRITE = 4, 23
"""Advice of madvise(2); Python's mmap names neither the second nor what others have mapped."""
_MMAP_THRESHOLD = -3
"""Parameter of mallopt(3)."""
LARGE_BLOCK = 2**20


class MappedWeights:
    """The mappings of one weights file in this process."""

    def __init__(self, path: Path, rows: EmbeddingRows | None) -> None:
        """rows: None where the file does not tell."""
        self._ranges = list(_mappings(path))
        self._rows = rows
        self._embedding = None if rows is None else self._range_of(rows)

    def let_go(self) -> None:
        """No page of the file is in this process's memory any more."""
        for start, stop, _ in self._ranges:
            _advise(start, stop, _DONTNEED)

    def forget_rows(self) -> None:
        """The embedding's rows that were read are no longer in memory."""
        if self._embedding is not None:
            _advise(*self._embedding, _DONTNEED)

    def bring_rows(self, ids: Iterable[int]) -> None:
        """The embedding's rows of these tokens, and no others, are in memory."""
        if self._embedding is None or self._rows is None:
            return
        for row in set(ids):
            first = self._embedding[0] + row * self._rows.row_bytes
            _advise(first - first % mmap.PAGESIZE, first + self._rows.row_bytes, _POPULATE_WRITE)

    def _range_of(self, rows: EmbeddingRows) -> tuple[int, int] | None:
        """First and last address; None where no mapping holds them all."""
        for start, stop, offset in self._ranges:
            first = start + rows.offset - offset
            last = first + rows.count * rows.row_bytes
            if start <= first < last <= stop and first % mmap.PAGESIZE == 0:
                return first, last
        return None


def give_large_blocks_back() -> None:
    """The C library gives back what is free, and from now on every large block as soon as it is freed.

    As it comes, glibc keeps what was freed for later, and a prompt's intermediate results, of many sizes, leave gaps:
    275 MB became 175 at the width of the 1b shape. What loading left are 10 MB more. Of this whole process; other
    systems' libraries do so by themselves.
    """
    if sys.platform == "linux":
        library = ctypes.CDLL(None)
        if hasattr(library, "mallopt"):
            library.mallopt(_MMAP_THRESHOLD, LARGE_BLOCK)
        if hasattr(library, "malloc_trim"):
            library.malloc_trim(ctypes.c_size_t(0))


def _mappings(path: Path) -> Iterator[tuple[int, int, int]]:
    """Start, stop and offset in the file, of each private mapping of it that may be written."""
    file = path.stat()
    device = f"{os.major(file.st_dev):02x}:{os.minor(file.st_dev):02x}" if sys.platform == "linux" else ""
    try:
        lines = Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        addresses, rights, offset, where, inode = line.split()[:5]
        if (where, inode, rights[1:2] + rights[3:]) == (device, str(file.st_ino), "wp"):
            start, stop = (int(address, 16) for address in addresses.split("-"))
            yield start, stop, int(offset, 16)


def _advise(start: int, stop: int, advice: int) -> None:
    ctypes.CDLL(None).madvise(ctypes.c_void_p(start), ctypes.c_size_t(stop - start), advice)
