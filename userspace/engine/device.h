/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Where the kernel's engine is. */
#ifndef BFK_ENGINE_DEVICE_H
#define BFK_ENGINE_DEVICE_H

#define BFK_DEVICE "/dev/bfk"

#endif
