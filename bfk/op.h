/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What uapi.h includes in this tree. Where bfk is installed, jit/op.h itself has this name. */
#include "../jit/op.h"
