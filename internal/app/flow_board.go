package app

import (
	"mingfa/internal/base/journal"
	"mingfa/internal/data/board"
)

// boardFlows wires what the live board counts.
func (h *house) boardFlows() {
	h.journal.React(board.Reaction, journal.Start, board.Kinds, h.board.Count)
}
