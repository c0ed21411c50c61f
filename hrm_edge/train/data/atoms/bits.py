"""Whole numbers as rows of bits. Bit 0 is the lowest; all numbers are below 2**20, so every language agrees."""

import functools
import itertools
import operator

from hrm_edge.train.data.atoms.atom import Claim, atom
from hrm_edge.train.data.atoms.domains import ListOf, Made, Whole
from hrm_edge.train.data.atoms.favoured import Favoured

NUMBER = Favoured(0, 100_000, range(300))
BYTE = Whole(0, 255)
POSITION = Whole(0, 9)


def _count_ones_by_shifting(n: int) -> int:
    ones = 0
    while n > 0:
        ones += n & 1
        n >>= 1
    return ones


def _count_ones_by_clearing(n: int) -> int:
    ones = 0
    while n != 0:
        n &= n - 1
        ones += 1
    return ones


@atom(
    topic="bits",
    says=(
        "the number of ones in the binary form of {n}",
        "how many bits of {n} are set",
        "the count of 1 digits of {n} written in base two",
    ),
    names=("count_ones", "popcount", "count_set_bits"),
    inputs={"n": NUMBER},
    reference=lambda n: f"{n:b}".count("1"),
    claims=(Claim("Zero has no ones.", (0,), 0),),
    also=(_count_ones_by_shifting, _count_ones_by_clearing),
    level=2,
)
def count_ones(n: int) -> int:
    return n.bit_count()


def _count_zeros_as_text(n: int) -> int:
    zeros = 0
    if n == 0:
        return 1
    while n > 0:
        if n % 2 == 0:
            zeros += 1
        n //= 2
    return zeros


@atom(
    topic="bits",
    says=(
        "the number of zeros in the binary form of {n}, which has no leading zeros (0 itself is written as one zero)",
        "how many 0 digits {n} has when written in base two without leading zeros, where 0 has one",
    ),
    names=("count_zero_bits", "binary_zeros", "count_binary_zeros"),
    inputs={"n": NUMBER},
    reference=lambda n: f"{n:b}".count("0"),
    claims=(Claim("Zero is written as a single 0.", (0,), 1), Claim("8 is 1000.", (8,), 3)),
    also=(_count_zeros_as_text,),
    level=2,
)
def count_zero_bits(n: int) -> int:
    if n == 0:
        return 1
    return n.bit_length() - n.bit_count()


def _bit_width_by_halving(n: int) -> int:
    width = 0
    while n > 0:
        n //= 2
        width += 1
    return width


@atom(
    topic="bits",
    says=(
        "the number of bits needed in base two, counting none for 0, to write {n}",
        "how many times one must halve, rounding down, to get to 0 from {n}",
    ),
    names=("bit_width", "bits_needed", "binary_length"),
    inputs={"n": NUMBER},
    reference=lambda n: len(f"{n:b}".lstrip("0")),
    claims=(Claim("Zero needs no bits.", (0,), 0), Claim("8 needs four.", (8,), 4)),
    also=(_bit_width_by_halving,),
    level=2,
)
def bit_width(n: int) -> int:
    return n.bit_length()


def _is_power_of_two_by_halving(n: int) -> bool:
    if n < 1:
        return False
    while n % 2 == 0:
        n //= 2
    return n == 1


@atom(
    topic="bits",
    says=(
        "whether {n} is a power of two",
        "whether {n} is one of the numbers 1, 2, 4, 8, 16 and so on",
    ),
    names=("is_power_of_two", "power_of_two", "is_two_power"),
    inputs={"n": Favoured(0, 20_000, (*range(20), 32, 48, 64, 100, 127, 128, 256, 1000, 1024, 4096))},
    reference=lambda n: n in [2**k for k in range(20)],
    claims=(Claim("1 is a power of two.", (1,), True), Claim("0 is none.", (0,), False)),
    holds=("is a power of two", "are powers of two"),
    also=(_is_power_of_two_by_halving,),
    level=2,
)
def is_power_of_two(n: int) -> bool:
    return n > 0 and n & (n - 1) == 0


def _next_power_by_filling(n: int) -> int:
    n -= 1
    n |= n >> 1
    n |= n >> 2
    n |= n >> 4
    n |= n >> 8
    n |= n >> 16
    return n + 1


