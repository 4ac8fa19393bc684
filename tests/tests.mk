# SPDX-License-Identifier: GPL-2.0
# The tests. Their programs go to build/tests/; tests/run.sh says what is run where.

TEST_CFLAGS := -std=gnu11 -g -Wall -Wextra -Werror -Wno-format-truncation -Wno-missing-field-initializers -I.
TEST_ASAN := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
JIT_HEADERS := $(wildcard jit/*.h bfk/limits.h bfk/uapi.h userspace/env_user.h)
EQUAL_SOURCES := $(wildcard tests/equal/*.c)

TEST_PROGRAMS := $(addprefix build/tests/, oracle sticky parse equal equal-asan abi-64 abi-32 bfk-static)

.PHONY: test test-programs soak lint

test: ## everything that can be tested here, both guests included; ends with "N passed, N failed"
	@tests/run.sh

# Not in `make test`: hours, if you like. COUNT random programs on the engines of this machine; then
# the device suite with a thread for each processor of the guest and full preemption, where there is
# more to race with.
soak: COUNT ?= 20000000
soak: SEED ?= $(shell date +%s)
soak: test-programs modules ## long random tests (COUNT, SEED), and the device suite where more can race
	build/tests/equal --count $(COUNT) --seed $(SEED)
	for k in $(KERNELS); do \
		VM_ACCEL=tcg,thread=multi tests/vm/run.sh -k $$k -t 1200 -a preempt=full -- \
			tests/device/run-in-guest.sh || exit; \
	done

lint: build/linux-6.1/release ## sparse, kernel-doc, clang-format, shellcheck, mandoc: any warning fails
	@tests/lint.sh

test-programs: $(TEST_PROGRAMS)

build/tests/oracle: tests/oracle/oracle.c jit/asm.c
build/tests/sticky: tests/oracle/sticky.c jit/asm.c jit/emit.c jit/parse.c jit/fold.c
build/tests/parse: tests/unit/parse.c jit/parse.c jit/fold.c
build/tests/oracle build/tests/sticky build/tests/parse: tests/unit/tap.h $(JIT_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) $(TEST_ASAN) -o $@ $(filter %.c,$^)

build/tests/equal: $(EQUAL_SOURCES) tests/equal/equal.h tests/unit/tap.h build/libbfk.a
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) -O2 -o $@ $(filter %.c %.a,$^)

build/tests/equal-asan: $(EQUAL_SOURCES) tests/equal/equal.h tests/unit/tap.h build/asan/libbfk.a
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) $(TEST_ASAN) -o $@ $(filter %.c %.a,$^)

build/tests/abi-%: tests/unit/abi.c bfk/uapi.h
	@mkdir -p $(@D)
	$(CC) -m$* $(TEST_CFLAGS) -o $@ $<

# For the guest, where relocating the disassembler's library takes longer than most programs run.
build/tests/bfk-static: $(call user_objects,build/user,$(BFK_SOURCES)) build/libbfk.a
	@mkdir -p $(@D)
	$(CC) -static $(LDFLAGS) -o $@ $^ $(CAPSTONE_LIBS)

-include tests/device/device.mk
