package consult

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/due"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/setting"
	"mingfa/internal/base/who"
	"mingfa/internal/core/identity"
	"mingfa/internal/public/lawyer"
)

func half() Begun {
	return Begun{Step: 2, Region: "440000", Question: "公司三个月没有发", Type: "labour", Contact: Contact{Name: "陈"}}
}

// keep keeps a version that has to be taken, and gives it.
func (h *room) keep(a who.Actor, order id.ID, rev int64, b Begun) BegunSeen {
	h.T.Helper()
	x, err := h.Keep(h.T.Context(), a, order, rev, b)
	h.Must(err)
	return x
}

func (h *room) begun(a who.Actor) []BegunSeen {
	h.T.Helper()
	all, err := h.BegunQuestions(h.T.Context(), a, "zh-Hans")
	h.Must(err)
	return all
}

// begunRows counts the rows and what is due for them.
func (h *room) begunRows() (rows, waiting int) {
	h.T.Helper()
	h.View(func(tx *db.Tx) error {
		list, err := due.OfKind(tx, dueBegun)
		waiting = len(list)
		return errors.Join(err, tx.Row("SELECT count(*) FROM consult_begun").Scan(&rows))
	})
	return rows, waiting
}

// What was typed is found again whole, by its writer and nobody else.
//
// req: B5.2.4, B9.2.1b
func TestBegunIsItsWritersAlone(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		citizen, stranger, n := h.NewCitizen(), h.NewCitizen(), id.New()
		file := h.upload(citizen, n, picture(t, blob.PNG, ""))
		b := half()
		b.Attachments = []Attach{{file, "工资条.png"}, {id.New(), "还没上传.pdf"}}
		kept := h.keep(citizen, n, 0, b)
		all := h.begun(citizen)
		if len(all) != 1 || !reflect.DeepEqual(all[0].Begun, b) || all[0].Order != n || kept.Rev != 1 || all[0].Rev != 1 {
			t.Fatalf("%+v", all)
		}
		if x := all[0]; len(x.Files) != 1 || x.Files[file] == nil || len(x.Place) != 1 || x.Place[0].Code != "440000" || !x.ExpiresAt.Equal(x.KeptAt.AddDate(0, 0, 30)) {
			t.Errorf("%+v", x)
		}
		if others := h.begun(stranger); len(others) != 0 {
			t.Errorf("a stranger sees %+v", others)
		}
		h.Refused(h.ThrowAway(t.Context(), stranger, n, 0), fault.Absent, "fault.absent")
		for _, a := range []who.Actor{h.ops, h.lawyer("甲", lawyer.Online)} {
			_, err := h.Keep(t.Context(), a, n, 0, b)
			h.Refused(err, fault.Absent, "fault.absent")
			_, err = h.BegunQuestions(t.Context(), a, "en")
			h.Refused(err, fault.Absent, "fault.absent")
			h.Refused(h.ThrowAway(t.Context(), a, n, 0), fault.Absent, "fault.absent")
		}
		h.keep(stranger, n, 0, half()) // under the same ID a stranger has one of his own
		if mine := h.begun(citizen); !reflect.DeepEqual(mine, all) {
			t.Errorf("%+v", mine)
		}
		h.View(func(tx *db.Tx) error {
			var box []byte
			err := tx.Row("SELECT box FROM consult_begun WHERE citizen = ?", citizen.Person.String()).Scan(&box)
			if strings.Contains(string(box), "公司") {
				t.Error("the words are not sealed")
			}
			var facts int
			err = errors.Join(err, tx.Row("SELECT count(*) FROM journal_fact WHERE root = ?", n.String()).Scan(&facts))
			if facts != 0 {
				t.Errorf("%d facts of a question that was not asked", facts)
			}
			return err
		})
	})
}

