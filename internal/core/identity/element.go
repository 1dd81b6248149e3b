package identity

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/uptrace/bun"

	"mingfa/internal/base/attach"
	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/element"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/text"
	"mingfa/internal/base/who"
)

// The data elements of a person (数据元, Appendix B.1 to B.4).
//
// What the program knows it fills in by itself: phone, source, times, and a user
// name for who chose none. The rest a person tells when he completes his profile
// (Describe), one element or all of them; nothing of it is asked on the way to a
// question. All of it is one sealed text under his key, so it goes with him. What
// is still missing is told (Described.Missing), and refused only by an import.

// elementRow is what a person told of himself.
type elementRow struct {
	bun.BaseModel `bun:"table:identity_element"`

	ID           id.ID  `bun:"type:uuid,pk"` // the person
	Org          id.ID  `bun:"type:uuid"`
	Words        id.ID  `bun:"type:uuid"` // sealed JSON of an element.Row
	NameIndex    string `bun:",nullzero"`
	LicenceIndex string `bun:",nullzero"`
	ChangedAt    db.Time
}

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

// ownPictures tells what is wrong with references: each must be a file under the
// person's own key.
func ownPictures(tx *db.Tx, p person, value string) string {
	for _, ref := range element.Split(value) {
		i, err := id.Parse(ref)
		if err != nil {
			return "element.pictures"
		}
		if b, err := blob.Find(tx, i); err != nil || b.Key != p.Key {
			return "element.pictures"
		}
	}
	return ""
}

// keepElements seals and writes what a person told.
func (s *Service) keepElements(ctx context.Context, actor who.Actor, p person, values element.Row, codes []string) error {
	b, err := json.Marshal(values)
	if err != nil {
		return err
	}
	words, err := s.Keys.Seal(ctx, p.Org, p.Key, string(b))
	if err != nil {
		return err
	}
	row := elementRow{ID: p.ID, Org: p.Org, Words: words.ID}
	for code, into := range map[string]*string{userName: &row.NameIndex, licence: &row.LicenceIndex} {
		if v := values[code]; v != "" {
			if *into, err = s.index(ctx, "element "+code, text.Fold(v)); err != nil {
				return err
			}
		}
	}
	event := DescribedFact{}
	for _, c := range codes {
		event.Elements = append(event.Elements, Code(c))
	}
	return s.DB.Do(ctx, actor, func(tx *db.Tx) error {
		now, err := lockPerson(tx, p.ID)
		if err != nil {
			return err
		}
		if !now.ErasedAt.IsZero() {
			return fault.NotThere()
		}
		if now.Rev != p.Rev { // what was merged may be old
			return fault.New(fault.Conflict, "fault.stale")
		}
		if err := alone(tx, row); err != nil {
			return err
		}
		row.ChangedAt = db.At(tx.Now())
		_, err = tx.NewInsert().Model(&row).On("CONFLICT (id) DO UPDATE").Set("words = EXCLUDED.words").Set("name_index = EXCLUDED.name_index").
			Set("licence_index = EXCLUDED.licence_index").Set("changed_at = EXCLUDED.changed_at").Exec(tx.Ctx())
		if db.Conflict(err) {
			return fault.Wrap(fault.Conflict, "fault.stale", err)
		}
		if err != nil {
			return fmt.Errorf("keep what a person told: %w", err)
		}
		now.Rev++
		if _, err := tx.NewUpdate().Model(&now).Column("rev").WherePK().Exec(tx.Ctx()); err != nil {
			return fmt.Errorf("keep what a person told: %w", err)
		}
		return now.write(tx, event, map[string]seal.Sealed{"elements": words})
	})
}

// alone refuses a user name or licence that is another person's. It is looked up
// first: a unique violation would stand in PostgreSQL's log.
func alone(tx *db.Tx, row elementRow) error {
	for _, x := range []struct{ column, index, path string }{{"name_index", row.NameIndex, userName}, {"licence_index", row.LicenceIndex, licence}} {
		if x.index == "" {
			continue
		}
		n, err := tx.NewSelect().Model((*elementRow)(nil)).Where("? = ?", bun.Ident(x.column), x.index).Where("id <> ?", row.ID).Count(tx.Ctx())
		if err != nil {
			return fmt.Errorf("look for a name that is taken: %w", err)
		}
		if n > 0 {
			return fault.Bad(fault.At("values."+x.path, "identity.element_taken"))
		}
	}
	return nil
}

// Description gives the actor what he told of himself.
func (s *Service) Description(ctx context.Context, actor who.Actor) (d Described, err error) {
	table := tableOf(actor.Roles)
	if table == "" {
		return d, fault.NotThere()
	}
	err = s.DB.View(ctx, actor, func(tx *db.Tx) error {
		all, err := s.Elements(ctx, tx, actor.Person)
		if d = describe(table, all[actor.Person]); d.Values == nil {
			d.Values = element.Row{}
		}
		return err
	})
	return d, err
}

