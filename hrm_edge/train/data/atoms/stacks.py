"""What a stack is good for: brackets, expressions, undoing, and the nearest greater number."""

import ast
import itertools
import random
import re
from collections.abc import Callable

from hrm_edge.train.data.atoms.atom import Claim, atom
from hrm_edge.train.data.atoms.domains import ListOf, Made, OneOf, Text, Whole
from hrm_edge.train.data.atoms.structures import ANY_BRACKETS, PERMUTATION, ROUND_BRACKETS, log_of, verb
from hrm_edge.train.data.atoms.subset import char

_HEIGHTS = ListOf(Whole(0, 7), 0, 8)


def _balanced_by_cancelling(text: str) -> bool:
    kept = re.sub(r"[^\[\](){}]", "", text)
    while kept != (kept := re.sub(r"\(\)|\[\]|\{\}", "", kept)):
        pass
    return not kept


def brackets_cancel(text: str) -> bool:
    kept = "".join(c for c in text if c in "()[]{}")
    before = -1
    while len(kept) != before:
        before = len(kept)
        kept = kept.replace("()", "").replace("[]", "").replace("{}", "")
    return len(kept) == 0


@atom(
    topic="stacks",
    says=(
        "whether the round, square and curly brackets in {text} are balanced: each one is closed by one of its own "
        "kind, in the right order, other characters do not matter",
        "whether every bracket of the three kinds round, square and curly in {text} has its partner and no two pairs "
        "cross; all other characters are ignored",
    ),
    names=("is_balanced", "brackets_match", "check_brackets"),
    inputs={"text": ANY_BRACKETS},
    reference=_balanced_by_cancelling,
    claims=(
        Claim("A text without brackets is balanced.", ("abc",), True),
        Claim("Pairs that cross are not balanced.", ("([)]",), False),
        Claim("A bracket that is never closed breaks the balance.", ("(",), False),
    ),
    holds=("has balanced brackets", "have balanced brackets"),
    also=(brackets_cancel,),
    level=3,
)
def has_balanced_brackets(text: str) -> bool:
    partner: dict[char, char] = {")": "(", "]": "[", "}": "{"}
    waiting: list[char] = []
    for c in text:
        if c in "([{":
            waiting.append(c)
        elif c in partner:
            if not waiting:
                return False
            opened = waiting.pop()
            if opened != partner[c]:
                return False
    return not waiting


@atom(
    topic="stacks",
    says=(
        "the largest number of round brackets that are open at once while {text} is read from left to right; a "
        "closing bracket closes an open one, or nothing if none is open",
        "how deep the round brackets of {text} are nested at most, where a closing bracket that has nothing to close "
        "is ignored",
    ),
    names=("max_depth", "nesting_depth", "deepest_bracket"),
    inputs={"text": Text("(()a)", 0, 10)},
    reference=lambda text: max(
        itertools.accumulate(
            (1 if c == "(" else -1 for c in text if c in "()"), lambda depth, step: max(0, depth + step), initial=0
        )
    ),
    claims=(
        Claim("Without brackets the depth is 0.", ("aa",), 0),
        Claim("Two pairs in a row are 1 deep.", ("()()",), 1),
    ),
    level=2,
)
def bracket_depth(text: str) -> int:
    depth = 0
    deepest = 0
    for c in text:
        if c == "(":
            depth += 1
            deepest = max(deepest, depth)
        elif c == ")" and depth > 0:
            depth -= 1
    return deepest


def _postfix_tokens(rng: random.Random) -> list[str]:
    """Tokens of a random expression of one to four small numbers."""
    operands = [[str(rng.randint(0, 12))] for _ in range(rng.randint(1, 4))]
    while len(operands) > 1:
        place = rng.randrange(len(operands) - 1)
        operands[place : place + 2] = [[*operands[place], *operands[place + 1], rng.choice("+-*")]]
    return operands[0]


