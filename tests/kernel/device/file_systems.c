// SPDX-License-Identifier: GPL-2.0-only
/* Do the file operations work on tmpfs, overlay and ext4, and with O_DIRECT? */
#include "open.h"
#include "ext4.h"
#include <sys/utsname.h>

/* %w %p %g %r %x %z %t %y on a file of that file system, with these flags of open(2). */
static void on_file_system(const char *dir, int flags)
{
	static uint8_t bytes[8192];
	char path[200];
	int fds[3];

	note = dir;
	snprintf(path, sizeof(path), "%s/bfk-file", dir);
	fds[0] = open(path, O_RDWR | O_CREAT | O_TRUNC | flags, 0600);
	CHECK(fds[0] >= 0);
	fds[1] = file_make("", 0);
	fds[2] = open(dir, O_RDONLY | O_DIRECTORY);
	fill(bytes, sizeof(bytes), 6);
	/* O_DIRECT needs data at a multiple of 512, so the frame is 16 cells before one */
	EQUAL(fd_load(dev.fd, chain_at("w", 4096 - 16, 0), 0), 0);
	tape_put(dev.tape, 4096 - 16, &(struct frame){ .go = 1, .len = 8192 }, 16);
	tape_put(dev.tape, 4096, bytes, 8192);
	dev_run(&dev, fds, 3, 1);
	WORKS(frame_get(dev.tape, 4096 - 16));
	EQUAL(fd_load(dev.fd, chain_at("g", 65536 - 16, 0), 0), 0);
	tape_put(dev.tape, 65536 - 16, &(struct frame){ .go = 1, .cap = 8192 }, 16);
	dev_run(&dev, fds, 3, 1);
	WORKS(frame_get(dev.tape, 65536 - 16));
	CHECK(!memcmp(dev.tape, bytes, 8192));
	lseek(fds[0], 0, SEEK_SET);
	EQUAL(OP('x', fds, .slot = 0, .arg = 1).off, 8192);
	EQUAL(OP('z', fds).off, 8192);
	WORKS(OP('t', fds, .off = 512));
	WORKS(OP('y', fds));
	EQUAL(OP('z', fds).off, 512);
	dev_load(&dev, "%o");
	lay_text(&dev, 0, (struct frame){ .slot = 2, .arg = RDWR }, "bfk-file");
	dev_run(&dev, fds, 3, 1);
	WORKS(laid(&dev, 0));
	unlink(path);
	close(fds[0]);
}

static void file_systems(void)
{
	int fds[1];

	dev = dev_open(0);
	on_file_system("/tmp", 0);
	on_file_system("/var/tmp", 0); /* the guest's overlay */
	ext4_mount();
	on_file_system("/mnt", 0);
	fds[0] = open("/mnt/limit", O_RDWR | O_CREAT, 0600);
	FAILS(OP('t', fds, .off = 1ull << 60), EFBIG);
	FAILS(OP_TEXT('p', "x", fds, .off = 1ull << 60), EFBIG);
	close(fds[0]);
	fds[0] = open("/mnt", O_RDONLY | O_DIRECTORY);
	FAILS(open_then(fds[0], "../etc", R, 'z', ""), EXDEV);
}

/* Direct I/O on 6.1 does not support kernel addresses (ITER_KVEC); bfk(7) documents that. */
static void direct(void)
{
	struct utsname kernel;
	int fds[1];

	dev = dev_open(0);
	ext4_mount();
	if (uname(&kernel) || strncmp(kernel.release, "6.1.", 4)) {
		on_file_system("/mnt", O_DIRECT);
		return;
	}
	put_file("/mnt", "direct", "bytes");
	fds[0] = open("/mnt/direct", O_RDWR | O_DIRECT);
	CHECK(fds[0] >= 0);
	EQUAL(fd_load(dev.fd, chain_at("w", 4096 - 16, 0), 0), 0);
	tape_put(dev.tape, 4096 - 16, &(struct frame){ .go = 1, .len = 4096 }, 16);
	dev_run(&dev, fds, 1, 1);
	FAILS(frame_get(dev.tape, 4096 - 16), EFAULT);
}

static const struct test tests[] = {
	{ "file operations work on tmpfs, overlay and ext4", file_systems, 60 },
	{ "file operations (O_DIRECT) work on ext4, and are EFAULT on 6.1", direct, 60 },
};

CASES(tests)
