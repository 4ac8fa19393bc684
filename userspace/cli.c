// SPDX-License-Identifier: GPL-2.0-only
/* Program texts, engines and option values, for all subcommands. Interface: cli.h */
#include "cli.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READ_LEN 65536		 /* bytes to grow by */
#define SOURCE_LIMIT (16u << 20) /* bytes: more than any engine loads, so that it can say so */

/* Reads to the end, or up to SOURCE_LIMIT. Returns -errno. */
static int read_all(int fd, char **bytes, size_t *len)
{
	char *larger;
	ssize_t ret;

	*bytes = NULL;
	*len = 0;
	do {
		larger = realloc(*bytes, *len + READ_LEN);
		if (!larger)
			goto err_bytes;
		*bytes = larger;
		do
			ret = read(fd, *bytes + *len, READ_LEN);
		while (ret < 0 && errno == EINTR);
		if (ret < 0)
			goto err_bytes;
		*len += ret;
	} while (ret && *len < SOURCE_LIMIT);
	return 0;

err_bytes:
	ret = -errno;
	free(*bytes);
	*bytes = NULL;
	return ret;
}

/* The bytes of a file, for the caller to free(). "-" is standard input. */
int cli_read_file(const char *path, char **bytes, size_t *len)
{
	bool is_stdin = !strcmp(path, "-");
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int err = fd < 0 ? -errno : read_all(fd, bytes, len);

	if (fd >= 0 && !is_stdin)
		close(fd);
	if (!err)
		return CLI_OK;
	cli_say("%s: %s", path, strerror(-err));
	return CLI_FAILED;
}

static int say_no_memory(void)
{
	cli_say("%s", strerror(ENOMEM));
	return CLI_FAILED;
}

static int index_lines(struct cli_source *source)
{
	size_t i;

	source->n_lines = 1;
	for (i = 0; i < source->len; i++)
		source->n_lines += source->text[i] == '\n';
	source->lines = calloc(source->n_lines, sizeof(*source->lines));
	if (!source->lines) {
		free(source->text);
		return say_no_memory();
	}
	source->n_lines = 1;
	for (i = 0; i < source->len; i++)
		if (source->text[i] == '\n')
			source->lines[source->n_lines++] = i + 1;
	return CLI_OK;
}

int cli_source_read(struct cli_source *source, const char *path)
{
	int status = cli_read_file(path, &source->text, &source->len);

	source->name = strcmp(path, "-") ? path : "<stdin>";
	return status ? status : index_lines(source);
}

int cli_source_copy(struct cli_source *source, const char *name, const char *text)
{
	*source = (struct cli_source){ .name = name, .text = strdup(text), .len = strlen(text) };
	return source->text ? index_lines(source) : say_no_memory();
}

void cli_source_free(struct cli_source *source)
{
	free(source->text);
	free(source->lines);
}

int cli_where(const char *engine, enum bfk_where *where)
{
	for (*where = BFK_WHERE_KERNEL; *where <= BFK_WHERE_INTERP; ++*where)
		if (!strcmp(engine, bfk_where_name(*where)))
			return CLI_OK;
	cli_say("no engine is called '%s'", engine);
	cli_hint("engines: kernel, kernel-interp, jit, interp");
	return CLI_USAGE;
}

static int say_no_engine(enum bfk_where where, int err)
{
	if (where == BFK_WHERE_JIT || where == BFK_WHERE_INTERP) {
		cli_say("engine %s: %s", bfk_where_name(where), strerror(-err));
		return CLI_FAILED;
	}
	cli_say("cannot open /dev/bfk: %s", strerror(-err));
	if (err == -EACCES || err == -EPERM)
		cli_hint("ls -l /dev/bfk says who may; --engine jit needs no device");
	else
		cli_hint("load the module (insmod bfk.ko, or modprobe bfk), or use --engine jit");
	return CLI_NO_DEVICE;
}

/* An instance on the engine asked for; *where is the one it is. */
int cli_create(struct bfk **bfk, enum bfk_where *where, const char *engine)
{
	int status, err;

	*where = BFK_WHERE_KERNEL;
	if (!engine) {
		if (!bfk_create(bfk, *where))
			return CLI_OK;
		*where = BFK_WHERE_JIT;
	} else {
		status = cli_where(engine, where);
		if (status)
			return status;
	}
	err = bfk_create(bfk, *where);
	return err ? say_no_engine(*where, err) : CLI_OK;
}

int cli_parse_allow(const char *letters, uint32_t *allowed)
{
	*allowed = 0;
	for (; *letters; letters++) {
		if (*letters < 'a' || *letters > 'z') {
			cli_say("--allow takes letters of operations, and '%c' is none", *letters);
			cli_hint("--allow rw allows %%r and %%w; --allow '' allows no operation");
			return CLI_USAGE;
		}
		*allowed |= 1u << (*letters - 'a');
	}
	return CLI_OK;
}

int cli_parse_number(const char *text, uint64_t max, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 0);
	if (*text >= '0' && *text <= '9' && !*end && !errno && *value <= max)
		return CLI_OK;
	cli_say("'%s' is not a number from 0 to %llu", text, (unsigned long long)max);
	return CLI_USAGE;
}

/* The name of an operation, NULL if there is none of that letter. */
const char *cli_op_name(char letter)
{
	const struct bfk_sysop_info *sysops;
	struct bfk_info_args info;
	size_t n, i;

	if (bfk_info(BFK_WHERE_INTERP, &info, &sysops, &n))
		return NULL;
	for (i = 0; i < n; i++)
		if (sysops[i].letter == letter)
			return sysops[i].name;
	return NULL;
}
