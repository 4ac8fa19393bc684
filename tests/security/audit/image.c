// SPDX-License-Identifier: GPL-2.0-only
/*
 * image FILE HOST STOP N_OPS - pass an image to the auditor. After the image, FILE has 4 bytes for
 * each op: the offset where it begins. Prints "accepted", or an offset in the image and why it is
 * refused. FILE "-" is standard input.
 *
 * image --corrupt SEED ROUNDS FILE.bf... - corrupt a byte or two of the machine code of these
 * programs, ROUNDS times each, and audit it. Prints how many were accepted. The auditor must not
 * crash.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "userspace/include/libbfk-audit.h"
#include "userspace/include/libbfk.h"

#define ROOM (1u << 20)
#define OPS_MAX 9

static uint8_t bytes[ROOM];
static uint64_t state;

static uint64_t next_random(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	return state ^= state << 17;
}

static size_t read_file(const char *path)
{
	FILE *file = strcmp(path, "-") ? fopen(path, "rb") : stdin;
	size_t len = file ? fread(bytes, 1, ROOM, file) : 0;

	if (!file || ferror(file)) {
		perror(path);
		exit(2);
	}
	fclose(file);
	return len;
}

static int audit_image(char **argv)
{
	struct bfk_op ops[OPS_MAX] = {};
	int64_t entry[BFK_ENTRIES];
	struct bfk_verdict verdict;
	size_t len = read_file(argv[1]), n_ops, i;
	int err;

	entry[BFK_ENTRY_HOST] = strtoll(argv[2], NULL, 0);
	entry[BFK_ENTRY_STOP] = strtoll(argv[3], NULL, 0);
	n_ops = strtoul(argv[4], NULL, 0);
	if (n_ops > OPS_MAX || len < 4 * n_ops) {
		fprintf(stderr, "image: no %zu ops in that file\n", n_ops);
		exit(2);
	}
	len -= 4 * n_ops;
	for (i = 0; i < n_ops; i++)
		memcpy(&ops[i].text_off, bytes + len + 4 * i, 4);
	err = bfk_audit(bytes, len, ops, n_ops, entry, &verdict);
	if (verdict.why)
		printf("0x%zx: %s\n", verdict.off, verdict.why);
	else
		printf("%s\n", err ? strerror(-err) : "accepted");
	return err != 0;
}

/* Returns the image of the program in @path, for bfk_listing_free(). */
static struct bfk_listing listing_of(const char *path)
{
	struct bfk_listing listing;
	struct bfk_result result;
	size_t len = read_file(path);
	struct bfk *bfk;

	if (bfk_create(&bfk, BFK_WHERE_JIT) ||
	    bfk_load_optimised(bfk, bytes, len, 0, BFK_ALLOW_ALL, BFK_LEVEL_2, &result) ||
	    bfk_dump(bfk, &listing)) {
		fprintf(stderr, "%s: cannot be loaded\n", path);
		exit(2);
	}
	bfk_destroy(bfk);
	return listing;
}

/* Returns how many of @rounds corrupted images are accepted. The intact image must be. */
static unsigned long corrupt(struct bfk_listing *listing, unsigned long rounds)
{
	uint8_t *copy = malloc(listing->text_len);
	struct bfk_verdict verdict;
	unsigned long accepted = 0, i;
	size_t len;
	int n;

	for (i = 0; i <= rounds && copy; i++) {
		memcpy(copy, listing->text, listing->text_len);
		len = listing->text_len;
		if (i && next_random() % 16 == 0)
			len = next_random() % len;
		for (n = i ? 1 + next_random() % 2 : 0; n && len; n--)
			copy[next_random() % len] = next_random();
		accepted += !bfk_audit(copy, len, listing->ops, listing->n_ops, listing->entry,
				       &verdict);
		if (!i && !accepted) {
			fprintf(stderr, "refused although intact: 0x%zx: %s\n", verdict.off,
				verdict.why);
			exit(1);
		}
	}
	free(copy);
	return accepted - 1;
}

static int corrupt_programs(char **argv)
{
	unsigned long rounds = strtoul(argv[3], NULL, 0), accepted = 0, n = 0;
	struct bfk_listing listing;

	state = strtoull(argv[2], NULL, 0) * 2 + 1;
	for (argv += 4; *argv; argv++, n++) {
		listing = listing_of(*argv);
		accepted += corrupt(&listing, rounds);
		bfk_listing_free(&listing);
	}
	printf("%lu images, %lu corrupted, %lu of these accepted\n", n, n * rounds, accepted);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 5 && strcmp(argv[1], "--corrupt"))
		return audit_image(argv);
	if (argc > 4)
		return corrupt_programs(argv);
	fprintf(stderr, "usage: image FILE HOST STOP N_OPS\n");
	return 2;
}
