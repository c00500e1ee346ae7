package ui

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/remotecontent"
	"peyk/ui/kit"
	"peyk/ui/lang"

	mailsync "peyk/sync"
)

// pictureSite is a web server that the engine of the bench may reach.
type pictureSite struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
}

func newPictureSite(t *testing.T) *pictureSite {
	s := &pictureSite{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.URL.Path)
		s.mu.Unlock()
		if strings.HasPrefix(r.URL.Path, "/missing") {
			http.NotFound(w, r)
			return
		}
		w.Write(samplePNG(40, 30))
	}))
	t.Cleanup(s.Close)
	return s
}

// paths lists what was asked for since the last call.
func (s *pictureSite) paths() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.asked
	s.asked = nil
	return out
}

// engine makes the engine of a bench reach the site, and only it.
func (s *pictureSite) engine(b *bench) {
	home := netip.MustParseAddrPort(s.Listener.Addr().String())
	b.engine.Engine.Close()
	b.engine.Engine = mailsync.New(b.store, mailsync.Options{Pictures: remotecontent.New(remotecontent.Options{Allow: func(a netip.AddrPort) bool { return a == home }})})
}

func remoteNews(site, subject, headers string, day int, more string) sampleMail {
	html := `<html><body background="` + site + `/back.png"><h1>News</h1><table width="400"><tr><td background="` + site + `/cell.png"><img src="` + site + `/photo.png" width="40" height="30"></td></tr></table>` + more +
		`<img src="` + site + `/wf/open?u=me" width="1" height="1"><img src="` + site + `/hidden.gif" style="display:none"></body></html>`
	return sampleMail{from: "News <news@paper.example>", subject: subject, at: time.Date(2025, 11, day, 8, 0, 0, 0, time.UTC), html: html, headers: headers}
}

const proven = "Authentication-Results: mx.example.org; dmarc=pass header.from=paper.example\r\n"

func (b *bench) openNews(subject string) *remoteGate {
	b.Helper()
	b.w.list.SelectMessage(b.ids[subject])
	b.until("the message "+subject, func() bool {
		m := b.w.reader.Current()
		return b.w.reader.Message() == b.ids[subject] && m != nil && m.body.ready && m.remote.known && m.remote.stop == nil
	})
	b.drain()
	return b.w.reader.Current().remote
}

func (g *remoteGate) words() string {
	if len(g.box.Objects) == 0 {
		return ""
	}
	return g.box.Objects[0].(*kit.Banner).Text()
}

func TestRemoteImagesWaitToBeAskedFor(t *testing.T) {
	site := newPictureSite(t)
	b := newBench(t, site.engine, func(b *bench) {
		b.put(b.folder(b.imap, "INBOX"), 50, remoteNews(site.URL, "first", proven, 25, ""), remoteNews(site.URL, "second", proven, 24, ""),
			remoteNews(site.URL, "forged", "", 23, ""), remoteNews(site.URL, "refused", strings.Replace(proven, "pass", "fail", 1), 22, ""),
			remoteNews(site.URL, "broken", proven, 21, `<img src="`+site.URL+`/missing.png"><img src="http://127.0.0.1:9999/near.png">`))
	})
	g := b.openNews("first")
	b.shot("remote-closed")
	if got := site.paths(); len(got) != 0 {
		t.Fatalf("nothing was allowed, but the site was asked for %q", got)
	}
	if want := lang.N("reader.remote", 3) + " " + lang.N("remote.trackers", 2, "127.0.0.1"); g.words() != want {
		t.Errorf("the banner says %q, want %q", g.words(), want)
	}
	g.ShowOnce()
	b.until("the pictures", func() bool { return g.stop == nil && len(g.got) == 3 })
	b.drain()
	b.shot("remote-open")
	if got := site.paths(); len(got) != 3 || strings.Contains(strings.Join(got, " "), "open") || strings.Contains(strings.Join(got, " "), "hidden") {
		t.Errorf("the site was asked for %q", got)
	}
	if want := lang.N("remote.blocked", 2, "127.0.0.1"); g.words() != want {
		t.Errorf("the banner says %q, want %q", g.words(), want)
	}
	if g = b.openNews("second"); g.words() == "" || len(site.paths()) != 0 {
		t.Error("once means every message")
	}
	g.ShowAlways() // proven: no question
	b.until("the rule", func() bool { return g.ruled && g.stop == nil && len(g.got) == 3 })
	if r, ok, _ := b.store.SenderRule(b.Context(), "news@paper.example"); !ok || !r.Verified {
		t.Errorf("the rule is %+v", r)
	}
	site.paths()
	for _, subject := range []string{"forged", "refused"} {
		if g = b.openNews(subject); !strings.HasPrefix(g.words(), lang.N("reader.remote", 3)) {
			t.Errorf("%s: the banner says %q", subject, g.words())
		}
	}
	if got := site.paths(); len(got) != 0 {
		t.Errorf("a sender that is not proven had %q fetched", got)
	}
	g = b.openNews("broken")
	b.until("what failed", func() bool { return g.stop == nil && g.words() == lang.N("remote.private", 1) })
	g.private = true
	g.Again()
	b.until("what failed again", func() bool { return g.stop == nil && g.words() == lang.N("remote.failed", 2) })
	b.ok(b.engine.ForbidSender(b.Context(), "news@paper.example"))
}

func TestAnUnprovenSenderIsAllowedAfterAQuestion(t *testing.T) {
	site := newPictureSite(t)
	b := newBench(t, site.engine, func(b *bench) {
		b.put(b.folder(b.imap, "INBOX"), 50, remoteNews(site.URL, "forged", "", 25, ""))
	})
	g := b.openNews("forged")
	g.ShowAlways()
	b.drain()
	if top := b.w.Window().Canvas().Overlays().Top(); top == nil || len(site.paths()) != 0 {
		t.Fatal("nobody was asked")
	}
	b.shot("remote-always-ask")
	g.allow(mail.SenderRule{Addr: "news@paper.example"})
	b.until("the pictures", func() bool { return g.stop == nil && len(g.got) == 3 })
	s := showSenders(b.w.env)
	b.until("the list", func() bool { return len(s.box.Objects) == 1 })
	b.drain()
	b.shot("remote-senders")
	s.remove("news@paper.example")
	b.until("the rule to go", func() bool { _, ok, _ := b.store.SenderRule(b.Context(), "news@paper.example"); return !ok })
	s.forget()
	b.drain()
}

func TestAlwaysLoadsNoTrackers(t *testing.T) {
	site := newPictureSite(t)
	b := newBench(t, site.engine, func(b *bench) {
		b.put(b.folder(b.imap, "INBOX"), 50, remoteNews(site.URL, "first", "", 25, ""))
		b.put(b.folder(b.imap, "Junk"), 1, remoteNews(site.URL, "junk", proven, 25, ""))
	})
	b.w.env.prefs.RemoteImages = true
	g := b.openNews("first")
	b.until("the pictures", func() bool { return g.stop == nil && len(g.got) == 3 })
	if got := site.paths(); len(got) != 3 {
		t.Errorf("asked for %q", got)
	}

	g.once, g.spies = true, true
	g.Settle()
	b.until("the trackers", func() bool { return g.stop == nil && len(g.got) == 5 })
	if got := site.paths(); len(got) != 2 || g.words() != "" {
		t.Errorf("the reader wants them: asked for %q, says %q", got, g.words())
	}
}
