// SPDX-License-Identifier: GPL-2.0-only
/*
 * bfkd: the policy file, which bfkd.conf(5) describes. The first rule that matches a client
 * applies. A client without an account only matches rules for its number: a user with subordinate
 * IDs (subuid(5)) can act as thousands of users that no rule names, and that must not escape a
 * rule.
 *
 * Interface: policy.h
 */
#include "policy.h"
#include "bfkd.h"
#include "log.h"
#include "users.h"
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include "bfk/limits.h"

#define BLANKS " \t\r\n"
#define INSTANCES_MAX 65536
#define MEMORY_MAX_LEN (1u << 30)

enum who { WHO_USER, WHO_GROUP, WHO_ANYONE };

struct rule {
	enum who who;
	uint32_t first_id, last_id;
	struct bfkd_limits limits;
};

struct bfkd_policy {
	struct rule *rules;
	size_t n_rules;
};

/*
 * struct reader - position in the file
 * @word: the current word, zero-terminated; @rest: what follows it
 */
struct reader {
	const char *path;
	unsigned int line;
	char *start, *word, *rest;
};

static const struct bfkd_limits default_limits = {
	.source_max_len = 65536,
	.tape_max_len = BFK_TAPE_CELLS,
	.instances_max = 16,
	.text_max_len = 65536,
	.memory_max_len = 32 << 20,
};

static bool fail(const struct reader *reader, const char *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static bool fail(const struct reader *reader, const char *at, const char *format, ...)
{
	char message[256];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	bfkd_log(3, "%s:%u:%td: %s", reader->path, reader->line, at - reader->start + 1, message);
	return false;
}

/* Moves to the next word of the line; false: there is none. */
static bool next_word(struct reader *reader)
{
	reader->word = reader->rest + strspn(reader->rest, BLANKS);
	if (!*reader->word || *reader->word == '#')
		return false;
	reader->rest = reader->word + strcspn(reader->word, BLANKS);
	if (*reader->rest)
		*reader->rest++ = 0;
	return true;
}

/* A number, perhaps followed by K or M, up to @max. */
static bool read_number(const struct reader *reader, const char *text, uint64_t max,
			uint32_t *value)
{
	unsigned long long number;
	char *end;

	errno = 0;
	number = strtoull(text, &end, 10);
	if (*end == 'K' || *end == 'M') {
		if (number <= max)
			number <<= *end == 'K' ? 10 : 20;
		end++;
	}
	if (*text < '0' || *text > '9' || *end || errno)
		return fail(reader, text, "'%s' is not a number", text);
	if (number > max)
		return fail(reader, text, "%s is more than %llu", text, (unsigned long long)max);
	*value = number;
	return true;
}

static bool read_operations(const struct reader *reader, const char *text, uint32_t *allowed)
{
	*allowed = 0;
	if (!strcmp(text, "all"))
		*allowed = BFK_ALLOW_ALL;
	if (!strcmp(text, "all") || !strcmp(text, "none"))
		return true;
	if (!*text)
		return fail(reader, text, "operations= needs letters, 'all' or 'none'");
	for (; *text; text++) {
		if (*text < 'a' || *text > 'z' || !bfk_sysop(*text))
			return fail(reader, text, "there is no operation %%%c", *text);
		*allowed |= 1u << (*text - 'a');
	}
	return true;
}

/* KEY=VALUE, or "refuse". */
static bool read_limit(const struct reader *reader, struct bfkd_limits *limits)
{
	struct {
		const char *key;
		uint32_t *value;
		uint64_t max;
	} keys[] = {
		{ "source=", &limits->source_max_len, BFK_SOURCE_MAX_LEN },
		{ "tape=", &limits->tape_max_len, BFK_TAPE_CELLS },
		{ "instances=", &limits->instances_max, INSTANCES_MAX },
		{ "text=", &limits->text_max_len, BFK_TEXT_LEN },
		{ "memory=", &limits->memory_max_len, MEMORY_MAX_LEN },
		{ "operations=", &limits->allowed, 0 },
	};
	char *word = reader->word;
	size_t i, len;

	if (!strcmp(word, "refuse")) {
		limits->is_refused = true;
		return true;
	}
	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		len = strlen(keys[i].key);
		if (strncmp(word, keys[i].key, len))
			continue;
		return keys[i].max ? read_number(reader, word + len, keys[i].max, keys[i].value) :
				     read_operations(reader, word + len, keys[i].value);
	}
	return fail(
		reader, word,
		"'%s' is not one of operations=, source=, tape=, instances=, memory=, text= and refuse",
		word);
}

