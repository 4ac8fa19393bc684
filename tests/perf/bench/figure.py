#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
figure.py [--check] - draw tests/perf/bench/speed.svg from the tables of tests/perf/bench/README.md (`make bench`) and
tests/perf/cost/README.md (`make bench-vm`), so that the picture shows what was measured. --check compares the file with
the tables. Exit status: 0; 1 the file is out of date.
"""

import math
import re
import sys
from pathlib import Path

PERF = Path(__file__).parents[1]
FIGURE = PERF / "bench" / "speed.svg"
WIDTH, LEFT, SCALE_WIDTH, ROW = 760, 206, 450, 20
KERNEL = 1  # of the pairs in the table of costs: 6.12


def rows(page, mark):
    """Returns the cells of the table after <!-- mark -->, without its two heading lines."""
    table = re.search(f"<!-- {mark} -->\n(.*?)<!-- end -->", page.read_text(encoding="utf-8"), re.S)[1]
    lines = [line.strip("|\n ") for line in table.strip().splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.split("|")] for line in lines[2:]]


def speed():
    """Returns (program, time of bfk / time of the best other engine)."""
    return [(row[0], float(row[-1])) for row in rows(PERF / "bench" / "README.md", "speed")]


def costs():
    """Returns (task, method, instructions / those of bfk) for blocks of 64 bytes."""
    found = []
    for row in rows(PERF / "cost" / "README.md", "cost"):
        if row[1] != "64":
            continue
        pairs = [cell.split(", ")[KERNEL] for cell in row[3:6]]
        in_c = f"{1 / float(pairs[0]):.2f}"
        for name, ratio in zip(("C in a module", "system calls", "io_uring"), (in_c, *pairs[1:])):
            found.append((row[0], name, float(ratio)))
    return found


def x_of(ratio, low, high):
    return LEFT + SCALE_WIDTH * (math.log(ratio) - math.log(low)) / (math.log(high) - math.log(low))


def text(x, y, words, kind="", anchor="start"):
    kind = f' class="{kind}"' if kind else ""
    anchor = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text{kind} x="{x:.0f}" y="{y:.0f}"{anchor}>{words}</text>'


def panel(top, title, items, low, high, ticks, is_less_better):
    """Draws a bar from 1 to the ratio for each (label, ratio), on a logarithmic scale. Returns lines, and the bottom."""
    lines = [text(16, top, title, "head")]
    bottom = top + 14 + ROW * len(items)
    for tick in ticks:
        x = x_of(tick, low, high)
        lines.append(f'<path class="{"one" if tick == 1 else "grid"}" d="M{x:.0f} {top + 10}V{bottom}"/>')
        lines.append(text(x, bottom + 16, f"{tick:g}", "small", "middle"))
    for i, (label, ratio) in enumerate(items):
        y = top + 14 + ROW * i
        x = sorted((x_of(1, low, high), x_of(ratio, low, high)))
        kind = "better" if (ratio < 1) == is_less_better else "worse"
        lines.append(text(LEFT - 8, y + 13, label, "", "end"))
        lines.append(f'<rect class="{kind}" x="{x[0]:.0f}" y="{y + 2}" width="{x[1] - x[0]:.0f}" height="{ROW - 5}"/>')
        lines.append(text(LEFT + SCALE_WIDTH + 12, y + 13, f"{ratio:.2f}", "small"))
    return lines, bottom + 16


def draw():
    first, bottom = panel(
        30, "Time of bfk, best other Brainfuck engine = 1 (less is better)", speed(), 0.2, 1.3, (0.25, 0.5, 0.75, 1, 1.25), True
    )
    items = [(f"{task.replace('/dev/', '')}: {name}", ratio) for task, name, ratio in costs()]
    labels = [(label.replace("open, read, close a file", "open-close").replace(" to ", "-"), ratio) for label, ratio in items]
    second, bottom = panel(
        bottom + 40, "Instructions of others for 64 bytes, bfk = 1 (more: bfk is better; 6.12)", labels, 0.8, 8, (1, 2, 4, 8), False
    )
    style = """<style>
  text { font: 13px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1f2328 }
  .small { font-size: 12px; fill: #59636e } .head { font-weight: 600; font-size: 14px }
  .paper { fill: #ffffff; stroke: #d1d9e0 } .grid { stroke: #d1d9e0 } .one { stroke: #59636e; stroke-width: 1.5 }
  .better { fill: #0969da } .worse { fill: #cf222e }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .small { fill: #9198a1 } .paper { fill: #0d1117; stroke: #3d444d } .grid { stroke: #3d444d }
    .one { stroke: #9198a1 } .better { fill: #4493f8 } .worse { fill: #ff7b72 }
  }
</style>"""
    height = bottom + 14
    desc = "; ".join(f"{label} {ratio:.2f}" for label, ratio in speed() + labels)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
            'role="img" aria-labelledby="t d">',
            '<title id="t">How fast: bfk and other engines, bfk and other ways to copy</title>',
            f'<desc id="d">{desc}</desc>',
            style,
            f'<rect class="paper" x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="8"/>',
            *first,
            *second,
            "</svg>\n",
        ]
    )


def main():
    picture = draw()
    if sys.argv[1:] == ["--check"]:
        if FIGURE.read_text(encoding="utf-8") != picture:
            sys.exit(f"{FIGURE} is out of date: tests/perf/bench/figure.py")
    else:
        FIGURE.write_text(picture, encoding="utf-8")


main()