// Elements opens what persons told of themselves; who told nothing, or is
// erased, is not in the map.
func (s *Service) Elements(ctx context.Context, tx *db.Tx, persons ...id.ID) (map[id.ID]element.Row, error) {
	out := map[id.ID]element.Row{}
	for part := range slices.Chunk(persons, 400) {
		var rows []elementRow
		if err := tx.NewSelect().Model(&rows).Where("id IN (?)", bun.List(part)).Scan(tx.Ctx()); err != nil {
			return nil, fmt.Errorf("find what persons told: %w", err)
		}
		words := make([]id.ID, len(rows))
		for i, r := range rows {
			words[i] = r.Words
		}
		texts, err := s.Keys.Read(ctx, tx, words...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if t := texts[r.Words]; !t.Erased {
				var row element.Row
				if err := json.Unmarshal([]byte(t.Plain), &row); err != nil {
					return nil, fmt.Errorf("read what person %s told: %w", r.ID, err)
				}
				out[r.ID] = row
			}
		}
	}
	return out, nil
}

// Account is what an account itself knows of the elements of its person.
type Account struct {
	Name, Phone string
	UserName    string // made from his ID
}

// Accounts opens names and phones; who is erased is not in the map.
func (s *Service) Accounts(ctx context.Context, tx *db.Tx, persons ...id.ID) (map[id.ID]Account, error) {
	out := map[id.ID]Account{}
	for part := range slices.Chunk(persons, 400) {
		var rows []person
		err := tx.NewSelect().Model(&rows).Column("id", "name_text", "phone_text").Where("id IN (?) AND erased_at IS NULL", bun.List(part)).Scan(tx.Ctx())
		if err != nil {
			return nil, fmt.Errorf("find accounts: %w", err)
		}
		var words []id.ID
		for _, r := range rows {
			words = append(words, r.NameText, r.PhoneText)
		}
		texts, err := s.Keys.Read(ctx, tx, words...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if !texts[r.PhoneText].Erased && !texts[r.NameText].Erased {
				out[r.ID] = Account{Name: texts[r.NameText].Plain, Phone: texts[r.PhoneText].Plain, UserName: "u" + hex.EncodeToString(r.ID[6:])}
			}
		}
	}
	return out, nil
}

// PhoneOf is the look-up value of a citizen's phone, "" for who has none or is
// erased: never to be shown or logged.
func (*Service) PhoneOf(tx *db.Tx, i id.ID) (string, error) {
	p, err := loadPerson(tx, i)
	if !p.ErasedAt.IsZero() {
		return "", unlessAbsent(err)
	}
	return p.PhoneIndex, unlessAbsent(err)
}

// CitizensByPhone finds the citizens whose phones have these look-up values.
func (*Service) CitizensByPhone(tx *db.Tx, indexes ...string) (map[string]id.ID, error) {
	var rows []person
	out := map[string]id.ID{}
	if len(indexes) == 0 {
		return out, nil
	}
	err := tx.NewSelect().Model(&rows).Column("id", "phone_index").Where("kind = 'citizen' AND erased_at IS NULL AND phone_index IN (?)", bun.List(indexes)).Scan(tx.Ctx())
	for _, p := range rows {
		out[p.PhoneIndex] = p.ID
	}
	return out, err
}

// Index is the look-up value of an element under the operator's key, in hex, as
// rooms keep it to find that two rows are the same: never to be shown or logged.
func (s *Service) Index(ctx context.Context, code, value string) (string, error) {
	return s.index(ctx, "element "+code, text.Fold(value))
}

// maxPicture bounds a picture of a card or licence, in bytes.
const maxPicture = 8 << 20

// KeepPicture keeps a picture of a card or licence, sealed under the actor's key,
// and gives its ID for Describe.
func (s *Service) KeepPicture(ctx context.Context, actor who.Actor, r io.Reader) (file id.ID, err error) {
	if tableOf(actor.Roles) != element.Lawyers || s.Blobs == nil {
		return id.Nil, fault.NotThere()
	}
	seen, r, err := blob.Look(r)
	if err != nil {
		return id.Nil, err
	}
	if !seen.Kind.Picture() {
		return id.Nil, fault.New(fault.WrongType, "blob.wrong_type")
	}
	var p person
	err = s.DB.View(ctx, actor, func(tx *db.Tx) (err error) {
		p, err = loadPerson(tx, actor.Person)
		return err
	})
	if err != nil {
		return id.Nil, err
	}
	b, err := s.Blobs.Put(ctx, p.Org, p.Key, r, maxPicture)
	if err != nil {
		return id.Nil, err
	}
	return b.ID, s.DB.Do(ctx, actor, func(tx *db.Tx) error {
		now, err := lockPerson(tx, p.ID)
		if err != nil {
			return err
		}
		if !now.ErasedAt.IsZero() {
			return fault.NotThere()
		}
		if err := blob.Save(tx, b); err != nil {
			return err
		}
		now.Rev++
		if _, err := tx.NewUpdate().Model(&now).Column("rev").WherePK().Exec(tx.Ctx()); err != nil {
			return err
		}
		return now.write(tx, PictureKept{File: b.ID, Commitment: Digest(hex.EncodeToString(b.Commitment[:]))}, nil)
	})
}

