"""What the README shows is what happens: its pipeline runs, command after command, and its links lead somewhere."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from hrm_edge.train.data.pipeline.recipe import RECIPES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHORTER = {
    "--max-steps 100": "--max-steps 2 --recipe smaller.toml",
    "hrm-edge verify": "hrm-edge verify --prompts two.txt",
    "hrm-edge bench": "hrm-edge bench --repeats 1 --suite none",
}
"""What a test leaves out: the time that more data, steps, prompts and repeated measurements take."""


def pipeline() -> list[str]:
    """The commands of the section "From data to a measured 4-bit file"."""
    section = README.split("## From data to a measured 4-bit file")[1]
    block = re.search(r"```bash\n(.*?)```", section, re.DOTALL)
    assert block is not None
    return block[1].strip().split("\n")


@pytest.mark.slow
def test_pipeline_runs_as_written(tmp_path):
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    small = (RECIPES / "small.toml").read_text(encoding="utf-8")
    (tmp_path / "smaller.toml").write_text(re.sub(r"(?m)^tokens = .*", "tokens = 40_000", small), encoding="utf-8")
    (tmp_path / "two.txt").write_text("find all files\nlist the running processes\n", encoding="utf-8")
    for command in pipeline():
        for written, shorter in SHORTER.items():
            command = command.replace(written, shorter)
        words = [sys.executable, "-m", "hrm_edge", *shlex.split(command)[1:]]
        result = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"
    assert (tmp_path / "runs" / "nano-4bit" / "model.gguf").exists()


def test_relative_links_lead_to_files():
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_layout_names_every_folder_at_the_front_door():
    for folder in ("train", "quantize", "export", "runtimes", "bench", "tests", "benchmarks", "docs"):
        assert (ROOT / folder).is_dir()
        assert f"[{folder}/]" in README
