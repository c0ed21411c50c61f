"""Machines, games and small worlds that are played step by step."""

import itertools
import random
import re
from collections.abc import Callable, Iterator

from hrm_edge.train.data.atoms.atom import Claim, atom
from hrm_edge.train.data.atoms.domains import GridOf, ListOf, Made, OneOf, Text, Whole
from hrm_edge.train.data.atoms.structures import log_of, verb
from hrm_edge.train.data.atoms.subset import deque


def _walked(commands: str) -> tuple[int, int]:
    place, ahead = 0j, 1j
    for command in commands:
        if command == "F":
            place += ahead
        else:
            ahead *= 1j if command == "L" else -1j
    return int(place.real), int(place.imag)


@atom(
    topic="simulation",
    says=(
        "the pair (x, y) where a robot ends that starts at (0, 0) facing north and obeys {commands}: F goes one unit "
        "ahead, L and R turn it left and right by a quarter; east is positive x, north is positive y",
        "the final coordinates x (to the east) and y (to the north) of a robot which begins at the origin looking "
        "north and carries out the letters of {commands}, where F is a step forward, L a left and R a right quarter "
        "turn on the spot",
    ),
    names=("robot_position", "walk_robot", "final_position"),
    inputs={"commands": Text("FFLR", 0, 10)},
    reference=_walked,
    claims=(
        Claim("A robot that only turns stays where it is.", ("LLR",), (0, 0)),
        Claim("One step ahead leads north.", ("F",), (0, 1)),
    ),
    level=2,
)
def position_of_robot(commands: str) -> tuple[int, int]:
    x = 0
    y = 0
    dx = 0
    dy = 1
    for command in commands:
        if command == "F":
            x += dx
            y += dy
        elif command == "L":
            dx, dy = -dy, dx
        else:
            dx, dy = dy, -dx
    return x, y


_STEPS = {"U": (-1, 0), "D": (1, 0), "L": (0, -1), "R": (0, 1)}


def _rolled(grid: list[list[int]], moves: str) -> list[int]:
    free = {(r, c) for r, row in enumerate(grid) for c, cell in enumerate(row) if cell != 1}
    r, c = 0, 0
    for move in moves:
        ahead = (r + _STEPS[move][0], c + _STEPS[move][1])
        r, c = ahead if ahead in free else (r, c)
    return [r, c]


@atom(
    topic="simulation",
    says=(
        "the [row, column] where a cart ends that starts in the top left cell of {grid} and obeys {moves}, U for up, "
        "D for down, L for left, R for right: each moves it one cell, unless that cell is outside or holds 1, in "
        "which case it stays",
        "the final place, as [row, column] counted from 0, of a token on row 0, column 0 of {grid} after the one-cell "
        "moves U, D, L and R of {moves}, where a move out of the grid or into a cell with 1 is left out",
    ),
    names=("move_on_grid", "cart_position", "walk_with_walls"),
    inputs={"grid": GridOf(OneOf((0, 0, 1)), (1, 4), (2, 4)), "moves": Text("DDRRUL", 0, 8)},
    reference=_rolled,
    claims=(
        Claim("A wall stops the cart.", ([[0, 1]], "R"), [0, 0]),
        Claim("So does the edge.", ([[0, 0]], "URR"), [0, 1]),
    ),
    level=3,
)
def place_of_cart(grid: list[list[int]], moves: str) -> list[int]:
    row = 0
    column = 0
    for move in moves:
        r = row
        c = column
        if move == "U":
            r -= 1
        elif move == "D":
            r += 1
        elif move == "L":
            c -= 1
        else:
            c += 1
        if 0 <= r < len(grid) and 0 <= c < len(grid[0]) and grid[r][c] != 1:
            row = r
            column = c
    return [row, column]


@atom(
    topic="simulation",
    says=(
        "the order in which a lift at floor {start} visits {floors}: first it goes up past all of them that are not "
        "below it, each once, then down past the others, each once",
        "the different numbers of {floors} as a lift at floor {start} reaches them that serves its own floor and "
        "those above in ascending order first, and after them the lower ones in descending order",
    ),
    names=("lift_order", "elevator_stops", "serve_floors"),
    inputs={"start": Whole(0, 9), "floors": ListOf(Whole(0, 9), 0, 6)},
    reference=lambda start, floors: sorted(set(floors), key=lambda floor: (floor < start, abs(floor - start))),
    claims=(
        Claim("A floor that is asked for twice is served once.", (0, [3, 3]), [3]),
        Claim("The lift goes up first.", (5, [4, 6]), [6, 4]),
    ),
    level=2,
)
def stops_of_lift(start: int, floors: list[int]) -> list[int]:
    stops = [floor for floor in sorted(set(floors)) if floor >= start]
    lower = [floor for floor in sorted(set(floors)) if floor < start]
    for floor in lower[::-1]:
        stops.append(floor)
    return stops


