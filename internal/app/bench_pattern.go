package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"mingfa/internal/base/id"
	"mingfa/internal/base/say"
	"mingfa/internal/base/who"
	"mingfa/internal/play/script"
	"mingfa/internal/public/complaint"
	"mingfa/internal/public/consult"
	"mingfa/internal/public/quality"
)

// A million orders are not asked one by one: a day of some hundred orders is
// played through the rooms, and the rows that they leave, in every table, are the
// pattern of which bench_copy.go makes the million. What a room writes tomorrow
// is in the pattern by itself; a table that nobody said what to do with is an error.

// pattern is a day at its afternoon, at the next one, and a week later.
type pattern struct {
	noon, next, past *snapshot
	day              time.Time // its midnight
}

// patternDay plays the pattern in a house of its own, on SQLite.
func patternDay(ctx context.Context, dir string, orders int) (*pattern, error) {
	c := config{Data: filepath.Join(dir, "pattern"), Checkpoints: "-", SMS: "screen", URL: "http://bench"}
	if err := c.defaults(); err != nil {
		return nil, err
	}
	questions, err := script.ParseQuestions(strings.NewReader(demoQuestions))
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		return nil, err
	}
	p := &pattern{}
	if p.day, err = time.ParseInLocation(time.DateOnly, playDay, zone); err != nil {
		return nil, err
	}
	access := newDemoAccess()
	s, err := stage(ctx, c, access, p.day.Add(-time.Hour), slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	err = p.play(ctx, s, access, questions, orders)
	return p, errors.Join(err, s.close(ctx))
}

// benchHour is when in the day it is measured: an afternoon.
const benchHour = 16*time.Hour + 30*time.Minute

func (p *pattern) play(ctx context.Context, s *theatre, a *demoAccess, questions []script.Question, orders int) error {
	desk, err := newPatternDesk(ctx, s.house, a)
	if err != nil {
		return err
	}
	stops := &stopper{theatre: s, stops: []stop{
		{p.day.Add(benchHour), func(ctx context.Context) (err error) { p.noon, err = takeSnapshot(ctx, s.house); return err }},
		{p.day.Add(24*time.Hour + benchHour), func(ctx context.Context) (err error) {
			if err := desk.open(ctx); err != nil {
				return err
			}
			if err := s.settle(ctx); err != nil { // facts have their numbers
				return err
			}
			p.next, err = takeSnapshot(ctx, s.house)
			return err
		}},
	}}
	_, err = script.Play(ctx, script.Config{Base: s.base, Step: stops, Questions: questions, Orders: orders, Seed: 11, Midnight: p.day,
		Until: p.day.Add(72*time.Hour + 30*time.Minute), Regions: demoRegions, Lawyers: a.accounts(who.DutyLawyer), Operators: a.accounts(who.Operations),
		Plain: true, Log: io.Discard})
	if err != nil {
		return err
	}
	if err := desk.end(ctx); err != nil {
		return err
	}
	if err := s.To(ctx, p.day.AddDate(0, 0, 12)); err != nil {
		return err
	}
	p.past, err = takeSnapshot(ctx, s.house)
	return err
}

// stopper is a theatre that does something more at some moments.
type stopper struct {
	*theatre
	stops []stop
}

type stop struct {
	at time.Time
	do func(ctx context.Context) error
}

// To is for script.Stepper.
func (s *stopper) To(ctx context.Context, then time.Time) error {
	for len(s.stops) > 0 && !s.stops[0].at.After(then) {
		next := s.stops[0]
		s.stops = s.stops[1:]
		if err := s.theatre.To(ctx, next.at); err != nil {
			return err
		}
		if err := next.do(ctx); err != nil {
			return err
		}
		if err := s.settle(ctx); err != nil {
			return err
		}
	}
	return s.theatre.To(ctx, then)
}

// patternDesk does what the played day leaves out: complaints, exclusions, notes,
// files and inspections.
type patternDesk struct {
	h          *house
	ops, check who.Actor
	complaints []id.ID
}

