#!/usr/bin/env bash
# The clients of the API, generated from docs/openapi.json and used against the
# program: TypeScript (web/api) and Go (clients/go). Needs bin/mingfa.
set -euo pipefail
cd "$(dirname "$0")/.."

if command -v npm > /dev/null 2>&1; then
  (cd web && npm run --silent client)
fi
cd clients/go
go generate ./...
go vet ./...
go test -count=1 ./...
