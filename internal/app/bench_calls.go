package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"mingfa/internal/public/consult"
)

// What bench lists asks: every GET of the OpenAPI document is either here or in
// notLists with the reason. An operation that is in neither is an error.

// listCalls are the questions of each list: {x} stands for something of the
// world, another one each time.
var listCalls = map[string][]string{
	"/orders":             ordersCalls(),
	"/archived-orders":    {"", "limit=200", "from=2025-01-01&to=2025-12-31"},
	"/alarms":             {"", "limit=200", "state=running", "state=resolved", "kind=order_late", "kind=satisfaction", "mine=true"},
	"/board":              {""},
	"/callbacks":          {"state=open", "state=done", "state=done&limit=200"},
	"/complaints":         {"", "limit=200", "state=open", "state=closed", "month={month}", "date={date}", "sensitive=true", "overdue=true", "order={order}"},
	"/exclusions":         {"", "limit=200", "reason=test", "reason=spam", "reason=duplicate"},
	"/figures":            {"", "date={date}"},
	"/imports":            {""},
	"/inbox":              {""},
	"/interventions":      {"", "state=open", "state=closed", "lawyer={lawyer}"},
	"/lawyers":            {"", "status=online", "status=away"},
	"/lawyers/me/figures": {""},
	"/orders/{id}/facts":  {"", "limit=200"},
	"/problem-types":      {""},
	"/quality/hand-draws": {"lawyer={lawyer}"},
	"/quality/rates":      {"month={month}"},
	"/quality/results":    {"", "month={month}"},
	"/quality/samples": {"", "limit=200", "month={month}", "lawyer={lawyer}", "state=open", "state=checked", "state=disputed", "result=inspected", "result=fatal", "result=minor",
		"source=drawn", "source=added", "mine=true", "month={month}&result=fatal&source=drawn"},
	"/regions":       {"", "parent=440000"},
	"/reports":       {""},
	"/saved-replies": {""},
	"/settings":      {""},
	"/statutes":      {"q={words}", "law=劳动合同法&article=82"},
	"/templates":     {""},
	"/tokens":        {""},
	"/warnings":      {""},
}

// notLists are the other operations that read, with the reason.
var notLists = map[string]string{
	"/alarms/{id}": "one row", "/callbacks/{id}": "one row", "/complaint-numbers": "a setting", "/complaints/codes": "constants", "/complaints/{id}": "one row",
	"/callbacks/ledger.csv": "a file, below", "/callbacks/ledger.pdf": "a file, below", "/callbacks/ledger.xlsx": "a file, below",
	"/complaints/register.csv": "a file, below", "/complaints/register.pdf": "a file, below", "/complaints/register.xlsx": "a file, below",
	"/exchange-rules": "a setting", "/exports/{table}": "a file, below", "/imports/{id}": "one row", "/interventions/{id}": "one row", "/me": "one row", "/me/elements": "one row", "/me/drafts": "at most 5 rows of a person",
	"/me/pictures/{id}": "a file", "/orders/{id}": "one order", "/orders/{id}/attachments/{file}": "a file", "/orders/{id}/proof": "one order", "/orders/{id}/transcript/{kind}": "one order",
	"/quality/catalogue": "a setting", "/quality/draws": "one lawyer's month, drawn again; the draws are not copied", "/quality/limits": "a setting", "/quality/samples/{id}": "one row", "/rating-reminder": "a setting", "/reports/{file}": "a file, below",
	"/archived-orders/{id}": "one row", "/complaints/{id}/attachments/{file}": "a file", "/lawyers/me": "one row", "/lawyers/{id}": "one row", "/lawyers/{id}/pictures/{file}": "a file",
	"/quality/samples/{id}/attachments/{file}": "a file",
	"/screen/sms": "a trial's screen", "/service": "constants", "/settings/{name}": "a setting",
}

func ordersCalls() []string {
	out := []string{"", "limit=200", "date={date}", "q={number}", "q={day}", "q={short}", "q=nosuch", "same_person={order}"}
	for _, s := range []consult.State{consult.Waiting, consult.Assigned, consult.Answered, consult.Closed, consult.Excluded} {
		out = append(out, "state="+string(s))
	}
	for _, f := range consult.FigureNames() {
		out = append(out, "figure="+string(f), "figure="+string(f)+"&date={date}")
	}
	for _, o := range []consult.Own{consult.OwnAnswered, consult.OwnInTime, consult.OwnLate, consult.OwnRated, consult.OwnSatisfied, consult.OwnNonSatisfied, consult.OwnRefused} {
		out = append(out, "own="+string(o)+"&since={since}&until={today}")
	}
	return out
}

