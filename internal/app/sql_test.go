package app_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"io/fs"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A room names its own tables (consult_order) and others only as read views
// (identity_person_v). These are the exceptions: "room table" with the reason.
var otherTables = map[string]string{}

// rooms are all names that a table's prefix can have.
func rooms() []string {
	var names []string
	for _, wings := range house {
		for _, w := range wings {
			for _, r := range strings.Fields(w.rooms) {
				if r == "." {
					r = w.name
				}
				names = append(names, path.Base(r))
			}
		}
	}
	return names
}

// prefixOf tells whose a table is: "consult" for consult_order. "" is nobody's:
// a column, a word, a table of the database itself.
func prefixOf(table string) string {
	room, rest, ok := strings.Cut(table, "_")
	if ok && rest != "" && slices.Contains(rooms(), room) {
		return room
	}
	return ""
}

var sqlWords = regexp.MustCompile(`"[^"]*"|'(?:[^']|'')*'|[A-Za-z_][A-Za-z0-9_]*|[(),.;]`)

// tables lists the tables that a piece of SQL names: after FROM, JOIN, INTO,
// UPDATE, TABLE, VIEW, REFERENCES and a trigger's or index's ON, and further
// ones after a comma of a FROM list. What it can't know is SQL put together
// from pieces that cut a name; nobody does that here.
func tables(sql string) []string {
	var found []string
	words := sqlWords.FindAllString(withoutComments(sql), -1)
	list := []bool{false} // for each open bracket: are we in a FROM list?
	want, created := false, false
	for _, word := range words {
		upper := strings.ToUpper(word)
		switch upper {
		case "(":
			list = append(list, false)
			want = false
			continue
		case ")":
			list = list[:max(len(list)-1, 1)]
			continue
		case ",":
			want = list[len(list)-1]
			continue
		case ".", ";":
			continue
		case "FROM":
			want, list[len(list)-1] = true, true
			continue
		case "JOIN", "INTO", "TABLE", "VIEW", "REFERENCES", "TRUNCATE":
			want = true
			continue
		case "UPDATE", "DELETE", "INSERT": // of a statement, or of a trigger: CREATE TRIGGER x BEFORE UPDATE ON t
			want = upper == "UPDATE"
			continue
		case "TRIGGER", "INDEX":
			created = true
			continue
		case "ON":
			want, created = created, false
			continue
		case "IF", "NOT", "EXISTS", "ONLY", "AS", "OF", "LATERAL":
			continue
		case "WHERE", "GROUP", "ORDER", "HAVING", "SET", "VALUES", "SELECT", "LIMIT", "UNION", "RETURNING", "WINDOW":
			list[len(list)-1] = false
		}
		if want && word[0] != '\'' {
			found = append(found, strings.ToLower(strings.Trim(word, `"`)))
		}
		want = false
	}
	return found
}

var sqlComment = regexp.MustCompile(`--[^\n]*|/\*(?s:.*?)\*/`)

func withoutComments(sql string) string { return sqlComment.ReplaceAllString(sql, " ") }

// foreign says why a room may not name a table; "" is yes.
func foreign(room, table string) string {
	owner := prefixOf(table)
	if owner == "" || owner == room || strings.HasSuffix(table, "_v") || otherTables[room+" "+table] != "" {
		return ""
	}
	return fmt.Sprintf("%s names %s, a table of %s: use its read view %s_v", room, table, owner, table)
}

// roomOf is the room of a file, for its tables: the last element of its place.
func roomOf(f sourceFile) (string, bool) {
	pkg, ok := strings.CutPrefix(f.pkg, "internal/")
	at, known := stand(pkg)
	return path.Base(at.name), ok && known
}