func newPatternDesk(ctx context.Context, h *house, a *demoAccess) (*patternDesk, error) {
	root, _, err := h.people.Root(ctx)
	if err != nil {
		return nil, err
	}
	d := &patternDesk{h: h}
	for _, x := range []struct {
		into *who.Actor
		role who.Role
	}{{&d.ops, who.Operations}, {&d.check, who.Quality}} {
		person, _, err := h.hire(ctx, a, root.ID, "pattern-"+string(x.role), "样本", x.role)
		if err != nil {
			return nil, err
		}
		*x.into = who.Actor{Person: person, Org: root.ID, Scope: root.Path, Roles: []who.Role{x.role}}
	}
	return d, nil
}

func (d *patternDesk) open(ctx context.Context) error {
	var list []consult.Listed
	for cursor := id.Nil; ; {
		page, err := d.h.consult.List(ctx, d.ops, consult.Filter{Cursor: cursor, Limit: 200}, say.Hans)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			break
		}
		list, cursor = append(list, page...), page[len(page)-1].ID
	}
	reasons := []consult.Exclusion{consult.Test, consult.Spam, consult.Duplicate}
	for i, o := range list {
		citizen := who.Actor{Person: o.Citizen, Org: d.ops.Org, Roles: []who.Role{who.Citizen}}
		var err error
		switch {
		case i%40 == 3:
			_, err = d.h.consult.Exclude(ctx, d.ops, o.ID, 0, reasons[i/40%3], "与另一工单重复")
		case i%40 == 13:
			c := id.New()
			d.complaints = append(d.complaints, c)
			_, err = d.h.complain.Make(ctx, citizen, complaint.Intake{ID: c, Kind: complaint.Grievance, Text: "等了很久没有人回电话，希望尽快处理。", Order: o.ID, Channel: "web", Language: say.Hans})
		case i%20 == 5:
			err = d.h.consult.AddNote(ctx, d.ops, o.ID, id.New(), "请律师补充说明仲裁时效。")
		case i%20 == 7 && o.State == consult.Answered:
			err = d.file(ctx, citizen, o.ID)
		}
		if err != nil {
			return fmt.Errorf("make the pattern: %w", err)
		}
	}
	return d.inspect(ctx)
}

// file sends a picture with a message.
func (d *patternDesk) file(ctx context.Context, citizen who.Actor, order id.ID) error {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 30, 20))); err != nil {
		return err
	}
	file := id.New()
	if _, err := d.h.consult.Upload(ctx, citizen, order, file, &b, int64(b.Len())); err != nil {
		return err
	}
	_, err := d.h.consult.Say(ctx, citizen, order, id.New(), "这是工资条，请再看一下。", consult.Attach{ID: file, Name: "工资条.png"})
	return err
}

// inspect checks two of three samples that the night drew.
func (d *patternDesk) inspect(ctx context.Context) error {
	samples, err := d.h.quality.List(ctx, d.check, quality.Filter{State: quality.Open, Limit: 200})
	for i, q := range samples {
		if i%3 == 0 {
			continue
		}
		card := quality.Card{ID: id.New(), Marks: []quality.Mark{}}
		if i%5 == 1 {
			card.Marks = append(card.Marks, quality.Mark{Item: "language_unclear", Note: "第三段不清楚"})
		}
		if _, err := d.h.quality.Submit(ctx, d.check, q.ID, 0, card); err != nil {
			return err
		}
	}
	return err
}

// end closes the complaints and inspects the rest.
func (d *patternDesk) end(ctx context.Context) error {
	for _, c := range d.complaints {
		if _, err := d.h.complain.Called(ctx, d.ops, c, 0, complaint.Call{ID: id.New(), Reached: true, Reason: "律师休假"}); err != nil {
			return fmt.Errorf("call back a complaint: %w", err)
		}
		if _, err := d.h.complain.Record(ctx, d.ops, c, 0, complaint.Entry{Kind: complaint.Grievance, Category: consult.ReasonCategories[0], Reason: "律师休假", Measure: "已转交", Result: "已由另一位律师答复"}); err != nil {
			return fmt.Errorf("record a complaint: %w", err)
		}
		if _, err := d.h.complain.Close(ctx, d.ops, c, 0); err != nil {
			return fmt.Errorf("close a complaint: %w", err)
		}
	}
	return d.inspect(ctx)
}
