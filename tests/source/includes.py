#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""includes.py [--dot] - which file includes which: no circles, and no arrow that points up.

A node is a file name without its suffix: a.c and a.h of one folder are one. An arrow is an #include of one of
the project's own headers. If there are violations, prints them with their lines, and fails. --dot prints the graph
instead, for dot(1).
"""
import os
import re
import sys

# Folders, lowest first. A folder may include those on lines above its own, and files of its own line.
ORDER = [
    ["jit"],
    ["bfk", "syscall_ops"],
    ["userspace/include"],
    ["userspace/engine"],
    ["userspace/opt"],
    ["userspace/local"],
    ["userspace/lib"],
    ["userspace/audit"],
    ["userspace/cmd", "userspace/daemon"],
]
LEVEL = {folder: level for level, folders in enumerate(ORDER) for folder in folders}
TOPS = ("jit", "bfk", "syscall_ops", "userspace")
# What user space may include of the kernel side: its interface.
SHARED = ("bfk/uapi.h", "bfk/limits.h", "bfk/op.h")
APART = {("userspace/cmd", "userspace/daemon"), ("userspace/daemon", "userspace/cmd")}

# Arrows that close a circle, and why they are allowed.
EXCEPTIONS = {
    ("bfk/trace", "bfk/run"): "a header of tracepoints reads the structs of the file that fires them",
}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+(["<])([^">]+)[">]')


def sources():
    for top in TOPS:
        for folder, _, names in sorted(os.walk(top)):
            yield from (f"{folder}/{name}" for name in sorted(names) if name.endswith((".c", ".h", ".S")))


def resolve(source, quote, name):
    """The project's file that is included; None: a system header; "": a file of the project that does not exist."""
    beside = os.path.normpath(os.path.join(os.path.dirname(source), name))
    if quote == '"' and os.path.exists(beside):
        return beside
    if os.path.exists(name):
        return os.path.normpath(name)
    return "" if quote == '"' or name.split("/")[0] in TOPS else None


def node(path):
    return os.path.splitext(path)[0]


def read(wrong):
    """Arrows, as {node: {node: "FILE:LINE"}}."""
    arrows = {}
    for source in sources():
        arrows.setdefault(node(source), {})
        with open(source, encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, 1):
                match = INCLUDE.match(line)
                if not match:
                    continue
                at, target = f"{source}:{number}", resolve(source, *match.groups())
                if target == "":
                    wrong.append(f"{at}: {match[2]} does not exist")
                elif target:
                    wrong.extend(check(at, source, target))
                    if node(target) != node(source):
                        arrows[node(source)].setdefault(node(target), at)
    return arrows


def check(at, source, target):
    """The violations of one arrow."""
    of, to = os.path.dirname(source), os.path.dirname(target)
    for folder in (of, to):
        if folder not in LEVEL:
            yield f"{at}: {folder} has no place in the order of folders"
            return
    if LEVEL[to] > LEVEL[of]:
        yield f"{at}: {of} includes {target}, which points up"
    elif (of, to) in APART:
        yield f"{at}: {of} includes {target}, but neither may include the other"
    elif of.startswith("userspace/") and LEVEL[to] == LEVEL["bfk"] and target not in SHARED:
        yield f"{at}: {of} includes {target}, but of the kernel side only {', '.join(SHARED)} are for user space"


def circles(arrows):
    """The nodes of each circle: strongly connected components, by Tarjan's algorithm."""
    index, low, stack, found = {}, {}, [], []

    def visit(at):
        index[at] = low[at] = len(index)
        stack.append(at)
        for to in arrows.get(at, {}):
            if to not in index:
                visit(to)
                low[at] = min(low[at], low[to])
            elif to in stack:
                low[at] = min(low[at], index[to])
        if low[at] == index[at]:
            place = stack.index(at)
            found.append(stack[place:])
            del stack[place:]

    for at in sorted(arrows):
        if at not in index:
            visit(at)
    return [sorted(nodes) for nodes in found if len(nodes) > 1]


def dot(arrows):
    print("digraph includes {\n\trankdir=BT; node [shape=box, fontname=sans];")
    for folder in LEVEL:
        names = [name for name in sorted(arrows) if os.path.dirname(name) == folder]
        print(f'\tsubgraph "cluster_{folder}" {{\n\t\tlabel="{folder}";')
        for name in names:
            print(f'\t\t"{name}" [label="{os.path.basename(name)}"];')
        print("\t}")
    for of in sorted(arrows):
        for to in sorted(arrows[of]):
            print(f'\t"{of}" -> "{to}";')
    print("}")


def main():
    wrong = []
    arrows = read(wrong)
    if sys.argv[1:] == ["--dot"]:
        dot(arrows)
        return 0
    if sys.argv[1:]:
        print("usage: includes.py [--dot]", file=sys.stderr)
        return 2
    for of, to in EXCEPTIONS:
        if arrows.get(of, {}).pop(to, None) is None:
            wrong.append(f"{of} -> {to}: an exception, but there is no such arrow")
    for nodes in circles(arrows):
        wrong.append(f"a circle of {len(nodes)} files:")
        wrong.extend(f"    {at}: {of} -> {to}" for of in nodes for to, at in sorted(arrows[of].items()) if to in nodes)
    if len(arrows) < 50:
        wrong.append(f"only {len(arrows)} files were found")
    print("\n".join(wrong) if wrong else f"{len(arrows)} files, {sum(map(len, arrows.values()))} arrows, no circle")
    return 1 if wrong else 0


os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
sys.exit(main())
