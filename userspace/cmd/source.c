// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs: their texts and the places in them; files of ops, which bfk-ops(5) describes.
 *
 * Interface: source.h
 */
#include "source.h"
#include "cli.h"
#include "say.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_LEN 65536		/* bytes to start with if a file does not say how long it is */
#define READ_LIMIT (96ul << 20) /* bytes: more than any engine loads, so that it can say so */

/* What a file of ops begins with; no UTF-8 text starts like that, and lines made to fit damage it. */
static const char ops_magic[8] = { '\211', 'B', 'F', 'O', '\r', '\n', '\032', '\n' };

#define OPS_MAGIC_KNOWN 4 /* bytes of it that tell a file of ops; the others tell a damaged one */

#define OPS_ZEROED 1u /* flag: for a tape that is zero when the program starts */

struct ops_header {
	char magic[8];
	uint32_t version, flags, n_ops, reserved;
};

static_assert(sizeof(struct ops_header) == 24 && sizeof(struct bfk_op) == 20, "bfk-ops(5)");

/* Room for the file and one byte more, so that its end is seen when it is full. */
static size_t room_for(int fd)
{
	struct stat stat;

	if (fstat(fd, &stat) || !S_ISREG(stat.st_mode) || stat.st_size >= (off_t)READ_LIMIT)
		return READ_LEN;
	return stat.st_size + 1;
}

/* Reads to the end, or up to READ_LIMIT. Returns -errno, and *bytes is for the caller to free. */
static int read_all(int fd, char **bytes, size_t *len)
{
	size_t room = room_for(fd);
	char *larger;
	ssize_t ret;

	for (*bytes = NULL, *len = 0; *len < READ_LIMIT; *len += ret) {
		if (!*bytes || *len == room) {
			room *= *bytes ? 2 : 1;
			larger = realloc(*bytes, room);
			if (!larger)
				return -ENOMEM;
			*bytes = larger;
		}
		do
			ret = read(fd, *bytes + *len, room - *len);
		while (ret < 0 && errno == EINTR);
		if (ret <= 0)
			return ret ? -errno : 0;
	}
	return 0;
}

/* The bytes of a file, for the caller to free(). "-" is standard input. */
int cli_read_file(const char *path, char **bytes, size_t *len)
{
	bool is_stdin = !strcmp(path, "-");
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int err = fd < 0 ? -errno : read_all(fd, bytes, len);

	if (err && fd >= 0)
		free(*bytes);
	if (fd >= 0 && !is_stdin)
		close(fd);
	if (!err)
		return CLI_OK;
	cli_say("%s: %s", path, strerror(-err));
	return CLI_FAILED;
}

static int say_damaged(const struct cli_source *source, const char *why)
{
	cli_say("%s: damaged: %s", source->name, why);
	return CLI_FAILED;
}

static int check_header(const struct cli_source *source)
{
	const struct ops_header *header = (void *)source->text;

	if (source->len < sizeof(*header))
		return say_damaged(source, "it ends before its first op");
	if (memcmp(header->magic, ops_magic, sizeof(ops_magic)))
		return say_damaged(source, "its line ends were changed on the way here");
	if (header->version != BFK_OPS_VERSION) {
		cli_say("%s: ops of version %u, and this bfk knows version %u", source->name,
			header->version, BFK_OPS_VERSION);
		cli_hint("compile it again from its source");
		return CLI_FAILED;
	}
	if (header->flags & ~OPS_ZEROED || header->reserved)
		return say_damaged(source, "unknown flags");
	if (source->len != sizeof(*header) + header->n_ops * sizeof(struct bfk_op))
		return say_damaged(source, "it is not as long as the ops it says it has");
	return CLI_OK;
}

/* A file of ops: finds them, and gives each its number as its place. */
static int open_ops(struct cli_source *source)
{
	const struct ops_header *header = (void *)source->text;
	int status = check_header(source);
	uint32_t i;

	if (status)
		return status;
	source->ops = (void *)(source->text + sizeof(*header));
	source->n_ops = header->n_ops;
	source->is_zeroed = header->flags & OPS_ZEROED;
	for (i = 0; i < header->n_ops; i++)
		source->ops[i].source_off = i;
	return CLI_OK;
}

int cli_source_read(struct cli_source *source, const char *path)
{
	int status;

	*source = (struct cli_source){ .name = strcmp(path, "-") ? path : "<stdin>" };
	status = cli_read_file(path, &source->text, &source->len);
	if (status || source->len < OPS_MAGIC_KNOWN ||
	    memcmp(source->text, ops_magic, OPS_MAGIC_KNOWN))
		return status;
	status = open_ops(source);
	if (status)
		cli_source_free(source);
	return status;
}

/* The program that @command was given: @text of -e, or the file at @path; NULL: none. */
int cli_source_get(struct cli_source *source, const char *text, const char *path,
		   const char *command)
{
	if (text) {
		*source = (struct cli_source){ .name = "-e", .len = strlen(text) };
		source->text = strdup(text);
		if (source->text)
			return CLI_OK;
		cli_say("%s", strerror(ENOMEM));
		return CLI_FAILED;
	}
	if (path)
		return cli_source_read(source, path);
	cli_say("%s: which program?", command);
	cli_hint("try: bfk %s --help", command);
	return CLI_USAGE;
}

void cli_source_free(struct cli_source *source)
{
	free(source->text);
	free(source->lines);
	*source = (struct cli_source){};
}

static bool put_ops(FILE *file, const struct ops_header *header, const struct bfk_op *ops)
{
	return fwrite(header, sizeof(*header), 1, file) == 1 &&
	       fwrite(ops, sizeof(*ops), header->n_ops, file) == header->n_ops;
}

/* Writes a file of ops; "-" is standard output, whose errors cli_end() tells. */
int cli_source_write(const char *path, const struct bfk_op *ops, size_t n_ops, bool is_zeroed)
{
	struct ops_header header = { .version = BFK_OPS_VERSION,
				     .flags = is_zeroed ? OPS_ZEROED : 0,
				     .n_ops = n_ops };
	FILE *file;
	int err;

	memcpy(header.magic, ops_magic, sizeof(header.magic));
	if (!strcmp(path, "-")) {
		put_ops(stdout, &header, ops);
		return CLI_OK;
	}
	file = fopen(path, "we");
	err = file && put_ops(file, &header, ops) ? 0 : errno;
	if (file && fclose(file) && !err)
		err = errno;
	if (!err)
		return CLI_OK;
	cli_say("%s: %s", path, strerror(err));
	return CLI_FAILED;
}

/* Without memory for it there is one line. */
static void index_lines(struct cli_source *source)
{
	size_t n_lines = 1, i;

	for (i = 0; i < source->len; i++)
		n_lines += source->text[i] == '\n';
	source->lines = calloc(n_lines, sizeof(*source->lines));
	source->n_lines = 1;
	for (i = 0; source->lines && i < source->len; i++)
		if (source->text[i] == '\n')
			source->lines[source->n_lines++] = i + 1;
}

/* Where a byte is, or the end of the text. */
struct cli_place cli_place(struct cli_source *source, size_t off)
{
	size_t low = 0, high, middle;

	if (!source->lines)
		index_lines(source);
	high = source->n_lines;
	while (high - low > 1) {
		middle = low + (high - low) / 2;
		if (source->lines[middle] <= off)
			low = middle;
		else
			high = middle;
	}
	return (struct cli_place){ .line = low + 1,
				   .col = off - (source->lines ? source->lines[low] : 0) + 1 };
}
