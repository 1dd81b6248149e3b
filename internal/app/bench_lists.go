package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pquerna/otp/totp"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
	"mingfa/internal/core/identity"
	"mingfa/internal/data/board"
	"mingfa/internal/public/lawyer"
)

func init() { registerBench("lists", benchLists) }

// benchLists makes a million orders (bench_copy.go) and asks for every list, search,
// ledger, export and report over HTTP, as everybody who may.
func benchLists(ctx context.Context, b *Bench) error {
	w := &listWorld{b: b, login: newDemoAccess(), rng: rand.New(rand.NewPCG(5, 6)), readers: map[string]string{}}
	if b.Size.Only != "" {
		var err error
		if w.only, err = regexp.Compile(b.Size.Only); err != nil {
			return fmt.Errorf("--only: %w", err)
		}
	}
	kept, err := w.readKept()
	if err != nil {
		return err
	}
	if !kept {
		start := time.Now()
		if w.p, err = patternDay(ctx, b.Dir, b.Size.Pattern); err != nil {
			return fmt.Errorf("play the pattern: %w", err)
		}
		b.Report("pattern_played", time.Since(start).Seconds(), "s")
	}
	c := config{Data: filepath.Join(b.Dir, "house"), DB: b.URL, Checkpoints: "-", SMS: "screen", URL: "http://bench"}
	if err := c.defaults(); err != nil {
		return err
	}
	c.Rates.Reads, c.Rates.Writes, c.Rates.Public = 0, 0, 0
	clock := db.NewStepClock(w.p.day.Add(benchHour))
	if w.h, err = open(ctx, c, options{clock: clock, step: true, log: slog.New(slog.DiscardHandler)}); err != nil {
		return err
	}
	err = w.run(ctx, kept)
	return errors.Join(err, w.h.stop(context.WithoutCancel(ctx)))
}

// listWorld is the house with its million.
type listWorld struct {
	h                      *house
	b                      *Bench
	p                      *pattern
	login                  *demoAccess
	rng                    *rand.Rand
	cast                   cast
	regular                [2]id.ID          // a citizen who asks again and again
	readers                map[string]string // tokens by name
	orgs                   map[string]identity.Org
	base                   string
	client                 *http.Client
	known                  map[string][]string // IDs for placeholders and filters
	only                   *regexp.Regexp      // what is asked; nil: all
	asked, slow, slowFirst int
}

// wanted tells whether a question is to be asked, by its name in the report.
func (w *listWorld) wanted(name string) bool { return w.only == nil || w.only.MatchString(name) }

func (w *listWorld) run(ctx context.Context, kept bool) error {
	if !kept {
		if err := w.make(ctx); err != nil {
			return err
		}
	}
	stop, err := w.serve()
	if err != nil {
		return err
	}
	defer stop()
	if !kept {
		if err := w.enter(ctx); err != nil {
			return err
		}
		if err := w.keep(); err != nil {
			return err
		}
	}
	return w.measure(ctx)
}

// make makes the people and the orders.
func (w *listWorld) make(ctx context.Context) error {
	start := time.Now()
	if err := w.people(ctx); err != nil {
		return err
	}
	w.b.Report("people_made", time.Since(start).Seconds(), "s")
	start = time.Now()
	c := &copier{h: w.h, p: w.p, cast: &w.cast, url: w.b.URL, rng: w.rng}
	for range 20 {
		c.citizens = append(c.citizens, w.regular)
	}
	if err := c.run(ctx, w.b.Size.Listed, w.b.Size.Days); err != nil {
		return err
	}
	w.b.Report("orders_made", time.Since(start).Seconds(), "s")
	w.b.Report("of it, indexes", c.indexed.Seconds(), "s")
	for _, t := range copiedTables {
		if n := c.rows[t]; n > 0 {
			w.b.Report("rows_of_"+t, float64(n), "")
		}
	}
	start = time.Now()
	if err := board.Recount(ctx, w.h.db); err != nil {
		return err
	}
	if err := tidy(ctx, w.b.URL); err != nil {
		return err
	}
	w.b.Report("counted_and_tidied", time.Since(start).Seconds(), "s")
	if w.b.Size.Listed > 10_000 {
		return nil
	}
	return w.verify(ctx)
}

// The organisations: provinces, cities and counties. Some have very many orders,
// some have hardly any: the last county has none.
const (
	benchCities   = 20
	benchCounties = 5 // of each city
)

