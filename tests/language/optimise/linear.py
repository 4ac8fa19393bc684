#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""linear.py COUNT - test that compiling takes instructions in proportion to the source, of any kind.

COUNT is count.sh, which prints the instructions that it takes to compile a file (not the time, which
depends on the machine's load). Each kind of source is compiled in one size, and in four times that
size, which may take GROWTH_MAX times as many instructions: 4 is linear, 16 quadratic. Prints TAP.
"""

import os
import subprocess
import sys
import tempfile

SIZE = 50_000  # bytes of the smaller source
GROWTH_MAX = 5
LIMIT_S = 1200  # for what takes exponential time


def nest(opening, closing, n):
    """A nest of n bytes."""
    k = n // (len(opening) + len(closing))
    return opening * k + closing * k


def row(piece, n):
    return piece * (n // len(piece))


def known(n, opening, closing=""):
    """Many known cells, then code that may visit all of them each time."""
    return "+>" * (n // 4) + nest(opening, closing, n // 2)


KINDS = {
    "brackets": lambda n: nest("[", "]", n),
    "brackets that are entered": lambda n: nest("+[", "]", n),
    "counting nest": lambda n: nest("+[>+", "<-]", n),
    "counting nest on one cell": lambda n: nest("+[", "-]", n),
    "counting nest, not entered": lambda n: nest("[>+", "<-]", n),
    "counting nest with output": lambda n: nest("+[>+.", "<-]", n),
    "counting nest with operations": lambda n: nest("+[>%r", "<-]", n),
    "nest that disappoints hope": lambda n: nest("+>+[", "-]<-", n),
    "nest that disappoints hope twice": lambda n: nest(">+[<+[", "->]<-]", n),
    "counting nest on known cells": lambda n: known(n, "+[>+", "<-]"),
    "many small nests": lambda n: row("+[>+[>+[>+[>+<-]<-]<-]<-]", n),
    "many small nests, not entered": lambda n: row("[>[>[>[>[>+<-]<-]<-]<-]<-]>+<", n),
    "nests of clears": lambda n: row("[[[[-]>]<]>]<", n),
    "ifs": lambda n: row("[>[-]<[-]]>", n),
    "if nest": lambda n: nest("[>", "<[-]]", n),
    "clearing loops": lambda n: row("[>[-]<-]", n),
    "copying loops": lambda n: row("[->+<]>", n),
    "copying loops to three cells": lambda n: row("[->+>++>+++<<<]>", n),
    "cells computed from others": lambda n: row("[->+>+<<]>>[-<<+>>]<", n),
    "known cells": lambda n: row("+>", n),
    "known cells, and output": lambda n: row("+.>", n),
    "known cells, and operations": lambda n: row("+%r>", n),
    "known cells, and loops": lambda n: known(n, "[<-]"),
    "known cells, and input": lambda n: known(n, ",[>+<-]"),
    "moves back and forth": lambda n: row(">" * 50 + "+" + "<" * 50 + "-", n),
    "unrolled loops": lambda n: row("[->+>]", n),
    "scans": lambda n: row("[>][<]", n),
    "output": lambda n: row(".", n),
    "one loop over many cells": lambda n: "[" + nest(">+", "<", n) + "-]",
    "one loop that clears many cells": lambda n: "[" + nest(">[-]", "<", n) + "[-]]",
    "one loop with many in it": lambda n: "+[" + nest(">[-<+>]", "<", n) + "-]",
    "one loop with many that stay": lambda n: "[" + nest(">+[<->>+<--]", "<", n) + "--]",
}


def count(source, folder):
    """Returns the number of instructions, or a sentence on what went wrong."""
    path = os.path.join(folder, "source.bf")
    with open(path, "w", encoding="ascii") as file:
        file.write(source)
    try:
        done = subprocess.run([sys.argv[1], path], capture_output=True, text=True, timeout=LIMIT_S, check=False)
    except subprocess.TimeoutExpired:
        return f"{len(source)} bytes are not compiled after {LIMIT_S} s"
    if done.returncode:
        return done.stderr.strip()
    return int(done.stdout)


def what_is_wrong(make, folder):
    """Returns None, or why this kind is not compiled in linear time."""
    counts = []
    for size in (SIZE, 4 * SIZE):
        counts.append(count(make(size), folder))
        if isinstance(counts[-1], str):
            return counts[-1]
    growth = counts[1] / counts[0]
    if growth <= GROWTH_MAX:
        return None
    return f"{growth:.1f} times as much for 4 times the size: {counts} instructions"


def main():
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, (kind, make) in enumerate(KINDS.items(), 1):
            wrong = what_is_wrong(make, folder)
            if wrong:
                print(f"# {wrong}")
                failed = 1
            print(f"{'not ' if wrong else ''}ok {number} - optimise ({kind}) takes instructions in proportion to the source", flush=True)
    print(f"1..{len(KINDS)}")
    return failed


if len(sys.argv) != 2:
    sys.exit("usage: linear.py COUNT")
sys.exit(main())
