package remotecontent

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// Limits bound what one message can make the program fetch. Zero fields take their defaults.
type Limits struct {
	Bytes     int64         // of one picture; 10 MB
	Total     int64         // of all pictures of a batch; 40 MB
	Pictures  int           // of a batch; 300
	Pixels    int           // of one picture; 25 million
	Redirects int           // of one request; 5
	Parallel  int           // requests at a time; 6
	One       time.Duration // a request from the first byte to the last; 20 s
	All       time.Duration // a batch; 90 s
}

func (l Limits) withDefaults() Limits {
	l.Bytes, l.Total = or(l.Bytes, 10<<20), or(l.Total, 40<<20)
	l.Pictures, l.Pixels = or(l.Pictures, 300), or(l.Pixels, 25<<20)
	l.Redirects, l.Parallel = or(l.Redirects, 5), or(l.Parallel, 6)
	l.One, l.All = or(l.One, 20*time.Second), or(l.All, 90*time.Second)
	return l
}

func or[T int | int64 | time.Duration](v, otherwise T) T {
	if v > 0 {
		return v
	}
	return otherwise
}

// Options make a Fetcher; the zero value fetches from the public internet and keeps pictures in memory.
type Options struct {
	// Dir is where pictures of senders who are allowed for good are kept; "": only in memory. It is made when needed.
	Dir    string
	Limits Limits
	// Proxy dials host:port through an account's proxy setting. nil: batches with a proxy fail.
	Proxy func(ctx context.Context, setting, target string) (net.Conn, error)
	// Allow lets further addresses be reached beside the public ones; nil: none.
	Allow func(netip.AddrPort) bool
	// Roots are the certificate authorities; nil: the system's.
	Roots *x509.CertPool
	Now   func() time.Time // nil: time.Now
}

// Fetcher fetches pictures. It is safe for concurrent use; it starts no goroutine that outlives a call.
type Fetcher struct {
	opt   Options
	lim   Limits
	cache *cache
}

// New makes a Fetcher.
func New(o Options) *Fetcher {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Fetcher{opt: o, lim: o.Limits.withDefaults(), cache: newCache(o.Dir, o.Now)}
}

// Forget deletes every picture that is kept.
func (f *Fetcher) Forget() error { return f.cache.clear() }

var errPrivate = errors.New("the address lies in a private network")

// transport is the connections of one batch.
func (f *Fetcher) transport(b Batch) *http.Transport {
	d := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: -1, Control: func(_, addr string, _ syscall.RawConn) error {
		ap, err := netip.ParseAddrPort(addr)
		if err == nil && (b.AllowPrivate || public(ap.Addr()) || f.opt.Allow != nil && f.opt.Allow(netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port()))) {
			return nil
		}
		return errPrivate
	}}
	dial := d.DialContext
	if b.Proxy != "" {
		dial = func(ctx context.Context, _, addr string) (net.Conn, error) { return f.throughProxy(ctx, b, addr) }
	}
	return &http.Transport{
		Proxy: nil, DialContext: dial, DisableCompression: true, MaxConnsPerHost: f.lim.Parallel, MaxIdleConnsPerHost: 2, IdleConnTimeout: 5 * time.Second,
		TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: f.lim.One, MaxResponseHeaderBytes: 64 << 10,
		TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: f.opt.Roots, SessionTicketsDisabled: true},
		TLSNextProto:    map[string]func(string, *tls.Conn) http.RoundTripper{}, // HTTP/1.1: one limit a request
	}
}

// throughProxy lets the account's proxy connect, which also looks names up: a look of our own would tell the local network
// what the proxy is there to hide.
func (f *Fetcher) throughProxy(ctx context.Context, b Batch, addr string) (net.Conn, error) {
	if f.opt.Proxy == nil {
		return nil, errors.New("the account uses a proxy, which is not to be had here")
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	ip, err := netip.ParseAddr(host)
	if !b.AllowPrivate && (err == nil && !public(ip) || err != nil && localName(host)) {
		return nil, errPrivate
	}
	ctx, end := context.WithTimeout(ctx, 15*time.Second)
	defer end()
	return f.opt.Proxy(ctx, b.Proxy, addr)
}

// get fetches one address and follows redirects by itself: the client of net/http would send a Referer.
func (f *Fetcher) get(ctx context.Context, t *http.Transport, u *url.URL, limit int64) ([]byte, error) {
	ctx, end := context.WithTimeout(ctx, f.lim.One)
	defer end()
	for range f.lim.Redirects + 1 {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
		if err != nil {
			return nil, &Error{Reason: BadAddress, Err: err}
		}
		req.Header = http.Header{"User-Agent": {"Mozilla/5.0"}, "Accept": {"image/*"}}
		resp, err := t.RoundTrip(req)
		if err != nil {
			return nil, failure(ctx, err)
		}
		next := resp.Header.Get("Location")
		switch {
		case resp.StatusCode/100 == 3 && next != "":
			resp.Body.Close()
			to, err := u.Parse(next)
			if err == nil {
				to, err = normal(to)
			}
			if err != nil {
				return nil, &Error{Reason: Redirects, Err: err}
			}
			u = to
			continue
		case resp.StatusCode != http.StatusOK:
			resp.Body.Close()
			return nil, &Error{Reason: Refused, Err: fmt.Errorf("the server answers %d", resp.StatusCode)}
		}
		data, err := f.read(ctx, resp, limit)
		resp.Body.Close()
		return data, err
	}
	return nil, &Error{Reason: Redirects, Err: fmt.Errorf("more than %d", f.lim.Redirects)}
}

// read reads and checks an answer.
func (f *Fetcher) read(ctx context.Context, resp *http.Response, limit int64) ([]byte, error) {
	if e := resp.Header.Get("Content-Encoding"); e != "" && e != "identity" {
		return nil, &Error{Reason: NotAPicture, Err: fmt.Errorf("the answer is packed (%.20s)", e)} // what unpacks can explode
	}
	if err := declared(resp.Header.Get("Content-Type")); err != nil {
		return nil, &Error{Reason: NotAPicture, Err: err}
	}
	limit = min(limit, f.lim.Bytes)
	if resp.ContentLength > limit {
		return nil, &Error{Reason: TooLarge, Err: fmt.Errorf("%d bytes", resp.ContentLength)}
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	switch {
	case err != nil:
		return nil, failure(ctx, err)
	case int64(len(data)) > limit:
		return nil, &Error{Reason: TooLarge, Err: fmt.Errorf("more than %d bytes", limit)}
	}
	if err := check(data, f.lim.Pixels); errors.Is(err, errForeignType) {
		return nil, &Error{Reason: NotAPicture, Err: err}
	} else if err != nil {
		return nil, &Error{Reason: TooLarge, Err: err}
	}
	return data, nil
}

// failure names what went wrong on the way.
func failure(ctx context.Context, err error) error {
	switch {
	case errors.Is(err, errPrivate):
		return &Error{Reason: Private, Err: errPrivate}
	case errors.Is(ctx.Err(), context.Canceled):
		return context.Canceled
	case ctx.Err() != nil, isTimeout(err):
		return &Error{Reason: TooSlow, Err: err}
	}
	return &Error{Reason: Unreachable, Err: err}
}

func isTimeout(err error) bool {
	var n net.Error
	return errors.As(err, &n) && n.Timeout()
}
