# SPDX-License-Identifier: GPL-2.0
# The user-space programs. Objects go to build/user/, and a second set for the sanitizers to
# build/asan/; what people use goes to build/.

# 0.1.0 as libbfk.h has it: 0x000100.
VERSION_NUMBER := 0x$(shell printf '%02x' $(subst ., ,$(BFK_VERSION)))
PREFIX ?= /usr/local
# lib/x86_64-linux-gnu where the compiler's system has libraries of several architectures (Debian), lib elsewhere.
MULTIARCH := $(shell $(CC) $(CFLAGS) -print-multiarch 2>/dev/null)
LIBDIR ?= $(PREFIX)/lib$(addprefix /,$(MULTIARCH))
UNITDIR ?= $(PREFIX)/lib/systemd/system
SYSCONFDIR ?= /etc
DESTDIR ?=

# What is compiled for: __x86_64__, __AARCH64EL__, or nothing that bfk runs on. A frame is little-endian, and
# a pointer fills a __u64.
USER_MACROS := $(shell $(CC) $(CFLAGS) -dM -E -xc /dev/null 2>/dev/null)
USER_ARCH := $(if $(filter __LP64__,$(USER_MACROS)),$(filter __x86_64__ __AARCH64EL__,$(USER_MACROS)))
USER_CC = $(if $(USER_ARCH),$(CC),$(error bfk runs on x86-64 and, interpreted, on little-endian arm64; \
	'$(strip $(CC) $(CFLAGS))' compiles for neither))

