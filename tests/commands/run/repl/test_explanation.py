"""What is said of a shell command before it is run."""

import pytest

from hrm_edge.commands.run.repl.explanation import explain
from hrm_edge.commands.run.repl.shell_syntax import UnreadableCommandError, simple_commands
from hrm_edge.local_index import LocalIndex


def test_parts_are_told_from_the_table_and_nothing_is_guessed():
    told = explain("tar -czf a.tgz b | nosuch --odd > out.txt 2>&1", "", None)
    assert told[0] == "tar: packs and unpacks archives; with a.tgz b"
    assert told[1:4] == ["    -c  packs", "    -z  with gzip", "    -f  this archive"]
    assert told[4:6] == ["| nosuch", "    --odd  (see its manual)"]
    assert told[6] == "    writes what it prints to out.txt"


def test_the_index_names_what_a_command_of_the_same_shape_was_asked_for():
    with LocalIndex() as index:
        (known, *_) = explain("tar -xzf mine.tgz", "untar mine.tgz", index)
        assert known.startswith("the same programs and options as for: ")
        assert "untar" in known.lower()
        assert explain("nosuch -z", "untar mine.tgz", index)[0] == "nosuch"


@pytest.mark.parametrize("script", ["echo 'a", 'echo "a', "echo $(ls", "echo `ls"])
def test_what_never_ends_cannot_be_read(script):
    with pytest.raises(UnreadableCommandError, match=r"never closed"):
        simple_commands(script)
    assert "it cannot be read" in explain(script, "", None)[-1]


def test_words_are_unquoted_as_the_shell_does():
    (command,) = simple_commands(r"""grep -e 'a b' "c\"d" e\ f g''h # rest""")
    assert command.words == ["grep", "-e", "a b", 'c"d', "e f", "gh"]
