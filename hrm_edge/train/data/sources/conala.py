"""CoNaLa (Yin et al. 2018, arXiv:1805.08949): a line of Python for an intent in words.

Its text comes from Stack Overflow, whose licence asks for more than ours does, so no recipe has it unless it names it.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from hrm_edge.prompt import fenced
from hrm_edge.train.data.example import Task, TrainingExample
from hrm_edge.train.data.sources.python_text import parsed
from hrm_edge.train.data.sources.rows import Fields, RowReport, convert_rows, find_files

_WORDINGS = ("{intent}", "{intent} in Python", "Python: {intent}", "How do I {intent}?")


@dataclass(frozen=True, kw_only=True)
class Conala:
    """Generation from CoNaLa's curated rows."""

    name: ClassVar[str] = "conala"
    licence: ClassVar[str] = "CC-BY-SA-4.0"
    by_default: ClassVar[bool] = False
    files: ClassVar[tuple[str, ...]] = ("conala_train.jsonl",)

    def examples(self, paths: Sequence[Path], *, seed: int, report: RowReport) -> Iterator[TrainingExample]:
        """As SourceKind.examples. Snippets that are no Python 3 are reported as malformed."""
        for path in find_files(paths, self.files):
            for line, (question, intent, snippet) in convert_rows(path, report, _read_row):
                rng = random.Random(f"{seed} conala {question} {line}")
                starts_with_verb = intent[:1].islower() and " " in intent
                wording = rng.choice(_WORDINGS if starts_with_verb else _WORDINGS[:3])
                yield TrainingExample(
                    request=wording.format(intent=intent),
                    response=fenced(snippet, "python"),
                    task=Task.GENERATION,
                    language="python",
                    source=self.name,
                    licence=self.licence,
                    group=f"conala/{question}",
                )


def _read_row(fields: Fields) -> list[tuple[str, str, str]]:
    """(question, intent, snippet); the intent as its curators rewrote it, where they did."""
    rewritten = fields.row.get("rewritten_intent") is not None
    intent = " ".join(fields.text("rewritten_intent" if rewritten else "intent").split())
    snippet = fields.text("snippet").strip()
    parsed(snippet, "snippet")
    return [(fields.identifier("question_id"), intent, snippet)]
