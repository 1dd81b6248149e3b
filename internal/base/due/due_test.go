package due_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/due"
	"mingfa/internal/base/id"
	"mingfa/internal/base/who"
)

var (
	ctx   = context.Background()
	test  = who.System("test")
	quiet = slog.New(slog.NewTextHandler(io.Discard, nil))
)

func do(t testing.TB, d *db.DB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Do(ctx, test, fn); err != nil {
		t.Fatal(err)
	}
}

func set(t testing.TB, d *db.DB, rows ...due.Row) {
	t.Helper()
	do(t, d, func(tx *db.Tx) error {
		for _, r := range rows {
			if err := due.Set(tx, r); err != nil {
				return err
			}
		}
		return nil
	})
}

func open(t testing.TB, d *db.DB, subject id.ID) (out []due.Open) {
	t.Helper()
	err := d.View(ctx, test, func(tx *db.Tx) (err error) { out, err = due.OpenRows(tx, subject); return err })
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// run fires all that is due and tells how many rows went.
func run(t testing.TB, r *due.Runner) int {
	t.Helper()
	n, err := r.RunDue(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// recorder is a handler that keeps the names of what fired.
type recorder struct{ names []string }

func (c *recorder) handle(_ *db.Tx, f due.Fired) error { c.names = append(c.names, f.Name); return nil }

func (c *recorder) want(t *testing.T, names ...string) {
	t.Helper()
	if !slices.Equal(c.names, names) {
		t.Errorf("fired %v, want %v", c.names, names)
	}
}

func each(t *testing.T, fn func(t *testing.T, d *db.DB, c *db.StepClock, r *due.Runner)) {
	t.Helper()
	for _, name := range []string{"sqlite", "postgres"} {
		t.Run(name, func(t *testing.T) {
			url := dbtest.SQLiteURL
			if name == "postgres" {
				url = dbtest.PostgresURL
			}
			c := dbtest.Clock(t)
			d := dbtest.Open(t, url(t), c)
			fn(t, d, c, due.NewRunner(d, quiet))
		})
	}
}

func TestSetIsIdempotentAndMoves(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *db.StepClock, r *due.Runner) {
		var got recorder
		r.Handle("k", got.handle)
		s, at := id.New(), c.Now().Add(time.Hour)
		row := due.Row{Org: id.New(), Subject: s, Name: "answer", Kind: "k", At: at, Rule: "60min", Anchor: c.Now(), Zone: "Asia/Shanghai"}
		set(t, d, row, row)
		set(t, d, row)
		if o := open(t, d, s); len(o) != 1 || !o[0].At.Equal(at) || o[0].Rule != "60min" || !o[0].Anchor.Equal(c.Now()) {
			t.Fatalf("open rows: %+v", o)
		}
		row.At = at.Add(time.Hour)
		set(t, d, row)
		c.Set(at)
		if n := run(t, r); n != 0 {
			t.Errorf("%d rows fired at the time that was moved", n)
		}
		c.Set(row.At)
		if n := run(t, r); n != 1 || len(open(t, d, s)) != 0 {
			t.Errorf("%d fired, %d left", n, len(open(t, d, s)))
		}
	})
}

func TestSetRefusesHalfARow(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *db.StepClock, _ *due.Runner) {
		good := due.Row{Subject: id.New(), Name: "n", Kind: "k", At: c.Now()}
		for what, spoil := range map[string]func(*due.Row){
			"subject": func(r *due.Row) { r.Subject = id.Nil },
			"name":    func(r *due.Row) { r.Name = "" },
			"kind":    func(r *due.Row) { r.Kind = "" },
			"time":    func(r *due.Row) { r.At = time.Time{} },
			"payload": func(r *due.Row) { r.Payload = func() {} },
		} {
			row := good
			spoil(&row)
			if err := d.Do(ctx, test, func(tx *db.Tx) error { return due.Set(tx, row) }); err == nil {
				t.Errorf("a row without a good %s was set", what)
			}
		}
	})
}

func TestCancelAndMove(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *db.StepClock, r *due.Runner) {
		var got recorder
		r.Handle("k", got.handle)
		s := id.New()
		set(t, d, due.Row{Subject: s, Name: "a", Kind: "k", At: c.Now()}, due.Row{Subject: s, Name: "b", Kind: "k", At: c.Now()})
		do(t, d, func(tx *db.Tx) error {
			if err := due.Cancel(tx, s, "a"); err != nil {
				return err
			}
			if err := due.Cancel(tx, s, "absent"); err != nil {
				return err
			}
			if ok, err := due.Move(tx, s, "absent", c.Now()); ok || err != nil {
				return fmt.Errorf("moved an absent row: %v %w", ok, err)
			}
			ok, err := due.Move(tx, s, "b", c.Now().Add(time.Minute))
			if !ok {
				return fmt.Errorf("not moved: %w", err)
			}
			return err
		})
		run(t, r)
		got.want(t)
		c.Add(time.Minute)
		run(t, r)
		got.want(t, "b")
	})
}

