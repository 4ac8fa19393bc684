# SPDX-License-Identifier: GPL-2.0
# Benchmarks; `make test` only includes the test of their harness (bench.bats). Results go
# to build/bench/.
#
#   BENCH=DIR        programs: NAME.b or NAME.bf, with NAME.in and NAME.out if needed. The
#                    default is our plain examples, which expect that ',' gives 0 at the end of input
#   PEERS            other engines: NAME=COMMAND [NAME=COMMAND]..., quoted as in the shell; the name of
#                    the program's file is appended. Separated by ';' if a command has words like a=b.
#                    The first one decides which programs are long
#   BEEF             the peer in Debian ("beef -s zero"); empty omits it
#   BFK_LEVELS       levels of bfk ("2"); the first one is compared with all others
#   BENCH_LIMIT      maximum seconds of a run (10)
#   BENCH_SKIP       names of programs to omit
#   BENCH_OPTIONS    for bench.py or compile.py, see their --help

BENCH_PROGRAMS := build/bench/programs
BENCH ?= $(BENCH_PROGRAMS)
BEEF ?= beef -s zero
BFK_LEVELS ?= 2
BENCH_LIMIT ?= 10
BENCH_VARIANTS := no-ring no-fuel bare
BENCH_TREE := Makefile $(wildcard bfk/* jit/* syscall_ops/* userspace/* userspace/*/*)
BENCH_PYTHON := python3 -B

bench_run = $(BENCH_PYTHON) tests/perf/bench/bench.py --limit '$(BENCH_LIMIT)' --skip '$(BENCH_SKIP)'

.PHONY: bench bench-sandbox bench-compile

bench: user $(BENCH_PROGRAMS)/.made ## time programs of BENCH=DIR on bfk, beef and PEERS="NAME=COMMAND..."
	@$(bench_run) --levels '$(BFK_LEVELS)' --peers "$$PEERS" --peers '$(if $(BEEF),beef=$(BEEF))' \
		$(BENCH_OPTIONS) '$(BENCH)'

# Without the ring, without fuel, without both; "bare" is the speed of an engine without a sandbox.
bench-sandbox: user $(BENCH_PROGRAMS)/.made $(BENCH_VARIANTS:%=build/bench/%/bfk) ## measure what the sandbox costs
	@$(bench_run) --out build/bench/sandbox --reps 31 --reps-min 25 --budget 4 --long 5 \
		$(foreach v,$(BENCH_VARIANTS),--peers '$v=build/bench/$v/bfk run --engine jit -O2 --plain') \
		--at-most no-ring=1.10 $(BENCH_OPTIONS) '$(BENCH)'

bench-compile: build/bench/compile $(BENCH_PROGRAMS)/.made ## measure MB/s from source to runnable code, and its growth
	@$(BENCH_PYTHON) tests/perf/bench/compile.py $(BENCH_OPTIONS) '$(BENCH)'

build/bench/no-ring/bfk: tests/perf/bench/no-ring.patch
build/bench/no-fuel/bfk: tests/perf/bench/no-fuel.patch
build/bench/bare/bfk: tests/perf/bench/no-ring.patch tests/perf/bench/no-fuel.patch
$(BENCH_VARIANTS:%=build/bench/%/bfk): $(BENCH_TREE) tests/perf/bench/variant.sh
	+@MAKE='$(MAKE)' tests/perf/bench/variant.sh $(@D) $(filter %.patch,$^)

build/bench/compile: tests/perf/bench/compile.c build/libbfk.a
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) -O2 -o $@ $^

# Programs without a '%' are plain. Only their commands are kept: some stock engines give '#' and '!' a
# meaning, and compile time is measured per byte.
$(BENCH_PROGRAMS)/.made: $(wildcard examples/*.bf examples/*.in examples/*.out examples/bench/*)
	@rm -rf $(@D) && mkdir -p $(@D)
	@for source in examples/*.bf examples/bench/*.bf; do \
		from=$${source%.bf} to=$(@D)/$$(basename "$$source" .bf); \
		! sed 's/#.*//' "$$source" | grep -q '[%!]' || continue; \
		sed 's/#.*//' "$$source" | tr -cd '][+<>.,-' >"$$to.b"; \
		cp "$$from.out" "$$to.out"; \
		[ ! -e "$$from.in" ] || cp "$$from.in" "$$to.in"; \
	done
	@touch $@
