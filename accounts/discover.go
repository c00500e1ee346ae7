package accounts

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/idna"

	"peyk/accounts/dial"
	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// discoverTime bounds the whole search.
const discoverTime = 25 * time.Second

// found is what one source says about a domain's servers.
type found struct {
	servers map[string]mail.Server // by dial.IMAP, dial.POP3, dial.SMTP
	kind    mail.SourceKind
	name    string // of the provider, host or domain
	hint    mail.Hint
	arg     string // what the hint names
}

func (f *found) incoming() bool {
	return f != nil && (f.servers[dial.IMAP].Host != "" || f.servers[dial.POP3].Host != "")
}

// finder looks for servers; its parts are replaced in tests.
type finder struct {
	providers []provider
	http      *http.Client
	autoconf  func(domain string) []string // addresses of configuration files, in order of trust
	mx        func(ctx context.Context, domain string) ([]*net.MX, error)
	srv       func(ctx context.Context, service, domain string) ([]*net.SRV, error)
	dial      func(ctx context.Context, srv mail.Server, o dial.Options) (*dial.Conn, error)
}

// Discover guesses the servers of an address and says where it found them and what the user has to know. proto
// is the wanted protocol; "" takes IMAP where there is one. It looks in the built-in table, then asks the domain's own
// autoconfiguration, Mozilla's directory, and the DNS (which learn the domain, never the address), then tries the usual
// host names. Only ways with encryption are found. When nothing is, the account comes back without servers, with an error
// that says so.
func Discover(ctx context.Context, email string, proto mail.Protocol) (mail.Account, mail.Source, error) {
	f, err := newFinder()
	if err != nil {
		return New(email, proto), mail.Source{}, err
	}
	return f.discover(ctx, email, proto)
}

func newFinder() (*finder, error) {
	providers, err := builtin()
	if err != nil {
		return nil, err
	}
	return &finder{
		providers: providers,
		http:      configClient(),
		autoconf: func(domain string) []string {
			return []string{
				"https://autoconfig." + domain + "/mail/config-v1.1.xml",
				"https://" + domain + "/.well-known/autoconfig/mail/config-v1.1.xml",
				"https://autoconfig.thunderbird.net/v1.1/" + domain,
			}
		},
		mx: net.DefaultResolver.LookupMX,
		srv: func(ctx context.Context, service, domain string) ([]*net.SRV, error) {
			_, out, err := net.DefaultResolver.LookupSRV(ctx, service, "tcp", domain)
			return out, err
		},
		dial: dial.Dial,
	}, nil
}

func (f *finder) discover(ctx context.Context, email string, proto mail.Protocol) (mail.Account, mail.Source, error) {
	a := New(email, proto)
	at := strings.LastIndexByte(a.Email, '@')
	if at <= 0 || at == len(a.Email)-1 {
		return a, mail.Source{}, &remote.Error{Step: "find", Kind: mail.ProblemConfig, Permanent: true,
			Err: fmt.Errorf("%q is not an address like name@example.com", a.Email)}
	}
	domain, err := idna.Lookup.ToASCII(strings.ToLower(a.Email[at+1:]))
	if err != nil || strings.ContainsAny(domain, "/:?#@[]% ") {
		return a, mail.Source{}, &remote.Error{Step: "find", Kind: mail.ProblemConfig, Permanent: true,
			Err: fmt.Errorf("%q is not the name of a domain", a.Email[at+1:])}
	}
	ctx, cancel := context.WithTimeout(ctx, discoverTime)
	defer cancel()

	var missing *found // a source that knows the domain, but not the wanted protocol
	use := func(c *found) (mail.Account, bool) {
		if c == nil {
			return a, false
		}
		got, ok := c.account(a, proto)
		if !ok && missing == nil {
			missing = c
		}
		return got, ok
	}
	if p := f.byDomain(domain); p != nil {
		c := p.found(mail.SourceTable)
		if p.Verify {
			c = f.verified(ctx, c)
		}
		if got, ok := use(c); ok {
			return got, c.source(), nil
		}
		if missing != nil {
			return a, missing.source(), notFound(domain, proto, missing)
		}
	}
	for _, c := range f.network(ctx, domain) {
		if got, ok := use(c); ok {
			return got, c.source(), nil
		}
	}
	if missing == nil {
		if got, ok := use(f.probe(ctx, domain)); ok {
			return got, mail.Source{Kind: mail.SourceUsual, Name: domain, Text: "the usual server names, which answer"}, nil
		}
		if err := f.lookup(ctx, domain); err != nil {
			return a, mail.Source{}, err
		}
	}
	return a, missing.source(), notFound(domain, proto, missing)
}

