package message

import (
	"bytes"
	"fmt"
	"strings"

	"peyk/internal/mail"
)

// maxReport bounds how much of a delivery report is read, and how many recipients it explains.
const (
	maxReport     = 256 << 10
	maxReportRcpt = 50
)

// Report reads a multipart/report (RFC 6522); nil when the message is none.
func (m *Message) Report() *mail.Report {
	var found *Part
	m.Root.Walk(func(p *Part) bool {
		if isReport(p.Type) {
			found = p
		}
		return found == nil && (p == m.Root || !isMessageType(p.Type))
	})
	if found == nil {
		return nil
	}
	if found.Type == feedbackType {
		return m.feedback(found)
	}
	groups := fieldGroups(found.bytes(maxReport))
	r := &mail.Report{Kind: "delivery", OriginalID: m.reportedID(found)}
	if strings.Contains(found.Type, "disposition") {
		r.Kind = "disposition"
	}
	for i, h := range groups {
		if i == 0 {
			r.Reporter = typedValue(h.Get("Reporting-MTA"))
			if r.Kind == "disposition" {
				r.Reporter = h.Text("Reporting-UA")
			}
			if id := headerID(h.Get("Original-Message-ID")); id != "" {
				r.OriginalID = id
			}
		}
		addr := typedValue(h.Get("Final-Recipient"))
		if o := typedValue(h.Get("Original-Recipient")); o != "" {
			addr = o
		}
		if addr == "" || len(r.Recipients) >= maxReportRcpt {
			continue
		}
		rc := mail.ReportRecipient{Addr: addr, Action: strings.ToLower(strings.TrimSpace(stripComments(h.Get("Action")))), Status: firstWord(h.Get("Status")), Diagnostic: typedValue(h.Text("Diagnostic-Code"))}
		if r.Kind == "disposition" {
			_, what, _ := strings.Cut(h.Get("Disposition"), ";")
			rc.Action = strings.ToLower(firstWord(strings.Split(what, "/")[0]))
		}
		rc.Reason = statusReason(rc.Status)
		r.Recipients = append(r.Recipients, rc)
	}
	return r
}

// reportedID finds the id of the returned message beside the status part.
func (m *Message) reportedID(status *Part) string {
	if h := reportedHeader(status); h != nil {
		return headerID(h.Get("Message-ID"))
	}
	return ""
}

// reportedHeader is the header of the returned message beside the status part, nil when it is not there.
func reportedHeader(status *Part) *Header {
	if status.parent == nil {
		return nil
	}
	for _, c := range status.parent.Children {
		switch {
		case c.IsMessage():
			return &c.Children[0].Header
		case c.Type == "text/rfc822-headers" || c.Type == "message/rfc822-headers":
			return ParseHeader(c.bytes(maxReport)).Header()
		}
	}
	return nil
}

// fieldGroups reads blocks of header fields separated by empty lines.
func fieldGroups(b []byte) []*Header {
	b = bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))
	var out []*Header
	for _, g := range bytes.Split(b, []byte("\n\n")) {
		if g = bytes.TrimLeft(g, "\n"); len(g) > 0 && len(out) < 1000 {
			out = append(out, ParseHeader(g).Header())
		}
	}
	return out
}

// typedValue takes "rfc822;" off "rfc822; a@b".
func typedValue(s string) string {
	if kind, rest, ok := strings.Cut(s, ";"); ok && isToken(strings.TrimSpace(kind)) {
		s = rest
	}
	return cleanLine(s)
}

func firstWord(s string) string {
	if f := strings.Fields(s); len(f) > 0 {
		return f[0]
	}
	return ""
}

