// SPDX-License-Identifier: GPL-2.0-only
/* Which files does %o open, with which rights and into which slot? */
#include "open.h"

static void open_modes(void)
{
	const char *path = dir_make();
	int dir = open(path, O_RDONLY | O_DIRECTORY);
	struct stat stat_;

	dev = dev_open(0);
	mkdirat(dir, "sub", 0777);
	put_file(path, "sub/f", "text");
	WORKS(open_then(dir, "sub/f", R, 'r', ""));
	CHECK(data_is("text"));
	WORKS(open_then(dir, "./sub/.//f", R, 'r', ""));
	CHECK(data_is("text"));
	FAILS((open_then(dir, "sub/f", R, 'w', "x"), laid(&dev, 1)), EBADF);
	FAILS((open_then(dir, "sub/f", W, 'r', ""), laid(&dev, 1)), EBADF);
	WORKS((open_then(dir, "sub/f", RDWR, 'w', "X"), laid(&dev, 1)));
	WORKS(open_then(dir, "sub/f", R, 'r', ""));
	CHECK(data_is("Xext"));
	WORKS((open_then(dir, "sub/f", W | APPEND, 'w', "!"), laid(&dev, 1)));
	WORKS(open_then(dir, "sub/f", R, 'r', ""));
	CHECK(data_is("Xext!"));
	WORKS(open_then(dir, "sub/f", W | TRUNCATE, 'z', ""));
	EQUAL(laid(&dev, 1).off, 0);

	FAILS(open_then(dir, "sub/new", W, 'z', ""), ENOENT);
	umask(022);
	WORKS(open_then(dir, "sub/new", W | CREATE, 'w', "new"));
	EQUAL(fstatat(dir, "sub/new", &stat_, 0), 0);
	EQUAL(stat_.st_mode, S_IFREG | 0644);
	EQUAL(stat_.st_size, 3);
	WORKS(open_then(dir, "sub/new", W | CREATE, 'z', ""));
	FAILS(open_then(dir, "sub/new", W | CREATE | EXCLUSIVE, 'z', ""), EEXIST);
	WORKS(open_then(dir, "sub/newer", W | CREATE | EXCLUSIVE, 'z', ""));
	WORKS(open_then(dir, "sub", R | DIRECTORY, 'z', ""));
	WORKS(open_then(dir, "sub/", R | DIRECTORY, 'z', ""));
	WORKS(open_then(dir, ".", R | DIRECTORY, 'z', ""));
	FAILS(open_then(dir, "sub/f", R | DIRECTORY, 'z', ""), ENOTDIR);
	FAILS(open_then(dir, "sub", W, 'z', ""), EISDIR);
	FAILS(open_then(dir, "sub/f/x", R, 'z', ""), ENOTDIR);
	FAILS(open_then(dir, "nothing/x", R, 'z', ""), ENOENT);
	mkfifoat(dir, "fifo", 0600);
	WORKS(open_then(dir, "fifo", R | NONBLOCK, 'z', ""));
	FAILS(open_then(dir, "fifo", W | NONBLOCK, 'z', ""), ENXIO);
	FAILS(open_then(dir, "sub/f", 3, 'z', ""), EINVAL);
	FAILS(open_then(dir, "x", CREATE | DIRECTORY, 'z', ""), EINVAL);
}

static void open_strange(void)
{
	const char *path = dir_make();
	int dir = open(path, O_RDONLY | O_DIRECTORY), file = file_make("", 0);
	static char name[5000];
	struct frame frame = { .len = 3 };

	dev = dev_open(0);
	put_file(path, "a", "text");
	FAILS(open_then(dir, "", R, 'z', ""), ENOENT);
	FAILS(op(&dev, 'o', frame, "a\0b", 3, &dir, 1), ENOENT);
	FAILS(op(&dev, 'o', frame, "a\0\0", 3, &dir, 1), ENOENT);
	FAILS(op(&dev, 'o', frame, "\0a", 3, &dir, 1), ENOENT);
	FAILS(open_then(file, "a", R, 'z', ""), ENOTDIR);
	memset(name, 'n', 256);
	FAILS(open_then(dir, name, R, 'z', ""), ENAMETOOLONG);
	memset(name, 'n', 4999);
	frame.len = 4096;
	FAILS(op(&dev, 'o', frame, name, 4096, &dir, 1), ENAMETOOLONG);
	frame.len = 65520;
	FAILS(op(&dev, 'o', frame, name, 100, &dir, 1), ENAMETOOLONG);
	frame.len = 65521;
	FAILS(op(&dev, 'o', frame, name, 100, &dir, 1), EINVAL);
}

