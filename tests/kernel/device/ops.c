// SPDX-License-Identifier: GPL-2.0-only
/* LOAD of ops: which are refused and why, which fields are ignored, and which are returned. */
#include "ops.h"

/* One valid op of each kind. */
static const struct bfk_op every[] = {
	{ LABEL },
	{ IF, .match = 3 },
	{ IF8, .val = 3, .match = 3 },
	{ NEXT, .match = 0 },
	{ MOVE, .off = 1 },
	{ ADD, .val = 1 },
	{ SET, .val = 2, .off = 1 },
	{ MULADD, .val = 3, .src_off = 1 },
	{ MUL, .val = 4, .off = 2, .src_off = 1 },
	{ IN, .off = 3 },
	{ OUT, .off = 3 },
	{ SYS, .val = 'm', .off = 8 },
	{ END },
};
#define N_EVERY 13u

_Static_assert(sizeof(every) == N_EVERY * sizeof(*every) && N_EVERY == KINDS, "one of each");

/* --- what is refused --------------------------------------------------------------------------- */

/* LOAD must return this errno, error and place, on both engines; reuses one instance for each. */
static void says(struct bfk_load_args args, int err, uint32_t error, uint32_t error_off)
{
	static int fds[2] = { -1, -1 };
	int i;

	for (i = 0; i < 2; i++) {
		struct bfk_load_args copy = args;

		if (fds[i] < 0)
			fds[i] = dev_fd();
		copy.flags |= engines[i];
		copy.error = copy.error_off = 0xeeeeeeee;
		EQUAL(dev_call(fds[i], BFK_LOAD, &copy), -err);
		EQUAL(copy.error, error);
		EQUAL(copy.error_off, error_off);
	}
}

static void refused(const struct bfk_op *ops, size_t n, int err, uint32_t error, uint32_t error_off)
{
	says(ops_args(ops, n, 0), err, error, error_off);
}

static void accepted(const struct bfk_op *ops, size_t n)
{
	says(ops_args(ops, n, 0), 0, BFK_ERROR_NONE, 0);
}

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

static void lengths(void)
{
	struct bfk_load_args args = ops_args(every, N_EVERY, 0);
	uint32_t len;

	for (len = 0; len <= sizeof(every); len++) {
		uint32_t n = len / sizeof(*every);

		args.source_len = len;
		if (len % sizeof(*every))
			says(args, EINVAL, BFK_ERROR_BAD_OP, n);
		else if (n == 3) /* the IF is not the last op, and its NEXT is missing */
			says(args, ENOEXEC, BFK_ERROR_BAD_MATCH, 1);
		else if (n < N_EVERY) /* END is missing */
			says(args, EINVAL, BFK_ERROR_BAD_OP, n ? n - 1 : 0);
		else
			says(args, 0, BFK_ERROR_NONE, 0);
	}
	args.source = 0; /* checked before anything is read */
	args.source_len = 21;
	says(args, EINVAL, BFK_ERROR_BAD_OP, 1);
	args.source_len = 7;
	says(args, EINVAL, BFK_ERROR_BAD_OP, 0);
	args.source_len = 0;
	says(args, EINVAL, BFK_ERROR_BAD_OP, 0);
}

static void too_many(void)
{
	uint32_t max = dev_info(dev_fd()).ops_max;
	struct bfk_load_args args = ops_args(NULL, 0, 0);

	EQUAL(max, (4 << 20) + 1);
	args.source_len = 20 * max + 20;
	says(args, E2BIG, BFK_ERROR_TOO_LONG, max);
	args.source_len += 7; /* "too many" is checked before "cut off" */
	says(args, E2BIG, BFK_ERROR_TOO_LONG, max);
	args.source_len = ~0u;
	says(args, E2BIG, BFK_ERROR_TOO_LONG, max);
	args.source_len = 0x80000000;
	says(args, E2BIG, BFK_ERROR_TOO_LONG, max);
	args.source_len = 20 * max + 7;
	says(args, EINVAL, BFK_ERROR_BAD_OP, max);
	args.source_len = 20 * max;
	says(args, EFAULT, BFK_ERROR_NONE, 0);
}

