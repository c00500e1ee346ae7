package model

import (
	"net/url"
	"strings"

	"peyk/internal/mail"
)

// Unsubscribe is how a message offers to leave the list it came from (RFC 2369 §3.2): by a message to an address, on a page, or both; the
// first of each kind. Empty strings: not so.
type Unsubscribe struct {
	Mailto string
	Page   string
	secure string // the first page over https
}

// Offered reports whether there is any way.
func (u Unsubscribe) Offered() bool { return u.Mailto != "" || u.Page != "" }

// maxUnsubscribe bounds what is read of the header field.
const maxUnsubscribe = 8 << 10

// UnsubscribeOf reads the header fields of a message. Nothing but mail and web addresses is offered.
func UnsubscribeOf(headers []mail.HeaderField) (out Unsubscribe) {
	for _, h := range headers {
		if !strings.EqualFold(h.Name, "List-Unsubscribe") {
			continue
		}
		rest := h.Value[:min(len(h.Value), maxUnsubscribe)]
		for {
			_, after, ok := strings.Cut(rest, "<")
			var raw string
			if raw, rest, ok = cutAt(after, ok); !ok {
				break
			}
			// A long address may have been folded anywhere.
			u, err := url.Parse(strings.Join(strings.Fields(raw), ""))
			if err != nil {
				continue
			}
			if u.Scheme == "https" && u.Host != "" && out.secure == "" {
				out.secure = u.String()
			}
			switch {
			case u.Scheme == "mailto" && out.Mailto == "" && strings.Contains(u.Opaque, "@"):
				out.Mailto = u.String()
			case (u.Scheme == "https" || u.Scheme == "http") && out.Page == "" && u.Host != "":
				out.Page = u.String()
			}
		}
	}
	return out
}

// cutAt divides what stands behind "<" at the next ">".
func cutAt(after string, opened bool) (inside, rest string, ok bool) {
	if !opened {
		return "", "", false
	}
	return strings.Cut(after, ">")
}

// Address is where the message goes that asks to be taken off the list.
func (u Unsubscribe) Address() string {
	parsed, err := url.Parse(u.Mailto)
	if err != nil {
		return ""
	}
	address, err := url.PathUnescape(parsed.Opaque)
	if err != nil {
		return parsed.Opaque
	}
	return address
}

// Host is the server of the page.
func (u Unsubscribe) Host() string {
	parsed, err := url.Parse(u.Page)
	if err != nil {
		return ""
	}
	return parsed.Hostname()
}

// ListAnswers reports whether a message came from a list to which answers can be sent (RFC 2369 §3.4).
func ListAnswers(headers []mail.HeaderField) bool {
	for _, h := range headers {
		if strings.EqualFold(h.Name, "List-Post") && strings.Contains(strings.ToLower(h.Value), "<mailto:") {
			return true
		}
	}
	return false
}
