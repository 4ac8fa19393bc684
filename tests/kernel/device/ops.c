// SPDX-License-Identifier: GPL-2.0-only
/* Which arrays of ops does LOAD refuse, and which place does it report? */
#include "refused.h"

static void kinds(void)
{
	struct bfk_op ops[N_EVERY];
	unsigned int ix, kind;

	accepted(every, N_EVERY);
	for (kind = KINDS; kind < 256; kind++) {
		for (ix = 4; ix < N_EVERY; ix += 4) { /* in the middle, and instead of END */
			memcpy(ops, every, sizeof(ops));
			ops[ix].kind = kind;
			refused(ops, N_EVERY, EINVAL, BFK_ERROR_BAD_OP, ix);
		}
		refused(&(struct bfk_op){ .kind = kind }, 1, EINVAL, BFK_ERROR_BAD_OP, 0);
	}
}

/* Some ops only take cells; and a register number in an unused field must be valid too. */
static void registers(void)
{
	static const bool on_cells[KINDS] = {
		[END] = true, [IN] = true, [OUT] = true, [SYS] = true, [IF8] = true
	};
	struct bfk_op ops[N_EVERY];
	unsigned int ix, reg;
	static char text[40];

	note = text;
	for (ix = 0; ix < N_EVERY; ix++) {
		for (reg = 0; reg < 256; reg += reg < 16 || reg > 250 ? 1 : 5) {
			snprintf(text, sizeof(text), "kind %d register %d", every[ix].kind, reg);
			memcpy(ops, every, sizeof(ops));
			ops[ix].reg = reg;
			if (reg < (on_cells[ops[ix].kind] ? 1 : BFK_OP_REGS))
				accepted(ops, N_EVERY);
			else
				refused(ops, N_EVERY, EINVAL, BFK_ERROR_BAD_OP, ix);
			ops[ix].reg = 0;
			ops[ix].src_reg = reg;
			if (reg < BFK_OP_REGS)
				accepted(ops, N_EVERY);
			else
				refused(ops, N_EVERY, EINVAL, BFK_ERROR_BAD_OP, ix);
		}
	}
}

/* Every kind of jump to every op: one jump, at SUBJECT, with ops of each kind on both sides. */
#define SUBJECT 11u

static void matches(void)
{
	static const struct bfk_op around[] = {
		{ LABEL },
		{ LABEL },
		{ IF, .match = 14 },
		{ IF8, .val = 1, .match = 14 },
		{ MOVE },
		{ ADD },
		{ NEXT, .match = 0 },
		{ IN },
		{ OUT },
		{ SYS, .val = 'r' },
		{ MUL },
		{ 0 },
		{ IF, .match = 14 },
		{ NEXT, .match = 1 },
		{ LABEL },
		{ IF8, .val = 1, .match = 16 },
		{ LABEL },
		{ MOVE },
		{ ADD },
		{ SET },
		{ MULADD },
		{ IN },
		{ OUT },
		{ SYS, .val = 'w' },
		{ END },
	};
	static const uint32_t far[] = { 255,	    256,	65536,
					0x7fffffff, 0x80000000, 0x80000000 | 14,
					0xfffffffe, 0xffffffff, 0x0ccccccd };
	static const uint8_t jumps[] = { NEXT, IF, IF8 };
	enum { N = sizeof(around) / sizeof(*around) };
	struct bfk_op ops[N];
	uint32_t i, j, n_good = 0;
	static char text[40];

	note = text;
	for (i = 0; i < 3; i++) {
		memcpy(ops, around, sizeof(ops));
		ops[SUBJECT] = (struct bfk_op){ .kind = jumps[i], .val = 1 };
		for (j = 0; j < N + 4 + sizeof(far) / sizeof(*far); j++) {
			uint32_t match = j < N + 4 ? j : far[j - N - 4];
			uint8_t to = match < N ? ops[match].kind : END;
			bool good = jumps[i] == NEXT ?
					    match < SUBJECT && (to == LABEL || to == IF) :
					    match > SUBJECT && (to == LABEL || to == NEXT);

			snprintf(text, sizeof(text), "kind %d to %u", jumps[i], match);
			ops[SUBJECT].match = match;
			if (good)
				accepted(ops, N);
			else
				refused(ops, N, ENOEXEC, BFK_ERROR_BAD_MATCH, SUBJECT);
			n_good += good;
		}
	}
	EQUAL(n_good, 3 + 3 + 3);
}