// Picture gives the actor a picture of his own.
func (s *Service) Picture(ctx context.Context, actor who.Actor, file id.ID) (*attach.Opened, error) {
	return s.PictureOf(ctx, actor, actor.Person, file)
}

// PictureOf gives a picture of a person. Who may, is decided by the caller. What
// it is, its bytes say.
func (s *Service) PictureOf(ctx context.Context, actor who.Actor, of, file id.ID) (*attach.Opened, error) {
	var b blob.Blob
	err := s.DB.View(ctx, actor, func(tx *db.Tx) error {
		p, err := loadPerson(tx, of)
		if err != nil {
			return err
		}
		if b, err = blob.Find(tx, file); err == nil && (b.Key != p.Key || s.Blobs == nil) {
			err = fault.NotThere()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	out, err := attach.Open(ctx, s.Blobs, b, blob.JPEG, "")
	if err != nil {
		return nil, err
	}
	seen, all, err := blob.Look(out.Content)
	if err != nil {
		return nil, errors.Join(err, out.Content.Close())
	}
	out.Kind, out.Name, out.Content = seen.Kind, "picture"+seen.Kind.Endings()[0], readCloser{all, out.Content}
	return out, nil
}

// readCloser reads from one and closes the other.
type readCloser struct {
	io.Reader
	io.Closer
}

// Pictures follows pictures of cards fact by fact, for verify.
type Pictures struct{ told map[id.ID]PictureKept }

// NewPictures has seen nothing yet.
func NewPictures() *Pictures { return &Pictures{told: map[id.ID]PictureKept{}} }

// Kinds are the facts that Apply understands.
func (*Pictures) Kinds() []string { return []string{"identity.picture_kept"} }

// Apply takes the next fact.
func (x *Pictures) Apply(f journal.Fact) error {
	var e PictureKept
	err := f.Decode(&e)
	x.told[e.File] = e
	return err
}

// Compare has nothing to compare: a picture has no row but that of its file.
func (*Pictures) Compare(*db.Tx) error { return nil }

// Check reads every picture and tells the first that is not the one its fact
// committed to: altered, exchanged or missing. count may be nil.
func (x *Pictures) Check(ctx context.Context, d *db.DB, blobs *blob.Blobs, count map[seal.State]int) error {
	for i, e := range x.told {
		var content blob.Commitment
		sum, err := hex.DecodeString(string(e.Commitment))
		if err != nil || copy(content[:], sum) != len(content) {
			return fmt.Errorf("picture %s: its fact holds no commitment", i)
		}
		state, err := attach.Check(ctx, d, blobs, i, content, attach.AnySize)
		if err != nil {
			return fmt.Errorf("picture %s: %w", i, err)
		}
		if count != nil {
			count[state]++
		}
		if state == seal.Bad {
			return fmt.Errorf("identity: picture %s of a card is missing, or is not what its fact committed to", i)
		}
	}
	return nil
}

// DescribedFact: a person changed elements of himself; what he told is sealed.
type DescribedFact struct {
	Elements []Code `json:"elements"`
}

// PictureKept: a person left a picture of a card or licence.
type PictureKept struct {
	File       id.ID  `json:"file"`
	Commitment Digest `json:"commitment"` // of the content
}

// Digest is a hash in hex in a fact.
type Digest string

// Kind names the fact.
func (DescribedFact) Kind() string { return "identity.described" }

// Kind names the fact.
func (PictureKept) Kind() string { return "identity.picture_kept" }

func init() {
	journal.Register("identity.read", func() journal.Event { return DescribedFact{} }, func() journal.Event { return PictureKept{} })
	say.Register(map[string]say.Texts{
		"fact.identity.described":    {Hans: "资料已更新", Hant: "資料已更新", En: "Details of the person were changed"},
		"fact.identity.picture_kept": {Hans: "证件图片已上传", Hant: "證件圖片已上載", En: "A picture of a card or licence was uploaded"},
		"identity.element_taken": {Hans: "已被他人使用。请核对，或换一个。", Hant: "已被他人使用。請核對，或換一個。",
			En: "Somebody else has this already. Check it, or choose another."},
	})
}
