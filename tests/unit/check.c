// SPDX-License-Identifier: GPL-2.0
/*
 * check   compares bfk_check() with bfk-ops(5), whose rules check_rules.c has a second time
 *
 * Tries all arrays of up to three ops, with everything the rules depend on: known and unknown
 * kinds, registers in and out of range, matches inside and outside the array. Meant to be built
 * with AddressSanitizer: arrays get exactly the room they need.
 */
#include <stdlib.h>
#include "check_rules.h"
#include "tests/harness/tap.h"

#define ALL 0x3ffffffu
#define N_ELEMENTS(array) (sizeof(array) / sizeof((array)[0]))

static struct verdict check(struct bfk_op *ops, u32 n_ops, u32 known, u32 allowed)
{
	struct bfk_parse parse = { .ops = ops, .n_ops = n_ops };
	struct verdict verdict = { .err = bfk_check(&parse, known, allowed) };

	verdict.error = parse.error;
	verdict.ix = parse.error_off;
	return verdict;
}

/*
 * struct tally - counts of arrays checked
 * @errors: how many gave each error
 * @differences: how many bfk_check() and the table judge differently
 */
struct tally {
	u32 n, errors[BFK_ERROR_BAD_MATCH + 1], differences;
};

static void print_op(const struct bfk_op *op)
{
	printf("#   kind %u reg %u src_reg %u match %u val %u\n", op->kind, op->reg, op->src_reg,
	       op->match, op->val);
}

static void compare(struct tally *tally, struct bfk_op *ops, u32 n_ops, u32 known, u32 allowed)
{
	struct verdict want = judge(ops, n_ops, known, allowed);
	struct verdict got = check(ops, n_ops, known, allowed);

	tally->n++;
	if (got.error < N_ELEMENTS(tally->errors))
		tally->errors[got.error]++;
	if (got.err == want.err && got.error == want.error && got.ix == want.ix)
		return;
	if (tally->differences++)
		return;
	printf("# %u ops: error %u (%s) at %u, expected %u (%s) at %u\n", n_ops, got.error,
	       strerror(-got.err), got.ix, want.error, strerror(-want.err), want.ix);
	for (u32 i = 0; i < n_ops; i++)
		print_op(&ops[i]);
}

/* Values to try in a field. */
struct values {
	const u32 *values;
	u32 n;
};

#define VALUES(...)                                     \
	((struct values){ (const u32[]){ __VA_ARGS__ }, \
			  sizeof((const u32[]){ __VA_ARGS__ }) / sizeof(u32) })

/* Values to try in each op of an array. */
struct space {
	struct values kinds, regs, src_regs, matches;
};

static u32 n_choices(const struct space *space)
{
	return space->kinds.n * space->regs.n * space->src_regs.n * space->matches.n;
}

static u32 take(const struct values *values, u32 *choice)
{
	u32 value = values->values[*choice % values->n];

	*choice /= values->n;
	return value;
}

static struct bfk_op choose(const struct space *space, u32 choice)
{
	struct bfk_op op = { .val = 'r' };

	op.kind = take(&space->kinds, &choice);
	op.reg = take(&space->regs, &choice);
	op.src_reg = take(&space->src_regs, &choice);
	op.match = take(&space->matches, &choice);
	return op;
}

/* Compares every array of @n_ops ops from @space. */
static void compare_all(struct tally *tally, const struct space *space, u32 n_ops)
{
	struct bfk_op *ops = malloc(n_ops * sizeof(*ops));
	u32 total = n_choices(space), choices[3] = {}, ix;

	do {
		for (ix = 0; ix < n_ops; ix++)
			ops[ix] = choose(space, choices[ix]);
		compare(tally, ops, n_ops, ALL, ALL);
		for (ix = 0; ix < n_ops && ++choices[ix] == total; ix++)
			choices[ix] = 0;
	} while (ix < n_ops);
	free(ops);
}

#define KINDS VALUES(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 255)

static void test_all(void)
{
	const struct space spaces[] = {
		{ KINDS, VALUES(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 128, 255),
		  VALUES(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 128, 255), VALUES(0, 1, 2, U32_MAX) },
		{ KINDS, VALUES(0, 1, 7, 8), VALUES(0, 7, 8), VALUES(0, 1, 2, U32_MAX) },
		{ KINDS, VALUES(0, 7, 8), VALUES(0), VALUES(0, 1, 2, 3) },
	};
	struct tally tally = {};

	_Static_assert(BFK_OP_KINDS == 13, "KINDS has all kinds, and two invalid ones");
	for (u32 n_ops = 1; n_ops <= 3; n_ops++) {
		tally = (struct tally){};
		compare_all(&tally, &spaces[n_ops - 1], n_ops);
		tap(!tally.differences && tally.errors[BFK_ERROR_NONE] &&
			    tally.errors[BFK_ERROR_BAD_OP] &&
			    (n_ops == 1 || tally.errors[BFK_ERROR_BAD_MATCH]),
		    "check (all %u arrays of %u ops) finds %u good, %u bad ops, %u bad matches",
		    tally.n, n_ops, tally.errors[BFK_ERROR_NONE], tally.errors[BFK_ERROR_BAD_OP],
		    tally.errors[BFK_ERROR_BAD_MATCH]);
	}
}

