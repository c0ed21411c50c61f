"""Functions that call themselves: enumerations, backtracking, definitions by recursion."""

import itertools

from hrm_edge.train.data.atoms.atom import Claim, atom
from hrm_edge.train.data.atoms.domains import GridOf, ListOf, OneOf, Text, Whole
from hrm_edge.train.data.atoms.subset import char


def _hanoi_by_bits(n: int) -> list[str]:
    pegs = "123" if n % 2 == 1 else "132"
    return [f"{pegs[(m & m - 1) % 3]}->{pegs[((m | m - 1) + 1) % 3]}" for m in range(1, 2**n)]


def move_tower(n: int, source: str, target: str, spare: str, moves: list[str]) -> None:
    if n == 0:
        return
    move_tower(n - 1, source, spare, target, moves)
    moves.append(source + "->" + target)
    move_tower(n - 1, spare, target, source, moves)


@atom(
    topic="recursion",
    says=(
        "the shortest list of moves that brings a Tower of Hanoi of {n} discs from peg 1 to peg 3 with the help of "
        'peg 2, each move written like "1->3"',
        "the moves of the Towers of Hanoi puzzle in order, as few as possible: {n} discs start on peg 1 and shall end "
        'on peg 3, peg 2 is free, and a move from 1 to 2 is written "1->2"',
    ),
    names=("hanoi", "hanoi_moves", "tower_moves"),
    inputs={"n": Whole(0, 5)},
    reference=_hanoi_by_bits,
    claims=(
        Claim("Without discs there are no moves.", (0,), []),
        Claim("A single disc moves straight from 1 to 3.", (1,), ["1->3"]),
    ),
    level=3,
)
def solve_hanoi(n: int) -> list[str]:
    moves: list[str] = []
    move_tower(n, "1", "3", "2", moves)
    return moves


def extend_ordering(numbers: list[int], used: list[bool], path: list[int], found: list[list[int]]) -> None:
    if len(path) == len(numbers):
        found.append(list(path))
        return
    for i in range(len(numbers)):
        if used[i] or (i > 0 and numbers[i] == numbers[i - 1] and not used[i - 1]):
            continue
        used[i] = True
        path.append(numbers[i])
        extend_ordering(numbers, used, path, found)
        path.pop()
        used[i] = False


def orderings_by_successors(numbers: list[int]) -> list[list[int]]:
    current = sorted(numbers)
    found = [list(current)]
    while True:
        i = len(current) - 2
        while i >= 0 and current[i] >= current[i + 1]:
            i -= 1
        if i < 0:
            return found
        j = len(current) - 1
        while current[j] <= current[i]:
            j -= 1
        current[i], current[j] = current[j], current[i]
        current = current[: i + 1] + current[i + 1 :][::-1]
        found.append(list(current))


@atom(
    topic="recursion",
    says=(
        "all different orders of the numbers in {numbers}, each as a list, in lexicographic order",
        "every distinct permutation of {numbers}, sorted lexicographically",
    ),
    names=("permutations", "all_orders", "permute"),
    inputs={"numbers": ListOf(Whole(0, 6), 0, 4)},
    reference=lambda numbers: [list(p) for p in sorted(set(itertools.permutations(numbers)))],
    claims=(
        Claim("An empty list has one order: the empty list.", ([],), [[]]),
        Claim("Equal numbers do not give an order twice.", ([5, 5],), [[5, 5]]),
    ),
    also=(orderings_by_successors,),
    level=3,
)
def all_orderings(numbers: list[int]) -> list[list[int]]:
    found: list[list[int]] = []
    extend_ordering(sorted(numbers), [False] * len(numbers), [], found)
    return found


def extend_subset(numbers: list[int], start: int, path: list[int], found: list[list[int]]) -> None:
    found.append(list(path))
    for i in range(start, len(numbers)):
        path.append(numbers[i])
        extend_subset(numbers, i + 1, path, found)
        path.pop()


