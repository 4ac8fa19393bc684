// SPDX-License-Identifier: GPL-2.0
/* nasm assembles all cases at once, and ndisasm disassembles one. */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include "oracle.h"

/* Reads a whole file that @format and @dir name. NULL: there is none. */
static u8 *read_file(const char *format, const char *dir, long *len)
{
	char path[512];
	FILE *file;
	u8 *bytes;

	snprintf(path, sizeof(path), format, dir);
	file = fopen(path, "r");
	if (!file || fseek(file, 0, SEEK_END))
		return NULL;
	*len = ftell(file);
	rewind(file);
	bytes = calloc(1, *len + 1);
	if (fread(bytes, 1, *len, file) != (size_t)*len)
		return NULL;
	fclose(file);
	return bytes;
}

u8 *assemble(const char *dir, u32 plant, long *len)
{
	char path[512], command[2048];
	FILE *file;

	snprintf(path, sizeof(path), "%s/oracle.asm", dir);
	file = fopen(path, "w");
	if (!file)
		return NULL;
	fprintf(file, "bits 64\nfirst:\n");
	for (u32 i = 0; i < n_cases; i++)
		fprintf(file, "f%u: %s\n", i, i == plant ? "add byte [rcx], 1" : cases[i].assembly);
	fprintf(file, "f%u:\n", n_cases);
	for (u32 i = 0; i <= n_cases; i++)
		fprintf(file, "dd f%u - first\n", i);
	fclose(file);

	snprintf(command, sizeof(command),
		 "nasm -f bin -w+all -w+error -o '%s/oracle.bin' '%s/oracle.asm' >&2", dir, dir);
	if (system(command))
		return NULL;
	return read_file("%s/oracle.bin", dir, len);
}

const char *disassemble(const char *dir, const u8 *bytes, u32 len)
{
	static char text[2][128];
	static int next;
	char *said = text[next++ % 2], command[1200], path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/oracle.one", dir);
	file = fopen(path, "w");
	if (!file || fwrite(bytes, 1, len, file) != len || fclose(file))
		return "";
	snprintf(command, sizeof(command), "ndisasm -b 64 '%s' | sed 's/^[^ ]*  *[^ ]*  *//'",
		 path);
	file = popen(command, "r");
	said[file ? fread(said, 1, sizeof(*text) - 1, file) : 0] = 0;
	if (file && pclose(file))
		return "";
	return said;
}
