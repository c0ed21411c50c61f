"""Maps and counting: frequencies, groups, what lists have in common."""

import itertools
from collections import Counter

from hrm_edge.train.data.atoms.atom import Claim, atom
from hrm_edge.train.data.atoms.domains import WORDS, ListOf, Made, MapOf, OneOf, Sentence, Text, Whole
from hrm_edge.train.data.atoms.subset import char
from hrm_edge.train.data.atoms.telling import any_numbers, any_text, any_words

_NUMBERS = any_numbers(ListOf(Whole(0, 4), 0, 8))
_DIGITS = any_numbers(ListOf(Whole(0, 9), 0, 6))
_WORDS = any_words(ListOf(OneOf(("tea", "eat", "ate", "tan", "nat", "bat", "tab", "fig", "a")), 0, 7))
_SCORES = MapOf(OneOf(("ann", "bob", "cay", "dee", "eve")), Whole(0, 5))


@atom(
    topic="maps",
    says=(
        "the map from each word of {text}, words being separated by blanks, to how often it occurs",
        "the word frequencies of {text}: a map with a count for every different word, case included",
    ),
    names=("word_frequencies", "count_each_word", "word_counts"),
    inputs={"text": any_text(Made(lambda rng: " ".join(rng.choices(("red", "Red", "a"), k=rng.randint(0, 6))), ("",)))},
    reference=lambda text: dict(Counter(text.split())),
    claims=(Claim("Without words the map is empty.", ("",), {}),),
    level=2,
)
def word_frequencies(text: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for word in text.split():
        if word in counts:
            counts[word] += 1
        else:
            counts[word] = 1
    return counts


def character_counts_by_set(text: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for c in set(text):
        counts[c] = text.count(c)
    return counts


@atom(
    topic="maps",
    says=(
        "the map from each character of {text} to how often it occurs in it",
        "a map with the number of its occurrences for every different character of {text}",
    ),
    names=("character_counts", "letter_frequencies", "count_characters"),
    inputs={"text": any_text(Text("abcA ", 0, 8))},
    reference=lambda text: dict(Counter(text)),
    claims=(Claim("For an empty text the map is empty.", ("",), {}),),
    also=(character_counts_by_set,),
    level=2,
)
def character_counts(text: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for c in text:
        counts[c] = counts.get(c, 0) + 1
    return counts


@atom(
    topic="maps",
    says=(
        "the map from each different number in {numbers} to how often it occurs there",
        "the histogram of {numbers} as a map: every value that occurs, with its count",
    ),
    names=("number_counts", "histogram", "tally"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers: {n: numbers.count(n) for n in numbers},
    claims=(Claim("For an empty list the map is empty.", ([],), {}),),
    level=2,
)
def number_counts(numbers: list[int]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    return counts


@atom(
    topic="counting",
    says=(
        "the list that has at position i, for i from 0 to {most}, how often i occurs in {numbers}; others are ignored",
        "the counts of 0, 1, 2, ..., {most} among {numbers}, in this order, numbers outside this range left out",
    ),
    names=("bucket_counts", "count_each_value", "frequency_list"),
    inputs={"numbers": _NUMBERS, "most": Whole(0, 5)},
    needs=lambda _, most: 0 <= most <= 1000,
    reference=lambda numbers, most: [numbers.count(i) for i in range(most + 1)],
    claims=(Claim("For an empty list all counts are 0.", ([], 1), [0, 0]),),
    level=2,
)
def bucket_counts(numbers: list[int], most: int) -> list[int]:
    counts = [0] * (most + 1)
    for number in numbers:
        if 0 <= number <= most:
            counts[number] += 1
    return counts


@atom(
    topic="maps",
    says=(
        "the map from each value of {table} to the list of its keys with that value, in ascending order",
        "{table} turned round: under every value the sorted list of the keys that have it",
    ),
    names=("invert_map", "keys_by_value", "swap_keys_and_values"),
    inputs={"table": _SCORES},
    reference=lambda table: {value: sorted(k for k in table if table[k] == value) for value in table.values()},
    claims=(Claim("An empty map stays empty.", ({},), {}),),
    level=3,
)
def invert_map(table: dict[str, int]) -> dict[int, list[str]]:
    inverted: dict[int, list[str]] = {}
    for key, value in sorted(table.items()):
        if value not in inverted:
            inverted[value] = []
        inverted[value].append(key)
    return inverted


@atom(
    topic="maps",
    says=(
        "the non-empty words in {words} grouped by their first characters: a map from the character to the list of "
        "words, in order",
        "the map from each first character of a word in {words} to the words that begin with it in their original "
        "order, empty words left out",
    ),
    names=("group_by_first_letter", "words_by_initial", "index_by_initial"),
    inputs={"words": _WORDS},
    reference=lambda words: {
        first: [w for w in words if w.startswith(first)] for first in dict.fromkeys(word[0] for word in words if word)
    },
    claims=(Claim("For an empty list the map is empty.", ([],), {}),),
    level=2,
)
def group_by_first_letter(words: list[str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for word in words:
        if word != "":
            first = word[:1]
            if first not in groups:
                groups[first] = []
            groups[first].append(word)
    return groups


@atom(
    topic="maps",
    says=(
        "the words in {words} grouped by length: a map from each length that occurs to the list of words, in order",
        "the map that has under the number of characters the words in {words} with so many, in their original order",
    ),
    names=("group_by_length", "words_by_length", "index_by_length"),
    inputs={"words": any_words(ListOf(OneOf((*WORDS[:16], "")), 0, 6))},
    reference=lambda words: {
        length: list(group) for length, group in itertools.groupby(sorted(words, key=len), key=len)
    },
    claims=(Claim("For an empty list the map is empty.", ([],), {}),),
    level=2,
)
def group_by_length(words: list[str]) -> dict[int, list[str]]:
    groups: dict[int, list[str]] = {}
    for word in words:
        if len(word) in groups:
            groups[len(word)].append(word)
        else:
            groups[len(word)] = [word]
    return groups


def anagram_groups_by_search(words: list[str]) -> list[list[str]]:
    keys: list[str] = []
    groups: list[list[str]] = []
    for word in words:
        key = "".join(sorted(word))
        if key in keys:
            groups[keys.index(key)].append(word)
        else:
            keys.append(key)
            groups.append([word])
    return groups


@atom(
    topic="maps",
    says=(
        "the words in {words} in groups of anagrams, a list of lists: groups in the order of their first words, "
        "words in their original order",
        "{words} put together by their letters: lists of the words that have the same letters equally often, "
        "ordered as they first appear, repeats kept",
    ),
    names=("anagram_groups", "group_anagrams", "words_with_same_letters"),
    inputs={"words": _WORDS},
    reference=lambda words: [
        [w for w in words if Counter(w) == Counter(word)]
        for i, word in enumerate(words)
        if all(Counter(w) != Counter(word) for w in words[:i])
    ],
    claims=(Claim("A word without an anagram is a group of its own.", (["fig"],), [["fig"]]),),
    also=(anagram_groups_by_search,),
    level=3,
)
def anagram_groups(words: list[str]) -> list[list[str]]:
    places: dict[str, int] = {}
    groups: list[list[str]] = []
    for word in words:
        key = "".join(sorted(word))
        if key not in places:
            places[key] = len(groups)
            groups.append([])
        groups[places[key]].append(word)
    return groups


@atom(
    topic="maps",
    says=(
        "the map with all keys of {first} and {second}, and with the sum of both values where both have the key",
        "{first} and {second} merged into one map, the numbers under a key that is in both added together",
    ),
    names=("merge_counts", "add_maps", "combine_totals"),
    inputs={"first": _SCORES, "second": _SCORES},
    reference=lambda first, second: {k: first.get(k, 0) + second.get(k, 0) for k in {**first, **second}},
    claims=(Claim("If one is empty, the result is the other.", ({}, {"ann": 2}), {"ann": 2}),),
    level=2,
)
def merge_counts(first: dict[str, int], second: dict[str, int]) -> dict[str, int]:
    merged: dict[str, int] = {}
    for key, value in first.items():
        merged[key] = value
    for key, value in second.items():
        merged[key] = merged.get(key, 0) + value
    return merged


@atom(
    topic="maps",
    says=(
        "the keys of {table} in alphabetical order",
        "the sorted list of the names that {table} has an entry for",
    ),
    names=("sorted_keys_of", "key_list", "names_in_map"),
    inputs={"table": _SCORES},
    reference=lambda table: sorted(set(table)),
    claims=(Claim("An empty map has none.", ({},), []),),
    level=1,
)
def sorted_keys_of(table: dict[str, int]) -> list[str]:
    return sorted(table)


@atom(
    topic="maps",
    says=(
        "the sum of the values of {table}",
        "what the numbers under all keys of {table} add up to, 0 for an empty map",
    ),
    names=("sum_of_values", "total_of_map", "add_up_values"),
    inputs={"table": _SCORES},
    reference=lambda table: sum(table[key] for key in table),
    claims=(Claim("An empty map gives 0.", ({},), 0),),
    level=1,
)
def sum_of_values(table: dict[str, int]) -> int:
    return sum(table.values())


@atom(
    topic="maps",
    says=(
        "the key with the largest value in {table}, the alphabetically first of several, None for an empty map",
        "the name that {table} gives the highest number (on a tie the first in alphabetical order, None if it is "
        "empty)",
    ),
    names=("key_of_largest", "winner", "best_key"),
    inputs={"table": _SCORES},
    reference=lambda table: min((k for k in table if table[k] == max(table.values())), default=None),
    claims=(Claim("On a tie the alphabetically first wins.", ({"bob": 3, "ann": 3},), "ann"),),
    level=2,
)
def key_of_largest(table: dict[str, int]) -> str | None:
    if not table:
        return None
    highest = max(table.values())
    for key in sorted(table):
        if table[key] == highest:
            return key
    return None


@atom(
    topic="maps",
    says=(
        "the keys of {table} from the largest value to the smallest, keys with equal values in alphabetical order",
        "the ranking of the names in {table}: descending by their numbers, alphabetical among equals",
    ),
    names=("ranking", "keys_by_score", "leaderboard"),
    inputs={"table": _SCORES},
    reference=lambda table: sorted(sorted(table), key=table.__getitem__, reverse=True),
    claims=(Claim("Equal ones are in alphabetical order.", ({"bob": 1, "ann": 1},), ["ann", "bob"]),),
    level=2,
)
def ranking(table: dict[str, int]) -> list[str]:
    names = sorted(table)
    return sorted(names, key=lambda name: -table[name])


@atom(
    topic="maps",
    says=(
        "the entries of {table} whose value is at least {least}, as a map",
        "{table} without the keys that have a value below {least}",
    ),
    names=("entries_from", "filter_map", "keep_large_values"),
    inputs={"table": _SCORES, "least": Whole(1, 5)},
    reference=lambda table, least: dict(filter(lambda entry: entry[1] >= least, table.items())),
    claims=(Claim("A value equal to {least} stays.", ({"ann": 3}, 3), {"ann": 3}),),
    level=1,
)
def entries_from(table: dict[str, int], least: int) -> dict[str, int]:
    kept: dict[str, int] = {}
    for key, value in table.items():
        if value >= least:
            kept[key] = value
    return kept


@atom(
    topic="maps",
    says=(
        "{table} as a text: key=value for every entry in alphabetical order of the keys, with ';' between entries",
        "the entries of {table} written as 'key=value', sorted by key and joined by semicolons, an empty text for "
        "an empty map",
    ),
    names=("map_to_text", "format_settings", "write_pairs"),
    inputs={"table": _SCORES},
    reference=lambda table: ";".join(f"{key}={table[key]}" for key in sorted(table)),
    claims=(Claim("An empty map gives an empty text.", ({},), ""),),
    level=2,
)
def map_to_text(table: dict[str, int]) -> str:
    result = ""
    for key, value in sorted(table.items()):
        if result != "":
            result += ";"
        result += key + "=" + str(value)
    return result


@atom(
    topic="maps",
    says=(
        "what {items} cost together at the {prices} given as a map, items without a price costing nothing",
        "the sum of the numbers that {prices} has under the texts in {items}, one for each time an item occurs, 0 "
        "for items it does not have",
    ),
    names=("bill", "total_cost", "price_of_basket"),
    inputs={
        "items": any_words(ListOf(OneOf(("tea", "fig", "jam", "egg")), 0, 5)),
        "prices": MapOf(OneOf(("tea", "fig", "jam")), Whole(1, 9)),
    },
    reference=lambda items, prices: sum(items.count(key) * price for key, price in prices.items()),
    claims=(Claim("What has no price costs nothing.", (["egg"], {"tea": 2}), 0),),
    level=1,
)
def bill(items: list[str], prices: dict[str, int]) -> int:
    cost = 0
    for item in items:
        if item in prices:
            cost += prices[item]
    return cost


def most_common_numbers_by_picking(numbers: list[int], k: int) -> list[int]:
    counts: dict[int, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    result: list[int] = []
    while len(result) < k and len(counts) > 0:
        best = min(counts)
        for number in sorted(counts):
            if counts[number] > counts[best]:
                best = number
        result.append(best)
        del counts[best]
    return result


@atom(
    topic="counting",
    says=(
        "the {k} most frequent different numbers in {numbers}, most frequent first, of equally frequent ones the "
        "smaller first; all if there are fewer",
        "the different values of {numbers} in descending order of how often they occur, ties from small to large, "
        "cut off after {k}",
    ),
    names=("most_common_numbers", "top_values", "most_frequent_few"),
    inputs={"numbers": _NUMBERS, "k": Whole(0, 4)},
    reference=lambda numbers, k: [n for n, _ in Counter(sorted(numbers)).most_common(k)],
    claims=(Claim("Of equally frequent ones the smaller comes first.", ([5, 2], 1), [2]),),
    also=(most_common_numbers_by_picking,),
    level=3,
)
def most_common_numbers(numbers: list[int], k: int) -> list[int]:
    counts: dict[int, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    values = sorted(counts)
    ordered = sorted(values, key=lambda value: (-counts[value], value))
    return ordered[: min(k, len(ordered))]


@atom(
    topic="maps",
    says=(
        "the most frequent word in {text}, the alphabetically first on a tie, an empty text if there are no words",
        "that word of {text}, words being separated by blanks, which occurs most often (of several the first in "
        "alphabetical order; empty without words)",
    ),
    names=("most_frequent_word", "commonest_word", "top_word_of_text"),
    inputs={"text": Sentence(0, 6)},
    reference=lambda text: max(sorted(set(text.split())), key=text.split().count, default=""),
    claims=(Claim("On a tie the alphabetically first wins.", ("plum fig",), "fig"),),
    level=3,
)
def most_frequent_word(text: str) -> str:
    counts: dict[str, int] = {}
    for word in text.split():
        counts[word] = counts.get(word, 0) + 1
    best = ""
    for word in sorted(counts):
        if best == "" or counts[word] > counts[best]:
            best = word
    return best


def common_numbers_by_sets(first: list[int], second: list[int]) -> list[int]:
    return sorted(set(first) & set(second))


@atom(
    topic="counting",
    says=(
        "the different numbers that are in both {first} and {second}, in ascending order",
        "the sorted list, without repeats, of what {first} and {second} have in common",
    ),
    names=("common_numbers", "intersection", "shared_numbers"),
    inputs={"first": _DIGITS, "second": _DIGITS},
    reference=lambda first, second: [n for n in sorted(set(first)) if second.count(n) > 0],
    claims=(Claim("A number that both have twice is listed once.", ([1, 1], [1, 1]), [1]),),
    also=(common_numbers_by_sets,),
    level=1,
)
def common_numbers(first: list[int], second: list[int]) -> list[int]:
    common: list[int] = []
    for number in first:
        if number in second and number not in common:
            common.append(number)
    return sorted(common)


def missing_numbers_by_sets(first: list[int], second: list[int]) -> list[int]:
    return sorted(set(first) - set(second))


@atom(
    topic="counting",
    says=(
        "the different numbers that are in {first} but not in {second}, in ascending order",
        "the sorted list, without repeats, of what {first} has and {second} lacks",
    ),
    names=("missing_numbers", "difference_sorted", "only_in_first"),
    inputs={"first": _DIGITS, "second": _DIGITS},
    reference=lambda first, second: sorted(dict.fromkeys(n for n in first if second.count(n) == 0)),
    claims=(Claim("If {first} is empty, so is the result.", ([], [1]), []),),
    also=(missing_numbers_by_sets,),
    level=1,
)
def missing_numbers(first: list[int], second: list[int]) -> list[int]:
    excluded = set(second)
    result: list[int] = []
    for number in first:
        if number not in excluded:
            result.append(number)
            excluded.add(number)
    result.sort()
    return result


@atom(
    topic="counting",
    says=(
        "the different numbers that are in {first} or in {second} or in both, in ascending order",
        "the sorted list, without repeats, of all the numbers that {first} and {second} have together",
    ),
    names=("all_numbers", "union_sorted", "numbers_of_both"),
    inputs={"first": _DIGITS, "second": _DIGITS},
    reference=lambda first, second: [n for n, _ in itertools.groupby(sorted(first + second))],
    claims=(Claim("Two empty lists give an empty list.", ([], []), []),),
    level=1,
)
def all_numbers(first: list[int], second: list[int]) -> list[int]:
    return sorted(set(first) | set(second))


@atom(
    topic="counting",
    says=(
        "the different numbers that are in exactly one of {first} and {second}, in ascending order",
        "the sorted list, without repeats, of the numbers that only {first} or only {second} has",
    ),
    names=("numbers_of_one_side", "symmetric_difference", "not_shared"),
    inputs={"first": _DIGITS, "second": _DIGITS},
    reference=lambda first, second: sorted(set(first) ^ set(second)),
    claims=(Claim("Lists of the same numbers have none.", ([1, 2], [2, 1, 1]), []),),
    level=2,
)
def numbers_of_one_side(first: list[int], second: list[int]) -> list[int]:
    result: list[int] = []
    for number in sorted(first + second):
        if (number in first) != (number in second) and number not in result:
            result.append(number)
    return result


def common_with_repeats_by_pointers(first: list[int], second: list[int]) -> list[int]:
    left = sorted(first)
    right = sorted(second)
    common: list[int] = []
    i = 0
    j = 0
    while i < len(left) and j < len(right):
        if left[i] == right[j]:
            common.append(left[i])
            i += 1
            j += 1
        elif left[i] < right[j]:
            i += 1
        else:
            j += 1
    return common


@atom(
    topic="counting",
    says=(
        "the numbers that {first} and {second} share, in ascending order, each as often as it occurs in both at least",
        "the ascending list of common numbers of {first} and {second}, where one that occurs m and n times is "
        "listed as often as the smaller of m and n says",
    ),
    names=("common_with_repeats", "multiset_intersection", "shared_with_counts"),
    inputs={"first": _NUMBERS, "second": _NUMBERS},
    reference=lambda first, second: sorted((Counter(first) & Counter(second)).elements()),
    claims=(Claim("The smaller count decides.", ([1, 1, 1], [1, 1]), [1, 1]),),
    also=(common_with_repeats_by_pointers,),
    level=2,
)
def common_with_repeats(first: list[int], second: list[int]) -> list[int]:
    left: dict[int, int] = {}
    for number in first:
        left[number] = left.get(number, 0) + 1
    common: list[int] = []
    for number in second:
        if left.get(number, 0) > 0:
            left[number] -= 1
            common.append(number)
    return sorted(common)


@atom(
    topic="counting",
    says=(
        "the first number in {numbers} that occurs only once, or None if there is none",
        "the earliest of {numbers} without an equal anywhere else among them, None if all are repeated",
    ),
    names=("first_unique", "first_single", "earliest_lone_number"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 3), 0, 6))},
    reference=lambda numbers: next(filter(lambda number: numbers.count(number) == 1, numbers), None),
    claims=(Claim("For an empty list it is None.", ([],), None),),
    level=2,
)
def first_unique(numbers: list[int]) -> int | None:
    counts: dict[int, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    for number in numbers:
        if counts[number] == 1:
            return number
    return None


@atom(
    topic="counting",
    says=(
        "the first number in {numbers} that has occurred before it, or None if there is none",
        "that number of {numbers} whose second occurrence comes earliest, None if nothing is repeated",
    ),
    names=("first_repeated", "first_duplicate", "earliest_repeat"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 6), 0, 7))},
    reference=lambda numbers: next((n for i, n in enumerate(numbers) if numbers.index(n) < i), None),
    claims=(Claim("What matters is the earliest second occurrence.", ([1, 2, 2, 1],), 2),),
    level=2,
)
def first_repeated(numbers: list[int]) -> int | None:
    seen: set[int] = set()
    for number in numbers:
        if number in seen:
            return number
        seen.add(number)
    return None


@atom(
    topic="counting",
    says=(
        "the numbers that occur more than once in {numbers}, each listed once, in ascending order",
        "the sorted list of the different values of {numbers} that are repeated",
    ),
    names=("repeated_numbers", "find_duplicates", "values_with_repeats"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers: [n for n, run in itertools.groupby(sorted(numbers)) if len(list(run)) > 1],
    claims=(Claim("Without repeats the list is empty.", ([2, 1],), []),),
    level=2,
)
def repeated_numbers(numbers: list[int]) -> list[int]:
    counts: dict[int, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    return [number for number in sorted(counts) if counts[number] > 1]


@atom(
    topic="counting",
    says=(
        "the letters that occur in all of {words}, in alphabetical order as one text, empty for no words",
        "the text of all characters, each once and sorted by character code, that every word in {words} has",
    ),
    names=("letters_in_all", "common_letters", "shared_characters"),
    inputs={"words": any_words(ListOf(OneOf(("tea", "eat", "tan", "bat", "fig", "beat", "seat")), 0, 4))},
    reference=lambda words: "".join(sorted(set(words[0]).intersection(*words))) if words else "",
    claims=(Claim("Of a single word all letters are listed.", (["tea"],), "aet"),),
    level=2,
)
def letters_in_all(words: list[str]) -> str:
    if not words:
        return ""
    common = set(words[0])
    for word in words:
        common = common & set(word)
    return "".join(sorted(common))


@atom(
    topic="counting",
    says=(
        "how many letters must be taken out of {first} and {second} together until they are anagrams of each other",
        "the least number of characters whose removal from {first} and {second} leaves both with the same characters "
        "equally often",
    ),
    names=("removals_to_anagram", "letters_to_delete", "anagram_distance"),
    inputs={"first": any_text(Text("abc", 0, 5)), "second": any_text(Text("abc", 0, 5))},
    reference=lambda first, second: (
        (Counter(first) - Counter(second)).total() + (Counter(second) - Counter(first)).total()
    ),
    claims=(Claim("Anagrams need no removal.", ("ab", "ba"), 0),),
    level=2,
)
def removals_to_anagram(first: str, second: str) -> int:
    balance: dict[char, int] = {}
    for c in first:
        balance[c] = balance.get(c, 0) + 1
    for c in second:
        balance[c] = balance.get(c, 0) - 1
    return sum(abs(count) for count in balance.values())


@atom(
    topic="counting",
    says=(
        "whether every letter of {note} can be taken from {magazine}, each of its characters being used at most once",
        "whether {magazine} has all the characters of {note} at least as often as {note} does",
    ),
    names=("can_be_cut_from", "ransom_note", "has_enough_letters"),
    inputs={"note": any_text(Text("abc", 0, 4)), "magazine": any_text(Text("abc", 0, 8))},
    reference=lambda note, magazine: Counter(note) <= Counter(magazine),
    claims=(Claim("An empty note can always be made.", ("", ""), True),),
    level=2,
)
def can_be_cut_from(note: str, magazine: str) -> bool:
    left: dict[char, int] = {}
    for c in magazine:
        left[c] = left.get(c, 0) + 1
    for c in note:
        if left.get(c, 0) == 0:
            return False
        left[c] -= 1
    return True


def _longest_with(numbers: list[int], k: int) -> int:
    parts = (numbers[i:j] for i in range(len(numbers)) for j in range(i + 1, len(numbers) + 1))
    return max((len(part) for part in parts if len(set(part)) <= k), default=0)


@atom(
    topic="counting",
    says=(
        "the length of the longest stretch of neighbouring numbers in {numbers} with at most {k} different values",
        "how many consecutive numbers of {numbers} at most have no more than {k} distinct values among them (0 if "
        "none)",
    ),
    names=("longest_with_few_values", "longest_with_k_distinct"),
    inputs={"numbers": _NUMBERS, "k": Whole(0, 3)},
    needs=lambda _, k: k >= 0,
    reference=_longest_with,
    claims=(Claim("With {k} equal to 0 it is 0.", ([1], 0), 0),),
    level=4,
)
def longest_with_few_values(numbers: list[int], k: int) -> int:
    counts: dict[int, int] = {}
    best = 0
    start = 0
    for end, number in enumerate(numbers):
        counts[number] = counts.get(number, 0) + 1
        while len(counts) > k:
            left = numbers[start]
            counts[left] -= 1
            if counts[left] == 0:
                del counts[left]
            start += 1
        best = max(best, end - start + 1)
    return best


@atom(
    topic="counting",
    says=(
        "the length of the longest row of consecutive whole numbers n, n + 1, n + 2, ... all of which {numbers} has",
        "how many consecutive whole numbers can at most be found among {numbers}, in whatever places they are",
    ),
    names=("longest_consecutive_row", "longest_sequence_of_neighbours", "consecutive_streak"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 12), 0, 8))},
    reference=lambda numbers: max(
        Counter(number - i for i, number in enumerate(sorted(set(numbers)))).values(), default=0
    ),
    claims=(Claim("Repeats do not matter.", ([2, 1, 2],), 2),),
    level=3,
)
def longest_consecutive_row(numbers: list[int]) -> int:
    present = set(numbers)
    best = 0
    for number in numbers:
        if number - 1 not in present:
            length = 1
            while number + length in present:
                length += 1
            best = max(best, length)
    return best
