// SPDX-License-Identifier: GPL-2.0-only
/*
 * bfkd: who was refused what, in the log. Main thread only.
 *
 * Interface: refusals.h
 * Invariants:
 * 1. LINES_MAX lines of a user in WINDOW_NS, whatever it does. All ids without an account are one
 *    user, as whoever has one such id has thousands (subuid(5)).
 * 2. Nothing in a line was written by the client.
 */
#include "refusals.h"
#include "bfkd.h"
#include "log.h"
#include "users.h"
#include <stdio.h>

#define LINES_MAX 10
#define WINDOW_NS 60000000000ull
#define USERS 64 /* users with a window of their own; more share one */
#define NAME_ROOM 64

/*
 * struct window - what a user has had of the log
 * @uid: the user of the last line
 * @end_ns: when that is forgotten; 0: it has never been used
 * @n_lines: lines since it began
 * @n_lost: refusals that had none
 */
struct window {
	uid_t uid;
	uint64_t end_ns;
	unsigned int n_lines, n_lost;
};

static struct window windows[USERS], strangers, others;

/* Begins a new minute. The refusals of the last one that had no line get one together. */
static void begin(struct window *window, uint64_t now_ns)
{
	if (window->n_lost)
		bfkd_log(5, "refused: %u more were not logged, after the last one of uid %u",
			 window->n_lost, window->uid);
	*window = (struct window){ .end_ns = now_ns + WINDOW_NS };
}

/* The window of @uid, or one that is over; else that of all others. */
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
