// SPDX-License-Identifier: GPL-2.0
/*
 * Records the requests of this process's engines to their host: the linker
 * puts __wrap_bfk_host() where they call bfk_host() (-Wl,--wrap=bfk_host).
 *
 * A tape's hash is the sum of its 32-bit words, each multiplied by its own random number, so that
 * the effect of changing one cell depends only on that cell.
 */
#include <string.h>
#include "jit/machine.h"
#include "equal.h"

typedef uint32_t __attribute__((may_alias)) word_t;

#define WORDS (TAPE_CELLS / 4)
#define LINE 16 /* words tested together: most are zero */

int __real_bfk_host(struct bfk_machine *machine, uint32_t op_ix);
int __wrap_bfk_host(struct bfk_machine *machine, uint32_t op_ix);

static uint64_t weights[WORDS];
static struct event_log *watched_log;
static const struct bfk_op *watched_ops;

/* splitmix64 */
static void make_weights(void)
{
	for (uint64_t i = 0; i < WORDS; i++) {
		uint64_t z = (i + 1) * 0x9e3779b97f4a7c15;

		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
		z = (z ^ z >> 27) * 0x94d049bb133111eb;
		weights[i] = z ^ z >> 31;
	}
}

static uint64_t line_hash(const word_t *words, const uint64_t *line_weights)
{
	word_t any = 0;
	uint64_t sum = 0;

	for (int i = 0; i < LINE; i++)
		any |= words[i];
	for (int i = 0; any && i < LINE; i++)
		sum += words[i] * line_weights[i];
	return sum;
}

uint64_t tape_hash(const uint8_t *tape)
{
	const word_t *words = (const word_t *)tape; /* tapes are aligned */
	uint64_t sum = 0;

	if (!weights[0])
		make_weights();
	for (int i = 0; i < WORDS; i += LINE)
		sum += line_hash(words + i, weights + i);
	return sum;
}

/* Returns what to add to the hash when a cell changes. */
uint64_t tape_hash_change(uint16_t cell, uint8_t from, uint8_t to)
{
	uint64_t change = (uint64_t)to - from;

	if (!weights[0])
		make_weights();
	return (change << 8 * (cell % 4)) * weights[cell / 4];
}

/* From now on, requests by ops of @program go to @log. */
void host_watch(struct event_log *log, const struct program *program)
{
	watched_log = log;
	watched_ops = program->ops;
}

void event_add(struct event_log *log, struct event event)
{
	if (log->n < EVENTS_MAX)
		log->events[log->n] = event;
	log->n++;
}

static char symbol(const struct bfk_op *op)
{
	switch (op->kind) {
	case BFK_OP_IN:
		return ',';
	case BFK_OP_OUT:
		return '.';
	case BFK_OP_SYS:
		return '%';
	default:
		return 0;
	}
}

int __wrap_bfk_host(struct bfk_machine *machine, uint32_t op_ix)
{
	const struct bfk_op *op = &watched_ops[op_ix];
	struct event event = { .source_off = op->source_off, .symbol = symbol(op) };
	int is_stop;

	event.cell = machine->head + op->off;
	event.letter = event.symbol == '%' ? op->val : 0;
	if (watched_log->n < EVENTS_MAX)
		event.tape = tape_hash(machine->tape);
	event_add(watched_log, event);
	is_stop = __real_bfk_host(machine, op_ix);
	if (is_stop && machine->status == BFK_STATUS_OP)
		watched_log->n--; /* the request comes again after the stop */
	return is_stop;
}
