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

// Report is a delivery status (RFC 3464) or a disposition notification (RFC 8098) in data and in words.
type Report struct {
	Kind       string // "delivery" or "disposition"
	Reporter   string // the server, or the reading agent
	Recipients []ReportRecipient
	// OriginalID is the Message-ID of the message it is about, when the report tells.
	OriginalID string
}

// ReportRecipient is what became of one recipient.
type ReportRecipient struct {
	Addr       string
	Action     string // failed, delayed, delivered, relayed, expanded; displayed, deleted, … for dispositions
	Status     string // "5.1.1"
	Diagnostic string // the words of the other server
}

// Report explains a multipart/report; nil when the message is none.
func (m *Message) Report() *Report {
	var found *Part
	m.Root.Walk(func(p *Part) bool {
		switch p.Type {
		case "message/delivery-status", "message/global-delivery-status", "message/disposition-notification", "message/global-disposition-notification":
			found = p
		}
		return found == nil && (p == m.Root || !isMessageType(p.Type))
	})
	if found == nil {
		return nil
	}
	groups := fieldGroups(found.bytes(maxReport))
	r := &Report{Kind: "delivery", OriginalID: m.reportedID(found)}
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
		rc := ReportRecipient{Addr: addr, Action: strings.ToLower(strings.TrimSpace(stripComments(h.Get("Action")))), Status: firstWord(h.Get("Status")), Diagnostic: typedValue(h.Text("Diagnostic-Code"))}
		if r.Kind == "disposition" {
			_, what, _ := strings.Cut(h.Get("Disposition"), ";")
			rc.Action = strings.ToLower(firstWord(strings.Split(what, "/")[0]))
		}
		r.Recipients = append(r.Recipients, rc)
	}
	return r
}

// reportedID finds the id of the returned message beside the status part.
func (m *Message) reportedID(status *Part) string {
	if status.parent == nil {
		return ""
	}
	for _, c := range status.parent.Children {
		switch {
		case c.IsMessage():
			return headerID(c.Children[0].Header.Get("Message-ID"))
		case c.Type == "text/rfc822-headers" || c.Type == "message/rfc822-headers":
			return headerID(ParseHeader(c.bytes(maxReport)).Header().Get("Message-ID"))
		}
	}
	return ""
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

// statusWords explains enhanced status codes (RFC 3463), the exact ones first, then by their subject.
var statusWords = map[string]string{
	"1.1": "the mailbox does not exist", "1.2": "the domain does not exist", "1.3": "the address is not valid", "1.6": "the mailbox has moved", "1.10": "the domain takes no mail",
	"2.1": "the mailbox is switched off", "2.2": "the mailbox is full", "2.3": "the message is too large for the mailbox", "3.4": "the message is too large",
	"4.1": "the other server did not answer", "4.2": "the connection broke", "4.4": "the server could not be found", "4.7": "it could not be delivered in time",
	"5.3": "there are too many recipients", "6.": "the content was not accepted", "7.1": "the other server refused the message", "7.": "it was refused for reasons of security or policy",
	"1.": "there is something wrong with the address", "2.": "there is something wrong with the mailbox", "3.": "the other mail system has a problem", "4.": "there was a problem on the way", "5.": "the servers did not understand each other",
}

// Words explains the report in sentences for people.
func (r *Report) Words() string {
	var out []string
	for _, rc := range r.Recipients {
		var s string
		switch rc.Action {
		case "failed":
			s = fmt.Sprintf("The message to %s could not be delivered", rc.Addr)
		case "delayed":
			s = fmt.Sprintf("The message to %s is not delivered yet; the server goes on trying", rc.Addr)
		case "delivered":
			s = fmt.Sprintf("The message to %s was delivered", rc.Addr)
		case "relayed":
			s = fmt.Sprintf("The message to %s was handed to a server that sends no receipts", rc.Addr)
		case "expanded":
			s = fmt.Sprintf("The message to %s was passed on to several people", rc.Addr)
		case "displayed":
			s = fmt.Sprintf("%s has opened the message", rc.Addr)
		case "deleted", "dispatched", "processed", "denied":
			s = fmt.Sprintf("The message to %s was %s", rc.Addr, rc.Action)
		default:
			s = fmt.Sprintf("About the message to %s", rc.Addr)
		}
		if why := statusReason(rc.Status); why != "" {
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

func statusReason(code string) string {
	if len(code) < 3 || code[0] == '2' || code[1] != '.' {
		return ""
	}
	rest := code[2:]
	if w := statusWords[rest]; w != "" {
		return w
	}
	if i := strings.IndexByte(rest, '.'); i > 0 {
		return statusWords[rest[:i+1]]
	}
	return ""
}

// Failed lists the recipients that will not get the message.
func (r *Report) Failed() []mail.Address {
	var out []mail.Address
	for _, rc := range r.Recipients {
		if rc.Action == "failed" {
			out = append(out, mail.Address{Addr: rc.Addr})
		}
	}
	return out
}
