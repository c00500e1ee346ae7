package ui

import (
	"net/url"
	"slices"
	"strings"

	"peyk/internal/weblink"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// linkGuard opens what readers click: web addresses in the browser, mail addresses in a new message, telephone numbers in
// the program for them, and nothing else. A link that deceives is shown with its text and its true target first.
type linkGuard struct {
	env    *env
	mailto func(url string)
	texts  map[string][]string // of the HTML that is shown, by address
	// drawn are the texts under which a page shows an address, whatever its HTML seems to say; nil: no page is shown.
	drawn func(url string) []string
}

// Read notes under which texts the links of an HTML mail stand; "" for a mail shown as text, whose links are their own texts.
func (g *linkGuard) Read(html string) {
	g.texts = nil
	if html != "" {
		g.texts = weblink.Anchors(html)
	}
}

func (g *linkGuard) judge(raw string) (weblink.Link, bool) {
	return weblink.Judge(raw, g.shown(raw)...)
}

// shown are the texts under which an address stands.
func (g *linkGuard) shown(raw string) []string {
	texts := slices.Clone(g.texts[weblink.Address(raw)])
	if g.drawn != nil && g.texts != nil {
		texts = append(texts, g.drawn(raw)...)
	}
	return texts
}

// Open opens a link, after a question when something about it deceives.
func (g *linkGuard) Open(raw string) {
	l, ok := g.judge(raw)
	switch {
	case !ok:
		g.env.hint(lang.T("reader.link.unsafe"))
	case len(l.Findings) > 0:
		g.ask(raw, l)
	default:
		g.open(l)
	}
}

func (g *linkGuard) open(l weblink.Link) {
	if l.Scheme == "mailto" {
		g.mailto(l.URL)
		return
	}
	u, err := url.Parse(l.URL)
	if err == nil {
		err = g.env.app.OpenURL(u)
	}
	if err != nil {
		g.env.fail(lang.T("fail.link"), err)
	}
}

// ask shows what is suspicious about a link. Enter does not open it.
func (g *linkGuard) ask(raw string, l weblink.Link) *kit.Dialog {
	box := kit.VBox(10)
	for _, f := range l.Findings {
		box.Add(kit.NewBanner(kit.LevelWarning, icons.ShieldAlert, linkWords(f)))
	}
	line := func(label, value string) {
		box.Add(kit.VBox(2, kit.NewLabel(label, kit.MetaStrong), kit.NewLabel(shorten(value), kit.Body).Directed(kit.DirLTR).Wrapped().Lines(4).Selectable()))
	}
	if texts := g.shown(raw); len(texts) > 0 {
		box.Add(kit.VBox(2, kit.NewLabel(lang.T("link.text"), kit.MetaStrong), kit.NewLabel(shorten(model.VisibleName(texts[0])), kit.Body).Wrapped().Lines(3).Selectable()))
	}
	line(lang.T("link.target"), l.Shown)
	if l.Final != "" {
		line(lang.T("link.final", l.Via), l.Final)
	}
	d := &kit.Dialog{Title: lang.T("link.ask"), Width: 520, Content: box, Buttons: []kit.DialogButton{
		{Text: lang.T("kit.copy.link"), Kind: kit.Plain, Do: func() { g.env.app.Clipboard().SetContent(l.URL) }},
		{Text: lang.T("link.anyway"), Kind: kit.Danger, Do: func() { g.open(l) }},
		{Text: lang.T("kit.cancel"), Kind: kit.Primary},
	}}
	d.Show(g.env.win)
	return d
}

func shorten(s string) string {
	const most = 600
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

func linkWords(f weblink.Finding) string { return lang.T("link.risk."+string(f.Risk), f.What) }

// Over shows in the status bar where a link really leads, and the worst that is to be said about it; raw "" takes it away.
func (g *linkGuard) Over(raw string) {
	if raw == "" {
		g.env.hint("")
		return
	}
	l, ok := g.judge(raw)
	if !ok {
		g.env.hint(lang.T("reader.link.unsafe"))
		return
	}
	words := shorten(l.Shown)
	if l.Final != "" {
		words = shorten(l.Final) + " (" + lang.T("link.via", l.Via) + ")"
	}
	if len(l.Findings) > 0 {
		words += " — " + linkWords(l.Findings[0])
	}
	g.env.hint(words)
}

// Menu are the items for a link: none when there is no link, or one that is not opened.
func (g *linkGuard) Menu(raw string) []*kit.MenuItem {
	l, ok := g.judge(raw)
	if raw == "" || !ok {
		return nil
	}
	copied := l.URL
	if l.Scheme == "mailto" {
		copied, _, _ = strings.Cut(strings.TrimPrefix(copied, "mailto:"), "?")
	}
	g.Over(raw)
	return []*kit.MenuItem{
		kit.Item(lang.T("kit.open.link"), icons.ExternalLink, func() { g.Open(raw) }),
		kit.Item(lang.T("kit.copy.link"), icons.Copy, func() { g.env.app.Clipboard().SetContent(copied) }),
	}
}
