// SPDX-License-Identifier: GPL-2.0
/*
 * replay FOLDER...   a fuzz target without its fuzzer: runs all inputs of a corpus once. For the
 * guest, which has the kernel's engines too, and to measure coverage. Ends at the first difference.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <string.h>
#include "input.h"

static unsigned int replay_folder(const char *folder)
{
	static uint8_t bytes[1 << 17];
	unsigned int n = 0;
	DIR *dir = opendir(folder);
	struct dirent *entry;
	char path[600];
	size_t len;
	FILE *file;

	MUST(dir);
	while ((entry = readdir(dir))) {
		if (*entry->d_name == '.')
			continue;
		snprintf(path, sizeof(path), "%.300s/%s", folder, entry->d_name);
		file = fopen(path, "re");
		MUST(file);
		len = fread(bytes, 1, sizeof(bytes), file);
		fclose(file);
		printf("# %s\n", entry->d_name);
		fflush(stdout);
		LLVMFuzzerTestOneInput(bytes, len);
		n++;
	}
	closedir(dir);
	return n;
}

/* The target source has none. */
__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	return 0;
}

int main(int argc, char **argv)
{
	unsigned int n = 0;
	int i;

	LLVMFuzzerInitialize(&argc, &argv);
	for (i = 1; i < argc; i++)
		n += replay_folder(argv[i]);
	printf("%u inputs\n", n);
	return !n;
}
