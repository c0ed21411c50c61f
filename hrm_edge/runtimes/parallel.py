"""Many samples of one prompt in one batch, and the score of an answer that is given.

    with runtime.batch(capacity=16) as batch:
        samplers = [Sampler(temperature=0.8, seed=seed) for seed in range(16)]
        samplings = [Sampling(sampler=sampler, stop_ids=stops, max_tokens=200) for sampler in samplers]
        completions = sample_many(batch, prompt_ids, samplings)

The prompt is read once. Samples beyond the capacity of the batch wait until another has ended.
"""

from collections.abc import Callable, Sequence

from hrm_edge.errors import PromptError
from hrm_edge.runtimes.batch import Batch
from hrm_edge.runtimes.decoding_loop import DecodingLoop
from hrm_edge.runtimes.generation import Completion, Recorder, Sampling, Step
from hrm_edge.runtimes.sampling import Sampler


def sample_many(
    batch: Batch,
    prompt_ids: Sequence[int],
    samplings: Sequence[Sampling],
    *,
    lookup: bool = False,
    on_step: Callable[[int, Step], None] | None = None,
) -> list[Completion]:
    """Draw one answer for each of `samplings`: the same as `complete` gives for it, in the same order.

    `on_step` gets (index, step) as tokens come; each answer's are in order. Every answer's times count from the call,
    the wait for a place included. `lookup` guesses what the answers copy (see DecodingLoop).

    Raises:
        PromptError: the prompt is empty, longer than the context or of another vocabulary.
        CheckpointError: the model's logits are not numbers.
    """
    recorders = [Recorder() for _ in samplings]
    with DecodingLoop(batch, lookup=lookup) as loop:
        index_of = {loop.add(prompt_ids, sampling): index for index, sampling in enumerate(samplings)}
        while not loop.done:
            for event in loop.step():
                if event.step is None:
                    assert event.error is not None, "an event has a step or an error"
                    raise event.error
                index = index_of[event.ticket]
                recorders[index].add(event.step)
                if on_step is not None:
                    on_step(index, event.step)
    return [recorder.completion() for recorder in recorders]


def score(batch: Batch, prompt_ids: Sequence[int], answer_ids: Sequence[int], *, alternatives: int = 0) -> list[Step]:
    """How likely the model holds each token of an answer that is given, the tokens before it read as they stand.

    One forced step per token, with as many `alternatives` as asked for: with 1, a token is greedy's where it is that
    alternative. The tokens of the prompt have no such probability, as each is read in sight of all others. In a
    DecodingLoop the same is an answer that is forced to its end.

    Raises:
        PromptError: the prompt or the answer does not fit the context, or holds a token outside the vocabulary.
        CheckpointError: the model's logits are not numbers.
    """
    if not answer_ids:
        return []
    if len(prompt_ids) + len(answer_ids) - 1 > batch.context_length:
        raise PromptError(
            f"prompt and answer have {len(prompt_ids)} and {len(answer_ids)} tokens and the context holds "
            f"{batch.context_length}: shorten one of them"
        )
    sampling = Sampling(
        sampler=Sampler(),
        stop_ids=(),
        max_tokens=len(answer_ids),
        forced_ids=answer_ids,
        alternatives=alternatives,
    )
    steps: list[Step] = []
    sample_many(batch, prompt_ids, [sampling], on_step=lambda _, step: steps.append(step))
    return steps
