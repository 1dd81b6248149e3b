package app

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mingfa/internal/base/db/dbtest"
	"mingfa/internal/base/id"
)

var writeRights = flag.Bool("write", false, "write testdata/rights.tsv as the program behaves; read the diff")

// The columns of testdata/rights.tsv.
var rightsColumns = []string{"nobody", "citizen", "lawyer", "operations", "quality", "bureau", "admin", "machine:figures", "machine:orders", "machine:reports", "machine:statutes"}

// outcome is what an answer means.
type outcome int

const (
	absent  outcome = iota // 404, as if it were not there; of nobody: 401
	empty                  // an answer in which nothing of the bundle is
	allowed                // 2xx, or 409 or 422: he may, only not now or not so
)

// cell is what one actor gets about one bundle.
type cell struct {
	a *actor
	b *bundle // nil: the call is about nothing
	o outcome
}

// Every operation, called by everybody, on what is his own, another's and another
// city's: allowed or absent, nothing else. What is expected stands in
// testdata/rights.tsv, a line for each call; an operation of the OpenAPI document
// without a call here, or a right that has changed, is a failure.
// go test ./internal/app -run TestRights -write writes the file anew, for people
// who read its diff.
//
// req: B9.2.1b
func TestRights(t *testing.T) {
	for name, database := range map[string]func(*testing.T) string{"sqlite": func(*testing.T) string { return "" }, "postgres": dbtest.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, database(t))
			w.counts()
			got := w.matrix()
			file := filepath.Join("testdata", "rights.tsv")
			if *writeRights {
				w.must(os.WriteFile(file, []byte(got), 0o644))
			}
			want, err := os.ReadFile(file)
			w.must(err)
			compareRights(t, string(want), got)
			t.Logf("%d calls", w.calls)
		})
	}
}

func compareRights(t *testing.T, want, got string) {
	if want == got {
		return
	}
	old := map[string]bool{}
	for _, line := range strings.Split(want, "\n") {
		old[line] = true
	}
	now := map[string]bool{}
	for _, line := range strings.Split(got, "\n") {
		now[line] = true
		if !old[line] {
			t.Errorf("is, and not in rights.tsv:\n%s", line)
		}
	}
	for line := range old {
		if !now[line] {
			t.Errorf("in rights.tsv, and is not:\n%s", line)
		}
	}
	if !t.Failed() {
		t.Error("rights.tsv has its lines in another order")
	}
}

// operations are those of the OpenAPI document, "GET /orders".
func (w *world) operations() (all []string) {
	b, err := w.th.house.web.OpenAPI()
	w.must(err)
	var doc struct {
		Paths map[string]map[string]json.RawMessage
	}
	w.must(json.Unmarshal(b, &doc))
	for path, methods := range doc.Paths {
		for method := range methods {
			all = append(all, strings.ToUpper(method)+" "+path)
		}
	}
	return all
}

// operation of a call's name.
func operation(name string) string {
	words := strings.SplitN(name, " ", 3)
	return words[0] + " " + words[1]
}

// matrix calls everything and gives the table.
func (w *world) matrix() string {
	known := map[string]bool{}
	for _, op := range w.operations() {
		known[op] = false
	}
	names := slices.Sorted(maps.Keys(calls))
	for _, name := range names {
		if _, ok := known[operation(name)]; !ok {
			w.t.Errorf("%s is called, and is no operation", name)
		}
		known[operation(name)] = true
	}
	for op, called := range known {
		if !called {
			w.t.Errorf("%s is in no call of rights_calls_test.go, so nobody knows who may", op)
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return rank(a) - rank(b) })
	lines := map[string]string{}
	for _, name := range names {
		lines[name] = w.line(name)
	}
	var out strings.Builder
	fmt.Fprintf(&out, "call\tabout\t%s\n", strings.Join(rightsColumns, "\t"))
	for _, name := range slices.Sorted(maps.Keys(lines)) {
		out.WriteString(lines[name] + "\n")
	}
	return out.String()
}

// rank puts what ends something behind, and signing out behind everything.
func rank(name string) int {
	switch {
	case name == "DELETE /sessions/current":
		return 2
	case calls[name].last:
		return 1
	}
	return 0
}

