"""Lists of words gone through with a question or a function that another atom gives."""

# ruff: noqa: SIM110 — loops spelled out are what a person writes in most of the six languages

import itertools
from collections import Counter
from collections.abc import Callable

from hrm_edge.train.data.atoms.atom import Claim, atom
from hrm_edge.train.data.atoms.domains import WORDS, ListOf, OneOf, Sentence
from hrm_edge.train.data.atoms.telling import any_text, any_words

_WORDS = any_words(ListOf(OneOf((*WORDS, "Anna", "Oslo", "x1", "42")), 0, 6))


def keep_words_by_loop(words: list[str], keep: Callable[[str], bool]) -> list[str]:
    result: list[str] = []
    for word in words:
        if keep(word):
            result.append(word)
    return result


@atom(
    topic="texts",
    says=(
        "the words in {words} that {keep:are}, in order",
        "those of {words} that {keep:are}, as a list of texts in the same order",
    ),
    names=("keep_words", "select_words", "filter_words"),
    inputs={"words": _WORDS},
    reference=lambda words, keep: list(filter(keep, words)),
    claims=(Claim("For an empty list the result is empty.", ([],), []),),
    also=(keep_words_by_loop,),
    level=1,
)
def keep_words(words: list[str], keep: Callable[[str], bool]) -> list[str]:
    return [word for word in words if keep(word)]


@atom(
    topic="texts",
    says=("how many words in {words} {keep:are}", "the number of words in {words} that {keep:are}"),
    names=("count_matching_words", "count_such_words", "how_many_words"),
    inputs={"words": _WORDS},
    reference=lambda words, keep: sum(map(keep, words)),
    claims=(Claim("For an empty list it is 0.", ([],), 0),),
    level=1,
)
def count_matching_words(words: list[str], keep: Callable[[str], bool]) -> int:
    count = 0
    for word in words:
        if keep(word):
            count += 1
    return count


@atom(
    topic="searching",
    says=(
        "the first word in {words} that {keep:is}, or None if there is none",
        "the earliest word of {words} that {keep:is} (None without such a word)",
    ),
    names=("first_matching_word", "find_word", "first_such_word"),
    inputs={"words": _WORDS},
    reference=lambda words, keep: next(filter(keep, words), None),
    claims=(Claim("For an empty list the result is None.", ([],), None),),
    level=1,
)
def first_matching_word(words: list[str], keep: Callable[[str], bool]) -> str | None:
    for word in words:
        if keep(word):
            return word
    return None


def every_word_is_by_fold(words: list[str], keep: Callable[[str], bool]) -> bool:
    return all(keep(word) for word in words)


@atom(
    topic="texts",
    says=(
        "whether every word in {words} {keep:is} (true if there are no words)",
        "whether there is no word in {words} other than words that {keep:are}",
    ),
    names=("every_word_is", "all_words_are", "are_all_words"),
    inputs={"words": any_words(ListOf(OneOf(WORDS), 0, 2))},
    reference=lambda words, keep: all(map(keep, words)),
    claims=(Claim("For an empty list the answer is true.", ([],), True),),
    also=(every_word_is_by_fold,),
    level=1,
)
def every_word_is(words: list[str], keep: Callable[[str], bool]) -> bool:
    for word in words:
        if not keep(word):
            return False
    return True


@atom(
    topic="texts",
    says=(
        "the words of {text}, separated by blanks, that {keep:are}, joined by single blanks",
        "what is left of {text} when only words that {keep:are} stay, one blank between them",
    ),
    names=("keep_words_of_text", "filter_text_words", "text_of_such_words"),
    inputs={"text": any_text(Sentence())},
    reference=lambda text, keep: " ".join(filter(keep, text.split())),
    claims=(Claim("A text without words gives an empty text.", ("",), ""),),
    level=2,
)
def keep_words_of_text(text: str, keep: Callable[[str], bool]) -> str:
    result = ""
    for word in text.split():
        if keep(word):
            if result != "":
                result += " "
            result += word
    return result


@atom(
    topic="texts",
    says=(
        "the length of the longest of the words in {words} that {keep:are}, 0 if there are none",
        "how many characters a word in {words} that {keep:is} has at most (0 without such words)",
    ),
    names=("longest_matching_length", "max_length_of_such", "longest_such_word_length"),
    inputs={"words": _WORDS},
    reference=lambda words, keep: max(map(len, filter(keep, words)), default=0),
    claims=(Claim("For an empty list it is 0.", ([],), 0),),
    level=2,
)
def longest_matching_length(words: list[str], keep: Callable[[str], bool]) -> int:
    best = 0
    for word in words:
        if keep(word):
            best = max(best, len(word))
    return best


