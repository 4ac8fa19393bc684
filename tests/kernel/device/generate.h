/* SPDX-License-Identifier: GPL-2.0-only */
/* Random arrays of ops, and random changes of them, all from one seed. */
#ifndef BFK_TESTS_GENERATE_H
#define BFK_TESTS_GENERATE_H

#include "ops.h"

#define GENERATE_MAX 600u /* maximum ops that generate() makes */

struct generator {
	uint64_t state; /* not 0 */
	struct bfk_op *ops;
	uint32_t n, n_max, open[8], n_open;
	const char *letters; /* operations it may contain */
};

/* xorshift64* (Vigna) */
static inline uint64_t next(struct generator *g)
{
	g->state ^= g->state >> 12;
	g->state ^= g->state << 25;
	g->state ^= g->state >> 27;
	return g->state * 0x2545f4914f6cdd1dull >> 16;
}

static inline uint32_t below(struct generator *g, uint32_t n)
{
	return next(g) % n;
}

static inline bool one_in(struct generator *g, uint32_t n)
{
	return !below(g, n);
}

/* Mostly near the head, so that ops affect each other. */
static inline int16_t some_off(struct generator *g)
{
	static const int16_t edges[] = { 127, 128, -128, -129, 32767, -32768, 32760, -32761 };

	switch (below(g, 40)) {
	case 0:
		return next(g);
	case 1:
		return edges[below(g, 8)];
	case 2:
		return (int)below(g, 600) - 300;
	default:
		return (int)below(g, 17) - 8;
	}
}

static inline uint8_t some_val(struct generator *g)
{
	switch (below(g, 4)) {
	case 0:
		return 1;
	case 1:
		return 255;
	case 2:
		return below(g, 8);
	default:
		return next(g);
	}
}

static inline uint8_t some_reg(struct generator *g)
{
	return one_in(g, 2) ? 0 : 1 + below(g, one_in(g, 3) ? 7 : 3);
}

static inline struct bfk_op *put_op(struct generator *g, uint8_t kind)
{
	struct bfk_op *op = &g->ops[g->n++];

	*op = (struct bfk_op){ .kind = kind,
			       .val = some_val(g),
			       .reg = some_reg(g),
			       .src_reg = some_reg(g),
			       .off = some_off(g),
			       .src_off = some_off(g),
			       .match = next(g),
			       .source_off = next(g),
			       .text_off = next(g) };
	if (kind <= BFK_OP_HOST_MAX || kind == IF8)
		op->reg = 0;
	if (kind == SYS)
		op->val = g->letters[below(g, strlen(g->letters))];
	return op;
}

/* A random kind other than END, by weight. */
static inline uint8_t some_kind(struct generator *g)
{
	static const uint8_t weights[KINDS] = {
		[IN] = 3,    [OUT] = 3,	 [SYS] = 2,  [NEXT] = 7, [IF] = 7,	[IF8] = 4,
		[LABEL] = 6, [MOVE] = 5, [ADD] = 14, [SET] = 9,	 [MULADD] = 12, [MUL] = 9
	};
	uint32_t at = below(g, 81);
	uint8_t kind = 0;

	while (at >= weights[kind])
		at -= weights[kind++];
	return kind;
}

/* May the jump at @from have @to as its match? */
static inline bool may_go(const struct bfk_op *from, const struct bfk_op *to)
{
	bool is_back = from->kind == NEXT;

	return is_back == (to < from) && to != from &&
	       (to->kind == LABEL || to->kind == (is_back ? IF : NEXT));
}

/* Chooses a valid target for a jump, usually a near one; without one, the op becomes a LABEL. */
static inline void aim(struct generator *g, uint32_t ix)
{
	struct bfk_op *op = &g->ops[ix];
	uint32_t last = one_in(g, 4) ? below(g, g->n) : below(g, 4), to = ix, found = ix;
	int step = op->kind == NEXT ? -1 : 1;

	while (to + step < g->n && (found == ix || last)) { /* less than 0 wraps beyond n */
		to += step;
		if (may_go(op, &g->ops[to])) {
			found = to;
			last -= !!last;
		}
	}
	op->match = found;
	if (found == ix)
		op->kind = LABEL;
}

