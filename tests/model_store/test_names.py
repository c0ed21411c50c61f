import pytest
from huggingface_hub.utils import HFValidationError, validate_repo_id
from hypothesis import given
from hypothesis import strategies as st

from hrm_edge.errors import ModelStoreError
from hrm_edge.model_store import ModelName


@pytest.mark.parametrize(
    ("text", "directory"),
    [
        ("sapientinc/HRM-Text-1B", "sapientinc--HRM-Text-1B"),
        ("gpt2", "gpt2"),
        ("owner/name@v1.0", "owner--name@v1.0"),
        ("owner/name@refs/pr/3", "owner--name@refs--pr--3"),
    ],
)
def test_name_becomes_one_directory(text, directory):
    name = ModelName.parse(text)
    assert (str(name), name.directory_name) == (text, directory)


def test_suffix_stands_before_the_revision():
    assert str(ModelName.parse("owner/name@v1").with_suffix("-4bit")) == "owner/name-4bit@v1"


@pytest.mark.parametrize(
    "text",
    ["", "/etc", "..", "../other", "a/..", "a/b/c", "~/x", "a//b", "a/b@", "a/b@../c", "a\\b", "a/b\n", "a--b/c",
     ".unfinished", "a/.b", "-a/b", "a b", "a/b@x@y", "ä/b", "a" * 97],
)  # fmt: skip
def test_name_that_could_be_a_path_or_is_none_of_the_hub_is_refused(text):
    with pytest.raises(ModelStoreError, match=r"is no model's name: give owner/name"):
        ModelName.parse(text)


@given(st.from_regex(r"[\w./@~\\-]{1,30}", fullmatch=True))
def test_accepted_name_stays_one_plain_directory_and_the_hub_knows_its_form(text):
    try:
        name = ModelName.parse(text)
    except ModelStoreError:
        return
    assert not set(name.directory_name) & set("/\\") and not name.directory_name.startswith(".")
    try:
        validate_repo_id(name.repository)
    except HFValidationError as error:  # it has a rule of its own for names that end in .git
        assert ".git" in str(error)
