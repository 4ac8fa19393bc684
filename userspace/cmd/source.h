/* SPDX-License-Identifier: GPL-2.0-only */
/* Programs: their texts and the places in them; files of ops. */
#ifndef BFK_CMD_SOURCE_H
#define BFK_CMD_SOURCE_H

#include "userspace/include/libbfk.h"

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

int cli_source_get(struct cli_source *source, const char *text, const char *path,
		   const char *command);
int cli_source_read(struct cli_source *source, const char *path);
void cli_source_free(struct cli_source *source);
int cli_source_write(const char *path, const struct bfk_op *ops, size_t n_ops, bool is_zeroed);
struct cli_place cli_place(struct cli_source *source, size_t off);
int cli_read_file(const char *path, char **bytes, size_t *len);

#endif
