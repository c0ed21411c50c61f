import json
import shutil
from collections import namedtuple
from contextlib import contextmanager
from pathlib import Path

import pytest
from hub_server import MODEL, serving
from huggingface_hub import constants, hf_hub_download
from random_models import save_random_model

from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.errors import HrmEdgeError, HubError, ModelStoreError
from hrm_edge.model_store import ModelName, ModelStore
from hrm_edge.model_store.manifest import Converted, write_manifest
from hrm_edge.model_store.pull import pull

WEIGHTS = "model.safetensors"


@pytest.fixture
def hub(random_model, monkeypatch, tmp_path):
    with serving(random_model("plain"), monkeypatch, tmp_path / "models") as server:
        yield server


@contextmanager
def silent(_label, _total):
    yield lambda _: None


def pulled(name=MODEL, stage=silent):
    return pull(ModelName.parse(name), ModelStore(), stage)


def files_of(hub, repository=MODEL):
    return hub.files[repository]


def names_in(directory):
    return {path.name for path in directory.rglob("*")}


def test_server_of_these_tests_speaks_to_the_hubs_own_client(hub, tmp_path):
    theirs = hf_hub_download(MODEL, WEIGHTS, endpoint=hub.endpoint, local_dir=tmp_path / "theirs", token=False)
    assert Path(theirs).read_bytes() == files_of(hub)[WEIGHTS]


def test_pull_leaves_the_repositorys_bytes_and_what_they_were_checked_against(hub):
    result = pulled()
    assert result.fetched and result.entry.path == ModelStore().directory / "tiny--model"
    for name, content in files_of(hub).items():
        assert (result.entry.path / name).read_bytes() == content
    stated = {sibling["rfilename"]: sibling for sibling in hub.info(MODEL)["siblings"]}
    assert result.manifest.commit == hub.commit(MODEL)
    assert result.manifest.files[WEIGHTS].checksum == f"sha256:{stated[WEIGHTS]['lfs']['sha256']}"
    assert result.manifest.files["config.json"].checksum == f"git-blob:{stated['config.json']['blobId']}"
    assert names_in(ModelStore().directory) == {".unfinished", "tiny--model", "hrm-edge.json", *files_of(hub)}


def test_pull_takes_no_pickle_no_code_and_nothing_it_does_not_know(hub, random_model):
    more = {"pytorch_model__bin": b"x", "modeling__py": b"x", "hrm-edge__json": b"{}", "README__md": b"x"}
    hub.add(MODEL, random_model("plain"), **more)
    hub.files[MODEL]["sub/model.safetensors"] = b"x"
    path = pulled().entry.path
    assert names_in(path) == {"config.json", "generation_config.json", "tokenizer.json", WEIGHTS, "hrm-edge.json"}
    assert {asked.rsplit("/", 1)[1] for _, asked, _ in hub.requests} == names_in(path) - {"hrm-edge.json"} | {"model"}


def test_pull_takes_exactly_the_shards_that_the_index_names(hub, tmp_path):
    sharded = save_random_model(tmp_path / "sharded", max_shard_size="300KB")
    hub.add(MODEL, sharded, model__fp16__safetensors=b"another variant")
    path = pulled().entry.path
    assert names_in(path) == {*names_in(sharded), "hrm-edge.json"}
    assert len(list(path.glob("*.safetensors"))) > 1


def test_pull_of_what_is_here_fetches_nothing(hub):
    pulled()
    before = len(hub.fetched(WEIGHTS))
    assert not pulled().fetched
    assert len(hub.fetched(WEIGHTS)) == before


def test_pull_after_the_repository_changed_replaces_the_model_whole(hub):
    first = pulled()
    files_of(hub)["config.json"] += b"\n"
    del files_of(hub)["generation_config.json"]
    second = pulled()
    assert second.fetched and second.manifest.commit != first.manifest.commit
    assert not (second.entry.path / "generation_config.json").exists()


@pytest.mark.usefixtures("hub")
def test_pull_at_a_revision_is_a_model_of_its_own():
    assert pulled(f"{MODEL}@v1").entry.path.name == "tiny--model@v1"
    assert pulled(f"{MODEL}@refs/pr/1").entry.path.name == "tiny--model@refs--pr--1"
    assert {entry.name for entry in ModelStore().entries()[0]} == {f"{MODEL}@v1", f"{MODEL}@refs/pr/1"}


def test_broken_connections_are_taken_up_at_the_next_byte(hub):
    hub.breaks_after[WEIGHTS] = [1000, 5000, 0]
    assert (pulled().entry.path / WEIGHTS).read_bytes() == files_of(hub)[WEIGHTS]
    assert hub.fetched(WEIGHTS) == [None, "bytes=1000-", "bytes=6000-", "bytes=6000-"]


