package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/uptrace/bun"
)

// pipe is a transaction on PostgreSQL. Statements whose result nobody
// waits for (Later) are kept back and sent together with what comes next, at
// the latest with COMMIT: a round trip less for each. Their order stays.
type pipe struct {
	conn  *sql.Conn
	dc    *pgConn // below conn
	begin string
	begun bool
	sent  int // how often something was sent
	queue []later
}

// later is a statement that has not been sent. explain turns its error into
// what the caller of Later would have said.
type later struct {
	query   string
	args    []any
	one     bool // it must change one row: assertOne makes anything else fail
	rows    int  // so many rows for one table; 0 where it can't take more (LaterRow)
	explain func(error) error
}

// ErrNotOne says that a statement that must change one row changed none, or more.
var ErrNotOne = errors.New("not one row was changed")

func (p *pipe) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := p.flush(ctx, false); err != nil {
		return nil, err
	}
	return p.conn.ExecContext(ctx, query, args...)
}

func (p *pipe) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	p.dc.ahead = p.take()
	return p.conn.QueryContext(ctx, query, args...)
}

func (p *pipe) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	p.dc.ahead = p.take()
	return p.conn.QueryRowContext(ctx, query, args...)
}

// newPipe is a transaction on a connection; the statement that begins it goes
// with the first one.
func newPipe(c *sql.Conn, begin string) (*pipe, error) {
	p := &pipe{conn: c, begin: begin}
	return p, c.Raw(func(dc any) error {
		p.dc = dc.(*pgConn)
		p.dc.ahead, p.dc.failed = nil, nil
		return nil
	})
}

// errNotCommitted says that PostgreSQL ended a transaction otherwise than asked.
var errNotCommitted = errors.New("the transaction was not committed")

// take is what must be sent before anything else, BEGIN first.
func (p *pipe) take() []later {
	var all []later
	if !p.begun {
		all = append(all, later{query: p.begin})
	}
	for _, l := range p.queue {
		all = l.statements(all)
	}
	if len(all) > 0 {
		p.begun, p.queue, p.sent = true, nil, p.sent+1
	}
	return all
}

// flush sends what was kept back and, to end the transaction, COMMIT behind it.
func (p *pipe) flush(ctx context.Context, commit bool) error {
	if p.dc.failed != nil {
		return p.dc.failed // told already, but perhaps not listened to
	}
	if len(p.queue) == 0 && (p.begun != commit) {
		return nil // nothing to do, or nothing was done
	}
	all := p.take()
	if commit {
		all, p.sent = append(all, later{query: "COMMIT"}), p.sent+1
	}
	c := p.dc.Conn.Conn()
	if len(all) == 1 {
		tag, err := c.Exec(ctx, all[0].query, all[0].args...)
		return all[0].result(tag, err)
	}
	var b pgx.Batch
	for _, l := range all {
		b.Queue(l.query, l.args...)
	}
	res := c.SendBatch(ctx, &b)
	if err := results(res, all); err != nil {
		return err
	}
	return res.Close()
}

// results reads what became of statements that were sent together.
func results(res pgx.BatchResults, sent []later) error {
	for _, l := range sent {
		tag, err := res.Exec()
		if err := l.result(tag, err); err != nil {
			res.Close() //nolint:errcheck // it is the same error
			return err
		}
	}
	return nil
}

// result is what became of a statement, in the words of who kept it back.
func (l later) result(tag pgconn.CommandTag, err error) error {
	switch {
	case err == nil && l.query == "COMMIT" && tag.String() != "COMMIT":
		return errNotCommitted
	case l.one && zeroDivision(err):
		err = errors.Join(ErrNotOne, err)
	}
	return l.told(err)
}

// assertOne lets the database itself refuse a change of another number of rows
// than one: the COMMIT behind it has been sent already.
func assertOne(query string) string {
	return "WITH changed AS (" + query + " RETURNING 1) SELECT 1 / (count(*) = 1)::int FROM changed"
}

func zeroDivision(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.Code == "22012"
}

// told is err as the caller of Later wants it told.
func (l later) told(err error) error {
	if err != nil && l.explain != nil && !again(err) {
		return l.explain(err)
	}
	return err
}

