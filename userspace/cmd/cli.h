/* SPDX-License-Identifier: GPL-2.0-only */
/* What the subcommands of bfk share. Functions that return a status return an exit status. */
#ifndef BFK_CLI_H
#define BFK_CLI_H

#include <getopt.h>
#include "userspace/include/libbfk.h"

/* Exit statuses, as bfk(1) has them. A program that quits with %q gives its own. */
enum cli_status {
	CLI_OK,
	CLI_FAILED,    /* the program or its load failed */
	CLI_USAGE,     /* the command line makes no sense */
	CLI_NO_DEVICE, /* /dev/bfk cannot be opened */
};

/*
 * struct cli_source - a program: its text, or ops that `bfk compile` made of one
 * @name: how messages call it, borrowed
 * @text: its bytes, freed by cli_source_free()
 * @len: how many
 * @ops: the ops, in @text; NULL: it is text. Their source_off is their number
 * @n_ops: how many
 * @is_zeroed: they are for a tape that is zero when the program starts
 * @lines: offsets at which lines start, @n_lines of them; NULL until somebody asks for a place
 */
struct cli_source {
	const char *name;
	char *text;
	size_t len;
	struct bfk_op *ops;
	size_t n_ops;
	bool is_zeroed;
	size_t *lines;
	size_t n_lines;
};

/* Where a byte is, counted from 1, columns in bytes. */
struct cli_place {
	size_t line;
	size_t col;
};

/* source.c */
int cli_source_get(struct cli_source *source, const char *text, const char *path,
		   const char *command);
int cli_source_read(struct cli_source *source, const char *path);
void cli_source_free(struct cli_source *source);
int cli_source_write(const char *path, const struct bfk_op *ops, size_t n_ops, bool is_zeroed);
struct cli_place cli_place(struct cli_source *source, size_t off);
int cli_read_file(const char *path, char **bytes, size_t *len);

/*
 * struct cli_load - how to load a program, as options say it
 * @engine: name of an engine, NULL: the first of kernel, jit and interp there is
 * @flags: BFK_LOAD_*
 * @allowed: operations it may contain
 * @level: BFK_LEVEL_*
 * @without: BFK_PASS_* to leave out
 * @is_zeroed: the tape will be zero when the program starts
 * @service: socket of the compile service that is to do it, "" for its usual place; NULL: none
 */
struct cli_load {
	const char *engine, *service;
	uint32_t flags, allowed, level, without;
	bool is_zeroed;
};

/* Options without a letter that cli_load_option() knows; those of a command start at OTHERS. */
enum cli_option { CLI_OPTION_EOF = 256, CLI_OPTION_WITHOUT, CLI_OPTION_OTHERS };

/* load.c */
struct cli_load cli_load_default(void);
int cli_load_option(struct cli_load *load, int option, const char *command);
uint32_t cli_passes(const struct cli_load *load);
int cli_compile(const struct cli_source *source, const struct cli_load *load, uint32_t passes,
		struct bfk_op **ops, size_t *n_ops, struct bfk_result *result);
int cli_load(struct bfk *bfk, const struct cli_source *source, const struct cli_load *load,
	     struct bfk_result *result);

/* cli.c */
int cli_where(const char *engine, enum bfk_where *where);
int cli_create(struct bfk **bfk, enum bfk_where *where, const char *engine);
const char *cli_own_engine(void);
int cli_info(struct bfk_info *info, enum bfk_where *where, const char *engine);
int cli_parse_number(const char *text, uint64_t max, uint64_t *value);
const char *cli_op_name(char letter);
uint64_t cli_now_ns(void);
int cli_end(int status);

/* open.c: cli_create() and cli_load() in one, or what load->service gives. Says what went wrong. */
int cli_open(struct bfk **bfk, enum bfk_where *where, struct cli_source *source,
	     const struct cli_load *load, struct bfk_result *result);

