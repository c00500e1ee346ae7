package accounts

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"peyk/accounts/dial"
	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// world is a finder that knows only what a test puts in.
type world struct {
	*finder
	files map[string]string // path on the configuration server
	mxs   map[string]string
	srvs  map[string]*net.SRV // "service.domain"
	ports map[string]int      // "host:port": a port of this computer
	asked sync.Map
}

func newWorld(t *testing.T) *world {
	t.Helper()
	f, err := newFinder()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{finder: f, files: map[string]string{}, mxs: map[string]string{}, srvs: map[string]*net.SRV{}, ports: map[string]int{}}
	s := httptest.NewTLSServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.asked.Store(r.URL.Path, true)
		body, ok := w.files[r.URL.Path]
		switch {
		case !ok:
			http.NotFound(rw, r)
		case strings.HasPrefix(body, "http"):
			http.Redirect(rw, r, body, http.StatusFound)
		default:
			fmt.Fprint(rw, body)
		}
	}))
	t.Cleanup(s.Close)
	f.http.Transport = s.Client().Transport
	f.autoconf = func(domain string) []string { return []string{s.URL + "/own/" + domain, s.URL + "/ispdb/" + domain} }
	f.mx = func(_ context.Context, domain string) ([]*net.MX, error) {
		if h := w.mxs[domain]; h != "" {
			return []*net.MX{{Host: h}}, nil
		}
		return nil, errors.New("no such domain")
	}
	f.srv = func(_ context.Context, service, domain string) ([]*net.SRV, error) {
		if r := w.srvs[service+"."+domain]; r != nil {
			return []*net.SRV{r}, nil
		}
		return nil, errors.New("no such record")
	}
	f.dial = func(ctx context.Context, srv mail.Server, o dial.Options) (*dial.Conn, error) {
		port, ok := w.ports[dial.Address(srv, o.Protocol)]
		if !ok {
			return nil, &remote.Error{Step: "connect", Kind: mail.ProblemNetwork, Err: errors.New("nobody there")}
		}
		srv.Host, srv.Port = "127.0.0.1", port
		return dial.Dial(ctx, srv, o)
	}
	return w
}

const config = `<?xml version="1.0"?><clientConfig version="1.1"><emailProvider id="x"><domain>x</domain>
<incomingServer type="imap"><hostname>plain.%EMAILDOMAIN%</hostname><port>143</port><socketType>plain</socketType><username>u</username></incomingServer>
<incomingServer type="imap"><hostname>s.%EMAILDOMAIN%</hostname><port>143</port><socketType>STARTTLS</socketType><username>%EMAILLOCALPART%</username></incomingServer>
<incomingServer type="imap"><hostname> tls.%EMAILDOMAIN% </hostname><port>9993</port><socketType>SSL</socketType><username>%EMAILLOCALPART%</username><authentication>OAuth2</authentication></incomingServer>
<incomingServer type="exchange"><hostname>ews.example</hostname><port>443</port><socketType>SSL</socketType><username>%EMAILADDRESS%</username></incomingServer>
<outgoingServer type="smtp"><hostname>out.example</hostname><port>587</port><socketType>STARTTLS</socketType><username>%EMAILADDRESS%</username><authentication>OAuth2</authentication><authentication>password-cleartext</authentication></outgoingServer>
</emailProvider></clientConfig>`

