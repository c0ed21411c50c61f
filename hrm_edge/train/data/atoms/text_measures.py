"""Numbers read off a text: counts, lengths, distances, scores."""

import itertools
import re
import string
from collections import Counter

from hrm_edge.train.data.atoms.atom import Claim, atom
from hrm_edge.train.data.atoms.domains import Made, OneOf, Sentence, Text
from hrm_edge.train.data.atoms.subset import char
from hrm_edge.train.data.atoms.telling import any_text


def count_vowels_by_vowel(text: str) -> int:
    total = 0
    for vowel in "aeiou":
        total += text.lower().count(vowel)
    return total


@atom(
    topic="texts",
    says=(
        "the number of vowels in {text} (a, e, i, o, u in either case, each time they occur)",
        "how many characters of {text} are one of a, e, i, o, u or their capitals",
    ),
    names=("count_vowels", "vowel_count", "number_of_vowels"),
    inputs={"text": any_text(Sentence(capitals=True))},
    reference=lambda text: len(re.findall("[aeiou]", text, re.IGNORECASE)),
    claims=(Claim("An empty text has 0 vowels.", ("",), 0),),
    also=(count_vowels_by_vowel,),
    level=1,
)
def count_vowels(text: str) -> int:
    count = 0
    for c in text:
        if c in "aeiouAEIOU":
            count += 1
    return count


@atom(
    topic="texts",
    says=(
        "the number of letters in {text} that are not vowels (y counts as such a letter)",
        "how many consonants {text} has, where every letter other than a, e, i, o and u is one, in either case",
    ),
    names=("count_consonants", "consonant_count"),
    inputs={"text": any_text(Sentence(capitals=True))},
    reference=lambda text: len(re.findall("[b-df-hj-np-tv-z]", text.lower())),
    claims=(Claim("Blanks and digits are no consonants.", ("a 1",), 0),),
    level=1,
)
def count_consonants(text: str) -> int:
    return sum(1 for c in text if c.isalpha() and c not in "aeiouAEIOU")


@atom(
    topic="texts",
    says=(
        "the length of the longest run of one character in {text}",
        "how many times in a row some character of {text} stands at most",
    ),
    names=("longest_run", "longest_streak", "longest_repeat"),
    inputs={"text": any_text(Text("ab", 0, 9))},
    reference=lambda text: max((len(list(run)) for _, run in itertools.groupby(text)), default=0),
    claims=(Claim("For an empty text it is 0.", ("",), 0),),
    level=2,
)
def longest_run(text: str) -> int:
    best = 0
    current = 0
    for i in range(len(text)):
        if i > 0 and text[i] == text[i - 1]:
            current += 1
        else:
            current = 1
        best = max(best, current)
    return best


def count_words_by_starts(text: str) -> int:
    count = 0
    inside = False
    for c in text:
        if c == " ":
            inside = False
        elif not inside:
            inside = True
            count += 1
    return count


@atom(
    topic="texts",
    says=(
        "the number of words in {text}, where words are runs of characters other than blanks",
        "how many words separated by one or more blanks {text} has",
    ),
    names=("count_words", "word_count", "number_of_words"),
    inputs={"text": any_text(Text("ab  ", 0, 10))},
    reference=lambda text: len(re.findall("[^ ]+", text)),
    claims=(Claim("Blanks alone make no word.", ("  ",), 0),),
    also=(count_words_by_starts,),
    level=1,
)
def count_words(text: str) -> int:
    return len(text.split())


def letter_distance_by_scan(text: str, letter: str) -> int:
    first = -1
    last = -1
    for i, c in enumerate(text):
        if c == letter:
            if first < 0:
                first = i
            last = i
    return last - first


@atom(
    topic="texts",
    says=(
        "the distance between the first and the last place of the letter {letter} in {text}, 0 if it occurs fewer "
        "than two times",
        "how many positions the last {letter} in {text} is behind the first {letter}, 0 where there are no two of them",
    ),
    names=("letter_distance", "spread_of_letter", "span_of_letter"),
    inputs={"text": any_text(Text("abc", 0, 9)), "letter": OneOf(("a", "b", "c"))},
    reference=lambda text, letter: text.rfind(letter) - text.find(letter),
    claims=(Claim("If the letter does not occur, the result is 0.", ("bb", "a"), 0),),
    also=(letter_distance_by_scan,),
    level=2,
)
def letter_distance(text: str, letter: str) -> int:
    places = [i for i in range(len(text)) if text[i] == letter]
    if not places:
        return 0
    return places[-1] - places[0]


