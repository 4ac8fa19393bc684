# SPDX-License-Identifier: GPL-2.0
"""What the pages of section 3 and bfk-ops(5) list: errors, constants, ops and the file of a compiled program."""
import re
import subprocess
import tempfile
from lists import REPO, ERRNO, page, source, same, c_values, defined, returned
from mdoc import items, literal_blocks, plain


def check_errors_of_the_library():
    """For each function, against its comment; errors of the system, whose items have dots, are left out."""
    header = source("userspace/include/libbfk.h", "userspace/include/libbfk-audit.h")
    n = 0
    for name in ("libbfk.3", "bfk_submit.3", "bfk_open_service.3", "bfk_audit.3"):
        the_page = page(name)
        titles = [line[4:] for line in the_page.lines if re.match(r"\.Ss bfk_", line)] or [None]
        for title in titles:
            lines = the_page.section("ERRORS", title)
            function_name = (title or "bfk_audit").split(",")[0]
            listed = [e for tag, _ in items(lines) if "..." not in tag for e in ERRNO.findall(tag)]
            real = returned(function_name, header)
            text = " ".join(lines)
            if not listed:
                assert re.search(r"Those of", text) and not real or function_name == "bfk_info", (name, title)
                continue
            if function_name == "bfk_open_service": # the page also lists those of connect(2), and of lack of memory
                assert set(real) <= set(listed), f"{title}: {set(real) - set(listed)}"
            elif function_name in ("bfk_run_to_end", "bfk_adopt"): # in any order
                listed += ["ENOTTY"] if function_name == "bfk_adopt" else []
                same(sorted(set(listed)), sorted(set(real)), f"{name}, {title}")
            else:
                same(listed, real, f"{name}, {title}")
            n += 1
    assert n >= 9, n


def check_enums_of_the_library():
    header = source("userspace/include/libbfk.h")
    text = "\n".join(page("libbfk.3").lines)
    for prefix in ("BFK_PASS_", "BFK_LEVEL_", "BFK_WHERE_"):
        same(sorted(set(re.findall(rf"\b{prefix}[A-Z0-9_]+\b", text))), sorted(defined(prefix, header)), prefix)
    tags = {tag for tag, _ in items(page("libbfk.3").section("DESCRIPTION", "Lifecycle")) if tag.startswith("BFK_STATUS_")}
    same(sorted(tags), sorted(defined("BFK_STATUS_", source("bfk/uapi.h"))), "statuses")
    text = "\n".join(page("bfk_submit.3").lines)
    same([re.search(r"BFK_QUEUE_MAX ,\n(\d+)", text).group(1)], re.findall(r"BFK_QUEUE_MAX (\d+)u", header), "BFK_QUEUE_MAX")


def check_kinds_of_ops():
    enum = re.search(r"enum bfk_op_kind {(.*?)}", source("jit/op.h"), re.S).group(1)
    real = re.findall(r"BFK_OP_([A-Z0-9]+),", enum)
    listed = [tag for tag, _ in items(page("bfk-ops.5").lines) if re.match(r"\d+ [A-Z0-9]+$", tag)]
    same(listed, [f"{i} {kind}" for i, kind in enumerate(real)], "kinds")


def check_struct_of_ops():
    real = re.search(r"struct bfk_op {.*?};", source("jit/op.h"), re.S).group(0)
    block = literal_blocks(page("bfk-ops.5").section("DESCRIPTION", "The op"))[0]
    same(block.split(), real.split(), "struct bfk_op")
    text = plain(page("bfk-ops.5").section("DESCRIPTION", "The op"))
    same([int(re.search(r"It has (\d+) bytes", text).group(1))], c_values(["sizeof(struct bfk_op)"]), "its size")


def compiled(*options):
    """The bytes that `bfk compile` writes for the copy loop."""
    text = "+%r[>>+<<%w>>-<<%r]"
    with tempfile.TemporaryDirectory() as folder:
        command = [f"{REPO}/build/bfk", "compile", *options, "-o", f"{folder}/out", "-e", text]
        subprocess.run(command, check=True)
        return open(f"{folder}/out", "rb").read()


def check_files_of_ops():
    rows = page("bfk-ops.5").table("offset", "length", "contents")[1:]
    head, zeroed = compiled("-O0"), compiled("-z")
    same(head[:8], bytes.fromhex(re.search(r"bytes ([0-9a-f ]+),", rows[0][2]).group(1)), "magic")
    at, lengths = 0, []
    for row in rows:
        same([int(row[0])], [at], f"offset of {row[2]}")
        lengths.append(int(row[1].split()[0]))
        at += lengths[-1]
    same(lengths, [8, 4, 4, 4, 4, 20], "lengths")
    fields = [int.from_bytes(head[i:i + 4], "little") for i in (8, 12, 16, 20)]
    same(fields, [*c_values(["BFK_OPS_VERSION"]), 0, 9, 0], "version, flags, number of ops, zero")
    same([zeroed[12]], [1], "flag 1")
    same([len(head)], [24 + 9 * 20], "length of the file")
    same([row[2] for row in rows[1:5]], ["version of the ops", "flags", "number of ops", "zero"], "contents")


def check_listing_of_ops():
    shown, one, _ = literal_blocks(page("bfk-ops.5").section("EXAMPLES"))
    ops = compiled("-O0")[24:]
    dump = subprocess.check_output([f"{REPO}/build/bfk", "dump", "--engine", "jit", "-O0", "-e", "+%r[>>+<<%w>>-<<%r]"], text=True)
    dumped = re.findall(r"^op \d+, \d+:\d+: (.*)", dump, re.M)
    lines = shown.splitlines()
    same(lines[0].split(), ["kind", "val", "reg", "off", "match", "source_off"], "columns")
    for i, line in enumerate(lines[1:]):
        op = ops[20 * i:20 * i + 20]
        number_of = lambda at, size: int.from_bytes(op[at:at + size], "little")
        val = f"'{chr(op[1])}'" if op[0] == 3 else str(op[1])
        real = [str(i), str(op[0]), val, str(op[2]), str(number_of(4, 2)), str(number_of(8, 4)), str(number_of(12, 4))]
        same(line.split(None, 7), real + [dumped[i]], f"op {i}")
        same([op[3], number_of(6, 2)], [0, 0], f"src of op {i}")
    same([len(lines) - 1], [len(dumped)], "ops")
    same(bytes.fromhex(one), ops[60:80], "bytes of op 3")
