package app_test

import (
	"fmt"
	"go/ast"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// timers may be made here only; every other "by when" is a row of base/due.
// The key is a package (with those below it) or a file.
var timers = map[string]string{
	"internal/base/journal": "the sequencer and the checkpoint have a pace of their own",
	"internal/base/due":     "it is the clock of the house",
	"internal/base/db":      "the writer bounds a batch, PostgreSQL's pool is looked after",
}

// humaUsers may import huma besides files named http.go, and http_*.go beside it
// where a room has more operations than one file tells.
var humaUsers = []string{"internal/base/web", "internal/app"}

// notWhere tells whether a file stands outside all the given packages and files.
func notWhere(f sourceFile, places func(string) bool) bool {
	for p := f.path; p != "."; p = path.Dir(p) {
		if places(p) {
			return false
		}
	}
	return true
}

func wrongTimers(files []sourceFile) []string {
	var wrong []string
	for _, f := range files {
		if f.test || !notWhere(f, func(p string) bool { return timers[p] != "" }) {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			x, ok := sel.X.(*ast.Ident)
			if ok && x.Name == nameOf(f, "time") && slices.Contains([]string{"NewTicker", "AfterFunc", "Tick"}, sel.Sel.Name) {
				wrong = append(wrong, fmt.Sprintf("%s: time.%s: a \"by when\" is a row of base/due", f.at(n.Pos()), sel.Sel.Name))
			}
			return true
		})
	}
	return wrong
}

// nameOf is what a file calls an import.
func nameOf(f sourceFile, imported string) string {
	for _, spec := range f.ast.Imports {
		if p, _ := strconv.Unquote(spec.Path.Value); p == imported {
			if spec.Name != nil {
				return spec.Name.Name
			}
			return path.Base(p)
		}
	}
	return ""
}

func wrongHuma(files []sourceFile) []string {
	var wrong []string
	for _, f := range files {
		allowed := path.Base(f.path) == "http.go" || strings.HasPrefix(path.Base(f.path), "http_") ||
			!notWhere(f, func(p string) bool { return slices.Contains(humaUsers, p) })
		for _, spec := range f.ast.Imports {
			if p, _ := strconv.Unquote(spec.Path.Value); strings.HasPrefix(p, "github.com/danielgtaylor/huma") && !allowed {
				wrong = append(wrong, f.at(spec.Pos())+": huma is for base/web, app, http.go and http_*.go only")
			}
		}
	}
	return wrong
}

// A transaction is base/db's alone: what begins or ends one, or rolls back more
// than its own savepoint, or puts a check off to the commit.
var (
	transaction = regexp.MustCompile(`(?i)^\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|START\s+TRANSACTION)` +
		`(\s+(IMMEDIATE|EXCLUSIVE|DEFERRED|TRANSACTION|WORK|TO|SAVEPOINT)\b[^.]*)?\s*;?\s*$`)
	putOff   = regexp.MustCompile(`(?i)\bOR\s+ROLLBACK\b|RAISE\s*\(\s*ROLLBACK|\bDEFERRABLE\b|\bINITIALLY\s+DEFERRED\b|SET\s+CONSTRAINTS`)
	inScript = regexp.MustCompile(`(?i);\s*(COMMIT|ROLLBACK)\b|\bBEGIN\s*(TRANSACTION|IMMEDIATE|EXCLUSIVE|WORK)?\s*;`)
)

// transactions that another package may begin, with the reason.
var otherTransactions = map[string]string{}

func wrongTransactions(files []sourceFile) []string {
	var wrong []string
	for _, f := range files {
		if f.test || !notWhere(f, func(p string) bool { return p == "internal/base/db" || otherTransactions[p] != "" }) {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok {
				return true
			}
			if s := withoutComments(literal(lit)); transaction.MatchString(s) || putOff.MatchString(s) || inScript.MatchString(s) {
				wrong = append(wrong, fmt.Sprintf("%s: %s: a transaction is base/db's", f.at(lit.Pos()), lit.Value))
			}
			return true
		})
	}
	return wrong
}

func wrongMigrationTransactions(fsys fs.FS) ([]string, error) {
	names, err := fs.Glob(fsys, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var wrong []string
	for _, name := range names {
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		if m := putOff.FindString(withoutComments(string(b))) + inScript.FindString(withoutComments(string(b))); m != "" {
			wrong = append(wrong, fmt.Sprintf("%s: %q: a transaction is base/db's", name, m))
		}
	}
	return wrong, nil
}

func TestTimers(t *testing.T) { report(t, wrongTimers(ours(t))) }

func TestHumaStaysAtTheDoor(t *testing.T) { report(t, wrongHuma(ours(t))) }

func TestTransactionsAreTheDatabases(t *testing.T) {
	report(t, wrongTransactions(ours(t)))
	wrong, err := wrongMigrationTransactions(root())
	if err != nil {
		t.Fatal(err)
	}
	report(t, wrong)
}
