"""The shim of jest's interface, against what jest's documentation says of each matcher (jestjs.io/docs/expect)."""

import pytest

from hrm_edge.problems.problem import SuiteTests
from hrm_edge.sandbox.verdict import Outcome

from .conftest import JudgeSuite

HOLD = """
expect(0.1 + 0.2).toBeCloseTo(0.3, 5);
expect(NaN).toBe(NaN);
expect(0).not.toBe(-0);
expect({ a: undefined, b: 2 }).toEqual({ b: 2 });
expect({ a: undefined, b: 2 }).not.toStrictEqual({ b: 2 });
expect([, 1]).toEqual([undefined, 1]);
expect(new Set([[1], [2]])).toEqual(new Set([[2], [1]]));
expect(new Map([[{ a: 1 }, 2]])).toEqual(new Map([[{ a: 1 }, 2]]));
expect(new Date(5)).not.toEqual(new Date(6));
expect(new (class A { constructor() { this.x = 1; } })()).toEqual({ x: 1 });
expect(new (class A { constructor() { this.x = 1; } })()).not.toStrictEqual({ x: 1 });
expect([1, 2]).not.toEqual([1, 2, 3]);
expect('12').not.toEqual(12);
expect(() => { throw new RangeError('out of range'); }).toThrow('of ra');
expect(() => { throw new RangeError('out of range'); }).toThrow(RangeError);
expect(() => { throw new RangeError('out of range'); }).toThrow(new Error('out of range'));
expect(() => { throw new RangeError('out of range'); }).not.toThrow(/^of/);
expect(() => 1).not.toThrow();
expect({ a: { b: [1, 2] }, c: 3 }).toMatchObject({ a: { b: [1, 2] } });
expect({ a: { b: [1] } }).toHaveProperty('a.b[0]', 1);
expect({ n: 1, when: new Date() }).toEqual({ n: expect.any(Number), when: expect.anything() });
expect([3, 1, 2]).toEqual(expect.arrayContaining([1, 2]));
expect('grapefruits').toMatch(/fruit/);
expect(['lime', 'apple']).toContain('lime');
expect([{ a: 1 }]).toContainEqual({ a: 1 });
expect([1, 2, 3]).toHaveLength(3);
await expect(Promise.resolve('lemon')).resolves.toBe('lemon');
await expect(Promise.reject(new Error('octopus'))).rejects.toThrow('octopus');
""".strip().split("\n")
FAIL = """
expect(1).toBe(2);
expect({ a: 1 }).toBe({ a: 1 });
expect({ a: 1, b: 2 }).toEqual({ a: 1 });
expect({ a: { b: 1 } }).toEqual({ a: { b: 2 } });
expect([1, 2]).toEqual([2, 1]);
expect(null).toEqual(undefined);
expect(0.3).toBeCloseTo(0.31);
expect(() => 1).toThrow();
expect(1).toThrow();
expect(() => { throw new Error('a'); }).toThrow(TypeError);
expect(() => { throw new Error('a'); }).not.toThrow();
expect([1]).toContainEqual(2);
expect('abc').toHaveLength(2);
expect(undefined).toBeDefined();
expect(3).toBeGreaterThan(3);
await expect(Promise.resolve(1)).rejects.toBe(1);
await expect(Promise.reject(new Error('a'))).resolves.toBe('a');
await new Promise((resolved, rejected) => setTimeout(rejected, 1));
""".strip().split("\n")


def _suite(lines: list[str]) -> SuiteTests:
    tests = "".join(f"test('number {number}', async () => {{ {line} }});\n" for number, line in enumerate(lines))
    return SuiteTests(
        harness="jest", solution_paths=("x.js",), files={"x.spec.js": f"import {{}} from './x';\n{tests}"}
    )


def test_what_jest_says_holds_holds(judge: JudgeSuite) -> None:
    verdict = judge(_suite(HOLD), "javascript", "export {};\n")
    assert verdict.outcome is Outcome.PASSED, verdict.message
    assert verdict.passed == len(HOLD)


def test_what_jest_says_fails_fails(judge: JudgeSuite) -> None:
    verdict = judge(_suite(FAIL), "javascript", "export {};\n")
    assert verdict.outcome is Outcome.FAILED
    assert verdict.passed == 0, verdict.message
    assert "did not end" not in verdict.message


@pytest.mark.parametrize("hook", ["beforeEach", "beforeAll"])
def test_hooks_of_outer_blocks_run_first(hook: str, judge: JudgeSuite) -> None:
    spec = f"""
let order = [];
{hook}((done) => {{ order.push('outer'); setTimeout(done, 1); }});
describe('block', () => {{
  {hook}(async () => {{ order.push('inner'); }});
  test('sees both', () => {{ expect(order).toEqual(['outer', 'inner']); }});
}});
"""
    check = SuiteTests(harness="jest", solution_paths=("x.js",), files={"x.spec.js": spec})
    verdict = judge(check, "javascript", "module.exports = {};\n")
    assert verdict.outcome is Outcome.PASSED, verdict.message
