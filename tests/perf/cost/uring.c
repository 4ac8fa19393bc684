// SPDX-License-Identifier: GPL-2.0
/*
 * The methods that use io_uring: linked requests, each of which begins when the one before has
 * transferred all of its length. A link passes no result on: a write has the length of its read,
 * and where the read returns less, the write is cancelled and submitted again.
 */
#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <stdio.h>
#include "cost.h"

#define CHAIN 16 /* reads with their writes, or files, that one call submits */
#define REQUESTS (3 * CHAIN)
#define AT_POSITION (-1ull)

static struct io_uring ring;
static char space[1 << 16];

int uring_prepare(const struct work *work)
{
	static bool is_ready;
	int err = is_ready ? 0 : io_uring_queue_init(REQUESTS, &ring, 0);

	(void)work;
	if (!err && !is_ready)
		err = io_uring_register_files_sparse(&ring, CHAIN);
	is_ready = true;
	return err;
}

/* Numbers the request, and links it to the next. */
static void finish(struct io_uring_sqe *sqe, int ix, bool is_last)
{
	sqe->user_data = ix;
	sqe->flags |= is_last ? 0 : IOSQE_IO_LINK;
}

/* Submits @n requests and waits for their results, which go to @res by their numbers. */
static int submit(int *res, int n)
{
	int err = io_uring_submit_and_wait(&ring, n), i;
	struct io_uring_cqe *cqe;

	for (i = 0, err = err < 0 ? err : 0; i < n && !err; i++) {
		err = io_uring_wait_cqe(&ring, &cqe);
		if (err)
			break;
		res[cqe->user_data] = cqe->res;
		io_uring_cqe_seen(&ring, cqe);
	}
	return err;
}

static int submit_pairs(const struct work *work, int *res, int pairs)
{
	struct io_uring_sqe *sqe;
	int i;

	for (i = 0; i < pairs; i++) {
		sqe = io_uring_get_sqe(&ring);
		io_uring_prep_read(sqe, work->in, space, work->block, AT_POSITION);
		finish(sqe, 2 * i, false);
		sqe = io_uring_get_sqe(&ring);
		io_uring_prep_write(sqe, work->out, space, work->block, AT_POSITION);
		finish(sqe, 2 * i + 1, i == pairs - 1);
	}
	return submit(res, 2 * pairs);
}

static int write_rest(const struct work *work, int done, int len)
{
	struct io_uring_sqe *sqe;
	int res, err;

	for (; done < len; done += res) {
		sqe = io_uring_get_sqe(&ring);
		io_uring_prep_write(sqe, work->out, space + done, len - done, AT_POSITION);
		finish(sqe, 0, true);
		err = submit(&res, 1);
		if (err || res <= 0)
			return err ?: res ?: -EIO;
	}
	return 0;
}

/* Copies with at most @most pairs of a read and a write at a time. */
static int64_t copy(const struct work *work, uint64_t most)
{
	uint64_t turns = 0, all = 0, pairs, i;
	int res[2 * CHAIN], err;

	for (;;) {
		pairs = work->turns && work->turns - turns < most ? work->turns - turns : most;
		if (!pairs)
			return all;
		err = submit_pairs(work, res, pairs);
		for (i = 0; i < pairs && !err; i++) {
			const int *pair = &res[2 * i];

			if (pair[0] <= 0)
				return pair[0] ?: (int64_t)all;
			all += pair[0];
			turns++;
			if (pair[1] == pair[0])
				continue;
			err = pair[1] < 0 && pair[1] != -ECANCELED ? pair[1] : 0;
			err = err ?: write_rest(work, pair[1] < 0 ? 0 : pair[1], pair[0]);
			break; /* what came after in the chain was cancelled */
		}
		if (err)
			return err;
	}
}

int64_t uring_copy(const struct work *work)
{
	return copy(work, 1);
}

int64_t uring_copy_chain(const struct work *work)
{
	return copy(work, CHAIN);
}

/* Opens, reads and closes files @first to @first + @n, each in a slot of the ring's own table. */
static int submit_files(const struct work *work, int first, int n, int *res)
{
	static char names[CHAIN][4];
	struct io_uring_sqe *sqe;
	int i;

	for (i = 0; i < n; i++) {
		snprintf(names[i], sizeof(names[i]), "%03u", (first + i) % 1000u);
		sqe = io_uring_get_sqe(&ring);
		io_uring_prep_openat_direct(sqe, work->in, names[i], O_RDONLY | O_NOFOLLOW, 0, i);
		finish(sqe, 3 * i, false);
		sqe = io_uring_get_sqe(&ring);
		io_uring_prep_read(sqe, i, space, work->block, AT_POSITION);
		sqe->flags |= IOSQE_FIXED_FILE;
		finish(sqe, 3 * i + 1, false);
		sqe = io_uring_get_sqe(&ring);
		io_uring_prep_close_direct(sqe, i);
		finish(sqe, 3 * i + 2, true);
	}
	return submit(res, 3 * n);
}

static int64_t files(const struct work *work, int most)
{
	int res[REQUESTS], first, n, i, err;

	for (first = 0; first < COST_FILES_N; first += n) {
		n = most < COST_FILES_N - first ? most : COST_FILES_N - first;
		err = submit_files(work, first, n, res);
		for (i = 0; i < 3 * n && !err; i++)
			err = res[i] < 0 ? res[i] : 0;
		if (err)
			return err;
	}
	return COST_FILES_N;
}

int64_t uring_files(const struct work *work)
{
	return files(work, 1);
}

int64_t uring_files_chain(const struct work *work)
{
	return files(work, CHAIN);
}
