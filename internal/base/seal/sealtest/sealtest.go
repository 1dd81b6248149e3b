// Package sealtest opens key stores for tests of other rooms.
package sealtest

import (
	"testing"

	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
)

// New opens a fresh key store that ends with the test.
func New(t testing.TB) *seal.Keys {
	t.Helper()
	k, err := seal.Open(t.Context(), seal.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { k.Close() }) //nolint:errcheck // the directory goes too
	return k
}

// Key makes a key of the kind under parent, or ends the test.
func Key(t testing.TB, k *seal.Keys, kind string, parent id.ID) id.ID {
	t.Helper()
	key, err := k.New(t.Context(), kind, parent)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
