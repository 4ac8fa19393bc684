// SPDX-License-Identifier: GPL-2.0-only
/* Requests that are malformed, cut short, sent in pieces or slowly, or corrupted. */
#include <time.h>
#include "client.h"

#define FIELD(name) #name, offsetof(struct service_request, name)

void malformed(int unused)
{
	static const struct {
		const char *name;
		size_t off;
		uint32_t value;
		int err;
	} fields[] = {
		{ FIELD(magic), 0, EPROTO },
		{ FIELD(version), 2, EPROTO },
		{ FIELD(flags), BFK_LOAD_SEAL, EINVAL },
		{ FIELD(flags), BFK_LOAD_OPS, EINVAL },
		{ FIELD(flags), 1u << 31, EINVAL },
		{ FIELD(flags), BFK_LOAD_EOF_255 | BFK_LOAD_EOF_KEEP, EINVAL },
		{ FIELD(passes), 64, EINVAL },
		{ FIELD(allowed), ~0u, EINVAL },
		{ FIELD(reserved), 1, EINVAL },
		{ FIELD(source_len), 65537, E2BIG },
		{ FIELD(source_len), ~0u, E2BIG },
		{ FIELD(tape_len), 65537, E2BIG },
		{ FIELD(tape_len), ~0u, E2BIG },
		{ FIELD(source_len), 0, 0 },
	};
	struct service_request bad;
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		bad = request();
		memcpy((char *)&bad + fields[i].off, &fields[i].value, sizeof(uint32_t));
		expect(fields[i].name, bad, fields[i].err);
	}
}

/* Sends every beginning of a request and no more: no reply, and the next client is served. */
void truncated(int unused)
{
	struct service_request good = request();
	char whole[sizeof(good) + HELLO_LEN];
	int fd, instance_fd;
	size_t len;

	(void)unused;
	memcpy(whole, &good, sizeof(good));
	memcpy(whole + sizeof(good), hello, HELLO_LEN);
	for (len = 0; len < sizeof(whole); len++) {
		fd = dial();
		if (len)
			put(fd, whole, len);
		shutdown(fd, SHUT_WR);
		if (receive(fd, &instance_fd) != -1)
			die("a reply to %zu bytes", len);
		close(fd);
	}
	served(0);
}

/* Sends the same request cut in two, at every place. */
void pieces(int unused)
{
	struct service_request good = request();
	char whole[sizeof(good) + HELLO_LEN];
	struct timespec pause = { .tv_nsec = 2000000 };
	int fd, instance_fd;
	size_t len;

	(void)unused;
	memcpy(whole, &good, sizeof(good));
	memcpy(whole + sizeof(good), hello, HELLO_LEN);
	for (len = 1; len < sizeof(whole); len++) {
		fd = dial();
		put(fd, whole, len);
		nanosleep(&pause, NULL);
		put(fd, whole + len, sizeof(whole) - len);
		if (receive(fd, &instance_fd))
			die("refused when cut after %zu bytes", len);
		close(instance_fd);
		close(fd);
	}
}

/* Sends one of 32 bytes every 300 ms: bfkd drops it before the end, and serves others. */
void slow(int unused)
{
	struct service_request good = request();
	struct timespec pause = { .tv_nsec = 300000000 };
	int fd = dial();
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(good); i++) {
		if (send(fd, (char *)&good + i, 1, MSG_NOSIGNAL) != 1) {
			if (errno != EPIPE && errno != ECONNRESET)
				die("send: %s", strerror(errno));
			return;
		}
		served(0);
		nanosleep(&pause, NULL);
	}
	die("it was not dropped");
}

static uint64_t next_random(void)
{
	static uint64_t state = 88172645463325252ull;

	state ^= state << 13;
	state ^= state >> 7;
	return state ^= state << 17;
}

/* Corrupts a few bytes of a good request, which may make it shorter or longer than its lengths. */
static size_t spoil(char *whole, size_t room)
{
	struct service_request good = request();
	size_t len = sizeof(good) + HELLO_LEN, i, n = next_random() % 4;

	memset(whole, '+', room);
	good.source_len = next_random() % 4 ? HELLO_LEN : next_random() % room;
	good.tape_len = next_random() % 4 ? 0 : next_random() % room;
	good.passes = next_random() & BFK_LEVEL_2;
	memcpy(whole, &good, sizeof(good));
	memcpy(whole + sizeof(good), hello, HELLO_LEN);
	for (i = 0; i < n; i++)
		whole[next_random() % len] = next_random();
	return next_random() % 2 ? len : next_random() % room;
}

/* Sends @n of those: each gets a whole reply or none, and afterwards a good one is served. */
void fuzz(int n)
{
	struct service_request good = request();
	int fd, instance_fd, before = ask(good, &instance_fd);
	char whole[400];
	size_t len;

	close(instance_fd);
	for (; n; n--) {
		len = spoil(whole, sizeof(whole));
		fd = dial();
		send(fd, whole, len, MSG_NOSIGNAL);
		if (next_random() % 64)
			shutdown(fd, SHUT_WR);
		if (next_random() % 8)
			receive(fd, &instance_fd);
		close(instance_fd);
		close(fd);
	}
	expect("a good request", good, before);
}
