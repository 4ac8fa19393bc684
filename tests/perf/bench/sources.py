# SPDX-License-Identifier: GPL-2.0
"""Sources of any size, to be compiled and never run: the same ones every time."""

import random

LOOPS = ["[-]", "[->+<]", "[>]", "[->++>+++<<]", "[>>-<<-]", "[.-]", "[-[>+<-]>]", "[<<]", "[--]"]
STEPS = ["+", "-", ">", "<", "++", ">>", "<<", "+++", ".", ","]
NEST_MAX = 12  # open loops in a random program, at most


def fill(size, piece, *state):
    """Joins pieces until the next one does not fit, then adds "+" up to the size."""
    parts, length = [], 0
    while True:
        part = piece(*state)
        if length + len(part) > size:
            return "".join(parts) + "+" * (size - length)
        parts.append(part)
        length += len(part)


def random_piece(rng):
    """A random program of up to some 200 bytes: steps and nested loops."""
    parts, opened = [], 0
    for kind in rng.choices("s[]", (8, 1, 1), k=100):
        if kind == "s":
            parts.append(rng.choice(STEPS))
        elif kind == "[" and opened < NEST_MAX:
            parts.append("[")
            opened += 1
        elif kind == "]" and opened:
            parts.append("]")
            opened -= 1
    return "".join(parts) + "]" * opened


def random_source(size, _programs):
    """Random programs in a row."""
    return fill(size, random_piece, random.Random(1))


def straight_source(size, _programs):
    """One block without a loop that touches very many cells."""
    rng = random.Random(2)
    return fill(size, lambda: "".join(rng.choices("+->>>>><<<<", k=100)))


def runs_source(size, _programs):
    """Runs of hundreds of the same command."""
    rng = random.Random(3)
    return fill(size, lambda: rng.choice("+-><") * rng.randrange(100, 400))


def loops_source(size, _programs):
    """Small loops inside a nest of large ones."""
    rng = random.Random(4)
    depth = min(50, size // 10)
    inner = fill(size - 2 * depth, lambda: rng.choice(LOOPS) + rng.choice(STEPS))
    return "[" * depth + inner + "]" * depth


def nested_source(size, _programs):
    """Loops as deep as the source is long."""
    return "[" * (size // 2) + "+" * (size % 2) + "]" * (size // 2)


def busy_nest_source(size, _programs):
    """The same, with work on the way in and out."""
    way_in, way_out = ">+[", "<-]"
    depth = size // len(way_in + way_out)
    return way_in * depth + "+" * (size - 6 * depth) + way_out * depth


def programs_source(size, programs):
    """The given programs in turns, while they fit. May be shorter than @size."""
    parts, length, turn, misses = [], 0, 0, 0
    while misses < len(programs):
        text = programs[turn % len(programs)]
        turn += 1
        if length + len(text) > size:
            misses += 1
            continue
        parts.append(text)
        length += len(text)
        misses = 0
    return "".join(parts) or min(programs, key=len)


KINDS = {
    "programs": programs_source,
    "random": random_source,
    "straight": straight_source,
    "runs": runs_source,
    "loops": loops_source,
    "nested": nested_source,
    "busy nest": busy_nest_source,
}