// part runs fn behind a savepoint, which goes with fn's first statement.
func (p *pipe) part(ctx context.Context, fn func() error) (err error) {
	if len(p.queue) > 0 {
		if err := p.flush(ctx, false); err != nil {
			return err
		}
	}
	p.queue = append(p.queue, later{query: "SAVEPOINT part"})
	sent := p.sent
	if err = caught(fn); err == nil {
		p.queue = append(p.queue, later{query: "RELEASE SAVEPOINT part"})
		err = p.flush(ctx, false)
	}
	if err == nil {
		return nil
	}
	p.queue, p.dc.failed = nil, nil
	if p.sent == sent { // not even the savepoint
		return err
	}
	p.queue = append(p.queue, later{query: "ROLLBACK TO SAVEPOINT part"}) // alone: nothing else is taken before it
	if e := p.flush(ctx, false); e != nil {
		return fmt.Errorf("%w (and rolling back: %w)", err, e)
	}
	p.queue = append(p.queue, later{query: "RELEASE SAVEPOINT part"})
	return err
}

// caught runs fn and makes a panic an error.
func caught(fn func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return fn()
}

// rollback ends a transaction that failed. If even that fails the connection is
// thrown away, which ends it too.
func (p *pipe) rollback(ctx context.Context) {
	p.conn.Raw(func(any) error { //nolint:errcheck // what failed was told already
		c := p.dc.Conn.Conn()
		if c.PgConn().TxStatus() == 'I' {
			return nil
		}
		if _, err := c.Exec(ctx, "ROLLBACK"); err != nil {
			return driver.ErrBadConn
		}
		return nil
	})
}

// Later runs a statement whose result nobody waits for. On PostgreSQL it is sent
// with the next statement or with the commit, so its error may come from there;
// explain turns that into what the caller wants to say (nil: as it is).
func (tx *Tx) Later(explain func(error) error, query string, args ...any) error {
	return tx.later(later{query: query, args: args, explain: explain})
}

// LaterOne is Later for a statement that must change one row: explain gets
// ErrNotOne when it did not.
func (tx *Tx) LaterOne(explain func(error) error, query string, args ...any) error {
	return tx.later(later{query: query, args: args, one: true, explain: explain})
}

// InsertLater is Later for a new row of bun's.
func (tx *Tx) InsertLater(explain func(error) error, model any) error {
	return tx.insert(later{explain: explain}, model)
}

func (tx *Tx) insert(how later, model any) error {
	_, err := tx.idb.NewInsert().Conn(keeper{binder{tx}, how}).Model(model).Returning("NULL").Exec(tx.ctx)
	return err
}

// UpdateLater is LaterOne for an UPDATE of bun's.
func (tx *Tx) UpdateLater(explain func(error) error, q *bun.UpdateQuery) error {
	_, err := q.Conn(keeper{binder{tx}, later{one: true, explain: explain}}).Exec(tx.ctx)
	return err
}

// later keeps a statement back, or runs it where nothing is won by waiting.
func (tx *Tx) later(l later) error {
	if tx.pipe == nil {
		res, err := tx.Exec(l.query, l.args...)
		return l.told(oneOf(l.one, res, err))
	}
	for i, a := range l.args {
		if v, ok := a.(driver.Valuer); ok {
			plain, err := v.Value()
			if err != nil {
				return err
			}
			l.args[i] = plain
		}
	}
	switch {
	case l.one:
		l.query = assertOne(bind(l.query))
	case l.rows == 0 || !takesRows(l.query):
		l.query, l.rows = bind(l.query), 0
	}
	tx.pipe.keep(l)
	return nil
}

func oneOf(one bool, res sql.Result, err error) error {
	if err != nil || !one {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return errors.Join(ErrNotOne, err)
	}
	return nil
}

// keeper is the connection of a statement of bun's that is kept back. One whose
// values can't be bound is run at once.
type keeper struct {
	binder
	how later
}

func (k keeper) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	l := k.how
	var ok bool
	if l.query, l.args, ok = k.tx.unbind(query, args); ok {
		return driver.RowsAffected(1), k.tx.later(l)
	}
	k.tx.wrote = true
	res, err := k.tx.raw.ExecContext(ctx, query, args...)
	return res, l.told(oneOf(l.one, res, err))
}
