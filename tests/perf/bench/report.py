# SPDX-License-Identifier: GPL-2.0
"""The results as a table and as lines of JSON."""

import json
import math

BEST = "best peer"  # in place of an engine's name
PAIRS_MIN = 5  # rounds in which both engines ran; with fewer, medians are compared


def percentile(values, percent):
    """Interpolates linearly between two values."""
    values = sorted(values)
    place = (len(values) - 1) * percent / 100
    low = math.floor(place)
    high = math.ceil(place)
    return values[low] + (values[high] - values[low]) * (place - low)


def geometric_mean(ratios):
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


class Result:
    """One program on one engine."""

    def __init__(self, program, series):
        self.program = program.name
        self.engine = series.engine.name
        self.problem = series.problem
        self.late = series.late
        self.rounds = series.ms
        self.n = len(series.ms)
        self.ms = self.p10 = self.p90 = None
        if self.n and not self.problem and not self.late:
            self.ms, self.p10, self.p90 = (percentile(series.ms.values(), p) for p in (50, 10, 90))

    def json(self):
        return json.dumps(
            {
                "name": self.program,
                "engine": self.engine,
                "median_ms": self.ms,
                "p10_ms": self.p10,
                "p90_ms": self.p90,
                "n": self.n,
                "ok": not self.problem,
                "late": self.late,
            }
        )

    def text(self, limit_s):
        if self.problem:
            return "WRONG"
        if self.late:
            return f"> {limit_s:g} s"
        spread = (self.p90 - self.p10) / 2 / self.ms
        return f"{self.ms:.2f} ±{100 * spread:2.0f}%"


class Row:
    """One program on all engines; the first one is compared with each other one."""

    def __init__(self, results, peers):
        self.program = results[0].program
        self.results = {r.engine: r for r in results}
        self.first = results[0]
        self.peers = peers

    def ratio(self, engine):
        """
        Time of the first engine / time of another, None if one of them has none: the median of the
        ratios in each round, because other load disturbs both engines in a round.
        """
        other = self.results[engine]
        if not self.first.ms or not other.ms:
            return None
        both = self.first.rounds.keys() & other.rounds.keys()
        if len(both) < PAIRS_MIN:
            return self.first.ms / other.ms
        return percentile([self.first.rounds[r] / other.rounds[r] for r in both], 50)

    def best(self):
        """The ratio to the fastest peer."""
        return max((r for r in map(self.ratio, self.peers) if r), default=None)

    def ratio_text(self, engine, limit_s):
        """The ratio; an upper bound if the other engine was late."""
        ratio = self.ratio(engine)
        if not ratio and self.first.ms and self.results[engine].late:
            return f"<{self.first.ms / limit_s / 1000:.3f}"
        return number(ratio)

    def is_long(self, reference, long_ms):
        """Does the reference engine take at least @long_ms?"""
        result = self.results.get(reference)
        return bool(result) and (result.late or (result.ms or 0) >= long_ms)


def number(ratio):
    return f"{ratio:.3f}" if ratio else "-"


class Report:
    """All rows, with the engines by name; `peers` are those that are not ours."""

    def __init__(self, rows, engines, peers, reference, long_ms):
        self.rows = rows
        self.engines = engines
        self.peers = peers
        self.reference = reference
        self.long_ms = long_ms

    def long_rows(self):
        return [row for row in self.rows if row.is_long(self.reference, self.long_ms)]

    def mean(self, rows, engine):
        """Geometric mean of the ratios to an engine, or to BEST, and the number of ratios."""
        ratios = [row.best() if engine == BEST else row.ratio(engine) for row in rows]
        ratios = [r for r in ratios if r]
        return (geometric_mean(ratios) if ratios else None), len(ratios)

    def mean_line(self, title, rows):
        """The line of means; "(n)" where a mean is of fewer programs than there are."""
        cells = [f"{title} ({len(rows)})"] + [""] * len(self.engines)
        for engine in self.compared():
            mean, n = self.mean(rows, engine)
            cells.append((f"({n}) " if 0 < n < len(rows) else "") + number(mean))
        return cells

    def compared(self):
        """The engines with a column of ratios."""
        return self.engines[1:] + ([BEST] if len(self.peers) > 1 else [])

    def line(self, row, limit_s):
        times = [row.results[e].text(limit_s) for e in self.engines]
        ratios = [row.ratio_text(e, limit_s) for e in self.engines[1:]]
        return [row.program, *times, *ratios, number(row.best())][: self.columns()]

    def columns(self):
        return 1 + len(self.engines) + len(self.compared())

    def lines(self, limit_s):
        times = [f"{e} ms" for e in self.engines]
        yield ["program", *times] + [f"/{name}" for name in self.compared()]
        for row in self.rows:
            yield self.line(row, limit_s)
        if self.compared():
            yield self.mean_line("all", self.rows)
        if self.reference:
            yield self.mean_line(f"{self.reference} >= {self.long_ms:g} ms", self.long_rows())

    def table(self, limit_s):
        """The table: medians with half the distance from the 10th to the 90th percentile."""
        lines = list(self.lines(limit_s))
        widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
        text = []
        for line in lines:
            cells = [f"{line[0]:<{widths[0]}}"]
            cells += [f"{cell:>{width}}" for cell, width in zip(line[1:], widths[1:])]
            text.append("  ".join(cells).rstrip())
        if self.compared():
            text.append(f"/X: time of {self.engines[0]} / time of X, median of all rounds: below 1 it")
            text.append("is faster; below that geometric means over all programs, and the long ones")
        return "\n".join(text)

    def problems(self, of_engine):
        """Yields program, engine and problem for each wrong result."""
        for row in self.rows:
            for result in row.results.values():
                if result.problem and of_engine(result.engine):
                    yield f"{result.program} on {result.engine}: {result.problem}"

    def json(self):
        return "".join(r.json() + "\n" for row in self.rows for r in row.results.values())
