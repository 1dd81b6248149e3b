package board

import (
	"testing"

	"mingfa/internal/base/journal"
	"mingfa/internal/base/who"
	"mingfa/internal/core/identity/identitytest"
	"mingfa/internal/public/complaint"
	"mingfa/internal/public/consult/consulttest"
	"mingfa/internal/public/lawyer"
	"mingfa/internal/public/quality"
)

// room is the board over real rooms below it.
type room struct {
	*Service
	*consulttest.House
	complaint *complaint.Service
	quality   *quality.Service
}

func each(t *testing.T, fn func(t *testing.T, h *room)) {
	t.Helper()
	identitytest.Each(t, func(h *identitytest.House) { fn(h.T, open(h)) })
}

func open(house *identitytest.House) *room {
	h := &room{House: consulttest.Open(house)}
	h.Service = &Service{DB: house.DB, Rules: house.Rules, People: house.People}
	h.complaint = &complaint.Service{DB: house.DB, Keys: h.Keys, Rules: house.Rules, People: house.People, Calendar: identitytest.Calendar}
	h.quality = &quality.Service{DB: house.DB, Keys: h.Keys, Rules: house.Rules, People: house.People, Lawyers: h.Lawyers, Consult: h.Consult, Calendar: identitytest.Calendar}
	h.complaint.Wire(h.Runner)
	h.Journal.ReactTogether(Reaction, journal.Start, Kinds, h.Count)
	h.Tree("440000", "440100", "440300", "440106", "440105")
	h.Guangdong()
	h.Join()
	return h
}

// onDuty adds the lawyer, online for everything.
func (h *room) onDuty() { h.T.Helper(); h.Hire(h.Orgs[""], lawyer.Online, lawyer.Any) }

// operator looks at an organisation.
func (h *room) operator(region string, roles ...who.Role) who.Actor {
	if len(roles) == 0 {
		roles = []who.Role{who.Operations}
	}
	return identitytest.Staff(h.Orgs[region], roles...)
}

func (h *room) board(region string) map[string]Figure {
	h.T.Helper()
	b, err := h.Live(h.T.Context(), h.operator(region, who.Operations, who.Quality), "zh-Hans")
	h.Must(err)
	if b.Behind != 0 {
		h.T.Errorf("%d facts are not counted", b.Behind)
	}
	out := map[string]Figure{}
	for _, f := range b.Figures {
		out[f.Code] = f
	}
	return out
}
