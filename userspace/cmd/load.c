// SPDX-License-Identifier: GPL-2.0-only
/* Loading a program, and the options for it. Interface: load.h */
#include "load.h"
#include "cli.h"
#include "say.h"
#include "source.h"
#include <getopt.h>
#include <string.h>
#include "userspace/opt/passes.h"

struct cli_load cli_load_default(void)
{
	return (struct cli_load){ .allowed = BFK_ALLOW_ALL,
				  .level = BFK_LEVEL_2,
				  .is_zeroed = true };
}

static int parse_allow(const char *letters, uint32_t *allowed)
{
	*allowed = 0;
	for (; *letters; letters++) {
		if (*letters < 'a' || *letters > 'z') {
			cli_say("--allow takes letters of operations, and '%c' is not one",
				*letters);
			cli_hint("--allow rw allows %%r and %%w; --allow '' allows no operation");
			return CLI_USAGE;
		}
		*allowed |= 1u << (*letters - 'a');
	}
	return CLI_OK;
}

static int parse_level(const char *value, uint32_t *level)
{
	static const uint32_t levels[] = { BFK_LEVEL_0, BFK_LEVEL_1, BFK_LEVEL_2 };

	if (*value < '0' || *value > '2' || value[1]) {
		cli_say("-O is 0, 1 or 2, and not '%s'", value);
		return CLI_USAGE;
	}
	*level = levels[*value - '0'];
	return CLI_OK;
}

static void hint_passes(void)
{
	size_t i;

	fputs("  hint: passes: ", stderr);
	for (i = 0; i < BFK_PASSES; i++)
		fprintf(stderr, "%s%s", i ? ", " : "", bfk_passes[i].name);
	fputc('\n', stderr);
}

static int parse_without(const char *names, uint32_t *without)
{
	const struct bfk_pass_entry *pass;
	size_t len;

	for (;; names += len + 1) {
		len = strcspn(names, ",");
		pass = bfk_pass_find(names, len);
		if (!pass) {
			cli_say("no pass is called '%.*s'", (int)len, names);
			hint_passes();
			return CLI_USAGE;
		}
		*without |= pass->pass;
		if (!names[len])
			return CLI_OK;
	}
}

static int parse_eof(const char *value, uint32_t *flags)
{
	*flags &= ~(BFK_LOAD_EOF_255 | BFK_LOAD_EOF_KEEP);
	if (!strcmp(value, "255"))
		*flags |= BFK_LOAD_EOF_255;
	else if (!strcmp(value, "keep"))
		*flags |= BFK_LOAD_EOF_KEEP;
	else if (strcmp(value, "0")) {
		cli_say("--eof is 0, 255 or keep, and not '%s'", value);
		return CLI_USAGE;
	}
	return CLI_OK;
}

/*
 * Handles an option of @command that is about loading, as getopt_long() returned it: its argument is in optarg.
 * Any other is an error.
 */
int cli_load_option(struct cli_load *load, int option, const char *command)
{
	switch (option) {
	case 'E':
		load->engine = optarg;
		return CLI_OK;
	case 'O':
		return parse_level(optarg, &load->level);
	case 'a':
		return parse_allow(optarg, &load->allowed);
	case 'p':
		load->flags |= BFK_LOAD_PLAIN;
		return CLI_OK;
	case CLI_OPTION_EOF:
		return parse_eof(optarg, &load->flags);
	case CLI_OPTION_WITHOUT:
		return parse_without(optarg, &load->without);
	default:
		cli_hint("try: bfk %s --help", command);
		return CLI_USAGE;
	}
}

/* Returns BFK_PASS_*. 0: the engine gets the source as it is. */
uint32_t cli_passes(const struct cli_load *load)
{
	uint32_t zeroed = load->level && load->is_zeroed ? BFK_PASS_ZEROED : 0;

	return (load->level | zeroed) & ~load->without;
}

/* Calls bfk_compile(). A program that is compiled already gets no passes. */
int cli_compile(const struct cli_source *source, const struct cli_load *load, uint32_t passes,
		struct bfk_op **ops, size_t *n_ops, struct bfk_result *result)
{
	if (source->ops)
		return bfk_compile(source->ops, source->n_ops * sizeof(*source->ops),
				   load->flags | BFK_LOAD_OPS, load->allowed, 0, ops, n_ops,
				   result);
	return bfk_compile(source->text, source->len, load->flags, load->allowed, passes, ops,
			   n_ops, result);
}

/* Loads a program by the options. Returns -errno. */
int cli_load(struct bfk *bfk, const struct cli_source *source, const struct cli_load *load,
	     struct bfk_result *result)
{
	if (source->ops)
		return bfk_load_ops(bfk, source->ops, source->n_ops, load->flags, load->allowed,
				    result);
	return bfk_load_optimised(bfk, source->text, source->len, load->flags, load->allowed,
				  cli_passes(load), result);
}
