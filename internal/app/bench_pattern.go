package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"log/slog"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/base/who"
	"mingfa/internal/play/script"
	"mingfa/internal/public/complaint"
	"mingfa/internal/public/consult"
	"mingfa/internal/public/quality"
)

// A million orders are not asked one by one: a day of some hundred orders is
// played through the rooms, and the rows that they leave, in every table, are the
// pattern of which bench_copy.go makes the million. What a room writes tomorrow
// is in the pattern by itself; a table that nobody said what to do with is an error.

// copiedTables are copied row by row; leftTables are not, with the reason.
var (
	copiedTables = []string{"consult_order", "consult_answer", "consult_message", "consult_callback", "consult_attempt", "consult_note", "consult_handover",
		"consult_attachment", "blob_object", "complaint_case", "complaint_attempt", "quality_sample", "quality_check", "quality_intervention", "quality_measure",
		"alarm_case", "notify_message", "board_order", "identity_person", "identity_element", "seal_text", "journal_fact"}
	leftTables = map[string]string{
		"due_row": "what is still to happen, in the pattern's house", "board_count": "counted again from the copies", "quality_draw": "a lawyer's month, not an order",
		"report_daily": "an organisation's day", "report_mail": "an organisation's day", "identity_session": "signed in where it is measured", "identity_code": "gone in minutes", "identity_attempt": "gone in minutes",
		"identity_org": "made by the bench", "identity_region": "made by the bench", "identity_token": "made by the bench", "lawyer_profile": "made by the bench",
		"consult_draft": "gone in a day", "consult_saved": "a lawyer's own", "setting_value": "the bench's own", "alarm_failures": "a counter",
	}
)

// patternRow is a row of a table as it was found: string, int64, []byte or nil.
type patternRow struct {
	table  int // in copiedTables
	values []any
}

// cluster is what belongs together: an order with all that hangs on it, a citizen's
// account, or a thing of its own.
type cluster struct {
	rows    []patternRow
	owned   []string // its IDs, to be made anew in each copy
	texts   []string // of them, sealed texts
	keys    []string // of them, keys
	citizen string   // whose order it is; of an account, its own
	account bool
	order   bool

	citizens [][2]string // those who asked, each with his key; of an order
}

// snapshot is the pattern at one moment.
type snapshot struct {
	orders, others []*cluster
	accounts       map[string]*cluster // by citizen
	plain          map[string]string   // of sealed texts
	columns        [][]string          // by table
	shared         map[string]string   // IDs of the pattern's house: "org", "key", "lawyer", "staff"
	paths, regions map[string]bool
}

// pattern is a day at its afternoon, at the next one, and a week later.
type pattern struct {
	noon, next, past *snapshot
	day              time.Time // its midnight
}

// patternDay plays the pattern in a house of its own, on SQLite.
func patternDay(ctx context.Context, dir string, orders int) (*pattern, error) {
	c := config{Data: filepath.Join(dir, "pattern"), Checkpoints: "-", SMS: "screen", URL: "http://bench"}
	if err := c.defaults(); err != nil {
		return nil, err
	}
	questions, err := script.ParseQuestions(strings.NewReader(demoQuestions))
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		return nil, err
	}
	p := &pattern{}
	if p.day, err = time.ParseInLocation(time.DateOnly, playDay, zone); err != nil {
		return nil, err
	}
	access := newDemoAccess()
	s, err := stage(ctx, c, access, p.day.Add(-time.Hour), slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	err = p.play(ctx, s, access, questions, orders)
	return p, errors.Join(err, s.close(ctx))
}

// benchHour is when in the day it is measured: an afternoon.
const benchHour = 16*time.Hour + 30*time.Minute