/* As many ops as possible: labels have no code, so that they even compile; then one bad op. */
static void as_many(void)
{
	uint32_t max = (4 << 20) + 1, i;
	struct bfk_op *ops =
		mmap(NULL, 20 * max, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct dev dev;

	CHECK(ops != MAP_FAILED);
	for (i = 0; i < max; i++)
		ops[i].kind = LABEL;
	ops[0] = (struct bfk_op){ IF, .match = max - 2 };
	ops[max - 3] = (struct bfk_op){ ADD, .val = 1 };
	ops[max - 1] = (struct bfk_op){ END };
	for (i = 0; i < 2; i++) {
		struct bfk_load_args args = ops_args(ops, max, engines[i]);

		dev = dev_open(0);
		EQUAL(dev_call(dev.fd, BFK_LOAD, &args), 0);
		EQUAL(args.n_ops, max);
		EQUAL(args.engine, i ? BFK_ENGINE_INTERP : ENGINE);
		EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_END);
		EQUAL(dev.tape[0], 0);
		EQUAL(dev_reset(dev.fd, 0), 0);
		dev.tape[0] = 1;
		EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_END);
		EQUAL(dev.tape[0], 2);
		dev_close(&dev);
	}
	ops[max - 2].src_reg = 8;
	refused(ops, max, EINVAL, BFK_ERROR_BAD_OP, max - 2);
}

static void pointers(void)
{
	struct bfk_load_args args = ops_args(NULL, N_EVERY, 0);
	char *edge = page_end(sizeof(every)), *pages;
	size_t page = page_len(), at;

	says(args, EFAULT, BFK_ERROR_NONE, 0);
	args.source = KERNEL_ADDR;
	says(args, EFAULT, BFK_ERROR_NONE, 0);
	args.source = ~0ull - 30;
	says(args, EFAULT, BFK_ERROR_NONE, 0);
	args.source = 0x7fffffffe000; /* from the last user page beyond user space */
	args.source_len = 20 * 1000;
	says(args, EFAULT, BFK_ERROR_NONE, 0);

	memcpy(edge, every, sizeof(every));
	args = ops_args((void *)edge, N_EVERY, 0);
	says(args, 0, BFK_ERROR_NONE, 0);
	for (at = 1; at < 40;
	     at++) { /* the end is in an unmapped page, inside an op or between two */
		args.source = (uintptr_t)edge + at;
		says(args, EFAULT, BFK_ERROR_NONE, 0);
	}
	args = ops_args((void *)edge, 1000000, 0); /* much more than is mapped */
	says(args, EFAULT, BFK_ERROR_NONE, 0);

	/* Across two pages, at every offset; then with the first, then the second unmapped. */
	pages = page_end(2 * page);
	for (at = page - sizeof(every); at <= page; at += 3) {
		memcpy(pages + at, every, sizeof(every));
		accepted((void *)(pages + at), N_EVERY);
	}
	at = page - 96;
	memcpy(pages + at, every, sizeof(every));
	mprotect(pages, page, PROT_NONE);
	says(ops_args((void *)(pages + at), N_EVERY, 0), EFAULT, BFK_ERROR_NONE, 0);
	mprotect(pages, page, PROT_READ);
	accepted((void *)(pages + at), N_EVERY);
	munmap(pages + page, page);
	says(ops_args((void *)(pages + at), N_EVERY, 0), EFAULT, BFK_ERROR_NONE, 0);
}

