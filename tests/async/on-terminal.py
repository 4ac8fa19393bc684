#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""on-terminal.py TEXT SIGNAL COMMAND [ARGUMENT]... - run a command whose standard output is a terminal, until
that shows TEXT; then send it SIGNAL. Prints what came, and on a line of its own how the command ended."""

import os
import pty
import signal
import subprocess
import sys

signal.alarm(300)  # for what never comes, however busy the machine is
wanted, signal_name, command = sys.argv[1].encode(), sys.argv[2], sys.argv[3:]
ours, theirs = pty.openpty()
process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=theirs)
os.close(theirs)


def read():
    try:
        return os.read(ours, 4096)
    except OSError:  # nobody has the other end open any more
        return b""


seen = b""
while wanted not in seen:
    more = read()
    if not more:
        sys.exit(f"the terminal was closed after {seen!r}")
    seen += more
if process.poll() is not None:
    sys.exit("it had ended already")
process.send_signal(getattr(signal, signal_name))
while more := read():
    seen += more
print(seen.decode(errors="replace").replace("\r", ""))
print(process.wait())
