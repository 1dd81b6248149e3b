package journal

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/seal/sealtest"
)

// These tests are an attacker who may do anything to the database: he drops
// triggers and checks, changes rows, and repairs whatever he can repair without
// the key, and once with it. Each thing he does must be found, and the message
// must name the table or the fact. issue 2, acceptance 4.

// target is a journal with a row in each of its tables: facts under checkpoints
// and some not yet, sealed texts, a cursor, a parked fact.
func target(t *testing.T, d *db.DB) *house {
	t.Helper()
	h := build(t, d)
	h.keys = sealtest.New(t)
	key := sealtest.Key(t, h.keys, seal.Org, id.Nil)
	h.j.React("r", Start, nil, func(_ *db.Tx, f Fact) error {
		if f.Rev == 3 {
			return errors.New("not now")
		}
		return nil
	})
	some := names(4)
	for rev := int64(1); rev <= 12; rev++ {
		for i, s := range some {
			text, err := h.keys.Seal(ctx, h.org, key, fmt.Sprintf("第%d句 of %d", rev, i))
			if err != nil {
				t.Fatal(err)
			}
			h.do(func(tx *db.Tx) error {
				return Write(tx, Entry{Org: h.org, Root: some[0], Subject: s, Rev: rev, Event: said{int(rev), "lawyer"}, Sealed: map[string]seal.Sealed{"text": text}})
			})
		}
		if _, err := h.j.Sequence(ctx); err != nil {
			t.Fatal(err)
		}
		if rev%4 == 2 {
			h.checkpoint()
		}
	}
	if _, err := h.j.reactAll(ctx); err != nil {
		t.Fatal(err)
	}
	if r := h.proves(); r.Facts != 48 || r.Unsealed != 8 || r.Content[seal.OK] != 48 {
		t.Fatalf("before anything is changed: %+v", r)
	}
	return h
}

func eachTarget(t *testing.T, fn func(h *house)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(target(t, d)) })
}

func (h *house) exec(stmt string, args ...any) {
	h.Helper()
	h.do(func(tx *db.Tx) error {
		if _, err := tx.Exec(stmt, args...); err != nil {
			return fmt.Errorf("%s: %w", stmt, err)
		}
		return nil
	})
}

// strings1 reads a column of texts.
func (h *house) strings1(query string, args ...any) (out []string) {
	h.Helper()
	err := h.d.View(ctx, actor, func(tx *db.Tx) error {
		rows, err := tx.Rows(query, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				return err
			}
			out = append(out, s)
		}
		return rows.Err()
	})
	if err != nil {
		h.Fatal(err)
	}
	return out
}

// dropTriggers takes the guards of the tables away: triggers, checks and NOT
// NULLs as far as the database can.
func (h *house) dropTriggers() {
	h.Helper()
	if !h.d.Postgres() {
		for _, name := range h.strings1("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'journal_%'") {
			h.exec("DROP TRIGGER " + name)
		}
		h.exec("PRAGMA ignore_check_constraints = 1")
		return
	}
	for _, s := range h.strings1(`SELECT DISTINCT 'DROP TRIGGER ' || trigger_name || ' ON ' || event_object_table FROM information_schema.triggers WHERE event_object_table LIKE 'journal_%'
		UNION ALL SELECT 'DROP TRIGGER ' || tgname || ' ON ' || tgrelid::regclass FROM pg_trigger WHERE tgname LIKE 'journal_%truncate'
		UNION ALL SELECT 'ALTER TABLE ' || conrelid::regclass || ' DROP CONSTRAINT ' || conname FROM pg_constraint WHERE contype = 'c' AND conrelid::regclass::text LIKE 'journal_%'`) {
		h.exec(s)
	}
}

func (h *house) tables() []string {
	if h.d.Postgres() {
		return h.strings1("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name LIKE 'journal\\_%' ORDER BY 1")
	}
	return h.strings1("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'journal\\_%' ESCAPE '\\' ORDER BY 1")
}

