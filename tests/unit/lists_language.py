# SPDX-License-Identifier: GPL-2.0
"""What bfk(7) lists: limits, errors, the frame, operations."""
import re
import subprocess
from lists import REPO, ERRNO, page, source, same, number, c_values, function, tagged_errnos
from mdoc import items, plain


def check_limits_of_the_language():
    rows = page("bfk.7").table("65,536 cells")
    names = {
        "the tape": "BFK_TAPE_CELLS",
        "slots": "BFK_SLOTS",
        "source text": "BFK_SOURCE_MAX_LEN",
        "data of a frame": "BFK_DATA_MAX_LEN",
        "cap 0": "BFK_CAP_DEFAULT",
        "path of %o": "PATH_MAX - 1",
        "input read ahead, and output buffered": "BFK_IO_LEN",
    }
    same([row[1] for row in rows], names, "what has a limit")
    units = {"MiB": 1 << 20}
    listed = [number(row[0].split()[0]) * units.get(row[0].split()[-1], 1) for row in rows]
    same(listed, c_values(names.values()), "limits")


def check_errors_at_load_time():
    known = re.findall(r"@BFK_ERROR_([A-Z_]+):.*?\((E[A-Z0-9]+)\)", source("jit/op.h"), re.S)
    of_text = [name for error, name in known if error not in ("BAD_OP", "BAD_MATCH")]
    rows = page("bfk.7").table("error", "cause")[1:]
    same(sorted(row[0] for row in rows), sorted(of_text), "errors")
    place = next(row[2] for row in rows if row[0] == "E2BIG")
    same([number(place.split()[1])], c_values(["BFK_SOURCE_MAX_LEN"]), "place of E2BIG")


def check_the_frame():
    rows = [row for row in page("bfk.7").table("offset", "size", "name")[1:] if row[0]]
    same([row[2] for row in rows[-1:]], ["data"], "the last row")
    names = [row[2] for row in rows[:-1]]
    header = re.search(r"struct bfk_frame {(.*?)};", source("bfk/uapi.h"), re.S).group(1)
    same(names, re.findall(r"\b([a-z]+)[,;]", header), "fields")
    real = c_values(f"{what}struct bfk_frame{rest}" for name in names
                    for what, rest in (("offsetof(", f", {name})"), ("sizeof(((", f" *)0)->{name})")))
    same([int(cell) for row in rows[:-1] for cell in row[:2]], real, "offsets and sizes")
    same([int(rows[-1][0])], c_values(["BFK_FRAME_LEN"]), "where the data starts")
    text = " ".join(row[3] for row in rows)
    same([number(re.search(r"0 = ([\d,]+)", text).group(1))], c_values(["BFK_CAP_DEFAULT"]), "cap 0")


def check_values_of_arg():
    """The numbers of arg in bfk(7) are those of libbfk-frame.h."""
    header = source("userspace/include/libbfk-frame.h")
    the_page = page("bfk.7")
    values = {}
    for name, value in re.findall(r"^#define BFK_([A-Z]+)_[A-Z_]+ (\d+)", header, re.M):
        values.setdefault(name, set()).add(int(value))
    poll = {int(v) for v in re.findall(r"^#define BFK_POLL[A-Z]+ (\d+)", header, re.M)}
    tables = {table[0][1]: {int(row[0]) for row in table} for table in the_page.tables() if table[0][0].isdigit()}
    same(sorted(tables["to read"]), sorted(values["O"]), "%o")
    same(sorted(tables["it can be read, or is at its end"]), sorted(poll), "%e")
    for letter, title, name, pattern in (
        ("l", "seek", "SEEK", r"(\d) the "),
        ("i", "ids", "ID", r"(\d) = "),
        ("m", "clock", "CLOCK", r"(\d) = "),
        ("h", "shut down", "SHUT", r"(\d) = "),
        ("y", "sync", "SYNC", r"(\d)(?: \(any odd number\))? = "),
        ("k", "copy", "COPY", r"(\d) = "),
    ):
        section = the_page.section("OPERATIONS", f"%{letter} ({title})")
        body = next(body for tag, body in items(section) if tag == "In")
        same(sorted(int(v) for v in re.findall(pattern, plain(body))), sorted(values[name]), f"%{letter}")


def sections_of_operations():
    """Letters and names, and the lines, of each section of bfk(7) about operations."""
    the_page = page("bfk.7")
    for line in the_page.lines:
        if line.startswith(".Ss %"):
            yield re.findall(r"%([a-z]) \(([a-z ]+)\)", line), the_page.section("OPERATIONS", line[4:])


def check_operations():
    listed = {letter: name.replace(" ", "") for pairs, _ in sections_of_operations() for letter, name in pairs}
    ops = subprocess.check_output([f"{REPO}/build/bfk", "ops", "--engine", "interp"], text=True)
    real = {line[1]: line.split()[1] for line in ops.splitlines()}
    same(sorted(listed.items()), sorted(real.items()), "operations")


def errnos_of(name, text, depth=0):
    """The errnos in a function and in those of @text that it calls."""
    body = function(name, text)
    found = set(re.findall(r"-(E[A-Z0-9]{3,})\b", body))
    if depth < 3:
        for called in set(re.findall(r"\b([a-z_]+)\(", body)) - {name}:
            found |= errnos_of(called, text, depth + 1)
    return found


def check_errors_of_operations():
    """Each errno in the code of an operation, and each that its row of the table implies, is in its section."""
    code = source("syscall_ops/*.c", "bfk/run.c")
    table = dict(re.findall(r"\['([a-z])' - 'a'\] = { ?(.*?) ?}", code))
    documented = {}
    for pairs, lines in sections_of_operations():
        listed = set(tagged_errnos(lines)) | set(ERRNO.findall(plain(lines)))
        for letter, _ in pairs:
            documented[letter] = listed
    for letter, base in (("d", "r"), ("s", "w"), ("g", "r"), ("p", "w"), ("x", "r"), ("x", "w")):
        documented[letter] = documented[letter] | documented[base]
    same(sorted(documented), sorted(table), "letters")
    for letter, row in table.items():
        real = errnos_of(re.search(r"bfk_op_[a-z]+", row).group(0), code)
        real -= {"ENOMEM", "EINTR", "ERESTARTSYS", "ERESTARTNOHAND", "ERESTARTNOINTR"}
        if ".now" not in row and letter in "rwgp":
            real.discard("EOPNOTSUPP")
        real |= set() if ".no_file" in row else {"EBADF"}
        real |= {"EISDIR"} if ".mode" in row and letter in "rx" else set()
        real |= {"ESPIPE"} if ".at " in row else set()
        real |= {"EINVAL"} if ".data" in row else set()
        lost = sorted(real - documented[letter])
        assert not lost, f"%{letter}: the page does not have {lost}"
        if ".no_file" in row:
            assert "EBADF" not in documented[letter], f"%{letter} needs no file: no EBADF"
