"""Texts in small formats, taken apart and written: pairs, dice, clocks, versions, sums, ranges, codes."""

# ruff: noqa: SIM108 — an if spelled out is what a person writes in most of the six languages

import csv
import datetime
import pathlib
import posixpath
import random
import re
import string
from urllib.parse import parse_qsl

from hrm_edge.train.data.atoms.atom import Claim, atom
from hrm_edge.train.data.atoms.domains import Made, OneOf, Text, Whole
from hrm_edge.train.data.atoms.telling import Telling, any_text


def _pairs(rng: random.Random) -> str:
    return ";".join(f"{rng.choice('abcd')}={rng.randint(-9, 99)}" for _ in range(rng.randint(0, 5)))


def _numbers_line(rng: random.Random) -> str:
    return ",".join(str(rng.randint(-20, 99)) for _ in range(rng.randint(1, 6)))


def _sum_text(rng: random.Random) -> str:
    first, *rest = (str(rng.randint(0, 30)) for _ in range(rng.randint(1, 5)))
    return first + "".join(rng.choice("+-") + number for number in rest)


def _formula(rng: random.Random) -> str:
    first, *rest = (str(rng.randint(0, 12)) for _ in range(rng.randint(1, 5)))
    return first + "".join(rng.choice("+-*") + number for number in rest)


def _version(rng: random.Random) -> str:
    return ".".join(str(rng.choice((0, 0, 1, 2, 10))) for _ in range(rng.randint(1, 4)))


def _ranges(rng: random.Random) -> str:
    starts = (rng.randint(0, 20) for _ in range(rng.randint(1, 4)))
    return ",".join(rng.choice((f"{start}", f"{start}-{start + rng.randint(0, 4)}")) for start in starts)


def _clock(rng: random.Random) -> str:
    return f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}"


def _trimmed_parts(text: str) -> list[int]:
    parts = list(map(int, text.split(".")))
    while parts and parts[-1] == 0:
        parts.pop()
    return parts


def parse_pairs_by_scan(text: str) -> dict[str, int]:
    values: dict[str, int] = {}
    key = ""
    value = ""
    in_key = True
    for c in text + ";":
        if c == "=":
            in_key = False
        elif c == ";":
            if not in_key:
                values[key] = int(value)
            key = ""
            value = ""
            in_key = True
        elif in_key:
            key += c
        else:
            value += c
    return values


@atom(
    topic="text parsing",
    says=(
        "the map of names to whole numbers that {text} writes as name=number pairs with semicolons between them (the "
        "last pair of a name counts; an empty text is an empty map)",
        "{text}, a list of settings such as 'a=1;b=20', as a map from each name to its number, later settings of a "
        "name replacing earlier ones, empty for an empty text",
    ),
    names=("parse_pairs", "parse_settings", "read_key_values"),
    inputs={"text": Made(_pairs, ("", "a=0"))},
    needs=lambda text: re.fullmatch(r"([a-z]+=-?\d+(;[a-z]+=-?\d+)*)?", text) is not None,
    reference=lambda text: {key: int(value) for key, value in re.findall(r"(\w+)=(-?\d+)", text)},
    claims=(Claim("The last value of a name counts.", ("a=1;a=2",), {"a": 2}),),
    also=(parse_pairs_by_scan,),
    level=2,
)
def parse_pairs(text: str) -> dict[str, int]:
    values: dict[str, int] = {}
    if text == "":
        return values
    for pair in text.split(";"):
        parts = pair.split("=")
        values[parts[0]] = int(parts[1])
    return values


@atom(
    topic="text parsing",
    says=(
        "the number of dice and the number of sides in the dice notation {text}, such as '3d6' for three six-sided "
        "dice",
        "the pair of the whole numbers N and S in {text}, which has the form NdS",
    ),
    names=("parse_dice", "read_dice", "dice_and_sides"),
    inputs={"text": Made(lambda rng: f"{rng.randint(1, 20)}d{rng.choice((4, 6, 8, 10, 12, 20))}", ("1d4", "10d20"))},
    needs=lambda text: re.fullmatch(r"\d+d\d+", text) is not None,
    reference=lambda text: tuple(map(int, re.findall(r"\d+", text))),
    claims=(Claim("Three dice of four sides.", ("3d4",), (3, 4)),),
    level=1,
)
def parse_dice(text: str) -> tuple[int, int]:
    parts = text.split("d")
    return int(parts[0]), int(parts[1])


