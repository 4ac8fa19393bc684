# SPDX-License-Identifier: GPL-2.0
# The device suite: drivers in C, static because the guest runs this machine's programs, called by
# run-in-guest.sh.
# These are also built as 32-bit callers, named *32.
BOTH_DRIVERS := requests load load_errors run dump mmap
BOTH_DRIVERS += language fuel in_out report large
BOTH_DRIVERS += ops ops_len ops_load ops_fields
DEVICE_DRIVERS := $(BOTH_DRIVERS)
ifeq ($(USER_ARCH),__x86_64__)
DEVICE_DRIVERS += $(BOTH_DRIVERS:%=%32)
endif
DEVICE_DRIVERS += registers registers_stopped effects
DEVICE_DRIVERS += read_write streams full positions move open beneath slots no_file file_systems
DEVICE_DRIVERS += sockets ready wait_signals
DEVICE_DRIVERS += signal endless blocked cut_short
DEVICE_DRIVERS += threads stress rewritten
DEVICE_DRIVERS += owner exec passing unload
DEVICE_DRIVERS += share charged fdinfo fdinfo_slots
DEVICE_DRIVERS += fuzz same seccomp cycle memory seen bounds leases kinds taken mapped self
DEVICE_DRIVERS += interrupt killed faults descriptors closing stack
# These test all four engines, or only those of this process.
FOUR_DRIVERS := continued waited flushed halted args
FOUR_DRIVERS += stops stop_places stops_cut_short
FOUR_DRIVERS += to_end to_end_signals load_numbers
FOUR_DRIVERS += tape copy find
FOUR_DRIVERS += now now_kinds now_order
DEVICE_DRIVERS += $(FOUR_DRIVERS) $(FOUR_DRIVERS:%=%-local)
DEVICE_HEADERS := $(wildcard tests/kernel/device/*.h bfk/uapi.h bfk/op.h jit/op.h userspace/include/libbfk*.h) tests/harness/letters.h
DEVICE_CFLAGS := -std=gnu11 -O1 -g -Wall -Wextra -Werror -Wno-missing-field-initializers -D_GNU_SOURCE -I. -static -pthread

.PHONY: device-drivers test-device
test-programs: device-drivers
device-drivers: $(DEVICE_DRIVERS:%=build/device/%)

build/device/%: tests/kernel/device/%.c $(DEVICE_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(DEVICE_CFLAGS) $(filter %.c %.a,$^) -o $@ $(DEVICE_LIBS)

build/device/%32: tests/kernel/device/%.c $(DEVICE_HEADERS)
	@mkdir -p $(@D)
	$(CC) -m32 -idirafter /usr/include/x86_64-linux-gnu $(DEVICE_CFLAGS) $< -o $@

$(FOUR_DRIVERS:%=build/device/%): build/libbfk.a
$(FOUR_DRIVERS:%=build/device/%): DEVICE_LIBS = $(URING_LIBS)

$(FOUR_DRIVERS:%=build/device/%-local): build/device/%-local: build/device/%
	ln -f $< $@

# These compile programs, and compare with the library's results.
build/device/same: build/libbfk-audit.a
build/device/fuzz build/device/same: build/libbfk.a
build/device/same: DEVICE_LIBS = $(CAPSTONE_LIBS)

# These run programs on all four engines.
ENGINE_DRIVERS := seen bounds leases kinds
# These only use the library for the letters of the operations.
ENGINE_DRIVERS += read_write stress
$(ENGINE_DRIVERS:%=build/device/%): build/libbfk.a

test-device: module device-drivers build/bfk ## run the device suite in a guest with kernel K
	@tests/harness/vm/run.sh -k $(K) -o build/device/out-$(K) -- tests/kernel/device/run-in-guest.sh
