#!/usr/bin/env bash
# make accept: the long checks. Whole played days on both databases, kills under
# load, tampering, erasure, two processes, bad input.
set -uo pipefail
cd "$(dirname "$0")/.."
. scripts/sections.sh

build() { if [ -f web/portal/dist/index.html ]; then go build -o bin/mingfa ./cmd/mingfa; else make --no-print-directory build; fi; }
checks() { go test -tags accept -count=1 -timeout 25m ./internal/accept/...; }

section "what the machine has" scripts/setup.sh
[ -d ../shared/data/consult ] || skip "plays of the real questions" "../shared/data/consult is not here"
section "build" build
section "acceptance" checks
summary "make accept"
