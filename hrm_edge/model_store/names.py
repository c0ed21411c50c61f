"""The names of models: `owner/name`, or `owner/name@revision` for a branch, tag or commit of its own.

A name becomes one directory, `owner--name@revision`, so that no name is a path: the hub itself allows no `--` in names.
Rules of the hub: https://huggingface.co/docs/huggingface_hub/package_reference/utilities (validate_repo_id).
"""

import re
from dataclasses import dataclass, replace

from hrm_edge.errors import ModelStoreError

_PART = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?")
_MOST_PARTS_OF_REVISION = 4
_SEPARATOR = "--"


@dataclass(frozen=True, kw_only=True)
class ModelName:
    """A name that was checked: no part of it can lead out of a directory."""

    repository: str
    """`owner/name`, or `name` for the few models of the hub that have no owner."""
    revision: str | None = None
    """A branch, tag or commit; None is the repository's main branch."""

    @classmethod
    def parse(cls, text: str) -> "ModelName":
        """From what a user typed.

        Raises:
            ModelStoreError: it is no name of a model.
        """
        repository, at, revision = text.partition("@")
        if not _are_parts(repository, 2) or (at and not _are_parts(revision, _MOST_PARTS_OF_REVISION)):
            raise ModelStoreError(
                f"{text[:100]!r} is no model's name: give owner/name or owner/name@revision, of letters, digits, '-', "
                "'_' and '.', without '--' or '..'"
            )
        return cls(repository=repository, revision=revision if at else None)

    def with_suffix(self, suffix: str) -> "ModelName":
        """`owner/name-4bit@revision` for the suffix `-4bit`."""
        return replace(self, repository=self.repository + suffix)

    @property
    def directory_name(self) -> str:
        return str(self).replace("/", _SEPARATOR)

    def __str__(self) -> str:
        return self.repository if self.revision is None else f"{self.repository}@{self.revision}"


def _are_parts(text: str, most: int) -> bool:
    parts = text.split("/")
    return (
        len(parts) <= most
        and not any(taken in text for taken in (_SEPARATOR, ".."))
        and all(_PART.fullmatch(part) for part in parts)
    )
