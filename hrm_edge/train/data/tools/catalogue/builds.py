"""Build systems and compilers: make, g++, cmake, javac, rustc, go, node, npm."""

from hrm_edge.train.data.tools.draw import Draw
from hrm_edge.train.data.tools.scenario import Catalogue, Plan, Step, prints

CATALOGUE = Catalogue("build")
_scenario = CATALOGUE.scenario


@_scenario("make")
def missing_prerequisite(draw: Draw) -> Plan:
    """make wants a file that nothing makes."""
    one, two, out = draw.names(3)
    (word,) = draw.words(1)
    return Plan(
        goals=(
            f"Build {out}.txt with make. {two}.txt must contain '{word}'; create it if it is missing.",
            f"Get make to produce {out}.txt; where {two}.txt is not there, write the line '{word}' into it.",
        ),
        files={"Makefile": f"{out}.txt: {one}.txt {two}.txt\n\tcat $^ > $@\n", f"{one}.txt": f"{one}\n"},
        steps=(
            Step(command="make", fails=True, says=f"No rule to make target '{two}.txt'", needed=False),
            Step(command=f"echo '{word}' > {two}.txt"),
            Step(command="make", says=f"cat {one}.txt {two}.txt > {out}.txt"),
        ),
        look="ls",
        check=f"cat {out}.txt",
        proof=prints(f"{one}\n{word}"),
        predict=True,
    )


@_scenario("make")
def spaces_for_tab(draw: Draw) -> Plan:
    """A recipe that begins with blanks."""
    (out,), (word,), blanks = draw.names(1), draw.words(1), draw.one((4, 8))
    return Plan(
        goals=(
            f"make fails on this Makefile since recipes start with {blanks} spaces. Mend it and build {out}.txt.",
            f"Turn the {blanks} leading spaces in the Makefile into tabs and run make to get {out}.txt.",
        ),
        files={"Makefile": f"{out}.txt:\n{' ' * blanks}echo {word} > {out}.txt\n"},
        steps=(
            Step(command="make", fails=True, says="missing separator", needed=False),
            Step(command=f"sed -i 's/^ \\{{{blanks}\\}}/\\t/' Makefile"),
            Step(command="make", says=f"echo {word}"),
        ),
        look="cat -A Makefile",
        check=f"cat {out}.txt",
        proof=prints(word),
        predict=True,
    )


@_scenario("make")
def incremental_rebuild(draw: Draw) -> Plan:
    """Only what depends on the changed file is made again."""
    one, two, out = draw.names(3)
    (word,) = draw.words(1)
    rule = "%.out: %.in\n\ttr a-z A-Z < $< > $@\n"
    return Plan(
        goals=(
            f"Change {one}.in to '{word}' and rebuild with make; nothing else should be made again than needed.",
            f"Write '{word}' into {one}.in and bring {out}.txt up to date with make.",
        ),
        files={
            "Makefile": f"{out}.txt: {one}.out {two}.out\n\tcat $^ > $@\n{rule}.PRECIOUS: %.out\n",
            f"{one}.in": "old\n",
            f"{two}.in": f"{two}\n",
        },
        setup=f"make\ntouch -d '2024-01-01' {one}.in {two}.in\ntouch -d '2024-01-02' *.out\ntouch -d "
        f"'2024-01-03' {out}.txt",
        steps=(
            Step(command="make", says=f"'{out}.txt' is up to date", needed=False),
            Step(command=f"echo '{word}' > {one}.in"),
            Step(command="make", says=f"tr a-z A-Z < {one}.in > {one}.out"),
        ),
        look="make -n",
        check=f"cat {out}.txt",
        proof=lambda record: (
            record.check.output == f"{word.upper()}\n{two.upper()}" and f"{two}.in" not in record.steps[-1].output
        ),
        predict=True,
    )


@_scenario("make")
def phony_clash(draw: Draw) -> Plan:
    """A file with a target's name keeps make from running it."""
    (word,), target = draw.words(1), draw.one(("test", "clean", "install", "docs"))
    return Plan(
        goals=(
            f"`make {target}` says that it is up to date, since a file {target} exists. Make the target always run.",
            f"Declare {target} as phony in the Makefile (append the line) and run make {target}.",
        ),
        files={"Makefile": f"{target}:\n\t@echo running {word}\n", target: ""},
        steps=(
            Step(command=f"make {target}", says="is up to date", needed=False),
            Step(command=f"echo '.PHONY: {target}' >> Makefile"),
            Step(command=f"make {target}", says=f"running {word}"),
        ),
        look="cat Makefile && ls",
        check=f"make {target}",
        proof=prints(f"running {word}"),
        predict=True,
    )


