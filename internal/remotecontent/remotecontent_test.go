package remotecontent

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"encoding/binary"
)

func picture(w, h int) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// huge is a PNG whose header claims so many pixels.
func huge(w, h uint32) []byte {
	b := picture(1, 1)
	binary.BigEndian.PutUint32(b[16:], w)
	binary.BigEndian.PutUint32(b[20:], h)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

// site is a web server on loopback that counts what it is asked.
type site struct {
	*httptest.Server
	hits atomic.Int64
	mu   sync.Mutex
	seen []*http.Request
}

func newSite(t *testing.T, tls bool, h http.HandlerFunc) *site {
	t.Helper()
	s := &site{}
	outer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.hits.Add(1)
		s.mu.Lock()
		s.seen = append(s.seen, r)
		s.mu.Unlock()
		h(w, r)
	})
	if tls {
		s.Server = httptest.NewTLSServer(outer)
	} else {
		s.Server = httptest.NewServer(outer)
	}
	t.Cleanup(s.Close)
	return s
}

func (s *site) port() uint16 {
	return netip.MustParseAddrPort(s.Listener.Addr().String()).Port()
}

// only lets just these sites of loopback be reached.
func only(sites ...*site) func(netip.AddrPort) bool {
	return func(a netip.AddrPort) bool {
		for _, s := range sites {
			if a.Addr().IsLoopback() && a.Port() == s.port() {
				return true
			}
		}
		return false
	}
}

// fetch fetches and sorts the answers by address.
func fetch(t *testing.T, f *Fetcher, b Batch) map[string]Result {
	t.Helper()
	out := map[string]Result{}
	f.Fetch(t.Context(), b, func(r Result) {
		if _, twice := out[r.URL]; twice {
			t.Errorf("%s was answered twice", r.URL)
		}
		out[r.URL] = r
	})
	return out
}

func reason(err error) Reason {
	if e := (*Error)(nil); errors.As(err, &e) {
		return e.Reason
	}
	return ""
}

func TestARequestTellsNothing(t *testing.T) {
	img := picture(3, 2)
	second := newSite(t, false, func(w http.ResponseWriter, r *http.Request) { w.Write(img) })
	first := newSite(t, false, func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "id", Value: "reader-7"})
		w.Header().Set("ETag", `"reader-7"`)
		if r.URL.Path == "/far" {
			http.Redirect(w, r, second.URL+"/end#frag", http.StatusFound)
			return
		}
		w.Write(img)
	})
	f := New(Options{Allow: only(first, second)})
	got := fetch(t, f, Batch{URLs: []string{first.URL + "/a.png#x", first.URL + "/far", first.URL + "/b.png", first.URL + "/a.png#x"}})
	for u, r := range got {
		if r.Err != nil || !bytes.Equal(r.Data, img) {
			t.Errorf("%s: %v, %d bytes", u, r.Err, len(r.Data))
		}
	}
	if len(got) != 3 || first.hits.Load() != 3 || second.hits.Load() != 1 {
		t.Errorf("%d results, %d and %d requests", len(got), first.hits.Load(), second.hits.Load())
	}
	for _, r := range append(first.seen, second.seen...) {
		for name, v := range r.Header {
			if name != "User-Agent" && name != "Accept" {
				t.Errorf("%s %s sends %s: %v", r.Method, r.URL, name, v)
			}
		}
		if r.Header.Get("User-Agent") != "Mozilla/5.0" || r.Method != http.MethodGet || r.URL.Fragment != "" {
			t.Errorf("request %v", r)
		}
	}
	// Again: from memory, without asking.
	fetch(t, f, Batch{URLs: []string{first.URL + "/b.png"}})
	if first.hits.Load() != 3 {
		t.Error("a picture was asked for twice")
	}
}

func TestNothingPrivateIsReached(t *testing.T) {
	secret := newSite(t, false, func(w http.ResponseWriter, r *http.Request) { w.Write(picture(1, 1)) })
	open := newSite(t, false, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, secret.URL+"/admin", http.StatusMovedPermanently)
	})
	_, port, _ := net.SplitHostPort(secret.Listener.Addr().String())
	urls := []string{open.URL + "/go", secret.URL + "/direct"}
	for _, h := range []string{"localhost", "[::1]", "[::ffff:127.0.0.1]", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.1.", "0", "[::]", "[::ffff:7f00:1]"} {
		urls = append(urls, "http://"+h+":"+port+"/x.png")
	}
	f := New(Options{Allow: only(open)})
	for u, r := range fetch(t, f, Batch{URLs: urls}) {
		if r.Err == nil {
			t.Errorf("%s was fetched", u)
		}
	}
	if got := fetch(t, f, Batch{URLs: urls[:1]})[urls[0]]; reason(got.Err) != Private {
		t.Errorf("the redirect: %v", got.Err)
	}
	if n := secret.hits.Load(); n != 0 {
		t.Errorf("the private server was asked %d times", n)
	}
	if r := fetch(t, f, Batch{URLs: urls[1:2], AllowPrivate: true})[urls[1]]; r.Err != nil {
		t.Errorf("allowed by the user: %v", r.Err)
	}
}

