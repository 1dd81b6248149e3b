package identity

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/due"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/who"
)

// holder is another room.
type holder struct{ erased []id.ID }

func (h *holder) Export(context.Context, id.ID) (any, error) {
	return map[string]int{"orders": 2}, nil
}

func (h *holder) Erase(_ *db.Tx, p id.ID) error {
	h.erased = append(h.erased, p)
	return nil
}

// keyOf is a person's key, as consult asks for it.
func (h *house) keyOf(person id.ID) (key id.ID, err error) {
	err = h.DB.View(h.t.Context(), system, func(tx *db.Tx) error {
		c, err := h.Reach(h.t.Context(), tx, person)
		key = c.Key
		return err
	})
	return key, err
}

// orderText is a text under the key of an order of a person, as consult has it.
func (h *house) orderText(a who.Actor, plain string) id.ID {
	h.t.Helper()
	key, err := h.keyOf(a.Person)
	if err != nil {
		h.t.Fatal(err)
	}
	order, err := h.Keys.New(h.t.Context(), seal.Order, key)
	if err != nil {
		h.t.Fatal(err)
	}
	text, err := h.Keys.Seal(h.t.Context(), a.Org, order, plain)
	if err != nil {
		h.t.Fatal(err)
	}
	if err := h.DB.Do(h.t.Context(), a, func(tx *db.Tx) error { return seal.Put(tx, text) }); err != nil {
		h.t.Fatal(err)
	}
	return text.ID
}

func (h *house) read(i id.ID) (text seal.Text) {
	h.t.Helper()
	err := h.DB.View(h.t.Context(), setup, func(tx *db.Tx) error {
		m, err := h.Keys.Read(h.t.Context(), tx, i)
		text = m[i]
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return text
}

func (h *house) admin() who.Actor {
	h.t.Helper()
	h.staff(h.root.ID, "admin", who.Admin)
	_, token, err := h.SignInStaff(h.t.Context(), "admin", passwd, h.totp())
	if err != nil {
		h.t.Fatal(err)
	}
	return h.auth(token)
}

// gone demands that nothing leads to a person or can be read of him.
func (h *house) gone(a who.Actor, token string, text id.ID) {
	h.t.Helper()
	if got := h.read(text); !got.Erased || got.Plain != "" {
		h.t.Errorf("his text: %+v", got)
	}
	if _, _, err := h.Phone(h.t.Context(), a.Person); !errors.Is(err, ErrGone) {
		h.t.Errorf("his phone: %v", err)
	}
	if _, err := h.keyOf(a.Person); !errors.Is(err, ErrGone) {
		h.t.Errorf("his key: %v", err)
	}
	h.refusedToken(token)
	if n := h.count("SELECT count(*) FROM identity_person WHERE id = ? AND gone_at IS NOT NULL AND phone_index IS NULL", a.Person.String()); n != 1 {
		h.t.Error("the erasure is not finished")
	}
	if n := h.count("SELECT count(*) FROM journal_fact WHERE kind = 'identity.erased' AND subject = ?", a.Person.String()); n != 1 {
		h.t.Errorf("%d facts that he is erased", n)
	}
	if n := h.count("SELECT count(*) FROM due_row WHERE subject = ?", a.Person.String()); n != 0 {
		h.t.Errorf("%d promises are left", n)
	}
}

// req: B9.3.1 B7.4.2.1.5
func TestErase(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		room := &holder{}
		h.Holders = []Holder{room}
		admin := h.admin()
		a, token := h.citizen(phoneA)
		name := "王小明"
		if err := h.ChangeMe(t.Context(), a, Change{Name: &name}); err != nil {
			t.Fatal(err)
		}
		text := h.orderText(a, "我的问题")
		if got := h.read(text); got.Plain != "我的问题" { // the control
			t.Fatalf("before: %+v", got)
		}
		if out, err := h.Export(t.Context(), a); err != nil || out.Name != name || out.Phone != "+8613800138000" || len(out.Rooms) != 1 {
			t.Fatalf("export %+v, %v", out, err)
		}
		for range 2 { // once more does no harm
			if err := h.Erase(t.Context(), admin, a.Person, OnRequest); err != nil {
				t.Fatal(err)
			}
		}
		h.gone(a, token, text)
		if len(room.erased) != 1 || room.erased[0] != a.Person {
			t.Errorf("the other room was asked for %v", room.erased)
		}
		names := map[id.ID]string{}
		err := h.DB.View(t.Context(), setup, func(tx *db.Tx) (err error) {
			names, err = h.Names(t.Context(), tx, a.Person, admin.Person)
			return err
		})
		if err != nil || names[a.Person] != "" || names[admin.Person] == "" {
			t.Errorf("names %v, %v", names, err)
		}
		h.clock.Add(time.Minute)
		b, _ := h.citizen(phoneA) // the same phone joins again, with nothing of the old
		if b.Person == a.Person {
			t.Error("the old account came back")
		}
		if out, err := h.Export(t.Context(), b); err != nil || out.Name != "" {
			t.Errorf("export %+v, %v", out, err)
		}
	})
}

