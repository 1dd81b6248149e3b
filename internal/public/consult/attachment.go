package consult

import (
	"fmt"

	"github.com/uptrace/bun"

	"mingfa/internal/base/attach"
	"mingfa/internal/base/blob"
	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/who"
)

// Attachments (附件) are pictures and PDF files beside a question, an answer or a
// message.
//
//	           Upload                 Ask, Answer, Say
//	(nothing) -------> unsent -----------------------> sent, with a fact
//	                     |
//	                     +--> gone: taken back by its author, after 24 hours, or with the
//	                          begun question that was kept (begun.go)
//
// Upload stores the bytes, sealed under the order's key; they may come before the
// order does, whose key is then made with them (a draft). Nobody but their author
// sees them until they are sent. The verb that sends names them, with the name of
// each file: what a person calls a file is personal, so it comes where his words
// come and is sealed like them. From then on the file is a part of the order:
// never changed, never taken away, committed to by a fact.
//
// A file is kept as it came, for it may be evidence. So a picture still tells what
// its camera wrote into it, often the place where it was taken; the pages say so.

// The limits of attachments, besides those of any file (base/attach).
const (
	MaxFiles        = 30 // of one order, unsent ones among them
	MaxCitizenFiles = 20 // of them the citizen's, so that his lawyer can always add some
	MaxUnsent       = 30 // of one person, in all orders together
)

// Place is where in an order a file belongs.
type Place string

// The places.
const (
	Unsent     Place = "unsent"
	InQuestion Place = "question"
	InAnswer   Place = "answer"
	InMessage  Place = "message"
)

// Attach names a file that was uploaded and is now sent.
type Attach struct {
	ID   id.ID  `json:"id" doc:"Under which it was uploaded"`
	Name string `json:"name,omitempty" maxLength:"1000" doc:"What its sender calls it; sealed, shortened and cleaned"`
}

// checkFiles refuses lists that no order takes. (The types of the wire keep their
// names, which generated clients have.)
func checkFiles(files []Attach) []fault.Field {
	list := make([]attach.Attach, len(files))
	for i, f := range files {
		list[i] = attach.Attach(f)
	}
	return attach.CheckList(list)
}

// attachmentRow is a file of an order.
type attachmentRow struct {
	bun.BaseModel `bun:"table:consult_attachment"`

	ID     id.ID `bun:"type:uuid,pk"`
	Org    id.ID `bun:"type:uuid"`
	Order  id.ID `bun:"consult,type:uuid"`
	Key    id.ID `bun:"type:uuid"`
	File   id.ID `bun:"type:uuid"` // the blob
	Author id.ID `bun:"type:uuid"`
	Role   Role
	Kind   blob.Kind
	Size   int64 // bytes
	Width  int   // points; 0 of what is no picture
	Height int
	MadeAt db.Time `bun:",nullzero"`

	Place   Place
	Message id.ID `bun:"type:uuid,nullzero"`
	N       int
	Name    id.ID   `bun:"type:uuid,nullzero"` // sealed
	At      db.Time `bun:",nullzero"`
}

// draftRow is an order that is still to come and has files already.
type draftRow struct {
	bun.BaseModel `bun:"table:consult_draft"`

	ID      id.ID   `bun:"type:uuid,pk"`
	Org     id.ID   `bun:"type:uuid"`
	Citizen id.ID   `bun:"type:uuid"`
	Order   id.ID   `bun:"consult,type:uuid"`
	Key     id.ID   `bun:"type:uuid"`
	MadeAt  db.Time `bun:",nullzero"`
}

// lost refuses a file that is not there to be sent: never uploaded, gone after a
// day, another's, of another order, or sent already.
func lost(i int) error {
	return fault.Bad(fault.At(fmt.Sprintf("attachments[%d].id", i), "consult.attachment_gone"))
}

// room refuses what would be too many: of the order, of those the citizen's, and
// unsent ones of the person.
func (c fileCounts) room(of Role) error {
	switch {
	case c.unsent >= MaxUnsent:
		return fault.New(fault.Conflict, "consult.attachments_unsent").With("max", MaxUnsent)
	case c.all >= MaxFiles || of == ByCitizen && c.citizen >= MaxCitizenFiles:
		return fault.New(fault.Conflict, "consult.attachments_full").With("max", MaxFiles).With("citizen", MaxCitizenFiles)
	}
	return nil
}

// fileCounts are how many files there are.
type fileCounts struct {
	all, citizen int // of an order: those sent, and the person's own unsent ones
	unsent       int // of the person, in all orders
}

// mine tells whether the actor may send this file with this order.
func (a *attachmentRow) mine(actor who.Actor, order, key id.ID) bool {
	return a.Author == actor.Person && a.Order == order && a.Key == key
}
