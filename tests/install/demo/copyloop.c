// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What the demo compares with: standard input to standard output by read(2) and write(2). Says
 * on standard error how many seconds the copying took.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	size_t block_len = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
	char *block = malloc(block_len);
	double start = now();
	ssize_t len, done, ret;

	if (!block_len || !block) {
		fprintf(stderr, "usage: copyloop BLOCK_LEN <FROM >TO\n");
		return 2;
	}
	while ((len = read(STDIN_FILENO, block, block_len)) > 0) {
		for (done = 0; done < len; done += ret) {
			ret = write(STDOUT_FILENO, block + done, len - done);
			if (ret < 0) {
				perror("copyloop: write");
				return 1;
			}
		}
	}
	if (len < 0)
		perror("copyloop: read");
	fprintf(stderr, "time: %.6f s\n", now() - start);
	return len < 0;
}
