"""`hrm-edge train`: bad input is one line, before anything is trained."""

import importlib.util

import pytest


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--preset", "giant"], "preset 'giant' is unknown: choose one of nano, 27m, 110m, 350m, 1b"),
        (["--preset", "nano", "--data", "absent.jsonl"], "absent.jsonl is not there"),
    ],
    ids=["preset", "data"],
)
def test_train_refuses_bad_input_in_one_line(cli, tmp_path, arguments, message):
    result = cli("train", *arguments, "--out", tmp_path / "run")
    assert (result.code, result.out) == (1, "")
    assert message in result.err
    assert result.err.count("\n") == 1
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("absent", "message"),
    [
        ("torch", 'training needs torch, which is not installed: pip install "hrm-edge[train]"'),
        ("wandb", "--wandb needs wandb, which is not installed: pip install wandb"),
    ],
)
def test_train_names_the_pip_command_of_what_is_not_installed(cli, tmp_path, monkeypatch, absent, message):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == absent else found(name))
    result = cli("train", "--preset", "nano", "--wandb", "--out", tmp_path / "run")
    assert result.code == 1
    assert message in result.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--grid-start", "x"], "--grid-start is of quantization-aware training: add --bits"),
        (["--quantize-activations"], "add --bits"),
        (["--recompute-scales"], "add --bits"),
        (["--bits", "4", "--recompute-scales", "--grid-start", "x"], "leave out one of them"),
        (["--distill-states", "10"], "add --distill-from"),
    ],
    ids=["grid", "activations", "scales", "scales-and-grid", "states"],
)
def test_train_names_the_option_that_does_not_fit(cli, tmp_path, arguments, message):
    result = cli("train", "--preset", "nano", *arguments, "--out", tmp_path / "run")
    assert (result.code, result.out) == (2, "")
    assert message in result.err
