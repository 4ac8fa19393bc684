# SPDX-License-Identifier: GPL-2.0
# The attack list (attacks.txt): its own drivers for the guest, and one for this machine.
ATTACK_DRIVERS := edges rights flags block

test-programs: $(ATTACK_DRIVERS:%=build/device/%)

$(ATTACK_DRIVERS:%=build/device/%): build/device/%: tests/attacks/%.c $(DEVICE_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(DEVICE_CFLAGS) $(filter %.c,$^) -o $@

# A module that does what a compromised kernel would try.
test-programs: $(KERNELS:%=build/attacks/kmod-%/bfk_wx.ko)

build/attacks/kmod-%/bfk_wx.ko: $(wildcard tests/attacks/kmod/*) build/linux-%/release
	@mkdir -p $(@D)
	@cp tests/attacks/kmod/* $(@D)/
	@tests/vm/kbuild.sh $* $(@D) >$(@D)/log 2>&1 || { cat $(@D)/log; exit 1; }

test-programs: build/tests/spray
build/tests/spray: tests/attacks/spray.c jit/x86_asm.c jit/x86_emit.c tests/unit/tap.h $(JIT_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) -O2 -o $@ $(filter %.c,$^)

.PHONY: attacks mutants
attacks: module user test-programs ## try each attack of tests/attacks/attacks.txt, in guests
	@tests/attacks/attacks.sh

mutants: module user test-programs ## remove each defence, plant each exercise's bug, and check that a test fails: an hour
	@tests/mutants/mutants.sh