@_scenario("make")
def make_variables(draw: Draw) -> Plan:
    """A variable is given on the command line."""
    (name,), (usual, wanted) = draw.names(1), draw.words(2)
    return Plan(
        goals=(
            f"Run the target {name} of the Makefile with MODE set to {wanted}, without editing the file.",
            f"make {name}, but with MODE={wanted} instead of its default.",
        ),
        files={"Makefile": f"MODE = {usual}\n\n{name}:\n\t@echo {name} in mode $(MODE) > {name}.log\n"},
        steps=(Step(command=f"make {name} MODE={wanted}"),),
        look="cat Makefile",
        check=f"cat {name}.log",
        proof=prints(f"{name} in mode {wanted}"),
        predict=True,
    )


@_scenario("make")
def keep_going(draw: Draw) -> Plan:
    """One of several targets fails; the others are wanted all the same."""
    names = draw.names(3)
    bad = draw.number(0, 2)
    rules = "".join(
        f"{name}.txt:\n\t{'false' if at == bad else f'echo {name} > {name}.txt'}\n" for at, name in enumerate(names)
    )
    good = sorted(f"{name}.txt" for at, name in enumerate(names) if at != bad)
    return Plan(
        goals=(
            "Build as many targets as possible, even if one of them fails.",
            "Run make for all targets and go on after errors.",
        ),
        files={"Makefile": f"all: {' '.join(f'{name}.txt' for name in names)}\n{rules}"},
        steps=(Step(command="make -k", fails=True, says="not remade because of errors"),),
        look="make -n",
        check="ls *.txt",
        proof=prints("\n".join(good)),
        predict=True,
    )


@_scenario("g++", most=6)
def missing_include(draw: Draw) -> Plan:
    """A standard header is missing."""
    (name,), numbers = draw.names(1), draw.numbers(3, 1, 90)
    values = ", ".join(map(str, numbers))
    code = (
        "#include <iostream>\n\nint main() "
        f"{{\n    std::vector<int> xs{{{values}}};\n    std::cout << xs.size() + {numbers[0]} << '\\n';\n}}\n"
    )
    return Plan(
        goals=(
            f"Compile {name}.cpp to {name} with g++; add an include if one is missing.",
            f"Build the program {name} from {name}.cpp. If g++ complains about a missing header, put it in at the top.",
        ),
        files={f"{name}.cpp": code},
        steps=(
            Step(
                command=f"g++ {name}.cpp -o {name}", fails=True, says="'vector' is not a member of 'std'", needed=False
            ),
            Step(command=f"sed -i '1i #include <vector>' {name}.cpp"),
            Step(command=f"g++ {name}.cpp -o {name}"),
        ),
        look=f"cat {name}.cpp",
        check=f"./{name}",
        proof=prints(str(3 + numbers[0])),
        context=True,
        predict=True,
    )


@_scenario("gcc")
def undefined_reference(draw: Draw) -> Plan:
    """The second file was not given to the linker."""
    (one, two), (a, b) = draw.names(2), draw.numbers(2, 2, 40)
    return Plan(
        goals=(
            f"Build the program app from {one}.c, which calls mix() of {two}.c.",
            f"Compile and link {one}.c and {two}.c into app with gcc.",
        ),
        files={
            f"{one}.c": f"#include <stdio.h>\nint mix(int, int);\nint main(void) "
            f'{{ printf("%d\\n", mix({a}, {b})); return 0; }}\n',
            f"{two}.c": "int mix(int a, int b) { return a * b + 1; }\n",
        },
        steps=(
            Step(command=f"gcc {one}.c -o app", fails=True, says="undefined reference to `mix'", needed=False),
            Step(command=f"gcc {one}.c {two}.c -o app"),
        ),
        look="ls",
        check="./app",
        proof=prints(str(a * b + 1)),
        predict=True,
    )


