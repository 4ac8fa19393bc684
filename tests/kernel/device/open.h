/* SPDX-License-Identifier: GPL-2.0-only */
/* For drivers that open files with %o. */
#ifndef BFK_TESTS_OPEN_H
#define BFK_TESTS_OPEN_H

#include "file_ops.h"

#define R 0
#define W 1
#define RDWR 2
#define CREATE 4
#define TRUNCATE 8
#define APPEND 16
#define EXCLUSIVE 32
#define DIRECTORY 64
#define NONBLOCK 128

/* Does %o of @path below fds[0], then @letter on the slot it returns, the first free one of fds. */
static inline struct frame open_then(int dir, const char *path, int arg, char letter,
				     const char *text)
{
	const char letters[3] = { 'o', letter, 0 };

	dev_load(&dev, chain(letters));
	lay_text(&dev, 0, (struct frame){ .arg = arg }, path);
	lay_text(&dev, 1, (struct frame){ .slot = 1 }, text);
	EQUAL(dev_run(&dev, &dir, 1, 1).status, BFK_STATUS_END);
	if (laid(&dev, 0).go)
		EQUAL(laid(&dev, 0).arg, 1);
	return laid(&dev, 0);
}

static inline bool data_is(const char *text)
{
	struct frame frame = laid(&dev, 1);

	return frame.len == strlen(text) && !memcmp(dev.tape + STEP + 16, text, frame.len);
}

#endif