def subsets_by_growing(numbers: list[int]) -> list[list[int]]:
    found: list[list[int]] = [[]]
    for number in sorted(set(numbers))[::-1]:
        grown: list[list[int]] = [[]]
        for subset in found:
            longer = [number]
            longer.extend(subset)
            grown.append(longer)
        for subset in found[1:]:
            grown.append(list(subset))
        found = grown
    return found


@atom(
    topic="recursion",
    says=(
        "all subsets of the different numbers in {numbers}, each in ascending order, the subsets in lexicographic "
        "order",
        "every set that can be chosen from the distinct values of {numbers}, as ascending lists sorted "
        "lexicographically, the empty one first",
    ),
    names=("subsets", "power_set", "all_choices"),
    inputs={"numbers": ListOf(Whole(1, 9), 0, 4)},
    reference=lambda numbers: sorted(
        list(chosen) for k in range(len(set(numbers)) + 1) for chosen in itertools.combinations(sorted(set(numbers)), k)
    ),
    claims=(
        Claim("Nothing has one subset: the empty one.", ([],), [[]]),
        Claim("A number that stands in {numbers} twice counts once.", ([4, 4],), [[], [4]]),
    ),
    also=(subsets_by_growing,),
    level=3,
)
def all_subsets(numbers: list[int]) -> list[list[int]]:
    found: list[list[int]] = []
    extend_subset(sorted(set(numbers)), 0, [], found)
    return found


def extend_choice(start: int, n: int, k: int, path: list[int], found: list[list[int]]) -> None:
    if len(path) == k:
        found.append(list(path))
        return
    for number in range(start, n + 1):
        path.append(number)
        extend_choice(number + 1, n, k, path, found)
        path.pop()


def choices_by_successors(n: int, k: int) -> list[list[int]]:
    found: list[list[int]] = []
    if k > n:
        return found
    current = [i + 1 for i in range(k)]
    while True:
        found.append(list(current))
        i = k - 1
        while i >= 0 and current[i] == n - k + i + 1:
            i -= 1
        if i < 0:
            return found
        current[i] += 1
        for j in range(i + 1, k):
            current[j] = current[j - 1] + 1


@atom(
    topic="recursion",
    says=(
        "all ways to choose {k} of the numbers from 1 to {n}, each ascending, in lexicographic order",
        "the lexicographically sorted list of all ascending lists of {k} different whole numbers between 1 and {n}",
    ),
    names=("combinations", "choose", "choose_numbers"),
    inputs={"n": Whole(0, 6), "k": Whole(0, 4)},
    reference=lambda n, k: [list(chosen) for chosen in itertools.combinations(range(1, n + 1), k)],
    claims=(
        Claim("To choose none there is one way, the empty list.", (3, 0), [[]]),
        Claim("More than there are cannot be chosen: the result is empty.", (2, 3), []),
    ),
    also=(choices_by_successors,),
    level=3,
)
def choose_from_first(n: int, k: int) -> list[list[int]]:
    found: list[list[int]] = []
    extend_choice(1, n, k, [], found)
    return found


def _ackermann_by_formula(m: int, n: int) -> int:
    return (n + 1, n + 2, 2 * n + 3, 2 ** (n + 3) - 3)[m]


def ackermann_with_stack(m: int, n: int) -> int:
    waiting = [m]
    while waiting:
        first = waiting.pop()
        if first == 0:
            n += 1
        elif n == 0:
            waiting.append(first - 1)
            n = 1
        else:
            waiting.append(first - 1)
            waiting.append(first)
            n -= 1
    return n


