"""Questions about a text that have the answer true or false: what binds slots over lists of words."""

# ruff: noqa: SIM110 — loops spelled out are what a person writes in most of the six languages

import re
from collections import Counter

from hrm_edge.train.data.atoms.atom import Claim, atom
from hrm_edge.train.data.atoms.domains import WORDS, OneOf, Text, Whole
from hrm_edge.train.data.atoms.subset import char
from hrm_edge.train.data.atoms.telling import Telling, any_text

_WORD = any_text(OneOf((*WORDS, "", "Anna", "Oslo", "x", "A4", "7up", "42")))
_CODE = any_text(OneOf(("", "0", "42", "007", "3a", "a3", "-5", "1 2", "10", "x_1", "_tmp", "9x", "Name", "a b", "2b")))


def _stand_in_order(text: str, other: str) -> bool:
    rest = iter(other)
    return all(c in rest for c in text)


def is_palindrome_by_reversal(text: str) -> bool:
    return text == text[::-1]


@atom(
    topic="texts",
    says=(
        "whether {text} is a palindrome (every character counts, upper and lower case differ)",
        "whether {text} reads the same forwards and backwards",
        "whether {text} equals its own reverse",
    ),
    names=("is_palindrome", "reads_same_backwards", "is_symmetric_text"),
    inputs={"text": any_text(OneOf(("", "a", "aa", "ab", "aba", "abca", "abba", "level", "noon", "Level", "cat")))},
    reference=lambda text: list(text) == list(reversed(text)),
    claims=(Claim("An empty text is a palindrome.", ("",), True), Claim("Case matters.", ("Level",), False)),
    holds=("is a palindrome", "are palindromes"),
    also=(is_palindrome_by_reversal,),
    level=1,
)
def is_palindrome(text: str) -> bool:
    left = 0
    right = len(text) - 1
    while left < right:
        if text[left] != text[right]:
            return False
        left += 1
        right -= 1
    return True


@atom(
    topic="texts",
    says=(
        "whether {text} is not empty and has only decimal digits",
        "whether {text} consists of one or more of the digits 0 to 9 and of nothing else",
    ),
    names=("has_only_digits", "is_all_digits", "only_digits"),
    inputs={"text": _CODE},
    reference=lambda text: re.fullmatch("[0-9]+", text) is not None,
    claims=(Claim("If {text} is empty, the answer is false.", ("",), False),),
    holds=("consists of digits only", "consist of digits only"),
    level=1,
)
def has_only_digits(text: str) -> bool:
    if not text:
        return False
    for c in text:
        if not c.isdigit():
            return False
    return True


@atom(
    topic="texts",
    says=(
        "whether {text} starts with a vowel (a, e, i, o or u, in either case)",
        "whether {text} has a first character and that is one of a, e, i, o, u or their capitals",
    ),
    names=("starts_with_vowel", "begins_with_vowel"),
    inputs={"text": _WORD},
    reference=lambda text: re.match("[aeiou]", text, re.IGNORECASE) is not None,
    claims=(Claim("An empty text starts with no vowel.", ("",), False),),
    holds=("starts with a vowel", "start with a vowel"),
    level=1,
)
def starts_with_vowel(text: str) -> bool:
    if not text:
        return False
    return text[0].lower() in "aeiou"


def contains_letter_by_loop(text: str, letter: str) -> bool:
    for c in text:
        if c == letter:
            return True
    return False


@atom(
    topic="texts",
    says=(
        "whether the letter {letter} occurs in {text}",
        "whether {text} contains the letter {letter} at least once",
    ),
    names=("contains_letter", "has_letter"),
    inputs={"text": _WORD, "letter": OneOf(("a", "e", "o", "t", "n"))},
    reference=lambda text, letter: text.count(letter) > 0,
    claims=(Claim("An empty text contains no letter.", ("", "a"), False),),
    holds=("contains the letter {letter}", "contain the letter {letter}"),
    also=(contains_letter_by_loop,),
    level=1,
)
def contains_letter(text: str, letter: str) -> bool:
    return letter in text


def has_double_letter_by_loop(text: str) -> bool:
    for i, c in enumerate(text):
        if i > 0 and text[i - 1] == c:
            return True
    return False


@atom(
    topic="texts",
    says=(
        "whether some character of {text} stands twice in a row",
        "whether two neighbouring characters of {text} are the same",
    ),
    names=("has_double_letter", "has_doubled_letter", "repeats_a_letter"),
    inputs={"text": any_text(OneOf((*WORDS, "", "aa", "aba", "Aa")))},
    reference=lambda text: re.search(r"(.)\1", text) is not None,
    claims=(Claim("Upper and lower case are different letters here.", ("Aa",), False),),
    holds=("has some character twice in a row", "have some character twice in a row"),
    also=(has_double_letter_by_loop,),
    level=2,
)
def has_double_letter(text: str) -> bool:
    return any(text[i] == text[i + 1] for i in range(len(text) - 1))


def has_distinct_characters_by_set(text: str) -> bool:
    return len(set(text)) == len(text)


