/* SPDX-License-Identifier: GPL-2.0-only */
/* bfkd: its command line. */
#ifndef BFK_DAEMON_OPTIONS_H
#define BFK_DAEMON_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * struct bfkd_settings - the command line
 * @timeout_ns: time for a client to send everything
 * @clients_max, @user_clients_max: connections at a time, in total and of one user
 * @instances_max: instances in use, in total
 * @memory_max_len: bytes of their memory, in total
 * @cache_max_len: bytes of compiled programs to keep
 */
struct bfkd_settings {
	const char *socket, *policy;
	uint64_t timeout_ns, memory_max_len, cache_max_len;
	unsigned int n_workers, clients_max, user_clients_max, instances_max;
	bool is_verbose, is_check;
};

extern struct bfkd_settings bfkd_settings;

/* Parses the command line. Returns an exit status, or -1: continue. */
int bfkd_options(int argc, char **argv);

#endif