func TestNothingOfAFailedVerbStays(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *db.StepClock, _ *due.Runner) {
		s := id.New()
		_ = d.Do(ctx, test, func(tx *db.Tx) error {
			if err := due.Set(tx, due.Row{Subject: s, Name: "a", Kind: "k", At: c.Now()}); err != nil {
				t.Error(err)
			}
			return errors.New("no")
		})
		if o := open(t, d, s); len(o) != 0 {
			t.Errorf("left: %v", o)
		}
	})
}

func TestFiresInTheOrderOfTimeAndAtTheLimit(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *db.StepClock, r *due.Runner) {
		var got recorder
		r.Handle("k", got.handle)
		for i, min := range []int{3, 1, 2, 5, 4} {
			set(t, d, due.Row{Subject: id.New(), Name: fmt.Sprint(min), Kind: "k", At: c.Now().Add(time.Duration(min) * time.Minute), Interactive: i%2 == 0})
		}
		if next, ok, err := r.Next(ctx); err != nil || !ok || !next.Equal(c.Now().Add(time.Minute)) {
			t.Errorf("next is %v %v %v", next, ok, err)
		}
		c.Add(3*time.Minute - time.Millisecond)
		run(t, r)
		got.want(t, "1", "2")
		c.Add(time.Millisecond) // a row is due from its time on, inclusive
		run(t, r)
		got.want(t, "1", "2", "3")
		c.Add(time.Hour)
		run(t, r)
		got.want(t, "1", "2", "3", "4", "5")
		if _, ok, err := r.Next(ctx); ok || err != nil {
			t.Errorf("something is left: %v", err)
		}
	})
}

func TestHandlerGetsItsRow(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *db.StepClock, r *due.Runner) {
		type payload struct{ Order id.ID }
		want := due.Row{Org: id.New(), Subject: id.New(), Name: "a", Kind: "k", At: c.Now(), Payload: payload{id.New()},
			Rule: "120min", Anchor: c.Now().Add(-time.Hour), Zone: "Asia/Hong_Kong", Calendar: "HK", Interactive: true}
		r.Handle("k", func(tx *db.Tx, f due.Fired) error {
			var p payload
			if err := f.Decode(&p); err != nil || p != want.Payload {
				t.Errorf("payload %v, %v", p, err)
			}
			if err := f.Decode(new(int)); err == nil {
				t.Error("a payload was decoded into something else")
			}
			f.Payload, want.Payload = nil, nil
			if f.Row != want {
				t.Errorf("got %+v, want %+v", f.Row, want)
			}
			if a := tx.Actor(); a.Name != "due" || a.Org != want.Org {
				t.Errorf("the actor is %+v", a)
			}
			return nil
		})
		set(t, d, want)
		if run(t, r) != 1 {
			t.Error("it did not fire")
		}
	})
}

// A handler that puts its row off sets the row that it got: nothing of it is lost.
func TestARowThatIsPutOffKeepsItsPayload(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *db.StepClock, r *due.Runner) {
		want, tries := []string{"a", "b"}, 0
		r.Handle("k", func(tx *db.Tx, f due.Fired) error {
			var got []string
			if err := f.Decode(&got); err != nil || !slices.Equal(got, want) {
				t.Errorf("payload %v, %v", got, err)
			}
			if tries++; tries > 2 {
				return nil
			}
			f.Row.At = tx.Now().Add(time.Minute)
			return due.Set(tx, f.Row)
		})
		set(t, d, due.Row{Subject: id.New(), Name: "a", Kind: "k", At: c.Now(), Payload: want})
		for range 3 {
			run(t, r)
			c.Add(time.Minute)
		}
		if _, ok, err := r.Next(ctx); ok || err != nil || tries != 3 {
			t.Errorf("tried %d times; something waits: %v %v", tries, ok, err)
		}
	})
}

