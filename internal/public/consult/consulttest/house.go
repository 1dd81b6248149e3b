// Package consulttest adds consultations to the house of identitytest, for the
// tests of rooms that live from orders: they are asked, answered and rated here by
// the real verbs.
package consulttest

import (
	"strings"

	"mingfa/internal/base/id"
	"mingfa/internal/base/seal"
	"mingfa/internal/base/seal/sealtest"
	"mingfa/internal/base/who"
	"mingfa/internal/core/identity"
	"mingfa/internal/core/identity/identitytest"
	"mingfa/internal/public/consult"
	"mingfa/internal/public/lawyer"
)

// Rooms are the rooms below.
type Rooms struct {
	Consult *consult.Service
	Lawyers *lawyer.Service
}

// House is a house in which questions are asked.
type House struct {
	*identitytest.House
	Rooms
	Asker  who.Actor // the citizen who asks and rates
	Lawyer who.Actor // who answers, once Hire was called
}

// Open adds the rooms and their due rows.
func Open(h *identitytest.House) *House {
	h.T.Helper()
	x := &House{House: h}
	x.Lawyers = &lawyer.Service{DB: h.DB, Keys: h.Keys, Rules: h.Rules}
	x.Consult = &consult.Service{DB: h.DB, Keys: h.Keys, Rules: h.Rules, People: h.People, Lawyers: x.Lawyers, Journal: h.Journal, Blobs: h.Blobs,
		Calendar: identitytest.Calendar}
	x.Consult.Wire(h.Runner)
	return x
}

// Join signs the asker in; there must be an operator.
func (h *House) Join() {
	h.T.Helper()
	h.Asker = h.SignIn("+8613800138000")
}

// Hire adds the lawyer, who works for an organisation, for all areas of regions.
func (h *House) Hire(o identity.Org, status lawyer.Status, regions ...string) {
	h.T.Helper()
	h.Lawyer = identitytest.Staff(o, who.DutyLawyer)
	h.Must(h.Lawyers.Add(h.T.Context(), identitytest.Setup, lawyer.New{Person: h.Lawyer.Person, Key: sealtest.Key(h.T, h.Keys, seal.Person, o.Key), Org: o.ID, Path: o.Path,
		Name: "甲", Nickname: "甲", Firm: "明法律师事务所", Areas: []string{lawyer.Any}, Regions: regions, Languages: []string{"zh-Hans"}, Status: status}))
}

// Ask lets the asker ask in a region.
func (h *House) Ask(region string) id.ID {
	h.T.Helper()
	o, err := h.Consult.Ask(h.T.Context(), h.Asker, consult.Ask{ID: id.New(), Region: region, Question: "公司拖欠工资怎么办？", Contact: consult.Contact{Name: "陈女士"}})
	h.Must(err)
	return o.ID
}

// Draft is an answer that keeps the rules.
func Draft() consult.Draft {
	return consult.Draft{Judgement: "公司拖欠工资违法。", Text: strings.Repeat("您可以依法主张工资和补偿，", 5),
		Basis: []consult.Basis{{Law: "劳动法", Article: "第五十条"}}, Advice: []string{"向劳动监察大队投诉。"}}
}

// Answer lets the lawyer answer an order that is his.
func (h *House) Answer(order id.ID) {
	h.T.Helper()
	_, err := h.Consult.Answer(h.T.Context(), h.Lawyer, order, 0, Draft())
	h.Must(err)
}

// Rate lets the asker rate; call is the ID of the call-back that a bad rating opens.
func (h *House) Rate(order id.ID, level consult.Rating) (call id.ID) {
	h.T.Helper()
	call = id.New()
	_, err := h.Consult.Rate(h.T.Context(), h.Asker, order, call, level, "")
	h.Must(err)
	return call
}
