"""Change it: a file and the search/replace blocks that mend, extend, restructure or rename.

Blocks are minimal: the lines that change, and as many lines around them as make each block stand in the file exactly
once. Every answer is applied here and must give the wanted file, byte for byte.
"""

import difflib
import random
from collections.abc import Sequence

from hrm_edge.edits import SearchReplace, apply_edits, render_edits
from hrm_edge.errors import EditError
from hrm_edge.problems.exercises import edit_request
from hrm_edge.train.data.curriculum.emission import Emission
from hrm_edge.train.data.curriculum.parts import noun
from hrm_edge.train.data.curriculum.telling import Telling
from hrm_edge.train.data.example import Task, TrainingExample
from hrm_edge.train.data.renderers.names import camel
from hrm_edge.train.data.scenarios.making import example
from hrm_edge.train.data.scenarios.repair import failure_words

_ENDINGS = {"python": "py", "javascript": "js", "go": "go", "rust": "rs", "cpp": "cpp", "java": "java"}
_LARGEST_SHARE = 0.8
"""Of the file's lines: a change of more is no edit."""


def bug_fix(emission: Emission, rng: random.Random) -> TrainingExample | None:
    """The one place that is wrong."""
    if not emission.wrong:
        return None
    telling = Telling(emission.problem, emission.renderer, rng)
    wrong = rng.choice(emission.wrong)
    told = telling.sentence(f"`{telling.name}` should return")
    ask = rng.choice(("Mend it.", "Find the bug and fix it.", "Make the test pass."))
    return _edit(emission, f"{told}\n{failure_words(telling, wrong, rng)}", ask, wrong.text, emission.solutions[0].text)


def feature(emission: Emission, rng: random.Random) -> TrainingExample | None:
    """One more step behind what the function does already."""
    if emission.before is None:
        return None
    telling = Telling(emission.problem, emission.renderer, rng)
    part = emission.problem.part
    assert part.source is not None
    mentions = {name: f"`{telling.parameter(new)}`" for name, new in emission.problem.mentions}
    now = noun(part.source[1], mentions, rng)
    wanted = noun(part, mentions, rng, source="that")
    told = f"`{telling.name}` returns {now}."
    return _edit(
        emission, told, f"Change it so that it returns {wanted}.", emission.before.text, emission.solutions[0].text
    )


def refactoring(emission: Emission, rng: random.Random) -> TrainingExample | None:
    """A step as a function of its own, or a function written where it is used."""
    problem = emission.problem
    texts = {solution.program: solution.text for solution in emission.solutions}
    if problem.part.source is None or len(problem.programs) < 2:
        return None
    whole, split = (texts.get(program) for program in problem.programs[:2])
    helpers = len(problem.programs[1].functions) - len(problem.programs[0].functions)
    if whole is None or split is None or helpers < 1:
        return None
    telling = Telling(problem, emission.renderer, rng)
    if rng.random() < 0.5:
        count = "a function" if helpers == 1 else f"{helpers} functions"
        ask = f"Move the first part of `{telling.name}` into {count} of its own; nothing else changes."
        return _edit(emission, "This works.", ask, whole, split)
    ask = f"Write what `{telling.name}` calls first into `{telling.name}` itself; nothing else changes."
    return _edit(emission, "This works.", ask, split, whole)


def renaming(emission: Emission, rng: random.Random) -> TrainingExample | None:
    """One variable with another name, everywhere."""
    renamed = emission.renamed
    if renamed is None:
        return None
    ask = rng.choice((f"Rename `{renamed.old}` to `{renamed.new}`.", f"Call `{renamed.old}` `{renamed.new}` instead."))
    return _edit(emission, "", ask, emission.solutions[0].text, renamed.solution.text)


def _edit(emission: Emission, told: str, ask: str, before: str, after: str) -> TrainingExample | None:
    path = file_name(emission)
    old, new = f"{before}\n", f"{after}\n"
    blocks = minimal_blocks(path, old, new)
    if blocks is None:
        return None
    request = edit_request(told, ask, {path: old}, "diff").strip()
    return example(emission, Task.EDIT, request, render_edits(blocks))


def file_name(emission: Emission) -> str:
    """What a person would call the file."""
    name, language = emission.problem.program.entry.name, emission.renderer.language
    if language == "java":
        return "Solution.java"
    return f"{camel(name) if language == 'javascript' else name}.{_ENDINGS[language]}"


def minimal_blocks(path: str, before: str, after: str) -> list[SearchReplace] | None:
    """Blocks that turn one text into the other; None where nothing or nearly everything changes."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    spans = [(i1, i2, j1, j2) for tag, i1, i2, j1, j2 in matcher.get_opcodes() if tag != "equal"]
    spans = _joined([_unique(span, old, len(new)) for span in spans])
    spans = _joined([_unique(span, old, len(new)) for span in spans])
    for tried in (spans, [_hull(spans)] if spans else []):
        blocks = [SearchReplace(path=path, search="".join(old[a:b]), replace="".join(new[c:d])) for a, b, c, d in tried]
        small = sum(b - a for a, b, _, _ in tried) <= max(_LARGEST_SHARE * len(old), 3)
        if blocks and small and _applies(blocks, path, before, after):
            return blocks
    return None


def _applies(blocks: Sequence[SearchReplace], path: str, before: str, after: str) -> bool:
    """Whether the blocks, one after another, give the text: one may bring in lines that another searches for."""
    try:
        return apply_edits(blocks, {path: before}) == {path: after}
    except EditError:
        return False


Span = tuple[int, int, int, int]
"""Lines of the old text, lines of the new one."""


def _unique(span: Span, old: Sequence[str], new_length: int) -> Span:
    """The span with equal lines around it, alternately above and below, until it stands in the old text once."""
    i1, i2, j1, j2 = span
    above = True
    while _count(old, old[i1:i2]) != 1:
        can_above, can_below = i1 > 0 and j1 > 0, i2 < len(old) and j2 < new_length
        if not (can_above or can_below):
            return 0, len(old), 0, new_length
        if (above and can_above) or not can_below:
            i1, j1 = i1 - 1, j1 - 1
        else:
            i2, j2 = i2 + 1, j2 + 1
        above = not above
    return i1, i2, j1, j2


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Spans that touch or overlap, as one."""
    joined: list[Span] = []
    for span in spans:
        if joined and span[0] <= joined[-1][1]:
            i1, i2, j1, j2 = joined.pop()
            span = (min(i1, span[0]), max(i2, span[1]), min(j1, span[2]), max(j2, span[3]))
        joined.append(span)
    return joined


def _hull(spans: Sequence[Span]) -> Span:
    """One span over all of them."""
    (i1, _, j1, _), (_, i2, _, j2) = spans[0], spans[-1]
    return i1, i2, j1, j2


def _count(lines: Sequence[str], part: Sequence[str]) -> int:
    """How often the lines stand in the text one after another; the empty part counts as never alone."""
    if not part:
        return 0
    return sum(lines[start : start + len(part)] == part for start in range(len(lines) - len(part) + 1))
