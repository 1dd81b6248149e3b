package db_test

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/id"
)

// A query reads the same whether something was kept back before it or not: the
// rows come by another way (pgRows).
func TestAQueryBehindKeptStatementsReadsTheSame(t *testing.T) {
	type row struct {
		ID      id.ID
		Nobody  *id.ID
		Box     []byte
		Text    string
		Empty   sql.NullString
		Flag    bool
		N       int64
		At      db.Time
		Average float64
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		uuid, bytea := "TEXT", "BLOB"
		if d.Postgres() {
			uuid, bytea = "UUID", "BYTEA"
		}
		want := row{ID: id.New(), Box: []byte{0, 1, 255}, Text: "法律 'x'", Flag: true, N: -1 << 40, At: db.At(time.UnixMilli(1_800_000_000_123)), Average: 0.5}
		read := func(tx *db.Tx) (got row, err error) {
			err = tx.Row("SELECT i, nobody, box, t, empty, flag, n, at, avg FROM kinds WHERE n < ?", 0).
				Scan(&got.ID, &got.Nobody, &got.Box, &got.Text, &got.Empty, &got.Flag, &got.N, &got.At, &got.Average)
			return got, err
		}
		same := func(a, b row) bool {
			return a.ID == b.ID && a.Nobody == nil && bytes.Equal(a.Box, b.Box) && a.Text == b.Text && !a.Empty.Valid && a.Flag == b.Flag && a.N == b.N && a.At == b.At && a.Average == b.Average
		}
		err := d.Do(ctx, test, func(tx *db.Tx) error {
			_, err := tx.Exec("CREATE TABLE kinds (i " + uuid + ", nobody " + uuid + ", box " + bytea + ", t TEXT, empty TEXT, flag BOOLEAN, n BIGINT, at BIGINT, avg DOUBLE PRECISION)")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = d.Do(ctx, test, func(tx *db.Tx) error {
			err := tx.Later(nil, "INSERT INTO kinds VALUES (?, NULL, ?, ?, NULL, ?, ?, ?, ?)", want.ID.String(), want.Box, want.Text, want.Flag, want.N, want.At, want.Average)
			if err != nil {
				return err
			}
			behind, err := read(tx)
			if err != nil {
				return err
			}
			again, err := read(tx)
			if err == nil && (!same(behind, want) || !same(again, want)) {
				err = fmt.Errorf("%+v and %+v, want %+v", behind, again, want)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// Rows behind kept statements: none, one, many; given up half way; an error that
// comes with a later row. What follows in the transaction isn't disturbed.
func TestRowsBehindKeptStatements(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		table(t, d)
		read := func(tx *db.Tx, query string, most int) (got []int, err error) {
			rows, err := tx.Rows(query)
			if err != nil {
				return nil, err
			}
			defer func() { err = errors.Join(err, rows.Close()) }()
			for len(got) < most && rows.Next() {
				var k int
				if err := rows.Scan(&k); err != nil {
					return nil, err
				}
				got = append(got, k)
			}
			return got, rows.Err()
		}
		for _, c := range []struct {
			query string
			most  int
			want  []int
		}{
			{"SELECT k FROM t WHERE k < 0", 9, nil},
			{"SELECT k FROM t WHERE k = 3", 9, []int{3}},
			{"SELECT k FROM t ORDER BY k", 9, []int{1, 2, 3, 4}},
			{"SELECT k FROM t ORDER BY k", 2, []int{1, 2}},
		} {
			err := d.Do(ctx, test, func(tx *db.Tx) error {
				for k := 1; k <= 4; k++ {
					if err := putLater(tx, k); err != nil {
						return err
					}
				}
				got, err := read(tx, c.query, c.most)
				if err != nil || !slices.Equal(got, c.want) {
					return fmt.Errorf("%s: %v, want %v; %w", c.query, got, c.want, err)
				}
				_, err = tx.Exec("DELETE FROM t")
				return err
			})
			if n := count(t, d); err != nil || n != 0 {
				t.Errorf("%d rows are left; %v", n, err)
			}
		}
		if !d.Postgres() {
			return
		}
		err := d.Do(ctx, test, func(tx *db.Tx) error {
			if err := putLater(tx, 1); err != nil {
				return err
			}
			_, err := read(tx, "SELECT 10 / (3 - g) FROM generate_series(1, 5) g", 9)
			if err == nil {
				t.Error("a division by zero in the third row was not told")
			}
			return nil // not listened to: the commit must not go through
		})
		if n := count(t, d); err == nil || n != 0 {
			t.Errorf("a dead transaction was committed: %d rows, %v", n, err)
		}
	})
}

func TestPadded(t *testing.T) {
	for n, want := range map[int]int{0: 0, 1: 1, 2: 2, 3: 4, 5: 8, 32: 32, 33: 64} {
		list := make([]int, n)
		for i := range list {
			list[i] = i
		}
		got := db.Padded(list)
		if len(got) != want || n > 0 && (!slices.Equal(got[:n], list) || got[len(got)-1] != n-1) || len(list) != n {
			t.Errorf("%d became %v", n, got)
		}
	}
}
