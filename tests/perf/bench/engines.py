# SPDX-License-Identifier: GPL-2.0
"""What is measured: engines, which are commands, and programs, which are files of a folder."""

import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path


class BenchError(Exception):
    """Nothing can be measured; the second argument, if any, is a hint."""


@dataclass
class Engine:
    """A command, to which the name of a program's file is appended."""

    name: str
    command: list
    own: bool = False  # ours: it must end in time


@dataclass
class Program:
    """NAME.b or NAME.bf, its input file and, unless None, its expected output."""

    name: str
    path: str
    input: str
    expected: bytes


def own_engines(bfk, levels):
    """bfk at each level; everything else is compared with the first."""
    command = shlex.split(bfk) + ["run", "--engine", "jit"]
    engines = [
        Engine(f"bfk-O{level}", [*command, f"-O{level}", "--plain"], own=True)
        for level in levels.split()
    ]
    if not engines:
        raise BenchError("no level of bfk is given", 'for example --levels "2 0"')
    return engines


def parse_peers(text):
    """
    Parses "NAME=COMMAND..." of any number of peers. A word NAME=... begins a peer. If there is a ';'
    (needed where a command itself contains such a word), peers begin only after a ';'. Words are
    quoted as in the shell.
    """
    lexer = shlex.shlex(text, posix=True, punctuation_chars=";")
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        words = list(lexer)
    except ValueError as error:
        raise BenchError(f"--peers {text}: {error}") from None
    peers = []
    start_everywhere = ";" not in words
    at_start = True
    for word in words:
        if word == ";":
            at_start = True
            continue
        match = re.fullmatch(r"([A-Za-z][\w.+-]*)=(.*)", word, re.DOTALL)
        if match and (at_start or start_everywhere):
            peers.append(Engine(match[1], [match[2]]))
        elif at_start:
            raise BenchError(
                f"--peers: '{word}' is not NAME=COMMAND", "for example 'beef=beef -s zero'"
            )
        else:
            peers[-1].command.append(word)
        at_start = False
    return peers


def resolve(engines):
    """Makes every command a path. Names must be unique."""
    names = set()
    for engine in engines:
        if engine.name in names:
            raise BenchError(f"two engines are called {engine.name}")
        names.add(engine.name)
        path = shutil.which(engine.command[0]) if engine.command[0] else None
        if not path:
            hint = "make user" if engine.own else "install it, or omit it from PEERS"
            raise BenchError(f"{engine.name}: there is no command '{engine.command[0]}'", hint)
        engine.command[0] = path


def read_program(path):
    given = path.with_suffix(".in")
    wanted = path.with_suffix(".out")
    return Program(
        path.stem,
        str(path),
        str(given) if given.exists() else "/dev/null",
        wanted.read_bytes() if wanted.exists() else None,
    )


def find_programs(folder, skip):
    """Returns the programs of a folder, by name, except those named in @skip."""
    folder = Path(folder)
    if not folder.is_dir():
        raise BenchError(f"{folder} is not a folder", "give one with BENCH=DIR")
    paths = sorted(p for p in folder.iterdir() if p.suffix in (".b", ".bf"))
    unknown = set(skip) - {p.stem for p in paths}
    if unknown:
        raise BenchError(f"no program to omit is called {', '.join(sorted(unknown))}")
    programs = [read_program(p) for p in paths if p.stem not in skip]
    if not programs:
        raise BenchError(f"there is no program (NAME.b or NAME.bf) in {folder}")
    if len({p.name for p in programs}) < len(programs):
        raise BenchError(f"{folder} has a .b and a .bf file of one name")
    return programs