/* Jumps at the very start and the very end of an array. */
static void matches_at_ends(void)
{
	uint32_t match;

	for (match = 0; match < 4; match++) {
		struct bfk_op first[] = { { NEXT, .match = match }, { LABEL }, { END } };
		struct bfk_op last[] = { { LABEL }, { IF, .match = match }, { END } };
		struct bfk_op instead[] = { { LABEL }, { LABEL }, { NEXT, .match = match } };

		refused(first, 3, ENOEXEC, BFK_ERROR_BAD_MATCH, 0);
		refused(last, 3, ENOEXEC, BFK_ERROR_BAD_MATCH, 1);
		refused(instead, 3, EINVAL, BFK_ERROR_BAD_OP, 2);
	}
}

static void ends(void)
{
	struct bfk_op ops[N_EVERY];
	unsigned int ix;

	accepted(&(struct bfk_op){ END }, 1);
	refused(every, N_EVERY - 1, EINVAL, BFK_ERROR_BAD_OP, N_EVERY - 2); /* none */
	refused(every, 0, EINVAL, BFK_ERROR_BAD_OP, 0);
	for (ix = 5; ix < N_EVERY - 1; ix++) { /* an extra END; nothing jumps there */
		memcpy(ops, every, sizeof(ops));
		ops[ix] = (struct bfk_op){ END };
		refused(ops, N_EVERY, EINVAL, BFK_ERROR_BAD_OP, ix);
	}
	refused((struct bfk_op[]){ { END }, { END } }, 2, EINVAL, BFK_ERROR_BAD_OP, 0);
}

static void letters(void)
{
	struct bfk_op ops[] = { { ADD }, { SYS, .source_off = 7 }, { END } };
	uint32_t known = dev_info(dev_fd()).sysops, val;
	struct bfk_load_args args;

	for (val = 0; val < 256; val++) {
		uint32_t bit = val >= 'a' && val <= 'z' ? 1u << (val - 'a') : 0;

		ops[1].val = val;
		args = ops_args(ops, 3, 0);
		if (!(bit & known)) {
			says(args, ENOSYS, BFK_ERROR_UNKNOWN_OP, 1);
			args.allowed = 0;
			says(args, ENOSYS, BFK_ERROR_UNKNOWN_OP, 1);
			continue;
		}
		says(args, 0, BFK_ERROR_NONE, 0);
		args.allowed = bit;
		says(args, 0, BFK_ERROR_NONE, 0);
		args.allowed = BFK_ALLOW_ALL & ~bit;
		says(args, EACCES, BFK_ERROR_DENIED_OP, 1);
		args.allowed = 0;
		says(args, EACCES, BFK_ERROR_DENIED_OP, 1);
	}
}

/* The first of several bad ops is reported, with the most serious of its errors. */
static void first_wrong(void)
{
	struct bfk_op ops[] = { { ADD },
				{ SYS, .val = 'R' },
				{ SYS, .val = 'r' },
				{ IF, .match = 99 },
				{ .kind = 99 },
				{ NEXT, .reg = 9, .match = 99 },
				{ END } };
	struct bfk_load_args args = ops_args(ops, 7, 0);

	args.allowed = 0;
	says(args, ENOSYS, BFK_ERROR_UNKNOWN_OP, 1);
	ops[1].kind = ADD;
	says(args, EACCES, BFK_ERROR_DENIED_OP, 2);
	args.allowed = BFK_ALLOW_ALL;
	says(args, ENOEXEC, BFK_ERROR_BAD_MATCH, 3);
	ops[3].kind = ADD;
	says(args, EINVAL, BFK_ERROR_BAD_OP, 4);
	ops[4].kind = ADD;
	says(args, EINVAL, BFK_ERROR_BAD_OP, 5);
	ops[5].reg = 7;
	says(args, ENOEXEC, BFK_ERROR_BAD_MATCH, 5);
	ops[5].kind = ADD;
	says(args, 0, BFK_ERROR_NONE, 0);
}

static const struct test tests[] = {
	{ "load (unknown kinds) is EINVAL and reports the place", kinds },
	{ "load (unknown registers, or registers where a cell must be) is EINVAL and reports the place",
	  registers, 60 },
	{ "load (jumps of every kind to every op and to none) is ENOEXEC unless the target is valid",
	  matches },
	{ "load (jumps that are the first or the last op) is refused and reports the place",
	  matches_at_ends },
	{ "load (no END, an early END, no op at all) is EINVAL and reports the place", ends },
	{ "load (each letter, allowed or not) is ENOSYS or EACCES and reports the place", letters },
	{ "load (several errors) reports the first", first_wrong },
};

CASES(tests)
