// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attacks on leftovers: memory of previous owners, and processor flags.
 */
#include <stddef.h>
#include "tests/kernel/device/ops.h"

/* --- memory ---------------------------------------------------------------------------------------- */

#define MARK 0xa5

static bool is_zero(const void *from, size_t len)
{
	const uint8_t *byte = from;

	while (len && !*byte)
		byte++, len--;
	return !len;
}

/* Fills the tape, ops, input and output of instances with one byte, and closes them. */
static void leave_marks(uint32_t flags)
{
	static uint8_t marks[TAPE_CELLS];
	int i, input;

	memset(marks, MARK, sizeof(marks));
	input = file_make(marks, sizeof(marks));
	for (i = 0; i < 30; i++) {
		struct dev dev = dev_open(flags);
		int fds[2] = { input, open("/dev/null", O_WRONLY | O_CLOEXEC) };

		dev_load(&dev, ",........[>,........]");
		memset(dev.tape, MARK, TAPE_CELLS);
		dev_run(&dev, fds, 2, 5000);
		close(fds[1]);
		dev_close(&dev);
	}
	close(input);
}

/* A new tape is zero, and so is the rest of the tape after LOAD fills its start. */
static void tape_is_clean(void)
{
	static const char laid[] = "abc";
	size_t i;
	int j;

	for (i = 0; i < 2; i++) {
		leave_marks(engines[i]);
		for (j = 0; j < 30; j++) {
			struct dev dev = dev_open(engines[i]);
			struct bfk_load_args args = load_args("+", engines[i]);

			CHECK(is_zero(dev.tape, TAPE_CELLS));
			memset(dev.tape, MARK, TAPE_CELLS);
			args.tape = (uintptr_t)laid;
			args.tape_len = 3;
			EQUAL(dev_call(dev.fd, BFK_LOAD, &args), 0);
			CHECK(!memcmp(dev.tape, laid, 3) && is_zero(dev.tape + 3, TAPE_CELLS - 3));
			memset(dev.tape, MARK, TAPE_CELLS);
			EQUAL(dev_reset(dev.fd, 0), 0);
			CHECK(is_zero(dev.tape, TAPE_CELLS));
			dev_close(&dev);
		}
	}
}

/* Structs are reused: fields without a value are zero; short input copies only its bytes. */
static void outputs_are_clean(void)
{
	struct dev dev = dev_open(0);
	struct bfk_run_args run;
	struct bfk_load_args load = load_args("%r>,", 0);
	int input = file_make("xyz", 3);

	leave_marks(0);
	load.error = load.error_off = load.engine = load.n_ops = load.text_len = 0xa5a5a5a5;
	EQUAL(dev_call(dev.fd, BFK_LOAD, &load), 0);
	EQUAL(load.error, 0);
	EQUAL(load.error_off, 0);
	memset(dev.tape, MARK, TAPE_CELLS);
	lay(&dev, 0, (struct frame){}, NULL, 0);
	run = run_args(&input, 1, UNLIMITED);
	memset(&run.status, MARK, sizeof(run) - offsetof(struct bfk_run_args, status));
	EQUAL(dev_call(dev.fd, BFK_RUN, &run), 0);
	EQUAL(run.status, BFK_STATUS_END);
	EQUAL(run.exit_code | run.fail_off | run.fail_errno | run.fail_letter, 0);
	EQUAL(run.read_len, 3);
	EQUAL(run.write_len, 0);
	EQUAL(run.sysops, 1);
	EQUAL(run.fds | run.n_fds | run.flags, 0);
	CHECK(!memcmp(dev.tape + 16, "xyz\xa5\xa5", 5));
	EQUAL(dev.tape[1], 0); /* ',' at the end of input */
}

/*
 * Code keeps 0 in a register that the kernel's C code also uses: after each operation it is 0
 * again.
 */
