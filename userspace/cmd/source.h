/* SPDX-License-Identifier: GPL-2.0-only */
/* Programs: texts, and lines and columns in them; and files of ops. */
#ifndef BFK_CMD_SOURCE_H
#define BFK_CMD_SOURCE_H

#include "userspace/include/libbfk.h"

/*
 * struct cli_source - a program: its text, or the ops that `bfk compile` made of it
 * @name: its name in messages, borrowed
 * @text: its bytes, freed by cli_source_free()
 * @len: how many bytes
 * @ops: the ops, in @text, with their number as source_off; NULL: it is text
 * @n_ops: how many ops
 * @is_zeroed: the ops are for a tape that is zero when the program starts
 * @lines: offsets at which lines start, @n_lines of them; NULL until the first cli_place()
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

/* Line and column of a byte, counted from 1, columns in bytes. */
struct cli_place {
	size_t line;
	size_t col;
};

int cli_source_get(struct cli_source *source, const char *text, const char *path,
		   const char *command);
int cli_source_read(struct cli_source *source, const char *path);
int cli_source_each(const char *text, char **paths, const char *command,
		    int (*each)(struct cli_source *source, void *arg), void *arg);
void cli_source_free(struct cli_source *source);
int cli_source_write(const char *path, const struct bfk_op *ops, size_t n_ops, bool is_zeroed);
struct cli_place cli_place(struct cli_source *source, size_t off);
int cli_read_file(const char *path, char **bytes, size_t *len);

#endif
