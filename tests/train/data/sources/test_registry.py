"""Every source keeps the interface; options are checked by name and type."""

import gzip

import pytest

from hrm_edge.errors import DataError
from hrm_edge.languages import LANGUAGES
from hrm_edge.train.data.sources.registry import SOURCES, source
from hrm_edge.train.data.sources.rows import RowReport


def test_sources_are_found_by_their_names():
    assert all(kind.name == name and kind.licence for name, kind in SOURCES.items())


def test_no_recipe_has_share_alike_text_unless_it_names_it():
    assert not SOURCES["conala"].by_default
    assert all("SA" not in kind.licence for kind in SOURCES.values() if kind.by_default)


def test_options_of_a_recipe_change_a_source():
    changed = source("contests", {"solutions": ["mine.jsonl"], "last_day": "2019-12-31"})
    assert (changed.solutions, changed.last_day) == (("mine.jsonl",), "2019-12-31")


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("mbqq", {}, "source 'mbqq' is not known: choose of curriculum, mbpp"),
        ("mbpp", {"colour": 1}, "no option 'colour': its options are with_validation, verified"),
        ("mbpp", {"with_validation": "yes"}, "'with_validation' is 'yes': it takes a bool"),
        ("tldr", {"rounds": True}, "'rounds' is True: it takes a int"),
    ],
)
def test_unknown_source_option_or_type_is_one_clear_error(name, options, message):
    with pytest.raises(DataError, match=message):
        source(name, options)


@pytest.fixture(scope="module")
def first_rows(data_directory, tmp_path_factory):
    """The data sets, 300 rows of each file."""
    directory = tmp_path_factory.mktemp("data")
    for kind in SOURCES.values():
        for path in (path for pattern in kind.files for path in data_directory.glob(pattern)):
            packed = path.suffix == ".gz"
            content = gzip.decompress(path.read_bytes()) if packed else path.read_bytes()
            head = b"".join(line + b"\n" for line in content.split(b"\n")[:300])
            copy = directory / path.relative_to(data_directory)
            copy.parent.mkdir(exist_ok=True)
            copy.write_bytes(gzip.compress(head, 1) if packed else head)
    return directory


@pytest.mark.parametrize("name", sorted(set(SOURCES) - {"exercism", "tool-use", "curriculum", "own"}))
def test_real_rows_give_the_same_examples_and_report_for_the_same_seed(first_rows, name):
    paths = [first_rows] if SOURCES[name].files else []
    one, two = RowReport(), RowReport()
    examples = list(SOURCES[name].examples(paths, seed=3, report=one))
    assert examples == list(SOURCES[name].examples(paths, seed=3, report=two))
    assert list(one.lines()) == list(two.lines())
    assert len(examples) > 100
    assert all(example.source == name and example.group.startswith(f"{name}/") for example in examples)
    assert {example.licence for example in examples} <= set(SOURCES[name].licence.split(" AND "))
    assert all(example.request.strip() and example.response.strip() for example in examples)
    assert all(example.language in (*LANGUAGES, "text") for example in examples)


@pytest.mark.parametrize("name", ["tldr", "nl2bash", "cheatsheets", "gsm8k", "conala", "contests"])
def test_every_real_row_is_used_malformed_or_counted(first_rows, name):
    """Rows are counted by their groups: sources that join rows of several files count theirs in their own tests."""
    report = RowReport()
    examples = list(SOURCES[name].examples([first_rows], seed=3, report=report))
    lost = report.malformed_count + sum(report.left_out.values())
    assert len({example.group for example in examples}) <= sum(report.read.values()) - lost
    if name in ("gsm8k", "contests"):
        assert len({example.group for example in examples}) == sum(report.read.values()) - lost
