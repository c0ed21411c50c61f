"""Requests with answers to calibrate on and to compare by: from a file, from packed shards, or of our own.

examples = tokenize(own_prompts(), tokenizer, chat_template=None, longest=2048)
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hrm_edge.checkpoint.base import Checkpoint
from hrm_edge.errors import CheckpointError, DataError
from hrm_edge.prompt import fenced, render_answer, render_request
from hrm_edge.prompt_files import Prompt, read_prompts
from hrm_edge.tokenizer import Tokenizer
from hrm_edge.train.held_out import is_held_out

PROBLEMS = 36
"""Of the curriculum, among the examples of our own."""
EXAMPLES_PER_PROBLEM = 2
COMMANDS = 40
"""Shell commands from the recipes, among them."""
LONGEST_OWN = 384
"""In tokens: the few that are longer would cost half of the time."""
FROM_SHARDS = 1024
"""Examples drawn from packed shards: on a small model's commands 1,500 left a sixth less KL divergence than 160."""


@dataclass(frozen=True, kw_only=True)
class TokenizedExample:
    """One example as the model reads it."""

    request: tuple[int, ...]
    """Token ids of the bidirectional block, markers included."""
    answer: tuple[int, ...]
    """Token ids of the causal part, its end marker included."""

    def __len__(self) -> int:
        return len(self.request) + len(self.answer)


def calibration_examples(checkpoint: Checkpoint, source: Path | None) -> list[TokenizedExample]:
    """What to calibrate `checkpoint` on: the prompts of a file with their answers, FROM_SHARDS examples of a directory
    of packed shards, or our own.

    Examples longer than the model's positions are left out, and of our own those above LONGEST_OWN tokens.

    Raises:
        CheckpointError: the checkpoint brings no tokenizer, or one without our markers.
        DataError: the file or directory cannot be read, shards of another tokenizer, a prompt without an answer, or
            none is short enough.
    """
    if checkpoint.tokenizer_json is None:
        raise CheckpointError(f"{checkpoint.path} brings no tokenizer: put its tokenizer.json beside config.json")
    tokenizer = Tokenizer.from_json(checkpoint.tokenizer_json)
    longest = checkpoint.architecture.max_position_embeddings
    if source is not None and source.is_dir():
        return packed_examples(source, tokenizer, count=FROM_SHARDS, longest=longest, held_out=False)
    return tokenize(
        own_prompts() if source is None else read_prompts(source),
        tokenizer,
        chat_template=checkpoint.chat_template,
        longest=min(longest, LONGEST_OWN) if source is None else longest,
    )


def own_prompts(seed: int = 0) -> list[Prompt]:
    """Requests with answers from the curriculum (its languages in turn, all scenarios) and from the shell recipes."""
    # Imported when asked for: the curriculum takes half a second to load.
    from hrm_edge.shell_recipes.recipes import load_recipes
    from hrm_edge.train.data.scenarios.curriculum_source import Curriculum
    from hrm_edge.train.data.shell.filling import fill
    from hrm_edge.train.data.sources.rows import RowReport

    rng = random.Random(seed)
    curriculum, recipes, report = Curriculum(), load_recipes(), RowReport()
    assert curriculum.last is not None
    found: list[Prompt] = []
    for number, index in enumerate(rng.sample(range(curriculum.last + 1), PROBLEMS)):
        language = curriculum.languages[number % len(curriculum.languages)]
        made = list(Curriculum(languages=(language,)).problem(index, seed=seed, report=report))
        drawn = rng.sample(made, min(EXAMPLES_PER_PROBLEM, len(made)))  # none where it was not run in this language
        found.extend(Prompt(prompt=example.request, answer=example.response) for example in drawn)
    for _ in range(COMMANDS):
        request, command = fill(rng.choice(recipes), rng)
        found.append(Prompt(prompt=request, answer=fenced(command, "bash")))
    return found


def tokenize(
    prompts: Sequence[Prompt], tokenizer: Tokenizer, *, chat_template: str | None, longest: int
) -> list[TokenizedExample]:
    """Those of at most `longest` tokens, as training renders them.

    Raises:
        DataError: a prompt without an answer, or none that is short enough.
        CheckpointError: the tokenizer lacks the markers.
    """
    found: list[TokenizedExample] = []
    for prompt in prompts:
        if prompt.answer is None:
            raise DataError(
                f"the prompt {prompt.prompt[:40]!r} has no answer: give a .jsonl file with 'prompt' and 'answer'"
            )
        request = render_request(tokenizer, prompt.prompt, chat_template=chat_template)
        answer = render_answer(tokenizer, prompt.answer, request.names)
        found.append(TokenizedExample(request=tuple(request.ids), answer=tuple(answer)))
    return _short_enough(found, longest)


def packed_examples(
    directory: Path, tokenizer: Tokenizer, *, count: int, longest: int, held_out: bool, seed: int = 0
) -> list[TokenizedExample]:
    """`count` examples (or all there are) of packed shards, of rows drawn at random, of at most `longest` tokens.

    Args:
        held_out: those that no training learns from, to measure by; false: those that it does, to calibrate on.

    Raises:
        DataError: no shards, shards of another tokenizer, or no such example that is short enough.
    """
    from hrm_edge.train.data.pipeline.shards import open_shards

    shards = open_shards(directory, check=False)
    if shards.tokenizer().to_json() != tokenizer.to_json():
        raise DataError(f"{directory} was packed with another tokenizer than the checkpoint's: build it with that one")
    places = [(shard, row) for shard, rows in enumerate(shards.shards) for row in range(len(rows))]
    random.Random(seed).shuffle(places)
    found: list[TokenizedExample] = []
    for place in places:
        for packed in shards.examples(*place):
            if is_held_out(packed.group) is held_out:
                request, answer = tuple(packed.request.tolist()), tuple(packed.answer.tolist())
                found.append(TokenizedExample(request=request, answer=answer))
        if len(found) >= count:
            break
    if not found:
        raise DataError(f"of {directory} {'no' if held_out else 'every'} example is held out: build more of that data")
    return _short_enough(found, longest)[:count]


def _short_enough(examples: list[TokenizedExample], longest: int) -> list[TokenizedExample]:
    kept = [example for example in examples if len(example) <= longest]
    if not kept:
        raise DataError(f"none of {len(examples)} examples has at most {longest} tokens: give shorter ones")
    return kept
