# SPDX-License-Identifier: GPL-2.0
"""What bfk(1) lists: options, subcommands, passes."""
import re
import subprocess
from lists import REPO, page, source, same
from mdoc import items, plain


def check_options_of_the_command():
    bfk = f"{REPO}/build/bfk"
    commands = re.findall(r"^  ([a-z]+) ", subprocess.check_output([bfk, "--help"], text=True), re.M)
    assert len(commands) >= 9, commands
    real = {"version"}
    for command in commands:
        real |= set(re.findall(r"--([a-z][a-z-]+)", subprocess.check_output([bfk, command, "--help"], text=True)))
    lines = [line for line in page("bfk.1").lines if line.startswith(".")]
    listed = {name for line in lines if "Fl" in line for name in re.findall(r"(?:Fl|,) -([a-z][a-z-]+)", line)}
    same(sorted(listed), sorted(real), "options")
    shown = {line.split()[1] for line in page("bfk.1").section("SYNOPSIS") if line.startswith(".Cm ")}
    same(sorted(shown), sorted(commands), "subcommands of SYNOPSIS")
    titles = {line[8:] for line in page("bfk.1").lines if line.startswith(".Ss bfk ")}
    same(sorted(titles), sorted(set(commands) - {"help", "version"}), "subcommands")


def check_passes_of_the_command():
    table = re.findall(r'{ "([a-z]+)", BFK_PASS_([A-Z]+)', source("userspace/opt/passes.c"))
    lists = items(page("bfk.1").section("DESCRIPTION", "Optimisation"))
    names = [tag for tag, _ in lists if re.fullmatch("[a-z]+", tag)]
    same(names, [name for name, _ in table], "passes")
    first = plain(next(body for tag, body in lists if tag == "1"))
    level = re.search(r"BFK_LEVEL_1 = (.*?),", source("userspace/include/libbfk.h")).group(1)
    same(re.findall("|".join(names), first), [name.lower() for name in re.findall(r"BFK_PASS_([A-Z]+)", level)], "level 1")