func (h *house) columns(table string) []string {
	if h.d.Postgres() {
		return h.strings1("SELECT column_name FROM information_schema.columns WHERE table_name = ? ORDER BY ordinal_position", table)
	}
	return h.strings1("SELECT name FROM pragma_table_info(?) ORDER BY cid", table)
}

// mark gives each row of a table a number that stays, whatever is changed.
func (h *house) mark(table string) {
	h.Helper()
	if h.d.Postgres() {
		h.exec("ALTER TABLE " + table + " ADD COLUMN attacker BIGSERIAL")
		return
	}
	h.exec("ALTER TABLE " + table + " ADD COLUMN attacker BIGINT")
	h.exec("UPDATE " + table + " SET attacker = rowid")
}

// otherValues are what an attacker may write instead of a value.
func otherValues(v any) []any {
	switch v := v.(type) {
	case int64:
		return []any{v + 1, v - 1, v + 1_000_003, int64(0), -v, nil}
	case []byte:
		flip := func(i int) any { b := bytes.Clone(v); b[i] ^= 1; return b }
		return []any{flip(0), flip(len(v) / 2), flip(len(v) - 1), append(bytes.Clone(v), 0), append(bytes.Clone(v), '}'), v[:len(v)-1], v[1:], []byte{}, nil}
	case string:
		if _, err := id.Parse(v); err == nil {
			return []any{id.New().String(), id.Nil.String(), nil}
		}
		return []any{v + "x", v + "\n", v + " ", "x" + v, strings.ToUpper(v) + "!", v[:len(v)-1], "", nil}
	case nil:
		return []any{int64(0), int64(7)}
	}
	panic(fmt.Sprintf("a value of type %T", v))
}

// Every column of every table of the journal, as the database itself lists
// them, in the first, a middle and the last row, to each of several values.
func TestEveryColumnChanged(t *testing.T) {
	eachTarget(t, func(h *house) {
		h.dropTriggers()
		tables := h.tables()
		if len(tables) < 7 {
			h.Fatalf("only %v", tables)
		}
		changes := 0
		for _, table := range tables {
			columns := h.columns(table)
			h.mark(table)
			rows := h.strings1("SELECT CAST(attacker AS TEXT) FROM " + table + " ORDER BY attacker")
			if len(rows) == 0 {
				h.Fatalf("%s has no row", table)
			}
			for _, column := range columns {
				tried := 0
				for _, n := range slices.Compact([]int{0, len(rows) / 2, len(rows) - 1}) {
					tried += h.changeColumn(table, column, rows[n])
				}
				if tried == 0 {
					h.Errorf("%s.%s could not be changed at all", table, column)
				}
				changes += tried
			}
		}
		h.proves() // all is as it was
		h.Logf("%d changes in %d tables, all found", changes, len(tables))
	})
}

// changeColumn changes one column of a row in several ways, each time wants it
// found and named, and undoes it. It tells how many changes the database
// allowed.
func (h *house) changeColumn(table, column, row string) (tried int) {
	h.Helper()
	var was any
	err := h.d.View(ctx, actor, func(tx *db.Tx) error {
		return tx.Row("SELECT " + column + " FROM " + table + " WHERE attacker = " + row).Scan(&was)
	})
	if err != nil {
		h.Fatal(err)
	}
	write := func(v any) error {
		return h.d.Do(ctx, actor, func(tx *db.Tx) error {
			_, err := tx.Exec("UPDATE "+table+" SET "+column+" = ? WHERE attacker = "+row, v)
			return err
		})
	}
	for _, value := range otherValues(was) {
		if fmt.Sprint(value) == fmt.Sprint(was) || write(value) != nil {
			continue // the same, or a unique index or a NOT NULL is in the way
		}
		tried++
		_, err := Verify(ctx, h.audit())
		if err == nil {
			h.Errorf("%s.%s of row %s: %.60q instead of %.60q went unseen", table, column, row, fmt.Sprint(value), fmt.Sprint(was))
		} else if !strings.Contains(err.Error(), table) {
			h.Errorf("%s.%s of row %s: the message does not name it: %v", table, column, row, err)
		}
		if err := write(was); err != nil {
			h.Fatalf("undo %s.%s: %v", table, column, err)
		}
	}
	return tried
}