static void flags(void)
{
	struct bfk_load_args args = ops_args(every, N_EVERY, 0);
	struct bfk_load_args args_with;
	static const uint32_t versions[] = { 0, 2, 3, 255, 256, 0x101, 0x10001, 0x80000001, ~0u };
	unsigned int i;

	for (i = 0; i < sizeof(versions) / sizeof(*versions); i++) {
		args_with = args;
		args_with.ops_version = versions[i];
		EQUAL(dev_call(dev_fd(), BFK_LOAD, &args_with), -EINVAL);
	}
	args_with = args;
	args_with.flags |= BFK_LOAD_PLAIN;
	EQUAL(dev_call(dev_fd(), BFK_LOAD, &args_with), -EINVAL);
	args_with.ops_version = 0;
	EQUAL(dev_call(dev_fd(), BFK_LOAD, &args_with), -EINVAL);
	args_with = load_args("+", BFK_LOAD_OPS); /* as a caller that forgot the version */
	EQUAL(dev_call(dev_fd(), BFK_LOAD, &args_with), -EINVAL);
	args_with = load_args("+", 0);
	args_with.ops_version = BFK_OPS_VERSION;
	EQUAL(dev_call(dev_fd(), BFK_LOAD, &args_with), -EINVAL);
	args_with = args;
	args_with.flags |= BFK_LOAD_EOF_255 | BFK_LOAD_EOF_KEEP;
	EQUAL(dev_call(dev_fd(), BFK_LOAD, &args_with), -EINVAL);
	args_with = args;
	args_with.allowed = 1u << 26;
	EQUAL(dev_call(dev_fd(), BFK_LOAD, &args_with), -EINVAL);
	args_with = args;
	args_with.flags |= 1u << 6;
	EQUAL(dev_call(dev_fd(), BFK_LOAD, &args_with), -EINVAL);
}

/* Source is not valid as ops, nor ops as source. */
static void taken_for_each_other(void)
{
	const char *source = "++++++++++++++++++++"; /* an op of kind '+' */

	refused((void *)source, 1, EINVAL, BFK_ERROR_BAD_OP, 0);
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

static void failed_load_keeps(void)
{
	static const struct bfk_op count[] = { { SET, .val = 3, .reg = 5 },
					       { LABEL },
					       { ADD, .val = 1 },
					       { ADD, .val = 255, .reg = 5 },
					       { NEXT, .reg = 5, .match = 1 },
					       { END } };
	struct bfk_op bad[N_EVERY];
	unsigned int i;

	memcpy(bad, every, sizeof(bad));
	bad[11].src_reg = 200;
	for (i = 0; i < 2; i++) {
		struct dev dev = dev_open(engines[i]);
		struct bfk_load_args args;
		uint32_t free_len;

		dev_load_ops(&dev, count, 6);
		free_len = dev_info(dev.fd).text_free_len;
		EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_FUEL);
		EQUAL(dev.tape[0], 1);
		args = ops_args(bad, N_EVERY, dev.flags | BFK_LOAD_SEAL);
		EQUAL(dev_call(dev.fd, BFK_LOAD, &args), -EINVAL);
		args = ops_args(every, N_EVERY, dev.flags | BFK_LOAD_SEAL);
		args.source = KERNEL_ADDR;
		EQUAL(dev_call(dev.fd, BFK_LOAD, &args), -EFAULT);
		EQUAL(dev_info(dev.fd).text_free_len, free_len);
		EQUAL(dev_run(&dev, NULL, 0, 9).status,
		      BFK_STATUS_END); /* continues, registers too */
		EQUAL(dev.tape[0], 3);
		dev_load_ops(&dev, every, N_EVERY); /* not sealed */
		dev_close(&dev);
	}
}

static void sealed(void)
{
	struct dev dev = dev_open(0);
	struct bfk_load_args args = ops_args(every, N_EVERY, BFK_LOAD_SEAL);

	EQUAL(dev_call(dev.fd, BFK_LOAD, &args), 0);
	args = ops_args(every, N_EVERY, 0);
	EQUAL(dev_call(dev.fd, BFK_LOAD, &args), -EPERM);
	args.source = 0;
	EQUAL(dev_call(dev.fd, BFK_LOAD, &args), -EPERM);
	EQUAL(fd_load(dev.fd, "+", 0), -EPERM);
	dev_close(&dev);
	dev = dev_open(0); /* sealed by source, then ops */
	EQUAL(fd_load(dev.fd, "+", BFK_LOAD_SEAL), 0);
	args = ops_args(every, N_EVERY, 0);
	EQUAL(dev_call(dev.fd, BFK_LOAD, &args), -EPERM);
}

