# dhrledger's build. `make help` lists the targets.
#
# A build lives in its own folder, $(BUILD): build/release, build/asan, build/ubsan.
# $(BUILD)/config.mk holds what was found out about the compiler and the libraries;
# it is made again when the compiler, the flags or this file change. Targets that
# install packages first (demo, check, lint) can't read it yet, so they call make
# a second time for the real work.

.DEFAULT_GOAL = all
MAKEFLAGS += --no-builtin-rules

PREFIX ?= /usr/local
BINDIR = $(DESTDIR)$(PREFIX)/bin
MANDIR = $(DESTDIR)$(PREFIX)/share/man
CFLAGS ?= -O2 -g
PKG_CONFIG ?= pkg-config
CLANG_FORMAT ?= clang-format
CLANG_TIDY ?= clang-tidy
CPPCHECK ?= cppcheck

BUILD ?= build/release
SANITIZE ?=
WERROR ?=
# How fuzz targets are built for libFuzzer.
FUZZ_BUILD = BUILD=build/fuzz CC=clang SANITIZE=fuzzer-no-link,address,undefined CFLAGS='-O1 -g'
# A suite that calls make again must not change the configuration.
export CC CPPFLAGS CFLAGS LDFLAGS SANITIZE WERROR

# Debian packages. NAME:COMMAND is content with the command, whichever package it came from.
DEPS = gcc:$(firstword $(CC)) libc6-dev pkgconf:$(PKG_CONFIG) libgit2-dev libinih-dev libcsv-dev \
	libjansson-dev libutf8proc-dev libmxml-dev zlib1g-dev
DEPS_CHECK = git:git libcriterion-dev python3:python3 python3-jsonschema python3-yaml
DEPS_LINT = git:git clang-format:$(CLANG_FORMAT) clang-tidy:$(CLANG_TIDY) cppcheck:$(CPPCHECK) \
	mandoc:mandoc
DEPS_VALGRIND = valgrind:valgrind
DEPS_FUZZ = clang:clang libclang-rt-dev
DEPS_SLOW = git:git python3:python3 libreoffice-calc-nogui:soffice
DEPS_BENCH = git:git python3:python3 hyperfine:hyperfine recutils:recsel time

# What pkg-config knows; libcsv has no .pc file.
PKGS = libgit2 zlib inih jansson libutf8proc mxml
LIBS = -lcsv -pthread

# Each of these is used only where the compiler takes it without a word.
WARNINGS = -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wold-style-definition -Wformat=2 -Wundef -Wvla -Wcast-qual -Wcast-align -Wwrite-strings \
	-Wpointer-arith -Wimplicit-fallthrough -Wlogical-op -Wduplicated-cond \
	-Wjump-misses-init
HARDENING = -fstack-protector-strong -fstack-clash-protection -fcf-protection -fno-common \
	-fno-plt -fPIE
# The first that works; distributions may predefine another level.
FORTIFY = 3 2
LINKING = -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed

BASE_FLAGS = -std=c11 -D_GNU_SOURCE -Iinclude
# clang counts an empty span's NULL + 0 as undefined, which the next C allows.
SANITIZE_FLAGS = $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer \
	$(if $(findstring fuzzer,$(SANITIZE)),-fno-sanitize=pointer-overflow))

