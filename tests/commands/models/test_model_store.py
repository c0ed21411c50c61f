"""`pull`, `list` and `remove` as a person types them, against a hub on this machine."""

import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
from hub_server import MODEL, serving

from hrm_edge.architecture import Architecture

WEIGHTS = "model.safetensors"


@pytest.fixture
def hub(random_model, monkeypatch, tmp_path):
    with serving(random_model("plain"), monkeypatch, tmp_path / "models") as server:
        yield server


def test_pull_prints_checksums_and_the_place_and_progress_beside_it(cli, hub, tmp_path):
    result = cli("pull", MODEL)
    lines = result.out.splitlines()
    assert result.code == 0
    assert lines[-1] == str(tmp_path / "models" / "tiny--model")
    stated = {sibling["rfilename"]: sibling for sibling in hub.info(MODEL)["siblings"]}
    assert any(line.split()[0] == WEIGHTS and line.endswith(stated[WEIGHTS]["lfs"]["sha256"]) for line in lines)
    assert result.err.startswith("pulling tiny/model (706.7 kB)")


def test_pull_json_is_one_object_and_says_whether_anything_was_fetched(cli, hub):
    first, second = (cli("pull", MODEL, "--json") for _ in range(2))
    told = json.loads(first.out)
    assert told["commit"] == hub.commit(MODEL) and told["fetched"] is True
    assert told["files"][WEIGHTS]["size"] == len(hub.files[MODEL][WEIGHTS])
    assert json.loads(second.out) == {**told, "fetched": False}
    assert second.err == f"tiny/model is already here, at commit {told['commit']}\n"


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize("command", ["pull", "remove"])
@pytest.mark.parametrize("name", ["../../etc", "/tmp", "a/b/c"])
def test_name_that_is_a_path_is_one_line_and_exit_code_1(cli, command, name):
    result = cli(command, name)
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith(f"hrm-edge: {name!r} is no model's name") and result.err.count("\n") == 1


@pytest.mark.usefixtures("hub")
def test_unknown_model_is_one_line_and_exit_code_1(cli):
    result = cli("pull", "tiny/other")
    assert (result.code, result.out) == (1, "")
    assert "has no model tiny/other" in result.err and result.err.count("\n") == 1


@pytest.mark.usefixtures("hub")
def test_list_shows_architecture_bits_size_and_kv_cache(cli, random_model, tmp_path):
    cli("pull", MODEL)
    heading, row = cli("list").out.splitlines()
    assert heading.split()[0] == "model"
    config = json.loads((random_model("plain") / "config.json").read_text())
    kv = Architecture.from_config(config).kv_bytes_per_token()
    assert row.startswith("tiny/model  pulled  hrm_text, 64 wide, 2×2 layers, 2×2 cycles")
    assert f"{kv / 1000:.1f} kB f16" in row
    [told] = json.loads(cli("list", "--json").out)["models"]
    on_disk = sum(path.stat().st_size for path in (tmp_path / "models" / "tiny--model").iterdir())
    assert (told["name"], told["kind"], told["bits"], told["disk_bytes"]) == ("tiny/model", "pulled", 32, on_disk)
    assert told["kv_bytes_per_token"]["f16"] == kv and told["verified"] is None


