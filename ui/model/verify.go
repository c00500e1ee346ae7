package model

import (
	"slices"
	"strings"

	"peyk/internal/mail"
	"peyk/internal/weblink"
)

// AuthVerdict is whether it is proven that the domain in From sent a message.
type AuthVerdict int

// The verdicts. AuthNone: nothing is proven either way, or nobody trustworthy says anything.
const (
	AuthNone AuthVerdict = iota
	AuthPass
	AuthFail
)

// Authentication is what is known about where a message comes from, and from whom that is known.
type Authentication struct {
	Verdict AuthVerdict
	// Server is the name of the receiving server whose findings are believed, "" when none is.
	Server string
	// Methods are the server's findings in its order.
	Methods []AuthMethod
	// Checks are the signatures checked on this computer; nil: none was checked yet.
	Checks []mail.SignatureCheck
}

// AuthMethod is one finding: "dkim", "pass", "example.org".
type AuthMethod struct {
	Name, Result string
	Domain       string // whom it is about; "" when not said
	Aligned      bool   // that is the domain in From
	// Selector and Data tell which signature a finding of DKIM is about (RFC 6008; Data is the start of it, in lower case); "" when not said.
	Selector, Data string
}

// Authenticate reads the findings of the receiving server (Authentication-Results, RFC 8601) and of this computer.
//
// Anyone can write such a field into a message. Believed are only those that name the reader's own provider (§5 makes that
// provider remove forged ones) and stand together at the top: reading ends at the first that names somebody else, and at the
// first Received field below them, because what stands further down was there when the message reached the provider. servers
// are the host names of the account and its address.
//
// Proof is DMARC passed for the domain in From, or a DKIM signature or SPF of that domain (RFC 7489 §3.1, relaxed), found by the
// server or, for DKIM, here. A server that says that DMARC failed is believed before all that. ARC (RFC 8617) is told and
// proves nothing.
func Authenticate(headers []mail.HeaderField, from []mail.Address, servers []string, checks []mail.SignatureCheck) Authentication {
	a := Authentication{Checks: checks}
	domain := ""
	if len(from) == 1 { // of several senders none is proven
		domain = Domain(from[0].Addr)
	}
	for _, h := range headers {
		if strings.EqualFold(h.Name, "Received") && a.Server != "" {
			break
		}
		if !strings.EqualFold(h.Name, "Authentication-Results") {
			continue
		}
		id, results, _ := strings.Cut(plainValue(h.Value), ";")
		id, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(id)), " ")
		if !sameProvider(id, servers) {
			break
		}
		a.Server = id
		a.Methods = append(a.Methods, methods(results, domain)...)
	}
	a.Verdict = a.verdict(domain)
	return a
}

func (a *Authentication) verdict(domain string) AuthVerdict {
	v := AuthNone
	if domain == "" {
		return v
	}
	for _, m := range a.Methods {
		switch {
		case m.Name == "dmarc" && m.Result == "fail":
			return AuthFail
		case m.Result == "pass" && m.Aligned && (m.Name == "dmarc" || m.Name == "dkim" || m.Name == "spf"):
			v = AuthPass
		}
	}
	for _, c := range a.Checks {
		if c.OK && weblink.Site(strings.ToLower(c.Domain)) == weblink.Site(domain) {
			v = AuthPass
		}
	}
	return v
}

// maxMethods is more than any honest server writes.
const maxMethods = 40

// methods reads the results of one field.
func methods(results, domain string) []AuthMethod {
	var out []AuthMethod
	for _, r := range strings.Split(results, ";") {
		fields := strings.Fields(strings.ToLower(r))
		if len(fields) == 0 || len(out) == maxMethods {
			continue
		}
		name, result, ok := strings.Cut(fields[0], "=")
		if !ok || name == "reason" {
			continue
		}
		name, _, _ = strings.Cut(name, "/") // a version
		m := AuthMethod{Name: name, Result: result, Domain: about(name, fields[1:])}
		if name == "dkim" {
			m.Selector, m.Data = property(fields[1:], "header.s"), property(fields[1:], "header.b")
		}
		m.Aligned = domain != "" && (m.Domain != "" && weblink.Site(m.Domain) == weblink.Site(domain) || m.Domain == "" && name == "dmarc")
		out = append(out, m)
	}
	return out
}

// subjects are the properties that say whom a method is about.
var subjects = map[string][]string{
	"dmarc": {"header.from"}, "dkim": {"header.d", "header.i"}, "spf": {"smtp.mailfrom", "smtp.helo"}, "arc": {"header.oldest-pass"},
}

func property(props []string, name string) string {
	for _, p := range props {
		if key, val, _ := strings.Cut(p, "="); key == name {
			return strings.Trim(val, `"`)
		}
	}
	return ""
}

func about(method string, props []string) string {
	for _, want := range subjects[method] {
		for _, p := range props {
			key, val, _ := strings.Cut(p, "=")
			if key == want && method != "arc" {
				val = strings.Trim(val, `"<>`)
				return strings.TrimSuffix(val[strings.LastIndexByte(val, '@')+1:], ".")
			}
		}
	}
	return ""
}

// providerSites are providers whose servers and addresses have different names.
var providerSites = map[string]string{
	"gmail.com": "google.com", "googlemail.com": "google.com", "hotmail.com": "outlook.com", "live.com": "outlook.com", "msn.com": "outlook.com",
	"office365.com": "outlook.com", "ymail.com": "yahoo.com", "rocketmail.com": "yahoo.com", "me.com": "icloud.com", "mac.com": "icloud.com", "gmx.de": "gmx.net", "gmx.com": "gmx.net",
	"fastmail.com": "messagingengine.com", "fastmail.fm": "messagingengine.com",
}

func provider(host string) string {
	s := weblink.Site(strings.TrimSuffix(host, "."))
	if p, ok := providerSites[s]; ok {
		return p
	}
	return s
}

func sameProvider(id string, servers []string) bool {
	return id != "" && slices.ContainsFunc(servers, func(s string) bool { return s != "" && provider(strings.ToLower(s)) == provider(id) })
}

// plainValue removes RFC 5322 comments, nested ones too, from a field and keeps what stands in quotes in one piece: a sender who may choose
// the address of the envelope can write "x; dmarc=pass" into quotes there, and a closing bracket behind a backslash into a comment.
func plainValue(s string) string {
	var b strings.Builder
	depth, quoted, escaped := 0, false, false
	for _, r := range s {
		switch {
		case escaped:
			escaped = false
			if quoted && depth == 0 {
				b.WriteByte('_')
			}
		case r == '\\' && (quoted || depth > 0):
			escaped = true
		case quoted && r != '"':
			if strings.ContainsRune("; \t\r\n=@", r) {
				r = '_'
			}
			b.WriteRune(r)
		case r == '"' && depth == 0:
			quoted = !quoted
			b.WriteRune(r)
		case r == '(':
			depth++
		case r == ')' && depth > 0:
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}
