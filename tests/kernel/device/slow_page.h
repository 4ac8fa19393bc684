/* SPDX-License-Identifier: GPL-2.0-only */
/* A page that blocks every access until its bytes are provided (userfaultfd, as root). */
#ifndef BFK_TESTS_SLOW_PAGE_H
#define BFK_TESTS_SLOW_PAGE_H

#include "dev.h"
#include <linux/userfaultfd.h>
#include <sys/syscall.h>

struct slow_page {
	void *page;
	int fault;
};

static inline struct slow_page slow_page(void)
{
	struct slow_page slow = { mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) };
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .range = { (uintptr_t)slow.page, 4096 },
				       .mode = UFFDIO_REGISTER_MODE_MISSING };

	slow.fault = syscall(SYS_userfaultfd, O_CLOEXEC);
	CHECK(slow.fault >= 0);
	EQUAL(ioctl(slow.fault, UFFDIO_API, &api), 0);
	EQUAL(ioctl(slow.fault, UFFDIO_REGISTER, &reg), 0);
	return slow;
}

/* Returns when somebody waits for the page. */
static inline void slow_page_await(const struct slow_page *slow)
{
	struct uffd_msg message;

	EQUAL(read(slow->fault, &message, sizeof(message)), sizeof(message));
	EQUAL(message.event, UFFD_EVENT_PAGEFAULT);
}

/* Provides the 4,096 bytes of the page; whoever waits for it continues. */
static inline void slow_page_give(struct slow_page *slow, const void *from)
{
	struct uffdio_copy copy = { .dst = (uintptr_t)slow->page,
				    .src = (uintptr_t)from,
				    .len = 4096 };

	EQUAL(ioctl(slow->fault, UFFDIO_COPY, &copy), 0);
}

#endif
