package consult

import (
	"fmt"

	"github.com/uptrace/bun"

	"mingfa/internal/base/db"
	"mingfa/internal/base/fault"
	"mingfa/internal/base/id"
	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
	"mingfa/internal/core/notify"
)

// NoticeKinds are the facts of which somebody is told.
var NoticeKinds = []string{"consult.assigned", "consult.warned", "consult.breached", "consult.answered", "consult.reminded", "consult.said", "consult.callback_opened", "consult.callback_recorded"}

// Notices are the messages that a fact calls for: who is told what (B6.1b: the
// citizen when he is answered, by SMS; B7.1.3.1b: and once more when he has not
// rated; B6.2.1.1: warnings; B7.1.3.2b: the lawyer who must call). operators lists who watches over an organisation.
func Notices(tx *db.Tx, facts []journal.Fact, operators func(path string) ([]id.ID, error)) (list []notify.Message, err error) {
	orders, err := ordersOf(tx, facts)
	if err != nil {
		return nil, fmt.Errorf("find the orders of facts: %w", err)
	}
	for _, f := range facts {
		o := orders[f.Root]
		if o == nil {
			return nil, fmt.Errorf("find the order of fact %d: %w", f.Leaf, fault.NotThere())
		}
		more, err := noticesOf(o, f, operators)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	return list, nil
}

// ordersOf reads the orders to which facts belong.
func ordersOf(tx *db.Tx, facts []journal.Fact) (map[id.ID]*Order, error) {
	roots := make([]id.ID, len(facts))
	for i, f := range facts {
		roots[i] = f.Root
	}
	var rows []Order
	if err := tx.NewSelect().Model(&rows).Where("id IN (?)", bun.List(db.Padded(roots))).Scan(tx.Ctx()); err != nil {
		return nil, err
	}
	out := make(map[id.ID]*Order, len(rows))
	for i := range rows {
		out[rows[i].ID] = &rows[i]
	}
	return out, nil
}

func noticesOf(o *Order, f journal.Fact, operators func(path string) ([]id.ID, error)) (_ []notify.Message, err error) {
	n := notices{o: o, key: fmt.Sprintf("%s/%d", f.Kind, f.Leaf)}
	switch f.Kind {
	case "consult.answered":
		n.tell(o.Citizen, "answered", true)
	case "consult.reminded":
		n.tell(o.Citizen, "rate", true)
	case "consult.said":
		err = n.said(f)
	case "consult.assigned":
		err = n.assigned(f)
	case "consult.warned", "consult.breached":
		err = n.late(f, operators)
	case "consult.callback_opened":
		err = n.all(operators, "callback_opened")
	case "consult.callback_recorded":
		err = n.recorded(f)
	}
	return n.list, err
}

// ToCitizens are the kinds of messages that go to who asked; all others go to staff.
var ToCitizens = []string{"answered", "rate", "replied"}

type notices struct {
	o    *Order
	key  string
	list []notify.Message
}

func (n *notices) tell(to id.ID, kind string, sms bool) {
	if to == id.Nil {
		return
	}
	n.list = append(n.list, notify.Message{Org: n.o.Org, Person: to, Root: n.o.ID, Kind: kind, Key: n.key + "/" + to.String(), SMS: sms,
		Args: map[string]any{"number": n.o.Number}})
}

func (n *notices) all(operators func(path string) ([]id.ID, error), kind string) error {
	list, err := operators(n.o.Path)
	for _, p := range list {
		n.tell(p, kind, false)
	}
	return err
}

func (n *notices) said(f journal.Fact) error {
	var e SaidFact
	if err := f.Decode(&e); err != nil {
		return err
	}
	if e.Role == ByLawyer {
		n.tell(n.o.Citizen, "replied", true)
	} else {
		n.tell(n.o.Lawyer, "asked_back", false)
	}
	return nil
}

func (n *notices) assigned(f journal.Fact) error {
	var e AssignedFact
	if err := f.Decode(&e); err != nil {
		return err
	}
	n.tell(e.Lawyer, "assigned", false)
	return nil
}

// late warns the lawyer, and from 110 minutes on also who watches.
func (n *notices) late(f journal.Fact, operators func(path string) ([]id.ID, error)) error {
	var e WarnedFact
	if err := f.Decode(&e); err != nil {
		return err
	}
	if f.Kind == "consult.warned" && e.Minutes < int(At110) {
		n.tell(e.Lawyer, "warned", false)
		return nil
	}
	kind := "alarm"
	if f.Kind == "consult.breached" {
		kind = "breached"
	}
	n.tell(n.o.Lawyer, kind, false)
	return n.all(operators, kind)
}

func (n *notices) recorded(f journal.Fact) error {
	var e CallbackRecordedFact
	if err := f.Decode(&e); err != nil {
		return err
	}
	if e.Legal && !e.LawyerDueAt.IsZero() {
		n.tell(n.o.Lawyer, "lawyer_call", true)
	}
	return nil
}

func init() {
	say.Register(map[string]say.Texts{
		"notify.answered":        {Hans: "您的咨询 {number} 律师已答复，请查看并评价：{link}", Hant: "您的諮詢 {number} 律師已回覆，請查看並評分：{link}", En: "A lawyer has answered your question {number}. Please read and rate it: {link}"},
		"notify.rate":            {Hans: "您还没有评价咨询 {number} 的答复，请花一分钟评价：{link}", Hant: "您尚未為諮詢 {number} 的回覆評分，請用一分鐘評分：{link}", En: "You have not rated the answer to your question {number} yet. It takes a minute: {link}"},
		"notify.replied":         {Hans: "律师回复了您在咨询 {number} 中的追问：{link}", Hant: "律師回覆了您在諮詢 {number} 中的追問：{link}", En: "The lawyer has replied to your further question in {number}: {link}"},
		"notify.asked_back":      {Hans: "群众在工单 {number} 中继续提问，请在 120 分钟内答复。{link}", Hant: "市民在工單 {number} 中繼續提問，請在 120 分鐘內回覆。{link}", En: "The citizen asked further in {number}. Please reply within 120 minutes. {link}"},
		"notify.assigned":        {Hans: "新工单 {number}，请在 120 分钟内答复。{link}", Hant: "新工單 {number}，請在 120 分鐘內回覆。{link}", En: "New order {number}. Please answer within 120 minutes. {link}"},
		"notify.warned":          {Hans: "工单 {number} 还没有答复，请抓紧。{link}", Hant: "工單 {number} 尚未回覆，請盡快。{link}", En: "Order {number} is not answered yet. Please hurry. {link}"},
		"notify.alarm":           {Hans: "工单 {number} 已过 110 分钟仍未答复。{link}", Hant: "工單 {number} 已過 110 分鐘仍未回覆。{link}", En: "Order {number} has waited 110 minutes. {link}"},
		"notify.breached":        {Hans: "工单 {number} 已超过 120 分钟未答复。{link}", Hant: "工單 {number} 已超過 120 分鐘未回覆。{link}", En: "Order {number} has waited more than 120 minutes. {link}"},
		"notify.callback_opened": {Hans: "工单 {number} 的评价未达满意，请在一个工作日内回访。{link}", Hant: "工單 {number} 的評分未達滿意，請在一個工作天內回訪。{link}", En: "Order {number} was rated below satisfied. Please call back within one working day. {link}"},
		"notify.lawyer_call":     {Hans: "工单 {number} 回访发现仍有法律问题，请在 1 小时内致电当事人。{link}", Hant: "工單 {number} 回訪發現仍有法律問題，請在 1 小時內致電當事人。{link}", En: "A legal question remains in {number}. Please call the person within one hour. {link}"},
	})
}
