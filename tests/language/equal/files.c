// SPDX-License-Identifier: GPL-2.0
/* The files of a bench: created once, reset before every run, and recorded after it. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "equal.h"

static const char scratch_start[] = "a scratch file that starts with forty bytes of text";

static int reopen(int fd, int flags)
{
	char path[40];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, flags | O_CLOEXEC);
}

bool files_open(struct files *files)
{
	const char *tmp = access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm";
	int ends[2], append, readonly;

	files->input_fd = memfd_create("input", MFD_CLOEXEC);
	files->output_fd = memfd_create("output", MFD_CLOEXEC);
	files->scratch_fd = memfd_create("scratch", MFD_CLOEXEC);
	append = memfd_create("append", MFD_CLOEXEC);
	files->append_fd = reopen(append, O_WRONLY | O_APPEND);
	close(append);
	readonly = memfd_create("readonly", MFD_CLOEXEC);
	if (write(readonly, "read me", 7) != 7)
		return false;
	files->readonly_fd = reopen(readonly, O_RDONLY);
	close(readonly);
	if (pipe2(ends, O_CLOEXEC))
		return false;
	close(ends[1]);
	files->pipe_fd = ends[0];

	snprintf(files->dir, sizeof(files->dir), "%s/bfk-equal.XXXXXX", tmp);
	if (!mkdtemp(files->dir))
		return false;
	files->dir_fd = open(files->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (mkdirat(files->dir_fd, "s", 0777))
		return false;
	files->sub_fd = openat(files->dir_fd, "s", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return files->append_fd >= 0 && files->readonly_fd >= 0 && files->sub_fd >= 0;
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

static void put_file(int dir_fd, const char *name, const char *text)
{
	int fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (write(fd, text, strlen(text)) < 0)
		perror(name);
	close(fd);
}

/* Writes first, so that the file rarely frees its page. */
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

static uint64_t hash_dirs(const struct files *files)
{
	return hash_dir(files->dir_fd) + 3 * hash_dir(files->sub_fd);
}

static void reset_dirs(struct files *files)
{
	empty_dir(files->sub_fd);
	empty_dir(files->dir_fd);
	put_file(files->dir_fd, "a", "the file a\n");
	put_file(files->sub_fd, "b", "the file s/b\n");
	if (symlinkat("a", files->dir_fd, "l") || symlinkat("s", files->dir_fd, "d"))
		perror("equal: links");
	files->dirs_hash = hash_dirs(files);
}

/* Resets all files to the state before a run. */
void files_reset(struct files *files, const struct test_case *c)
{
	rewind_file(files->input_fd, c->input, c->input_len);
	rewind_file(files->output_fd, NULL, 0);
	if (!has_sysops(c))
		return;
	rewind_file(files->scratch_fd, scratch_start, sizeof(scratch_start) - 1);
	rewind_file(files->append_fd, NULL, 0);
	lseek(files->readonly_fd, 0, SEEK_SET);
	lseek(files->dir_fd, 0, SEEK_SET);
	if (has_opens(c) && !files->dirs_clean)
		reset_dirs(files);
}

static void take_content(int fd, struct content *content)
{
	struct stat stat;

	content->len = fstat(fd, &stat) ? 0 : stat.st_size;
	if (content->len && pread(fd, content->bytes, FILE_MAX, 0) < 0)
		perror("equal: reading back");
}

/* Lists the program's files: that of slot i in fds[i]. Returns how many. */
unsigned int files_list(const struct files *files, const struct test_case *c, int *fds)
{
	const int all[N_FDS] = { files->input_fd,   files->output_fd,	files->dir_fd,
				 files->scratch_fd, files->readonly_fd, files->pipe_fd,
				 files->append_fd };

	memcpy(fds, all, sizeof(all));
	return has_sysops(c) ? N_FDS : 2;
}

/* Records the files that a run leaves. */
void files_take(struct files *files, const struct test_case *c, struct outcome *outcome)
{
	take_content(files->output_fd, &outcome->output);
	outcome->scratch.len = 0;
	outcome->values[V_DIR] = 0;
	if (has_sysops(c))
		take_content(files->scratch_fd, &outcome->scratch);
	if (!has_opens(c))
		return;
	outcome->values[V_DIR] = hash_dirs(files);
	files->dirs_clean = outcome->values[V_DIR] == files->dirs_hash;
}

void files_close(struct files *files)
{
	int fds[] = { files->input_fd,	files->output_fd, files->scratch_fd, files->readonly_fd,
		      files->append_fd, files->pipe_fd,	  files->dir_fd,     files->sub_fd };

	empty_dir(files->sub_fd);
	empty_dir(files->dir_fd);
	for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++)
		close(fds[i]);
	rmdir(files->dir);
	strcat(files->dir, "/s");
	rmdir(files->dir);
	*strrchr(files->dir, '/') = 0;
	rmdir(files->dir);
}