@atom(
    topic="bits",
    says=(
        "the smallest power of two that is not less than {n}",
        "the power of two that results from rounding up {n}",
    ),
    names=("next_power_of_two", "round_up_to_power_of_two", "ceil_power_of_two"),
    inputs={"n": Favoured(1, 100_000, range(1, 300))},
    reference=lambda n: min(2**k for k in range(18) if 2**k >= n),
    claims=(Claim("A power of two stays as it is.", (8,), 8), Claim("1 is a power of two.", (1,), 1)),
    also=(_next_power_by_filling,),
    level=2,
)
def next_power_of_two(n: int) -> int:
    power = 1
    while power < n:
        power *= 2
    return power


def _highest_power_by_doubling(n: int) -> int:
    power = 1
    while power * 2 <= n:
        power *= 2
    return power


@atom(
    topic="bits",
    says=(
        "the largest power of two that is at most {n}",
        "the value of the highest set bit of {n}",
    ),
    names=("highest_power_of_two", "highest_set_bit", "floor_power_of_two"),
    inputs={"n": Favoured(1, 100_000, range(1, 300))},
    reference=lambda n: max(2**k for k in range(18) if 2**k <= n),
    claims=(Claim("A power of two is its own result.", (16,), 16),),
    also=(_highest_power_by_doubling,),
    level=2,
)
def highest_power_of_two(n: int) -> int:
    return 1 << (n.bit_length() - 1)


def _lowest_bit_by_division(n: int) -> int:
    if n == 0:
        return 0
    value = 1
    while n % 2 == 0:
        n //= 2
        value *= 2
    return value


@atom(
    topic="bits",
    says=(
        "the value of the lowest set bit, or 0 if no bit is set, of {n}",
        "the largest power of two, or 0 in the case of 0, that divides {n}",
    ),
    names=("lowest_set_bit", "lowest_bit", "rightmost_one"),
    inputs={"n": NUMBER},
    reference=lambda n: n ^ (n & (n - 1)) if n else 0,
    claims=(Claim("12 is 1100, so its lowest set bit is worth 4.", (12,), 4), Claim("0 has none.", (0,), 0)),
    also=(_lowest_bit_by_division,),
    level=3,
)
def lowest_set_bit(n: int) -> int:
    return n & -n


@atom(
    topic="bits",
    says=(
        "the number of zeros at the end of the binary form of {n}",
        "how many times {n} can be divided by 2 without a remainder",
    ),
    names=("trailing_zero_bits", "count_trailing_zero_bits", "times_divisible_by_two"),
    inputs={"n": Favoured(1, 100_000, range(1, 300))},
    reference=lambda n: len(f"{n:b}") - len(f"{n:b}".rstrip("0")),
    claims=(Claim("An odd number has none.", (7,), 0),),
    level=2,
)
def trailing_zero_bits(n: int) -> int:
    zeros = 0
    while n & 1 == 0:
        n >>= 1
        zeros += 1
    return zeros


def _has_odd_ones_by_counting(n: int) -> bool:
    odd = False
    while n > 0:
        if n & 1 == 1:
            odd = not odd
        n >>= 1
    return odd


@atom(
    topic="bits",
    says=(
        "whether an odd number of bits of {n} are set",
        "whether the binary form of {n} contains an odd number of ones",
    ),
    names=("has_odd_parity", "odd_parity", "parity_bit"),
    inputs={"n": NUMBER},
    reference=lambda n: bin(n).count("1") in range(1, 64, 2),
    claims=(Claim("Zero has no ones, and none is an even number of them.", (0,), False),),
    holds=("has an odd number of set bits", "have an odd number of set bits"),
    also=(_has_odd_ones_by_counting,),
    level=2,
)
def has_odd_parity(n: int) -> bool:
    return n.bit_count() % 2 == 1


@atom(
    topic="bits",
    says=(
        "whether bit {position} of {n} is set, bit 0 being the lowest",
        "whether the binary form of {n} has a one at place {position}, counted from 0 at the right",
    ),
    names=("is_bit_set", "test_bit", "has_bit"),
    inputs={"n": NUMBER, "position": Whole(0, 7)},
    reference=lambda n, position: f"{n:020b}"[19 - position] == "1",
    claims=(Claim("Beyond its highest bit a number has zeros.", (3, 5), False), Claim("5 is 101.", (5, 2), True)),
    holds=("has bit {position} set", "have bit {position} set"),
    level=2,
)
def is_bit_set(n: int, position: int) -> bool:
    return (n >> position) & 1 == 1