@pytest.mark.usefixtures("hub")
def test_list_on_a_narrow_terminal_cuts_no_word(cli):
    cli("pull", MODEL)
    terminal, its_end = pty.openpty()
    fcntl.ioctl(its_end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    with subprocess.Popen([sys.executable, "-m", "hrm_edge", "list"], stdout=its_end, env=environment):
        os.close(its_end)
        drawn = re.sub(r"\x1b\[[0-9;]*m", "", read_all(terminal))
    assert max(map(len, drawn.splitlines())) <= 80
    for word in ("architecture", "tiny/model", "hrm_text,", "cycles", "714.9 kB", "q8_0"):
        assert word in drawn


@pytest.mark.usefixtures("hub")
def test_list_of_nothing_says_how_to_get_a_model(cli):
    result = cli("list")
    assert (result.code, result.out) == (0, "")
    assert "hrm-edge pull NAME" in result.err
    assert json.loads(cli("list", "--json").out)["models"] == []


def test_list_names_what_is_damaged_or_unfinished_and_shows_the_rest(cli, hub, random_model, tmp_path):
    hub.add("tiny/broken", random_model("untied"))
    cli("pull", MODEL)
    cli("pull", "tiny/broken")
    (tmp_path / "models" / "tiny--broken" / WEIGHTS).write_bytes(b"cut short")
    hub.add("tiny/half", random_model("plain"))
    hub.breaks_after[WEIGHTS] = [1000, 0, 0, 0, 0, 0]
    assert cli("pull", "tiny/half").code == 1
    result = cli("list")
    assert result.code == 0
    assert [line.split()[0] for line in result.out.splitlines()] == ["model", "tiny/broken", "tiny/model"]
    assert "damaged" in result.out
    assert "unfinished: tiny/half" in result.err and "model.safetensors: its header claims" in result.err


@pytest.mark.usefixtures("hub")
def test_remove_asks_nobody_in_a_script_and_needs_yes(cli, tmp_path):
    cli("pull", MODEL)
    refused = cli("remove", MODEL)
    assert (refused.code, refused.out) == (1, "")
    assert refused.err == "hrm-edge: nobody is here to say yes to removing tiny/model: add --yes\n"
    removed = cli("remove", MODEL, "--yes")
    assert (removed.code, removed.err) == (0, "")
    assert removed.out == "removed tiny/model  714.9 kB\n"
    assert not (tmp_path / "models" / "tiny--model").exists()
    assert "there is no model tiny/model" in cli("remove", MODEL, "--yes").err


@pytest.mark.parametrize(("answer", "code", "left"), [(b"n\n", 1, True), (b"y\n", 0, False)], ids=["no", "yes"])
@pytest.mark.usefixtures("hub")
def test_remove_asks_on_a_terminal(cli, tmp_path, answer, code, left):
    cli("pull", MODEL)
    terminal, its_end = pty.openpty()
    os.write(terminal, answer)
    asked = subprocess.run(
        [sys.executable, "-m", "hrm_edge", "remove", MODEL], stdin=its_end, capture_output=True, text=True
    )
    os.close(terminal)
    os.close(its_end)
    assert asked.returncode == code
    assert asked.stderr.startswith(f"Remove tiny/model (714.9 kB) from {tmp_path / 'models'}? [y/N]")
    assert (tmp_path / "models" / "tiny--model").exists() is left


def test_interrupt_ends_with_130_and_the_next_pull_goes_on(cli, hub, tmp_path):
    """A real process, stopped by the signal of Ctrl-C in the middle of a file the server holds back."""
    hub.holds_after[WEIGHTS] = 200_000
    process = subprocess.Popen(
        [sys.executable, "-m", "hrm_edge", "pull", MODEL], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert hub.holding.wait(60)
    part = wait_for_bytes(tmp_path)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err
    arrived = part.stat().st_size
    assert 0 < arrived <= 200_000
    assert [path.name for path in (tmp_path / "models").iterdir()] == [".unfinished"]
    hub.holds_after.clear()
    assert cli("pull", MODEL).code == 0
    assert hub.fetched(WEIGHTS)[-1] == f"bytes={arrived}-"


def wait_for_bytes(directory):
    """The file that is being fetched, as soon as something of it is on disk."""
    while True:
        for part in directory.rglob("*.safetensors.part"):
            if part.stat().st_size:
                return part
        time.sleep(0.01)


@pytest.mark.usefixtures("hub")
def test_progress_is_drawn_on_a_terminal_and_only_there(tmp_path):
    terminal, its_end = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "hrm_edge", "pull", MODEL],
        stdout=subprocess.PIPE,
        stderr=its_end,
        text=True,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "100"},
    ) as process:
        os.close(its_end)
        drawn = read_all(terminal)
        assert process.stdout is not None
        out = process.stdout.read()
    assert "pulling tiny/model" in drawn and "706.7 kB of 706.7 kB" in drawn
    assert out.splitlines()[-1] == str(tmp_path / "models" / "tiny--model") and "\x1b" not in out


def read_all(terminal: int) -> str:
    """Until the last process at the other end is gone."""
    read = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # what Linux says at the end of a pseudo-terminal
            break
        if not piece:
            break
        read += piece
    os.close(terminal)
    return read.decode()


def test_commands_of_models_import_nothing_of_the_hub_at_start():
    script = "import sys, hrm_edge.cli; print({'huggingface_hub', 'httpx2', 'filelock', 'rich'} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout == "set()\n"


def test_package_never_trusts_remote_code():
    import hrm_edge

    sources = Path(hrm_edge.__file__).parent.rglob("*.py")
    assert [path for path in sources if "trust_remote_code=True" in path.read_text(encoding="utf-8")] == []
