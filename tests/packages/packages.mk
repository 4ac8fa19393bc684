# SPDX-License-Identifier: GPL-2.0
# The Debian packages, on both Debians.
.PHONY: check-deb

# Not in `make test`: it needs root, and the first time downloads two Debians.
check-deb: ## build the packages, install, use and purge them on Debian 12 and 13 (as root; not in make test: 20 minutes, 600 MB at first)
	@tests/deps.sh packages
	@failed=0; for suite in bookworm trixie; do \
		echo "# Debian $$suite"; \
		SUITE=$$suite bats --formatter tap --timing tests/packages/packages.bats || failed=1; \
	done; \
	bats --formatter tap --timing tests/packages/container.bats || failed=1; \
	exit $$failed
