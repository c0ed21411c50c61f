"""Python answers that try to pass without being right: by lying values, by leaks, by forged reports. None does.

The right function adds a number that only the tests know, drawn anew in every run. They carry it in a comment too,
for an answer to find wherever it can look: an answer passes by a leak or a forgery, never by chance.
"""

import secrets

import pytest

from hrm_edge.problems.problem import Calls, PythonTests
from hrm_edge.sandbox.build import Builder
from hrm_edge.sandbox.job import Job, Limits
from hrm_edge.sandbox.judges.calls import judge_calls
from hrm_edge.sandbox.judges.python_calls import python_calls_job, read_python_results
from hrm_edge.sandbox.judges.python_tests import judge_python_tests
from hrm_edge.sandbox.session import Session
from hrm_edge.sandbox.verdict import Outcome, Verdict

NUMBER = secrets.randbits(31)
MARKER = f"# marker-{NUMBER:08x}"
RIGHT = f"def f(x):\n    return x + {NUMBER}\n"
BOX = "class Box:\n    def __init__(self, value):\n        self.value = value\n"
RIGHT_BESIDE_ITS_TESTS = f"{BOX}def f(box):\n    return box.value + {NUMBER}\n"

TOOLS = r"""
import builtins, ctypes, gc, glob, inspect, itertools, json, os, posix, re, signal, sys, threading, time
NAME = re.compile(rb"marke" + rb"r-([0-9a-f]{8})")
libc = ctypes.CDLL(None, use_errno=True)

def number_in(data):
    found = NAME.search(data if isinstance(data, bytes) else str(data).encode(errors="replace"))
    return int(found[1], 16) if found else None

def quietly(action, *arguments):
    try:
        return action(*arguments)
    except BaseException:
        return None

def read(path):
    with open(path, "rb") as file:
        return file.read(1 << 22)

def memory(pid):
    maps = quietly(read, f"/proc/{pid}/maps") or b""
    with open(f"/proc/{pid}/mem", "rb", 0) as file:
        for line in maps.decode().splitlines():
            start, end = (int(part, 16) for part in line.split()[0].split("-"))
            if "w" in line.split()[1]:
                file.seek(start)
                found = number_in(quietly(file.read, end - start) or b"")
                if found is not None:
                    return found

def searching(search):
    def f(x):
        found = quietly(search)
        return x + found if isinstance(found, int) else None
    return f

def lines():
    for i in range(3):
        yield {"i": i, "v": i}
        yield {"test": i, "error": None, "by": "test", "nonce": ""}
FORGED = b"".join(json.dumps(line).encode() + b"\n" for line in lines())
"""

