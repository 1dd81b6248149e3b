package app_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// The checks of this package are worth what they find. Each small tree below
// has one thing wrong, and the check must say which, or nothing wrong, and the
// check must be silent.

// tree is a small project: path -> imports, one a word; or, after "!", the body.
func tree(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, s := range files {
		if strings.HasSuffix(name, ".sql") {
			fsys[name] = &fstest.MapFile{Data: []byte(s)}
			continue
		}
		imports, body, _ := strings.Cut(s, "!")
		var b strings.Builder
		if !strings.Contains(imports, "nocomment") {
			b.WriteString("// Package p has a comment.\n")
		}
		b.WriteString("package p\n\n")
		for _, i := range strings.Fields(strings.ReplaceAll(imports, "nocomment", "")) {
			if strings.HasPrefix(i, "base/") || strings.Contains(i, "/") && !strings.Contains(i, ".") && !strings.HasPrefix(i, "mingfa/") {
				i = internal + i
			}
			b.WriteString("import \"" + i + "\"\n")
		}
		b.WriteString(body + "\n")
		fsys[name] = &fstest.MapFile{Data: []byte(b.String())}
	}
	return fsys
}

type proof struct {
	name  string
	files map[string]string
	want  string // a part of the one finding; "" is none
}

func prove(t *testing.T, check func([]sourceFile) []string, proofs []proof) {
	t.Helper()
	for _, p := range proofs {
		t.Run(p.name, func(t *testing.T) {
			files, err := sources(tree(p.files))
			if err != nil {
				t.Fatal(err)
			}
			found(t, check(files), p.want)
		})
	}
}

func found(t *testing.T, wrong []string, want string) {
	t.Helper()
	if want == "" && len(wrong) > 0 {
		t.Errorf("found %q in what is right", wrong)
	}
	if want != "" && (len(wrong) != 1 || !strings.Contains(wrong[0], want)) {
		t.Errorf("found %q, want one with %q", wrong, want)
	}
}

func TestImportChecksFind(t *testing.T) {
	consult, matter := "internal/public/consult/a.go", "internal/firm/matter/a.go"
	prove(t, wrongImports, []proof{
		{"down", map[string]string{consult: "core/identity base/db fmt github.com/x/y"}, ""},
		{"left", map[string]string{consult: "public/lawyer"}, ""},
		{"far down", map[string]string{"internal/app/a.go": "firm/matter public/consult base/id app/wap mingfa/web mingfa/migrations"}, ""},
		{"up", map[string]string{"internal/core/identity/a.go": "public/consult"}, "looks up"},
		{"up to app", map[string]string{consult: "mingfa/internal/app"}, "looks up"},
		{"up from data to guard", map[string]string{"internal/data/report/a.go": "guard/privacy"}, "looks up"},
		{"across", map[string]string{consult: "firm/matter"}, "looks across"},
		{"across the other way", map[string]string{matter: "public/lawyer"}, "looks across"},
		{"out of order", map[string]string{"internal/public/lawyer/a.go": "public/consult"}, "is out of order"},
		{"out of order in base", map[string]string{"internal/base/due/a.go": "base/workday"}, "is out of order"},
		{"itself from its test", map[string]string{consult: "", "internal/public/consult/a_test.go": "public/consult"}, ""},
		{"test out of order", map[string]string{"internal/base/due/a.go": "", "internal/base/due/a_test.go": "base/workday"}, ""},
		{"test up", map[string]string{"internal/base/due/a.go": "", "internal/base/due/a_test.go": "core/identity"}, "looks up"},
		{"test across", map[string]string{matter: "", "internal/firm/matter/a_test.go": "public/lawyer"}, "looks across"},
		{"below a room, to the room", map[string]string{"internal/base/db/dbtest/a.go": "base/db"}, ""},
		{"the room to below it", map[string]string{"internal/base/db/a.go": "base/db/dbtest"}, "is out of order"},
		{"below a room, past it", map[string]string{"internal/base/db/dbtest/a.go": "base/seal"}, "is out of order"},
		{"right of a room, below it", map[string]string{"internal/base/seal/a.go": "base/db/dbtest base/db/fail"}, ""},
		{"listed before its room", map[string]string{"internal/base/db/a.go": "base/db/fail"}, ""},
		{"nowhere", map[string]string{"internal/helpers/a.go": ""}, "stands nowhere"},
		{"nowhere in a wing", map[string]string{"internal/public/chat/a.go": ""}, "stands nowhere"},
		{"nowhere beside app", map[string]string{"internal/app/tools/a.go": ""}, "stands nowhere"},
		{"from nowhere", map[string]string{consult: "base/helpers"}, "stands nowhere"},
		{"no comment", map[string]string{consult: "nocomment"}, "no package comment"},
		{"a comment in one of two files", map[string]string{consult: "nocomment", "internal/public/consult/b.go": ""}, ""},
		{"a comment in the test only", map[string]string{consult: "nocomment", "internal/public/consult/b_test.go": ""}, "no package comment"},
		{"behind a build tag", map[string]string{"internal/base/id/a.go": "", "internal/base/id/b_windows.go": "core/access"}, "looks up"},
		{"a command past app", map[string]string{"cmd/mingfa/main.go": "base/db"}, "a command only calls app"},
		{"a command", map[string]string{"cmd/mingfa/main.go": "mingfa/internal/app"}, ""},
		{"the pages from a room", map[string]string{consult: "mingfa/web"}, "only for"},
		{"a stranger", map[string]string{"internal/play/recount/a.go": "base/id"}, "stranger"},
	})
}