def _fewest_pieces(amount: int) -> list[int]:
    """The multiset of fewest coins, by search over counts of the large ones."""
    best: tuple[int, list[int]] | None = None
    for fifties, twenties, tens in itertools.product(range(3), range(6), range(11)):
        rest = amount - 50 * fifties - 20 * twenties - 10 * tens
        if rest >= 0:
            for fives, twos in itertools.product(range(rest // 5 + 1), range(rest // 2 + 1)):
                ones = rest - 5 * fives - 2 * twos
                count = fifties + twenties + tens + fives + twos + ones
                if ones >= 0 and (best is None or count < best[0]):
                    coins = [50] * fifties + [20] * twenties + [10] * tens + [5] * fives + [2] * twos + [1] * ones
                    best = (count, coins)
    return best[1] if best else []


@atom(
    topic="simulation",
    says=(
        "the coins, from large to small, that a machine gives back when {paid} has been paid for something that costs "
        "{price}, with as few as possible of the coins 50, 20, 10, 5, 2 and 1; none if too little was paid",
        "the descending list of the fewest coins of 50, 20, 10, 5, 2 and 1 that make up what {paid} is more than "
        "{price}; an empty list if it is not more",
    ),
    names=("give_change", "change_coins", "return_coins"),
    inputs={"paid": Whole(0, 60), "price": Whole(0, 40)},
    reference=lambda paid, price: _fewest_pieces(max(0, paid - price)),
    claims=(
        Claim("The exact price gives nothing back.", (7, 7), []),
        Claim("Of 8 too much, 5, 2 and 1 come back.", (10, 2), [5, 2, 1]),
    ),
    level=2,
)
def coins_given_back(paid: int, price: int) -> list[int]:
    coins: list[int] = []
    rest = paid - price
    for coin in [50, 20, 10, 5, 2, 1]:
        while rest >= coin:
            coins.append(coin)
            rest -= coin
    return coins


def _bounced(width: int, steps: int) -> int:
    if width == 1:
        return 0
    place = steps % (2 * width - 2)
    return min(place, 2 * width - 2 - place)


@atom(
    topic="simulation",
    says=(
        "the cell, counted from 0, of a ball on a track of {width} cells after {steps} steps: it starts in cell 0 "
        "moving right, goes one cell per step, and turns back at both ends (on a track of one cell it stays)",
        "the place, after {steps} moves, of a marker that runs to and fro over the places 0 to {width} - 1, beginning "
        "at 0 and first going up, by moves of one place each; with a single place it cannot move",
    ),
    names=("bouncing_ball", "ball_position", "to_and_fro"),
    inputs={"width": Whole(1, 7), "steps": Whole(0, 30)},
    reference=_bounced,
    claims=(
        Claim("Before the first step the ball is in cell 0.", (5, 0), 0),
        Claim("On three cells it is back in the middle after three steps.", (3, 3), 1),
    ),
    level=3,
)
def cell_of_ball(width: int, steps: int) -> int:
    cell = 0
    direction = 1
    if width == 1:
        return 0
    for _ in range(steps):
        if cell + direction < 0 or cell + direction >= width:
            direction = -direction
        cell += direction
    return cell


def _ant(size: int, steps: int) -> int:
    black: set[complex] = set()
    place, ahead = 0j, -1j
    for _ in range(steps):
        ahead *= -1j if place in black else 1j
        black ^= {place}
        place += ahead
        place = complex(place.real % size, place.imag % size)
    return len(black)


@atom(
    topic="simulation",
    says=(
        "the number of black cells after {steps} steps of Langton's ant on a white board of {size} by {size} cells "
        "whose edges are joined to the opposite ones; the ant starts in a corner, and in each step it turns right on "
        "a white cell or left on a black one, changes the colour of the cell, and goes one cell ahead",
        "how many cells of a square board with {size} rows, all white at first and without borders (who leaves on one "
        "side comes in on the opposite one), are black when an ant has {steps} times turned by a quarter, right on "
        "white and left on black, recoloured its cell and stepped forward",
    ),
    names=("langtons_ant", "ant_cells", "black_cells"),
    inputs={"size": Whole(1, 6), "steps": Whole(0, 40)},
    reference=_ant,
    claims=(Claim("The first step leaves one black cell.", (3, 1), 1), Claim("Without steps all is white.", (4, 0), 0)),
    level=4,
)
def black_after_ant(size: int, steps: int) -> int:
    black = [[False] * size for _ in range(size)]
    r = 0
    c = 0
    dr = -1
    dc = 0
    count = 0
    for _ in range(steps):
        if black[r][c]:
            dr, dc = -dc, dr
            count -= 1
        else:
            dr, dc = dc, -dr
            count += 1
        black[r][c] = not black[r][c]
        r = (r + dr + size) % size
        c = (c + dc + size) % size
    return count


def _war(first: list[int], second: list[int]) -> int:
    rounds = 0
    while first and second and rounds < 30:
        rounds += 1
        (a, *first), (b, *second) = first, second
        first = first + [a, b] * (a > b)
        second = second + [b, a] * (b > a)
    return rounds


@atom(
    topic="simulation",
    says=(
        "the number of rounds of a card game until one of the decks {first} and {second} is empty, at most 30: in "
        "each round both lay down their first card, the larger one's owner puts it and then the other card under "
        "their deck, and two equal cards are out of the game",
        "how many rounds, 30 at most, two players with the piles {first} and {second}, top card first, can play: they "
        "turn up a card each, the higher card wins both, which go below the winner's pile with the winning card on "
        "top, and equal cards are thrown away",
    ),
    names=("card_rounds", "play_cards", "rounds_of_war"),
    inputs={"first": ListOf(Whole(1, 6), 0, 4), "second": ListOf(Whole(1, 6), 0, 4)},
    reference=_war,
    claims=(
        Claim("With an empty deck no round is played.", ([], [3]), 0),
        Claim("Two equal cards leave both without any.", ([2], [2]), 1),
    ),
    level=3,
)
def rounds_of_cards(first: list[int], second: list[int]) -> int:
    mine: deque[int] = deque(first)
    yours: deque[int] = deque(second)
    rounds = 0
    while mine and yours and rounds < 30:
        rounds += 1
        a = mine.popleft()
        b = yours.popleft()
        if a > b:
            mine.append(a)
            mine.append(b)
        elif b > a:
            yours.append(b)
            yours.append(a)
    return rounds


@atom(
    topic="simulation",
    says=(
        "the colour that a traffic light shows {second} seconds after it turned green, when green, yellow and red "
        'last as many seconds as {durations} says, in this order and again and again: "green", "yellow" or "red"',
        'the text "green", "yellow" or "red", whichever a light shows in second {second}, counted from 0, of a cycle '
        "that begins with green and repeats phases of the three lengths in {durations}, for green, yellow and red",
    ),
    names=("light_colour", "traffic_light", "signal_at"),
    inputs={"durations": ListOf(Whole(1, 6), 3, 3), "second": Whole(0, 40)},
    reference=lambda durations, second: list(
        itertools.islice(
            itertools.cycle(["green"] * durations[0] + ["yellow"] * durations[1] + ["red"] * durations[2]), second + 1
        )
    )[-1],
    claims=(Claim("At first it is green.", ([2, 1, 2], 0), "green"),),
    level=2,
)
def colour_of_light(durations: list[int], second: int) -> str:
    left = second % sum(durations)
    if left < durations[0]:
        return "green"
    if left < durations[0] + durations[1]:
        return "yellow"
    return "red"


def _water_by_layers(heights: list[int]) -> int:
    total = 0
    for level in range(1, max(heights, default=0) + 1):
        walls = [i for i, height in enumerate(heights) if height >= level]
        total += walls[-1] - walls[0] + 1 - len(walls)
    return total


def water_from_both_ends(heights: list[int]) -> int:
    left = 0
    right = len(heights) - 1
    left_wall = 0
    right_wall = 0
    total = 0
    while left <= right:
        if left_wall <= right_wall:
            left_wall = max(left_wall, heights[left])
            total += left_wall - heights[left]
            left += 1
        else:
            right_wall = max(right_wall, heights[right])
            total += right_wall - heights[right]
            right -= 1
    return total


@atom(
    topic="simulation",
    says=(
        "how many units of rain water stay between the bars of width 1 and heights {heights}: over each bar up to the "
        "lower of the highest bars on its two sides",
        "the amount of water, in unit squares, that a profile of columns with the heights {heights} holds after rain, "
        "when it runs off at both ends",
    ),
    names=("trapped_water", "rain_water", "water_held"),
    inputs={"heights": ListOf(Whole(0, 5), 0, 8)},
    reference=_water_by_layers,
    claims=(
        Claim("Rising bars hold no water.", ([1, 2, 3],), 0),
        Claim("A gap between two bars of 2 holds 2.", ([2, 0, 2],), 2),
    ),
    also=(water_from_both_ends,),
    level=4,
)
def water_between_bars(heights: list[int]) -> int:
    count = len(heights)
    highest_right = [0] * (count + 1)
    for i in range(count - 1, -1, -1):
        highest_right[i] = max(highest_right[i + 1], heights[i])
    highest_left = 0
    total = 0
    for i, height in enumerate(heights):
        highest_left = max(highest_left, height)
        total += min(highest_left, highest_right[i]) - height
    return total


def _jug_moves(a: int, b: int, x: int, y: int) -> Iterator[tuple[int, int]]:
    yield from ((a, y), (x, b), (0, y), (x, 0))
    yield (x - min(x, b - y), y + min(x, b - y))
    yield (x + min(y, a - x), y - min(y, a - x))


def _jug_steps(a: int, b: int, target: int) -> int:
    reached, steps = {(0, 0)}, 0
    while not any(target in state for state in reached):
        larger = reached | {after for x, y in reached for after in _jug_moves(a, b, x, y)}
        if larger == reached:
            return -1
        reached, steps = larger, steps + 1
    return steps


@atom(
    topic="simulation",
    says=(
        "the least number of steps until one of two jugs for {a} and {b} litres, empty at first, holds exactly "
        "{target} litres, when a step fills a jug, empties a jug, or pours from one into the other until that is full "
        "or the first is empty; -1 if it cannot be done",
        "how many actions it takes at least to measure {target} litres in either of two empty jugs that hold {a} and "
        "{b}, each action being to fill one up, to pour one out, or to pour one into the other as far as possible (-1 "
        "if impossible)",
    ),
    names=("water_jugs", "jug_steps", "measure_water"),
    inputs={"a": Whole(1, 6), "b": Whole(1, 6), "target": Whole(0, 6)},
    reference=_jug_steps,
    claims=(
        Claim("Zero litres are there at once.", (2, 3, 0), 0),
        Claim("With jugs of 2 and 4 an odd amount is impossible.", (2, 4, 3), -1),
    ),
    level=5,
)
def steps_with_jugs(a: int, b: int, target: int) -> int:
    steps = [[-1] * (b + 1) for _ in range(a + 1)]
    steps[0][0] = 0
    queue: deque[tuple[int, int]] = deque([(0, 0)])
    while queue:
        x, y = queue.popleft()
        if x == target or y == target:
            return steps[x][y]
        over = min(x, b - y)
        back = min(y, a - x)
        for i, j in [(a, y), (x, b), (0, y), (x, 0), (x - over, y + over), (x + back, y - back)]:
            if steps[i][j] == -1:
                steps[i][j] = steps[x][y] + 1
                queue.append((i, j))
    return -1


def _board(rng: random.Random) -> list[str]:
    """A game of noughts and crosses, stopped at a random move or when somebody has won."""
    cells = ["."] * 9
    for move, place in enumerate(rng.sample(range(9), rng.randint(4, 9))):
        cells[place] = "XO"[move % 2]
        rows = ["".join(cells[i : i + 3]) for i in (0, 3, 6)]
        if _winner(rows) in ("X", "O"):
            break
    return ["".join(cells[i : i + 3]) for i in (0, 3, 6)]


def _winner(board: list[str]) -> str:
    text = "".join(board)
    lines = [text[i : i + 3] for i in (0, 3, 6)] + [text[i::3] for i in range(3)] + [text[::4], text[2:7:2]]
    for player in "XO":
        if player * 3 in lines:
            return player
    return "open" if "." in text else "draw"


@atom(
    topic="simulation",
    says=(
        'how the game of noughts and crosses on {board} stands, three texts of three characters "X", "O" or "." for '
        'an empty cell: "X" or "O" if that player has three in a row, column or diagonal, otherwise "draw" if no cell '
        'is empty, otherwise "open"',
        'the winner "X" or "O" of the 3 by 3 board {board}, given as rows with "." for free cells, which no two '
        'players have both won; without three in a line it is "draw" on a full board and "open" on any other',
    ),
    names=("game_state", "tic_tac_toe", "who_won"),
    inputs={"board": Made(_board, (["...", "...", "..."],))},
    reference=_winner,
    claims=(
        Claim("An empty board is open.", (["...", "...", "..."],), "open"),
        Claim("A full column wins.", (["XO.", "XO.", "X.."],), "X"),
    ),
    level=3,
)
def state_of_game(board: list[str]) -> str:
    lines = list(board)
    for c in range(3):
        column = ""
        for row in board:
            column += row[c]
        lines.append(column)
    falling = ""
    rising = ""
    for i in range(3):
        falling += board[i][i]
        rising += board[i][2 - i]
    lines.append(falling)
    lines.append(rising)
    if "XXX" in lines:
        return "X"
    if "OOO" in lines:
        return "O"
    for row in board:
        if "." in row:
            return "open"
    return "draw"


def _snake(size: int, moves: str) -> int:
    places = list(
        itertools.accumulate(moves, lambda at, move: (at[0] + _STEPS[move][0], at[1] + _STEPS[move][1]), initial=(0, 0))
    )
    for count, place in enumerate(places):
        if place in places[:count] or min(place) < 0 or max(place) >= size:
            return count - 1
    return len(moves)


@atom(
    topic="simulation",
    says=(
        "how many of the moves {moves} a snake survives that starts in the top left cell of a board of {size} by "
        "{size} cells and grows by one cell with every move, U, D, L or R: it dies on a move into a cell it already "
        "covers or out of the board",
        "the number of steps U, D, L and R of {moves} that can be made from the top left corner of a square board "
        "with {size} rows before one leads off the board or into a cell visited before, all of them if none does",
    ),
    names=("snake_moves", "survived_moves", "snake_game"),
    inputs={"size": Whole(2, 5), "moves": Text("RDRDLU", 0, 9)},
    reference=_snake,
    claims=(
        Claim("A first move up leads off the board.", (3, "U"), 0),
        Claim("Turning straight back is deadly.", (3, "RL"), 1),
    ),
    level=3,
)
def moves_survived(size: int, moves: str) -> int:
    covered: set[tuple[int, int]] = set()
    covered.add((0, 0))
    r = 0
    c = 0
    survived = 0
    for move in moves:
        if move == "U":
            r -= 1
        elif move == "D":
            r += 1
        elif move == "L":
            c -= 1
        else:
            c += 1
        if r < 0 or r >= size or c < 0 or c >= size or (r, c) in covered:
            break
        covered.add((r, c))
        survived += 1
    return survived


@atom(
    topic="simulation",
    says=(
        "the list of what stands on a conveyor belt, from its beginning to its end, after {steps} steps: it first "
        "carries {belt}, and in each step everything moves on by one place, the last item falls off, and at the "
        "beginning a 0 comes in",
        "the list {belt} after being shifted {steps} times by one place towards its end, where the last number is "
        "lost and a 0 fills the first place each time",
    ),
    names=("run_belt", "conveyor", "shift_belt"),
    inputs={"belt": ListOf(Whole(1, 9), 1, 6), "steps": Whole(0, 7)},
    reference=lambda belt, steps: ([0] * steps + belt)[: len(belt)],
    claims=(Claim("After as many steps as places the belt is empty.", ([4, 7], 2), [0, 0]),),
    level=2,
)
def belt_after_steps(belt: list[int], steps: int) -> list[int]:
    places = list(belt)
    for _ in range(steps):
        for i in range(len(places) - 1, 0, -1):
            places[i] = places[i - 1]
        places[0] = 0
    return places


@atom(
    topic="simulation",
    says=(
        "the health left to the winner of a duel in which a fighter with {health} health who hits for {strength} "
        "strikes first and an opponent with {other_health} who hits for {other_strength} strikes back in turn, until "
        "one has no health left; positive if the first fighter wins, negative if the other does",
        "what remains of {health}, or minus what remains of {other_health}, when they are lowered in turn, the second "
        "first, by {strength} (for the second) and {other_strength} (for the first) until one of them is 0 or less",
    ),
    names=("duel", "fight", "duel_result"),
    inputs={
        "health": Whole(1, 20),
        "strength": Whole(1, 6),
        "other_health": Whole(1, 20),
        "other_strength": Whole(1, 6),
    },
    reference=lambda health, strength, other_health, other_strength: (
        health - other_strength * (-(-other_health // strength) - 1)
        if -(-other_health // strength) <= -(-health // other_strength)
        else -(other_health - strength * -(-health // other_strength))
    ),
    claims=(Claim("A first strike that is strong enough ends it.", (5, 9, 9, 9), 5),),
    level=3,
)
def health_after_duel(health: int, strength: int, other_health: int, other_strength: int) -> int:
    while True:
        other_health -= strength
        if other_health <= 0:
            return health
        health -= other_strength
        if health <= 0:
            return -other_health


def _toppled(grid: list[list[int]]) -> list[list[int]]:
    """All unstable cells at once: the order does not matter (the abelian sandpile)."""
    cells = {(r, c): sand for r, row in enumerate(grid) for c, sand in enumerate(row)}
    while high := [cell for cell, sand in cells.items() if sand >= 4]:
        for r, c in high:
            cells[r, c] -= 4
            for other in ((r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)):
                if other in cells:
                    cells[other] += 1
    return [[cells[r, c] for c in range(len(grid[0]))] for r in range(len(grid))]


@atom(
    topic="simulation",
    says=(
        "the sand heights that {grid} settles to: as long as some cell has 4 or more grains, such a cell gives one to "
        "each of its four neighbours, and grains that go over the edge are lost; the order makes no difference",
        "{grid} after the sandpile rule has been applied until every number is below 4: a number of at least 4 is "
        "lowered by 4, and the cells above, below, left and right of it that exist grow by 1",
    ),
    names=("settle_sand", "topple", "sandpile"),
    inputs={"grid": GridOf(Whole(0, 6), (1, 3), (1, 3))},
    reference=_toppled,
    claims=(
        Claim("Heights below 4 stay.", ([[3, 0]],), [[3, 0]]),
        Claim("A single cell loses four grains at a time.", ([[5]],), [[1]]),
    ),
    level=4,
)
def settled_sand(grid: list[list[int]]) -> list[list[int]]:
    sand = [list(row) for row in grid]
    moving = True
    while moving:
        moving = False
        for r in range(len(sand)):
            for c in range(len(sand[0])):
                if sand[r][c] < 4:
                    continue
                moving = True
                sand[r][c] -= 4
                for dr, dc in [(0, 1), (1, 0), (0, -1), (-1, 0)]:
                    i = r + dr
                    j = c + dc
                    if 0 <= i < len(sand) and 0 <= j < len(sand[0]):
                        sand[i][j] += 1
    return sand


def _automaton(cells: str, rule: int, steps: int) -> str:
    table = {f"{n:03b}": str(rule >> n & 1) for n in range(8)}
    for _ in range(steps):
        wide = f"0{cells}0"
        cells = "".join(table[wide[i : i + 3]] for i in range(len(cells)))
    return cells


@atom(
    topic="simulation",
    says=(
        'the row {cells} of "0" and "1" after {steps} steps of the elementary cellular automaton with rule number '
        "{rule}: a cell becomes bit k of the rule, where k is the number from 0 to 7 that its left neighbour, itself "
        "and its right neighbour form in binary, and beyond both ends there are zeros",
        "what {cells}, a text of zeros and ones, becomes when {steps} times every character is replaced by the bit of "
        "{rule} whose place, counted from the lowest as 0, is 4 * left + 2 * own + right, with 0 for missing "
        "neighbours",
    ),
    names=("run_automaton", "cellular_automaton", "evolve_row"),
    inputs={"cells": Text("01", 1, 8), "rule": OneOf((30, 54, 90, 110, 150, 184)), "steps": Whole(0, 4)},
    reference=_automaton,
    claims=(Claim("Without steps nothing changes.", ("0110", 90, 0), "0110"),),
    level=4,
)
def row_after_automaton(cells: str, rule: int, steps: int) -> str:
    row = cells
    for _ in range(steps):
        following = ""
        for i in range(len(row)):
            index = 0
            if i > 0 and row[i - 1] == "1":
                index += 4
            if row[i] == "1":
                index += 2
            if i + 1 < len(row) and row[i + 1] == "1":
                index += 1
            following += "1" if (rule >> index) & 1 == 1 else "0"
        row = following
    return row


@atom(
    topic="simulation",
    says=(
        "the ascending list of the lockers that are open after {n} people have gone past {n} closed lockers, numbered "
        "from 1, and person i has opened or closed, whichever applies, every i-th of them",
        "the numbers, from small to large, of the doors 1 to {n} that stand open when all were shut at first and "
        "round i, for i from 1 to that number, changed the state of every door whose number is a multiple of i",
    ),
    names=("open_lockers", "toggle_lockers", "open_doors"),
    inputs={"n": Whole(0, 40)},
    reference=lambda n: [root * root for root in range(1, n + 1) if root * root <= n],
    claims=(Claim("Of three lockers only the first stays open.", (3,), [1]),),
    level=2,
)
def lockers_left_open(n: int) -> list[int]:
    is_open = [False] * (n + 1)
    for person in range(1, n + 1):
        for locker in range(person, n + 1):
            if locker % person == 0:
                is_open[locker] = not is_open[locker]
    return [locker for locker in range(1, n + 1) if is_open[locker]]


def _jumps(rng: random.Random) -> dict[int, int]:
    starts = rng.sample(range(2, 12), rng.randint(1, 4))
    ends = [place for place in range(1, 13) if place not in starts]
    return {start: rng.choice(ends) for start in starts}


def _board_places(last: int, jumps: dict[int, int], rolls: list[int]) -> int:
    def move(place: int, roll: int) -> int:
        return place if place + roll > last else jumps.get(place + roll, place + roll)

    return list(itertools.accumulate(rolls, move, initial=0))[-1]


@atom(
    topic="simulation",
    says=(
        "the field where a token ends that starts on field 0 of a board with the last field {last} and moves by the "
        "numbers {rolls} one after another, where {jumps} maps a field on which a move ends to the one to go on to at "
        "once, and a move beyond the last field is left out",
        "the final place in a game of snakes and ladders from 0 to {last} after the dice rolls {rolls}; {jumps} says "
        "for the foot of each ladder and the head of each snake where it leads, and a roll that would overshoot the "
        "end is not used",
    ),
    names=("snakes_and_ladders", "token_place", "play_board"),
    inputs={"last": Whole(12, 16), "jumps": Made(_jumps, ({},)), "rolls": ListOf(Whole(1, 6), 0, 6)},
    reference=_board_places,
    claims=(
        Claim("A roll beyond the end is not used.", (12, {}, [6, 5, 2]), 11),
        Claim("A ladder is climbed at once.", (12, {3: 9}, [3]), 9),
    ),
    level=3,
)
def field_after_rolls(last: int, jumps: dict[int, int], rolls: list[int]) -> int:
    place = 0
    for roll in rolls:
        if place + roll > last:
            continue
        place += roll
        if place in jumps:
            place = jumps[place]
    return place


def _fallen_by_steps(dominoes: str) -> str:
    """Second by second: R. becomes RR, .L becomes LL, R.L holds."""
    while True:
        held = dominoes.replace("R.L", "#")
        pushed = held.replace("R.", "RR").replace(".L", "LL").replace("#", "R.L")
        if pushed == dominoes:
            return dominoes
        dominoes = pushed


@atom(
    topic="simulation",
    says=(
        'how the row {dominoes} stands in the end, where "L" falls to the left, "R" to the right and "." stands: '
        "every second a fallen domino pushes a standing neighbour in its direction over, and one that is pushed from "
        "both sides at once stays up",
        'the final text for {dominoes}, dominoes that fall left ("L"), fall right ("R") or stand ("."), when those '
        "that fall knock over, one place per second, the standing ones next to them on the side they fall to, unless "
        "such a one is hit from both sides in the same second",
    ),
    names=("fall_dominoes", "push_dominoes", "domino_row"),
    inputs={"dominoes": Text("LR...", 0, 9)},
    reference=_fallen_by_steps,
    claims=(
        Claim("In the middle between two pushes one stays up.", ("R.L",), "R.L"),
        Claim("All between them fall to the nearer side.", ("R..L",), "RRLL"),
    ),
    level=4,
)
def dominoes_at_rest(dominoes: str) -> str:
    count = len(dominoes)
    from_left = [-1] * count
    from_right = [-1] * count
    seconds = -1
    for i in range(count):
        if dominoes[i] == "R":
            seconds = 0
        elif dominoes[i] == "L":
            seconds = -1
        elif seconds >= 0:
            seconds += 1
        from_left[i] = seconds
    seconds = -1
    for i in range(count - 1, -1, -1):
        if dominoes[i] == "L":
            seconds = 0
        elif dominoes[i] == "R":
            seconds = -1
        elif seconds >= 0:
            seconds += 1
        from_right[i] = seconds
    final = ""
    for i in range(count):
        if from_left[i] == from_right[i]:
            final += "."
        elif from_right[i] == -1 or (from_left[i] != -1 and from_left[i] < from_right[i]):
            final += "R"
        else:
            final += "L"
    return final


def _counted(lines: list[str]) -> int:
    counter, place = 0, 0
    while place < len(lines):
        word = lines[place]
        counter += {"up": 1, "down": -1, "skip": 0}[word]
        place += 2 if word == "skip" and counter == 0 else 1
    return counter


@atom(
    topic="simulation",
    says=(
        "the number a counter shows after the program {lines} has been run once from its first to its last line: it "
        'starts at 0, "up" adds 1, "down" takes 1 away, and "skip" leaves the next line out if the counter is 0',
        'the end value of a register that is 0 at first and goes through {lines}, where "up" and "down" change it by '
        '1 and "skip" means that the line after it is not carried out if the register holds 0',
    ),
    names=("run_counter", "run_program", "counter_value"),
    inputs={"lines": log_of(lambda _: "up", lambda _: "down", lambda _: "skip", longest=9)},
    reference=_counted,
    claims=(
        Claim("At 0 a skip leaves the next line out.", (["skip", "up", "up"],), 1),
        Claim("At another number it does nothing.", (["up", "skip", "up"],), 2),
    ),
    level=3,
)
def counter_after_program(lines: list[str]) -> int:
    counter = 0
    left_out = False
    for line in lines:
        if left_out:
            left_out = False
        elif line == "up":
            counter += 1
        elif line == "down":
            counter -= 1
        else:
            left_out = counter == 0
    return counter


def _switches(temperatures: list[int], low: int, high: int) -> int:
    marks = "".join("c" if t < low else "h" if t > high else "-" for t in temperatures).replace("-", "")
    return len(re.findall(r"c+|(?<=c)h+", marks))


@atom(
    topic="simulation",
    says=(
        "how many times a heater is switched on or off over {temperatures}: it is off at first, goes on as soon as "
        "the temperature is below {low} and off as soon as it is above {high}, and keeps its state otherwise",
        "the number of changes of a thermostat that begins switched off, reads {temperatures} one by one, switches on "
        "below {low} and off above {high}",
    ),
    names=("heater_switches", "thermostat_changes", "count_switches"),
    inputs={"temperatures": ListOf(Whole(10, 30), 0, 9), "low": Whole(15, 19), "high": Whole(20, 24)},
    reference=_switches,
    claims=(
        Claim("Warmth alone switches nothing.", ([30, 25], 18, 22), 0),
        Claim("Cold, then warm are two changes.", ([10, 30], 18, 22), 2),
    ),
    level=2,
)
def changes_of_heater(temperatures: list[int], low: int, high: int) -> int:
    heating = False
    changes = 0
    for temperature in temperatures:
        if not heating and temperature < low:
            heating = True
            changes += 1
        elif heating and temperature > high:
            heating = False
            changes += 1
    return changes


@atom(
    topic="simulation",
    says=(
        "the numbers of {stones} after {blinks} rounds in which every 0 becomes 1, every number with an even count of "
        "decimal digits is split into its left and its right half of digits (as two numbers), and any other is "
        "multiplied by 3, all in their places",
        "the list that {stones} has become when {blinks} times each number, in order, has been replaced: 0 by 1, one "
        "with an even number of digits by the two numbers its halves are, any other by three times itself",
    ),
    names=("blink_stones", "change_stones", "stone_rounds"),
    inputs={"stones": ListOf(Whole(0, 1200), 0, 3), "blinks": Whole(0, 3)},
    reference=lambda stones, blinks: _blinked(stones, blinks),
    claims=(
        Claim("A number of four digits becomes two of two: 1203 gives 12 and 3.", ([1203], 1), [12, 3]),
        Claim("Without rounds nothing changes.", ([5], 0), [5]),
    ),
    level=3,
)
def stones_after_blinks(stones: list[int], blinks: int) -> list[int]:
    row = list(stones)
    for _ in range(blinks):
        following: list[int] = []
        for stone in row:
            digits = str(stone)
            half = len(digits) // 2
            if stone == 0:
                following.append(1)
            elif len(digits) % 2 == 0:
                following.append(int(digits[:half]))
                following.append(int(digits[half:]))
            else:
                following.append(3 * stone)
        row = following
    return row


def _blinked(stones: list[int], blinks: int) -> list[int]:
    if blinks == 0:
        return list(stones)
    changed: list[int] = []
    for stone in stones:
        size = len(str(stone))
        changed += [1] if stone == 0 else [3 * stone] if size % 2 else list(divmod(stone, 10 ** (size // 2)))
    return _blinked(changed, blinks - 1)


def _cut_commands(size: int) -> Callable[[random.Random], str]:
    return verb("cut", range(1, size))


def _shuffled(size: int, commands: list[str]) -> list[int]:
    """Where each card goes, one card at a time."""
    deck = [0] * size
    for card in range(size):
        place = card
        for command in commands:
            place = size - 1 - place if command == "turn" else (place - int(command.split()[1])) % size
        deck[place] = card
    return deck


@atom(
    topic="simulation",
    says=(
        'the deck of cards 0 to {size} - 1, in this order from the top at first, after {commands}: "turn" reverses '
        'the whole deck, "cut k" moves the top k cards, which are fewer than the deck has, to the bottom in one piece',
        "the list of the numbers 0 to {size} - 1 after the steps {commands} have been done to it in ascending order, "
        '"turn" for reversing it and "cut k" for putting its first k numbers, not all of them, behind the others',
    ),
    names=("shuffle_deck", "deal_out", "deck_after"),
    inputs={"size": Whole(5, 8), "commands": log_of(_cut_commands(5), _cut_commands(5), lambda _: "turn", longest=5)},
    reference=_shuffled,
    claims=(Claim("A cut moves the top cards to the bottom.", (5, ["cut 2"]), [2, 3, 4, 0, 1]),),
    level=3,
)
def deck_after_commands(size: int, commands: list[str]) -> list[int]:
    deck = list(range(size))
    for command in commands:
        if command == "turn":
            deck.reverse()
        else:
            count = int(command.split()[1])
            bottom = deck[:count]
            deck = deck[count:]
            deck.extend(bottom)
    return deck


def _hares(days: int, rest: int) -> int:
    ages = [0]
    for _ in range(days):
        grown = [age + 1 for age in ages]
        ages = grown + [0] * sum(age > rest for age in grown)
    return len(ages)


@atom(
    topic="simulation",
    says=(
        "the number of cells after {days} days if there is one new cell on day 0, each cell rests for {rest} days "
        "after it has come into being and from the next day on makes one new cell every day",
        "how many cells a culture has {days} days after a single new one was put in, when a cell that is d days old "
        "splits off one new cell on that day if and only if d is greater than {rest}",
    ),
    names=("culture_size", "count_cells", "growth"),
    inputs={"days": Whole(0, 12), "rest": Whole(0, 3)},
    reference=_hares,
    claims=(
        Claim("Without a rest the number doubles daily.", (4, 0), 16),
        Claim("On day 0 there is one cell.", (0, 2), 1),
    ),
    level=3,
)
def cells_after_days(days: int, rest: int) -> int:
    totals = [1]
    for day in range(1, days + 1):
        grown = totals[day - rest - 1] if day > rest else 0
        totals.append(totals[day - 1] + grown)
    return totals[days]
