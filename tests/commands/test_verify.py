import json

import pytest
from random_models import save_random_model


@pytest.fixture(scope="module")
def prompts(tmp_path_factory):
    path = tmp_path_factory.mktemp("prompts") / "prompts.txt"
    path.write_text("find all files\nlist the running processes\n")
    return path


def test_verify_of_a_model_against_itself_ends_with_0(cli, random_model, prompts):
    result = cli("verify", random_model("plain"), random_model("plain"), "--prompts", prompts)
    header, row = result.out.splitlines()
    assert (result.code, result.err) == (0, "")
    assert header.split("  ")[0] == "candidate"
    assert row.startswith(str(random_model("plain")))
    assert "100.00%" in row and row.endswith("within tolerance")


def test_verify_past_the_tolerance_prints_the_numbers_and_ends_with_1(cli, random_model, tmp_path, prompts):
    other = save_random_model(tmp_path / "other", seed=1)
    result = cli("verify", random_model("plain"), other, random_model("plain"), "--prompts", prompts)
    _, bad, good = result.out.splitlines()
    assert result.code == 1
    assert bad.endswith("past tolerance") and good.endswith("within tolerance")
    assert result.err.startswith(f"hrm-edge: {other}: relative logit error ")
    assert "is past 0.001" in result.err
    assert result.err.count("\n") == 1


@pytest.mark.parametrize("passes", [True, False])
def test_verify_json_is_one_object_either_way(cli, random_model, tmp_path, prompts, passes):
    candidate = random_model("plain") if passes else save_random_model(tmp_path / "other", seed=1)
    result = cli("verify", random_model("plain"), candidate, "--prompts", prompts, "--json")
    report = json.loads(result.out)
    [row] = report["candidates"]
    assert result.code == (0 if passes else 1)
    assert report["reference"] == str(random_model("plain"))
    assert row["passed"] is passes
    assert row["prompts"] == 2
    for key in ("mean_kl_divergence", "top1_agreement", "relative_logit_error", "greedy_identical", "answer_tokens"):
        assert key in row


def test_verify_has_prompts_of_its_own(cli, random_model, monkeypatch):
    monkeypatch.setattr("hrm_edge.bench.verify.ANSWER_TOKENS", 4)  # a random model's answer never ends by itself
    result = cli("verify", random_model("plain"), random_model("plain"), "--json")
    assert json.loads(result.out)["candidates"][0]["prompts"] == 12