def _postfix_from_the_end(tokens: list[str]) -> int:
    operations: dict[str, Callable[[int, int], int]] = {
        "+": int.__add__,
        "-": int.__sub__,
        "*": int.__mul__,
    }
    rest = list(tokens)

    def value() -> int:
        token = rest.pop()
        if token not in operations:
            return int(token)
        right = value()
        return operations[token](value(), right)

    return value()


@atom(
    topic="stacks",
    says=(
        "the value of the expression in reverse Polish notation whose tokens are {tokens}: whole numbers and the "
        "operators +, - and *",
        "the number that a stack machine ends with when it goes through {tokens}: a number is pushed, and +, - or * "
        "takes the two topmost numbers off, the upper one as the right operand, and pushes what they give",
    ),
    names=("evaluate_rpn", "rpn", "evaluate_postfix"),
    inputs={"tokens": Made(_postfix_tokens, (["7"],))},
    reference=_postfix_from_the_end,
    claims=(
        Claim("A single number is its own value.", (["7"],), 7),
        Claim("The tokens 2, 5, - give 2 - 5.", (["2", "5", "-"],), -3),
    ),
    level=3,
)
def evaluate_reverse_polish(tokens: list[str]) -> int:
    stack: list[int] = []
    for token in tokens:
        if token == "+" or token == "-" or token == "*":
            right = stack.pop()
            left = stack.pop()
            if token == "+":
                stack.append(left + right)
            elif token == "-":
                stack.append(left - right)
            else:
                stack.append(left * right)
        else:
            stack.append(int(token))
    return stack.pop()


def next_greater_by_search(numbers: list[int]) -> list[int]:
    found: list[int] = []
    for i in range(len(numbers)):
        following = -1
        for j in range(i + 1, len(numbers)):
            if numbers[j] > numbers[i]:
                following = numbers[j]
                break
        found.append(following)
    return found


@atom(
    topic="stacks",
    says=(
        "the list of the first greater number after each number of {numbers}, in order, with -1 where there is none",
        "the list that has in the place of each item of {numbers} the nearest item to its right that is larger, and "
        "-1 where no larger one follows",
    ),
    names=("next_greater", "next_larger", "following_greater"),
    inputs={"numbers": ListOf(Whole(0, 12), 0, 8)},
    reference=lambda xs: [next((y for y in xs[i:] if y > x), -1) for i, x in enumerate(xs)],
    claims=(Claim("The last number never has a greater one after it.", ([4],), [-1]),),
    also=(next_greater_by_search,),
    level=3,
)
def next_greater_numbers(numbers: list[int]) -> list[int]:
    found = [-1] * len(numbers)
    waiting: list[int] = []
    for i, number in enumerate(numbers):
        while waiting and numbers[waiting[-1]] < number:
            smaller = waiting.pop()
            found[smaller] = number
        waiting.append(i)
    return found


@atom(
    topic="stacks",
    says=(
        "the list of the nearest smaller number before each number of {numbers}, in order, with -1 where there is none",
        "the list that holds for every item of {numbers} the last smaller item to its left, and -1 where all earlier "
        "ones are at least as large",
    ),
    names=("previous_smaller", "last_smaller", "smaller_to_the_left"),
    inputs={"numbers": ListOf(Whole(0, 12), 0, 8)},
    reference=lambda xs: [next((y for y in xs[:i][::-1] if y < x), -1) for i, x in enumerate(xs)],
    claims=(Claim("The first number has none before it.", ([4, 5],), [-1, 4]),),
    level=3,
)
def previous_smaller_numbers(numbers: list[int]) -> list[int]:
    found: list[int] = []
    candidates: list[int] = []
    for number in numbers:
        while candidates and candidates[-1] >= number:
            candidates.pop()
        found.append(candidates[-1] if candidates else -1)
        candidates.append(number)
    return found


def _without_pairs(text: str) -> str:
    while text != (text := re.sub(r"(.)\1", "", text)):
        pass
    return text


def pairs_removed_by_scanning(text: str) -> str:
    i = 0
    while i + 1 < len(text):
        if text[i] == text[i + 1]:
            text = text[:i] + text[i + 2 :]
            i = max(0, i - 1)
        else:
            i += 1
    return text


