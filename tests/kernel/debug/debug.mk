# SPDX-License-Identifier: GPL-2.0
# Debug kernels, and PREEMPT_RT: see kernel.sh, and the stages of tests/run.sh.
.PHONY: check-debug check-kcsan check-rt coverage-kernel
test-programs: build/debug/failures

build/debug/failures: tests/kernel/debug/failures.c $(wildcard tests/kernel/debug/*.h) tests/kernel/device/uring.h $(DEVICE_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(DEVICE_CFLAGS) $< -o $@

# A kernel is rebuilt when its configuration changes.
build/linux-debug/release build/linux-kcsan/release: build/linux-%/release: \
		tests/kernel/debug/config-guest tests/kernel/debug/config-% tests/kernel/debug/kernel.sh
	@tests/harness/vm/kernel.sh $*

build/kmod-gcov/bfk.ko: $(KMOD_SOURCES) tests/harness/vm/kmod.sh build/linux-debug/release
	@tests/harness/vm/kmod.sh gcov

check-debug: build/kmod-debug/bfk.ko user test-programs ## run the guest suite under KASAN, lockdep and kmemleak, and with failing allocations
	@tests/run.sh guest-debug failures planted

check-kcsan: build/kmod-kcsan/bfk.ko user test-programs ## run the guest suite on a kernel that detects data races
	@tests/run.sh guest-kcsan planted-race

check-rt: build/kmod-6.1-rt/bfk.ko build/kmod-6.12-rt/bfk.ko user test-programs ## run the guest suite on Debian's PREEMPT_RT kernels
	@tests/run.sh guest-6.1-rt guest-6.12-rt

coverage-kernel: build/kmod-gcov/bfk.ko user test-programs ## print the lines of the module that the guest suite reaches
	@tests/kernel/debug/coverage.sh