# A folder a variable. What is for one architecture alone is taken out of userspace/local/ here.
sources_in = $(wildcard $(addsuffix /*.[cS],$(1)))
NOT_FOR_ARCH := $(addprefix userspace/local/,$(if $(filter __x86_64__,$(USER_ARCH)),text_none.c,text.c enter.S))
JIT_SOURCES := $(addprefix jit/, parse.c check.c interp.c $(if $(filter __x86_64__,$(USER_ARCH)),x86_asm.c x86_emit.c))
LIBBFK_SOURCES := $(filter-out $(NOT_FOR_ARCH), \
	$(call sources_in, userspace/lib userspace/engine userspace/local userspace/opt)) $(JIT_SOURCES)
AUDIT_SOURCES := $(call sources_in, userspace/audit)
BFKD_SOURCES := $(call sources_in, userspace/daemon)
# bfk-dump is a program of its own, as it needs capstone: of the command's files, these are its own, and those both.
DUMP_ONLY := $(addprefix userspace/cmd/, dump_main.c dump.c cmd_audit.c listing.c op_text.c)
DUMP_SOURCES := $(DUMP_ONLY) $(addprefix userspace/cmd/, cli.c engine.c guess.c help.c json.c load.c report.c say.c \
	source.c terminal.c)
BFK_SOURCES := $(filter-out $(DUMP_ONLY), $(call sources_in, userspace/cmd))

VERSION_FLAGS := -DBFK_VERSION=$(VERSION_NUMBER) -DCLI_VERSION='"$(BFK_VERSION)"'
USER_CFLAGS := $(if $(filter 1,$(WERROR)),-Werror) -std=gnu11 -O3 -g -Wall -Wextra -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wno-missing-field-initializers -fPIC -fvisibility=hidden -I. $(VERSION_FLAGS)
USER_ASAN := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
CAPSTONE_CFLAGS = $(shell pkg-config --cflags capstone)
CAPSTONE_LIBS = $(shell pkg-config --libs capstone)
URING_LIBS = $(shell pkg-config --libs liburing)
SYSTEMD_LIBS = $(shell pkg-config --libs libsystemd)
NM ?= nm
OBJCOPY ?= objcopy
# Static: the time in which bfk starts is what it takes to run a small program. USER_LINK= for dynamic.
USER_LINK ?= -static-pie

# make V=1 shows the commands, else only what is made is named.
QUIET := $(if $(V),,@)
say = $(if $(V),,@printf '  %-8s%s\n' $(1) $@)

user_objects = $(patsubst %,$(1)/%.o,$(2))

user: build/libbfk.a build/public/libbfk.a build/libbfk.so build/libbfk.pc build/bfk build/bfk-dump build/bfkd

.PHONY: asan install
asan: build/asan/bfk build/asan/bfk-dump build/asan/bfkd build/asan/libbfk.a ## the same with AddressSanitizer and UBSan, in build/asan/

# build/user/ and build/asan/obj/ are compiled by the same rule, with the flags of each.
define compile_rule
$(1)/%.c.o: %.c Makefile userspace/user.mk
	@mkdir -p $$(@D)
	$$(call say,CC)
	$$(QUIET)$$(USER_CC) $$(USER_CFLAGS) $(2) $$(CFLAGS) -MMD -MP -c -o $$@ $$<

$(1)/%.S.o: %.S userspace/user.mk
	@mkdir -p $$(@D)
	$$(call say,CC)
	$$(QUIET)$$(USER_CC) -D__ASSEMBLY__ -I. -MMD -MP -c -o $$@ $$<
endef
$(eval $(call compile_rule,build/user))
$(eval $(call compile_rule,build/asan/obj,$$(USER_ASAN)))

$(foreach f,cmd/dump cmd/cmd_audit audit/audit,build/user/userspace/$f.c.o build/asan/obj/userspace/$f.c.o): \
	USER_CFLAGS += $(CAPSTONE_CFLAGS)

build/libbfk.a: $(call user_objects,build/user,$(LIBBFK_SOURCES))
build/asan/libbfk.a: $(call user_objects,build/asan/obj,$(LIBBFK_SOURCES))
build/libbfk.a build/asan/libbfk.a:
	@rm -f $@
	$(call say,AR)
	$(QUIET)$(AR) rcs $@ $^

# What is installed: names that the library's files share are not the program's to collide with. One object with
# local names would do too, but need liburing in every program.
build/public/libbfk.a: build/libbfk.a
	@mkdir -p $(@D)
	$(call say,OBJCOPY)
	$(QUIET)$(NM) -g --defined-only $< | awk 'NF == 3 && $$3 !~ /^bfk_/ { print $$3, "bfk_internal_" $$3 }' | sort -u >$@.names
	$(QUIET)$(OBJCOPY) --redefine-syms=$@.names $< $@

build/libbfk.so.1: $(call user_objects,build/user,$(LIBBFK_SOURCES)) userspace/lib/libbfk.map
	$(call say,LINK)
	$(QUIET)$(CC) -shared -Wl,-soname,libbfk.so.1 -Wl,--version-script=userspace/lib/libbfk.map \
		-Wl,-z,defs -Wl,-z,noexecstack $(LDFLAGS) -o $@ $(filter %.o,$^) $(URING_LIBS)

build/libbfk.so: build/libbfk.so.1
	$(QUIET)ln -sf libbfk.so.1 $@

build/libbfk.pc: userspace/lib/libbfk.pc.in Makefile userspace/user.mk
	@mkdir -p $(@D)
	$(QUIET)sed -e 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(LIBDIR)|' \
		-e 's|@INCLUDEDIR@|$(PREFIX)/include|; s|@VERSION@|$(BFK_VERSION)|' $< >$@

build/bfk: $(call user_objects,build/user,$(BFK_SOURCES)) build/libbfk.a
	$(call say,LINK)
	$(QUIET)$(CC) $(USER_LINK) $(LDFLAGS) -o $@ $^ $(URING_LIBS)

build/libbfk-audit.a: $(call user_objects,build/user,$(AUDIT_SOURCES))
build/asan/libbfk-audit.a: $(call user_objects,build/asan/obj,$(AUDIT_SOURCES))
build/libbfk-audit.a build/asan/libbfk-audit.a:
	@rm -f $@
	$(call say,AR)
	$(QUIET)$(AR) rcs $@ $^

build/bfk-dump: $(call user_objects,build/user,$(DUMP_SOURCES)) build/libbfk-audit.a build/libbfk.a
	$(call say,LINK)
	$(QUIET)$(CC) $(LDFLAGS) -o $@ $^ $(CAPSTONE_LIBS)

build/bfkd: $(call user_objects,build/user,$(BFKD_SOURCES)) build/libbfk.a
	$(call say,LINK)
	$(QUIET)$(CC) $(LDFLAGS) -o $@ $^ $(SYSTEMD_LIBS)

build/asan/bfkd: $(call user_objects,build/asan/obj,$(BFKD_SOURCES)) build/asan/libbfk.a
	$(call say,LINK)
	$(QUIET)$(CC) $(USER_ASAN) $(LDFLAGS) -o $@ $^ $(SYSTEMD_LIBS)

build/asan/bfk: $(call user_objects,build/asan/obj,$(BFK_SOURCES)) build/asan/libbfk.a
	$(call say,LINK)
	$(QUIET)$(CC) $(USER_ASAN) $(LDFLAGS) -o $@ $^ $(URING_LIBS)

build/asan/bfk-dump: $(call user_objects,build/asan/obj,$(DUMP_SOURCES)) build/asan/libbfk-audit.a build/asan/libbfk.a
	$(call say,LINK)
	$(QUIET)$(CC) $(USER_ASAN) $(LDFLAGS) -o $@ $^ $(CAPSTONE_LIBS)

# --- installation ---------------------------------------------------------------------------------
# A tree is made in build/, and copied below DESTDIR with a list of what was not there before: see install.sh.

# A folder of this make's own: another may be installing elsewhere.
STAGE := $(CURDIR)/build/stage.$(shell echo $$PPID)
MANIFEST := $(PREFIX)/share/bfk/installed
PACKAGING := userspace/packaging

# The module goes along where its kernel's headers are: those of the running kernel, or of kernel K.
ifeq ($(INSTALL_K),host)
INSTALL_KDIR := /lib/modules/$(shell uname -r)/build
HAVE_KDIR := $(wildcard $(INSTALL_KDIR)/Makefile)
else ifneq ($(INSTALL_K),none)
INSTALL_KDIR := build/linux-$(INSTALL_K)/kdir
HAVE_KDIR := yes
endif
MODULE_TO_INSTALL := $(if $(HAVE_KDIR),build/kmod-$(INSTALL_K)/bfk.ko)
NO_MODULE := install: only user space is installed: this machine has no headers of its kernel, \
$(shell uname -r), to build the module for (on Debian, they are in linux-headers-$(shell uname -r))

.PHONY: uninstall stage
install: user $(MODULE_TO_INSTALL) ## install all below PREFIX (and DESTDIR), the module for the running kernel or for K (K=none: without)
	@$(MAKE) --no-print-directory stage STAGE=$(STAGE) INSTALL_K=$(INSTALL_K)
	@DESTDIR=$(DESTDIR) $(PACKAGING)/install.sh install $(STAGE) $(MANIFEST)
	@rm -rf $(STAGE)
ifeq ($(INSTALL_K)$(HAVE_KDIR),host)
	@echo '$(NO_MODULE)' >&2
endif

uninstall: ## remove what install installed, and nothing else
	@DESTDIR=$(DESTDIR) $(PACKAGING)/install.sh uninstall $(MANIFEST)

.PHONY: deb
deb: ## Debian packages, in build/deb/ (without debhelper here: in a root of this Debian, which needs root)
	@$(PACKAGING)/deb.sh

INSTALL_PC = sed -e 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(LIBDIR)|' \
	-e 's|@INCLUDEDIR@|$(PREFIX)/include|; s|@VERSION@|$(BFK_VERSION)|'

# What is installed, below STAGE.
stage: user $(MODULE_TO_INSTALL)
	install -d $(addprefix $(STAGE), $(PREFIX)/bin $(PREFIX)/sbin $(PREFIX)/include/bfk $(LIBDIR)/pkgconfig \
		$(PREFIX)/share/bfk $(PREFIX)/share/bash-completion/completions $(PREFIX)/share/zsh/site-functions \
		$(PREFIX)/share/fish/vendor_completions.d $(UNITDIR) $(SYSCONFDIR))
	install build/bfk build/bfk-dump $(STAGE)$(PREFIX)/bin/
	install build/bfkd $(STAGE)$(PREFIX)/sbin/
	install -m 644 $(PACKAGING)/bfkd.conf $(STAGE)$(SYSCONFDIR)/
	install -m 644 $(PACKAGING)/bfkd.socket $(STAGE)$(UNITDIR)/
	sed 's|@PREFIX@|$(PREFIX)|; s|@SYSCONFDIR@|$(SYSCONFDIR)|' $(PACKAGING)/bfkd.service.in >$(STAGE)$(UNITDIR)/bfkd.service
	install -m 644 build/public/libbfk.a build/libbfk-audit.a $(STAGE)$(LIBDIR)/
	install -m 644 build/libbfk.so.1 $(STAGE)$(LIBDIR)/libbfk.so.1
	ln -sf libbfk.so.1 $(STAGE)$(LIBDIR)/libbfk.so
	install -m 644 userspace/include/libbfk-frame.h userspace/include/libbfk-audit.h $(STAGE)$(PREFIX)/include/
	sed 's|0xMMmmpp|$(VERSION_NUMBER)|' userspace/include/libbfk.h >$(STAGE)$(PREFIX)/include/libbfk.h
	install -m 644 bfk/uapi.h jit/op.h $(STAGE)$(PREFIX)/include/bfk/
	$(INSTALL_PC) userspace/lib/libbfk.pc.in >$(STAGE)$(LIBDIR)/pkgconfig/libbfk.pc
	$(INSTALL_PC) userspace/audit/libbfk-audit.pc.in >$(STAGE)$(LIBDIR)/pkgconfig/libbfk-audit.pc
	$(PACKAGING)/stage-man.sh $(STAGE)$(PREFIX)/share/man
	install -m 644 $(PACKAGING)/bfk.bash-completion $(STAGE)$(PREFIX)/share/bash-completion/completions/bfk
	install -m 644 $(PACKAGING)/bfk.zsh-completion $(STAGE)$(PREFIX)/share/zsh/site-functions/_bfk
	install -m 644 $(PACKAGING)/bfk.fish $(STAGE)$(PREFIX)/share/fish/vendor_completions.d/
	install -m 644 $(PACKAGING)/bfk.magic $(STAGE)$(PREFIX)/share/bfk/magic
	chmod -R u=rwX,go=rX $(STAGE)
	$(if $(HAVE_KDIR),$(PACKAGING)/stage-module.sh $(CURDIR)/build/kmod-$(INSTALL_K) $(INSTALL_KDIR) $(STAGE))

# What the compiler has found out: empty before the first build, and a name that is wrong is an error.
USER_SOURCES := $(sort $(LIBBFK_SOURCES) $(BFK_SOURCES) $(DUMP_SOURCES) $(AUDIT_SOURCES) $(BFKD_SOURCES))
include $(wildcard $(foreach base,build/user build/asan/obj,$(USER_SOURCES:%=$(base)/%.d)))
