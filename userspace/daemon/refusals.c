// SPDX-License-Identifier: GPL-2.0-only
/*
 * bfkd: the log of refusals. Main thread only.
 *
 * Interface: refusals.h
 * Invariants:
 * 1. A user gets at most LINES_MAX lines in WINDOW_NS. All IDs without an account count as one
 *    user, because a user with one such ID has thousands (subuid(5)).
 * 2. No part of a line comes from the client.
 */
#include "refusals.h"
#include "bfkd.h"
#include "log.h"
#include "users.h"
#include <stdio.h>

#define LINES_MAX 10
#define WINDOW_NS 60000000000ull
#define USERS 64 /* users with their own window; all others share one */
#define NAME_ROOM 64

/*
 * struct window - a user's use of the log
 * @uid: the user of the last line
 * @end_ns: when the window ends; 0: never used
 * @n_lines: lines since it began
 * @n_lost: refusals without a line
 * @n_lost: refusals that had none
 */
struct window {
	uid_t uid;
	uint64_t end_ns;
	unsigned int n_lines, n_lost;
};

static struct window windows[USERS], strangers, others;

/* Begins a new minute, with one line for all refusals of the last one that had none. */
static void begin(struct window *window, uint64_t now_ns)
{
	if (window->n_lost)
		bfkd_log(5, "refused: %u more were not logged, after the last one of uid %u",
			 window->n_lost, window->uid);
	*window = (struct window){ .end_ns = now_ns + WINDOW_NS };
}

/* The window of @uid, or one that has ended; otherwise the shared one. */
static struct window *find(uid_t uid, uint64_t now_ns)
{
	struct window *window, *over = &others;

	for (window = windows; window < windows + USERS; window++) {
		if (window->end_ns && window->uid == uid)
			return window;
		if (window->end_ns <= now_ns)
			over = window;
	}
	return over;
}

void bfkd_refusal_log(const struct bfkd_client *client, const char *why)
{
	uid_t uid = client->user->uid;
	uint64_t now_ns = bfkd_now_ns();
	struct window *window = &strangers;
	const char *more = "";
	char name[NAME_ROOM];
	bool has_name = bfkd_user_name(uid, name, sizeof(name));

	if (has_name)
		window = find(uid, now_ns);
	if (window->end_ns <= now_ns)
		begin(window, now_ns);
	if (window->n_lines == LINES_MAX) {
		window->n_lost++;
		return;
	}
	if (++window->n_lines == LINES_MAX)
		more = has_name ?
			       "; no more such lines about this user for a minute" :
			       "; no more such lines about users without an account for a minute";
	window->uid = uid;
	bfkd_log(5, "refused: pid %d, uid %u (%s): %s%s", client->pid, uid,
		 has_name ? name : "no account", why, more);
}