// Of two devices the later one is told; a repeat is not a change.
//
// req: B5.2.4
func TestBegunOnTwoDevices(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		citizen, n := h.NewCitizen(), id.New()
		b := half()
		first := h.keep(citizen, n, 0, b)
		if again := h.keep(citizen, n, 0, b); !reflect.DeepEqual(again, first) {
			t.Errorf("a repeat is %+v, the first was %+v", again, first)
		}
		b.Question += "工资"
		second := h.keep(citizen, n, first.Rev, b)
		if again := h.keep(citizen, n, first.Rev, b); !reflect.DeepEqual(again, second) || second.Rev != 2 {
			t.Errorf("a repeat is %+v, it was %+v", again, second)
		}
		other := half()
		other.Question = "从另一台手机写的"
		for _, rev := range []int64{0, 1, 3} {
			_, err := h.Keep(t.Context(), citizen, n, rev, other)
			h.Refused(err, fault.Conflict, "fault.stale")
			if rev > 0 {
				h.Refused(h.ThrowAway(t.Context(), citizen, n, rev), fault.Conflict, "fault.stale")
			}
		}
		_, err := h.Keep(t.Context(), citizen, id.New(), 1, other)
		h.Refused(err, fault.Conflict, "fault.stale") // thrown away elsewhere
		if got := h.begun(citizen)[0]; got.Question != b.Question || got.Rev != 2 {
			t.Errorf("%+v", got)
		}

		var wg sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for i := range 8 {
			one := half()
			one.Question = strings.Repeat("问", i+1)
			wg.Go(func() {
				_, err := h.Keep(t.Context(), citizen, n, 2, one)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					won++
				} else if !fault.Is(err, fault.Conflict) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got := h.begun(citizen)[0]; won != 1 || got.Rev != 3 {
			t.Errorf("%d of eight at once were taken, rev %d", won, got.Rev)
		}
	})
}

// It goes in the transaction in which it is asked; a refused asking leaves it.
//
// req: B5.2.2, B5.2.4
func TestBegunGoesWithAsking(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		citizen, n, other := h.NewCitizen(), id.New(), id.New()
		file := h.upload(citizen, n, picture(t, blob.PNG, ""))
		b := half()
		b.Attachments = []Attach{{file, "a.png"}}
		h.keep(citizen, n, 0, b)
		h.To(h.Clock.Now().Add(time.Minute))
		h.keep(citizen, other, 0, half())
		q := question(n)
		q.Attachments = []Attach{{id.New(), "lost.png"}}
		_, err := h.Ask(t.Context(), citizen, q)
		h.Refused(err, fault.Invalid, "fault.invalid")
		q.Question = " "
		_, err = h.Ask(t.Context(), citizen, q)
		h.Refused(err, fault.Invalid, "fault.invalid")
		taken := h.ask(h.NewCitizen()).ID // asking under this ID fails in the transaction that takes the draft away
		h.keep(citizen, taken, 0, half())
		_, err = h.Ask(t.Context(), citizen, question(taken))
		h.Refused(err, fault.Conflict, "fault.conflict")
		if all := h.begun(citizen); len(all) != 3 {
			t.Fatalf("%+v", all)
		}
		h.Must(h.ThrowAway(t.Context(), citizen, taken, 0))
		h.askWith(citizen, n, Attach{file, "a.png"})
		if all := h.begun(citizen); len(all) != 1 || all[0].Order != other {
			t.Errorf("%+v", all)
		}
		for _, rev := range []int64{0, 1} { // the other device, still open
			_, err = h.Keep(t.Context(), citizen, n, rev, half())
			h.Refused(err, fault.Conflict, "consult.draft_sent")
		}
		if rows, waiting := h.begunRows(); rows != 1 || waiting != 1 {
			t.Errorf("%d rows, %d due", rows, waiting)
		}
		if unsent, _ := h.unsentRows(); unsent != 0 {
			t.Errorf("%d files are unsent", unsent)
		}
		h.compare("")
		h.compareFiles("")
	})
}

// It is kept for as long as the organisation says after its last change, to the
// millisecond; its files as long as it.
//
// req: B5.2.4
func TestBegunExpires(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		citizen, n := h.NewCitizen(), id.New()
		file := h.upload(citizen, n, picture(t, blob.PNG, ""))
		b := half()
		b.Attachments = []Attach{{file, "a.png"}}
		h.keep(citizen, n, 0, b)
		h.To(h.Clock.Now().AddDate(0, 0, 29))
		b.Question += "。"
		last := h.keep(citizen, n, 1, b) // and another thirty days
		if _, _, err := h.reads(citizen, n, file); err != nil {
			t.Fatalf("its file is gone after 29 days: %v", err)
		}
		h.To(last.ExpiresAt.Add(-time.Millisecond))
		if all := h.begun(citizen); len(all) != 1 || all[0].Files[file] == nil {
			t.Fatalf("%+v", all)
		}
		h.outage(last.ExpiresAt) // its row has not fired yet
		if all := h.begun(citizen); len(all) != 0 {
			t.Errorf("%+v", all)
		}
		h.Refused(h.ThrowAway(t.Context(), citizen, n, 0), fault.Absent, "fault.absent")
		h.Settle()
		if rows, waiting := h.begunRows(); rows != 0 || waiting != 0 {
			t.Errorf("%d rows, %d due", rows, waiting)
		}
		h.To(h.Clock.Now().AddDate(0, 0, 2))
		if unsent, drafts := h.unsentRows(); unsent != 0 || drafts != 0 || h.stored() != 0 {
			t.Errorf("%d unsent, %d drafts, %d files stored", unsent, drafts, h.stored())
		}

		h.Must(h.DB.Do(t.Context(), setup, func(tx *db.Tx) error {
			_, err := setting.Set(tx, keepDays, setting.Owner{Org: h.org.ID, Path: h.org.Path}, 2, time.Time{})
			return err
		}))
		if x := h.keep(citizen, id.New(), 0, half()); !x.ExpiresAt.Equal(x.KeptAt.AddDate(0, 0, 2)) {
			t.Errorf("kept until %v", x.ExpiresAt)
		}
		nowhere := half()
		nowhere.Region = ""
		if x := h.keep(citizen, id.New(), 0, nowhere); !x.ExpiresAt.Equal(x.KeptAt.AddDate(0, 0, 30)) {
			t.Errorf("without a place kept until %v", x.ExpiresAt)
		}
		for _, days := range []int{0, 366} {
			if checkDraftDays(days) == nil {
				t.Errorf("%d days are taken", days)
			}
		}
	})
}

