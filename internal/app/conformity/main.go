// Conformity writes docs/conformity.md: which requirement is proven by which test.
//
//	go run ./internal/app/conformity -write    write the file
//	go run ./internal/app/conformity -check    fail when it is old
//
// It reads docs/requirements.tsv (ID, kind, scope, text in our own words) and
// all tests, Go and web. A test proves a requirement by saying so, in one of
// three ways:
//
//	// req: B6.2.1.1, T8                         a line in or above the test
//	func TestAnswer_B6_2_1_2b(t *testing.T)      its name
//	t.Run("B6.2.1.2b fifty is refused", ...)     the name of a part of it
//
// That a named test really proves its requirement is for the reader to judge;
// this program only makes sure that none is forgotten: an ID that no row has is
// an error, and a row in scope without a test shows as open.
//
// The scope of a row is "now" (all of it is to work), "part" (the text says
// which part), "later", or "record" (people do it, the program reminds).
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
)

const target = "docs/conformity.md"

func main() {
	write := flag.Bool("write", false, "write "+target)
	check := flag.Bool("check", false, "fail when "+target+" is old")
	root := flag.String("root", ".", "the project's directory")
	flag.Parse()
	if err := run(*root, *write, *check); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(root string, write, check bool) error {
	fsys := os.DirFS(root)
	want, err := document(fsys)
	if err != nil {
		return err
	}
	file := root + "/" + target
	switch {
	case write:
		return os.WriteFile(file, want, 0o644)
	case check:
		have, err := os.ReadFile(file)
		if err != nil || !bytes.Equal(have, want) {
			return fmt.Errorf("%s is old or missing: run make conformity", target)
		}
		return nil
	}
	_, err = os.Stdout.Write(want)
	return err
}
