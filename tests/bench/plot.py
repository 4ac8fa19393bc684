# SPDX-License-Identifier: GPL-2.0
"""What was measured, as bars: of text, and as a picture by gnuplot."""

import math
import shutil
import subprocess
from pathlib import Path

BAR = 50  # characters of the longest


def bars(rows, engines):
    """A bar for each program and engine. Their scale is logarithmic."""
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
    """A line of times for each program, in units of the first engine's; what is missing is NaN."""
    lines = ["\t".join(["program", *engines])]
    for row in rows:
        first = row.first.ms
        times = [row.results[e].ms for e in engines]
        cells = [f"{ms / first:.4f}" if ms and first else "NaN" for ms in times]
        lines.append("\t".join([row.program, *cells]))
    return "\n".join(lines) + "\n"


def picture(rows, engines, path):
    """Writes an SVG; returns why not, if it does not."""
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
    return f"no plot, gnuplot says: {done.stderr.strip()}" if done.returncode else ""
