# SPDX-License-Identifier: GPL-2.0
"""manual-tables.py CHECK [PAGES]: compare what the pages (userspace/man) list with the code. A CHECK is a
function below whose name begins with check_; without one, print the names of all. An AssertionError shows
what differs."""
import errno
import glob
import os
import re
import subprocess
import sys
import tempfile
from mdoc import Page, items, literal_blocks, plain, words

REPO = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
PAGES = sys.argv[2] if len(sys.argv) > 2 else os.path.join(REPO, "userspace/man")
ERRNO = re.compile(r"\bE[A-Z0-9]{3,}\b")


def page(name):
    return Page(os.path.join(PAGES, name))


def source(*names):
    """Files of the repository, by patterns, in one string."""
    paths = [path for name in names for path in sorted(glob.glob(os.path.join(REPO, name)))]
    assert paths, names
    return "\n".join(open(path, encoding="utf-8").read() for path in paths)


def same(listed, real, what):
    listed, real = list(listed), list(real)
    assert listed and listed == real, f"{what}: the page has {listed}, the code {real}"


def number(text):
    return int(text.replace(",", ""))


def c_values(expressions, headers=("bfk/limits.h", "bfk/uapi.h", "userspace/include/libbfk-frame.h")):
    """The values of C expressions."""
    with tempfile.TemporaryDirectory() as folder:
        text = "".join(f'#include "{header}"\n' for header in headers)
        text += "#include <limits.h>\n#include <linux/limits.h>\n#include <stddef.h>\n#include <stdio.h>\nint main(void) {\n"
        text += "".join(f'printf("%lld\\n", (long long)({e}));\n' for e in expressions) + "return 0; }\n"
        open(f"{folder}/v.c", "w").write(text)
        subprocess.run(["cc", "-I", REPO, "-I", f"{REPO}/jit", "-o", f"{folder}/v", f"{folder}/v.c"], check=True)
        return [int(v) for v in subprocess.check_output([f"{folder}/v"], text=True).split()]


