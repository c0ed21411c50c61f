import pytest

from hrm_edge.errors import CheckpointError, ModelStoreError
from hrm_edge.model_store import MODELS_VARIABLE, ModelName, ModelStore, models_directory, resolve_model
from hrm_edge.model_store.manifest import MANIFEST_NAME, Converted, Pulled, StoredFile, read_manifest, write_manifest

PULLED = Pulled(name="tiny/model", commit="c" * 40, files={"config.json": StoredFile(size=2, checksum="sha256:0")})
CONVERTED = Converted(name="a/b-4bit", source="a/b", fingerprint="f", bits=4, method="rtn", made_by="0.1.0")


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv(MODELS_VARIABLE, str(tmp_path / "models"))
    monkeypatch.chdir(tmp_path)
    return ModelStore()


def add(store, manifest):
    path = store.path_of(ModelName.parse(manifest.name))
    path.mkdir(parents=True)
    (path / "config.json").write_text("{}")
    write_manifest(path, manifest)
    return path


def test_models_lie_in_the_users_data_directory_unless_told_otherwise(monkeypatch, tmp_path):
    monkeypatch.delenv(MODELS_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert models_directory().name == "models" and "hrm-edge" in str(models_directory())
    monkeypatch.setenv(MODELS_VARIABLE, "~/elsewhere")
    assert models_directory().name == "elsewhere" and "~" not in str(models_directory())


@pytest.mark.parametrize("manifest", [PULLED, CONVERTED], ids=["pulled", "converted"])
def test_manifest_is_read_as_it_was_written(tmp_path, manifest):
    write_manifest(tmp_path, manifest)
    assert read_manifest(tmp_path) == manifest


@pytest.mark.parametrize(
    "text", ["{}", "[]", "{", '{"kind": "pulled"}', '{"kind": "pulled", "files": 3}', '{"kind": "converted", "x": 1}']
)
def test_manifest_that_was_changed_is_named(tmp_path, text):
    (tmp_path / MANIFEST_NAME).write_text(text)
    with pytest.raises(CheckpointError, match=MANIFEST_NAME):
        read_manifest(tmp_path)


def test_entries_are_ours_alone_and_a_damaged_one_hides_no_other(store):
    add(store, PULLED)
    add(store, CONVERTED)
    for name in ("foreign", ".hidden"):
        (store.directory / name).mkdir()
    (store.directory / "damaged").mkdir()
    (store.directory / "damaged" / MANIFEST_NAME).write_text("{")
    (store.directory / "link").symlink_to(store.directory / "tiny--model")
    entries, errors = store.entries()
    assert [entry.name for entry in entries] == ["a/b-4bit", "tiny/model"]
    assert len(errors) == 1 and "damaged" in str(errors[0])


def test_resolve_prefers_a_path_that_exists_then_a_name(store, tmp_path):
    path = add(store, PULLED)
    assert resolve_model("tiny/model") == path
    (tmp_path / "tiny" / "model").mkdir(parents=True)
    assert str(resolve_model("tiny/model")) == "tiny/model"


def test_resolve_of_a_converted_model_gives_each_runtime_its_file(store):
    path = add(store, CONVERTED)
    (path / "model.onnx").touch()
    assert resolve_model("a/b-4bit", runtime="onnx") == path / "model.onnx"
    assert {resolve_model("a/b-4bit", runtime=name) for name in (None, "torch", "llama-cpp")} == {path}


@pytest.mark.usefixtures("store")
def test_resolve_of_neither_says_how_to_get_it():
    with pytest.raises(ModelStoreError, match=r"no model of hrm-edge list .*get it with hrm-edge pull tiny/model$"):
        resolve_model("tiny/model")
    with pytest.raises(ModelStoreError, match=r"^\./x/model.gguf does not exist: check the path"):
        resolve_model("./x/model.gguf")


def test_remove_frees_the_model_and_leaves_the_others(store):
    path, other = add(store, PULLED), add(store, CONVERTED)
    size = sum(file.stat().st_size for file in path.iterdir())
    assert store.remove(ModelName.parse("tiny/model")) == size
    assert not path.exists() and other.exists()
    assert [entry.name for entry in (store.directory / ".unfinished").iterdir()] == []


def test_remove_drops_what_an_interrupted_pull_left(store):
    part = store.working_directory(ModelName.parse("tiny/model")) / "abc" / "model.safetensors.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"x" * 100)
    assert store.unfinished() == [("tiny--model", 100)]
    assert store.remove(ModelName.parse("tiny/model")) == 100
    assert store.unfinished() == [] and not part.exists()


def test_remove_of_a_damaged_model_is_the_mend(store):
    path = add(store, PULLED)
    (path / MANIFEST_NAME).write_text("{")
    store.remove(ModelName.parse("tiny/model"))
    assert not path.exists()


def test_remove_refuses_what_it_did_not_put_there(store, tmp_path):
    name = ModelName.parse("tiny/model")
    with pytest.raises(ModelStoreError, match="there is no model tiny/model"):
        store.remove(name)
    mine = tmp_path / "mine"
    mine.mkdir()
    write_manifest(mine, PULLED)
    store.directory.mkdir(exist_ok=True)
    store.path_of(name).symlink_to(mine)
    with pytest.raises(ModelStoreError, match="was not put there by hrm-edge"):
        store.remove(name)
    store.path_of(name).unlink()
    store.path_of(name).mkdir()
    (store.path_of(name) / "thesis.tex").write_text("years")
    with pytest.raises(ModelStoreError, match="was not put there by hrm-edge"):
        store.remove(name)
    assert (store.path_of(name) / "thesis.tex").exists() and (mine / MANIFEST_NAME).exists()


def test_store_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    store = ModelStore(tmp_path / "file" / "models")
    rule = f"cannot be written .* set {MODELS_VARIABLE} to another place"
    with pytest.raises(ModelStoreError, match=rule), store.locked(ModelName.parse("tiny/model")):
        pass
