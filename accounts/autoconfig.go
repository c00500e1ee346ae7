package accounts

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"peyk/accounts/dial"
	"peyk/internal/mail"
)

const (
	configTime = 8 * time.Second
	maxConfig  = 256 << 10
)

// configClient fetches configuration files. Plain HTTP is never followed: who can change the answer could have the
// password sent to a server of his own.
func configClient() *http.Client {
	return &http.Client{Timeout: configTime, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		if len(via) >= 4 {
			return errors.New("too many redirects")
		}
		if r.URL.Scheme != "https" {
			return errors.New("a redirect leads away from https")
		}
		return nil
	}}
}

// clientConfig is the part of Mozilla's config-v1.1.xml that matters here.
type clientConfig struct {
	Provider []struct {
		DisplayName string         `xml:"displayName"`
		Incoming    []configServer `xml:"incomingServer"`
		Outgoing    []configServer `xml:"outgoingServer"`
	} `xml:"emailProvider"`
}

type configServer struct {
	Type     string   `xml:"type,attr"`
	Hostname string   `xml:"hostname"`
	Port     int      `xml:"port"`
	Socket   string   `xml:"socketType"`
	Username string   `xml:"username"`
	Auth     []string `xml:"authentication"`
}

// config fetches and reads one configuration file; nil when there is none that is usable.
func (f *finder) config(ctx context.Context, address, domain string) *found {
	ctx, cancel := context.WithTimeout(ctx, configTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil
	}
	req.Header.Set("User-Agent", "Peyk")
	resp, err := f.http.Do(req)
	if err != nil {
		return nil
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil
	}
	b, err := io.ReadAll(io.LimitReader(resp.Body, maxConfig))
	if err != nil {
		return nil
	}
	c, err := parseConfig(b)
	if err != nil {
		return nil
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	c.kind, c.name = mail.SourceConfig, u.Hostname()
	if u.Hostname() == "autoconfig.thunderbird.net" {
		c.kind, c.name = mail.SourceMozilla, domain
	}
	return c
}

// parseConfig takes the first server of each kind that encrypts, TLS before STARTTLS.
func parseConfig(b []byte) (*found, error) {
	var doc clientConfig
	if err := xml.Unmarshal(b, &doc); err != nil {
		return nil, fmt.Errorf("configuration file: %w", err)
	}
	if len(doc.Provider) == 0 {
		return nil, errNoConfig
	}
	c := &found{servers: map[string]mail.Server{}}
	for _, s := range append(doc.Provider[0].Incoming, doc.Provider[0].Outgoing...) {
		kind := strings.ToLower(s.Type)
		if kind != dial.IMAP && kind != dial.POP3 && kind != dial.SMTP {
			continue
		}
		srv := mail.Server{Host: strings.TrimSpace(s.Hostname), Port: s.Port, Username: strings.TrimSpace(s.Username), Auth: configAuth(s.Auth)}
		switch strings.ToUpper(strings.TrimSpace(s.Socket)) {
		case "SSL", "TLS":
			srv.Security = mail.SecurityTLS
		case "STARTTLS":
			srv.Security = mail.SecuritySTARTTLS
		default:
			continue // without encryption: not what anybody should be led to
		}
		if srv.Host == "" || srv.Username == "" && kind != dial.SMTP {
			continue
		}
		old, have := c.servers[kind]
		if !have || old.Security == mail.SecuritySTARTTLS && srv.Security == mail.SecurityTLS {
			c.servers[kind] = srv
		}
	}
	if !c.incoming() {
		return nil, errNoConfig
	}
	return c, nil
}

// configAuth maps the authentication methods of the file; anything with a password is left to what the server offers.
func configAuth(methods []string) mail.AuthMethod {
	token := false
	for _, m := range methods {
		switch m = strings.ToLower(strings.TrimSpace(m)); {
		case strings.HasPrefix(m, "password-"):
			return mail.AuthAuto
		case m == "oauth2":
			token = true
		}
	}
	if token {
		return mail.AuthXOAUTH2
	}
	return mail.AuthAuto
}