def defined(prefix, text):
    """The names of constants with a prefix that a header defines."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    return set(re.findall(rf"\b{prefix}[A-Z0-9_]+\b", text))


def function(name, text):
    found = re.search(rf"^[a-z][^\n;]*\b{name}\([^;{{]*\)\n{{.*?^}}", text, re.S | re.M)
    return found.group(0) if found else ""


def returned(name, text):
    """The errnos that the comment of a function lists after Return, in their order."""
    comment = re.search(rf"^ \* {name} - .*?\*/", text, re.S | re.M).group(0)
    return ERRNO.findall(comment[comment.index("Return:"):])


def tagged_errnos(lines):
    """The errnos of a tag list, in their order."""
    return [name for tag, _ in items(lines) if " Ta" not in tag for name in ERRNO.findall(tag)]


# --- bfk(7) --------------------------------------------------------------------------------------


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


# --- bfk(4) --------------------------------------------------------------------------------------

CALLS = {"INFO": "info", "LOAD": "load", "RUN": "run", "RESET": "reset", "DUMP": "dump"}


def check_fields_of_calls():
    header = source("bfk/uapi.h")
    for call, name in CALLS.items():
        body = re.search(rf"struct bfk_{name}_args {{(.*?)}};", header, re.S).group(1)
        real = re.findall(r"\b([a-z_]+)(?:\[\w+\])?[,;]", re.sub(r"__[us]\d+", "", body))
        listed = [word for line in page("bfk.4").section("CALLS", call) if line.startswith(".It Va ")
                  for word in words(line[7:]) if word != ","]
        same(sorted(listed), sorted(real), f"fields of {call}")


def check_flags_of_calls():
    header = source("bfk/uapi.h", "jit/op.h")
    text = "\n".join(page("bfk.4").lines)
    for prefix in ("BFK_LOAD_", "BFK_RUN_", "BFK_RESET_", "BFK_FEATURE_", "BFK_STATUS_", "BFK_ERROR_", "BFK_ENGINE_"):
        real = defined(prefix, header) - {"BFK_LOAD_FLAGS"}
        same(sorted(set(re.findall(rf"\b{prefix}[A-Z0-9_]+\b", text))), sorted(real), prefix)
    for prefix, call in (("BFK_LOAD_", "LOAD"), ("BFK_STATUS_", "RUN")):
        tags = {tag for tag, _ in items(page("bfk.4").section("CALLS", call)) if tag.startswith(prefix)}
        same(sorted(tags), sorted(defined(prefix, header) - {"BFK_LOAD_FLAGS"}), f"items of {call}")


def check_errors_of_calls():
    """Checks the order too, against that in comments of the code."""
    the_page, program, run = page("bfk.4"), source("bfk/program.c"), source("bfk/run.c")
    loads = returned("bfk_program_load", program)
    parsed = returned("bfk_parse", source("jit/parse.h"))
    checked = list(dict.fromkeys(returned("bfk_check", source("jit/parse.h"))))
    same(tagged_errnos(the_page.section("CALLS", "LOAD")),
         ["EPERM"] + loads[:-1] + parsed + checked + ["ENOMEM", "EFAULT"] + loads[-1:], "LOAD")
    before = ["EACCES", "EINVAL", "EFAULT"]
    same(tagged_errnos(the_page.section("CALLS", "RUN")), before + in_either_order(returned("bfk_run", run)), "RUN")
    tape = returned("bfk_tape_mmap", source("bfk/tape.c"))
    same(tagged_errnos(the_page.section("CALLS", "mmap")), ["EACCES"] + tape, "mmap")
    device = source("bfk/dev.c")
    for call, name in (("RESET", "reset"), ("DUMP", "dump")):
        same(sorted(tagged_errnos(the_page.section("CALLS", call))),
             sorted(set(re.findall(r"-(E[A-Z0-9]+)\b", function(name, device)))), call)


def in_either_order(errnos):
    """EPERM and the EINVAL of files when continuing exclude each other: returns them in the order of the page."""
    assert errnos[2:4] in (["EINVAL", "EPERM"], ["EPERM", "EINVAL"]), errnos
    return errnos[:2] + ["EINVAL", "EPERM"] + errnos[4:]


def pairs_of_errors(lines):
    """Pairs of errno and BFK_ERROR_* in a tag list."""
    return {(re.search(ERRNO, tag).group(0), error) for tag, body in items(lines) if ERRNO.search(tag)
            for error in re.findall(r"BFK_ERROR_([A-Z_]+)", " ".join(body))}


def check_reasons_of_refusals():
    known = {(name, error) for error, name in
             re.findall(r"@BFK_ERROR_([A-Z_]+):.*?\((E[A-Z0-9]+)\)",
                        source("jit/op.h").replace("@BFK_ERROR_NONE: not refused", ""), re.S)}
    same(sorted(pairs_of_errors(page("bfk.4").section("CALLS", "LOAD"))), sorted(known), "bfk(4)")
    of_ops = {pair for pair in known if pair[1] not in ("UNOPENED", "UNCLOSED")}
    same(sorted(pairs_of_errors(page("bfk-ops.5").section("CHECKS"))), sorted(of_ops), "bfk-ops(5)")


def check_limits_of_the_device():
    text = {tag: plain(body) for tag, body in items(page("bfk.4").section("LIMITS"))}
    listed = [number(n) for body in text.values() for n in re.findall(r"\b\d[\d,]*\b", body.split("A program that")[0])]
    same(text, ["tape", "slots", "source", "ops", "pairs of %e", "arena", "arena per user"], "what has a limit")
    same(listed, c_values(["BFK_TAPE_CELLS", "BFK_SLOTS", "BFK_SOURCE_MAX_LEN", "BFK_OPS_MAX", "sizeof(struct bfk_op)",
                           "BFK_SLOTS", "BFK_TEXT_LEN", "BFK_TEXT_GRANULE", "BFK_TEXT_USER_LEN"]), "limits")
    info = {tag: plain(body) for tag, body in items(page("bfk.4").section("CALLS", "INFO"))}
    listed = [number(n) for tag in ("abi_version", "tape_cells, slots")
              for n in re.findall(r"\b\d[\d,]*\b", info[tag])] + [int(info["ops_version"].split()[-1])]
    same(listed, c_values(["BFK_ABI_VERSION", "BFK_TAPE_CELLS", "BFK_SLOTS", "BFK_OPS_VERSION"]), "INFO")


def check_lines_of_fdinfo():
    real = re.findall(r'(?:"|\\n)([a-z_]+):\\t', source("bfk/dev.c"))
    same([tag for tag, _ in items(page("bfk.4").section("FDINFO"))], [f"{name}:" for name in real], "lines")


def check_fields_of_tracepoints():
    events = re.split(r"TRACE_EVENT\(", source("bfk/trace.h"))[1:]
    real = [name for event in events
            for name in [re.match(r"\w+", event).group(0)] + re.findall(r"__field\(\w+, (\w+)\)", event)]
    listed = [tag for tag, _ in items(page("bfk.4").section("TRACEPOINTS"))]
    same(listed, real, "tracepoints and their fields")


# --- the library ---------------------------------------------------------------------------------


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


# --- bfk-ops(5) ----------------------------------------------------------------------------------


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


# --- the service ---------------------------------------------------------------------------------


def check_options_of_the_service():
    text = source("userspace/daemon/options.c")
    real = set(re.findall(r'{ "([a-z-]+)", (?:required|no)_argument', text))
    shorts = set(re.findall(r"[a-z]", re.search(r'getopt_long\(argc, argv, "([a-z:]+)"', text).group(1)))
    tags = {tag: plain(body) for tag, body in items(page("bfkd.8").section("DESCRIPTION")) if tag.startswith("-")}
    listed = [re.search(r"--([a-z-]+)", tag).group(1) for tag in tags]
    same(sorted(listed), sorted(real), "options")
    same(sorted(s for tag in tags for s in re.findall(r"(?:^|\s)-([a-z])\b", tag)), sorted(shorts), "short options")
    synopsis = " ".join(page("bfkd.8").section("SYNOPSIS"))
    for option in real - {"help", "version"}:
        short = re.search(rf'"{option}", \w+, NULL, \'(\w)\'', text)
        name = short.group(1) if short else "-" + option
        assert re.search(rf"Fl {name}\b", synopsis), f"not in the synopsis: {option}"
    helped = subprocess.check_output([f"{REPO}/build/bfkd", "--help"], text=True)
    for option, value in re.findall(r"--([a-z-]+) [A-Z]+ [^-]*?\(default: (\S+)\)", helped):
        body = next(body for tag, body in tags.items() if re.search(rf"--{option}\b", tag))
        assert re.search(rf"by default {re.escape(value)}[.;]?(\s|$)", body.replace(",", "")), f"{option} is {value} by default: {body}"
    for option, macro in (("workers", "WORKERS_MAX"),):
        body = next(body for tag, body in tags.items() if re.search(rf"--{option}\b", tag))
        assert re.search(rf"1 to {re.search(macro + ' ([0-9]+)', text).group(1)}\b", body), body
    low, high = re.search(r"seconds >= ([\d.]+) && seconds <= (\d+)", text).groups()
    assert f"from {low} to {high}" in next(b for t, b in tags.items() if "--timeout" in t).replace(",", ""), "timeout"


def check_errors_of_the_service():
    real = re.findall(r"bfkd_client_(?:refuse|deny)\(client, (E[A-Z0-9]+)", source("userspace/daemon/*.c"))
    real += re.findall(r"refuse_at\([^;]*?-(E[A-Z0-9]+)", source("userspace/daemon/compile.c"))
    same(sorted(tagged_errnos(page("bfkd.8").section("DIAGNOSTICS"))), sorted(set(real)), "errors")


def check_protocol_of_the_service():
    header = source("userspace/lib/service.h")
    blocks = literal_blocks(page("bfkd.8").section("DESCRIPTION", "Protocol"))
    for block, struct in zip(blocks, ("request", "reply"), strict=True):
        body = re.search(rf"struct service_{struct} {{(.*?)}};", header, re.S).group(1)
        real = re.findall(r"\b([a-z_]+)(?:\[\d+\])?[,;]", body)
        same([w for line in block.splitlines() for w in re.match(r"([a-z_]+(?:, [a-z_]+)*)  ", line).group(1).split(", ")], real, struct)
        same([re.search(r"magic +0x([0-9a-f]+)", block).group(1)], re.findall(r"MAGIC 0x([0-9a-f]+)u", header), "magic")
        same([re.search(r"version +(\d+)", block).group(1)], re.findall(r"SERVICE_VERSION (\d+)", header), "version")
    same(re.findall(r"message +(\d+) bytes", blocks[1]), re.findall(r"message\[(\d+)\]", header), "message")


def check_counters_of_the_service():
    text = next(plain(body) for tag, body in items(page("bfkd.8").section("DESCRIPTION", "Signals")) if tag == "SIGUSR1")
    real = re.search(r'bfkd_log\(6, "(clients .*?) %s"', source("userspace/daemon/main.c")).group(1)
    real += " " + re.search(r'"(cached .*?)"', source("userspace/daemon/cache.c")).group(1)
    assert re.sub(r"%\w+", "N", real) in text, f"{real} is not in: {text}"


def check_log_of_the_service():
    lines = page("bfkd.8").section("DESCRIPTION", "Log")
    shown = next(line[4:] for line in lines if line.startswith(".Dl "))
    code = source("userspace/daemon/*.c")
    prefix = re.search(r'"(refused: pid %d, .*?): %s%s"', code).group(1)
    reason = re.search(r'"(the source may have .*?)"', code).group(1)
    pattern = re.escape(f"{prefix}: {reason}").replace("%d", r"\d+").replace("%u", r"\d+").replace("%s", r"\w+")
    assert re.fullmatch(pattern, shown), f"{shown} is not: {pattern}"
    numbers = re.search(r"most (\w+) such lines", plain(lines)).group(1), re.search(r"first (\d+) users", plain(lines)).group(1)
    same(numbers, ["ten", re.search(r"#define USERS (\d+)", code).group(1)], "lines and users")
    same(re.findall(r"#define LINES_MAX (\d+)", code), ["10"], "LINES_MAX")


def check_messages_about_the_policy():
    """The message of DIAGNOSTICS is what bfkd prints for such a line."""
    tag, body = items(page("bfkd.conf.5").section("DIAGNOSTICS"))[0]
    line, byte = re.search(r"conf:(\d+):(\d+):", tag).groups()
    same(re.findall(r"\d+", plain(body))[:2], [line, byte], "line and byte")
    word = re.search(r"'(\w+)'", tag).group(1)
    with tempfile.NamedTemporaryFile("w") as policy:
        policy.write("\n" * (int(line) - 1) + f"group {word}\n")
        policy.flush()
        done = subprocess.run([f"{REPO}/build/bfkd", "--check", "--policy", policy.name], capture_output=True, text=True)
    same([tag.replace("/etc/bfkd.conf", policy.name)], [done.stderr.strip().removeprefix("bfkd: ")], "message")


def check_settings_of_the_policy():
    """Tries the largest values, and reads the defaults."""
    code = source("userspace/daemon/policy.c")
    tags = {tag.split("=")[0]: plain(body) for tag, body in items(page("bfkd.conf.5").section("DESCRIPTION"))}
    keys = re.findall(r'{ "([a-z]+)=", &limits->(\w+)', code)
    same(sorted(set(tags) & {key for key, _ in keys} | {"refuse"} & set(tags)), sorted([key for key, _ in keys] + ["refuse"]), "settings")
    units = {"K": 1 << 10, "M": 1 << 20, "": 1}
    for key, field in keys:
        if key == "operations":
            assert "Default: none" in tags[key], tags[key]
            continue
        most, unit = re.search(r"up to (\d+)([KM]?)\b", tags[key]).groups()
        for value, status in ((int(most) * units[unit], 0), (int(most) * units[unit] + 1, 1)):
            policy = tempfile.NamedTemporaryFile("w")
            policy.write(f"* {key}={value}\n")
            policy.flush()
            done = subprocess.run([f"{REPO}/build/bfkd", "--check", "--policy", policy.name], capture_output=True, text=True)
            same([done.returncode], [status], f"{key}={value}")
        usual, unit = re.search(r"Default: (\d+)([KM]?)\.", tags[key]).groups()
        real = re.search(rf"\.{field} = ([^,]+),", code).group(1)
        same([int(usual) * units[unit]], c_values([real]), f"default of {key}")


# --- bfk(1) --------------------------------------------------------------------------------------


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


CHECKS = {name[6:]: check for name, check in globals().items() if name.startswith("check_")}
if __name__ == "__main__":
    if len(sys.argv) < 2:
        print("\n".join(CHECKS))
    else:
        assert all(hasattr(errno, name) for name in ("EPERM", "EDQUOT"))
        CHECKS[sys.argv[1]]()