func TestTableChecksFind(t *testing.T) {
	go1 := func(body string) map[string]string {
		return map[string]string{"internal/public/consult/store.go": "!" + body}
	}
	prove(t, wrongTables, []proof{
		{"own", go1("const q = `SELECT * FROM consult_order JOIN consult_message m ON m.id = o.id`"), ""},
		{"view", go1("const q = `SELECT * FROM consult_order o, identity_person_v p WHERE p.id = o.person`"), ""},
		{"select", go1("const q = `select id from identity_person`"), "identity_person_v"},
		{"quoted", go1("const q = `SELECT id FROM \"identity_person\"`"), "identity_person"},
		{"join", go1("const q = `SELECT * FROM consult_order o LEFT JOIN lawyer_duty d ON d.id = o.lawyer`"), "lawyer_duty"},
		{"comma", go1("const q = `SELECT * FROM consult_order AS o, lawyer_duty d`"), "lawyer_duty"},
		{"below", go1("const q = `SELECT * FROM consult_order WHERE lawyer IN (SELECT id FROM lawyer_duty)`"), "lawyer_duty"},
		{"after below", go1("const q = `SELECT * FROM (SELECT 1) x, lawyer_duty`"), "lawyer_duty"},
		{"insert", go1("const q = `INSERT INTO journal_fact (id) VALUES (?)`"), "journal_fact"},
		{"update", go1("const q = `UPDATE identity_person SET name = ?`"), "identity_person"},
		{"delete", go1("const q = `DELETE FROM due_row WHERE subject = ?`"), "due_row"},
		{"create", go1("const q = `CREATE TABLE IF NOT EXISTS lawyer_extra (id UUID)`"), "lawyer_extra"},
		{"foreign key", go1("const q = `CREATE TABLE consult_x (p UUID REFERENCES identity_person(id))`"), "identity_person"},
		{"model", go1("type row struct { bun string `bun:\"table:identity_person,alias:p\"` }"), "identity_person"},
		{"own model", go1("type row struct { bun string `bun:\"table:consult_order,alias:o\"` }"), ""},
		{"table call", go1("func f() { q.TableExpr(\"lawyer_duty AS d\") }"), "lawyer_duty"},
		{"model table call", go1("func f() { q.ModelTableExpr(\"lawyer_duty_v AS d\") }"), ""},
		{"ident", go1("func f() { q.Where(\"?\", bun.Ident(\"lawyer_duty\")) }"), "lawyer_duty"},
		{"columns are no tables", go1("const q = `SELECT lawyer_id, room_id FROM consult_order WHERE document_id = ? ORDER BY call_at`"), ""},
		{"column lists are no tables", go1("const q = `INSERT INTO consult_order (lawyer_id, room_id) VALUES (?, ?)`"), ""},
		{"prose is no SQL", go1("const q = `an order from a person, update due later`"), ""},
		{"comment", go1("const q = `SELECT 1 -- FROM identity_person`"), ""},
		{"test", map[string]string{"internal/public/consult/store_test.go": "!const q = `SELECT * FROM identity_person`"}, ""},
		{"app", map[string]string{"internal/app/a.go": "!const q = `SELECT * FROM consult_order`"}, "consult_order_v"},
		{"below its room", map[string]string{"internal/base/db/dbtest/a.go": "!const q = `SELECT * FROM journal_fact`"}, "journal_fact"},
	})
}

