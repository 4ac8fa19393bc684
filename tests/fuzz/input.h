/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For fuzz targets: what a fuzzer made up, taken apart byte by byte. Behind its end there are zeros, so that any input
 * is one.
 */
#ifndef BFK_FUZZ_INPUT_H
#define BFK_FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);
int LLVMFuzzerInitialize(int *argc, char ***argv);

struct input {
	const uint8_t *at;
	size_t left;
};

static inline uint8_t take8(struct input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->at++;
}

static inline uint16_t take16(struct input *in)
{
	uint16_t low = take8(in);

	return low | take8(in) << 8;
}

/* What must be so. */
#define MUST(cond)                                                        \
	do {                                                              \
		if (!(cond)) {                                            \
			printf("%s:%d: %s\n", __FILE__, __LINE__, #cond); \
			fflush(stdout);                                   \
			abort();                                          \
		}                                                         \
	} while (0)

#endif