// Thrown away it leaves nothing, and an ID can be begun anew; there is room for five.
func TestBegunThrownAway(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		citizen, n := h.NewCitizen(), id.New()
		h.upload(citizen, n, picture(t, blob.PNG, ""))
		x := h.keep(citizen, n, 0, half())
		h.Must(h.ThrowAway(t.Context(), citizen, n, x.Rev))
		h.Refused(h.ThrowAway(t.Context(), citizen, n, 0), fault.Absent, "fault.absent")
		h.Settle()
		rows, waiting := h.begunRows()
		if unsent, _ := h.unsentRows(); rows != 0 || waiting != 0 || unsent != 0 || h.stored() != 0 {
			t.Errorf("%d rows, %d due, %d unsent, %d files stored", rows, waiting, unsent, h.stored())
		}
		for range MaxBegun {
			h.keep(citizen, n, 0, half())
			n = id.New()
		}
		_, err := h.Keep(t.Context(), citizen, n, 0, half())
		h.Refused(err, fault.Conflict, "consult.drafts_full")
		h.keep(h.NewCitizen(), n, 0, half())
		all := h.begun(citizen)
		h.Must(h.ThrowAway(t.Context(), citizen, all[4].Order, 0))
		h.keep(citizen, n, 0, half())
	})
}

// With the person it goes: no row, and the words don't open in an older copy.
//
// req: B5.2.4
func TestBegunIsErasedWithThePerson(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		citizen, stranger, n := h.NewCitizen(), h.NewCitizen(), id.New()
		h.upload(citizen, n, picture(t, blob.PNG, ""))
		h.keep(citizen, n, 0, half())
		h.keep(stranger, n, 0, half())
		var old begunRow
		var key id.ID
		h.View(func(tx *db.Tx) (err error) {
			row, err := db.Load[begunRow](tx, begunID(citizen.Person, n))
			if err != nil {
				return err
			}
			old = *row
			key, err = h.People.KeyOf(tx, citizen.Person)
			return err
		})
		if _, err := h.openBegun(t.Context(), key, &old); err != nil {
			t.Fatal(err)
		}
		exported, err := h.Export(t.Context(), citizen.Person)
		h.Must(err)
		if list := exported.(Exported).Begun; len(list) != 1 || list[0].Question != half().Question {
			t.Errorf("exported %+v", list)
		}
		h.People.Holders = []identity.Holder{h.Service}
		h.Must(h.People.Erase(t.Context(), setup, citizen.Person, identity.OnRequest))
		h.Settle()
		if rows, waiting := h.begunRows(); rows != 1 || waiting != 1 || len(h.begun(stranger)) != 1 {
			t.Errorf("%d rows, %d due", rows, waiting)
		}
		if unsent, _ := h.unsentRows(); unsent != 0 || h.stored() != 0 {
			t.Errorf("%d files unsent, %d stored", unsent, h.stored())
		}
		if b, err := h.openBegun(t.Context(), key, &old); err == nil {
			t.Errorf("an old copy opens: %+v", b)
		}
		_, err = h.Keep(t.Context(), citizen, n, 0, half())
		h.Refused(err, fault.Absent, "fault.absent")
		_, err = h.BegunQuestions(t.Context(), citizen, "en")
		if rows, _ := h.begunRows(); err != nil && !fault.Is(err, fault.Absent) || rows != 1 {
			t.Errorf("%v, %d rows", err, rows)
		}
	})
}

