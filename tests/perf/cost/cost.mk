# SPDX-License-Identifier: GPL-2.0
# Measures what moving data costs with bfk, C in the kernel, system calls and io_uring, in guests. `make test`
# only includes cost.bats. Results go to build/cost/.
#
#   COST_KERNELS     the guests ("6.1 6.12 7.3")
#   COST_ROUNDS      measurements of each (5)
#   COST_OPTIONS     for the program cost, whose head documents them: -t tmpfs -b 64

COST_KERNELS ?= $(KERNELS)
COST_ROUNDS ?= 5
COST_HEADERS := tests/perf/cost/cost.h tests/perf/cost/kmod/loop.h bfk/uapi.h

.PHONY: bench-vm cost-programs

bench-vm: $(COST_KERNELS:%=build/kmod-%/bfk.ko) cost-programs ## measure instructions and time of copying, in guests
	@for k in $(COST_KERNELS); do tests/perf/cost/vm.sh $$k -r '$(COST_ROUNDS)' $(COST_OPTIONS) || exit; done
	@python3 -B tests/perf/cost/report.py $(COST_KERNELS:%=build/cost/%)

cost-programs: build/cost/cost $(COST_KERNELS:%=build/cost/kmod-%/bfk_cost.ko)
test-programs: cost-programs

build/cost/cost: $(wildcard tests/perf/cost/*.c) $(COST_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) -O2 -pthread -o $@ $(filter %.c,$^) -luring

build/cost/kmod-%/bfk_cost.ko: $(wildcard tests/perf/cost/kmod/*) build/linux-%/release
	@mkdir -p $(@D)
	@cp tests/perf/cost/kmod/* $(@D)/
	@tests/harness/vm/kbuild.sh $* $(@D) >$(@D)/log 2>&1 || { cat $(@D)/log; exit 1; }
