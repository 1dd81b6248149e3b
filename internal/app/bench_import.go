package app

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"time"

	"mingfa/internal/base/blob"
	"mingfa/internal/base/due"
	"mingfa/internal/base/element"
	"mingfa/internal/base/id"
	"mingfa/internal/base/sheet"
	"mingfa/internal/base/who"
	"mingfa/internal/core/access"
	"mingfa/internal/core/identity"
	"mingfa/internal/data/exchange"
	"mingfa/internal/public/consult"
	"mingfa/internal/public/lawyer"
)

func init() { registerBench("import", benchImport) }

// benchImport brings orders in from a workbook, as an administrator would: upload,
// check, run; and takes them out again.
func benchImport(ctx context.Context, b *Bench) error {
	store, err := blob.OpenDir(filepath.Join(b.Dir, "blobs"))
	if err != nil {
		return err
	}
	defer store.Close() //nolint:errcheck // everything here is thrown away
	rules, blobs := &access.Rules{}, blob.New(b.Keys, store)
	people := &identity.Service{DB: b.DB, Keys: b.Keys, Rules: rules, Blobs: blobs}
	lawyers := &lawyer.Service{DB: b.DB, Keys: b.Keys, Rules: rules}
	s := &exchange.Service{DB: b.DB, Keys: b.Keys, Rules: rules, People: people, Lawyers: lawyers, Blobs: blobs, Wait: true,
		Consult: &consult.Service{DB: b.DB, Keys: b.Keys, Rules: rules, People: people, Lawyers: lawyers}}
	root, err := people.MakeOrg(ctx, benchActor, identity.NewOrg{Level: identity.Operator, Name: "运营中心"})
	if err != nil {
		return err
	}
	runner := due.NewRunner(b.DB, nil)
	s.Wire(runner)
	admin := who.Actor{Person: id.New(), Org: root.ID, Scope: root.Path, Roles: []who.Role{who.Admin}}
	file, err := benchWorkbook(b.Size.Imported)
	if err != nil {
		return err
	}
	b.Report("file", float64(len(file))/1e6, "MB")
	start := time.Now()
	i, err := s.Upload(ctx, admin, exchange.New{ID: id.New(), Table: element.Orders, Format: sheet.XLSX}, bytes.NewReader(file))
	if err != nil {
		return err
	}
	if _, err := runner.RunDue(ctx); err != nil {
		return err
	}
	b.Report("checked", time.Since(start).Seconds(), "s")
	if _, err := s.Run(ctx, admin, i.ID, 0); err != nil {
		return err
	}
	if _, err := runner.RunDue(ctx); err != nil {
		return err
	}
	whole := time.Since(start)
	v, err := s.See(ctx, admin, i.ID)
	if err != nil {
		return err
	}
	if v.State != exchange.Done || v.Done != int64(b.Size.Imported) {
		return fmt.Errorf("the import is %s with %d rows", v.State, v.Done)
	}
	b.Report("imported", whole.Seconds(), "s")
	b.Report("rows_per_second", float64(b.Size.Imported)/whole.Seconds(), "1/s")
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.Report("memory", float64(m.Sys)/1e6, "MB")
	start = time.Now()
	t, err := s.Takeout(ctx, admin, exchange.Want{Table: element.Orders, Format: sheet.XLSX, Language: "en"})
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := t.WriteTo(ctx, &out); err != nil {
		return err
	}
	if t.Rows != b.Size.Imported {
		return fmt.Errorf("%d rows leave again", t.Rows)
	}
	b.Report("exported", time.Since(start).Seconds(), "s")
	return nil
}

// benchWorkbook is n orders, the same each time.
func benchWorkbook(n int) ([]byte, error) {
	var heads []sheet.Head
	for _, e := range element.Of(element.Orders) {
		heads = append(heads, sheet.Head{Name: e.Code, Title: e.Title("zh-Hans")})
	}
	var b bytes.Buffer
	w, err := sheet.NewWriter(sheet.XLSX, &b, "orders", heads)
	if err != nil {
		return nil, err
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for k := range n {
		question := ""
		for range 20 + rng.IntN(40) {
			question += benchWords[rng.IntN(len(benchWords))]
		}
		title := string([]rune(question)[:20])
		err := w.Row([]string{title, fmt.Sprintf("20%02d-%02d-%02d", 20+rng.IntN(6), 1+rng.IntN(12), 1+rng.IntN(28)), "labour 劳动", question, "closed", "0 CNY",
			"张" + title[:3], fmt.Sprintf("+86138%08d", k), "", "0123456789ABCDEF", "PT120M", "", fmt.Sprintf("a%d@example.com", k), "", "web"})
		if err != nil {
			return nil, err
		}
	}
	err = w.Close()
	return b.Bytes(), err
}
