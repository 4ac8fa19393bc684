# SPDX-License-Identifier: GPL-2.0
.PHONY: prove

prove: ## prove with z3 that the code of each op does what the op means, and print the claims
	@tests/language/prove/prove.sh
