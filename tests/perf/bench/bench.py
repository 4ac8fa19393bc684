#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
Measures Brainfuck programs on bfk and on other engines.

Runs every program of a folder (NAME.b or NAME.bf, with standard input from NAME.in if that exists)
on all engines in turns, and compares what they print with NAME.out (without that file all must
agree). Prints medians of the wall-clock time of whole processes, and their ratios. Writes
bench.jsonl and bench.svg. Exit status: 0; 1 if an output was wrong or a mean ratio above --at-most;
2 usage.
"""

import argparse
import sys
from pathlib import Path

import engines
import measure
import plot
from engines import BenchError
from report import Report, Result, Row


def parse_arguments():
    text = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=text)
    add = parser.add_argument
    add("folder", metavar="DIR", help="folder of the programs")
    add("--bfk", default="build/bfk", metavar="COMMAND", help="the bfk command (build/bfk)")
    add("--levels", default="2", metavar="LIST", help='levels of bfk; the first is compared ("2")')
    add(
        "--peers",
        action="append",
        default=[],
        metavar="PEERS",
        help="other engines: NAME=COMMAND [NAME=COMMAND]...; the file's name is appended",
    )
    add("--reference", metavar="NAME", help="engine that decides which programs are long (the first peer)")
    add("--long", type=float, default=10, metavar="MS", help="time on the reference that makes a program long (10)")
    add("--limit", type=float, default=10, metavar="S", help="maximum time of a run (10)")
    add("--reps", type=int, default=11, metavar="N", help="maximum runs of a series (11)")
    add("--reps-min", type=int, default=5, metavar="N", help="minimum runs of a series that is not slow (5)")
    add("--budget", type=float, default=2, metavar="S", help="approximate time for a series (2)")
    add("--at-most", metavar="NAME=R", help="fail if a mean ratio to engine NAME is above R")
    add("--may-be-wrong", default="", metavar="NAMES", help="peers whose wrong outputs are no failure")
    add("--skip", default="", metavar="NAMES", help="programs to omit")
    add("--cpu", type=int, metavar="N", help="the processor to run on (the idlest)")
    add("--out", default="build/bench", metavar="DIR", help="where results go (build/bench)")
    return parser.parse_args()


def parse_at_most(text, names):
    """Returns engine and ratio of --at-most; None without it."""
    if text is None:
        return None
    name, _, ratio = text.partition("=")
    try:
        ratio = float(ratio)
    except ValueError:
        raise BenchError(f"--at-most {text} is not NAME=RATIO") from None
    if name not in names[1:]:
        raise BenchError(f"--at-most: there is no engine {name} to compare with")
    return name, ratio


def show_progress(program, engine, n, rounds):
    if sys.stderr.isatty():
        print(f"\r\033[K{program} on {engine}, {n} of {rounds}", end="", file=sys.stderr)


def end_progress():
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)


def measure_all(programs, all_engines, args):
    """Returns a row for each program."""
    plan = measure.Plan(args.reps, min(args.reps, args.reps_min), args.budget, args.limit)
    runner = measure.Runner(args.limit)
    warning = measure.pin(args.cpu)
    if warning:
        print(f"bench: {warning}", file=sys.stderr)
    peers = [e.name for e in all_engines if not e.own]
    rows = []
    for program in programs:
        found = measure.measure(runner, program, all_engines, plan, show_progress)
        keep_wrong(program, found, args.out)
        rows.append(Row([Result(program, series) for series in found], peers))
    end_progress()
    return rows


def keep_wrong(program, found, out):
    """Writes wrong outputs to files, for inspection."""
    for series in found:
        path = Path(out) / f"wrong-{program.name}-{series.engine.name}"
        path.unlink(missing_ok=True)
        if series.problem == "wrong output":
            path.write_bytes(series.output)
            series.problem += f", kept in {path}"


def judge(report, at_most, forgiven):
    """Prints what is wrong. Returns the exit status."""
    for problem in report.problems(lambda engine: engine in forgiven):
        print(f"bench: {problem} (which is allowed)", file=sys.stderr)
    problems = list(report.problems(lambda engine: engine not in forgiven))
    if at_most:
        name, most = at_most
        for what, rows in (("all", report.rows), ("the long", report.long_rows())):
            mean, _ = report.mean(rows, name)
            if mean is None:
                problems.append(f"none of {what} programs can be compared with {name}")
            elif mean > most:
                problems.append(f"{mean:.3f} x {name} for {what} programs, more than {most:g}")
    for problem in problems:
        print(f"bench: {problem}", file=sys.stderr)
    return 1 if problems else 0


def publish(report, args):
    print(report.table(args.limit))
    if sys.stdout.isatty():
        print("\n" + plot.bars(report.rows, report.engines))
    out = Path(args.out)
    (out / "bench.jsonl").write_text(report.json())
    trouble = plot.picture(report.rows, report.engines, out / "bench.svg")
    if trouble:
        print(f"bench: {trouble}", file=sys.stderr)
    else:
        print(f"{out}/bench.jsonl {out}/bench.svg")


def run(args):
    all_engines = engines.own_engines(args.bfk, args.levels)
    for text in args.peers:
        all_engines += engines.parse_peers(text)
    engines.resolve(all_engines)
    names = [e.name for e in all_engines]
    peers = [e.name for e in all_engines if not e.own]
    reference = args.reference or (peers or [None])[0]
    if reference and reference not in names:
        raise BenchError(f"--reference: there is no engine {reference}; there are: {', '.join(names)}")
    at_most = parse_at_most(args.at_most, names)
    programs = engines.find_programs(args.folder, args.skip.split())
    Path(args.out).mkdir(parents=True, exist_ok=True)
    rows = measure_all(programs, all_engines, args)
    report = Report(rows, names, peers, reference, args.long)
    publish(report, args)
    return judge(report, at_most, args.may_be_wrong.split())


def main():
    try:
        return run(parse_arguments())
    except BenchError as error:
        end_progress()
        print(f"bench: {error.args[0]}", *error.args[1:], sep="\n  ", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        end_progress()
        return 130


if __name__ == "__main__":
    sys.exit(main())
