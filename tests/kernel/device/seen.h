/* SPDX-License-Identifier: GPL-2.0-only */
/* Files to work on, and what observers see: inotify, fanotify and /proc/PID/io. */
#ifndef BFK_TESTS_SEEN_H
#define BFK_TESTS_SEEN_H

#include "engines.h"
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/un.h>

#define IN_LEN (5u << 19) /* two pieces of sendfile(2) and a half */

/* The files passed to a program, slot by slot. */
enum {
	IN,
	OUT,
	EMPTY,
	DIRECTORY,
	LISTENER,
	PIPE_EMPTY,
	PIPE_FULL,
	SOCKET,
	IN_NOW,
	OUT_NOW,
	N_SLOTS
};

/* The watched paths, in the order of the events in struct seen. */
static const char *const watched[] = { "in", "out", "empty", "sub/file", "sub", "." };

#define N_WATCHED 6
#define N_COUNTERS 4

static const char *const counters[N_COUNTERS] = { "rchar", "wchar", "syscr", "syscw" };

/*
 * What observers see of some work. The order of events, and how often the same event comes, are
 * ignored: inotify merges events, depending on how fast its reader is.
 */
struct seen {
	long long io[N_COUNTERS];
	uint32_t inotify[N_WATCHED]; /* IN_* */
	uint64_t fanotify;	     /* FAN_* */
};

struct place {
	char path[32];
	int fds[N_SLOTS], inotify, fanotify, io;
};

static inline int place_open(const struct place *place, const char *name, int flags)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", place->path, name);
	fd = open(path, flags | O_CLOEXEC, 0600);
	CHECK(fd >= 0);
	return fd;
}

/* A listening socket with one connection. */
static inline int listener_make(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int peer = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(address);

	EQUAL(bind(listener, (void *)&address, sizeof(sa_family_t)), 0);
	EQUAL(getsockname(listener, (void *)&address, &len), 0);
	EQUAL(listen(listener, 1), 0);
	EQUAL(connect(peer, (void *)&address, len), 0);
	return listener;
}

static inline void place_fill(struct place *place)
{
	static char bytes[IN_LEN];
	int ends[2];

	place->fds[IN] = place_open(place, "in", O_RDWR | O_CREAT);
	place->fds[OUT] = place_open(place, "out", O_RDWR | O_CREAT);
	place->fds[EMPTY] = place_open(place, "empty", O_RDWR | O_CREAT);
	place->fds[DIRECTORY] = place_open(place, ".", O_RDONLY | O_DIRECTORY);
	EQUAL(pwrite(place->fds[IN], bytes, IN_LEN, 0), IN_LEN);
	EQUAL(mkdirat(place->fds[DIRECTORY], "sub", 0700), 0);
	close(place_open(place, "sub/file", O_RDWR | O_CREAT));
	place->fds[LISTENER] = listener_make();
	EQUAL(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	place->fds[PIPE_EMPTY] = ends[0];
	EQUAL(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	while (write(ends[1], bytes, 4096) > 0)
		;
	place->fds[PIPE_FULL] = ends[1];
	EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	EQUAL(write(ends[1], "received", 8), 8);
	place->fds[SOCKET] = ends[0];
	place->fds[IN_NOW] = place_open(place, "in", O_RDONLY | O_NONBLOCK);
	place->fds[OUT_NOW] = place_open(place, "out", O_WRONLY | O_NONBLOCK);
}

static inline void place_watch(struct place *place)
{
	uint64_t mask = FAN_ACCESS | FAN_MODIFY | FAN_OPEN | FAN_CLOSE | FAN_EVENT_ON_CHILD |
			FAN_ONDIR;
	char path[64];
	int i;

	place->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	place->fanotify = fanotify_init(FAN_CLASS_NOTIF | FAN_NONBLOCK | FAN_CLOEXEC, O_RDONLY);
	CHECK(place->inotify >= 0 && place->fanotify >= 0);
	for (i = 0; i < N_WATCHED; i++) {
		snprintf(path, sizeof(path), "%s/%s", place->path, watched[i]);
		EQUAL(inotify_add_watch(place->inotify, path, IN_ALL_EVENTS), i + 1);
		EQUAL(fanotify_mark(place->fanotify, FAN_MARK_ADD, mask, AT_FDCWD, path), 0);
	}
}

static inline struct place place_make(void)
{
	struct place place = { .path = "/tmp/bfk-seen.XXXXXX" };

	CHECK(mkdtemp(place.path));
	place_fill(&place);
	place_watch(&place);
	place.io = open("/proc/self/io", O_RDONLY | O_CLOEXEC);
	CHECK(place.io >= 0);
	return place;
}

/* Unused ends of pipes and sockets stay open until the case ends. */
static inline void place_drop(struct place *place)
{
	static const char *const names[] = { "in", "out", "empty", "new", "sub/file" };
	int i;

	for (i = 0; i < 5; i++)
		unlinkat(place->fds[DIRECTORY], names[i], 0);
	EQUAL(unlinkat(place->fds[DIRECTORY], "sub", AT_REMOVEDIR), 0);
	EQUAL(rmdir(place->path), 0);
	close(place->inotify);
	close(place->fanotify);
	close(place->io);
	for (i = 0; i < N_SLOTS; i++)
		close(place->fds[i]);
}

/* Adds @sign times the counters. Returns the length of the text, because reading it counts too. */
static inline int io_add(int fd, int sign, long long *io)
{
	char text[400], name[20];
	ssize_t len = pread(fd, text, sizeof(text) - 1, 0);
	int i;

	CHECK(len > 0);
	text[len] = 0;
	for (i = 0; i < N_COUNTERS; i++) {
		const char *line;

		snprintf(name, sizeof(name), "%s: ", counters[i]);
		line = strstr(text, name);
		CHECK(line);
		io[i] += sign * atoll(line + strlen(name));
	}
	return len;
}

static inline void read_inotify(int fd, struct seen *seen)
{
	char text[8192] __attribute__((aligned(8)));
	const struct inotify_event *event;
	ssize_t len, off;

	while ((len = read(fd, text, sizeof(text))) > 0)
		for (off = 0; off < len; off += sizeof(*event) + event->len) {
			event = (void *)(text + off);
			CHECK(event->wd >= 1 && event->wd <= N_WATCHED);
			seen->inotify[event->wd - 1] |= event->mask;
		}
	EQUAL(errno, EAGAIN);
}

static inline void read_fanotify(int fd, struct seen *seen)
{
	struct fanotify_event_metadata events[100], *event;
	ssize_t len;

	while ((len = read(fd, events, sizeof(events))) > 0)
		for (event = events; FAN_EVENT_OK(event, len); event = FAN_EVENT_NEXT(event, len)) {
			seen->fanotify |= event->mask;
			close(event->fd);
		}
	EQUAL(errno, EAGAIN);
}

#endif
