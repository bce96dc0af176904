# Two commands do everything: `make demo` and `make test`. The rest is for those who work on it.

SWIFT ?= swift
# In colours on a terminal only, and what was built for a terminal is compiled again without one.
BUILD = $(SWIFT) build --no-color-diagnostics
DEMO_ARGS ?=
TRIAL_ARGS ?=

.PHONY: demo test sim trial bench screenshots build-release packages setup setup-test lint format clean

demo: build-release
	@"$$($(SWIFT) build -c release --show-bin-path)/shardtop" demo $(DEMO_ARGS)

# Suites in which a program gives up after a second or two, which other tests may take away from it: one by one.
BOUND_BY_SECONDS = DryRunTests|FewFilesTests|OpenedClusterTests|ValkeyClientTests.KeyClientTests|ValkeyClientTests.ServersTests

# Suites that keep all cores busy have a run of their own, as others wait for sockets and processes meanwhile.
# What was skipped, since an engine is not installed, is named at the end; under CI=true it fails.
test: export SHARDTOP_SKIPPED_TESTS = $(CURDIR)/.build/skipped-tests
test: setup-test packages
	@rm -f "$$SHARDTOP_SKIPPED_TESTS"
	$(BUILD) --build-tests
	$(SWIFT) test --skip-build --skip DashboardTests --skip ShardSimTests --skip ShardTrialTests --skip TerminalTests --skip TopCommandTests --skip "$(BOUND_BY_SECONDS)"
	$(SWIFT) test --skip-build --filter DashboardTests
	$(SWIFT) test --skip-build --filter TopCommandTests --skip "$(BOUND_BY_SECONDS)"
	$(SWIFT) test --skip-build --no-parallel --filter "$(BOUND_BY_SECONDS)"
	$(SWIFT) test --skip-build --filter ShardSimTests
	$(SWIFT) test --skip-build --filter ShardTrialTests
	$(SWIFT) test --skip-build --filter TerminalTests
	@$(MAKE) --no-print-directory sim
	@if [ -s "$$SHARDTOP_SKIPPED_TESTS" ]; then sort -u "$$SHARDTOP_SKIPPED_TESTS"; fi

# Whole clusters on a simulated clock and network: every seed is a run under each of the 30 profiles, 1,200 runs in all.
# What they do is compared with a list, so that code that is only moved is seen to do what it did; a change of what nodes
# do writes the list anew: shardsim --seeds 40 --hashes > Tests/trace-hashes.txt
# Then the simulator itself: it must find every mistake that is planted for it.
SEEDS ?= 40
sim:
	$(BUILD) -c release --product shardsim
	@"$$($(SWIFT) build -c release --show-bin-path)/shardsim" --seeds $(SEEDS) --expect Tests/trace-hashes.txt
	@"$$($(SWIFT) build -c release --show-bin-path)/shardsim" --plants

# Real nodes that are killed, stopped and cut off from each other; some minutes.
trial: build-release
	$(BUILD) -c release --product shardtrial
	@"$$($(SWIFT) build -c release --show-bin-path)/shardtrial" $(TRIAL_ARGS)

bench: build-release
	$(BUILD) -c release --product shardbench
	@"$$($(SWIFT) build -c release --show-bin-path)/shardbench"
	@"$$($(SWIFT) build -c release --show-bin-path)/shardbench" dashboard
	@"$$($(SWIFT) build -c release --show-bin-path)/shardbench" servers

# The pictures of the README, from the running program; needs rsvg-convert, ImageMagick and gifsicle.
screenshots: build-release
	@scripts/screenshots

build-release: setup packages
	$(BUILD) -c release --product shardnode
	$(BUILD) -c release --product shardtop

# Where the first build resolves them itself, the second one compiles everything again.
packages:
	$(SWIFT) package resolve

# The C headers of ncurses; tests also drive the dashboard in tmux, and run servers of Redis and Valkey.
setup:
	@SWIFT="$(SWIFT)" sh scripts/setup

setup-test:
	@SWIFT="$(SWIFT)" sh scripts/setup tmux
	@sh scripts/setup-servers

lint:
	$(SWIFT) format lint --recursive --strict --parallel Sources Tests Package.swift
	@scripts/structure

format:
	$(SWIFT) format --in-place --recursive --parallel Sources Tests Package.swift

clean:
	$(SWIFT) package clean
