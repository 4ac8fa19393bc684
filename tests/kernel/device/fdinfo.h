/* SPDX-License-Identifier: GPL-2.0-only */
/* What fdinfo reports of an instance. */
#ifndef BFK_TESTS_FDINFO_H
#define BFK_TESTS_FDINFO_H

#include "dev.h"

struct told {
	char state[10];
	unsigned int sealed, ops, text, tape;
	unsigned long long runs, sysops, fuel, fuel_left;
	long refs;
	unsigned int program, allowed;
	char slots[400]; /* the lines of slots */
};

/* Reads our fields, which come one a line, in this order, after those that every file has. */
static inline struct told told(int fd)
{
	char path[40], text[1000] = {}, *ours;
	struct told told;
	int file, end = 0;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	file = open(path, O_RDONLY | O_CLOEXEC);
	CHECK(read(file, text, sizeof(text) - 1) > 0);
	close(file);
	ours = strstr(text, "state:");
	CHECK(ours);
	EQUAL(sscanf(ours,
		     "state:\t%9s\nsealed:\t%u\nops:\t%u\ntext:\t%u\ntape:\t%u\nruns:\t%llu\n"
		     "sysops:\t%llu\nfuel:\t%llu\nfuel_left:\t%llu\nrefs:\t%ld\n"
		     "program:\t%8x\nallowed:\t0x%7x\n%n",
		     told.state, &told.sealed, &told.ops, &told.text, &told.tape, &told.runs,
		     &told.sysops, &told.fuel, &told.fuel_left, &told.refs, &told.program,
		     &told.allowed, &end),
	      12);
	snprintf(told.slots, sizeof(told.slots), "%s", ours + end);
	return told;
}

#endif
