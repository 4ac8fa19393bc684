// SPDX-License-Identifier: GPL-2.0
/*
 * The table has a line for each form: the same instruction in Intel syntax. Each line becomes cases
 * with every place, every register and the extremes of immediates.
 *
 * The lines are written so that nasm can only choose the encoding of the form.
 */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include "oracle.h"

#define CASES_MAX 16384
#define START_OFF 20 /* where in the image each case starts, so that jumps can go back */
#define CANARY 0xcc

/* The operands of a form. */
enum operands {
	RM = 1 << 0,   /* $p: a cell or a register */
	CELL = 1 << 1, /* $p: a cell only */
	R = 1 << 2,    /* $r: a byte register; $d: the 32-bit register around it */
	IMM8 = 1 << 3, /* $i */
	IMM16 = 1 << 4,
	IMM32 = 1 << 5,
	IMM64 = 1 << 6,
	TO = 1 << 7,	/* $t: where a jump or call goes */
	OTHER = 1 << 8, /* with a register as its RM, nasm has a shorter or equal encoding */
};

/* clang-format off */
static const struct {
	u64 form;
	const char *name, *assembly;
	u32 operands;
} forms[] = {
#define FORM(form, ...) { form, #form, __VA_ARGS__ }
	FORM(BFK_FORM_SUB_RBP_1, "sub rbp, strict byte 1", 0),
	FORM(BFK_FORM_ADD_RM_IMM, "add byte $p, strict byte $i", RM | IMM8),
	FORM(BFK_FORM_MOV_RM_IMM, "mov byte $p, strict byte $i", RM | IMM8 | OTHER),
	FORM(BFK_FORM_ADD_RM_R, "add $p, $r", RM | R),
	FORM(BFK_FORM_SUB_RM_R, "sub $p, $r", RM | R),
	FORM(BFK_FORM_MOV_RM_R, "mov $p, $r", RM | R),
	FORM(BFK_FORM_CMP_RM_R, "cmp $p, $r", RM | R),
	FORM(BFK_FORM_ADD_R_RM, "add $r, $p", RM | R | OTHER),
	FORM(BFK_FORM_SUB_R_RM, "sub $r, $p", RM | R | OTHER),
	FORM(BFK_FORM_MOVZX_R_RM, "movzx $d, byte $p", RM | R),
	FORM(BFK_FORM_IMUL_EAX_IMM, "imul eax, eax, strict byte $i", IMM8),
	FORM(BFK_FORM_ADD_BX_IMM8, "add bx, strict byte $i", IMM8),
	FORM(BFK_FORM_ADD_BX_IMM16, "add bx, strict word $i", IMM16),
	FORM(BFK_FORM_MOV_RAX_CELLS, "mov rax, $p", CELL),
	FORM(BFK_FORM_MOV_RAX_IMM64, "mov rax, strict qword $i", IMM64),
	FORM(BFK_FORM_MOV_RSI_IMM64, "mov rsi, strict qword $i", IMM64),
	FORM(BFK_FORM_ADD_RSI_RAX, "add rsi, rax", 0),
	FORM(BFK_FORM_AND_RSI_RAX, "and rsi, rax", 0),
	FORM(BFK_FORM_NOT_RAX, "not rax", 0),
	FORM(BFK_FORM_TEST_RSI_RAX, "test rsi, rax", 0),
	FORM(BFK_FORM_MOV_ESI_IMM, "mov esi, strict dword $i", IMM32),
	FORM(BFK_FORM_JE, "je near $t", TO),
	FORM(BFK_FORM_JNE, "jne near $t", TO),
	FORM(BFK_FORM_JMP, "jmp near $t", TO),
	FORM(BFK_FORM_CALL, "call near $t", TO),
};

static const s16 disps[] = { 0, 1, -1, 2, 126, 127, 128, 129, -127, -128, -129, 255, 256, -255, -256,
			     4096, 32766, 32767, -32767, -32768 };
