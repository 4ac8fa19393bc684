// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs: texts, and lines and columns in them; and files of ops, which bfk-ops(5) describes.
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

#define READ_LEN 65536		/* bytes to start with if the length of a file is not known */
#define READ_LIMIT (96ul << 20) /* bytes: more than any engine loads, so that it refuses them */

/* A file of ops begins with this. No UTF-8 text does, and a conversion of line ends changes it. */
static const char ops_magic[8] = { '\211', 'B', 'F', 'O', '\r', '\n', '\032', '\n' };

#define OPS_MAGIC_KNOWN 4 /* bytes that identify a file of ops; the others detect a damaged one */

#define OPS_ZEROED 1u /* flag: for a tape that is zero when the program starts */

struct ops_header {
	char magic[8];
	uint32_t version, flags, n_ops, reserved;
};

static_assert(sizeof(struct ops_header) == 24 && sizeof(struct bfk_op) == 20, "bfk-ops(5)");

/* Returns room for the file and one byte more, so that read(2) finds the end without a larger buffer. */
static size_t room_for(int fd)
{
	struct stat stat;

	if (fstat(fd, &stat) || !S_ISREG(stat.st_mode) || stat.st_size >= (off_t)READ_LIMIT)
		return READ_LEN;
	return stat.st_size + 1;
}

/* Reads to the end, or up to READ_LIMIT. Returns -errno. The caller frees *bytes, also after an error. */
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

/* Reads the file at @path, "-" for standard input, into *bytes, which the caller frees. */
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
	cli_say_of(path, "%s", strerror(-err));
	return CLI_FAILED;
}

static int say_damaged(const struct cli_source *source, const char *why)
{
	cli_say_of(source->name, "damaged: %s", why);
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
		cli_say_of(source->name, "ops of version %u, but this bfk knows version %u",
			   header->version, BFK_OPS_VERSION);
		cli_hint("compile it again from its source");
		return CLI_FAILED;
	}
	if (header->flags & ~OPS_ZEROED || header->reserved)
		return say_damaged(source, "unknown flags");
	if (source->len != sizeof(*header) + header->n_ops * sizeof(struct bfk_op))
		return say_damaged(source, "its length does not match its number of ops");
	return CLI_OK;
}

/* Finds the ops in a file of ops, and sets the source_off of each to its number. */
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

/* Removes a byte order mark, which would hide a "#!" line, and which no editor counts as a column. */
static void cut_mark(struct cli_source *source)
{
	if (source->len < 3 || memcmp(source->text, "\357\273\277", 3))
		return;
	source->len -= 3;
	memmove(source->text, source->text + 3, source->len);
}

/* Turns CR into LF in a text whose lines end in CR only, as on an old Macintosh: engines know only LF. */
static void make_lines(struct cli_source *source)
{
	size_t i;

	if (memchr(source->text, '\n', source->len))
		return;
	for (i = 0; i < source->len; i++)
		if (source->text[i] == '\r')
			source->text[i] = '\n';
}

int cli_source_read(struct cli_source *source, const char *path)
{
	int status;

	*source = (struct cli_source){ .name = strcmp(path, "-") ? path : "<stdin>" };
	status = cli_read_file(path, &source->text, &source->len);
	if (status)
		return status;
	if (source->len < OPS_MAGIC_KNOWN || memcmp(source->text, ops_magic, OPS_MAGIC_KNOWN)) {
		cut_mark(source);
		make_lines(source);
		return CLI_OK;
	}
	status = open_ops(source);
	if (status)
		cli_source_free(source);
	return status;
}

/* Gets the program of @command: @text of -e, or else the file at @path. Both NULL: an error of usage. */
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

/*
 * Calls @each with every program of @command: @text of -e, and the files at @paths, which end in NULL.
 * Continues after an error. Returns the first status that is not CLI_OK.
 */
int cli_source_each(const char *text, char **paths, const char *command,
		    int (*each)(struct cli_source *source, void *arg), void *arg)
{
	struct cli_source source;
	int status = CLI_OK, failed;

	do {
		failed = cli_source_get(&source, text, *paths, command);
		if (!failed) {
			failed = each(&source, arg);
			cli_source_free(&source);
		}
		status = status ? status : failed;
		paths += !text && *paths;
		text = NULL;
	} while (*paths);
	return status;
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

/* Writes a file of ops. "-" is standard output, whose errors cli_end() reports. */
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

/* Finds where lines start. If there is no memory for that, the text counts as one line. */
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

/* Returns the line and column of a byte, or of the end of the text. */
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
