"""Python's own tools and package managers: modules, venv, pip, unittest, json.tool, dpkg, cargo."""

import json

from hrm_edge.train.data.tools.draw import Draw
from hrm_edge.train.data.tools.scenario import Catalogue, Plan, Step, prints

CATALOGUE = Catalogue("python")
_scenario = CATALOGUE.scenario


@_scenario("python3")
def missing_module(draw: Draw) -> Plan:
    """A module in another directory is found by PYTHONPATH."""
    (one, two), (folder,), number = draw.names(2), draw.folders(1), draw.number(2, 90)
    module = f"{two}_tools"
    return Plan(
        goals=(
            f"Run {one}.py, which imports {module} from {folder}/, without changing any file.",
            f"{one}.py needs {folder}/{module}.py. Set the search path for one run.",
        ),
        files={
            f"{one}.py": f"import {module}\n\nprint({module}.VALUE + 1)\n",
            f"{folder}/{module}.py": f"VALUE = {number}\n",
        },
        steps=(
            Step(command=f"python3 {one}.py", fails=True, says=f"No module named '{module}'", needed=False),
            Step(command=f"PYTHONPATH={folder} python3 {one}.py", says=str(number + 1)),
        ),
        look=f"ls . {folder}",
        check=f"PYTHONPATH={folder} python3 {one}.py",
        proof=prints(str(number + 1)),
        predict=True,
    )


@_scenario("python3")
def relative_import(draw: Draw) -> Plan:
    """A module of a package must be run with -m."""
    package, (one, two), number = draw.words(1)[0], draw.names(2), draw.number(2, 90)
    return Plan(
        goals=(
            f"Run the module {one} of the package {package}; it uses a relative import.",
            f"Start {package}/{one}.py so that its relative import works.",
        ),
        files={
            f"{package}/__init__.py": "",
            f"{package}/{one}.py": f"from .{two} import VALUE\n\nprint(VALUE * 2)\n",
            f"{package}/{two}.py": f"VALUE = {number}\n",
        },
        steps=(
            Step(command=f"python3 {package}/{one}.py", fails=True, says="attempted relative import", needed=False),
            Step(command=f"python3 -m {package}.{one}", says=str(number * 2)),
        ),
        look=f"ls {package}",
        check=f"python3 -m {package}.{one}",
        proof=prints(str(number * 2)),
        predict=True,
    )


@_scenario("python3")
def failing_unittest(draw: Draw) -> Plan:
    """A test fails; the function is mended and the tests pass."""
    (name,), (a, b) = draw.names(1), draw.numbers(2, 3, 60)
    test = (
        f"import unittest\n\nfrom {name}_sum import total\n\n\nclass TotalTest(unittest.TestCase):\n"
        f"    def test_total(self):\n        self.assertEqual(total({a}, {b}), {a + b})\n"
    )
    return Plan(
        goals=(
            f"Run the unit tests. total in {name}_sum.py should add but subtracts: mend it and run the tests again.",
            f"The tests fail since {name}_sum.py has a minus where a plus belongs. Fix it and prove it with unittest.",
        ),
        files={f"{name}_sum.py": "def total(a, b):\n    return a - b\n", f"test_{name}.py": test},
        steps=(
            Step(command="python3 -m unittest", fails=True, says=f"AssertionError: {a - b} != {a + b}", needed=False),
            Step(command=f"sed -i 's/a - b/a + b/' {name}_sum.py"),
            Step(command="python3 -m unittest", says="OK"),
        ),
        look=f"cat {name}_sum.py",
        check=f"python3 -c 'from {name}_sum import total; print(total({b}, {a}))'",
        proof=prints(str(a + b)),
        predict=True,
    )


@_scenario("python3")
def run_one_test(draw: Draw) -> Plan:
    """One test out of many."""
    (name,), words = draw.names(1), draw.words(3)
    tests = "".join(f"    def test_{word}(self):\n        print('ran {word}')\n\n" for word in words)
    return Plan(
        goals=(
            f"Run only test_{words[1]} of the class Tests in test_{name}.py.",
            f"Execute a single unit test: Tests.test_{words[1]} in test_{name}.py.",
        ),
        files={f"test_{name}.py": f"import unittest\n\n\nclass Tests(unittest.TestCase):\n{tests.rstrip()}\n"},
        steps=(
            Step(
                command=f"python3 -m unittest -q test_{name}.Tests.test_{words[1]} 2>/dev/null", says=f"ran {words[1]}"
            ),
        ),
        look="ls",
        check=f"python3 -m unittest -q test_{name}.Tests.test_{words[1]} 2>/dev/null",
        proof=prints(f"ran {words[1]}"),
        predict=True,
    )


