// SPDX-License-Identifier: GPL-2.0-only
/* bfkd: counts the references to an open file. Interface: references.h */
#include "references.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

long bfkd_references(int fd)
{
	char path[64], text[2048], *line;
	int info_fd;
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	info_fd = open(path, O_RDONLY | O_CLOEXEC);
	if (info_fd < 0)
		return 0;
	len = read(info_fd, text, sizeof(text) - 1);
	close(info_fd);
	text[len > 0 ? len : 0] = 0;
	line = strstr(text, "\nrefs:");
	return line ? strtol(line + strlen("\nrefs:"), NULL, 10) : 0;
}
