/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For fuzz targets: takes the fuzzer's input apart, byte by byte. After its end it reads as zeros,
 * so that every input is valid.
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

/* Aborts if the condition is false. */
#define MUST(cond)                                                        \
	do {                                                              \
		if (!(cond)) {                                            \
			printf("%s:%d: %s\n", __FILE__, __LINE__, #cond); \
			fflush(stdout);                                   \
			abort();                                          \
		}                                                         \
	} while (0)

#endif