// Name resolution is never trusted: what counts is the address that is dialled, each time.
func TestANameThatResolvesToLoopback(t *testing.T) {
	secret := newSite(t, false, func(w http.ResponseWriter, r *http.Request) { w.Write(picture(1, 1)) })
	u := fmt.Sprintf("http://localhost:%d/x.png", secret.port())
	if r := fetch(t, New(Options{}), Batch{URLs: []string{u}})[u]; reason(r.Err) != Private {
		t.Errorf("localhost: %v", r.Err)
	}
	if secret.hits.Load() != 0 {
		t.Error("it was asked")
	}
}

func TestPublicAddresses(t *testing.T) {
	for s, want := range map[string]bool{
		"93.184.216.34": true, "8.8.8.8": true, "2606:2800:220:1::1": true, "64:ff9b::8.8.8.8": true, "::ffff:8.8.8.8": true, "100.128.0.1": true, "172.32.0.1": true,
		"127.0.0.1": false, "127.255.255.254": false, "10.0.0.1": false, "172.16.0.1": false, "172.31.255.255": false, "192.168.1.1": false, "169.254.169.254": false,
		"100.64.0.1": false, "100.127.255.255": false, "0.0.0.0": false, "0.1.2.3": false, "255.255.255.255": false, "224.0.0.1": false, "239.1.1.1": false, "240.0.0.1": false,
		"192.0.2.1": false, "198.18.0.1": false, "::1": false, "::": false, "fe80::1": false, "fe80::1%eth0": false, "fc00::1": false, "fd12::1": false, "ff02::1": false,
		"::ffff:10.0.0.1": false, "::ffff:127.0.0.1": false, "::127.0.0.1": false, "64:ff9b::7f00:1": false, "64:ff9b::10.0.0.1": false, "64:ff9b:1::1": false,
		"2002:7f00:1::1": false, "2001:0:1::1": false, "2001:db8::1": false, "fec0::1": false,
	} {
		if got := public(netip.MustParseAddr(s)); got != want {
			t.Errorf("%s: public %v", s, got)
		}
	}
}

func TestAddresses(t *testing.T) {
	for raw, want := range map[string]string{
		"//cdn.example/x":                     "https://cdn.example/x",
		" http://EXAMPLE.org/a b#c ":          "http://example.org/a%20b",
		"https://bücher.example/":             "https://xn--bcher-kva.example/",
		"https://a.example:8443/":             "https://a.example:8443/",
		"http://[2606:2800::1]/":              "http://[2606:2800::1]/",
		"file:///etc/passwd":                  "",
		"ftp://a.example/x":                   "",
		"javascript:alert(1)":                 "",
		"data:image/png;base64,AA":            "",
		"gopher://a.example/":                 "",
		"http://user:pw@a.example/":           "",
		"http://a.example:25/":                "",
		"http://a.example:22/":                "",
		"http:///x":                           "",
		"http:a.example":                      "",
		"http://2130706433/":                  "",
		"http://0x7f.1/":                      "",
		"http://a.example\r\nX: y/":           "",
		"http://a.example/\x00":               "",
		"http://a..example\u202e/":            "",
		"http://" + strings.Repeat("a", 9000): "",
	} {
		u, err := address(raw)
		got := ""
		if err == nil {
			got = u.String()
		}
		if got != want {
			t.Errorf("%q: %q, %v", raw, got, err)
		}
	}
}

