package accept

import (
	"os"
	"path/filepath"
	"testing"
)

// shared is a file of the public test data: in MINGFA_TESTDATA, else beside the
// module. Tests that need it skip where it is absent.
func shared(t testing.TB, name string) string {
	t.Helper()
	dir := os.Getenv("MINGFA_TESTDATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	path, err := filepath.Abs(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Skipf("the public test data are not here: %s is missing (set MINGFA_TESTDATA)", name)
	}
	return path
}
