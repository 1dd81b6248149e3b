package identity

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/text"
	"mingfa/internal/base/who"
)

// Region is one administrative division (行政区划).
type Region struct {
	Code   string `json:"code"` // six digits
	Parent string `json:"-"`    // "" for a province
	Name   string `json:"name"`
	Level  Level  `json:"level"`
}

type regionRow struct {
	bun.BaseModel `bun:"table:identity_region"`

	Code   string `bun:",pk"`
	Org    id.ID  `bun:"type:uuid"`
	Parent string
	Level  Level `bun:"type:text"`
	Name   string
}

// isCode tells whether s is a region's code: six digits, not all of them zero
// where a province's number stands.
func isCode(s string) bool {
	return len(s) == 6 && strings.Trim(s, "0123456789") == "" && s[:2] != "00"
}

// Regions are the divisions right below parent ("" for the provinces) by code,
// in the reader's language where we know their names in it.
func (s *Service) Regions(tx *db.Tx, parent, lang string) ([]Region, error) {
	var rows []regionRow
	if err := tx.NewSelect().Model(&rows).Where("parent = ?", parent).Scan(tx.Ctx()); err != nil {
		return nil, fmt.Errorf("list regions: %w", err)
	}
	all := map[string]Region{} // a place of ours takes the row's, for its names in three languages
	for _, r := range rows {
		all[r.Code] = Region{Code: r.Code, Parent: r.Parent, Name: r.Name, Level: r.Level}
	}
	for _, p := range places {
		if p.parent() == parent {
			all[p.code] = Region{Code: p.code, Parent: parent, Name: p.names.In(lang), Level: levelOf(p.code)}
		}
	}
	list := slices.AppendSeq(make([]Region, 0, len(all)), maps.Values(all))
	slices.SortFunc(list, func(a, b Region) int { return cmp.Compare(a.Code, b.Code) })
	return list, nil
}

// RegionKnown tells whether there is such a division.
func (s *Service) RegionKnown(tx *db.Tx, code string) (bool, error) {
	name, err := s.RegionName(tx, code, "")
	return name != "", err
}

// RegionName is a division's name in the reader's language, in Simplified
// Chinese where we know no other; "" for an unknown code.
func (s *Service) RegionName(tx *db.Tx, code, lang string) (string, error) {
	if p, ok := placesByCode[code]; ok {
		return p.names.In(lang), nil
	}
	if !isCode(code) {
		return "", nil
	}
	var name string
	err := tx.Row("SELECT name FROM identity_region WHERE code = ?", code).Scan(&name)
	if db.NotFound(err) {
		return "", nil
	}
	return name, err
}

// RegionPath is a division with those above it, the province first, named as by
// RegionName; nothing for an unknown code.
func (s *Service) RegionPath(tx *db.Tx, code, lang string) (path []Region, err error) {
	for range 3 { // county, city, province
		if !isCode(code) {
			break
		}
		r := Region{Code: code, Parent: aboveOf(code), Level: levelOf(code)}
		if p, ok := placesByCode[code]; ok {
			r.Name = p.names.In(lang)
		} else if err := tx.Row("SELECT name, parent FROM identity_region WHERE code = ?", code).Scan(&r.Name, &r.Parent); db.NotFound(err) {
			break
		} else if err != nil {
			return nil, err
		}
		path = append([]Region{r}, path...)
		code = r.Parent
	}
	return path, nil
}

// levelOf tells from its digits what a code stands for.
func levelOf(code string) Level {
	switch {
	case code[2:] == "0000":
		return Province
	case code[4:] == "00":
		return City
	}
	return County
}

// RowError is a line of a region file that can't be used.
type RowError struct {
	Line int // from 1, the header is line 1
	Why  string
}

// LoadError says that nothing was imported, and why.
type LoadError struct {
	Rows []RowError // the first of them
	More int        // further lines that can't be used
}

func (e *LoadError) Error() string {
	var b strings.Builder
	b.WriteString("no region was loaded")
	for _, r := range e.Rows {
		fmt.Fprintf(&b, "\n  line %d: %s", r.Line, r.Why)
	}
	if e.More > 0 {
		fmt.Fprintf(&b, "\n  and %d more lines", e.More)
	}
	return b.String()
}