func (w *listWorld) people(ctx context.Context) error {
	root, ok, err := w.h.people.Root(ctx)
	if err != nil || !ok {
		return errors.Join(err, errors.New("there is no operator"))
	}
	w.cast = cast{root: root, lawyers: map[id.ID][]id.ID{}}
	w.orgs = map[string]identity.Org{"operator": root}
	make := func(parent identity.Org, level identity.Level, region string) (identity.Org, error) {
		return w.h.people.MakeOrg(ctx, benchActor, identity.NewOrg{ID: id.New(), Parent: parent.ID, Level: level, Name: region + "公共法律服务中心", Region: region})
	}
	province, err := make(root, identity.Province, "440000")
	if err != nil {
		return err
	}
	w.orgs["province"] = province
	all := []identity.Org{province}
	for i := range benchCities {
		city, err := make(province, identity.City, fmt.Sprintf("44%02d00", i+1))
		if err != nil {
			return err
		}
		all = append(all, city)
		for k := range benchCounties {
			county, err := make(city, identity.County, fmt.Sprintf("44%02d%02d", i+1, k+1))
			if err != nil {
				return err
			}
			all = append(all, county)
		}
	}
	w.orgs["city"], w.orgs["county"] = all[1], all[2]
	w.orgs["small county"], w.orgs["no county"] = all[len(all)-2], all[len(all)-1]
	sum := 0.0
	for i, o := range all[:len(all)-1] {
		weight := 1 / float64(i+3)
		if o.ID == w.orgs["small county"].ID {
			weight /= 1000
		}
		sum += weight
		w.cast.orgs, w.cast.weight = append(w.cast.orgs, o), append(w.cast.weight, sum)
	}
	return w.staff(ctx, all)
}

// benchReaders are those who ask: name, organisation, role.
var benchReaders = []struct {
	name, org string
	role      who.Role
}{
	{"operations of the operator", "operator", who.Operations}, {"operations of a province", "province", who.Operations}, {"operations of a city", "city", who.Operations},
	{"operations of a county", "county", who.Operations}, {"operations of a small county", "small county", who.Operations}, {"operations of a county without orders", "no county", who.Operations},
	{"quality", "operator", who.Quality}, {"quality of a city", "city", who.Quality}, {"bureau of a city", "city", who.Bureau}, {"administrator", "operator", who.Admin},
}

func (w *listWorld) staff(ctx context.Context, orgs []identity.Org) error {
	for i, r := range benchReaders {
		person, _, err := w.h.hire(ctx, w.login, w.orgs[r.org].ID, fmt.Sprintf("reader%d", i), "王敏", r.role)
		if err != nil {
			return err
		}
		w.cast.staff = append(w.cast.staff, person)
	}
	type hired struct {
		n   int
		org identity.Org
		who id.ID
	}
	list := []*hired{}
	for i := range w.b.Size.Lawyers {
		list = append(list, &hired{n: i, org: orgs[i%len(orgs)]})
	}
	err := together(list, 4, func(l *hired) error {
		person, key, err := w.h.hire(ctx, w.login, l.org.ID, fmt.Sprintf("law%d", l.n), lawyerNames[l.n%len(lawyerNames)], who.DutyLawyer)
		if err != nil {
			return err
		}
		l.who = person
		return w.h.lawyers.Add(ctx, system, lawyer.New{Person: person, Key: key, Org: l.org.ID, Path: l.org.Path, Name: lawyerNames[l.n%len(lawyerNames)], Nickname: fmt.Sprintf("律师%d", l.n),
			Firm: "明法律师事务所", Areas: []string{lawyer.Any}, Regions: []string{lawyer.Any}, Languages: []string{"zh-Hans", "zh-Hant-HK", "en"},
			Status: []lawyer.Status{lawyer.Online, lawyer.Busy, lawyer.Away}[l.n%3]})
	})
	for _, l := range list {
		w.cast.lawyers[l.org.ID] = append(w.cast.lawyers[l.org.ID], l.who)
		w.cast.all = append(w.cast.all, l.who)
	}
	for _, o := range orgs { // fewer lawyers than organisations, in a test
		if len(w.cast.lawyers[o.ID]) == 0 {
			w.cast.lawyers[o.ID] = []id.ID{list[0].who}
		}
	}
	if err != nil {
		return err
	}
	tokens, err := w.h.askers(ctx, 1)
	if err != nil {
		return err
	}
	w.readers["citizen"] = tokens[0]
	return w.h.db.View(ctx, benchActor, func(tx *db.Tx) error {
		rows, columns, err := readTable(tx, "identity_person")
		for _, r := range rows {
			if text(r[slices.Index(columns, "kind")]) == "citizen" {
				w.regular = [2]id.ID{uuidOf(text(r[slices.Index(columns, "id")])), uuidOf(text(r[slices.Index(columns, "key")]))}
			}
		}
		return err
	})
}

// text is a value of a column of text or of IDs, as either database gives it.
func text(v any) string {
	if b, ok := v.([]byte); ok {
		if len(b) == 16 {
			return id.ID(b).String()
		}
		return string(b)
	}
	return fmt.Sprint(v)
}

// serve serves the house on a port of its own.
func (w *listWorld) serve() (stop func(), err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: w.h.web.Handler(), ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(listener) //nolint:errcheck // ends with Close
	w.base, w.client = "http://"+listener.Addr().String()+"/api/v1", &http.Client{Timeout: time.Minute}
	return func() { server.Close() }, nil //nolint:errcheck // the bench is over
}

