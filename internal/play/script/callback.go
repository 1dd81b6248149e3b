package script

import (
	"context"
	"fmt"
	"time"
)

// Calling back who is not satisfied.

// nextOfficeHour is when somebody telephones: within two hours by day, else the
// next morning.
func (d *day) nextOfficeHour(now time.Time) time.Time {
	local := now.In(d.Midnight.Location())
	if h := local.Hour(); h >= 9 && h < 16 {
		return now.Add(time.Duration(20+d.rng.IntN(90)) * time.Minute)
	}
	morning := time.Date(local.Year(), local.Month(), local.Day(), 9, 30+d.rng.IntN(30), d.rng.IntN(60), 0, local.Location())
	if local.Hour() >= 9 {
		morning = morning.AddDate(0, 0, 1)
	}
	return morning
}

// callBack is an operator who telephones, up to three times.
func (d *day) callBack(ctx context.Context, c Course, citizen *client, attempt int) error {
	op := d.operators[c.N%len(d.operators)]
	var o order
	if err := citizen.must(ctx, "GET", "/orders/"+c.Order, nil, &o); err != nil {
		return err
	}
	if o.Callback == nil {
		return fmt.Errorf("order %s was rated %s and has no call-back", c.Order, c.Level)
	}
	path, of := "/callbacks/"+o.Callback.ID, Entry{Of: o.Callback.ID}
	reached := attempt >= c.NotReached
	body := map[string]any{"id": clientID(d.rng, d.step.Now()), "reached": reached, "note": "按登记的电话联系"}
	if _, err := d.send(ctx, op, "attempt", c.Order, path+"/attempts", body, of, 200, 201); err != nil {
		return err
	}
	if !reached && attempt < 2 {
		d.at(d.step.Now().Add(40*time.Minute), func(ctx context.Context) error { return d.callBack(ctx, c, citizen, attempt+1) })
		return nil
	}
	return d.concludeCallback(ctx, c, citizen, op, path, of, reached)
}

// concludeCallback fills in the result; where a legal question remains, the
// lawyer calls within the hour before it is closed.
func (d *day) concludeCallback(ctx context.Context, c Course, citizen *client, op *client, path string, of Entry, reached bool) error {
	legal := reached && c.Legal
	result := map[string]any{"reason_category": "unclear", "reason": "认为答复不够具体", "details": "希望说明下一步的步骤和时间",
		"legal_question": legal, "service_violation": false, "feedback": "已说明并致歉，转告律师改进"}
	if !reached {
		result["reason_category"], result["reason"], result["details"] = "not_reached", "三次未能接通", "三次拨打均无人接听"
	}
	if _, err := d.send(ctx, op, "result", c.Order, path+"/result", result, of, 200, 201); err != nil {
		return err
	}
	closeIt := func(ctx context.Context) error {
		_, err := d.send(ctx, op, "close", c.Order, path+"/close", struct{}{}, of, 200, 204)
		return err
	}
	if !legal {
		d.at(d.step.Now().Add(time.Minute), closeIt)
		return nil
	}
	in := 30 * time.Minute
	if c.LateLawyer {
		in = 70 * time.Minute
	}
	d.at(d.step.Now().Add(in), func(ctx context.Context) error {
		lawyer, err := d.holder(ctx, c, citizen)
		if err != nil || lawyer == nil {
			return fmt.Errorf("order %s has no lawyer to call back: %w", c.Order, err)
		}
		call := map[string]string{"id": clientID(d.rng, d.step.Now()), "summary": "已电话说明起诉的条件、期限和需要准备的材料"}
		if _, err := d.send(ctx, lawyer, "lawyer_call", c.Order, path+"/lawyer-call", call, of, 200, 201); err != nil {
			return err
		}
		d.at(d.step.Now().Add(time.Minute), closeIt)
		return nil
	})
	return nil
}