func (p *pattern) play(ctx context.Context, s *theatre, a *demoAccess, questions []script.Question, orders int) error {
	desk, err := newPatternDesk(ctx, s.house, a)
	if err != nil {
		return err
	}
	stops := &stopper{theatre: s, stops: []stop{
		{p.day.Add(benchHour), func(ctx context.Context) (err error) { p.noon, err = takeSnapshot(ctx, s.house); return err }},
		{p.day.Add(24*time.Hour + benchHour), func(ctx context.Context) (err error) {
			if err := desk.open(ctx); err != nil {
				return err
			}
			if err := s.settle(ctx); err != nil { // facts have their numbers
				return err
			}
			p.next, err = takeSnapshot(ctx, s.house)
			return err
		}},
	}}
	_, err = script.Play(ctx, script.Config{Base: s.base, Step: stops, Questions: questions, Orders: orders, Seed: 11, Midnight: p.day,
		Until: p.day.Add(72*time.Hour + 30*time.Minute), Regions: demoRegions, Lawyers: a.accounts(who.DutyLawyer), Operators: a.accounts(who.Operations),
		Plain: true, Log: io.Discard})
	if err != nil {
		return err
	}
	if err := desk.end(ctx); err != nil {
		return err
	}
	if err := s.To(ctx, p.day.AddDate(0, 0, 12)); err != nil {
		return err
	}
	p.past, err = takeSnapshot(ctx, s.house)
	return err
}

// stopper is a theatre that does something more at some moments.
type stopper struct {
	*theatre
	stops []stop
}

type stop struct {
	at time.Time
	do func(ctx context.Context) error
}

// To is for script.Stepper.
func (s *stopper) To(ctx context.Context, then time.Time) error {
	for len(s.stops) > 0 && !s.stops[0].at.After(then) {
		next := s.stops[0]
		s.stops = s.stops[1:]
		if err := s.theatre.To(ctx, next.at); err != nil {
			return err
		}
		if err := next.do(ctx); err != nil {
			return err
		}
		if err := s.settle(ctx); err != nil {
			return err
		}
	}
	return s.theatre.To(ctx, then)
}

// patternDesk does what the played day leaves out: complaints, exclusions, notes,
// files and inspections.
type patternDesk struct {
	h          *house
	ops, check who.Actor
	complaints []id.ID
}

func newPatternDesk(ctx context.Context, h *house, a *demoAccess) (*patternDesk, error) {
	root, _, err := h.people.Root(ctx)
	if err != nil {
		return nil, err
	}
	d := &patternDesk{h: h}
	for _, x := range []struct {
		into *who.Actor
		role who.Role
	}{{&d.ops, who.Operations}, {&d.check, who.Quality}} {
		person, _, err := h.hire(ctx, a, root.ID, "pattern-"+string(x.role), "样本", x.role)
		if err != nil {
			return nil, err
		}
		*x.into = who.Actor{Person: person, Org: root.ID, Scope: root.Path, Roles: []who.Role{x.role}}
	}
	return d, nil
}

func (d *patternDesk) open(ctx context.Context) error {
	var list []consult.Listed
	for cursor := id.Nil; ; {
		page, err := d.h.consult.List(ctx, d.ops, consult.Filter{Cursor: cursor, Limit: 200}, say.Hans)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			break
		}
		list, cursor = append(list, page...), page[len(page)-1].ID
	}
	reasons := []consult.Exclusion{consult.Test, consult.Spam, consult.Duplicate}
	for i, o := range list {
		citizen := who.Actor{Person: o.Citizen, Org: d.ops.Org, Roles: []who.Role{who.Citizen}}
		var err error
		switch {
		case i%40 == 3:
			_, err = d.h.consult.Exclude(ctx, d.ops, o.ID, 0, reasons[i/40%3], "与另一工单重复")
		case i%40 == 13:
			c := id.New()
			d.complaints = append(d.complaints, c)
			_, err = d.h.complain.Make(ctx, citizen, complaint.Intake{ID: c, Kind: complaint.Grievance, Text: "等了很久没有人回电话，希望尽快处理。", Order: o.ID, Channel: "web", Language: say.Hans})
		case i%20 == 5:
			err = d.h.consult.AddNote(ctx, d.ops, o.ID, id.New(), "请律师补充说明仲裁时效。")
		case i%20 == 7 && o.State == consult.Answered:
			err = d.file(ctx, citizen, o.ID)
		}
		if err != nil {
			return fmt.Errorf("make the pattern: %w", err)
		}
	}
	return d.inspect(ctx)
}

