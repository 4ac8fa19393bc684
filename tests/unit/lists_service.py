# SPDX-License-Identifier: GPL-2.0
"""What bfkd(8) and bfkd.conf(5) list: options, errors, the protocol, counters, the log, settings."""
import re
import subprocess
import tempfile
from lists import REPO, page, source, same, c_values, tagged_errnos
from mdoc import items, literal_blocks, plain


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