// A row that fails, or panics, or has no handler, backs off alone, longer each
// time; what was promised (At) stays.
func TestAFailingRowBacksOffAlone(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *db.StepClock, r *due.Runner) {
		var got recorder
		tries := map[string][]time.Time{}
		bad := true
		r.Handle("bad", func(tx *db.Tx, f due.Fired) error {
			tries[f.Name] = append(tries[f.Name], tx.Now())
			// what it has done until then is undone
			if err := due.Set(tx, due.Row{Subject: f.Subject, Name: "effect of " + f.Name, Kind: "good", At: c.Now().Add(time.Hour)}); err != nil {
				return err
			}
			if bad && f.Name == "panics" {
				panic("ouch")
			}
			if bad {
				return errors.New("not now")
			}
			return nil
		})
		r.Handle("good", got.handle)
		s, at := id.New(), c.Now()
		set(t, d, due.Row{Subject: s, Name: "fails", Kind: "bad", At: at}, due.Row{Subject: s, Name: "panics", Kind: "bad", At: at, Interactive: true},
			due.Row{Subject: s, Name: "strange", Kind: "nobody", At: at}, due.Row{Subject: s, Name: "fine", Kind: "good", At: at})
		for range 4 {
			run(t, r)
			next, ok, err := r.Next(ctx)
			if !ok || err != nil || !next.After(c.Now()) {
				t.Fatalf("next: %v %v %v", next, ok, err)
			}
			c.Set(next)
		}
		got.want(t, "fine")
		for _, o := range open(t, d, s) {
			if !o.At.Equal(at) || o.Tries != 4 {
				t.Errorf("%s: promised for %v, tried %d times; want %v and 4", o.Name, o.At, o.Tries, at)
			}
		}
		if n := len(open(t, d, s)); n != 3 {
			t.Errorf("%d rows wait, want 3", n)
		}
		for name, at := range tries {
			at = slices.CompactFunc(at, time.Time.Equal) // one try may run the handler twice (db.Do)
			for i := 2; i < len(at); i++ {
				if at[i].Sub(at[i-1]) <= at[i-1].Sub(at[i-2]) {
					t.Errorf("%s was tried at %v", name, at)
				}
			}
		}
		bad = false
		run(t, r)
		if n := len(open(t, d, s)); n != 3 { // two effects, and the strange one
			t.Errorf("%d rows wait, want 3", n)
		}
	})
}

// One row an order walks 60, 90, 110 and 120 minutes; after an outage the stale
// warnings collapse, because the handler decides from what it finds.
func TestOneRowWalks_60_90_110_120(t *testing.T) { // req: B7.1.3.2
	steps := []int{60, 90, 110, 120}
	each(t, func(t *testing.T, d *db.DB, c *db.StepClock, r *due.Runner) {
		var got []string
		r.Handle("answer", func(tx *db.Tx, f due.Fired) error {
			passed := int(tx.Now().Sub(f.Anchor).Minutes())
			got = append(got, fmt.Sprint(passed))
			for _, m := range steps {
				if m > passed {
					next := f.Row
					next.At = f.Anchor.Add(time.Duration(m) * time.Minute)
					return due.Set(tx, next)
				}
			}
			return nil
		})
		ask := func() due.Row {
			return due.Row{Subject: id.New(), Name: "answer", Kind: "answer", At: c.Now().Add(time.Hour), Anchor: c.Now(), Interactive: true}
		}
		set(t, d, ask())
		for {
			next, ok, err := r.Next(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if !ok {
				break
			}
			c.Set(next)
			run(t, r)
		}
		if want := []string{"60", "90", "110", "120"}; !slices.Equal(got, want) {
			t.Errorf("fired at %v, want %v", got, want)
		}
		got = nil
		row := ask()
		set(t, d, row)
		c.Add(115 * time.Minute) // the machine was off
		run(t, r)
		if want := []string{"115"}; !slices.Equal(got, want) {
			t.Errorf("after an outage fired at %v, want %v", got, want)
		}
		if o := open(t, d, row.Subject); len(o) != 1 || !o[0].At.Equal(row.Anchor.Add(2*time.Hour)) {
			t.Errorf("after an outage waits %+v", o)
		}
	})
}

func TestAHandlerMayCancelAndSetItsOwnRowAsItLikes(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *db.StepClock, r *due.Runner) {
		fired := 0
		r.Handle("k", func(tx *db.Tx, f due.Fired) error {
			fired++
			later := f.Row
			later.At = c.Now().Add(time.Hour)
			switch f.Name {
			case "cancels":
				return due.Cancel(tx, f.Subject, f.Name)
			case "sets twice":
				return errors.Join(due.Set(tx, later), due.Set(tx, later))
			case "cancels and sets":
				return errors.Join(due.Cancel(tx, f.Subject, f.Name), due.Set(tx, later))
			}
			_ = tx.Savepoint(func() error { return errors.Join(due.Set(tx, later), errors.New("undo it")) })
			return nil
		})
		s := id.New()
		for _, name := range []string{"cancels", "sets twice", "cancels and sets", "sets and undoes it"} {
			set(t, d, due.Row{Subject: s, Name: name, Kind: "k", At: c.Now()})
		}
		if n := run(t, r); n != 4 || fired != 4 {
			t.Errorf("%d fired, handlers ran %d times, want 4", n, fired)
		}
		if o := open(t, d, s); len(o) != 2 || !o[0].At.After(c.Now()) {
			t.Errorf("waiting: %+v", o)
		}
	})
}

