// SPDX-License-Identifier: GPL-2.0-only
/* bfkd: its command line. Interface: options.h */
#include "options.h"
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include "userspace/lib/service.h"

#define WORKERS_MAX 64
#define CLIENTS_MAX 65536
#define INSTANCES_MAX 262144

static const char help[] =
	"usage: bfkd [OPTION]...\n"
	"\n"
	"Gives sealed instances of /dev/bfk to users who cannot open it, as policy allows.\n"
	"\n"
	"  -p, --policy FILE          the policy (default: /etc/bfkd.conf)\n"
	"      --check                check it for errors and exit\n"
	"  -s, --socket PATH          listen there, unless systemd passes a socket\n"
	"                             (default: " SERVICE_SOCKET ")\n"
	"  -j, --workers N            compile this many programs at a time (default: 2)\n"
	"      --clients N            connections at a time (default: 1024)\n"
	"      --clients-per-user N   of one user (default: 256)\n"
	"      --instances N          instances in use at a time (default: 1024)\n"
	"      --memory BYTES         their memory in total (default: 268435456)\n"
	"      --cache BYTES          compiled programs to keep (default: 16777216)\n"
	"      --timeout SECONDS      for a client to send its request (default: 5)\n"
	"  -v, --verbose              log the outcome for each client\n"
	"  -h, --help                 print this text\n"
	"      --version              print the version\n"
	"\n"
	"SIGHUP reads the policy again, SIGUSR1 prints counters, SIGTERM ends the service. Exit status:\n"
	"0 ended by a signal, or the policy has no error; 1 cannot start, or the policy has an error;\n"
	"2 usage.\n";

enum {
	OPTION_CHECK = 256,
	OPTION_CLIENTS,
	OPTION_USER_CLIENTS,
	OPTION_INSTANCES,
	OPTION_MEMORY,
	OPTION_CACHE,
	OPTION_TIMEOUT,
	OPTION_VERSION,
};

static const struct option options[] = {
	{ "policy", required_argument, NULL, 'p' },
	{ "check", no_argument, NULL, OPTION_CHECK },
	{ "socket", required_argument, NULL, 's' },
	{ "workers", required_argument, NULL, 'j' },
	{ "clients", required_argument, NULL, OPTION_CLIENTS },
	{ "clients-per-user", required_argument, NULL, OPTION_USER_CLIENTS },
	{ "instances", required_argument, NULL, OPTION_INSTANCES },
	{ "memory", required_argument, NULL, OPTION_MEMORY },
	{ "cache", required_argument, NULL, OPTION_CACHE },
	{ "timeout", required_argument, NULL, OPTION_TIMEOUT },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{},
};

struct bfkd_settings bfkd_settings = {
	.socket = SERVICE_SOCKET,
	.policy = "/etc/bfkd.conf",
	.timeout_ns = 5000000000ull,
	.memory_max_len = 256 << 20,
	.cache_max_len = 16 << 20,
	.n_workers = 2,
	.clients_max = 1024,
	.user_clients_max = 256,
	.instances_max = 1024,
};

static int usage(const char *value)
{
	fprintf(stderr, "bfkd: '%s' is not a valid number here\n", value);
	fprintf(stderr, "  hint: try: bfkd --help\n");
	return 2;
}

static int read_number(uint64_t min, uint64_t max, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(optarg, &end, 10);
	if (*optarg >= '0' && *optarg <= '9' && !*end && !errno && *value >= min && *value <= max)
		return -1;
	return usage(optarg);
}

static int read_count(unsigned int max, unsigned int *value)
{
	uint64_t number;
	int status = read_number(1, max, &number);

	*value = number;
	return status;
}

static int read_timeout(uint64_t *ns)
{
	char *end;
	double seconds = strtod(optarg, &end);

	if (!*optarg || *end || !(seconds >= 0.01 && seconds <= 3600))
		return usage(optarg);
	*ns = seconds * 1e9;
	return -1;
}

static int parse_option(struct bfkd_settings *settings, int option)
{
	switch (option) {
	case 'p':
		settings->policy = optarg;
		return -1;
	case 's':
		settings->socket = optarg;
		return -1;
	case 'j':
		return read_count(WORKERS_MAX, &settings->n_workers);
	case 'v':
		settings->is_verbose = true;
		return -1;
	case OPTION_CHECK:
		settings->is_check = true;
		return -1;
	case OPTION_CLIENTS:
		return read_count(CLIENTS_MAX, &settings->clients_max);
	case OPTION_USER_CLIENTS:
		return read_count(CLIENTS_MAX, &settings->user_clients_max);
	case OPTION_INSTANCES:
		return read_count(INSTANCES_MAX, &settings->instances_max);
	case OPTION_MEMORY:
		return read_number(0, SIZE_MAX / 2, &settings->memory_max_len);
	case OPTION_CACHE:
		return read_number(0, SIZE_MAX / 2, &settings->cache_max_len);
	case OPTION_TIMEOUT:
		return read_timeout(&settings->timeout_ns);
	case 'h':
		fputs(help, stdout);
		return 0;
	case OPTION_VERSION:
		puts("bfkd " CLI_VERSION);
		return 0;
	default:
		fputs("  hint: try: bfkd --help\n", stderr);
		return 2;
	}
}

int bfkd_options(int argc, char **argv)
{
	int option, status = -1;

	while (status < 0) {
		option = getopt_long(argc, argv, "p:s:j:vh", options, NULL);
		if (option == -1)
			break;
		status = parse_option(&bfkd_settings, option);
	}
	if (status < 0 && optind < argc) {
		fprintf(stderr, "bfkd: unexpected argument '%s'\n  hint: try: bfkd --help\n",
			argv[optind]);
		return 2;
	}
	return status;
}
