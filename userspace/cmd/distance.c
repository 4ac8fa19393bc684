// SPDX-License-Identifier: GPL-2.0-only
/* The edit distance of two words. Interface: distance.h */
#include "distance.h"
#include <limits.h>
#include <string.h>

#define WORD_MAX 32 /* bytes; a longer word resembles no other */

static unsigned int min(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/*
 * Returns how many letters must be inserted, left out, replaced, or swapped with the next to turn @typed
 * into @word.
 */
unsigned int cli_distance(const char *typed, const char *word)
{
	/* rows[i][j]: from the first i letters of @typed to the first j of @word */
	unsigned int rows[WORD_MAX + 1][WORD_MAX + 1];
	size_t typed_len = strlen(typed), word_len = strlen(word), i, j;

	if (typed_len > WORD_MAX || word_len > WORD_MAX)
		return UINT_MAX;
	for (i = 0; i <= typed_len; i++)
		rows[i][0] = i;
	for (j = 0; j <= word_len; j++)
		rows[0][j] = j;
	for (i = 1; i <= typed_len; i++) {
		for (j = 1; j <= word_len; j++) {
			unsigned int is_other = typed[i - 1] != word[j - 1];
			unsigned int best = min(rows[i - 1][j], rows[i][j - 1]) + 1;

			best = min(best, rows[i - 1][j - 1] + is_other);
			if (i > 1 && j > 1 && typed[i - 1] == word[j - 2] &&
			    typed[i - 2] == word[j - 1])
				best = min(best, rows[i - 2][j - 2] + 1);
			rows[i][j] = best;
		}
	}
	return rows[typed_len][word_len];
}
