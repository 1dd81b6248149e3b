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
		"consult_draft": "gone in a day", "consult_begun": "not sent yet", "consult_saved": "a lawyer's own", "setting_value": "the bench's own", "alarm_failures": "a counter",
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
	sortRows(s, rows)
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
