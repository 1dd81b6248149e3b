package app

import (
	"errors"
	netmail "net/mail"
	"strings"

	"mingfa/internal/edge/mail"
)

// mailing lets reports be mailed where a mail server is set (B7.3.2.1).
func (h *house) mailing() error {
	c := h.config
	if c.Mail == "" {
		if c.ReportTo != "" {
			return errors.New("--report-to needs a mail server: --mail and --mail-from")
		}
		return nil
	}
	server, err := mail.New(c.Mail, c.MailPassword, c.MailFrom)
	if err != nil {
		return err
	}
	to, err := recipients(c.ReportTo)
	if err != nil {
		return err
	}
	h.report.Mail = server
	h.report.To = func(region string) []string { return to[region] }
	return nil
}

// recipients reads a list of addresses by the region code of the organisation
// whose reports they get: "a@x.cn,440100=b@x.cn"; without a code the operator's.
func recipients(list string) (map[string][]string, error) {
	to := map[string][]string{}
	for item := range strings.SplitSeq(list, ",") {
		item = strings.TrimSpace(item)
		if item == "" {
			continue
		}
		region, address, named := strings.Cut(item, "=")
		if !named {
			region, address = "", item
		}
		a, err := netmail.ParseAddress(strings.TrimSpace(address))
		if err != nil || a.Name != "" || named && strings.TrimSpace(region) == "" {
			return nil, errors.New("--report-to is a list of ADDRESS or REGION=ADDRESS with commas between")
		}
		region = strings.TrimSpace(region)
		to[region] = append(to[region], a.Address)
	}
	return to, nil
}
