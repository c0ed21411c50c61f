"""From a request to a verified answer.

Entries of the local index are looked up; one that does what the examples say is the answer. Else several candidates
are drawn in one batch, each is run against the examples, and the best failing one is repaired with its error: the first
that passes is the answer. Where none does, the answer comes all the same, with the reason why it is not verified.

    with Executor() as executor, LocalIndex() as index:
        means = Means(model=model, executor=executor, index=index)
        answered = answer(Pursuit.begin(means, "the second largest number, f([3, 1, 2]) == 2", Settings()))
        print(answered.answer, answered.label)
"""

from hrm_edge.assistant.drawing import OnStep
from hrm_edge.assistant.pursuit import Pursuit
from hrm_edge.assistant.trials import Answered


def answer(pursuit: Pursuit, *, on_step: OnStep | None = None) -> Answered:
    """The first answer that passes, or the best there is.

    Args:
        pursuit: the request, as it was read.
        on_step: told each token of the first candidates.

    Raises:
        PromptError: a candidate does not fit the context.
        CheckpointError: the tokenizer or the weights are damaged.
    """
    if pursuit.look_up():
        return pursuit.answered()
    pursuit.sample(on_step)
    for _ in range(pursuit.settings.repairs):
        if not pursuit.repair_best():
            break
    return pursuit.answered()
