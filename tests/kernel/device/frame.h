/* SPDX-License-Identifier: GPL-2.0-only */
/* Frames on the tape of an instance, one operation, and chains of them. */
#ifndef BFK_TESTS_FRAME_H
#define BFK_TESTS_FRAME_H

#include "instance.h"

struct frame {
	uint8_t go, err, slot, arg;
	uint16_t cap, len;
	uint64_t off;
} __attribute__((packed));

_Static_assert(sizeof(struct frame) == 16, "as on the tape");

/* Copies to and from the ring, across its seam. */
static inline void tape_put(uint8_t *tape, uint32_t cell, const void *from, uint32_t len)
{
	while (len--)
		tape[cell++ % TAPE_CELLS] = *(const uint8_t *)from++;
}

static inline void tape_get(const uint8_t *tape, uint32_t cell, void *to, uint32_t len)
{
	while (len--)
		*(uint8_t *)to++ = tape[cell++ % TAPE_CELLS];
}

static inline struct frame frame_get(const uint8_t *tape, uint32_t cell)
{
	struct frame frame;

	tape_get(tape, cell, &frame, sizeof(frame));
	return frame;
}

/* A program that does one operation every @step cells, starting at cell @first. Static storage. */
static inline const char *chain_at(const char *letters, uint32_t first, uint32_t step)
{
	static char source[TAPE_CELLS * 4];
	char *to = source;

	memset(to, '>', first);
	for (to += first; *letters; letters++) {
		*to++ = '%';
		*to++ = *letters;
		memset(to, '>', step);
		to += step;
	}
	*to = 0;
	return source;
}

#define STEP 4096u /* cells between the frames of a chain */

static inline const char *chain(const char *letters)
{
	return chain_at(letters, 0, STEP);
}

/* Writes the @ix-th frame of a chain, followed by its data. */
static inline void lay(struct dev *dev, uint32_t ix, struct frame frame, const void *data,
		       uint32_t len)
{
	frame.go = 1;
	tape_put(dev->tape, ix * STEP, &frame, sizeof(frame));
	tape_put(dev->tape, ix * STEP + sizeof(frame), data, len);
}

/* The same for text. */
static inline void lay_text(struct dev *dev, uint32_t ix, struct frame frame, const char *text)
{
	frame.len = strlen(text);
	lay(dev, ix, frame, text, frame.len);
}

static inline struct frame laid(const struct dev *dev, uint32_t ix)
{
	return frame_get(dev->tape, ix * STEP);
}

/* Does one operation on a fresh tape; returns its frame. The data is at dev->tape + 16. */
static inline struct frame op(struct dev *dev, char letter, struct frame frame, const void *data,
			      uint32_t len, const int *fds, uint32_t n_fds)
{
	const char letters[2] = { letter, 0 };

	dev_load(dev, chain(letters));
	lay(dev, 0, frame, data, len);
	EQUAL(dev_run(dev, fds, n_fds, UNLIMITED).status, BFK_STATUS_END);
	return laid(dev, 0);
}

#define FAILS(frame_, errno_)                                                                    \
	do {                                                                                     \
		struct frame f_ = (frame_);                                                      \
		if (f_.go || f_.err != (errno_))                                                 \
			fail(__FILE__, __LINE__, "%s: go %d err %d, not err %d", #frame_, f_.go, \
			     f_.err, errno_);                                                    \
	} while (0)

#define WORKS(frame_)                                                                         \
	do {                                                                                  \
		struct frame f_ = (frame_);                                                   \
		if (f_.go != 1 || f_.err)                                                     \
			fail(__FILE__, __LINE__, "%s: go %d err %d", #frame_, f_.go, f_.err); \
	} while (0)

#endif
