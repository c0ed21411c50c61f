"""Texts made of texts: order, case, padding, ciphers, codes."""

# ruff: noqa: SIM108 — an if spelled out is what a person writes in most of the six languages

import itertools
import re
import string
import textwrap

from hrm_edge.train.data.atoms.atom import Claim, atom
from hrm_edge.train.data.atoms.domains import WORDS, ListOf, Made, OneOf, Sentence, Text, Whole
from hrm_edge.train.data.atoms.subset import char
from hrm_edge.train.data.atoms.telling import any_text, any_words

_NAME = any_text(OneOf(("", "a", "Anna", "McDuff", "iPad", "R2d2", "USA", "x-Ray", "Level 4", *WORDS[:10])))


def reverse_text_by_loop(text: str) -> str:
    result = ""
    for c in text:
        result = c + result
    return result


def reverse_text_by_swapping(text: str) -> str:
    letters = list(text)
    left = 0
    right = len(letters) - 1
    while left < right:
        letters[left], letters[right] = letters[right], letters[left]
        left += 1
        right -= 1
    return "".join(letters)


@atom(
    topic="texts",
    says=("{text} written backwards", "the characters of {text} from last to first, as one text"),
    names=("reverse_text", "backwards", "reverse_string"),
    inputs={"text": any_text(Text("abcd ", 0, 8))},
    reference=lambda text: "".join(reversed(text)),
    claims=(Claim("An empty text stays empty.", ("",), ""),),
    also=(reverse_text_by_loop, reverse_text_by_swapping),
    level=1,
)
def reverse_text(text: str) -> str:
    return text[::-1]


def reverse_words_by_loop(text: str) -> str:
    result = ""
    for word in text.split():
        if result == "":
            result = word
        else:
            result = word + " " + result
    return result


@atom(
    topic="texts",
    says=(
        "the words of {text} in reverse order, joined by single blanks",
        "{text} with its last word first and its first word last, the letters of each word as they were, one blank "
        "between words",
    ),
    names=("reverse_words", "words_backwards", "flip_word_order"),
    inputs={"text": any_text(Sentence())},
    reference=lambda text: " ".join(reversed(re.findall(r"\S+", text))),
    claims=(Claim("A text without words gives an empty text.", ("",), ""),),
    also=(reverse_words_by_loop,),
    level=1,
)
def reverse_words(text: str) -> str:
    words = text.split()
    return " ".join(words[::-1])


@atom(
    topic="texts",
    says=(
        "{text} with the letters of every word reversed and the words left where they are, one blank between words",
        "the words of {text} in their order, each spelled backwards, joined by single blanks",
    ),
    names=("reverse_each_word", "spell_words_backwards", "flip_words"),
    inputs={"text": any_text(Sentence())},
    reference=lambda text: " ".join(reversed(text[::-1].split())),
    claims=(Claim("Without words the result is empty.", ("",), ""),),
    level=1,
)
def reverse_each_word(text: str) -> str:
    return " ".join([word[::-1] for word in text.split()])


def capitalise_words_by_flag(text: str) -> str:
    result = ""
    inside = False
    for c in text:
        if c == " ":
            inside = False
            result += c
        elif inside:
            result += c.lower()
        else:
            inside = True
            result += c.upper()
    return result


@atom(
    topic="texts",
    says=(
        "{text} with the first letter of every word in upper case and the other letters in lower case (words are "
        "separated by single blanks)",
        "{text} in title case: each word, with single blanks between words, begins with a capital and goes on in "
        "small letters",
    ),
    names=("capitalise_words", "title_case", "capitalize_each_word"),
    inputs={"text": any_text(Sentence(capitals=True))},
    needs=lambda text: text == " ".join(text.split()),
    reference=string.capwords,
    claims=(Claim("If {text} is empty, so is the result.", ("",), ""),),
    also=(capitalise_words_by_flag,),
    level=2,
)
def capitalise_words(text: str) -> str:
    words: list[str] = []
    for word in text.split():
        words.append(word[0].upper() + word[1:].lower())
    return " ".join(words)


def remove_vowels_by_replacing(text: str) -> str:
    result = text
    for vowel in "aeiouAEIOU":
        result = result.replace(vowel, "")
    return result


