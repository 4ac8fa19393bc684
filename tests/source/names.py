#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""names.py - a struct, enum, function or macro has one meaning in the tree.

Fails if two of these define the same name: the kernel side (bfk/, syscall_ops/), jit/ and user space. A static
function, or a macro of a .c file without the prefix BFK_, is private to its file and does not count.
"""
import os
import re
import sys

SIDES = {"bfk": "kernel", "syscall_ops": "kernel", "jit": "jit", "userspace": "user"}

# Names that have two definitions, and why that is allowed.
EXCEPTIONS = {
    "bfk_host": "jit/machine.h declares it, and each host of the engines defines it",
    "bfk_run": "the one in user space is public, in libbfk.h; the one in the kernel does the same for RUN",
}

COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
TYPE = re.compile(r"^[ \t]*(?:typedef )?((?:struct|enum|union) \w+)[ \t]*\{", re.M)
MACRO = re.compile(r"^[ \t]*#[ \t]*define[ \t]+(\w+)(.*)$", re.M)
FUNCTION = re.compile(r"^(?!static\b|typedef\b|return\b)[a-z_][\w \t*]*?\b(\w+)\([^;{}]*\)[ \t\n]*\{", re.M)
INLINE = re.compile(r"^static inline [\w \t*]*?\b(\w+)\([^;{}]*\)[ \t\n]*\{", re.M)
VARIABLE = re.compile(r"^(?!static\b|extern\b|typedef\b)(?:const )?(?:struct |enum )?\w+ [*]*(\w+)(?:\[[^]]*\])*(?: =|;)", re.M)
LABEL = re.compile(r"^[ \t]*(?:\.globl[ \t]+|ENTRY[ \t]+|SYM_FUNC_START\(|SYM_INNER_LABEL\()(\w+)", re.M)


def names_of(path):
    with open(path, encoding="utf-8") as file:
        text = COMMENT.sub(" ", file.read())
    is_header = path.endswith(".h")
    if path.endswith(".S"):
        return {name for name in LABEL.findall(text) if name != "name"}
    names = set(TYPE.findall(text)) | set(FUNCTION.findall(text))
    if is_header:
        names |= set(INLINE.findall(text))
    else:
        names |= {name for name in VARIABLE.findall(text) if name.startswith("bfk")}
    for name, value in MACRO.findall(text):
        is_guard = is_header and not value.strip() and name.endswith("_H")
        if not is_guard and (is_header or name.startswith("BFK_")):
            names.add(name)
        elif is_guard:
            names.add(f"include guard {name}")
    return names


def main():
    places = {}
    for top, side in SIDES.items():
        for folder, _, files in sorted(os.walk(top)):
            for file in sorted(files):
                if file.endswith((".c", ".h", ".S")):
                    path = os.path.join(folder, file)
                    for name in names_of(path):
                        places.setdefault(name, {}).setdefault(side, []).append(path)
    twice = {name: sides for name, sides in places.items() if len(sides) > 1}
    wrong = [
        f"{name} is defined in {' and in '.join(' and '.join(paths) for paths in sides.values())}"
        for name, sides in sorted(twice.items())
        if name not in EXCEPTIONS
    ]
    wrong += [f"{name}: an exception, but it is not defined twice" for name in EXCEPTIONS if name not in twice]
    if len(places) < 300:
        wrong.append(f"only {len(places)} names were found")
    print("\n".join(wrong) if wrong else f"{len(places)} names, each with one meaning")
    return 1 if wrong else 0


os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
sys.exit(main())