@_scenario("gcc", "ar")
def library_order(draw: Draw) -> Plan:
    """A static library must follow what uses it."""
    (one,), library, (a, b) = draw.names(1), draw.words(1)[0], draw.numbers(2, 2, 40)
    return Plan(
        goals=(
            f"Put {library}.o into the static library lib{library}.a and link {one}.c with it as app.",
            f"Make lib{library}.a of {library}.c, then build app from {one}.c and that library (in this directory).",
        ),
        files={
            f"{one}.c": f"#include <stdio.h>\nint gap(int, int);\nint main(void) "
            f'{{ printf("%d\\n", gap({a}, {b})); return 0; }}\n',
            f"{library}.c": "int gap(int a, int b) { return a > b ? a - b : b - a; }\n",
        },
        steps=(
            Step(command=f"gcc -c {library}.c -o {library}.o"),
            Step(command=f"ar rcs lib{library}.a {library}.o"),
            Step(
                command=f"gcc -L. -l{library} {one}.c -o app",
                fails=True,
                says="undefined reference to `gap'",
                needed=False,
            ),
            Step(command=f"gcc {one}.c -L. -l{library} -o app"),
        ),
        look="ls",
        check=f"./app && ar t lib{library}.a",
        proof=prints(f"{abs(a - b)}\n{library}.o"),
        predict=True,
    )


@_scenario("gcc")
def math_library(draw: Draw) -> Plan:
    """The maths functions live in a library of their own."""
    (name,), root = draw.names(1), draw.number(3, 30)
    code = (
        "#include <math.h>\n#include <stdio.h>\n#include <stdlib.h>\n"
        'int main(int count, char **words) { (void)count; printf("%g\\n", sqrt(atof(words[1]))); return 0; }\n'
    )
    return Plan(
        goals=(
            f"Compile {name}.c, which uses sqrt, to {name}.",
            f"Build {name} from {name}.c with gcc; it needs math.",
        ),
        files={f"{name}.c": code},
        steps=(
            Step(command=f"gcc {name}.c -o {name}", fails=True, says="undefined reference to `sqrt'", needed=False),
            Step(command=f"gcc {name}.c -o {name} -lm"),
        ),
        look="ls",
        check=f"./{name} {root * root}",
        proof=prints(str(root)),
        predict=True,
    )


@_scenario("gcc")
def warnings_as_errors(draw: Draw) -> Plan:
    """An unused variable stops a strict build."""
    (name,), (word,), number = draw.names(1), draw.words(1), draw.number(2, 90)
    code = (
        "#include <stdio.h>\nint main(void) "
        f'{{\n    int {word} = 0;\n    printf("%d\\n", {number});\n    return 0;\n}}\n'
    )
    return Plan(
        goals=(
            f"Build {name} from {name}.c with -Wall -Werror; delete the line of an unused variable if there is one.",
            f"Make {name}.c compile cleanly under gcc -Wall -Werror (remove unused variables), output {name}.",
        ),
        files={f"{name}.c": code},
        steps=(
            Step(
                command=f"gcc -Wall -Werror {name}.c -o {name}",
                fails=True,
                says=f"unused variable '{word}'",
                needed=False,
            ),
            Step(command=f"sed -i '/int {word} = 0;/d' {name}.c"),
            Step(command=f"gcc -Wall -Werror {name}.c -o {name}"),
        ),
        look=f"cat {name}.c",
        check=f"./{name}",
        proof=prints(str(number)),
        context=True,
        predict=True,
    )


@_scenario("cmake", "make", "gcc", most=6)
def cmake_build(draw: Draw) -> Plan:
    """An out-of-source build; a source file is missing from the list."""
    (one, two), number = draw.names(2), draw.number(2, 90)
    target = f"{draw.words(1)[0]}_app"
    return Plan(
        goals=(
            f"Build the target {target} in the directory build with cmake. {two}.c belongs to it as well.",
            f"Configure into build and build {target}; if {two}.c is missing in CMakeLists.txt, add it after {one}.c.",
        ),
        files={
            "CMakeLists.txt": f"cmake_minimum_required(VERSION 3.10)\nproject(demo C)\nadd_executable({target} "
            f"{one}.c)\n",
            f"{one}.c": "#include <stdio.h>\nint value(void);\nint main(void) "
            '{ printf("%d\\n", value()); return 0; }\n',
            f"{two}.c": f"int value(void) {{ return {number}; }}\n",
        },
        steps=(
            Step(command="cmake -S . -B build > configure.log"),
            Step(
                command="cmake --build build > build.log",
                fails=True,
                says="undefined reference to `value'",
                needed=False,
            ),
            Step(command=f"sed -i 's/{target} {one}.c/{target} {one}.c {two}.c/' CMakeLists.txt"),
            Step(command="cmake --build build > build.log"),
        ),
        look="cat CMakeLists.txt",
        check=f"./build/{target}",
        proof=prints(str(number)),
        context=True,
        predict=True,
    )