def change_words_by_loop(words: list[str], f: Callable[[str], str]) -> list[str]:
    result: list[str] = []
    for word in words:
        result.append(f(word))
    return result


@atom(
    topic="texts",
    says=(
        "the list of {f:each word} in {words}, in order",
        "{words} with every word replaced by {f:that word}",
    ),
    names=("change_words", "map_words", "transform_words"),
    inputs={"words": _WORDS},
    reference=lambda words, f: list(map(f, words)),
    claims=(Claim("For an empty list the result is empty.", ([],), []),),
    also=(change_words_by_loop,),
    level=1,
)
def change_words(words: list[str], f: Callable[[str], str]) -> list[str]:
    return [f(word) for word in words]


@atom(
    topic="texts",
    says=(
        "{text} with every word replaced by {f:that word}, words separated by single blanks",
        "the text that joins by single blanks, for all words of {text} in order, {f:the word}",
    ),
    names=("change_words_of_text", "map_text_words", "transform_text"),
    inputs={"text": any_text(Sentence())},
    reference=lambda text, f: " ".join(map(f, text.split())),
    claims=(Claim("A text without words gives an empty text.", ("",), ""),),
    level=2,
)
def change_words_of_text(text: str, f: Callable[[str], str]) -> str:
    parts: list[str] = []
    for word in text.split():
        parts.append(f(word))
    return " ".join(parts)


@atom(
    topic="texts",
    says=(
        "the words in {words} joined by commas after each that {keep:is} has been replaced by {f:the word}",
        "one text with a comma between any two items: all of {words} in order, but {f:the word} for each word that "
        "{keep:is}",
    ),
    names=("join_changed_words", "comma_text_with_changes"),
    inputs={"words": _WORDS},
    reference=lambda words, keep, f: ",".join([(str, f)[keep(word)](word) for word in words]),
    claims=(Claim("For an empty list the text is empty.", ([],), ""),),
    level=2,
)
def join_changed_words(words: list[str], keep: Callable[[str], bool], f: Callable[[str], str]) -> str:
    parts: list[str] = []
    for word in words:
        if keep(word):
            parts.append(f(word))
        else:
            parts.append(word)
    return ",".join(parts)


@atom(
    topic="texts",
    says=(
        "the list of {f:each word} in {words} that {keep:is}, in order",
        "the list that has, for all the words in {words} that {keep:are}, in order, {f:the word}",
    ),
    names=("change_matching_words", "map_such_words"),
    inputs={"words": _WORDS},
    reference=lambda words, keep, f: list(map(f, filter(keep, words))),
    claims=(Claim("For an empty list the result is empty.", ([],), []),),
    level=2,
)
def change_matching_words(words: list[str], keep: Callable[[str], bool], f: Callable[[str], str]) -> list[str]:
    return [f(word) for word in words if keep(word)]


@atom(
    topic="texts",
    says=(
        "the list of numbers that has {f:the word} for every word in {words}, in order",
        "the list of whole numbers that gives, for all words in {words} from first to last, {f:the word}",
    ),
    names=("measure_words", "values_of_words", "number_for_each_word"),
    inputs={"words": _WORDS},
    reference=lambda words, f: list(map(f, words)),
    claims=(Claim("For an empty list the result is empty.", ([],), []),),
    level=1,
)
def measure_words(words: list[str], f: Callable[[str], int]) -> list[int]:
    return [f(word) for word in words]


def total_over_words_by_fold(words: list[str], f: Callable[[str], int]) -> int:
    return sum(f(word) for word in words)


@atom(
    topic="texts",
    says=(
        "the sum, over all words in {words}, of {f:the word}",
        "the total when {f:each word} in {words} is added up, 0 for no words",
    ),
    names=("total_over_words", "sum_over_words", "add_over_words"),
    inputs={"words": _WORDS},
    reference=lambda words, f: sum(map(f, words)),
    claims=(Claim("For an empty list it is 0.", ([],), 0),),
    also=(total_over_words_by_fold,),
    level=1,
)
def total_over_words(words: list[str], f: Callable[[str], int]) -> int:
    result = 0
    for word in words:
        result += f(word)
    return result


@atom(
    topic="searching",
    says=(
        "the word in {words} for which {f:the word} is largest, the first one on a tie, or None if there are no words",
        "the first of those words in {words} that no other word beats in {f:the word}, None for an empty list",
    ),
    names=("best_word", "word_with_largest", "top_word"),
    inputs={"words": _WORDS},
    reference=lambda words, f: max(words, key=f, default=None),
    claims=(Claim("For an empty list the result is None.", ([],), None),),
    level=2,
)
def best_word(words: list[str], f: Callable[[str], int]) -> str | None:
    if not words:
        return None
    best = words[0]
    for word in words:
        if f(word) > f(best):
            best = word
    return best


