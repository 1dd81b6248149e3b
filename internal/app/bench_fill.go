package app

import (
	"bytes"
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Rows in bulk, past the house: what it is careful about (each commit on disk,
// each index up to date) is left out while a million orders are made, and made up for
// at the end. A power cut meanwhile costs a bench's database, which is thrown away.

// bulk writes rows into copiedTables.
type bulk interface {
	write(ctx context.Context, rows [][][]any) error // by table; values are string, []byte, int64 or nil
	finish(ctx context.Context) error                // indexes again, all on disk
	close() error
}

// openBulk takes the indexes of the copied tables away, and begins.
func openBulk(ctx context.Context, url string, columns [][]string) (bulk, error) {
	into := make([]string, len(copiedTables))
	for t, name := range copiedTables {
		into[t] = name + ` ("` + strings.Join(columns[t], `", "`) + `")`
	}
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		return openLite(ctx, path, into, columns)
	}
	return openPg(ctx, url, into)
}

// inList is the copied tables as SQL text.
func inList() string { return "('" + strings.Join(copiedTables, "', '") + "')" }

// liteBulk is bulk on SQLite: one connection that doesn't wait for the disk.
type liteBulk struct {
	pool    *sql.DB
	conn    *sql.Conn
	insert  []driver.Stmt // by table
	indexes []string      // statements that make them again
}

func openLite(ctx context.Context, path string, into []string, columns [][]string) (b *liteBulk, err error) {
	b = &liteBulk{}
	if b.pool, err = sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(60000)&_pragma=synchronous(OFF)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-1000000)&_pragma=wal_autocheckpoint(20000)&_txlock=immediate"); err != nil {
		return nil, err
	}
	if b.conn, err = b.pool.Conn(ctx); err != nil {
		return nil, errors.Join(err, b.pool.Close())
	}
	if err := b.prepare(ctx, into, columns); err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

// liteIndexes are those that are made again. Facts and sealed texts come in the order
// of their indexes: adding at an end costs SQLite less than sorting 14 million rows.
const liteIndexes = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name NOT IN ('journal_fact', 'seal_text') AND tbl_name IN "

func (b *liteBulk) prepare(ctx context.Context, into []string, columns [][]string) error {
	rows, err := b.conn.QueryContext(ctx, liteIndexes+inList())
	if err != nil {
		return err
	}
	var names []string
	for rows.Next() {
		var name, again string
		if err := rows.Scan(&name, &again); err != nil {
			return errors.Join(err, rows.Close())
		}
		names, b.indexes = append(names, name), append(b.indexes, again)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, n := range names {
		if _, err := b.conn.ExecContext(ctx, "DROP INDEX "+n); err != nil {
			return err
		}
	}
	return b.conn.Raw(func(c any) error {
		for t, table := range into {
			s, err := c.(driver.Conn).Prepare("INSERT INTO " + table + " VALUES (?" + strings.Repeat(", ?", len(columns[t])-1) + ")")
			if err != nil {
				return err
			}
			b.insert = append(b.insert, s)
		}
		return nil
	})
}

func (b *liteBulk) write(ctx context.Context, rows [][][]any) error {
	return b.conn.Raw(func(c any) error { // database/sql would look at each value again
		tx, err := c.(driver.ConnBeginTx).BeginTx(ctx, driver.TxOptions{})
		if err != nil {
			return err
		}
		if err := b.insertAll(ctx, rows); err != nil {
			return errors.Join(err, tx.Rollback())
		}
		return tx.Commit()
	})
}

func (b *liteBulk) insertAll(ctx context.Context, rows [][][]any) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var args []driver.NamedValue
	for t, list := range rows {
		s := b.insert[t].(driver.StmtExecContext)
		for _, r := range list {
			args = args[:0]
			for i, v := range r {
				args = append(args, driver.NamedValue{Ordinal: i + 1, Value: v})
			}
			// without ctx: it would be watched anew for each row
			if _, err := s.ExecContext(context.Background(), args); err != nil {
				return fmt.Errorf("write %s: %w", copiedTables[t], err)
			}
		}
	}
	return nil
}

