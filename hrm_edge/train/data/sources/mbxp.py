"""One row of MBXP: an MBPP task in another language, with a solution that a model wrote."""

import re
from dataclasses import dataclass

from hrm_edge.train.data.sources.rows import Fields

_COMMENT = re.compile(r"[ \t]*/\*\*.*?\*/\n?", re.DOTALL)
_CALLED = re.compile(r"(\w+)\s*\(")
_CLASS = re.compile(r"^class (\w+)", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Translation:
    """A task in one language."""

    number: int
    """MBPP's."""
    language: str
    prompt: str
    """Imports, documentation with examples, and the signature with its open brace."""
    code: str | None
    """The whole solution, prompt included; None where there is none that compiled and passed."""

    @property
    def plain_code(self) -> str:
        """The solution without the prompt's documentation."""
        assert self.code is not None
        return _COMMENT.sub("", self.code, count=1).strip()

    @property
    def head(self) -> str:
        """The signature, without its brace."""
        return self.prompt.strip().rpartition("\n")[2].strip().rstrip("{").strip()

    @property
    def function(self) -> str:
        """What the solution calls it."""
        found = _CALLED.search(self.head)
        return found[1] if found else ""

    @property
    def class_name(self) -> str | None:
        """The class that holds it, in Java."""
        found = _CLASS.search(self.prompt)
        return found[1] if found else None


def read_translation(fields: Fields) -> Translation:
    """The row.

    Raises:
        BadRow: a field is missing or of another type, or `task_id` is not `MBJP/602`.
    """
    number = fields.text("task_id").rpartition("/")[2]
    if not number.isdecimal():
        raise fields.wrong("task_id", "a name like MBJP/602")
    prompt, solution = fields.text("prompt"), fields.row["canonical_solution"]
    if solution is not None:
        solution = fields.text("canonical_solution")
    passed = fields.row.get("reference_ok") is True
    return Translation(
        number=int(number),
        language=fields.text("language"),
        prompt=prompt,
        code=prompt + solution if passed and solution is not None else None,
    )