def sort_words_by_value_by_insertion(words: list[str], f: Callable[[str], int]) -> list[str]:
    result: list[str] = []
    for word in words:
        place = len(result)
        while place > 0 and f(result[place - 1]) > f(word):
            place -= 1
        result.insert(place, word)
    return result


@atom(
    topic="sorting",
    says=(
        "the words in {words} sorted in ascending order of {f:the word}, those with equal values in their original "
        "order",
        "{words} as a list of texts ordered from the smallest to the largest value of {f:the word}, a stable sort",
    ),
    names=("sort_words_by_value", "order_words_by", "rank_words"),
    inputs={"words": _WORDS},
    reference=lambda words, f: [words[i] for _, i in sorted((f(word), i) for i, word in enumerate(words))],
    claims=(Claim("For an empty list the result is empty.", ([],), []),),
    also=(sort_words_by_value_by_insertion,),
    level=2,
)
def sort_words_by_value(words: list[str], f: Callable[[str], int]) -> list[str]:
    return sorted(words, key=lambda word: f(word))


@atom(
    topic="maps",
    says=(
        "the map from each value that {f:a word} takes among {words} to the list of the words with that value, in "
        "order",
        "the words in {words} grouped by {f:the word}: a map from each such number to a list of words in the "
        "original order",
    ),
    names=("group_words_by_value", "bucket_words", "words_by_value"),
    inputs={"words": _WORDS},
    reference=lambda words, f: {value: [w for w in words if f(w) == value] for value in set(map(f, words))},
    claims=(Claim("For an empty list the map is empty.", ([],), {}),),
    level=2,
)
def group_words_by_value(words: list[str], f: Callable[[str], int]) -> dict[int, list[str]]:
    groups: dict[int, list[str]] = {}
    for word in words:
        value = f(word)
        if value in groups:
            groups[value].append(word)
        else:
            groups[value] = [word]
    return groups


@atom(
    topic="maps",
    says=(
        "the map from each text that {f:a word} gives for the words in {words} to how many words give it",
        "how often each different text comes up as {f:the word} when the word runs through {words}, as a map",
    ),
    names=("count_words_by_form", "tally_forms", "form_counts"),
    inputs={"words": _WORDS},
    reference=lambda words, f: dict(Counter(map(f, words))),
    claims=(Claim("For an empty list the map is empty.", ([],), {}),),
    level=2,
)
def count_words_by_form(words: list[str], f: Callable[[str], str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for word in words:
        form = f(word)
        counts[form] = counts.get(form, 0) + 1
    return counts


@atom(
    topic="maps",
    says=(
        "the map from each different word in {words} to {f:that word}",
        "a dictionary with every word of {words} as a key and {f:the word} under it",
    ),
    names=("table_of_words", "word_table", "dictionary_of"),
    inputs={"words": _WORDS},
    reference=lambda words, f: dict(zip(words, map(f, words), strict=True)),
    claims=(Claim("For an empty list the map is empty.", ([],), {}),),
    level=1,
)
def table_of_words(words: list[str], f: Callable[[str], int]) -> dict[str, int]:
    table: dict[str, int] = {}
    for word in words:
        table[word] = f(word)
    return table


@atom(
    topic="texts",
    says=(
        "a pair of lists of words: those in {words} that {keep:are}, and the rest, both in order",
        "{words} parted in two lists of texts, first the words that {keep:are}, then the remaining ones, in the "
        "original order",
    ),
    names=("partition_words", "separate_words", "sort_out_words"),
    inputs={"words": _WORDS},
    reference=lambda words, keep: (list(filter(keep, words)), list(itertools.filterfalse(keep, words))),
    claims=(Claim("For an empty list both are empty.", ([],), ([], [])),),
    level=2,
)
def partition_words(words: list[str], keep: Callable[[str], bool]) -> tuple[list[str], list[str]]:
    chosen = [word for word in words if keep(word)]
    others = [word for word in words if not keep(word)]
    return chosen, others


@atom(
    topic="texts",
    says=(
        "the sum, over the words in {words} that {keep:are}, of {f:the word}",
        "the total of {f:each word} in {words} that {keep:is}, 0 if there is no such word",
    ),
    names=("total_over_matching_words", "sum_over_such_words"),
    inputs={"words": _WORDS},
    reference=lambda words, keep, f: sum(map(f, filter(keep, words))),
    claims=(Claim("For an empty list it is 0.", ([],), 0),),
    level=2,
)
def total_over_matching_words(words: list[str], keep: Callable[[str], bool], f: Callable[[str], int]) -> int:
    result = 0
    for word in words:
        if keep(word):
            result += f(word)
    return result
