// SPDX-License-Identifier: GPL-2.0
/* The difference that was found: between which outcomes, and how it is printed. */
#include <stdio.h>
#include "compare.h"

/* A difference that was found. */
struct difference {
	const char *how;
	const struct outcome *a, *b;
	char a_name[80], b_name[80];
	uint64_t step;
};

static struct difference difference;

static void name_side(char *to, const char *engine, uint32_t set)
{
	snprintf(to, sizeof(difference.a_name), "%s%s%s", engine, *engine ? " " : "",
		 set_name(set));
}

bool differ(const char *how, const struct outcome *a, const char *a_name, uint32_t a_set,
	    const struct outcome *b, const char *b_name, uint32_t b_set)
{
	difference = (struct difference){ .how = how, .a = a, .b = b };
	name_side(difference.a_name, a_name, a_set);
	name_side(difference.b_name, b_name, b_set);
	return true;
}

void difference_print(void)
{
	const struct difference *d = &difference;
	bool is_load = d->a->values[V_LOAD_ERR] || d->b->values[V_LOAD_ERR];

	printf("#   %s", d->how);
	if (d->step)
		printf(", with %llu units of fuel at a time", (unsigned long long)d->step);
	printf(":\n");
	(is_load ? values_print : outcomes_print)(d->a, d->a_name, d->b, d->b_name);
}

/* It was found in a run with so much fuel at a time. */
void difference_at_step(uint64_t step)
{
	difference.step = step;
}