@atom(
    topic="stacks",
    says=(
        "what is left of {text} when two equal neighbouring characters are taken out again and again, until no two "
        "equal ones stand side by side",
        "{text} after pairs of equal adjacent characters have been removed as long as there are any",
    ),
    names=("remove_pairs", "cancel_neighbours", "collapse_pairs"),
    inputs={"text": Text("abc", 0, 10)},
    reference=_without_pairs,
    claims=(
        Claim("If abba is given, everything goes.", ("abba",), ""),
        Claim("Of three equal characters one stays.", ("aaa",), "a"),
    ),
    also=(pairs_removed_by_scanning,),
    level=2,
)
def without_adjacent_pairs(text: str) -> str:
    kept: list[char] = []
    for c in text:
        if kept and kept[-1] == c:
            kept.pop()
        else:
            kept.append(c)
    return "".join(kept)


_EDITS = log_of(
    verb("add", ("cat", "dog", "ox", "a")), verb("add", ("sun", "b")), lambda _: "cut", lambda _: "undo", longest=8
)


def _edits_by_cancelling(edits: list[str]) -> str:
    kept: list[str] = []
    for edit in edits:
        if edit != "undo":
            kept.append(edit)
        elif kept:
            kept.pop()
    text = ""
    for edit in kept:
        text = text[:-1] if edit == "cut" else text + edit[4:]
    return text


@atom(
    topic="stacks",
    says=(
        'the text that the lines {edits} make of an empty text: "add w" appends the word w, "cut" takes the last '
        'character away if there is one, and "undo" takes back the latest add or cut that has not been taken back, if '
        "any",
        'the content of an empty text after the edits {edits}, where "add w" puts w at its end, "cut" drops its last '
        'character (nothing happens to an empty text), and "undo" restores what was before the last add or cut still '
        "in force",
    ),
    names=("replay_edits", "apply_edits", "edit_text"),
    inputs={"edits": _EDITS},
    reference=_edits_by_cancelling,
    claims=(
        Claim("An undo without anything to take back changes nothing.", (["undo", "add ox"],), "ox"),
        Claim("An undo brings a cut character back.", (["add cat", "cut", "undo"],), "cat"),
    ),
    level=3,
)
def text_after_edits(edits: list[str]) -> str:
    text = ""
    history: list[str] = []
    for edit in edits:
        if edit == "undo":
            if history:
                text = history.pop()
            continue
        history.append(text)
        if edit.startswith("add "):
            text = text + edit[4:]
        elif text:
            text = text[: len(text) - 1]
    return text


def bar_area_by_widening(heights: list[int]) -> int:
    best = 0
    for i in range(len(heights)):
        lowest = heights[i]
        for j in range(i, len(heights)):
            lowest = min(lowest, heights[j])
            best = max(best, lowest * (j - i + 1))
    return best


@atom(
    topic="stacks",
    says=(
        "the area of the largest rectangle that fits under a bar chart with bars of width 1 and heights {heights}, 0 "
        "if there is none",
        "the largest product of a number of neighbouring bars and the height of the lowest of them, where the bars "
        "have the heights {heights} (0 without bars)",
    ),
    names=("largest_rectangle", "max_bar_area", "largest_area"),
    inputs={"heights": _HEIGHTS},
    reference=lambda heights: max(
        (min(heights[i:j]) * (j - i) for i, j in itertools.combinations(range(len(heights) + 1), 2)), default=0
    ),
    claims=(
        Claim("Without bars the area is 0.", ([],), 0),
        Claim("Bars of equal height count as one wide rectangle.", ([2, 2, 2],), 6),
    ),
    also=(bar_area_by_widening,),
    level=5,
)
def largest_bar_area(heights: list[int]) -> int:
    best = 0
    rising: list[int] = []
    for i in range(len(heights) + 1):
        height = heights[i] if i < len(heights) else 0
        while rising and heights[rising[-1]] >= height:
            top = rising.pop()
            left = rising[-1] + 1 if rising else 0
            best = max(best, heights[top] * (i - left))
        rising.append(i)
    return best


