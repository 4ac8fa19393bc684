/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of the tables share: tables.c describes a table. */
#ifndef BFK_TABLES_H
#define BFK_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "userspace/include/libbfk.h"

#define TEXT_MAX (1 << 18) /* of a case */

/* Text that grows. A table whose text does not fit is wrong. */
struct text {
	char bytes[TEXT_MAX];
	size_t len;
};

/*
 * struct table_case - one case of a table
 * @name: its sentence
 * @source: with all repetitions expanded
 * @ops: the lines of ops in the table
 */
struct table_case {
	char name[200];
	struct text source, ops;
	uint32_t passes;
};

/* tables_text.c */
void __attribute__((format(printf, 2, 3))) put(struct text *text, const char *format, ...);
void put_ops(struct text *text, const struct bfk_op *ops, size_t n_ops);

/* tables_parse.c */

/* Returns the rest of a line that begins with @start, else NULL. */
const char *after(const char *line, const char *start);
/* Parses one line of a table. True: a case begins, so the previous one is complete. */
bool parse_line(struct table_case *c, const char *line);

/* tables_run.c */
void compile(const struct table_case *c, uint32_t passes, struct bfk_op **ops, size_t *n_ops);
/*
 * Runs the unoptimised source and the ops on a few tapes. Returns how many ended; -1: differently.
 */
int compare_runs(const struct table_case *c, const struct bfk_op *ops, size_t n_ops);

#endif
