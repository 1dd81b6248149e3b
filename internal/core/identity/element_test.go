package identity

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"io"
	"slices"
	"strings"
	"testing"

	"mingfa/internal/base/attach/attachtest"
	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/element"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/who"
)

// fields are the faults of an error, each as "path key".
func fields(err error) (out []string) {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		for _, x := range f.Fields {
			out = append(out, x.Path+" "+x.Key)
		}
	}
	return out
}

// A citizen completes his profile, one element or all of them; nothing is half
// changed, and nothing of it is in the clear.
//
// req: BB.20102, BB.20104, BB.20105, BB.20106
func TestDescribe(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		a, _ := h.citizen(phoneA)
		d, err := h.Describe(t.Context(), a, element.Row{"20105": "440000 广东省", "20106": "PLANTED-ADDRESS", "20102": "Zhang3"})
		if err != nil || d.Values["20105"] != "440000" || d.Table != element.Users || len(d.Missing) != 0 {
			t.Fatalf("%+v %v", d, err)
		}
		_, err = h.Describe(t.Context(), a, element.Row{"20105": "999999", "20104": "x", "20106": "changed", "20103": "13900000000", "20101": "x"})
		if got := fields(err); !slices.Equal(got, []string{"values fault.field_unknown", "values fault.field_unknown", "values.20104 element.email", "values.20105 element.region"}) {
			t.Errorf("%v", got)
		}
		if d, err = h.Describe(t.Context(), a, element.Row{"20104": "a@example.com", "20105": ""}); err != nil || d.Values["20106"] != "PLANTED-ADDRESS" || d.Values["20105"] != "" {
			t.Errorf("%+v %v", d, err)
		}
		b, _ := h.citizen("13800138001")
		if _, err := h.Describe(t.Context(), b, element.Row{"20102": "ZHANG3"}); !slices.Equal(fields(err), []string{"values.20102 identity.element_taken"}) {
			t.Errorf("a user name that is taken: %v", err)
		}
		if x, err := h.Export(t.Context(), a); err != nil || x.Elements["20106"] != "PLANTED-ADDRESS" {
			t.Errorf("%+v %v", x.Elements, err)
		}
		h.verified()
		for name, content := range h.files() {
			if bytes.Contains(content, []byte("PLANTED-ADDRESS")) || bytes.Contains(content, []byte("hang3")) {
				t.Errorf("%s holds what he told", name)
			}
		}
		if err := h.Erase(t.Context(), h.admin(), a.Person, OnRequest); err != nil {
			t.Fatal(err)
		}
		if n := h.count("SELECT count(*) FROM identity_element WHERE name_index IS NOT NULL"); n != 0 {
			t.Error("his user name still leads to him")
		}
		if _, err := h.Describe(t.Context(), a, element.Row{"20106": "again"}); !fault.Is(err, fault.Absent) {
			t.Errorf("an erased person tells: %v", err)
		}
		if _, err := h.Describe(t.Context(), b, element.Row{"20102": "zhang3"}); err != nil {
			t.Errorf("the name of an erased person is not free: %v", err)
		}
		h.verified()
	})
}

// verified checks contents as verify does.
func (h *house) verified() {
	h.t.Helper()
	j, err := journal.Open(h.t.Context(), h.DB, journal.Config{})
	if err == nil {
		err = j.Drain(h.t.Context())
	}
	if err != nil {
		h.t.Fatal(err)
	}
	r, err := journal.Verify(h.t.Context(), journal.Audit{DB: h.DB, Keys: h.Keys})
	if err != nil || r.Content[seal.Bad] != 0 {
		h.t.Errorf("%v %v", r.Content, err)
	}
}

// picturesChecked checks pictures as verify does; one whose file is gone is named.
func (h *house) picturesChecked() {
	h.t.Helper()
	x := NewPictures()
	h.verified() // which numbers the facts
	count := attachtest.Verify(h.t, h.DB, h.Blobs, x, "")
	if count[seal.OK] == 0 || count[seal.OK] != len(x.told) {
		h.t.Errorf("%d pictures are told, checked are %v", len(x.told), count)
	}
	empty, err := blob.OpenDir(h.t.TempDir())
	if err != nil {
		h.t.Fatal(err)
	}
	defer empty.Close()
	attachtest.Verify(h.t, h.DB, blob.New(h.Keys, empty), x, "is missing")
}

