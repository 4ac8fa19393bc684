// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does a call that waits for a page of its caller block others? LOAD and RUN read their caller's
 * memory before they take the instance's lock.
 */
#include "holder.h"
#include "slow_page.h"

#define PLUSES 255 /* length of the late source, all "+" */

/* --- a thread whose call waits for its page --------------------------------------------------- */

struct late_call {
	pthread_t thread;
	int fd, said;
	unsigned long cmd;
	union {
		struct bfk_load_args load;
		struct bfk_run_args run;
		struct bfk_dump_args dump;
	};
};

static void *late_main(void *arg)
{
	struct late_call *late = arg;

	late->said = dev_call(late->fd, late->cmd, &late->load);
	return NULL;
}

/* Returns when the call waits. */
static void late_start(struct late_call *late, const struct slow_page *slow)
{
	pthread_create(&late->thread, NULL, late_main, late);
	slow_page_await(slow);
}

/* Provides the page; returns the call's result. */
static int late_finish(struct late_call *late, struct slow_page *slow, const void *page)
{
	slow_page_give(slow, page);
	EQUAL(pthread_join(late->thread, NULL), 0);
	return late->said;
}

static char page[4096] __attribute__((aligned(4096)));

static struct late_call late_load(const struct dev *dev, const struct slow_page *slow, bool is_tape)
{
	struct late_call late = { .fd = dev->fd, .cmd = BFK_LOAD };

	memset(page, '+', sizeof(page));
	late.load = load_args(is_tape ? "+" : slow->page, dev->flags);
	if (is_tape) {
		late.load.tape = (uintptr_t)slow->page;
		late.load.tape_len = sizeof(page);
	} else {
		late.load.source_len = PLUSES;
	}
	return late;
}

static struct late_call late_run(const struct dev *dev, const struct slow_page *slow)
{
	struct late_call late = { .fd = dev->fd, .cmd = BFK_RUN };
	int none = -1;

	memcpy(page, &none, sizeof(none));
	late.run = run_args(slow->page, 1, 3);
	return late;
}

/* Which call is late: LOAD, by its source or its tape, or RUN. */
static struct late_call late_make(const struct dev *dev, const struct slow_page *slow, int which)
{
	note = (const char *const[]){ "source", "tape", "descriptors" }[which];
	return which == 2 ? late_run(dev, slow) : late_load(dev, slow, which);
}

/* Like late_make(), without the strlen(3) of load_args(), which would touch the page. */
static struct late_call late_begin(const struct dev *dev, const struct slow_page *slow, int which)
{
	struct slow_page none = { .page = "" };
	struct late_call late = late_make(dev, which ? slow : &none, which);

	if (!which)
		late.load.source = (uintptr_t)slow->page;
	return late;
}

/* --- cases ------------------------------------------------------------------------------------ */

static void owner_leaves(void)
{
	int which;

	for (which = 0; which < 3; which++) {
		struct dev dev = dev_open(0);
		struct slow_page slow = slow_page();
		struct late_call late;
		struct owner owner;

		dev_load(&dev, "+[]");
		owner = owner_make(&dev);
		late = late_begin(&dev, &slow, which);
		late_start(&late, &slow);
		CHECK(is_quiet(owner.end));
		owner_exits(&owner);
		CHECK(hangs_up(owner.end));
		EQUAL(late_finish(&late, &slow, page), which == 2 ? -EBADFD : 0);
		dev_close(&dev);
	}
}

static void owner_runs(void)
{
	int which;

	for (which = 0; which < 3; which++) {
		struct dev dev = dev_open(0);
		struct slow_page slow = slow_page();
		struct late_call late;
		struct owner owner;

		dev_load(&dev, "+[]");
		owner = owner_make(&dev);
		late = late_begin(&dev, &slow, which);
		late_start(&late, &slow);
		EQUAL(owner_continues(&owner), 0);
		EQUAL(owner_continues(&owner), 0);
		EQUAL(late_finish(&late, &slow, page), which == 2 ? -EPERM : 0);
		EQUAL(owner_continues(&owner), 0);
		owner_exits(&owner);
		dev_close(&dev);
	}
}

/* LOAD ends the owner's run: its next RUN starts a new one, without files. */
static void load_ends_run(void)
{
	struct dev dev = dev_open(0);
	struct slow_page slow = slow_page();
	struct late_call late;
	struct owner owner;

	dev_load(&dev, "+[]");
	owner = owner_make(&dev);
	late = late_begin(&dev, &slow, 0);
	late_start(&late, &slow);
	CHECK(is_quiet(owner.end));
	EQUAL(late_finish(&late, &slow, page), 0);
	CHECK(hangs_up(owner.end));
	EQUAL(late.load.n_ops, 2);
	owner_exits(&owner);
}