func TestMigrationChecksFind(t *testing.T) {
	for _, p := range []proof{
		{"own", map[string]string{"migrations/0021_consult.sql": "CREATE TABLE consult_order (id UUID); CREATE INDEX consult_order_at ON consult_order (at);" +
			" CREATE VIEW consult_order_v AS SELECT o.id FROM consult_order o JOIN identity_person_v p ON p.id = o.person;"}, ""},
		{"name", map[string]string{"migrations/consult.sql": ""}, "tells no room"},
		{"no such room", map[string]string{"migrations/0001_things.sql": ""}, "tells no room"},
		{"prefix", map[string]string{"migrations/0021_consult.sql": "CREATE TABLE orders (id UUID);"}, "doesn't begin with consult_"},
		{"index prefix", map[string]string{"migrations/0021_consult.sql": "CREATE UNIQUE INDEX by_id ON consult_order (id);"}, "by_id doesn't begin"},
		{"index elsewhere", map[string]string{"migrations/0021_consult.sql": "CREATE INDEX consult_x ON identity_person (id);"}, "identity_person"},
		{"trigger elsewhere", map[string]string{"migrations/0021_consult.sql": "CREATE TRIGGER consult_t BEFORE DELETE ON journal_fact BEGIN SELECT 1; END;"}, "journal_fact"},
		{"alter", map[string]string{"migrations/0021_consult.sql": "ALTER TABLE identity_person ADD COLUMN x TEXT;"}, "identity_person"},
		{"view on a table", map[string]string{"migrations/0021_consult.sql": "CREATE VIEW consult_v AS SELECT id FROM identity_person;"}, "identity_person"},
		{"twin", map[string]string{"migrations/0004_blob.sqlite.sql": "CREATE TABLE blob_x (b BLOB);"}, "0004_blob.postgres.sql is missing"},
	} {
		t.Run(p.name, func(t *testing.T) {
			wrong, err := wrongMigrations(tree(p.files))
			if err != nil {
				t.Fatal(err)
			}
			wrong = slices.Compact(wrong) // the same table twice in one file
			found(t, wrong, p.want)
		})
	}
}

func TestHabitChecksFind(t *testing.T) {
	at := func(file, body string) map[string]string { return map[string]string{file: body} }
	prove(t, wrongTimers, []proof{
		{"ticker", at("internal/core/notify/a.go", "time!var x = time.NewTicker(1)"), "time.NewTicker"},
		{"after", at("internal/app/a.go", "time!var x = time.AfterFunc(1, nil)"), "time.AfterFunc"},
		{"tick", at("internal/public/consult/a.go", "time!var x = time.Tick(1)"), "time.Tick"},
		{"another name", at("internal/app/a.go", "!import clock \"time\"\nvar x = clock.NewTicker(1)"), "time.NewTicker"},
		{"due", at("internal/base/due/a.go", "time!var x = time.NewTicker(1)"), ""},
		{"test", at("internal/app/a_test.go", "time!var x = time.NewTicker(1)"), ""},
		{"time itself", at("internal/app/a.go", "time!var x = time.Now()"), ""},
	})
	huma := "github.com/danielgtaylor/huma/v2"
	prove(t, wrongHuma, []proof{
		{"service", at("internal/public/consult/service.go", huma), "huma is for"},
		{"adapter", at("internal/public/consult/service.go", huma+"/adapters/humago"), "huma is for"},
		{"http.go", at("internal/public/consult/http.go", huma), ""},
		{"beside http.go", at("internal/public/consult/http_saved.go", huma), ""},
		{"named alike", at("internal/public/consult/httpsaved.go", huma), "huma is for"},
		{"door", at("internal/base/web/a.go", huma), ""},
		{"app", at("internal/app/a.go", huma), ""},
	})
	prove(t, wrongTransactions, []proof{
		{"begin", at("internal/core/notify/a.go", "!const q = `BEGIN IMMEDIATE`"), "a transaction is"},
		{"commit", at("internal/core/notify/a.go", "!const q = `commit;`"), "a transaction is"},
		{"savepoint", at("internal/core/notify/a.go", "!const q = `ROLLBACK TO s1`"), "a transaction is"},
		{"script", at("internal/core/notify/a.go", "!const q = `DELETE FROM notify_x; COMMIT`"), "a transaction is"},
		{"or rollback", at("internal/core/notify/a.go", "!const q = `INSERT OR ROLLBACK INTO notify_x VALUES (1)`"), "a transaction is"},
		{"deferred", at("internal/core/notify/a.go", "!const q = `REFERENCES notify_x DEFERRABLE INITIALLY DEFERRED`"), "a transaction is"},
		{"prose", at("internal/core/notify/a.go", "!const q = `Begin with the first question.`"), ""},
		{"db", at("internal/base/db/a.go", "!const q = `BEGIN IMMEDIATE`"), ""},
	})
	for sql, want := range map[string]string{
		"CREATE TABLE x (id UUID REFERENCES y DEFERRABLE)":                             "a transaction is",
		"BEGIN; CREATE TABLE x (id UUID); COMMIT;":                                     "a transaction is",
		"CREATE TRIGGER x BEFORE DELETE ON y BEGIN SELECT RAISE(ROLLBACK, 'no'); END;": "a transaction is",
		"CREATE TRIGGER x BEFORE DELETE ON y BEGIN SELECT RAISE(ABORT, 'no'); END;":    "",
	} {
		wrong, err := wrongMigrationTransactions(tree(map[string]string{"migrations/0001_x.sql": sql}))
		if err != nil {
			t.Fatal(err)
		}
		found(t, wrong, want)
	}
}
