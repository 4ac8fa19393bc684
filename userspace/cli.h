/* SPDX-License-Identifier: GPL-2.0-only */
/* What the subcommands of bfk share. Functions that return a status return an exit status. */
#ifndef BFK_CLI_H
#define BFK_CLI_H

#include <getopt.h>
#include "libbfk.h"

#define CLI_VERSION "0.1.0"

/* Exit statuses, as bfk(1) has them. A program that quits with %q gives its own. */
enum cli_status {
	CLI_OK,
	CLI_FAILED,    /* the program or its load failed */
	CLI_USAGE,     /* the command line makes no sense */
	CLI_NO_DEVICE, /* /dev/bfk cannot be opened */
};

/*
 * struct cli_source - a program text
 * @name: how messages call it, borrowed
 * @text: its bytes, freed by cli_source_free()
 * @len: how many
 * @lines: offsets at which its lines start, @n_lines of them
 */
struct cli_source {
	const char *name;
	char *text;
	size_t len;
	size_t *lines;
	size_t n_lines;
};

int cli_source_read(struct cli_source *source, const char *path);
int cli_source_copy(struct cli_source *source, const char *name, const char *text);
void cli_source_free(struct cli_source *source);
int cli_read_file(const char *path, char **bytes, size_t *len);

/*
 * struct cli_load - how to load a program, as options say it
 * @engine: name of an engine, NULL: the kernel's if there is a device, else "jit"
 * @flags: BFK_LOAD_*
 * @allowed: operations it may contain
 */
struct cli_load {
	const char *engine;
	uint32_t flags;
	uint32_t allowed;
};

int cli_where(const char *engine, enum bfk_where *where);
int cli_create(struct bfk **bfk, enum bfk_where *where, const char *engine);
int cli_parse_allow(const char *letters, uint32_t *allowed);
int cli_parse_number(const char *text, uint64_t max, uint64_t *value);
const char *cli_op_name(char letter);

/* report.c: messages to stderr. */
struct cli_place {
	size_t line;
	size_t col;
};

struct cli_place cli_place(const struct cli_source *source, size_t off);
void cli_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void cli_hint(const char *format, ...) __attribute__((format(printf, 1, 2)));
void cli_say_at(const struct cli_source *source, size_t off, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void cli_say_load(const struct cli_source *source, const struct cli_load *load,
		  const struct bfk_result *result, int err);

/* slots.c: what --slot and --dir say. */
struct cli_slots {
	int fds[64];
};

void cli_slots_init(struct cli_slots *slots);
int cli_slots_assign(struct cli_slots *slots, const char *spec, const char *mode);

/*
 * struct cli_outcome - what a run was and gave
 * @where: it was
 * @loaded, @result: of bfk_load() and of the last bfk_run()
 * @fuel_given: when it started
 * @ns: how long it took
 */
struct cli_outcome {
	enum bfk_where where;
	struct bfk_result loaded, result;
	uint64_t fuel_given;
	uint64_t ns;
};

/* outcome.c */
int cli_outcome(const struct cli_source *source, const struct cli_outcome *outcome);
void cli_say_stats(const struct cli_outcome *outcome);

/* lint.c: warnings about a good program. Returns how many. */
size_t cli_lint(const struct cli_source *source, const struct bfk_source_op *ops, size_t n_ops);

int cmd_run(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_dump(int argc, char **argv);
int cmd_ops(int argc, char **argv);
int cmd_info(int argc, char **argv);

#endif