func TestDailyCatchesUp(t *testing.T) { // req: B7.3.2.1
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		how  due.CatchUp
		want []string
	}{
		{due.All, []string{"03-03 01:00", "03-04 01:00", "03-05 01:00", "03-06 01:00"}},
		{due.Last, []string{"03-03 01:00", "03-06 01:00"}},
	} {
		each(t, func(t *testing.T, d *db.DB, c *db.StepClock, r *due.Runner) {
			daily := due.Daily{Org: id.New(), Subject: id.New(), Name: "report", Kind: "report", Hour: 1, Zone: "Asia/Shanghai", CatchUp: tc.how}
			var got []string
			r.Handle("report", func(tx *db.Tx, f due.Fired) error {
				got = append(got, f.Anchor.In(shanghai).Format("01-02 15:04"))
				return daily.Next(tx, f)
			})
			do(t, d, daily.Ensure) // Monday 2 March, noon in Shanghai
			do(t, d, daily.Ensure)
			if o := open(t, d, daily.Subject); len(o) != 1 || !o[0].At.Equal(time.Date(2026, 3, 2, 17, 0, 0, 0, time.UTC)) {
				t.Fatalf("first planned: %+v", o)
			}
			c.Set(time.Date(2026, 3, 5, 9, 30, 0, 0, shanghai)) // three nights off
			run(t, r)
			c.Set(time.Date(2026, 3, 6, 1, 0, 0, 0, shanghai))
			run(t, r)
			if !slices.Equal(got, tc.want) {
				t.Errorf("%s: made %v, want %v", tc.how, got, tc.want)
			}
			if o := open(t, d, daily.Subject); len(o) != 1 || !o[0].At.Equal(time.Date(2026, 3, 7, 1, 0, 0, 0, shanghai)) {
				t.Errorf("%s: next %+v", tc.how, o)
			}
		})
	}
}

func TestDailyRefusesAnUnknownZone(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *db.StepClock, _ *due.Runner) {
		bad := due.Daily{Subject: id.New(), Name: "n", Kind: "k", Zone: "Mars/Olympus"}
		if err := d.Do(ctx, test, bad.Ensure); err == nil {
			t.Error("it was set")
		}
	})
}

func TestOfKind(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, c *db.StepClock, _ *due.Runner) {
		set(t, d, due.Row{Subject: id.New(), Name: "b", Kind: "k", At: c.Now().Add(2)}, due.Row{Subject: id.New(), Name: "a", Kind: "k", At: c.Now().Add(1)},
			due.Row{Subject: id.New(), Name: "c", Kind: "other", At: c.Now()})
		err := d.View(ctx, test, func(tx *db.Tx) error {
			o, err := due.OfKind(tx, "k")
			if len(o) != 2 {
				t.Errorf("%+v", o)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// The same rows and the same steps give the same story, whatever the machine.
func TestSteppedRunsAreTheSame(t *testing.T) {
	story := func(t *testing.T, d *db.DB, c *db.StepClock) (got []string) {
		r := due.NewRunner(d, quiet)
		r.Handle("k", func(tx *db.Tx, f due.Fired) error {
			got = append(got, fmt.Sprintf("%s %s", f.Name, tx.Now().Format("15:04:05.000")))
			if len(got)%3 == 0 && len(got) < 400 {
				again := f.Row
				again.At = tx.Now().Add(90 * time.Second)
				return due.Set(tx, again)
			}
			return nil
		})
		for i := range 300 {
			set(t, d, due.Row{Subject: id.New(), Name: fmt.Sprint(i), Kind: "k", At: c.Now().Add(time.Duration(i*7919%60) * time.Second), Interactive: i%5 == 0})
		}
		for {
			next, ok, err := r.Next(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if !ok {
				return got
			}
			c.Set(next)
			run(t, r)
		}
	}
	var first []string
	for _, url := range []func(*testing.T) string{dbtest.SQLiteURL, dbtest.SQLiteURL, dbtest.PostgresURL} {
		t.Run("", func(t *testing.T) {
			c := dbtest.Clock(t)
			got := story(t, dbtest.Open(t, url(t), c), c)
			if first == nil {
				first = got
			}
			if len(got) < 300 || !slices.Equal(got, first) {
				t.Errorf("%d rows fired, another story than the first with %d", len(got), len(first))
			}
		})
	}
}