// unasked lists the operations that read of which nobody said what they are.
func unasked(document []byte) ([]string, error) {
	var d struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(document, &d); err != nil {
		return nil, err
	}
	var out []string
	for path, methods := range d.Paths {
		_, asked := listCalls[path]
		if _, reads := methods["get"]; reads && !asked && notLists[path] == "" {
			out = append(out, path)
		}
	}
	slices.Sort(out)
	return out, nil
}

// page is what all lists have in common.
type page struct {
	Items []map[string]any `json:"items"`
	Next  any              `json:"next"` // a cursor; of the reports the one that comes next
}

func (w *listWorld) measure(ctx context.Context) error {
	document, err := w.h.web.OpenAPI()
	if err != nil {
		return err
	}
	if missing, err := unasked(document); err != nil || len(missing) > 0 {
		return errors.Join(err, fmt.Errorf("bench lists asks for all lists, but not for %s: add them to listCalls or notLists", strings.Join(missing, ", ")))
	}
	if err := w.learn(ctx); err != nil {
		return err
	}
	for _, path := range slices.Sorted(mapsKeys(listCalls)) {
		if err := w.list(ctx, path); err != nil {
			return err
		}
	}
	if err := w.report(ctx); err != nil {
		return err
	}
	if err := w.files(ctx); err != nil {
		return err
	}
	w.b.Report("questions asked", float64(w.asked), "")
	w.b.Report("questions over 200 ms at p95", float64(w.slow), "")
	w.b.Report("questions over 200 ms when first asked", float64(w.slowFirst), "")
	return nil
}

func mapsKeys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// learn finds IDs and numbers to ask for, as an operator would: from the lists.
func (w *listWorld) learn(ctx context.Context) error {
	w.known = map[string][]string{"words": {"劳动", "经济补偿", "租赁 押金", "劳动合同法 82", "的"}, "today": {w.p.day.Format(time.DateOnly)}, "since": {w.p.day.AddDate(0, 0, -29).Format(time.DateOnly)}}
	for range 24 {
		day := w.p.day.AddDate(0, 0, -w.rng.IntN(w.b.Size.Days))
		w.known["date"] = append(w.known["date"], day.Format(time.DateOnly))
		w.known["month"] = append(w.known["month"], day.Format("2006-01"))
		w.known["day"] = append(w.known["day"], day.Format("20060102"))
		w.known["short"] = append(w.known["short"], day.Format("200601"))
		l := w.cast.lawyers[w.cast.orgs[w.rng.IntN(len(w.cast.orgs))].ID]
		w.known["lawyer"] = append(w.known["lawyer"], l[w.rng.IntN(len(l))].String())
		var p page
		if _, err := w.get(ctx, "operations of the operator", "/orders?limit=50&date="+day.Format(time.DateOnly), &p); err != nil {
			return err
		}
		for _, x := range p.Items {
			w.known["order"] = append(w.known["order"], x["id"].(string))
			w.known["number"] = append(w.known["number"], x["number"].(string))
		}
	}
	return nil
}

// get asks for JSON; a status that is not 200 is given back without an error.
func (w *listWorld) get(ctx context.Context, reader, path string, into any) (status int, err error) {
	status, answer, _, err := w.ask(ctx, http.MethodGet, w.readers[reader], path, "")
	if err != nil || status != http.StatusOK || into == nil {
		return status, err
	}
	return status, json.Unmarshal(answer, into)
}

// with puts something of the world into the placeholders, another one each time.
func (w *listWorld) with(query string, i int) string {
	for name, list := range w.known {
		if strings.Contains(query, "{"+name+"}") {
			query = strings.ReplaceAll(query, "{"+name+"}", url.QueryEscape(list[(i*7)%len(list)]))
		}
	}
	return query
}

// list measures all questions of one list: each as everybody who may, and reports
// those whose answer took longest, with who asked.
func (w *listWorld) list(ctx context.Context, path string) error {
	asked := false
	for _, query := range listCalls[path] {
		if !w.wanted("GET " + path + "?" + query) {
			asked = true
			continue
		}
		worst := measured{}
		for _, reader := range slices.Sorted(mapsKeys(w.readers)) {
			m, err := w.question(ctx, path, query, reader)
			if err != nil {
				return err
			}
			asked = asked || len(m.took) > 0
			first := max(m.first, worst.first)
			if m.p95() > worst.p95() {
				worst = m
			}
			worst.first = first
		}
		if len(worst.took) > 0 {
			w.first("GET "+path+"?"+query, worst.first)
			w.figure("GET "+path+"?"+query+" ["+worst.who+"]", worst.took)
		}
	}
	if !asked {
		return fmt.Errorf("nobody was let to %s", path)
	}
	return nil
}

