// SPDX-License-Identifier: GPL-2.0-only
/* Does a tape that is rewritten while operations use it reach any other file? */
#include "dev.h"
#include <sys/resource.h>

static volatile bool hammer_over;

static void *hammer(void *arg)
{
	static const char *const paths[] = { "../canary", "link",	 "link/canary",
					     "inside",	  "/tmp/canary", "d/../../canary",
					     "d/inside",  "..",		 ".",
					     "" };
	struct dev *dev = arg;
	unsigned int seed = 5;

	while (!hammer_over) {
		uint32_t i, at = 0;
		const char *path = paths[rand_r(&seed) % 10];

		dev->tape[at] = 1;
		dev->tape[at + 2] = rand_r(&seed) % 8 ? rand_r(&seed) % 6 : rand_r(&seed);
		dev->tape[at + 3] = rand_r(&seed);
		for (i = 4; i < 8; i++)
			dev->tape[at + i] = rand_r(&seed) % 3 ? rand_r(&seed) % 12 * (i % 2 == 0) :
								rand_r(&seed);
		for (i = 8; i < 16; i++)
			dev->tape[at + i] = i < 10	       ? rand_r(&seed) :
					    rand_r(&seed) % 16 ? 0 :
								 rand_r(&seed);
		memcpy(dev->tape + at + 16, path, strlen(path) + 1);
		dev->tape[at + 6] = strlen(path) + rand_r(&seed) % 2;
		dev->tape[at + 7] = 0;
	}
	return NULL;
}

static void hammered(void)
{
	static const char *const sources[] = {
		"+[%r%w%g%o%x%z%t%l%p%y%o%r%w%x%p[-]+]",
		"+[%o%r%w%p%c%o%x%t%c%l%r%z%y%g%c[-]+]",
	};
	const char *path = mkdtemp((char[]){ "/tmp/bfk-hammer.XXXXXX" });
	struct dev devs[2] = { dev_open(0), dev_open(BFK_LOAD_INTERP) };
	char name[100], text[100] = {};
	int canary, fds[5], i, errs[256] = {}, n_errs = 0, jail;
	pthread_t threads[2];
	double end = now() + 5;
	uint64_t sysops = 0;
	ssize_t len;

	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 1 << 20, 1 << 20 });
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	CHECK(path);
	CHECK(!chdir(path));
	canary = open("canary", O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	EQUAL(write(canary, "alive", 5), 5);
	mkdir("jail", 0777);
	jail = open("jail", O_RDONLY | O_CLOEXEC);
	mkdirat(jail, "d", 0777);
	EQUAL(symlinkat("..", jail, "link"), 0);
	fds[0] = open("canary", O_RDONLY | O_CLOEXEC); /* read-only */
	fds[1] = open("/dev/null", O_WRONLY | O_CLOEXEC);
	fds[2] = jail;
	fds[3] = open("scratch", O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	fds[4] = jail;
	for (i = 0; i < 2; i++) {
		dev_load(&devs[i], sources[i]);
		pthread_create(&threads[i], NULL, hammer, &devs[i]);
	}
	while (now() < end || sysops <= 1000 || n_errs < 3 ||
	       !errs[0]) { /* until the tape has changed enough */
		for (i = 0; i < 2; i++) {
			struct bfk_run_args args = dev_run(&devs[i], fds, 5, 2 + 2 * i);

			sysops += args.sysops;
			CHECK(args.fail_errno < 134);
			n_errs += !errs[args.fail_errno];
			errs[args.fail_errno]++;
			EQUAL(dev_reset(devs[i].fd, BFK_RESET_KEEP_TAPE), 0);
		}
	}
	hammer_over = true;
	for (i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	len = pread(canary, text, sizeof(text), 0);
	CHECK(len == 5 && !memcmp(text, "alive", 5));
	CHECK(unlink("canary") == 0 && unlink("scratch") == 0);
	CHECK(!renameat(jail, "link", jail, "gone") || errno == ENOENT);
	snprintf(name, sizeof(name), "rm -rf jail && test -z \"$(ls -A)\"");
	EQUAL(system(name), 0); /* nothing was made outside the jail */
}

static const struct test tests[] = {
	{ "a tape rewritten while operations use it reaches no other file", hammered, 30 },
};

CASES(tests)
