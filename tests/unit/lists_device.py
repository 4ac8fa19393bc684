# SPDX-License-Identifier: GPL-2.0
"""What bfk(4) lists: fields, flags, errors, limits, fdinfo, tracepoints."""
import re
from lists import ERRNO, page, source, same, number, c_values, defined, function, returned, tagged_errnos
from mdoc import items, plain, words


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
