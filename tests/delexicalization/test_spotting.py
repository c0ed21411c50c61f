"""What of a request is a name, and what is English."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrm_edge.delexicalization.spotting import spot_names
from hrm_edge.train.data.shell.known_words import known_words_path


def spotted(request_text):
    return [request_text[name.start : name.end] for name in spot_names(request_text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("move jan.csv into the folder attic", ["jan.csv", "attic"]),
        ("show the first 20 lines of notes-2.md.", ["20", "notes-2.md"]),
        ("find files larger than 100MB below /var/log", ["100", "/var/log"]),
        ("delete all *.tmp files older than 7 days", ["tmp", "7"]),
        ("list files that contain \"old value\" but not 'TODO'", ["old value", "TODO"]),
        ("switch to branch harbour-map", ["harbour-map"]),
        ("download https://example.org/a.tar and save it as b.tar", ["https://example.org/a.tar", "b.tar"]),
        ("copy notes to mira@atelier:/srv/art", ["mira@atelier:/srv/art"]),
        ("start a container from the image postgis:16", ["postgis:16"]),
        ("rename foo_bar to fooBar", ["foo_bar", "fooBar"]),
        ("find the word timeout in the logs below site", ["timeout", "logs", "site"]),
        ("all jpg files of user www-data", ["jpg", "www-data"]),
        ("files that start with report* in ~/work", ["report*", "~/work"]),
        ("set alias ll for 'ls -la'", ["ll", "ls -la"]),
    ],
)
def test_files_paths_numbers_quotes_and_words_that_are_no_english_are_names(text, names):
    assert spotted(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "undo my last git commit but keep its changes staged",
        "which of my git branches am I on",
        "files changed in the last two weeks",
        "files modified more than 3 weeks ago",  # 21 days
        "grant read/write access in / and .",
        "case-insensitive search with grep -i and --color",
        "the file contains files owned by nobody else",
        "show the user's groups, e.g. all of them",
        "print $HOME and ${PATH}, please",
        'run "history" again',
    ],
)
def test_what_has_to_be_understood_is_no_name(text):
    assert spotted(text) == []


@pytest.mark.parametrize(
    ("text", "kind", "ending"),
    [
        ("unpack a.zip", "file", ".zip"),
        ("ping example.test", "file", ""),
        ("open src/main.c", "path", ""),
        ("kill 77", "number", ""),
        ("*.part files", "extension", ""),
    ],
)
def test_a_name_says_its_kind(text, kind, ending):
    (name,) = spot_names(text)
    assert (name.kind, name.ending) == (kind, ending)


@given(st.text(st.sampled_from("ab Zz09._-/*~'\"`$@:&|\n")))
def test_names_come_in_order_without_overlap_and_are_never_empty(text):
    end = 0
    for name in spot_names(text):
        assert end <= name.start < name.end <= len(text)
        assert "\n" not in text[name.start : name.end]
        end = name.end


def test_the_commonest_words_and_the_others_are_different_words():
    common, others = known_words_path().read_text().split("\n\n")
    assert len(common.split()) > 400 and len(others.split()) > 3_000
    assert not set(common.split()) & set(others.split())
