"""New values replace old ones in the request and the command alike, and nowhere else."""

import random

from hypothesis import given
from hypothesis import strategies as st
from train_data import NL2BASH

from hrm_edge.train.data.data_sets import Example
from hrm_edge.train.data.shell.augmentation import ValuePool, shared_values, with_new_values


def _shell(request: str, code: str) -> Example:
    return Example(request=request, code=code, language="bash", source="nl2bash")


LOGS = _shell(str(NL2BASH["nl"]), str(NL2BASH["cmd"]))
BACKUPS = _shell("Copy data/raw to /mnt/backup/2024", "cp -r data/raw /mnt/backup/2024")


def test_shared_values_are_found_with_their_kinds():
    assert shared_values(BACKUPS) == [("path", "data/raw"), ("path", "/mnt/backup/2024")]


def test_number_inside_another_or_in_a_redirection_is_no_shared_value():
    assert shared_values(_shell("show 2 lines", "find . -size 20 2>/dev/null")) == []


@given(st.integers())
def test_request_and_command_still_share_their_values_afterwards(seed):
    pool = ValuePool([LOGS, BACKUPS, _shell("list *.txt in a/b", "ls a/b/*.txt; ls *.txt a/b")])
    new = with_new_values(BACKUPS, pool, random.Random(seed))
    assert [kind for kind, _ in shared_values(new)] == ["path", "path"]
    for _, value in shared_values(new):
        assert value in new.request
        assert value in new.code


def test_example_without_shared_values_is_unchanged():
    example = _shell("who am I", "whoami")
    assert with_new_values(example, ValuePool([LOGS]), random.Random(0)) == example
