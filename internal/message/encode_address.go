package message

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"peyk/internal/mail"
)

// ErrNeedsSMTPUTF8: an address has a local part that is not ASCII, and the server does not take such.
var ErrNeedsSMTPUTF8 = errors.New("the address needs a server that supports international addresses (SMTPUTF8)")

// AddressError says why an address cannot be used.
type AddressError struct {
	Addr   string
	Reason string
}

func (e *AddressError) Error() string { return fmt.Sprintf("address %q: %s", e.Addr, e.Reason) }

// addrWriter turns addresses into what goes on the wire.
type addrWriter struct {
	utf8 bool // the server takes UTF-8
	used bool // some address needs it
}

// wire checks addr and brings it into the form for envelope and header: the domain as punycode unless the local part
// needs UTF-8 anyway.
func (a *addrWriter) wire(addr string) (string, error) {
	addr = strings.TrimSpace(addr)
	at := strings.LastIndexByte(addr, '@')
	switch {
	case addr == "":
		return "", &AddressError{addr, "it is empty"}
	case at <= 0 || at == len(addr)-1:
		return "", &AddressError{addr, "it needs a name, an @ and a domain"}
	}
	local, domain := addr[:at], addr[at+1:]
	for i, r := range addr {
		if r < 32 || r == 127 || r > 127 && (unicode.IsSpace(r) || unicode.IsControl(r)) || r == utf8.RuneError && !strings.HasPrefix(addr[i:], "\ufffd") {
			return "", &AddressError{addr, "it has a control character in it"}
		}
	}
	if strings.HasPrefix(local, `"`) {
		text, rest := quotedString(local)
		if rest != "" || !strings.HasSuffix(local, `"`) || len(local) < 2 {
			return "", &AddressError{addr, "the quotes in it do not match"}
		}
		local = quote(text)
	} else if !isDotAtom(local) {
		return "", &AddressError{addr, "it has a blank or a special character before the @"}
	}
	if strings.ContainsAny(domain, " \t<>()[],;:\"\\@") && !(strings.HasPrefix(domain, "[") && strings.HasSuffix(domain, "]") && !strings.ContainsAny(domain, " \t<>(),;\"\\@")) {
		return "", &AddressError{addr, "its domain has a character that no domain has"}
	}
	if isASCII([]byte(local)) {
		if !isASCII([]byte(domain)) {
			d, err := idna.Lookup.ToASCII(domain)
			if err != nil {
				return "", &AddressError{addr, "its domain is not a valid international domain name"}
			}
			domain = d
		}
		return local + "@" + domain, nil
	}
	if !a.utf8 {
		return "", fmt.Errorf("address %q: %w", addr, ErrNeedsSMTPUTF8)
	}
	a.used = true
	return local + "@" + domain, nil
}

// EnvelopeAddress is an address as it stands in the envelope of a message that Compose makes; one that cannot be sent to is given back as it is.
func EnvelopeAddress(addr string) string {
	w := addrWriter{utf8: true}
	if out, err := w.wire(addr); err == nil {
		return out
	}
	return addr
}

// isDotAtom: RFC 5322 §3.2.3 with UTF-8 (RFC 6532 §3.2), dots anywhere (real addresses have them doubled and at the end).
func isDotAtom(s string) bool {
	for _, r := range s {
		if r <= 32 || r == 127 || r < 127 && strings.ContainsRune(`()<>[]:;@\,"`, r) {
			return false
		}
	}
	return s != ""
}

// tokens makes the tokens of one address: the display name, the address in angle brackets.
func (a *addrWriter) tokens(m mail.Address, last bool) ([]string, string, error) {
	addr, err := a.wire(m.Addr)
	if err != nil {
		return nil, "", err
	}
	comma := ","
	if last {
		comma = ""
	}
	name := strings.Join(strings.Fields(cleanLine(m.Name)), " ")
	if name == "" || name == addr {
		if strings.Contains(addr, "=?") {
			return []string{" <" + addr + ">" + comma}, addr, nil // alone it would be taken for an encoded word
		}
		return []string{" " + addr + comma}, addr, nil
	}
	return append(phraseTokens(name), " <"+addr+">"+comma), addr, nil
}

// phraseTokens writes a display name: atoms, one quoted string, or encoded words.
func phraseTokens(name string) []string {
	if needsWord(name) {
		words := encodeWords(name, true)
		for i := range words {
			words[i] = " " + words[i]
		}
		return words
	}
	atoms := true
	for i := 0; i < len(name); i++ {
		if strings.IndexByte(`()<>[]:;@\,."`, name[i]) >= 0 {
			atoms = false
			break
		}
	}
	if !atoms {
		name = quote(name)
	}
	toks := splitBlanks(name)
	toks[0] = " " + toks[0]
	return toks
}

// addresses writes an address field and returns the wire forms.
func (h *headerWriter) addresses(a *addrWriter, field string, list []mail.Address) ([]string, error) {
	var toks, out []string
	for i, m := range list {
		t, addr, err := a.tokens(m, i == len(list)-1)
		if err != nil {
			return nil, err
		}
		toks = append(toks, t...)
		out = append(out, addr)
	}
	if len(toks) > 0 {
		h.tokens(field, toks)
	}
	return out, nil
}
