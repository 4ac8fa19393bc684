// SPDX-License-Identifier: GPL-2.0
/* Outcomes of runs, compared and printed. */
#include <stdio.h>
#include <string.h>
#include "equal.h"

static const char *const value_names[VALUES] = {
	[V_LOAD_ERR] = "load returned",
	[V_ERROR] = "load error",
	[V_ERROR_OFF] = "error offset",
	[V_N_OPS] = "ops",
	[V_REFUSED] = "image refused at",
	[V_RUN_ERR] = "run returned",
	[V_STATUS] = "status",
	[V_EXIT_CODE] = "exit code",
	[V_SOURCE_OFF] = "source offset",
	[V_HEAD] = "head",
	[V_FUEL] = "fuel left",
	[V_FAIL_OFF] = "fail offset",
	[V_FAIL_ERRNO] = "fail errno",
	[V_FAIL_LETTER] = "fail letter",
	[V_SYSOPS] = "sysops",
	[V_READ_LEN] = "bytes read",
	[V_WRITE_LEN] = "bytes written",
	[V_UNTOLD] = "done without stop",
	[V_DIR] = "directory (hash)",
};

static bool contents_differ(const struct content *a, const struct content *b)
{
	return a->len != b->len || memcmp(a->bytes, b->bytes, a->len);
}

static bool events_differ(const struct event *a, const struct event *b)
{
	return a->tape != b->tape || a->source_off != b->source_off || a->cell != b->cell ||
	       a->symbol != b->symbol || a->letter != b->letter;
}

/* The first event that differs, in the part that both logs have. -1: none. */
static int64_t find_difference(const struct event_log *a, const struct event_log *b)
{
	uint32_t n = a->n < b->n ? a->n : b->n;

	for (uint32_t i = 0; i < n && i < EVENTS_MAX; i++)
		if (events_differ(&a->events[i], &b->events[i]))
			return i;
	return -1;
}

/* Do the logs differ in the part that both have? */
bool starts_differ(const struct event_log *a, const struct event_log *b)
{
	return a->is_kept && b->is_kept && find_difference(a, b) >= 0;
}

static bool logs_differ(const struct event_log *a, const struct event_log *b)
{
	return a->is_kept && b->is_kept && (a->n != b->n || find_difference(a, b) >= 0);
}

static bool files_differ(const struct outcome *a, const struct outcome *b)
{
	return contents_differ(&a->output, &b->output) || contents_differ(&a->scratch, &b->scratch);
}

/* Compares the same ops on two engines: everything must be the same. */
bool outcomes_differ(const struct outcome *a, const struct outcome *b)
{
	return memcmp(a->values, b->values, sizeof(a->values)) || files_differ(a, b) ||
	       logs_differ(&a->log, &b->log) || memcmp(a->tape, b->tape, TAPE_CELLS);
}

/*
 * Compares two programs that should do the same, both of which have ended: the number of ops and
 * the fuel may differ. @a must not have used more fuel than @b.
 */
bool ends_differ(const struct outcome *a, const struct outcome *b)
{
	for (int i = 0; i < VALUES; i++)
		if (i == V_FUEL ? a->values[i] < b->values[i] :
				  i != V_N_OPS && a->values[i] != b->values[i])
			return true;
	return files_differ(a, b) || logs_differ(&a->log, &b->log) ||
	       memcmp(a->tape, b->tape, TAPE_CELLS);
}

/*
 * Has the run ended for a reason other than fuel? A run stopped by fuel then writes its output, and
 * fails if that fails; so a run that failed without fuel left may have been stopped by fuel.
 */
bool has_ended(const struct outcome *outcome)
{
	return outcome->values[V_STATUS] < BFK_STATUS_FUEL && outcome->values[V_FUEL];
}

static void content_copy(struct content *to, const struct content *from)
{
	to->len = from->len;
	memcpy(to->bytes, from->bytes, from->len);
}

void outcome_copy(struct outcome *to, const struct outcome *from)
{
	uint32_t n_events = from->log.n < EVENTS_MAX ? from->log.n : EVENTS_MAX;

	memcpy(to->values, from->values, sizeof(to->values));
	memcpy(to->tape, from->tape, TAPE_CELLS);
	to->log.is_kept = from->log.is_kept;
	to->log.n = from->log.n;
	memcpy(to->log.events, from->log.events, n_events * sizeof(*to->log.events));
	content_copy(&to->output, &from->output);
	content_copy(&to->scratch, &from->scratch);
}

static void print_content(const char *name, const struct content *content)
{
	printf(" %s %u bytes", name, content->len);
	for (uint32_t i = 0; i < content->len && i < 16; i++)
		printf(" %02x", content->bytes[i]);
}

static void print_contents(const char *what, const struct content *a, const char *a_name,
			   const struct content *b, const char *b_name)
{
	if (!contents_differ(a, b))
		return;
	printf("#   %s:", what);
	print_content(a_name, a);
	printf(",");
	print_content(b_name, b);
	printf("\n");
}

static void print_event(const char *name, const struct event_log *log, uint32_t ix)
{
	const struct event *event = &log->events[ix];

	if (ix >= log->n || ix >= EVENTS_MAX)
		return;
	printf("#     %s: ", name);
	if (event->symbol)
		printf("%c%.1s", event->symbol, &event->letter);
	else
		printf("end");
	printf(" at byte %u, cell %u, tape %016llx\n", event->source_off, event->cell,
	       (unsigned long long)event->tape);
}

static void print_logs(const struct event_log *a, const char *a_name, const struct event_log *b,
		       const char *b_name)
{
	int64_t ix = find_difference(a, b);

	if (!a->is_kept || !b->is_kept)
		return;
	printf("#   host requests      %s %u times, %s %u%s\n", a_name, a->n, b_name, b->n,
	       ix < 0 ? "" : "   <--");
	if (ix < 0)
		return;
	printf("#   first different the %lldth:\n", (long long)ix + 1);
	print_event(a_name, a, ix);
	print_event(b_name, b, ix);
}

void values_print(const struct outcome *a, const char *a_name, const struct outcome *b,
		  const char *b_name)
{
	for (int i = 0; i < VALUES; i++)
		printf("#   %-18s %s %lld, %s %lld%s\n", value_names[i], a_name,
		       (long long)a->values[i], b_name, (long long)b->values[i],
		       a->values[i] == b->values[i] ? "" : "   <--");
}

void outcomes_print(const struct outcome *a, const char *a_name, const struct outcome *b,
		    const char *b_name)
{
	values_print(a, a_name, b, b_name);
	print_logs(&a->log, a_name, &b->log, b_name);
	print_contents("output", &a->output, a_name, &b->output, b_name);
	print_contents("scratch", &a->scratch, a_name, &b->scratch, b_name);
	for (int i = 0, n = 0; i < TAPE_CELLS && n < 8; i++) {
		if (a->tape[i] == b->tape[i])
			continue;
		printf("#   cell %d: %s %u, %s %u\n", i, a_name, a->tape[i], b_name, b->tape[i]);
		n++;
	}
}