@atom(
    topic="texts",
    says=(
        "{text} without its vowels (a, e, i, o, u, upper and lower case)",
        "what is left of {text} when every a, e, i, o and u, capital or not, is struck out",
    ),
    names=("remove_vowels", "strip_vowels", "without_vowels"),
    inputs={"text": any_text(Sentence(capitals=True))},
    reference=lambda text: re.sub("[aeiou]", "", text, flags=re.IGNORECASE),
    claims=(Claim("A text of vowels only becomes empty.", ("aeiou",), ""),),
    also=(remove_vowels_by_replacing,),
    level=1,
)
def remove_vowels(text: str) -> str:
    result = ""
    for c in text:
        if c not in "aeiouAEIOU":
            result += c
    return result


def caesar_shift_by_alphabet(text: str, k: int) -> str:
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    result = ""
    for c in text:
        if c.islower():
            result += alphabet[(alphabet.find(c) + k) % 26]
        else:
            result += c
    return result


@atom(
    topic="texts",
    says=(
        "{text} with each lower-case letter moved {k} places on in the alphabet, wrapping from z to a; all other "
        "characters stay",
        "{text} in the Caesar cipher with shift {k}: small letters go {k} places forward (a follows z), all else is "
        "unchanged",
    ),
    names=("caesar_shift", "caesar_cipher", "shift_letters"),
    inputs={"text": any_text(Text("abcxyzAZ .!", 0, 8)), "k": Whole(0, 30)},
    reference=lambda text, k: text.translate(
        str.maketrans(string.ascii_lowercase, string.ascii_lowercase[k % 26 :] + string.ascii_lowercase[: k % 26])
    ),
    claims=(Claim("A shift of 26 changes nothing.", ("xyz", 26), "xyz"),),
    also=(caesar_shift_by_alphabet,),
    level=2,
)
def caesar_shift(text: str, k: int) -> str:
    result = ""
    for c in text:
        if "a" <= c <= "z":
            result += chr((ord(c) - ord("a") + k) % 26 + ord("a"))
        else:
            result += c
    return result


@atom(
    topic="texts",
    says=(
        "{text} with each lower-case letter exchanged for its mirror image in the alphabet (a for z, b for y, and so "
        "on), other characters unchanged",
        "{text} after small letters have been swapped from both ends of the alphabet, a with z, b with y and so "
        "forth, all else kept",
    ),
    names=("mirror_alphabet", "mirror_letters", "swap_alphabet_ends"),
    inputs={"text": any_text(Text("abmnyz AZ3", 0, 8))},
    reference=lambda text: text.translate(str.maketrans(string.ascii_lowercase, string.ascii_lowercase[::-1])),
    claims=(Claim("Capitals stay as they are.", ("Az",), "Aa"),),
    level=2,
)
def mirror_alphabet(text: str) -> str:
    letters: list[char] = []
    for c in text:
        if "a" <= c <= "z":
            letters.append(chr(ord("a") + ord("z") - ord(c)))
        else:
            letters.append(c)
    return "".join(letters)


def run_length_encode_by_scan(text: str) -> str:
    result = ""
    start = 0
    while start < len(text):
        end = start
        while end < len(text) and text[end] == text[start]:
            end += 1
        result += text[start] + str(end - start)
        start = end
    return result


@atom(
    topic="texts",
    says=(
        "the run-length code of {text}: for each run of equal characters the character followed by the length of the "
        "run, also where that is 1",
        "{text} with every stretch of one repeated character replaced by that character and how many there are "
        "('aab' gives 'a2b1')",
    ),
    names=("run_length_encode", "encode_runs", "compress_text"),
    inputs={"text": any_text(Text("abc", 0, 9))},
    reference=lambda text: "".join(f"{c}{len(list(run))}" for c, run in itertools.groupby(text)),
    claims=(Claim("An empty text has an empty code.", ("",), ""),),
    also=(run_length_encode_by_scan,),
    level=2,
)
def run_length_encode(text: str) -> str:
    result = ""
    count = 0
    for i in range(len(text)):
        count += 1
        if i + 1 == len(text) or text[i + 1] != text[i]:
            result += text[i] + str(count)
            count = 0
    return result


def run_length_decode_by_pairs(text: str) -> str:
    result = ""
    i = 0
    while i < len(text):
        letter = text[i]
        i += 1
        count = 0
        while i < len(text) and text[i].isdigit():
            count = count * 10 + int(text[i])
            i += 1
        result += letter * count
    return result