// lookup is the error of a network in which names are not looked up at all, as without a connection: whether there are servers is then
// not known. nil where names can be looked up, or when the time is over.
func (f *finder) lookup(ctx context.Context, domain string) error {
	_, err := f.mx(ctx, domain)
	var dns *net.DNSError
	if !errors.As(err, &dns) || dns.IsNotFound || ctx.Err() != nil {
		return nil
	}
	return &remote.Error{Step: "find", Kind: mail.ProblemNetwork, Why: mail.CodeLookup, Args: []string{domain},
		Err: fmt.Errorf("the name %s could not be looked up: %w", domain, err), Advice: "Check that this computer is online."}
}

func notFound(domain string, proto mail.Protocol, missing *found) error {
	e := &remote.Error{Step: "find", Kind: mail.ProblemConfig, Permanent: true,
		Err: fmt.Errorf("no mail servers were found for %s", domain), Advice: "Enter them by hand; who runs the mailbox knows them."}
	switch {
	case missing.incoming():
		e.Err = fmt.Errorf("%s has no %s server", domain, strings.ToUpper(string(proto)))
		e.Advice = "Choose the other protocol."
	case missing != nil && missing.hint != "":
		e.Err, e.Advice = fmt.Errorf("%s cannot be used here", domain), missing.hint.English()
	}
	return e
}

// network asks everything outside at once and returns the answers in order of trust.
func (f *finder) network(ctx context.Context, domain string) []*found {
	urls := f.autoconf(domain)
	out := make([]*found, len(urls)+2)
	var wg sync.WaitGroup
	for i, u := range urls {
		wg.Go(func() { out[i] = f.config(ctx, u, domain) })
	}
	wg.Go(func() {
		if p := f.byMX(ctx, domain); p != nil {
			out[len(urls)+1] = p.found(mail.SourceMX)
		}
	})
	wg.Go(func() { out[len(urls)] = f.records(ctx, domain) })
	wg.Wait()
	return out
}

// records reads the SRV records of RFC 6186 and RFC 8314 §5.1.
func (f *finder) records(ctx context.Context, domain string) *found {
	c := &found{servers: map[string]mail.Server{}, kind: mail.SourceDNS, name: domain}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, q := range []struct {
		service, protocol string
		sec               mail.Security
	}{
		{"imaps", dial.IMAP, mail.SecurityTLS}, {"imap", dial.IMAP, mail.SecuritySTARTTLS},
		{"pop3s", dial.POP3, mail.SecurityTLS}, {"pop3", dial.POP3, mail.SecuritySTARTTLS},
		{"submissions", dial.SMTP, mail.SecurityTLS}, {"submission", dial.SMTP, mail.SecuritySTARTTLS},
	} {
		wg.Go(func() {
			recs, err := f.srv(ctx, q.service, domain)
			if err != nil || len(recs) == 0 {
				return
			}
			host := strings.TrimSuffix(recs[0].Target, ".") // sorted by priority already; "." says that there is none
			mu.Lock()
			defer mu.Unlock()
			if old := c.servers[q.protocol]; host == "" || old.Security == mail.SecurityTLS {
				return
			}
			c.servers[q.protocol] = mail.Server{Host: host, Port: int(recs[0].Port), Security: q.sec, Username: "%EMAILADDRESS%"}
			if !strings.HasSuffix("."+host, "."+domain) {
				c.hint, c.arg = mail.HintOtherDomain, host
			}
		})
	}
	wg.Wait()
	if len(c.servers) == 0 {
		return nil
	}
	return c
}

// account fills the servers in; ok is false when the wanted protocol is not there.
func (c *found) account(a mail.Account, proto mail.Protocol) (_ mail.Account, ok bool) {
	if proto == "" {
		proto = mail.IMAP
		if c.servers[dial.IMAP].Host == "" {
			proto = mail.POP3
		}
	}
	in, ok := c.servers[string(proto)]
	if !ok || in.Host == "" {
		return a, false
	}
	a.Protocol, a.Incoming = proto, fill(in, a.Email)
	if out, ok := c.servers[dial.SMTP]; ok {
		a.Outgoing.Server = fill(out, a.Email)
	}
	a = Defaults(a)
	return a, Validate(a) == nil
}

