/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of the oracle share: oracle.c describes the comparison. */
#ifndef BFK_ORACLE_H
#define BFK_ORACLE_H

#include "jit/x86_asm.h"

#define ROOM 64 /* bytes: an instruction, and space to see writes beyond it */

struct oracle_case {
	const char *form; /* its name */
	char assembly[64];
	u8 bytes[ROOM];
	u32 len;
	bool failed;
	bool is_other; /* nasm has another encoding for it */
};

/* oracle_cases.c */
extern struct oracle_case cases[];
extern u32 n_cases;
extern const u32 n_forms;

void all_cases(void);
/* Returns the last case of a form; U32_MAX: it has none. */
u32 last_case(const char *name);

/* oracle_nasm.c */

/*
 * Assembles all cases, except that case @plant is wrong. After the code, nasm writes a table of
 * where each case begins. Returns the output, and its length; NULL: nasm failed.
 */
u8 *assemble(const char *dir, u32 plant, long *len);
/* Returns what ndisasm prints for bytes, without their offset and hexadecimal form. */
const char *disassemble(const char *dir, const u8 *bytes, u32 len);

#endif
