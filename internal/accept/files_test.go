//go:build accept

package accept

import (
	"bytes"
	"context"
	"database/sql"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/who"
)

// raw opens the database of a place beside the program.
func (p place) raw(t testing.TB) *sql.DB {
	t.Helper()
	driver, name := "sqlite", "file:"+filepath.Join(p.data, "mingfa.db")+"?_pragma=busy_timeout(10000)"
	if p.db != "" {
		driver, name = "pgx", p.db
	}
	c, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// wrappedKeys reads the key store: each key's parent and wrapped bytes.
func (p place) wrappedKeys(t testing.TB) (parent map[id.ID]id.ID, wrapped map[id.ID][]byte) {
	t.Helper()
	driver, name, table := "sqlite", "file:"+filepath.Join(p.data, "keys", "keys.db")+"?_pragma=busy_timeout(10000)", "key"
	if p.db != "" {
		driver, name, table = "pgx", p.db, "mingfa_keys.key"
	}
	c, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	rows, err := c.Query("SELECT id, parent, wrapped FROM " + table + " WHERE gone = 0")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	parent, wrapped = map[id.ID]id.ID{}, map[id.ID][]byte{}
	for rows.Next() {
		var k id.ID
		var up sql.Null[id.ID]
		var b []byte
		if err := rows.Scan(&k, &up, &b); err != nil {
			t.Fatal(err)
		}
		parent[k], wrapped[k] = up.V, bytes.Clone(b)
	}
	return parent, wrapped
}

// decrypted opens sealed texts with the key store of a place, as a program with
// all its files and its master key could: by text ID.
func (p place) decrypted(t testing.TB, under []id.ID) map[id.ID]seal.Text {
	t.Helper()
	ctx := context.Background()
	keys, err := seal.Open(ctx, seal.Config{Dir: filepath.Join(p.data, "keys"), PostgresURL: p.db})
	if err != nil {
		t.Fatal(err)
	}
	defer keys.Close()
	url := p.db
	if url == "" {
		url = "sqlite:" + filepath.Join(p.data, "mingfa.db")
	}
	d, err := db.Open(ctx, url, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	out := map[id.ID]seal.Text{}
	err = d.View(ctx, who.System("accept"), func(tx *db.Tx) error {
		for _, k := range under {
			texts, err := textsUnder(tx, k)
			if err != nil {
				return err
			}
			got, err := keys.Read(ctx, tx, texts...)
			if err != nil {
				return err
			}
			maps.Copy(out, got)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func textsUnder(tx *db.Tx, key id.ID) (out []id.ID, err error) {
	rows, err := tx.Rows("SELECT id FROM seal_text WHERE key = ?", key.String())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var i id.ID
		if err := rows.Scan(&i); err != nil {
			return nil, err
		}
		out = append(out, i)
	}
	return out, rows.Err()
}

// found searches every file of a place for bytes; the names of what is found.
func (p place) found(t testing.TB, needles map[string][]byte) map[string]string {
	t.Helper()
	out := map[string]string{}
	roots := []string{p.data, p.data + ".checkpoints"}
	if p.db != "" {
		roots = append(roots, dbtest.PostgresDir())
	}
	for _, root := range roots {
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err != nil || !e.Type().IsRegular() {
				return nil // files of a running PostgreSQL come and go
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return nil
			}
			for name, needle := range needles {
				if bytes.Contains(b, needle) {
					out[name] = path
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// spellings are the bytes in which a text may lie in a file.
func spellings(words []string) map[string][]byte {
	out := map[string][]byte{}
	for _, w := range words {
		out[w] = []byte(w)
		var le, be []byte
		for _, u := range utf16.Encode([]rune(w)) {
			le, be = append(le, byte(u), byte(u>>8)), append(be, byte(u>>8), byte(u))
		}
		out[w+" (UTF-16LE)"], out[w+" (UTF-16BE)"] = le, be
		if q := strconv.QuoteToASCII(w); q != `"`+w+`"` { // as JSON would escape it
			out[w+" (escaped)"] = []byte(strings.Trim(q, `"`))
		}
	}
	return out
}

// checkpoint has PostgreSQL write its pages into the files.
func (p place) checkpoint(t testing.TB) {
	t.Helper()
	if p.db == "" {
		return
	}
	c := p.raw(t)
	defer c.Close()
	if _, err := c.Exec("CHECKPOINT"); err != nil {
		t.Fatal(err)
	}
}
