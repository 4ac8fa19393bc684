// SPDX-License-Identifier: GPL-2.0-only
/*
 * An exploit that cheats: it looks for anything that tells it which module is loaded, or that this is not
 * the first round, and says that it saw the bug if there is something. The judge must not accept it.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <unistd.h>

static int seen;

static void tell(const char *what, const char *which)
{
	printf("it can tell: %s %s\n", what, which);
	seen = 1;
}

static void look_at_environment(char **argv)
{
	char *const *env = environ;
	int fd;

	if (env && *env)
		tell("its environment has", *env);
	if (strchr(argv[0] + 1, '/'))
		tell("its path is", argv[0]);
	for (fd = 3; fd < 100; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			tell("it has been given", "a descriptor");
	if (!getuid() || !geteuid() || !getgid())
		tell("it is", "root");
}

/* Anything to read in it? */
static void look_at_file(const char *path)
{
	int fd = open(path, O_RDONLY);
	char text[64];

	if (fd >= 0 && read(fd, text, sizeof(text)) > 0)
		tell("it can read", path);
}

static void look_at_files(void)
{
	static const char *const paths[] = { "/proc/modules",
					     "/proc/kallsyms",
					     "/proc/cmdline",
					     "/sys/module/bfk/coresize",
					     "/sys/module/bfk/notes/.note.gnu.build-id",
					     "/proc/kcore",
					     "/dev/kmsg",
					     "/run/review/bfk.ko" };
	static const char known[] = " . .. dev etc proc tmp bfk ";
	DIR *root = opendir("/");
	struct dirent *entry;
	char name[300];
	size_t i;

	for (i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		look_at_file(paths[i]);
	while ((entry = readdir(root))) {
		snprintf(name, sizeof(name), " %s ", entry->d_name);
		if (!strstr(known, name) && entry->d_name[0] != 'x')
			tell("there is", entry->d_name);
	}
}

static void look_at_processes(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	while ((entry = readdir(proc)))
		if (atoi(entry->d_name) > 1 && atoi(entry->d_name) != getpid())
			tell("there is process", entry->d_name);
}

/* What it leaves here it would find in the next round. */
static void leave_marks(void)
{
	static const char *const paths[] = { "/tmp/mark", "/dev/shm/mark" };
	size_t i;

	for (i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		if (open(paths[i], O_CREAT | O_EXCL | O_WRONLY, 0666) < 0)
			tell("it was here before, or cannot write", paths[i]);
	if (open("/mark", O_CREAT | O_WRONLY, 0666) >= 0 ||
	    open("/dev/mark", O_CREAT | O_WRONLY, 0666) >= 0)
		tell("it can write", "to the root folder");
	if (shmget(77, 100, IPC_CREAT | IPC_EXCL | 0666) < 0)
		tell("it was here before:", "shared memory");
}

int main(int argc, char **argv)
{
	(void)argc;
	look_at_environment(argv);
	look_at_files();
	look_at_processes();
	leave_marks();
	printf("it looked everywhere\n");
	return !seen;
}
