"""An exercise in Exercism's layout, as language tracks and the Aider polyglot benchmark have it.

<root>/<language>/exercises/practice/<slug>/
  .docs/instructions.md  .docs/introduction.md      the task
  .meta/config.json                                 which file is solution, test, example, editor
  leap.py  leap_test.py  .meta/example.py           stub, tests, an example that passes
  Cargo.toml, CMakeLists.txt, go.mod, …             what builds it
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from hrm_edge.data_files import parse_json
from hrm_edge.edits import EditFormat, WholeFile, render_edits
from hrm_edge.errors import DataError
from hrm_edge.problems.exercise_files import read_exercise, subdirectory
from hrm_edge.problems.problem import Harness, SuiteTests

HARNESSES: Mapping[str, Harness] = {
    "cpp": "catch2",
    "go": "go-test",
    "java": "junit",
    "javascript": "jest",
    "python": "unittest",
    "rust": "rust-test",
}
"""Language → who runs its exercises' tests."""
_BUILD_FILES = frozenset({"CMakeLists.txt", "Cargo.toml"})
"""Named as solution files by some exercises; Aider does not let the model change them, and neither do we."""
_JAVA_REFERENCE = ".meta/src/reference/java/"
_ASK = """\
Follow the instructions above and write the code in: {files}
Keep the names of functions, classes and files: tests that you do not see use them.
Use the standard library only."""
_FORMATS: Mapping[EditFormat, str] = {
    "whole": "For each file that you change, write its name on a line of its own, then its whole new text in a fence.",
    "diff": """\
For each change, write the file's name on a line of its own, then in a fence the lines to replace, exactly as they are
in the file and only once in it, and the lines to put in their place:

<<<<<<< SEARCH
lines as they are
=======
lines as they should be
>>>>>>> REPLACE""",
}
_INSTRUCTIONS = (".docs/introduction.md", ".docs/instructions.md", ".docs/instructions.append.md")


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """One exercise in one language. Texts by path relative to its directory, newlines of Unix."""

    language: str
    """A name of languages.LANGUAGES."""
    slug: str
    instructions: str
    """Introduction, instructions and the language's own additions."""
    stub: Mapping[str, str]
    """Solution files as they are given, build files left out; each ends with a newline."""
    reference: Mapping[str, str]
    """Solution files that pass: the exercise's own example, and stubs that it leaves as they are."""
    files: Mapping[str, str]
    """Everything that is given: stub, tests, build files."""
    tests: tuple[str, ...]
    """Paths of the test files."""

    def request(self, edit_format: EditFormat) -> str:
        """What a model is asked: the task, the files as they are given, and the form of the answer; never the tests."""
        return edit_request(self.instructions, _ASK.format(files=" ".join(self.stub)), self.stub, edit_format)

    def check(self, timeout_s: float) -> SuiteTests:
        """How an answer is checked."""
        return SuiteTests(
            harness=HARNESSES[self.language],
            solution_paths=tuple(self.reference),
            files=self.files,
            timeout_s=timeout_s,
        )


def practice_directories(root: Path, language: str) -> list[Path]:
    """The exercises of one language under a checkout, by slug; empty where it has no such language.

    Raises:
        DataError: a step of the path is a link.
    """
    practice = subdirectory(root, language, "exercises", "practice")
    if practice is None:
        return []
    return [path for path in sorted(practice.iterdir()) if path.is_symlink() or path.is_dir()]


def load_exercise(language: str, directory: Path) -> Exercise:
    """The exercise of a directory.

    Raises:
        DataError: its files are not what its config.json says, or one is unsafe to read (a link, a huge file).
    """
    texts = read_exercise(directory)
    named = _named_files(texts, directory)
    solution = [path for path in named["solution"] if path not in _BUILD_FILES]
    stub = {path: _whole_lines(texts[path]) for path in solution}
    return Exercise(
        language=language,
        slug=directory.name,
        instructions="".join(texts.get(path, "") for path in _INSTRUCTIONS).strip(),
        stub=stub,
        reference=stub | _reference(language, named, solution, texts),
        files={path: text for path, text in texts.items() if not path.startswith(".")},
        tests=tuple(named["test"]),
    )


def edit_request(instructions: str, ask: str, files: Mapping[str, str], edit_format: EditFormat) -> str:
    """A request whose answer changes the files that it shows."""
    shown = render_edits([WholeFile(path=path, text=_whole_lines(text)) for path, text in files.items()])
    return f"{instructions}\n\n{ask}\n\n{shown}\n\n{_FORMATS[edit_format]}"


def _whole_lines(text: str) -> str:
    """The text with a newline at its end, unless it is empty."""
    return text if text.endswith("\n") or not text else text + "\n"


def _named_files(texts: Mapping[str, str], directory: Path) -> dict[str, list[str]]:
    """Role → paths, as config.json has them; every path is one of the exercise's files."""
    place = f"{directory}/.meta/config.json"
    config: Any = parse_json(texts.get(".meta/config.json", ""), place)
    files = config.get("files") if isinstance(config, dict) else None
    if not isinstance(files, dict):
        raise DataError(f"{place} has no 'files': give an untouched checkout")
    named: dict[str, list[str]] = {}
    for role in ("solution", "test", "example", "editor"):
        paths = files.get(role, [] if role == "editor" else None)
        if not isinstance(paths, list) or (not paths and role != "editor"):
            raise DataError(f"{place}: files.{role} is {paths!r:.80}; a list of paths is needed there")
        for path in paths:
            if not isinstance(path, str) or path not in texts:
                raise DataError(f"{place}: files.{role} names {path!r:.80}, which is no file of the exercise")
        named[role] = paths
    return named


def _reference(
    language: str, named: Mapping[str, Sequence[str]], solution: Sequence[str], texts: Mapping[str, str]
) -> dict[str, str]:
    """Solution path → text of the exercise's own example.

    Java's may have more classes than the stub; one that the exercise itself provides (its `editor` files) stays as it
    is. C++'s are told apart by their endings. The other languages have one file.
    """
    reference = {}
    for path in named["example"]:
        if language == "java":
            target = "src/main/java/" + path.removeprefix(_JAVA_REFERENCE)
        elif language == "cpp":
            ending = PurePosixPath(path).suffix
            target = next((name for name in solution if PurePosixPath(name).suffix == ending), solution[0])
        else:
            target = solution[0]
        if target not in named["editor"]:
            reference[target] = texts[path]
    return reference
