package quality

import (
	"testing"
	"time"

	"mingfa/internal/base/db"
)

// What a lawyer sees of himself: his results by the time of the last card, nobody
// else's; a disputed one is no result until it is settled.
//
// req: B7.T1e, B7.T1f, B5.3g
func TestOwnResults(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		by, citizen := h.lawyer("甲"), h.NewCitizen()
		from := h.Clock.Now()
		own := func(to time.Time) (o Own) {
			h.View(func(tx *db.Tx) (err error) { o, err = OwnResults(tx, by.Person, from, to); return err })
			return o
		}
		q := h.checked(by, citizen, "judgement_wrong")
		now := h.Clock.Now().Add(time.Second)
		if o := own(now); o != (Own{Inspected: 1, Fatal: 1}) {
			t.Errorf("after the card: %+v", o)
		}
		if o := own(from); o != (Own{}) {
			t.Errorf("before it: %+v", o)
		}
		_, err := h.Dispute(t.Context(), by, q.ID, q.Rev, "判断没有错")
		h.Must(err)
		if o := own(now); o != (Own{Disputed: 1}) {
			t.Errorf("disputed: %+v", o)
		}
		other := h.lawyer("乙")
		h.View(func(tx *db.Tx) error {
			o, err := OwnResults(tx, other.Person, from, now)
			if o != (Own{}) {
				t.Errorf("another lawyer's: %+v", o)
			}
			return err
		})
	})
}
