#!/usr/bin/env bash
# make accept: the long checks. Whole played days on both databases, kills under
# load, tampering, erasure, two processes, bad input.
set -uo pipefail
cd "$(dirname "$0")/.."
. scripts/sections.sh

build() { if [ -f web/portal/dist/index.html ]; then go build -o bin/mingfa ./cmd/mingfa; else make --no-print-directory build; fi; }
web_install() { make --no-print-directory web/node_modules/.package-lock.json; }
shift_in_browser() { (cd web && node e2e/run.mjs --shift --keyboard); }
checks() { go test -tags accept -count=1 -timeout 25m ./internal/accept/...; }

section "what the machine has" scripts/setup.sh
[ -d ../shared/data/consult ] || skip "plays of the real questions" "../shared/data/consult is not here"
section "build" build
section "acceptance" checks
if have node && have npm && [ -f web/portal/dist/index.html ] && { have chromium || have chromium-browser || have google-chrome; }; then
  section "web: packages" web_install
  section "web: a whole shift in a browser, and every page by keyboard" shift_in_browser
else
  skip "web: a whole shift in a browser" "no node, no chromium or no built pages here"
fi
summary "make accept"
