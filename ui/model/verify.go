package model

import (
	"strings"

	"peyk/internal/mail"
	"peyk/internal/weblink"
)

// AuthVerdict is what the receiving server found out about the sender's domain.
type AuthVerdict int

// The verdicts. AuthNone: the server says nothing, or nobody trustworthy does.
const (
	AuthNone AuthVerdict = iota
	AuthPass
	AuthFail
)

// ReadAuth reads the newest Authentication-Results field (RFC 8601) of a message. Anyone can write such a field into a
// message; only one that names the reader's own provider counts (§5 makes that provider remove forged ones), and only the
// topmost, because a server adds its own above everything. servers are the host names of the account and its address.
func ReadAuth(headers []mail.HeaderField, from mail.Address, servers []string) AuthVerdict {
	for _, h := range headers {
		if !strings.EqualFold(h.Name, "Authentication-Results") {
			continue
		}
		id, results, _ := strings.Cut(stripComments(h.Value), ";")
		id, _, _ = strings.Cut(strings.TrimSpace(id), " ")
		if !sameProvider(strings.ToLower(id), servers) {
			return AuthNone
		}
		return verdict(results, Domain(from.Addr))
	}
	return AuthNone
}

func verdict(results, domain string) AuthVerdict {
	v := AuthNone
	for _, r := range strings.Split(results, ";") {
		fields := strings.Fields(strings.ToLower(r))
		if len(fields) == 0 {
			continue
		}
		method, result, _ := strings.Cut(fields[0], "=")
		switch method {
		case "dmarc":
			if result == "pass" {
				return AuthPass
			}
			if result == "fail" {
				return AuthFail
			}
		case "dkim":
			if result == "pass" && aligned(fields[1:], domain) {
				v = AuthPass
			}
		}
	}
	return v
}

func aligned(props []string, domain string) bool {
	for _, p := range props {
		key, val, _ := strings.Cut(p, "=")
		if (key == "header.d" || key == "header.i") && weblink.Site(strings.TrimPrefix(val[strings.LastIndexByte(val, '@')+1:], "@")) == weblink.Site(domain) {
			return true
		}
	}
	return false
}

// providerSites are providers whose servers and addresses have different names.
var providerSites = map[string]string{
	"gmail.com": "google.com", "googlemail.com": "google.com", "hotmail.com": "outlook.com", "live.com": "outlook.com",
	"office365.com": "outlook.com", "ymail.com": "yahoo.com", "me.com": "icloud.com", "mac.com": "icloud.com", "gmx.de": "gmx.net", "gmx.com": "gmx.net",
}

func provider(host string) string {
	s := weblink.Site(strings.TrimSuffix(host, "."))
	if p, ok := providerSites[s]; ok {
		return p
	}
	return s
}

func sameProvider(id string, servers []string) bool {
	if id == "" {
		return false
	}
	for _, s := range servers {
		if s != "" && provider(strings.ToLower(s)) == provider(id) {
			return true
		}
	}
	return false
}

// stripComments removes RFC 5322 comments, nested ones too.
func stripComments(s string) string {
	var b strings.Builder
	depth := 0
	for _, r := range s {
		switch {
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
