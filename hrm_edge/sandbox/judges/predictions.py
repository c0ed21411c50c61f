"""Predicted values: a guess is evaluated in the sandbox, and compared with the expected value here.

An input that is guessed takes two runs: the first evaluates its arguments, and the function then meets them, as plain
values, in a process where nothing of the guess ever ran.
"""

import ast
import json
from dataclasses import dataclass, replace
from typing import Any

from hrm_edge.problems.problem import Answer, Prediction, TestOutput
from hrm_edge.sandbox.build import Builder
from hrm_edge.sandbox.drivers.python_source import driver_job
from hrm_edge.sandbox.job import Limits, Raw
from hrm_edge.sandbox.judges.messages import single_text
from hrm_edge.sandbox.session import Session
from hrm_edge.sandbox.values import ValueRefusedError, equal, pack, parse_json, printable, shown, unpack
from hrm_edge.sandbox.verdict import Failure, Outcome, Verdict, decide

EXECUTION_PRELUDE = """\
from itertools import accumulate, chain, combinations, count, permutations, product, groupby, islice, repeat
from copy import deepcopy
from string import ascii_lowercase
from math import floor, log2, log10, sqrt, comb, gcd, ceil, inf, isqrt
from collections import defaultdict, deque, Counter
from bisect import bisect, bisect_left, bisect_right, insort
from heapq import heappush, heappop, heapify, merge
from functools import reduce, cache, lru_cache
from random import randrange, shuffle
from operator import itemgetter, sub
from re import search as re_search
from os.path import commonprefix
from typing import List, Tuple, Dict, Set, Optional, Union, Any, Callable, Iterable, Iterator, Generator
import copy
import string
import math
import collections
import bisect
import heapq
import functools
import random
import itertools
import operator
import re
from math import log, prod
from collections import deque, defaultdict, Counter, OrderedDict
from itertools import zip_longest, cycle
from functools import lru_cache, reduce, partial
from operator import iand
import sys
"""
"""What LiveCodeBench puts before the code, but for numpy, pandas and what it imports twice.

https://github.com/LiveCodeBench/LiveCodeBench/blob/28fef95/lcb_runner/evaluation/utils_execute.py#L26
"""


@dataclass(frozen=True, kw_only=True)
class _Value:
    """What one run of the driver left."""

    raw: Raw
    value: Any = None
    error: str | None = None


def judge_prediction(builder: Builder, check: Prediction, language: str, answer: Answer) -> Verdict:
    """The verdict on a guessed output or input of a Python function."""
    assert language == "python", "the function is Python"
    guess = single_text(answer)
    if check.asks == "output" and check.call in guess:
        return _verdict(
            None, agreed=False, expected=check.expected, error="the guess contains the call it is to predict"
        )
    code = {"code": f"{EXECUTION_PRELUDE}\n{check.code}", "function": check.call.partition("(")[0]}
    if check.asks == "output":
        found = _ask(builder.session, {**code, "expression": guess}, check.timeout_s)
    else:
        found = _returned(builder.session, code, guess, check.timeout_s)
    expected = _expected(builder.session, check, code)
    if expected.error is not None:
        verdict = _verdict(expected, agreed=False, expected=check.expected)
        return verdict if expected.raw.sandbox_error else replace(verdict, outcome=Outcome.UNSCORED)
    agreed = found.error is None and equal(found.value, expected.value)
    return _verdict(found, agreed=agreed, expected=check.expected)


def judge_test_output(builder: Builder, check: TestOutput, language: str, answer: Answer) -> Verdict:
    """The verdict on an assertion whose right side predicts a value; its left side is never run."""
    assert language == "python", "the assertion is Python"
    found = _ask(
        builder.session, {"code": "", "function": None, "assertion": single_text(answer)}, Prediction.timeout_s
    )
    agreed = found.error is None and equal(found.value, json.loads(check.expected))
    return _verdict(found, agreed=agreed, expected=check.expected)


def _returned(session: Session, code: dict[str, str], guess: str, timeout_s: float) -> _Value:
    """What the function returns for guessed arguments."""
    arguments = _ask(session, {**code, "guess": guess}, timeout_s)
    if arguments.error is not None:
        return arguments
    try:
        packed = pack(arguments.value)
    except ValueRefusedError as error:  # the guess may have written what it liked
        return replace(arguments, error=str(error))
    return _ask(session, {**code, "arguments": packed}, timeout_s)


def _expected(session: Session, check: Prediction, code: dict[str, str]) -> _Value:
    """The right value. One that is no literal (`Counter(…)`) is evaluated apart from the guess."""
    try:
        return _Value(raw=Raw(exit_code=0), value=ast.literal_eval(check.expected))
    except (ValueError, SyntaxError):
        return _ask(session, {**code, "expression": check.expected}, check.timeout_s)


def _ask(session: Session, question: dict[str, Any], timeout_s: float) -> _Value:
    raw = session.run(
        driver_job(
            "python_prediction",
            {"prediction.json": json.dumps(question).encode()},
            replace(Limits(), wall_s=timeout_s, cpu_s=int(timeout_s) + 1),
        )
    )
    try:
        fields = parse_json(raw.result)
        if raw.exit_code != 0 or type(fields) is not dict:
            return _Value(raw=raw, error="the guess left no value")
        if "v" in fields:
            return _Value(raw=raw, value=unpack(fields["v"]))
        return _Value(raw=raw, error=str(fields.get("error")))
    except ValueRefusedError as error:
        return _Value(raw=raw, error=str(error))


def _verdict(found: _Value | None, *, agreed: bool, expected: str, error: str = "") -> Verdict:
    raw = Raw(exit_code=0) if found is None else found.raw
    if found is not None and found.error is not None:
        error = found.error
    output = "" if error or found is None else shown(found.value)
    message = printable(raw.sandbox_error or error)
    return Verdict(
        outcome=decide(compiled=None, ran=raw, agreed=agreed),
        mode="call",
        tests=1,
        passed=int(agreed),
        failure=None if agreed else Failure(test=0, output=output, expected=expected, error=message),
        message=message,
        cpu_s=raw.cpu_s,
        wall_s=raw.wall_s,
        peak_bytes=raw.peak_bytes,
    )
