"""The local index: what a small model cannot hold, it looks up. One SQLite file, ranked by BM25.

    requests    id, text, grp, source, licence          what is asked, in words
    answers     request, language, code                 one answer per language
    words       FTS5 over requests.text (porter stems)  who finds whom

BM25 is SQLite's own (sqlite.org/fts5.html#the_bm25_function). A file from elsewhere is hostile: it is opened read-only
and only with exactly these tables, so that no trigger or view of it ever runs.
"""

import re
import sqlite3
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from types import TracebackType

from hrm_edge.errors import DataError

APPLICATION_ID = 0x48524D49
"""`HRMI`, in the header of the file."""
VERSION = 1
SCHEMA = (
    "CREATE TABLE requests(id INTEGER PRIMARY KEY, text TEXT NOT NULL, grp TEXT NOT NULL, source TEXT NOT NULL, "
    "licence TEXT NOT NULL)",
    "CREATE TABLE answers(request INTEGER NOT NULL, language TEXT NOT NULL, code TEXT NOT NULL, "
    "PRIMARY KEY(request, language)) WITHOUT ROWID",
    "CREATE VIRTUAL TABLE words USING fts5(text, content='requests', content_rowid='id', tokenize='porter ascii', "
    "detail='none', columnsize=1)",
)
LARGEST_FILE_BYTES = 4 * 2**30
_LONGEST_QUERY = 24
"""Words of a query; of longer ones the rest is left out, which comes last in what people write."""
_FETCHED = 256
"""Rows that are looked at: of those, some are in another language or of the group left out."""
_COMMON = 2000
_LEAST_WORDS, _MOST_MATCHES = 2, 3000
"""A query keeps its rarest two words, and further ones as long as not more requests than this have one of them."""
_STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be by for from given has have how i if in into is it its list number numbers of on one or "
        "return returns string that the their them then these this to use using was we what when where which with "
        "write you your function code please all each every",
    )
)
_CODE_STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        "answer assert bool bug bugs check class collections complete cpp def dict example examples exercise expert "
        "false fix float fn func go hashmap implement import include int integer integers interview java javascript "
        "main namespace none null output package panic pass print println problem program programmer public python "
        "repair rust self should signature solution static std str struct task test tests todo true tuple typing "
        "typescript val var vec vector void whole",
    )
)
"""What requests for code say whatever they are about, docstrings and stubs included."""
_WORD = re.compile(r"(?=[0-9]*[a-z])[a-z0-9]{2,}")
"""Numbers and single letters are values and parameters, which tell nothing of what is asked."""
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One answer that was looked up."""

    request: str
    code: str
    """Without its fence."""
    language: str
    """A name of languages.LANGUAGES."""
    source: str
    licence: str
    """SPDX identifier."""
    group: str
    """What it is about, as in TrainingExample."""


class LocalIndex:
    """An open index. Not to be shared between threads."""

    def __init__(self, path: Path | None = None) -> None:
        """
        Args:
            path: the file; None for the one that comes with hrm-edge.

        Raises:
            DataError: it is not there, too large, or no index of ours.
        """
        place = path or shipped_index()
        if not place.is_file():
            raise DataError(f"{place} is not there: make an index with `hrm-edge data index --out FILE`")
        if place.stat().st_size > LARGEST_FILE_BYTES:
            raise DataError(f"{place} has {place.stat().st_size} bytes: an index has at most {LARGEST_FILE_BYTES}")
        self._connection = sqlite3.connect(f"{place.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            self._check(place)
        except sqlite3.DatabaseError as error:
            self.close()
            raise DataError(f"{place} is no index of ours ({error}): make one with `hrm-edge data index`") from error
        except DataError:
            self.close()
            raise

    def _check(self, place: Path) -> None:
        run = self._connection.execute
        run("PRAGMA trusted_schema = OFF")
        run("PRAGMA cell_size_check = ON")
        found = (run("PRAGMA application_id").fetchone()[0], run("PRAGMA user_version").fetchone()[0])
        if found != (APPLICATION_ID, VERSION):
            raise DataError(f"{place} is no index of ours: make one with `hrm-edge data index --out FILE`")
        written = {sql for (sql,) in run("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}
        strange = [sql for sql in written if sql not in SCHEMA and not sql.startswith("CREATE TABLE 'words_")]
        if strange or not written.issuperset(SCHEMA):
            raise DataError(f"{place} has other tables than an index: make one with `hrm-edge data index --out FILE`")

    def find(
        self, text: str, *, language: str | None = None, count: int = 3, without_group: str | None = None
    ) -> list[Entry]:
        """The entries whose requests are most like a text, best first; none where no word is shared.

        Args:
            text: a request in words.
            language: only answers in this language.
            count: how many at most.
            without_group: entries of this group are left out.

        Raises:
            DataError: the file is damaged.
        """
        try:
            return self._find(text, language, count, without_group)
        except sqlite3.DatabaseError as error:
            raise DataError(f"the index is damaged ({error}): make it again with `hrm-edge data index`") from error

    def _find(self, text: str, language: str | None, count: int, without_group: str | None) -> list[Entry]:
        words = query_words(text, for_code=language not in (None, "bash"))
        if not words or count < 1 or not (words := self._telling(words)):
            return []
        query = " OR ".join(f'"{word}"' for word in words)
        rows = self._connection.execute(
            "SELECT r.text, a.code, a.language, r.source, r.licence, r.grp FROM "
            "(SELECT rowid, bm25(words) AS score FROM words WHERE words MATCH ? ORDER BY score LIMIT ?) AS w "
            "JOIN requests AS r ON r.id = w.rowid JOIN answers AS a ON a.request = r.id "
            "WHERE (?3 IS NULL OR a.language = ?3) AND (?4 IS NULL OR r.grp <> ?4) "
            "ORDER BY w.score, r.id, a.language LIMIT ?5",
            (query, max(_FETCHED, count), language, without_group, count),
        )
        return [
            Entry(request=request, code=code, language=tongue, source=source, licence=licence, group=group)
            for request, code, tongue, source, licence, group in rows
        ]

    def _telling(self, words: list[str]) -> list[str]:
        """The rarer words of a query: those in thousands of requests tell little and cost nearly all the time."""
        found = {}
        for word in words:
            sql = "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)"
            found[word] = int(self._connection.execute(sql, (f'"{word}"', _COMMON)).fetchone()[0])
        by_rarity = sorted((word for word in words if found[word]), key=lambda word: found[word])
        kept: list[str] = []
        matches = 0
        for word in by_rarity:
            if len(kept) >= _LEAST_WORDS and matches + found[word] > _MOST_MATCHES:
                break
            kept.append(word)
            matches += found[word]
        return kept

    def count(self) -> int:
        """Requests in the index."""
        return int(self._connection.execute("SELECT count(*) FROM requests").fetchone()[0])

    def close(self) -> None:
        """Close the file. Safe to call twice."""
        self._connection.close()

    def __enter__(self) -> "LocalIndex":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def query_words(text: str, *, for_code: bool = False) -> list[str]:
    """The words of a text that tell it from others, in order, none twice; `for_code` knows more that do not, and that
    names are written like `countVowels`."""
    dull = _STOP_WORDS | _CODE_STOP_WORDS if for_code else _STOP_WORDS
    spaced = _HUMP.sub(" ", text) if for_code else text
    words = dict.fromkeys(word for word in _WORD.findall(spaced.lower()) if word not in dull)
    return list(words)[:_LONGEST_QUERY]


def shipped_index() -> Path:
    """Where the index that comes with hrm-edge is."""
    return Path(str(files("hrm_edge") / "models" / "index.sqlite"))