def _repeat_code(rng: random.Random, depth: int = 2) -> str:
    parts = []
    for _ in range(rng.randint(0 if depth < 2 else 1, 2)):
        if depth == 0 or rng.random() < 0.4:
            parts.append("".join(rng.choices("abc", k=rng.randint(1, 2))))
        else:
            parts.append(f"{rng.choice((1, 2, 2, 3, 10))}[{_repeat_code(rng, depth - 1)}]")
    return "".join(parts)


def _decoded_from_inside(code: str) -> str:
    while "[" in code:
        code = re.sub(r"(\d+)\[([a-z]*)\]", lambda found: int(found[1]) * found[2], code)
    return code


@atom(
    topic="stacks",
    says=(
        "the text that {code} stands for, where a number before square brackets says how often what is in them is "
        "repeated, and brackets may stand in brackets",
        "{code} written out: n[part] means the part n times, the part may hold such repeats itself, and letters stand "
        "for themselves",
    ),
    names=("decode", "expand_repeats", "unpack_text"),
    inputs={"code": Made(_repeat_code, ("", "3[a]"))},
    reference=_decoded_from_inside,
    claims=(
        Claim("Letters outside brackets stay as they are.", ("ab",), "ab"),
        Claim("Repeats inside repeats are multiplied: 2[a2[b]] is abbabb.", ("2[a2[b]]",), "abbabb"),
    ),
    level=4,
)
def decode_repeats(code: str) -> str:
    texts = [""]
    counts: list[int] = []
    number = 0
    for c in code:
        if c.isdigit():
            number = 10 * number + int(c)
        elif c == "[":
            counts.append(number)
            texts.append("")
            number = 0
        elif c == "]":
            inside = texts.pop()
            before = texts.pop()
            count = counts.pop()
            texts.append(before + inside * count)
        else:
            before = texts.pop()
            texts.append(before + c)
    return texts[0]


def spans_by_looking_back(prices: list[int]) -> list[int]:
    spans: list[int] = []
    for i in range(len(prices)):
        start = i
        while start > 0 and prices[start - 1] <= prices[i]:
            start -= 1
        spans.append(i - start + 1)
    return spans


@atom(
    topic="stacks",
    says=(
        "the list that gives for each day the number of days in a row, ending with that day, whose prices in {prices} "
        "are not above that day's price",
        "the price spans of {prices}: for every price the length of the longest stretch that ends with it and has no "
        "higher price in it",
    ),
    names=("price_spans", "stock_spans", "spans"),
    inputs={"prices": ListOf(Whole(1, 9), 0, 8)},
    reference=lambda prices: [
        next((k for k in range(i + 1) if prices[i - k] > price), i + 1) for i, price in enumerate(prices)
    ],
    claims=(
        Claim("The first day's span is 1.", ([5],), [1]),
        Claim("Equal prices belong to the span.", ([3, 3],), [1, 2]),
    ),
    also=(spans_by_looking_back,),
    level=3,
)
def spans_of_prices(prices: list[int]) -> list[int]:
    spans: list[int] = []
    higher: list[int] = []
    for i, price in enumerate(prices):
        while higher and prices[higher[-1]] <= price:
            higher.pop()
        spans.append(i - higher[-1] if higher else i + 1)
        higher.append(i)
    return spans


@atom(
    topic="stacks",
    says=(
        "the list that says for each day of {temperatures} how many days pass until a warmer day, 0 if none follows",
        "the list of waiting times in days from every item of {temperatures} to the next higher one, with 0 where "
        "there is no higher one later",
    ),
    names=("days_until_warmer", "wait_for_warmer", "warmer_days"),
    inputs={"temperatures": ListOf(Whole(-5, 8), 0, 8)},
    reference=lambda ts: [next((j for j in range(1, len(ts) - i) if ts[i + j] > t), 0) for i, t in enumerate(ts)],
    claims=(Claim("A day that is just as warm does not count.", ([6, 6],), [0, 0]),),
    level=3,
)
def days_to_warmer(temperatures: list[int]) -> list[int]:
    days = [0] * len(temperatures)
    colder: list[int] = []
    for today in range(len(temperatures)):
        while colder and temperatures[colder[-1]] < temperatures[today]:
            day = colder.pop()
            days[day] = today - day
        colder.append(today)
    return days


