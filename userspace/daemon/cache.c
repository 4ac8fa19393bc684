// SPDX-License-Identifier: GPL-2.0-only
/*
 * bfkd: compiled programs, found by their whole source and the way they were compiled.
 *
 * Interface: cache.h
 * Invariants:
 * 1. `lock` guards everything except the compilation of a program, done by the worker that inserted
 *    it. No other worker waits for it: clients that want it wait in its list until is_ready.
 * 2. A program with users is not freed. A cached one is in its bucket and in the order of use; one
 *    that is no longer cached is freed by its last user.
 * 3. Programs are compared by all their bytes: the hash only finds candidates.
 */
#include "cache.h"
#include "bfkd.h"
#include "jobs.h"
#include "options.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define BUCKETS 4096

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct bfkd_compiled *buckets[BUCKETS], *newest, *oldest;
static size_t cached_len, n_cached;
static uint64_t seed, n_hits, n_misses;

/* The secret seed prevents attackers from filling one bucket. */
bool bfkd_cache_init(void)
{
	return getrandom(&seed, sizeof(seed), 0) == sizeof(seed);
}

static uint64_t hash_of(const struct bfkd_compiled *wanted)
{
	uint64_t hash = seed ^ wanted->flags ^ (uint64_t)wanted->passes << 32;
	size_t i;

	for (i = 0; i < wanted->source_len; i++) {
		hash = (hash ^ wanted->source[i]) * 0x9e3779b97f4a7c15ull;
		hash ^= hash >> 29;
	}
	return hash;
}

/* Counts the size of @compiled; called only by its maker. */
static void count(struct bfkd_compiled *compiled)
{
	cached_len -= compiled->cached_len;
	compiled->cached_len =
		sizeof(*compiled) + compiled->source_len + compiled->n_ops * sizeof(*compiled->ops);
	cached_len += compiled->cached_len;
}

static bool is_same(const struct bfkd_compiled *one, const struct bfkd_compiled *other)
{
	return one->hash == other->hash && one->flags == other->flags &&
	       one->passes == other->passes && one->source_len == other->source_len &&
	       !memcmp(one->source, other->source, one->source_len);
}

static void link_newest(struct bfkd_compiled *compiled)
{
	compiled->newer = NULL;
	compiled->older = newest;
	*(newest ? &newest->newer : &oldest) = compiled;
	newest = compiled;
}

static void unlink_used(struct bfkd_compiled *compiled)
{
	*(compiled->newer ? &compiled->newer->older : &newest) = compiled->older;
	*(compiled->older ? &compiled->older->newer : &oldest) = compiled->newer;
}

static void release(struct bfkd_compiled *compiled)
{
	free(compiled->source);
	free(compiled->ops);
	free(compiled);
}

static void evict(struct bfkd_compiled *compiled)
{
	struct bfkd_compiled **link = &buckets[compiled->hash % BUCKETS];

	while (*link != compiled)
		link = &(*link)->next;
	*link = compiled->next;
	unlink_used(compiled);
	compiled->is_cached = false;
	cached_len -= compiled->cached_len;
	n_cached--;
	if (!compiled->n_users)
		release(compiled);
}

static struct bfkd_compiled *find(const struct bfkd_compiled *wanted)
{
	struct bfkd_compiled *compiled = buckets[wanted->hash % BUCKETS];

	while (compiled && !is_same(compiled, wanted))
		compiled = compiled->next;
	return compiled;
}

/* Adds an entry for @wanted, with one user and its own copy of the source; NULL: no memory. */
static struct bfkd_compiled *insert(const struct bfkd_compiled *wanted)
{
	struct bfkd_compiled *compiled = malloc(sizeof(*compiled));
	struct bfkd_compiled **bucket = &buckets[wanted->hash % BUCKETS];

	if (!compiled)
		return NULL;
	*compiled = *wanted;
	compiled->source = malloc(wanted->source_len + 1);
	if (!compiled->source) {
		free(compiled);
		return NULL;
	}
	memcpy(compiled->source, wanted->source, wanted->source_len);
	compiled->n_users = 1;
	compiled->is_cached = true;
	compiled->next = *bucket;
	*bucket = compiled;
	link_newest(compiled);
	count(compiled);
	n_cached++;
	n_misses++;
	return compiled;
}

/* Called with the lock held; drops it meanwhile. Returns the clients that waited. */
static struct bfkd_client *make(struct bfkd_compiled *compiled,
				void (*compile)(struct bfkd_compiled *compiled))
{
	struct bfkd_client *waiting;

	pthread_mutex_unlock(&lock);
	compile(compiled);
	pthread_mutex_lock(&lock);
	compiled->is_ready = true;
	waiting = compiled->waiting;
	compiled->waiting = NULL;
	if (compiled->is_cached)
		count(compiled);
	/* A program that failed for lack of memory may succeed next time. */
	if (compiled->is_cached && compiled->err && !compiled->result.error)
		evict(compiled);
	while (oldest && cached_len > bfkd_settings.cache_max_len)
		evict(oldest);
	return waiting;
}

/* Adds a user to another's program. False: it is still being compiled, and @client waits for it. */
static bool join(struct bfkd_compiled *compiled, struct bfkd_client *client)
{
	compiled->n_users++;
	n_hits++;
	unlink_used(compiled);
	link_newest(compiled);
	client->compiled = compiled;
	if (compiled->is_ready)
		return true;
	client->next = compiled->waiting;
	compiled->waiting = client;
	return false;
}

static void resume(struct bfkd_client *client)
{
	struct bfkd_client *next;

	for (; client; client = next) {
		next = client->next;
		bfkd_job_resume(client);
	}
}

bool bfkd_cache_get(struct bfkd_client *client, void (*compile)(struct bfkd_compiled *compiled))
{
	struct bfkd_compiled wanted = { .source = client->body,
					.source_len = client->request.source_len,
					.flags = client->request.flags & BFK_LOAD_PLAIN,
					.passes = client->request.passes };
	struct bfkd_client *waiting = NULL;
	struct bfkd_compiled *compiled;
	bool is_here = true;

	if (client->compiled)
		return true; /* it waited for this program */
	wanted.hash = hash_of(&wanted);
	pthread_mutex_lock(&lock);
	compiled = find(&wanted);
	if (compiled) {
		is_here = join(compiled, client);
	} else {
		compiled = insert(&wanted);
		client->compiled = compiled;
		if (compiled)
			waiting = make(compiled, compile);
	}
	pthread_mutex_unlock(&lock);
	resume(waiting);
	return is_here;
}

void bfkd_cache_put(struct bfkd_compiled *compiled)
{
	pthread_mutex_lock(&lock);
	if (!--compiled->n_users && !compiled->is_cached)
		release(compiled);
	pthread_mutex_unlock(&lock);
}

/* Like snprintf(). */
int bfkd_cache_describe(char *text, size_t room)
{
	int len;

	pthread_mutex_lock(&lock);
	len = snprintf(text, room, "cached %zu bytes %zu hits %llu misses %llu", n_cached,
		       cached_len, (unsigned long long)n_hits, (unsigned long long)n_misses);
	pthread_mutex_unlock(&lock);
	return len;
}
