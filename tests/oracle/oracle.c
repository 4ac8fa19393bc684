// SPDX-License-Identifier: GPL-2.0
/*
 * oracle HEADER DIR [--plant]   every form of the encoder against nasm
 *
 * A form is a call of the encoder and the same instruction in Intel syntax, next to each other.
 * All lines are assembled by nasm at once, and the bytes compared form by form. HEADER is
 * jit/asm.h: each function it declares must have a form. Files go to DIR. --plant makes one
 * assembly line wrong, to show that it is found.
 *
 * Numbers are written so that nasm has one encoding to choose from, the one wanted.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>
#include "../../jit/asm.h"
#include "../unit/tap.h"

#define FORMS_MAX 8192
#define ROOM 64			/* bytes: an instruction, and space to see what lies behind it */
#define START_OFF 20		/* where in the image each form starts, so that jumps can go back */
#define CANARY 0xcc
#define ADDR 0xffffffffc0a00000ull

struct form {
	char name[32];
	char assembly[64];
	u8 bytes[ROOM];
	u32 len;
	bool failed;
};

static struct form forms[FORMS_MAX];
static u32 n_forms;
static u8 image[ROOM];
static struct bfk_asm a;

static void begin(const char *call)
{
	if (n_forms == FORMS_MAX) {
		fprintf(stderr, "oracle: more than %d forms\n", FORMS_MAX);
		exit(2);
	}
	memset(image, CANARY, sizeof(image));
	a = (struct bfk_asm){ .out = image, .addr = ADDR, .len = START_OFF, .cap = ROOM };
	snprintf(forms[n_forms].name, sizeof(forms->name), "%.*s", (int)strcspn(call, "("), call);
}

static void __attribute__((format(printf, 1, 2))) end(const char *assembly, ...)
{
	struct form *form = &forms[n_forms++];
	va_list args;

	va_start(args, assembly);
	vsnprintf(form->assembly, sizeof(form->assembly), assembly, args);
	va_end(args);
	form->failed = a.failed;
	form->len = a.len - START_OFF;
	memcpy(form->bytes, image + START_OFF, form->len);
	for (u32 i = 0; i < ROOM; i++)
		if ((i < START_OFF || i >= a.len) && image[i] != CANARY)
			form->failed = true;
}