// A lawyer fills in his file, with pictures of his cards that only he can name.
//
// req: BB.20204, BB.20205, BB.20208, BB.20210, BB.20211, BB.20212, BB.20301, BB.20302, BB.20303, BB.20304, BB.20305, BB.20306, BB.20307, BB.20401, BB.20402, BB.20403
func TestLawyersFile(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		store, err := blob.OpenDir(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { store.Close() })
		h.Blobs = blob.New(h.Keys, store)
		h.FieldKnown = func(code string) bool { return code == "labour" }
		as := func(user string) who.Actor {
			return who.Actor{Person: h.staff(h.root.ID, user, who.DutyLawyer), Org: h.root.ID, Scope: h.root.Path, Roles: []who.Role{who.DutyLawyer}}
		}
		a, b := as("lawyer1"), as("lawyer2")
		d, err := h.Description(t.Context(), a)
		if err != nil || len(d.Missing) != 12 {
			t.Errorf("%d are missing, %v", len(d.Missing), err)
		}
		var picture bytes.Buffer
		if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 9, 9))); err != nil {
			t.Fatal(err)
		}
		keep := func(a who.Actor) string {
			i, err := h.KeepPicture(t.Context(), a, bytes.NewReader(picture.Bytes()))
			if err != nil {
				t.Fatal(err)
			}
			return i.String()
		}
		front, back, held, others := keep(a), keep(a), keep(a), keep(b)
		whole := element.Row{"20204": "a@example.com", "20208": "深圳市中级人民法院；福田区人民法院", "20211": "labour", "20301": "男", "20302": "1980/1/2", "20303": "11010519491231002x",
			"20304": front + ";" + back, "20305": "14403201810012345", "20306": "2010-05-06", "20307": held, "20401": "案例", "20402": "描述", "20403": "十年"}
		if d, err = h.Describe(t.Context(), a, whole); err != nil || len(d.Missing) != 0 || d.Values["20301"] != "0" || d.Values["20208"] != "深圳市中级人民法院;福田区人民法院" {
			t.Errorf("%+v %v", d, err)
		}
		for name, c := range map[string]element.Row{"another's picture": {"20307": others}, "no picture": {"20307": id.New().String()}, "another's licence": {"20305": "14403201810012345"}, "no field of law": {"20211": "cooking"}} {
			if _, err := h.Describe(t.Context(), b, c); name != "another's picture" && !fault.Is(err, fault.Invalid) || name == "another's picture" && err != nil {
				t.Errorf("%s: %v", name, err) // b's own picture is his
			}
		}
		if _, err := h.Describe(t.Context(), a, element.Row{"20307": others}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a picture of somebody else: %v", err)
		}
		i, _ := id.Parse(front)
		r, err := h.Picture(t.Context(), a, i)
		if err != nil || r.Size != int64(picture.Len()) || r.Kind != blob.PNG {
			t.Fatal(r, err)
		}
		if got, err := io.ReadAll(r.Content); err != nil || !bytes.Equal(got, picture.Bytes()) {
			t.Error("the picture is another", err)
		}
		r.Content.Close()
		h.picturesChecked()
		if _, err := h.Picture(t.Context(), b, i); !fault.Is(err, fault.Absent) {
			t.Errorf("somebody else's: %v", err)
		}
		if _, err := h.KeepPicture(t.Context(), a, strings.NewReader("%PDF-1.7 no picture at all")); err == nil {
			t.Error("a PDF is taken for a picture")
		}
		c, _ := h.citizen(phoneA)
		if _, err := h.KeepPicture(t.Context(), c, &picture); !fault.Is(err, fault.Absent) {
			t.Errorf("a citizen leaves a picture: %v", err)
		}
		operator := who.Actor{Person: a.Person, Org: h.root.ID, Roles: []who.Role{who.Operations}}
		if _, err := h.Description(t.Context(), operator); !fault.Is(err, fault.Absent) {
			t.Errorf("operations have a file: %v", err)
		}
		h.view(func(tx *db.Tx) error {
			all, err := h.Elements(t.Context(), tx, a.Person, b.Person, c.Person)
			if len(all) != 2 {
				t.Errorf("%d have told something", len(all))
			}
			return err
		})
		h.verified()
	})
}

func (h *house) view(fn func(tx *db.Tx) error) {
	h.t.Helper()
	if err := h.DB.View(h.t.Context(), setup, fn); err != nil {
		h.t.Fatal(err)
	}
}

func TestHTTPElements(t *testing.T) {
	eachDoor(t, func(t *testing.T, d door) {
		_, token := d.citizen(phoneA)
		a := d.want(d.call("GET", "/me/elements", token, ""), 200)
		if a.body["table"] != "users" || len(a.body["fields"].([]any)) != 4 {
			t.Errorf("%s", a.raw)
		}
		d.want(d.call("PATCH", "/me/elements", token, `{"values":{"20106":"福田区 1 号"}}`), 200)
		if a := d.want(d.call("PATCH", "/me/elements", token, `{"values":{"20105":"CANARY"}}`), 422); !strings.Contains(a.raw, "region code") || strings.Contains(a.raw, "CANARY") {
			t.Errorf("%s", a.raw)
		}
		if a := d.want(d.call("GET", "/me/elements", token, ""), 200); !strings.Contains(a.raw, "福田区 1 号") {
			t.Errorf("%s", a.raw)
		}
		d.want(d.call("GET", "/me/elements", "", ""), 401)
		d.want(d.call("GET", "/me/pictures/"+id.New().String(), token, ""), 404)
	})
}
