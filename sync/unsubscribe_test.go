package mailsync_test

import (
	"context"
	"crypto/x509"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/remotecontent"
	mailsync "peyk/sync"
)

// The engine sends the one request, tells why one failed by a code of its own, and remembers both.
func TestUnsubscribe(t *testing.T) {
	var hits atomic.Int64
	status := http.StatusOK
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hits.Add(1)
		if r.Method != http.MethodPost || r.PostFormValue("List-Unsubscribe") != "One-Click" {
			t.Errorf("asked by %s, %v", r.Method, r.PostForm)
		}
		if status == http.StatusFound {
			w.Header().Set("Location", "/page")
		}
		w.WriteHeader(status)
	}))
	defer s.Close()
	home := netip.MustParseAddrPort(s.Listener.Addr().String())
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	known := remotecontent.New(remotecontent.Options{Roots: roots, Allow: func(a netip.AddrPort) bool { return a == home }})
	l := newLocal(t, "", mailsync.Options{Pictures: known})
	u := mail.Unsubscription{URL: s.URL + "/u/1?list=nuts", Account: l.account, Subject: "digest"}
	check(t, l.e.Unsubscribe(t.Context(), u))
	if have, ok, err := l.st.Unsubscription(t.Context(), u.URL); err != nil || !ok || have.State != mail.UnsubscribeDone || have.At.IsZero() || hits.Load() != 1 {
		t.Errorf("remembered %+v, %v, %v; %d requests", have, ok, err, hits.Load())
	}
	refused := func(l *local, u mail.Unsubscription, code mail.ProblemCode, args string) {
		t.Helper()
		var told interface{ Problem() *mail.Problem }
		if err := l.e.Unsubscribe(t.Context(), u); !errors.As(err, &told) || told.Problem().Code != code || strings.Join(told.Problem().Args, " ") != args {
			t.Errorf("%s: %v, want %s", u.URL, err, code)
		}
		if list, err := l.st.FailedUnsubscriptions(t.Context()); err != nil || len(list) == 0 || list[0].URL != u.URL || mail.StoredProblem(list[0].Reason).Code != code {
			t.Errorf("%s: remembered %+v, %v", u.URL, list, err)
		}
	}
	for _, c := range []struct {
		status int
		code   mail.ProblemCode
		args   string
	}{{http.StatusGone, mail.CodeWebRefused, "410"}, {http.StatusFound, mail.CodeWebElsewhere, ""}, {http.StatusTemporaryRedirect, mail.CodeWebElsewhere, ""}} {
		status = c.status
		refused(l, u, c.code, c.args)
	}
	before := hits.Load()
	refused(l, mail.Unsubscription{URL: "http" + strings.TrimPrefix(u.URL, "https"), Account: l.account}, mail.CodeWebAddress, "")
	strict := newLocal(t, "", mailsync.Options{})
	u.Account = strict.account
	refused(strict, u, mail.CodeWebPrivate, "")
	unknown := newLocal(t, "", mailsync.Options{Pictures: remotecontent.New(remotecontent.Options{Allow: func(a netip.AddrPort) bool { return a == home }})})
	u.Account = unknown.account
	refused(unknown, u, mail.CodeWebUnproven, "")
	proxied := newLocal(t, "socks5://127.0.0.1:1", mailsync.Options{})
	refused(proxied, mail.Unsubscription{URL: "https://lists.example.com/u", Account: proxied.account}, mail.CodeWebDown, "")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.e.Unsubscribe(ctx, u); !errors.Is(err, context.Canceled) {
		t.Errorf("given up before: %v", err)
	}
	if hits.Load() != before {
		t.Error("the server was asked all the same")
	}
	s.Close()
	u.Account = l.account
	refused(l, u, mail.CodeWebDown, "")
	gone, err := l.e.ForgetUnsubscriptions(t.Context(), u.URL)
	check(t, err)
	check(t, l.e.RestoreUnsubscriptions(t.Context(), gone))
	if list, _ := l.st.FailedUnsubscriptions(t.Context()); len(gone) != 1 || len(list) != 2 {
		t.Errorf("given up %v, brought back %v", gone, list)
	}
	if err := l.e.Unsubscribe(t.Context(), mail.Unsubscription{URL: u.URL, Account: 99}); err == nil {
		t.Error("an account that is not there asked")
	}
}