@atom(
    topic="texts",
    says=(
        "the text for which {text} is the run-length code: every letter is followed by a whole number that says how "
        "often it is repeated",
        "{text}, in which each letter is followed by its count, written out in full ('a2b1' gives 'aab')",
    ),
    names=("run_length_decode", "decode_runs", "expand_text"),
    inputs={
        "text": Made(
            lambda rng: "".join(
                f"{rng.choice('abc')}{rng.choice((1, 2, 3, 4, 10, 12))}" for _ in range(rng.randint(0, 4))
            ),
            ("", "a1"),
        )
    },
    needs=lambda text: re.fullmatch(r"([a-zA-Z]\d{1,2})*", text) is not None,
    reference=lambda text: "".join(c * int(count) for c, count in re.findall(r"(\D)(\d+)", text)),
    claims=(Claim("Counts may have two digits.", ("a10",), "aaaaaaaaaa"),),
    also=(run_length_decode_by_pairs,),
    level=3,
)
def run_length_decode(text: str) -> str:
    result = ""
    letter = ""
    digits = ""
    for c in text:
        if c.isdigit():
            digits += c
        else:
            if digits != "":
                result += letter * int(digits)
            letter = c
            digits = ""
    if digits != "":
        result += letter * int(digits)
    return result


@atom(
    topic="texts",
    says=(
        "the acronym of {text}: the first letters of its words in upper case, without anything between them",
        "the initials of the words in {text}, as capitals in one piece",
    ),
    names=("acronym", "initials", "make_acronym"),
    inputs={"text": Sentence()},
    reference=lambda text: "".join(re.findall(r"\b\w", text)).upper(),
    claims=(Claim("Without words the acronym is empty.", ("",), ""),),
    level=1,
)
def acronym(text: str) -> str:
    result = ""
    for word in text.split():
        result += word[0].upper()
    return result


@atom(
    topic="texts",
    says=(
        "{text} with capitals made small and small letters made capitals",
        "{text} with the case of every letter turned round, other characters unchanged",
    ),
    names=("swap_case", "flip_case", "toggle_case"),
    inputs={"text": _NAME},
    reference=lambda text: text.swapcase(),
    claims=(Claim("Digits and signs stay.", ("R2-d2",), "r2-D2"),),
    level=1,
)
def swap_case(text: str) -> str:
    result = ""
    for c in text:
        if c.isupper():
            result += c.lower()
        else:
            result += c.upper()
    return result


def squeeze_blanks_by_previous(text: str) -> str:
    result = ""
    for c in text:
        if c != " ":
            result += c
        elif result != "" and not result.endswith(" "):
            result += " "
    return result.strip()


@atom(
    topic="texts",
    says=(
        "{text} with every run of blanks made into one blank, and without blanks at its ends",
        "the words of {text} separated by exactly one blank each, with no blank before the first or after the last",
    ),
    names=("squeeze_blanks", "normalise_blanks", "collapse_spaces"),
    inputs={"text": any_text(Text("ab   ", 0, 9))},
    reference=lambda text: re.sub(" +", " ", text).strip(),
    claims=(Claim("A text of blanks only becomes empty.", ("   ",), ""),),
    also=(squeeze_blanks_by_previous,),
    level=2,
)
def squeeze_blanks(text: str) -> str:
    return " ".join(text.split())


@atom(
    topic="texts",
    says=(
        "the characters of {first} and {second} in turn, the first text leading, then what is left over of the "
        "longer one",
        "{first} and {second} interleaved character by character, beginning with the first text, with the rest of "
        "the longer one at the end",
    ),
    names=("interleave_texts", "zip_texts", "weave_texts"),
    inputs={"first": any_text(Text("abc", 0, 5)), "second": any_text(Text("xyz", 0, 5))},
    reference=lambda first, second: "".join(
        itertools.chain.from_iterable(itertools.zip_longest(first, second, fillvalue=""))
    ),
    claims=(Claim("If one of them is empty, the result is the other.", ("", "xy"), "xy"),),
    level=2,
)
def interleave_texts(first: str, second: str) -> str:
    result = ""
    for i in range(max(len(first), len(second))):
        if i < len(first):
            result += first[i]
        if i < len(second):
            result += second[i]
    return result


def pad_left_by_loop(text: str, width: int) -> str:
    result = text
    while len(result) < width:
        result = "." + result
    return result


@atom(
    topic="texts",
    says=(
        "{text} with as many dots put before it as are needed to make it {width} characters long",
        "{text} padded on the left with dots to a length of {width}, unchanged if it is that long already",
    ),
    names=("pad_left", "pad_with_dots", "left_pad"),
    inputs={"text": any_text(Text("abc", 0, 6)), "width": Whole(0, 10)},
    reference=lambda text, width: text.rjust(width, "."),
    claims=(Claim("A text longer than {width} stays as it is.", ("abcd", 2), "abcd"),),
    also=(pad_left_by_loop,),
    level=1,
)
def pad_left(text: str, width: int) -> str:
    return "." * max(0, width - len(text)) + text


