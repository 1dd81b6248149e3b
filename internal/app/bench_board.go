package app

import (
	"context"
	"fmt"
	"slices"
	"time"

	"mingfa/internal/base/journal"
	"mingfa/internal/base/say"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
	"mingfa/internal/core/identity"
	"mingfa/internal/data/board"
)

func init() { registerBench("board", benchBoard) }

// benchBoard asks for the live board over the orders of a year in 122
// organisations, as the operator above them all sees it.
func benchBoard(ctx context.Context, b *Bench) error {
	if _, err := journal.Open(ctx, b.DB, journal.Config{Signer: b.Signer}); err != nil {
		return err
	}
	people := &identity.Service{DB: b.DB, Keys: b.Keys, Rules: &access.Rules{}}
	s := &board.Service{DB: b.DB, Rules: people.Rules, People: people}
	root, err := people.MakeOrg(ctx, benchActor, identity.NewOrg{Level: identity.Operator, Name: "operator"})
	if err != nil {
		return err
	}
	orgs := []identity.Org{root}
	province, err := people.MakeOrg(ctx, benchActor, identity.NewOrg{Parent: root.ID, Level: identity.Province, Name: "province", Region: "440000"})
	if err != nil {
		return err
	}
	for i := range 120 {
		region := fmt.Sprintf("44%02d00", i%99+1)
		level, parent := identity.City, province.ID
		if i >= 99 {
			region, level, parent = fmt.Sprintf("4401%02d", i-98), identity.County, orgs[1].ID
		}
		o, err := people.MakeOrg(ctx, benchActor, identity.NewOrg{Parent: parent, Level: level, Name: region, Region: region})
		if err != nil {
			return err
		}
		orgs = append(orgs, o)
	}
	rows, err := board.Fill(ctx, b.DB, append(orgs, province), b.Size.Orders, b.DB.Now())
	if err != nil {
		return err
	}
	a := who.Actor{Person: root.ID, Org: root.ID, Scope: root.Path, Roles: []who.Role{who.Operations}}
	var took []time.Duration
	for range b.Size.LookUps {
		start := time.Now()
		x, err := s.Live(ctx, a, say.En)
		if err != nil {
			return err
		}
		took = append(took, time.Since(start))
		if want := int64(b.Size.Orders / 50); x.Figures[0].Num != want {
			return fmt.Errorf("%d wait on the board, not %d", x.Figures[0].Num, want)
		}
	}
	slices.Sort(took)
	ms := func(i int) float64 { return took[i].Seconds() * 1000 }
	b.Report("board_p50", ms(len(took)/2), "ms")
	b.Report("board_p95", ms(len(took)*95/100), "ms")
	b.Report("board_max", ms(len(took)-1), "ms")
	b.Report("rows_of_counts", float64(rows), "")
	return nil
}
