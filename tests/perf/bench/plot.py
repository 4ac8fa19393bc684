# SPDX-License-Identifier: GPL-2.0
"""The results as bars: in text, and in a picture by gnuplot."""

import math
import shutil
import subprocess
from pathlib import Path

BAR = 50  # characters: the longest bar


def bars(rows, engines):
    """Returns a bar for each program and engine, on a logarithmic scale."""
    times = [r.ms for row in rows for r in row.results.values() if r.ms]
    if not times:
        return ""
    low = math.log(min(times) / 2)
    scale = BAR / (math.log(max(times)) - low)
    width = max(map(len, engines))
    text = []
    for row in rows:
        text.append(row.program)
        for engine in engines:
            ms = row.results[engine].ms
            length = round((math.log(ms) - low) * scale) if ms else 0
            text.append(f"  {engine:<{width}} " + (f"{'#' * length} {ms:.2f} ms" if ms else "-"))
    return "\n".join(text + ["(logarithmic scale)"])


def data(rows, engines):
    """Returns a line of times for each program, relative to the first engine's; NaN: missing."""
    lines = ["\t".join(["program", *engines])]
    for row in rows:
        first = row.first.ms
        times = [row.results[e].ms for e in engines]
        cells = [f"{ms / first:.4f}" if ms and first else "NaN" for ms in times]
        lines.append("\t".join([row.program, *cells]))
    return "\n".join(lines) + "\n"


def picture(rows, engines, path):
    """Writes an SVG. Returns why that failed, or ''."""
    if not shutil.which("gnuplot"):
        return "no plot without gnuplot: apt-get install gnuplot-nox"
    table = path.with_suffix(".dat")
    table.write_text(data(rows, engines))
    script = Path(__file__).with_name("bench.gp")
    done = subprocess.run(
        ["gnuplot", "-c", script, table, path, str(len(engines)), str(len(rows))],
        capture_output=True,
        text=True,
        check=False,
    )
    return f"no plot: gnuplot: {done.stderr.strip()}" if done.returncode else ""
