"""A `main` in Java that reads a parameter per line and prints the result on one."""

from hrm_edge.train.data.ir.fresh_names import FreshNames
from hrm_edge.train.data.renderers.java_unit import JavaUnit

_STEP = "    "


def main_method(unit: JavaUnit) -> str:
    """The method, for programs that `reads_lines` accepts."""
    entry = unit.program.entry
    names = FreshNames(entry)
    names.draw(("args",))
    reader = unit.variable(names.draw(("reader", "input")))
    wide = unit.whole == "long"
    parse = "Long.parseLong" if wide else "Integer.parseInt"
    line = f'{unit.library("Objects")}.requireNonNullElse({reader}.readLine(), "")'
    buffered, stream = unit.library("BufferedReader"), unit.library("InputStreamReader")
    lines = [f"{buffered} {reader} = new {buffered}(new {stream}(System.in));"]
    for parameter in entry.parameters:
        declared = f"{unit.type(parameter.type)} {unit.variable(parameter.name)}"
        match str(parameter.type):
            case "int":
                lines.append(f"{declared} = {parse}({reader}.readLine().trim());")
            case "str":
                lines.append(f"{declared} = {line};")
            case _:
                word = unit.variable(names.draw(("word", "field")))
                lines += [
                    f"{declared} = new {unit.library('ArrayList')}<>();",
                    f'for (String {word} : {line}.split("\\\\s+")) {{',
                    f"{_STEP}if (!{word}.isEmpty()) {{",
                    f"{_STEP * 2}{unit.variable(parameter.name)}.add({parse}({word}));",
                    f"{_STEP}}}",
                    "}",
                ]
    call = f"{unit.method(entry.name)}({', '.join(unit.variable(parameter.name) for parameter in entry.parameters)})"
    if str(entry.result) == "list[int]":
        call = f'{call}.stream().map(String::valueOf).collect({unit.library("Collectors")}.joining(" "))'
    lines.append(f"System.out.println({call});")
    head = f"public static void main(String[] args) throws {unit.library('IOException')} {{"
    return "\n".join([head, *(_STEP + text for text in lines), "}"])
