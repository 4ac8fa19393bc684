# SPDX-License-Identifier: GPL-2.0
"""What the checks of manual-tables.py share: pages, sources, and values that the compiler knows. An AssertionError
shows what differs."""
import glob
import os
import re
import subprocess
import sys
import tempfile
from mdoc import Page, items

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