// measured is how long a reader's question took: the first time, when what it reads
// may lie on the disk alone, and then some times more.
type measured struct {
	who   string
	first time.Duration
	took  []time.Duration
}

func (m measured) p95() time.Duration {
	if len(m.took) == 0 {
		return -1
	}
	s := slices.Clone(m.took)
	slices.Sort(s)
	return s[min((len(s)*95+99)/100, len(s))-1]
}

// deepPages is how far behind the first page the deep one is, 200 rows each.
const deepPages = 25

// question asks one question as one reader: its first page and a deep one.
func (w *listWorld) question(ctx context.Context, path, query, reader string) (m measured, err error) {
	at := func(i int, more string) string {
		q := strings.Trim(w.with(query, i)+"&"+more, "&")
		p := strings.Replace(path, "{id}", w.known["order"][(i*11)%len(w.known["order"])], 1)
		if q != "" {
			p += "?" + q
		}
		return p
	}
	if m, err = w.repeat(ctx, reader, func(i int) string { return at(i, "") }); err != nil || len(m.took) == 0 {
		return m, err
	}
	cursor := ""
	if path == "/orders" && (query == "" || !strings.Contains(query, "{")) {
		cursor = w.known["order"][w.rng.IntN(len(w.known["order"]))] // any order is a place in the list
	} else {
		for range deepPages {
			var p page
			more := "limit=200"
			if path == "/inbox" || path == "/statutes" || strings.Contains(query, "limit=") {
				more = ""
			}
			if cursor != "" {
				more += "&cursor=" + cursor
			}
			if _, err := w.get(ctx, reader, at(0, strings.Trim(more, "&")), &p); err != nil {
				return m, err
			}
			next, _ := p.Next.(string)
			if next == "" {
				break
			}
			cursor = next
		}
	}
	if cursor == "" {
		return m, nil
	}
	deep, err := w.repeat(ctx, reader, func(int) string { return at(0, "cursor="+cursor) })
	first := max(m.first, deep.first)
	if deep.who += ", deep page"; deep.p95() > m.p95() {
		m = deep
	}
	m.first = first
	return m, err
}

// repeat asks once, for what comes after the last, and then some times, less often when
// it is slow. Nobody's rights: no times.
func (w *listWorld) repeat(ctx context.Context, reader string, path func(i int) string) (m measured, err error) {
	m.who = reader
	begun := time.Now()
	for n := range w.b.Size.Repeats + 1 {
		i := (n + w.b.Size.Repeats) % (w.b.Size.Repeats + 1)
		status, answer, t, err := w.ask(ctx, http.MethodGet, w.readers[reader], path(i), "")
		switch {
		case err != nil:
			return m, err
		case status == http.StatusNotFound, status == http.StatusForbidden:
			continue
		case status != http.StatusOK:
			return m, fmt.Errorf("GET %s as %s: %d %s", path(i), reader, status, answer)
		case n == 0:
			m.first = t
			continue
		}
		m.took = append(m.took, t)
		if time.Since(begun) > 3*time.Second && len(m.took) > 2 {
			break
		}
	}
	return m, nil
}

// files measures the ledgers, whole, and how soon an export begins.
func (w *listWorld) files(ctx context.Context) error {
	month := w.p.day.AddDate(0, -2, 0)
	span := "?from=" + month.Format(time.DateOnly) + "&to=" + month.AddDate(0, 1, -1).Format(time.DateOnly)
	for _, path := range []string{"/callbacks/ledger.csv", "/callbacks/ledger.xlsx", "/callbacks/ledger.pdf", "/complaints/register.csv", "/complaints/register.xlsx", "/complaints/register.pdf"} {
		if strings.HasSuffix(path, ".pdf") && pdfFont() == nil || !w.wanted("GET "+path) {
			continue
		}
		status, answer, took, err := w.ask(ctx, http.MethodGet, w.readers["quality"], path+span, "")
		if err != nil {
			return err
		}
		if status == http.StatusUnprocessableEntity { // a month of a busy operator may have too many
			continue
		}
		if status != http.StatusOK {
			return fmt.Errorf("GET %s: %d %s", path, status, answer)
		}
		w.b.Report("GET "+path+" of a month", ms(took), "ms")
		w.b.Report("its size", float64(len(answer))/1e3, "kB")
	}
	for _, table := range []string{"orders", "users", "lawyers"} {
		if !w.wanted("GET /exports/" + table) {
			continue
		}
		took, err := w.firstByte(ctx, w.readers["administrator"], "/exports/"+table+"?format=csv")
		if err != nil {
			return err
		}
		w.b.Report("GET /exports/"+table+": first byte", ms(took), "ms")
	}
	return nil
}
