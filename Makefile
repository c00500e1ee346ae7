# Peyk. `make run` and `make test` install what they need first; `make help` lists the rest.
SHELL := /bin/bash
TAGS  := sqlite_fts5
GO    := go
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)
EXE := $(if $(filter Windows_NT,$(OS)),.exe,)
# cgo objects of go-sqlite3 compile with warnings of their own that are no concern of ours.
export CGO_ENABLED := 1
export CGO_CFLAGS ?= -O2 -g -Wno-discarded-qualifiers

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.7.0
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.3.0

.PHONY: help build run demo test race check vet bench windows screenshots fuzz clean deps deps-test

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

deps: ## install what building needs
	@.ci/deps build

deps-test: ## install what the tests need
	@.ci/deps test

build: deps ## bin/peyk
	$(GO) build -trimpath -tags '$(TAGS)' -ldflags '$(LDFLAGS)' -o bin/peyk$(EXE) .

run: build ## build and open the window
	bin/peyk$(EXE) $(ARGS)

demo: build ## build and open the window on the embedded demo mailbox
	bin/peyk$(EXE) --demo

test: deps-test build ## everything: unit, integration (real Dovecot and Postfix), window
	$(GO) vet -tags '$(TAGS)' ./...
	$(GO) test -tags '$(TAGS)' -timeout 20m ./...

race: deps-test ## the tests under the race detector
	$(GO) test -race -tags '$(TAGS)' -timeout 40m ./...

vet:
	@bad=$$(gofmt -l . | grep -v '^dist/'); if [ -n "$$bad" ]; then echo "gofmt differs: $$bad"; exit 1; fi
	$(GO) vet -tags '$(TAGS)' ./...

check: deps-test vet windows race ## gofmt, vet, staticcheck, govulncheck where reachable, Windows cross-compile, race
	$(GO) run $(STATICCHECK) -checks inherit,-ST1018 -tags '$(TAGS)' ./...  # Persian texts hold U+200C
	@$(GO) run $(GOVULNCHECK) -tags '$(TAGS)' ./... || { s=$$?; if [ $$s = 3 ]; then exit 3; fi; echo "govulncheck: its database is not reachable from here (exit $$s); not checked"; }

windows: ## cross-compile dist/peyk.exe
	@.ci/deps windows
	CGO_ENABLED=1 GOOS=windows GOARCH=amd64 CC=x86_64-w64-mingw32-gcc \
	  $(GO) build -trimpath -tags '$(TAGS)' -ldflags '$(LDFLAGS) -H windowsgui' -o dist/peyk.exe .

bench: ## the measured figures (docs/benchmarks.md tells how to read them)
	@.ci/deps bench
	$(GO) test -tags '$(TAGS)' -run '^$$' -bench . -benchmem -timeout 60m $(or $(PKG),./...)

fuzz: ## every fuzz target for FUZZTIME each (default 30s)
	@for p in $$(grep -rlE '^func Fuzz' --include=*_test.go . | xargs -n1 dirname | sort -u); do \
	  for f in $$(grep -hoE '^func Fuzz[A-Za-z0-9_]*' $$p/*_test.go | sed 's/func //'); do \
	    echo "== $$p $$f"; $(GO) test -tags '$(TAGS)' -run '^$$' -fuzz "^$$f$$" -fuzztime $(or $(FUZZTIME),30s) $$p || exit 1; done; done

screenshots: deps-test build ## docs/screenshots, from the running program under Xvfb
	$(GO) run -tags '$(TAGS)' ./internal/screenshots -o docs/screenshots bin/peyk$(EXE)

clean: ## remove what make built
	rm -rf bin dist
