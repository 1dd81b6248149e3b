// Package migrations holds the schema, step by step.
//
// NNNN_room.sql serves both databases; where they differ there is a pair
// NNNN_room.sqlite.sql and NNNN_room.postgres.sql. A step once released is never
// changed: expand first, contract a release later. A step is valid for this
// release and the one before. Tables carry their room's name as prefix.
package migrations

import "embed"

// Files are the steps, for base/db.
//
//go:embed *.sql
var Files embed.FS
