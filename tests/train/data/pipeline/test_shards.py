"""What is read is what was written, token for token, and a file from elsewhere is not believed."""

import json
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from data_pipeline_sources import Finite, example, find, recipe

from hrm_edge.errors import DataError
from hrm_edge.prompt import render_answer, render_prompt
from hrm_edge.tokenizer import PAD_TOKEN
from hrm_edge.train.data.pipeline.build import build
from hrm_edge.train.data.pipeline.manifest import file_sha256
from hrm_edge.train.data.pipeline.rows import PER_TOKEN
from hrm_edge.train.data.pipeline.shards import Shards, open_shards


@pytest.fixture(scope="module")
def directory(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("built") / "data"
    build(recipe(order={"kind": "exponential"}), out, find=find)
    return out


@pytest.fixture(scope="module")
def shards(directory) -> Shards:
    return open_shards(directory)


def rows(shards: Shards):
    return list(shards.training_order(1))


def test_shards_give_back_exactly_the_examples(shards):
    """Request and response word for word, and everything that was known, against the source itself."""
    tokenizer = shards.tokenizer()
    wanted = {made.request: made for made in map(example, range(200))}
    found = [packed for place in rows(shards) for packed in shards.examples(*place)]
    assert Counter(tokenizer.decode(packed.request.tolist()) for packed in found) == Counter(wanted.keys())
    for packed in found:
        made = wanted[tokenizer.decode(packed.request.tolist())]
        assert tokenizer.decode(packed.answer.tolist()) == made.response
        assert (packed.task, packed.language, packed.source) == (made.task, made.language, made.source)
        assert (packed.licence, packed.group, packed.executed) == (made.licence, made.group, made.executed)
        assert packed.difficulty == pytest.approx(made.difficulty, abs=1e-6)
        assert (packed.contest_date, packed.neighbours) == (None, 0)


def test_masks_are_those_of_the_prompt(shards):
    """Every row again, from the texts, by render_prompt and render_answer."""
    tokenizer = shards.tokenizer()
    wanted = {made.group: made for made in map(example, range(200))}
    for place in rows(shards):
        columns: dict[str, list[int]] = {name: [] for name in PER_TOKEN}
        for number, packed in enumerate(shards.examples(*place), 1):
            made = wanted[packed.group]
            request, answer = render_prompt(tokenizer, made.request), render_answer(tokenizer, made.response)
            length = len(request) + len(answer)
            columns["input_ids"] += request + answer
            columns["token_type_ids"] += [1] * len(request) + [0] * len(answer)
            columns["loss_mask"] += [0] * len(request) + [1] * len(answer)
            columns["segment_ids"] += [number] * length
            columns["position_ids"] += range(length)
        padding = 256 - len(columns["input_ids"])
        columns["input_ids"] += [tokenizer.token_id(PAD_TOKEN)] * padding
        for name in PER_TOKEN[1:]:
            columns[name] += [0] * padding
        row = shards.row(*place)
        assert {name: row[name].tolist() for name in PER_TOKEN} == columns


def test_rows_are_views_of_the_file_in_compact_types(shards):
    row = shards.row(0, 0)
    assert [row[name].dtype.name for name in PER_TOKEN] == ["uint16", "int8", "int8", "uint8", "uint16"]
    assert not any(row[name].flags.owndata or row[name].flags.writeable for name in PER_TOKEN)


def test_mixed_order_is_every_row_once_with_every_difficulty_from_the_start(shards):
    order = shards.mixed_order(1)
    assert sorted(order) == sorted(rows(shards))
    steps = [shards.shards[shard].step(row) for shard, row in order]
    assert set(steps[: len(steps) // 2]) == set(steps)
    assert len(set(steps)) > 1


def test_training_order_is_every_row_once_with_rising_difficulty(shards):
    order = rows(shards)
    assert Counter(order) == Counter((s, r) for s, shard in enumerate(shards.shards) for r in range(len(shard)))
    steps = [shards.shards[shard].step(row) for shard, row in order]
    assert steps == sorted(steps)
    assert order != sorted(order)
    assert order == rows(shards)
    assert order != list(shards.training_order(2))
    hardest = [
        max(packed.difficulty for place, at in zip(order, steps, strict=True) if at == step
            for packed in shards.examples(*place))
        for step in range(max(steps) + 1)
    ]  # fmt: skip
    assert hardest == sorted(hardest)


def test_directory_is_a_data_set_of_datasets(directory, shards):
    import datasets

    whole = datasets.load_from_disk(str(directory))
    assert len(whole) == len(shards)
    assert whole[0]["input_ids"] == shards.row(0, 0)["input_ids"].tolist()
    one = datasets.Dataset.from_file(str(shards.shards[1].path))
    assert one[0]["loss_mask"] == shards.row(1, 0)["loss_mask"].tolist()


def test_large_vocabulary_takes_wider_ids():
    from hrm_edge.train.data.pipeline.rows import Layout

    assert Layout(longest=64, vocab_size=65_536, pad_id=0).dtypes()["input_ids"] == np.uint16
    assert Layout(longest=64, vocab_size=65_537, pad_id=0).dtypes()["input_ids"] == np.uint32


def damaged(directory: Path, tmp_path: Path, change, *, sign: bool = True) -> Path:
    """A copy whose first shard went through `change`; with `sign` its manifest says so too, as a forger would."""
    copy = tmp_path / "copy"
    shutil.copytree(directory, copy)
    path = copy / "shard-00000-of-00003.arrow"
    change(path)
    if sign:
        manifest = json.loads(path.with_suffix(".json").read_text())
        manifest["bytes"], manifest["sha256"] = path.stat().st_size, file_sha256(path)
        path.with_suffix(".json").write_text(json.dumps(manifest))
    return copy


def with_column(name: str, change):
    """Rewrite one column of a shard's table."""

    def apply(path: Path) -> None:
        with pa.memory_map(str(path)) as source:
            table = pa.ipc.open_stream(source).read_all().combine_chunks()
            schema = table.schema
            place = schema.get_field_index(name)
            table = table.set_column(place, schema.field(place), change(table.column(place).chunk(0), schema))
            batches = table.to_batches()
        path.unlink()
        with pa.ipc.new_stream(str(path), schema) as writer:
            for batch in batches:
                writer.write_batch(batch)

    return apply


def first_token(value):
    """Another value in the first place of a column of tokens."""

    def change(column, _schema):
        flat = column.flatten().to_numpy().copy()
        flat[0] = value
        return pa.FixedSizeListArray.from_arrays(pa.array(flat), column.type.list_size)

    return change


def other_lengths(column, _schema):
    return pa.array([[length + 1 for length in row] for row in column.to_pylist()], column.type)


def without_a_source(column, _schema):
    return pa.array([[None, *row[1:]] for row in column.to_pylist()], column.type)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (with_column("input_ids", first_token(60_000)), "a token is beyond the vocabulary"),
        (with_column("token_type_ids", first_token(0)), "token_type_ids of row 0 of a batch does not follow"),
        (with_column("loss_mask", first_token(1)), "loss_mask of row 0 of a batch does not follow"),
        (with_column("segment_ids", first_token(2)), "segment_ids of row 0 of a batch does not follow"),
        (with_column("position_ids", first_token(255)), "position_ids of row 0 of a batch does not follow"),
        (with_column("answer_tokens", other_lengths), "does not follow from its examples|has room for 256"),
        (with_column("source", without_a_source), "an example has no source"),
        (lambda path: path.write_bytes(path.read_bytes()[:-4000]), "is no Arrow stream"),
        (lambda path: path.write_bytes(b"\xff" * 5000), "is no Arrow stream"),
        (lambda path: path.write_bytes(b""), "is no Arrow stream"),
    ],
)
def test_forged_shard_is_refused(directory, tmp_path, change, message):
    with pytest.raises(DataError, match=message) as raised:
        open_shards(damaged(directory, tmp_path, change))
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("place", range(200, 3200, 300))
def test_flipped_bytes_never_get_through_nor_crash(directory, tmp_path, place):
    """Within the schema and the first batch's description, where Arrow itself has to notice."""

    def flip(path: Path) -> None:
        content = bytearray(path.read_bytes())
        content[place : place + 8] = b"\xff" * 8
        path.write_bytes(content)

    with pytest.raises(DataError):
        open_shards(damaged(directory, tmp_path, flip))


def test_other_columns_are_refused(directory, tmp_path):
    def rename(path: Path) -> None:
        with pa.memory_map(str(path)) as source:
            table = pa.ipc.open_stream(source).read_all().drop_columns(["licence"])
        path.unlink()
        with pa.ipc.new_stream(str(path), table.schema) as writer:
            writer.write_table(table)

    with pytest.raises(DataError, match="has other columns than a shard of 256 tokens a row"):
        open_shards(damaged(directory, tmp_path, rename))


def test_bytes_that_the_manifest_does_not_know_are_refused(directory, tmp_path):
    def append(path: Path) -> None:
        path.write_bytes(path.read_bytes() + b"0")

    with pytest.raises(DataError, match=r"has [\d,]+ bytes and its \.json says"):
        open_shards(damaged(directory, tmp_path, append, sign=False))

    def change(path: Path) -> None:
        content = path.read_bytes()
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))

    shutil.rmtree(tmp_path / "copy")
    with pytest.raises(DataError, match="has another SHA-256"):
        open_shards(damaged(directory, tmp_path, change, sign=False))


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("build.json", "{", "build.json cannot be read as JSON"),
        ("build.json", "[]", "build.json is no JSON object"),
        ("build.json", '{"format": 99}', "has format 99, and this hrm-edge reads 1"),
        ("build.json", '{"format": 1, "longest": -1}', "longest is -1; it must be a whole number"),
        ("shard-00000-of-00003.json", '{"rows": 3}', "is no manifest of a shard"),
        ("shard-00000-of-00003.json", None, "is of shard 1 of 3: its name says 0 of 3"),
    ],
)
def test_bad_manifest_is_one_line(directory, tmp_path, name, text, message):
    copy = shutil.copytree(directory, tmp_path / "copy")
    other = (copy / "shard-00001-of-00003.json").read_text()
    (copy / name).write_text(other if text is None else text)
    with pytest.raises(DataError, match=message):
        open_shards(copy)


def test_directory_without_shards_says_how_to_get_some(directory, tmp_path):
    copy = shutil.copytree(directory, tmp_path / "copy")
    for path in copy.glob("shard-*"):
        path.unlink()
    with pytest.raises(DataError, match="holds no finished shard: go on with `hrm-edge data build`"):
        open_shards(copy)
    with pytest.raises(DataError, match="give a directory that `hrm-edge data build` made"):
        open_shards(tmp_path)


def test_source_of_these_tests_is_what_the_recipe_drew(shards):
    assert sum(shard.manifest.examples for shard in shards.shards) == Finite().count
