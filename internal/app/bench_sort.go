package app

import (
	"slices"
	"strings"
)

// Which rows of the pattern belong together: those that name the same ID of their own.
// Citizens are accounts of their own, to which orders only point.

// sorter puts rows into clusters.
type sorter struct {
	s         *snapshot
	owned     map[string]bool   // IDs that are made anew in a copy
	citizenOf map[string]string // by a citizen's ID and by his key
	keyOf     map[string]string // by citizen
	told      map[string]bool   // texts of accounts
	parent    map[string]string // of IDs that belong together
}

// sortRows deals the rows of a house into the snapshot's orders, accounts and others.
func sortRows(s *snapshot, rows []patternRow) {
	x := &sorter{s, map[string]bool{}, map[string]string{}, map[string]string{}, map[string]bool{}, map[string]string{}}
	for _, r := range rows {
		x.learn(r)
	}
	home := make([]string, len(rows)) // an ID of the row's cluster; "" is nobody's
	for i, r := range rows {
		home[i] = x.join(r)
	}
	by := map[string]*cluster{}
	for i, r := range rows {
		if home[i] == "" || s.foreign(r) {
			continue
		}
		at := x.find(home[i])
		if by[at] == nil {
			by[at] = &cluster{}
		}
		x.put(by[at], r)
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

// learn notes which IDs a row brings into the world, and whose they are.
func (x *sorter) learn(r patternRow) {
	s := x.s
	switch copiedTables[r.table] {
	case "identity_person":
		x.told[s.column(r, "name_text")], x.told[s.column(r, "phone_text")] = true, true
		c, key := s.column(r, "id"), s.column(r, "key")
		if s.column(r, "kind") == "citizen" {
			x.citizenOf[c], x.citizenOf[key], x.keyOf[c] = c, c, key
		} else {
			s.shared[key] = "key"
		}
	case "journal_fact":
		x.owned[s.column(r, "subject")], x.owned[s.column(r, "root")] = true, true
	case "identity_element":
		x.told[s.column(r, "words")] = true
	case "seal_text":
		x.owned[s.column(r, "id")], x.owned[s.column(r, "key")] = true, true
	default:
		for _, c := range []string{"id", "key", "file"} {
			if v := s.column(r, c); v != "" {
				x.owned[v] = true
			}
		}
	}
}

// find gives the ID that stands for all that belong to one.
func (x *sorter) find(i string) string {
	if p, ok := x.parent[i]; ok && p != i {
		x.parent[i] = x.find(p)
		return x.parent[i]
	}
	return i
}

// join says that the IDs of a row belong together, and gives one of them.
func (x *sorter) join(r patternRow) (home string) {
	ids := idsIn(r.values)
	home = x.accountOf(r)
	for _, i := range ids {
		if !x.owned[i] || x.s.shared[i] != "" || x.citizenOf[i] != "" {
			continue
		}
		if home == "" {
			home = i
		}
		x.parent[x.find(i)] = x.find(home)
	}
	return home
}

// put puts a row into its cluster.
func (x *sorter) put(c *cluster, r patternRow) {
	s := x.s
	c.rows = append(c.rows, r)
	switch copiedTables[r.table] {
	case "consult_order":
		c.order, c.citizen = true, s.column(r, "citizen")
		c.citizens = append(c.citizens, [2]string{c.citizen, x.keyOf[c.citizen]})
		c.keys = append(c.keys, s.column(r, "key"))
	case "identity_person":
		c.account, c.citizen = true, s.column(r, "id")
		c.keys = append(c.keys, s.column(r, "key"))
	case "seal_text":
		c.texts = append(c.texts, s.column(r, "id"))
	}
	for _, i := range idsIn(r.values) {
		mine := x.citizenOf[i] == "" || c.account && x.citizenOf[i] == c.citizen
		if x.owned[i] && s.shared[i] == "" && mine && !slices.Contains(c.owned, i) {
			c.owned = append(c.owned, i)
		}
	}
}

// accountOf tells whose account a row belongs to, "" for none's.
// What a citizen complains of is under his key too, but isn't of his account.
func (x *sorter) accountOf(r patternRow) string {
	s := x.s
	switch copiedTables[r.table] {
	case "identity_person", "identity_element":
		return x.citizenOf[s.column(r, "id")]
	case "journal_fact":
		return x.citizenOf[s.column(r, "root")]
	case "seal_text":
		if x.told[s.column(r, "id")] {
			return x.citizenOf[s.column(r, "key")]
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