func TestBuiltinTable(t *testing.T) {
	providers, err := builtin()
	if err != nil || len(providers) < 60 {
		t.Fatal(len(providers), err)
	}
	w := newWorld(t)
	seen := map[string]string{}
	for _, p := range providers {
		for _, d := range p.Domains {
			if seen[d] != "" {
				t.Errorf("%s belongs to %s and %s", d, seen[d], p.Name)
			}
			seen[d] = p.Name
		}
		if p.Verify {
			continue
		}
		for proto, has := range map[mail.Protocol]bool{mail.IMAP: p.IMAP != "", mail.POP3: p.POP3 != "", "": p.IMAP+p.POP3 != ""} {
			a, source, err := w.discover(t.Context(), "some.one@"+p.Domains[0], proto)
			if (err == nil) != has {
				t.Errorf("%s %q: %v", p.Name, proto, err)
			}
			if err == nil && (Validate(a) != nil || a.Outgoing.Host == "" || !strings.Contains(source.Text, p.Name) || a.Incoming.Security == mail.SecurityNone) {
				t.Errorf("%s: %+v %s", p.Name, a, source.Text)
			}
		}
	}
	for _, d := range []string{"gmail.com", "outlook.com", "yahoo.com", "icloud.com", "gmx.net", "web.de", "fastmail.com", "zoho.com", "yandex.ru", "mail.ru", "163.com", "qq.com", "proton.me", "chmail.ir", "mihanmail.ir"} {
		if seen[d] == "" {
			t.Errorf("%s is missing", d)
		}
	}
	a, source, err := w.discover(t.Context(), "Ali@GMail.com", "")
	if err != nil || a.Incoming.Host != "imap.gmail.com" || a.Incoming.Port != 993 || a.Incoming.Username != "Ali@GMail.com" || a.Outgoing.Port != 465 || !strings.Contains(source.Text, "app password") {
		t.Errorf("%+v %s %v", a, source.Text, err)
	}
	if a, _, _ = w.discover(t.Context(), "x@web.de", mail.POP3); a.Incoming.Username != "x" || a.Incoming.Port != 995 || !a.POP3.LeaveOnServer {
		t.Errorf("%+v", a)
	}
	if _, _, err := w.discover(t.Context(), "x@icloud.com", mail.POP3); err == nil || !strings.Contains(err.Error(), "has no POP3 server") {
		t.Error(err)
	}
	if _, _, err := w.discover(t.Context(), "x@tuta.com", ""); err == nil || !strings.Contains(err.Error(), "neither IMAP nor POP3") {
		t.Error(err)
	}
}

func TestAutoconfig(t *testing.T) {
	w := newWorld(t)
	w.files["/ispdb/firm.example"] = config
	a, source, err := w.discover(t.Context(), "sara@firm.example", "")
	if err != nil || a.Incoming.Host != "tls.firm.example" || a.Incoming.Port != 9993 || a.Incoming.Security != mail.SecurityTLS || a.Incoming.Username != "sara" ||
		a.Incoming.Auth != mail.AuthXOAUTH2 || a.Outgoing.Host != "out.example" || a.Outgoing.Security != mail.SecuritySTARTTLS || a.Outgoing.Auth != mail.AuthAuto || source.Text != "127.0.0.1" {
		t.Errorf("%+v %q %v", a, source.Text, err)
	}
	if _, _, err := w.discover(t.Context(), "sara@firm.example", mail.POP3); err == nil || !strings.Contains(err.Error(), "no POP3 server") {
		t.Error(err)
	}
	// The domain's own word comes first.
	w.files["/own/firm.example"] = strings.ReplaceAll(config, "tls.", "own.")
	if a, _, _ := w.discover(t.Context(), "sara@firm.example", ""); a.Incoming.Host != "own.firm.example" {
		t.Errorf("%+v", a.Incoming)
	}
	for name, body := range map[string]string{
		"not XML":             "<html>",
		"only plaintext":      strings.NewReplacer("SSL", "plain", "STARTTLS", "plain").Replace(config),
		"a redirect to http":  "http://127.0.0.1:1/",
		"a host that injects": strings.ReplaceAll(config, "tls.%EMAILDOMAIN%", "a b"),
		"too large":           strings.Repeat(" ", 300<<10) + config,
		"deep":                strings.Repeat("<a>", 100_000),
	} {
		w.files = map[string]string{"/own/firm.example": body}
		a, _, err := w.discover(t.Context(), "sara@firm.example", "")
		if err == nil || a.Incoming.Host != "" {
			t.Errorf("%s: %+v", name, a.Incoming)
		}
	}
}