@atom(
    topic="texts",
    says=(
        "whether no character occurs more than once in {text}",
        "whether all characters of {text} are different from each other",
    ),
    names=("has_distinct_characters", "all_characters_differ", "has_unique_characters"),
    inputs={"text": any_text(OneOf((*WORDS, "", "aA", "a b c")))},
    reference=lambda text: max(Counter(text).values(), default=1) == 1,
    claims=(Claim("An empty text has no repeated character, so the answer is true.", ("",), True),),
    holds=("has no repeated character", "have no repeated character"),
    also=(has_distinct_characters_by_set,),
    level=2,
)
def has_distinct_characters(text: str) -> bool:
    seen: set[char] = set()
    for c in text:
        if c in seen:
            return False
        seen.add(c)
    return True


@atom(
    topic="texts",
    says=(
        "whether {text} has at least one upper-case letter",
        "whether a capital letter occurs in {text}",
    ),
    names=("has_capital", "contains_upper_case", "has_upper_case"),
    inputs={"text": any_text(OneOf((*WORDS[:8], "", "Anna", "McDuff", "iPad", "R2", "42", "USA")))},
    reference=lambda text: re.search("[A-Z]", text) is not None,
    claims=(Claim("Digits are no capital letters.", ("42",), False),),
    holds=("has a capital letter", "have a capital letter"),
    level=1,
)
def has_capital(text: str) -> bool:
    return any(c.isupper() for c in text)


@atom(
    topic="texts",
    says=(
        "whether at least one character of {text} is a digit",
        "whether {text} has a decimal digit anywhere",
    ),
    names=("has_digit", "contains_digit", "has_a_digit"),
    inputs={"text": any_text(OneOf((*WORDS[:8], "", "A4", "7up", "42", "x2y", "-")))},
    reference=lambda text: re.search(r"\d", text) is not None,
    claims=(Claim("If {text} is empty, the answer is false.", ("",), False),),
    holds=("contains a digit", "contain a digit"),
    level=1,
)
def has_digit(text: str) -> bool:
    for c in text:
        if c.isdigit():
            return True
    return False


@atom(
    topic="texts",
    says=(
        "whether {text} is not empty and its first and last characters are equal",
        "whether {text} has a first character that equals its last one",
    ),
    names=("ends_as_it_begins", "same_first_and_last", "first_equals_last"),
    inputs={"text": any_text(OneOf((*WORDS, "", "a", "Anna", "abca", "tat")))},
    reference=lambda text: text != "" and text.endswith(text[:1]),
    claims=(
        Claim("If {text} is empty, the answer is false.", ("",), False),
        Claim("A single character ends as it begins.", ("a",), True),
    ),
    holds=("begins and ends with the same character", "begin and end with the same character"),
    level=1,
)
def ends_as_it_begins(text: str) -> bool:
    return len(text) > 0 and text[0] == text[-1]


def has_ascending_letters_by_sorting(text: str) -> bool:
    return text == "".join(sorted(text))


@atom(
    topic="texts",
    says=(
        "whether the letters of {text}, all lower case, stand in alphabetical order (equal neighbours are fine)",
        "whether no letter of {text}, a lower-case text, is followed directly by one earlier in the alphabet",
    ),
    names=("has_ascending_letters", "is_alphabetical", "letters_in_order"),
    inputs={"text": Telling(OneOf((*WORDS, "", "a", "abbc", "ba", "almost", "chimp")), Text(longest=15))},
    reference=lambda text: all(text[i] <= text[j] for j in range(len(text)) for i in range(j)),
    claims=(Claim("An empty text is in order.", ("",), True),),
    holds=("has its letters in alphabetical order", "have their letters in alphabetical order"),
    also=(has_ascending_letters_by_sorting,),
    level=2,
)
def has_ascending_letters(text: str) -> bool:
    for i in range(1, len(text)):
        if text[i - 1] > text[i]:
            return False
    return True


@atom(
    topic="texts",
    says=(
        "whether {text} has more than {k} characters",
        "whether the length of {text} is above {k}",
    ),
    names=("is_longer_than", "exceeds_length", "has_more_characters"),
    inputs={"text": any_text(OneOf((*WORDS, "", "a"))), "k": Whole(0, 6)},
    reference=lambda text, k: text[k:] != "",
    claims=(Claim("A text of exactly {k} characters is not longer.", ("pear", 4), False),),
    holds=("has more than {k} characters", "have more than {k} characters"),
    level=1,
)
def is_longer_than(text: str, k: int) -> bool:
    return len(text) > k


def is_anagram_by_counts(text: str, other: str) -> bool:
    if len(text) != len(other):
        return False
    counts: dict[char, int] = {}
    for c in text:
        counts[c] = counts.get(c, 0) + 1
    for c in other:
        if counts.get(c, 0) == 0:
            return False
        counts[c] -= 1
    return True