static const s64 imm8s[] = { 0, 1, 2, 127, -128, -127, -2, -1 };
static const s64 imm16s[] = { 0, 1, -1, 2, -2, 126, 127, 128, 129, -127, -128, -129, 255, 256, -256,
			      4096, 32766, 32767, -32767, -32768 };
static const s64 imm32s[] = { 0, 1, 127, 128, 255, 256, 0x7fffffff, 0x80000000, 0xdeadbeef, U32_MAX };
static const s64 imm64s[] = { 0, 1, -1, 127, -128, 0x7fffffff, -0x80000000ll, 0x80000000, U32_MAX,
			      0x0101010101010101, -0x0101010101010101, 0x123456789abcdef0,
			      INT64_MAX, INT64_MIN };
/* from the start of the instruction, which nasm calls $ */
static const s64 tos[] = { 0, 1, -1, 4, 5, 6, 7, -19, -20, -21, 127, 128, 132, 133, 134, -122, -123,
			   -124, -128, -129, 65536, -65536, 0x12345678, -0x12345678, 0x80000004,
			   -0x7ffffffa };
/* clang-format on */

#define FORMS (sizeof(forms) / sizeof(*forms))
#define EACH(i, array) (size_t i = 0; i < sizeof(array) / sizeof(*(array)); i++)

const u32 n_forms = FORMS;
struct oracle_case cases[CASES_MAX];
u32 n_cases;

/* The operands of one case. */
struct given {
	u8 reg;
	struct bfk_rm rm;
	s64 arg;
};

static void put_place(char *to, size_t room, struct bfk_rm rm)
{
	if (rm.reg)
		snprintf(to, room, "r%ub", 8 + rm.reg);
	else
		snprintf(to, room, rm.off ? "[rbx %+d]" : "[rbx]", rm.off);
}

static void put_operand(char *to, size_t room, char which, const struct given *given)
{
	static const char *const low[] = { "al", "cl" }, *const wide[] = { "eax", "ecx" };

	switch (which) {
	case 'p':
		put_place(to, room, given->rm);
		break;
	case 'r':
		snprintf(to, room, given->reg < 2 ? low[given->reg] : "r%ub", given->reg);
		break;
	case 'd':
		snprintf(to, room, given->reg < 2 ? wide[given->reg] : "r%ud", given->reg);
		break;
	case 'i':
		snprintf(to, room, "%lld", (long long)given->arg);
		break;
	case 't':
		snprintf(to, room, "$%+lld", (long long)given->arg);
		break;
	default:
		abort();
	}
}

/* Puts the operands into a line of the table. */
static void put_assembly(char *to, size_t room, const char *line, const struct given *given)
{
	size_t len = 0;

	for (; *line && len < room - 1; line++) {
		if (*line == '$') {
			put_operand(to + len, room - len, *++line, given);
			len += strlen(to + len);
		} else {
			to[len++] = *line;
		}
	}
	to[len] = 0;
}

/* Encodes the form, with room up to @cap. */
static struct bfk_asm encode(u8 *image, u32 cap, u32 form, const struct given *given)
{
	struct bfk_asm a = { .out = image, .len = START_OFF, .cap = cap };
	u32 operands = forms[form].operands;

	memset(image, CANARY, ROOM);
	if (operands & (RM | CELL))
		bfk_asm_rm(&a, forms[form].form, given->reg, given->rm, given->arg);
	else
		bfk_asm(&a, forms[form].form, given->arg + (operands & TO ? START_OFF : 0));
	return a;
}

static bool is_untouched(const u8 *image, u32 from, u32 to)
{
	while (from < to && image[from] == CANARY)
		from++;
	return from == to;
}

/* Returns the immediate with other high bits, which must not get into the code. */
static s64 other_high_bits(u32 form, s64 arg)
{
	switch (forms[form].operands & (IMM8 | IMM16 | IMM32)) {
	case IMM8:
		return (u8)arg;
	case IMM16:
		return (u16)arg;
	case IMM32:
		return (s32)arg;
	default:
		return arg;
	}
}