// found wants verify to find what was done, and to name it.
func (h *house) found(a Audit, name string) {
	h.Helper()
	_, err := Verify(ctx, a)
	switch {
	case err == nil:
		h.Error("it went unseen")
	case !strings.Contains(err.Error(), name):
		h.Errorf("the message does not name %s: %v", name, err)
	default:
		h.Logf("found: %v", err)
	}
}

// Whole rows: deleted, swapped, doubled, put in.
func TestRowsTamperedWith(t *testing.T) {
	for _, tc := range []struct {
		what, name string
		stmts      []string
	}{
		{"a fact deleted", "fact 17", []string{"DELETE FROM journal_fact WHERE leaf = 17"}},
		{"the first fact deleted", "fact 0", []string{"DELETE FROM journal_fact WHERE leaf = 0"}},
		{"the last fact deleted", "fact 47", []string{"DELETE FROM journal_fact WHERE leaf = 47"}},
		{"two facts swapped", "fact 17", []string{"UPDATE journal_fact SET leaf = -1 WHERE leaf = 17", "UPDATE journal_fact SET leaf = 17 WHERE leaf = 18", "UPDATE journal_fact SET leaf = 18 WHERE leaf = -1"}},
		{"two facts of a subject swapped", "journal_fact", []string{
			"UPDATE journal_fact SET leaf = -1 WHERE leaf = 17",
			"UPDATE journal_fact SET leaf = 17 WHERE subject = (SELECT subject FROM journal_fact WHERE leaf = -1) AND rev = 1 + (SELECT rev FROM journal_fact WHERE leaf = -1)",
			"UPDATE journal_fact SET leaf = (SELECT min(a.leaf) + 1 FROM journal_fact a WHERE a.leaf >= 17 AND NOT EXISTS (SELECT 1 FROM journal_fact b WHERE b.leaf = a.leaf + 1)) WHERE leaf = -1"}},
		{"the bytes of two facts swapped", "fact 17", []string{
			"CREATE TABLE journal_swap AS SELECT leaf, body FROM journal_fact WHERE leaf IN (17, 18)",
			"UPDATE journal_fact SET body = (SELECT body FROM journal_swap s WHERE s.leaf = 35 - journal_fact.leaf) WHERE leaf IN (17, 18)", "DROP TABLE journal_swap"}},
		{"a fact deleted, the rest moved up", "rev 6): the fact before it has rev 4", []string{"DELETE FROM journal_fact WHERE leaf = 17",
			"UPDATE journal_fact SET leaf = -leaf WHERE leaf > 17", "UPDATE journal_fact SET leaf = -leaf - 1 WHERE leaf < 0", "UPDATE journal_head SET size = 47"}},
		{"a number taken away", "fact 47", []string{"UPDATE journal_fact SET leaf = NULL WHERE leaf = 47"}},
		{"a number taken away, and the head moved", "journal_h", []string{"UPDATE journal_fact SET leaf = NULL WHERE leaf = 47", "UPDATE journal_head SET size = 47"}},
		{"a fact put in behind the head", "journal_fact", []string{"INSERT INTO journal_fact (org, root, subject, rev, kind, actor, at, leaf, body) SELECT org, root, subject, 99, kind, actor, at, 48, body FROM journal_fact WHERE leaf = 3"}},
		{"a fact put in before the first", "journal_fact", []string{"INSERT INTO journal_fact (org, root, subject, rev, kind, actor, at, leaf, body) SELECT org, root, subject, 99, kind, actor, at, -1, body FROM journal_fact WHERE leaf = 3"}},
		{"a fact put in without a number", "journal_fact", []string{"INSERT INTO journal_fact (org, root, subject, rev, kind, actor, at, body) SELECT org, root, subject, 99, kind, actor, at, body FROM journal_fact WHERE leaf = 3"}},
		{"a checkpoint of another log put in", "journal_checkpoint", []string{"INSERT INTO journal_checkpoint (log, size, at, note) SELECT (SELECT subject FROM journal_fact WHERE leaf = 3), size, at, note FROM journal_checkpoint"}},
		{"hashes of another log put in", "journal_hash", []string{"INSERT INTO journal_hash (log, chunk, data) SELECT (SELECT subject FROM journal_fact WHERE leaf = 3), chunk, data FROM journal_hash"}},
		{"more hashes put in", "journal_hash", []string{"INSERT INTO journal_hash (log, chunk, data) SELECT log, chunk + 1, data FROM journal_hash"}},
		{"the hashes deleted", "journal_hash", []string{"DELETE FROM journal_hash"}},
		{"the head deleted", "journal_head", []string{"DELETE FROM journal_head"}},
		{"a second head", "journal_head", []string{"INSERT INTO journal_head (one, log, base, size, mac) SELECT 2, log, base, size, mac FROM journal_head"}},
		{"the log's row deleted", "journal_log", []string{"DELETE FROM journal_log"}},
		{"a log put in", "journal_log", []string{"INSERT INTO journal_log (log, base, made, mac) SELECT (SELECT subject FROM journal_fact WHERE leaf = 3), 20, made, mac FROM journal_log"}},
		{"two contents swapped", "seal_text", []string{
			"CREATE TABLE seal_swap AS SELECT id, box FROM seal_text ORDER BY id LIMIT 2",
			"UPDATE seal_text SET box = (SELECT box FROM seal_swap s WHERE s.id <> seal_text.id) WHERE id IN (SELECT id FROM seal_swap)", "DROP TABLE seal_swap"}},
		{"two contents' names swapped", "seal_text", []string{
			"CREATE TABLE seal_swap AS SELECT id FROM seal_text ORDER BY id LIMIT 2", "CREATE TABLE seal_swap2 AS SELECT * FROM seal_text WHERE id IN (SELECT id FROM seal_swap)",
			"DELETE FROM seal_text WHERE id IN (SELECT id FROM seal_swap)",
			"INSERT INTO seal_text (id, org, key, box) SELECT (SELECT s.id FROM seal_swap s WHERE s.id <> t.id), t.org, t.key, t.box FROM seal_swap2 t"}},
		{"a content deleted", "seal_text", []string{"DELETE FROM seal_text WHERE id = (SELECT id FROM seal_text ORDER BY id LIMIT 1)"}},
	} {
		t.Run(strings.ReplaceAll(tc.what, " ", "_"), func(t *testing.T) {
			eachTarget(t, func(h *house) {
				h.dropTriggers()
				for _, s := range tc.stmts {
					h.exec(s)
				}
				h.found(h.audit(), tc.name)
			})
		})
	}
}

