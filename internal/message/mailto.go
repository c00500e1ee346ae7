package message

import (
	"fmt"
	"net/url"
	"strings"

	"peyk/internal/mail"
)

func parseMailto(s string) (mail.Draft, error) {
	var d mail.Draft
	if len(s) < 7 || !strings.EqualFold(s[:7], "mailto:") {
		return d, fmt.Errorf("mailto: %q is not a mailto address", s)
	}
	rest, query, _ := strings.Cut(s[7:], "?")
	d.To = ParseAddressList(unpercent(rest))
	for _, f := range strings.Split(query, "&") {
		k, v, _ := strings.Cut(f, "=")
		v = unpercent(v)
		switch strings.ToLower(k) {
		case "to":
			d.To = append(d.To, ParseAddressList(v)...)
		case "cc":
			d.Cc = append(d.Cc, ParseAddressList(v)...)
		case "bcc":
			d.Bcc = append(d.Bcc, ParseAddressList(v)...)
		case "subject":
			d.Subject = cleanLine(v)
		case "body":
			d.Text = normalizeLines(v)
		case "in-reply-to":
			d.InReplyTo = headerID(v)
		}
	}
	_ = url.PathEscape
	return d, nil
}