@atom(
    topic="stacks",
    says=(
        "the text that comes first in alphabetical order among those left when exactly {k} characters are taken out "
        "of {digits} and the others keep their order",
        "the smallest text, compared character by character, that remains after removing {k} characters of {digits}, "
        "zeros in front included",
    ),
    names=("remove_digits", "smallest_after_removal", "drop_digits"),
    inputs={"digits": Text("0123459", 0, 7), "k": Whole(0, 4)},
    needs=lambda digits, k: k <= len(digits),
    reference=lambda digits, k: min(map("".join, itertools.combinations(digits, len(digits) - k))),
    claims=(
        Claim("If {k} is the length of {digits}, nothing is left.", ("31", 2), ""),
        Claim("If the digits rise, the last ones go.", ("123", 1), "12"),
    ),
    level=4,
)
def smallest_after_removing(digits: str, k: int) -> str:
    kept: list[char] = []
    to_remove = k
    for c in digits:
        while to_remove > 0 and kept and kept[-1] > c:
            kept.pop()
            to_remove -= 1
        kept.append(c)
    return "".join(kept[: len(digits) - k])


@atom(
    topic="stacks",
    says=(
        "whether the numbers of {order}, which are 1 to n in some order, can leave a stack in that order when 1, 2, 3 "
        "and so on are pushed in ascending order and the top may be popped at any time",
        "whether {order}, an arrangement of the numbers 1 to n, is an order in which a stack can give out 1, 2, ..., "
        "n when they are put in from small to large",
    ),
    names=("is_stack_order", "can_pop_in_order", "stack_permutation"),
    inputs={"order": PERMUTATION},
    reference=lambda order: not any(b < c < a for a, b, c in itertools.combinations(order, 3)),
    claims=(
        Claim("The falling order is possible.", ([3, 2, 1],), True),
        Claim("After 3 has left first, 1 cannot leave before 2.", ([3, 1, 2],), False),
    ),
    level=4,
)
def is_possible_stack_order(order: list[int]) -> bool:
    stack: list[int] = []
    pushed = 0
    for number in order:
        while pushed < number:
            pushed += 1
            stack.append(pushed)
        top = stack.pop()
        if top != number:
            return False
    return True


def _score_by_rules(text: str) -> int:
    score, depth, start = 0, 0, 0
    for i, c in enumerate(text):
        depth += 1 if c == "(" else -1
        if depth == 0:
            inside = text[start + 1 : i]
            score += 2 * _score_by_rules(inside) if inside else 1
            start = i + 1
    return score


def score_by_depth(text: str) -> int:
    score = 0
    depth = 0
    for i, c in enumerate(text):
        if c == "(":
            depth += 1
        else:
            depth -= 1
            if text[i - 1] == "(":
                score += 2**depth
    return score


@atom(
    topic="stacks",
    says=(
        'the score of the balanced round brackets {text}: "()" scores 1, brackets around something score twice what '
        "is in them, and brackets side by side add up",
        "the points of {text}, a balanced text of round brackets, when an empty pair is worth 1, a pair with content "
        "is worth double its content, and neighbours are added",
    ),
    names=("bracket_score", "score_brackets", "nested_score"),
    inputs={"text": ROUND_BRACKETS},
    reference=_score_by_rules,
    claims=(Claim("(()) scores 2, as ()() does.", ("(())",), 2),),
    also=(score_by_depth,),
    level=4,
)
def score_of_brackets(text: str) -> int:
    scores = [0]
    for c in text:
        if c == "(":
            scores.append(0)
        else:
            inside = scores.pop()
            outside = scores.pop()
            scores.append(outside + max(1, 2 * inside))
    return scores[0]


