package report

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/fault"
	"mingfa/internal/base/web"
	"mingfa/internal/base/who"
)

// A lawyer's own figures: today's and those of 30 days, by the day of his
// organisation's zone; nobody else has any.
//
// req: B7.T1b, B7.T1d, B5.3g
func TestOwnFigures(t *testing.T) {
	each(t, func(t *testing.T, h *room) {
		h.answer(h.ask("440106"))
		h.to(h.clock.Now().AddDate(0, 0, 1))
		late := h.ask("440106")
		h.to(h.clock.Now().Add(121 * time.Minute))
		h.answer(late)
		h.answer(h.ask("440105"))
		h.to(h.clock.Now())
		f, err := h.Mine(t.Context(), h.lawyer)
		h.must(err)
		if f.Today.Answered != 2 || f.Today.Late != 1 || f.Today.Timely.Text() != "50.00 %" || f.Days.Answered != 3 || f.Days.Timely.Num != 2 {
			t.Errorf("%+v", f)
		}
		if f.Today.Since != f.Today.Until || f.Days.Until != f.Today.Until || f.Days.Since >= f.Days.Until || f.Thresholds.Satisfaction != 95 {
			t.Errorf("days %s to %s, today %s", f.Days.Since, f.Days.Until, f.Today.Until)
		}
		if f.Today.Satisfaction.Text() != "n/a" || f.Today.Quality.FatalRate.Text() != "n/a" {
			t.Error("a rate of nothing")
		}
		h.to(h.clock.Now().AddDate(0, 0, OwnDays))
		if f, err = h.Mine(t.Context(), h.lawyer); err != nil || f.Days.Answered != 0 {
			t.Errorf("after %d days: %+v %v", OwnDays, f.Days, err)
		}
		for _, as := range []who.Actor{h.operator(""), h.citizen} {
			if _, err := h.Mine(t.Context(), as); !fault.Is(err, fault.Absent) {
				t.Errorf("%v: %v", as.Roles, err)
			}
		}
		w := web.New(web.Config{Authenticate: func(*http.Request) (who.Actor, error) { return h.lawyer, nil }})
		h.Routes(w)
		rec := httptest.NewRecorder()
		w.Handler().ServeHTTP(rec, httptest.NewRequest("GET", web.Prefix+"/lawyers/me/figures", nil))
		if rec.Code != 200 || !strings.Contains(rec.Body.String(), `"timely_answer_rate":{"num":`) {
			t.Errorf("%d %s", rec.Code, rec.Body)
		}
	})
}