static void test_letters(void)
{
	static const u32 masks[] = { 0, ALL, 1, 1u << 25, 0x20000, ALL & ~0x20000, 0x1555555 };
	struct bfk_op ops[2] = { { .kind = BFK_OP_SYS }, { .kind = BFK_OP_END } };
	struct tally tally = {};

	for (u32 val = 0; val < 256; val++) {
		ops[0].val = val;
		for (u32 known = 0; known < N_ELEMENTS(masks); known++)
			for (u32 allowed = 0; allowed < N_ELEMENTS(masks); allowed++)
				compare(&tally, ops, 2, masks[known], masks[allowed]);
	}
	tap(!tally.differences && tally.errors[BFK_ERROR_NONE] &&
		    tally.errors[BFK_ERROR_UNKNOWN_OP] && tally.errors[BFK_ERROR_DENIED_OP],
	    "check (every letter, known and allowed or not) finds %u good, %u unknown, %u denied",
	    tally.errors[BFK_ERROR_NONE], tally.errors[BFK_ERROR_UNKNOWN_OP],
	    tally.errors[BFK_ERROR_DENIED_OP]);
}

static struct bfk_op random_op(u32 n_ops)
{
	return (struct bfk_op){ .kind = rand() % 13,
				.val = rand() % 64 ? 'a' + rand() % 26 : rand(),
				.reg = rand() % 4 ? 0 : rand() % 9,
				.src_reg = rand() % 8 ? 0 : rand() % 8,
				.off = rand(),
				.src_off = rand(),
				.match = rand() % (n_ops + 1) };
}

/* Longer arrays of mostly valid ops, so that the first bad op is far from the start. */
static void test_random(u32 count)
{
	struct tally tally = {};
	u32 farthest = 0;

	srand(1);
	for (u32 i = 0; i < count; i++) {
		u32 n_ops = rand() % 40 + 1;
		struct bfk_op *ops = malloc(n_ops * sizeof(*ops));
		struct verdict verdict;

		for (u32 ix = 0; ix + 1 < n_ops; ix++) {
			/* prefer an op that is valid here */
			for (u32 tries = 0; tries < 10; tries++) {
				ops[ix] = random_op(n_ops);
				if (ops[ix].kind > BFK_OP_SYS && !is_form_wrong(ops, n_ops, ix) &&
				    (ops[ix].kind != BFK_OP_NEXT || !is_jump_wrong(ops, n_ops, ix)))
					break;
			}
		}
		ops[n_ops - 1] = (struct bfk_op){ .kind = BFK_OP_END };
		compare(&tally, ops, n_ops, ALL & ~1, ALL & ~2);
		verdict = judge(ops, n_ops, ALL & ~1, ALL & ~2);
		farthest = verdict.ix > farthest ? verdict.ix : farthest;
		free(ops);
	}
	tap(!tally.differences && tally.errors[BFK_ERROR_NONE] > count / 100 && farthest > 30,
	    "check (%u random arrays) agrees with the table: %u good, the last bad op is %u",
	    tally.n, tally.errors[BFK_ERROR_NONE], farthest);
}

/* Fields that an op does not use may have any value. */
static void test_unused_fields(void)
{
	struct bfk_op ops[] = { { .kind = BFK_OP_LABEL }, { .kind = BFK_OP_ADD },
				{ .kind = BFK_OP_IN },	  { .kind = BFK_OP_OUT },
				{ .kind = BFK_OP_SET },	  { .kind = BFK_OP_MOVE },
				{ .kind = BFK_OP_MUL },	  { .kind = BFK_OP_MULADD },
				{ .kind = BFK_OP_END } };
	u32 n = N_ELEMENTS(ops);

	for (u32 i = 0; i < n; i++) {
		ops[i].val = 0x80 + i;
		ops[i].off = ops[i].src_off = -32768 + (int)i;
		ops[i].match = ops[i].source_off = ops[i].text_off = U32_MAX - i;
		ops[i].src_reg = 7;
	}
	tap(!check(ops, n, 0, 0).err, "check (any value in unused fields) is good");
	ops[n - 1].reg = 1;
	tap(check(ops, n, 0, 0).err == -EINVAL, "check (a register of END) is bad");
}

static void test_empty(void)
{
	struct tally tally = {};

	compare(&tally, NULL, 0, ALL, ALL);
	tap(!tally.differences && tally.errors[BFK_ERROR_BAD_OP] == 1,
	    "check (no op at all) reports bad op 0");
}

static void test_two_rules(void)
{
	struct bfk_op ops[2] = { { .kind = BFK_OP_IF8, .reg = 1, .match = 1 },
				 { .kind = BFK_OP_END } };
	struct verdict first = check(ops, 2, ALL, ALL), second;

	ops[0].reg = 0;
	second = check(ops, 2, ALL, ALL);
	tap(first.error == BFK_ERROR_BAD_OP && second.error == BFK_ERROR_BAD_MATCH,
	    "check (two bad ops) reports the first, and after its fix the second");
}

/* A test of the test: a wrong rule in the table shows as a difference. */
static void test_planted(void)
{
	struct bfk_op ops[2] = { { .kind = BFK_OP_ADD, .reg = 1 }, { .kind = BFK_OP_END } };
	struct tally tally = {};

	rules[BFK_OP_ADD].takes_register = false;
	compare(&tally, ops, 2, ALL, ALL);
	rules[BFK_OP_ADD].takes_register = true;
	tap(tally.differences == 1, "check (a wrong rule in this table) shows a difference");
}

int main(void)
{
	test_empty();
	test_all();
	test_letters();
	test_unused_fields();
	test_random(100000);
	test_two_rules();
	test_planted();
	return tap_done();
}
