#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""coverage.py BUILD COUNTS MISSED - print the lines of the module that were reached, file by file.

BUILD has the module's .gcno files and sources, COUNTS the .gcda files of a run. MISSED has, for each
line that is not reached, "FILE: LINE'S TEXT" and below it, indented, the reason. Fails if a missed
line has no reason, if a reached line has one, or if nothing was counted.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

FOLDERS = ("bfk", "jit", "syscall_ops")


def counts_of(build, counts):
    """Returns {file: {line: count}}; a header's line has the sum over all files that include it."""
    lines = {}
    for folder in FOLDERS:
        for name in sorted(os.listdir(f"{build}/{folder}")):
            gcda = f"{counts}/{folder}/{name[:-5]}.gcda"
            if not name.endswith(".gcno") or not os.path.exists(gcda):
                continue
            with tempfile.TemporaryDirectory() as work:
                for path in (f"{build}/{folder}/{name}", gcda):
                    os.symlink(os.path.abspath(path), f"{work}/{os.path.basename(path)}")
                said = subprocess.run(["gcov-12", "--json-format", "--stdout", name[:-5] + ".gcda"], cwd=work,
                                      check=True, capture_output=True, text=True).stdout
            for file in json.loads(said.splitlines()[0])["files"]:
                own = re.search(rf"(?:^|/)((?:{'|'.join(FOLDERS)})/[^/]+)$", file["file"])
                if not own or "/source/" in file["file"] or not os.path.exists(own[1]):
                    continue
                of_file = lines.setdefault(own[1], {})
                for line in file["lines"]:
                    number = line["line_number"]
                    of_file[number] = of_file.get(number, 0) + line["count"]
    return lines


def explained(path):
    """Returns {(file, text): reason}."""
    reasons, key = {}, None
    for line in open(path, encoding="utf-8"):
        if line.startswith("#") or not line.strip():
            continue
        if not line[0].isspace():
            file, text = line.strip().split(": ", 1)
            key = (file, text)
            reasons[key] = ""
        else:
            reasons[key] += line.strip() + " "
    return reasons


def main():
    build, counts, missed_path = sys.argv[1:]
    lines, reasons, bad = counts_of(build, counts), explained(missed_path), 0
    total = reached = n_explained = 0
    used = set()
    for file in sorted(lines):
        text = open(file, encoding="utf-8").read().splitlines()
        missed = [number for number, count in sorted(lines[file].items()) if not count]
        n = len(lines[file])
        print(f"{file:26} {n - len(missed):4} of {n:4} lines")
        total, reached = total + n, reached + n - len(missed)
        for number in missed:
            key = (file, text[number - 1].strip())
            if reasons.get(key):
                used.add(key)
                n_explained += 1
                print(f"    {number}: {key[1]}\n        {reasons[key]}")
            else:
                bad += 1
                print(f"    {number}: {key[1]}\n        MISSED, without a known reason")
    for file, text in sorted(set(reasons) - used):
        bad += 1
        print(f"{file}: {text}\n        is listed as missed, but was reached or no longer exists")
    print(f"{reached} of {total} lines, {n_explained} explained")
    print(f"{reached + n_explained} passed, {bad + (not reached)} failed")
    return bad > 0 or not reached


sys.exit(main())
