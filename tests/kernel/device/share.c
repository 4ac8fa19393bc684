// SPDX-License-Identifier: GPL-2.0-only
/* Can one user take more than a share of the text arena? */
#include "large_source.h"

/* Changes the user of this thread only: the C library's setuid(2) changes all threads. */
static void become(uid_t uid)
{
	EQUAL(syscall(SYS_setresuid, uid, uid, uid), 0);
}

#define N_FDS 40

/* Loads into @fds until one is interpreted; returns how many were compiled. */
static int fill_share(const int *fds)
{
	uint32_t all_len = 0, last_len = 0, len;
	int n = 0;

	while ((len = text_of(fds[n], large_source()))) {
		CHECK(++n < N_FDS);
		all_len += last_len = len;
	}
	CHECK(all_len <= BFK_TEXT_USER_LEN && all_len + last_len > BFK_TEXT_USER_LEN);
	return n;
}

static void open_all(int *fds)
{
	int i;

	for (i = 0; i < N_FDS; i++)
		fds[i] = dev_fd();
}

/* Runs @fn in a child as user @uid. */
static void as_user(uid_t uid, void (*fn)(const int *fds), const int *fds)
{
	pid_t pid = fork();

	if (!pid) {
		become(uid);
		fn(fds);
		_exit(0);
	}
	EQUAL(child_wait(pid, 5 * SOON), 0);
}

static void fills(const int *fds)
{
	int n = fill_share(fds);

	CHECK(n > 1);
	runs(fds[n]); /* the interpreted one */
	runs(fds[n - 1]);
}

static void is_interpreted(const int *fds)
{
	EQUAL(text_of(fds[0], large_source()), 0);
	runs(fds[0]);
}

/* While a program is loaded over another, both count. */
static void loads_over(const int *fds)
{
	EQUAL(text_of(fds[0], large_source()), 0);
	CHECK(text_of(fds[0], large_source()) > 0);
	runs(fds[0]);
	EQUAL(text_of(fds[N_FDS - 1], large_source()), 0);
	EQUAL(fd_load(fds[0], "", BFK_LOAD_INTERP), 0);
	CHECK(text_of(fds[N_FDS - 1], large_source()) > 0);
	runs(fds[N_FDS - 1]);
}

/* Capabilities in a user namespace have no effect here. */
static void is_bounded_as_root(const int *fds)
{
	EQUAL(unshare(CLONE_NEWUSER), 0);
	is_interpreted(fds);
}

static void share(void)
{
	int fds[N_FDS], others[N_FDS], i;
	uint32_t free_len;

	open_all(fds);
	open_all(others);
	free_len = dev_info(fds[0]).text_free_len;
	as_user(1001, fills, fds);
	as_user(1001, is_interpreted, others);
	as_user(1001, is_bounded_as_root, others);
	as_user(1002, fills, others);
	as_user(1001, loads_over, fds);
	CHECK(dev_info(fds[0]).text_free_len < free_len - BFK_TEXT_USER_LEN);
	for (i = 0; i < N_FDS; i++) {
		close(fds[i]);
		close(others[i]);
	}
	fds[0] = dev_fd();
	EQUAL(dev_info(fds[0]).text_free_len, free_len);
}

static void root_is_not_bounded(void)
{
	int fds[N_FDS], i;
	uint32_t all_len = 0;

	open_all(fds);
	for (i = 0; i < 8; i++)
		all_len += text_of(fds[i], large_source());
	CHECK(all_len > BFK_TEXT_USER_LEN);
}

struct loader {
	pthread_t thread;
	uid_t uid;
	int fds[3], n_interpreted;
};

/* Stays within the share, so that everything is compiled, whatever the others do. */
static void *loads(void *arg)
{
	struct loader *loader = arg;
	int i;

	become(loader->uid);
	for (i = 0; i < 24; i++) {
		int fd = loader->fds[i % 3];

		EQUAL(fd_load(fd, "", BFK_LOAD_INTERP), 0);
		loader->n_interpreted += !text_of(fd, large_source());
		runs(fd);
	}
	return NULL;
}

static void threads(void)
{
	struct loader loaders[3] = {};
	int i, j;

	for (i = 0; i < 3; i++) {
		loaders[i].uid = 2000 + i;
		for (j = 0; j < 3; j++)
			loaders[i].fds[j] = dev_fd();
		pthread_create(&loaders[i].thread, NULL, loads, &loaders[i]);
	}
	for (i = 0; i < 3; i++) {
		pthread_join(loaders[i].thread, NULL);
		EQUAL(loaders[i].n_interpreted, 0);
	}
}

static const struct test tests[] = {
	{ "load (the user's share of the arena used up) is interpreted, others' programs are compiled",
	  share, 40, .only_x86 = true },
	{ "load (root) has no share", root_is_not_bounded, .only_x86 = true },
	{ "load (three users at once, each within the share) is always compiled", threads, 40,
	  .only_x86 = true },
};

CASES(tests)
