// SPDX-License-Identifier: GPL-2.0-only
/* Opens an instance with a program, from an engine or from the compile service. Interface: open.h */
#include "open.h"
#include "cli.h"
#include "engine.h"
#include "load.h"
#include "report.h"
#include "say.h"
#include "source.h"
#include "terminal.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "userspace/lib/service.h"

#define TIMEOUT "BFK_SERVICE_TIMEOUT" /* in the environment: seconds */
#define TIMEOUT_S 60
#define TIMEOUT_MAX_S (UINT32_MAX / 1000)

/* Sets @timeout_s to how long the service may take; 0: any time. */
static int get_timeout(uint64_t *timeout_s)
{
	const char *value = getenv(TIMEOUT);

	*timeout_s = TIMEOUT_S;
	if (!value || !cli_parse_number(TIMEOUT, value, 0, TIMEOUT_MAX_S, timeout_s))
		return CLI_OK;
	cli_hint("that is " TIMEOUT ", the seconds to wait for the service; 0: no limit");
	return CLI_USAGE;
}

static int say_no_service(const char *socket, uint32_t timeout_ms, int err)
{
	if (!*socket)
		socket = SERVICE_SOCKET;
	if (err == -ETIME) {
		cli_say("the service at %s did not answer within %u s", socket, timeout_ms / 1000);
		cli_hint("it may hang, or have too many clients; " TIMEOUT
			 "=SECONDS in the environment sets another limit");
	} else {
		cli_say("no service at %s: %s", socket, strerror(-err));
		cli_hint("is bfkd.socket started? See bfkd(8)");
	}
	return CLI_NO_DEVICE;
}

/* Reports errors with a place in the source like those of any load, and all others in the service's words. */
static int say_refused(struct cli_source *source, const struct cli_load *load,
		       const struct bfk_service *service, const struct bfk_result *result, int err)
{
	if (result->error == BFK_ERROR_DENIED_OP && load->allowed == BFK_ALLOW_ALL) {
		cli_say_at(source, result->error_off,
			   "the policy of the service has no such operation");
		cli_hint("its administrator can allow it; see bfkd.conf(5)");
	} else if (result->error) {
		cli_say_load(source, load, result, err);
	} else {
		cli_say("%s: refused: %s", source->name,
			*service->message ? service->message : strerror(-err));
	}
	return CLI_FAILED;
}

static int ask_service(struct bfk **bfk, struct cli_source *source, const struct cli_load *load,
		       struct bfk_result *result)
{
	struct bfk_service service = { .socket = *load->service ? load->service : NULL,
				       .flags = load->flags,
				       .allowed = load->allowed,
				       .passes = cli_passes(load) };
	const char *engine = cli_engine(load->engine);
	uint64_t timeout_s;
	int err;

	if (get_timeout(&timeout_s))
		return CLI_USAGE;
	service.timeout_ms = timeout_s * 1000;
	if (engine && strcmp(engine, "kernel")) {
		if (strcmp(engine, "kernel-interp")) {
			cli_say("the service is for the kernel, and not for %s%s",
				load->engine ? "--engine " : "BFK_ENGINE=", engine);
			return CLI_USAGE;
		}
		service.flags |= BFK_LOAD_INTERP;
	}
	if (source->ops) {
		cli_say("%s: the service takes source, and this is compiled already", source->name);
		return CLI_USAGE;
	}
	err = bfk_open_service(bfk, &service, source->text, source->len, result);
	if (!err)
		return CLI_OK;
	if (!*service.message && !result->error)
		return say_no_service(load->service, service.timeout_ms, err);
	return say_refused(source, load, &service, result, err);
}

/* If no engine was asked for, a user at a terminal may think that the kernel runs the program. */
static void say_own(enum bfk_where where, int err)
{
	static bool is_said; /* once for all programs of --async */
	const char *engine = bfk_where_name(where);

	if (!err || is_said || !cli_is_terminal(STDERR_FILENO))
		return;
	is_said = true;
	if (err == -ENOENT || err == -ENXIO || err == -ENODEV)
		cli_say("there is no /dev/bfk (is the module loaded?): running in this process (%s)",
			engine);
	else if (err == -EACCES || err == -EPERM)
		cli_say("no permission to open /dev/bfk: running in this process (%s)", engine);
	else
		cli_say("cannot open /dev/bfk (%s): running in this process (%s)", strerror(-err),
			engine);
}

int cli_open(struct bfk **bfk, enum bfk_where *where, struct cli_source *source,
	     const struct cli_load *load, struct bfk_result *result)
{
	int status, err, why_own;

	*bfk = NULL;
	*where = BFK_WHERE_KERNEL;
	if (load->service)
		return ask_service(bfk, source, load, result);
	status = cli_create(bfk, where, load->engine, &why_own);
	if (status)
		return status;
	say_own(*where, why_own);
	err = cli_load(*bfk, source, load, result);
	if (!err)
		return CLI_OK;
	cli_say_load(source, load, result, err);
	return CLI_FAILED;
}