// file sends a picture with a message.
func (d *patternDesk) file(ctx context.Context, citizen who.Actor, order id.ID) error {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 30, 20))); err != nil {
		return err
	}
	file := id.New()
	if _, err := d.h.consult.Upload(ctx, citizen, order, file, &b, int64(b.Len())); err != nil {
		return err
	}
	_, err := d.h.consult.Say(ctx, citizen, order, id.New(), "这是工资条，请再看一下。", consult.Attach{ID: file, Name: "工资条.png"})
	return err
}

// inspect checks two of three samples that the night drew.
func (d *patternDesk) inspect(ctx context.Context) error {
	samples, err := d.h.quality.List(ctx, d.check, quality.Filter{State: quality.Open, Limit: 200})
	for i, q := range samples {
		if i%3 == 0 {
			continue
		}
		card := quality.Card{ID: id.New(), Marks: []quality.Mark{}}
		if i%5 == 1 {
			card.Marks = append(card.Marks, quality.Mark{Item: "language_unclear", Note: "第三段不清楚"})
		}
		if _, err := d.h.quality.Submit(ctx, d.check, q.ID, 0, card); err != nil {
			return err
		}
	}
	return err
}

// end closes the complaints and inspects the rest.
func (d *patternDesk) end(ctx context.Context) error {
	for _, c := range d.complaints {
		if _, err := d.h.complain.Called(ctx, d.ops, c, 0, complaint.Call{ID: id.New(), Reached: true, Reason: "律师休假"}); err != nil {
			return fmt.Errorf("call back a complaint: %w", err)
		}
		if _, err := d.h.complain.Record(ctx, d.ops, c, 0, complaint.Entry{Kind: complaint.Grievance, Category: consult.ReasonCategories[0], Reason: "律师休假", Measure: "已转交", Result: "已由另一位律师答复"}); err != nil {
			return fmt.Errorf("record a complaint: %w", err)
		}
		if _, err := d.h.complain.Close(ctx, d.ops, c, 0); err != nil {
			return fmt.Errorf("close a complaint: %w", err)
		}
	}
	return d.inspect(ctx)
}