def _longest_balanced(text: str) -> int:
    parts = [text[i:j] for i, j in itertools.combinations(range(len(text) + 1), 2)]
    return max((len(part) for part in parts if _balanced_by_cancelling(part)), default=0)


@atom(
    topic="stacks",
    says=(
        "the length of the longest balanced run of neighbouring characters in the text of round brackets {text}, 0 if "
        "there is none",
        "how many characters the longest contiguous part of {text}, a text of round brackets, has in which all "
        "brackets match (0 if no part does)",
    ),
    names=("longest_balanced", "longest_valid", "longest_matching_part"),
    inputs={"text": Text("()", 0, 10)},
    reference=_longest_balanced,
    claims=(Claim("The empty text gives 0.", ("",), 0), Claim("In ())() the longest part has 2.", ("())()",), 2)),
    level=4,
)
def longest_balanced_part(text: str) -> int:
    best = 0
    unmatched = [-1]
    for i, c in enumerate(text):
        if c == "(":
            unmatched.append(i)
            continue
        unmatched.pop()
        if unmatched:
            best = max(best, i - unmatched[-1])
        else:
            unmatched.append(i)
    return best


def _collisions_pair_by_pair(rocks: list[int]) -> list[int]:
    rocks = list(rocks)
    while True:
        meeting = [i for i in range(len(rocks) - 1) if rocks[i] > 0 > rocks[i + 1]]
        if not meeting:
            return rocks
        i = meeting[-1]
        left, right = rocks[i], rocks[i + 1]
        rocks[i : i + 2] = [] if left == -right else [max(left, right, key=abs)]


@atom(
    topic="stacks",
    says=(
        "the rocks of {rocks} that are left, in order, after all collisions: a positive number flies to the right, a "
        "negative one to the left, all equally fast; where two meet the one with the smaller absolute value breaks, "
        "and two equally large ones both do",
        "what remains of {rocks}, a row of non-zero sizes whose sign tells the direction (plus right, minus left, "
        "same speed), when of two that meet only the larger absolute value survives, or neither if they are equal",
    ),
    names=("collide", "after_collisions", "surviving_rocks"),
    inputs={"rocks": ListOf(OneOf((-4, -3, -2, -1, 1, 2, 3, 4)), 0, 7)},
    reference=_collisions_pair_by_pair,
    claims=(
        Claim("Rocks that fly apart never meet.", ([-2, 2],), [-2, 2]),
        Claim("Equally large rocks destroy each other.", ([3, -3],), []),
    ),
    level=4,
)
def rocks_after_collisions(rocks: list[int]) -> list[int]:
    left: list[int] = []
    for rock in rocks:
        alive = True
        while alive and rock < 0 and left and left[-1] > 0:
            alive = left[-1] < -rock
            if left[-1] <= -rock:
                left.pop()
        if alive:
            left.append(rock)
    return left


def _infix(rng: random.Random, letters: str, depth: int = 2) -> str:
    parts = []
    for _ in range(rng.randint(1, 3)):
        nested = depth > 0 and rng.random() < 0.3
        parts.append(f"({_infix(rng, letters, depth - 1)})" if nested else rng.choice(letters))
    text = parts[0]
    for part in parts[1:]:
        text += rng.choice("+-*") + part
    return text


def _postfix_by_python(expression: str) -> str:
    def written(node: ast.expr) -> str:
        if isinstance(node, ast.BinOp):
            sign = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}[type(node.op)]
            return written(node.left) + written(node.right) + sign
        return ast.unparse(node)

    return written(ast.parse(expression, mode="eval").body)


def binding_strength(operator: char) -> int:
    return 2 if operator == "*" else 1


