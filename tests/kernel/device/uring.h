/* SPDX-License-Identifier: GPL-2.0-only */
/* For drivers that call through io_uring: a ring by bare system calls, one request at a time. */
#ifndef BFK_TESTS_URING_H
#define BFK_TESTS_URING_H

#include "dev.h"
#include <linux/io_uring.h>
#include <sys/syscall.h>

struct uring {
	int fd;
	struct io_uring_params params;
	char *rings;
	struct io_uring_sqe *sqes;
};

static inline uint32_t *uring_at(const struct uring *ring, uint32_t off)
{
	return (uint32_t *)(ring->rings + off);
}

static inline struct uring uring_open(uint32_t flags)
{
	struct uring ring = { .params = { .flags = flags, .sq_thread_idle = 100 } };
	size_t len;

	ring.fd = syscall(SYS_io_uring_setup, 8, &ring.params);
	CHECK(ring.fd >= 0 && ring.params.features & IORING_FEAT_SINGLE_MMAP);
	len = ring.params.cq_off.cqes + ring.params.cq_entries * sizeof(struct io_uring_cqe);
	ring.rings =
		mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, ring.fd, IORING_OFF_SQ_RING);
	ring.sqes = mmap(NULL, 8 * sizeof(*ring.sqes), PROT_READ | PROT_WRITE, MAP_SHARED, ring.fd,
			 IORING_OFF_SQES);
	CHECK(ring.rings != MAP_FAILED && ring.sqes != MAP_FAILED);
	return ring;
}

/* Submits @sqe; when this returns, the kernel has consumed it. */
static inline void uring_submit(struct uring *ring, struct io_uring_sqe sqe)
{
	uint32_t *tail = uring_at(ring, ring->params.sq_off.tail);
	uint32_t *head = uring_at(ring, ring->params.sq_off.head);
	double end = now() + SOON;

	ring->sqes[*tail % 8] = sqe;
	uring_at(ring, ring->params.sq_off.array)[*tail % 8] = *tail % 8;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	if (!(ring->params.flags & IORING_SETUP_SQPOLL)) {
		EQUAL(syscall(SYS_io_uring_enter, ring->fd, 1, 0, 0, NULL, 0), 1);
		return;
	}
	while (__atomic_load_n(head, __ATOMIC_ACQUIRE) != *tail && now() < end) {
		syscall(SYS_io_uring_enter, ring->fd, 0, 0, IORING_ENTER_SQ_WAKEUP, NULL, 0);
		nap(1);
	}
	EQUAL(*head, *tail);
}

/*
 * The result of the next completed request; fails if none completes soon. Makes no call if there is
 * one.
 */
static inline int uring_result(struct uring *ring)
{
	uint32_t *head = uring_at(ring, ring->params.cq_off.head);
	uint32_t *tail = uring_at(ring, ring->params.cq_off.tail);
	struct io_uring_cqe *cqes = (void *)uring_at(ring, ring->params.cq_off.cqes);
	double end = now() + SOON;
	int res;

	while (__atomic_load_n(tail, __ATOMIC_ACQUIRE) == *head && now() < end)
		nap(1);
	CHECK(__atomic_load_n(tail, __ATOMIC_ACQUIRE) != *head);
	res = cqes[*head % ring->params.cq_entries].res;
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return res;
}

/* The call @cmd of uapi.h on @fd; the kernel reads @args when the request begins. */
static inline struct io_uring_sqe uring_call(int fd, uint32_t cmd, const void *args)
{
	struct io_uring_sqe sqe = {
		.opcode = IORING_OP_URING_CMD, .flags = IOSQE_ASYNC, .fd = fd, .cmd_op = cmd
	};

	memcpy(sqe.cmd, &(uint64_t){ (uintptr_t)args }, 8);
	return sqe;
}

#endif
