# SPDX-License-Identifier: GPL-2.0
# The auditor's tests. build/tests/image passes any image to the auditor.
test-programs: build/tests/image build/tests/image-asan

build/tests/image: build/libbfk-audit.a build/libbfk.a
build/tests/image-asan: TEST_CFLAGS += $(TEST_ASAN)
build/tests/image-asan: build/asan/libbfk-audit.a build/asan/libbfk.a
build/tests/image build/tests/image-asan: tests/security/audit/image.c
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) -O1 -o $@ $(filter %.c,$^) $(filter %.a,$^) $(CAPSTONE_LIBS)
