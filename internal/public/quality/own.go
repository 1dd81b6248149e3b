package quality

import (
	"fmt"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
)

// Own are the results of a lawyer's own inspected orders, drawn and added: what he
// sees of himself. The numbers open GET /quality/results.
type Own struct {
	Inspected int64 // with an undisputed result
	Disputed  int64
	Fatal     int64 // inspected with at least one fatal item
	Minor     int64
}

// OwnResults counts the results that a lawyer got in [from, to): by the time of the
// last card.
func OwnResults(tx *db.Tx, lawyer id.ID, from, to time.Time) (o Own, err error) {
	err = tx.Row(`SELECT coalesce(sum(CASE WHEN q.state IN ('checked', 'final') THEN 1 ELSE 0 END), 0),
		coalesce(sum(CASE WHEN q.state IN ('disputed', 'differing') THEN 1 ELSE 0 END), 0),
		coalesce(sum(CASE WHEN q.state IN ('checked', 'final') AND q.fatal THEN 1 ELSE 0 END), 0),
		coalesce(sum(CASE WHEN q.state IN ('checked', 'final') AND q.minor THEN 1 ELSE 0 END), 0)
		FROM quality_sample q WHERE q.lawyer = ? AND q.sampled_at < ?
		AND (SELECT max(c.at) FROM quality_check c WHERE c.sample = q.id) BETWEEN ? AND ?`,
		lawyer.String(), to.UnixMilli(), from.UnixMilli(), to.UnixMilli()-1).
		Scan(&o.Inspected, &o.Disputed, &o.Fatal, &o.Minor)
	if err != nil {
		return o, fmt.Errorf("count a lawyer's inspected orders: %w", err)
	}
	return o, nil
}