@atom(
    topic="recursion",
    says=(
        "the Ackermann function of {m} and {n}, where f(0, y) = y + 1, f(x, 0) = f(x - 1, 1) and f(x, y) = f(x - 1, "
        "f(x, y - 1))",
        "the value f({m}, {n}) of the function with f(0, y) = y + 1, f(x, 0) = f(x - 1, 1) for x > 0 and f(x, y) = "
        "f(x - 1, f(x, y - 1)) for x > 0 and y > 0",
    ),
    names=("ackermann_function", "ack"),
    inputs={"m": Whole(0, 3), "n": Whole(0, 3)},
    reference=_ackermann_by_formula,
    claims=(Claim("If {m} is 0, it is one more than {n}.", (0, 3), 4),),
    also=(ackermann_with_stack,),
    level=3,
)
def ackermann(m: int, n: int) -> int:
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def _is_balanced(text: str) -> bool:
    while "()" in text:
        text = text.replace("()", "")
    return not text


def extend_brackets(opened: int, closed: int, n: int, text: str, found: list[str]) -> None:
    if closed == n:
        found.append(text)
        return
    if opened < n:
        extend_brackets(opened + 1, closed, n, text + "(", found)
    if closed < opened:
        extend_brackets(opened, closed + 1, n, text + ")", found)


def brackets_by_first_pair(n: int) -> list[str]:
    if n == 0:
        return [""]
    found: list[str] = []
    for inside in range(n):
        for inner in brackets_by_first_pair(inside):
            for rest in brackets_by_first_pair(n - 1 - inside):
                found.append("(" + inner + ")" + rest)
    return sorted(found)


@atom(
    topic="recursion",
    says=(
        'all balanced texts of {n} pairs of round brackets, sorted, "(" before ")"',
        "every text made of {n} opening and as many closing round brackets that match, in alphabetical order, where "
        '"(" comes before ")"',
    ),
    names=("balanced_brackets", "bracket_texts", "generate_brackets"),
    inputs={"n": Whole(0, 5)},
    reference=lambda n: [text for made in itertools.product("()", repeat=2 * n) if _is_balanced(text := "".join(made))],
    claims=(Claim("With no pairs there is only the empty text.", (0,), [""]),),
    also=(brackets_by_first_pair,),
    level=4,
)
def all_bracket_texts(n: int) -> list[str]:
    found: list[str] = []
    extend_brackets(0, 0, n, "", found)
    return found


def _partitions_by_brute_force(n: int) -> list[list[int]]:
    found = {
        parts
        for count in range(n + 1)
        for parts in itertools.combinations_with_replacement(range(n, 0, -1), count)
        if sum(parts) == n
    }
    return [list(parts) for parts in sorted(found, reverse=True)]


def extend_partition(rest: int, most: int, path: list[int], found: list[list[int]]) -> None:
    if rest == 0:
        found.append(list(path))
        return
    for part in range(min(rest, most), 0, -1):
        path.append(part)
        extend_partition(rest - part, part, path, found)
        path.pop()


@atom(
    topic="recursion",
    says=(
        "all ways to write {n} as a sum of positive whole numbers, each way in descending order, ways with larger "
        "first numbers before the others (and so on for the later numbers)",
        "the partitions of {n} as lists of positive whole numbers from large to small, in descending lexicographic "
        "order",
    ),
    names=("partitions", "integer_partitions", "sums_for"),
    inputs={"n": Whole(0, 7)},
    reference=_partitions_by_brute_force,
    claims=(
        Claim("For 3 there are three ways.", (3,), [[3], [2, 1], [1, 1, 1]]),
        Claim("Zero is the empty sum only.", (0,), [[]]),
    ),
    level=4,
)
def list_partitions(n: int) -> list[list[int]]:
    found: list[list[int]] = []
    extend_partition(n, n, [], found)
    return found


def _count_sums(n: int, limit: int) -> int:
    ways = [1] + [0] * n
    for part in range(1, limit + 1):
        for total in range(part, n + 1):
            ways[total] += ways[total - part]
    return ways[n]


def count_sums_with_memo(n: int, limit: int, known: dict[tuple[int, int], int]) -> int:
    if n == 0:
        return 1
    if limit == 0:
        return 0
    if (n, limit) not in known:
        without = count_sums_with_memo(n, limit - 1, known)
        using = count_sums_with_memo(n - limit, limit, known) if limit <= n else 0
        known[(n, limit)] = without + using
    return known[(n, limit)]


