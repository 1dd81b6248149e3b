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
		h.Answer(h.Ask("440106"))
		h.to(h.Clock.Now().AddDate(0, 0, 1))
		late := h.Ask("440106")
		h.to(h.Clock.Now().Add(121 * time.Minute))
		h.Answer(late)
		h.Answer(h.Ask("440105"))
		h.to(h.Clock.Now())
		f, err := h.Mine(t.Context(), h.Lawyer)
		h.Must(err)
		if f.Today.Answered != 2 || f.Today.Late != 1 || f.Today.Timely.Text() != "50.00 %" || f.Days.Answered != 3 || f.Days.Timely.Num != 2 {
			t.Errorf("%+v", f)
		}
		if f.Today.Since != f.Today.Until || f.Days.Until != f.Today.Until || f.Days.Since >= f.Days.Until || f.Thresholds.Satisfaction != 95 {
			t.Errorf("days %s to %s, today %s", f.Days.Since, f.Days.Until, f.Today.Until)
		}
		if f.Today.Satisfaction.Text() != "n/a" || f.Today.Quality.FatalRate.Text() != "n/a" {
			t.Error("a rate of nothing")
		}
		h.to(h.Clock.Now().AddDate(0, 0, OwnDays))
		if f, err = h.Mine(t.Context(), h.Lawyer); err != nil || f.Days.Answered != 0 {
			t.Errorf("after %d days: %+v %v", OwnDays, f.Days, err)
		}
		for _, as := range []who.Actor{h.operator(""), h.Asker} {
			if _, err := h.Mine(t.Context(), as); !fault.Is(err, fault.Absent) {
				t.Errorf("%v: %v", as.Roles, err)
			}
		}
		w := web.New(web.Config{Authenticate: func(*http.Request) (who.Actor, error) { return h.Lawyer, nil }})
		h.Routes(w)
		rec := httptest.NewRecorder()
		w.Handler().ServeHTTP(rec, httptest.NewRequest("GET", web.Prefix+"/lawyers/me/figures", nil))
		if rec.Code != 200 || !strings.Contains(rec.Body.String(), `"timely_answer_rate":{"num":`) {
			t.Errorf("%d %s", rec.Code, rec.Body)
		}
	})
}