@atom(
    topic="texts",
    says=(
        "{text} in the middle of {width} characters, filled up with blanks on both sides, the odd one on the right; "
        "unchanged if it is too long",
        "{text} centred in a field of {width} characters: blanks on both sides, one more on the right where they do "
        "not come out even, none if the text fills the field",
    ),
    names=("centre_text", "center", "centre_in_field"),
    inputs={"text": any_text(Text("abc", 0, 6)), "width": Whole(0, 10)},
    reference=lambda text, width: f"{text:^{width}}",
    claims=(Claim("An odd blank goes to the right.", ("ab", 5), " ab  "),),
    level=2,
)
def centre_text(text: str, width: int) -> str:
    blanks = max(0, width - len(text))
    left = blanks // 2
    return " " * left + text + " " * (blanks - left)


@atom(
    topic="texts",
    says=(
        "{text} with a star in place of every character except the last {k}",
        "{text} masked: only the last {k} characters can be read, each one before them is '*'",
    ),
    names=("mask_text", "hide_all_but_last", "mask_start"),
    inputs={"text": any_text(Text("0123456789", 0, 8)), "k": Whole(0, 5)},
    reference=lambda text, k: text[max(0, len(text) - k) :].rjust(len(text), "*"),
    claims=(Claim("A text of at most {k} characters is not masked at all.", ("12", 4), "12"),),
    level=2,
)
def mask_text(text: str, k: int) -> str:
    hidden = max(0, len(text) - k)
    return "*" * hidden + text[hidden:]


@atom(
    topic="texts",
    says=("{text} with each character written twice", "{text} with every character doubled on the spot"),
    names=("double_characters", "stutter", "double_letters"),
    inputs={"text": any_text(Text("abc1 ", 0, 7))},
    reference=lambda text: re.sub("(.)", r"\1\1", text),
    claims=(Claim("Blanks are doubled too.", ("a b",), "aa  bb"),),
    level=1,
)
def double_characters(text: str) -> str:
    result = ""
    for c in text:
        result += c * 2
    return result


def first_occurrences_by_set(text: str) -> str:
    seen: set[char] = set()
    kept: list[char] = []
    for c in text:
        if c not in seen:
            seen.add(c)
            kept.append(c)
    return "".join(kept)


@atom(
    topic="texts",
    says=(
        "{text} with only the first occurrence of every character kept",
        "the different characters of {text}, each once, in the order in which they first appear",
    ),
    names=("first_occurrences", "remove_repeated_characters", "unique_characters"),
    inputs={"text": any_text(Text("abcd", 0, 9))},
    reference=lambda text: "".join(dict.fromkeys(text)),
    claims=(Claim("If {text} is empty, so is the result.", ("",), ""),),
    also=(first_occurrences_by_set,),
    level=2,
)
def first_occurrences(text: str) -> str:
    result = ""
    for c in text:
        if c not in result:
            result += c
    return result


@atom(
    topic="texts",
    says=(
        "every second character of {text}, beginning with the first",
        "the characters at the even positions 0, 2, 4, ... of {text}, as a text",
    ),
    names=("every_second_character", "even_positions", "skip_letters"),
    inputs={"text": any_text(Text("abcdef", 0, 9))},
    reference=lambda text: text[::2],
    claims=(Claim("A text of one character is its own result.", ("a",), "a"),),
    level=1,
)
def every_second_character(text: str) -> str:
    result = ""
    for i in range(0, len(text), 2):
        result += text[i]
    return result


@atom(
    topic="texts",
    says=(
        "the camel-case form of {text}, lower-case words joined by underscores: the underscores dropped and every "
        "word but the first begun with a capital",
        "{text} turned from snake_case into camelCase",
    ),
    names=("snake_to_camel", "to_camel_case", "camel_case_of"),
    inputs={"text": Made(lambda rng: "_".join(rng.choices(WORDS, k=rng.randint(1, 4))), ("apple",))},
    needs=lambda text: re.fullmatch("[a-z]+(_[a-z]+)*", text) is not None,
    reference=lambda text: re.sub("_(.)", lambda found: found.group(1).upper(), text),
    claims=(Claim("A single word stays as it is.", ("apple",), "apple"),),
    level=2,
)
def snake_to_camel(text: str) -> str:
    words = text.split("_")
    result = words[0]
    for i in range(1, len(words)):
        result += words[i][0].upper() + words[i][1:]
    return result