def letter_score_by_alphabet(text: str) -> int:
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    total = 0
    for c in text:
        total += alphabet.find(c) + 1
    return total


@atom(
    topic="texts",
    says=(
        "the sum of the places in the alphabet (a is 1, z is 26) of the lower-case letters in {text}, other "
        "characters counting 0",
        "the value of {text} when its small letters a to z are worth 1 to 26 and everything else nothing",
    ),
    names=("letter_score", "alphabet_value", "word_value"),
    inputs={"text": any_text(Text("abcz Q", 0, 7))},
    reference=lambda text: sum(n * text.count(c) for n, c in enumerate(string.ascii_lowercase, 1)),
    claims=(Claim("Capitals are worth nothing.", ("Q",), 0),),
    also=(letter_score_by_alphabet,),
    level=1,
)
def letter_score(text: str) -> int:
    total = 0
    for c in text:
        if c.islower():
            total += ord(c) - ord("a") + 1
    return total


def count_distinct_characters_by_search(text: str) -> int:
    count = 0
    for i in range(len(text)):
        if text[i] not in text[:i]:
            count += 1
    return count


@atom(
    topic="texts",
    says=(
        "the number of different characters in {text}, upper and lower case being different",
        "how many distinct characters occur in {text} (case matters)",
    ),
    names=("count_distinct_characters", "distinct_characters", "alphabet_size"),
    inputs={"text": any_text(Text("abcA ", 0, 9))},
    reference=lambda text: len(Counter(text)),
    claims=(Claim("An empty text has none, so 0.", ("",), 0),),
    also=(count_distinct_characters_by_search,),
    level=1,
)
def count_distinct_characters(text: str) -> int:
    return len(set(text))


@atom(
    topic="texts",
    says=(
        "the number of positions at which {first} and {second}, texts of equal length, have different characters",
        "the Hamming distance of {first} and {second}, two texts of the same length",
    ),
    names=("hamming_distance", "count_mismatches", "differing_positions"),
    inputs={"first": any_text(Text("ab", 0, 5)), "second": any_text(Text("ab", 0, 5))},
    needs=lambda first, second: len(first) == len(second),
    reference=lambda first, second: len(first) - sum(map(str.__eq__, first, second)),
    claims=(Claim("Equal texts have distance 0.", ("ab", "ab"), 0),),
    level=1,
)
def hamming_distance(first: str, second: str) -> int:
    distance = 0
    for i in range(len(first)):
        if first[i] != second[i]:
            distance += 1
    return distance


def longest_word_length_by_scan(text: str) -> int:
    best = 0
    length = 0
    for c in text:
        if c == " ":
            length = 0
        else:
            length += 1
            best = max(best, length)
    return best


@atom(
    topic="texts",
    says=(
        "the length of the longest word in {text}, 0 if there is no word",
        "how many characters the longest of the words of {text}, separated by blanks, has (0 without words)",
    ),
    names=("longest_word_length", "max_word_length"),
    inputs={"text": any_text(Sentence())},
    reference=lambda text: max(map(len, re.split(" +", text))),
    claims=(Claim("Without words the result is 0.", ("",), 0),),
    also=(longest_word_length_by_scan,),
    level=1,
)
def longest_word_length(text: str) -> int:
    longest = 0
    for word in text.split():
        longest = max(longest, len(word))
    return longest


@atom(
    topic="texts",
    says=(
        "the sum of all decimal digits in {text}, other characters ignored",
        "what the single digits that occur in {text} add up to",
    ),
    names=("sum_of_digits_in_text", "digit_sum_of_text", "add_digits"),
    inputs={"text": any_text(Text("ab0123459 -", 0, 8))},
    reference=lambda text: sum(map(int, re.findall(r"\d", text))),
    claims=(
        Claim("Each digit counts for itself: 12 gives 3.", ("a12",), 3),
        Claim("Without digits it is 0.", ("",), 0),
    ),
    level=1,
)
def sum_of_digits_in_text(text: str) -> int:
    return sum(int(c) for c in text if c.isdigit())


@atom(
    topic="texts",
    says=("the number of upper-case letters in {text}", "how many capital letters {text} has"),
    names=("count_capitals", "capital_count", "count_upper_case"),
    inputs={"text": any_text(Sentence(capitals=True))},
    reference=lambda text: len(re.sub("[^A-Z]", "", text)),
    claims=(Claim("An empty text has 0.", ("",), 0),),
    level=1,
)
def count_capitals(text: str) -> int:
    return sum(1 for c in text if c.isupper())


