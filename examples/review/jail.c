// SPDX-License-Identifier: GPL-2.0-only
/*
 * jail SECONDS UID ROOT PROGRAM [ARG]... - runs PROGRAM, a path in ROOT, so that it can show a bug of bfk
 * but learn nothing about its judge: with ROOT as its root folder, an empty environment, its own
 * processes, mounts and IPC objects, an empty /tmp, and as the ordinary user UID. UID 0 stays root,
 * but cannot load modules, mount, reboot, trace, or make device nodes.
 *
 * Prints one line to descriptor 3: "exit STATUS", "signal NUMBER" or "time", followed by " stuck" if
 * SIGKILL does not end all its processes; "failed WHY" if PROGRAM was not run.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Only a process that never ends is stuck, so this is long enough for any busy machine. If the exploit
 * has already seen the bug, a stuck process only means that the next round needs a new guest.
 */
#define STUCK_SECONDS 30
#define STUCK_SECONDS_SEEN 3

static int report; /* the init of the jail writes the outcome here */

static void die(const char *what)
{
	dprintf(report, "failed %s: %s", what, strerror(errno));
	_exit(1);
}

static void need(const char *what, int ret)
{
	if (ret)
		die(what);
}

/* These tell a broken module from the sound one, by size or by the names of its functions. */
static void hide_module(void)
{
	static const char *const paths[] = { "/proc/modules", "/proc/kallsyms", "/proc/cmdline" };
	size_t i;

	for (i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		need(paths[i], mount("/dev/null", paths[i], NULL, MS_BIND, NULL));
}

static void enter(const char *root)
{
	need("mount namespace", mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	need("chroot", chdir(root) || chroot("."));
	need("/proc", mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV, NULL));
	need("/tmp", mount("tmp", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777,size=512m"));
	need("/dev/shm", mount("shm", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777"));
	hide_module();
	need("/tmp", chdir("/tmp"));
}

static void drop_rights(uid_t uid)
{
	static const int unwanted[] = { CAP_SYS_MODULE, CAP_SYS_ADMIN, CAP_SYS_BOOT, CAP_SYS_RAWIO,
					CAP_SYS_PTRACE, CAP_MKNOD,     CAP_SYSLOG };
	const struct rlimit none = {};
	size_t i;

	for (i = 0; i < sizeof(unwanted) / sizeof(*unwanted); i++)
		need("capabilities", prctl(PR_CAPBSET_DROP, unwanted[i], 0, 0, 0));
	need("no_new_privs", prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	need("core files", setrlimit(RLIMIT_CORE, &none));
	need("groups", setgroups(0, NULL));
	need("uid", setgid(uid) || setuid(uid));
}

/* If memory runs out, the exploit is what the kernel should end. */
static void volunteer(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY);

	if (fd < 0 || write(fd, "1000", 4) != 4)
		die("oom_score_adj");
	close(fd);
}

static void run_program(uid_t uid, char **argv)
{
	static char *no_environment[] = { NULL };

	volunteer();
	setsid();
	drop_rights(uid);
	execve(argv[0], argv, no_environment);
	die(argv[0]);
}

/* The first process of the jail: when it ends, the kernel kills all others there. */
static void init(const char *root, uid_t uid, char **argv)
{
	pid_t program, pid;
	int status = 0;

	enter(root);
	program = fork();
	if (program < 0)
		die("fork");
	if (!program)
		run_program(uid, argv);
	do
		pid = wait(&status);
	while (pid != program);
	if (WIFSIGNALED(status))
		dprintf(report, "signal %d", WTERMSIG(status));
	else
		dprintf(report, "exit %d", WEXITSTATUS(status));
	_exit(0);
}

static int ends(pid_t pid, int seconds)
{
	int tries;

	for (tries = 0; tries < seconds * 50; tries++) {
		if (waitpid(pid, NULL, WNOHANG) == pid)
			return 1;
		usleep(20000);
	}
	return 0;
}

int main(int argc, char **argv)
{
	char text[200] = "time";
	struct pollfd outcome;
	int ends_of_pipe[2], seconds;
	ssize_t len;
	pid_t pid;

	if (argc < 5) {
		fprintf(stderr, "usage: jail SECONDS UID ROOT PROGRAM [ARG]... 3>OUTCOME\n");
		return 2;
	}
	report = 3;
	fcntl(3, F_SETFD, FD_CLOEXEC);
	need("pipe", pipe2(ends_of_pipe, O_CLOEXEC));
	need("namespaces", unshare(CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC));
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		report = ends_of_pipe[1];
		init(argv[3], atoi(argv[2]), argv + 4);
	}
	close(ends_of_pipe[1]);
	outcome = (struct pollfd){ .fd = ends_of_pipe[0], .events = POLLIN };
	if (poll(&outcome, 1, atoi(argv[1]) * 1000) == 1) {
		memset(text, 0, sizeof(text));
		len = read(ends_of_pipe[0], text, sizeof(text) - 1);
		if (len <=
		    0) /* the exploit had its init killed, by the out-of-memory killer perhaps */
			strcpy(text, "signal 9");
	}
	kill(pid, SIGKILL);
	seconds = strcmp(text, "exit 0") ? STUCK_SECONDS : STUCK_SECONDS_SEEN;
	dprintf(3, "%s%s\n", text, ends(pid, seconds) ? "" : " stuck");
	return 0;
}