@atom(
    topic="texts",
    says=(
        "{text} with every capital letter replaced by an underscore and its small letter",
        "{text} turned from camelCase into snake_case: each capital becomes '_' and that letter in lower case",
    ),
    names=("camel_to_snake", "to_snake_case", "snake_case_of"),
    inputs={
        "text": any_text(
            Made(
                lambda rng: (
                    rng.choice(WORDS) + "".join(w.capitalize() for w in rng.choices(WORDS, k=rng.randint(0, 3)))
                ),
                ("apple", ""),
            )
        )
    },
    reference=lambda text: re.sub("([A-Z])", lambda found: "_" + found.group(1).lower(), text),
    claims=(Claim("A text without capitals stays as it is.", ("apple",), "apple"),),
    level=2,
)
def camel_to_snake(text: str) -> str:
    result = ""
    for c in text:
        if c.isupper():
            result += "_" + c.lower()
        else:
            result += c
    return result


@atom(
    topic="texts",
    says=(
        "{text} as it would stand in a web address: its letters in lower case, and each blank replaced by a hyphen",
        "{text} in lower case with '-' for every blank",
    ),
    names=("slug", "to_slug", "address_form"),
    inputs={"text": any_text(Sentence(capitals=True))},
    reference=lambda text: text.translate(str.maketrans(" " + string.ascii_uppercase, "-" + string.ascii_lowercase)),
    claims=(Claim("If {text} is empty, so is the result.", ("",), ""),),
    level=1,
)
def slug(text: str) -> str:
    return text.lower().replace(" ", "-")


def sort_characters_by_counting(text: str) -> str:
    result = ""
    for code in range(32, 127):
        c = chr(code)
        for other in text:
            if other == c:
                result += c
    return result


@atom(
    topic="texts",
    says=(
        "the characters of {text} in ascending order of their character codes, as one text",
        "{text} with its characters sorted by their ASCII codes",
    ),
    names=("sort_characters", "sorted_letters", "order_characters"),
    inputs={"text": any_text(Text("abcZA2 ", 0, 8))},
    reference=lambda text: "".join(c * text.count(c) for c in map(chr, range(32, 127))),
    claims=(Claim("Capitals come before small letters.", ("aZ",), "Za"),),
    also=(sort_characters_by_counting,),
    level=1,
)
def sort_characters(text: str) -> str:
    return "".join(sorted(text))


@atom(
    topic="texts",
    says=(
        "{text} if it has at most {width} characters, otherwise its first {width} - 3 characters and three dots",
        "{text} shortened to at most {width} characters, with '...' as the end of a text that was cut",
    ),
    names=("shorten_text", "ellipsis", "cut_with_dots"),
    inputs={"text": any_text(Sentence(0, 4)), "width": Whole(3, 15)},
    reference=lambda text, width: text if text[width:] == "" else f"{text[: width - 3]:.<{width}}",
    claims=(Claim("A text of exactly {width} characters is not cut.", ("apple", 5), "apple"),),
    level=2,
)
def shorten_text(text: str, width: int) -> str:
    if len(text) <= width:
        return text
    return text[: width - 3] + "..."


def collapse_repeats_by_index(text: str) -> str:
    return "".join([c for i, c in enumerate(text) if i == 0 or text[i - 1] != c])


@atom(
    topic="texts",
    says=(
        "{text} with every run of equal characters shortened to a single one",
        "{text} without those characters that equal the character directly before them",
    ),
    names=("collapse_repeats", "squeeze_runs", "drop_repeats"),
    inputs={"text": any_text(Text("aab ", 0, 9))},
    reference=lambda text: "".join(c for c, _ in itertools.groupby(text)),
    claims=(Claim("Equal characters that are not neighbours all stay.", ("aba",), "aba"),),
    also=(collapse_repeats_by_index,),
    level=2,
)
def collapse_repeats(text: str) -> str:
    result = ""
    for c in text:
        if result == "" or result[-1] != c:
            result += c
    return result


