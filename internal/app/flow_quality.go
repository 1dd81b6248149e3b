package app

import (
	"mingfa/internal/base/db"
	"mingfa/internal/base/journal"
	"mingfa/internal/public/quality"
)

// qualityFlows wires what follows for the quality check (B7.2.4a).
func (h *house) qualityFlows() {
	h.journal.React("quality.population", journal.Start, quality.PopulationKinds, h.drawAgain)
}

// drawAgain lets the month of an answer be drawn the next night.
func (h *house) drawAgain(tx *db.Tx, f journal.Fact) error { return h.quality.Changed(tx, f) }
