#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
Measures how fast source becomes runnable code, and whether that time is linear in the source.

Makes sources of several kinds, each four times as long as the one before, has COMMAND compile
them (tests/perf/bench/compile.c), and prints MB of source per second at each level, the better of two
medians. A step from one size to the next, from --from on, that takes more than --at-most times as
long is not linear, and fails. Writes compile.jsonl. Exit status: 0; 1 a step was not linear, or the
speed was below --at-least; 2 usage.
"""

import argparse
import json
import math
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import engines
import measure
from engines import BenchError
from sources import KINDS

STEP = 4
ROUNDS = 2  # the better median counts: a machine may be slow for a while
SIZE_MIN, SIZE_MAX = 1 << 10, 4 << 20  # the most that bfk takes


def parse_arguments():
    text = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=text)
    add = parser.add_argument
    add("folder", metavar="DIR", help="folder of programs, of which one kind of source consists")
    add("--compile", default="build/bench/compile", metavar="COMMAND", help="gets LEVEL FILE...")
    add("--levels", default="0 2", metavar="LIST", help='levels of bfk ("0 2")')
    add("--kinds", default="", metavar="LIST", help=f"some of: {', '.join(KINDS)}")
    add("--from", dest="first", type=int, default=64 << 10, metavar="BYTES", help="(65536)")
    add("--max", type=int, default=SIZE_MAX, metavar="BYTES", help="of the longest source")
    add("--at-most", type=float, default=6, metavar="TIMES", help="for four times the size (6)")
    add(
        "--at-least",
        default="",
        metavar="LIST",
        help='MB/s for each level, of programs, at 1 MiB and more: "0=100 2=60"',
    )
    add("--cpu", type=int, metavar="N", help="the processor to run on (the idlest)")
    add("--out", default="build/bench", metavar="DIR", help="where results go (build/bench)")
    return parser.parse_args()


def sizes(most):
    size = SIZE_MIN
    while size <= most:
        yield size
        size *= STEP


class Sample:
    """The result of one level for a source."""

    def __init__(self, kind, size, level, values):
        self.kind, self.size, self.level = kind, size, level
        self.bytes, self.ns, self.n = values["bytes"], values["ns"], values["n"]
        self.ops, self.text = values["ops"], values["text"]

    def mb_per_s(self):
        return self.bytes * 1000 / self.ns

    def json(self):
        return json.dumps(vars(self) | {"mb_per_s": round(self.mb_per_s(), 2)})


def exponent(small, large):
    """Time is proportional to the size to this power: 1 is linear."""
    return math.log(large.ns / small.ns) / math.log(large.bytes / small.bytes)


def growth(small, large):
    """How many times as long a source of STEP times the size takes."""
    return STEP ** exponent(small, large)


def compile_files(command, level, paths):
    """Returns what COMMAND prints for each file."""
    try:
        done = subprocess.run(
            [*command, str(level), *paths], capture_output=True, text=True, check=False
        )
        values = [json.loads(line) for line in done.stdout.splitlines()]
    except (OSError, ValueError) as error:
        raise BenchError(f"{command[0]}: {error}", "make build/bench/compile") from None
    if done.returncode or len(values) != len(paths):
        raise BenchError(f"{command[0]}: {done.stderr.strip() or 'it prints too few results'}")
    return values


def measure_kind(args, kind, programs, folder):
    """Yields a Sample for each level and size."""
    paths = []
    all_sizes = list(sizes(args.max))
    for size in all_sizes:
        path = Path(folder) / f"{kind}-{size}.b"
        path.write_text(KINDS[kind](size, programs), encoding="latin-1")
        paths.append(str(path))
    for level in map(int, args.levels.split()):
        rounds = [compile_files(shlex.split(args.compile), level, paths) for _ in range(ROUNDS)]
        for size, *found in zip(all_sizes, *rounds):
            yield Sample(kind, size, level, min(found, key=lambda values: values["ns"]))


def size_name(size):
    return f"{size >> 20} MiB" if size >= 1 << 20 else f"{size >> 10} KiB"


def series(samples):
    """Returns lists of samples that differ in size only, smallest first."""
    found = {}
    for sample in samples:
        found.setdefault((sample.level, sample.kind), []).append(sample)
    return found


def print_table(samples):
    columns = [size_name(size) for size in sorted({s.size for s in samples})]
    title = "".join(f"{name:>10}" for name in columns)
    print(f"MB of source per second{'':<1}{title}    time grows as")
    for (level, kind), row in series(samples).items():
        speeds = "".join(f"{s.mb_per_s():10.1f}" for s in row)
        power = fit(row)
        print(f"-O{level} {kind:<20}{speeds}    {power}")


def fit(row):
    """The exponent over the larger half of the sizes, where constant costs no longer matter."""
    if len(row) < 2:
        return ""
    return f"size ^ {exponent(row[len(row) // 2 - 1], row[-1]):.2f}"


def steps(samples, first):
    """Yields each two successive sizes, from @first on."""
    for row in series(samples).values():
        for small, large in zip(row, row[1:]):
            if small.size >= first and large.bytes > small.bytes:
                yield small, large


def judge_growth(samples, args):
    """Returns lines about steps that are not linear. Prints the worst step."""
    found = list(steps(samples, args.first))
    if not found:
        return [f"no two sizes from {args.first} bytes on"]
    worst = max(found, key=lambda step: growth(*step))
    print(f"largest growth for {STEP} times the size: {growth(*worst):.2f} ({describe(*worst)})")
    return [
        f"{describe(small, large)}: {growth(small, large):.1f} times as long for {STEP} times "
        f"the size, more than {args.at_most:g}"
        for small, large in found
        if growth(small, large) > args.at_most
    ]


def describe(small, large):
    sizes_text = f"{size_name(small.size)} to {size_name(large.size)}"
    return f"-O{large.level} {large.kind}, {sizes_text}"


def parse_at_least(text):
    """Returns (level, MB/s) pairs."""
    try:
        pairs = [pair.split("=") for pair in text.split()]
        return [(int(level), float(speed)) for level, speed in pairs]
    except ValueError:
        raise BenchError(f"--at-least {text} is not LEVEL=MB/s ...") from None


def judge_speed(samples, at_least):
    """Returns lines about levels that are slower than @at_least."""
    problems = []
    for level, wanted in at_least:
        large = [s for s in samples if s.kind == "programs" and s.size >= 1 << 20]
        speeds = [s.mb_per_s() for s in large if s.level == level]
        if not speeds:
            problems.append(f"no programs of 1 MiB or more were compiled at -O{level}")
        elif min(speeds) < wanted:
            problems.append(f"-O{level}: {min(speeds):.1f} MB/s of programs, less than {wanted:g}")
    return problems


def chosen_kinds(text):
    names = [name.strip() for name in text.split(",")] if text else list(KINDS)
    for name in names:
        if name not in KINDS:
            raise BenchError(f"--kinds: there is no '{name}'; there are: {', '.join(KINDS)}")
    return names


def measure_all(args):
    found = engines.find_programs(args.folder, [])
    programs = [Path(p.path).read_text(encoding="latin-1") for p in found]
    kinds = chosen_kinds(args.kinds)
    measure.pin(args.cpu)  # processor time is counted, so other load does not matter
    samples = []
    with tempfile.TemporaryDirectory(dir=args.out) as folder:
        for kind in kinds:
            if sys.stderr.isatty():
                print(f"\r\033[K{kind}", end="", file=sys.stderr)
            samples += measure_kind(args, kind, programs, folder)
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    return samples


def run(args):
    at_least = parse_at_least(args.at_least)
    Path(args.out).mkdir(parents=True, exist_ok=True)
    samples = measure_all(args)
    path = Path(args.out) / "compile.jsonl"
    path.write_text("".join(s.json() + "\n" for s in samples))
    print_table(samples)
    problems = judge_growth(samples, args) + judge_speed(samples, at_least)
    print(path)
    for problem in problems:
        print(f"bench-compile: {problem}", file=sys.stderr)
    return 1 if problems else 0


def main():
    try:
        return run(parse_arguments())
    except BenchError as error:
        print(f"bench-compile: {error.args[0]}", *error.args[1:], sep="\n  ", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
