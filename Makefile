# Every target has one line of help: `make help` prints them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
NPM := npm --loglevel=error
NODE := node_modules/.bin/node
export PATH := $(CURDIR)/.tools/bin:$(PATH)

.PHONY: help
help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1\t\2/' | expand -t 16

node_modules/.installed: package.json package-lock.json .npmrc
	@command -v npm > /dev/null || { echo 'npm is missing: install Node 20 or later with npm, then repeat'; exit 1; }
	@# Deliberate: not `npm ci`, which refuses a lock file that leaves out platforms this project was never locked on.
	@$(NPM) install --no-save
	@tools/check-node
	@touch $@

.PHONY: install
install: node_modules/.installed ## Install what the server needs

.PHONY: run
run: node_modules/.installed ## Install and start the server on 127.0.0.1:7171; pass flags with ARGS="--capacity 2GiB"
	@exec $(NPM) start --silent -- $(ARGS)

.PHONY: fleet
fleet: node_modules/.installed ## Start a Redis and three nodes on 7171, 7173, 7175, with something to try; Ctrl-C stops all
	@PATH="$(CURDIR)/node_modules/.bin:$$PATH" exec node tools/fleet.ts $(ARGS)

.PHONY: tools
tools: ## Install pinned helper tools (grpcurl) with the Go on PATH
	@tools/install-tools

.PHONY: packages
packages: ## Install the distribution's packages that tests call, where they are missing
	@tools/install-packages

.PHONY: test
test: node_modules/.installed packages tools ## Install what tests need, check everything and run all tests
	@$(NPM) run --silent lint
	@$(NODE) tools/test-all.ts

.PHONY: clients
clients: node_modules/.installed packages ## Check the clients alone: TypeScript, Python, Go, Java, and their scenarios
	@$(NODE) tools/test-all.ts --clients

.PHONY: lint
lint: node_modules/.installed ## Check types, format, lint rules and proto files
	@$(NPM) run --silent lint

.PHONY: fix
fix: node_modules/.installed ## Format and mend what can be mended by itself
	@$(NPM) run --silent fix

.PHONY: generate
generate: node_modules/.installed ## Regenerate code from the proto files, for the clients too, and the tables in the docs
	@$(NPM) run --silent generate
	@for client in clients/*/generate; do $$client || exit 1; done

.PHONY: simulate
simulate: node_modules/.installed ## Simulate a fleet; SEEDS=10000, SEED=7 tells one seed, SHAPE="spread 3", DEFECTS=all
	@$(NPM) run --silent simulate

.PHONY: demo
demo: node_modules/.installed ## Replay a trace through gRPC and compare hit ratios; ARGS="--trace DIR"
	@$(NPM) run --silent demo -- $(ARGS)

.PHONY: bench
bench: node_modules/.installed ## Measure beside an echo server and other caches; writes bench/results
	@$(NPM) run --silent bench -- $(ARGS)

.PHONY: robustness
robustness: node_modules/.installed ## Try all promises with random traffic and faults, fleets too; SEED=, MINUTES=5, SHAPE=sentinel
	@$(NPM) run --silent robustness

.PHONY: failovers
failovers: node_modules/.installed ## Take primaries away under writes, COUNT=50 of each kind: do all clients of Redis come back?
	@$(NPM) run --silent failovers

.PHONY: exactly-once
exactly-once: node_modules/.installed ## Lose answers of Redis: is a change that is tried again made once? COUNT=100000, SEED=
	@$(NPM) run --silent exactly-once

.PHONY: rolling-restarts
rolling-restarts: node_modules/.installed ## Restart three nodes COUNT=20 times each, under calls and streams: who notices?
	@$(NPM) run --silent rolling-restarts

.PHONY: bench-stream
bench-stream: node_modules/.installed ## Measure the stream alone: deliveries, latency, CPU; part of bench
	@$(NPM) run --silent bench-stream -- $(ARGS)

.PHONY: bench-fleet
bench-fleet: node_modules/.installed ## Measure two nodes over a Redis beside ioredis and an echo: both tiers, writes, propagation
	@$(NPM) run --silent bench-fleet -- $(ARGS)

.PHONY: bench-scale
bench-scale: node_modules/.installed ## Measure what each node and each change cost, by how many nodes there are; ARGS="--nodes 1,2,4,8"
	@$(NPM) run --silent bench-scale -- $(ARGS)

.PHONY: bench-overload
bench-overload: node_modules/.installed ## Ask a server for three times what it can do: what it answers, refuses, and how soon it recovers
	@$(NPM) run --silent bench-overload -- $(ARGS)

.PHONY: bench-clients
bench-clients: node_modules/.installed ## Measure the clients beside bare stubs and maps; part of bench; ARGS="--languages go,java"
	@$(NPM) run --silent bench-clients -- $(ARGS)

.PHONY: soak
soak: node_modules/.installed ## Show what subscribers who never read cost the server in memory and speed
	@$(NPM) run --silent soak -- $(ARGS)

.PHONY: profile
profile: node_modules/.installed ## Show where the microseconds of a Get go; of a delivery with ARGS="--call fanOut"
	@$(NPM) run --silent profile -- $(ARGS)

.PHONY: clean
clean: ## Remove what was installed and built
	@rm -rf node_modules .tools
