// SPDX-License-Identifier: GPL-2.0-only
/* Which errno and which place does LOAD report for a source that is not a program? */
#include "dev.h"

/* LOAD must return this errno, error and place. */
static void parse_error(const char *source, int err, uint32_t error, uint32_t error_off)
{
	struct bfk_load_args args = load_args(source, 0);
	int fd = dev_fd();

	note = source;
	EQUAL(dev_call(fd, BFK_LOAD, &args), -err);
	EQUAL(args.error, error);
	EQUAL(args.error_off, error_off);
	close(fd);
}

static void parse_unopened(void)
{
	parse_error("]", ENOEXEC, BFK_ERROR_UNOPENED, 0);
	parse_error("+[-] ]", ENOEXEC, BFK_ERROR_UNOPENED, 5);
	parse_error("[]][", ENOEXEC, BFK_ERROR_UNOPENED, 2);
}

static void parse_unclosed(void)
{
	parse_error("[", ENOEXEC, BFK_ERROR_UNCLOSED, 0);
	parse_error("+[+[[]", ENOEXEC, BFK_ERROR_UNCLOSED, 3);
}

static void parse_unknown(void)
{
	parse_error("+%", ENOSYS, BFK_ERROR_UNKNOWN_OP, 1);
	parse_error("%%r", ENOSYS, BFK_ERROR_UNKNOWN_OP, 0);
	parse_error("%R", ENOSYS, BFK_ERROR_UNKNOWN_OP, 0);
	parse_error("% r", ENOSYS, BFK_ERROR_UNKNOWN_OP, 0);
	parse_error("%K", ENOSYS, BFK_ERROR_UNKNOWN_OP, 0);
	parse_error("[%`]", ENOSYS, BFK_ERROR_UNKNOWN_OP, 1);
	parse_error("[%{]", ENOSYS, BFK_ERROR_UNKNOWN_OP, 1);
	parse_error("[%\xf2]", ENOSYS, BFK_ERROR_UNKNOWN_OP, 1);
	parse_error(">>[-]+%r [%K]%R", ENOSYS, BFK_ERROR_UNKNOWN_OP, 10);
	parse_error("%[]", ENOEXEC, BFK_ERROR_UNOPENED, 2); /* the '[' belongs to the '%' */
	parse_error("%[", ENOSYS, BFK_ERROR_UNKNOWN_OP, 0);
}

/* Operations are checked after the brackets. */
static void parse_order(void)
{
	struct bfk_load_args args = load_args("%K%r]", 0);
	int fd = dev_fd();

	args.allowed = 0;
	EQUAL(dev_call(fd, BFK_LOAD, &args), -ENOEXEC);
	EQUAL(args.error, BFK_ERROR_UNOPENED);
	EQUAL(args.error_off, 4);
	args.source_len = 4;
	EQUAL(dev_call(fd, BFK_LOAD, &args), -ENOSYS);
	EQUAL(args.error, BFK_ERROR_UNKNOWN_OP);
	EQUAL(args.error_off, 0);
	args.source += 2;
	args.source_len = 2;
	EQUAL(dev_call(fd, BFK_LOAD, &args), -EACCES);
	EQUAL(args.error, BFK_ERROR_DENIED_OP);
	EQUAL(args.error_off, 0);
	parse_error("[%K", ENOEXEC, BFK_ERROR_UNCLOSED, 0);
	parse_error("%K]", ENOEXEC, BFK_ERROR_UNOPENED, 2);
}

static void parse_denied(void)
{
	struct bfk_load_args args = load_args("+%r %w", 0);
	int fd = dev_fd();

	args.allowed = 1 << ('r' - 'a');
	EQUAL(dev_call(fd, BFK_LOAD, &args), -EACCES);
	EQUAL(args.error, BFK_ERROR_DENIED_OP);
	EQUAL(args.error_off, 4);
	args.allowed |= 1 << ('w' - 'a');
	EQUAL(dev_call(fd, BFK_LOAD, &args), 0);
	args.allowed = 0;
	args.flags = BFK_LOAD_PLAIN;
	EQUAL(dev_call(fd, BFK_LOAD, &args), 0);
}

static void parse_deep(void)
{
	enum { DEEP = 1000000 };
	char *source = calloc(1, 2 * DEEP + 2);

	memset(source, '[', DEEP);
	parse_error(source, ENOEXEC, BFK_ERROR_UNCLOSED, DEEP - 1);
	memset(source + DEEP, ']', DEEP - 1);
	parse_error(source, ENOEXEC, BFK_ERROR_UNCLOSED, 0);
	memset(source + DEEP, ']', DEEP + 1);
	parse_error(source, ENOEXEC, BFK_ERROR_UNOPENED, 2 * DEEP);
	parse_error(source + DEEP, ENOEXEC, BFK_ERROR_UNOPENED, 0);
}

static const struct test tests[] = {
	{ "load (extra ']') is ENOEXEC and reports the place", parse_unopened },
	{ "load (extra '[') is ENOEXEC and reports the innermost", parse_unclosed },
	{ "load (unknown operation) is ENOSYS and reports the place", parse_unknown },
	{ "load (denied operation) is EACCES and reports the place", parse_denied },
	{ "load (bad brackets and operations) reports the brackets first", parse_order },
	{ "load (a million brackets, one too many) is ENOEXEC and reports the place", parse_deep },
};

CASES(tests)