def count_overlapping_by_comparison(text: str, part: str) -> int:
    count = 0
    for start in range(len(text) - len(part) + 1):
        same = True
        for i in range(len(part)):
            if text[start + i] != part[i]:
                same = False
                break
        if same:
            count += 1
    return count


@atom(
    topic="texts",
    says=(
        "the number of positions in {text} at which the non-empty text {part} begins, overlaps included",
        "how often {part}, which is not empty, occurs in {text} when occurrences may overlap",
    ),
    names=("count_overlapping", "overlapping_occurrences", "count_substring"),
    inputs={"text": any_text(Text("ab", 0, 9)), "part": Text("ab", 1, 3)},
    reference=lambda text, part: len(re.findall(f"(?={re.escape(part)})", text)),
    claims=(Claim("Overlaps count: 'aa' is in 'aaa' 2 times.", ("aaa", "aa"), 2),),
    also=(count_overlapping_by_comparison,),
    level=2,
)
def count_overlapping(text: str, part: str) -> int:
    count = 0
    for start in range(len(text) - len(part) + 1):
        if text[start : start + len(part)] == part:
            count += 1
    return count


@atom(
    topic="texts",
    says=(
        "the number of characters that {first} and {second} have in common at their beginnings",
        "how many characters, from the first on, are the same in {first} and {second} before they differ or one ends",
    ),
    names=("common_prefix_length", "shared_prefix_length"),
    inputs={"first": any_text(Text("ab", 0, 6)), "second": any_text(Text("ab", 0, 6))},
    reference=lambda first, second: max(n for n in range(len(first) + 1) if second.startswith(first[:n])),
    claims=(Claim("If one of them is empty, it is 0.", ("", "ab"), 0),),
    level=1,
)
def common_prefix_length(first: str, second: str) -> int:
    length = 0
    for a, b in zip(first, second, strict=False):
        if a != b:
            break
        length += 1
    return length


@atom(
    topic="texts",
    says=(
        "the number of neighbouring pairs of characters in {text} that differ",
        "how often the character changes from one position of {text} to the next",
    ),
    names=("count_changes", "number_of_changes", "count_transitions"),
    inputs={"text": any_text(Text("01", 0, 9))},
    reference=lambda text: max(0, sum(1 for _ in itertools.groupby(text)) - 1),
    claims=(Claim("A text of one character has no change, so 0.", ("0",), 0),),
    level=1,
)
def count_changes(text: str) -> int:
    return sum(1 for i in range(1, len(text)) if text[i] != text[i - 1])


def highest_character_count_by_map(text: str) -> int:
    counts: dict[char, int] = {}
    best = 0
    for c in text:
        counts[c] = counts.get(c, 0) + 1
        best = max(best, counts[c])
    return best


@atom(
    topic="texts",
    says=(
        "how often the most frequent character of {text} occurs, 0 for an empty text",
        "the highest number of times that any one character is found in {text}, 0 if it has none",
    ),
    names=("highest_character_count", "max_frequency", "top_character_count"),
    inputs={"text": any_text(Text("abc ", 0, 9))},
    reference=lambda text: max(Counter(text).values(), default=0),
    claims=(Claim("For an empty text it is 0.", ("",), 0),),
    also=(highest_character_count_by_map,),
    level=2,
)
def highest_character_count(text: str) -> int:
    best = 0
    for c in text:
        best = max(best, text.count(c))
    return best


def is_same_backwards(text: str, start: int, end: int) -> bool:
    while start < end:
        if text[start] != text[end]:
            return False
        start += 1
        end -= 1
    return True


def count_palindromic_parts_by_pairs(text: str) -> int:
    count = 0
    for start in range(len(text)):
        for end in range(start, len(text)):
            if is_same_backwards(text, start, end):
                count += 1
    return count


def palindromes_around(text: str, left: int, right: int) -> int:
    count = 0
    while left >= 0 and right < len(text) and text[left] == text[right]:
        count += 1
        left -= 1
        right += 1
    return count


@atom(
    topic="texts",
    says=(
        "the number of non-empty stretches of {text} that read the same backwards, each pair of start and end counted",
        "how many choices of a start and an end in {text} give a palindrome of one or more characters",
    ),
    names=("count_palindromic_parts", "count_palindromic_substrings", "palindromes_inside"),
    inputs={"text": any_text(Text("ab", 0, 7))},
    reference=lambda text: sum(
        text[i:j] == text[i:j][::-1] for i, j in itertools.combinations(range(len(text) + 1), 2)
    ),
    claims=(Claim("Single characters count: 'ab' gives 2.", ("ab",), 2),),
    also=(count_palindromic_parts_by_pairs,),
    level=3,
)
def count_palindromic_parts(text: str) -> int:
    total = 0
    for centre in range(len(text)):
        total += palindromes_around(text, centre, centre)
        total += palindromes_around(text, centre, centre + 1)
    return total


