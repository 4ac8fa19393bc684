/* SPDX-License-Identifier: GPL-2.0-only */
/* The listing of bfk dump: ops in words, and their machine code. */
#ifndef BFK_CMD_DUMP_H
#define BFK_CMD_DUMP_H

#include "json.h"
#include "source.h"
#include "userspace/include/libbfk.h"

/*
 * struct cli_dump - one listing being shown
 * @json: the writer of the document, NULL: there is none
 * @op_ix: the op whose code comes next
 */
struct cli_dump {
	struct cli_source *source;
	struct cli_json *json;
	struct bfk_listing listing;
	size_t op_ix;
};

/* Prints the listing, below a line with its sizes. Returns an exit status. */
int cli_put_dump(struct cli_dump *dump, enum bfk_where where);

#endif