@_scenario("javac", "java", most=4)
def class_path(draw: Draw) -> Plan:
    """A class in another directory is found by the class path."""
    (word,), number = draw.words(1), draw.number(2, 90)
    name = word.capitalize()
    return Plan(
        goals=(
            f"Compile Main.java, which uses the class {name} in lib/, into out/ and run it.",
            f"Main.java needs lib/{name}.class. Compile to out with javac and run Main.",
        ),
        files={
            f"lib/{name}.java": f"public class {name} {{ public static int value() {{ return {number}; }} }}\n",
            "Main.java": "public class Main {\n    public static void main(String[] words) {\n"
            f"        System.out.println({name}.value() + 1);\n    }}\n}}\n",
        },
        setup=f"javac lib/{name}.java",
        steps=(
            Step(command="javac -d out Main.java", fails=True, says="cannot find symbol", needed=False),
            Step(command="javac -cp lib -d out Main.java"),
            Step(command="java -cp out:lib Main", says=str(number + 1)),
        ),
        look="ls . lib",
        check="java -cp out:lib Main",
        proof=prints(str(number + 1)),
        predict=True,
    )


@_scenario("rustc", most=6)
def rust_mutability(draw: Draw) -> Plan:
    """The compiler asks for `mut`."""
    (name,), (word,), (a, b) = draw.names(1), draw.words(1), draw.numbers(2, 2, 90)
    code = f'fn main() {{\n    let {word} = {a};\n    {word} += {b};\n    println!("{{}}", {word});\n}}\n'
    return Plan(
        goals=(
            f"Compile {name}.rs with rustc; {word} is meant to be mutable.",
            f"Make {name}.rs compile: the variable {word} has to be mutable. Build {name}.",
        ),
        files={f"{name}.rs": code},
        steps=(
            Step(command=f"rustc {name}.rs", fails=True, says=f"`{word}`", needed=False),
            Step(command=f"sed -i 's/let {word}/let mut {word}/' {name}.rs"),
            Step(command=f"rustc {name}.rs"),
        ),
        look=f"cat {name}.rs",
        check=f"./{name}",
        proof=prints(str(a + b)),
        predict=True,
    )


@_scenario("go", most=6)
def go_unused_import(draw: Draw) -> Plan:
    """Go refuses an import that is not used."""
    (name,), number = draw.names(1), draw.number(2, 90)
    code = f'package main\n\nimport (\n\t"fmt"\n\t"os"\n)\n\nfunc main() {{\n\tfmt.Println({number} * 2)\n}}\n'
    return Plan(
        goals=(
            f"Run {name}.go; remove an import that is not used.",
            f"Make {name}.go run with go run; drop the unused import.",
        ),
        files={f"{name}.go": code},
        steps=(
            Step(command=f"go run {name}.go", fails=True, says='"os" imported and not used', needed=False),
            Step(command=f"sed -i '/\"os\"/d' {name}.go"),
            Step(command=f"go run {name}.go", says=str(number * 2)),
        ),
        look=f"cat {name}.go",
        check=f"go run {name}.go",
        proof=prints(str(number * 2)),
        context=True,
        predict=True,
    )


@_scenario("node")
def node_missing_module(draw: Draw) -> Plan:
    """A relative module needs ./ in front."""
    (one, two), number = draw.names(2), draw.number(2, 90)
    return Plan(
        goals=(
            f"Run {one}.js with node. It should require the file {two}.js beside it, not a package.",
            f"{one}.js cannot find {two}: mend its require so that it loads ./{two}.js, and run it.",
        ),
        files={
            f"{one}.js": f"const other = require('{two}-lib');\nconsole.log(other.value + 1);\n",
            f"{two}-lib.js": f"exports.value = {number};\n",
        },
        steps=(
            Step(command=f"node {one}.js", fails=True, says=f"Cannot find module '{two}-lib'", needed=False),
            Step(command=f"sed -i \"s|require('{two}-lib')|require('./{two}-lib')|\" {one}.js"),
            Step(command=f"node {one}.js", says=str(number + 1)),
        ),
        look=f"cat {one}.js && ls",
        check=f"node {one}.js",
        proof=prints(str(number + 1)),
        context=True,
        predict=True,
    )


