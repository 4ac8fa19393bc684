# SPDX-License-Identifier: GPL-2.0
# The attack list (attacks.txt): its own drivers for the guest, and one for this machine.
ATTACK_DRIVERS := edges rights flags block

test-programs: $(ATTACK_DRIVERS:%=build/device/%)

$(ATTACK_DRIVERS:%=build/device/%): build/device/%: tests/security/attacks/%.c $(DEVICE_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(DEVICE_CFLAGS) $(filter %.c,$^) -o $@

# A module that does what a compromised kernel would try.
test-programs: $(KERNELS:%=build/attacks/kmod-%/bfk_wx.ko)

build/attacks/kmod-%/bfk_wx.ko: $(wildcard tests/security/attacks/kmod/*) build/linux-%/release
	@mkdir -p $(@D)
	@cp tests/security/attacks/kmod/* $(@D)/
	@tests/harness/vm/kbuild.sh $* $(@D) >$(@D)/log 2>&1 || { cat $(@D)/log; exit 1; }

test-programs: build/tests/spray
build/tests/spray: tests/security/attacks/spray.c jit/x86_asm.c jit/x86_emit.c tests/harness/tap.h $(JIT_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) -O2 -o $@ $(filter %.c,$^)

.PHONY: attacks mutants
attacks: module user test-programs ## try each attack of tests/security/attacks/attacks.txt, in guests
	@tests/security/attacks/attacks.sh

mutants: module user test-programs ## remove each defence, plant each exercise's bug, and check that a test fails: an hour
	@tests/security/mutants/mutants.sh
