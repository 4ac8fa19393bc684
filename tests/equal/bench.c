// SPDX-License-Identifier: GPL-2.0
/* An engine with its own files: loads a case, runs it, and takes down what is left behind. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "equal.h"

#define N_FDS 7

static const char *const value_names[VALUES] = {
	[V_LOAD_ERR] = "load returned",
	[V_ERROR] = "load error",
	[V_ERROR_OFF] = "error offset",
	[V_N_OPS] = "ops",
	[V_RUN_ERR] = "run returned",
	[V_STATUS] = "status",
	[V_EXIT_CODE] = "exit code",
	[V_SOURCE_OFF] = "source offset",
	[V_HEAD] = "head",
	[V_FUEL] = "fuel left",
	[V_FAIL_OFF] = "fail offset",
	[V_FAIL_ERRNO] = "fail errno",
	[V_FAIL_LETTER] = "fail letter",
	[V_SYSOPS] = "sysops",
	[V_READ_LEN] = "bytes read",
	[V_WRITE_LEN] = "bytes written",
	[V_DIR] = "directory (hash)",
};

static const char scratch_start[] = "a scratch file that starts with forty bytes of text";

static int reopen(int fd, int flags)
{
	char path[40];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, flags | O_CLOEXEC);
}

static bool open_files(struct bench *bench)
{
	const char *tmp = access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm";
	int ends[2], append, readonly;

	bench->input_fd = memfd_create("input", MFD_CLOEXEC);
	bench->output_fd = memfd_create("output", MFD_CLOEXEC);
	bench->scratch_fd = memfd_create("scratch", MFD_CLOEXEC);
	append = memfd_create("append", MFD_CLOEXEC);
	bench->append_fd = reopen(append, O_WRONLY | O_APPEND);
	close(append);
	readonly = memfd_create("readonly", MFD_CLOEXEC);
	if (write(readonly, "read me", 7) != 7)
		return false;
	bench->readonly_fd = reopen(readonly, O_RDONLY);
	close(readonly);
	if (pipe2(ends, O_CLOEXEC))
		return false;
	close(ends[1]);
	bench->pipe_fd = ends[0];

	snprintf(bench->dir, sizeof(bench->dir), "%s/bfk-equal.XXXXXX", tmp);
	if (!mkdtemp(bench->dir))
		return false;
	bench->dir_fd = open(bench->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (mkdirat(bench->dir_fd, "s", 0777))
		return false;
	bench->sub_fd = openat(bench->dir_fd, "s", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return bench->append_fd >= 0 && bench->readonly_fd >= 0 && bench->sub_fd >= 0;
}

bool bench_open(struct bench *bench, const char *name)
{
	memset(bench, 0, sizeof(*bench));
	for (int where = BFK_WHERE_KERNEL; where <= BFK_WHERE_INTERP; where++) {
		bench->name = bfk_where_name(where);
		if (strcmp(bench->name, name))
			continue;
		errno = -bfk_create(&bench->bfk, where);
		return !errno && !bfk_tape(bench->bfk, &bench->tape) && open_files(bench);
	}
	errno = EINVAL;
	return false;
}

/* Removes what is in a directory, except the directory s. */
static void empty_dir(int dir_fd)
{
	DIR *dir = fdopendir(openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		unlinkat(dir_fd, entry->d_name, 0);
	closedir(dir);
}

void bench_close(struct bench *bench)
{
	int fds[] = { bench->input_fd,	bench->output_fd, bench->scratch_fd, bench->readonly_fd,
		      bench->append_fd, bench->pipe_fd,	  bench->dir_fd,     bench->sub_fd };

	empty_dir(bench->sub_fd);
	empty_dir(bench->dir_fd);
	for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++)
		close(fds[i]);
	rmdir(bench->dir);
	strcat(bench->dir, "/s");
	rmdir(bench->dir);
	*strrchr(bench->dir, '/') = 0;
	rmdir(bench->dir);
	bfk_destroy(bench->bfk);
}

static void put_file(int dir_fd, const char *name, const char *text)
{
	int fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (write(fd, text, strlen(text)) < 0)
		perror(name);
	close(fd);
}

/* Writes first, so that a file seldom has to give its page back. */
static void rewind_file(int fd, const void *content, size_t len)
{
	struct stat stat;

	if (len && pwrite(fd, content, len, 0) != (ssize_t)len)
		perror("equal: files");
	if (fstat(fd, &stat) || ((size_t)stat.st_size != len && ftruncate(fd, len)))
		perror("equal: files");
	lseek(fd, 0, SEEK_SET);
}

