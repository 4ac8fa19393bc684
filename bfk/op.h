/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* <bfk/op.h> in this tree, for who includes uapi.h; where bfk is installed it is jit/op.h itself. */
#include "../jit/op.h"
