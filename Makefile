# Two commands do everything: `make demo` and `make test`. The rest is for those who work on it.

SWIFT ?= swift
DEMO_ARGS ?=

.PHONY: demo test sim bench build-release setup setup-test lint format clean

demo: build-release
	@"$$($(SWIFT) build -c release --show-bin-path)/shardtop" demo $(DEMO_ARGS)

test: setup-test
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build

# Whole clusters on a simulated clock and network; every seed is a run. SEEDS=1000 takes a while.
SEEDS ?= 100
sim:
	$(SWIFT) build -c release --product shardsim
	@"$$($(SWIFT) build -c release --show-bin-path)/shardsim" --seeds $(SEEDS)

bench: build-release
	$(SWIFT) build -c release --product shardbench
	@"$$($(SWIFT) build -c release --show-bin-path)/shardbench"

build-release: setup
	$(SWIFT) build -c release --product shardnode
	$(SWIFT) build -c release --product shardtop

# The C headers of ncurses; tests also drive the dashboard in tmux.
setup:
	@sh scripts/setup

setup-test:
	@sh scripts/setup tmux

lint:
	$(SWIFT) format lint --recursive --strict --parallel Sources Tests Package.swift

format:
	$(SWIFT) format --in-place --recursive --parallel Sources Tests Package.swift

clean:
	$(SWIFT) package clean
