// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What all engines need: listings, and what a load or a run gave. Interface: engine.h, libbfk.h */
#include "engine.h"
#include <errno.h>
#include <stdlib.h>

void bfk_result_set_run(struct bfk_result *result, const struct bfk_run_args *args)
{
	result->engine = args->engine;
	result->status = args->status;
	result->exit_code = args->exit_code;
	result->source_off = args->source_off;
	result->head = args->head;
	result->fail_errno = args->fail_errno;
	result->fail_letter = args->fail_letter;
	result->fail_off = args->fail_off;
	result->fuel_left = args->fuel;
	result->sysops = args->sysops;
	result->read_len = args->read_len;
	result->write_len = args->write_len;
}

struct bfk_result bfk_result_loaded(const struct bfk *bfk)
{
	return (struct bfk_result){ .engine = bfk->last.engine,
				    .n_ops = bfk->last.n_ops,
				    .text_len = bfk->last.text_len };
}

int bfk_listing_alloc(struct bfk_listing *listing, size_t text_len, size_t n_ops)
{
	listing->text_len = text_len;
	listing->n_ops = n_ops;
	listing->text = malloc(text_len);
	listing->ops = calloc(n_ops, sizeof(*listing->ops));
	if (listing->text && listing->ops)
		return 0;
	bfk_listing_free(listing);
	return -ENOMEM;
}

void bfk_listing_free(struct bfk_listing *listing)
{
	free(listing->text);
	free(listing->ops);
	*listing = (struct bfk_listing){};
}
