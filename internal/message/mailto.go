package message

import (
	"errors"
	"fmt"
	"strings"

	"peyk/internal/mail"
)

// ErrNotMailto is returned for a URL that is no mailto URL.
var ErrNotMailto = errors.New("not a mailto address")

// maxMailto bounds a mailto URL, in bytes.
const maxMailto = 1 << 20

// parseMailto keeps to RFC 6068: "+" is a plus, fields that could do harm (From, attachments, anything unknown) are
// ignored (§4), line breaks count in the body only.
func parseMailto(s string) (mail.Draft, error) {
	var d mail.Draft
	s = strings.TrimSpace(s)
	if len(s) < 7 || !strings.EqualFold(s[:7], "mailto:") || len(s) > maxMailto {
		return d, fmt.Errorf("%q: %w", cutText(s, 80), ErrNotMailto)
	}
	rest := strings.TrimPrefix(s[7:], "//")
	if i := strings.IndexByte(rest, '#'); i >= 0 {
		rest = rest[:i]
	}
	to, query, _ := strings.Cut(rest, "?")
	d.To = mailtoAddresses(to)
	query = strings.ReplaceAll(query, "&amp;", "&")
	for query != "" {
		var f string
		f, query, _ = strings.Cut(query, "&")
		k, v, _ := strings.Cut(f, "=")
		switch strings.ToLower(unpercent(k)) {
		case "to":
			d.To = append(d.To, mailtoAddresses(v)...)
		case "cc":
			d.Cc = append(d.Cc, mailtoAddresses(v)...)
		case "bcc":
			d.Bcc = append(d.Bcc, mailtoAddresses(v)...)
		case "subject":
			d.Subject = decodeHeader(mailtoText(v), "")
		case "body":
			if d.Text != "" {
				d.Text += "\n"
			}
			d.Text += cleanText(mailtoText(v))
		case "in-reply-to":
			if d.InReplyTo = safeID(headerID(mailtoText(v))); d.InReplyTo != "" {
				d.References = []string{d.InReplyTo}
			}
		}
	}
	return d, nil
}

// mailtoText decodes percent escapes; bytes that are not UTF-8 are guessed.
func mailtoText(v string) string { return decodeRaw([]byte(unpercent(v)), "") }

// mailtoAddresses: a literal comma separates, an escaped one belongs to the address (RFC 6068 §2).
func mailtoAddresses(v string) []mail.Address {
	var out []mail.Address
	for _, one := range strings.Split(v, ",") {
		one = cleanLine(mailtoText(one))
		if one == "" {
			continue
		}
		if at := strings.LastIndexByte(one, '@'); at > 0 && strings.ContainsAny(one[:at], ", ;") && !strings.ContainsAny(one, `"<`) {
			one = quoteLocal(one[:at]) + one[at:]
		}
		out = append(out, ParseAddressList(one)...)
	}
	return out
}