/* --- fields that are ignored, or only returned -------------------------------------------------- */

/*
 * Loads ops into a new instance and copies their machine code to @text (4096 bytes); returns its
 * length.
 */
static uint32_t text_of(const struct bfk_op *ops, size_t n, uint8_t *text, struct bfk_op *back)
{
	struct bfk_dump_args dump = {
		.text = (uintptr_t)text, .ops = (uintptr_t)back, .text_len = 4096, .n_ops = n
	};
	struct bfk_load_args args = ops_args(ops, n, 0);
	int fd = dev_fd();

	memset(text, 0, 4096);
	EQUAL(dev_call(fd, BFK_LOAD, &args), 0);
	EQUAL(args.engine, BFK_ENGINE_JIT);
	EQUAL(dev_call(fd, BFK_DUMP, &dump), 0);
	EQUAL(dump.text_len, args.text_len);
	EQUAL(dump.n_ops, n);
	close(fd);
	return dump.text_len;
}

/* Puts garbage into each field that an op does not use. */
static void unused(struct bfk_op *op, uint32_t seed)
{
	struct bfk_op was = *op;
	uint8_t reg = op->reg, src_reg = op->src_reg;
	bool has_val = op->kind == SYS || op->kind == IF8 || op->kind >= ADD;
	bool has_match = op->kind == NEXT || op->kind == IF || op->kind == IF8;

	fill(op, sizeof(*op), seed);
	op->kind = was.kind;
	op->reg = op->kind == LABEL || op->kind == MOVE ? op->reg % 8 : reg;
	op->src_reg = op->kind >= MULADD ? src_reg : op->src_reg % 8;
	if (has_val)
		op->val = was.val;
	if (has_match)
		op->match = was.match;
	if (op->kind != LABEL && op->kind != END && (!reg || op->kind == MOVE))
		op->off = was.off;
	if (op->kind >= MULADD && !src_reg)
		op->src_off = was.src_off;
}

static void garbage(void)
{
	static uint8_t clean_text[4096], text[4096];
	struct bfk_op clean[N_EVERY + 6], ops[N_EVERY + 6], back[N_EVERY + 6], copy[N_EVERY + 6];
	enum { N = N_EVERY + 6 };
	uint32_t len, seed, i, j;

	memcpy(clean, every, sizeof(every));
	clean[N_EVERY - 1] = (struct bfk_op){ ADD, .val = 77, .reg = 3 }; /* also with registers */
	clean[N_EVERY + 0] = (struct bfk_op){ MUL, .val = 3, .reg = 4, .src_reg = 3 };
	clean[N_EVERY + 1] = (struct bfk_op){ MULADD, .val = 9, .off = 5, .src_reg = 4 };
	clean[N_EVERY + 2] = (struct bfk_op){ SET, .val = 9, .reg = 7 };
	clean[N_EVERY + 3] = (struct bfk_op){ IF, .reg = 6, .match = N_EVERY + 4 };
	clean[N_EVERY + 4] = (struct bfk_op){ NEXT, .reg = 6, .match = N_EVERY + 3 };
	clean[N_EVERY + 5] = (struct bfk_op){ END };
	len = text_of(clean, N, clean_text, back);
	for (seed = 1; seed < 20; seed++) {
		uint32_t at = 0;

		for (i = 0; i < N; i++) {
			ops[i] = clean[i];
			unused(&ops[i], seed * 100 + i);
		}
		memcpy(copy, ops, sizeof(ops));
		EQUAL(text_of(ops, N, text, back), len);
		CHECK(!memcmp(text, clean_text, len));
		CHECK(!memcmp(ops, copy, sizeof(ops))); /* the caller's ops are unchanged */
		for (i = 0; i < N; i++) {
			CHECK(back[i].text_off >= at && back[i].text_off < len);
			at = back[i].text_off;
			back[i].text_off = ops[i].text_off;
		}
		CHECK(!memcmp(back, ops, sizeof(ops))); /* all other fields are returned unchanged */
		for (j = 0; j < 2; j++) {
			struct dev dev = dev_open(engines[j]), clean_dev = dev_open(engines[j]);
			int fds[2] = { file_make("", 0), file_make("", 0) };

			dev_load_ops(&dev, ops, N);
			dev_load_ops(&clean_dev, clean, N);
			EQUAL(dev_run(&dev, fds, 2, 9).status, BFK_STATUS_END);
			EQUAL(dev_run(&clean_dev, fds, 2, 9).status, BFK_STATUS_END);
			CHECK(!memcmp(dev.tape, clean_dev.tape, TAPE_CELLS));
			CHECK(dev.tape[6]); /* something has happened */
			dev_close(&dev);
			dev_close(&clean_dev);
			close(fds[0]);
			close(fds[1]);
		}
	}
}