@atom(
    topic="text parsing",
    says=(
        "the highest total that a roll of the dice {text} can show ('2d6+1' is two six-sided dice and 1 added; the "
        "part from the plus on may be missing)",
        "the largest possible result of the dice notation {text}, number of dice, 'd', sides and perhaps '+' and a "
        "whole number to add",
    ),
    names=("highest_roll", "max_dice_total", "best_roll"),
    inputs={
        "text": Made(
            lambda rng: f"{rng.randint(1, 9)}d{rng.choice((4, 6, 20))}{rng.choice(('', '+1', '+12'))}", ("1d4",)
        )
    },
    needs=lambda text: re.fullmatch(r"\d+d\d+(\+\d+)?", text) is not None,
    reference=lambda text: eval(text.replace("d", "*")),
    claims=(Claim("Without a plus nothing is added.", ("3d4",), 12),),
    level=2,
)
def highest_roll(text: str) -> int:
    bonus = 0
    dice = text
    plus = text.find("+")
    if plus >= 0:
        bonus = int(text[plus + 1 :])
        dice = text[:plus]
    parts = dice.split("d")
    return int(parts[0]) * int(parts[1]) + bonus


def parse_numbers_line_by_scan(text: str) -> list[int]:
    numbers: list[int] = []
    value = 0
    sign = 1
    for c in text:
        if c == ",":
            numbers.append(sign * value)
            value = 0
            sign = 1
        elif c == "-":
            sign = -1
        else:
            value = value * 10 + int(c)
    numbers.append(sign * value)
    return numbers


