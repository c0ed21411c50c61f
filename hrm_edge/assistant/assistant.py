"""From a request to a verified answer.

Entries of the local index are looked up; one that does what the examples say is the answer. Else several candidates
are drawn in one batch, each is run against the examples, and the best failing one is repaired with its error: the first
that passes is the answer. Where none does, the answer comes all the same, with the reason why it is not verified.

    with Executor() as executor, LocalIndex() as index:
        answered = Assistant(model, executor, index).answer("the second largest number, f([3, 1, 2]) == 2")
        print(answered.answer, answered.label)
"""

from collections.abc import Callable
from time import perf_counter

from hrm_edge.assistant.drawing import Model, OnStep
from hrm_edge.assistant.executor import Executor
from hrm_edge.assistant.given_tests import GivenTests
from hrm_edge.assistant.pursuit import Means, Pursuit, Settings
from hrm_edge.assistant.trials import Answered, Trial
from hrm_edge.local_index import LocalIndex


class Assistant:
    """Answers requests with one model."""

    def __init__(
        self,
        model: Model,
        executor: Executor,
        index: LocalIndex | None = None,
        *,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self.means = Means(model=model, executor=executor, index=index, clock=clock)

    def answer(
        self,
        request: str,
        settings: Settings | None = None,
        *,
        tests: GivenTests | None = None,
        on_step: OnStep | None = None,
        on_trial: Callable[[Trial], None] | None = None,
    ) -> Answered:
        """The first answer that passes, or the best there is.

        Args:
            tests: a test file that the answer must pass, in place of examples.
            on_step: told each token of the first candidates.
            on_trial: told each trial when it is done.

        Raises:
            PromptError: the request does not fit the context.
            CheckpointError: the tokenizer or the weights are damaged.
            DataError: the index is damaged.
        """
        pursuit = Pursuit.begin(self.means, request, settings or Settings(), tests=tests, on_trial=on_trial)
        if pursuit.look_up():
            return pursuit.answered()
        pursuit.sample(on_step)
        for _ in range(pursuit.settings.repairs):
            if not pursuit.repair_best():
                break
        return pursuit.answered()
