package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	reqLine  = regexp.MustCompile(`(?m)^\s*(?://|\*)?\s*req:\s*(.+)$`)
	partName = regexp.MustCompile(`^([A-Z][A-Z0-9]*(?:\.[A-Za-z0-9]+)+)\b`)
	webName  = regexp.MustCompile("(?:test|it|describe|step|flow)\\(\\s*['\"`]([A-Z][A-Z0-9]*(?:\\.[A-Za-z0-9]+)+)\\b")
	webReq   = regexp.MustCompile(`(?m)(?://|\*)[^\n]*?\breq:\s*(.+)$`)
	series   = regexp.MustCompile(`^(.+)([a-z])-([a-z])$`)
)

// own is this program: its tests name IDs as examples.
const own = "internal/app/conformity"

// collect finds what the tests say they prove, sorted by file.
func collect(fsys fs.FS, ids []string) ([]proof, error) {
	var all []proof
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if n := d.Name(); n == "testdata" || n == "node_modules" || n == "dist" || p == "data" || p == own ||
				len(n) > 1 && strings.HasPrefix(n, ".") {
				return fs.SkipDir
			}
			return nil
		}
		var found []proof
		switch {
		case strings.HasSuffix(p, "_test.go"):
			found, err = fromGo(fsys, p, ids)
		case isWebTest(p):
			found, err = fromWeb(fsys, p)
		}
		all = append(all, found...)
		return err
	})
	slices.SortStableFunc(all, func(a, b proof) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.test, b.test), cmp.Compare(a.id, b.id))
	})
	return slices.Compact(all), err
}

func isWebTest(p string) bool {
	if !strings.HasPrefix(p, "web/") {
		return false
	}
	return strings.HasPrefix(p, "web/e2e/") && slices.Contains([]string{".mjs", ".js", ".ts"}, path.Ext(p)) ||
		strings.HasSuffix(p, ".test.ts") || strings.HasSuffix(p, ".test.tsx")
}

// split reads the IDs at the head of a req line, B7.T1a-f for six of them; what
// follows is prose.
func split(line string) []string {
	var ids []string
	for _, word := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(", ;\t\r()", r) }) {
		some := spelled(strings.TrimRight(word, ":."))
		if len(some) == 0 {
			break
		}
		ids = append(ids, some...)
	}
	return ids
}

// spelled are the IDs that a word stands for; none if it is no ID.
func spelled(word string) (ids []string) {
	if isID(word) {
		return []string{word}
	}
	m := series.FindStringSubmatch(word)
	if m == nil || !isID(m[1]+m[2]) {
		return nil
	}
	for c := m[2][0]; c <= m[3][0]; c++ {
		ids = append(ids, m[1]+string(c))
	}
	return ids
}

func fromWeb(fsys fs.FS, file string) ([]proof, error) {
	b, err := fs.ReadFile(fsys, file)
	if err != nil {
		return nil, err
	}
	var found []proof
	for _, m := range webReq.FindAllStringSubmatch(string(b), -1) {
		for _, id := range split(m[1]) {
			found = append(found, proof{id, file, ""})
		}
	}
	for _, m := range webName.FindAllStringSubmatch(string(b), -1) {
		found = append(found, proof{m[1], file, ""})
	}
	return found, nil
}

func fromGo(fsys fs.FS, file string, ids []string) ([]proof, error) {
	b, err := fs.ReadFile(fsys, file)
	if err != nil {
		return nil, err
	}
	f, err := parser.ParseFile(token.NewFileSet(), file, b, parser.ParseComments)
	if err != nil {
		return nil, fmt.Errorf("read the tests: %w", err)
	}
	var found []proof
	for _, group := range f.Comments {
		for _, m := range reqLine.FindAllStringSubmatch(group.Text(), -1) {
			for _, id := range split(m[1]) {
				found = append(found, proof{id, file, testAt(f, group)})
			}
		}
	}
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		for _, id := range ids {
			if named(fn.Name.Name, id) {
				found = append(found, proof{id, file, fn.Name.Name})
			}
		}
		found = append(found, parts(fn, file)...)
	}
	return found, nil
}

// testAt is the function that a comment stands in or above; "" is none.
func testAt(f *ast.File, group *ast.CommentGroup) string {
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if ok && (fn.Doc == group || fn.Pos() <= group.Pos() && group.Pos() < fn.End()) {
			return fn.Name.Name
		}
	}
	return ""
}

// named tells whether a test's name ends in, or has as words, the ID with
// underscores for its dots.
func named(test, id string) bool {
	return strings.Contains(id, ".") && strings.HasPrefix(test, "Test") &&
		strings.Contains(test+"_", "_"+strings.ReplaceAll(id, ".", "_")+"_")
}

// parts are the strings of a test that begin with an ID: names of t.Run or of a
// table's rows.
func parts(fn *ast.FuncDecl, file string) []proof {
	var found []proof
	if !strings.HasPrefix(fn.Name.Name, "Test") {
		return nil
	}
	ast.Inspect(fn, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			s, _ := strconv.Unquote(lit.Value)
			if m := partName.FindStringSubmatch(s); m != nil && isID(m[1]) {
				found = append(found, proof{m[1], file, fn.Name.Name})
			}
		}
		return true
	})
	return found
}

var catalogue = regexp.MustCompile(`^(A|B|BA|BB)[0-9]*(\.[0-9A-Za-z]+)+$|^[AB][0-9]+[a-z]$|^T[1-9][0-9]?$`)

// isID keeps other strings with dots ("README.md") out.
func isID(s string) bool { return catalogue.MatchString(s) }
