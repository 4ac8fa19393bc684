#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
Tables and a plot of what tests/perf/cost/vm.sh has measured.

Reads tsc.tsv, ns.tsv and calls.tsv of each FOLDER (build/cost/6.1). Prints the instructions of a
turn by each method, ratios of instructions and of time, and whether the aims are met; writes
cost.svg there. All figures are medians; a ratio is the median of the ratios in each round, in which
both took turns. Exit status: 0; 1 something was not measured; 2 usage.
"""

import statistics
import subprocess
import sys
from pathlib import Path

BLOCK_TASKS = ("zero-null", "tmpfs", "pipe", "echo")
METHODS = ("bfk", "c", "c-short", "calls", "uring", "uring16", "%x", "sendfile", "range", "splice")
START_METHODS = ("bfk", "fork", "vfork", "spawn")


class CostError(Exception):
    pass


class Samples:
    """Cost of a turn by task, method, block and round."""

    def __init__(self, path):
        self.cost = {}
        try:
            lines = path.read_text(encoding="ascii").splitlines()
        except OSError as error:
            raise CostError(f"{error}: make bench-vm") from None
        for line in lines:
            task, method, block, turn, turns, cost = line.split("\t")
            if int(cost) > 0:
                rounds = self.cost.setdefault((task, method, int(block)), {})
                rounds[int(turn)] = int(cost) / int(turns)
        if not self.cost:
            raise CostError(f"nothing was measured in {path}")

    def blocks(self, task):
        return sorted({block for name, _, block in self.cost if name == task})

    def median(self, task, method, block):
        """None if the method does not apply."""
        rounds = self.cost.get((task, method, block))
        return statistics.median(rounds.values()) if rounds else None

    def ratio(self, task, block, method, other):
        a, b = self.cost.get((task, method, block)), self.cost.get((task, other, block))
        both = sorted(set(a or ()) & set(b or ()))
        return statistics.median(a[i] / b[i] for i in both) if both else None

    def spread(self):
        """How far the rounds of a series are from its median: the median and the maximum over all series."""
        found = []
        for rounds in self.cost.values():
            middle = statistics.median(rounds.values())
            found.append(max(abs(cost / middle - 1) for cost in rounds.values()))
        return statistics.median(found), max(found)


def number(value):
    return "-" if value is None else f"{value:,.0f}"


def times(value):
    return "-" if value is None else f"{value:.2f}"


def table(head, rows):
    """Prints columns of text, the first one left-aligned."""
    rows = [head, *rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    for row in rows:
        cells = [f"{c:<{w}}" if i < 1 else f"{c:>{w}}" for i, (c, w) in enumerate(zip(row, widths))]
        print("| " + " | ".join(cells) + " |")
        if row is head:
            print("|" + "|".join("-" * (w + 1) + (":" if i else "-") for i, w in enumerate(widths)) + "|")


def counts(tsc):
    """Instructions of a turn."""
    rows = []
    for task in (*BLOCK_TASKS, "files"):
        for block in tsc.blocks(task):
            costs = [tsc.median(task, method, block) for method in METHODS]
            rows.append([task, str(block), *map(number, costs)])
    table(["instructions a turn", "block", *METHODS], rows)


RATIOS = (
    ("bfk/c", "bfk", "c"),
    ("bfk/c-short", "bfk", "c-short"),
    ("calls/bfk", "calls", "bfk"),
    ("uring/bfk", "uring", "bfk"),
    ("uring16/bfk", "uring16", "bfk"),
    ("%x/sendfile", "%x", "sendfile"),
)


def ratios(title, samples):
    rows = []
    for task in (*BLOCK_TASKS, "files"):
        for block in samples.blocks(task):
            found = [samples.ratio(task, block, method, other) for _, method, other in RATIOS]
            rows.append([task, str(block), *map(times, found)])
    table([title, "block", *(name for name, _, _ in RATIOS)], rows)


def start(tsc, wall):
    rows = []
    for method in START_METHODS:
        ns = wall.median("start", method, 64)
        ms = "-" if ns is None else f"{ns / 1e6:.2f}"
        more = wall.ratio("start", 64, method, "bfk")
        rows.append([method, number(tsc.median("start", method, 64)), ms, times(more)])
    table(["start", "instructions", "ms", "ms/bfk"], rows)


def expected(tsc, calls):
    """The aims, and whether they are met."""
    small = [b for b in tsc.blocks("zero-null") if b <= 64]
    files = tsc.blocks("tmpfs")

    def all_of(pick, task, blocks, method, other):
        found = [tsc.ratio(task, block, method, other) for block in blocks]
        found = [ratio for ratio in found if ratio is not None]
        return pick(found) if found else None

    most, least = max, min
    aims = (
        ("bfk/c, zero-null, to 64 B", most, 1.05, all_of(most, "zero-null", small, "bfk", "c")),
        ("calls/bfk, zero-null, to 64 B", least, 1.3, all_of(least, "zero-null", small, "calls", "bfk")),
        ("uring/bfk, zero-null, to 64 B", least, 3, all_of(least, "zero-null", small, "uring", "bfk")),
        ("%x/sendfile, tmpfs", most, 1.1, all_of(most, "tmpfs", files, "%x", "sendfile")),
        ("system calls of a copy", most, 1, calls.get("bfk")),
    )
    rows = []
    for name, pick, aim, found in aims:
        bound = "at most" if pick is most else "at least"
        met = found is not None and pick(found, aim) == aim
        rows.append([name, f"{bound} {aim:g}", times(found), "met" if met else "missed"])
    table(["instructions", "aim", "worst", ""], rows)


def read_calls(path):
    lines = path.read_text(encoding="ascii").split()
    return dict(zip(lines[::2], map(int, lines[1::2])))


def plot(folder, tsc):
    """Writes cost.svg: cost of a turn against its block, a panel for each task."""
    methods = [m for m in METHODS if any(method == m for _, method, _ in tsc.cost)]
    tasks = [task for task in BLOCK_TASKS if tsc.blocks(task)]
    data = folder / "cost.dat"
    with data.open("w", encoding="ascii") as out:
        for task in tasks:
            print("block", *methods, sep="\t", file=out)
            for block in tsc.blocks(task):
                first = tsc.median(task, "bfk", block)
                costs = [tsc.median(task, method, block) for method in methods]
                cells = [f"{c / first:.4f}" if c and first else "NaN" for c in costs]
                print(block, *cells, sep="\t", file=out)
            print("\n", file=out)
    script = Path(__file__).with_name("cost.gp")
    command = ["gnuplot", "-c", script, data, folder / "cost.svg", folder.name, str(len(methods))]
    try:
        subprocess.run(command + tasks, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise CostError(f"no plot: {error}") from None


def check_counter(tsc):
    """A turn of the task "loop" has two instructions; interrupts may add some."""
    found = tsc.median("loop", "loop", 64)
    if found is None or abs(found / 2 - 1) > 0.01:
        raise CostError(f"a loop of 2 instructions counts as {found}: did the guest run with -icount shift=0?")


def report(folder):
    tsc, wall = Samples(folder / "tsc.tsv"), Samples(folder / "ns.tsv")
    check_counter(tsc)
    calls = read_calls(folder / "calls.tsv")
    print(f"\nLinux {folder.name}\n")
    counts(tsc)
    print()
    ratios("ratio of instructions", tsc)
    print()
    ratios("ratio of time", wall)
    print()
    start(tsc, wall)
    print()
    expected(tsc, calls)
    print("\nsystem calls of a copy of 1,000 blocks: " + ", ".join(f"{m} {n}" for m, n in calls.items()))
    for name, samples in (("instructions", tsc), ("time", wall)):
        middle, most = samples.spread()
        print(f"rounds of one series, {name}: within {middle:.2%} of its median, at most {most:.2%}")
    plot(folder, tsc)
    print(f"{folder}/cost.svg")


def main():
    folders = [Path(name) for name in sys.argv[1:]]
    if not folders or not all(folder.is_dir() for folder in folders):
        print("usage: report.py FOLDER..., written by make bench-vm", file=sys.stderr)
        return 2
    try:
        for folder in folders:
            report(folder)
    except CostError as error:
        print(f"bench-vm: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