@atom(
    topic="recursion",
    says=(
        "the number of ways to write {n} as a sum of positive whole numbers that are at most {limit}, where the order "
        "of the summands does not matter",
        "how many partitions of {n} use no part larger than {limit}",
    ),
    names=("count_partitions", "partition_count", "ways_to_sum"),
    inputs={"n": Whole(0, 20), "limit": Whole(0, 8)},
    reference=_count_sums,
    claims=(
        Claim("The empty sum is the one way to write 0.", (0, 3), 1),
        Claim("If {limit} is 0, a positive number cannot be written.", (5, 0), 0),
    ),
    level=4,
)
def count_bounded_partitions(n: int, limit: int) -> int:
    known: dict[tuple[int, int], int] = {}
    return count_sums_with_memo(n, limit, known)


def without_neighbouring_ones(n: int) -> list[str]:
    found = [""]
    for _ in range(n):
        longer: list[str] = []
        for text in found:
            longer.append(text + "0")
            if not text.endswith("1"):
                longer.append(text + "1")
        found = longer
    return found


@atom(
    topic="recursion",
    says=(
        "all texts of {n} binary digits without two neighbouring ones, in ascending order",
        'the sorted list of the texts of length {n} over "0" and "1" that do not contain "11"',
    ),
    names=("binary_texts", "texts_without_double_ones", "sparse_binary"),
    inputs={"n": Whole(0, 6)},
    reference=lambda n: ["".join(t) for t in itertools.product("01", repeat=n) if "11" not in "".join(t)],
    claims=(Claim("For length 2 these are three.", (2,), ["00", "01", "10"]),),
    also=(without_neighbouring_ones,),
    level=3,
)
def sparse_binary_texts(n: int) -> list[str]:
    if n == 0:
        return [""]
    if n == 1:
        return ["0", "1"]
    found: list[str] = []
    for rest in sparse_binary_texts(n - 1):
        found.append("0" + rest)
    for rest in sparse_binary_texts(n - 2):
        found.append("10" + rest)
    return found


@atom(
    topic="recursion",
    says=(
        'the reflected Gray code of {n} bits as a list of texts: for no bits it is one empty text, otherwise "0" '
        'before each text of the code with one bit fewer, then "1" before each of them in reverse order',
        "all texts of {n} binary digits in Gray code order: the text at place i, counted from 0, is the binary form "
        "of i XOR i // 2, with leading zeros",
    ),
    names=("gray_code", "gray_texts", "reflected_code"),
    inputs={"n": Whole(0, 5)},
    reference=lambda n: [f"{i ^ i >> 1:0{n}b}" if n else "" for i in range(2**n)],
    claims=(Claim("Two bits give 00, 01, 11, 10.", (2,), ["00", "01", "11", "10"]),),
    level=3,
)
def reflected_gray_code(n: int) -> list[str]:
    if n == 0:
        return [""]
    shorter = reflected_gray_code(n - 1)
    found = ["0" + text for text in shorter]
    for text in shorter[::-1]:
        found.append("1" + text)
    return found


_KEYS = {"2": "abc", "3": "def", "4": "ghi", "5": "jkl", "6": "mno", "7": "pqrs", "8": "tuv", "9": "wxyz"}


def letters_of_key(digit: char) -> str:
    letters = ["abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz"]
    return letters[int(digit) - 2]


def keypad_words_by_extension(digits: str) -> list[str]:
    words = [""]
    for digit in digits:
        longer: list[str] = []
        for word in words:
            for letter in letters_of_key(digit):
                longer.append(word + letter)
        words = longer
    return words