// line makes one call as everybody, about every bundle.
func (w *world) line(name string) string {
	c := calls[name]
	about := "nothing"
	if c.items {
		about = "items"
	} else if namesOne(name) {
		about = "object"
	}
	by := map[string][]cell{}
	nobody := &actor{name: "nobody", role: "nobody"}
	for _, a := range append([]*actor{nobody}, w.actors...) {
		by[a.role] = append(by[a.role], w.cells(name, about, a)...)
	}
	row := []string{name, about}
	for _, role := range rightsColumns {
		condition := conditionOf(by[role])
		if condition == "?" {
			w.t.Errorf("%s: what %s may follows no condition: %s", name, role, spell(by[role]))
		}
		if condition == "empty" && !inItself[operation(name)] {
			w.t.Errorf("%s: %s gets an empty list of what he never may see; it must be absent (access.Rules.List)", name, role)
		}
		row = append(row, condition)
	}
	return strings.Join(row, "\t")
}

// inItself are lists that everybody has, or whose filter finds nothing in what he
// may list: to be empty tells nothing there.
var inItself = map[string]bool{
	"GET /inbox":         true, // everybody's own
	"GET /saved-replies": true, // those shared with operations and administrators are of no bundle
	"GET /orders":        true, // "own" are a lawyer's answers
}

var placeholder = regexp.MustCompile(`\$[a-z0-9_]+`)

// namesOne tells whether a call names something of a bundle.
func namesOne(name string) bool {
	c := calls[name]
	return slices.ContainsFunc(placeholder.FindAllString(c.path+c.body, -1), func(p string) bool { return p != "$new" && p != "$phone" })
}

func (w *world) cells(name, about string, a *actor) (out []cell) {
	if !namesOne(name) {
		got := w.call(name, a, w.bundles[0])
		o := w.outcome(name, a, got)
		if about == "nothing" {
			return []cell{{a, nil, o}}
		}
		for _, b := range w.bundles {
			out = append(out, cell{a, b, w.shown(o, got, b)})
		}
		return out
	}
	gone := w.call(name, a, nowhere(w.bundles[0]))
	for _, b := range w.bundles {
		got := w.call(name, a, b)
		o := w.outcome(name, a, got)
		if o == absent && (got.status != gone.status || got.kind != gone.kind || plain(got.body) != plain(gone.body)) {
			w.t.Errorf("%s, %s about %s: forbidden and absent differ:\n%d %s\n%d %s", name, a.name, b.name, got.status, got.body, gone.status, gone.body)
		}
		if about == "items" {
			o = w.shown(o, got, b)
		}
		out = append(out, cell{a, b, o})
	}
	return out
}

func plain(body []byte) string { return requestIDs.ReplaceAllString(string(body), "") }

var requestIDs = regexp.MustCompile(`"request_id":"[^"]*"`)

// shown tells whether something of the bundle is in the answer.
func (w *world) shown(o outcome, got answered, b *bundle) outcome {
	if o != allowed {
		return o
	}
	text := w.readable(got)
	if slices.ContainsFunc(b.canaries, func(c string) bool { return !strings.HasPrefix(c, "canaryorg") && strings.Contains(text, c) }) {
		return allowed
	}
	return empty
}

// call fills the placeholders in and sends.
func (w *world) call(name string, a *actor, b *bundle) answered {
	w.t.Helper()
	c := calls[name]
	method, path, _ := strings.Cut(operation(name), " ")
	fill := func(s string) string {
		return placeholder.ReplaceAllStringFunc(s, func(p string) string {
			switch p {
			case "$new":
				return id.New().String()
			case "$phone":
				return fmt.Sprintf("+86137%08d", w.calls)
			}
			v, ok := b.word[p[1:]]
			if !ok {
				w.t.Fatalf("%s: a bundle has no %s", name, p)
			}
			return v
		})
	}
	if rest, whole := strings.CutPrefix(c.path, "="); whole {
		path = fill(rest)
	} else {
		path += fill(c.path)
	}
	body, kind := []byte(fill(c.body)), "application/json"
	switch c.body {
	case "":
		kind = ""
	case "@picture":
		body, kind = w.picture, "application/octet-stream"
	case "@import":
		body, kind = []byte("20101,20102,20103,20107\n张三,z3,13800138098,web\n"), "application/octet-stream"
	case "@answer":
		var err error
		body, err = json.Marshal(goodAnswer())
		w.must(err)
	}
	got := w.send(a, method, path, kind, body)
	w.leaks(name, a, got)
	return got
}

