# SPDX-License-Identifier: GPL-2.0
# The comparison of engines and passes, and the same with the sanitizers. host.c intercepts the requests of engines
# to their host.

EQUAL_SOURCES := $(wildcard tests/language/equal/*.c)
EQUAL_HEADERS := $(wildcard tests/language/equal/*.h jit/*.h userspace/include/libbfk*.h) tests/harness/tap.h tests/harness/letters.h
EQUAL_LINK := -Wl,--wrap=bfk_host

build/tests/equal: $(EQUAL_SOURCES) $(EQUAL_HEADERS) build/libbfk-audit.a build/libbfk.a
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) -O2 $(EQUAL_LINK) -o $@ $(filter %.c %.a,$^) $(CAPSTONE_LIBS)

build/tests/equal-asan: $(EQUAL_SOURCES) $(EQUAL_HEADERS) build/asan/libbfk-audit.a build/asan/libbfk.a
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) $(TEST_ASAN) $(EQUAL_LINK) -o $@ $(filter %.c %.a,$^) $(CAPSTONE_LIBS)