/* A second LOAD meanwhile succeeds, and then the first replaces its program. */
static void load_overtaken(void)
{
	struct dev dev = dev_open(0);
	struct slow_page slow = slow_page();
	struct late_call late = late_begin(&dev, &slow, 0);

	late_start(&late, &slow);
	EQUAL(fd_load(dev.fd, "+++", 0), 0);
	EQUAL(dev_run(&dev, NULL, 0, UNLIMITED).status, BFK_STATUS_END);
	EQUAL(dev.tape[0], 3);
	EQUAL(late_finish(&late, &slow, page), 0);
	EQUAL(dev.tape[0], 0);
	EQUAL(dev_run(&dev, NULL, 0, UNLIMITED).status, BFK_STATUS_END);
	EQUAL(dev.tape[0], PLUSES);
}

/* Sealed meanwhile, LOAD is refused and changes nothing. */
static void load_sealed(void)
{
	struct dev dev = dev_open(0);
	struct slow_page slow = slow_page();
	struct late_call late = late_begin(&dev, &slow, 0);

	late_start(&late, &slow);
	EQUAL(fd_load(dev.fd, "+++", BFK_LOAD_SEAL), 0);
	EQUAL(late_finish(&late, &slow, page), -EPERM);
	EQUAL(dev_run(&dev, NULL, 0, UNLIMITED).status, BFK_STATUS_END);
	EQUAL(dev.tape[0], 3);
}

/*
 * Only DUMP writes to its caller's memory under the lock; it needs CAP_SYS_ADMIN. Other calls are
 * EBUSY meanwhile, and the run of a process that exits ends when DUMP is done.
 */
static void dump_waits(void)
{
	static struct bfk_op ops[8];
	struct dev dev = dev_open(0);
	struct slow_page slow = slow_page();
	struct bfk_dump_args want = { .ops = (uintptr_t)ops, .n_ops = 8 };
	struct late_call late = { .fd = dev.fd, .cmd = BFK_DUMP };
	struct owner owner;

	dev_load(&dev, "+[]");
	owner = owner_make(&dev);
	EQUAL(dev_call(dev.fd, BFK_DUMP, &want), 0);
	late.dump = (struct bfk_dump_args){ .ops = (uintptr_t)slow.page, .n_ops = 8 };
	late_start(&late, &slow);
	EQUAL(owner_continues(&owner), -EBUSY);
	EQUAL(fd_load(dev.fd, "+", 0), -EBUSY);
	owner_exits(&owner);
	EQUAL(late_finish(&late, &slow, page), 0);
	CHECK(hangs_up(owner.end));
	EQUAL(late.dump.n_ops, want.n_ops);
	CHECK(!memcmp(slow.page, ops, want.n_ops * sizeof(*ops)));
}

/* LOAD whose tape faults leaves everything unchanged: program, tape, and the stopped run. */
static void tape_faults(void)
{
	struct dev dev = dev_open(0);
	struct bfk_load_args args = load_args("+++", 0);
	char *half = page_end(4096);

	dev_load(&dev, ">+[]>++");
	EQUAL(dev_run(&dev, NULL, 0, 3).status, BFK_STATUS_FUEL);
	dev.tape[5] = 7;
	memset(half, 9, 4096);
	args.tape = (uintptr_t)half;
	args.tape_len = 8192;
	EQUAL(dev_call(dev.fd, BFK_LOAD, &args), -EFAULT);
	args.tape = KERNEL_ADDR;
	EQUAL(dev_call(dev.fd, BFK_LOAD, &args), -EFAULT);
	EQUAL(dev.tape[0], 0);
	EQUAL(dev.tape[1], 1);
	EQUAL(dev.tape[5], 7);
	dev.tape[1] = 0;
	EQUAL(dev_run(&dev, NULL, 0, UNLIMITED).status, BFK_STATUS_END);
	EQUAL(dev.tape[2], 2);
	EQUAL(dev_reset(dev.fd, 0), 0);
	EQUAL(dev_run(&dev, NULL, 0, 3).status, BFK_STATUS_FUEL);
}

static const struct test tests[] = {
	{ "exit of the owner (LOAD or RUN of another process waits for a page) ends its run at once",
	  owner_leaves, 120 },
	{ "run (LOAD or RUN of another process waits for a page) is not EBUSY", owner_runs, 60 },
	{ "load (waited for its source) ends the run that was stopped meanwhile", load_ends_run,
	  60 },
	{ "load (waits for its source) lets another LOAD pass, and then replaces its program",
	  load_overtaken },
	{ "load (waited for its source, sealed meanwhile) is EPERM and changes nothing",
	  load_sealed },
	{ "dump (waits for its buffer) makes others EBUSY, and ends the run of a process that exits meanwhile",
	  dump_waits, .only_x86 = true },
	{ "load (tape faults) is EFAULT, and leaves program, tape and stopped run", tape_faults },
};

CASES(tests)