SRCS = $(sort $(wildcard src/*/*.c))
HEADERS = $(sort $(wildcard include/dhrledger/* src/*/*.h))
UNIT_SRCS = $(sort $(wildcard tests/unit/*.c))
PROPERTY_SRCS = $(sort $(wildcard tests/property/*.c))
MAN = $(sort $(wildcard man/*.[157]))
OBJS = $(SRCS:%.c=$(BUILD)/%.o)
UNIT_OBJS = $(UNIT_SRCS:%.c=$(BUILD)/%.o)
PROPERTY_OBJS = $(PROPERTY_SRCS:%.c=$(BUILD)/%.o)
FUZZ_OBJS = $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard tests/fuzz/*.c)))
LIB_OBJS = $(filter-out $(BUILD)/src/cli/%,$(OBJS))
BIN = $(BUILD)/dhrledger
UNIT = $(BUILD)/unit-tests
PROPERTY = $(BUILD)/codec-properties
# A fuzz target is tests/fuzz/NAME.c; the other files there are what all of them share.
FUZZ_TARGETS = $(filter-out fuzz replay,$(notdir $(basename $(wildcard tests/fuzz/*.c))))
FUZZ = $(FUZZ_TARGETS:%=$(BUILD)/fuzz-%)

# Suites are tests/NAME/run.sh; tests/run.sh says what they print.
CHECK_SUITES = unit build lint cli repo property fuzz roundtrip pages corpus
SLOW_SUITES = race office
RUN_SUITES = DHRLEDGER='$(abspath $(BIN))' UNIT_TESTS='$(abspath $(UNIT))' \
	CODEC_PROPERTIES='$(abspath $(PROPERTY))' FUZZ_TARGETS='$(abspath $(FUZZ))' tests/run.sh
there = $(foreach suite,$(1),$(if $(wildcard tests/$(suite)/run.sh),$(suite)))

## In one command, on a machine with only git and make

demo: deps ## install what is missing, build, and show this repository's ledger
	@$(MAKE) -s --no-print-directory all
	@for verb in status overdue gaps; do \
		printf '\n$$ dhrledger %s\n' $$verb; COLUMNS=$${COLUMNS:-80} $(BIN) $$verb || exit; \
	done

check: deps-check ## install what is missing, build, and run every test
	@$(MAKE) --no-print-directory run-check

lint: deps-lint ## include rules, clang-format, clang-tidy, cppcheck, mandoc
	@$(MAKE) --no-print-directory -k run-lint

# $(call need,ITEMS): install the packages that are missing; silent when there are none.
define need
@missing=; for item in $(1); do case $$item in \
	*:*) command -v "$${item#*:}" >/dev/null || missing="$$missing $${item%%:*}" ;; \
	*) case $$(dpkg-query -W -f='$${db:Status-Status} ' $$item 2>/dev/null) in \
		installed\ * | *\ installed\ *) ;; *) missing="$$missing $$item" ;; esac ;; \
	esac; done; \
[ -n "$$missing" ] || exit 0; \
if ! command -v apt-get >/dev/null; then \
	echo "make: needed, by the names of their Debian packages:$$missing" >&2; exit 1; fi; \
if [ "$$(id -u)" = 0 ]; then as_root=; \
elif command -v sudo >/dev/null; then as_root=sudo; \
else echo "make: neither root nor sudo; as root, run: apt-get install$$missing" >&2; exit 1; fi; \
apt="env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300"; \
echo "make: installing$$missing"; \
$$as_root $$apt update || echo "make: apt-get update failed; trying with the lists as they are" >&2; \
$$as_root $$apt install --no-install-recommends $$missing
endef

deps: ## what the build needs
	$(call need,$(DEPS))
deps-check: ## what the tests need, too
	$(call need,$(DEPS) $(DEPS_CHECK) $(DEPS_BENCH))
deps-lint: ## what lint needs, too
	$(call need,$(DEPS) $(DEPS_LINT))
deps-slow:
	$(call need,$(DEPS) $(DEPS_SLOW))
deps-bench:
	$(call need,$(DEPS) $(DEPS_BENCH))
deps-valgrind:
	$(call need,$(DEPS) $(DEPS_VALGRIND))
deps-fuzz:
	$(call need,$(DEPS) $(DEPS_FUZZ))

## Building

all: $(BIN) ## build the program

# Targets outside this list need the compiler and the libraries.
UNCONFIGURED = help clean demo check lint deps deps-check deps-lint deps-valgrind deps-slow deps-bench \
	deps-fuzz fuzz fuzz-replay asan ubsan valgrind bench test-bare test-slow format uninstall lint-rules lint-format lint-man
ifneq ($(filter-out $(UNCONFIGURED),$(or $(MAKECMDGOALS),all)),)
include $(BUILD)/config.mk
endif

# Changes only when the answers in config.mk could.
$(BUILD)/key: FORCE
	@mkdir -p $(@D)
	@{ echo '$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) $(SANITIZE) $(WERROR)'; \
		$(CC) --version 2>&1 | head -n 1; } >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

# Builds of inih differ: only a build with run-time settings can be told to keep
# text after " ;" and lines over 199 bytes. Proved by linking, for headers alone can lie.
define INIH_PROBE
#include <ini.h>
int main(void)
{
    ini_allow_multiline = 1;
    ini_allow_inline_comments = 0;
    ini_use_stack = 0;
    ini_allow_realloc = 1;
    ini_initial_alloc = 200;
    ini_max_line = 65536;
    return 0;
}
endef

$(BUILD)/config.mk: export PROBE = $(INIH_PROBE)
$(BUILD)/config.mk: $(BUILD)/key Makefile
	@rm -f $@
	@command -v $(firstword $(CC)) >/dev/null || \
		{ echo "make: there is no compiler $(CC): run 'make deps'" >&2; exit 1; }
	@$(PKG_CONFIG) --print-errors --exists $(PKGS) || \
		{ echo "make: libraries are missing: run 'make deps'" >&2; exit 1; }
	@t=$(BUILD)/probe; cc="$(CC) $(CPPFLAGS) $(CFLAGS) $(SANITIZE_FLAGS)"; \
	ok() { $$cc -Werror -o $$t.out $$t.c "$$@" >/dev/null 2>$$t.err; }; \
	printf '#include <stdio.h>\nint main(void)\n{\n    return puts("") < 0;\n}\n' >$$t.c; \
	ok || { cat $$t.err; echo "make: '$$cc' can't build a program" >&2; exit 1; }; \
	c=; for f in $(WARNINGS) $(HARDENING); do if ok $$f -c; then c="$$c $$f"; fi; done; \
	if [ -z '$(SANITIZE)' ]; then for level in $(FORTIFY); do \
		f="-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$$level"; \
		if ok $$f -c; then c="$$c $$f"; break; fi; done; fi; \
	l=; for f in $(LINKING); do if ok -fPIE $$f; then l="$$l $$f"; fi; done; \
	printf '%s\n' "$$PROBE" >$$t.c; \
	ok $$($(PKG_CONFIG) --cflags inih) $(LDFLAGS) $$($(PKG_CONFIG) --libs inih) || { \
		echo "make: this inih has no run-time settings, so it would cut prose at ' ;' and lines" \
			"at 199 bytes without a word; install one that has them, such as Debian's libinih-dev." >&2; \
		exit 1; }; \
	printf '#include <csv.h>\nint main(void)\n{\n    return csv_error(0);\n}\n' >$$t.c; \
	ok -Wno-nonnull $(LDFLAGS) -lcsv || \
		{ echo "make: libcsv is missing: run 'make deps'" >&2; exit 1; }; \
	rm -f $$t.*; \
	{ echo "PROBED_CFLAGS =$$c"; echo "PROBED_LDFLAGS =$$l"; \
	echo "LIB_CFLAGS = $$($(PKG_CONFIG) --cflags $(PKGS))"; \
	echo "LIB_LIBS = $$($(PKG_CONFIG) --libs $(PKGS)) $(LIBS)"; } >$@

COMPILE = $(CC) $(BASE_FLAGS) $(CPPFLAGS) $(PROBED_CFLAGS) $(if $(WERROR),-Werror) $(LIB_CFLAGS) \
	$(CFLAGS) $(SANITIZE_FLAGS) -MMD -MP
LINK = $(CC) $(CFLAGS) $(SANITIZE_FLAGS) $(PROBED_LDFLAGS) $(LDFLAGS)

objects: $(OBJS) ## compile, without linking

$(BIN): $(OBJS)
	@echo '  LINK  $@'
	@$(LINK) -o $@ $^ $(LIB_LIBS)

$(UNIT): $(LIB_OBJS) $(UNIT_OBJS)
	@echo '  LINK  $@'
	@$(LINK) -o $@ $^ $(LIB_LIBS) $$($(PKG_CONFIG) --libs criterion)

$(PROPERTY): $(LIB_OBJS) $(PROPERTY_OBJS)
	@echo '  LINK  $@'
	@$(LINK) -o $@ $^ $(LIB_LIBS)

# libFuzzer brings a main of its own.
FUZZ_MAIN = $(if $(findstring fuzzer,$(SANITIZE)),,$(BUILD)/tests/fuzz/replay.o)
$(BUILD)/fuzz-%: $(LIB_OBJS) $(BUILD)/tests/fuzz/%.o $(BUILD)/tests/fuzz/fuzz.o $(FUZZ_MAIN)
	@echo '  LINK  $@'
	@$(LINK) $(if $(FUZZ_MAIN),,-fsanitize=fuzzer) -o $@ $^ $(LIB_LIBS)
$(BUILD)/fuzz-ini: $(BUILD)/tests/property/compare.o $(BUILD)/tests/property/whole.o
$(BUILD)/fuzz-options: $(BUILD)/src/cli/options.o
$(FUZZ_OBJS): COMPILE += -Isrc

# Criterion's assertion macros convert freely.
$(UNIT_OBJS): COMPILE += -Wno-conversion -Wno-sign-conversion -Isrc

$(BUILD)/%.o: %.c $(BUILD)/config.mk
	@mkdir -p $(@D)
	@echo '  CC    $<'
	@$(COMPILE) -c -o $@ $<

-include $(OBJS:.o=.d) $(UNIT_OBJS:.o=.d) $(PROPERTY_OBJS:.o=.d) $(FUZZ_OBJS:.o=.d)

## Testing

run-check: $(BIN) $(UNIT) $(PROPERTY) $(FUZZ)
	@$(RUN_SUITES) -s $(call there,$(CHECK_SUITES))

test-unit: $(UNIT)
test-property: $(PROPERTY)
test-fuzz: $(FUZZ)
test-office: deps-slow
test-%: $(BIN) ## run the suite tests/%/run.sh; TEST=NAME runs one test of it
	@$(RUN_SUITES) $(if $(TEST),-t '$(TEST)') $*

test-slow: deps-slow ## install what is missing, and run the suites that take longer
	@$(MAKE) --no-print-directory run-slow

run-slow: $(BIN)
	@$(RUN_SUITES) $(call there,$(SLOW_SUITES))

bench: deps-bench ## time the program on large ledgers beside git and recutils, in five minutes
	@$(MAKE) --no-print-directory test-bench

test-bare: ## prove demo and check in bare debootstrap roots (as root)
	@tests/run.sh $(if $(TEST),-t '$(TEST)') bare

# The sanitizers' reports go to files: a leak in a test's own process fails no test.
asan: SANITIZER = address
ubsan: SANITIZER = undefined
asan ubsan: deps-check ## run the unit, cli, pages, corpus, property and fuzz suites sanitized
	@rm -rf build/$@/log && mkdir -p build/$@/log
	@log=log_path='$(CURDIR)'/build/$@/log/$@; status=0; \
	ASAN_OPTIONS=$$log:exitcode=99:detect_stack_use_after_return=1:allocator_may_return_null=1 \
	LSAN_OPTIONS=suppressions='$(CURDIR)/tests/unit/lsan.supp':print_suppressions=0 \
	UBSAN_OPTIONS=$$log:exitcode=99:print_stacktrace=1 \
	$(MAKE) --no-print-directory BUILD=build/$@ SANITIZE=$(SANITIZER) CFLAGS='-O1 -g' run-sanitized \
		|| status=1; \
	for report in build/$@/log/*; do if [ -e "$$report" ]; then cat "$$report"; status=1; fi; done; \
	exit $$status

run-sanitized: $(BIN) $(UNIT) $(PROPERTY) $(FUZZ)
	@FUZZ_CPU_SECONDS=20 $(RUN_SUITES) $(call there,unit cli pages corpus property fuzz)

fuzz: deps-fuzz ## try made-up inputs for FUZZ_SECONDS (60) a target; TARGET=ini for one
	@$(MAKE) -s --no-print-directory all
	@$(MAKE) --no-print-directory $(FUZZ_BUILD) run-fuzz

run-fuzz: $(if $(TARGET),$(BUILD)/fuzz-$(TARGET),$(FUZZ))
	@tests/fuzz/fuzz.sh $(BUILD) build/release/dhrledger $(or $(TARGET),$(FUZZ_TARGETS))

fuzz-replay: deps-fuzz ## give FILE, a finding, to TARGET again, under the sanitizers
	@$(MAKE) -s --no-print-directory $(FUZZ_BUILD) build/fuzz/fuzz-$(TARGET)
	@build/fuzz/fuzz-$(TARGET) '$(FILE)'

valgrind: deps-valgrind ## read this repository's ledger under valgrind
	@$(MAKE) -s --no-print-directory all
	@for verb in check list status overdue gaps; do \
		echo "  VALGRIND  dhrledger $$verb"; \
		valgrind -q --error-exitcode=99 --leak-check=full $(BIN) $$verb >/dev/null || exit; \
	done

## Documentation

# What the program knows of records and findings stands in the pages between markers.
manual: $(BIN) ## write the schema and the findings into the manual pages
	@$(BIN) schema -O mdoc >$(BUILD)/schema.mdoc
	@$(BIN) explain -O mdoc >$(BUILD)/findings.mdoc
	@awk -v name=schema -f man/splice.awk $(BUILD)/schema.mdoc man/dhrledger.5 >$(BUILD)/dhrledger.5
	@awk -v name=findings -f man/splice.awk $(BUILD)/findings.mdoc man/dhrledger-findings.7 \
		>$(BUILD)/dhrledger-findings.7
	@for page in dhrledger.5 dhrledger-findings.7; do \
		cmp -s $(BUILD)/$$page man/$$page || cp $(BUILD)/$$page man/$$page || exit; done

## Lint

# One stamp for each file, since clang-tidy takes seconds. Any header changes all of them.
TIDY = $(SRCS:%=build/lint/%.tidy)
C_FILES = $(SRCS) $(filter %.h,$(HEADERS)) $(wildcard tests/*/*.[ch])

format: ## lay out the C files
	@$(CLANG_FORMAT) -i $(C_FILES)

run-lint: lint-rules lint-format lint-cppcheck lint-man $(TIDY)

lint-rules:
	@tests/lint/layers.sh
	@tests/lint/source.sh

lint-format:
	@$(CLANG_FORMAT) --dry-run -Werror $(C_FILES)

lint-cppcheck:
	@mkdir -p build/lint/cppcheck
	@$(CPPCHECK) --quiet --error-exitcode=1 --enable=warning,performance,portability --std=c11 \
		--library=posix,gnu --inline-suppr --cppcheck-build-dir=build/lint/cppcheck -j2 \
		$(filter-out -std=c11,$(BASE_FLAGS)) $(SRCS)

# From the pages' own folder, where mandoc finds the pages they refer to.
lint-man:
	@cd man && mandoc -Tlint -Wstyle $(notdir $(MAN))

build/lint/%.tidy: % .clang-tidy $(HEADERS) $(BUILD)/config.mk
	@mkdir -p $(@D)
	@echo '  TIDY  $<'
	@$(CLANG_TIDY) --quiet $< -- $(BASE_FLAGS) $(CPPFLAGS) $(LIB_CFLAGS) 2>$@.log || \
		{ grep -v 'warnings* generated' $@.log; exit 1; }
	@mv $@.log $@

## Installing

install: $(BIN) ## install under PREFIX (/usr/local), below DESTDIR
	install -d $(BINDIR)
	install -m 755 $(BIN) $(BINDIR)/dhrledger
	for page in $(MAN); do \
		install -D -m 644 $$page $(MANDIR)/man$${page##*.}/$${page##*/} || exit; done

uninstall: ## remove what install put there
	rm -f $(BINDIR)/dhrledger
	for page in $(MAN); do rm -f $(MANDIR)/man$${page##*.}/$${page##*/} || exit; done

clean: ## remove everything built
	rm -rf build

help: ## list the targets
	@awk -F ':.*## ' '/^## / { print "\n" substr($$0, 4) } \
		/^[a-z%-][a-z %-]*:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

FORCE:
.PHONY: all demo check lint deps deps-check deps-lint deps-valgrind deps-slow deps-bench deps-fuzz \
	objects fuzz fuzz-replay run-fuzz \
	run-check test-slow run-slow bench test-bare asan ubsan run-sanitized valgrind manual format \
	run-lint lint-rules lint-format lint-cppcheck lint-man install uninstall clean help FORCE
.DELETE_ON_ERROR:
