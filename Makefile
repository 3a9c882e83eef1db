# SPDX-License-Identifier: Apache-2.0 OR MIT
# The everyday commands. Everything else is in CMakePresets.json: cmake --list-presets
.PHONY: all release demo test test-full lint lint-all format fuzz bench install clean help
JOBS ?= $(shell nproc)
PREFIX ?= /usr/local
SECONDS_PER_TARGET ?= 60
NO_TESTS = -DTRAWL_TESTS=OFF -DTRAWL_BENCH=OFF -DTRAWL_FUZZ=OFF -DTRAWL_EXAMPLES=OFF

all: release

release:  ## build the command: build/release/bin/trawl
	@tools/install-packages build
	@if [ -f build/release/CMakeCache.txt ]; then cmake --preset release; else cmake --preset release $(NO_TESTS); fi >/dev/null
	@cmake --build --preset release -j $(JOBS) --target trawl_cli

demo: release  ## real packets, captured and shown (make demo IF=eth0: on your interface)
	@tools/demo $(IF)

test:  ## build and run the tests
	@tools/install-packages test
	cmake --preset release -DTRAWL_TESTS=ON -DTRAWL_FUZZ=ON -DTRAWL_EXAMPLES=ON
	cmake --build --preset release -j $(JOBS)
	ctest --preset release -j $(JOBS)

test-full: test  ## the long ones as well
	ctest --preset full -j $(JOBS) -L full

lint:  ## include arrows, file rules, formatting, clang-tidy on what changed
	@tools/lint/run

lint-all:  ## the same on everything
	@tools/lint/run --all

format:  ## reformat
	@tools/lint/run --fix

fuzz:  ## fuzz every target (SECONDS_PER_TARGET=60)
	@tools/fuzz --seconds $(SECONDS_PER_TARGET)

bench:  ## run the benchmarks with their peers
	@tools/install-packages bench
	cmake --preset release -DTRAWL_BENCH=ON
	cmake --build --preset release -j $(JOBS)
	@for b in build/release/bin/bench_*; do [ -x "$$b" ] && echo "== $$b" && "$$b"; done; true
	@echo "== bench/files.py" && python3 bench/files.py build/release/bin/trawl
	@echo "== bench/capture_file.py" && python3 bench/capture_file.py build/release/bin/trawl build/release/bin/bench_capture_loop

install: release  ## install the command and the library (PREFIX=/usr/local)
	@cmake --build --preset release -j $(JOBS)
	cmake --install build/release --prefix $(PREFIX)

clean:  ## remove build/
	rm -rf build

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1|/p' $(MAKEFILE_LIST) | column -t -s '|'