static void zero_is_zero(void)
{
	static const char letters[] = "oruwgpclxztymiqeh";
	int fds[2] = { file_make("some input", 10), open("/dev/null", O_WRONLY | O_CLOEXEC) };
	struct dev dev = dev_open(0);
	static char text[2];
	size_t i;

	note = text;
	for (i = 0; i < 2 * sizeof(letters) + 2; i++) {
		struct bfk_op ops[] = { { SYS }, { SET, .off = -5 }, { SET, .off = -6 }, { END } };

		*text = letters[i % 17];
		ops[0].kind = i < 2 * sizeof(letters) ? SYS : i % 2 ? IN : OUT;
		ops[0].val = *text;
		dev_load_ops(&dev, ops, 4);
		lay(&dev, 0, (struct frame){ .slot = i % 2, .cap = 64, .len = 8, .off = 3 },
		    "eightbyt", 8);
		lseek(fds[0], 0, SEEK_SET);
		dev_run(&dev, fds, 2, UNLIMITED);
		EQUAL(dev.tape[65531] | dev.tape[65530], 0);
	}
	note = "";
}

/* --- flags ----------------------------------------------------------------------------------------- */

#define DF (1ul << 10)
#define AC (1ul << 18)

/* Calls ioctl(2) with the flags @set; returns the flags afterwards. */
#ifdef __x86_64__
static unsigned long call_with(unsigned long set, long fd, unsigned long cmd, void *args, long *ret)
{
	unsigned long flags = 0;

	/* The compiler may use the red zone below the stack pointer. */
	asm volatile("lea -256(%%rsp), %%rsp\n\t"
		     "pushf\n\t"
		     "or %[set], (%%rsp)\n\t"
		     "popf\n\t"
		     "syscall\n\t"
		     "pushf\n\t"
		     "pop %[flags]\n\t"
		     "pushf\n\t"
		     "and %[clear], (%%rsp)\n\t"
		     "popf\n\t"
		     "lea 256(%%rsp), %%rsp"
		     : "=a"(*ret), [flags] "=&r"(flags)
		     : [set] "r"(set), [clear] "r"(~(DF | AC)), "0"(16L), "D"(fd), "S"(cmd),
		       "d"(args)
		     : "rcx", "r11", "memory", "cc");
	return flags & (DF | AC);
}
#else
static unsigned long call_with(unsigned long set, long fd, unsigned long cmd, void *args, long *ret)
{
	*ret = dev_call(fd, cmd, args);
	return set;
}
#endif

/* A run does not start with the caller's flags, and does not change them. */
static void flags(void)
{
	static const unsigned long sets[] = { 0, DF, AC, DF | AC };
	int zero = open("/dev/zero", O_RDONLY | O_CLOEXEC), fds[2] = { zero, -1 };
	size_t i, j;

	fds[1] = open("/dev/null", O_WRONLY | O_CLOEXEC);
	for (i = 0; i < 2; i++)
		for (j = 0; j < 4; j++) {
			struct dev dev = dev_open(engines[i]);
			struct bfk_run_args args = run_args(fds, 2, UNLIMITED);
			long ret;

			dev_load(&dev, "++++[>+++[>++<-]<-]>>.,+%u[%r%w%p]>+++.");
			EQUAL(call_with(sets[j], dev.fd, BFK_RUN, &args, &ret), sets[j]);
			EQUAL(ret, 0);
			EQUAL(args.status, BFK_STATUS_END);
			EQUAL(args.write_len, 2);
			dev_close(&dev);
		}
}

static const struct test tests[] = {
	{ "uninitialised memory: a tape is zero except for its initial cells", tape_is_clean },
	{ "uninitialised memory: outputs hold nothing else", outputs_are_clean },
	{ "uninitialised memory: 0 is 0 after each operation, not a register of the kernel",
	  zero_is_zero },
	{ "direction and alignment flags are the caller's after a run", flags, .only_x86 = true },
};

CASES(tests)
