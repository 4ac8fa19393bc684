/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One program, several engines, one result. See equal.c for what is run; here are its words.
 *
 *   case      a program with all that its run depends on: flags, input, first cells, fuel
 *   outcome   everything a run leaves behind
 *   bench     an engine with its own set of identical files
 *   witness   an interpreter of the source text that shares no code with the engines
 */
#ifndef BFK_EQUAL_H
#define BFK_EQUAL_H

#include <bfk/uapi.h>
#include "../../userspace/libbfk.h"

#define TAPE_CELLS 65536
#define SOURCE_MAX 1024
#define INPUT_MAX 300
#define PATCHES_MAX 4
#define PATCH_MAX 48
#define FILE_MAX (1 << 16) /* bytes: RLIMIT_FSIZE of the harness, so that files stay small */
#define BENCHES_MAX 4

/* Cells that are not zero when the program starts. */
struct patch {
	uint16_t at;
	uint8_t len;
	uint8_t cells[PATCH_MAX];
};

struct test_case {
	char source[SOURCE_MAX];
	uint32_t source_len;
	uint32_t flags;
	uint8_t input[INPUT_MAX];
	uint32_t input_len;
	struct patch patches[PATCHES_MAX];
	uint32_t n_patches;
	uint64_t fuel;
	uint32_t steps[3]; /* fuel per RUN of further runs that must end alike; 0: none */
};

/* The numbers of an outcome, by name. */
enum value {
	V_LOAD_ERR,
	V_ERROR,
	V_ERROR_OFF,
	V_N_OPS,
	V_RUN_ERR,
	V_STATUS,
	V_EXIT_CODE,
	V_SOURCE_OFF,
	V_HEAD,
	V_FUEL,
	V_FAIL_OFF,
	V_FAIL_ERRNO,
	V_FAIL_LETTER,
	V_SYSOPS,
	V_READ_LEN,
	V_WRITE_LEN,
	V_DIR,
	VALUES,
};

/* A file as it was found after a run. */
struct content {
	uint32_t len;
	uint8_t bytes[FILE_MAX];
};

struct outcome {
	uint64_t values[VALUES];
	struct content output, scratch;
	uint8_t tape[TAPE_CELLS];
};

struct bench {
	const char *name;
	struct bfk *bfk;
	uint8_t *tape;
	bool planted; /* has a mistake, to be found: wrong load flags */
	int input_fd, output_fd, dir_fd, sub_fd, scratch_fd, readonly_fd, append_fd, pipe_fd;
	char dir[64];
	bool dirs_clean; /* as they are before a run, by their hash */
	uint64_t dirs_hash;
	struct outcome outcome;
};

/* bench.c */
bool bench_open(struct bench *bench, const char *name);
void bench_close(struct bench *bench);
void bench_load(struct bench *bench, const struct test_case *c);
void bench_run(struct bench *bench, const struct test_case *c, uint32_t step);
void outcome_copy(struct outcome *to, const struct outcome *from);
bool outcomes_differ(const struct outcome *a, const struct outcome *b);
void outcomes_print(const struct outcome *a, const char *a_name, const struct outcome *b,
		    const char *b_name);

/* witness.c */
enum witness_verdict { WITNESS_ENDED, WITNESS_GAVE_UP };
enum witness_verdict witness_run(const struct test_case *c, struct outcome *outcome);
uint32_t witness_check_brackets(const struct test_case *c, uint32_t *error_off);

/* generate.c: random number @ix of @seed is always the same program */
void generate_random(struct test_case *c, uint64_t seed, uint64_t ix);
bool generate_short(struct test_case *c, uint32_t len, uint64_t ix);

/* plain.c */
bool plain_write(const char *dir, uint64_t count, uint64_t seed);

/* minimise.c */
void minimise(struct test_case *c, bool (*differs)(const struct test_case *c));
void case_print(const struct test_case *c);

#endif