@atom(
    topic="texts",
    says=(
        "the longest text with which both {first} and {second} begin",
        "the longest common prefix of {first} and {second}, empty if they differ from the first character on",
    ),
    names=("common_prefix", "shared_beginning", "longest_common_prefix"),
    inputs={"first": any_text(Text("ab", 0, 6)), "second": any_text(Text("ab", 0, 6))},
    reference=lambda first, second: max(
        (first[:n] for n in range(len(first) + 1) if second.startswith(first[:n])), key=len
    ),
    claims=(Claim("If one of them is empty, so is the result.", ("", "ab"), ""),),
    level=2,
)
def common_prefix(first: str, second: str) -> str:
    length = 0
    while length < min(len(first), len(second)) and first[length] == second[length]:
        length += 1
    return first[:length]


def common_prefix_of_words_by_columns(words: list[str]) -> str:
    if not words:
        return ""
    prefix = ""
    for i, c in enumerate(words[0]):
        for word in words:
            if i >= len(word) or word[i] != c:
                return prefix
        prefix += c
    return prefix


@atom(
    topic="texts",
    says=(
        "the longest text that all of {words} begin with (empty if there are no words)",
        "the longest beginning shared by every one of {words}, the empty text for an empty list",
    ),
    names=("common_prefix_of_words", "shared_prefix", "prefix_of_all"),
    inputs={"words": any_words(ListOf(OneOf(("flow", "flower", "flowing", "flo", "flight", "fl", "apple", "")), 0, 4))},
    reference=lambda words: "".join(
        column[0] for column in itertools.takewhile(lambda column: len(set(column)) == 1, zip(*words, strict=False))
    ),
    claims=(Claim("A single word is its own prefix.", (["flow"],), "flow"),),
    also=(common_prefix_of_words_by_columns,),
    level=3,
)
def common_prefix_of_words(words: list[str]) -> str:
    if not words:
        return ""
    prefix = words[0]
    for word in words:
        while not word.startswith(prefix):
            prefix = prefix[: len(prefix) - 1]
    return prefix


@atom(
    topic="texts",
    says=(
        "{text} with the letters at positions 0, 2, 4, ... in upper case and those between in lower case",
        "{text} in alternating case, a capital first; every character counts for the position",
    ),
    names=("alternate_case", "zigzag_case", "alternating_capitals"),
    inputs={"text": any_text(OneOf(("", "a", "pear", "PEAR", "a b c", "Anna", "fig tree", "x1yz")))},
    reference=lambda text: "".join(
        itertools.chain.from_iterable(itertools.zip_longest(text[::2].upper(), text[1::2].lower(), fillvalue=""))
    ),
    claims=(Claim("A blank takes up a position like a letter.", ("a bc",), "A Bc"),),
    level=1,
)
def alternate_case(text: str) -> str:
    return "".join([c.upper() if i % 2 == 0 else c.lower() for i, c in enumerate(text)])


@atom(
    topic="texts",
    says=(
        "{text} moved round to the left by {k} characters: its first {k} characters go to its end",
        "{text} rotated left by {k} places, where places beyond its length start over",
    ),
    names=("rotate_text", "rotate_left", "move_front_to_end"),
    inputs={"text": any_text(Text("abcdef", 0, 7)), "k": Whole(0, 9)},
    reference=lambda text, k: "".join(text[(i + k) % len(text)] for i in range(len(text))),
    claims=(Claim("An empty text stays empty.", ("", 3), ""),),
    level=2,
)
def rotate_text(text: str, k: int) -> str:
    if not text:
        return ""
    shift = k % len(text)
    return text[shift:] + text[:shift]


def wrap_words_by_lines(text: str, width: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if len(lines) > 0 and len(lines[-1]) + 1 + len(word) <= width:
            lines[len(lines) - 1] += " " + word
        else:
            lines.append(word)
    return lines


@atom(
    topic="texts",
    says=(
        "the lines of {text} when its words are filled in from left to right with one blank between them, as many "
        "to a line as fit into {width} characters",
        "{text} wrapped to lines of at most {width} characters, as a list of lines, each word on the first line that "
        "still has room after the word before it",
    ),
    names=("wrap_words", "wrap_text", "break_into_lines"),
    inputs={"text": Sentence(0, 6), "width": Whole(8, 20)},
    needs=lambda text, width: all(len(word) <= width for word in text.split()),
    reference=textwrap.wrap,
    claims=(Claim("A text without words has no lines.", ("", 10), []),),
    also=(wrap_words_by_lines,),
    level=3,
)
def wrap_words(text: str, width: int) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in text.split():
        if line == "":
            line = word
        elif len(line) + 1 + len(word) <= width:
            line += " " + word
        else:
            lines.append(line)
            line = word
    if line != "":
        lines.append(line)
    return lines