func TestRecordsAndExchanger(t *testing.T) {
	w := newWorld(t)
	w.srvs["imaps.firm.example"] = &net.SRV{Target: "in.hoster.example.", Port: 993}
	w.srvs["imap.firm.example"] = &net.SRV{Target: "old.firm.example.", Port: 143}
	w.srvs["pop3.firm.example"] = &net.SRV{Target: "."}
	w.srvs["submission.firm.example"] = &net.SRV{Target: "out.firm.example.", Port: 587}
	a, source, err := w.discover(t.Context(), "sara@firm.example", "")
	if err != nil || a.Incoming.Host != "in.hoster.example" || a.Outgoing.Host != "out.firm.example" || a.Outgoing.Security != mail.SecuritySTARTTLS ||
		!strings.Contains(source.Text, "check that you trust in.hoster.example") {
		t.Errorf("%+v %q %v", a, source.Text, err)
	}
	w.mxs["school.example"] = "aspmx.l.google.com."
	if a, source, err = w.discover(t.Context(), "x@school.example", mail.POP3); err != nil || a.Incoming.Host != "pop.gmail.com" || a.Incoming.Username != "x@school.example" || !strings.Contains(source.Text, "Gmail") {
		t.Errorf("%+v %q %v", a, source.Text, err)
	}
	w.mxs["evil.example"] = "notgoogle.com."
	if a, _, err = w.discover(t.Context(), "x@evil.example", ""); err == nil {
		t.Errorf("%+v", a)
	}
}

// TestProbe finds a real server by the usual names, and prefers one whose certificate fits.
func TestProbe(t *testing.T) {
	w := newWorld(t)
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	m := mailtest.StartPostfix(t, d, mailtest.PostfixOptions{})
	w.ports["mail.firm.example:993"] = d.IMAPSPort
	w.ports["pop3.firm.example:110"] = d.POP3Port
	w.ports["smtp.firm.example:587"] = m.Port587
	a, source, err := w.discover(t.Context(), "ali@firm.example", "")
	if err != nil || a.Incoming.Host != "mail.firm.example" || a.Incoming.Security != mail.SecurityTLS || a.Outgoing.Host != "smtp.firm.example" ||
		a.Outgoing.Security != mail.SecuritySTARTTLS || a.Outgoing.Username != "ali@firm.example" || !strings.Contains(source.Text, "usual") {
		t.Errorf("%+v %q %v", a, source.Text, err)
	}
	if a, _, err = w.discover(t.Context(), "ali@firm.example", mail.POP3); err != nil || a.Incoming.Host != "pop3.firm.example" || a.Incoming.Security != mail.SecuritySTARTTLS {
		t.Errorf("%+v %v", a, err)
	}
	// An entry of the table that must be verified is used only when it answers.
	if _, _, err := w.discover(t.Context(), "ali@chmail.ir", ""); err == nil {
		t.Error("servers that do not answer were given")
	}
	for _, bad := range []string{"", "ali", "@x", "ali@", "ali@a b", "ali@x/y"} {
		if _, _, err := w.discover(t.Context(), bad, ""); err == nil {
			t.Errorf("%q was searched for", bad)
		}
	}
}

// TestDiscoverWithoutAConnection tells a network in which no name can be looked up from a domain that has no servers.
func TestDiscoverWithoutAConnection(t *testing.T) {
	for what, c := range map[string]struct {
		err  error
		kind mail.ProblemKind
		why  mail.ProblemCode
	}{
		"no connection":   {&net.DNSError{Err: "server misbehaving", IsTemporary: true}, mail.ProblemNetwork, mail.CodeLookup},
		"no such domain":  {&net.DNSError{Err: "no such host", IsNotFound: true}, mail.ProblemConfig, ""},
		"no mail servers": {nil, mail.ProblemConfig, ""},
	} {
		w := newWorld(t)
		w.mx = func(context.Context, string) ([]*net.MX, error) { return nil, c.err }
		_, _, err := w.discover(context.Background(), "maryam@nowhere.example", mail.IMAP)
		var e *remote.Error
		if !errors.As(err, &e) || e.Kind != c.kind || e.Why != c.why {
			t.Errorf("%s: %+v", what, err)
		}
	}
}