#define FORM(call, ...)             \
	do {                        \
		begin(#call);       \
		call;               \
		end(__VA_ARGS__);   \
	} while (0)

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

static const s16 disps[] = { 0,	  1,	-1,    2,     126,    127,    128,   129,  -127, -128,
			     -129, 255, 256,   -255,  -256,   32766,  32767, -32767, -32768 };
static const u8 imms[] = { 0, 1, 2, 127, 128, 129, 254, 255 };
static const s16 moves[] = { 1,	  -1,  2,   -2,	   126,	 127,	128,   129,    -127,   -128,
			     -129, 255, 256, -256, 4096, 32766, 32767, -32767, -32768, 0 };
static const u32 words[] = { 0, 1, 127, 128, 255, 256, 0x7fffffff, 0x80000000, 0xdeadbeef, U32_MAX };

#define EACH(i, array) (size_t i = 0; i < sizeof(array) / sizeof(*(array)); i++)

static void cell_forms(s16 disp)
{
	FORM(bfk_asm_cmp_cell_zero(&a, disp), "cmp byte %s, strict byte 0", cell(disp));
	FORM(bfk_asm_add_cell_al(&a, disp), "add %s, al", cell(disp));
	FORM(bfk_asm_sub_cell_al(&a, disp), "sub %s, al", cell(disp));
	FORM(bfk_asm_movzx_eax_cell(&a, disp), "movzx eax, byte %s", cell(disp));
	for EACH(i, imms) {
		FORM(bfk_asm_add_cell_imm(&a, disp, imms[i]), "add byte %s, strict byte %u",
		     cell(disp), imms[i]);
		FORM(bfk_asm_mov_cell_imm(&a, disp, imms[i]), "mov byte %s, strict byte %u",
		     cell(disp), imms[i]);
	}
}

static void register_forms(void)
{
	FORM(bfk_asm_endbr64(&a), "endbr64");
	FORM(bfk_asm_sub_fuel_one(&a), "sub r12, strict byte 1");
	FORM(bfk_asm_test_eax(&a), "test eax, eax");
	for EACH(i, imms)
		FORM(bfk_asm_imul_eax_imm(&a, imms[i]), "imul eax, eax, strict byte %d",
		     (signed char)imms[i]);
	for EACH(i, moves)
		FORM(bfk_asm_add_bx_imm(&a, moves[i]), "add bx, strict %s %d",
		     moves[i] >= -128 && moves[i] <= 127 ? "byte" : "word", moves[i]);
	for EACH(i, words) {
		FORM(bfk_asm_mov_esi_imm(&a, words[i]), "mov esi, strict dword 0x%x", words[i]);
		FORM(bfk_asm_mov_edi_imm(&a, words[i]), "mov edi, strict dword 0x%x", words[i]);
	}
}

/* Jumps inside the image: to offset @to. nasm's $ is the start of the instruction. */
static void jump_forms(u32 to)
{
	long by = (long)to - START_OFF;

	FORM(bfk_asm_jcc(&a, BFK_CC_B, to), "jb near $%+ld", by);
	FORM(bfk_asm_jcc(&a, BFK_CC_E, to), "je near $%+ld", by);
	FORM(bfk_asm_jcc(&a, BFK_CC_NE, to), "jne near $%+ld", by);
	FORM(bfk_asm_jmp(&a, to), "jmp near $%+ld", by);
}

/* Jumps and calls out of the image: @by from the start of the instruction. */
static void out_forms(s64 by)
{
	FORM(bfk_asm_call_out(&a, ADDR + START_OFF + by), "call near $%+lld", (long long)by);
	FORM(bfk_asm_jmp_out(&a, ADDR + START_OFF + by), "jmp near $%+lld", (long long)by);
}

static void all_forms(void)
{
	static const u32 tos[] = { 0, 1, 19, 20, 21, 24, 25, 26, 127, 128, 147, 148, 153, 154,
				   255, 65536, 0x7fffffff };
	static const s64 bys[] = { 0, 1, -1, 5, 6, 127, 128, -128, -129, 65536, -65536, 0x12345678,
				   -0x12345678, 0x80000004, -0x7ffffffb };

	for EACH(i, disps)
		cell_forms(disps[i]);
	register_forms();
	for EACH(i, tos)
		jump_forms(tos[i]);
	for EACH(i, bys)
		out_forms(bys[i]);
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
	for (u32 i = 0; i < n_forms; i++)
		fprintf(file, "f%u: %s\n", i,
			plant && i == n_forms / 2 ? "add byte [rcx], 1" : forms[i].assembly);
	fprintf(file, "f%u:\n", n_forms);
	for (u32 i = 0; i <= n_forms; i++)
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

static bool same(const struct form *form, const u8 *bytes, u32 len)
{
	if (!form->failed && form->len == len && !memcmp(form->bytes, bytes, len))
		return true;
	printf("# %s differs: %s%s\n", form->name, form->assembly,
	       form->failed ? " (the encoder failed, or wrote elsewhere)" : "");
	print_bytes("nasm", bytes, len);
	print_bytes("encoder", form->bytes, form->len);
	return false;
}

/* One test for each function: all its forms. */
static void compare(const char *name, const u8 *code, const u32 *start_off)
{
	u32 n = 0, n_same = 0;

	for (u32 i = 0; i < n_forms; i++) {
		if (strcmp(forms[i].name, name))
			continue;
		n++;
		n_same += same(&forms[i], code + start_off[i], start_off[i + 1] - start_off[i]);
	}
	tap(n && n == n_same, "%s: %u of %u forms as nasm has them", name, n_same, n);
}

/* Every function the header declares; a function without a form fails. */
static void compare_declared(const char *header, const u8 *code, const u32 *start_off)
{
	FILE *file = fopen(header, "r");
	char line[256], name[64];
	u32 n = 0;

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "void %63[a-z0-9_](", name) != 1 || strncmp(name, "bfk_asm_", 8))
			continue;
		n++;
		compare(name, code, start_off);
	}
	tap(n >= 10, "%s declares encoder functions: %u", header, n);
	if (file)
		fclose(file);
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
	all_forms();
	out = assemble(argv[2], plant, &len);
	if (!tap(out && len > (long)(n_forms + 1) * 4, "nasm assembles all %u lines", n_forms))
		return tap_done();
	start_off = malloc((n_forms + 1) * sizeof(*start_off));
	memcpy(start_off, out + len - (n_forms + 1) * 4, (n_forms + 1) * 4);
	compare_declared(argv[1], out, start_off);
	free(start_off);
	free(out);
	return tap_done();
}
