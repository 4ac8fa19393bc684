/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One program, several engines and sets of passes, one result. equal.c describes the comparison.
 * Its terms:
 *
 *   case      a program with everything its run depends on: flags, input, first cells, fuel
 *   set       passes of the optimiser, BFK_PASS_*; 0 is the reference
 *   outcome   everything a run leaves behind
 *   event     a request of an engine to its host: END, IN, OUT or SYS, and the tape at that moment
 *   bench     an engine with its own set of identical files
 *   witness   an interpreter of the source text that shares no code with the engines
 */
#ifndef BFK_EQUAL_H
#define BFK_EQUAL_H

#include <bfk/uapi.h>
#include "userspace/include/libbfk.h"

#define TAPE_CELLS 65536
#define SOURCE_MAX (1 << 18) /* bytes: enough to go around the ring, there and back */
#define INPUT_MAX 300
#define PATCHES_MAX 4
#define PATCH_MAX 48
#define FILE_MAX (1 << 16) /* bytes: RLIMIT_FSIZE of the harness, so that files stay small */
#define EVENTS_MAX 100	   /* that are recorded; further ones are only counted */
#define BENCHES_MAX 4
#define SETS_MAX 16
#define STEPS_MAX 3

/* Cells that are not zero when the program starts. */
struct patch {
	uint16_t at;
	uint8_t len;
	uint8_t cells[PATCH_MAX];
};

struct test_case {
	uint64_t fuel;
	uint64_t litter; /* seed of all cells at the start, below the patches; 0: zeroes */
	uint32_t flags;
	uint32_t sets[SETS_MAX], n_sets;
	uint32_t steps[STEPS_MAX]; /* fuel per RUN in extra runs, which must end alike; 0: no such run */
	bool stops;		   /* one extra run, which stops at operations too */
	uint32_t input_len, n_patches, source_len;
	uint8_t input[INPUT_MAX];
	struct patch patches[PATCHES_MAX];
	char source[SOURCE_MAX]; /* last: case_copy() copies only the used part */
};

/* Numbers in an outcome. */
enum value {
	V_LOAD_ERR,
	V_ERROR,
	V_ERROR_OFF,
	V_N_OPS,
	V_REFUSED, /* 1 + offset at which the auditor refuses the code */
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
	V_UNTOLD, /* operations minus stops, in runs that stop at each operation */
	V_DIR,
	VALUES,
};

/* A file's content after a run. */
struct content {
	uint32_t len;
	uint8_t bytes[FILE_MAX];
};

/* A request to the host: '.', ',', '%' with its letter, or 0 for the end. */
struct event {
	uint64_t tape; /* hash */
	uint32_t source_off;
	uint16_t cell;
	char symbol, letter;
};

/* All requests of a run. The kernel's engines have no log. */
struct event_log {
	bool is_kept;
	uint32_t n;
	struct event events[EVENTS_MAX];
};

struct outcome {
	uint64_t values[VALUES];
	struct event_log log;
	struct content output, scratch;
	uint8_t tape[TAPE_CELLS];
};

/* The files of a bench, and whether its directories are unchanged. */
struct files {
	int input_fd, output_fd, dir_fd, sub_fd, scratch_fd, readonly_fd, append_fd, pipe_fd;
	char dir[64];
	bool dirs_clean; /* as they are before a run, by their hash */
	uint64_t dirs_hash;
};

struct bench {
	const char *name;
	struct bfk *bfk;
	uint8_t *tape;
	bool is_local;	     /* in this process: events are recorded */
	bool has_wrong_flag; /* planted mistake: wrong load flags */
	bool loses_stops;    /* planted mistake: only the first RUN stops at operations */
	struct files files;
	struct outcome outcome;
};

/* The ops of a case, owned by the holder of this struct. */
struct program {
	struct bfk_op *ops;
	size_t n_ops;
};

/* bench.c */
bool bench_open(struct bench *bench, const char *name);
void bench_close(struct bench *bench);
void bench_load(struct bench *bench, const struct test_case *c);
void bench_load_ops(struct bench *bench, const struct test_case *c, const struct program *program);
void bench_run(struct bench *bench, const struct test_case *c, const struct program *program,
	       uint64_t fuel, uint64_t step, uint32_t flags);

/* files.c */
bool files_open(struct files *files);
void files_close(struct files *files);
void files_reset(struct files *files, const struct test_case *c);
unsigned int files_list(const struct files *files, const struct test_case *c, int *fds);
void files_take(struct files *files, const struct test_case *c, struct outcome *outcome);

#define N_FDS 7 /* of files_list() */

/* outcome.c */
void outcome_copy(struct outcome *to, const struct outcome *from);
bool outcomes_differ(const struct outcome *a, const struct outcome *b);
bool ends_differ(const struct outcome *a, const struct outcome *b);
bool starts_differ(const struct event_log *a, const struct event_log *b);
bool has_ended(const struct outcome *outcome);
void values_print(const struct outcome *a, const char *a_name, const struct outcome *b,
		  const char *b_name);
void outcomes_print(const struct outcome *a, const char *a_name, const struct outcome *b,
		    const char *b_name);

/* host.c */
void host_watch(struct event_log *log, const struct program *program);
void event_add(struct event_log *log, struct event event);
uint64_t tape_hash(const uint8_t *tape);
uint64_t tape_hash_change(uint16_t cell, uint8_t from, uint8_t to);

/* witness.c */
enum witness_verdict {
	WITNESS_GAVE_UP, /* the case uses something it does not know */
	WITNESS_ENDED,
	WITNESS_STOPPED, /* out of fuel */
	WITNESS_ENDLESS, /* out of fuel, and no fuel would be enough */
};

/* The witness's result: the head is relative to the first cell. */
struct witness_report {
	enum witness_verdict verdict;
	int64_t leftmost, rightmost;
};

struct witness_report witness_run(const struct test_case *c, struct outcome *outcome);
uint32_t witness_check_brackets(const struct test_case *c, uint32_t *error_off);

/* compare.c */

/* The counts and the current program of one process. In shared memory. */
struct tally {
	uint64_t loaded, refused, stepped, stopped, stops, witnessed, operated, events, differences;
	uint64_t sets, same_ops, compared, endless, open;
	uint64_t statuses[BFK_STATUS_OP + 1];
	uint64_t at_len, at_ix;
	bool finished;
};

bool compare_open(char *engines, const char *plant, struct tally *tally);
void compare_close(void);
bool case_differs(const struct test_case *c);
void difference_print(void);

/* generate.c: the same @seed and @ix always give the same program */
void generate_random(struct test_case *c, uint64_t seed, uint64_t ix);
bool generate_short(struct test_case *c, uint32_t len, uint64_t ix);

/* plant.c: the optimiser's mistakes to choose from, NULL at the end */
struct plant {
	const char *name;
	void (*put)(struct program *program);
};

extern const struct plant plants[];

/* plain.c */
bool plain_write(const char *dir, uint64_t count, uint64_t seed);

/* case.c */
void case_copy(struct test_case *to, const struct test_case *from);
void case_print(const struct test_case *c);
void case_fill_tape(const struct test_case *c, uint8_t *tape);
bool case_is_zeroed(const struct test_case *c);
const char *set_name(uint32_t set);

/* minimise.c */
void minimise(struct test_case *c, bool (*differs)(const struct test_case *c));

#endif
