package app

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
)

// What the pattern's house holds at one moment, table by table, and which of its
// rows belong together.

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
