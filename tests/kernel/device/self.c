// SPDX-License-Identifier: GPL-2.0-only
/* Cases that fail, each in its own way, for self.bats; "self spin" runs +[] until it is stopped. */
#include "dev.h"

static void passes(void)
{
}

static void fails(void)
{
	EQUAL(1 + 1, 3);
}

static void crashes(void)
{
	raise(SIGSEGV);
}

static void hangs(void)
{
	pause();
}

static void complains(void)
{
	log_write("<4>", "a fake WARNING: CPU: 0");
}

static void todo(void)
{
	CHECK(0);
}

static const struct test tests[] = {
	{ "passes", passes },  { "fails", fails },	   { "crashes", crashes },
	{ "hangs", hangs, 1 }, { "complains", complains }, { "is to be done", todo, 0, "later" },
};

int main(int argc, char **argv)
{
	struct dev dev;

	if (argc < 2 || strcmp(argv[1], "spin"))
		return run_cases(tests, sizeof(tests) / sizeof(*tests), argc, argv);
	dev = dev_open(0);
	dev_load(&dev, "+[]");
	for (;;)
		dev_run(&dev, NULL, 0, UNLIMITED);
}