static void open_long_path(void)
{
	const char *path = dir_make();
	int dir = open(path, O_RDONLY | O_DIRECTORY), i;
	static char name[4096];

	dev = dev_open(0);
	put_file(path, "f", "text");
	for (i = 0; i < 4070; i += 2)
		memcpy(name + i, "./", 2);
	strcpy(name + i, "f");
	dev_load(&dev, chain_at("or", 0, 2 * STEP));
	lay_text(&dev, 0, (struct frame){}, name);
	lay(&dev, 2, (struct frame){ .slot = 1 }, NULL, 0);
	dev_run(&dev, &dir, 1, 1);
	WORKS(laid(&dev, 0));
	EQUAL(laid(&dev, 2).len, 4);
}

static void open_rights(void)
{
	const char *path = dir_make();
	int dir = open(path, O_RDONLY | O_DIRECTORY);

	put_file(path, "f", "root's");
	put_file(path, "mine", "mine");
	fchmodat(dir, "f", 0600, 0);
	mkdirat(dir, "closed", 0700);
	put_file(path, "closed/x", "x");
	fchmodat(dir, "mine", 0644, 0);
	chmod(path, 0755);
	dev = dev_open(0);
	EQUAL(setresgid(1000, 1000, 1000), 0);
	EQUAL(setresuid(1000, 1000, 1000), 0);
	FAILS(open_then(dir, "f", R, 'z', ""), EACCES);
	FAILS(open_then(dir, "closed/x", R, 'z', ""), EACCES);
	FAILS(open_then(dir, "new", W | CREATE, 'z', ""), EACCES);
	FAILS(open_then(dir, "mine", W, 'z', ""), EACCES);
	WORKS(open_then(dir, "mine", R, 'z', ""));
}

static void open_slots(void)
{
	int fds[64], i, dir = open("/etc", O_RDONLY | O_DIRECTORY);

	dev = dev_open(0);
	for (i = 0; i < 64; i++)
		fds[i] = dir;
	dev_load(&dev, chain("o"));
	lay_text(&dev, 0, (struct frame){}, "passwd");
	dev_run(&dev, fds, 64, 1);
	FAILS(laid(&dev, 0), EMFILE);
	dev_load(&dev, chain("oo"));
	lay_text(&dev, 0, (struct frame){}, "passwd");
	lay_text(&dev, 1, (struct frame){}, "passwd");
	dev_run(&dev, fds, 63, 1);
	WORKS(laid(&dev, 0));
	EQUAL(laid(&dev, 0).arg, 63);
	FAILS(laid(&dev, 1), EMFILE);
	fds[5] = -1; /* the lowest free slot, free again after %c */
	dev_load(&dev, chain("oocoo"));
	for (i = 0; i < 5; i++)
		lay_text(&dev, i, (struct frame){ .slot = i == 2 ? 9 : 0 }, "passwd");
	dev_run(&dev, fds, 64, 1);
	EQUAL(laid(&dev, 0).arg, 5);
	FAILS(laid(&dev, 1), EMFILE);
	WORKS(laid(&dev, 2));
	EQUAL(laid(&dev, 3).arg, 9);
	FAILS(laid(&dev, 4), EMFILE);
}

static void open_instance(void)
{
	int dir = open("/dev", O_RDONLY | O_DIRECTORY);

	dev = dev_open(0);
	FAILS(open_then(dir, "bfk", RDWR, 'z', ""), EINVAL);
	FAILS(laid(&dev, 1), EBADF);
}

static const struct test tests[] = {
	{ "%o opens in every mode", open_modes },
	{ "%o (empty, NUL inside, too long, not in a directory) is refused", open_strange },
	{ "%o (path of 4,071 bytes) opens", open_long_path },
	{ "%o (caller without the right) is EACCES", open_rights },
	{ "%o takes the lowest free slot; with 64 taken it is EMFILE", open_slots },
	{ "%o (/dev/bfk) is EINVAL", open_instance },
};

CASES(tests)
