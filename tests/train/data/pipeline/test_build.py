"""A build: the same bytes however it is made, nothing twice, what must not be in is not, and no half of a shard."""
# ruff: noqa: ARG002 - the signature is that of Neighbours

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import psutil
import pytest
from data_pipeline_sources import example, find, recipe

from hrm_edge.errors import DataError, ExportError
from hrm_edge.prompt import with_neighbours
from hrm_edge.train.data.example import TrainingExample
from hrm_edge.train.data.pipeline.build import BuildState, build
from hrm_edge.train.data.pipeline.recipe import Recipe
from hrm_edge.train.data.pipeline.shards import PackedExample, open_shards

MIXED = {
    "tokens": 40_000,
    "sources": {"finite": {"weight": 1}, "endless": {"weight": 3}},
    "order": {"kind": "linear", "steps": 4},
}


def bytes_of(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(directory.iterdir())}


def examples_of(directory: Path) -> list[PackedExample]:
    shards = open_shards(directory)
    return [packed for place in shards.training_order(0) for packed in shards.examples(*place)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("whole") / "data"
    assert build(recipe(**MIXED), out, find=find).complete
    return out


def test_three_processes_make_the_same_bytes_as_one(whole, tmp_path):
    states: list[BuildState] = []
    build(recipe(**MIXED), tmp_path, workers=3, find=find, on_state=states.append)
    assert bytes_of(tmp_path) == bytes_of(whole)
    children = psutil.Process(os.getpid()).children()
    assert not [child for child in children if "spawn_main" in " ".join(child.cmdline())]
    assert (states[-1].shards, states[-1].of, states[-1].expected) == (3, 3, 40_000)
    assert states[-1].tokens == sum(shard.manifest.tokens for shard in open_shards(whole).shards)


def test_machines_that_divide_the_shards_make_the_same_bytes(whole, tmp_path):
    first = build(recipe(**MIXED), tmp_path, shards=range(1, 3), find=find)
    assert not first.complete and not (tmp_path / "state.json").exists()
    second = build(recipe(**MIXED), tmp_path, shards=range(0, 1), find=find)
    assert second.complete
    assert bytes_of(tmp_path) == bytes_of(whole)


def test_another_seed_makes_other_bytes(whole, tmp_path):
    build(recipe(**{**MIXED, "seed": 6}), tmp_path, find=find)
    name = "shard-00000-of-00003.arrow"
    assert (tmp_path / name).read_bytes() != (whole / name).read_bytes()


def test_no_example_is_there_twice(whole):
    """The endless source has 1,000 keys and repeats them; 9,000 texts at most can come of them."""
    tokens = [(packed.request.tobytes(), packed.answer.tobytes()) for packed in examples_of(whole)]
    assert len(tokens) == len(set(tokens))
    assert len({packed.group for packed in examples_of(whole)}) > 100


def test_sources_have_their_shares_of_the_tokens(tmp_path):
    sources = {"finite": {"weight": 1, "options": {"count": 3000}}, "endless": {"weight": 3}}
    build(recipe(tokens=60_000, sources=sources, tasks={"generation": 2}), tmp_path, find=find)
    found = examples_of(tmp_path)

    def tokens(**wanted: str) -> int:
        kept = (e for e in found if all(getattr(e, name) == value for name, value in wanted.items()))
        return sum(len(e.request) + len(e.answer) for e in kept)

    assert tokens() == pytest.approx(60_000, rel=0.01)
    assert tokens(source="finite") / tokens() == pytest.approx(0.25, abs=0.01)
    assert tokens(source="endless", task="generation") / tokens(source="endless") == pytest.approx(0.5, abs=0.01)


def test_number_of_examples_is_bounded_over_all_shards(tmp_path):
    sources = {"finite": {"examples": 90}, "endless": {"examples": 100}}
    build(recipe(sources=sources), tmp_path, find=find)
    drawn = [packed.source for packed in examples_of(tmp_path)]
    assert (drawn.count("finite"), drawn.count("endless")) == (90, 100)


def test_contests_before_a_day_leave_out_that_day_itself(tmp_path):
    """Examples are dated 1 to 30 April 2023: those of the 10th are out, those of the 9th are in."""
    from datetime import date

    asked = recipe(contests_before=date(2023, 4, 10), sources={"finite": {"options": {"dated": True}}})
    result = build(asked, tmp_path, find=find)
    days = {packed.contest_date for packed in examples_of(tmp_path)}
    assert days == {date(2023, 4, day) for day in range(1, 10)}
    dropped = sum(manifest.dropped["contest too late"]["finite"] for manifest in result.manifests)
    assert dropped == sum(number % 30 >= 9 for number in range(200))


def test_longer_than_a_row_is_dropped_and_counted(tmp_path):
    result = build(recipe(longest=64), tmp_path, find=find)
    dropped = sum(manifest.dropped["longer than a row"]["finite"] for manifest in result.manifests)
    assert dropped > 20
    assert dropped + len(examples_of(tmp_path)) == 200


def test_overlap_with_an_evaluation_set_is_dropped_and_reported(tmp_path):
    planted = next(made for made in map(example, range(200)) if len(set(made.request.split())) > 13)
    (tmp_path / "set.jsonl").write_text(f'{{"id": "p7", "text": "{" ".join(planted.request.split()[3:18])}"}}\n')
    asked = recipe(decontamination={"evaluation": [str(tmp_path / "set.jsonl")]})
    result = build(asked, tmp_path / "out", find=find)
    (overlap,) = [overlap for manifest in result.manifests for overlap in manifest.overlaps]
    assert overlap["group"] == planted.group and overlap["source"] == "finite"
    assert overlap["problem"].endswith("set.jsonl p7")
    assert overlap["excerpt"] == " ".join(planted.request.split()[3:16])
    assert planted.group not in {packed.group for packed in examples_of(tmp_path / "out")}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"seed": 6}, r"holds a build with another recipe.seed \(5 there, 6 now\): choose another --out"),
        ({"longest": 512}, r"another recipe.longest \(256 there, 512 now\)"),
        ({"sources": {"finite": {"weight": 2}, "endless": {"weight": 3}}}, r"recipe.sources.finite.weight \(1 there"),
    ],
)
def test_changed_recipe_in_a_directory_with_shards_is_an_error(whole, change, message):
    before = bytes_of(whole)
    with pytest.raises(DataError, match=message):
        build(recipe(**{**MIXED, **change}), whole, find=find)
    assert bytes_of(whole) == before