// statusReasons are the enhanced status codes (RFC 3463) without their class, the exact ones and then those of a subject.
var statusReasons = map[string]mail.ReportReason{
	"1.1": mail.ReasonNoMailbox, "1.2": mail.ReasonNoDomain, "1.3": mail.ReasonBadAddress, "1.6": mail.ReasonMoved, "1.10": mail.ReasonTakesNone,
	"2.1": mail.ReasonOff, "2.2": mail.ReasonFull, "2.3": mail.ReasonTooLarge, "3.4": mail.ReasonTooLarge,
	"4.1": mail.ReasonNoAnswer, "4.2": mail.ReasonBroke, "4.4": mail.ReasonNoServer, "4.7": mail.ReasonExpired,
	"5.3": mail.ReasonTooMany, "6.": mail.ReasonContent, "7.1": mail.ReasonRefused, "7.": mail.ReasonPolicy,
	"1.": mail.ReasonAddress, "2.": mail.ReasonMailbox, "3.": mail.ReasonSystem, "4.": mail.ReasonWay, "5.": mail.ReasonNotSpeaking,
}

func statusReason(code string) mail.ReportReason {
	if len(code) < 3 || code[0] == '2' || code[1] != '.' {
		return ""
	}
	rest := code[2:]
	if r := statusReasons[rest]; r != "" {
		return r
	}
	if i := strings.IndexByte(rest, '.'); i > 0 {
		return statusReasons[rest[:i+1]]
	}
	return ""
}

var reasonWords = map[mail.ReportReason]string{
	mail.ReasonNoMailbox: "the mailbox does not exist", mail.ReasonNoDomain: "the domain does not exist", mail.ReasonBadAddress: "the address is not valid",
	mail.ReasonMoved: "the mailbox has moved", mail.ReasonTakesNone: "the domain takes no mail", mail.ReasonOff: "the mailbox is switched off",
	mail.ReasonFull: "the mailbox is full", mail.ReasonTooLarge: "the message is too large", mail.ReasonNoAnswer: "the other server did not answer",
	mail.ReasonBroke: "the connection broke", mail.ReasonNoServer: "the server could not be found", mail.ReasonExpired: "it could not be delivered in time",
	mail.ReasonTooMany: "there are too many recipients", mail.ReasonContent: "the content was not accepted", mail.ReasonRefused: "the other server refused the message",
	mail.ReasonPolicy: "it was refused for reasons of security or policy", mail.ReasonAddress: "there is something wrong with the address",
	mail.ReasonMailbox: "there is something wrong with the mailbox", mail.ReasonSystem: "the other mail system has a problem",
	mail.ReasonWay: "there was a problem on the way", mail.ReasonNotSpeaking: "the servers did not understand each other",
}

// actionWords say what became of the message to %s.
var actionWords = map[string]string{
	"failed": "The message to %s could not be delivered", "delayed": "The message to %s is not delivered yet; the server goes on trying",
	"delivered": "The message to %s was delivered", "relayed": "The message to %s was handed to a server that sends no receipts",
	"expanded": "The message to %s was passed on to several people", "displayed": "%s has opened the message", "deleted": "%s has deleted the message",
	"dispatched": "The message to %s was passed on", "processed": "The message to %s was processed without being shown", "denied": "%s wants to give no receipt",
	"abuse": "A recipient reported a message from %s as unwanted", "fraud": "A message from %s was reported as fraud", "virus": "A message from %s was reported to hold a virus",
	"not-spam": "A recipient reported that a message from %s is wanted after all", "auth-failure": "A message from %s failed the checks of its origin",
	"opt-out": "A recipient wants no more mail from %s", "feedback": "There is feedback about a message from %s",
}

// ReportWords explains a report in English sentences, a line a recipient.
func ReportWords(r *mail.Report) string {
	var out []string
	for _, rc := range r.Recipients {
		format := actionWords[rc.Action]
		if format == "" {
			format = "About the message to %s"
		}
		s := fmt.Sprintf(format, rc.Addr)
		if why := reasonWords[rc.Reason]; why != "" {
			s += ": " + why
		}
		s += "."
		if rc.Diagnostic != "" {
			s += " The server said: " + rc.Diagnostic
		}
		out = append(out, s)
	}
	return strings.Join(out, "\n")
}
