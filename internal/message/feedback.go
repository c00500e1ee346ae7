package message

import (
	"strings"

	"peyk/internal/mail"
)

// feedbackType is the machine-readable part of an abuse report (ARF, RFC 5965).
const feedbackType = "message/feedback-report"

// feedbackKinds are the values of Feedback-Type that have words (RFC 5965 §3.5, RFC 6430, RFC 6591, and the registry).
var feedbackKinds = map[string]string{
	"abuse": "abuse", "fraud": "fraud", "virus": "virus", "not-spam": "not-spam", "auth-failure": "auth-failure", "opt-out": "opt-out",
	"opt-out-list": "opt-out", "miscategorized": "not-spam", "dkim": "auth-failure",
}

// feedback reads an abuse report. Whom it is about is told by the best that it names: recipients are mostly blacked out, so
// it is the sender of the message, then the domain, then the host.
func (m *Message) feedback(p *Part) *mail.Report {
	h := ParseHeader(p.bytes(maxReport)).Header()
	r := &mail.Report{Kind: "feedback", Reporter: typedValue(h.Get("Reporting-MTA")), OriginalID: m.reportedID(p)}
	if r.Reporter == "" {
		r.Reporter = h.Text("User-Agent")
	}
	action := feedbackKinds[strings.ToLower(firstWord(stripComments(h.Get("Feedback-Type"))))]
	if action == "" {
		action = "feedback"
	}
	about := strings.Trim(cleanLine(h.Get("Original-Mail-From")), "<> ")
	if about == "" {
		if o := reportedHeader(p); o != nil {
			if list := parseAddresses(o.Get("From"), ""); len(list) > 0 {
				about = list[0].Addr
			}
		}
	}
	for _, name := range []string{"Reported-Domain", "Source-IP"} {
		if about == "" {
			about = cleanLine(h.Get(name))
		}
	}
	if about == "" {
		return r
	}
	r.Recipients = []mail.ReportRecipient{{Addr: about, Action: action}}
	return r
}
