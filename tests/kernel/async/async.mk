# SPDX-License-Identifier: GPL-2.0
# Runs in flight: with bare io_uring (uring), and with libbfk's queue, whose driver chooses the way by its own name.
# They are drivers of the device suite. Those for the engines of this process need no device.
QUEUE_WAYS := uring threads denied jit interp interp-kernel
ASYNC_DRIVERS := uring $(QUEUE_WAYS:%=queue-%)
ASYNC_HEADERS := $(wildcard tests/kernel/async/*.h)

.PHONY: async-drivers test-async
test-programs: async-drivers
async-drivers: $(ASYNC_DRIVERS:%=build/device/%) build/device/counted build/device/terminal

build/device/uring: $(wildcard tests/kernel/async/uring*.c) $(DEVICE_HEADERS) $(ASYNC_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(DEVICE_CFLAGS) $(filter %.c,$^) -o $@ $(URING_LIBS)

build/device/queue-uring: $(wildcard tests/kernel/async/queue*.c) build/libbfk.a $(DEVICE_HEADERS) $(ASYNC_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(DEVICE_CFLAGS) $(filter %.c %.a,$^) -o $@ $(URING_LIBS)

build/device/terminal: tests/kernel/async/terminal.c
	@mkdir -p $(@D)
	$(CC) $(DEVICE_CFLAGS) $< -o $@

build/device/counted: tests/kernel/async/counted.c build/libbfk.a $(DEVICE_HEADERS) $(ASYNC_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(DEVICE_CFLAGS) $(filter %.c %.a,$^) -o $@ $(URING_LIBS)

$(filter-out build/device/queue-uring, $(QUEUE_WAYS:%=build/device/queue-%)): build/device/queue-uring
	ln -f $< $@

test-async: module async-drivers build/bfk ## test runs in flight, in a guest with kernel K
	@tests/harness/vm/run.sh -k $(K) -- tests/kernel/device/run-in-guest.sh $(ASYNC_DRIVERS) tests/kernel/async/run.bats tests/kernel/async/signals.bats tests/kernel/async/counted.bats