@atom(
    topic="text parsing",
    says=(
        "the list of the whole numbers that {text} writes with commas between them",
        "{text}, one or more whole numbers separated by commas, as a list of numbers in that order",
    ),
    names=("parse_numbers_line", "split_numbers", "numbers_from_csv"),
    inputs={"text": Made(_numbers_line, ("0", "-1,1"))},
    needs=lambda text: re.fullmatch(r"-?\d+(,-?\d+)*", text) is not None,
    reference=lambda text: list(map(int, next(csv.reader([text])))),
    claims=(Claim("A single number makes a list of one.", ("7",), [7]),),
    also=(parse_numbers_line_by_scan,),
    level=1,
)
def parse_numbers_line(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def evaluate_sum_by_parts(text: str) -> int:
    total = 0
    for part in text.replace("-", "+-").split("+"):
        total += int(part)
    return total


@atom(
    topic="text parsing",
    says=(
        "the value of {text}, whole numbers without signs joined by + and - and nothing else",
        "what the additions and subtractions written in {text} (such as '3+4-2', no blanks) come to",
    ),
    names=("evaluate_sum", "add_up_text", "compute_sum"),
    inputs={"text": Made(_sum_text, ("0", "1-2"))},
    needs=lambda text: re.fullmatch(r"\d+([+-]\d+)*", text) is not None,
    reference=lambda text: sum(int(term) for term in re.findall(r"[+-]?\d+", text)),
    claims=(Claim("The result may be negative.", ("1-2",), -1),),
    also=(evaluate_sum_by_parts,),
    level=2,
)
def evaluate_sum(text: str) -> int:
    total = 0
    sign = 1
    number = 0
    for c in text:
        if c.isdigit():
            number = number * 10 + int(c)
        else:
            total += sign * number
            number = 0
            if c == "+":
                sign = 1
            else:
                sign = -1
    return total + sign * number


def evaluate_formula_by_stack(text: str) -> int:
    terms: list[int] = []
    sign = "+"
    number = 0
    for c in text + "+":
        if c.isdigit():
            number = number * 10 + int(c)
        else:
            if sign == "+":
                terms.append(number)
            elif sign == "-":
                terms.append(-number)
            else:
                terms.append(terms.pop() * number)
            sign = c
            number = 0
    return sum(terms)


def product_of_factors(text: str) -> int:
    product = 1
    for factor in text.split("*"):
        product *= int(factor)
    return product


@atom(
    topic="text parsing",
    says=(
        "the value of {text}, whole numbers without signs joined by +, - and *, where * is done before + and -",
        "what the formula {text} comes to (no blanks or brackets, multiplication first, then addition and "
        "subtraction from left to right)",
    ),
    names=("evaluate_formula", "calculate", "evaluate_expression"),
    inputs={"text": Made(_formula, ("0", "1-2*3"))},
    needs=lambda text: re.fullmatch(r"(0|[1-9]\d*)([+*-](0|[1-9]\d*))*", text) is not None,
    reference=lambda text: eval(text),
    claims=(Claim("Multiplication goes first.", ("1-2*3",), -5),),
    also=(evaluate_formula_by_stack,),
    level=4,
)
def evaluate_formula(text: str) -> int:
    total = 0
    for part in text.split("+"):
        terms = part.split("-")
        value = product_of_factors(terms[0])
        for i in range(1, len(terms)):
            value -= product_of_factors(terms[i])
        total += value
    return total


def compare_versions_by_padding(first: str, second: str) -> int:
    left = [int(part) for part in first.split(".")]
    right = [int(part) for part in second.split(".")]
    while len(left) < len(right):
        left.append(0)
    while len(right) < len(left):
        right.append(0)
    for a, b in zip(left, right, strict=True):
        if a < b:
            return -1
        if a > b:
            return 1
    return 0


@atom(
    topic="text parsing",
    says=(
        "-1, 0 or 1 as the version {first} is older than, the same as or newer than the version {second} (numbers "
        "with dots between them, compared part by part as numbers, a missing part being 0)",
        "how the version numbers {first} and {second} compare, 1 if the first is later, -1 if the second is, 0 if "
        "they are the same; parts between dots are whole numbers and missing ones 0",
    ),
    names=("compare_versions", "version_order", "which_version_is_newer"),
    inputs={"first": Made(_version, ("0", "1.0")), "second": Made(_version, ("0", "1"))},
    needs=lambda first, second: all(re.fullmatch(r"\d+(\.\d+)*", text) for text in (first, second)),
    reference=lambda first, second: (
        (_trimmed_parts(first) > _trimmed_parts(second)) - (_trimmed_parts(first) < _trimmed_parts(second))
    ),
    claims=(
        Claim("Missing parts are 0: 1.0 and 1 are the same.", ("1.0", "1"), 0),
        Claim("Parts are numbers: 1.10 is newer than 1.9.", ("1.10", "1.9"), 1),
    ),
    also=(compare_versions_by_padding,),
    level=3,
)
def compare_versions(first: str, second: str) -> int:
    left = first.split(".")
    right = second.split(".")
    for i in range(max(len(left), len(right))):
        a = int(left[i]) if i < len(left) else 0
        b = int(right[i]) if i < len(right) else 0
        if a != b:
            return -1 if a < b else 1
    return 0


def binary_value_by_powers(text: str) -> int:
    total = 0
    power = 1
    for i in range(len(text) - 1, -1, -1):
        if text[i] == "1":
            total += power
        power *= 2
    return total


@atom(
    topic="text parsing",
    says=(
        "the number that {text} writes in base 2, 0 if it is empty",
        "the value of {text}, a text of the digits 0 and 1, read as a binary number (an empty one is 0)",
    ),
    names=("binary_value", "binary_to_int", "from_binary"),
    inputs={"text": Text("01", 0, 9)},
    reference=lambda text: int("0" + text, 2),
    claims=(Claim("Leading zeros do not matter.", ("0011",), 3),),
    also=(binary_value_by_powers,),
    level=2,
)
def binary_value(text: str) -> int:
    value = 0
    for c in text:
        value = value * 2 + int(c)
    return value


@atom(
    topic="text parsing",
    says=(
        "the number that {text} writes in base 16 with the digits 0 to 9 and a to f (0 if it is empty)",
        "the value of the hexadecimal number {text}, letters in lower case, 0 for an empty text",
    ),
    names=("hexadecimal_value", "hex_to_int", "from_hex"),
    inputs={"text": Text(string.hexdigits[:16], 0, 6)},
    needs=lambda text: len(text) <= 8,
    reference=lambda text: int("0" + text, 16),
    claims=(Claim("The letter a stands for 10.", ("a",), 10),),
    level=2,
)
def hexadecimal_value(text: str) -> int:
    value = 0
    for c in text:
        if c.isdigit():
            value = value * 16 + int(c)
        else:
            value = value * 16 + ord(c) - ord("a") + 10
    return value


def extract_numbers_by_blanks(text: str) -> list[int]:
    only_digits = ""
    for c in text:
        if c.isdigit():
            only_digits += c
        else:
            only_digits += " "
    return [int(part) for part in only_digits.split()]


@atom(
    topic="text parsing",
    says=(
        "the whole numbers that the runs of digits in {text} write, from left to right",
        "the list of all numbers without signs inside {text}, each made of as many neighbouring digits as possible",
    ),
    names=("extract_numbers", "find_numbers", "numbers_in_text"),
    inputs={"text": any_text(Text("ab -01239", 0, 10))},
    needs=lambda text: re.search(r"\d{10}", text) is None,
    reference=lambda text: [int(found) for found in re.findall(r"\d+", text)],
    claims=(
        Claim("A minus before a number is no part of it.", ("a-5",), [5]),
        Claim("Without digits the list is empty.", ("ab",), []),
    ),
    also=(extract_numbers_by_blanks,),
    level=2,
)
def extract_numbers(text: str) -> list[int]:
    numbers: list[int] = []
    digits = ""
    for c in text:
        if c.isdigit():
            digits += c
        elif digits != "":
            numbers.append(int(digits))
            digits = ""
    if digits != "":
        numbers.append(int(digits))
    return numbers


@atom(
    topic="text parsing",
    says=(
        "whether every quotation in {text} is closed, where a quotation opens with ' or \" and ends at the next "
        "character of the same kind (the other kind inside it is plain text)",
        "whether {text} ends outside quotation marks: a ' or \" that is met outside opens a quotation that only the "
        "same mark closes",
    ),
    names=("quotes_are_closed", "balanced_quotes", "has_closed_quotes"),
    inputs={"text": any_text(Text("ab'\"", 0, 7))},
    reference=lambda text: re.fullmatch(r"""([^'"]|'[^']*'|"[^"]*")*""", text) is not None,
    claims=(Claim("The other mark inside a quotation is plain text.", ("'\"'",), True),),
    holds=("has all its quotations closed", "have all their quotations closed"),
    level=3,
)
def quotes_are_closed(text: str) -> bool:
    opened = ""
    for c in text:
        if opened == "":
            if c == "'" or c == '"':
                opened = c
        elif c == opened:
            opened = ""
    return opened == ""


def fill_template_by_parts(text: str, values: dict[str, str]) -> str:
    parts = text.split("$")
    result = parts[0]
    for i in range(1, len(parts)):
        part = parts[i]
        if len(part) > 0 and part[0] in values:
            result += values[part[0]] + part[1:]
        else:
            result += "$" + part
    return result


@atom(
    topic="text parsing",
    says=(
        "{text} with every dollar sign and the character after it replaced by what {values} has for that character, "
        "and left as they are where {values} has nothing",
        "the template {text} filled in: '$x' becomes the text under the key 'x' of {values}, unless there is no "
        "such key",
    ),
    names=("fill_template", "substitute", "expand_template"),
    inputs={
        "text": any_text(
            Made(
                lambda rng: "".join(rng.choice(("$a", "$b", "$c", "x", " ", "a")) for _ in range(rng.randint(0, 6))),
                ("", "$"),
            )
        ),
        "values": OneOf(
            ({}, {"a": "one"}, {"a": "one", "b": "2"}, {"b": "", "c": "ccc"}, {"a": "x", "b": "y", "c": "z"})
        ),
    },
    needs=lambda text, values: "$$" not in text and all(len(key) == 1 and "$" not in key for key in values),
    reference=lambda text, values: re.sub(r"\$(.)", lambda found: values.get(found[1], found[0]), text),
    claims=(
        Claim("A key that is missing leaves its place as it is.", ("$a!", {}), "$a!"),
        Claim("A dollar sign at the end stays.", ("5$", {"a": "x"}), "5$"),
    ),
    also=(fill_template_by_parts,),
    level=3,
)
def fill_template(text: str, values: dict[str, str]) -> str:
    result = ""
    i = 0
    while i < len(text):
        if text[i] == "$" and i + 1 < len(text) and text[i + 1] in values:
            result += values[text[i + 1]]
            i += 2
        else:
            result += text[i]
            i += 1
    return result


@atom(
    topic="text parsing",
    says=(
        "the number of minutes from midnight to {text}, a time of the form HH:MM on a 24-hour clock",
        "how many minutes after 00:00 the time {text} is, written with two digits for hours and two for minutes",
    ),
    names=("minutes_of_clock", "clock_to_minutes", "minutes_since_midnight"),
    inputs={"text": Made(_clock, ("00:00", "23:59"))},
    needs=lambda text: re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", text) is not None,
    reference=lambda text: int(
        (datetime.datetime.strptime(text, "%H:%M") - datetime.datetime(1900, 1, 1)).seconds // 60
    ),
    claims=(Claim("Midnight is 0.", ("00:00",), 0),),
    level=1,
)
def minutes_of_clock(text: str) -> int:
    parts = text.split(":")
    return int(parts[0]) * 60 + int(parts[1])


@atom(
    topic="text parsing",
    says=(
        "the time {minutes} minutes after midnight, as HH:MM on a 24-hour clock that starts again every day",
        "{minutes} minutes since 00:00 written as a clock shows them: two digits for hours, a colon, two digits for "
        "minutes, whole days left out",
    ),
    names=("clock_of_minutes", "minutes_to_clock", "format_clock"),
    inputs={"minutes": Whole(0, 3000)},
    reference=lambda minutes: (datetime.datetime(2000, 1, 1) + datetime.timedelta(minutes=minutes)).strftime("%H:%M"),
    claims=(Claim("A whole day later it is midnight again.", (1440,), "00:00"),),
    level=2,
)
def clock_of_minutes(minutes: int) -> str:
    hours = str(minutes // 60 % 24)
    rest = str(minutes % 60)
    if len(hours) == 1:
        hours = "0" + hours
    if len(rest) == 1:
        rest = "0" + rest
    return hours + ":" + rest


@atom(
    topic="text parsing",
    says=(
        "the number of minutes that {text} stands for, whole hours followed by 'h', whole minutes followed by 'm', "
        "or both in this order without a blank",
        "the length in minutes of a duration such as '2h', '45m' or '1h30m', given as {text}",
    ),
    names=("parse_duration", "duration_in_minutes", "duration_to_minutes"),
    inputs={
        "text": Made(
            lambda rng: rng.choice(
                (f"{rng.randint(0, 30)}h", f"{rng.randint(0, 90)}m", f"{rng.randint(0, 9)}h{rng.randint(0, 59)}m")
            ),
            ("0m", "1h"),
        )
    },
    needs=lambda text: re.fullmatch(r"\d+h|\d+m|\d+h\d+m", text) is not None,
    reference=lambda text: sum(int(n) * {"h": 60, "m": 1}[unit] for n, unit in re.findall(r"(\d+)(.)", text)),
    claims=(Claim("An hour and a half is 90 minutes.", ("1h30m",), 90),),
    level=2,
)
def parse_duration(text: str) -> int:
    total = 0
    number = 0
    for c in text:
        if c.isdigit():
            number = number * 10 + int(c)
        elif c == "h":
            total += number * 60
            number = 0
        else:
            total += number
            number = 0
    return total


@atom(
    topic="text parsing",
    says=(
        "the red, green and blue parts, each from 0 to 255, of the colour {text}, a '#' and six hexadecimal digits "
        "in lower case, two for each part",
        "{text}, a colour as in '#ff8000', as three whole numbers for red, green and blue",
    ),
    names=("parse_colour", "hex_to_rgb", "colour_parts"),
    inputs={"text": Made(lambda rng: f"#{rng.randrange(2**24):06x}", ("#000000", "#ffffff"))},
    needs=lambda text: re.fullmatch("#[0-9a-f]{6}", text) is not None,
    reference=lambda text: tuple(bytes.fromhex(text[1:])),
    claims=(Claim("White is 255 three times.", ("#ffffff",), (255, 255, 255)),),
    level=2,
)
def parse_colour(text: str) -> tuple[int, int, int]:
    red = hexadecimal_value(text[1:3])
    green = hexadecimal_value(text[3:5])
    blue = hexadecimal_value(text[5:7])
    return red, green, blue


@atom(
    topic="text parsing",
    says=(
        "the list of the numbers that {text} names, items separated by commas, each a number or a range such as "
        "'3-6' with both ends included",
        "{text}, a selection of pages such as '1-3,7', written out as the list of its page numbers in the order given",
    ),
    names=("expand_ranges", "parse_page_ranges", "parse_ranges"),
    inputs={"text": Made(_ranges, ("0", "2-2"))},
    needs=lambda text: re.fullmatch(r"\d+(-\d+)?(,\d+(-\d+)?)*", text) is not None,
    reference=lambda text: [
        n for start, end in re.findall(r"(\d+)(?:-(\d+))?", text) for n in range(int(start), int(end or start) + 1)
    ],
    claims=(Claim("A number that is named twice stands twice in the list.", ("1-2,2",), [1, 2, 2]),),
    level=3,
)
def expand_ranges(text: str) -> list[int]:
    numbers: list[int] = []
    for part in text.split(","):
        ends = part.split("-")
        for n in range(int(ends[0]), int(ends[-1]) + 1):
            numbers.append(n)
    return numbers


def summarise_run(first: int, last: int) -> str:
    if first == last:
        return str(first)
    return str(first) + "-" + str(last)


@atom(
    topic="text parsing",
    says=(
        "the ascending different numbers {numbers} as a text: each run of two or more consecutive ones as its first "
        "and last with '-' between them, a lone one as it is, commas between",
        "{numbers}, ascending and without repeats, written as ranges such as '1-3,7', where two neighbours in "
        "counting are a range already; empty for an empty list",
    ),
    names=("summarise_ranges", "format_ranges", "numbers_to_ranges"),
    inputs={
        "numbers": Made(lambda rng: sorted(rng.sample(range(12), rng.randint(0, 8))), ([], [3], [1, 2])),
    },
    needs=lambda numbers: all(0 <= a < b for a, b in zip([-1, *numbers], numbers, strict=False) if a != -1),
    reference=lambda numbers: re.sub(
        r"(\d+)(?:_\d+)*_(\d+)",
        r"\1-\2",
        "".join(f"{'_' if n - 1 in numbers else ','}{n}" for n in numbers)[1:],
    ),
    claims=(Claim("An empty list gives an empty text.", ([],), ""),),
    level=3,
)
def summarise_ranges(numbers: list[int]) -> str:
    parts: list[str] = []
    start = 0
    while start < len(numbers):
        end = start
        while end + 1 < len(numbers) and numbers[end + 1] == numbers[end] + 1:
            end += 1
        parts.append(summarise_run(numbers[start], numbers[end]))
        start = end + 1
    return ",".join(parts)


def file_extension_by_loop(text: str) -> str:
    for i in range(len(text) - 1, 0, -1):
        if text[i] == ".":
            return text[i + 1 :]
    return ""


@atom(
    topic="text parsing",
    says=(
        "the part of the file name {text} after its last dot, empty if there is no dot or the only one comes first",
        "the extension of the file called {text}, without its dot; a name without a dot, or with none but at its "
        "very beginning, has an empty one",
    ),
    names=("file_extension", "extension_of", "suffix_of_file"),
    inputs={
        "text": any_text(
            OneOf(("a.txt", "notes.tar.gz", "Makefile", ".bashrc", "x.", "main.py", "b.c", ".a.b", "", "photo.jpeg"))
        )
    },
    needs=lambda text: "/" not in text and not text.startswith(".."),
    reference=lambda text: found[1] if (found := re.fullmatch(r".+\.([^.]*)", text)) else "",
    claims=(Claim("A dot at the start begins no extension.", (".bashrc",), ""),),
    also=(file_extension_by_loop,),
    level=2,
)
def file_extension(text: str) -> str:
    parts = text.split(".")
    if len(parts) == 1 or (len(parts) == 2 and parts[0] == ""):
        return ""
    return parts[-1]


@atom(
    topic="text parsing",
    says=(
        "the last part of the path {text}, whose parts are separated by single slashes (the whole path if it has none)",
        "the file name at the end of the path {text}: what stands after its last '/', or all of it without one",
    ),
    names=("base_name", "file_name_of_path", "last_path_part"),
    inputs={"text": OneOf(("a.txt", "src/main.py", "/etc/hosts", "/root", "a/b/c", "docs/x.y/z", "w/1", "readme"))},
    needs=lambda text: text != "" and not text.endswith("/"),
    reference=lambda text: pathlib.PurePosixPath(text).name,
    claims=(Claim("A path without slashes is a file name already.", ("a.txt",), "a.txt"),),
    level=1,
)
def base_name(text: str) -> str:
    return text.split("/")[-1]


def simplify_path_by_joining(text: str) -> str:
    kept: list[str] = []
    for part in text.split("/"):
        if part == "..":
            if len(kept) > 0:
                kept = kept[: len(kept) - 1]
        elif part != "" and part != ".":
            kept.append(part)
    return "/" + "/".join(kept)


@atom(
    topic="text parsing",
    says=(
        "the absolute path {text} without '.', '..' and doubled slashes: '..' takes away the part before it, if "
        "there is one, and no slash stands at the end unless the path is '/' alone",
        "the shortest path from the root to the place that the absolute path {text} leads to, where '.' stays, '..' "
        "goes up (nowhere from the root) and empty parts do nothing",
    ),
    names=("simplify_path", "normalise_path", "canonical_path"),
    inputs={
        "text": Made(
            lambda rng: "/" + "/".join(rng.choice(("a", "b", "..", ".", "", "tmp")) for _ in range(rng.randint(0, 5))),
            ("/", "/.."),
        )
    },
    needs=lambda text: text.startswith("/"),
    reference=lambda text: posixpath.normpath("/" + text.lstrip("/")),
    claims=(Claim("The root has nothing above it.", ("/..",), "/"),),
    also=(simplify_path_by_joining,),
    level=3,
)
def simplify_path(text: str) -> str:
    stack: list[str] = []
    for part in text.split("/"):
        if part == "" or part == ".":
            continue
        if part != "..":
            stack.append(part)
        elif len(stack) > 0:
            stack.pop()
    return "/" + "/".join(stack)


@atom(
    topic="text parsing",
    says=(
        "the code line {text} without its comment: everything from the first '#' on is cut off, and then the blanks "
        "at both ends",
        "what stands in {text} before the first '#' (all of it if there is none), without blanks at its beginning "
        "and end",
    ),
    names=("strip_comment", "without_comment", "code_before_comment"),
    inputs={"text": any_text(Text("ab# #", 0, 8))},
    reference=lambda text: text.partition("#")[0].strip(" "),
    claims=(Claim("A line that is all comment becomes empty.", ("# a",), ""),),
    level=1,
)
def strip_comment(text: str) -> str:
    start = text.find("#")
    if start < 0:
        return text.strip()
    return text[:start].strip()


def query_value_by_search(text: str, key: str) -> str:
    framed = "&" + text + "&"
    start = framed.find("&" + key + "=")
    if start < 0:
        return ""
    rest = framed[start + len(key) + 2 :]
    return rest[: rest.find("&")]


@atom(
    topic="text parsing",
    says=(
        "the value that the first pair with the name {key} has in {text}, pairs name=value joined by '&'; empty if "
        "that name is missing",
        "what stands behind the name {key} and a '=' in the query {text} (pairs name=value with '&' between them; "
        "the first one counts, an empty text if there is none)",
    ),
    names=("query_value", "get_query_parameter", "value_in_query"),
    inputs={
        "text": Made(
            lambda rng: "&".join(
                f"{rng.choice(('a', 'b', 'aa'))}={rng.choice(('1', '22', 'x', 'no'))}" for _ in range(rng.randint(0, 4))
            ),
            ("",),
        ),
        "key": OneOf(("a", "b", "aa")),
    },
    needs=lambda text, key: re.fullmatch(r"(\w+=\w*(&\w+=\w*)*)?", text) is not None and key.isalnum(),
    reference=lambda text, key: dict(reversed(parse_qsl(text, keep_blank_values=True))).get(key, ""),
    claims=(Claim("A name that is missing gives an empty text.", ("b=1", "a"), ""),),
    also=(query_value_by_search,),
    level=2,
)
def query_value(text: str, key: str) -> str:
    if text == "":
        return ""
    for pair in text.split("&"):
        parts = pair.split("=")
        if parts[0] == key:
            return parts[1]
    return ""


@atom(
    topic="text parsing",
    says=(
        "{number} in decimal digits with a comma before every group of three digits counted from the right",
        "the whole number {number}, not negative, written with commas between thousands, millions and so on",
    ),
    names=("with_thousands_commas", "format_thousands", "group_digits"),
    inputs={
        "number": Telling(
            OneOf((0, 7, 99, 100, 999, 1000, 1234, 10000, 65536, 123456, 1000000, 20304050, 999999999)), Whole(0, 10**9)
        )
    },
    needs=lambda number: number >= 0,
    reference=lambda number: f"{number:,}",
    claims=(Claim("Below a thousand there is no comma.", (999,), "999"),),
    level=2,
)
def with_thousands_commas(number: int) -> str:
    digits = str(number)
    result = ""
    for i, c in enumerate(digits):
        if i > 0 and (len(digits) - i) % 3 == 0:
            result += ","
        result += c
    return result


@atom(
    topic="text parsing",
    says=(
        "the number of bytes that {text} names: a whole number directly followed by B, K or M, where K is 1024 "
        "bytes and M is 1024 times that",
        "{text}, a size such as '512B', '4K' or '1M', in bytes (1K = 1024B, 1M = 1024K)",
    ),
    names=("parse_size", "size_in_bytes", "bytes_of_size"),
    inputs={"text": Made(lambda rng: f"{rng.randint(0, 600)}{rng.choice('BKM')}", ("0B", "1K"))},
    needs=lambda text: re.fullmatch(r"\d{1,4}[BKM]", text) is not None,
    reference=lambda text: int(text[:-1]) << 10 * "BKM".index(text[-1]),
    claims=(Claim("4K are 4096 bytes.", ("4K",), 4096),),
    level=2,
)
def parse_size(text: str) -> int:
    number = int(text[: len(text) - 1])
    unit = text[-1]
    if unit == "K":
        return number * 1024
    if unit == "M":
        return number * 1024 * 1024
    return number


@atom(
    topic="text parsing",
    says=(
        "the two whole numbers in {text}, a point written as '(x,y)' without blanks, as a pair",
        "x and y of the point that {text} writes in round brackets with a comma between the coordinates",
    ),
    names=("parse_point", "read_coordinates", "point_of_text"),
    inputs={"text": Made(lambda rng: f"({rng.randint(-30, 30)},{rng.randint(-30, 30)})", ("(0,0)", "(-1,1)"))},
    needs=lambda text: re.fullmatch(r"\(-?\d+,-?\d+\)", text) is not None,
    reference=lambda text: tuple(map(int, re.findall(r"-?\d+", text))),
    claims=(Claim("The origin.", ("(0,0)",), (0, 0)),),
    level=1,
)
def parse_point(text: str) -> tuple[int, int]:
    comma = text.find(",")
    return int(text[1:comma]), int(text[comma + 1 : len(text) - 1])


@atom(
    topic="text parsing",
    says=(
        "the fields of {text}, a line of texts with commas between them, in which commas between double quotes "
        "belong to the field and the quotes themselves are dropped",
        "the list of texts that the commas of {text} outside double quotes separate, without the double quotes",
    ),
    names=("split_fields", "split_csv_line", "parse_csv_fields"),
    inputs={
        "text": Made(
            lambda rng: ",".join(rng.choice(("a", "bc", "", '"x,y"', '"z"', '","')) for _ in range(rng.randint(1, 4))),
            ("", '"a,b"'),
        )
    },
    needs=lambda text: re.fullmatch(r'((^|,)([^",]*|"[^"]*"))+', text) is not None,
    reference=lambda text: next(csv.reader([text])) if text else [""],
    claims=(Claim("An empty line has one empty field.", ("",), [""]),),
    level=3,
)
def split_fields(text: str) -> list[str]:
    fields: list[str] = []
    field = ""
    quoted = False
    for c in text:
        if c == '"':
            quoted = not quoted
        elif c == "," and not quoted:
            fields.append(field)
            field = ""
        else:
            field += c
    fields.append(field)
    return fields


@atom(
    topic="text parsing",
    says=(
        "the number of blanks with which {text} begins, divided by {width} and rounded down",
        "the level of indentation of the line {text} when every {width} blanks at its beginning are one level and a "
        "rest does not count",
    ),
    names=("indentation_level", "indent_depth", "count_indent"),
    inputs={
        "text": any_text(Made(lambda rng: " " * rng.randint(0, 9) + rng.choice(("", "x", "a b", "end")), ("", " "))),
        "width": OneOf((2, 4, 1)),
    },
    needs=lambda _, width: width > 0,
    reference=lambda text, width: len(re.match(" *", text)[0]) // width,  # type: ignore[index]
    claims=(Claim("A line that does not begin with a blank has level 0.", ("x", 4), 0),),
    level=1,
)
def indentation_level(text: str, width: int) -> int:
    blanks = 0
    while blanks < len(text) and text[blanks] == " ":
        blanks += 1
    return blanks // width


@atom(
    topic="text parsing",
    says=(
        "the position reached from (0, 0) by the moves in {text}: R adds 1 to x, L takes 1 away, U adds 1 to y, D "
        "takes 1 away, other letters do nothing",
        "x and y after walking from the origin along {text}, one step for each letter: U up, D down, L left, R right "
        "(up and right are positive, anything else is no step)",
    ),
    names=("follow_moves", "end_of_walk", "walk"),
    inputs={"text": any_text(Text("UDLRx", 0, 9))},
    reference=lambda text: (text.count("R") - text.count("L"), text.count("U") - text.count("D")),
    claims=(Claim("Without moves it is the origin.", ("",), (0, 0)),),
    level=1,
)
def follow_moves(text: str) -> tuple[int, int]:
    x = 0
    y = 0
    for move in text:
        if move == "U":
            y += 1
        elif move == "D":
            y -= 1
        elif move == "R":
            x += 1
        elif move == "L":
            x -= 1
    return x, y
