#!/usr/bin/env bash
# The clients of the API, generated from docs/openapi.json and used against the
# program: TypeScript (web/api; needs bin/mingfa and web/node_modules) and Go
# (clients/go). With "generator" it only says which one makes the Go client.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "${1:-}" = generator ]; then
  sed -n 's/^.*go:generate go run \([^ ]*\).*$/\1/p' clients/go/client.go
  exit
fi
(cd web && npm run --silent client)
cd clients/go
go generate ./...
go vet ./...
go test -count=1 ./...