/* A loop that ends: "place = small number", LABEL, ..., "place -= 1", NEXT. */
static inline void put_count(struct generator *g)
{
	struct bfk_op *op = put_op(g, SET);

	op->val = 1 + below(g, 5);
	put_op(g, LABEL);
	g->open[g->n_open++] = g->n - 2;
}

static inline void close_count(struct generator *g)
{
	struct bfk_op set = g->ops[g->open[--g->n_open]], *op = put_op(g, ADD);

	op->val = 255;
	op->reg = set.reg;
	op->off = set.off;
	op = put_op(g, NEXT);
	op->reg = set.reg;
	op->off = set.off;
	op->match = g->open[g->n_open] + 1;
}

/* "cell off + i = register 1 + i" for all registers, so that the tape shows them. */
static inline void put_registers(struct generator *g, int16_t off)
{
	int i;

	for (i = 0; i < 7; i++) {
		struct bfk_op *op = put_op(g, MUL);

		op->reg = 0;
		op->val = 1;
		op->src_reg = 1 + i;
		op->off = off + i;
	}
}

/* A program of at most GENERATE_MAX ops that passes every check; g->ops has room for them. */
static inline void generate(struct generator *g)
{
	uint32_t len = 1 + below(g, one_in(g, 8) ? 500 : 70), i;

	g->n = g->n_open = 0;
	while (g->n < len) {
		if (one_in(g, 12) && g->n_open < 8)
			put_count(g);
		else if (one_in(g, 12) && g->n_open)
			close_count(g);
		else
			put_op(g, some_kind(g));
		if (one_in(g, 40))
			put_registers(g, some_off(g));
	}
	while (g->n_open)
		close_count(g);
	if (!one_in(g, 4))
		put_registers(g, 20);
	put_op(g, END);
	for (i = 0; i < g->n; i++) { /* the jumps of close_count() are valid */
		uint8_t kind = g->ops[i].kind;

		if ((kind == NEXT || kind == IF || kind == IF8) &&
		    (g->ops[i].match >= g->n || !may_go(&g->ops[i], &g->ops[g->ops[i].match])))
			aim(g, i);
	}
}

/* Changes a few ops, usually in a way that the check accepts. */
static inline void change(struct generator *g)
{
	uint32_t times = 1 + below(g, 4);

	while (times--) {
		uint32_t ix = below(g, g->n - (g->n > 1));
		struct bfk_op *op = &g->ops[ix];

		switch (below(g, 8)) {
		case 0:
			op->val = op->kind == SYS ? op->val : some_val(g);
			break;
		case 1:
			op->off = some_off(g);
			break;
		case 2:
			op->src_off = some_off(g);
			break;
		case 3:
			if (op->kind >= BFK_OP_NEXT && op->kind != IF8)
				op->reg = some_reg(g);
			break;
		case 4:
			op->src_reg = some_reg(g);
			break;
		case 5:
			if (op->kind >= NEXT && op->kind <= IF8)
				aim(g, ix);
			break;
		case 6: /* jumps to it may become invalid */
			if (op->kind != END)
				op->kind = ADD + below(g, 4);
			break;
		default:
			if (ix + 1 < g->n && op->kind > LABEL && op[1].kind > LABEL) {
				struct bfk_op was = *op;

				*op = op[1];
				op[1] = was;
			}
		}
	}
}

/* Changes random bits and bytes. */
static inline void damage(struct generator *g)
{
	uint32_t times = 1 + below(g, 3);

	while (times--) {
		uint8_t *byte = (uint8_t *)g->ops + below(g, g->n * sizeof(*g->ops));

		switch (below(g, 4)) {
		case 0:
			*byte ^= 1 << below(g, 8);
			break;
		case 1:
			*byte = next(g);
			break;
		case 2:
			*byte += one_in(g, 2) ? 1 : 255;
			break;
		default: /* copy one op over another */
			g->ops[below(g, g->n)] = g->ops[below(g, g->n)];
		}
	}
}

#endif
