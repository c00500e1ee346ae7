package remotecontent

import (
	"net/netip"
	"strings"
)

// blocked are the ranges that no mail has a reason to reach (IANA special-purpose registries, RFC 6890), beyond those that
// netip knows by name.
var blocked = prefixes(
	"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
	"::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2001:2::/48", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
)

// nat64 carries an IPv4 address in its last 32 bits (RFC 6052); networks with IPv6 only reach the whole web through it.
var nat64 = netip.MustParsePrefix("64:ff9b::/96")

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

// public reports whether an address belongs to the public internet.
func public(a netip.Addr) bool {
	if a.Zone() != "" {
		return false
	}
	a = a.Unmap()
	if nat64.Contains(a) {
		b := a.As16()
		return public(netip.AddrFrom4([4]byte(b[12:])))
	}
	if !a.IsValid() || !a.IsGlobalUnicast() || a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsMulticast() {
		return false
	}
	for _, p := range blocked {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// localName reports whether a host name can only mean something near: it has no domain, or one that is reserved for local
// use (RFC 6761, 6762, 8375, 9476). Needed where somebody else resolves the name.
func localName(host string) bool {
	host = strings.TrimSuffix(host, ".")
	if !strings.Contains(host, ".") {
		return true
	}
	for _, s := range [...]string{".localhost", ".local", ".internal", ".home.arpa", ".lan", ".intranet", ".corp", ".home"} {
		if strings.HasSuffix(host, s) {
			return true
		}
	}
	return false
}

// numeric reports whether a host is an IPv4 address in a form that only resolvers of the C library understand
// (0x7f.1, 2130706433, 0177.0.0.1): its last label is a number.
func numeric(host string) bool {
	host = strings.TrimSuffix(host, ".")
	last := host[strings.LastIndexByte(host, '.')+1:]
	if last == "" {
		return false
	}
	if strings.HasPrefix(last, "0x") {
		return true
	}
	return strings.Trim(last, "0123456789") == ""
}
