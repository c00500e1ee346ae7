package ui

import (
	"context"
	"crypto/x509"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"peyk/internal/remotecontent"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"

	mailsync "peyk/sync"
)

// listSite is a server of mailing lists with https that the engine of a bench may reach.
type listSite struct {
	*httptest.Server
	asked  atomic.Int64
	status atomic.Int64
}

func newListSite(t *testing.T) *listSite {
	s := &listSite{}
	s.status.Store(http.StatusOK)
	s.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		w.WriteHeader(int(s.status.Load()))
	}))
	t.Cleanup(s.Close)
	return s
}

// engine makes the engine of a bench reach the site under the name that its certificate has, through the proxy of the account: an address
// of numbers is not offered.
func (s *listSite) engine(b *bench) {
	a, err := b.store.Account(b.Context(), b.imap)
	b.ok(err)
	a.Incoming.Proxy = "socks5://proxy.example"
	_, err = b.store.SaveAccount(b.Context(), a)
	b.ok(err)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	b.engine.Engine.Close()
	b.engine.Engine = mailsync.New(b.store, mailsync.Options{Pictures: remotecontent.New(remotecontent.Options{Roots: roots,
		Proxy: func(ctx context.Context, _, target string) (net.Conn, error) {
			if target != "example.com:443" {
				b.Errorf("asked %s", target)
			}
			return (&net.Dialer{}).DialContext(ctx, "tcp", s.Listener.Addr().String())
		}})})
}

// overlaid collects what the dialog over a window says, and its buttons.
func overlaid(w fyne.Window) (string, map[string][]*kit.Button) {
	var words []string
	buttons := map[string][]*kit.Button{}
	if top := w.Canvas().Overlays().Top(); top != nil {
		walkAll(top, func(o fyne.CanvasObject) {
			switch x := o.(type) {
			case *kit.Label:
				words = append(words, x.Text())
			case *kit.Button:
				buttons[x.Text()] = append(buttons[x.Text()], x)
			}
		})
	}
	return lang.Plain(strings.Join(words, "\n")), buttons
}

func oneClickMail(subject, more string) sampleMail {
	return sampleMail{from: "Nuts <nuts@lists.example.com>", subject: subject, at: today, text: "news",
		headers: more + "DKIM-Signature: v=1; d=lists.example.com; s=k; h=from:list-unsubscribe:list-unsubscribe-post; b=x\r\n" +
			"List-Unsubscribe: <mailto:leave@lists.example.com>, <https://example.com/u/1>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"}
}

const signedList = "Authentication-Results: mx.example.org; dkim=pass header.d=lists.example.com\r\n"

// leaving opens the dialog of a message's button and returns what it says.
func (b *bench) leaving(subject string) (string, map[string][]*kit.Button) {
	b.Helper()
	b.selectSubject(subject)
	var m *messageView
	b.until("the button", func() bool {
		m = b.w.reader.Current()
		return m != nil && m.row.ID == b.ids[subject] && !m.header.quit.Hidden
	})
	test.Tap(m.header.quit)
	b.until("the dialog", func() bool { return b.w.Window().Canvas().Overlays().Top() != nil })
	return overlaid(b.w.Window())
}

func (b *bench) escape(w fyne.Window) {
	kit.OverlayKey(w.Canvas(), &fyne.KeyEvent{Name: fyne.KeyEscape})
	b.drain()
}

// One request takes the reader off a list, after a question that names who learns of it; nothing is sent before, and it is offered only where
// that is proven. What fails is told and stands in the activity, where it is tried again, given up and brought back.
func TestLeavingAListByOneRequest(t *testing.T) {
	site := newListSite(t)
	// That the message was read waits in the activity, too, from whenever it is noted.
	b := newBench(t, prefs(func(p *model.Prefs) { p.MarkRead = 0 }), func(b *bench) {
		b.put(b.folder(b.imap, "INBOX"), 70, oneClickMail("unproven", ""), oneClickMail("proven", signedList))
		b.put(b.folder(b.imap, "Junk"), 70, oneClickMail("in junk", signedList))
		site.engine(b)
	})
	now := lang.T("unsubscribe.do")
	if _, buttons := b.leaving("unproven"); buttons[now] != nil || buttons[lang.T("unsubscribe.page")] == nil || buttons[lang.T("unsubscribe.write")] == nil {
		t.Errorf("unproven: %v", buttons)
	}
	b.escape(b.w.Window())
	for _, code := range []string{"fa", "de", "ar", "en"} {
		lang.Set(code)
		b.drain()
		words, buttons := b.leaving("proven")
		if len(buttons[lang.T("unsubscribe.do")]) != 1 || buttons[lang.T("unsubscribe.page")] == nil || buttons[lang.T("unsubscribe.write")] == nil || !strings.Contains(words, "example.com") {
			t.Errorf("%s: %q, %v", code, words, buttons)
		}
		b.shot("oneclick-" + code)
		if code != "en" {
			b.escape(b.w.Window())
		}
	}
	if site.asked.Load() != 0 {
		t.Fatal("the server was asked before the click")
	}
	site.status.Store(http.StatusInternalServerError)
	b.tapLabelled(now)
	want := lang.Plain(lang.T("problem.why.web_refused", "example.com", "500"))
	b.until("the failure", func() bool { return strings.Contains(lang.Plain(b.w.status.trouble), want) })
	b.until("it in the status bar", func() bool { return b.w.status.failures == lang.N("activity.lists", 1) })
	a := b.w.activity
	a.Show()
	listed := func(n int) func() bool {
		return func() bool { return a.ops != nil && a.ops.known && len(a.ops.lists) == n }
	}
	b.until("the activity", listed(1))
	b.wantSaid(lang.T("lists.title"), "proven", "Nuts", want, lang.N("activity.lists", 1))
	b.shotOf(a.env.win, "oneclick-activity")
	a.ops.list.Select(0)
	b.activityKey(fyne.KeyReturn)
	if words, _ := overlaid(a.env.win); !strings.Contains(words, want) {
		t.Errorf("the details say %q", words)
	}
	b.shotOf(a.env.win, "oneclick-details")
	b.escape(a.env.win)
	b.activityKey(fyne.KeyDelete)
	b.until("it given up", listed(0))
	b.w.env.act.Undo()
	b.until("it back", listed(1))
	asked := site.asked.Load()
	site.status.Store(http.StatusOK)
	a.ops.list.Select(0)
	b.activityKey(fyne.KeyR)
	b.until("it done", func() bool {
		return site.asked.Load() == asked+1 && listed(0)() && b.w.status.failures == ""
	})
	a.Close()
	if words, _ := b.leaving("proven"); !strings.Contains(words, "accepted") {
		t.Errorf("asked again it says %q", words)
	}
	b.shot("oneclick-before")
	b.escape(b.w.Window())
	b.w.Go(model.Place{Kind: model.PlaceFolder, Folder: b.folder(b.imap, "Junk")})
	b.drain()
	if _, buttons := b.leaving("in junk"); buttons[now] != nil {
		t.Error("it is offered in junk")
	}
}