func (b *liteBulk) finish(ctx context.Context) error {
	for _, q := range append(b.indexes, "PRAGMA synchronous = FULL", "PRAGMA wal_checkpoint(TRUNCATE)") {
		if _, err := b.conn.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("%s: %w", q, err)
		}
	}
	return nil
}

func (b *liteBulk) close() error {
	for _, s := range b.insert {
		s.Close() //nolint:errcheck // the connection goes next
	}
	return errors.Join(b.conn.Close(), b.pool.Close())
}

// pgBulk is bulk on PostgreSQL: its own bulk format, a transaction a batch.
type pgBulk struct {
	conn  *pgx.Conn
	into  []string // by table
	again []string // statements that make indexes and constraints
	text  bytes.Buffer
}

func openPg(ctx context.Context, url string, into []string) (b *pgBulk, err error) {
	b = &pgBulk{into: into}
	if b.conn, err = pgx.Connect(ctx, url); err != nil {
		return nil, err
	}
	if err := b.prepare(ctx); err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

// pgIndexes are statements that take an index or a constraint away, and that make it.
const pgIndexes = `
SELECT 'ALTER TABLE ' || conrelid::regclass || ' DROP CONSTRAINT ' || quote_ident(conname),
	'ALTER TABLE ' || conrelid::regclass || ' ADD CONSTRAINT ' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid)
FROM pg_constraint WHERE contype IN ('p', 'u') AND conrelid::regclass::text IN `

const pgIndexesToo = `
UNION ALL
SELECT 'DROP INDEX ' || i.indexrelid::regclass, pg_get_indexdef(i.indexrelid)
FROM pg_index i WHERE NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = i.indexrelid) AND i.indrelid::regclass::text IN `

func (b *pgBulk) prepare(ctx context.Context) error {
	rows, err := b.conn.Query(ctx, pgIndexes+inList()+pgIndexesToo+inList())
	if err != nil {
		return err
	}
	type index struct{ Drop, Again string }
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[index])
	if err != nil {
		return err
	}
	queries := []string{"SET synchronous_commit = off", "SET maintenance_work_mem = '1GB'"}
	for _, x := range list {
		queries, b.again = append(queries, x.Drop), append(b.again, x.Again)
	}
	return b.all(ctx, queries)
}

func (b *pgBulk) all(ctx context.Context, queries []string) error {
	for _, q := range queries {
		if _, err := b.conn.Exec(ctx, q); err != nil {
			return fmt.Errorf("%s: %w", q, err)
		}
	}
	return nil
}

func (b *pgBulk) write(ctx context.Context, rows [][][]any) error {
	tx, err := b.conn.Begin(ctx)
	if err != nil {
		return err
	}
	for t, list := range rows {
		if len(list) == 0 {
			continue
		}
		b.text.Reset()
		for _, r := range list {
			b.line(r)
		}
		if _, err := b.conn.PgConn().CopyFrom(ctx, &b.text, "COPY "+b.into[t]+" FROM STDIN"); err != nil {
			return errors.Join(fmt.Errorf("write %s: %w", copiedTables[t], err), tx.Rollback(context.WithoutCancel(ctx)))
		}
	}
	return tx.Commit(ctx)
}

var copyEscape = strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

// line writes a row in the text format of COPY.
func (b *pgBulk) line(row []any) {
	for i, v := range row {
		if i > 0 {
			b.text.WriteByte('\t')
		}
		switch v := v.(type) {
		case nil:
			b.text.WriteString(`\N`)
		case int64:
			b.text.Write(strconv.AppendInt(b.text.AvailableBuffer(), v, 10))
		case []byte:
			b.text.WriteString(`\\x`)
			b.text.Write(hex.AppendEncode(b.text.AvailableBuffer(), v))
		case string:
			copyEscape.WriteString(&b.text, v) //nolint:errcheck // a buffer takes all
		}
	}
	b.text.WriteByte('\n')
}

func (b *pgBulk) finish(ctx context.Context) error {
	return b.all(ctx, append(b.again, "CHECKPOINT"))
}

func (b *pgBulk) close() error { return b.conn.Close(context.Background()) }
