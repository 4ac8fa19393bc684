/* SPDX-License-Identifier: GPL-2.0-only */
/* Resources in use while nobody uses the device, counted before and after. */
#ifndef BFK_TESTS_LEAKS_H
#define BFK_TESTS_LEAKS_H

#include "dev.h"

static inline long refcount(void)
{
	char text[20] = {};
	int fd = open("/sys/module/bfk/refcnt", O_RDONLY | O_CLOEXEC);

	CHECK(read(fd, text, sizeof(text) - 1) > 0);
	close(fd);
	return atol(text);
}

/* Counts that must be unchanged when nobody uses the device. */
struct counts {
	long refcount, vmalloc_areas, text_free_len, files, mem_kib;
};

/* Sums the numbers that follow @name, after blanks, at the start of lines of a file in /proc. */
static inline long sum_of(const char *path, const char *name)
{
	char line[400], format[40];
	long sum = 0, value;
	FILE *file = fopen(path, "re");

	CHECK(file);
	snprintf(format, sizeof(format), " %s %%ld", name);
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, format, &value) == 1)
			sum += value;
	fclose(file);
	return sum;
}

/* The kernel's records of unused areas, which it frees in batches of thousands. */
static inline long vmap_area_kib(void)
{
	FILE *file = fopen("/proc/slabinfo", "re");
	long n = 0, len = 0;
	char line[400];

	CHECK(file);
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "vmap_area %*d %ld %ld", &n, &len) == 2)
			break;
	fclose(file);
	CHECK(n && len);
	return n * len / 1024;
}

/*
 * Not on kernels that keep freed memory to detect its use: those detect leaks themselves
 * (tests/kernel/debug/planted.bats).
 */
static inline bool memory_is_counted(void)
{
	return access("/sys/kernel/debug/kmemleak", F_OK) != 0;
}

static inline struct counts counts(void)
{
	static const char meminfo[] = "/proc/meminfo";
	struct counts counts = { .refcount = refcount() };
	int fd = dev_fd();
	char line[400];
	FILE *file;

	counts.text_free_len = dev_info(fd).text_free_len;
	close(fd);
	nap(50);
	file = fopen("/proc/vmallocinfo", "re");
	while (fgets(line, sizeof(line), file))
		counts.vmalloc_areas += !!strstr(line, "[bfk]");
	fclose(file);
	counts.files = sum_of("/proc/sys/fs/file-nr", "");
	if (!memory_is_counted())
		return counts;
	/* Also counts caches, memory of processes, free lists of CPUs and records of areas. */
	counts.mem_kib = sum_of(meminfo, "MemFree:") + sum_of(meminfo, "Buffers:") +
			 sum_of(meminfo, "Cached:") + sum_of(meminfo, "AnonPages:") +
			 page_len() / 1024 * sum_of("/proc/zoneinfo", "count:") + vmap_area_kib();
	return counts;
}

static double leak_patience = 60; /* seconds for the kernel to free what it frees late */

/* Names what leaked, NULL if nothing did. The kernel counts files per CPU, in batches of 32. */
static inline const char *leaked(const struct counts *before)
{
	double end = now() + leak_patience;
	struct counts after;

	do
		after = counts();
	while (now() < end &&
	       (after.refcount > before->refcount || after.vmalloc_areas > before->vmalloc_areas ||
		after.files > before->files + 200 || after.mem_kib < before->mem_kib - 1024));
	if (after.refcount != before->refcount)
		return "module references";
	if (after.vmalloc_areas != before->vmalloc_areas)
		return "vmalloc areas";
	if (after.text_free_len != before->text_free_len)
		return "text";
	if (after.files > before->files + 200)
		return "open files";
	if (after.mem_kib < before->mem_kib - 1024)
		return "memory";
	return NULL;
}

#endif