@_scenario("python3")
def broken_json(draw: Draw) -> Plan:
    """A trailing comma in JSON."""
    (name,), (one, two), (a, b) = draw.names(1), draw.words(2), draw.numbers(2, 1, 99)
    return Plan(
        goals=(
            f"Validate {name}.json, remove the comma after the last value if there is one, and format it as "
            f"pretty.json.",
            f"{name}.json has a trailing comma. Mend it, then write it indented to pretty.json.",
        ),
        files={f"{name}.json": f'{{"{one}": {a}, "{two}": {b},}}\n'},
        steps=(
            Step(command=f"python3 -m json.tool {name}.json", fails=True, says="Expecting property name", needed=False),
            Step(command=f"sed -i 's/,}}/}}/' {name}.json"),
            Step(command=f"python3 -m json.tool {name}.json pretty.json"),
        ),
        look=f"cat {name}.json",
        check="cat pretty.json",
        proof=prints(json.dumps({one: a, two: b}, indent=4)),
        predict=True,
    )


@_scenario("python3")
def syntax_check(draw: Draw) -> Plan:
    """All files are compiled; one has an error."""
    (folder,), names, number = draw.folders(1), draw.names(2), draw.number(1, 9)
    return Plan(
        goals=(
            f"Check the syntax of all Python files in {folder} without running them, and add the colon that is "
            f"missing.",
            f"Compile everything in {folder}; {names[1]}.py lacks a colon after its def line. Mend it and check again.",
        ),
        files={
            f"{folder}/{names[0]}.py": f"x = {number}\n",
            f"{folder}/{names[1]}.py": f"def run()\n    return {number}\n",
        },
        steps=(
            Step(command=f"python3 -m compileall -q {folder}", fails=True, says="expected ':'", needed=False),
            Step(command=f"sed -i 's/^def run()$/def run():/' {folder}/{names[1]}.py"),
            Step(command=f"python3 -m compileall -q {folder}"),
        ),
        look=f"head {folder}/*.py",
        check=f"cd {folder} && python3 -c 'import {names[1]}; print({names[1]}.run())'",
        proof=prints(str(number)),
        context=True,
        predict=True,
    )


@_scenario("python3", most=6)
def virtual_environment(draw: Draw) -> Plan:
    """A venv without pip, and whose interpreter is used."""
    name = draw.one((".venv", "venv", "env", f"{draw.words(1)[0]}-env"))
    return Plan(
        goals=(
            f"Create the virtual environment {name} (without pip) and activate it.",
            f"Set up {name} as a Python virtual environment that needs no pip, then activate it in this shell.",
        ),
        steps=(
            Step(command=f"source {name}/bin/activate", fails=True, says="No such file or directory", needed=False),
            Step(command=f"python3 -m venv --without-pip {name}"),
            Step(command=f"source {name}/bin/activate"),
        ),
        look="ls -A",
        check="python -c 'import sys; print(sys.prefix.rpartition(\"/\")[2], sys.prefix != sys.base_prefix)'",
        proof=prints(f"{name} True"),
    )


def _project(name: str, version: str, value: int) -> dict[str, str]:
    """A package that setuptools builds without network."""
    return {
        f"{name}/setup.py": f"from setuptools import setup\n\nsetup(name='{name}', version='{version}', "
        f"py_modules=['{name}'])\n",
        f"{name}/{name}.py": f"VALUE = {value}\n",
    }


@_scenario("python3", most=2)
def pip_install_local(draw: Draw) -> Plan:
    """A local package goes into a fresh environment, offline."""
    name, number = f"{draw.words(1)[0]}kit", draw.number(2, 90)
    version = f"{draw.number(0, 3)}.{draw.number(0, 9)}.{draw.number(1, 9)}"
    return Plan(
        goals=(
            f"Install the local package in ./{name} into a new virtual environment .venv, without network.",
            f"Make .venv and install {name} from its directory with pip, offline (no index, no build isolation).",
        ),
        files=_project(name, version, number),
        steps=(
            Step(command="python3 -m venv .venv"),
            Step(command=f".venv/bin/pip install -q {name}", fails=True, says="No matching distribution", needed=False),
            Step(command=f".venv/bin/pip install -q --no-index --no-build-isolation ./{name} 2> pip.log"),
        ),
        look="ls -A",
        check=f".venv/bin/pip list --format=freeze | grep {name} && .venv/bin/python -c 'import {name}; "
        f"print({name}.VALUE)'"
        f" && .venv/bin/pip show {name} | grep ^Version",
        proof=prints(f"{name}=={version}\n{number}\nVersion: {version}"),
    )