/* A number, or the first and the last one of a range. */
static bool read_ids(const struct reader *reader, struct rule *rule)
{
	char *first = reader->word, *dash = strchr(first, '-'), *last = dash ? dash + 1 : first;

	if (dash)
		*dash = 0;
	if (!read_number(reader, first, UINT32_MAX - 1, &rule->first_id) ||
	    !read_number(reader, last, UINT32_MAX - 1, &rule->last_id))
		return false;
	if (rule->first_id > rule->last_id)
		return fail(reader, last, "the range ends before it begins");
	return true;
}

static bool find_id(const struct reader *reader, struct rule *rule)
{
	const struct passwd *passwd;
	const struct group *group;

	if (*reader->word >= '0' && *reader->word <= '9')
		return read_ids(reader, rule);
	passwd = rule->who == WHO_USER ? getpwnam(reader->word) : NULL;
	group = rule->who == WHO_GROUP ? getgrnam(reader->word) : NULL;
	if (!passwd && !group)
		return fail(reader, reader->word, "there is no %s '%s'",
			    rule->who == WHO_USER ? "user" : "group", reader->word);
	rule->first_id = passwd ? passwd->pw_uid : group->gr_gid;
	rule->last_id = rule->first_id;
	return true;
}

/* "user NAME", "group NAME" or "*", and its limits. */
static bool read_rule(struct reader *reader, struct rule *rule)
{
	static const char *const names[] = { "user", "group", "*" };

	*rule = (struct rule){ .limits = default_limits };
	while (rule->who <= WHO_ANYONE && strcmp(reader->word, names[rule->who]))
		rule->who++;
	if (rule->who > WHO_ANYONE)
		return fail(reader, reader->word,
			    "a rule begins with user, group or *, not with '%s'", reader->word);
	if (rule->who != WHO_ANYONE) {
		if (!next_word(reader))
			return fail(reader, reader->word, "which %s?", names[rule->who]);
		if (!find_id(reader, rule))
			return false;
	}
	while (next_word(reader))
		if (!read_limit(reader, &rule->limits))
			return false;
	return true;
}

static bool add_rule(struct reader *reader, struct bfkd_policy *policy)
{
	struct rule *larger;

	larger = realloc(policy->rules, (policy->n_rules + 1) * sizeof(*larger));
	if (!larger)
		return fail(reader, reader->word, "%s", strerror(ENOMEM));
	policy->rules = larger;
	return read_rule(reader, &policy->rules[policy->n_rules++]);
}

static bool read_file(FILE *file, struct bfkd_policy *policy, const char *path)
{
	struct reader reader = { .path = path };
	bool is_good = true;
	size_t room = 0;

	while (is_good && getline(&reader.start, &room, file) >= 0) {
		reader.line++;
		reader.rest = reader.start;
		is_good = !next_word(&reader) || add_rule(&reader, policy);
	}
	if (is_good && ferror(file)) {
		bfkd_log(3, "%s: %s", path, strerror(errno));
		is_good = false;
	}
	free(reader.start);
	return is_good;
}

struct bfkd_policy *bfkd_policy_read(const char *path)
{
	struct bfkd_policy *policy = calloc(1, sizeof(*policy));
	FILE *file = policy ? fopen(path, "re") : NULL;
	bool is_good;

	if (!file) {
		bfkd_log(3, "%s: %s", path, strerror(errno));
		free(policy);
		return NULL;
	}
	is_good = read_file(file, policy, path);
	fclose(file);
	if (is_good)
		return policy;
	bfkd_policy_free(policy);
	return NULL;
}

void bfkd_policy_free(struct bfkd_policy *policy)
{
	free(policy->rules);
	free(policy);
}

static bool has_group(const struct rule *rule, const gid_t *gids, size_t n_gids)
{
	size_t i;

	for (i = 0; i < n_gids; i++)
		if (gids[i] >= rule->first_id && gids[i] <= rule->last_id)
			return true;
	return false;
}

static bool fits(const struct rule *rule, uid_t uid, const gid_t *gids, size_t n_gids)
{
	char name[2];

	switch (rule->who) {
	case WHO_USER:
		return uid >= rule->first_id && uid <= rule->last_id;
	case WHO_GROUP:
		return has_group(rule, gids, n_gids) && bfkd_user_name(uid, name, sizeof(name));
	case WHO_ANYONE:
		return bfkd_user_name(uid, name, sizeof(name));
	}
	return false;
}

/* A client that matches no rule is refused. */
struct bfkd_limits bfkd_policy_find(const struct bfkd_policy *policy, uid_t uid, const gid_t *gids,
				    size_t n_gids)
{
	const struct rule *rule = policy->rules, *end = rule + policy->n_rules;

	for (; rule < end; rule++)
		if (fits(rule, uid, gids, n_gids))
			return rule->limits;
	return (struct bfkd_limits){ .is_refused = true };
}