// outcome reads a status; one that is neither allowed nor absent is an error.
func (w *world) outcome(name string, a *actor, got answered) outcome {
	w.t.Helper()
	switch s := got.status; {
	case s >= 200 && s < 300, s == 409, s == 422:
		return allowed
	case s == 503 && bytes.Contains(got.body, []byte(`"paper.no_font"`)): // built without the pages, and so without a font
		return allowed
	case s == 401 && bytes.Contains(got.body, []byte(`"identity.wrong_credentials"`)): // the door of the staff is open, the password wrong
		return allowed
	case s == 404 && a.role != "nobody", s == 401 && a.role == "nobody":
		return absent
	}
	w.t.Errorf("%s as %s: %d %s", name, a.name, got.status, got.body)
	return absent
}

// leaks looks for what is not the actor's in any answer at all.
func (w *world) leaks(name string, a *actor, got answered) {
	w.t.Helper()
	text := w.readable(got)
	for _, b := range w.bundles {
		if b.concerns(a) {
			continue
		}
		for _, c := range b.canaries {
			if !strings.Contains(text, c) || w.known(a, c) {
				continue
			}
			w.t.Errorf("%s as %s (%d) shows %q of %s: %.300s", name, a.name, got.status, c, b.name, around(text, c))
		}
	}
	for org, reply := range w.shared {
		if strings.Contains(text, reply) && !strings.HasPrefix(a.path, w.orgs[org].Path) && !strings.HasPrefix(w.orgs[org].Path, a.path) {
			w.t.Errorf("%s as %s shows the shared reply of %s", name, a.name, org)
		}
	}
}

// known tells whether the actor may know a canary from a bundle of his own, as the
// name of his own organisation.
func (w *world) known(a *actor, canary string) bool {
	for _, b := range w.bundles {
		if b.concerns(a) && slices.Contains(b.canaries, canary) {
			return true
		}
	}
	return strings.HasPrefix(canary, "canaryorg") && a.path != "" && a.path == w.orgs[canary[len("canaryorg"):]].Path
}

func around(text, c string) string {
	i := strings.Index(text, c)
	return text[max(0, i-150):min(len(text), i+150)]
}

// readable is an answer as text: XLSX files are opened, PDF files read where there
// is pdftotext.
func (w *world) readable(got answered) string {
	if tool, err := exec.LookPath("pdftotext"); err == nil && strings.HasPrefix(got.kind, "application/pdf") {
		c := exec.CommandContext(w.t.Context(), tool, "-raw", "-", "-")
		c.Stdin = bytes.NewReader(got.body)
		text, err := c.Output()
		w.must(err)
		return string(text)
	}
	if !strings.Contains(got.kind, "spreadsheetml") {
		return string(got.body)
	}
	z, err := zip.NewReader(bytes.NewReader(got.body), int64(len(got.body)))
	w.must(err)
	var out strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		w.must(err)
		_, err = io.Copy(&out, r)
		w.must(err)
		w.must(r.Close())
	}
	return out.String()
}

// conditions are tried in this order; the first that tells all cells is it.
var conditions = []struct {
	name  string
	holds func(a *actor, b *bundle) bool
}{
	{"always", func(*actor, *bundle) bool { return true }},
	{"own", func(a *actor, b *bundle) bool { return b != nil && a.role == "citizen" && b.citizen == a.person }},
	{"assigned", func(a *actor, b *bundle) bool { return b != nil && a.role == "lawyer" && b.lawyer == a.person }},
	{"within", func(a *actor, b *bundle) bool { return b != nil && b.within(a) }},
	{"operator", func(a *actor, b *bundle) bool { return strings.HasSuffix(a.name, " R") }},
	{"not the city", func(a *actor, b *bundle) bool {
		return strings.HasSuffix(a.name, " R") || strings.HasSuffix(a.name, " P")
	}},
}

