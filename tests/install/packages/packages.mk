# SPDX-License-Identifier: GPL-2.0
# The Debian packages, on both Debians.
.PHONY: check-deb

# Not in `make test`: it needs root, at first downloads two Debians (600 MB), and each time what the container takes (300 MB).
check-deb: ## build the packages, install, use and purge them on Debian 12 and 13 (as root; not in make test: half an hour, and at first 900 MB)
	@tests/harness/deps.sh packages
	@failed=0; for suite in bookworm trixie; do \
		echo "# Debian $$suite"; \
		SUITE=$$suite bats --formatter tap --timing tests/install/packages/packages.bats || failed=1; \
	done; \
	bats --formatter tap --timing tests/install/packages/container.bats || failed=1; \
	exit $$failed