func TestEraseGoesOnAfterACrash(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		admin := h.admin()
		a, token := h.citizen(phoneA)
		text := h.orderText(a, "我的问题")
		if _, err := h.decideErase(t.Context(), admin, a.Person, ByCourt); err != nil { // and here it dies
			t.Fatal(err)
		}
		if got := h.read(text); got.Erased {
			t.Error("the key went before its step")
		}
		h.refusedToken(token)
		if _, _, err := h.Phone(t.Context(), a.Person); !errors.Is(err, ErrGone) {
			t.Errorf("he can still be reached: %v", err)
		}
		runner := due.NewRunner(h.DB, nil)
		h.Wire(runner)
		h.clock.Add(time.Minute)
		if n, err := runner.RunDue(t.Context()); err != nil || n != 1 {
			t.Fatalf("%d promises fired, %v", n, err)
		}
		h.gone(a, token, text)
		h.clock.Add(time.Hour)
		if n, err := runner.RunDue(t.Context()); err != nil || n != 0 {
			t.Errorf("%d promises fired afterwards, %v", n, err)
		}
	})
}

func TestEraseRefuses(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		city := h.org(NewOrg{Parent: h.root.ID, Level: City, Name: "深圳市司法局", Region: "440300"})
		h.staff(city.ID, "local", who.Admin)
		_, token, err := h.SignInStaff(t.Context(), "local", passwd, h.totp())
		if err != nil {
			t.Fatal(err)
		}
		local, admin := h.auth(token), h.admin()
		a, _ := h.citizen(phoneA)
		for name, err := range map[string]error{
			"himself":            h.Erase(t.Context(), a, a.Person, OnRequest),
			"a city's admin":     h.Erase(t.Context(), local, a.Person, OnRequest),
			"nobody's person":    h.Erase(t.Context(), admin, id.New(), OnRequest),
			"an operator's user": h.Erase(t.Context(), local, admin.Person, OnRequest),
		} {
			if !fault.Is(err, fault.Absent) {
				t.Errorf("%s: %v", name, err)
			}
		}
		wantKey(t, h.Erase(t.Context(), admin, a.Person, "because"), fault.Invalid, "fault.field_choice")
		h.auth(token)
		if err := h.Erase(t.Context(), admin, local.Person, ByMistake); err != nil {
			t.Fatal(err)
		}
		h.refusedToken(token)
		h.clock.Add(time.Minute)
		_, _, err = h.SignInStaff(t.Context(), "local", passwd, h.totp())
		wantKey(t, err, fault.Unknown, "identity.wrong_credentials")
		h.staff(city.ID, "local", who.Bureau) // the name is free again
	})
}

// Nothing that a person gave us stands readable in a file of the database, and
// no error repeats it.
func TestNoPlainTextAnywhere(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		name := "欧阳明镜"
		secrets := []string{"13800138000", "13911112222", name, "ouyang.mj", passwd, secret}
		_, _, err := h.MakeStaff(t.Context(), setup, NewStaff{Org: h.root.ID, User: "ouyang.mj", Name: name, Phone: "13911112222",
			Password: passwd, TOTPSecret: secret, Roles: []who.Role{who.Admin}})
		if err != nil {
			t.Fatal(err)
		}
		a, token := h.citizen(phoneA)
		secrets = append(secrets, token, `"`+h.sent[0].code+`"`)
		if err := h.ChangeMe(t.Context(), a, Change{Name: &name}); err != nil {
			t.Fatal(err)
		}
		var said []error
		_, err = h.SendCode(t.Context(), phoneA, "")
		said = append(said, err)
		_, err = h.SendCode(t.Context(), "+86 1380013800", "")
		said = append(said, err)
		_, _, err = h.SignInCitizen(t.Context(), phoneA, "123456", "")
		said = append(said, err)
		_, _, err = h.SignInStaff(t.Context(), "ouyang.mj", "x"+passwd, "000000")
		said = append(said, err)
		_, _, err = h.MakeStaff(t.Context(), setup, NewStaff{Org: h.root.ID, User: "ouyang.mj", Name: name, Password: passwd,
			TOTPSecret: secret, Roles: []who.Role{who.Admin}})
		said = append(said, err)
		for _, err := range said {
			for _, s := range secrets {
				if err == nil || strings.Contains(err.Error(), s) {
					t.Errorf("error %v", err)
				}
			}
		}
		found := h.DB.Postgres() // of the server's files only its log is ours to judge
		for path, b := range h.files() {
			found = found || bytes.Contains(b, []byte("identity_person"))
			for _, s := range secrets {
				if bytes.Contains(b, []byte(s)) {
					t.Errorf("%s holds %.3s...", filepath.Base(path), s)
				}
			}
		}
		if !found {
			t.Error("these are not the files of the database")
		}
	})
}

// files are the files of the SQLite database, with its log; of PostgreSQL the
// server's log, into which statements that fail are written.
func (h *house) files() map[string][]byte {
	h.t.Helper()
	if h.DB.Postgres() {
		if dbtest.PostgresDir() == "" {
			h.t.Skip("the server is not ours, its log can't be read")
		}
		log := filepath.Join(dbtest.PostgresDir(), "log")
		b, err := os.ReadFile(log)
		if err != nil {
			h.t.Fatal(err)
		}
		return map[string][]byte{log: b}
	}
	var path string
	err := h.DB.View(h.t.Context(), setup, func(tx *db.Tx) error {
		var n int
		var name string
		return tx.Row("SELECT seq, name, file FROM pragma_database_list WHERE name = 'main'").Scan(&n, &name, &path)
	})
	if err != nil {
		h.t.Fatal(err)
	}
	all := map[string][]byte{}
	err = filepath.WalkDir(filepath.Dir(path), func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			all[p], err = os.ReadFile(p)
		}
		return err
	})
	if err != nil || len(all) == 0 {
		h.t.Fatalf("%d files, %v", len(all), err)
	}
	return all
}