func TestBadAnswers(t *testing.T) {
	img := picture(4, 4)
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	for range 64 {
		z.Write(make([]byte, 1<<20))
	}
	z.Close()
	s := newSite(t, false, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		case "/file":
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(http.StatusFound)
		case "/missing":
			http.NotFound(w, r)
		case "/html":
			w.Header().Set("Content-Type", "text/html")
			w.Write(img)
		case "/text":
			w.Header().Set("Content-Type", "image/png")
			w.Write([]byte("<script>alert(1)</script>"))
		case "/bomb":
			w.Header().Set("Content-Type", "image/png")
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(zipped.Bytes())
		case "/pixels":
			w.Header().Set("Content-Type", "image/png")
			w.Write(huge(60000, 60000))
		case "/big":
			w.Header().Set("Content-Type", "image/png")
			w.Write(img)
			w.Write(make([]byte, 1<<20))
		case "/declared":
			w.Header().Set("Content-Length", "99999999")
			w.Write(img)
		case "/drip":
			w.Header().Set("Content-Type", "image/png")
			for range 1000 {
				w.Write([]byte{0x89})
				w.(http.Flusher).Flush()
				select {
				case <-r.Context().Done():
					return
				case <-time.After(20 * time.Millisecond):
				}
			}
		case "/entities.svg":
			w.Header().Set("Content-Type", "image/svg+xml")
			fmt.Fprint(w, `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg"/>`)
		case "/octet":
			w.Header().Set("Content-Type", "application/octet-stream")
			w.Write(img)
		}
	})
	f := New(Options{Allow: only(s), Limits: Limits{One: time.Minute, Bytes: 200 << 10, Parallel: 2}})
	impatient := New(Options{Allow: only(s), Limits: Limits{One: 300 * time.Millisecond, Bytes: 200 << 10}})
	want := map[string]Reason{"/loop": Redirects, "/file": Redirects, "/missing": Refused, "/html": NotAPicture, "/text": NotAPicture, "/bomb": NotAPicture,
		"/pixels": TooLarge, "/big": TooLarge, "/declared": TooLarge, "/entities.svg": NotAPicture, "/octet": ""}
	var urls []string
	for p := range want {
		urls = append(urls, s.URL+p)
	}
	got := fetch(t, f, Batch{URLs: urls})
	for p, why := range want {
		if r := got[s.URL+p]; reason(r.Err) != why || (r.Err == nil) != (why == "") {
			t.Errorf("%s: %v", p, r.Err)
		}
	}
	if r := fetch(t, impatient, Batch{URLs: []string{s.URL + "/drip"}})[s.URL+"/drip"]; reason(r.Err) != TooSlow {
		t.Errorf("/drip: %v", r.Err)
	}
}

// A drawing that refers to other servers is handed over as it is; nobody follows what it names.
func TestSVGFetchesNothing(t *testing.T) {
	var other *site
	s := newSite(t, false, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "image/svg+xml")
		fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg"><image href="%s/t.png"/><style>@import url(%s/a.css)</style></svg>`, other.URL, other.URL)
	})
	other = newSite(t, false, func(w http.ResponseWriter, r *http.Request) {})
	u := s.URL + "/x.svg"
	if r := fetch(t, New(Options{Allow: only(s, other)}), Batch{URLs: []string{u}})[u]; r.Err != nil {
		t.Error(r.Err)
	}
	if other.hits.Load() != 0 {
		t.Error("the drawing fetched something")
	}
}

func TestLimitsOfABatch(t *testing.T) {
	img := picture(8, 8)
	s := newSite(t, false, func(w http.ResponseWriter, r *http.Request) { w.Write(img) })
	var urls []string
	for i := range 10 {
		urls = append(urls, fmt.Sprintf("%s/%d.png", s.URL, i))
	}
	count := func(l Limits) (ok int) {
		l.Parallel = 1
		for _, r := range fetch(t, New(Options{Allow: only(s), Limits: l}), Batch{URLs: urls}) {
			if r.Err == nil {
				ok++
			} else if reason(r.Err) != TooManyFiles && reason(r.Err) != TooLarge {
				t.Error(r.Err)
			}
		}
		return ok
	}
	if n := count(Limits{Pictures: 4}); n != 4 {
		t.Errorf("%d of at most 4 pictures", n)
	}
	if n := count(Limits{Total: int64(3 * len(img))}); n != 3 {
		t.Errorf("%d of at most three pictures' bytes", n)
	}
}

func TestLeavingTheMessageEndsIt(t *testing.T) {
	began := make(chan struct{}, 10)
	s := newSite(t, false, func(w http.ResponseWriter, r *http.Request) {
		began <- struct{}{}
		<-r.Context().Done()
	})
	ctx, leave := context.WithCancel(t.Context())
	done := make(chan []error)
	go func() {
		var errs []error
		New(Options{Allow: only(s)}).Fetch(ctx, Batch{URLs: []string{s.URL + "/1", s.URL + "/2"}}, func(r Result) { errs = append(errs, r.Err) })
		done <- errs
	}()
	<-began
	leave()
	for _, err := range <-done {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("after leaving: %v", err)
		}
	}
}

