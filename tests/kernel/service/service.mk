# SPDX-License-Identifier: GPL-2.0
# The compile service: a badly behaved client, static like the drivers of the device suite.
.PHONY: test-service
test-programs: build/tests/client build/tests/bfkd-low build/tests/bfkd-held

build/tests/client: $(wildcard tests/kernel/service/client*.[ch]) build/libbfk.a userspace/lib/service.h userspace/include/libbfk.h
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) -D_GNU_SOURCE -O1 -static -o $@ $(filter %.c %.a,$^) $(URING_LIBS)

# Linked so that its heap has the lowest possible addresses.
build/tests/bfkd-low: $(call user_objects,build/user,$(BFKD_SOURCES)) build/libbfk.a
	@mkdir -p $(@D)
	$(CC) -no-pie $(LDFLAGS) -o $@ $^ $(SYSTEMD_LIBS)

# Its compiler waits while a test holds it.
build/tests/bfkd-held: tests/kernel/service/hold.c $(call user_objects,build/user,$(BFKD_SOURCES)) build/libbfk.a
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) -Wl,--wrap=bfk_compile $(LDFLAGS) -o $@ $(filter %.c %.o %.a,$^) $(SYSTEMD_LIBS)

test-service: module user build/tests/client ## test bfkd, in a guest with kernel K
	@tests/harness/vm/run.sh -k $(K) -- bats tests/kernel/service
