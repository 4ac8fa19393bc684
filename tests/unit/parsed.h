/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of the test of the parser share: sources that are parsed in exactly the room they need. */
#ifndef BFK_TESTS_PARSED_H
#define BFK_TESTS_PARSED_H

#include <stdlib.h>
#include "jit/parse.h"
#include "tests/harness/tap.h"

#define KNOWN 0x3ffffffu
#define BIT_OF(letter) (1u << ((letter) - 'a'))

struct parsed {
	struct bfk_parse parse;
	struct bfk_op *ops;
	u8 *source;
	int err;
};

/* Parses a copy of the source in memory that ends with it. */
static inline struct parsed parse_as(const void *source, u32 source_len, bool plain)
{
	struct parsed p = { .source = malloc(source_len ?: 1) };

	memcpy(p.source, source, source_len);
	p.ops = malloc((source_len + 1ul) * sizeof(*p.ops));
	p.parse = (struct bfk_parse){
		.source = p.source, .source_len = source_len, .plain = plain, .ops = p.ops
	};
	p.err = bfk_parse(&p.parse);
	return p;
}

static inline struct parsed parse(const char *source)
{
	return parse_as(source, strlen(source), false);
}

/* Parses and checks, as every caller does. */
static inline struct parsed load_as(const void *source, u32 source_len, bool plain, u32 known,
				    u32 allowed)
{
	struct parsed p = parse_as(source, source_len, plain);

	if (!p.err)
		p.err = bfk_check(&p.parse, known, allowed);
	return p;
}

static inline struct parsed load(const char *source)
{
	return load_as(source, strlen(source), false, KNOWN, KNOWN);
}

static inline void done(struct parsed *p)
{
	free(p->source);
	free(p->ops);
}

/* parse_ops.c */
void test_ops_of_sources(void);

/* The kinds of op that the parser makes, by name. */
extern const char *const kind_names[BFK_OP_KINDS];

/* parse_form.c */
void test_form(u32 count, u32 seed);

#endif