func (w *listWorld) enter(ctx context.Context) error {
	code, err := totp.GenerateCode(w.login.TOTP, w.h.db.Now())
	if err != nil {
		return err
	}
	signIn := func(name, user string) error {
		var in struct{ Token string }
		err := w.post(ctx, "", "/staff-sessions", map[string]any{"user": user, "password": w.login.Password, "totp": code, "bearer": true}, &in)
		w.readers[name] = in.Token
		return err
	}
	for i, r := range benchReaders {
		if err := signIn(r.name, fmt.Sprintf("reader%d", i)); err != nil {
			return err
		}
	}
	if err := signIn("lawyer", "law0"); err != nil {
		return err
	}
	var made struct{ Token string }
	err = w.post(ctx, w.readers["administrator"], "/tokens", map[string]any{"id": id.New(), "name": "bench", "scopes": access.Scopes(), "expires_at": w.h.db.Now().AddDate(0, 1, 0)}, &made)
	w.readers["machine"] = made.Token
	return err
}

func (w *listWorld) post(ctx context.Context, token, path string, body, into any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	status, answer, _, err := w.ask(ctx, http.MethodPost, token, path, string(b))
	if err != nil || status >= 300 {
		return errors.Join(err, fmt.Errorf("POST %s: %d %s", path, status, answer))
	}
	return json.Unmarshal(answer, into)
}

// ask asks once; took ends with the first byte of the body's end.
func (w *listWorld) ask(ctx context.Context, method, token, path, body string) (status int, answer []byte, took time.Duration, err error) {
	q, err := http.NewRequestWithContext(ctx, method, w.base+path, strings.NewReader(body))
	if err != nil {
		return 0, nil, 0, err
	}
	if body != "" {
		q.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		q.Header.Set("Authorization", "Bearer "+token)
	}
	start := time.Now()
	res, err := w.client.Do(q)
	if err != nil {
		return 0, nil, 0, err
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	answer, err = io.ReadAll(res.Body)
	return res.StatusCode, answer, time.Since(start), err
}

// first reports how long a question took when it was asked for the first time.
func (w *listWorld) first(name string, took time.Duration) {
	w.b.Report(name+": first", ms(took), "ms")
	if took > tooSlow {
		w.slowFirst++
	}
}

// tooSlow is what no list may take.
const tooSlow = 200 * time.Millisecond

// firstByte is how long it takes until a file begins.
func (w *listWorld) firstByte(ctx context.Context, token, path string) (time.Duration, error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, w.base+path, nil)
	if err != nil {
		return 0, err
	}
	q.Header.Set("Authorization", "Bearer "+token)
	start := time.Now()
	res, err := w.client.Do(q)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close() //nolint:errcheck // cut here
	if _, err := io.ReadFull(res.Body, make([]byte, 1)); err != nil || res.StatusCode != http.StatusOK {
		return 0, errors.Join(err, fmt.Errorf("GET %s: %d", path, res.StatusCode))
	}
	return time.Since(start), nil
}

// report measures the daily report of the province: made, and read in each format.
func (w *listWorld) report(ctx context.Context) error {
	day := w.p.day.AddDate(0, 0, -1).Format(time.DateOnly)
	for _, x := range []string{"operator", "province"} {
		if !w.wanted("daily report of the " + x) {
			continue
		}
		o := w.orgs[x]
		var took []time.Duration
		for range 3 {
			start := time.Now()
			if _, err := w.h.report.Make(ctx, o, day, nil); err != nil {
				return err
			}
			took = append(took, time.Since(start))
		}
		w.b.Report("daily report of the "+x+", made: max", ms(slices.Max(took)), "ms")
	}
	for _, format := range []string{"json", "csv", "xlsx", "pdf"} {
		if format == "pdf" && pdfFont() == nil || !w.wanted("GET /reports/DAY."+format) {
			continue
		}
		var took []time.Duration
		for range w.b.Size.Repeats {
			status, answer, t, err := w.ask(ctx, http.MethodGet, w.readers["operations of a province"], "/reports/"+day+"."+format, "")
			if err != nil || status != http.StatusOK {
				return errors.Join(err, fmt.Errorf("report %s: %d %s", format, status, answer))
			}
			took = append(took, t)
		}
		w.figure("GET /reports/DAY."+format, took)
	}
	return nil
}

// figure reports the median and the 95th percentile.
func (w *listWorld) figure(name string, took []time.Duration) {
	slices.Sort(took)
	p95 := took[min((len(took)*95+99)/100, len(took))-1]
	w.b.Report(name+": p50", ms(took[len(took)/2]), "ms")
	w.b.Report(name+": p95", ms(p95), "ms")
	w.asked++
	if p95 > tooSlow {
		w.slow++
	}
}

// tidy leaves the database as its own upkeep would: on PostgreSQL autovacuum.
func tidy(ctx context.Context, url string) error {
	if strings.HasPrefix(url, "sqlite:") {
		return nil
	}
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer c.Close(ctx) //nolint:errcheck // all is done
	_, err = c.Exec(ctx, "VACUUM ANALYZE")
	return err
}
