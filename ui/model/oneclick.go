package model

import (
	"slices"
	"strings"

	"peyk/internal/mail"
	"peyk/internal/weblink"
)

// OneClick is where a message lets its list be left by one request (RFC 8058), "" where it does not, or where that is not proven.
//
// The address has to be an https one that deceives nobody, both header fields have to stand in the message once (a signature covers the
// lowest of several, and a reader might take another), and a DKIM signature that was found good has to cover both (§4): by the receiving
// server where it may be believed, or here. See Authenticate for who is believed. A message that failed DMARC is offered nothing.
func OneClick(headers []mail.HeaderField, auth Authentication) string {
	post, found := single(headers, "List-Unsubscribe-Post")
	_, one := single(headers, "List-Unsubscribe")
	if !found || !one || auth.Verdict == AuthFail || !strings.EqualFold(strings.Join(strings.Fields(post), ""), "List-Unsubscribe=One-Click") {
		return ""
	}
	to := UnsubscribeOf(headers).secure
	if l, ok := weblink.Judge(to); !ok || len(l.Findings) > 0 || !covered(headers, auth) {
		return ""
	}
	return to
}

// single is the value of a field that stands in a header once.
func single(headers []mail.HeaderField, name string) (value string, ok bool) {
	n := 0
	for _, h := range headers {
		if strings.EqualFold(h.Name, name) {
			value = h.Value
			n++
		}
	}
	return value, n == 1
}

// signature is what a DKIM-Signature field says (RFC 6376 §3.5).
type signature struct {
	domain, selector string
	data             string // b=
	fields           []string
}

// maxSignatures bounds how many of a message are read.
const maxSignatures = 20

func signatures(headers []mail.HeaderField) (out []signature) {
	for _, h := range headers {
		if !strings.EqualFold(h.Name, "DKIM-Signature") || len(out) == maxSignatures {
			continue
		}
		var s signature
		for _, tag := range strings.Split(h.Value, ";") {
			name, value, _ := strings.Cut(tag, "=")
			value = strings.Join(strings.Fields(value), "")
			switch strings.TrimSpace(name) {
			case "d":
				s.domain = strings.TrimSuffix(strings.ToLower(value), ".")
			case "s":
				s.selector = strings.ToLower(value)
			case "b":
				s.data = value
			case "h":
				s.fields = strings.Split(strings.ToLower(value), ":")
			}
		}
		out = append(out, s)
	}
	return out
}

func (s signature) covers() bool {
	return slices.Contains(s.fields, "list-unsubscribe") && slices.Contains(s.fields, "list-unsubscribe-post")
}

// covered reports whether a signature that was found good covers both fields. Where a finding does not say which signature it is about, all
// that it may be about have to.
func covered(headers []mail.HeaderField, auth Authentication) bool {
	all := signatures(headers)
	covers := func(about func(signature) bool) bool {
		n := 0
		for _, s := range all {
			if !about(s) {
				continue
			}
			if n++; !s.covers() {
				return false
			}
		}
		return n > 0
	}
	for _, m := range auth.Methods {
		if m.Name == "dkim" && m.Result == "pass" && m.Domain != "" && covers(m.about) {
			return true
		}
	}
	for _, c := range auth.Checks {
		if c.OK && covers(func(s signature) bool { return s.domain == strings.ToLower(c.Domain) }) {
			return true
		}
	}
	return false
}

// about reports whether a finding may be about a signature. Its domain is that of the signature or, from header.i, one below it.
func (m AuthMethod) about(s signature) bool {
	return s.domain != "" && (m.Domain == s.domain || strings.HasSuffix(m.Domain, "."+s.domain)) &&
		(m.Selector == "" || m.Selector == s.selector) && (m.Data == "" || strings.HasPrefix(strings.ToLower(s.data), m.Data))
}
