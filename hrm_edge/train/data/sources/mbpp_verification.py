"""Run what MBPP and MBXP hold, for a record of verified answers.

with open_sandbox(toolchains=toolchains.values()) as sandbox, sandbox.session() as session:
    verdicts = verify_mbpp([data], session, Judge(session, toolchains), RowReport())
    write_record(Path("verified.txt"), verdicts)
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from hrm_edge.sandbox.judge import Judge
from hrm_edge.sandbox.session import Session
from hrm_edge.sandbox.verdict import Outcome, Verdict
from hrm_edge.train.data.sources.agreement import observe
from hrm_edge.train.data.sources.mbpp import Mbpp, Original
from hrm_edge.train.data.sources.mbxp import Translation
from hrm_edge.train.data.sources.rows import RowReport
from hrm_edge.train.data.sources.verification import Unverified


def verify_mbpp(
    paths: Sequence[Path], session: Session, judge: Judge, report: RowReport, *, limit: int | None = None
) -> Iterator[tuple[Unverified, Verdict]]:
    """MBPP's solutions with their own tests, MBXP's with MBPP's solution beside them; the first `limit` tasks.

    Raises:
        DataError: a path is not there.
        SandboxError: the sandbox cannot be used.
    """
    originals, translations = Mbpp(with_validation=True).read(paths, report)
    for number in sorted(originals)[:limit]:
        original = originals[number]
        item = original.unverified()
        verdict = judge.judge(item.check, item.language, item.answer)
        yield item, verdict
        if verdict.outcome is Outcome.PASSED:
            yield from _agreements(original, translations.get(number, []), session, judge)


def _agreements(
    original: Original, translations: Sequence[Translation], session: Session, judge: Judge
) -> Iterator[tuple[Unverified, Verdict]]:
    calls = [assertion.arguments for assertion in original.assertions]
    observed = observe(session, original.code, original.function, calls, original.group) if calls else None
    for translation in translations:
        item = original.unverified_translation(translation)
        if observed is None:
            message = "Python's solution gives too little on new arguments"
            yield item, Verdict(outcome=Outcome.UNSCORED, mode="call", message=message)
        else:
            check = observed.check(translation.function, translation.class_name)
            yield item, judge.judge(check, translation.language, translation.plain_code)
