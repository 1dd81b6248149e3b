// Package mingfa is a client of the HTTP API for programs in Go, generated from
// docs/openapi.json by oapi-codegen. It is a module of its own, so that what the
// generated code imports never becomes part of the program.
//
// The generated file is 30,000 lines and changes with every operation, so it isn't
// kept in the repository: scripts/clients.sh makes it, and runs the tests that use
// it against the program. An integrator does the same in his repository:
//
//	go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2 -config config.yaml openapi.json
package mingfa

//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2 -config config.yaml ../../docs/openapi.json
