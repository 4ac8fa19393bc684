// SPDX-License-Identifier: GPL-2.0-only
/*
 * The compiler in the kernel makes the same code as the one in this process, byte for byte except
 * for the addresses of the static entry points. So measurements and proofs of one hold for the
 * other.
 *
 * Arguments: part of a case's name; then folders whose *.b and *.bf are compiled, instead of
 * tests/language/programs and examples.
 */
#include "userspace/include/libbfk-audit.h"
#include "generate.h"
#include "real.h"

static bool may_be_large; /* programs from the command line may be larger than the arena */

/* The entry point that the call or jmp at @at goes to; -1: it is neither, or goes elsewhere. */
static int entry_at(const struct bfk_listing *listing, size_t at)
{
	int32_t rel;
	int i;

	if (at + 5 > listing->text_len || (listing->text[at] & ~1) != 0xe8)
		return -1;
	memcpy(&rel, listing->text + at + 1, 4);
	for (i = 0; i < BFK_ENTRIES; i++)
		if ((int64_t)at + 5 + rel == listing->entry[i])
			return i;
	return -1;
}

/*
 * Where the texts differ there must be a rel32 that goes to the same entry point in both; sites
 * counts them. As the entry points are at other distances, each rel32 to one must differ.
 */
static void same_texts(const struct bfk_listing *a, const struct bfk_listing *b,
		       size_t sites[BFK_ENTRIES])
{
	size_t at, start;
	int entry;

	for (at = 0; at < a->text_len; at++) {
		if (a->text[at] == b->text[at])
			continue;
		for (start = at < 4 ? 0 : at - 4, entry = -1; entry < 0 && start < at; start++) {
			entry = entry_at(a, start);
			if (entry != entry_at(b, start) || a->text[start] != b->text[start])
				entry = -1;
		}
		if (entry < 0)
			fail(__FILE__, __LINE__, "byte %zu of %zu is 0x%02x, not 0x%02x", at,
			     a->text_len, a->text[at], b->text[at]);
		sites[entry]++;
		at = start +
		     3; /* start is after the opcode here; skip to the last byte of the rel32 */
	}
}

static void same_listings(const struct bfk_listing *a, const struct bfk_listing *b)
{
	size_t sites[BFK_ENTRIES] = {}, calls = 0, stops = 0, i;

	EQUAL(a->text_len, b->text_len);
	EQUAL(a->n_ops, b->n_ops);
	CHECK(!memcmp(a->ops, b->ops, a->n_ops * sizeof(*a->ops)));
	for (i = 0; i < BFK_ENTRIES; i++)
		CHECK(a->entry[i] != b->entry[i]);
	for (i = 0; i < a->n_ops; i++) {
		calls += a->ops[i].kind <= BFK_OP_HOST_MAX;
		stops += a->ops[i].kind == BFK_OP_NEXT;
	}
	same_texts(a, b, sites);
	EQUAL(sites[BFK_ENTRY_HOST], calls);
	EQUAL(sites[BFK_ENTRY_STOP], stops);
}

static struct bfk *kernel, *local;
static uint32_t n_same, n_large;

static void begin(void)
{
	EQUAL(bfk_create(&kernel, BFK_WHERE_KERNEL), 0);
	EQUAL(bfk_create(&local, BFK_WHERE_JIT), 0);
}

/* Loads into both, and compares them. */
static void compare(const void *source, size_t len, uint32_t flags)
{
	struct bfk_listing in_kernel, in_process;
	struct bfk_verdict verdict;
	struct bfk_result result;
	struct bfk_info info;

	EQUAL(bfk_load(local, source, len, flags, BFK_ALLOW_ALL, &result), 0);
	EQUAL(result.engine, BFK_ENGINE_JIT);
	EQUAL(bfk_load(kernel, source, len, flags, BFK_ALLOW_ALL, &result), 0);
	EQUAL(bfk_dump(local, &in_process), 0);
	if (result.engine == BFK_ENGINE_INTERP) {
		EQUAL(bfk_info(BFK_WHERE_KERNEL, &info), 0);
		CHECK(may_be_large && in_process.text_len > info.text_len);
		printf("# %s: %zu bytes do not fit the arena\n", note, in_process.text_len);
		fflush(stdout);
		n_large++;
	} else {
		EQUAL(bfk_dump(kernel, &in_kernel), 0);
		same_listings(&in_kernel, &in_process);
		EQUAL(bfk_audit(in_kernel.text, in_kernel.text_len, in_kernel.ops, in_kernel.n_ops,
				in_kernel.entry, &verdict),
		      0);
		bfk_listing_free(&in_kernel);
		n_same++;
	}
	bfk_listing_free(&in_process);
}

