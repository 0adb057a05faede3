# SPDX-License-Identifier: Apache-2.0
#
# The one entry to everything: `make help`.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PREFIX ?= /usr/local
BINARY := .build/release/p4netintel
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
PACKAGES := $(shell sed 's/\#.*//' debian-packages.txt)
FORMATTED := Package.swift Sources Tests Plugins

# A target imports only what Package.swift lists for it.
SWIFT_BUILD := swift build --explicit-target-dependency-import-check error
# The release binary contains the Swift runtime, libbpf, libstdc++ and libgcc (scripts/link-archives), so it needs no more than
# libc, libelf and libz of the machine that it runs on.
ARCHIVES := .build/archives
RELEASE_BUILD := PKG_CONFIG_PATH=$(CURDIR)/$(ARCHIVES) $(SWIFT_BUILD) -c release --static-swift-stdlib --product p4netintel
RUN_TESTS = $(SUDO) env "PATH=$$PATH" CI="$${CI-}" swift test --skip-build
# Tests that start processes, make namespaces or load eBPF programs, most of them as root.
LAB_TESTS := ^(Benchmarks|Commands|HostAgent|Lab|LinuxSystem|Scenarios|SwitchRuntime|Workload)Tests\.

.PHONY: help setup build test-build test unit-test lab-test package-test demo bench check format install deb clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install the Debian packages that are missing (debian-packages.txt)
	@command -v swift >/dev/null || { echo "make: no swift on PATH; install a Swift 6.2 or later toolchain" >&2; exit 1; }
	@missing=$$(for p in $(PACKAGES); do dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	if [ -n "$$missing" ]; then \
		echo "installing:" $$missing; \
		$(SUDO) apt-get update -q; \
		DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -q --no-install-recommends $$missing; \
	fi

build: setup ## build the release binary, .build/release/p4netintel, its man page and its completions
	scripts/link-archives $(ARCHIVES)
	$(RELEASE_BUILD)
	rm -rf .build/release-share
	scripts/write-manual $(BINARY) .build/release-share

test-build: setup ## build the tests, in debug
	$(SWIFT_BUILD) --build-tests

test: test-build ## every test; those that need root or a kernel feature say so when they cannot run
	$(RUN_TESTS)

unit-test: test-build ## the tests that need neither root nor other processes
	swift test --skip-build --skip '$(LAB_TESTS)'

lab-test: test-build ## the other tests: kernel, network namespaces, the binary as a user runs it; fails if they leave anything
	$(SUDO) scripts/leftovers > .build/leftovers
	$(RUN_TESTS) --filter '$(LAB_TESTS)'
	$(SUDO) scripts/leftovers --compare .build/leftovers

package-test: deb ## install the Debian package into an empty system, and use it there
	$(SUDO) scripts/test-package .build/p4netintel_*.deb

demo: build ## a real journey through three switches (ARGS="--topology six-switch --level 3")
	$(SUDO) $(BINARY) demo $(ARGS)

bench: build ## what a packet costs the switch and the server's eBPF programs
	$(SUDO) $(BINARY) bench switch
	$(SUDO) $(BINARY) bench host

check: ## layout and words; changes no file
	swift format lint --strict --recursive --parallel $(FORMATTED)
	clang-format --dry-run --Werror $$(git ls-files 'bpf/*.[ch]')
	scripts/check-words

format: ## format every file
	swift format --in-place --recursive --parallel $(FORMATTED)
	clang-format -i $$(git ls-files 'bpf/*.[ch]')

install: ## copy what `make build` made to $(DESTDIR)$(PREFIX): binary, P4 programs, topologies, man page, completions, docs
	scripts/install-files $(PREFIX) $(DESTDIR)

deb: ## make a Debian package of what `make build` made, .build/p4netintel_*.deb
	scripts/make-deb .build

clean: ## remove what was built
	swift package clean
	rm -rf $(ARCHIVES) .build/release-share .build/p4netintel_*.deb
