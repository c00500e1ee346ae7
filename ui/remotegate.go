package ui

import (
	"context"
	"image"
	"slices"
	"strings"
	"sync"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/htmlview"
	"peyk/internal/mail"
	"peyk/internal/weblink"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// remoteGate stands between one message and the web. A layout asks it for pictures; it notes what is asked for, gives what was
// fetched, and fetches only what the reader allowed: once, for this sender, or always. Trackers are named and left out of all
// three.
type remoteGate struct {
	m   *messageView
	box *fyne.Container // the banner about remote images

	mu     sync.Mutex // layouts ask from goroutines of their own
	wanted []string
	got    map[string]image.Image
	pixels int

	auth    model.Authentication
	rule    mail.SenderRule
	ruled   bool              // the sender is among the allowed ones
	known   bool              // that was looked up
	once    bool              // the reader said: show them
	spies   bool              // the reader said: trackers too
	private bool              // the reader said: from the own network too
	away    string            // the words of a note that the reader put away
	ended   bool              // the reader ended the loading
	tried   map[string]string // why a picture did not come, "" when it did
	stop    func()            // ends the fetching under way
}

func newRemoteGate(m *messageView) *remoteGate {
	return &remoteGate{m: m, box: kit.VBox(0), got: map[string]image.Image{}, tried: map[string]string{}}
}

// Begin takes over the message that is shown now and looks up whether its sender is allowed.
func (g *remoteGate) Begin(auth model.Authentication) {
	g.auth = auth
	g.known = false
	g.once = g.once || g.m.env.shownImages[g.m.row.ID]
	gen, addr := g.m.gen, firstOf(g.m.content.Row.From).Addr
	g.m.env.loop.Go(func(ctx context.Context) func() {
		rule, ok, err := g.m.env.store.SenderRule(ctx, addr)
		return func() {
			if gen != g.m.gen {
				return
			}
			g.known, g.rule, g.ruled = true, rule, ok && err == nil
			g.Settle()
		}
	})
}

// Leave ends the fetching: the message is not looked at any more.
func (g *remoteGate) Leave() {
	if g.stop != nil {
		g.stop()
		g.stop = nil
	}
}

// picture gives a layout the picture at an address when it was fetched, and notes that it is wanted. From any goroutine.
func (g *remoteGate) picture(url string) image.Image {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !slices.Contains(g.wanted, url) && len(g.wanted) < maxRemote {
		g.wanted = append(g.wanted, url)
	}
	return g.got[url]
}

// have is the picture at an address, where it was fetched. From any goroutine.
func (g *remoteGate) have(url string) image.Image {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.got[url]
}

// maxRemote bounds how many remote pictures of a message are counted.
const maxRemote = 1000

// split sorts what the message refers to.
func (g *remoteGate) split() (pictures, trackers []string) {
	g.mu.Lock()
	wanted := slices.Clone(g.wanted)
	g.mu.Unlock()
	var hidden []string
	if doc := g.m.body.html.doc; doc != nil {
		hidden = doc.Trackers()
	}
	return weblink.Split(wanted, hidden)
}

// allowed reports whether pictures may be fetched without asking, and whether they may be kept.
func (g *remoteGate) allowed() (ok, keep bool) {
	env := g.m.env
	f, _ := env.tree.Folder(g.m.content.Row.Folder)
	trusted := g.auth.Verdict != model.AuthFail && f.Role != mail.RoleJunk // what is likely false is shown when asked for only
	switch {
	case g.ended:
	case trusted && (env.prefs.RemoteImages || g.ruled && g.applies()):
		return true, true
	case g.once:
		return true, false
	}
	return false, false
}

// applies reports whether the rule of the sender covers this message: one that was made for a proven sender covers proven messages.
func (g *remoteGate) applies() bool { return !g.rule.Verified || g.auth.Verdict == model.AuthPass }

// Settle is called after each layout: it fetches what is allowed and missing, and says what was left out.
func (g *remoteGate) Settle() {
	if !g.known || g.stop != nil {
		return
	}
	if g.m.body.Mode() != asDesigned {
		g.say(nil)
		return
	}
	pictures, trackers := g.split()
	ok, keep := g.allowed()
	if !ok {
		g.say(g.closed(pictures, trackers))
		return
	}
	urls := pictures
	if g.spies {
		urls = append(slices.Clone(pictures), trackers...)
	}
	if missing := g.missing(urls); len(missing) > 0 {
		g.fetch(missing, keep)
		return
	}
	g.say(g.open(urls, trackers))
}

func (g *remoteGate) missing(urls []string) []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	var out []string
	for _, u := range urls {
		if _, tried := g.tried[u]; !tried && g.got[u] == nil {
			out = append(out, u)
		}
	}
	return out
}