func TestTLS(t *testing.T) {
	s := newSite(t, true, func(w http.ResponseWriter, r *http.Request) { w.Write(picture(1, 1)) })
	u := s.URL + "/x.png"
	if r := fetch(t, New(Options{Allow: only(s)}), Batch{URLs: []string{u}})[u]; reason(r.Err) != Unreachable {
		t.Errorf("a certificate that nobody vouches for: %v", r.Err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	if r := fetch(t, New(Options{Allow: only(s), Roots: roots}), Batch{URLs: []string{u}})[u]; r.Err != nil {
		t.Error(r.Err)
	}
}

func TestThroughAProxy(t *testing.T) {
	s := newSite(t, false, func(w http.ResponseWriter, r *http.Request) { w.Write(picture(1, 1)) })
	var asked []string
	f := New(Options{Proxy: func(ctx context.Context, setting, target string) (net.Conn, error) {
		asked = append(asked, setting+" "+target)
		return net.Dial("tcp", s.Listener.Addr().String())
	}, Limits: Limits{Parallel: 1}})
	urls := []string{"http://pictures.example/x.png", "http://printer/x.png", "http://nas.local/x.png", "http://127.0.0.1:8080/x.png", "http://10.1.2.3/x.png"}
	got := fetch(t, f, Batch{URLs: urls, Proxy: "socks5://p:1080"})
	for i, u := range urls {
		if r := got[u]; (r.Err == nil) != (i == 0) {
			t.Errorf("%s: %v", u, r.Err)
		}
	}
	if len(asked) != 1 || asked[0] != "socks5://p:1080 pictures.example:80" {
		t.Errorf("the proxy was asked for %q", asked)
	}
	u := "http://pictures.example/x.png"
	if r := fetch(t, New(Options{}), Batch{URLs: []string{u}, Proxy: "socks5://p:1080"})[u]; r.Err == nil {
		t.Error("without a proxy to use, the picture came some other way")
	}
}

func TestTheDiskKeepsWhatIsAllowedForGood(t *testing.T) {
	img := picture(5, 5)
	s := newSite(t, false, func(w http.ResponseWriter, r *http.Request) { w.Write(img) })
	dir := filepath.Join(t.TempDir(), "pictures")
	now := time.Now()
	fresh := func() *Fetcher { return New(Options{Dir: dir, Allow: only(s), Now: func() time.Time { return now }}) }
	once, kept := s.URL+"/once.png", s.URL+"/kept.png"
	fetch(t, fresh(), Batch{URLs: []string{once}})
	if files, _ := os.ReadDir(dir); len(files) != 0 {
		t.Errorf("allowed once, but %d files", len(files))
	}
	fetch(t, fresh(), Batch{URLs: []string{kept}, Keep: true})
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 || strings.Contains(files[0].Name(), "kept") {
		t.Fatalf("%v, %v", files, err)
	}
	asked := s.hits.Load()
	if r := fetch(t, fresh(), Batch{URLs: []string{kept}, Keep: true})[kept]; r.Err != nil || s.hits.Load() != asked {
		t.Errorf("after a restart: %v, %d requests", r.Err, s.hits.Load()-asked)
	}
	// What lies on disk is not trusted.
	if err := os.WriteFile(filepath.Join(dir, files[0].Name()), []byte("rubbish"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := fetch(t, fresh(), Batch{URLs: []string{kept}, Keep: true})[kept]; r.Err != nil || !bytes.Equal(r.Data, img) {
		t.Errorf("after damage: %v", r.Err)
	}
	now = now.Add(maxAge + time.Hour)
	asked = s.hits.Load()
	f := fresh()
	fetch(t, f, Batch{URLs: []string{kept}, Keep: true})
	if s.hits.Load() == asked {
		t.Error("a picture lives for ever")
	}
	if err := f.Forget(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("after Forget: %v", err)
	}
}

func TestTheDiskStaysSmall(t *testing.T) {
	dir := t.TempDir()
	now := time.Now()
	c := newCache(dir, func() time.Time { return now })
	for i := range 9 { // sparse files of 10 MB
		p := c.path(fmt.Sprint(i))
		if err := os.WriteFile(p, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(p, 10<<20); err != nil {
			t.Fatal(err)
		}
		old := now.Add(-time.Duration(20-i) * time.Hour)
		if err := os.Chtimes(p, old, old); err != nil {
			t.Fatal(err)
		}
	}
	c.put("new", picture(2, 2), true)
	if c.disk > maxDisk {
		t.Errorf("%d bytes are kept", c.disk)
	}
	if _, err := os.Stat(c.path("0")); err == nil {
		t.Error("the oldest is still there")
	}
	if c.get("new", true) == nil || c.get("8", true) != nil {
		t.Error("the new one is gone, or what is no picture was taken for one")
	}
}
