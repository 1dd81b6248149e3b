package app_test

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// house is the plan, from the ground up. A storey has one wing or two; a wing
// lists its rooms in order. A room may use every storey below its own, and in
// its own wing the rooms to its left; never a storey above, never the other wing.
//
// A package below a room (base/db/dbtest) that is not listed stands right after
// its room. "." is the wing's own package.
var house = [][]wing{
	{{"base", "id who fault say db/fail db seal blob journal due text setting workday element paper sheet web attach live"}},
	{{"core", "access identity settings notify talk call document calendar"}},
	{{"public", "lawyer training consult complaint mediation quality opinion"}, {"firm", "matter room esign review approval attendance"}},
	{{"data", "ingest warehouse exchange report board alarm"}},
	{{"guard", "compliance privacy dlp backup"}},
	{{"edge", "sms mail clio leap court voice caldav"}},
	{{"play", "script recount ."}},
	{{"app", "wap conformity ."}},
	{{"accept", "."}},
}

type wing struct{ name, rooms string }

const (
	module   = "mingfa/"
	internal = module + "internal/"
)

// outside are the packages that stand beside internal/, and who may use them.
var outside = map[string][]string{
	"mingfa/migrations": {"base/db", "app"},
	"mingfa/web":        {"app"},
}

// strangers may use nothing of the house but what is listed, so that what they
// say about it is independent.
var strangers = map[string][]string{
	"play/recount": {}, // counts the figures again from the client's own log: no room, no shared mistake
}

// place is where a package stands.
type place struct {
	storey, wing int
	room, sub    int    // order in the wing; sub is 1 for a package below its room
	name         string // "base/db"
}

// stand finds the place of a package path below internal/.
func stand(pkg string) (place, bool) {
	top, rest, _ := strings.Cut(pkg, "/")
	for s, wings := range house {
		for w, wing := range wings {
			if wing.name != top {
				continue
			}
			rooms := strings.Fields(wing.rooms)
			if rest == "" {
				rest = "."
			}
			for at, sub := rest, 0; ; at, sub = path.Dir(at), 1 {
				if n := slices.Index(rooms, at); n >= 0 && !(at == "." && sub == 1) {
					return place{s, w, n, sub, path.Join(top, at)}, true
				}
				if at == "." {
					return place{}, false
				}
			}
		}
	}
	return place{}, false
}

// mayUse says why one package may not use another; "" is yes. A test may use
// any room of its own wing.
func mayUse(from, to place, test bool) string {
	switch {
	case from.storey < to.storey:
		return "looks up"
	case from.storey > to.storey:
		return ""
	case from.wing != to.wing:
		return "looks across"
	case test || from == to:
		return ""
	}
	if cmp.Or(cmp.Compare(from.room, to.room), cmp.Compare(from.sub, to.sub)) <= 0 {
		return "is out of order"
	}
	return ""
}

// sourceFile is a Go file of the house.
type sourceFile struct {
	path, pkg string // pkg is the directory, below the root
	test      bool
	set       *token.FileSet
	ast       *ast.File
}

func (f sourceFile) at(pos token.Pos) string {
	return f.path + ":" + strconv.Itoa(f.set.Position(pos).Line)
}

// sources parses every Go file, whatever its build tags.
func sources(fsys fs.FS) ([]sourceFile, error) {
	var all []sourceFile
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if n := d.Name(); n == "testdata" || n == "node_modules" || len(n) > 1 && strings.HasPrefix(n, ".") {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(p) != ".go" {
			return nil
		}
		b, err := fs.ReadFile(fsys, p)
		if err != nil {
			return err
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, p, b, parser.ParseComments)
		if err != nil {
			return err
		}
		all = append(all, sourceFile{p, path.Dir(p), strings.HasSuffix(p, "_test.go"), set, f})
		return nil
	})
	return all, err
}

// wrongImports lists what breaks the plan: packages without a place or a
// comment, and imports up, across and out of order.
func wrongImports(files []sourceFile) []string {
	var wrong []string
	homeless := map[string]bool{}
	for _, f := range files {
		pkg, inside := strings.CutPrefix(f.pkg, "internal/")
		from, ok := stand(pkg)
		if inside && !ok && !homeless[pkg] {
			homeless[pkg] = true
			wrong = append(wrong, fmt.Sprintf("%s stands nowhere in the house", f.pkg))
		}
		for _, spec := range f.ast.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			if why := wrongImport(f, from, pkg, inside && ok, imported); why != "" {
				wrong = append(wrong, fmt.Sprintf("%s: %s may not import %s: %s", f.at(spec.Pos()), f.pkg, imported, why))
			}
		}
	}
	return append(wrong, withoutComment(files)...)
}

func wrongImport(f sourceFile, from place, pkg string, inside bool, imported string) string {
	if !strings.HasPrefix(imported, module) {
		return ""
	}
	if users, ok := outside[imported]; ok {
		if f.test || imported == module+f.pkg || slices.ContainsFunc(users, func(u string) bool { return pkg == u || from.name == u }) {
			return ""
		}
		return fmt.Sprintf("only for %v", users)
	}
	if strings.HasPrefix(f.pkg, "cmd/") && imported != internal+"app" {
		return "a command only calls app"
	}
	target, ok := strings.CutPrefix(imported, internal)
	to, known := stand(target)
	if !ok || !known {
		return "it stands nowhere in the house"
	}
	if list, strange := strangers[pkg]; strange && !slices.Contains(list, target) && target != pkg {
		return "a stranger to the house by purpose"
	}
	if !inside {
		return ""
	}
	return mayUse(from, to, f.test)
}

// withoutComment lists packages without a package comment. A package of tests
// only has it in a test file.
func withoutComment(files []sourceFile) []string {
	said, has := map[string]bool{}, map[string]bool{}
	for _, f := range files {
		has[f.pkg] = has[f.pkg] || !f.test
	}
	for _, f := range files {
		if f.test == !has[f.pkg] && f.ast.Doc != nil && strings.TrimSpace(f.ast.Doc.Text()) != "" {
			said[f.pkg] = true
		}
	}
	var wrong []string
	for pkg := range has {
		if !said[pkg] {
			wrong = append(wrong, pkg+" has no package comment")
		}
	}
	slices.Sort(wrong)
	return wrong
}

// root is the project.
func root() fs.FS { return os.DirFS("../..") }

// ours parses the house as it is on disk.
func ours(t *testing.T) []sourceFile {
	t.Helper()
	files, err := sources(root())
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 20 {
		t.Fatalf("only %d files found: is this the project?", len(files))
	}
	return files
}

func report(t *testing.T, wrong []string) {
	t.Helper()
	for _, w := range wrong {
		t.Error(w)
	}
}

func TestStoreys(t *testing.T) { report(t, wrongImports(ours(t))) }

// A command is one call.
func TestCommandsAreShort(t *testing.T) {
	mains, err := fs.Glob(root(), "cmd/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range mains {
		b, err := fs.ReadFile(root(), m)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(b), "\n"); n > 20 {
			t.Errorf("%s has %d lines, at most 20", m, n)
		}
	}
}