// closed is the banner while nothing may be fetched; nil when nothing is missed.
func (g *remoteGate) closed(pictures, trackers []string) *kit.Banner {
	if len(pictures) == 0 {
		return g.blocked(trackers)
	}
	words := lang.N("reader.remote", len(pictures))
	if g.ruled {
		words += " " + lang.T("remote.unproven", model.VisibleName(g.rule.Addr))
	}
	if len(trackers) > 0 {
		words += " " + spyWords("remote.trackers", trackers)
	}
	actions := []kit.Action{{Text: lang.T("remote.show"), Do: g.ShowOnce}}
	if addr := firstOf(g.m.content.Row.From).Addr; strings.Contains(addr, "@") && !g.m.pane.inside && g.auth.Verdict != model.AuthFail {
		actions = append(actions, kit.Action{Text: lang.T("remote.always"), Do: g.ShowAlways})
	}
	return kit.NewBanner(kit.LevelWarning, icons.ImageOff, words, actions...)
}

// blocked says which trackers were left out; nil when there were none.
func (g *remoteGate) blocked(trackers []string) *kit.Banner {
	if len(trackers) == 0 || g.spies {
		return nil
	}
	return g.dismissible(kit.NewBanner(kit.LevelInfo, icons.EyeOff, spyWords("remote.blocked", trackers), kit.Action{Text: lang.T("remote.spies"), Do: func() {
		g.once, g.spies, g.ended = true, true, false
		g.Settle()
	}}))
}

// dismissible lets the reader put a note away.
func (g *remoteGate) dismissible(b *kit.Banner) *kit.Banner {
	return b.Dismissible(func() {
		g.away = b.Text()
		g.say(nil)
	})
}

// open is the banner while pictures are allowed: what could not be fetched, which trackers are still left out.
func (g *remoteGate) open(urls, trackers []string) *kit.Banner {
	failed, private := 0, 0
	for _, u := range urls {
		switch g.tried[u] {
		case "":
		case "private":
			private++
		default:
			failed++
		}
	}
	switch {
	case private > 0 && !g.private:
		return kit.NewBanner(kit.LevelWarning, icons.ShieldAlert, lang.N("remote.private", private), kit.Action{Text: lang.T("remote.private.do"), Do: func() {
			g.private = true
			g.Again()
		}})
	case failed > 0:
		return g.dismissible(kit.NewBanner(kit.LevelInfo, icons.ImageOff, lang.N("remote.failed", failed), kit.Action{Text: lang.T("reader.again"), Do: g.Again}))
	}
	return g.blocked(trackers)
}

// spyWords are the words about trackers: how many, and whose.
func spyWords(id string, trackers []string) string {
	const most = 3
	owners := weblink.Owners(trackers)
	names := strings.Join(owners[:min(len(owners), most)], ", ")
	if len(owners) > most {
		names += ", …"
	}
	return lang.N(id, len(trackers), model.VisibleName(names))
}

// say shows a banner, or none.
func (g *remoteGate) say(b *kit.Banner) {
	if b != nil && b.Text() == g.away {
		b = nil
	}
	if b == nil && len(g.box.Objects) == 0 {
		return
	}
	g.box.RemoveAll()
	if b != nil {
		g.box.Add(b)
	}
	g.m.pane.relayout()
}

// ShowOnce shows the pictures of this message until the program ends.
func (g *remoteGate) ShowOnce() {
	g.once, g.ended = true, false
	if g.m.row.ID != 0 {
		g.m.env.shownImages[g.m.row.ID] = true
	}
	g.Settle()
}

// Again tries once more what failed.
func (g *remoteGate) Again() {
	clear(g.tried)
	g.Settle()
}