/* Encodes one instruction, with much room and with just enough: the result must be the same. */
static void add_case(u32 form, struct given given)
{
	struct oracle_case *c = &cases[n_cases++];
	u8 image[ROOM], exact[ROOM];
	struct bfk_asm a;

	if (n_cases == CASES_MAX)
		abort();
	c->form = forms[form].name;
	c->is_other = forms[form].operands & OTHER && given.rm.reg;
	put_assembly(c->assembly, sizeof(c->assembly), forms[form].assembly, &given);
	a = encode(image, ROOM, form, &given);
	c->failed = a.failed || !is_untouched(image, 0, START_OFF);
	c->len = a.len - START_OFF;
	memcpy(c->bytes, image + START_OFF, c->len);
	given.arg = other_high_bits(form, given.arg);
	a = encode(exact, a.len, form, &given);
	c->failed |= a.failed || a.len != START_OFF + c->len || memcmp(image, exact, a.len) ||
		     !is_untouched(exact, a.len, ROOM);
}

static void add_immediates(u32 form, struct given given, const s64 *values, size_t n)
{
	while (n--) {
		given.arg = values[n];
		add_case(form, given);
	}
}

#define ADD_IMMEDIATES(form, given, values) \
	add_immediates(form, given, values, sizeof(values) / sizeof(*(values)))

static void with_immediate(u32 form, struct given given)
{
	switch (forms[form].operands & (IMM8 | IMM16 | IMM32 | IMM64 | TO)) {
	case 0:
		add_case(form, given);
		break;
	case IMM8:
		ADD_IMMEDIATES(form, given, imm8s);
		break;
	case IMM16:
		ADD_IMMEDIATES(form, given, imm16s);
		break;
	case IMM32:
		ADD_IMMEDIATES(form, given, imm32s);
		break;
	case IMM64:
		ADD_IMMEDIATES(form, given, imm64s);
		break;
	case TO:
		ADD_IMMEDIATES(form, given, tos);
		break;
	default:
		abort();
	}
}

static void with_register(u32 form, struct given given)
{
	u8 reg;

	if (!(forms[form].operands & R)) {
		with_immediate(form, given);
		return;
	}
	given.reg = BFK_R_AL;
	with_immediate(form, given);
	given.reg = BFK_R_CL;
	with_immediate(form, given);
	for (reg = 1; reg < 8; reg++) {
		given.reg = BFK_R_REGS + reg;
		with_immediate(form, given);
	}
}

static void with_place(u32 form)
{
	struct given given = {};
	u8 reg;

	if (!(forms[form].operands & (RM | CELL))) {
		with_register(form, given);
		return;
	}
	for
		EACH(i, disps)
		{
			given.rm.off = disps[i];
			with_register(form, given);
		}
	for (reg = 1; reg < 8 && forms[form].operands & RM; reg++) {
		/* off has no meaning for a register */
		given.rm = (struct bfk_rm){ .reg = reg, .off = reg % 2 ? 0 : 1000 };
		with_register(form, given);
	}
}

/* The farthest jumps: jcc is 6 bytes long, jmp and call are 5. */
static void farthest_cases(void)
{
	for (u32 form = 0; form < FORMS; form++) {
		if (forms[form].form == BFK_FORM_JE || forms[form].form == BFK_FORM_JNE)
			add_case(form, (struct given){ .arg = 0x80000005ll });
		if (forms[form].form == BFK_FORM_JMP || forms[form].form == BFK_FORM_CALL)
			add_case(form, (struct given){ .arg = -0x7ffffffbll });
	}
}

void all_cases(void)
{
	for (u32 form = 0; form < FORMS; form++)
		with_place(form);
	farthest_cases();
}

u32 last_case(const char *name)
{
	u32 i = n_cases;

	while (i-- && strcmp(cases[i].form, name))
		;
	return i;
}
