// SPDX-License-Identifier: GPL-2.0
/*
 * oracle HEADER DIR [--plant]   every form of the encoder against nasm
 *
 * A case is a form with its operands and the same instruction in Intel syntax, next to each other.
 * All lines are assembled by nasm at once, and the bytes compared case by case. HEADER is
 * jit/asm.h: each form it names must have cases. Files go to DIR. --plant makes one assembly line
 * wrong, to show that it is found.
 *
 * Numbers are written so that nasm has one encoding to choose from, the one wanted.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>
#include "../../jit/asm.h"
#include "../unit/tap.h"

#define CASES_MAX 8192
#define ROOM 64	     /* bytes: an instruction, and space to see what lies behind it */
#define START_OFF 20 /* where in the image each case starts, so that jumps can go back */
#define CANARY 0xcc

struct oracle_case {
	const char *form;
	char assembly[64];
	u8 bytes[ROOM];
	u32 len;
	bool failed;
};

static struct oracle_case cases[CASES_MAX];
static u32 n_cases;

/* Encodes one instruction, and keeps it with the line that says what it should be. */
static void __attribute__((format(printf, 5, 6)))
add_case(const char *name, enum bfk_form form, s16 disp, s64 arg, const char *assembly, ...)
{
	struct oracle_case *c = &cases[n_cases++];
	u8 image[ROOM];
	struct bfk_asm a = { .out = image, .len = START_OFF, .cap = ROOM };
	va_list args;

	if (n_cases == CASES_MAX)
		abort();
	c->form = name;
	va_start(args, assembly);
	vsnprintf(c->assembly, sizeof(c->assembly), assembly, args);
	va_end(args);
	memset(image, CANARY, sizeof(image));
	bfk_asm(&a, form, disp, arg);
	c->failed = a.failed;
	c->len = a.len - START_OFF;
	memcpy(c->bytes, image + START_OFF, c->len);
	for (u32 i = 0; i < ROOM; i++)
		if ((i < START_OFF || i >= a.len) && image[i] != CANARY)
			c->failed = true;
}

#define CASE(form, disp, arg, ...) add_case(#form, form, disp, arg, __VA_ARGS__)

/* The operand "[rbx + disp]", in one of a few static buffers. */
static const char *cell(s16 disp)
{
	static char text[4][40];
	static int next;
	char *to = text[next++ % 4];

	if (!disp)
		return "[rbx]";
	snprintf(to, sizeof(*text), "[rbx %+d]", disp);
	return to;
}

static const s16 disps[] = { 0,	   1,	-1,  2,	   126,	 127,	128,   129,    -127,  -128,
			     -129, 255, 256, -255, -256, 32766, 32767, -32767, -32768 };
static const u8 imms[] = { 0, 1, 2, 127, 128, 129, 254, 255 };
static const s16 moves[] = { 1,	   -1,	2,   -2,   126,	 127,	128,   129,    -127,   -128,
			     -129, 255, 256, -256, 4096, 32766, 32767, -32767, -32768, 0 };
static const u32 words[] = { 0, 1, 127, 128, 255, 256, 0x7fffffff, 0x80000000, 0xdeadbeef, U32_MAX };

#define EACH(i, array) (size_t i = 0; i < sizeof(array) / sizeof(*(array)); i++)

static void cell_cases(s16 disp)
{
	CASE(BFK_FORM_ADD_CELL_AL, disp, 0, "add %s, al", cell(disp));
	CASE(BFK_FORM_SUB_CELL_AL, disp, 0, "sub %s, al", cell(disp));
	CASE(BFK_FORM_MOVZX_EAX_CELL, disp, 0, "movzx eax, byte %s", cell(disp));
	for
		EACH(i, imms)
		{
			CASE(BFK_FORM_ADD_CELL_IMM, disp, imms[i], "add byte %s, strict byte %u",
			     cell(disp), imms[i]);
			CASE(BFK_FORM_MOV_CELL_IMM, disp, imms[i], "mov byte %s, strict byte %u",
			     cell(disp), imms[i]);
			CASE(BFK_FORM_CMP_CELL_IMM, disp, imms[i], "cmp byte %s, strict byte %u",
			     cell(disp), imms[i]);
		}
}

static void register_cases(void)
{
	CASE(BFK_FORM_ENDBR64, 0, 0, "endbr64");
	CASE(BFK_FORM_TEST_EAX_EAX, 0, 0, "test eax, eax");
	for
		EACH(i, imms)
		{
			int imm = (s8)imms[i];

			CASE(BFK_FORM_IMUL_EAX_IMM, 0, imm, "imul eax, eax, strict byte %d", imm);
			CASE(BFK_FORM_ADD_BX_IMM8, 0, imm, "add bx, strict byte %d", imm);
			CASE(BFK_FORM_SUB_R12_IMM, 0, imm, "sub r12, strict byte %d", imm);
		}
	for
		EACH(i, moves)
	CASE(BFK_FORM_ADD_BX_IMM16, 0, moves[i], "add bx, strict word %d", moves[i]);
	for
		EACH(i, words)
		{
			CASE(BFK_FORM_MOV_ESI_IMM, 0, words[i], "mov esi, strict dword 0x%x",
			     words[i]);
			CASE(BFK_FORM_MOV_EDI_IMM, 0, words[i], "mov edi, strict dword 0x%x",
			     words[i]);
		}
}