LYING_VALUES = {
    "equal to everything": "class A:\n    __eq__ = lambda *_: True\n    __hash__ = None\ndef f(x): return A()",
    "int that is equal to everything": """
class A(int):
    __eq__ = lambda *_: True
    __ne__ = lambda *_: False
def f(x): return A(1)""",
    "metaclass that lies in isinstance": """
class M(type):
    __instancecheck__ = __subclasscheck__ = __eq__ = lambda *_: True
    __hash__ = type.__hash__
class A(metaclass=M):
    __eq__ = lambda *_: True
def f(x): return A()""",
    "class that says it is int": """
class A:
    __class__ = int
    __eq__ = lambda *_: True
    __reduce__ = lambda self: (exec, ("raise SystemExit(0)",))
def f(x): return A()""",
    "iterator that is equal to everything": """
class A:
    __eq__ = lambda *_: True
    __iter__ = lambda self: self
    def __next__(self): raise StopIteration
def f(x): return A()""",
    "contains itself": "def f(x):\n    a = []\n    a.append(a)\n    return a",
    "wide without end": "def f(x):\n    a = []\n    for _ in range(99): a = [a, a]\n    return a",
    "endless generator": "def f(x): return itertools.repeat(x)",
    "huge text": "def f(x): return 'a' * 50_000_000",
    "huge number": "def f(x): return 1 << (1 << 28)",
    "huge range": "def f(x): return range(1 << 60)",
}
LEAKS = {
    "frames": """
def frames():
    frame = sys._getframe()
    while frame:
        for scope in (frame.f_locals, frame.f_globals):
            found = number_in(repr(scope))
            if found is not None: return found
        frame = frame.f_back
f = searching(frames)""",
    "gc": """
def objects():
    for thing in gc.get_objects():
        found = number_in(quietly(repr, thing) or "") if isinstance(thing, (dict, list, tuple)) else None
        if found is not None: return found
f = searching(objects)""",
    "own memory": "f = searching(lambda: memory('self'))",
    "judge's memory": "f = searching(lambda: memory(os.getppid()))",
    "any process's memory": """
f = searching(lambda: next(n for p in os.listdir('/proc') if p.isdecimal()
    and (n := quietly(memory, p)) is not None))""",
    "judge's descriptors": """
f = searching(lambda: next(n for fd in range(64) if (n := number_in(quietly(read, f'/proc/{os.getppid()}/fd/{fd}')
    or b'')) is not None))""",
    "own descriptors": """
f = searching(lambda: next(n for fd in range(64) if (n := number_in(quietly(os.pread, fd, 1 << 20, 0) or b''))
    is not None))""",
    "descriptor 4": "CONTENT = quietly(os.read, 4, 1 << 20)\nf = searching(lambda: number_in(CONTENT))",
    "descriptor 4, unmoved": "CONTENT = quietly(os.pread, 4, 1 << 20, 0)\nf = searching(lambda: number_in(CONTENT))",
    "descriptors taken from the judge": """
def taken():
    handle = os.pidfd_open(os.getppid())
    for fd in range(64):
        own = libc.syscall(438, handle, fd, 0)
        found = number_in(quietly(os.pread, own, 1 << 20, 0) or b'')
        if found is not None: return found
f = searching(taken)""",
    "tracing the judge": """
def traced():
    libc.ptrace(16, os.getppid(), 0, 0)
    time.sleep(0.05)
    return memory(os.getppid())
f = searching(traced)""",
    "files": """
PATHS = [*glob.glob('/tmp/**', recursive=True), *glob.glob('/proc/*/cmdline'), *glob.glob('/proc/*/environ')]
f = searching(lambda: next(n for path in PATHS if (n := number_in(quietly(read, path) or b'')) is not None))""",
    "standard input": "f = searching(lambda: number_in(sys.stdin.buffer.read()))",
}
FORGED_REPORTS = {
    "exit at import": "sys.exit(0)",
    "hard exit at import": "posix._exit(0)",
    "exit in the call": "def f(x): sys.exit(0)",
    "hard exit in the call": "def f(x): posix._exit(0)",
    "lines on descriptor 3, then exit": "posix.write(3, FORGED)\nposix._exit(0)",
    "lines on every descriptor": """
for fd in range(256): quietly(os.write, fd, FORGED)
def f(x): return x""",
    "lines on the judge's descriptor": """
for fd in range(64): quietly(lambda: open(f'/proc/{os.getppid()}/fd/{fd}', 'wb').write(FORGED))
def f(x): return x""",
    "lines at exit": "import atexit\natexit.register(lambda: os.write(3, FORGED))\ndef f(x): return None",
    "replies before their calls": """
for fd in range(3, 64):
    quietly(os.write, fd, b'{"ready": true}\\n' + b'{"id": "0", "v": 1}\\n' * 9)
def f(x): return None""",
    "thread that outlives the call": """
def writes():
    while True:
        for fd in range(3, 64): quietly(os.write, fd, FORGED)
        time.sleep(0.001)
def f(x):
    threading.Thread(target=writes, daemon=True).start()
    return None""",
    "child that goes on": "if os.fork() == 0:\n    os._exit(0)\nos.fork()\ndef f(x):\n    os.fork()\n    return None",
    "parent that exits": "if os.fork(): os._exit(0)\ndef f(x): return None",
    "killed judge": "def f(x): os.kill(os.getppid(), signal.SIGKILL)",
    "interrupted judge": "def f(x):\n    os.kill(os.getppid(), signal.SIGINT)\n    time.sleep(0.05)",
    "alarmed judge": "def f(x):\n    os.kill(os.getppid(), signal.SIGALRM)\n    time.sleep(0.05)",
    "everything killed": "def f(x): os.kill(-1, signal.SIGTERM)",
    "patched builtins": """
class Quiet(Exception): pass
for name in ("compile", "exec", "eval", "repr", "isinstance", "type", "len", "print"):
    setattr(builtins, name, lambda *_, **__: True)
builtins.AssertionError = Quiet
def f(x): return True""",
    "patched json": """
json.dumps = lambda *_, **__: FORGED.decode()
json.loads = lambda *_, **__: {"expected": 1, "v": 1}
os.write = lambda fd, data: posix.write(fd, FORGED) and len(data)
def f(x): return 1""",
    "set result of a caller": """
def f(x):
    frame = sys._getframe()
    while frame:
        for name in ("stat", "result", "results", "passed", "error", "agreed"):
            for scope in (frame.f_locals, frame.f_globals): scope[name] = "pass"
        frame = frame.f_back
    return None""",
    "traced tests": """
sys.settrace(lambda *_: None)
threading.settrace(lambda *_: None)
def f(x): return None""",
    "raises what a test raises": "def f(x): raise AssertionError('the test itself')",
    "raises out of everything": "class Out(BaseException): pass\ndef f(x): raise Out",
    "exception that cannot be shown": """
class Bad(Exception):
    def __str__(self): raise SystemExit(0)
    __repr__ = __str__
def f(x): raise Bad""",
}
FORGERIES = {**LYING_VALUES, **LEAKS, **FORGED_REPORTS}