static void source_offs(void)
{
	static const struct bfk_op ops[] = {
		{ ADD, .val = 1, .source_off = 5 },	     { LABEL, .source_off = 3 },
		{ SET, .reg = 1, .source_off = 0xffffffff }, { NEXT, .match = 1, .source_off = 1 },
		{ IN, .off = -3, .source_off = 0x80000001 }, { END },
	};
	unsigned int i;

	for (i = 0; i < 2; i++) {
		struct dev dev = dev_open(engines[i]);
		struct bfk_run_args run;

		dev_load_ops(&dev, ops, 6);
		run = dev_run(&dev, NULL, 0, 2);
		EQUAL(run.status, BFK_STATUS_FUEL);
		EQUAL(run.source_off, 0xffffffff);
		dev.tape[0] = 0;
		run = dev_run(&dev, NULL, 0, 2);
		EQUAL(run.status, BFK_STATUS_FAILED);
		EQUAL(run.source_off, 0x80000001);
		EQUAL(run.fail_off, 0x80000001);
		EQUAL(run.fail_letter, ',');
		EQUAL(run.head, 65533);
		dev_close(&dev);
	}
}

/* The current cell is that of the host op, or that of the op before the place of the run. */
static void heads(void)
{
	static const struct bfk_op end[] = { { MOVE, .off = 10 }, { END, .off = -20 } };
	static const struct bfk_op behind[] = { { ADD, .val = 1, .reg = 2 },
						{ MOVE, .off = -1 },
						{ LABEL, .off = 7 },
						{ ADD, .reg = 1, .off = 99 },
						{ NEXT, .reg = 2, .match = 2, .off = 5 },
						{ END } };
	static const struct bfk_op host[] = { { ADD, .val = 1 },
					      { IF, .off = 7, .match = 3 },
					      { OUT, .off = -9 },
					      { NEXT, .match = 1 },
					      { END } };
	unsigned int i;

	for (i = 0; i < 2; i++) {
		struct dev dev = dev_open(engines[i]);
		struct bfk_run_args run;

		dev_load_ops(&dev, end, 2);
		EQUAL(dev_run(&dev, NULL, 0, 0).head, 0);
		EQUAL(dev_run(&dev, NULL, 0, 1).head, 65526);
		dev_load_ops(&dev, behind, 6);
		run = dev_run(&dev, NULL, 0, 1);
		EQUAL(run.status, BFK_STATUS_FUEL);
		EQUAL(run.head, 6);
		dev_load_ops(&dev, host, 5);
		memset(dev.tape, 1, 9);
		run = dev_run(&dev, (int[]){ -1, file_make("", 0) }, 2, 1);
		EQUAL(run.status, BFK_STATUS_FUEL);
		EQUAL(run.head, 65527);
		dev_close(&dev);
	}
}

