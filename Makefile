# SPDX-License-Identifier: Apache-2.0
# Hiện Trường. "make" tells what there is; nothing needs to be installed first but Go
# and Node.

.DEFAULT_GOAL := help
.PHONY: help run test lint fmt fuzz bench bench-tiles build tidy-check

GO := $(shell scripts/go.sh)/go

# A user without a home, such as nobody, keeps the caches of Go and npm in here.
ifeq ($(shell test -w "$$HOME" && echo yes),)
export HOME := $(CURDIR)/.cache/home
endif

help: ## what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## the whole city on http://localhost:8080, with a PostgreSQL of its own (Ctrl-C ends all of it)
	@scripts/run.sh

test: ## all tests, with what they need (PostgreSQL, MinIO) installed or built on the way
	@scripts/test.sh

lint: ## golangci-lint by .golangci.yml (built into .cache/bin the first time)
	@scripts/lint.sh

fmt: ## gofmt over all Go files
	@$(GO) fmt ./...

fuzz: ## every fuzz target for a while: make fuzz FOR=2m
	@FOR=$(FOR) scripts/fuzz.sh

bench: build ## measure this program beside its rivals; writes docs/benchmarks.md
	@scripts/postgres.sh
	@$(GO) run ./bench/run

bench-tiles: build ## measure the map beside PostGIS, if it is installed; writes docs/benchmarks-tiles.md
	@scripts/postgres.sh
	@$(GO) run ./bench/run -map

build: ## the program, with its pages, as bin/hientruong
	@scripts/web.sh
	@echo "building bin/hientruong"
	@CGO_ENABLED=0 $(GO) build -trimpath -o bin/hientruong ./cmd/hientruong

tidy-check: ## whether go.mod and go.sum are what the code needs
	@$(GO) mod tidy -diff
