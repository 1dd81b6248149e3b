package identity

import (
	"context"
	"maps"
	"slices"

	"mingfa/internal/base/db"
	"mingfa/internal/base/element"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
	"mingfa/internal/base/who"
)

// The data elements of a person (数据元, Appendix B.1 to B.4).
//
// What the program knows it fills in by itself: phone, source, times, and a user
// name for who chose none. The rest a person tells when he completes his profile
// (Describe), one element or all of them; nothing of it is asked on the way to a
// question. All of it is one sealed text under his key, so it goes with him. What
// is still missing is told (Described.Missing), and refused only by an import.

// told are the elements that a person tells himself, by table.
var told = map[element.Table][]string{
	element.Users: {"20102", "20104", "20105", "20106"},
	element.Lawyers: {"20204", "20205", "20208", "20210", "20211", "20212", "20301", "20302", "20303", "20304", "20305", "20306", "20307",
		"20401", "20402", "20403"},
}

const userName, licence = "20102", "20305"

// Told are the elements that a person of a table tells himself.
func Told(t element.Table) []string { return slices.Clone(told[t]) }

// tableOf is the table in which a person with these roles is described; "" is
// none.
func tableOf(roles []who.Role) element.Table {
	switch {
	case slices.Contains(roles, who.Citizen):
		return element.Users
	case slices.Contains(roles, who.DutyLawyer):
		return element.Lawyers
	}
	return ""
}

// Described is what a person told of himself, and what is still missing.
type Described struct {
	Table   element.Table
	Values  element.Row
	Missing []string // codes that must be there and are not
}

// Describe changes elements of the actor himself; an empty value takes one away,
// what is not named stays. It refuses all of it when one can't be taken.
func (s *Service) Describe(ctx context.Context, actor who.Actor, change element.Row) (Described, error) {
	table := tableOf(actor.Roles)
	if table == "" {
		return Described{}, fault.NotThere()
	}
	var p person
	var values element.Row
	err := s.DB.View(ctx, actor, func(tx *db.Tx) (err error) {
		if p, err = loadPerson(tx, actor.Person); err != nil {
			return err
		}
		if change, err = s.checkElements(tx, p, table, change); err != nil {
			return err
		}
		all, err := s.Elements(ctx, tx, p.ID)
		values = all[p.ID]
		return err
	})
	if err != nil {
		return Described{}, err
	}
	if !p.ErasedAt.IsZero() {
		return Described{}, fault.NotThere()
	}
	values = maps.Clone(values)
	if values == nil {
		values = element.Row{}
	}
	codes := slices.Sorted(maps.Keys(change))
	for _, c := range codes {
		if values[c] = change[c]; change[c] == "" {
			delete(values, c)
		}
	}
	if err := s.keepElements(ctx, actor, p, values, codes); err != nil {
		return Described{}, err
	}
	return describe(table, values), nil
}

// Describing is what a person of a table told, and what is missing of it.
func Describing(t element.Table, values element.Row) Described {
	if values = maps.Clone(values); values == nil {
		values = element.Row{}
	}
	return describe(t, values)
}

// describe tells what is missing of what a person tells himself.
func describe(t element.Table, values element.Row) Described {
	d := Described{Table: t, Values: values, Missing: []string{}}
	for _, c := range told[t] {
		if e, ok := element.Find(c); ok && values[c] == "" && e.Required(element.Rules{}) && c != userName {
			d.Missing = append(d.Missing, c)
		}
	}
	return d
}

// checkElements gives the values as they are stored, or names each that can't be.
func (s *Service) checkElements(tx *db.Tx, p person, t element.Table, change element.Row) (element.Row, error) {
	var bad []fault.Field
	out := element.Row{}
	known := element.Known{Field: s.FieldKnown, Region: func(code string) bool {
		ok, err := s.RegionKnown(tx, code)
		return ok && err == nil
	}}
	for _, c := range slices.Sorted(maps.Keys(change)) {
		e, ok := element.Find(c)
		if !ok || !slices.Contains(told[t], c) {
			bad = append(bad, fault.At("values", "fault.field_unknown"))
			continue
		}
		v, why := e.Check(change[c], element.Rules{Now: tx.Now()}, known)
		if why == "fault.field_required" { // it may be told later
			v, why = "", ""
		}
		if why == "" && v != "" && (e.Kind == element.Pictures || e.Kind == element.Picture) {
			why = ownPictures(tx, p, v)
		}
		if why != "" {
			bad = append(bad, fault.At("values."+c, why).With("max", e.Max))
		}
		out[c] = v
	}
	if len(bad) > 0 {
		return nil, fault.Bad(bad...)
	}
	return out, nil
}

// DescribedFact: a person changed elements of himself; what he told is sealed.
type DescribedFact struct {
	Elements []Code `json:"elements"`
}

// Kind names the fact.
func (DescribedFact) Kind() string { return "identity.described" }

func init() {
	journal.Register("identity.read", func() journal.Event { return DescribedFact{} }, func() journal.Event { return PictureKept{} })
	say.Register(map[string]say.Texts{
		"fact.identity.described":    {Hans: "资料已更新", Hant: "資料已更新", En: "Details of the person were changed"},
		"fact.identity.picture_kept": {Hans: "证件图片已上传", Hant: "證件圖片已上載", En: "A picture of a card or licence was uploaded"},
		"identity.element_taken": {Hans: "已被他人使用。请核对，或换一个。", Hant: "已被他人使用。請核對，或換一個。",
			En: "Somebody else has this already. Check it, or choose another."},
	})
}
