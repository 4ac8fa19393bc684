# SPDX-License-Identifier: GPL-2.0
# The device suite: drivers in C, static because the guest's programs are this machine's, run by
# run-in-guest.sh. The ones named *32 are 32-bit callers.
DEVICE_DRIVERS := refuse language file signal threads life memory self refuse32 language32
DEVICE_CFLAGS := -std=gnu11 -O1 -g -Wall -Wextra -Werror -Wno-missing-field-initializers -D_GNU_SOURCE -static -pthread

.PHONY: device-drivers test-device
test-programs: device-drivers
device-drivers: $(DEVICE_DRIVERS:%=build/device/%)

build/device/%: tests/device/%.c tests/device/dev.h bfk/uapi.h
	@mkdir -p $(@D)
	$(CC) $(DEVICE_CFLAGS) $< -o $@

build/device/%32: tests/device/%.c tests/device/dev.h bfk/uapi.h
	@mkdir -p $(@D)
	$(CC) -m32 $(DEVICE_CFLAGS) $< -o $@

test-device: module device-drivers build/tests/bfk-static ## the device suite in a guest that runs kernel K
	@tests/vm/run.sh -k $(K) -t 600 -o build/device/out-$(K) -- tests/device/run-in-guest.sh
