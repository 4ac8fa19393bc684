// SPDX-License-Identifier: GPL-2.0-only
/*
 * Linked into bfkd for a test: delays the compilation of a source whose first byte is 'h' while the
 * file $BFKD_HOLD exists.
 */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "userspace/include/libbfk.h"

int __real_bfk_compile(const void *source, size_t source_len, uint32_t flags, uint32_t allowed,
		       uint32_t passes, struct bfk_op **ops, size_t *n_ops,
		       struct bfk_result *result);
int __wrap_bfk_compile(const void *source, size_t source_len, uint32_t flags, uint32_t allowed,
		       uint32_t passes, struct bfk_op **ops, size_t *n_ops,
		       struct bfk_result *result);

int __wrap_bfk_compile(const void *source, size_t source_len, uint32_t flags, uint32_t allowed,
		       uint32_t passes, struct bfk_op **ops, size_t *n_ops,
		       struct bfk_result *result)
{
	const char *first = source, *hold = getenv("BFKD_HOLD");
	struct timespec pause = { .tv_nsec = 10000000 };

	while (source_len && *first == 'h' && !access(hold, F_OK))
		nanosleep(&pause, NULL);
	return __real_bfk_compile(source, source_len, flags, allowed, passes, ops, n_ops, result);
}
