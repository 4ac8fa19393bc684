// SPDX-License-Identifier: GPL-2.0-only
#include "examples/review/exploit.h"

/*
 * Loads a program, runs it, and looks at the tape. exploit.h names what else there is. Replace this by
 * whatever shows the bug: it runs as an ordinary user with no environment, in an empty folder.
 */
int main(void)
{
	struct dev dev = dev_open(0);

	dev_load(&dev, "+++>++<");
	EQUAL(dev_run(&dev, NULL, 0, UNLIMITED).status, BFK_STATUS_END);
	printf("cells 0 and 1 are %d and %d\n", dev.tape[0], dev.tape[1]);
	if (dev.tape[0] != 3 || dev.tape[1] != 2)
		return shown("a cell has a wrong value");
	return not_shown();
}