def test_shards_without_their_build_are_not_built_over(whole, tmp_path):
    copy = shutil.copytree(whole, tmp_path / "copy")
    (copy / "build.json").unlink()
    with pytest.raises(DataError, match=r"holds shards and no build.json"):
        build(recipe(**MIXED), copy, find=find)


def test_finished_shards_are_kept_and_damaged_ones_made_again(whole, tmp_path):
    copy = shutil.copytree(whole, tmp_path / "copy")
    kept, damaged = copy / "shard-00000-of-00003.arrow", copy / "shard-00001-of-00003.arrow"
    damaged.write_bytes(b"x" * damaged.stat().st_size)
    before = kept.stat().st_mtime_ns
    assert build(recipe(**MIXED), copy, find=find).kept == 2
    assert kept.stat().st_mtime_ns == before
    assert bytes_of(copy) == bytes_of(whole)


@pytest.mark.parametrize("asked", [range(0, 4), range(2, 2)])
def test_range_beyond_the_shards_is_an_error(tmp_path, asked):
    with pytest.raises(DataError, match=r"recipe 'test' has shards 0 to 2; give a range A:B"):
        build(recipe(**MIXED), tmp_path, shards=asked, find=find)


COMMAND = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from data_pipeline_sources import find, recipe
from hrm_edge.train.data.pipeline.build import build
if __name__ == "__main__":
    build(recipe(**{recipe!r}), Path({out!r}), workers={workers}, find=find)
