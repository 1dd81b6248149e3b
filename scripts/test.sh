#!/usr/bin/env bash
# make test: everything that is checked on each change.
set -uo pipefail
cd "$(dirname "$0")/.."
. scripts/sections.sh
in_memory

# Pinned: a newer one is a change of its own.
staticcheck=honnef.co/go/tools/cmd/staticcheck@v0.8.2

web_install() { make --no-print-directory web/node_modules/.package-lock.json; }
web_checks() { (cd web && npm run --silent typecheck && npm test --silent); }
build() { make --no-print-directory build && (cd web && npm run --silent --if-present size); }
format() {
  local bad
  bad=$(gofmt -l cmd internal migrations web/*.go clients/go/client_test.go clients/go/client.go)
  [ -z "$bad" ] || { echo "run make fmt for: $bad"; return 1; }
}
# composites: say.Texts{"简", "繁", "en"} is written without field names by purpose,
# three languages in the order of the house.
vet() { go vet -composites=false $packages && go vet -composites=false -tags accept $packages; }
lint() { go run "$staticcheck" -tags accept $packages; }
go_tests() { go test -timeout 13m $packages; }
conformity() { go run ./internal/app/conformity -check; }
openapi() {
  [ -f docs/openapi.json ] || { echo "docs/openapi.json is missing: run make openapi"; return 1; }
  ./bin/mingfa openapi | diff -u docs/openapi.json - || { echo "docs/openapi.json is old: run make openapi"; return 1; }
}
clients() { scripts/clients.sh; }
flows() { (cd web && node e2e/run.mjs); }

section "what the machine has" scripts/setup.sh
if have node && have npm; then
  section "web: packages" web_install
  section "web: types and unit tests" web_checks
  section "build" build
else
  skip "web" "no node or npm here"
  section "build" go build -o bin/mingfa ./cmd/mingfa
fi
section "format" format
section "go vet" vet
if go run "$staticcheck" -version > /dev/null 2>&1; then
  section "staticcheck" lint
else
  skip "staticcheck" "the tool can't be had here"
fi
section "go test" go_tests
section "docs/conformity.md is current" conformity
section "docs/openapi.json is current" openapi
if ! have node || ! have npm; then
  skip "clients of the API" "no node or npm here"
elif (cd clients/go && go run "$(../../scripts/clients.sh generator)" -version) > /dev/null 2>&1; then
  section "clients of the API" clients
else
  skip "clients of the API" "their generator can't be had here"
fi
if have node && { have chromium || have chromium-browser || have google-chrome; }; then
  section "web: flows in a browser" flows
else
  skip "web: flows in a browser" "no node or no chromium here"
fi
summary "make test"
