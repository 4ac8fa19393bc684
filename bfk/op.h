/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* <bfk/op.h> in this tree, for uapi.h and those who include it; installed, it is jit/op.h itself. */
#include "../jit/op.h"
