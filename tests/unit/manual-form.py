# SPDX-License-Identifier: GPL-2.0
"""manual-form.py PAGE...: check how man (groff) and mandoc show each page on a terminal of 80 columns. If
there are faults, prints them, and fails."""
import os
import re
import subprocess
import sys
from mdoc import Page

WIDTH = 80
FORMATTERS = {
    "man": ["man", "--warnings=all", "--nh", "-l"],
    "mandoc": ["mandoc", "-T", "utf8", "-O", f"width={WIDTH}"],
}
LINT = ["mandoc", "-T", "lint", "-W", "warning"]


def run(command, page):
    env = {**os.environ, "MANWIDTH": str(WIDTH), "LC_ALL": "C.UTF-8", "MANPAGER": "cat"}
    done = subprocess.run(command + [page], env=env, capture_output=True, encoding="utf-8")
    plain = subprocess.run(["col", "-bx"], env=env, input=done.stdout, capture_output=True, encoding="utf-8", check=True)
    said = done.stderr.strip()
    if done.returncode and not said:
        said = f"exit status {done.returncode}: {done.stdout}"
    return re.sub("[\u2010\u2212]", "-", plain.stdout).splitlines(), said


def lost_rows(page, lines):
    """The rows of tables for which there is no line with the same cells, in the order of the page."""
    at = 0
    for row in [row for table in Page(page).tables() for row in table]:
        cells = [cell for cell in row if cell]
        found = next((i for i in range(at, len(lines)) if re.split(" {2,}", lines[i].strip()) == cells), None)
        if found is None:
            yield " | ".join(cells)
        else:
            at = found + 1


def dead_references(page):
    """References to sections, and to pages of bfk, that do not exist."""
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../userspace/man")
    lines = Page(page).lines
    others = [line for name in os.listdir(folder) for line in Page(os.path.join(folder, name)).lines]
    titles = {line[4:] for line in lines + others if line.startswith((".Sh ", ".Ss "))}
    for line in lines:
        for name, section in re.findall(r"\bXr ((?:lib)?bfk\S*) (\d)", line):
            if not os.path.exists(os.path.join(folder, f"{name}.{section}")):
                yield f"there is no {name}({section})"
        title = re.match(r"\.Sx ([A-Za-z ]+?)(?: [.,;])?$", line)
        if title and title.group(1) not in titles:
            yield f"there is no section {title.group(1)}"


def faults(page):
    yield from dead_references(page)
    yield from (f"mandoc -T lint: {line}" for line in subprocess.run(LINT + [page], capture_output=True, encoding="utf-8").stdout.splitlines())
    for name, command in FORMATTERS.items():
        lines, said = run(command, page)
        if said:
            yield f"{name} warns: {said}"
        yield from (f"{name}: wider than {WIDTH}: {line}" for line in lines if len(line) > WIDTH)
        yield from (f"{name}: no such row: {row}" for row in lost_rows(page, lines))
        if "BSD" in lines[0]:
            yield f"{name}: the first line is: {lines[0]}"
        # groff 1.23 ends the line with the name of the page.
        if not re.fullmatch(r"Linux +[A-Z][a-z]+ \d+, \d{4} +(Linux|[A-Z_.-]+\(\d\))", lines[-1].strip()):
            yield f"{name}: the last line is: {lines[-1].strip()}"


status = 0
for page in sys.argv[1:]:
    for fault in faults(page):
        print(f"{page}: {fault}")
        status = 1
sys.exit(status)