static void eof_flags(void)
{
	static const struct bfk_op ops[] = { { SET, .val = 7 }, { IN }, { END } };
	static const uint32_t eofs[] = { 0, BFK_LOAD_EOF_255, BFK_LOAD_EOF_KEEP };
	static const int want[] = { 0, 255, 7 };
	unsigned int i, j;

	for (i = 0; i < 2; i++) {
		for (j = 0; j < 3; j++) {
			struct dev dev = dev_open(engines[i] | eofs[j]);
			int in = file_make("", 0);

			dev_load_ops(&dev, ops, 3);
			EQUAL(dev_run(&dev, &in, 1, 1).status, BFK_STATUS_END);
			EQUAL(dev.tape[0], want[j]);
			dev_close(&dev);
			close(in);
		}
	}
}

/* --- ops that the caller changes during LOAD ----------------------------------------------- */

static volatile bool flip_over;

/*
 * Makes one field after another wrong for a moment; an emulated CPU switches between blocks of
 * code.
 */
static void *flip(void *arg)
{
	volatile struct bfk_op *ops = arg;
	uint32_t i;

	for (i = 0; !flip_over; i++) {
		uint32_t wrong = i >> 8 & 7;

		ops[2].match = wrong == 1 ? 0xffffffff : 3;
		ops[2].kind = wrong == 2 ? 200 : IF8;
		ops[3].match = wrong == 3 ? 0x7fffffff : 0;
		ops[7].reg = wrong == 4 ? 255 : 0;
		ops[12].kind = wrong == 5 ? ADD : END;
	}
	return NULL;
}

/* The ops that run are those that were checked: a bad mix is refused, a good one ends. */
static void changed_meanwhile(void)
{
	struct bfk_op *ops = page_end(sizeof(every));
	int fds[2] = { file_make("", 0), file_make("", 0) };
	uint32_t n_loaded = 0, n_refused = 0, i;
	double end = now() + 3;
	pthread_t thread;

	memcpy(ops, every, sizeof(every));
	EQUAL(pthread_create(&thread, NULL, flip, ops), 0);
	for (i = 0; now() < end || n_loaded < 5 || n_refused < 5; i++) {
		struct dev dev = dev_open(0);
		struct bfk_load_args args = ops_args(ops, N_EVERY, engines[i % 2]);
		int err = dev_call(dev.fd, BFK_LOAD, &args);

		if (err) {
			CHECK(err == -EINVAL || err == -ENOEXEC);
			CHECK(args.error_off == 2 || args.error_off == 3 || args.error_off == 7 ||
			      args.error_off == 12);
			n_refused++;
		} else {
			EQUAL(dev_run(&dev, fds, 2, 1000).status, BFK_STATUS_END);
			n_loaded++;
		}
		dev_close(&dev);
	}
	flip_over = true;
	pthread_join(thread, NULL);
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
	{ "load (ops cut off at any byte) is EINVAL and reports the place", lengths },
	{ "load (too many ops) is E2BIG, whatever the pointer points to", too_many },
	{ "load (the maximum number of ops) runs, compiled and interpreted", as_many, 60 },
	{ "load (ops that are not mapped, or only in part) is EFAULT", pointers },
	{ "load (ops with flags of source, and vice versa) is EINVAL", flags },
	{ "load (source as ops) is EINVAL", taken_for_each_other },
	{ "load (each letter, allowed or not) is ENOSYS or EACCES and reports the place", letters },
	{ "load (several errors) reports the first", first_wrong },
	{ "load (ops refused) leaves program, run and registers unchanged", failed_load_keeps },
	{ "load (sealed) is EPERM for ops too", sealed },
	{ "fields that an op does not use are ignored and returned", garbage, .only_x86 = true },
	{ "source_off is only returned", source_offs },
	{ "the head that run reports includes the offset of its place", heads },
	{ "the end-of-file flags hold for ops", eof_flags },
	{ "load (ops that another thread changes) takes one copy and checks that",
	  changed_meanwhile },
};

CASES(tests)