// Everything half typed is taken, nothing that asking would never take.
//
// req: B5.2.2, B5.2.4
func TestBegunClean(t *testing.T) {
	known := func(region string) bool { return region == "440000" }
	many := make([]Attach, 11)
	for i := range many {
		many[i].ID = id.New()
	}
	for want, b := range map[string]Begun{
		"step":                {Step: 4},
		"region":              {Step: 1, Region: "440199"},
		"problem_type":        {Step: 2, Type: "no such"},
		"question":            {Step: 2, Question: strings.Repeat("问", MaxQuestion+1)},
		"contact.name":        {Step: 3, Contact: Contact{Name: strings.Repeat("名", MaxName+1)}},
		"contact.phone":       {Step: 3, Contact: Contact{Phone: strings.Repeat("1", MaxPhone+1)}},
		"contact.email":       {Step: 3, Contact: Contact{Email: strings.Repeat("a", MaxEmail+1)}},
		"contact.relay":       {Step: 3, Contact: Contact{Relay: "\x00"}},
		"title":               {Step: 3, Title: strings.Repeat("t", MaxTitle+1)},
		"remark":              {Step: 3, Remark: strings.Repeat("t", MaxRemark+1)},
		"attachments":         {Step: 2, Attachments: many},
		"attachments[1].id":   {Step: 2, Attachments: []Attach{many[0], many[0]}},
		"attachments[0].name": {Step: 2, Attachments: []Attach{{id.New(), "a\x00"}}},
		"":                    {Step: 1},
		" ":                   {Step: 2, Question: " \n", Contact: Contact{Phone: "138", Email: "a@"}},
		"  ":                  {Step: 3, Region: "440000", Question: strings.Repeat("问", MaxQuestion), Type: "labour", Attachments: many[:10]},
	} {
		_, err := b.Clean(known)
		if got := fieldsOf(err); got != strings.TrimSpace(want) {
			t.Errorf("%q is refused, wanted %q", got, want)
		}
	}
	if b := (Begun{}); fieldsOf(second(b.Clean(nil))) != "step" {
		t.Error("a draft without a step is taken")
	}
}

func second[T any](_ T, err error) error { return err }

// Each naughty string is kept equal but for NFC, or refused with its field.
func TestBegunNaughty(t *testing.T) {
	dir := os.Getenv("MINGFA_TESTDATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	raw, err := os.ReadFile(filepath.Join(dir, "naughty", "blns.json"))
	if err != nil {
		t.Skip("test material is absent (set MINGFA_TESTDATA to its folder): naughty/blns.json")
	}
	var strs []string
	if err := json.Unmarshal(raw, &strs); err != nil {
		t.Fatal(err)
	}
	each(t, func(t *testing.T, h *room) {
		citizen, n, rev, kept := h.NewCitizen(), id.New(), int64(0), 0
		for _, s := range strs {
			b := Begun{Step: 2, Question: s, Contact: Contact{Name: s}, Remark: s, Attachments: []Attach{{n, s}}}
			x, err := h.Keep(t.Context(), citizen, n, rev, b)
			if err != nil {
				if !fault.Is(err, fault.Invalid) || len(s) > 3 && strings.Contains(err.Error(), s) {
					t.Errorf("%q: %v", s, err)
				}
				continue
			}
			rev, kept = x.Rev, kept+1
			got, c := h.begun(citizen)[0], norm.NFC.String(s)
			if got.Question != c || got.Contact.Name != c || got.Remark != c || got.Attachments[0].Name != c {
				t.Errorf("%q became %+v", s, got.Begun)
			}
		}
		if kept < 200 {
			t.Errorf("only %d of %d were kept", kept, len(strs))
		}
	})
}

func FuzzBegun(f *testing.F) {
	f.Add("问", "张", "138", "a@")
	f.Add("\x00", "\xff", "+", "\u200b")
	f.Fuzz(func(t *testing.T, question, name, phone, file string) {
		b := Begun{Step: 1, Question: question, Contact: Contact{Name: name, Phone: phone}, Attachments: []Attach{{id.New(), file}}}
		got, err := b.Clean(nil)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatal(err)
			}
			return
		}
		var read Begun
		if err := json.Unmarshal([]byte(asJSON(got)), &read); err != nil || !reflect.DeepEqual(read, got) {
			t.Errorf("what was kept is read otherwise: %v", err)
		}
	})
}