// conditionOf finds under which condition a role may: "-" never, as if it were not
// there; "empty" an answer without anything; "?" none that is known.
func conditionOf(cells []cell) string {
	all := func(fits func(cell) bool) bool {
		return !slices.ContainsFunc(cells, func(c cell) bool { return !fits(c) })
	}
	switch {
	case len(cells) == 0:
		return "?"
	case all(func(c cell) bool { return c.o == absent }):
		return "-"
	case all(func(c cell) bool { return c.o == empty }):
		return "empty"
	}
	for _, x := range conditions {
		if all(func(c cell) bool { return x.holds(c.a, c.b) == (c.o == allowed) }) {
			return x.name
		}
	}
	return "?"
}

func spell(cells []cell) string {
	var out []string
	for _, c := range cells {
		about := ""
		if c.b != nil {
			about = " " + c.b.name
		}
		out = append(out, fmt.Sprintf("%s%s %s", c.a.name, about, [...]string{"absent", "empty", "allowed"}[c.o]))
	}
	return strings.Join(out, "; ")
}

// counts holds each figure against what the same actor may list, and against what
// was played: five orders of the first day for each bundle that is his, all rated,
// two of them badly, and one complaint.
//
// req: B7.3.2.1
func (w *world) counts() {
	for _, a := range w.actors {
		n := int64(0)
		for _, b := range w.bundles {
			if b.within(a) {
				n++
			}
		}
		switch a.role {
		case "operations", "quality", "bureau":
			w.figures(a, "/figures?date=2026-03-02", n)
			w.figures(a, "/reports/2026-03-02.json", n)
			w.board(a)
		case "machine:figures":
			w.figures(a, "/figures?date=2026-03-02", n)
			w.board(a)
		case "machine:reports":
			w.figures(a, "/reports/2026-03-02.json", n)
		case "admin":
			w.erasedRows(a)
		}
	}
}

func (w *world) figures(a *actor, path string, n int64) {
	var got struct {
		Org           struct{ ID string }
		Consultations int64 `json:"consultations"`
		Rated         int64 `json:"rated"`
		NonSatisfied  int64 `json:"non_satisfied"`
		Complaints    int64 `json:"complaints_received"`
	}
	w.do(a, "GET", path, nil, &got)
	if got.Consultations != 5*n || got.Rated != 5*n || got.NonSatisfied != 2*n || got.Complaints != n {
		w.t.Errorf("%s as %s, who has %d citizens: %+v", path, a.name, n, got)
	}
}

// board opens every list behind a figure of the board and counts its rows.
func (w *world) board(a *actor) {
	var got struct {
		Figures []struct {
			Code  string
			Opens []struct {
				Path  string
				Query map[string]string
				Count int
			}
		}
	}
	w.do(a, "GET", "/board", nil, &got)
	opened := 0
	for _, f := range got.Figures {
		for _, o := range f.Opens {
			q := url.Values{}
			for k, v := range o.Query {
				q.Set(k, v)
			}
			if o.Path != "/lawyers" { // which has no pages
				q.Set("limit", "200")
			}
			var list struct{ Items []json.RawMessage }
			w.do(a, "GET", o.Path+"?"+q.Encode(), nil, &list)
			if len(list.Items) != o.Count {
				w.t.Errorf("%s as %s: %d, and %s?%s lists %d", f.Code, a.name, o.Count, o.Path, q.Encode(), len(list.Items))
			}
			opened++
		}
	}
	if (opened == 0) != (a.role == "machine:figures") { // which may open nothing
		w.t.Errorf("the board of %s opens %d lists", a.name, opened)
	}
}

// erasedRows lets the administrator of a city erase by phone what was imported, which
// must not reach the row with the same phone in another city.
func (w *world) erasedRows(a *actor) {
	for _, b := range w.bundles {
		if a.path != b.path || b.name == "A1" {
			continue
		}
		for _, want := range []int{1, 0} {
			var got struct{ Rows int }
			w.do(a, "POST", "/imported-people/erase", fields{"phone": "+86" + importedPhone}, &got)
			if got.Rows != want {
				w.t.Errorf("%s erases %d imported rows, not %d", a.name, got.Rows, want)
			}
		}
	}
}
