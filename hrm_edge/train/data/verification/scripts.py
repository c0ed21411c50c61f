"""Batches of Python and JavaScript: nothing is compiled, every program has a scope of its own."""

import json
from collections.abc import Sequence

from hrm_edge.sandbox.toolchain import Toolchain
from hrm_edge.train.data.verification.batch import Batch, Item

_PYTHON = """\
import json
import sys
import traceback

for number, (solution, tests) in enumerate(json.load(open("items.json", encoding="utf-8"))):
    scope = {"__name__": f"item{number}"}
    try:
        exec(compile(solution, f"solution{number}", "exec"), scope)
        known = set(scope)
        exec(compile(tests, f"tests{number}", "exec"), scope)
        found = [name for name in scope if name not in known and name.startswith("test_")]
        for name in found:
            scope[name]()
        if found:
            print("pass", number, flush=True)
    except BaseException:
        print("item", number, file=sys.stderr)
        traceback.print_exc(limit=-2)
"""
_JAVASCRIPT = """\
"use strict";
const fs = require("fs");
const Module = require("module");
const original = Module._load;
let count = 0;
const test = (name, body) => { body(); count += 1; };
test.test = test;
test.describe = (name, body) => body();
test.it = test;
Module._load = (name, ...rest) => (name === "node:test" ? test : original(name, ...rest));
const items = JSON.parse(fs.readFileSync("items.json", "utf8"));
items.forEach(([solution, tests], number) => {
  try {
    count = 0;
    new Function("require", `"use strict";\\n${solution}\\n${tests}`)(require);
    if (count > 0) console.log(`pass ${number}`);
  } catch (error) {
    console.error(`item ${number}: ${error && error.stack}`);
  }
});
"""


class PythonBatcher:
    """One interpreter, one namespace for each program."""

    language = "python"

    def batch(self, items: Sequence[Item], toolchain: Toolchain) -> Batch:
        """The runner reads all programs from one file."""
        files = {"main.py": _PYTHON, "items.json": _packed(items)}
        return Batch(files=files, script=f"'{toolchain.programs['python3']}' -I -S main.py")


class JavascriptBatcher:
    """One node process, one function for each program; `node:test` runs each test at once."""

    language = "javascript"

    def batch(self, items: Sequence[Item], toolchain: Toolchain) -> Batch:
        """The runner reads all programs from one file."""
        files = {"main.js": _JAVASCRIPT, "items.json": _packed(items)}
        return Batch(files=files, script=f"'{toolchain.programs['node']}' main.js")


def _packed(items: Sequence[Item]) -> str:
    return json.dumps([(item.solution, item.tests) for item in items])
