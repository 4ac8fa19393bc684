// SPDX-License-Identifier: GPL-2.0
/* Idioms that move along the tape: scans, walks over records, and far moves around the ring. */
#include "idioms.h"

static int stride(struct generator *g)
{
	static const uint8_t strides[] = { 1, 1, 1, 2, 2, 3, 4, 9, 5, 8, 16 };

	return strides[below(g, sizeof(strides))] * (below(g, 2) ? 1 : -1);
}

/* Non-zero cells at a stride, perhaps with one that is 0; continues after the last. */
static void put_rail(struct generator *g, int by, int n)
{
	while (n--) {
		put_times(g, "+", below(g, 12) ? 1 + below(g, 3) : 0);
		put_move(g, by);
	}
}

/* Ends at the cell where the scan ends. */
void put_scan(struct generator *g)
{
	int by = stride(g), n = below(g, 4) ? below(g, 8) : below(g, 40);

	put_rail(g, by, n);
	put_move(g, -by * (int)(1 + below(g, n + 1)));
	put(g, "[");
	put_move(g, below(g, 2) ? by : -by);
	put(g, "]");
}

/*
 * A loop that walks over records and changes them, and perhaps the way back. Ends where the loop
 * ends.
 */
void put_records(struct generator *g)
{
	int by = stride(g), n = 1 + below(g, 10);

	put_rail(g, by, n);
	put_move(g, -by * n);
	put(g, "[");
	for (int i = below(g, 4); i--;)
		put_at(g, near(g), below(g, 2) ? "+" : "-", 1);
	if (!below(g, 3))
		put_transfer(g);
	if (!below(g, 3))
		put_body(g);
	if (!below(g, 4))
		put(g, below(g, 2) ? "-" : "[-]");
	put_move(g, by);
	put(g, "]");
	if (below(g, 3))
		return;
	put_move(g, -by);
	put(g, "[");
	put_at(g, near(g), "-", below(g, 2));
	put_move(g, -by);
	put(g, "]");
}

/* Moves by half of the ring and more between two cells, or a loop with such steps. */
void put_far(struct generator *g)
{
	static const uint32_t distances[] = {
		16384, 32766, 32767, 32768, 32769, 40000, 65535, 65536
	};
	uint32_t distance = distances[below(g, 8)];

	if (g->has_far)
		return;
	g->has_far = true;
	if (!below(g, 4)) {
		put(g, "+[");
		put_move(g, distance > 32768 ? 16384 : distance & ~1023);
		return put(g, below(g, 2) ? "+]" : "]");
	}
	if (below(g, 3)) {
		put(g, "[-");
		put_at(g, distance, "+", 1);
		return put(g, "]");
	}
	put_move(g, distance);
	put_some(g);
	put_move(g, -(int)distance);
}

/* Two idioms around the seam of the ring. */
void put_seam(struct generator *g)
{
	int by = 1 + below(g, 6);

	put_move(g, -by);
	put_idiom(g);
	put_idiom(g);
	put_move(g, by);
}