func (e *LoadError) add(line int, format string, args ...any) {
	if len(e.Rows) == 20 {
		e.More++
		return
	}
	e.Rows = append(e.Rows, RowError{line, fmt.Sprintf(format, args...)})
}

// maxRegions bounds one file: counties of the whole country are 3,000.
const maxRegions = 20_000

// LoadRegions imports a CSV file with a header: code, name and, below the
// provinces, a parent. Codes of 2, 4, 6 or 12 digits are taken and stored as
// six. The whole file is imported or, with a LoadError, nothing of it; loading
// it again changes nothing but names. It tells how many rows it holds.
func (s *Service) LoadRegions(ctx context.Context, actor who.Actor, r io.Reader) (int, error) {
	root, err := s.operator(ctx)
	if err != nil {
		return 0, err
	}
	if err := s.need(actor, "identity.manage", root.Path); err != nil {
		return 0, err
	}
	rows, err := readRegions(r)
	if err != nil {
		return 0, err
	}
	err = s.DB.Do(ctx, actor, func(tx *db.Tx) error {
		if err := parentsKnown(tx, rows); err != nil {
			return err
		}
		return putRegions(tx, root.ID, rows)
	})
	return len(rows), err
}

// lined is a region with the line it stands on, and whether that names the
// parent.
type lined struct {
	Region
	line  int
	given bool
}

func readRegions(r io.Reader) ([]lined, error) {
	c := csv.NewReader(r)
	c.FieldsPerRecord = -1
	c.TrimLeadingSpace = true
	header, err := c.Read()
	if err != nil {
		return nil, &LoadError{Rows: []RowError{{1, "there is no header line of comma-separated names"}}}
	}
	cols, err := columnsOf(header)
	if err != nil {
		return nil, &LoadError{Rows: []RowError{{1, err.Error()}}}
	}
	bad := &LoadError{}
	seen := map[string]lined{}
	var rows []lined
	for {
		record, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			line := 0
			if pe, ok := errors.AsType[*csv.ParseError](err); ok {
				line = pe.Line
			}
			bad.add(line, "this is no line of CSV (a quotation mark out of place?)")
			break // what follows can't be trusted
		}
		line, _ := c.FieldPos(0)
		x, why := cols.region(record)
		x.line = line
		first, twice := seen[x.Code]
		switch {
		case why != "":
			bad.add(line, "%s", why)
		case x.Code == x.Parent: // a city without counties, listed as its own county
		case twice && first.Region != x.Region:
			bad.add(line, "code %s stands on line %d with another name or parent", x.Code, first.line)
		case !twice:
			seen[x.Code] = x
			rows = append(rows, x)
		}
		if len(rows) > maxRegions {
			bad.add(line, "the file has more than %d rows", maxRegions)
			break
		}
	}
	if len(bad.Rows) > 0 {
		return nil, bad
	}
	if len(rows) == 0 {
		return nil, &LoadError{Rows: []RowError{{2, "the file has no rows"}}}
	}
	return rows, nil
}

// columns are the places of what is wanted in a record; parent is -1 where
// there is none.
type columns struct{ code, name, parent int }

// The names that columns have in files we know of, the better ones first.
var columnNames = struct{ code, name, parent []string }{
	code:   []string{"code", "id", "adcode", "区划代码", "行政区划代码", "代码", "编码"},
	name:   []string{"ext_name", "name", "fullname", "名称", "单位名称"},
	parent: []string{"parent", "parent_code", "parentcode", "pid", "citycode", "city_code", "provincecode", "province_code", "上级代码", "上级"},
}

func columnsOf(header []string) (columns, error) {
	names := make([]string, len(header))
	for i, h := range header {
		names[i] = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")))
	}
	find := func(wanted []string) int {
		for _, w := range wanted {
			if i := slices.Index(names, w); i >= 0 {
				return i
			}
		}
		return -1
	}
	c := columns{find(columnNames.code), find(columnNames.name), find(columnNames.parent)}
	if c.code < 0 || c.name < 0 {
		return c, errors.New("the header must name a column code and a column name (and parent, below the provinces)")
	}
	return c, nil
}

