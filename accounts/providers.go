package accounts

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"

	"peyk/accounts/dial"
	"peyk/assets"
	"peyk/internal/mail"
)

// provider is an entry of the built-in table; see assets.Providers.
type provider struct {
	Name    string          `json:"name"`
	Domains []string        `json:"domains"`
	MX      []string        `json:"mx"`
	IMAP    string          `json:"imap"`
	POP3    string          `json:"pop3"`
	SMTP    string          `json:"smtp"`
	User    string          `json:"user"`
	Auth    mail.AuthMethod `json:"auth"`
	Verify  bool            `json:"verify"`
	Hint    mail.Hint       `json:"hint"`
}

var builtin = sync.OnceValues(func() ([]provider, error) {
	var out []provider
	if err := json.Unmarshal(assets.Providers, &out); err != nil {
		return nil, fmt.Errorf("the built-in table of providers: %w", err)
	}
	for _, p := range out {
		for _, s := range []string{p.IMAP, p.POP3, p.SMTP} {
			if _, err := parseServer(s); err != nil {
				return nil, fmt.Errorf("the built-in table of providers: %s: %w", p.Name, err)
			}
		}
	}
	return out, nil
})

// parseServer reads "host:port" or "host:port/starttls"; "" is no server.
func parseServer(s string) (mail.Server, error) {
	if s == "" {
		return mail.Server{}, nil
	}
	addr, starttls := strings.CutSuffix(s, "/starttls")
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return mail.Server{}, err
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return mail.Server{}, err
	}
	sec := mail.SecurityTLS
	if starttls {
		sec = mail.SecuritySTARTTLS
	}
	return mail.Server{Host: host, Port: n, Security: sec}, nil
}

// found turns the entry into what discovery works with.
func (p *provider) found(kind mail.SourceKind) *found {
	c := &found{servers: map[string]mail.Server{}, kind: kind, name: p.Name, hint: p.Hint}
	for protocol, s := range map[string]string{dial.IMAP: p.IMAP, dial.POP3: p.POP3, dial.SMTP: p.SMTP} {
		srv, err := parseServer(s)
		if err != nil || srv.Host == "" {
			continue // errors were found when the table was read
		}
		srv.Username, srv.Auth = "%EMAILADDRESS%", p.Auth
		if p.User == "local" {
			srv.Username = "%EMAILLOCALPART%"
		}
		c.servers[protocol] = srv
	}
	return c
}

func (f *finder) byDomain(domain string) *provider {
	for i := range f.providers {
		if slices.Contains(f.providers[i].Domains, domain) {
			return &f.providers[i]
		}
	}
	return nil
}

// byMX finds the provider that takes in the mail of a domain, by the name of its mail exchanger.
func (f *finder) byMX(ctx context.Context, domain string) *provider {
	recs, err := f.mx(ctx, domain)
	if err != nil || len(recs) == 0 {
		return nil
	}
	host := strings.ToLower(strings.TrimSuffix(recs[0].Host, "."))
	for i := range f.providers {
		for _, end := range f.providers[i].MX {
			if host == end || strings.HasSuffix(host, "."+end) {
				return &f.providers[i]
			}
		}
	}
	return nil
}