/* Jumps to @by from the start of the instruction, which nasm calls $. */
static void jump_cases(s64 by)
{
	CASE(BFK_FORM_JB, 0, START_OFF + by, "jb near $%+lld", (long long)by);
	CASE(BFK_FORM_JE, 0, START_OFF + by, "je near $%+lld", (long long)by);
	CASE(BFK_FORM_JNE, 0, START_OFF + by, "jne near $%+lld", (long long)by);
	CASE(BFK_FORM_JMP, 0, START_OFF + by, "jmp near $%+lld", (long long)by);
	CASE(BFK_FORM_CALL, 0, START_OFF + by, "call near $%+lld", (long long)by);
}

static void all_cases(void)
{
	static const s64 bys[] = { 0,	       1,	   -1,	  4,	  5,	      6,
				   7,	       -19,	   -20,	  -21,	  127,	      128,
				   132,	       133,	   134,	  -122,	  -123,	      -124,
				   -128,       -129,	   65536, -65536, 0x12345678, -0x12345678,
				   0x80000004, -0x7ffffffa };

	for
		EACH(i, disps)
	cell_cases(disps[i]);
	register_cases();
	for
		EACH(i, bys)
	jump_cases(bys[i]);
	/* as far as they reach: jcc is 6 bytes long, jmp and call are 5 */
	CASE(BFK_FORM_JB, 0, START_OFF + 0x80000005ll, "jb near $+0x80000005");
	CASE(BFK_FORM_JMP, 0, START_OFF - 0x7ffffffbll, "jmp near $-0x7ffffffb");
	CASE(BFK_FORM_CALL, 0, START_OFF - 0x7ffffffbll, "call near $-0x7ffffffb");
}

/*
 * Assembles all lines. Behind the code lies a table of where each begins, made by nasm too.
 * Returns the output, and its length.
 */
static u8 *assemble(const char *dir, bool plant, long *len)
{
	char path[512], command[2048];
	FILE *file;
	u8 *out;

	snprintf(path, sizeof(path), "%s/oracle.asm", dir);
	file = fopen(path, "w");
	if (!file)
		return NULL;
	fprintf(file, "bits 64\nfirst:\n");
	for (u32 i = 0; i < n_cases; i++)
		fprintf(file, "f%u: %s\n", i,
			plant && i == n_cases / 2 ? "add byte [rcx], 1" : cases[i].assembly);
	fprintf(file, "f%u:\n", n_cases);
	for (u32 i = 0; i <= n_cases; i++)
		fprintf(file, "dd f%u - first\n", i);
	fclose(file);

	snprintf(command, sizeof(command),
		 "nasm -f bin -w+all -w+error -o '%s/oracle.bin' '%s/oracle.asm' >&2", dir, dir);
	if (system(command))
		return NULL;
	snprintf(path, sizeof(path), "%s/oracle.bin", dir);
	file = fopen(path, "r");
	if (!file || fseek(file, 0, SEEK_END))
		return NULL;
	*len = ftell(file);
	rewind(file);
	out = malloc(*len);
	if (fread(out, 1, *len, file) != (size_t)*len)
		return NULL;
	fclose(file);
	return out;
}

static void print_bytes(const char *who, const u8 *bytes, u32 len)
{
	printf("#   %-8s", who);
	for (u32 i = 0; i < len; i++)
		printf(" %02x", bytes[i]);
	printf("\n");
}

static bool same(const struct oracle_case *c, const u8 *bytes, u32 len)
{
	if (!c->failed && c->len == len && !memcmp(c->bytes, bytes, len))
		return true;
	printf("# %s differs: %s%s\n", c->form, c->assembly,
	       c->failed ? " (the encoder failed, or wrote elsewhere)" : "");
	print_bytes("nasm", bytes, len);
	print_bytes("encoder", c->bytes, c->len);
	return false;
}

/* One test for each form: all its cases. */
static void compare(const char *form, const u8 *code, const u32 *start_off)
{
	u32 n = 0, n_same = 0;

	for (u32 i = 0; i < n_cases; i++) {
		if (strcmp(cases[i].form, form))
			continue;
		n++;
		n_same += same(&cases[i], code + start_off[i], start_off[i + 1] - start_off[i]);
	}
	tap(n && n == n_same, "%s: %u of %u cases as nasm has them", form, n_same, n);
}

/* Every form in the header's enum bfk_form; one without a case fails. */
static void compare_declared(const char *header, const u8 *code, const u32 *start_off)
{
	FILE *file = fopen(header, "r");
	static char text[1 << 16];
	const char *at;
	char name[64];
	u32 n = 0;

	if (file && fread(text, 1, sizeof(text) - 1, file))
		fclose(file);
	at = strstr(text, "enum bfk_form {");
	while (at && sscanf(at, "%*[^A-Z}]%63[A-Z0-9_]", name) == 1 && strcmp(name, "BFK_FORMS")) {
		at = strstr(at, name) + strlen(name);
		n++;
		compare(name, code, start_off);
	}
	tap(n == BFK_FORMS, "%s names %u forms, and %u were compared", header, BFK_FORMS, n);
}

int main(int argc, char **argv)
{
	bool plant = argc > 3 && !strcmp(argv[3], "--plant");
	u32 *start_off;
	long len = 0;
	u8 *out;

	if (argc < 3) {
		fprintf(stderr, "usage: oracle HEADER DIR [--plant]\n");
		return 2;
	}
	all_cases();
	out = assemble(argv[2], plant, &len);
	if (!tap(out && len > (long)(n_cases + 1) * 4, "nasm assembles all %u lines", n_cases))
		return tap_done();
	start_off = malloc((n_cases + 1) * sizeof(*start_off));
	memcpy(start_off, out + len - (n_cases + 1) * 4, (n_cases + 1) * 4);
	compare_declared(argv[1], out, start_off);
	free(start_off);
	free(out);
	return tap_done();
}
