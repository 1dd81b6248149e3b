//go:build accept

package accept

import (
	"database/sql"
	"encoding/json"
	"path/filepath"
	"testing"
	"time"
)

// database opens a place's database beside the program, to look at its rows.
func (p place) database(t testing.TB) *sql.DB {
	t.Helper()
	driver, url := "sqlite", "file:"+filepath.Join(p.data, "mingfa.db")+"?_pragma=busy_timeout(10000)"
	if p.db != "" {
		driver, url = "pgx", p.db
	}
	d, err := sql.Open(driver, url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// eachRow runs a query and calls fn for each row.
func eachRow(t testing.TB, d *sql.DB, query string, fn func(scan func(...any))) {
	t.Helper()
	rows, err := d.Query(query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	for rows.Next() {
		fn(func(into ...any) {
			if err := rows.Scan(into...); err != nil {
				t.Fatalf("%s: %v", query, err)
			}
		})
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

// countOf is the number that a query gives.
func countOf(t testing.TB, d *sql.DB, query string) (n int) {
	t.Helper()
	if err := d.QueryRow(query).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// alter runs a statement that must hit rows.
func alter(t testing.TB, d *sql.DB, query string) int64 {
	t.Helper()
	res, err := d.Exec(query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	n, err := res.RowsAffected()
	if err != nil || n == 0 {
		t.Fatalf("%s: hit %d rows, %v", query, n, err)
	}
	return n
}

// checkRows holds the database against itself: clocks against states, facts
// against rows, messages against facts, loads against hands.
func checkRows(t *testing.T, d *sql.DB) {
	t.Helper()
	checkClocks(t, d)
	checkFacts(t, d)
	checkMessages(t, d)
	checkLoads(t, d)
	if n := countOf(t, d, "SELECT count(*) FROM journal_parked"); n != 0 {
		t.Errorf("%d facts are parked: a reaction could not take them", n)
	}
}

type dueRow struct{ subject, name string }

// dueTime is when a row must fire by its state: at an instant; or, with every,
// a whole number of such periods after it; at any time where at is 0.
type dueTime struct{ at, every int64 }

func (d dueTime) is(at int64) bool {
	if d.every != 0 {
		return at > d.at && (at-d.at)%d.every == 0
	}
	return d.at == 0 || at == d.at
}

// checkClocks computes from each order's state which due rows it must have, and
// at what instant: one clock at the next step of 60, 90, 110 and 120 minutes
// while a lawyer owes an answer (B6.2.1.1), then every ten minutes while nobody
// has it; one close seven days after the last word while it is answered; and no
// others.
func checkClocks(t *testing.T, d *sql.DB) {
	t.Helper()
	want := map[dueRow]dueTime{}
	open := 0
	eachRow(t, d, "SELECT id, state, awaiting, warned, clock_from, last_at FROM consult_order", func(scan func(...any)) {
		var order, state string
		var awaiting bool
		var warned, from, last int64
		scan(&order, &state, &awaiting, &warned, &from, &last)
		if state == "answered" {
			want[dueRow{order, "close"}] = dueTime{at: last + (7 * 24 * time.Hour).Milliseconds()}
		}
		if !awaiting {
			return
		}
		open++
		for _, minutes := range []int64{60, 90, 110, 120} {
			if minutes > warned {
				at := from + minutes*60_000
				if minutes == 120 {
					at++ // 120 minutes are in time; the breach is the first millisecond after
				}
				want[dueRow{order, "clock"}] = dueTime{at: at}
				return
			}
		}
		if state == "waiting" {
			want[dueRow{order, "clock"}] = dueTime{at: from + 120*60_000, every: 10 * 60_000}
		}
	})
	eachRow(t, d, "SELECT id, due_at FROM consult_callback WHERE state <> 'closed' AND due_at > (SELECT max(at) FROM journal_fact)", func(scan func(...any)) {
		var callback string
		var due int64
		scan(&callback, &due)
		want[dueRow{callback, "callback"}] = dueTime{at: due + 1}
	})
	eachRow(t, d, "SELECT id FROM notify_message WHERE sms IN ('queued', 'sending')", func(scan func(...any)) {
		var message string
		scan(&message)
		want[dueRow{message, "send"}] = dueTime{} // its next try: any time
	})
	got := map[dueRow]int64{}
	eachRow(t, d, "SELECT subject, name, at FROM due_row WHERE name IN ('clock', 'close', 'callback', 'send')", func(scan func(...any)) {
		var r dueRow
		var at int64
		scan(&r.subject, &r.name, &at)
		if _, twice := got[r]; twice {
			t.Errorf("%s of %s waits twice", r.name, r.subject)
		}
		got[r] = at
	})
	for r, by := range want {
		if at, ok := got[r]; !ok || !by.is(at) {
			t.Errorf("due row %s of %s: there %v at %d, by the state at %+v", r.name, r.subject, ok, at, by)
		}
	}
	for r := range got {
		if _, ok := want[r]; !ok {
			t.Errorf("due row %s of %s waits and by the state it should not", r.name, r.subject)
		}
	}
	t.Logf("due rows: %d equal those computed from the states; %d orders owe an answer", len(want), open)
}

// checkFacts counts each order's facts: asked once; answered and rated once when
// the row says so, else never; its revisions without a gap.
func checkFacts(t *testing.T, d *sql.DB) {
	t.Helper()
	type of struct{ root, kind string }
	facts := map[of]int{}
	eachRow(t, d, "SELECT root, kind, count(*) FROM journal_fact WHERE kind IN ('consult.asked', 'consult.answered', 'consult.rated', 'consult.closed') GROUP BY root, kind", func(scan func(...any)) {
		var f of
		var n int
		scan(&f.root, &f.kind, &n)
		facts[f] = n
	})
	revs := map[string][2]int64{}
	eachRow(t, d, "SELECT subject, count(*), max(rev) FROM journal_fact GROUP BY subject", func(scan func(...any)) {
		var s string
		var n, rev int64
		scan(&s, &n, &rev)
		revs[s] = [2]int64{n, rev}
	})
	orders := 0
	eachRow(t, d, "SELECT id, rev, answered_at IS NOT NULL, rating IS NOT NULL FROM consult_order", func(scan func(...any)) {
		var order string
		var rev int64
		var answered, rated bool
		scan(&order, &rev, &answered, &rated)
		orders++
		for kind, n := range map[string]int{"consult.asked": 1, "consult.answered": oneIf(answered), "consult.rated": oneIf(rated)} {
			if facts[of{order, kind}] != n {
				t.Errorf("order %s has %d facts %s; by its row %d", order, facts[of{order, kind}], kind, n)
			}
		}
		if facts[of{order, "consult.closed"}] > 1 {
			t.Errorf("order %s was closed %d times", order, facts[of{order, "consult.closed"}])
		}
		if revs[order] != [2]int64{rev, rev} {
			t.Errorf("order %s is at revision %d; its facts are %v", order, rev, revs[order])
		}
	})
	asked := 0
	for f := range facts {
		if f.kind == "consult.asked" {
			asked++
		}
	}
	if asked != orders {
		t.Errorf("%d orders, and facts of %d", orders, asked)
	}
}

func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}

// checkMessages compares messages with the facts that call for them: each fact
// tells each person once.
func checkMessages(t *testing.T, d *sql.DB) {
	t.Helper()
	told := map[string]int{}
	eachRow(t, d, "SELECT root, count(*) FROM notify_message WHERE kind = 'answered' GROUP BY root", func(scan func(...any)) {
		var order string
		var n int
		scan(&order, &n)
		told[order] = n
	})
	eachRow(t, d, "SELECT id, answered_at IS NOT NULL FROM consult_order", func(scan func(...any)) {
		var order string
		var answered bool
		scan(&order, &answered)
		if told[order] != oneIf(answered) {
			t.Errorf("order %s: its citizen was told %d times that it was answered", order, told[order])
		}
	})
	given := countOf(t, d, "SELECT count(*) FROM journal_fact WHERE kind = 'consult.assigned'")
	if n := countOf(t, d, "SELECT count(*) FROM notify_message WHERE kind = 'assigned'"); n != given {
		t.Errorf("orders were put into hands %d times, and lawyers told %d times", given, n)
	}
	facts, messages := countOf(t, d, "SELECT count(*) FROM journal_fact WHERE kind = 'notify.told'"), countOf(t, d, "SELECT count(*) FROM notify_message")
	if facts != messages {
		t.Errorf("%d messages, and facts of %d", messages, facts)
	}
	if n := countOf(t, d, "SELECT count(*) FROM (SELECT subject FROM journal_fact WHERE kind = 'notify.sent' GROUP BY subject HAVING count(*) > 1) x"); n != 0 {
		t.Errorf("of %d SMS it is noted twice that they went out", n)
	}
}

// checkLoads compares each lawyer's counter with the orders in his hands, and
// follows each order from hand to hand: every lawyer had it from the one before.
func checkLoads(t *testing.T, d *sql.DB) {
	t.Helper()
	hand, load := map[string]string{}, map[string]int{}
	eachRow(t, d, "SELECT root, body FROM journal_fact WHERE kind = 'consult.assigned' ORDER BY root, rev", func(scan func(...any)) {
		var order string
		var body []byte
		scan(&order, &body)
		var f struct{ Data struct{ Lawyer, From string } }
		if err := json.Unmarshal(body, &f); err != nil {
			t.Fatal(err)
		}
		if f.Data.From != hand[order] {
			t.Errorf("order %s went from %q, and was in the hands of %q", order, f.Data.From, hand[order])
		}
		hand[order] = f.Data.Lawyer
	})
	eachRow(t, d, "SELECT id, state, coalesce(CAST(lawyer AS TEXT), '') FROM consult_order", func(scan func(...any)) {
		var order, state, lawyer string
		scan(&order, &state, &lawyer)
		if hand[order] != lawyer {
			t.Errorf("order %s is in the hands of %q; by its facts of %q", order, lawyer, hand[order])
		}
		if state == "assigned" {
			load[lawyer]++
		}
	})
	eachRow(t, d, "SELECT id, load FROM lawyer_profile", func(scan func(...any)) {
		var lawyer string
		var n int
		scan(&lawyer, &n)
		if n != load[lawyer] {
			t.Errorf("lawyer %s counts %d orders in hand, and has %d", lawyer, n, load[lawyer])
		}
	})
}

// atRest tells whether every fact has its number and every reaction has seen it.
func atRest(t testing.TB, d *sql.DB) bool {
	t.Helper()
	return countOf(t, d, "SELECT count(*) FROM journal_fact WHERE leaf IS NULL") == 0 &&
		countOf(t, d, "SELECT count(*) FROM journal_cursor WHERE leaf < (SELECT size FROM journal_head)") == 0
}
