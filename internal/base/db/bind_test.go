package db

import (
	"encoding/hex"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestUnbind(t *testing.T) {
	for _, tc := range []struct {
		in, out string // out "" : left as it stands
		values  []any
	}{
		{`SELECT "r"."id" FROM "t" AS "r" WHERE (id = 'a''b') AND (n >= -12) FOR UPDATE`, `SELECT "r"."id" FROM "t" AS "r" WHERE (id = ?) AND (n >= ?) FOR UPDATE`, []any{"a'b", int64(-12)}},
		{`UPDATE "t" AS "r" SET "a" = 'x', "n" = 17, "b" = NULL, "c" = TRUE WHERE ("r"."id" = 'y') AND (rev = 16)`,
			`UPDATE "t" AS "r" SET "a" = ?, "n" = ?, "b" = NULL, "c" = TRUE WHERE ("r"."id" = ?) AND (rev = ?)`, []any{"x", int64(17), "y", int64(16)}},
		{`INSERT INTO "t" ("a", "b") VALUES ('x', 1, X'0aff', DEFAULT), ('', -2, NULL, lower(a)) RETURNING "n"`,
			`INSERT INTO "t" ("a", "b") VALUES (?, ?, ?, DEFAULT), (?, ?, NULL, lower(a)) RETURNING "n"`, []any{"x", int64(1), []byte{10, 255}, "", int64(-2)}},
		{`INSERT INTO t (a) VALUES ('x') ON CONFLICT (a) DO UPDATE SET n = t.n + 1, m = 'z'`, `INSERT INTO t (a) VALUES (?) ON CONFLICT (a) DO UPDATE SET n = t.n + 1, m = ?`, []any{"x", "z"}},
		{`SELECT a FROM t WHERE state IN ('a', 'b') AND n IN (1, 2) ORDER BY 1, n LIMIT 20 OFFSET 7`, `SELECT a FROM t WHERE state IN (?, ?) AND n IN (?, ?) ORDER BY 1, n LIMIT 20 OFFSET 7`, []any{"a", "b", int64(1), int64(2)}},
		{`SELECT a FROM t WHERE a IN (SELECT b, 5, 6 FROM u WHERE c = '中文') AND x <> 'q'::text`, `SELECT a FROM t WHERE a IN (SELECT b, 5, 6 FROM u WHERE c = ?) AND x <> ?::text`, []any{"中文", "q"}},
		{`DELETE FROM t WHERE n > 9223372036854775807`, `DELETE FROM t WHERE n > ?`, []any{int64(1<<63 - 1)}},
		{`WITH a AS (SELECT 1) SELECT count(*) FROM a WHERE n = 5`, `WITH a AS (SELECT 1) SELECT count(*) FROM a WHERE n = ?`, []any{int64(5)}},
		{`SELECT CASE WHEN a = 5 THEN 1 ELSE 0 END FROM t`, `SELECT CASE WHEN a = ? THEN 1 ELSE 0 END FROM t`, []any{int64(5)}},
		// what it does not know is left alone
		{in: `SELECT a FROM t WHERE a LIKE '%x%'`},
		{in: `SELECT coalesce(a, '') FROM t`},
		{in: `SELECT a FROM t WHERE (a, b) > ('x', 5)`},
		{in: `SELECT a FROM t WHERE a = E'x'`},
		{in: `SELECT a FROM t WHERE a = 1.5`},
		{in: `SELECT a FROM t WHERE a = 1e5`},
		{in: `SELECT a FROM t WHERE a = 5::text`},
		{in: `SELECT a FROM t WHERE a = 007`},
		{in: `SELECT a FROM t WHERE a = 99999999999999999999`},
		{in: `SELECT a FROM t LIMIT 123456`},
		{in: `SELECT a FROM t WHERE a = $1`},
		{in: `SELECT a FROM t WHERE a = ?`},
		{in: `SELECT a FROM t WHERE a = :x`},
		{in: `SELECT a FROM t -- = 'x'`},
		{in: `SELECT a FROM t /* = 'x' */`},
		{in: `SELECT a FROM t WHERE a = 'x`},
		{in: `SELECT "a?" FROM t`},
		{in: `SELECT "a FROM t`},
		{in: `SELECT a FROM t)`},
		{in: `SELECT a FROM t; DELETE FROM t WHERE a = 'x'`},
		{in: `CREATE TABLE t (a TEXT DEFAULT 'x')`},
		{in: ``},
	} {
		u := unbinder{in: tc.in}
		ok := u.run()
		if tc.out == "" {
			if ok {
				t.Errorf("%s was read as %s %v", tc.in, u.out.String(), u.values)
			}
			continue
		}
		if !ok || u.out.String() != tc.out || !reflect.DeepEqual(u.values, tc.values) {
			t.Errorf("%s\ngave %v %s %v\nwant      %s %v", tc.in, ok, u.out.String(), u.values, tc.out, tc.values)
		}
	}
}

// Written back in, the values give the statement again.
func FuzzUnbind(f *testing.F) {
	f.Add(`SELECT "r"."id" FROM "t" AS "r" WHERE (id = 'a''b') AND (n >= -12) FOR UPDATE`)
	f.Add(`INSERT INTO "t" ("a") VALUES ('x', 1, X'0aff', DEFAULT), ('', -2, NULL, lower(a))`)
	f.Add(`UPDATE t SET a = 'x', n = 17 WHERE a IN ('b', 5)`)
	f.Fuzz(func(t *testing.T, in string) {
		u := unbinder{in: in}
		if !u.run() {
			return
		}
		parts := strings.Split(u.out.String(), "?")
		if len(parts) != len(u.values)+1 {
			t.Fatalf("%q gave %q with %d values", in, u.out.String(), len(u.values))
		}
		back := parts[0]
		for i, v := range u.values {
			switch v := v.(type) {
			case int64:
				back += fmt.Sprint(v)
			case string:
				back += "'" + strings.ReplaceAll(v, "'", "''") + "'"
			case []byte:
				back += "X'" + hex.EncodeToString(v) + "'"
			}
			back += parts[i+1]
		}
		if !strings.EqualFold(back, in) { // but for X'0A' and x'0a'
			t.Errorf("%q came back as %q", in, back)
		}
	})
}