// ShowAlways allows the sender for good. Of a sender that is not proven the reader is told what that means.
func (g *remoteGate) ShowAlways() {
	addr := firstOf(g.m.content.Row.From).Addr
	if g.auth.Verdict == model.AuthPass {
		g.allow(mail.SenderRule{Addr: addr, Verified: true})
		return
	}
	kit.Confirm(g.m.env.win, lang.T("remote.always.ask"), lang.T("remote.always.why", model.VisibleName(addr)), lang.T("remote.always.do"), false,
		func() { g.allow(mail.SenderRule{Addr: addr}) })
}

func (g *remoteGate) allow(rule mail.SenderRule) {
	g.once, g.ended = true, false
	g.m.env.loop.Serial(func(ctx context.Context) func() {
		err := g.m.env.engine.AllowSender(ctx, rule)
		return func() {
			if err != nil {
				g.m.env.fail(lang.T("fail.settings"), err)
			} else {
				g.rule, g.ruled = rule, true
				kit.ShowToast(g.m.env.win, lang.T("remote.always.done", model.VisibleName(rule.Addr)), toastTime, kit.Action{Text: lang.T("kit.undo"), Do: func() { g.forbid(rule.Addr) }})
			}
			g.Settle()
		}
	})
}

func (g *remoteGate) forbid(addr string) {
	g.m.env.loop.Serial(func(ctx context.Context) func() {
		err := g.m.env.engine.ForbidSender(ctx, addr)
		return func() {
			if err != nil {
				g.m.env.fail(lang.T("fail.settings"), err)
				return
			}
			g.ruled = false
		}
	})
}

// How often a page is drawn anew while pictures come in, and after how long the reader is told that they do.
const (
	redrawEvery = 500 * time.Millisecond
	sayLoading  = 400 * time.Millisecond
)

// fetch fetches pictures and draws the page with them.
func (g *remoteGate) fetch(urls []string, keep bool) {
	gen, env := g.m.gen, g.m.env
	request := mail.RemoteImages{Account: g.m.content.Row.Account, URLs: urls, Keep: keep && !g.private, Private: g.private}
	quiet := env.loop.After(sayLoading, func() {
		if gen == g.m.gen && g.stop != nil {
			g.say(kit.NewBanner(kit.LevelInfo, icons.Download, lang.N("remote.loading", len(urls)), kit.Action{Text: lang.T("kit.cancel"), Do: g.giveUp}))
		}
	})
	failed := map[string]string{}
	cancel := env.loop.Cancellable(func(ctx context.Context) func() {
		last := time.Now()
		err := env.engine.RemoteImages(ctx, request, func(r mail.RemoteImage) {
			if why := g.take(r); why != "" {
				failed[r.URL] = why
			}
			if time.Since(last) > redrawEvery {
				last = time.Now()
				env.loop.Post(func() {
					if gen == g.m.gen {
						g.m.body.html.Again()
					}
				})
			}
		})
		return func() {
			quiet()
			if gen != g.m.gen {
				return
			}
			g.stop = nil
			g.note(urls, failed, err)
			g.m.body.html.Again()
			g.Settle()
		}
	})
	g.stop = func() { quiet(); cancel() }
}

// note keeps what became of pictures: why they did not come, and what ended the fetching before all of them were asked for.
func (g *remoteGate) note(urls []string, failed map[string]string, ended error) {
	g.mu.Lock() // a fetching that was given up may still bring one
	defer g.mu.Unlock()
	for _, u := range urls {
		g.tried[u] = failed[u]
		if ended != nil && g.tried[u] == "" && g.got[u] == nil {
			g.tried[u] = "network"
		}
	}
}

// giveUp ends the fetching because the reader wants to; what came stays.
func (g *remoteGate) giveUp() {
	g.Leave()
	g.ended = true
	g.m.body.html.Again()
	g.Settle()
}

// take keeps a picture that came; else it says why not.
func (g *remoteGate) take(r mail.RemoteImage) (why string) {
	if r.Data == nil {
		return r.Reason
	}
	img := htmlview.DecodeImage(r.Data, maxPicturePixels)
	if img == nil {
		return "type"
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.pixels += img.Bounds().Dx() * img.Bounds().Dy(); g.pixels > maxRemotePixels {
		return "size"
	}
	g.got[r.URL] = img
	return ""
}

// maxRemotePixels bounds the decoded pictures of one message: 160 MB.
const maxRemotePixels = 40 << 20
