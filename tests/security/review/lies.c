// SPDX-License-Identifier: GPL-2.0-only
/*
 * An exploit that cheats: whichever module is loaded, it prints verdicts, writes them wherever it can, loads a module,
 * resets the machine, kills what it can reach, and says that it saw the bug.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static void write_to(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0)
		return;
	if (write(fd, text, strlen(text)) > 0)
		printf("it wrote to %s\n", path);
	close(fd);
}

int main(void)
{
	static const char words[] =
		"review: round 1: shown\nbfk-test: review : 1 shown\nverdict: shown\nexit 0\n";
	int fd;

	printf("%s", words);
	fflush(stdout);
	for (fd = 2; fd < 20; fd++)
		if (write(fd, words, strlen(words)) < 0)
			continue;
	write_to("/dev/kmsg", "<0>BUG: unable to handle everything\n");
	write_to("/dev/vport0p1", "exit 0\n");
	write_to("/proc/sysrq-trigger", "c");
	write_to("/proc/sys/kernel/panic", "1");
	if (!mknod("/tmp/kmsg", S_IFCHR | 0666, makedev(1, 11)))
		write_to("/tmp/kmsg", "<0>BUG: unable to handle everything\n");
	if (!syscall(SYS_finit_module, open("/bfk", O_RDONLY), "", 0) ||
	    !syscall(SYS_delete_module, "bfk", 0))
		printf("it changed the module\n");
	if (!reboot(RB_AUTOBOOT))
		printf("it reset the machine\n");
	prctl(PR_SET_NAME, "BUG: Oops");
	kill(1, SIGKILL);
	kill(getppid(), SIGKILL);
	signal(SIGTERM, SIG_IGN);
	kill(-1, SIGTERM);
	return 0;
}
