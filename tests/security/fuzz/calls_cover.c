// SPDX-License-Identifier: GPL-2.0-only
/* The code that the calls of a thread have reached, by KCOV. */
#include "calls.h"

#define KCOV_INIT_TRACE _IOR('c', 1, unsigned long)
#define KCOV_ENABLE _IO('c', 100)
#define KCOV_DISABLE _IO('c', 101)

uint8_t reached[COVER / 8];

uint64_t *cover_open(void)
{
	int fd = open("/sys/kernel/debug/kcov", O_RDWR | O_CLOEXEC);
	uint64_t *cover;

	if (fd < 0 || ioctl(fd, KCOV_INIT_TRACE, COVER))
		return NULL;
	cover = mmap(NULL, COVER * 8, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (cover == MAP_FAILED || ioctl(fd, KCOV_ENABLE, 0))
		return NULL;
	return cover;
}

bool cover_take(uint64_t *cover)
{
	uint64_t n = cover ? __atomic_load_n(&cover[0], __ATOMIC_RELAXED) : 0, i;
	bool is_new = false;

	for (i = 1; i <= n && i < COVER; i++) {
		uint32_t bit = cover[i] * 0x9e3779b97f4a7c15 >> 48;

		if (!(reached[bit / 8] >> bit % 8 & 1))
			is_new = true;
		reached[bit / 8] |= 1 << bit % 8;
	}
	if (cover)
		__atomic_store_n(&cover[0], 0, __ATOMIC_RELAXED);
	return is_new;
}