def apart(timeout_s: float = 10.0) -> PythonTests:
    tests = [f"assert f({x}) == {x + NUMBER}  {MARKER}" for x in (0, 7, 40)]
    tests.append(f"def check(candidate):\n    assert candidate(x=1) == {1 + NUMBER}\ncheck(f)")
    return PythonTests(entry_point="f", tests=tuple(tests), timeout_s=timeout_s)


def beside() -> PythonTests:
    """Tests that only the answer's own class can run."""
    return PythonTests(
        entry_point="f", tests=tuple(f"assert f(Box({x})) == {x + NUMBER}  {MARKER}" for x in (0, 7, 40))
    )


def judged_tests(session: Session, check: PythonTests, answer: str) -> Verdict:
    return judge_python_tests(Builder(session, {}), check, "python", answer)


def judged_calls(session: Session, answer: str) -> Verdict:
    check = Calls(function="f", arguments=((0,), (7,), (40,)), expected=(NUMBER, NUMBER + 7, NUMBER + 40))
    return judge_calls(Builder(session, {}), check, "python", answer)


@pytest.fixture
def session(zygote: Session):
    """The session; after the test it must still judge a right program as passed."""
    yield zygote
    assert judged_tests(zygote, apart(), RIGHT).outcome is Outcome.PASSED


SCORED = {Outcome.FAILED, Outcome.RUNTIME_ERROR, Outcome.MEMORY_LIMIT, Outcome.OUTPUT_LIMIT, Outcome.TIMEOUT}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
def test_no_forgery_passes_tests_in_a_process_apart(session, forgery):
    verdict = judged_tests(session, apart(), TOOLS + forgery)
    assert verdict.mode == "call"
    assert verdict.passed == 0
    assert verdict.outcome in SCORED, verdict


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
def test_no_forgery_passes_calls(session, forgery):
    verdict = judged_calls(session, TOOLS + forgery)
    assert (verdict.passed, verdict.mode) == (0, "call")
    assert verdict.outcome in SCORED, verdict


READS_ITS_TESTS = """
def expected(x):
    frame = sys._getframe()
    while frame:
        for value in frame.f_locals.values():
            found = re.search(r"assert f.Box.%d.. == ([0-9]+)" % x.value, repr(value))
            if found: return int(found[1])
        frame = frame.f_back
f = expected"""
BESIDE = {**LYING_VALUES, **FORGED_REPORTS, "reads what its tests expect": READS_ITS_TESTS}


@pytest.mark.parametrize("forgery", BESIDE.values(), ids=BESIDE)
def test_no_such_forgery_passes_tests_beside_it_for_the_canary_shows_it(session, forgery):
    verdict = judged_tests(session, beside(), f"{TOOLS}{BOX}{forgery}")
    assert verdict.mode == "suite"
    assert verdict.outcome in SCORED, verdict


@pytest.mark.parametrize("forgery", ["equal to everything", "reads what its tests expect"])
def test_program_that_passes_the_canary_is_noted_as_tampered(session, forgery):
    verdict = judged_tests(session, beside(), TOOLS + BOX + BESIDE[forgery])
    assert (verdict.outcome, verdict.notes) == (Outcome.FAILED, ("tampered",))


@pytest.mark.parametrize("leak", ["frames", "gc", "own memory", "descriptor 4", "own descriptors"])
def test_leak_finds_the_number_where_it_is_in_reach(session, leak):
    """So that what finds nothing apart from its tests is known to look well."""
    hidden = f"hidden = [{MARKER!r}]\n" if "descriptor" not in leak else ""
    secret = MARKER.encode() if "descriptor" in leak else b""
    raw = session.run(Job(python=f"{TOOLS}\n{hidden}{LEAKS[leak]}\nprint(f(0))", secret=secret))
    assert raw.stdout == b"%d\n" % NUMBER


def test_stopped_judge_is_a_timeout(session):
    stop = "import os, signal\ndef f(x):\n    os.kill(os.getppid(), signal.SIGSTOP)"
    assert judged_tests(session, apart(timeout_s=1.0), stop).outcome is Outcome.TIMEOUT


def test_endless_call_is_a_timeout_in_its_place(session):
    check = Calls(function="f", arguments=((0,), (1,), (2,)), expected=(0, 1, 2), timeout_s=0.5)
    raw = session.run(python_calls_job(check, "def f(x):\n    while x == 1: pass\n    return x", Limits()))
    results = read_python_results(raw, check)
    assert [result.timed_out for result in results] == [False, True]


def test_right_programs_pass_in_every_mode(session):
    assert judged_calls(session, RIGHT).outcome is Outcome.PASSED
    assert judged_tests(session, apart(), RIGHT).outcome is Outcome.PASSED
    verdict = judged_tests(session, beside(), RIGHT_BESIDE_ITS_TESTS)
    assert (verdict.outcome, verdict.mode, verdict.notes) == (Outcome.PASSED, "suite", ())