// region reads one record; why says what is wrong with it.
func (c columns) region(record []string) (r lined, why string) {
	if len(record) <= max(c.code, c.name, c.parent) {
		return r, fmt.Sprintf("it has %d columns, fewer than the header", len(record))
	}
	code, ok := sixDigits(record[c.code])
	if !ok {
		return r, "the code is not 2, 4, 6 or 12 digits"
	}
	name, err := text.Clean(strings.TrimSpace(record[c.name]))
	if err != nil || text.Blank(name) || text.Length(name) > 60 {
		return r, "the name is missing, too long or no text"
	}
	parent, given := aboveOf(code), false
	if c.parent >= 0 && levelOf(code) != Province {
		up := strings.TrimSpace(record[c.parent])
		if given = up != "" && up != "0"; given {
			if parent, ok = sixDigits(up); !ok {
				return r, "the parent is not 2, 4, 6 or 12 digits"
			}
		}
		if parent[:2] != code[:2] {
			return r, fmt.Sprintf("code %s can't stand below %s, another province", code, parent)
		}
	}
	return lined{Region: Region{Code: code, Parent: parent, Name: name, Level: levelOf(code)}, given: given}, ""
}

// sixDigits fills a code up with zeros; the 12 digits of the statistics bureau
// are cut where nothing is lost.
func sixDigits(s string) (string, bool) {
	s = strings.TrimSpace(s)
	switch len(s) {
	case 2, 4:
		s += strings.Repeat("0", 6-len(s))
	case 12:
		if s[6:] != "000000" {
			return "", false
		}
		s = s[:6]
	}
	return s, isCode(s)
}

// aboveOf is the code above by the digits.
func aboveOf(code string) string {
	switch levelOf(code) {
	case County:
		return code[:4] + "00"
	case City:
		return code[:2] + "0000"
	}
	return ""
}

// noCity tells whether a county may stand right below its province: districts
// of the four municipalities, and what a province governs itself (XX90NN).
func noCity(code string) bool {
	return code[2:4] == "90" || slices.Contains([]string{"11", "12", "31", "50"}, code[:2])
}

// parentsKnown refuses rows below regions that are neither in the file nor here
// already. In a list without parents, where no city stands between, the province
// is taken.
func parentsKnown(tx *db.Tx, rows []lined) error {
	known := map[string]bool{"": true}
	for code := range placesByCode {
		known[code] = true
	}
	var here []string
	if err := tx.NewSelect().Model((*regionRow)(nil)).Column("code").Scan(tx.Ctx(), &here); err != nil {
		return fmt.Errorf("list region codes: %w", err)
	}
	for _, code := range here {
		known[code] = true
	}
	for _, r := range rows {
		known[r.Code] = true
	}
	bad := &LoadError{}
	for i, r := range rows {
		switch {
		case known[r.Parent]:
		case !r.given && r.Level == County && noCity(r.Code) && known[r.Code[:2]+"0000"]:
			rows[i].Parent = r.Code[:2] + "0000"
		default:
			bad.add(r.line, "%s stands below %s, which is not known: load the upper level first", r.Code, r.Parent)
		}
	}
	if len(bad.Rows) > 0 {
		return bad
	}
	return nil
}

func putRegions(tx *db.Tx, org id.ID, rows []lined) error {
	fact := RegionsLoaded{Rows: len(rows)}
	for part := range slices.Chunk(rows, 500) {
		batch := make([]regionRow, len(part))
		for i, r := range part {
			batch[i] = regionRow{Code: r.Code, Org: org, Parent: r.Parent, Level: r.Level, Name: r.Name}
			switch r.Level {
			case Province:
				fact.Provinces++
			case City:
				fact.Cities++
			case County:
				fact.Counties++
			}
		}
		_, err := tx.NewInsert().Model(&batch).On("CONFLICT (code) DO UPDATE").
			Set("parent = EXCLUDED.parent, level = EXCLUDED.level, name = EXCLUDED.name").Exec(tx.Ctx())
		if err != nil {
			return fmt.Errorf("put regions: %w", err)
		}
	}
	load := id.New()
	return journal.Write(tx, journal.Entry{Org: org, Root: load, Subject: load, Rev: 1, Event: fact})
}