static bool has_sysops(const struct test_case *c)
{
	return memchr(c->source, '%', c->source_len);
}

static bool has_opens(const struct test_case *c)
{
	return memmem(c->source, c->source_len, "%o", 2);
}

static uint64_t hash(uint64_t start, const void *bytes, size_t len)
{
	const uint8_t *from = bytes;

	while (len--)
		start = (start ^ *from++) * 0x100000001b3;
	return start;
}

/* The names, sizes, modes and beginnings of the files of a directory, in any order. */
static uint64_t hash_dir(int dir_fd)
{
	DIR *dir = fdopendir(openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	uint64_t sum = 0, one;
	struct dirent *entry;
	struct stat stat;
	char start[256];
	int fd;

	while (dir && (entry = readdir(dir))) {
		if (*entry->d_name == '.' ||
		    fstatat(dir_fd, entry->d_name, &stat, AT_SYMLINK_NOFOLLOW))
			continue;
		one = hash(0xcbf29ce484222325, entry->d_name, strlen(entry->d_name));
		one = hash(one, &stat.st_mode, sizeof(stat.st_mode));
		if (S_ISREG(stat.st_mode)) {
			one = hash(one, &stat.st_size, sizeof(stat.st_size));
			fd = openat(dir_fd, entry->d_name, O_RDONLY | O_CLOEXEC);
			one = hash(one, start, read(fd, start, sizeof(start)));
			close(fd);
		}
		sum += one;
	}
	closedir(dir);
	return sum;
}

static uint64_t hash_dirs(const struct bench *bench)
{
	return hash_dir(bench->dir_fd) + 3 * hash_dir(bench->sub_fd);
}

static void reset_dirs(struct bench *bench)
{
	empty_dir(bench->sub_fd);
	empty_dir(bench->dir_fd);
	put_file(bench->dir_fd, "a", "the file a\n");
	put_file(bench->sub_fd, "b", "the file s/b\n");
	if (symlinkat("a", bench->dir_fd, "l") || symlinkat("s", bench->dir_fd, "d"))
		perror("equal: links");
	bench->dirs_hash = hash_dirs(bench);
}

/* All files as they are before every run. */
static void reset_files(struct bench *bench, const struct test_case *c)
{
	rewind_file(bench->input_fd, c->input, c->input_len);
	rewind_file(bench->output_fd, NULL, 0);
	if (!has_sysops(c))
		return;
	rewind_file(bench->scratch_fd, scratch_start, sizeof(scratch_start) - 1);
	rewind_file(bench->append_fd, NULL, 0);
	lseek(bench->readonly_fd, 0, SEEK_SET);
	lseek(bench->dir_fd, 0, SEEK_SET);
	if (has_opens(c) && !bench->dirs_clean)
		reset_dirs(bench);
}

static void take_content(int fd, struct content *content)
{
	struct stat stat;

	content->len = fstat(fd, &stat) ? 0 : stat.st_size;
	if (content->len && pread(fd, content->bytes, FILE_MAX, 0) < 0)
		perror("equal: reading back");
}

void bench_load(struct bench *bench, const struct test_case *c)
{
	struct bfk_result result = {};
	uint64_t *values = bench->outcome.values;
	uint32_t flags = c->flags;

	if (bench->planted && !(flags & BFK_LOAD_EOF_KEEP))
		flags ^= BFK_LOAD_EOF_255;
	memset(values, 0, sizeof(bench->outcome.values));
	values[V_LOAD_ERR] =
		bfk_load(bench->bfk, c->source, c->source_len, flags, BFK_ALLOW_ALL, &result);
	values[V_ERROR] = result.error;
	values[V_ERROR_OFF] = result.error_off;
	values[V_N_OPS] = values[V_LOAD_ERR] ? 0 : result.n_ops;
}

static void take_result(struct bench *bench, const struct test_case *c,
			const struct bfk_result *result)
{
	struct outcome *o = &bench->outcome;

	o->values[V_STATUS] = result->status;
	o->values[V_EXIT_CODE] = result->run.exit_code;
	o->values[V_SOURCE_OFF] = result->run.source_off;
	o->values[V_HEAD] = result->run.head;
	o->values[V_FAIL_OFF] = result->run.fail_off;
	o->values[V_FAIL_ERRNO] = result->run.fail_errno;
	o->values[V_FAIL_LETTER] = result->run.fail_letter;
	o->values[V_SYSOPS] = result->run.sysops;
	o->values[V_READ_LEN] = result->run.read_len;
	o->values[V_WRITE_LEN] = result->run.write_len;
	take_content(bench->output_fd, &o->output);
	o->scratch.len = 0;
	if (has_sysops(c))
		take_content(bench->scratch_fd, &o->scratch);
	if (has_opens(c))
		o->values[V_DIR] = hash_dirs(bench);
	bench->dirs_clean = !has_opens(c) ? bench->dirs_clean :
					    o->values[V_DIR] == bench->dirs_hash;
	memcpy(o->tape, bench->tape, TAPE_CELLS);
}

/* Runs what is loaded, from its start: at once, or step units of fuel at a time. */
void bench_run(struct bench *bench, const struct test_case *c, uint32_t step)
{
	int fds[N_FDS] = { bench->input_fd,    bench->output_fd, bench->dir_fd,	  bench->scratch_fd,
			   bench->readonly_fd, bench->pipe_fd,	 bench->append_fd };
	struct bfk_result result = {};
	uint64_t left = c->fuel, now;
	unsigned int n_fds = has_sysops(c) ? N_FDS : 2;
	int err = bfk_reset(bench->bfk, 0);

	reset_files(bench, c);
	for (uint32_t i = 0; i < c->n_patches; i++)
		for (uint32_t j = 0; j < c->patches[i].len; j++)
			bench->tape[(uint16_t)(c->patches[i].at + j)] = c->patches[i].cells[j];
	while (!err) {
		now = step && step < left ? step : left;
		err = bfk_run(bench->bfk, fds, n_fds, now, &result);
		n_fds = 0;
		left -= now - result.run.fuel;
		if (err || result.status != BFK_STATUS_FUEL || !left)
			break;
	}
	bench->outcome.values[V_RUN_ERR] = err;
	bench->outcome.values[V_FUEL] = left;
	take_result(bench, c, &result);
}

static bool contents_differ(const struct content *a, const struct content *b)
{
	return a->len != b->len || memcmp(a->bytes, b->bytes, a->len);
}

static void content_copy(struct content *to, const struct content *from)
{
	to->len = from->len;
	memcpy(to->bytes, from->bytes, from->len);
}

void outcome_copy(struct outcome *to, const struct outcome *from)
{
	memcpy(to->values, from->values, sizeof(to->values));
	memcpy(to->tape, from->tape, TAPE_CELLS);
	content_copy(&to->output, &from->output);
	content_copy(&to->scratch, &from->scratch);
}

bool outcomes_differ(const struct outcome *a, const struct outcome *b)
{
	return memcmp(a->values, b->values, sizeof(a->values)) ||
	       contents_differ(&a->output, &b->output) ||
	       contents_differ(&a->scratch, &b->scratch) || memcmp(a->tape, b->tape, TAPE_CELLS);
}

static void print_content(const char *name, const struct content *content)
{
	printf(" %s %u bytes", name, content->len);
	for (uint32_t i = 0; i < content->len && i < 16; i++)
		printf(" %02x", content->bytes[i]);
}

static void print_contents(const char *what, const struct content *a, const char *a_name,
			   const struct content *b, const char *b_name)
{
	if (!contents_differ(a, b))
		return;
	printf("#   %s:", what);
	print_content(a_name, a);
	printf(",");
	print_content(b_name, b);
	printf("\n");
}

void outcomes_print(const struct outcome *a, const char *a_name, const struct outcome *b,
		    const char *b_name)
{
	for (int i = 0; i < VALUES; i++)
		printf("#   %-18s %s %lld, %s %lld%s\n", value_names[i], a_name,
		       (long long)a->values[i], b_name, (long long)b->values[i],
		       a->values[i] == b->values[i] ? "" : "   <--");
	print_contents("output", &a->output, a_name, &b->output, b_name);
	print_contents("scratch", &a->scratch, a_name, &b->scratch, b_name);
	for (int i = 0, n = 0; i < TAPE_CELLS && n < 8; i++) {
		if (a->tape[i] == b->tape[i])
			continue;
		printf("#   cell %d: %s %u, %s %u\n", i, a_name, a->tape[i], b_name, b->tape[i]);
		n++;
	}
}
