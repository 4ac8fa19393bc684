// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Unrolls straight loops that move the head: the head moves once for several turns, and the turns'
 * effects on cells are combined. If a turn other than the last ends the loop, an exit after the
 * loop applies the effects of the turns up to there.
 *
 * Interface: unroll.h
 */
#include "unroll.h"

#define TURNS 4	    /* of the old loop per turn of the new one */
#define BODY_MAX 12 /* most cells of a body that is worth unrolling */
#define SCAN_LEN 3  /* ops of a loop that only moves, which scan.c does better */

/*
 * struct exit - a place where a turn may end the loop
 * @if_ix: the IF that jumps there
 * @first: the first turn whose effects are not in memory there
 */
struct exit {
	u32 if_ix, first;
};

static const struct bfk_set all = { .is_all = true };

/* Computes a cell's value after one turn at @shift, from the values in memory. */
static bool compose(struct bfk_walk *walk, const struct bfk_cell *entry, u16 shift,
		    struct bfk_value *value)
{
	u32 i;

	*value = (struct bfk_value){ .constant = entry->value.constant };
	for (i = 0; i < entry->value.n_terms; i++) {
		const struct bfk_term *term = &entry->value.terms[i];
		struct bfk_value from = bfk_block_value(&walk->blocks, term->cell + shift);

		if (!bfk_value_add(value, &from, term->factor))
			return false;
	}
	return true;
}

/* Applies a turn at @shift to the block. False: there is no room. */
static bool try_turn(struct bfk_walk *walk, u16 shift)
{
	u32 n_mixed = bfk_block_now(&walk->blocks)->n_mixed, i;

	for (i = 0; i < walk->n_body; i++) {
		if (!compose(walk, &walk->body[i], shift, &walk->next[i]))
			return false;
		n_mixed += bfk_value_is_mixed(&walk->next[i], walk->body[i].cell + shift);
	}
	if (n_mixed > BFK_MIXED_MAX)
		return false;
	for (i = 0; i < walk->n_body; i++)
		if (!bfk_value_is_identity(&walk->body[i].value, walk->body[i].cell))
			bfk_block_put(&walk->blocks, walk->body[i].cell + shift, &walk->next[i],
				      walk->body[i].source_off);
	return true;
}

/* The same, after a flush if necessary. Returns whether there was one. */
static bool add_turn(struct bfk_walk *walk, u16 shift)
{
	if (try_turn(walk, shift))
		return false;
	bfk_walk_flush(walk, bfk_walk_loop(walk)->cell);
	try_turn(walk, shift);
	return true;
}

/* Appends several turns, with exits between them. Returns how many. */
static u32 emit_turns(struct bfk_walk *walk, u16 move, u32 source_off, struct exit *exits)
{
	u16 cell = bfk_walk_loop(walk)->cell;
	struct bfk_value tested;
	u32 first = 0, turn;

	for (turn = 0; turn < TURNS; turn++) {
		if (turn) {
			exits[turn - 1] = (struct exit){ .first = first };
			exits[turn - 1].if_ix = bfk_list_add(walk->blocks.out, BFK_OP_IF,
							     cell + turn * move, source_off);
		}
		if (add_turn(walk, turn * move))
			first = turn;
		tested = bfk_block_value(&walk->blocks, cell + (turn + 1) * move);
		if (!tested.n_terms)
			return turn + 1;
		if (!bfk_value_is_identity(&tested, cell + (turn + 1) * move)) {
			bfk_walk_flush(walk, cell + (turn + 1) * move);
			first = turn + 1;
		}
	}
	return TURNS;
}

/*
 * Appends the exits after the loop, each with its missing effects and its part of the move; the
 * first one comes last, so that it needs no jump to the end. A loop that does not run jumps there
 * at once.
 */
static void emit_exits(struct bfk_walk *walk, u32 n, u16 move, u32 source_off,
		       const struct exit *exits)
{
	u16 cell = bfk_walk_loop(walk)->cell;
	struct bfk_list *out = walk->blocks.out;
	u32 to_end[TURNS], i, turn;

	to_end[n] = bfk_list_add(out, BFK_OP_IF, cell, source_off);
	for (i = n; i--;) {
		bfk_list_land(out, exits[i].if_ix, cell, source_off);
		bfk_block_again(&walk->blocks, &all);
		for (turn = exits[i].first; turn <= i; turn++)
			add_turn(walk, turn * move);
		bfk_walk_flush(walk, cell);
		bfk_list_add(out, BFK_OP_MOVE, (i + 1) * move, source_off);
		if (i)
			to_end[i] = bfk_list_add(out, BFK_OP_IF, cell, source_off);
	}
	for (i = 1; i <= n; i++)
		bfk_list_at(out, to_end[i])->match = out->n;
	bfk_list_land(out, bfk_walk_loop(walk)->start_ix, cell, source_off);
}

/**
 * bfk_unroll - unroll the innermost loop, which is straight, with several turns in one
 * @walk: the walk, at the end of that loop
 * @move: how far its body moves the head
 * @source_off: of its ']'
 *
 *	[->>]	loop { if cell[2] == 0 out1; if cell[4] == 0 out2; ...; cells[0, 2, 4, 6] -= 1;
 *		       head += 8 }  out1: cell[0] -= 1; head += 2 ...
 *
 * Return: false if it is left to the caller: it only moves, or is too long.
 */
bool bfk_unroll(struct bfk_walk *walk, s16 move, u32 source_off)
{
	u16 cell = bfk_walk_loop(walk)->cell;
	struct exit exits[TURNS];
	struct bfk_value last;
	u32 n;

	if (!bfk_walk_copy_body(walk) || walk->n_body > BODY_MAX ||
	    !bfk_list_may_grow(walk->blocks.out, walk->ix) ||
	    walk->ix - bfk_walk_loop(walk)->ix == SCAN_LEN)
		return false;
	bfk_walk_open(walk);
	bfk_block_again(&walk->blocks, &all);
	n = emit_turns(walk, move, source_off, exits);
	last = bfk_block_value(&walk->blocks, cell + n * move);
	bfk_walk_flush(walk, cell + n * move);
	bfk_list_add(walk->blocks.out, BFK_OP_MOVE, n * move, source_off);
	bfk_walk_emit_end(walk, source_off, bfk_value_is(&last, 0) ? BFK_OP_LABEL : BFK_OP_NEXT);
	if (n > 1)
		emit_exits(walk, n - 1, move, source_off, exits);
	return true;
}
