"""`hrm-edge data`: build, stats and sample on a recipe of small sources."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from data_pipeline_sources import Endless, Finite, example

from hrm_edge.train.data.sources import registry

RECIPE = """
name = "tiny"
seed = 3
longest = 256
shards = 2
tokens = 20_000
[sources.finite]
[sources.endless]
weight = 2
options = { keys = 500 }
[order]
kind = "exponential"
"""


@pytest.fixture(autouse=True)
def _sources(monkeypatch):
    monkeypatch.setattr(registry, "SOURCES", {"finite": Finite(), "endless": Endless()})


@pytest.fixture
def recipe_file(tmp_path) -> Path:
    (tmp_path / "tiny.toml").write_text(RECIPE)
    return tmp_path / "tiny.toml"


@pytest.fixture
def built(cli, recipe_file, tmp_path) -> Path:
    result = cli("data", "build", "--recipe", recipe_file, "--out", tmp_path / "out", "--workers", 1)
    assert result.code == 0, result.err
    return tmp_path / "out"


def test_build_tells_what_is_there(cli, recipe_file, tmp_path):
    out = tmp_path / "out"
    result = cli("data", "build", "--recipe", recipe_file, "--out", out, "--workers", 1)
    assert result.code == 0
    assert result.out.startswith(f"{out}  2 shards, ")
    assert result.out.count("\n") == 1
    assert "reading sources …" in result.err
    again = cli("data", "build", "--recipe", recipe_file, "--out", out, "--workers", 1, "--json")
    found = json.loads(again.out)
    assert (found["complete"], found["shards"], found["kept"]) == (True, 2, 2)
    assert found["tokens"] == pytest.approx(20_000, rel=0.02)


def test_build_of_some_shards_says_that_others_are_missing(cli, recipe_file, tmp_path):
    out = tmp_path / "out"
    result = cli("data", "build", "--recipe", recipe_file, "--out", out, "--workers", 1, "--shards", "1:2")
    assert result.code == 0
    assert "shards are still missing of the 2 of this recipe" in result.err


@pytest.mark.parametrize(
    ("change", "arguments", "message"),
    [
        ("speed = 1", (), "'speed' is no key of it: known ones are name, data, seed"),
        ("", ("--shards", "3"), "--shards 3: give two numbers with a colon, as 0:8"),
        ("", ("--shards", "1:9"), "--shards 1:9: recipe 'tiny' has shards 0 to 1"),
        ("", ("--data", "absent"), ""),
    ],
)
def test_build_refuses_bad_input_in_one_line(cli, recipe_file, tmp_path, change, arguments, message):
    recipe_file.write_text(change + RECIPE)
    result = cli("data", "build", "--recipe", recipe_file, "--out", tmp_path / "out", "--workers", 1, *arguments)
    if not message:  # no source of the recipe reads a file
        assert result.code == 0
        return
    assert (result.code, result.out) == (1, "")
    assert message in result.err
    assert result.err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_unknown_source_and_option_name_the_known_ones(cli, recipe_file, tmp_path):
    for old, new, message in (
        ("finite", "infinite", "source 'infinite' is not known: choose of finite, endless"),
        ("keys", "keyes", "source 'endless' has no option 'keyes': its options are first, last, keys, tasks"),
    ):
        recipe_file.write_text(RECIPE.replace(old, new))
        result = cli("data", "build", "--recipe", recipe_file, "--out", tmp_path / "out", "--workers", 1)
        assert result.code == 1
        assert message in result.err


def test_stats_show_the_mix_and_draw_it(cli, built, tmp_path):
    result = cli("data", "stats", built, "--plot", tmp_path / "mix.svg")
    assert result.code == 0
    for text in ("tiny: 2 of 2 shards", "verified by running", "self-repair", "rust", "Difficulty", "Dropped"):
        assert text in result.out
    assert (tmp_path / "mix.svg").read_text().startswith("<?xml")


def test_stats_as_json_is_one_object(cli, built):
    found = json.loads(cli("data", "stats", built, "--json").out)
    assert found["executed_share"] == 1.0
    assert found["repeated"] == 0
    assert set(found["sources"]) == {"finite", "endless"}


def test_stats_of_no_build_is_one_line(cli, tmp_path):
    result = cli("data", "stats", tmp_path)
    assert (result.code, result.out) == (1, "")
    assert "give a directory that `hrm-edge data build` made" in result.err
    result = cli("data", "stats", tmp_path, "--plot", "mix.gif")
    assert "--plot mix.gif: the name must end in .svg or .png" in result.err


def test_sample_prints_examples_as_built(cli, built):
    result = cli("data", "sample", built, "-n", 9, "--one-of-each")
    assert result.out.count("### ") == 9
    found = json.loads(cli("data", "sample", built, "-n", 3, "--json").out)["examples"]
    assert len(found) == 3
    assert all(sample["response"].startswith("```python\nreturn ") for sample in found)


def test_sample_never_steers_the_terminal(cli, recipe_file, tmp_path, monkeypatch):
    """What other people's data says is shown, not obeyed."""
    from data_pipeline_sources import Fixed

    made = replace(example(1), request="red \x1b[31m text", response="```\nfour ticks ````\n```")
    monkeypatch.setattr(registry, "SOURCES", {"fixed": Fixed(given=(made,))})
    recipe_file.write_text("shards = 1\n[sources.fixed]\n")
    assert cli("data", "build", "--recipe", recipe_file, "--out", tmp_path / "out", "--workers", 1).code == 0
    shown = cli("data", "sample", tmp_path / "out").out
    assert "\x1b" not in shown
    assert "`````text\n```\nfour ticks ````\n```\n`````" in shown


def test_missing_pyarrow_names_the_pip_command(cli, tmp_path, monkeypatch):
    import importlib.util

    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "pyarrow" else found(name))
    result = cli("data", "stats", tmp_path)
    assert result.code == 1
    assert 'pyarrow is not installed: pip install "hrm-edge[train]"' in result.err


def test_help_imports_nothing_heavy():
    code = (
        "import sys\nfrom hrm_edge.cli import main\n"
        "try:\n    main(['data', '--help'])\nexcept SystemExit:\n    pass\n"
        "print(sorted({'torch', 'datasets', 'pyarrow', 'numpy'} & set(sys.modules)), file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "build" in result.stdout and "stats" in result.stdout and "sample" in result.stdout
    assert result.stderr.strip() == "[]"
