package seal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"mingfa/internal/base/id"
)

// Destroy destroys keys and all below them. When it returns nil, no process
// that starts now can use them, this one neither, and their bytes are in no
// file of the store (on PostgreSQL: as far as the server lets us, see Caveats).
// A key that is destroyed already, or never was, is no error: Destroy may be
// called again after a crash, and finishes what was begun.
func (k *Keys) Destroy(ctx context.Context, keys ...id.ID) error {
	if len(keys) == 0 {
		return nil
	}
	var all []id.ID
	err := k.store.change(ctx, func(tx *sql.Tx) error {
		var err error
		all, err = k.store.descend(ctx, tx, keys)
		if err != nil {
			return err
		}
		return k.store.overwrite(ctx, tx, all)
	})
	k.ring.forget(all)
	if err != nil {
		return fmt.Errorf("destroy keys: %w", err)
	}
	clear := k.store.clear
	if k.store.postgres {
		clear = k.store.scrub
	}
	if err := clear(ctx); err != nil {
		return fmt.Errorf("clear the files of destroyed keys: %w", err)
	}
	return nil
}

// clear brings what stands in SQLite's log into keys.db, over the bytes that are to go,
// and cuts the log to nothing. Readers of this process wait; where another process reads
// for longer than the connection's patience (10 s) Destroy fails, and is called again.
func (s *store) clear(ctx context.Context) error {
	s.turn.Lock()
	defer s.turn.Unlock()
	var busy, frames, copied int
	err := s.write.QueryRowContext(context.WithoutCancel(ctx), "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &copied)
	if err == nil && busy != 0 {
		err = errors.New("another process is reading the keys")
	}
	return err
}

// descend finds the given keys and all below them, storey by storey. On
// PostgreSQL each is locked when found, so no key can come to stand below it.
func (s *store) descend(ctx context.Context, tx *sql.Tx, keys []id.ID) ([]id.ID, error) {
	var all []id.ID
	column, level := "id", slices.Clone(keys)
	for len(level) > 0 {
		var next []id.ID
		for part := range slices.Chunk(level, 400) {
			found, err := s.lockKeys(ctx, tx, column, part)
			if err != nil {
				return nil, err
			}
			next = append(next, found...)
		}
		all = append(all, next...)
		column, level = "parent", next
	}
	return all, nil
}

func (s *store) lockKeys(ctx context.Context, tx *sql.Tx, column string, ids []id.ID) ([]id.ID, error) {
	args := make([]any, len(ids))
	for i, k := range ids {
		args[i] = k.String()
	}
	q := "SELECT id FROM key WHERE " + column + " IN " + marks(len(ids)) + " ORDER BY id"
	if s.postgres {
		q += " FOR UPDATE"
	}
	rows, err := tx.QueryContext(ctx, s.bind(q), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var found []id.ID
	for rows.Next() {
		var k id.ID
		if err := rows.Scan(&k); err != nil {
			return nil, err
		}
		found = append(found, k)
	}
	return found, rows.Err()
}

// overwrite turns rows into gravestones. The zeros have the length of what
// stood there, so SQLite writes them in its place.
func (s *store) overwrite(ctx context.Context, tx *sql.Tx, ids []id.ID) error {
	now := time.Now().UnixMilli()
	zeros := make([]byte, len(encrypt(newAEAD(make([]byte, keyLen)), make([]byte, keyLen), nil)))
	for part := range slices.Chunk(ids, 400) {
		args := []any{zeros, now}
		for _, k := range part {
			args = append(args, k.String())
		}
		if _, err := tx.ExecContext(ctx, s.bind("UPDATE key SET wrapped = ?, gone = ? WHERE gone = 0 AND id IN "+marks(len(part))), args...); err != nil {
			return err
		}
	}
	return nil
}

// settleFor is how long Destroy waits for transactions that began before it.
const settleFor = 20 * time.Second

// settle waits until no transaction can still see the rows as they stood before:
// VACUUM FULL keeps the old versions for those that can, such as a running
// pg_dump, and for those that write and hold no snapshot between two statements
// (backend_xid without backend_xmin). Where it takes too long Destroy fails, and is called again.
func (s *store) settle(ctx context.Context, c *sql.Conn) error {
	var now string
	if err := c.QueryRowContext(ctx, "SELECT pg_current_xact_id()::xid::text").Scan(&now); err != nil {
		return err
	}
	for end := time.Now().Add(settleFor); ; time.Sleep(10 * time.Millisecond) {
		var older int
		err := c.QueryRowContext(ctx, `SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid()
			AND (datname = current_database() OR datname IS NULL) AND greatest(age(backend_xmin), age(backend_xid)) > age($1::text::xid)`, now).Scan(&older)
		if err != nil || older == 0 {
			return err
		}
		if time.Now().After(end) {
			return errors.New("transactions that began before are still running")
		}
	}
}

// scrub takes the old versions of rows out of the table's file (VACUUM FULL)
// and the log of their writing out of the write-ahead log (a checkpoint beyond
// it; with wal_recycle=off the server then removes the segments). Where the
// server forbids a step, the rest is still done; Caveats tells.
func (s *store) scrub(ctx context.Context) error {
	c, err := s.write.Conn(context.WithoutCancel(ctx))
	if err != nil {
		return err
	}
	defer c.Close() //nolint:errcheck // back to the pool
	if err := s.settle(ctx, c); err != nil {
		return err
	}
	if err := anew(ctx, c); err != nil {
		return err
	}
	for range 2 { // the first checkpoint frees the table's old file, the second the segments before the first
		c.ExecContext(ctx, "SELECT pg_switch_wal()") //nolint:errcheck // needs a right we may lack: Caveats
		c.ExecContext(ctx, "CHECKPOINT")             //nolint:errcheck // needs a right we may lack: Caveats
	}
	return nil
}

// anew writes the table into a new file. To a role that may not, PostgreSQL only
// warns and leaves the old file: we look.
func anew(ctx context.Context, c *sql.Conn) error {
	const file = "SELECT pg_relation_filenode('mingfa_keys.key'::regclass)"
	var before, after int64
	if err := c.QueryRowContext(ctx, file).Scan(&before); err != nil {
		return err
	}
	if _, err := c.ExecContext(ctx, "VACUUM FULL mingfa_keys.key"); err != nil {
		return err
	}
	if err := c.QueryRowContext(ctx, file).Scan(&after); err != nil {
		return err
	}
	if after == before {
		return errors.New("the database role may not write the table of the keys anew: it must own it (mingfa migrate --grant)")
	}
	return nil
}

// Caveats tells, in English for the operator, where bytes of a destroyed key
// may outlive it. None on SQLite.
func (k *Keys) Caveats(ctx context.Context) ([]string, error) {
	if !k.store.postgres {
		return nil, nil
	}
	var super, stats, checkpoint, change bool
	var recycle, archive, statements string
	var slots int
	err := k.store.read.QueryRowContext(ctx, `SELECT rolsuper,
		pg_has_role(current_user, 'pg_read_all_stats', 'USAGE'),
		pg_has_role(current_user, 'pg_checkpoint', 'USAGE'),
		has_function_privilege('pg_switch_wal()', 'EXECUTE'),
		current_setting('wal_recycle'), current_setting('archive_mode'), current_setting('log_statement'),
		(SELECT count(*) FROM pg_replication_slots)
		FROM pg_roles WHERE rolname = current_user`).Scan(&super, &stats, &checkpoint, &change, &recycle, &archive, &statements, &slots)
	if err != nil {
		return nil, fmt.Errorf("ask what the server allows: %w", err)
	}
	var notes []string
	note := func(when bool, text string) {
		if when {
			notes = append(notes, text)
		}
	}
	note(!super && !stats, "the database role may not see what others read (grant pg_read_all_stats): a dump that runs while a key is destroyed may keep it")
	note(!super && !checkpoint, "the database role may not CHECKPOINT (grant pg_checkpoint): the write-ahead log keeps wrapped keys until the server's next checkpoints")
	note(!super && !change, "the database role may not call pg_switch_wal: the newest segment of the write-ahead log keeps wrapped keys until it is full")
	note(recycle != "off", "wal_recycle is on: old segments of the write-ahead log are kept under new names with their old bytes")
	note(archive != "off", "archive_mode is on: the archive keeps wrapped keys as long as its own retention says")
	note(slots > 0, "a replication slot holds back old segments of the write-ahead log")
	note(statements == "all" || statements == "mod", "log_statement writes the server's log with statement parameters, wrapped keys among them")
	return notes, nil
}