@atom(
    topic="texts",
    says=(
        "whether {text} and {other} have the same characters, each equally often, in whatever order",
        "whether rearranging all the characters of {text} can give {other}",
    ),
    names=("is_anagram", "are_anagrams", "same_letters"),
    inputs={"text": any_text(Text("abe", 0, 4)), "other": any_text(Text("abe", 0, 4))},
    reference=lambda text, other: Counter(text) == Counter(other),
    claims=(
        Claim("Two empty texts are anagrams of each other.", ("", ""), True),
        Claim("How often a letter occurs matters.", ("aab", "abb"), False),
    ),
    holds=("is an anagram of {other}", "are anagrams of {other}"),
    also=(is_anagram_by_counts,),
    level=2,
)
def is_anagram(text: str, other: str) -> bool:
    return "".join(sorted(text)) == "".join(sorted(other))


def is_rotation_by_doubling(text: str, other: str) -> bool:
    return len(text) == len(other) and other in text + text


@atom(
    topic="texts",
    says=(
        "whether moving some number of characters (perhaps none) from the front of {text} to its end gives {other}",
        "whether {other} is {text} rotated by some number of places, zero included",
    ),
    names=("is_rotation", "is_rotated_copy", "are_rotations"),
    inputs={"text": any_text(Text("ab", 0, 5)), "other": any_text(Text("ab", 0, 5))},
    reference=lambda text, other: other in {text[k:] + text[:k] for k in range(len(text) + 1)},
    claims=(
        Claim("An empty text is a rotation of an empty text.", ("", ""), True),
        Claim("Texts of different lengths are no rotations of each other.", ("ab", "aba"), False),
    ),
    holds=("is a rotation of {other}", "are rotations of {other}"),
    also=(is_rotation_by_doubling,),
    level=3,
)
def is_rotation(text: str, other: str) -> bool:
    if len(text) != len(other):
        return False
    for k in range(len(text) + 1):
        if text[k:] + text[:k] == other:
            return True
    return False


def is_text_subsequence_by_search(text: str, other: str) -> bool:
    start = 0
    for c in text:
        while start < len(other) and other[start] != c:
            start += 1
        if start == len(other):
            return False
        start += 1
    return True


@atom(
    topic="texts",
    says=(
        "whether deleting some characters of {other} (perhaps none, perhaps all) can leave {text}",
        "whether the characters of {text} all occur in {other} in the same order, gaps allowed",
    ),
    names=("is_subsequence_of", "hides_in", "can_be_left_by_deleting"),
    inputs={"text": any_text(Text("abc", 0, 3)), "other": any_text(Text("abc", 0, 6))},
    reference=lambda text, other: _stand_in_order(text, other),
    claims=(Claim("An empty {text} can always be left.", ("", "abc"), True),),
    also=(is_text_subsequence_by_search,),
    level=3,
)
def is_text_subsequence(text: str, other: str) -> bool:
    matched = 0
    for c in other:
        if matched < len(text) and text[matched] == c:
            matched += 1
    return matched == len(text)


@atom(
    topic="texts",
    says=(
        "whether {text} is a plain variable name: a letter or underscore, then any letters, digits and underscores",
        "whether {text} is not empty, has only letters, digits and underscores, and does not start with a digit",
    ),
    names=("is_variable_name", "is_valid_name", "looks_like_identifier"),
    inputs={"text": _CODE},
    reference=lambda text: re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", text) is not None,
    claims=(Claim("An empty text is no name.", ("",), False), Claim("A digit may not come first.", ("2b",), False)),
    holds=("is a plain variable name", "are plain variable names"),
    level=2,
)
def is_variable_name(text: str) -> bool:
    if not text or text[0].isdigit():
        return False
    return all(c.isalnum() or c == "_" for c in text)


def has_every_letter_of_by_removal(text: str, other: str) -> bool:
    missing = set(other)
    for c in text:
        missing.discard(c)
    return not missing


@atom(
    topic="texts",
    says=(
        "whether every character of {other} occurs somewhere in {text} (how often does not matter)",
        "whether {text} contains each of the characters of {other} at least once",
    ),
    names=("has_every_letter_of", "covers_letters", "uses_all_letters_of"),
    inputs={"text": any_text(Text("abcd", 0, 7)), "other": any_text(Text("abcd", 0, 3))},
    reference=lambda text, other: set(other) <= set(text),
    claims=(Claim("If {other} is empty, nothing is missing.", ("abc", ""), True),),
    also=(has_every_letter_of_by_removal,),
    level=2,
)
def has_every_letter_of(text: str, other: str) -> bool:
    return all(c in text for c in other)


@atom(
    topic="texts",
    says=(
        "whether {text} can be split in the middle into two equal halves",
        "whether {text} is some text written twice in a row",
    ),
    names=("is_doubled", "is_a_text_twice", "has_equal_halves"),
    inputs={"text": any_text(Text("ab", 0, 6))},
    reference=lambda text: re.fullmatch(r"(.*)\1", text) is not None,
    claims=(Claim("An empty text is the empty text twice.", ("",), True),),
    holds=("consists of two equal halves", "consist of two equal halves"),
    level=2,
)
def is_doubled(text: str) -> bool:
    if len(text) % 2 == 1:
        return False
    half = len(text) // 2
    return text[:half] == text[half:]
