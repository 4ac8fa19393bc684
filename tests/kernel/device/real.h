/* SPDX-License-Identifier: GPL-2.0-only */
/* The ops of real programs: the *.b and *.bf files of some folders, compiled by libbfk. */
#ifndef BFK_TESTS_REAL_H
#define BFK_TESTS_REAL_H

#include <dirent.h>
#include "dev.h"
#include "userspace/include/libbfk.h"

/* A program, at one level of optimisation. */
struct real {
	char path[600];
	uint32_t level;
	struct bfk_op *ops;
	size_t n_ops;
};

#define REALS_MAX 1000

static char **folders = (char *[]){ "tests/language/programs", "examples", NULL };

static inline int real_count(const struct real *reals)
{
	int n = 0;

	while (reals[n].ops)
		n++;
	return n;
}

static inline bool real_is_source(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && (!strcmp(dot, ".b") || !strcmp(dot, ".bf"));
}

/* Compiles source; '%' is a comment if the source is plain. */
static inline void real_compile(struct real *real, const char *source, size_t len, uint32_t allowed)
{
	struct bfk_result result;
	int err = bfk_compile(source, len, 0, allowed, real->level, &real->ops, &real->n_ops,
			      &result);

	note = real->path;
	if (err == -ENOSYS || err == -EACCES)
		err = bfk_compile(source, len, BFK_LOAD_PLAIN, allowed, real->level, &real->ops,
				  &real->n_ops, &result);
	EQUAL(err, 0);
	note = "";
}

/* Compiles those in each of @names, a list that ends with NULL, at each level. Static storage. */
static inline struct real *real_read(char **names, uint32_t allowed)
{
	static const uint32_t levels[] = { BFK_LEVEL_0, BFK_LEVEL_2,
					   BFK_LEVEL_2 | BFK_PASS_ZEROED };
	static struct real reals[REALS_MAX + 1];
	static char source[5 << 20];
	struct dirent *entry;
	int n = 0, i;

	for (; *names; names++) {
		DIR *dir = opendir(*names);

		note = *names;
		CHECK(dir);
		note = "";
		while ((entry = readdir(dir))) {
			char path[600];
			ssize_t len;
			int fd;

			if (!real_is_source(entry->d_name))
				continue;
			snprintf(path, sizeof(path), "%.300s/%s", *names, entry->d_name);
			fd = open(path, O_RDONLY | O_CLOEXEC);
			CHECK(fd >= 0);
			len = read(fd, source, sizeof(source));
			CHECK(len >= 0 && len < (ssize_t)sizeof(source));
			close(fd);
			for (i = 0; i < 3; i++) {
				CHECK(n < REALS_MAX);
				strcpy(reals[n].path, path);
				reals[n].level = levels[i];
				real_compile(&reals[n++], source, len, allowed);
			}
		}
		closedir(dir);
	}
	CHECK(n > 1);
	return reals;
}

#endif
