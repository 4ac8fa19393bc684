# SPDX-License-Identifier: GPL-2.0
# The version of all of bfk: the module, libbfk and its header, the commands. It stands only here.
BFK_VERSION := 0.1.0

ifneq ($(KERNELRELEASE),)
# --- read by the kernel's build system: what bfk.ko is made of ---------------------------------
obj-m := bfk.o
bfk-y := $(addprefix bfk/, dev.o program.o run.o tape.o)
bfk-y += $(addprefix jit/, parse.o check.o interp.o)
bfk-$(CONFIG_X86_64) += $(addprefix bfk/, text.o text_arena.o enter.o)
bfk-$(CONFIG_X86_64) += $(addprefix jit/, x86_asm.o x86_emit.o)
bfk-y += $(addprefix syscall_ops/, table.o file.o socket.o wait.o time.o process.o tape.o)
ccflags-y := -I$(src) -Wall $(if $(filter 1,$(WERROR)),-Werror)
ccflags-y += -DBFK_MODULE_VERSION='"$(BFK_VERSION)"'
asflags-y := -I$(src)
# A frame is little-endian. (Without any configuration kbuild only cleans up.)
ifeq ($(CONFIG_MODULES)$(if $(CONFIG_CPU_BIG_ENDIAN),,$(CONFIG_X86_64)$(CONFIG_ARM64)),y)
$(error bfk runs on x86-64 and, interpreted, on little-endian arm64; this kernel is for $(SRCARCH))
endif

else
# --- read by make in this folder: everything generated goes to build/ --------------------------
.DELETE_ON_ERROR:
.SUFFIXES:

# The kernel: numbers are Debian's, fetched into build/; host is the running one (its headers must be
# installed). By default the one that this machine's Debian installs, and for `make install` the running one.
INSTALL_K := $(or $(K),host)
ifndef K
K := $(shell tests/harness/system.sh kernel)
endif
export K
KERNELS := 6.1 6.12 7.3
KMOD_DIRS := bfk jit syscall_ops
KMOD_SOURCES := Makefile $(wildcard $(KMOD_DIRS:%=%/*))
KMOD_SCRIPTS := tests/harness/vm/kmod.sh tests/harness/vm/kbuild.sh

.PHONY: all help deps kernels module modules user demo vm-shell loc clean distclean always

all: user module ## build the user-space programs, and the module for kernel K

help: ## this text
	@echo 'make [TARGET] [K=$(subst $() ,|,$(KERNELS))|host]     K is the kernel, $(K) unless said'
	@sed -n 's/^\([a-z][a-z0-9 -]*\):.*## \(.*\)/    \1 - \2/p' $(MAKEFILE_LIST)

deps: ## install what a fresh Debian 12 or 13 lacks (needs root)
	tests/harness/deps.sh build demo test

kernels: $(KERNELS:%=build/linux-%/release) ## fetch all Debian kernels

build/linux-%/release:
	@tests/harness/vm/kernel.sh $*

module: build/kmod-$(K)/bfk.ko ## bfk.ko for kernel K, in build/kmod-K/

modules: $(KERNELS:%=build/kmod-%/bfk.ko) ## bfk.ko for all Debian kernels

build/kmod-host/bfk.ko: $(KMOD_SOURCES) $(KMOD_SCRIPTS)
	@tests/harness/vm/kmod.sh host

build/kmod-%/bfk.ko: $(KMOD_SOURCES) $(KMOD_SCRIPTS) build/linux-%/release
	@tests/harness/vm/kmod.sh $*

# WERROR=1 makes warnings errors, as in the tests; it wants modules that were built with some again.
ifeq ($(WERROR),1)
$(patsubst %/warned,%/bfk.ko,$(wildcard build/kmod-*/warned)): always
endif
always:

user: ## libbfk, bfk and bfkd (rules in userspace/user.mk)

demo: ## fetch what is missing, build, and copy a file inside a Debian kernel, in a guest
	@tests/harness/deps.sh demo
	@$(MAKE) --no-print-directory module user build/demo/copyloop
	@K=$(K) tests/install/demo/demo.sh

build/demo/copyloop: tests/install/demo/copyloop.c
	@mkdir -p $(@D)
	$(CC) -O2 -Wall -Wextra -static -o $@ $<

vm-shell: module ## a shell in a guest that runs kernel K, with bfk.ko in build/kmod-K/
	@tests/harness/vm/run.sh -k $(K) -i

loc: ## count the kernel-side lines; fails above the budget
	@tests/source/loc.sh

clean: ## remove what was built; keeps what was fetched
	rm -rf $(filter-out build/linux-% build/debian-% build/archive, $(wildcard build/*))

distclean: ## remove build/
	rm -rf build

-include userspace/user.mk
-include tests/tests.mk
-include examples/review/review.mk

endif
