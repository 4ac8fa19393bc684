# SPDX-License-Identifier: GPL-2.0
# The exercises: bugs planted in bfk, to be found, shown and fixed. See examples/review/README.md.
.PHONY: exercises exercise exercise-hint exercise-solution exercise-try exercise-check exercises-test

exercises: ## list the review exercises: bugs to find, exploit and fix
	@examples/review/exercise.sh list

exercise: build/linux-$(K)/release ## boot a guest with the broken module of exercise N
	@examples/review/exercise.sh start '$(N)'

exercise-hint: ## print a hint for exercise N, LEVEL 1 to 3
	@examples/review/exercise.sh hint '$(N)' '$(or $(LEVEL),1)'

exercise-solution: ## print the solution of exercise N
	@examples/review/exercise.sh solution '$(N)'

exercise-try: build/linux-$(K)/release ## run EXPLOIT=FILE once on the broken module of exercise N, and show what happens
	@examples/review/exercise.sh try '$(N)' '$(EXPLOIT)'

exercise-check: build/linux-$(K)/release ## check that EXPLOIT=FILE shows the bug of exercise N, and that your fix works
	@examples/review/exercise.sh check '$(N)' '$(EXPLOIT)'

exercises-test: build/linux-$(K)/release ## judge the solutions of all exercises, or of those in N, and wrong fixes: 5 minutes each
	@examples/review/exercise.sh check-all $(N)
	@bats tests/security/review/whole.bats
