package remotecontent

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// posts is what a server was asked.
type posts struct {
	mu   sync.Mutex
	list []string
}

func (p *posts) add(s string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.list = append(p.list, s)
}

// take is what was asked since the last call.
func (p *posts) take() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := p.list
	p.list = nil
	return out
}

// listServer is a server of mailing lists with https that answers by the path it is asked for.
func listServer(t *testing.T, posted *posts) *site {
	plain := newSite(t, false, func(w http.ResponseWriter, r *http.Request) { t.Errorf("asked without encryption: %s", r.URL) })
	return newSite(t, true, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		posted.add(r.Method + " " + r.URL.Path + " " + string(body))
		switch r.URL.Path {
		case "/gone":
			w.WriteHeader(http.StatusGone)
		case "/moved":
			http.Redirect(w, r, "/ok?again", http.StatusPermanentRedirect)
		case "/login":
			http.Redirect(w, r, "/ok", http.StatusFound)
		case "/thanks":
			http.Redirect(w, r, "/ok", http.StatusSeeOther)
		case "/plain":
			http.Redirect(w, r, plain.URL+"/ok", http.StatusTemporaryRedirect)
		case "/near":
			http.Redirect(w, r, "https://127.0.0.1:9999/ok", http.StatusTemporaryRedirect)
		case "/circle":
			http.Redirect(w, r, "/circle", http.StatusTemporaryRedirect)
		case "/cookie":
			http.SetCookie(w, &http.Cookie{Name: "id", Value: "reader-7"})
			http.Redirect(w, r, "/ok", http.StatusTemporaryRedirect)
		case "/drip":
			w.WriteHeader(http.StatusAccepted)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		case "/silent":
			<-r.Context().Done()
		default:
			w.WriteHeader(http.StatusNoContent)
		}
	})
}

func trusting(t *testing.T, s *site, o Options) *Fetcher {
	t.Helper()
	o.Roots = x509.NewCertPool()
	o.Roots.AddCert(s.Certificate())
	return New(o)
}

// The request is one POST of one line, repeated only where a server says so and only over https; what is no clear yes is no yes.
func TestUnsubscribeAsksOnce(t *testing.T) {
	var posted posts
	s := listServer(t, &posted)
	f := trusting(t, s, Options{Allow: only(s), Limits: Limits{One: 2 * time.Second}})
	for _, c := range []struct {
		path   string
		want   Reason
		status int
		asked  string // the paths that were asked
	}{
		{"/ok?u=1", "", 0, "/ok"},
		{"/moved", "", 0, "/moved /ok"},
		{"/cookie", "", 0, "/cookie /ok"},
		{"/drip", "", 0, "/drip"},
		{"/gone", Refused, 410, "/gone"},
		{"/login", Refused, 302, "/login"},
		{"/thanks", Refused, 303, "/thanks"},
		{"/plain", Redirects, 0, "/plain"},
		{"/near", Private, 0, "/near"},
		{"/circle", Redirects, 0, strings.TrimSpace(strings.Repeat(" /circle", 6))},
		{"/silent", TooSlow, 0, "/silent"},
	} {
		s.mu.Lock()
		s.seen = nil
		s.mu.Unlock()
		err := f.Unsubscribe(t.Context(), "", s.URL+c.path)
		bad := (*Error)(nil)
		if errors.As(err, &bad); reason(err) != c.want || err != nil && (bad.Status != c.status || bad.URL != s.URL+c.path) {
			t.Errorf("%s: %v", c.path, err)
		}
		var asked []string
		for _, p := range posted.take() {
			asked = append(asked, strings.TrimSuffix(strings.TrimPrefix(p, "POST "), " List-Unsubscribe=One-Click"))
		}
		if got := strings.Join(asked, " "); got != c.asked {
			t.Errorf("%s: asked %q", c.path, got)
		}
		for _, r := range s.seen {
			for name := range r.Header {
				if name != "User-Agent" && name != "Content-Type" && name != "Content-Length" {
					t.Errorf("%s sends %s: %v", c.path, name, r.Header[name])
				}
			}
			if r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
				t.Errorf("%s sends a %q", c.path, r.Header.Get("Content-Type"))
			}
		}
	}
}

// Nothing is asked without encryption, at a server that cannot prove its name, or in the user's own network; nor past a proxy.
func TestUnsubscribeKeepsTheRules(t *testing.T) {
	var posted posts
	s := listServer(t, &posted)
	f := trusting(t, s, Options{Allow: only(s)})
	for raw, want := range map[string]Reason{
		"http" + strings.TrimPrefix(s.URL, "https") + "/ok":      BadAddress,
		"https://me:secret@127.0.0.1/ok":                         BadAddress,
		"https://127.0.0.1:22/ok":                                BadAddress,
		"ftp://127.0.0.1/ok":                                     BadAddress,
		"https://127.0.0.1:9999/ok":                              Private,
		"https://[::1]:9999/ok":                                  Private,
		"https://192.168.1.1/ok":                                 Private,
		"https://localhost:" + s.URL[len("https://127.0.0.1:"):]: Unreachable, // allowed here; the certificate names 127.0.0.1 and example.com
	} {
		if err := f.Unsubscribe(t.Context(), "", raw); reason(err) != want {
			t.Errorf("%s: %v", raw, err)
		}
	}
	if err := New(Options{Allow: only(s)}).Unsubscribe(t.Context(), "", s.URL+"/ok"); reason(err) != Unreachable {
		t.Errorf("a certificate that nobody vouches for: %v", err)
	}
	through := ""
	f = trusting(t, s, Options{Proxy: func(ctx context.Context, setting, target string) (net.Conn, error) {
		through += setting + " " + target
		return (&net.Dialer{}).DialContext(ctx, "tcp", s.Listener.Addr().String())
	}})
	if err := f.Unsubscribe(t.Context(), "socks5://p", "https://127.0.0.1/ok"); reason(err) != Private || through != "" {
		t.Errorf("an address of the own network behind a proxy: %v, %q", err, through)
	}
	if got := posted.take(); len(got) != 0 {
		t.Errorf("asked all the same: %q", got)
	}
	if err := f.Unsubscribe(t.Context(), "socks5://p", "https://example.com/ok"); err != nil || through != "socks5://p example.com:443" || len(posted.take()) != 1 {
		t.Errorf("through the proxy: %v, %q", err, through)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := f.Unsubscribe(ctx, "", s.URL+"/ok"); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
}
