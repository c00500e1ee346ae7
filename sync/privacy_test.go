package mailsync_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"peyk/internal/mail"
	"peyk/internal/message"
	"peyk/internal/remotecontent"
	"peyk/store"
	mailsync "peyk/sync"
)

// local is a store with one account and an engine that reaches no server.
type local struct {
	st      *store.Store
	e       *mailsync.Engine
	account mail.AccountID
	folder  mail.FolderID
}

func newLocal(t *testing.T, proxy string, o mailsync.Options) *local {
	t.Helper()
	st, err := store.Open(t.Context(), t.TempDir(), store.Options{})
	check(t, err)
	l := &local{st: st, e: mailsync.New(st, o)}
	t.Cleanup(func() { l.e.Close(); st.Close() })
	l.account, err = st.SaveAccount(t.Context(), mail.Account{Name: "a", Email: "me@home.example", Protocol: mail.POP3, Incoming: mail.Server{Host: "pop.home.example", Proxy: proxy},
		Identities: []mail.Identity{{Name: "Me", Addr: "me@home.example"}}})
	check(t, err)
	l.folder, err = st.EnsureLocalFolder(t.Context(), l.account, "Inbox", mail.RoleInbox)
	check(t, err)
	return l
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (l *local) put(t *testing.T, raw []byte) mail.MessageID {
	t.Helper()
	refs, err := l.st.PutBlobs(t.Context(), [][]byte{raw})
	check(t, err)
	ids, err := l.st.Ingest(t.Context(), l.folder, []mail.Incoming{{Received: time.Now(), Size: int64(len(raw)), Summary: message.ParseBytes(raw).Summary(), Blob: &refs[0]}})
	check(t, err)
	return ids[0]
}

func TestSignaturesAreCheckedWhenAsked(t *testing.T) {
	public, private, err := ed25519.GenerateKey(nil)
	check(t, err)
	sign := func(body string) []byte {
		var out bytes.Buffer
		raw := "From: Bank <info@news.bank.example>\r\nTo: me@home.example\r\nSubject: Statement\r\nDate: Tue, 25 Nov 2025 10:00:00 +0000\r\n\r\n" + body
		check(t, dkim.Sign(&out, strings.NewReader(raw), &dkim.SignOptions{Domain: "bank.example", Selector: "s1", Signer: private}))
		return out.Bytes()
	}
	var asked []string
	var fail error
	l := newLocal(t, "", mailsync.Options{LookupTXT: func(_ context.Context, name string) ([]string, error) {
		asked = append(asked, name)
		return []string{"v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)}, fail
	}})
	good := l.put(t, sign("the balance is 10\r\n"))
	bad := l.put(t, bytes.Replace(sign("the balance is 20\r\n"), []byte("is 20"), []byte("is 99"), 1))
	plain := l.put(t, []byte("From: a@b.example\r\nSubject: x\r\n\r\nx\r\n"))
	if c, err := l.e.Content(t.Context(), good); err != nil || c.Signatures != nil || len(asked) != 0 {
		t.Errorf("reading asked %q, says %v, %v", asked, c.Signatures, err)
	}
	fail = &noAnswer{}
	if _, err := l.e.CheckSignature(t.Context(), good); err == nil {
		t.Error("no key, no error")
	}
	if c, _ := l.e.Content(t.Context(), good); c.Signatures != nil {
		t.Errorf("a check that failed for the network is remembered: %v", c.Signatures)
	}
	fail = nil
	for id, want := range map[mail.MessageID]bool{good: true, bad: false} {
		checks, err := l.e.CheckSignature(t.Context(), id)
		if err != nil || len(checks) != 1 || checks[0].OK != want || checks[0].Domain != "bank.example" || want != (checks[0].Reason == "") {
			t.Errorf("message %d: %+v, %v", id, checks, err)
		}
		if c, err := l.e.Content(t.Context(), id); err != nil || len(c.Signatures) != 1 || c.Signatures[0].OK != want {
			t.Errorf("message %d remembers %+v, %v", id, c.Signatures, err)
		}
	}
	if asked[0] != "s1._domainkey.bank.example" {
		t.Errorf("asked for %q", asked)
	}
	if checks, err := l.e.CheckSignature(t.Context(), plain); err != nil || checks == nil || len(checks) != 0 {
		t.Errorf("without a signature: %v, %v", checks, err)
	}
}

type noAnswer struct{}

func (*noAnswer) Error() string   { return "no answer" }
func (*noAnswer) Timeout() bool   { return true }
func (*noAnswer) Temporary() bool { return true }

func TestNoKeyIsAskedForPastAProxy(t *testing.T) {
	l := newLocal(t, "socks5://127.0.0.1:1", mailsync.Options{LookupTXT: func(context.Context, string) ([]string, error) {
		t.Error("DNS was asked past the proxy")
		return nil, nil
	}})
	id := l.put(t, []byte("DKIM-Signature: v=1; a=rsa-sha256; d=b.example; s=x; h=from; bh=x; b=x\r\nFrom: a@b.example\r\n\r\nx\r\n"))
	if _, err := l.e.CheckSignature(t.Context(), id); !errors.Is(err, mailsync.ErrThroughProxy) {
		t.Errorf("error %v", err)
	}
}

func TestRemoteImagesComeThroughTheEngine(t *testing.T) {
	var pic bytes.Buffer
	check(t, png.Encode(&pic, image.NewGray(image.Rect(0, 0, 2, 2))))
	var hits atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hits.Add(1)
		if r.URL.Path == "/no" {
			http.NotFound(w, r)
			return
		}
		w.Write(pic.Bytes())
	}))
	defer s.Close()
	home := netip.MustParseAddrPort(s.Listener.Addr().String())
	fetcher := remotecontent.New(remotecontent.Options{Allow: func(a netip.AddrPort) bool { return a == home }})
	l := newLocal(t, "", mailsync.Options{Pictures: fetcher})
	id := l.put(t, []byte("From: a@b.example\r\nContent-Type: text/html\r\n\r\n<img src="+s.URL+"/a>"))
	if _, err := l.e.Content(t.Context(), id); err != nil || hits.Load() != 0 {
		t.Fatalf("reading: %v, %d requests", err, hits.Load())
	}
	got := map[string]mail.RemoteImage{}
	check(t, l.e.RemoteImages(t.Context(), mail.RemoteImages{Account: l.account, URLs: []string{s.URL + "/a", s.URL + "/no"}}, func(r mail.RemoteImage) { got[r.URL] = r }))
	if !bytes.Equal(got[s.URL+"/a"].Data, pic.Bytes()) || got[s.URL+"/no"].Reason != string(remotecontent.Refused) {
		t.Errorf("%+v", got)
	}
	// Without the test's permission loopback is out of reach; behind a proxy that is not there nothing comes some other way.
	for proxy, url := range map[string]string{"": s.URL + "/b", "socks5://127.0.0.1:1": strings.Replace(s.URL, "127.0.0.1", "pictures.example", 1) + "/c"} {
		l := newLocal(t, proxy, mailsync.Options{})
		before := hits.Load()
		check(t, l.e.RemoteImages(t.Context(), mail.RemoteImages{Account: l.account, URLs: []string{url}}, func(r mail.RemoteImage) {
			if r.Data != nil || r.Reason == "" {
				t.Errorf("%s: %+v", proxy, r)
			}
		}))
		if hits.Load() != before {
			t.Error("the server was asked")
		}
	}
}
