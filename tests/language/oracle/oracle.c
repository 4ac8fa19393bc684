// SPDX-License-Identifier: GPL-2.0
/*
 * oracle HEADER DIR [--plant FORM] compare every form of the encoder with nasm
 *
 * oracle_cases.c makes cases of each form. nasm assembles all of them at once, and the bytes are
 * compared case by case. HEADER is jit/x86_asm.h: each form that it defines must have cases. Files
 * go to DIR. --plant makes the last case of FORM wrong, to show that this is found.
 *
 * Where nasm always chooses another encoding, ndisasm must print the same instruction for both.
 */
#include <stdlib.h>
#include "oracle.h"
#include "tests/harness/tap.h"

static bool is_same_to_ndisasm(const struct oracle_case *c, const u8 *bytes, u32 len,
			       const char *dir)
{
	const char *a = disassemble(dir, bytes, len), *b = disassemble(dir, c->bytes, c->len);

	return *a && !strcmp(a, b) && strchr(a, '\n') == a + strlen(a) - 1;
}

static void print_bytes(const char *who, const u8 *bytes, u32 len)
{
	printf("#   %-8s", who);
	for (u32 i = 0; i < len; i++)
		printf(" %02x", bytes[i]);
	printf("\n");
}

static bool same(const struct oracle_case *c, const u8 *bytes, u32 len, const char *dir)
{
	if (!c->failed && c->len == len && !memcmp(c->bytes, bytes, len))
		return true;
	if (!c->failed && c->is_other && is_same_to_ndisasm(c, bytes, len, dir))
		return true;
	printf("# %s differs: %s%s\n", c->form, c->assembly,
	       c->failed ? " (the encoder failed, or wrote elsewhere)" : "");
	print_bytes("nasm", bytes, len);
	print_bytes("encoder", c->bytes, c->len);
	return false;
}

/* One test for each form: all its cases. */
static void compare(const char *name, const u8 *code, const u32 *start_off, const char *dir)
{
	u32 n = 0, n_same = 0;

	for (u32 i = 0; i < n_cases; i++) {
		if (strcmp(cases[i].form, name))
			continue;
		n++;
		n_same +=
			same(&cases[i], code + start_off[i], start_off[i + 1] - start_off[i], dir);
	}
	tap(n && n == n_same, "%s: %u of %u cases are encoded as by nasm", name, n_same, n);
}

/* Compares every form that the header defines; one without a case fails. */
static void compare_declared(const char *header, const u8 *code, const u32 *start_off,
			     const char *dir)
{
	FILE *file = fopen(header, "r");
	static char text[1 << 16];
	const char *at;
	char name[64];
	u32 n = 0;

	if (file && fread(text, 1, sizeof(text) - 1, file))
		fclose(file);
	for (at = text; (at = strstr(at, "#define BFK_FORM_")); n++) {
		at += strlen("#define ");
		sscanf(at, "%63[A-Z0-9_]", name);
		compare(name, code, start_off, dir);
	}
	tap(n == n_forms, "%s defines %u forms, and %u were compared", header, n, n_forms);
}

int main(int argc, char **argv)
{
	bool plant = argc == 5 && !strcmp(argv[3], "--plant");
	u32 *start_off;
	long len = 0;
	u8 *out;

	if (argc != 3 && !plant) {
		fprintf(stderr, "usage: oracle HEADER DIR [--plant FORM]\n");
		return 2;
	}
	all_cases();
	out = assemble(argv[2], plant ? last_case(argv[4]) : U32_MAX, &len);
	if (!tap(out && len > (long)(n_cases + 1) * 4, "nasm assembles all %u lines", n_cases))
		return tap_done();
	start_off = malloc((n_cases + 1) * sizeof(*start_off));
	memcpy(start_off, out + len - (n_cases + 1) * 4, (n_cases + 1) * 4);
	compare_declared(argv[1], out, start_off, argv[2]);
	free(start_off);
	free(out);
	return tap_done();
}
