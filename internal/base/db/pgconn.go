package db

import (
	"context"
	"database/sql/driver"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
)

// pgConnector makes the connections of the pool, each a pgConn.
type pgConnector struct{ driver.Connector }

func (c pgConnector) Connect(ctx context.Context) (driver.Conn, error) {
	dc, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &pgConn{Conn: dc.(*stdlib.Conn)}, nil
}

// pgConn is pgx's connection for database/sql, with one thing more: statements
// that were kept back (ahead) are sent together with the next query, in one
// round trip. A pipe sets them; it has the connection to itself meanwhile.
type pgConn struct {
	*stdlib.Conn
	ahead  []later
	failed error // of ahead: the transaction is dead, whatever becomes of the query's own error
}

// QueryContext runs what was kept back and then the query.
func (c *pgConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	ahead := c.ahead
	if c.ahead = nil; len(ahead) == 0 {
		return c.Conn.QueryContext(ctx, query, args)
	}
	var b pgx.Batch
	for _, l := range ahead {
		b.Queue(l.query, l.args...)
	}
	values := make([]any, len(args))
	for i, a := range args {
		values[i] = a.Value
	}
	b.Queue(query, values...)
	res := c.Conn.Conn().SendBatch(ctx, &b)
	if c.failed = results(res, ahead); c.failed != nil {
		return nil, c.failed
	}
	rows, err := res.Query()
	if err == nil {
		r := &pgRows{rows: rows, res: res, types: c.Conn.Conn().TypeMap()}
		if r.more, err = rows.Next(), rows.Err(); err == nil { // an error belongs to the query, not to a later Next
			return r, nil
		}
		rows.Close()
	}
	res.Close() //nolint:errcheck // it is the same error
	return nil, err
}

// pgRows gives the rows of the last query of a batch to database/sql.
type pgRows struct {
	rows  pgx.Rows
	res   pgx.BatchResults
	types *pgtype.Map
	more  bool // a row has been fetched and not been given
}

func (r *pgRows) Columns() []string {
	fields := r.rows.FieldDescriptions()
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	return names
}

func (r *pgRows) Close() error {
	r.rows.Close()
	if err := r.rows.Err(); err != nil {
		r.res.Close() //nolint:errcheck // it is the same error
		return err
	}
	return r.res.Close()
}

func (r *pgRows) Next(dest []driver.Value) error {
	if !r.more && !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return io.EOF
	}
	r.more = false
	for i, f := range r.rows.FieldDescriptions() {
		t, ok := r.types.TypeForOID(f.DataTypeOID)
		if !ok {
			return fmt.Errorf("column %s has a type that pgx doesn't know (%d)", f.Name, f.DataTypeOID)
		}
		v, err := t.Codec.DecodeDatabaseSQLValue(r.types, f.DataTypeOID, f.Format, r.rows.RawValues()[i])
		if err != nil {
			return fmt.Errorf("column %s: %w", f.Name, err)
		}
		dest[i] = v
	}
	return nil
}
