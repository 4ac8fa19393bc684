# SPDX-License-Identifier: GPL-2.0
"""manual-tables.py CHECK [PAGES]: compare what the pages (userspace/man) list with the code. A CHECK is a
function of lists_*.py whose name begins with check_; without one, print the names of all. An AssertionError shows
what differs."""
import errno
import sys
import lists_language
import lists_device
import lists_library
import lists_service
import lists_command

MODULES = (lists_language, lists_device, lists_library, lists_service, lists_command)
CHECKS = {name[6:]: check for module in MODULES for name, check in vars(module).items() if name.startswith("check_")}
if __name__ == "__main__":
    if len(sys.argv) < 2:
        print("\n".join(CHECKS))
    else:
        assert all(hasattr(errno, name) for name in ("EPERM", "EDQUOT"))
        CHECKS[sys.argv[1]]()
