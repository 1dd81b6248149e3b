package recount

import (
	"testing"
	"time"
)

// req: T9
func TestCountedAt(t *testing.T) {
	at := func(hour int) time.Time { return time.Date(2026, 3, 2, hour, 0, 0, 0, china) }
	back := &order{left: []span{{at(9), at(10)}, {from: at(12)}}}
	for hour, want := range map[int]bool{8: true, 9: false, 10: true, 11: true, 12: false, 20: false} {
		if got := back.countedAt(at(hour)); got != want {
			t.Errorf("at %d:00 it counts: %v", hour, got)
		}
	}
	if o := (&order{}); !o.countedAt(at(9)) {
		t.Error("an order that was never left out does not count")
	}
	w := newWorld()
	w.orders["o"] = &order{id: "o"}
	w.takeOrder(entry{Act: "exclude", Order: "o", At: at(9)}, sent{Reason: "test"}, told{})
	w.takeOrder(entry{Act: "exclude", Order: "o", At: at(10)}, sent{Reason: "spam"}, told{})
	w.takeOrder(entry{Act: "include", Order: "o", At: at(11)}, sent{}, told{})
	if o := w.orders["o"]; len(o.left) != 1 || o.left[0] != (span{at(9), at(11)}) {
		t.Errorf("left out %v", o.left)
	}
}
