// SPDX-License-Identifier: GPL-2.0
/* The operations that the witness knows. */
#include "witness.h"

uint8_t cell_get(const struct witness *w, uint32_t off)
{
	return w->o->tape[(uint16_t)(w->position + off)];
}

void cell_set(struct witness *w, uint32_t off, uint8_t to)
{
	uint16_t cell = w->position + off;

	w->tape += tape_hash_change(cell, w->o->tape[cell], to);
	w->o->tape[cell] = to;
}

static void set16(struct witness *w, uint32_t off, uint32_t to)
{
	cell_set(w, off, to);
	cell_set(w, off + 1, to >> 8);
}

static uint32_t get16(const struct witness *w, uint32_t off)
{
	return cell_get(w, off) + 256 * cell_get(w, off + 1);
}

bool output_put(struct witness *w, uint8_t byte)
{
	if (w->o->output.len == FILE_MAX / 2)
		return false;
	w->o->output.bytes[w->o->output.len++] = byte;
	return true;
}

static void operation_read(struct witness *w)
{
	uint32_t cap = get16(w, 4) ? get16(w, 4) : 32768, len;

	for (len = 0; len < cap && len < 65520 && w->input_off < w->c->input_len; len++)
		cell_set(w, 16 + len, w->c->input[w->input_off++]);
	set16(w, 6, len);
	cell_set(w, 0, len != 0);
	cell_set(w, 1, 0);
}

static bool operation_write(struct witness *w)
{
	uint32_t len = get16(w, 6);

	if (len > 65520)
		return false;
	for (uint32_t i = 0; i < len; i++)
		if (!output_put(w, cell_get(w, 16 + i)))
			return false;
	cell_set(w, 0, 1);
	cell_set(w, 1, 0);
	return true;
}

static bool operation_copy(struct witness *w)
{
	uint32_t len = get16(w, 6), to = 16, from = get16(w, 8) - (uint32_t)w->position, i;
	uint8_t frame[16];

	if (len > 65520 || cell_get(w, 3) > 1)
		return false;
	if (cell_get(w, 3)) {
		to = from;
		from = 16;
	}
	for (i = 0; i < 16; i++)
		frame[i] = cell_get(w, i);
	for (i = 0; i < len; i++)
		cell_set(w, to + i, cell_get(w, from + i));
	frame[0] = 1;
	frame[1] = 0;
	for (i = 0; i < 16; i++) /* the frame comes last and overwrites copied bytes */
		cell_set(w, i, frame[i]);
	return true;
}

static void operation_find(struct witness *w)
{
	uint32_t len = get16(w, 6), off = get16(w, 8), i = 0;

	while (i < len && cell_get(w, off - (uint32_t)w->position + i) != cell_get(w, 3))
		i++;
	cell_set(w, 0, i < len);
	cell_set(w, 1, 0);
	if (i == len)
		return;
	set16(w, 6, len - i - 1);
	set16(w, 8, off + i + 1);
	for (uint32_t cell = 10; cell < 16; cell++)
		cell_set(w, cell, 0);
}

static void operation_quit(struct witness *w)
{
	w->o->values[V_STATUS] = BFK_STATUS_QUIT;
	w->o->values[V_EXIT_CODE] = cell_get(w, 3);
	cell_set(w, 0, 1);
	cell_set(w, 1, 0);
	w->is_over = true;
}

/* False: the witness does not know the operation. */
bool operation_do(struct witness *w, char letter)
{
	if (!cell_get(w, 0))
		return true;
	w->o->values[V_SYSOPS]++;
	if (letter == 'r' && cell_get(w, 2) == 0) {
		operation_read(w);
		return true;
	}
	if (letter == 'w' && cell_get(w, 2) == 1)
		return operation_write(w);
	if (letter == 'k')
		return operation_copy(w);
	if (letter == 'f') {
		operation_find(w);
		return true;
	}
	if (letter != 'q')
		return false;
	operation_quit(w);
	return true;
}
