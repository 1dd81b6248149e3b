package consult

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"mingfa/internal/base/fault"
)

// Figure names a set of orders that a figure counts, so that every figure opens
// exactly its orders (B7.T1a-d, T9). With a day it means those asked on it.
type Figure string

// figures says of each set which rows of consult_order are in it. Those of the
// live board (data/board) and of the daily report count by the same rules, from
// facts; a test holds the two together.
var figures = map[Figure]string{
	"consultations":      "o.state <> 'excluded'",
	"answered":           answeredOrders,
	"answered_in_time":   answeredOrders + " AND NOT o.breach",
	"answered_late":      answeredOrders + " AND o.breach",
	"settled":            "o.state <> 'excluded' AND (o.answered_at IS NOT NULL OR o.breach)",
	"open":               "o.awaiting AND o.state <> 'excluded' AND o.answered_at IS NULL AND NOT o.breach",
	"abandoned":          "o.breach AND o.state <> 'excluded' AND o.answered_at IS NULL",
	"breaches":           "o.breach AND o.state <> 'excluded'",
	"rated":              ratedOrders,
	"satisfied":          ratedOrders + " AND o.rating IN ('very_satisfied', 'satisfied')",
	"non_satisfied":      unhappyOrders,
	"callbacks_done":     unhappyOrders + call("k.called_at IS NOT NULL"),
	"callbacks_in_time":  unhappyOrders + call("k.called_at <= k.due_at"),
	"callbacks_late":     unhappyOrders + late,
	"callbacks_open":     unhappyOrders + running + call("k.state <> 'closed'"),
	"callbacks_overdue":  unhappyOrders + running + call("k.state <> 'closed' AND k.called_at IS NULL AND {now} > k.due_at"),
	"excluded_test":      "o.state = 'excluded' AND o.exclusion = 'test'",
	"excluded_spam":      "o.state = 'excluded' AND o.exclusion = 'spam'",
	"excluded_duplicate": "o.state = 'excluded' AND o.exclusion = 'duplicate'",
	"waiting":            "o.awaiting AND o.state = 'waiting'",
	"in_hand":            "o.awaiting AND o.state = 'assigned'",
	"asked_back":         "o.awaiting AND o.state = 'answered'",
	"clock_running":      "o.awaiting",
	"clock_0":            "o.awaiting AND o.warned = 0",
	"clock_60":           "o.awaiting AND o.warned = 60",
	"clock_90":           "o.awaiting AND o.warned = 90",
	"clock_110":          "o.awaiting AND o.warned = 110",
	"clock_120":          "o.awaiting AND o.warned = 120",
}

const (
	answeredOrders = "o.state <> 'excluded' AND o.answered_at IS NOT NULL"
	ratedOrders    = "o.state <> 'excluded' AND o.rating IS NOT NULL"
	unhappyOrders  = "o.callback IS NOT NULL AND " + ratedOrders + " AND o.rating NOT IN ('very_satisfied', 'satisfied')"
)

// running are the orders whose call-back isn't closed, by the index of these.
const running = " AND o.id IN (SELECT order_id FROM consult_callback WHERE state <> 'closed')"

// late are the orders whose call-back came late, or is late by now: looked up in a set
// that is made once. IS TRUE keeps both databases from making a join of it: SQLite would
// begin with all late ones and sort their orders, PostgreSQL would pass through the set
// for each order of a small organisation.
const late = " AND (o.callback IN (SELECT id FROM consult_callback WHERE called_at > due_at" +
	" UNION ALL SELECT id FROM consult_callback WHERE called_at IS NULL AND due_at < {now})) IS TRUE"

// dense are the sets that hold so many of all orders that a page of them is soon
// found among the newest; each of the others has a partial index in the order of
// the list, whose condition its own begins with.
var dense = []Figure{"consultations", "answered", "answered_in_time", "settled", "rated", "satisfied"}

// rare tells whether the set has an index of its own.
func (f Figure) rare() bool { return !slices.Contains(dense, f) }

// call adds a condition on the order's call-back.
func call(cond string) string {
	return " AND EXISTS (SELECT 1 FROM consult_callback k WHERE k.id = o.callback AND " + cond + ")"
}

// FigureNames are all sets, in order.
func FigureNames() []Figure { return slices.Sorted(maps.Keys(figures)) }

// where is the condition of a set; {now} in it is the moment of the reader.
func (f Figure) where(now int64) (string, error) {
	cond, ok := figures[f]
	if !ok {
		return "", fault.Bad(fault.At("figure", "fault.field_choice"))
	}
	return strings.ReplaceAll(cond, "{now}", strconv.FormatInt(now, 10)), nil
}