// rebuild is the attacker's best: after he has changed facts, he builds the
// whole tree anew. With the key he signs it too, as the journal would have.
func (h *house) rebuild(s *Signer, checkpoints bool) {
	h.Helper()
	facts := h.all()
	var tree growing
	for _, f := range facts {
		if err := tree.add(f.Body); err != nil {
			h.Fatal(err)
		}
	}
	var old []Checkpoint
	for _, n := range h.strings1("SELECT note FROM journal_checkpoint ORDER BY size") {
		c, err := ParseCheckpoint(n, nil)
		if err != nil {
			h.Fatal(err)
		}
		old = append(old, c)
	}
	h.exec("DELETE FROM journal_hash")
	if !checkpoints {
		h.exec("DELETE FROM journal_checkpoint")
	}
	h.do(func(tx *db.Tx) error {
		head, _, err := readHead(tx, false)
		if err != nil {
			return err
		}
		for c := int64(0); len(tree.chunk(c)) > 0; c++ {
			if err := saveChunks(tx, head.log, map[int64][]byte{c: tree.chunk(c)}); err != nil {
				return err
			}
		}
		if _, err := tx.Exec("UPDATE journal_head SET size = ?", tree.n); err != nil || s == nil {
			return err
		}
		root, err := tlog.TreeHash(tree.n, &tree)
		if err != nil {
			return err
		}
		if _, err := tx.Exec("UPDATE journal_head SET mac = ?", s.headMAC(head.log, 0, tree.n, root)); err != nil {
			return err
		}
		for _, c := range old {
			if c.Root, err = tlog.TreeHash(c.Size, &tree); err != nil {
				return err
			}
			signed, err := note.Sign(&note.Note{Text: c.text()}, s.sign)
			if err != nil {
				return err
			}
			if _, err := tx.Exec("UPDATE journal_checkpoint SET note = ? WHERE size = ?", string(signed), c.Size); err != nil {
				return err
			}
		}
		return nil
	})
}

