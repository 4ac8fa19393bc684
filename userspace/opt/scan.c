// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Scans, the loops that only move the head.
 *
 * They are unrolled: the head moves once for several steps, and an exit for each step makes that
 * step's part of the move after the loop. Scans by small steps also test 8 cells at a time, but not
 * at first: cells that were just written are slow to load together with their neighbours, and most
 * scans are short.
 *
 * Interface: scan.h
 */
#include "scan.h"

#define STEPS 8 /* single steps at a time */

/*
 * struct scan - a scan being rewritten
 * @start: IF, or LABEL if it always runs
 * @cell: the cell it tests
 * @stride: how far each step moves the head
 */
struct scan {
	struct bfk_list *out;
	u8 start;
	u16 cell, stride;
	u32 source_off;
};

static u32 push(const struct scan *scan, u8 kind, u16 off)
{
	return bfk_list_add(scan->out, kind, off, scan->source_off);
}

/* Appends the place to which the IF or IF8 at @if_ix jumps. */
static void land(const struct scan *scan, u32 if_ix)
{
	bfk_list_land(scan->out, if_ix, scan->cell, scan->source_off);
}

static void push_next(const struct scan *scan, u16 cell, u32 match)
{
	bfk_list_at(scan->out, push(scan, BFK_OP_NEXT, cell))->match = match;
}

/* Appends single steps that jump to exits[i] if the next cell is 0, then the whole move. */
static void push_steps(const struct scan *scan, u32 *exits)
{
	u32 i;

	for (i = 0; i + 1 < STEPS; i++)
		exits[i] = push(scan, BFK_OP_IF, scan->cell + (i + 1) * scan->stride);
	push(scan, BFK_OP_MOVE, STEPS * scan->stride);
}

/*
 * Appends the exits after the loop, each with its part of the move. The first one comes last, so
 * that it needs no jump to the end. A scan that does not run at @start jumps there at once.
 */
static void push_exits(const struct scan *scan, u32 start, const u32 *exits)
{
	u32 to_end[STEPS], i;

	to_end[0] = push(scan, BFK_OP_IF, scan->cell);
	for (i = STEPS - 1; i--;) {
		land(scan, exits[i]);
		push(scan, BFK_OP_MOVE, (i + 1) * scan->stride);
		if (i)
			to_end[i] = push(scan, BFK_OP_IF, scan->cell);
	}
	for (i = 0; i + 1 < STEPS; i++)
		bfk_list_at(scan->out, to_end[i])->match = scan->out->n;
	land(scan, start);
}

/* Several steps per turn. */
static void push_unrolled(const struct scan *scan, u8 start)
{
	u32 exits[STEPS], first = push(scan, start, scan->cell);

	push_steps(scan, exits);
	push_next(scan, scan->cell, first);
	push_exits(scan, first, exits);
}

/* Tests the 8 cells from @shift on in the direction of the scan, at its stride. */
static u32 push_if8(const struct scan *scan, s16 shift)
{
	bool is_back = scan->stride >> 15;
	u32 ix = push(scan, BFK_OP_IF8, scan->cell + (is_back ? -shift - 7 : shift));

	bfk_list_at(scan->out, ix)->val = scan->stride & 1 ? 0xff : is_back ? 0xaa : 0x55;
	return ix;
}

/*
 * A scan by 1 or 2 cells: first some single steps; then 16 cells at a time while none is 0; then
 * the one in the next 8 that is. The cell before the current one is never 0 when NEXT tests it, so
 * NEXT always jumps back: the exits are the IF8s.
 */
static void push_wide(const struct scan *scan)
{
	s16 direction = scan->stride >> 15 ? -1 : 1;
	u32 exits[STEPS], first, wide, far[2];

	first = push(scan, scan->start, scan->cell);
	push_steps(scan, exits);
	wide = push(scan, BFK_OP_LABEL, scan->cell);
	bfk_list_at(scan->out, wide)->match = wide;
	far[0] = push_if8(scan, 0);
	far[1] = push_if8(scan, 8);
	push(scan, BFK_OP_MOVE, 16 * direction);
	push_next(scan, scan->cell - scan->stride, wide);
	land(scan, far[1]);
	push(scan, BFK_OP_MOVE, 8 * direction);
	land(scan, far[0]);
	push_unrolled(scan, BFK_OP_IF);
	push_exits(scan, first, exits);
}

/* Is the bracket that starts at @ix a scan? Returns its NEXT, or 0. */
static u32 find_scan(const struct bfk_op *ops, u32 ix, struct scan *scan)
{
	if (ops[ix].match != ix + 2 || ops[ix + 1].kind != BFK_OP_MOVE || !ops[ix + 1].off ||
	    ops[ix + 2].kind != BFK_OP_NEXT)
		return 0;
	scan->start = ops[ix].kind;
	scan->cell = ops[ix].off;
	scan->stride = ops[ix + 1].off;
	scan->source_off = ops[ix].source_off;
	return ix + 2;
}

/**
 * bfk_scan_rewrite - unroll a scan
 * @ops: a program
 * @ix: an op of it that starts a bracket
 * @out: destination of the result
 * @scans: test 8 cells at a time if the steps are small
 * @unroll: unroll
 *
 *	[>>>]	loop { if cell[3] == 0 out1; if cell[6] == 0 out2; ...; head += 24 }
 *		out1: head += 3 ...
 *
 * Return: index of the last op of the scan, or 0: nothing was done.
 */
u32 bfk_scan_rewrite(const struct bfk_op *ops, u32 ix, struct bfk_list *out, bool scans,
		     bool unroll)
{
	struct scan scan = { .out = out };
	u32 end = find_scan(ops, ix, &scan);

	if (!end || !bfk_list_may_grow(out, ix))
		return 0;
	if (scans && (u16)(scan.stride + 2) <= 4)
		push_wide(&scan);
	else if (unroll)
		push_unrolled(&scan, scan.start);
	else
		return 0;
	return end;
}
