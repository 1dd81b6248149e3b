package complaint

import (
	"slices"
	"strings"
	"testing"
	"time"

	"mingfa/internal/base/db"
	"mingfa/internal/base/id"
	"mingfa/internal/base/workday"
)

var noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC) // Monday, 12:00 in China

// req: B7.1.2.3b
func TestNotReachedNeedsThreeCallsAtDifferentTimes(t *testing.T) {
	for name, x := range map[string]struct {
		minutes []int // when he was called in vain
		called  bool
		counted int
	}{
		"one":                     {[]int{0}, false, 1},
		"three in a row":          {[]int{0, 1, 2}, false, 1},
		"half an hour is enough":  {[]int{0, 30, 60}, true, 3},
		"a minute less is not":    {[]int{0, 30, 59}, false, 2},
		"those between don't":     {[]int{0, 10, 20, 30, 40, 60}, true, 3},
		"the gap is from counted": {[]int{0, 20, 40, 60}, false, 2},
	} {
		c := &Complaint{State: Collected}
		for _, m := range x.minutes {
			if _, err := c.attempt(false, noon.Add(time.Duration(m)*time.Minute)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if (c.State == Called) != x.called || c.Counted != x.counted || c.Attempts != len(x.minutes) {
			t.Errorf("%s: state %s, %d counted of %d", name, c.State, c.Counted, c.Attempts)
		}
	}
	c := &Complaint{State: Collected}
	if _, err := c.attempt(true, noon); err != nil || c.State != Called || c.ReachedAt.IsZero() {
		t.Errorf("reached: state %s, %v", c.State, err)
	}
}

// No step can be skipped, and none taken back.
//
// req: B7.1.2.3b, B7.1.2.3c, B7.1.2.4
func TestStepsCannotBeSkipped(t *testing.T) {
	steps := map[string]func(c *Complaint) error{
		"call":     func(c *Complaint) error { _, err := c.attempt(true, noon); return err },
		"register": func(c *Complaint) error { return c.register(Entry{Kind: Grievance}, id.New(), noon) },
		"close":    func(c *Complaint) error { return c.close(id.New(), noon) },
		"flag":     func(c *Complaint) error { _, err := c.flag(Petition, id.New(), noon); return err },
		"file":     func(c *Complaint) error { return c.file("2026-03-02") },
	}
	may := map[State]string{Collected: "call flag", Called: "call register flag", Registered: "register close flag", Closed: ""}
	for _, state := range States {
		for name, step := range steps {
			c := &Complaint{State: state}
			if err := step(c); (err == nil) != slices.Contains(strings.Fields(may[state]), name) {
				t.Errorf("%s in %s: %v", name, state, err)
			}
		}
	}
	for _, s := range append([]Sensitivity{""}, Sensitivities...) {
		c := &Complaint{State: Registered, Flag: s}
		want := s == Suicide || s == PublicSecurity || s == SitIn || s == Petition
		if err := c.close(id.New(), noon); (err != nil) != want {
			t.Errorf("closing %q without a filing record: %v", s, err)
		}
		if c.FiledOn = "2026-03-02"; c.State != Closed && c.close(id.New(), noon) != nil {
			t.Errorf("closing %q with a filing record is refused", s)
		}
	}
}

// req: B7.1.2.2a, T2
func TestClockOfOneWorkingDay(t *testing.T) {
	cal := workday.Mainland()
	for name, x := range map[string]struct{ received, due string }{
		"a Monday":          {"2026-03-02 12:00", "2026-03-03"},
		"a minute to":       {"2026-03-02 23:59", "2026-03-03"},
		"a Friday":          {"2026-03-06 17:00", "2026-03-09"},
		"a Saturday":        {"2026-03-07 09:00", "2026-03-09"},
		"the next midnight": {"2026-03-03 00:00", "2026-03-04"},
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", x.received, china)
		if err != nil {
			t.Fatal(err)
		}
		end := workday.AddWorkdays(at, 1, cal)
		if got := end.In(china).Format("2006-01-02 15:04:05.000"); got != x.due+" 23:59:59.999" {
			t.Errorf("%s: due %s, wanted the end of %s", name, got, x.due)
		}
		for i, want := range []string{" 09:00:00.000", " 15:00:00.000"} {
			if got := steps(end)[i].In(china).Format("2006-01-02 15:04:05.000"); got != x.due+want {
				t.Errorf("%s: warning %d at %s", name, i+1, got)
			}
		}
	}
	end := workday.AddWorkdays(noon, 1, cal)
	for _, x := range []struct {
		at   time.Time
		step int
	}{{noon, 0}, {steps(end)[0].Add(-1), 0}, {steps(end)[0], 1}, {steps(end)[1], 2}, {end, 2}, {end.Add(time.Millisecond), 3}} {
		if step, next := Walk(end, x.at); step != x.step || next.IsZero() != (x.step == 3) || !next.IsZero() && !next.After(x.at) {
			t.Errorf("at %s: step %d, next %s", x.at, step, next)
		}
	}
	c := &Complaint{DueAt: db.At(end)}
	if c.CalledAt = db.At(end); !c.InTime() {
		t.Error("the last millisecond is late")
	}
	if c.CalledAt = db.At(end.Add(time.Millisecond)); c.InTime() {
		t.Error("a millisecond more is in time")
	}
}

// req: B7.1.2.2b, B7.1.2.4
func TestHints(t *testing.T) {
	for words, want := range map[string]Hints{
		"律师态度很差，回复太慢":                          {},
		"建议增加英文页面":                             {},
		"再这样我就不想活了":                            {Suicide},
		"我想自 殺。":                               {Suicide},
		"自\u200b杀":                             {Suicide},
		"I will KILL  MYSELF":                  {Suicide},
		"You sit in the visit invoice stables": {},
		"我气炸了，这是道德绑架，对方开车撞了我，还要办联名信用卡":          {},
		"My divorce petition was not explained": {},
		"不解决我就去上访，还要找记者曝光":                      {Petition, PublicOpinion},
		"明天我們去門口靜坐":                             {SitIn},
		"我要跟他們同歸於盡":                             {PublicSecurity},
		"我不活了，炸死你们，去北京告，静坐，曝光":                  {Suicide, PublicSecurity, SitIn, Petition, PublicOpinion},
		"": {},
	} {
		if got := Hint(words); !slices.Equal(got, want) {
			t.Errorf("%q: %v, wanted %v", words, got, want)
		}
	}
	v, _ := Hints{Suicide, Petition}.Value()
	var back Hints
	if err := back.Scan(v); err != nil || !slices.Equal(back, Hints{Suicide, Petition}) || back.Scan("") != nil || len(back) != 0 || back.Scan(7) == nil {
		t.Errorf("hints come back as %v", back)
	}
}

// req: B7.1.2.3a
func TestIntakeLimits(t *testing.T) {
	good := Intake{ID: id.New(), Kind: Grievance, Text: "态度差", Phone: "138 0013 8000"}
	for name, x := range map[string]struct {
		staff  bool
		change func(in *Intake)
		field  string // "" is taken
	}{
		"plain":               {false, func(*Intake) {}, ""},
		"no ID":               {false, func(in *Intake) { in.ID = id.Nil }, "id"},
		"no kind":             {false, func(in *Intake) { in.Kind = "praise" }, "kind"},
		"empty":               {false, func(in *Intake) { in.Text = " \u200b\n" }, "text"},
		"2000 characters":     {false, func(in *Intake) { in.Text = strings.Repeat("法", 2000) }, ""},
		"2001 characters":     {false, func(in *Intake) { in.Text = strings.Repeat("法", 2001) }, "text"},
		"NUL":                 {false, func(in *Intake) { in.Text = "a\x00b" }, "text"},
		"not UTF-8":           {false, func(in *Intake) { in.Text = "a\xffb" }, "text"},
		"region":              {false, func(in *Intake) { in.Region = "'; DROP" }, "region"},
		"a citizen's hotline": {false, func(in *Intake) { in.Channel = Hotline }, "channel"},
		"language":            {false, func(in *Intake) { in.Language = "xx" }, "language"},
		"hotline":             {true, func(*Intake) {}, ""},
		"hotline, web":        {true, func(in *Intake) { in.Channel = Web }, "channel"},
		"nobody to call":      {true, func(in *Intake) { in.Phone = "" }, "phone"},
		"phone of the order":  {true, func(in *Intake) { in.Phone, in.Order = "", id.New() }, ""},
		"no phone":            {true, func(in *Intake) { in.Phone = "12" }, "phone"},
		"in the future":       {true, func(in *Intake) { in.ReceivedAt = noon.Add(time.Millisecond) }, "received_at"},
		"a month ago":         {true, func(in *Intake) { in.ReceivedAt = noon.Add(-OldestCall) }, ""},
		"more":                {true, func(in *Intake) { in.ReceivedAt = noon.Add(-OldestCall - 1) }, "received_at"},
	} {
		in := good
		x.change(&in)
		_, err := in.Clean(x.staff, noon)
		if (err == nil) != (x.field == "") || err != nil && !fieldIs(err, x.field) {
			t.Errorf("%s: %v, wanted field %q", name, err, x.field)
		}
	}
	if in, err := (Intake{ID: id.New(), Kind: Grievance, Text: "x", Phone: "not his", Name: "someone", ReceivedAt: noon.Add(-time.Hour)}).Clean(false, noon); err != nil ||
		in.Phone != "" || in.Name != "" || !in.ReceivedAt.Equal(noon) {
		t.Errorf("a citizen's own name, phone and time are taken from what he sent: %+v, %v", in, err)
	}
}

// req: B7.1.2.3c, B7.1.2.4
func TestFormsNeedEveryField(t *testing.T) {
	for _, field := range []string{"kind", "reason_category", "reason", "measure", "result"} {
		e := Entry{Kind: Grievance, Category: "attitude", Reason: "a", Measure: "b", Result: "c"}
		switch field {
		case "kind":
			e.Kind = ""
		case "reason_category":
			e.Category = "whim"
		case "reason":
			e.Reason = " "
		case "measure":
			e.Measure = strings.Repeat("x", MaxEntry+1)
		case "result":
			e.Result = ""
		}
		if _, err := e.Clean(); !fieldIs(err, field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	for field, r := range map[string]Filing{"number": {"", "2026-03-02", "省司法厅"}, "date": {"1", "2026-03-03", "省司法厅"}, "authority": {"1", "2026-03-02", ""}} {
		if _, err := r.Clean(noon); !fieldIs(err, field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := (Filing{"粤司〔2026〕1 号", "2026-03-02", "广东省司法厅"}).Clean(noon); err != nil {
		t.Error(err)
	}
}

func TestCellsAreNoFormulas(t *testing.T) {
	for cell, want := range map[string]string{
		"态度差": "态度差", "": "", "=1+1": "'=1+1", "+8613800138000": "'+8613800138000", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1",
		" =1": "' =1", "＝cmd": "'＝cmd", "\u3000+1": "'\u3000+1", "a=b": "a=b", "\ufeff=1": "'\ufeff=1",
	} {
		if got := defuse(cell); got != want {
			t.Errorf("%q became %q, wanted %q", cell, got, want)
		}
	}
}

// req: B7.1.2.2a
func TestFiguresOfAPeriod(t *testing.T) {
	day := func(n int, hour int) time.Time { return time.Date(2026, 3, n, hour, 0, 0, 0, china) }
	end := func(n int) time.Time { return day(n+1, 0).Add(-time.Millisecond) }
	all := []*Told{
		{Kind: Grievance, Received: day(2, 9), Due: end(3), Called: day(2, 10), Closed: day(3, 9)},
		{Kind: Grievance, Received: day(2, 9), Due: end(3), Called: end(3), Flag: Suicide},
		{Kind: Suggestion, Received: day(2, 23), Due: end(3)},
		{Kind: Grievance, Received: day(3, 0), Due: end(4), Called: day(5, 1)},
		{Kind: Grievance, Received: day(4, 0), Due: end(5)},
	}
	if got, want := Count(all, day(2, 0), day(3, 0)), (Figures{Received: 3, Suggestions: 1, Open: 3, Sensitive: 1}); got != want {
		t.Errorf("the 2nd: %+v, wanted %+v", got, want)
	}
	if got, want := Count(all, day(3, 0), day(4, 0)), (Figures{Received: 1, Due: 3, InTime: 2, Closed: 1, Open: 3, Overdue: 1}); got != want {
		t.Errorf("the 3rd: %+v, wanted %+v", got, want)
	}
	if got, want := Count(all, day(4, 0), day(5, 0)), (Figures{Received: 1, Due: 1, Open: 4, Overdue: 2}); got != want {
		t.Errorf("the 4th: %+v, wanted %+v", got, want)
	}
	if got := Count(nil, day(2, 0), day(3, 0)); got != (Figures{}) {
		t.Errorf("nothing counts %+v", got)
	}
}
