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

.PHONY: help setup build test demo bench check format install clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install the Debian packages that are missing (debian-packages.txt)
	@command -v swift >/dev/null || { echo "make: no swift on PATH; install a Swift 6.2 or later toolchain" >&2; exit 1; }
	@missing=$$(for p in $(PACKAGES); do dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	if [ -n "$$missing" ]; then \
		echo "installing:" $$missing; \
		$(SUDO) apt-get update -q; \
		DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -q --no-install-recommends $$missing; \
	fi

build: setup ## build the release binary, .build/release/p4netintel
	swift build -c release --product p4netintel

test: build ## every test; those that need root or a kernel feature say so when they cannot run
	swift build --build-tests
	$(SUDO) env "PATH=$$PATH" CI="$${CI-}" swift test --skip-build

demo: build ## a real journey through three switches (ARGS="--topology six-switch --level 3")
	$(SUDO) $(BINARY) demo $(ARGS)

bench: build ## what a packet costs the switch and the server's eBPF programs
	$(SUDO) $(BINARY) bench switch
	$(SUDO) $(BINARY) bench host

check: ## format and lint, no change to any file
	swift format lint --strict --recursive --parallel $(FORMATTED)

format: ## format every Swift file
	swift format --in-place --recursive --parallel $(FORMATTED)

install: build ## binary to $(PREFIX)/bin, P4 programs, topologies, experiments and examples to $(PREFIX)/share/p4netintel
	install -D $(BINARY) $(DESTDIR)$(PREFIX)/bin/p4netintel
	mkdir -p $(DESTDIR)$(PREFIX)/share/p4netintel
	cp -r p4 topologies experiments $(DESTDIR)$(PREFIX)/share/p4netintel/
	mkdir -p $(DESTDIR)$(PREFIX)/share/p4netintel/examples
	cp -r packaging/etc packaging/systemd $(DESTDIR)$(PREFIX)/share/p4netintel/examples/
	sed -i 's,/usr/local/bin/,$(PREFIX)/bin/,' $(DESTDIR)$(PREFIX)/share/p4netintel/examples/systemd/*

clean: ## remove what was built
	swift package clean
