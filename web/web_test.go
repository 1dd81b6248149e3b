package web

import (
	"io/fs"
	"strings"
	"testing"
)

func TestFileSystemsAreThereWithoutABuild(t *testing.T) {
	for name, f := range map[string]fs.FS{"portal": Portal(), "desk": Desk()} {
		if _, err := fs.Stat(f, ".gitkeep"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The policy default-src 'self' forbids inline script and style and foreign origins.
func TestBuiltPagesHoldUnderThePolicy(t *testing.T) {
	if !Built() {
		t.Skip("no web build here: run npm ci && npm run build in web/")
	}
	for name, f := range map[string]fs.FS{"portal": Portal(), "desk": Desk()} {
		page, err := fs.ReadFile(f, "index.html")
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"<style", "style=", "http://", "https://", "src=\"//", "<script>", "onload="} {
			if strings.Contains(string(page), bad) {
				t.Errorf("%s: index.html holds %q", name, bad)
			}
		}
	}
}
