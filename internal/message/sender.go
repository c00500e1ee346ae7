package message

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"peyk/internal/mail"
	"peyk/internal/weblink"
)

// From is who the message says it is from, made safe to show: a display name that names another address than the one
// behind it is dropped, so that the real address is what people see; direction controls are taken out of names. What was
// done is told in Warnings. The header as received is in Header.
func (m *Message) From() []mail.Address {
	h := m.Header()
	list := m.Addresses("From")
	n := 0
	for i := h.index("From", 0); i >= 0; i = h.index("From", i+1) {
		n++
		raw := h.Raw(i)
		if bytes.IndexByte(raw, 0) >= 0 || bytes.Count(raw, []byte("\r\n")) != bytes.Count(raw, []byte("\r")) {
			m.warn(nil, mail.WarnFromControl)
		}
	}
	switch {
	case n == 0:
		m.warn(nil, mail.WarnFromMissing)
	case n > 1:
		m.warn(nil, mail.WarnFromSeveral)
	case len(list) == 0 || strings.IndexByte(list[0].Addr, '@') < 0:
		m.warn(nil, mail.WarnFromNoAddress)
	}
	for i := range list {
		list[i] = m.truthful(list[i])
	}
	return list
}

// truthful makes a sender safe to show.
func (m *Message) truthful(a mail.Address) mail.Address {
	clean := stripBidi(a.Name)
	if clean != a.Name {
		m.warn(nil, mail.WarnFromInvisible)
		a.Name = clean
	}
	if other := namedAddress(a.Name); other != "" {
		if !strings.EqualFold(other, a.Addr) {
			m.warn(nil, mail.WarnFromOtherAddr, other, a.Addr)
		}
		a.Name = ""
	}
	if mixedScripts(a.Name) {
		m.warn(nil, mail.WarnFromNameMixed, a.Name)
	}
	if at := strings.LastIndexByte(a.Addr, '@'); at >= 0 {
		domain := a.Addr[at+1:]
		if isASCII([]byte(domain)) && !strings.Contains(strings.ToLower(domain), "xn--") {
			return a
		}
		if u, err := idna.ToUnicode(domain); err == nil {
			both := u
			if ascii, err := idna.ToASCII(domain); err == nil && ascii != u {
				both += " (" + ascii + ")"
			}
			for _, label := range strings.Split(u, ".") {
				if mixedScripts(label) {
					m.warn(nil, mail.WarnFromDomainMixed, both)
				}
			}
			if like, bad := weblink.Imitates(domain); bad {
				m.warn(nil, mail.WarnFromDomainLike, both, like)
			}
		}
	}
	return a
}

// stripBidi takes out the controls that reorder text around them (UAX #9 §2), and what is invisible. The marks LRM, RLM
// and ALM and the joiners stay: honest names have them.
func stripBidi(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200b, r == 0xfeff, r == 0x2060, r == 0x00ad, r >= 0xe0000 && r <= 0xe007f:
			return -1
		}
		return r
	}, s))
}

// namedAddress finds the first e-mail address in a display name; the full-width and small at signs count too.
func namedAddress(name string) string {
	name = strings.NewReplacer("＠", "@", "﹫", "@").Replace(name)
	part := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune(".-_+=", r)
	}
	other := func(r rune) bool { return !part(r) }
	for from := 0; ; {
		at := strings.IndexByte(name[from:], '@')
		if at < 0 {
			return ""
		}
		at += from
		local, rest := name[from:at], name[at+1:]
		if i := strings.LastIndexFunc(local, other); i >= 0 {
			_, n := utf8.DecodeRuneInString(local[i:])
			local = local[i+n:]
		}
		if i := strings.IndexFunc(rest, other); i >= 0 {
			rest = rest[:i]
		}
		if domain := strings.Trim(rest, "."); local != "" && strings.Contains(domain, ".") {
			return local + "@" + domain
		}
		from = at + 1
	}
}

// mixedScripts: one word has Latin letters beside Cyrillic or Greek ones.
func mixedScripts(s string) bool {
	if isASCII([]byte(s)) {
		return false
	}
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }) {
		latin, other := false, false
		for _, r := range w {
			switch {
			case unicode.Is(unicode.Latin, r):
				latin = true
			case unicode.Is(unicode.Cyrillic, r), unicode.Is(unicode.Greek, r):
				other = true
			}
		}
		if latin && other {
			return true
		}
	}
	return false
}
