package compose

import (
	"slices"
	"strings"
	"unicode"

	"peyk/internal/mail"
)

// parseAddresses reads what people type or paste into a recipient field: addresses with or without names, separated by
// commas, semicolons, line breaks, or only spaces when all of it is bare addresses. Nothing is dropped: what is no address
// comes back with an empty Addr.
func parseAddresses(s string) []mail.Address {
	s = strings.Map(visible, s)
	if f := strings.Fields(s); len(f) > 1 && !strings.ContainsAny(s, "<>,;\"") && allBare(f) {
		s = strings.Join(f, ",")
	}
	var out []mail.Address
	for _, piece := range splitOutside(s) {
		if piece = strings.TrimSpace(piece); piece != "" {
			out = append(out, parseOne(piece))
		}
	}
	return out
}

// visible leaves out of what was pasted the characters that nobody sees: marks of direction around an address, which copying from a page in
// Persian brings along, would be part of it, and it would reach nobody. The joiners of Persian and Indic names stay.
func visible(r rune) rune {
	switch {
	case r == '\u200c', r == '\u200d':
		return r
	case unicode.Is(unicode.Cf, r):
		return -1
	case unicode.Is(unicode.Zs, r):
		return ' '
	}
	return r
}

// replaceBcc puts what a sender always has in Bcc in the place of what the one before had there. Who was taken out by the user stays out until the
// sender changes.
func (w *Window) replaceBcc(always string) {
	for _, a := range w.always {
		w.bcc.list = slices.DeleteFunc(w.bcc.list, func(b mail.Address) bool { return strings.EqualFold(a.Addr, b.Addr) })
	}
	w.always = parseAddresses(always)
	for _, a := range w.always {
		w.bcc.add(a)
	}
	w.bcc.rebuild()
	w.bccVisible()
}

// bccVisible shows the row of Bcc once somebody is in it.
func (w *Window) bccVisible() {
	if w.bccRow != nil && len(w.bcc.list) > 0 {
		w.bccRow.Show()
		w.moreVisible()
	}
}

// onlyAlways reports whether nobody but those whom the sender always has in Bcc gets the message.
func (w *Window) onlyAlways(d mail.Draft) bool {
	return len(d.To)+len(d.Cc) == 0 && !slices.ContainsFunc(d.Bcc, func(b mail.Address) bool {
		return !slices.ContainsFunc(w.always, func(a mail.Address) bool { return strings.EqualFold(a.Addr, b.Addr) })
	})
}

func allBare(fields []string) bool {
	for _, f := range fields {
		if !valid(f) {
			return false
		}
	}
	return true
}

// splitOutside splits at separators that stand neither in quotes nor in angle brackets.
func splitOutside(s string) []string {
	var out []string
	quoted, angled, start := false, false, 0
	for i, r := range s {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '<':
			angled = true
		case r == '>':
			angled = false
		case !angled && (r == ',' || r == ';' || r == '\n' || r == '،' || r == '؛'):
			out = append(out, s[start:i])
			start = i + len(string(r))
		}
	}
	return append(out, s[start:])
}

func parseOne(s string) mail.Address {
	if i := strings.LastIndexByte(s, '<'); i >= 0 && strings.HasSuffix(s, ">") {
		name := strings.TrimSpace(s[:i])
		name = strings.TrimSpace(strings.ReplaceAll(strings.Trim(name, `"`), `\"`, `"`))
		addr := strings.TrimSpace(s[i+1 : len(s)-1])
		if group, first, ok := strings.Cut(name, ":"); ok && !strings.ContainsAny(group, `@"`) && !strings.HasPrefix(s, `"`) {
			name = strings.TrimSpace(strings.Trim(strings.TrimSpace(first), `"`))
		}
		if valid(addr) {
			return mail.Address{Name: name, Addr: addr}
		}
		return mail.Address{Name: s}
	}
	addr := strings.TrimPrefix(s, "mailto:")
	if valid(addr) {
		return mail.Address{Addr: addr}
	}
	if name, rest, ok := strings.Cut(s, ":"); ok && !strings.ContainsAny(name, `@<"`) { // the first of a group (RFC 5322 §3.4)
		if a := parseOne(strings.TrimSpace(rest)); a.Addr != "" {
			return a
		}
	}
	return mail.Address{Name: s}
}

// valid reports whether s can be sent to: local@domain without spaces or control characters. What lies beyond that is for
// the server to say.
func valid(s string) bool {
	at := strings.LastIndexByte(s, '@')
	if at <= 0 || at == len(s)-1 {
		return false
	}
	for _, r := range s {
		if r <= ' ' || r == 0x7f || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`<>,;"()`, r) && !strings.HasPrefix(s, `"`) {
			return false
		}
	}
	domain := s[at+1:]
	return !strings.HasPrefix(domain, ".") && !strings.HasSuffix(domain, ".") && !strings.Contains(domain, "..")
}
