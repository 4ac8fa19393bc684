// SPDX-License-Identifier: GPL-2.0-only
/* Changes of the tape's mapping, and calls that work on it as on any memory. */
#include "mapped.h"

/* --- changes of the mapping ---------------------------------------------------------------------- */

static void moves(void)
{
	uint8_t *to = mmap(NULL, TAPE_CELLS, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	open_tape();
	CHECK(mremap(dev.tape, TAPE_CELLS, TAPE_CELLS, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to);
	EQUAL(to[0], 't');
	dev_load(&dev, "+");
	dev_run(&dev, NULL, 0, 1);
	EQUAL(to[0], 1);
	EQUAL(to == mremap(to, TAPE_CELLS, 4096, 0), 1); /* it can shrink */
	EQUAL(to[0], 1);
}

static long remap(size_t old_len, size_t len, int flags)
{
	void *at = mremap(dev.tape, old_len, len, flags);

	return at == MAP_FAILED ? -1 : 0;
}

static void grows(void)
{
	open_tape();
	REFUSED(remap(TAPE_CELLS, 2 * TAPE_CELLS, MREMAP_MAYMOVE), EFAULT);
	REFUSED(remap(TAPE_CELLS, TAPE_CELLS + 4096, 0), EFAULT);
	REFUSED(remap(0, TAPE_CELLS, MREMAP_MAYMOVE), EFAULT); /* again */
	REFUSED(remap(TAPE_CELLS, TAPE_CELLS, MREMAP_MAYMOVE | MREMAP_DONTUNMAP), EINVAL);
	EQUAL(dev.tape[0], 't');
}

static void advice(void)
{
	open_tape();
	EQUAL(mlock(dev.tape, TAPE_CELLS), 0);
	EQUAL(munlock(dev.tape, TAPE_CELLS), 0);
	REFUSED(madvise(dev.tape, TAPE_CELLS, MADV_DONTNEED), EINVAL);
	REFUSED(madvise(dev.tape, TAPE_CELLS, MADV_DODUMP), EINVAL);
	EQUAL(dev.tape[0], 't');
}

/* The child is killed when it accesses the tape. */
static void not_inherited(void)
{
	pid_t pid;

	open_tape();
	EQUAL(madvise(dev.tape, TAPE_CELLS, MADV_DONTFORK), 0);
	pid = fork();
	if (!pid)
		_exit(((volatile uint8_t *)dev.tape)[0]);
	EQUAL(WTERMSIG(child_wait(pid, SOON)), SIGSEGV);
}

/* Flags in /proc/PID/smaps: dd: not in core dumps, pf: mapped by page frame, de: does not grow. */
static void flags(void)
{
	char line[300], address[20];
	FILE *smaps = fopen("/proc/self/smaps", "re");
	bool found = false;

	open_tape();
	CHECK(smaps);
	snprintf(address, sizeof(address), "%lx-", (unsigned long)dev.tape);
	while (fgets(line, sizeof(line), smaps)) {
		found |= !strncmp(line, address, strlen(address));
		if (found && !strncmp(line, "VmFlags:", 8))
			break;
	}
	CHECK(found && strstr(line, " dd") && strstr(line, " pf") && strstr(line, " de"));
	fclose(smaps);
}

/* --- what works as on any memory --------------------------------------------------------------- */

static void system_calls(void)
{
	int ends[2], fd = file_make("from file", 9);

	open_tape();
	EQUAL(read(fd, dev.tape, 9), 9);
	CHECK(!memcmp(dev.tape, "from file", 9));
	EQUAL(pwrite(fd, dev.tape, TAPE_CELLS, 0), TAPE_CELLS);
	EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	EQUAL(send(ends[0], dev.tape, 9, 0), 9);
	EQUAL(recv(ends[1], dev.tape + TAPE_CELLS - 9, 9, 0), 9);
	CHECK(!memcmp(dev.tape + TAPE_CELLS - 9, "from file", 9));
}

static const struct test tests[] = {
	{ "mremap moves the tape and shortens its mapping", moves },
	{ "mremap (growing, or a second time) is EFAULT", grows },
	{ "mlock works, madvise (to drop or to dump the tape) is EINVAL", advice },
	{ "fork (after MADV_DONTFORK) does not map the tape", not_inherited },
	{ "core dumps do not contain the tape", flags },
	{ "read, write, send and recv work on the tape", system_calls },
};

CASES(tests)