// wrongTables lists where Go code names another room's table: in SQL, in bun's
// struct tags, and in bun's calls that take a table. Tests may look anywhere.
func wrongTables(files []sourceFile) []string {
	var wrong []string
	for _, f := range files {
		room, ok := roomOf(f)
		if !ok || f.test {
			continue
		}
		say := func(pos token.Pos, names []string) {
			for _, name := range names {
				if why := foreign(room, name); why != "" {
					wrong = append(wrong, f.at(pos)+": "+why)
				}
			}
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ImportSpec:
				return false
			case *ast.BasicLit:
				say(n.Pos(), tables(literal(n)))
			case *ast.Field:
				if n.Tag != nil {
					say(n.Pos(), tagTables(literal(n.Tag)))
				}
			case *ast.CallExpr:
				say(n.Pos(), callTables(n))
			}
			return true
		})
	}
	return wrong
}

func literal(n *ast.BasicLit) string {
	if n.Kind != token.STRING {
		return ""
	}
	s, _ := strconv.Unquote(n.Value)
	return s
}

// tagTables are the tables of `bun:"table:consult_order,alias:o"`.
func tagTables(tag string) []string {
	var found []string
	for part := range strings.SplitSeq(reflect.StructTag(tag).Get("bun"), ",") {
		for _, key := range []string{"table:", "select:", "m2m:"} {
			if name, ok := strings.CutPrefix(part, key); ok {
				found = append(found, strings.Fields(name)...)
			}
		}
	}
	return found
}

// tableCalls are bun's functions whose first string begins with a table.
var tableCalls = []string{"Table", "TableExpr", "ModelTableExpr", "Ident", "Safe"}

func callTables(call *ast.CallExpr) []string {
	name := ""
	switch fn := call.Fun.(type) {
	case *ast.SelectorExpr:
		name = fn.Sel.Name
	case *ast.Ident:
		name = fn.Name
	}
	if !slices.Contains(tableCalls, name) {
		return nil
	}
	var found []string
	for _, arg := range call.Args {
		if lit, ok := arg.(*ast.BasicLit); ok {
			found = append(found, tables("FROM "+literal(lit))...)
		}
	}
	return found
}

var migrationName = regexp.MustCompile(`^[0-9]{4,14}_([a-z]+)(_[a-z_]+)?(\.sqlite|\.postgres)?\.sql$`)

// wrongMigrations lists migrations whose name tells no room, that touch another
// room's table, make something without the room's prefix, or lack their twin.
func wrongMigrations(fsys fs.FS) ([]string, error) {
	names, err := fs.Glob(fsys, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var wrong []string
	for _, name := range names {
		m := migrationName.FindStringSubmatch(path.Base(name))
		if m == nil || !slices.Contains(rooms(), m[1]) {
			wrong = append(wrong, name+": its name tells no room")
			continue
		}
		if twin := twinOf(name); twin != "" && !slices.Contains(names, twin) {
			wrong = append(wrong, name+": "+twin+" is missing")
		}
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		for _, table := range tables(string(b)) {
			if why := foreign(m[1], table); why != "" {
				wrong = append(wrong, name+": "+why)
			}
		}
		for _, made := range makes.FindAllStringSubmatch(withoutComments(string(b)), -1) {
			if prefixOf(made[1]) != m[1] {
				wrong = append(wrong, fmt.Sprintf("%s: %s doesn't begin with %s_", name, made[1], m[1]))
			}
		}
	}
	return wrong, nil
}

var makes = regexp.MustCompile(`(?i)CREATE\s+(?:OR\s+REPLACE\s+)?(?:UNIQUE\s+|TEMP\s+|VIRTUAL\s+)?` +
	`(?:TABLE|VIEW|INDEX|TRIGGER|FUNCTION)\s+(?:IF\s+NOT\s+EXISTS\s+)?"?([A-Za-z_0-9]+)`)

func twinOf(name string) string {
	if base, ok := strings.CutSuffix(name, ".sqlite.sql"); ok {
		return base + ".postgres.sql"
	}
	if base, ok := strings.CutSuffix(name, ".postgres.sql"); ok {
		return base + ".sqlite.sql"
	}
	return ""
}

func TestTables(t *testing.T) { report(t, wrongTables(ours(t))) }

func TestMigrations(t *testing.T) {
	wrong, err := wrongMigrations(root())
	if err != nil {
		t.Fatal(err)
	}
	report(t, wrong)
}
