/* SPDX-License-Identifier: GPL-2.0-only */
/* For the drivers of the device suite, each of which is a table of cases (cases.h). */
#ifndef BFK_TESTS_DEV_H
#define BFK_TESTS_DEV_H

#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include "cases.h"
#include "instance.h"
#include "frame.h"
#include "files.h"
#include "process.h"

#endif