@_scenario("node")
def node_module_kind(draw: Draw) -> Plan:
    """require in a file that is an ES module by its name."""
    (name,), number = draw.names(1), draw.number(2, 90)
    code = f"const {{ sep }} = require('node:path');\nconsole.log(sep.length + {number});\n"
    return Plan(
        goals=(
            f"Run {name}.mjs, which uses require; rename it so that node takes it as CommonJS.",
            f"node rejects the require in {name}.mjs. Give the file the right ending and run it.",
        ),
        files={f"{name}.mjs": code},
        steps=(
            Step(command=f"node {name}.mjs", fails=True, says="require is not defined in ES module", needed=False),
            Step(command=f"mv {name}.mjs {name}.cjs"),
            Step(command=f"node {name}.cjs", says=str(number + 1)),
        ),
        look="ls",
        check=f"node {name}.cjs",
        proof=prints(str(number + 1)),
        predict=True,
    )


@_scenario("npm", "node", most=4)
def npm_script(draw: Draw) -> Plan:
    """A script is added to package.json and run."""
    project, (script,), number = draw.project(), draw.names(1), draw.number(2, 90)
    return Plan(
        goals=(
            f"Add an npm script {script} that runs node {script}.js, and run it.",
            f"package.json lacks the script {script} (node {script}.js). Add it with npm and run it.",
        ),
        files={
            "package.json": f'{{\n  "name": "{project}",\n  "version": "1.0.0"\n}}\n',
            f"{script}.js": f"console.log({number} * 3);\n",
        },
        steps=(
            Step(command=f"npm run -s {script}", fails=True, needed=False),
            Step(command=f"npm pkg set scripts.{script}='node {script}.js'"),
            Step(command=f"npm run -s {script}", says=str(number * 3)),
        ),
        look="cat package.json",
        check=f"npm run -s {script}",
        proof=prints(str(number * 3)),
        predict=True,
    )


@_scenario("gcc")
def old_object_file(draw: Draw) -> Plan:
    """A linker finds the same function twice."""
    (one, two), number = draw.names(2), draw.number(2, 90)
    return Plan(
        goals=(
            f"Link all .c files here into app; {two}_old.c is an old copy of {two}.c and must stay out.",
            f"Build app from {one}.c and {two}.c, without the outdated {two}_old.c.",
        ),
        files={
            f"{one}.c": "#include <stdio.h>\nint value(void);\nint main(void) "
            '{ printf("%d\\n", value()); return 0; }\n',
            f"{two}.c": f"int value(void) {{ return {number}; }}\n",
            f"{two}_old.c": "int value(void) { return 0; }\n",
        },
        steps=(
            Step(command="gcc *.c -o app", fails=True, says="multiple definition of `value'", needed=False),
            Step(command=f"gcc {one}.c {two}.c -o app"),
        ),
        look="ls",
        check="./app",
        proof=prints(str(number)),
        predict=True,
    )


@_scenario("make", "gcc")
def makefile_from_scratch(draw: Draw) -> Plan:
    """A Makefile with two rules is written."""
    (name,), number = draw.names(1), draw.number(2, 90)
    makefile = f"{name}: {name}.c\\n\\tgcc -Wall -o $@ $<\\nclean:\\n\\trm -f {name}\\n"
    return Plan(
        goals=(
            f"Write a Makefile that builds {name} from {name}.c with gcc -Wall and has a clean target, and build.",
            f"I need a Makefile for {name}.c (program {name}, gcc -Wall, target clean). Then run make.",
        ),
        files={f"{name}.c": f"int main(void) {{ return {number}; }}\n"},
        steps=(
            Step(command="make", fails=True, says="No targets specified and no makefile found", needed=False),
            Step(command=f"printf '{makefile}' > Makefile"),
            Step(command="make", says=f"gcc -Wall -o {name} {name}.c"),
        ),
        look="ls",
        check=f"./{name}; echo $?; make; make clean && ls",
        proof=lambda record: (
            record.check.output.split("\n")
            == [
                str(number),
                f"make: '{name}' is up to date.",
                f"rm -f {name}",
                *sorted(["Makefile", f"{name}.c"]),
            ]
        ),
        predict=True,
    )
