package app

import (
	"fmt"
	"testing"

	"mingfa/internal/data/report"
	"mingfa/web"
)

// req: B7.3.2.1
func TestRecipients(t *testing.T) {
	for list, want := range map[string]string{
		"": "map[]", "a@x.cn": "map[:[a@x.cn]]", " a@x.cn , 440100=b@x.cn,440100 = c@x.cn,": "map[:[a@x.cn] 440100:[b@x.cn c@x.cn]]",
		"nobody": "", "=a@x.cn": "", "440100=": "", "A <a@x.cn>": "", "a@x.cn\r\nBcc: b@x.cn": "",
	} {
		got, err := recipients(list)
		if err != nil && want != "" || err == nil && fmt.Sprint(got) != want {
			t.Errorf("%q gives %v, %v", list, got, err)
		}
	}
}

func TestMailSettings(t *testing.T) {
	for _, x := range []struct {
		c    config
		good bool
	}{
		{config{}, true}, {config{ReportTo: "a@x.cn"}, false}, {config{Mail: "smtp://u@mail.x.cn", ReportTo: "a@x.cn"}, false},
		{config{Mail: "smtp://u@mail.x.cn", MailFrom: "m@x.cn", MailPassword: "p", ReportTo: "a@x.cn"}, true},
		{config{Mail: "http://mail.x.cn", MailFrom: "m@x.cn"}, false}, {config{Mail: "smtps://mail.x.cn", MailFrom: "m@x.cn", ReportTo: "x"}, false},
	} {
		h := &house{config: x.c, report: &report.Service{}}
		if err := h.mailing(); (err == nil) != x.good || x.good && (h.report.Mail != nil) != (x.c.Mail != "") {
			t.Errorf("%+v: %v", x.c, err)
		}
	}
}

// The font that the build carries is the one of the reports.
//
// req: B7.3.2.1
func TestFontOfReports(t *testing.T) {
	if got, built := pdfFont() != nil, web.Font() != nil; got != built {
		t.Errorf("the build has a font: %v; reports have one: %v", built, got)
	}
}