def longest_part_without_repeat_by_places(text: str) -> int:
    places: dict[char, int] = {}
    best = 0
    start = 0
    for i, c in enumerate(text):
        if c in places:
            start = max(start, places[c] + 1)
        places[c] = i
        best = max(best, i - start + 1)
    return best


@atom(
    topic="texts",
    says=(
        "the length of the longest stretch of neighbouring characters of {text} in which no character repeats",
        "how long the longest part of {text} without gaps is whose characters all differ (0 for an empty text)",
    ),
    names=("longest_part_without_repeat", "longest_unique_substring", "longest_distinct_stretch"),
    inputs={"text": any_text(Text("abcd", 0, 9))},
    reference=lambda text: max(
        j - i for i in range(len(text) + 1) for j in range(i, len(text) + 1) if len(set(text[i:j])) == j - i
    ),
    claims=(Claim("For an empty text it is 0.", ("",), 0),),
    also=(longest_part_without_repeat_by_places,),
    level=4,
)
def longest_part_without_repeat(text: str) -> int:
    inside: set[char] = set()
    best = 0
    start = 0
    for end in range(len(text)):
        while text[end] in inside:
            inside.discard(text[start])
            start += 1
        inside.add(text[end])
        best = max(best, end - start + 1)
    return best


@atom(
    topic="texts",
    says=(
        "the number of unordered pairs of positions in {text} that hold the same character",
        "how many ways there are to pick two places of {text}, in either order, that have equal characters",
    ),
    names=("count_equal_pairs", "equal_character_pairs"),
    inputs={"text": any_text(Text("abc", 0, 8))},
    reference=lambda text: sum(n * (n - 1) // 2 for n in Counter(text).values()),
    claims=(Claim("Three equal characters make 3 pairs.", ("aaa",), 3),),
    level=2,
)
def count_equal_pairs(text: str) -> int:
    pairs = 0
    counts: dict[char, int] = {}
    for c in text:
        pairs += counts.get(c, 0)
        counts[c] = counts.get(c, 0) + 1
    return pairs


@atom(
    topic="texts",
    says=(
        "the number of the first character of {text}, counted from 0, that occurs only once in it, or None if there "
        "is none",
        "the index, from 0, of the earliest character of {text} that is not repeated anywhere in it, None if every "
        "character is",
    ),
    names=("first_lone_position", "first_unique_character", "first_unrepeated"),
    inputs={"text": any_text(Text("abc", 0, 7))},
    reference=lambda text: next((i for i, c in enumerate(text) if Counter(text)[c] == 1), None),
    claims=(Claim("For an empty text the result is None.", ("",), None),),
    level=2,
)
def first_lone_position(text: str) -> int | None:
    for i, c in enumerate(text):
        if text.count(c) == 1:
            return i
    return None


@atom(
    topic="texts",
    says=(
        "the number of words of {text}, separated by blanks, whose first character is a small letter",
        "how many words of {text} begin with a lower-case letter",
    ),
    names=("count_small_words", "words_without_capital"),
    inputs={"text": Sentence(capitals=True)},
    reference=lambda text: len(re.findall(r"\b[a-z]", text)),
    claims=(Claim("Without words it is 0.", ("",), 0),),
    level=1,
)
def count_small_words(text: str) -> int:
    return sum(1 for word in text.split() if word[0].islower())


@atom(
    topic="texts",
    says=(
        "the number of words in {text} that equal {word}, case included",
        "how often {word} stands in {text} as a whole word between blanks or ends, in exactly that spelling",
    ),
    names=("count_word", "occurrences_of_word", "word_frequency"),
    inputs={
        "text": any_text(
            Made(lambda rng: " ".join(rng.choices(("red", "Red", "redder", "blue"), k=rng.randint(0, 6))), ("",))
        ),
        "word": OneOf(("red", "blue")),
    },
    reference=lambda text, word: f" {text.replace(' ', '  ')} ".count(f" {word} "),
    claims=(Claim("Parts of longer words do not count.", ("dates", "date"), 0),),
    level=1,
)
def count_word(text: str, word: str) -> int:
    count = 0
    for candidate in text.split():
        if candidate == word:
            count += 1
    return count