/* report.c: messages to stderr. */
void cli_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void cli_hint(const char *format, ...) __attribute__((format(printf, 1, 2)));
void cli_say_at(struct cli_source *source, size_t off, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void cli_say_load(struct cli_source *source, const struct cli_load *load,
		  const struct bfk_result *result, int err);

/* slots.c: what --slot, --dir, --listen and --connect say. */
struct cli_slots {
	int fds[64];
};

void cli_slots_init(struct cli_slots *slots);
int cli_slots_assign(struct cli_slots *slots, const char *spec, const char *mode);
int cli_slots_socket(struct cli_slots *slots, const char *spec, bool is_listening);
bool cli_slots_have_socket(const struct cli_slots *slots);

/* sockets.c */
int cli_socket(const char *where, bool is_listening, unsigned int slot, int *fd);

/*
 * struct cli_outcome - what a run was and gave
 * @where: it was
 * @result: of bfk_load() and of the last bfk_run()
 * @fuel_given: when it started
 * @ns: how long it took
 * @signo: the signal that has ended it, 0: none
 * @wants_failed: stop before operations, if only that shows which one failed before %q
 * @failed: what the last run that reported a failed operation gave; fail_errno 0: none has
 */
struct cli_outcome {
	enum bfk_where where;
	struct bfk_result result;
	uint64_t fuel_given;
	uint64_t ns;
	int signo;
	bool wants_failed;
	struct bfk_result failed;
};

/* outcome.c */
int cli_outcome(struct cli_source *source, const struct cli_outcome *outcome);
void cli_say_stats(struct cli_source *source, const struct cli_outcome *outcome);

/*
 * struct cli_pace - how much fuel to give a run at a time
 * @part: so much at most; all, if its output is for no terminal
 * @held_back: what the run under way was not given
 * @start_ns: when that began
 */
struct cli_pace {
	uint64_t part, held_back, start_ns;
};

/*
 * pace.c. Of @fuel, begin() returns what to give the run now, and end() puts back into result->fuel_left
 * what was not given. Is a run stopped, so that it is to be continued?
 */
struct cli_pace cli_pace_for(int fd);
uint64_t cli_pace_begin(struct cli_pace *pace, uint64_t fuel);
void cli_pace_end(struct cli_pace *pace, struct bfk_result *result);
bool cli_is_stopped(const struct bfk_result *result);

/* Runs a loaded program until it is over or out of fuel, or a signal is to end bfk. Returns -errno. */
int cli_run(struct bfk *bfk, struct cli_source *source, const struct cli_slots *slots,
	    struct cli_outcome *outcome);

#define CLI_GRACE_NS 1000000000ull /* for output, after a signal; then another ends bfk at once */

/*
 * signals.c. watch() handles signals from now on, and they stop the run of @bfk, if it is not NULL, until
 * forget(). end() is what is to end bfk, 0: nothing; asked(): has SIGUSR1 come since the last look? While a
 * signal has come that nobody has looked at, it is repeated, so that it ends every wait; calm() ends that.
 */
void cli_signals_watch(struct bfk *bfk);
void cli_signals_forget(void);
int cli_signals_end(void);
bool cli_signals_asked(void);
void cli_signals_calm(void);

/* Ends bfk as the signal would have done; if even that does not, returns an exit status. */
int cli_signals_die(int signo);

/*
 * struct cli_async - what all programs of `bfk run --async` are given
 * @fuel: each
 */
struct cli_async {
	struct cli_load load;
	struct cli_slots slots;
	uint64_t fuel;
	bool stats;
};

/* cmd_async.c */
int cli_run_async(const struct cli_async *async, char **arguments);

/* lint.c: warnings about a good program, by its ops of level 0. Returns how many. */
size_t cli_lint(struct cli_source *source, const struct bfk_op *ops, size_t n_ops);

/* op_text.c: an op as people read it, to stdout. */
void cli_put_op(const struct bfk_op *op);

int cmd_run(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_compile(int argc, char **argv);
int cmd_dump(int argc, char **argv);
int cmd_bench(int argc, char **argv);
int cmd_ops(int argc, char **argv);
int cmd_info(int argc, char **argv);
int cmd_submit(int argc, char **argv);

/* Of bfk-dump: cmd_audit.c and dump_main.c. */
int cmd_audit(int argc, char **argv);
int cli_say_no_listing(const char *command, enum bfk_where where, int err);

#endif