@atom(
    topic="recursion",
    says=(
        "all texts that the keys {digits} of a phone can stand for, one letter for each key, in alphabetical order (2 "
        "is abc, 3 def, 4 ghi, 5 jkl, 6 mno, 7 pqrs, 8 tuv, 9 wxyz)",
        "the sorted list of every word, meaningful or not, that is typed by pressing each of the keys {digits} once, "
        "where the keys 2 to 9 carry abc, def, ghi, jkl, mno, pqrs, tuv and wxyz",
    ),
    names=("keypad_words", "phone_words", "letters_of_keys"),
    inputs={"digits": Text("23456789", 0, 3)},
    reference=lambda digits: ["".join(word) for word in itertools.product(*(_KEYS[d] for d in digits))],
    claims=(Claim("No key at all stands for the empty text.", ("",), [""]),),
    also=(keypad_words_by_extension,),
    level=3,
)
def words_on_keypad(digits: str) -> list[str]:
    if not digits:
        return [""]
    words: list[str] = []
    rests = words_on_keypad(digits[1:])
    for letter in letters_of_key(digits[0]):
        for rest in rests:
            words.append(letter + rest)
    return words


def _hofstadter_by_table(n: int) -> int:
    terms = [0, 1, 1]
    while len(terms) <= n:
        terms.append(terms[-terms[-1]] + terms[-terms[-2]])
    return terms[n]


def hofstadter_with_memo(n: int, known: dict[int, int]) -> int:
    if n <= 2:
        return 1
    if n not in known:
        first = hofstadter_with_memo(n - hofstadter_with_memo(n - 1, known), known)
        second = hofstadter_with_memo(n - hofstadter_with_memo(n - 2, known), known)
        known[n] = first + second
    return known[n]


def hofstadter_by_list(n: int) -> int:
    terms = [0, 1, 1]
    for i in range(3, n + 1):
        terms.append(terms[i - terms[i - 1]] + terms[i - terms[i - 2]])
    return terms[n]


@atom(
    topic="recursion",
    says=(
        "term {n} of Hofstadter's Q sequence, where Q(1) = Q(2) = 1 and Q(i) = Q(i - Q(i - 1)) + Q(i - Q(i - 2))",
        "the value Q({n}) of the sequence that starts with Q(1) = 1 and Q(2) = 1 and in which each later Q(i) is the "
        "sum of the terms Q(i - 1) and Q(i - 2) places before it",
    ),
    names=("hofstadter_q", "q_term", "q_sequence"),
    inputs={"n": Whole(1, 40)},
    reference=_hofstadter_by_table,
    claims=(Claim("The third term is 2.", (3,), 2),),
    also=(hofstadter_by_list,),
    level=4,
)
def hofstadter_term(n: int) -> int:
    known: dict[int, int] = {}
    return hofstadter_with_memo(n, known)


def _count_signs(numbers: list[int], target: int) -> int:
    signs = itertools.product((1, -1), repeat=len(numbers))
    return sum(sum(s * x for s, x in zip(choice, numbers, strict=True)) == target for choice in signs)


def count_signs_from(numbers: list[int], start: int, target: int) -> int:
    if start == len(numbers):
        return 1 if target == 0 else 0
    plus = count_signs_from(numbers, start + 1, target - numbers[start])
    return plus + count_signs_from(numbers, start + 1, target + numbers[start])


def count_signs_by_sums(numbers: list[int], target: int) -> int:
    ways: dict[int, int] = {0: 1}
    for number in numbers:
        following: dict[int, int] = {}
        for total in sorted(ways):
            following[total + number] = following.get(total + number, 0) + ways[total]
            following[total - number] = following.get(total - number, 0) + ways[total]
        ways = following
    return ways.get(target, 0)


@atom(
    topic="recursion",
    says=(
        "the number of ways to put a plus or a minus before every number of {numbers} so that the total is {target}",
        "how many of the choices of signs for all items of {numbers} add up to {target}",
    ),
    names=("count_signs", "sign_choices", "ways_to_reach"),
    inputs={"numbers": ListOf(Whole(0, 4), 0, 6), "target": Whole(-2, 4)},
    reference=_count_signs,
    claims=(
        Claim("With no numbers the total 0 is reached in one way.", ([], 0), 1),
        Claim("Plus zero and minus zero are two ways.", ([0], 0), 2),
    ),
    also=(count_signs_by_sums,),
    level=3,
)
def count_sign_choices(numbers: list[int], target: int) -> int:
    return count_signs_from(numbers, 0, target)