static void end(void)
{
	printf("# %u programs, and %u that do not fit\n", n_same, n_large);
	fflush(stdout);
	bfk_destroy(kernel);
	bfk_destroy(local);
}

static void real(void)
{
	struct real *real = real_read(folders, BFK_ALLOW_ALL);

	begin();
	for (; real->ops; real++) {
		note = real->path;
		compare(real->ops, real->n_ops * sizeof(*real->ops), BFK_LOAD_OPS);
	}
	note = "";
	CHECK(n_same > 1);
	end();
}

/* Source that both parse themselves. */
static void source(void)
{
	static const char *const sources[] = {
		"",
		"+",
		",[.,]",
		"%r[>>+<<%w>>-<<%r]",
		"#!x\n+++[>++++[>+++[>+[-]<-]<-]<-]>>[<]%q",
		"<<<+[[[[-]+]>>>]<<<]",
	};
	unsigned int i;

	begin();
	for (i = 0; i < sizeof(sources) / sizeof(*sources); i++) {
		note = sources[i];
		compare(note, strlen(note), 0);
	}
	note = "";
	end();
}

/* As many random programs as take some seconds, the same each time. */
static void made_up(void)
{
	static struct bfk_op ops[GENERATE_MAX];
	const char *letters = known_letters("");
	uint64_t seed;

	begin();
	for (seed = 1; seed <= 5000; seed++) {
		struct generator g = { .state = seed * 0x9e3779b97f4a7c15ull,
				       .ops = ops,
				       .letters = letters };
		static char text[40];

		snprintf(text, sizeof(text), "seed %llu", (unsigned long long)seed);
		note = text;
		generate(&g);
		compare(ops, g.n * sizeof(*ops), BFK_LOAD_OPS);
	}
	note = "";
	EQUAL(n_same, 5000);
	end();
}

/* Does same_listings() fail? */
static bool differ(const struct bfk_listing *a, const struct bfk_listing *b)
{
	pid_t pid = fork();

	if (!pid) {
		dup2(open("/dev/null", O_WRONLY), 1);
		same_listings(a, b);
		_exit(0);
	}
	return child_wait(pid, SOON) == 1 << 8;
}

/* Changing any single byte of the text is a difference; so is a changed entry point. */
static void noticed(void)
{
	struct bfk_listing in_kernel, in_process;
	size_t i;

	begin();
	compare("+[>,.%q<-]", 10, 0);
	EQUAL(bfk_dump(kernel, &in_kernel), 0);
	EQUAL(bfk_dump(local, &in_process), 0);
	CHECK(!differ(&in_kernel, &in_process));
	for (i = 0; i < in_kernel.text_len; i++) {
		in_kernel.text[i] ^= 1 << i % 8;
		CHECK(differ(&in_kernel, &in_process));
		in_kernel.text[i] ^= 1 << i % 8;
	}
	in_kernel.entry[BFK_ENTRY_STOP]++;
	CHECK(differ(&in_kernel, &in_process));
	in_kernel.entry[BFK_ENTRY_STOP]--;
	in_kernel.ops[1].text_off++;
	CHECK(differ(&in_kernel, &in_process));
	end();
}

static const struct test tests[] = {
	{ "the code of programs, as ops at each level, is the same in the kernel and in this process",
	  real, 120, .only_x86 = true },
	{ "the code of source is the same in the kernel and in this process", source,
	  .only_x86 = true },
	{ "the code of random ops is the same in the kernel and in this process", made_up, 60,
	  .only_x86 = true },
	{ "a difference in any byte, entry point or op is detected", noticed, .only_x86 = true },
};

int main(int argc, char **argv)
{
	if (argc > 2) {
		folders = argv + 2;
		may_be_large = true;
	}
	return run_cases(tests, sizeof(tests) / sizeof(*tests), argc, argv);
}