def test_pull_that_was_given_up_goes_on_in_the_next_command(hub):
    hub.breaks_after[WEIGHTS] = [4000, 0, 0, 0, 0, 0]
    with pytest.raises(HubError, match=r"cannot be reached .* the same command goes on where it stopped"):
        pulled()
    store = ModelStore()
    assert store.entries() == ([], [])
    [(name, size)] = store.unfinished()
    assert name == "tiny--model" and size > 4000
    assert (pulled().entry.path / WEIGHTS).read_bytes() == files_of(hub)[WEIGHTS]
    assert hub.fetched(WEIGHTS)[-1] == "bytes=4000-"
    assert len(hub.fetched("tokenizer.json")) == 1
    assert store.unfinished() == []


def test_interrupt_keeps_what_arrived_and_shows_no_model(hub):
    @contextmanager
    def interrupted(_label, _total):
        yield lambda count: (_ for _ in ()).throw(KeyboardInterrupt) if count > 0 else None

    with pytest.raises(KeyboardInterrupt):
        pulled(stage=interrupted)
    assert ModelStore().entries() == ([], [])
    assert [path.name for path in ModelStore().directory.iterdir()] == [".unfinished"]
    [part] = ModelStore().directory.rglob("*.part")
    arrived = part.stat().st_size
    assert arrived > 0
    pulled()
    expected = [f"bytes={arrived}-"] if arrived < len(files_of(hub)[WEIGHTS]) else []
    assert hub.fetched(WEIGHTS)[1:] == expected


def test_large_files_come_from_another_host_which_is_shown_no_token(hub, monkeypatch):
    """The hub redirects to a content delivery network for what Git LFS keeps."""
    monkeypatch.setenv("HF_TOKEN", "hf_mine")
    hub.on_another_host.add(WEIGHTS)
    hub.breaks_after[WEIGHTS] = [1000]
    assert (pulled().entry.path / WEIGHTS).read_bytes() == files_of(hub)[WEIGHTS]
    assert [wanted for _, path, wanted in hub.requests if path.startswith("/cdn/")] == [None, "bytes=1000-"]
    assert hub.tokens == {("127.0.0.1", "Bearer hf_mine"), ("localhost", None)}