// takeSnapshot reads the tables of a house that has come to rest.
func takeSnapshot(ctx context.Context, h *house) (*snapshot, error) {
	s := &snapshot{accounts: map[string]*cluster{}, plain: map[string]string{}, shared: map[string]string{}, paths: map[string]bool{}, regions: map[string]bool{}}
	var rows []patternRow
	err := h.db.View(ctx, benchActor, func(tx *db.Tx) error {
		if err := s.known(tx); err != nil {
			return err
		}
		for t, name := range copiedTables {
			found, columns, err := readTable(tx, name)
			if err != nil {
				return fmt.Errorf("read the pattern's %s: %w", name, err)
			}
			s.columns = append(s.columns, columns)
			for _, values := range found {
				rows = append(rows, patternRow{t, values})
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.sort(rows)
	return s, s.openTexts(ctx, h)
}

// known reads what the pattern's house shares between orders, and refuses tables
// of which nobody said whether they are copied.
func (s *snapshot) known(tx *db.Tx) error {
	tables, _, err := readQuery(tx, "SELECT name FROM sqlite_master WHERE type = 'table'")
	if err != nil {
		return err
	}
	for _, t := range tables {
		name := t[0].(string)
		if slices.Contains(copiedTables, name) || leftTables[name] != "" || strings.HasPrefix(name, "journal_") || strings.HasPrefix(name, "goose") ||
			strings.HasPrefix(name, "sqlite_") || strings.HasPrefix(name, "consult_statute") || strings.HasPrefix(name, "consult_law") || strings.HasPrefix(name, "exchange_") {
			continue
		}
		if rows, _, err := readTable(tx, name); err != nil || len(rows) > 0 {
			return errors.Join(err, fmt.Errorf("the bench doesn't know whether to copy %s", name))
		}
	}
	for _, x := range []struct{ what, query string }{
		{"root", "SELECT id FROM identity_org_v WHERE path = '/'"}, {"org", "SELECT id FROM identity_org_v WHERE path <> '/'"},
		{"lawyer", "SELECT id FROM lawyer_profile_v"}, {"staff", "SELECT id FROM identity_person_v WHERE kind = 'staff' AND roles <> 'lawyer'"},
	} {
		rows, _, err := readQuery(tx, x.query)
		if err != nil {
			return err
		}
		for _, r := range rows {
			s.shared[r[0].(string)] = x.what
		}
	}
	keyed, columns, err := readTable(tx, "identity_org")
	if err != nil {
		return err
	}
	for _, r := range keyed {
		s.shared[r[slices.Index(columns, "key")].(string)] = map[bool]string{true: "rootkey", false: "orgkey"}[r[slices.Index(columns, "path")] == "/"]
	}
	orgs, _, err := readQuery(tx, "SELECT path, region FROM identity_org_v WHERE path <> '/'")
	for _, r := range orgs {
		s.paths[r[0].(string)], s.regions[r[1].(string)] = true, true
	}
	for _, r := range demoRegions {
		s.regions[r] = true
	}
	return err
}

func readTable(tx *db.Tx, name string) ([][]any, []string, error) {
	return readQuery(tx, "SELECT * FROM "+name)
}

func readQuery(tx *db.Tx, query string) (out [][]any, columns []string, err error) {
	rows, err := tx.Rows(query)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	if columns, err = rows.Columns(); err != nil {
		return nil, nil, err
	}
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, nil, err
		}
		out = append(out, values)
	}
	return out, columns, rows.Err()
}

var (
	longID  = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	shortID = regexp.MustCompile(`"([A-Za-z0-9_-]{22})["\.]`)
)

// idsIn lists the IDs that a row names, in 36 characters.
func idsIn(values []any) (out []string) {
	for _, v := range values {
		var text string
		switch v := v.(type) {
		case string:
			text = v
		case []byte:
			if len(v) == 0 || v[0] != '{' {
				continue
			}
			text = string(v)
			for _, m := range shortID.FindAllStringSubmatch(text, -1) {
				if i, err := id.ParseShort(m[1]); err == nil {
					out = append(out, i.String())
				}
			}
		}
		out = append(out, longID.FindAllString(text, -1)...)
	}
	return out
}

// column finds a value by name.
func (s *snapshot) column(r patternRow, name string) string {
	i := slices.Index(s.columns[r.table], name)
	if i < 0 {
		return ""
	}
	v, _ := r.values[i].(string)
	return v
}

// sort puts rows into clusters: those that name the same ID of their own belong
// together. Citizens are accounts of their own, to which orders only point.
func (s *snapshot) sort(rows []patternRow) {
	owned, citizenOf, keyOf := map[string]bool{}, map[string]string{}, map[string]string{} // citizen by ID and by key
	told := map[string]bool{}                                                              // texts of accounts
	for _, r := range rows {
		switch name := copiedTables[r.table]; name {
		case "identity_person":
			told[s.column(r, "name_text")], told[s.column(r, "phone_text")] = true, true
			if s.column(r, "kind") == "citizen" {
				c := s.column(r, "id")
				citizenOf[c], citizenOf[s.column(r, "key")], keyOf[c] = c, c, s.column(r, "key")
			} else {
				s.shared[s.column(r, "key")] = "key"
			}
		case "journal_fact":
			owned[s.column(r, "subject")], owned[s.column(r, "root")] = true, true
		case "identity_element":
			told[s.column(r, "words")] = true
		case "seal_text":
			owned[s.column(r, "id")], owned[s.column(r, "key")] = true, true
		default:
			for _, c := range []string{"id", "key", "file"} {
				if v := s.column(r, c); v != "" {
					owned[v] = true
				}
			}
		}
	}
	parent := map[string]string{}
	var find func(string) string
	find = func(x string) string {
		if p, ok := parent[x]; ok && p != x {
			parent[x] = find(p)
			return parent[x]
		}
		return x
	}
	home := make([]string, len(rows)) // an ID of the row's cluster; "" is nobody's
	for i, r := range rows {
		ids := idsIn(r.values)
		if c := s.accountOf(r, citizenOf, told); c != "" {
			home[i] = c
			for _, x := range ids {
				if owned[x] && s.shared[x] == "" && citizenOf[x] == "" {
					parent[find(x)] = find(c)
				}
			}
			continue
		}
		for _, x := range ids {
			if !owned[x] || s.shared[x] != "" || citizenOf[x] != "" {
				continue
			}
			if home[i] == "" {
				home[i] = x
			}
			parent[find(x)] = find(home[i])
		}
	}
	by := map[string]*cluster{}
	for i, r := range rows {
		if home[i] == "" || s.foreign(r) {
			continue
		}
		at := find(home[i])
		c := by[at]
		if c == nil {
			c = &cluster{}
			by[at] = c
		}
		c.rows = append(c.rows, r)
		switch copiedTables[r.table] {
		case "consult_order":
			c.order, c.citizen = true, s.column(r, "citizen")
			c.citizens = append(c.citizens, [2]string{c.citizen, keyOf[c.citizen]})
			c.keys = append(c.keys, s.column(r, "key"))
		case "identity_person":
			c.account, c.citizen = true, s.column(r, "id")
			c.keys = append(c.keys, s.column(r, "key"))
		case "seal_text":
			c.texts = append(c.texts, s.column(r, "id"))
		}
		for _, x := range idsIn(r.values) {
			mine := citizenOf[x] == "" || c.account && citizenOf[x] == c.citizen
			if owned[x] && s.shared[x] == "" && mine && !slices.Contains(c.owned, x) {
				c.owned = append(c.owned, x)
			}
		}
	}
	for _, c := range by {
		switch {
		case c.account:
			s.accounts[c.citizen] = c
		case c.order:
			s.orders = append(s.orders, c)
		case len(c.keys) == 0 && len(c.texts) == 0 && !slices.ContainsFunc(c.rows, s.single):
			s.others = append(s.others, c)
		}
	}
	first := func(a, b *cluster) int { return strings.Compare(a.owned[0], b.owned[0]) }
	slices.SortFunc(s.orders, first)
	slices.SortFunc(s.others, first)
}

// accountOf tells whose account a row belongs to, "" for none's.
// What a citizen complains of is under his key too, but isn't of his account.
func (s *snapshot) accountOf(r patternRow, citizenOf map[string]string, told map[string]bool) string {
	switch copiedTables[r.table] {
	case "identity_person", "identity_element":
		return citizenOf[s.column(r, "id")]
	case "journal_fact":
		return citizenOf[s.column(r, "root")]
	case "seal_text":
		if told[s.column(r, "id")] {
			return citizenOf[s.column(r, "key")]
		}
	}
	return ""
}

// foreign leaves out what nobody asks for: staff, and facts of the house itself.
func (s *snapshot) foreign(r patternRow) bool {
	switch copiedTables[r.table] {
	case "identity_person":
		return s.column(r, "kind") != "citizen"
	case "journal_fact":
		kind := s.column(r, "kind")
		for _, p := range []string{"report.", "quality.drawn", "identity.code_sent", "identity.staff", "identity.org", "identity.signed", "lawyer.", "setting.", "access."} {
			if strings.HasPrefix(kind, p) && s.shared[s.column(r, "root")] != "" || strings.HasPrefix(kind, p) && p != "identity.signed" {
				return true
			}
		}
	}
	return false
}

// single tells of a row that can't be there twice, or without what isn't copied: an
// organisation's alarm that still runs, the file of a report.
func (s *snapshot) single(r patternRow) bool {
	switch copiedTables[r.table] {
	case "alarm_case":
		return r.values[slices.Index(s.columns[r.table], "resolved_at")] == nil
	case "blob_object":
		return true
	}
	return false
}

// openTexts reads the words of all texts that are copied.
func (s *snapshot) openTexts(ctx context.Context, h *house) error {
	var ids []id.ID
	for _, list := range [][]*cluster{s.orders, s.others} {
		for _, c := range list {
			for _, t := range c.texts {
				ids = append(ids, uuidOf(t))
			}
		}
	}
	for _, c := range s.accounts {
		for _, t := range c.texts {
			ids = append(ids, uuidOf(t))
		}
	}
	return h.db.View(ctx, benchActor, func(tx *db.Tx) error {
		texts, err := h.keys.Read(ctx, tx, ids...)
		for i, t := range texts {
			s.plain[i.String()] = t.Plain
		}
		return err
	})
}

func uuidOf(s string) id.ID {
	i, err := id.Parse(s)
	if err != nil {
		return id.Nil
	}
	return i
}