@atom(
    topic="stacks",
    says=(
        "the postfix form of {expression}, which is made of one-letter variables, +, -, * and round brackets; * binds "
        "tighter than + and -, operators of one strength are taken from left to right",
        "{expression} in reverse Polish notation without blanks, where operands are single letters, multiplication "
        "comes before addition and subtraction, and equal operators group to the left",
    ),
    names=("to_postfix", "infix_to_postfix", "to_rpn"),
    inputs={"expression": Made(lambda rng: _infix(rng, "abcxy"), ("a",))},
    reference=_postfix_by_python,
    claims=(
        Claim("a+b*c becomes abc*+.", ("a+b*c",), "abc*+"),
        Claim("a-b-c becomes ab-c-.", ("a-b-c",), "ab-c-"),
    ),
    level=5,
)
def postfix_form(expression: str) -> str:
    output: list[char] = []
    operators: list[char] = []
    for c in expression:
        if c == "(":
            operators.append(c)
        elif c == ")":
            while operators[-1] != "(":
                output.append(operators[-1])
                operators.pop()
            operators.pop()
        elif c in "+-*":
            while operators and operators[-1] != "(" and binding_strength(operators[-1]) >= binding_strength(c):
                output.append(operators[-1])
                operators.pop()
            operators.append(c)
        else:
            output.append(c)
    while operators:
        output.append(operators[-1])
        operators.pop()
    return "".join(output)


def combine_topmost(values: list[int], operators: list[char]) -> None:
    operator = operators.pop()
    right = values.pop()
    left = values.pop()
    if operator == "+":
        values.append(left + right)
    elif operator == "-":
        values.append(left - right)
    else:
        values.append(left * right)


@atom(
    topic="stacks",
    says=(
        "the value of the arithmetic expression {expression} of one-digit numbers, +, -, * and round brackets, with "
        "the usual precedence",
        "what {expression} comes to, when it has single digits, the operators + - *, brackets and no blanks, and * is "
        "done before + and -, which go from left to right",
    ),
    names=("calculate", "evaluate", "evaluate_expression"),
    inputs={"expression": Made(lambda rng: _infix(rng, "0123456789"), ("0",))},
    reference=lambda expression: eval(expression),
    claims=(
        Claim("Multiplication comes first: 2+3*4 is 14.", ("2+3*4",), 14),
        Claim("Subtractions go from left to right: 9-3-2 is 4.", ("9-3-2",), 4),
    ),
    level=5,
)
def evaluate_infix(expression: str) -> int:
    values: list[int] = []
    operators: list[char] = []
    for c in expression:
        if c.isdigit():
            values.append(int(c))
        elif c == "(":
            operators.append(c)
        elif c == ")":
            while operators[-1] != "(":
                combine_topmost(values, operators)
            operators.pop()
        else:
            while operators and operators[-1] != "(" and binding_strength(operators[-1]) >= binding_strength(c):
                combine_topmost(values, operators)
            operators.append(c)
    while operators:
        combine_topmost(values, operators)
    return values[0]


def seen_from_the_right(heights: list[int]) -> list[int]:
    found: list[int] = []
    tallest = -1
    for i in range(len(heights) - 1, -1, -1):
        if heights[i] > tallest:
            found.append(i)
            tallest = heights[i]
    return found[::-1]


@atom(
    topic="stacks",
    says=(
        "the positions, ascending and counted from 0, of the houses in {heights} that are taller than every house to "
        "their right",
        "the ascending indices of the items of {heights} after which only smaller items follow",
    ),
    names=("houses_with_view", "visible_from_right", "sea_view"),
    inputs={"heights": ListOf(Whole(1, 9), 0, 8)},
    reference=lambda heights: [i for i, h in enumerate(heights) if all(h > other for other in heights[i + 1 :])],
    claims=(
        Claim("The last house always counts.", ([1],), [0]),
        Claim("Of two equal houses the left one does not count.", ([4, 4],), [1]),
    ),
    also=(seen_from_the_right,),
    level=2,
)
def positions_with_view(heights: list[int]) -> list[int]:
    visible: list[int] = []
    for i, height in enumerate(heights):
        while visible and heights[visible[-1]] <= height:
            visible.pop()
        visible.append(i)
    return visible
