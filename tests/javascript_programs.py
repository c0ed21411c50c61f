"""Runs many pieces of JavaScript in one process of Node."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from typing import Any

import pytest

# A program is a function's body; what it returns comes back with what JSON would lose: Map, -0, undefined.
_RUNNER = """
const show = (value) => {
  if (value === undefined) return { undefined: true };
  if (Object.is(value, -0)) return { negativeZero: true };
  if (Array.isArray(value)) return value.map(show);
  if (value instanceof Map) return { map: [...value].map(([key, item]) => [show(key), show(item)]) };
  if (value !== null && typeof value === "object") {
    return { map: Object.entries(value).map(([key, item]) => [key, show(item)]) };
  }
  return value;
};
const run = (body) => {
  try {
    return { value: show(new Function("require", body)(require)) };
  } catch (error) {
    return { error: String(error.stack).slice(0, 400) };
  }
};
const bodies = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(bodies.map(run)));
"""


def run_javascript(bodies: Sequence[str]) -> list[dict[str, Any]]:
    """`{"value": …}` or `{"error": …}` of each body; skips the test where there is no Node."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node: apt install nodejs")
    ran = subprocess.run([node, "-e", _RUNNER], input=json.dumps(bodies), capture_output=True, text=True, check=True)
    found: list[dict[str, Any]] = json.loads(ran.stdout)
    return found


def as_shown(value: Any) -> Any:
    """What the runner shows for a value of a program."""
    if isinstance(value, dict):
        return {"map": [[as_shown(key), as_shown(item)] for key, item in value.items()]}
    if isinstance(value, list | tuple):
        return [as_shown(item) for item in value]
    return value