@_scenario("python3")
def zip_application(draw: Draw) -> Plan:
    """A folder becomes one file that Python runs."""
    (folder,), (word,) = draw.folders(1), draw.words(1)
    return Plan(
        goals=(
            f"Pack the folder {folder} as a runnable archive {word}.pyz and run it.",
            f"Make a zipapp {word}.pyz of {folder} and start it.",
        ),
        files={f"{folder}/main.py": f"print('{word} runs')\n"},
        steps=(
            Step(
                command=f"python3 -m zipapp {folder} -o {word}.pyz",
                fails=True,
                says="Archive has no entry point",
                needed=False,
            ),
            Step(command=f"mv {folder}/main.py {folder}/__main__.py"),
            Step(command=f"python3 -m zipapp {folder} -o {word}.pyz"),
            Step(command=f"python3 {word}.pyz", says=f"{word} runs"),
        ),
        look=f"ls {folder}",
        check=f"python3 {word}.pyz",
        proof=prints(f"{word} runs"),
        context=True,
        predict=True,
    )


@_scenario("python3")
def names_in_bytecode(draw: Draw) -> Plan:
    """The bytecode of a function shows what it calls."""
    (name,), (word,) = draw.names(1), draw.words(1)
    return Plan(
        goals=(
            f"Which global names does the function run in {name}.py load? Look at its bytecode.",
            f"Disassemble {name}.py and list the names that run loads as globals.",
        ),
        files={f"{name}.py": f"def run(items):\n    return sorted(items, key={word})\n"},
        steps=(Step(command=f"python3 -m dis {name}.py | grep LOAD_GLOBAL", says=word),),
        look=f"wc -l {name}.py",
        check=f"python3 -m dis {name}.py | grep -o 'LOAD_GLOBAL.*' | grep -oE '[a-z]+\\)$' | tr -d ')'",
        proof=prints(f"sorted\n{word}"),
        answer=f"sorted and {word}",
    )


@_scenario("python3", "tar")
def source_archive_listing(draw: Draw) -> Plan:
    """A tar archive is read by Python's own tool."""
    (folder,), names = draw.folders(1), draw.names(2)
    return Plan(
        goals=(
            f"List the members of {folder}.tar with Python's tarfile module and extract them into out.",
            f"Without tar: show what is in {folder}.tar, then unpack it into out using Python.",
        ),
        files={f"{folder}/{name}.txt": f"{name}\n" for name in names},
        setup=f"tar -cf {folder}.tar {folder}\nrm -r {folder}",
        steps=(
            Step(command=f"python3 -m tarfile -l {folder}.tar", says=f"{folder}/{names[0]}.txt"),
            Step(command=f"python3 -m tarfile -e {folder}.tar out"),
        ),
        look="ls",
        check=f"cat out/{folder}/{names[0]}.txt out/{folder}/{names[1]}.txt",
        proof=prints("\n".join(names)),
        predict=True,
    )


@_scenario("cargo", "rustc")
def cargo_new_project(draw: Draw) -> Plan:
    """A project whose name cargo does not take."""
    (word,) = draw.words(1)
    return Plan(
        goals=(
            f"Create a cargo project in the directory 1{word}, without git; the package should be called {word}.",
            f"Set up 1{word} with cargo new (no version control); name the package {word}.",
        ),
        steps=(
            Step(command=f"cargo new --vcs none 1{word}", fails=True, says="invalid character", needed=False),
            Step(command=f"cargo new --vcs none --name {word} 1{word}"),
        ),
        look="ls",
        check=f"grep ^name 1{word}/Cargo.toml && ls 1{word} 1{word}/src",
        proof=prints(f'name = "{word}"\n1{word}:\nCargo.toml\nsrc\n\n1{word}/src:\nmain.rs'),
        predict=True,
    )


@_scenario("npm", "tar", most=4)
def npm_pack(draw: Draw) -> Plan:
    """A package is packed to a tarball and installed from there, offline."""
    name, number, version = f"{draw.words(1)[0]}-lib", draw.number(2, 90), f"{draw.number(1, 5)}.{draw.number(0, 9)}.0"
    return Plan(
        goals=(
            f"Pack the package in {name} and install the tarball in app, both without network.",
            f"Make a tarball of {name} with npm and install it as a dependency of app, offline.",
        ),
        files={
            f"{name}/package.json": f'{{"name": "{name}", "version": "{version}", "main": "index.js"}}\n',
            f"{name}/index.js": f"module.exports = {number};\n",
            "app/package.json": '{"name": "app", "version": "1.0.0"}\n',
        },
        steps=(
            Step(command="cd app"),
            Step(command=f"npm pack --silent ../{name}", says=f"{name}-{version}.tgz"),
            Step(command=f"npm install --silent ./{name}-{version}.tgz"),
        ),
        look="ls",
        check=f"node -p \"require('{name}') + 1\" && grep '\"version\"' node_modules/{name}/package.json | tr -d ' '",
        proof=lambda record: (
            record.check.output.startswith(f"{number + 1}\n") and f'"version":"{version}"' in record.check.output
        ),
    )
