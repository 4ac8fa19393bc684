# SPDX-License-Identifier: GPL-2.0
# The tests. Their programs go to build/tests/; tests/run.sh runs them.

TEST_CFLAGS := -std=gnu11 -g -Wall -Wextra -Werror -Wno-format-truncation -Wno-missing-field-initializers -I.
TEST_ASAN := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
NOMEM_WRAPS := $(foreach f,malloc calloc realloc,-Wl,--wrap=$f)
JIT_HEADERS := $(wildcard jit/*.h bfk/limits.h bfk/uapi.h jit/env_user.h)

TEST_PROGRAMS := $(addprefix build/tests/, oracle sticky layout parse check tables nomem once equal equal-asan)
TEST_PROGRAMS += build/bench/compile

.PHONY: test test-programs soak lint

test: ## run all tests, including those in guests; ends with "N passed, N failed"
	@tests/run.sh

# Not in `make test`: can run for hours. COUNT random programs on the engines of this machine; then
# the device suite with a thread for each processor of the guest and full preemption, where there are
# more races.
soak: COUNT ?= 20000000
soak: SEED ?= $(shell date +%s)
soak: test-programs modules ## long random tests (COUNT, SEED), and the device suite with more races
	build/tests/equal --count $(COUNT) --seed $(SEED)
	for k in $(KERNELS); do \
		VM_ACCEL=tcg,thread=multi tests/harness/vm/run.sh -k $$k -t 36000 -a preempt=full -- \
			tests/kernel/device/run-in-guest.sh || exit; \
	done

lint: build/linux-6.1/release ## run sparse, checkpatch, kernel-doc, clang-format, shellcheck and mandoc: any warning fails
	@tests/source/lint.sh

test-programs: $(TEST_PROGRAMS) ## build the programs of the tests, in build/tests/, build/device/ and build/fuzz/

build/tests/oracle: $(wildcard tests/language/oracle/oracle*.[ch]) jit/x86_asm.c
build/tests/sticky build/tests/layout: jit/x86_asm.c jit/x86_emit.c jit/check.c
build/tests/parse: $(wildcard tests/unit/parse*.c) tests/unit/parsed.h jit/parse.c jit/check.c
build/tests/check: $(wildcard tests/unit/check*.c) tests/unit/check_rules.h jit/check.c
build/tests/sticky build/tests/layout: build/tests/%: tests/language/oracle/%.c
build/tests/oracle build/tests/sticky build/tests/layout build/tests/parse build/tests/check: \
		tests/harness/tap.h $(JIT_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) $(TEST_ASAN) -o $@ $(filter %.c,$^)

# The optimiser, pass by pass, and when memory runs out.
build/tests/nomem: private TEST_CFLAGS += $(NOMEM_WRAPS)
build/tests/tables: $(wildcard tests/language/optimise/tables*.[ch])
build/tests/nomem: tests/language/optimise/nomem.c
build/tests/tables build/tests/nomem: tests/harness/tap.h build/asan/libbfk.a
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) $(TEST_ASAN) -o $@ $(filter %.c,$^) build/asan/libbfk.a

# With the normal flags, to count instructions.
build/tests/once: tests/language/optimise/once.c build/libbfk.a
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) -O2 -o $@ $(filter %.c %.a,$^)

# In the order in which they use each other's variables.
include $(addprefix tests/, language/equal/equal.mk kernel/device/device.mk kernel/async/async.mk)
include $(addprefix tests/, security/attacks/attacks.mk security/audit/audit.mk security/fuzz/fuzz.mk)
include $(addprefix tests/, kernel/service/service.mk kernel/debug/debug.mk kernel/arm64/arm64.mk)
include $(addprefix tests/, language/prove/prove.mk perf/bench/bench.mk perf/cost/cost.mk install/packages/packages.mk)
