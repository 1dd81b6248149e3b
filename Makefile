# mingfa: what to type. Each target says what it needs; scripts/ has the steps.
#
#   make run      build all and serve a demonstration on http://localhost:8080
#   make test     everything that is checked on each change (at most 15 minutes)
#   make accept   the long checks: whole played days, crashes, tampering (at most 25 minutes)
#   make bench    the figures of this machine
#   make lighthouse  those of the pages: Lighthouse of the portal, first answer of the desk

# The packages, by name: "./..." would walk through web/node_modules too.
PKGS   := ./cmd/... ./internal/... ./migrations/... ./web
GO     ?= go
# Addresses and data of `make run`; MINGFA_* and flags work as well.
ARGS   ?=

.PHONY: lighthouse run build web test quick accept bench fmt conformity openapi clients race clean

run: build
	./bin/mingfa serve --demo $(ARGS)

build: web
	$(GO) build -o bin/mingfa ./cmd/mingfa

# The pages. npm's own record tells whether its tree is newer than the lock file.
web: web/node_modules/.package-lock.json
	cd web && npm run --silent build:portal && npm run --silent build:desk && npm run --silent build:font

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	touch $@

test:
	scripts/test.sh

# The Go tests of what you are at: make quick PKGS=./internal/public/consult
quick:
	$(GO) vet -composites=false $(PKGS)
	$(GO) test $(PKGS)

accept:
	scripts/accept.sh

bench: build
	./bin/mingfa bench $(ARGS)

# Lighthouse has 200 packages of its own; they are fetched here only. Needs Chromium.
lighthouse: build
	cd web/measure && npm ci --no-audit --no-fund --ignore-scripts
	cd web && node measure/portal.mjs && node measure/desk.mjs

fmt:
	gofmt -w cmd internal migrations web/*.go clients/go/client.go clients/go/client_test.go

# Generated files that are kept in the repository; make test finds when they are old.
conformity:
	$(GO) run ./internal/app/conformity -write

openapi: build
	./bin/mingfa openapi > docs/openapi.json
	cd web && npm run --silent --if-present api

# The clients of the API, generated and used against the program.
clients: build
	scripts/clients.sh

# The race detector over what runs concurrently; needs a C compiler.
race:
	$(GO) test -race ./internal/base/web ./internal/base/db ./internal/base/journal ./internal/base/due ./internal/base/seal

clean:
	rm -rf bin web/portal/dist/* web/desk/dist/* web/font/dist/*