func (c *found) source() mail.Source {
	if c == nil {
		return mail.Source{}
	}
	text := c.name
	switch c.kind {
	case mail.SourceTable:
		text = "the built-in table, " + c.name
	case mail.SourceMX:
		text = "the built-in table, by the domain's mail exchanger: " + c.name
	case mail.SourceDNS:
		text = "the DNS records of " + c.name
	case mail.SourceMozilla:
		text = "Mozilla's directory, for " + c.name
	}
	switch {
	case c.arg != "":
		text += ". " + fmt.Sprintf(c.hint.English(), c.arg)
	case c.hint != "":
		text += ". " + c.hint.English()
	}
	return mail.Source{Kind: c.kind, Name: c.name, Hint: c.hint, Arg: c.arg, Text: text}
}

// fill replaces the placeholders of Mozilla's format.
func fill(s mail.Server, email string) mail.Server {
	at := strings.LastIndexByte(email, '@')
	r := strings.NewReplacer("%EMAILADDRESS%", email, "%EMAILLOCALPART%", email[:at], "%EMAILDOMAIN%", email[at+1:])
	s.Host, s.Username = r.Replace(s.Host), r.Replace(s.Username)
	return s
}

// verified keeps those servers that answer, with a certificate that fits.
func (f *finder) verified(ctx context.Context, c *found) *found {
	out := &found{servers: map[string]mail.Server{}, kind: c.kind, name: c.name, hint: c.hint, arg: c.arg}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for protocol, s := range c.servers {
		wg.Go(func() {
			if f.answers(ctx, s, protocol) == nil {
				mu.Lock()
				defer mu.Unlock()
				out.servers[protocol] = s
			}
		})
	}
	wg.Wait()
	if !out.incoming() {
		return nil
	}
	return out
}

// probeTime is how long one server may take to answer a probe.
const probeTime = 7

// answers reports whether a server takes a connection and greets; the error says why not.
func (f *finder) answers(ctx context.Context, s mail.Server, protocol string) error {
	s.TimeoutSeconds = probeTime
	conn, err := f.dial(ctx, s, dial.Options{Protocol: protocol, ProbeAfter: time.Hour})
	if err != nil {
		return err
	}
	return conn.Close()
}

// probe tries the usual names of servers, all at once.
func (f *finder) probe(ctx context.Context, domain string) *found {
	extra := []string{"mail." + domain, domain}
	if recs, err := f.mx(ctx, domain); err == nil && len(recs) > 0 {
		extra = append(extra, strings.TrimSuffix(recs[0].Host, "."))
	}
	c := &found{servers: map[string]mail.Server{}}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for protocol, first := range map[string][]string{
		dial.IMAP: {"imap." + domain}, dial.POP3: {"pop." + domain, "pop3." + domain}, dial.SMTP: {"smtp." + domain},
	} {
		wg.Go(func() {
			if s, ok := f.bestOf(ctx, protocol, append(first, extra...)); ok {
				mu.Lock()
				defer mu.Unlock()
				c.servers[protocol] = s
			}
		})
	}
	wg.Wait()
	if !c.incoming() {
		return nil
	}
	return c
}

// bestOf tries each host with TLS and with STARTTLS and takes the first that answers properly, else the first whose
// certificate does not fit: the connection test will show it.
func (f *finder) bestOf(ctx context.Context, protocol string, hosts []string) (mail.Server, bool) {
	var tries []mail.Server
	for _, sec := range []mail.Security{mail.SecurityTLS, mail.SecuritySTARTTLS} {
		for _, h := range hosts {
			tries = append(tries, mail.Server{Host: h, Port: dial.DefaultPort(protocol, sec), Security: sec, Username: "%EMAILADDRESS%"})
		}
	}
	errs := make([]error, len(tries))
	var wg sync.WaitGroup
	for i, s := range tries {
		wg.Go(func() { errs[i] = f.answers(ctx, s, protocol) })
	}
	wg.Wait()
	for i, s := range tries {
		if errs[i] == nil {
			return s, true
		}
	}
	for i, s := range tries {
		if e := remote.As(errs[i]); e != nil && e.Cert != nil {
			return s, true
		}
	}
	return mail.Server{}, false
}

var errNoConfig = errors.New("no usable configuration")