def _set_bit_by_adding(n: int, position: int) -> int:
    weight = 1
    for _ in range(position):
        weight *= 2
    if n // weight % 2 == 1:
        return n
    return n + weight


@atom(
    topic="bits",
    says=(
        "the result of setting bit {position}, bit 0 being the lowest, to one in {n}",
        "the number that one gets when binary place {position}, counted from 0 at the right, is made 1 in {n}",
    ),
    names=("set_bit", "turn_on_bit", "with_bit"),
    inputs={"n": NUMBER, "position": POSITION},
    reference=lambda n, position: n if n // 2**position % 2 else n + 2**position,
    claims=(Claim("A bit that is set already stays set.", (5, 0), 5),),
    also=(_set_bit_by_adding,),
    level=2,
)
def set_bit(n: int, position: int) -> int:
    return n | (1 << position)


@atom(
    topic="bits",
    says=(
        "the result of clearing bit {position}, bit 0 being the lowest, to zero in {n}",
        "the number that one gets when binary place {position}, counted from 0 at the right, is made 0 in {n}",
    ),
    names=("clear_bit", "turn_off_bit", "without_bit"),
    inputs={"n": NUMBER, "position": POSITION},
    reference=lambda n, position: n - 2**position * (n // 2**position % 2),
    claims=(Claim("A bit that is zero already stays zero.", (5, 1), 5),),
    level=2,
)
def clear_bit(n: int, position: int) -> int:
    if (n >> position) & 1 == 1:
        return n ^ (1 << position)
    return n


def _toggle_bit_by_adding(n: int, position: int) -> int:
    weight = 1 << position
    if n // weight % 2 == 0:
        return n + weight
    return n - weight


@atom(
    topic="bits",
    says=(
        "the result of flipping bit {position}, bit 0 being the lowest, in {n}",
        "the number that one gets when the binary digit at place {position}, counted from 0 at the right, is "
        "turned over in {n}",
    ),
    names=("toggle_bit", "flip_bit", "invert_bit"),
    inputs={"n": NUMBER, "position": POSITION},
    reference=lambda n, position: n + 2**position * (1 if n // 2**position % 2 == 0 else -1),
    claims=(Claim("Flipping the lowest bit of 4 gives 5.", (4, 0), 5),),
    also=(_toggle_bit_by_adding,),
    level=2,
)
def toggle_bit(n: int, position: int) -> int:
    return n ^ (1 << position)


def _bit_distance_by_digits(a: int, b: int) -> int:
    different = 0
    while a > 0 or b > 0:
        if a % 2 != b % 2:
            different += 1
        a //= 2
        b //= 2
    return different


@atom(
    topic="bits",
    says=(
        "the number of bit positions in which {a} and {b} differ",
        "how many bits must be flipped to turn {a} into {b}",
    ),
    names=("bit_distance", "differing_bits", "bits_to_flip"),
    inputs={"a": NUMBER, "b": NUMBER},
    reference=lambda a, b: sum(x != y for x, y in zip(f"{a:020b}", f"{b:020b}", strict=True)),
    claims=(Claim("Equal numbers differ nowhere.", (9, 9), 0),),
    also=(_bit_distance_by_digits,),
    level=2,
)
def bit_distance(a: int, b: int) -> int:
    return (a ^ b).bit_count()


@atom(
    topic="bits",
    says=(
        "the Gray code, the exclusive or of a number and its half rounded down, of {n}",
        "the value of {n} in the binary-reflected Gray code",
    ),
    names=("gray_code", "to_gray", "gray_encode"),
    inputs={"n": NUMBER},
    reference=lambda n: _gray_by_text(n),
    claims=(Claim("Zero is coded as zero.", (0,), 0), Claim("7 is coded as 4.", (7,), 4)),
    level=3,
)
def gray_code(n: int) -> int:
    return n ^ (n >> 1)


def _gray_by_text(n: int) -> int:
    bits = f"0{n:b}"
    return int("".join("01"[left != right] for left, right in itertools.pairwise(bits)), 2)


def _gray_decode_by_search(code: int) -> int:
    n = 0
    while n ^ (n // 2) != code:
        n += 1
    return n


@atom(
    topic="bits",
    says=(
        "the number whose binary-reflected Gray code is {code}",
        "the number n for which n xor (n shifted right by one) is {code}",
    ),
    names=("gray_decode", "from_gray", "gray_to_binary"),
    inputs={"code": Favoured(0, 4095, range(300))},
    reference=lambda code: {gray_code(n): n for n in range(4096)}[code],
    claims=(Claim("The code 0 stands for zero.", (0,), 0), Claim("The code 4 stands for 7.", (4,), 7)),
    also=(_gray_decode_by_search,),
    level=3,
)
def gray_decode(code: int) -> int:
    n = 0
    while code > 0:
        n ^= code
        code >>= 1
    return n


@atom(
    topic="bits",
    says=(
        "the list of all binary-reflected Gray codes with {width} bits as numbers, beginning with 0",
        "the order of all numbers of {width} bits in which neighbours differ in one bit, made by mirroring and "
        "prefixing a one, as a list that starts with 0",
    ),
    names=("gray_codes", "gray_sequence", "list_gray_codes"),
    inputs={"width": Whole(0, 5)},
    reference=lambda width: [_gray_by_text(n) for n in range(2**width)],
    claims=(Claim("With no bits there is only 0.", (0,), [0]), Claim("Two bits.", (2,), [0, 1, 3, 2])),
    level=4,
)
def gray_codes(width: int) -> list[int]:
    codes = [0]
    for bit in range(width):
        mirrored = codes[::-1]
        for code in mirrored:
            codes.append(code | (1 << bit))
    return codes


@atom(
    topic="bits",
    says=(
        "the number made by reversing the lowest {width} bits of {n}, a number of no more bits than that",
        "the number that is read from right to left in the {width} binary digits, leading zeros included, of {n}",
    ),
    names=("reverse_bits", "mirror_bits", "bits_reversed"),
    inputs={"n": Whole(0, 255), "width": Whole(1, 10)},
    needs=lambda n, width: n < 2**width,
    reference=lambda n, width: int(f"{n:0{width}b}"[::-1], 2),
    claims=(Claim("1 in 4 bits becomes 8.", (1, 4), 8),),
    level=3,
)
def reverse_bits(n: int, width: int) -> int:
    mirrored = 0
    for _ in range(width):
        mirrored = (mirrored << 1) | (n & 1)
        n >>= 1
    return mirrored


def _complement_by_subtracting(n: int, width: int) -> int:
    return (1 << width) - 1 - n


@atom(
    topic="bits",
    says=(
        "the result of flipping the lowest {width} bits of {n}, a number of no more bits than that",
        "the complement, among the numbers of {width} bits, where every zero becomes a one and every one a zero, "
        "of {n}",
    ),
    names=("complement", "flip_all_bits", "invert_bits"),
    inputs={"n": Whole(0, 255), "width": Whole(1, 10)},
    needs=lambda n, width: n < 2**width,
    reference=lambda n, width: 2**width - 1 - n,
    claims=(Claim("Zero becomes all ones.", (0, 3), 7),),
    also=(_complement_by_subtracting,),
    level=2,
)
def complement(n: int, width: int) -> int:
    return n ^ ((1 << width) - 1)


@atom(
    topic="bits",
    says=(
        "the result of rotating the 8 bits of {n}, a number below 256, to the left by {k} places",
        "the byte that comes of {k} rotations, each moving every bit one place up and the highest bit to the "
        "bottom, of {n}",
    ),
    names=("rotate_left", "rotate_byte", "cyclic_shift"),
    inputs={"n": BYTE, "k": Whole(0, 7)},
    reference=lambda n, k: int((f"{n:08b}" * 2)[k : k + 8], 2),
    claims=(Claim("The highest bit comes back at the bottom.", (128, 1), 1), Claim("No places.", (37, 0), 37)),
    level=3,
)
def rotate_byte_left(n: int, k: int) -> int:
    return ((n << k) | (n >> (8 - k))) & 255


@atom(
    topic="bits",
    says=(
        "the result of swapping each pair of neighbouring bits (bit 0 with bit 1, bit 2 with bit 3 and so on) of {n}",
        "the number that one gets when every bit at an even place, 0 being the lowest, trades places with the next "
        "higher bit of {n}",
    ),
    names=("swap_adjacent_bits", "swap_bit_pairs", "exchange_neighbour_bits"),
    inputs={"n": Whole(0, 255)},
    reference=lambda n: int("".join(f"{n:08b}"[i ^ 1] for i in range(8)), 2),
    claims=(Claim("1 becomes 2.", (1,), 2),),
    level=3,
)
def swap_adjacent_bits(n: int) -> int:
    return ((n & 85) << 1) | ((n & 170) >> 1)


def _xor_of_range_by_pattern(a: int, b: int) -> int:
    return _xor_up_to(b) ^ _xor_up_to(a - 1)


def _xor_up_to(n: int) -> int:
    if n % 4 == 0:
        return n
    if n % 4 == 1:
        return 1
    if n % 4 == 2:
        return n + 1
    return 0


@atom(
    topic="bits",
    says=(
        "the exclusive or of all whole numbers from {a} to {b}, both included",
        "the result of combining every whole number from {a} up to and including {b} with bitwise xor",
    ),
    names=("xor_range", "range_xor", "xor_between"),
    inputs={"a": Whole(1, 60), "b": Whole(1, 120)},
    needs=lambda a, b: a <= b,
    reference=lambda a, b: functools.reduce(operator.xor, range(a, b + 1)),
    claims=(Claim("A range of one number gives that number.", (6, 6), 6),),
    also=(_xor_of_range_by_pattern,),
    level=3,
)
def xor_of_range(a: int, b: int) -> int:
    result = 0
    for number in range(a, b + 1):
        result ^= number
    return result


@atom(
    topic="bits",
    says=(
        "the exclusive or, 0 if there are no numbers, of all of {numbers}",
        "the result of combining all of {numbers} with bitwise xor, beginning with 0",
    ),
    names=("xor_all", "xor_of_list", "combined_xor"),
    inputs={"numbers": ListOf(Whole(0, 60), 0, 6)},
    reference=lambda numbers: sum(2**k for k in range(14) if sum(n >> k & 1 for n in numbers) % 2),
    claims=(Claim("An empty list gives 0.", ([],), 0), Claim("Equal numbers cancel.", ([6, 6],), 0)),
    level=2,
)
def xor_of_list(numbers: list[int]) -> int:
    result = 0
    for number in numbers:
        result ^= number
    return result


@atom(
    topic="bits",
    says=(
        "the largest exclusive or of two numbers at different places in {numbers}, or 0 if there are fewer than two",
        "the greatest value that bitwise xor gives for any two entries of {numbers} (0 for fewer than two entries)",
    ),
    names=("max_xor", "largest_xor", "best_xor_pair"),
    inputs={"numbers": ListOf(Whole(0, 60), 0, 7)},
    reference=lambda numbers: max((a ^ b for a in numbers for b in numbers), default=0),
    claims=(Claim("One number makes no pair.", ([9],), 0),),
    level=3,
)
def largest_xor(numbers: list[int]) -> int:
    best = 0
    for i in range(len(numbers)):
        for j in range(i + 1, len(numbers)):
            best = max(best, numbers[i] ^ numbers[j])
    return best


def _subsets_by_doubling(items: list[int]) -> list[list[int]]:
    subsets: list[list[int]] = [[]]
    for item in items:
        for i in range(len(subsets)):
            subsets.append(subsets[i] + [item])
    return subsets


@atom(
    topic="bits",
    says=(
        "all subsets of {items} in the order of bit masks from 0 up, where bit i of the mask stands for the item at "
        "index i",
        "the list of all selections from {items}, counted by masks 0, 1, 2, ... whose bit i says whether item i is in",
    ),
    names=("subsets", "all_subsets", "power_set"),
    inputs={"items": ListOf(Whole(0, 9), 0, 4, distinct=True)},
    reference=lambda items: [list(s) for s in _colexicographic(items)],
    claims=(Claim("No items have one subset, the empty one.", ([],), [[]]),),
    also=(_subsets_by_doubling,),
    level=4,
)
def subsets_by_mask(items: list[int]) -> list[list[int]]:
    subsets: list[list[int]] = []
    for mask in range(1 << len(items)):
        chosen: list[int] = []
        for i, item in enumerate(items):
            if (mask >> i) & 1 == 1:
                chosen.append(item)
        subsets.append(chosen)
    return subsets


def _colexicographic(items: list[int]) -> list[tuple[int, ...]]:
    """Subsets ordered by their highest index first, then the next: the order of masks."""
    places = [c for size in range(len(items) + 1) for c in itertools.combinations(range(len(items)), size)]
    return [tuple(items[i] for i in chosen) for chosen in sorted(places, key=lambda chosen: chosen[::-1])]


@atom(
    topic="bits",
    says=(
        "the ascending list of the numbers, bit 0 being the lowest, of the set bits of {mask}",
        "the list of the places, counted from 0 at the right, where {mask} has a one in base two",
    ),
    names=("set_bit_positions", "bits_of_mask", "mask_to_positions"),
    inputs={"mask": NUMBER},
    reference=lambda mask: [i for i, bit in enumerate(reversed(f"{mask:b}")) if bit == "1"],
    claims=(Claim("Zero has no set bits.", (0,), []), Claim("5 has bits 0 and 2.", (5,), [0, 2])),
    level=2,
)
def set_bit_positions(mask: int) -> list[int]:
    positions: list[int] = []
    position = 0
    while mask > 0:
        if mask & 1 == 1:
            positions.append(position)
        mask >>= 1
        position += 1
    return positions


def _longest_ones_by_erosion(n: int) -> int:
    length = 0
    while n > 0:
        n &= n >> 1
        length += 1
    return length


@atom(
    topic="bits",
    says=(
        "the length of the longest run of ones in the binary form of {n}",
        "the greatest number of set bits of {n} that stand directly side by side",
    ),
    names=("longest_run_of_ones", "longest_one_run", "max_consecutive_ones"),
    inputs={"n": NUMBER},
    reference=lambda n: max(map(len, f"{n:b}".split("0"))),
    claims=(Claim("Zero has no ones.", (0,), 0), Claim("110111 has a run of three.", (55,), 3)),
    also=(_longest_ones_by_erosion,),
    level=3,
)
def longest_run_of_ones(n: int) -> int:
    longest = 0
    run = 0
    while n > 0:
        if n & 1 == 1:
            run += 1
            longest = max(longest, run)
        else:
            run = 0
        n >>= 1
    return longest


def _longest_gap_as_text(n: int) -> int:
    longest = 0
    gap = -1
    for bit in _binary_digits(n):
        if bit == 1:
            longest = max(longest, gap)
            gap = 0
        elif gap >= 0:
            gap += 1
    return longest


def _binary_digits(n: int) -> list[int]:
    digits: list[int] = []
    while n > 0:
        digits.append(n % 2)
        n //= 2
    return digits


@atom(
    topic="bits",
    says=(
        "the most zeros that stand between two neighbouring ones in the binary form of {n}, or 0 with fewer than two "
        "ones",
        "the length of the longest row of zeros with a one on both sides in {n} written in base two (0 if there is "
        "none)",
    ),
    names=("longest_binary_gap", "binary_gap", "widest_zero_gap"),
    inputs={"n": NUMBER},
    reference=lambda n: max(map(len, f"{n:b}".strip("0").split("1")), default=0),
    claims=(Claim("Zeros at the end do not count.", (8,), 0), Claim("1001 has a gap of two.", (9,), 2)),
    also=(_longest_gap_as_text,),
    level=3,
)
def longest_binary_gap(n: int) -> int:
    longest = 0
    last_one = -1
    position = 0
    while n > 0:
        if n & 1 == 1:
            if last_one >= 0:
                longest = max(longest, position - last_one - 1)
            last_one = position
        n >>= 1
        position += 1
    return longest


@atom(
    topic="bits",
    says=(
        "whether neighbouring digits always differ in {n} written in base two without leading zeros",
        "whether ones and zeros alternate in the binary form of {n}",
    ),
    names=("has_alternating_bits", "bits_alternate", "is_alternating"),
    inputs={"n": Favoured(1, 20_000, (*range(1, 25), 42, 43, 85, 86, 170, 171, 341, 682))},
    reference=lambda n: "00" not in f"{n:b}" and "11" not in f"{n:b}",
    claims=(Claim("A single one alternates.", (1,), True), Claim("101 does, 110 does not.", (6,), False)),
    holds=("has alternating bits", "have alternating bits"),
    level=3,
)
def has_alternating_bits(n: int) -> bool:
    previous = 1 - n % 2
    while n > 0:
        if n % 2 == previous:
            return False
        previous = n % 2
        n //= 2
    return True


def _binary_text_by_positions(n: int) -> str:
    text = ""
    for position in range(max(1, n.bit_length())):
        text = str((n >> position) & 1) + text
    return text


@atom(
    topic="bits",
    says=(
        "the text, without leading zeros, in base two of {n}",
        'the text, "0" for zero, of the binary digits of {n}',
    ),
    names=("to_binary", "binary_text", "binary_string"),
    inputs={"n": NUMBER},
    reference=lambda n: f"{n:b}",
    claims=(Claim("Zero is written as 0.", (0,), "0"), Claim("Five is 101.", (5,), "101")),
    also=(_binary_text_by_positions,),
    level=2,
)
def to_binary(n: int) -> str:
    if n == 0:
        return "0"
    text = ""
    while n > 0:
        text = str(n % 2) + text
        n //= 2
    return text


@atom(
    topic="bits",
    says=(
        "the number that {bits}, a text of zeros and ones, stands for in base two (0 for the empty text)",
        "the value of {bits} read as a binary number, which is 0 if the text is empty",
    ),
    names=("from_binary", "parse_binary", "binary_value"),
    inputs={"bits": Made(lambda rng: "".join(rng.choices("01", k=rng.randint(0, 9))), ("", "0", "1"))},
    reference=lambda bits: int("0" + bits, 2),
    claims=(Claim("Leading zeros make no difference.", ("0011",), 3), Claim("No digits give 0.", ("",), 0)),
    level=2,
)
def from_binary(bits: str) -> int:
    value = 0
    for bit in bits:
        value = value * 2
        if bit == "1":
            value += 1
    return value


@atom(
    topic="bits",
    says=(
        "the sum of {a} and {b} in base two, all three being texts of zeros and ones",
        "the binary text, without leading zeros, of the number that {a} and {b}, two texts of binary digits, add up to",
    ),
    names=("add_binary", "binary_sum", "add_binary_texts"),
    inputs={
        "a": Made(lambda rng: f"{rng.randint(0, 200):b}", ("0", "1")),
        "b": Made(lambda rng: f"{rng.randint(0, 60):b}", ("0", "1")),
    },
    reference=lambda a, b: f"{int(a, 2) + int(b, 2):b}",
    claims=(Claim("The sum may be longer.", ("1", "1"), "10"), Claim("Zero and zero.", ("0", "0"), "0")),
    level=4,
)
def add_binary(a: str, b: str) -> str:
    i = len(a) - 1
    j = len(b) - 1
    carry = 0
    text = ""
    while i >= 0 or j >= 0 or carry > 0:
        total = carry
        if i >= 0:
            total += int(a[i])
        if j >= 0:
            total += int(b[j])
        text = str(total % 2) + text
        carry = total // 2
        i -= 1
        j -= 1
    return text


def _bit_counts_by_counting(n: int) -> list[int]:
    return [k.bit_count() for k in range(n + 1)]


@atom(
    topic="bits",
    says=(
        "the list of the counts of ones in the binary forms of the numbers from 0, in ascending order, to {n}",
        "the list that has at each index from 0 up to and including {n} the count of set bits of that index",
    ),
    names=("bit_counts", "count_bits_up_to", "ones_table"),
    inputs={"n": Whole(0, 20)},
    reference=lambda n: [f"{k:b}".count("1") for k in range(n + 1)],
    claims=(Claim("For 0 there is one entry.", (0,), [0]),),
    also=(_bit_counts_by_counting,),
    level=3,
)
def bit_counts_up_to(n: int) -> list[int]:
    counts = [0]
    for k in range(1, n + 1):
        counts.append(counts[k // 2] + k % 2)
    return counts


@atom(
    topic="bits",
    says=(
        "the smallest number greater than {n} that has as many ones in base two",
        "the next larger number after {n} with the same number of set bits",
    ),
    names=("next_with_same_ones", "next_same_bit_count", "next_bit_permutation"),
    inputs={"n": Favoured(1, 2000, range(1, 200))},
    reference=lambda n: next(m for m in range(n + 1, 10_000) if f"{m:b}".count("1") == f"{n:b}".count("1")),
    claims=(Claim("After 1 comes 2.", (1,), 2), Claim("After 101 comes 110.", (5,), 6)),
    level=5,
)
def next_with_same_ones(n: int) -> int:
    low = n & -n
    ripple = n + low
    return ripple | ((n ^ ripple) // low >> 2)