def _sums_by_brute_force(sizes: list[int], target: int) -> list[list[int]]:
    found = {
        chosen
        for count in range(target + 1)
        for chosen in itertools.combinations_with_replacement(sorted(set(sizes)), count)
        if sum(chosen) == target
    }
    return [list(chosen) for chosen in sorted(found)]


def extend_sum(sizes: list[int], start: int, rest: int, path: list[int], found: list[list[int]]) -> None:
    if rest == 0:
        found.append(list(path))
        return
    for i in range(start, len(sizes)):
        if sizes[i] > rest:
            break
        path.append(sizes[i])
        extend_sum(sizes, i, rest - sizes[i], path, found)
        path.pop()


@atom(
    topic="recursion",
    says=(
        "all ways to fill a length of {target} with pieces whose lengths are in {sizes}, each as often as wished: "
        "every way in ascending order, the ways in lexicographic order",
        "the lexicographically sorted list of the ascending lists of numbers from {sizes}, repeats allowed, that add "
        "up to {target}",
    ),
    names=("piece_combinations", "fill_length", "sums_from_sizes"),
    inputs={"sizes": ListOf(Whole(2, 7), 0, 4, distinct=True), "target": Whole(0, 12)},
    reference=_sums_by_brute_force,
    claims=(
        Claim("The length 0 is filled by no pieces.", ([2, 3], 0), [[]]),
        Claim("If no choice fits, the result is empty.", ([4], 6), []),
    ),
    level=4,
)
def fill_with_pieces(sizes: list[int], target: int) -> list[list[int]]:
    found: list[list[int]] = []
    extend_sum(sorted(set(sizes)), 0, target, [], found)
    return found


def _queens_by_brute_force(n: int) -> int:
    return sum(
        len({p[i] + i for i in range(n)}) == n == len({p[i] - i for i in range(n)})
        for p in itertools.permutations(range(n))
    )


def place_queens(n: int, columns: list[int]) -> int:
    row = len(columns)
    if row == n:
        return 1
    count = 0
    for column in range(n):
        free = True
        for other in range(row):
            if columns[other] == column or abs(columns[other] - column) == row - other:
                free = False
        if free:
            columns.append(column)
            count += place_queens(n, columns)
            columns.pop()
    return count


def place_queens_by_bits(n: int, columns: int, falling: int, rising: int) -> int:
    full = (1 << n) - 1
    if columns == full:
        return 1
    count = 0
    for column in range(n):
        bit = 1 << column
        if (columns | falling | rising) & bit == 0:
            count += place_queens_by_bits(n, columns | bit, (falling | bit) << 1 & full, (rising | bit) >> 1)
    return count


def count_queens_by_bits(n: int) -> int:
    return place_queens_by_bits(n, 0, 0, 0)


@atom(
    topic="recursion",
    says=(
        "the number of ways to place {n} queens on a chessboard of as many rows and columns so that no two share a "
        "row, a column or a diagonal",
        "how many arrangements of {n} chess queens that do not attack one another fit on the square board with that "
        "many rows; mirrored and turned arrangements count separately",
    ),
    names=("queens", "count_queens", "n_queens"),
    inputs={"n": Whole(1, 6)},
    reference=_queens_by_brute_force,
    claims=(Claim("On a board of 3 rows there is no way.", (3,), 0), Claim("For 4 there are two.", (4,), 2)),
    also=(count_queens_by_bits,),
    level=4,
)
def count_queen_placements(n: int) -> int:
    return place_queens(n, [])


def _count_walks(grid: list[list[int]]) -> int:
    free = {(r, c) for r, row in enumerate(grid) for c, cell in enumerate(row) if cell == 0}
    goal = (len(grid) - 1, len(grid[0]) - 1)
    paths: list[tuple[tuple[int, int], ...]] = [((0, 0),)] if (0, 0) in free else []
    count = 0
    while paths:
        path = paths.pop()
        r, c = path[-1]
        if (r, c) == goal:
            count += 1
            continue
        steps = {(r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)} & free - set(path)
        paths.extend((*path, step) for step in steps)
    return count


