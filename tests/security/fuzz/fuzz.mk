# SPDX-License-Identifier: GPL-2.0
# Fuzz targets, with clang's libFuzzer, AddressSanitizer and UBSan: build/fuzz/TARGET. replay.sh builds them without the
# fuzzer, to replay a corpus.
#
#   MINUTES   for each target (10)        FUZZ_TARGETS   which (all)
#   K         the guest's kernel; with debug (make check-debug builds it) calls are guided by coverage
MINUTES ?= 10
FUZZ_TARGETS ?= source ops programs frames frames@kernel calls
FUZZ_HOST := source ops programs frames
FUZZ_CLANG ?= clang
FUZZ_CFLAGS := -std=gnu11 -g -O1 -Wall -Wextra -Wno-missing-field-initializers -Wno-unknown-warning-option -I. \
	-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

FUZZ_LIB := $(LIBBFK_SOURCES) $(AUDIT_SOURCES) $(filter-out tests/language/equal/equal.c,$(EQUAL_SOURCES))
FUZZ_OBJECTS := $(patsubst %,build/fuzz/obj/%.o,$(FUZZ_LIB))
FUZZ_PARSE := $(patsubst %,build/fuzz/obj/%.o,jit/parse.c jit/check.c jit/interp.c)

.PHONY: fuzz fuzz-programs fuzz-coverage print-fuzz-lib

print-fuzz-lib: # for replay.sh
	@printf '%s\n' $(FUZZ_LIB)

fuzz: fuzz-programs build/device/calls modules ## fuzz each target for MINUTES (10); findings go to build/fuzz/
	@tests/security/fuzz/fuzz.sh '$(MINUTES)' $(FUZZ_TARGETS)

fuzz-coverage: ## print the lines of jit/ that the fuzz corpora do not reach
	@tests/security/fuzz/coverage.sh

fuzz-programs: $(FUZZ_HOST:%=build/fuzz/%) build/tests/frames-replay
test-programs: fuzz-programs

# Counting steers the fuzzer. The benches are not counted: they read the whole tape at each operation, which is slow.
FUZZ_COUNT = $(if $(filter tests/%,$<),-O2,-fsanitize=fuzzer-no-link)

.SECONDARY: $(FUZZ_OBJECTS)

build/fuzz/obj/%.c.o: %.c $(EQUAL_HEADERS)
	@mkdir -p $(@D)
	$(QUIET)$(FUZZ_CLANG) $(FUZZ_CFLAGS) $(VERSION_FLAGS) $(CAPSTONE_CFLAGS) $(FUZZ_COUNT) -c -o $@ $<

build/fuzz/obj/%.S.o: %.S
	@mkdir -p $(@D)
	$(QUIET)$(FUZZ_CLANG) -D__ASSEMBLY__ -I. -c -o $@ $<

build/fuzz/%: tests/security/fuzz/%.c tests/security/fuzz/input.h tests/security/fuzz/bench.h $(FUZZ_OBJECTS)
	$(call say,FUZZ)
	$(QUIET)$(FUZZ_CLANG) $(FUZZ_CFLAGS) -fsanitize=fuzzer $(EQUAL_LINK) -o $@ $(filter %.c %.o,$^) $(CAPSTONE_LIBS) $(URING_LIBS)

build/fuzz/source: tests/security/fuzz/source.c tests/security/fuzz/input.h $(FUZZ_PARSE)
	$(call say,FUZZ)
	$(QUIET)$(FUZZ_CLANG) $(FUZZ_CFLAGS) -fsanitize=fuzzer -o $@ $(filter %.c %.o,$^)

# For the guest.
build/tests/frames-replay: tests/security/fuzz/frames.c tests/security/fuzz/replay.c $(filter-out tests/language/equal/equal.c,$(EQUAL_SOURCES)) \
		$(EQUAL_HEADERS) build/libbfk-audit.a build/libbfk.a
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) -O2 $(EQUAL_LINK) -o $@ $(filter %.c %.a,$^) $(CAPSTONE_LIBS) $(URING_LIBS)

test-programs: build/device/calls
build/device/calls: $(wildcard tests/security/fuzz/calls*.[ch]) tests/security/fuzz/input.h $(DEVICE_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(DEVICE_CFLAGS) $(filter %.c,$^) -o $@
