// Package id makes the names of things.
//
// Every row, fact, key and blob is named by a UUID of version 7: sortable by
// the time of its making, unique without asking anybody, and made by the
// client where a repeat must be recognised. An ID is random enough that to
// know one is not to guess another, but it is no secret: what a person may see
// is decided by access, never by who knows an ID.
//
// IDs are never used to order events. Order is the journal's business.
package id

import (
	"encoding/base64"
	"fmt"

	"github.com/google/uuid"
)

// ID names one thing. The zero ID names nothing and is stored as NULL.
type ID = uuid.UUID

// Nil names nothing.
var Nil ID

// New makes a fresh ID.
func New() ID { return uuid.Must(uuid.NewV7()) }

// Parse reads the canonical text of 36 characters. Other spellings of a UUID
// (braces, urn:, 32 digits) are refused, so that one thing has one name.
func Parse(s string) (ID, error) {
	if len(s) != 36 {
		return Nil, fmt.Errorf("an ID has 36 characters, this has %d", len(s))
	}
	return uuid.Parse(s)
}

// Short writes an ID in 22 characters, for the bytes of a fact.
func Short(i ID) string { return base64.RawURLEncoding.EncodeToString(i[:]) }

// ParseShort reads what Short wrote.
func ParseShort(s string) (ID, error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil || len(b) != len(ID{}) {
		return Nil, fmt.Errorf("not a short ID")
	}
	return ID(b), nil
}
