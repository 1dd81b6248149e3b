package app

import (
	"mingfa/internal/base/db"
	"mingfa/internal/base/journal"
	"mingfa/internal/public/quality"
)

// qualityFlows wires what follows for the quality check (B7.2.4a, B7.1.4.1).
func (h *house) qualityFlows() {
	h.journal.React("quality.population", journal.Start, quality.PopulationKinds, h.drawAgain)
	h.journal.React("quality.watch", journal.Start, quality.WatchKinds, h.watchRatings)
}

// drawAgain lets the month of an answer be drawn the next night.
func (h *house) drawAgain(tx *db.Tx, f journal.Fact) error { return h.quality.Changed(tx, f) }

// watchRatings looks at a lawyer's satisfaction right after a rating.
func (h *house) watchRatings(tx *db.Tx, f journal.Fact) error { return h.quality.Rated(tx, f) }
