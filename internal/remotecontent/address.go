package remotecontent

import (
	"errors"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// maxAddress is the longest address that is asked for.
const maxAddress = 8 << 10

// address checks an address from a message and brings it into the form that is asked for: a host in ASCII, no fragment.
// An address without scheme ("//host/x") means https.
func address(raw string) (*url.URL, error) {
	raw = strings.TrimSpace(raw)
	if strings.HasPrefix(raw, "//") {
		raw = "https:" + raw
	}
	if len(raw) > maxAddress {
		return nil, errors.New("the address is too long")
	}
	u, err := url.Parse(strings.ReplaceAll(raw, " ", "%20"))
	if err != nil {
		return nil, errors.New("it is not an address")
	}
	return normal(u)
}

func normal(u *url.URL) (*url.URL, error) {
	u.Scheme = strings.ToLower(u.Scheme)
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("only http and https are fetched")
	case u.User != nil:
		return nil, errors.New("the address holds a user name")
	case u.Host == "" || u.Opaque != "":
		return nil, errors.New("the address names no host")
	}
	port := u.Port()
	if n, err := strconv.Atoi(port); port != "" && (err != nil || n != 80 && n != 443 && (n < 1024 || n > 65535)) {
		return nil, errors.New("the port is not one of the web")
	}
	host := strings.ToLower(u.Hostname())
	if _, err := netip.ParseAddr(host); err != nil {
		if host, err = idna.Lookup.ToASCII(host); err != nil {
			host = strings.ToLower(u.Hostname())
		}
		if strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789.-_") != "" || strings.HasPrefix(host, ".") {
			return nil, errors.New("the address names no host")
		}
		if numeric(host) {
			return nil, errors.New("the host is a number in disguise")
		}
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port != "" {
		host += ":" + port
	}
	v := *u
	v.Host, v.Fragment, v.RawFragment = host, "", ""
	return &v, nil
}