def test_offline_mode_is_named(hub, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    refused(hub, MODEL, r"tiny/model cannot be pulled while HF_HUB_OFFLINE is set")


def test_server_without_ranges_is_read_from_the_beginning(hub):
    hub.breaks_after[WEIGHTS] = [3000]
    hub.without_ranges.add(WEIGHTS)
    assert (pulled().entry.path / WEIGHTS).read_bytes() == files_of(hub)[WEIGHTS]


def test_progress_counts_every_byte_once(hub):
    counted = []

    @contextmanager
    def counting(_label, total):
        counted.append(total)
        yield counted.append

    hub.breaks_after[WEIGHTS] = [3000]
    hub.without_ranges.add(WEIGHTS)
    pulled(stage=counting)
    assert counted[0] == sum(counted[1:]) == len(files_of(hub)[WEIGHTS])


def test_corrupted_file_is_named_with_both_checksums_and_not_kept(hub):
    content = files_of(hub)[WEIGHTS]
    hub.sends_instead[WEIGHTS] = content[:-1] + bytes([content[-1] ^ 1])
    with pytest.raises(HubError, match=rf"{WEIGHTS} arrived with sha256:\w+ and the hub states sha256:\w+"):
        pulled()
    assert WEIGHTS not in {name.removesuffix(".part") for name in names_in(ModelStore().directory)}
    hub.sends_instead.clear()
    assert pulled().fetched


@pytest.mark.parametrize("change", [b"x", b""], ids=["longer", "shorter"])
def test_file_of_another_size_than_stated_is_refused(hub, change):
    hub.sends_instead["tokenizer.json"] = (files_of(hub)["tokenizer.json"] + change) if change else b"{}"
    with pytest.raises(HubError, match=r"tokenizer\.json (is longer than the hub states|ends \d+ bytes before)"):
        pulled()


def test_busy_hub_is_asked_again(hub, monkeypatch):
    hub.refuses[WEIGHTS] = [503]
    monkeypatch.setattr("time.sleep", lambda _: None)
    assert pulled().fetched


def refused(hub, repository, match):
    with pytest.raises(HrmEdgeError, match=match) as caught:
        pulled(repository)
    assert "\n" not in str(caught.value)
    assert hub.fetched(WEIGHTS) == []
    assert ModelStore().entries() == ([], [])


def test_repository_with_a_pickle_alone_is_refused(hub):
    files_of(hub)["pytorch_model.bin"] = files_of(hub).pop(WEIGHTS)
    refused(hub, MODEL, r"has its weights as a pickle \(pytorch_model.bin\) and not as safetensors")


def test_repository_without_weights_is_refused(hub):
    del files_of(hub)[WEIGHTS]
    refused(hub, MODEL, r"tiny/model has no model.safetensors on the hub")


@pytest.mark.parametrize("missing", ["config.json", "tokenizer.json"])
def test_repository_without_what_a_model_needs_is_refused(hub, missing):
    del files_of(hub)[missing]
    refused(hub, MODEL, f"tiny/model has no {missing} on the hub")


def test_other_architecture_is_refused_before_its_weights_are_fetched(hub):
    files_of(hub)["config.json"] = json.dumps({"model_type": "llama"}).encode()
    refused(hub, MODEL, r"tiny/model: model_type is 'llama': hrm-edge runs 'hrm_text' models only")


def test_unknown_repository_and_revision_are_named(hub):
    refused(hub, "tiny/other", r"has no model tiny/other, or it is private: check the name, or set HF_TOKEN")
    refused(hub, f"{MODEL}@v9", r"tiny/model has no revision 'v9'")


def test_gated_repository_says_what_to_accept_and_a_token_is_sent(hub, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_mine")
    hub.gated.add(MODEL)
    refused(hub, MODEL, r"tiny/model is gated: accept its terms at http://127.0.0.1:\d+/tiny/model and set HF_TOKEN")
    assert hub.tokens == {("127.0.0.1", "Bearer hf_mine")}


def test_hub_that_cannot_be_reached_is_named(hub, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    refused(hub, MODEL, r"http://127.0.0.1:9 cannot be reached \(.*\): check the connection, or HF_ENDPOINT")


@pytest.mark.parametrize(
    "body", [b"<html>", b"\xff", b"[]", b"{}", b'{"id": "x", "sha": "x"}', b'{"id": "x", "siblings": [{}]}']
)
def test_answer_of_another_server_is_named(hub, body):
    hub.answers_instead = body
    refused(hub, MODEL, r"does not answer as a Hugging Face Hub does: check HF_ENDPOINT")


def test_text_larger_than_such_files_are_is_refused_unread(hub):
    hub.stated_sizes["config.json"] = 10**9
    refused(hub, MODEL, r"config.json has 1000000000 bytes on the hub and such a file has at most")


def test_disk_without_room_is_refused_before_the_weights_are_fetched(hub, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9, 10**5))
    refused(hub, MODEL, r"tiny/model needs 0.07 GB more and the disk of .* has 0.00 GB free")


def test_weights_that_are_not_the_configs_are_refused_and_not_kept(hub, random_model):
    other = (
        (random_model("three_h_cycles") / "config.json")
        .read_bytes()
        .replace(b'"hidden_size": 64', b'"hidden_size": 32')
    )
    files_of(hub)["config.json"] = other
    with pytest.raises(HrmEdgeError, match=r"^tiny/model: .*its config asks for"):
        pulled()
    assert ModelStore().unfinished() == []


def test_index_that_leads_out_of_its_directory_is_refused(hub):
    del files_of(hub)[WEIGHTS]
    files_of(hub)["model.safetensors.index.json"] = json.dumps(
        {"weight_map": {"x": "../../../evil.safetensors"}}
    ).encode()
    refused(hub, MODEL, "a shard must be a .safetensors file in the same directory")


def test_code_that_a_config_names_is_neither_fetched_nor_run_and_said_so(hub, tmp_path):
    config = json.loads(files_of(hub)["config.json"])
    config["auto_map"] = {"AutoModelForCausalLM": "modeling.Evil"}
    files_of(hub)["config.json"] = json.dumps(config).encode()
    files_of(hub)["modeling.py"] = f"open({str(tmp_path / 'ran')!r}, 'w')".encode()
    result = pulled()
    assert result.notice == "its config names code of its own (auto_map): it was neither fetched nor run"
    with open_checkpoint(result.entry.path) as checkpoint:
        assert checkpoint.architecture.hidden_size == 64
    assert not (tmp_path / "ran").exists() and hub.fetched("modeling.py") == []


def test_two_pulls_of_one_model_at_once_are_refused(hub):
    with ModelStore().locked(ModelName.parse(MODEL)):
        refused(hub, MODEL, r"another hrm-edge is at work on tiny/model: wait until it has ended")


def test_foreign_directory_in_the_models_place_is_not_replaced(hub):
    target = ModelStore().directory / "tiny--model"
    target.mkdir(parents=True)
    (target / "thesis.tex").write_text("years")
    with pytest.raises(HrmEdgeError, match=r"thesis.tex, which is no part of a model"):
        pulled()
    assert (target / "thesis.tex").read_text() == "years" and hub.fetched(WEIGHTS) == []


@pytest.mark.usefixtures("hub")
def test_converted_model_of_the_name_is_not_replaced():
    target = ModelStore().directory / "tiny--model"
    target.mkdir(parents=True)
    write_manifest(target, Converted(name=MODEL, source="x", fingerprint="x", bits=4, method="rtn", made_by="x"))
    with pytest.raises(
        ModelStoreError, match=r"tiny/model is a converted model here .* hrm-edge remove tiny/model first"
    ):
        pulled()