def walk_on(grid: list[list[int]], r: int, c: int, visited: list[list[bool]]) -> int:
    if r < 0 or r >= len(grid) or c < 0 or c >= len(grid[0]):
        return 0
    if grid[r][c] != 0 or visited[r][c]:
        return 0
    if r == len(grid) - 1 and c == len(grid[0]) - 1:
        return 1
    visited[r][c] = True
    count = walk_on(grid, r + 1, c, visited) + walk_on(grid, r - 1, c, visited)
    count += walk_on(grid, r, c + 1, visited) + walk_on(grid, r, c - 1, visited)
    visited[r][c] = False
    return count


@atom(
    topic="recursion",
    says=(
        "the number of ways through the maze {grid} from its top left to its bottom right cell over cells with 0, one "
        "cell up, down, left or right at a time and never into the same cell twice",
        "how many paths that enter no cell twice lead from the first cell of the first row to the last cell of the "
        "last row of {grid}, when a step goes to a cell with a common side and only cells with 0 may be entered",
    ),
    names=("count_maze_paths", "maze_ways", "simple_paths"),
    inputs={"grid": GridOf(OneOf((0, 0, 0, 1)), (1, 3), (1, 4))},
    reference=_count_walks,
    claims=(
        Claim("If the first cell is blocked, there is no way.", ([[1, 0], [0, 0]],), 0),
        Claim("A maze of a single free cell has one way.", ([[0]],), 1),
    ),
    level=4,
)
def count_maze_walks(grid: list[list[int]]) -> int:
    visited = [[False] * len(row) for row in grid]
    return walk_on(grid, 0, 0, visited)


def ruler_by_divisions(n: int) -> list[int]:
    marks: list[int] = []
    for i in range(1, 2**n):
        mark = 1
        rest = i
        while rest % 2 == 0:
            rest //= 2
            mark += 1
        marks.append(mark)
    return marks


@atom(
    topic="recursion",
    says=(
        "the ruler sequence of order {n}: empty for order 0, otherwise the sequence of the order below, then the "
        "order itself, then the sequence of the order below again",
        "the heights of the marks of a ruler of order {n}, which is the ruler of one order less, a mark as high as "
        "the order, and the ruler of one order less once more (order 0 has no marks)",
    ),
    names=("ruler", "ruler_marks", "ruler_sequence"),
    inputs={"n": Whole(0, 6)},
    reference=lambda n: [(i & -i).bit_length() for i in range(1, 2**n)],
    claims=(Claim("Order 2 gives 1, 2, 1.", (2,), [1, 2, 1]),),
    also=(ruler_by_divisions,),
    level=2,
)
def ruler_heights(n: int) -> list[int]:
    if n == 0:
        return []
    side = ruler_heights(n - 1)
    marks = list(side)
    marks.append(n)
    marks.extend(side)
    return marks


def _cantor_by_digits(n: int) -> str:
    cells = ["#"]
    for _ in range(n):
        cells = ["".join(cells), "." * len("".join(cells)), "".join(cells)]
    return "".join(cells)


@atom(
    topic="recursion",
    says=(
        'the picture of the Cantor set after {n} steps: a single "#" at first, and each step writes the picture twice '
        "with as many dots as it is long in between",
        'the text that {n} rounds make of "#", when a round puts two copies of the text around equally many dots',
    ),
    names=("cantor", "cantor_picture", "cantor_text"),
    inputs={"n": Whole(0, 4)},
    reference=_cantor_by_digits,
    claims=(Claim("One step gives #.#.", (1,), "#.#"),),
    level=2,
)
def cantor_row(n: int) -> str:
    if n == 0:
        return "#"
    side = cantor_row(n - 1)
    return side + "." * len(side) + side
