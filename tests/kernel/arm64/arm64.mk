# SPDX-License-Identifier: GPL-2.0
# arm64, where programs are interpreted: built here by a cross compiler, tested in an emulated machine. See
# build.sh, and the stages build-arm64, guest-arm64 and guest-arm64-16k of tests/run.sh.
.PHONY: check-arm64 arm64-programs

# The programs that the guest runs, in build.sh's copy of the sources.
arm64-programs: user device-drivers async-drivers $(ATTACK_DRIVERS:%=build/device/%) build/device/calls \
	build/tests/equal build/tests/frames-replay

check-arm64: ## build for arm64, and run the guest suite there on Debian's 6.12, interpreted
	@tests/harness/deps.sh arm64
	@tests/run.sh build-arm64 guest-arm64 guest-arm64-16k
