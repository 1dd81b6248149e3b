package script

import (
	"context"
	"fmt"
	"time"
)

// Grievance is a complaint or suggestion about an order, decided before the day.
type Grievance struct {
	Kind       string // complaint or suggestion
	Words      string
	In         time.Duration // after the question
	Hotline    bool          // told to an operator on the telephone
	Late       bool          // called back after its day
	Filed      bool          // its words are sensitive: the bureau acknowledges, the result is filed
	Hand       string        // flagged by hand, as this
	NotReached int           // calls in vain before he is reached; 3 means never
}

// complain tells it.
func (d *day) complain(ctx context.Context, c Course, g Grievance, citizen *client) error {
	id := clientID(d.rng, d.step.Now())
	body := map[string]any{"id": id, "kind": g.Kind, "text": g.Words, "order": c.Order, "language": "zh-Hans"}
	who, act, path := citizen, "complain", "/complaints"
	if g.Hotline {
		who, act, path = d.operator(c), "take_down", "/complaints/register"
		body["channel"], body["name"], body["phone"] = "hotline", fmt.Sprintf("群众%d", c.N), phone(c.N)
		body["received_at"] = d.step.Now().Add(-20 * time.Minute).UTC()
	}
	if _, err := d.send(ctx, who, act, c.Order, path, body, Entry{Of: id}, 201); err != nil {
		return err
	}
	if g.Filed {
		if err := d.later(3*time.Minute, func(ctx context.Context) error { return d.acknowledge(ctx, c, id) }); err != nil {
			return err
		}
	}
	if g.Hand != "" {
		_ = d.later(20*time.Minute, func(ctx context.Context) error { return d.flag(ctx, c, id, g.Hand) })
	}
	at := d.nextOfficeHour(d.step.Now()).Add(45 * time.Minute)
	if g.Late {
		at = d.dayAfterNext(d.step.Now())
	}
	d.at(at, func(ctx context.Context) error { return d.callAbout(ctx, c, g, id, 0) })
	return nil
}

// about is a step of an operator with a complaint.
func (d *day) about(ctx context.Context, who *client, c Course, id, act, path string, body any) error {
	_, err := d.send(ctx, who, act, c.Order, "/complaints/"+id+path, body, Entry{Of: id}, 200, 201)
	return err
}

func (d *day) acknowledge(ctx context.Context, c Course, id string) error {
	b, err := d.bureau(c.Region)
	if err != nil {
		return err
	}
	return d.about(ctx, b, c, id, "complaint_acknowledge", "/acknowledge", struct{}{})
}

// flag marks it as sensitive by hand; the bureau is slow to acknowledge.
func (d *day) flag(ctx context.Context, c Course, id, as string) error {
	body := map[string]string{"category": as, "note": "对方提到要联系媒体"}
	if err := d.about(ctx, d.operator(c), c, id, "complaint_flag", "/flag", body); err != nil {
		return err
	}
	return d.later(10*time.Minute, func(ctx context.Context) error { return d.acknowledge(ctx, c, id) })
}

// callAbout telephones; calls in vain are forty minutes apart.
func (d *day) callAbout(ctx context.Context, c Course, g Grievance, id string, n int) error {
	reached := n >= g.NotReached
	body := map[string]any{"id": clientID(d.rng, d.step.Now()), "reached": reached}
	if reached {
		body["reason"] = "希望答复更快、更具体"
	}
	if err := d.about(ctx, d.operator(c), c, id, "complaint_call", "/calls", body); err != nil {
		return err
	}
	if !reached && n < 2 {
		return d.later(40*time.Minute, func(ctx context.Context) error { return d.callAbout(ctx, c, g, id, n+1) })
	}
	return d.later(10*time.Minute, func(ctx context.Context) error { return d.conclude(ctx, c, g, id, reached) })
}

// conclude fills in the register, files what must be filed, and closes.
func (d *day) conclude(ctx context.Context, c Course, g Grievance, id string, reached bool) error {
	op := d.operator(c)
	entry := map[string]string{"kind": g.Kind, "reason_category": "slow", "reason": "等候时间较长", "measure": "提醒律师并跟踪办理", "result": "已致歉，并说明下一步安排"}
	if !reached {
		entry["reason_category"] = "not_reached"
	}
	if err := d.about(ctx, op, c, id, "complaint_result", "/result", entry); err != nil {
		return err
	}
	if g.Filed {
		filing := map[string]string{"number": "粤司报〔2026〕7号", "date": d.step.Now().In(d.Midnight.Location()).Format(time.DateOnly), "authority": "广东省司法厅"}
		if err := d.about(ctx, op, c, id, "complaint_filing", "/filing", filing); err != nil {
			return err
		}
	}
	return d.later(30*time.Minute, func(ctx context.Context) error {
		return d.about(ctx, op, c, id, "complaint_close", "/close", struct{}{})
	})
}
