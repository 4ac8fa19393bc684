// SPDX-License-Identifier: GPL-2.0-only
/* Are linked requests done in order, and does a failed one break its link? */
#include "ring.h"

/* read(2) -> program -> write(2), each of which must wait for the one before. */
static void links(void)
{
	struct io_uring ring = ring_make(8, 0);
	int source = file_make("abcdef", 6), middle[2], result = file_make("", 0), i;
	struct dev dev = dev_open(0);
	struct bfk_run_args run = run_args(middle, 1, UNLIMITED);
	struct io_uring_sqe *sqe;
	struct end end;
	char text[6], copy[6];

	pipe_make(middle);
	dev_load(&dev, ",+>,+>,+>,+>,+>,+");
	sqe = io_uring_get_sqe(&ring);
	io_uring_prep_read(sqe, source, text, 6, 0);
	io_uring_sqe_set_data(sqe, (void *)1);
	sqe->flags |= IOSQE_IO_LINK;
	sqe = io_uring_get_sqe(&ring);
	io_uring_prep_write(sqe, middle[1], text, 6, -1);
	io_uring_sqe_set_data(sqe, (void *)2);
	sqe->flags |= IOSQE_IO_LINK;
	prep(&ring, dev.fd, BFK_RUN, &run)->flags |= IOSQE_IO_LINK;
	sqe = io_uring_get_sqe(&ring);
	io_uring_prep_write(sqe, result, dev.tape, 6, 0);
	io_uring_sqe_set_data(sqe, (void *)4);
	submit(&ring);
	for (i = 1; i <= 4; i++) {
		end = fetch(&ring);
		CHECK(end.data == (i == 3 ? &run : (void *)(uintptr_t)i));
		EQUAL(end.res, i == 3 ? 0 : 6);
	}
	EQUAL(pread(result, copy, 6, 0), 6);
	CHECK(!memcmp(copy, "bcdefg", 6));
}

/* A run and a request linked to it; if @is_before, the request comes first. */
static void broken_link(const char *source, uint32_t n_fds, unsigned int link, bool is_before,
			int run_res, int other_res)
{
	struct io_uring ring = ring_make(8, 0);
	struct dev dev = dev_open(0);
	struct bfk_run_args run = run_args(NULL, n_fds, UNLIMITED);
	struct io_uring_sqe *sqe;
	bool is_stopped = run_res == -EINTR;
	struct end end;
	int i;

	dev_load(&dev, source);
	if (!is_before)
		prep(&ring, dev.fd, BFK_RUN, &run)->flags |= link;
	sqe = io_uring_get_sqe(&ring);
	if (is_before)
		io_uring_prep_close(sqe, 999);
	else
		io_uring_prep_nop(sqe);
	io_uring_sqe_set_data(sqe, &ring);
	sqe->flags |= is_before ? link : 0;
	if (is_before)
		prep(&ring, dev.fd, BFK_RUN, &run);
	submit(&ring);
	if (is_stopped) {
		await_cell(dev.tape, 0);
		cancel(&ring, &run);
	}
	for (i = 0; i < 2 + is_stopped; i++) {
		end = fetch(&ring);
		if (end.data)
			EQUAL(end.res, end.data == &run ? run_res : other_res);
	}
	EQUAL(dev.tape[0], is_stopped);
	io_uring_queue_exit(&ring);
	dev_close(&dev);
}

static void broken_links(void)
{
	note = "refused";
	broken_link("+", 65, IOSQE_IO_LINK, false, -EINVAL, -ECANCELED);
	note = "cancelled";
	broken_link("+[]", 0, IOSQE_IO_LINK, false, -EINTR, -ECANCELED);
	note = "refused, with a hard link";
	broken_link("+", 65, IOSQE_IO_HARDLINK, false, -EINVAL, 0);
	note = "cancelled, with a hard link";
	broken_link("+[]", 0, IOSQE_IO_HARDLINK, false, -EINTR, 0);
	note = "the request before fails";
	broken_link("+", 0, IOSQE_IO_LINK, true, -ECANCELED, -EBADF);
}

const struct test uring_links[] = {
	{ "linked read -> write -> run -> write are done in this order", links },
	{ "a refused or cancelled run breaks its link, and a run after a broken link does not start",
	  broken_links },
	{},
};