"""
LONG = {"shards": 12, "tokens": 1_200_000, "sources": {"endless": {"options": {"keys": 100_000}}}}


def start(tmp_path: Path, workers: int) -> tuple[subprocess.Popen, Path]:
    """A build in a process of its own, once its first shard is finished."""
    out, script = tmp_path / "out", tmp_path / "command.py"
    tests = str(Path(__file__).parents[3])
    script.write_text(COMMAND.format(tests=tests, recipe=LONG, out=str(out), workers=workers))
    process = subprocess.Popen([sys.executable, str(script)], stderr=subprocess.PIPE, text=True, start_new_session=True)
    deadline = time.monotonic() + 60
    while not list(out.glob("shard-*.json")):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.02)
    return process, out


def test_killed_build_goes_on_to_the_same_bytes(tmp_path):
    process, out = start(tmp_path, workers=2)
    process.kill()
    process.wait()
    time.sleep(0.5)  # its workers notice that nobody listens
    finished = sorted(path.name for path in out.glob("shard-*.json"))
    assert 0 < len(finished) < 12
    asked, some = recipe(**LONG), range(0, 3)  # all twelve would take a test's time again
    build(asked, out, shards=some, find=find)
    build(asked, tmp_path / "at once", shards=some, find=find)
    for number in range(3):
        for suffix in ("arrow", "json"):
            name = f"shard-{number:05}-of-00012.{suffix}"
            assert (out / name).read_bytes() == (tmp_path / "at once" / name).read_bytes()
    left = [path.name for path in out.glob(".shard-*") if "-00012." in path.name]
    assert not [name for name in left if name.startswith((".shard-00000", ".shard-00001", ".shard-00002"))]


@pytest.mark.parametrize("workers", [1, 2])
def test_interrupt_leaves_only_whole_shards(tmp_path, workers):
    process, out = start(tmp_path, workers=workers)
    os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to the workers too
    _, err = process.communicate(timeout=30)
    assert process.returncode == -signal.SIGINT or "KeyboardInterrupt" in err
    assert not list(out.glob(".*.part"))
    assert err.count("Traceback") <= 1, "no worker speaks"
    for manifest in open_shards(out).shards:
        assert len(manifest) > 0


def test_full_disk_is_one_clear_error_and_leaves_no_half(tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    previous = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, hard))
    try:
        with pytest.raises(ExportError, match=r"shard-0000\d-of-00003.arrow is too large for this file system"):
            build(recipe(**MIXED, tokenizer=str(small_tokenizer(tmp_path))), tmp_path / "out", find=find)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, previous)
    assert not list((tmp_path / "out").glob("shard-*"))
    assert not list((tmp_path / "out").glob(".*"))


def small_tokenizer(directory: Path) -> Path:
    from hrm_edge.train.tokenizer_training import train_tokenizer

    (directory / "tokenizer.json").write_text(train_tokenizer(["a b c"] * 10, 270).to_json())
    return directory / "tokenizer.json"


def test_error_of_a_worker_is_the_command_s(tmp_path):
    (tmp_path / "out").mkdir()
    asked = recipe(**MIXED)
    with pytest.raises(ZeroDivisionError):
        build(asked, tmp_path / "out", workers=2, find=broken_find)
    assert not list((tmp_path / "out").glob("shard-*"))


def broken_find(name: str, options: object):
    from data_pipeline_sources import Broken

    return Broken() if name == "endless" else find(name, options)  # type: ignore[arg-type]


numbered = example


class Fixed:
    """Neighbours that are always the same three, of two groups."""

    sha256 = "0" * 64

    def find(self, example: TrainingExample, *, count: int, rng: random.Random) -> Sequence[tuple[str, str]]:
        found = [numbered(number, group=f"group/{number % 2}") for number in (1000, 1001, 1002)]
        return [(made.request, made.response) for made in found if made.group != example.group][:count]


def neighbourly(share: float, most: int, longest: int = 1024) -> Recipe:
    return recipe(longest=longest, neighbours={"share": share, "most": most, "index": "unused"})


def test_neighbours_stand_before_the_request_in_their_share(tmp_path):
    build(neighbourly(0.5, 2), tmp_path, find=find, neighbours=Fixed())
    shards, found = open_shards(tmp_path), examples_of(tmp_path)
    tokenizer = shards.tokenizer()
    made = {e.group: e for e in map(example, range(200))}
    for packed in found:
        neighbours = Fixed().find(made[packed.group], count=packed.neighbours, rng=random.Random())
        text = with_neighbours(made[packed.group].request, neighbours)
        assert tokenizer.decode(packed.request.tolist()) == text
    counts = [packed.neighbours for packed in found]
    assert 70 < counts.count(0) < 130
    assert counts.count(1) > 25 and counts.count(2) > 25


def test_neighbours_that_do_not_fit_are_left_out_and_the_example_stays(tmp_path):
    build(neighbourly(1.0, 3, longest=200), tmp_path, find=find, neighbours=Fixed())
    found = examples_of(tmp_path)
    assert len(found) == 200
    assert {packed.neighbours for packed in found} >= {0, 1}


def test_form_of_the_prompt_with_neighbours():
    assert with_neighbours("ask", []) == "ask"
    assert with_neighbours("ask", [("ask 1", "answer 1"), ("ask 2", "answer 2")]) == (
        "Possibly related:\n\nask 1\nanswer 1\n\nask 2\nanswer 2\n\nTask:\nask"
    )


def test_recipe_with_neighbours_needs_an_index(tmp_path):
    with pytest.raises(DataError, match="asks for neighbours, and no local index was opened"):
        build(neighbourly(0.5, 2), tmp_path, find=find)


def test_tokenizer_without_our_markers_is_refused(tmp_path):
    from hrm_edge.errors import CheckpointError

    path = small_tokenizer(tmp_path)
    path.write_text(path.read_text().replace("<|pad|>", "<|filler|>"))
    with pytest.raises(CheckpointError, match=r"no token '<\|pad\|>'"):
        build(recipe(tokenizer=str(path)), tmp_path / "out", find=find)