// lie makes the fact at leaf say something else, columns and all.
func (h *house) lie(leaf int64) {
	h.Helper()
	f := h.all()[leaf]
	body := bytes.Replace(f.Body, []byte(`"role":"lawyer"`), []byte(`"role":"system"`), 1)
	if bytes.Equal(body, f.Body) {
		h.Fatal("nothing to change")
	}
	h.exec("UPDATE journal_fact SET body = ? WHERE leaf = ?", body, leaf)
}

// The whole log is built anew: without the key it is found in any case, with the
// key only by what was kept outside.
func TestTheLogBuiltAnew(t *testing.T) {
	eachTarget(t, func(h *house) {
		outside := h.readOutside()
		h.dropTriggers()
		h.lie(20)
		h.rebuild(nil, true)
		h.found(h.audit(), "journal_checkpoint at 24")
		h.rebuild(nil, false)
		h.found(h.audit(), "journal_head")
		public := Audit{DB: h.d, Public: h.signer.Public, Outside: outside}
		h.found(public, "journal_fact")
	})
	eachTarget(t, func(h *house) { // a fact that no checkpoint covers yet
		h.dropTriggers()
		h.lie(45)
		h.rebuild(nil, true)
		h.found(h.audit(), "journal_head")
	})
	eachTarget(t, func(h *house) {
		outside := h.readOutside()
		h.dropTriggers()
		h.lie(20)
		h.rebuild(h.signer, true)
		h.proves() // self-consistent: nothing inside tells
		a := h.audit()
		a.Outside = outside
		h.found(a, "journal_fact")
	})
}

// The tail is cut: facts, head, hashes and checkpoints, all as they would be.
func TestTheTailCut(t *testing.T) {
	for _, left := range []int64{44, 40, 24, 20, 1, 0} {
		t.Run(fmt.Sprint(left), func(t *testing.T) {
			eachTarget(t, func(h *house) {
				outside := h.readOutside()
				h.dropTriggers()
				h.exec("DELETE FROM journal_fact WHERE leaf >= ?", left)
				h.exec("DELETE FROM journal_checkpoint WHERE size > ?", left)
				h.rebuild(nil, true)
				h.found(h.audit(), "journal_head")
				if left < 40 { // the newest checkpoint outside
					h.found(Audit{DB: h.d, Public: h.signer.Public, Outside: outside}, "tail was cut")
				}
				h.exec("UPDATE journal_cursor SET leaf = ?", min(left, 3))
				h.exec("DELETE FROM journal_parked")
				h.found(h.audit(), "journal_")
				h.rebuild(h.signer, true)
				h.exec("DELETE FROM journal_cursor")
				h.proves()
				if left < 40 {
					a := h.audit()
					a.Outside = outside
					h.found(a, "tail was cut")
				}
			})
		})
	}
}

// Checkpoints are taken away from a log that has run for a while.
func TestCheckpointsTakenAway(t *testing.T) {
	stepped(t, func(h *house, c *db.StepClock) {
		s := id.New()
		for rev := int64(1); rev <= 5; rev++ {
			h.say(s, rev, rev)
			c.Add(30 * time.Second)
			h.drain()
		}
		h.proves()
		h.exec("DELETE FROM journal_checkpoint WHERE size > 1")
		h.found(Audit{DB: h.d, Public: h.signer.Public}, "journal_checkpoint")
	})
}
