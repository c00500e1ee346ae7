package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/internal/weblink"
)

func TestADeceivingLinkIsAskedAbout(t *testing.T) {
	b := newBench(t)
	b.selectSubject(reza)
	g := b.w.reader.single.links
	const trick = "mailto:thief@evil.test"
	g.Read(`<a href="` + trick + `">accounts@bank.com</a> <a href="mailto:anna@example.org">Write to us</a>`)
	top := func() fyne.CanvasObject { return b.w.Window().Canvas().Overlays().Top() }
	g.Open("mailto:anna@example.org")
	b.until("a new message", func() bool { return len(b.drafts) == 1 })
	if top() != nil {
		t.Error("an honest link is asked about")
	}
	g.Open(trick)
	b.drain()
	if len(b.drafts) != 1 || top() == nil {
		t.Fatalf("a deceiving link was opened at once (%d drafts)", len(b.drafts))
	}
	b.shot("link-ask")
	l, _ := g.judge(trick)
	top().(interface{ TypedKey(*fyne.KeyEvent) }).TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	b.drain()
	if len(b.drafts) != 1 || top() != nil {
		t.Error("Enter opens what deceives, or does not close the question")
	}
	g.ask(trick, l).Button(1).Tapped(nil)
	b.until("the second message", func() bool { return len(b.drafts) == 2 })
	if g.Menu("javascript:alert(1)") != nil || len(g.Menu(trick)) != 2 {
		t.Error("the menu offers what is not opened, or not what is")
	}
}

// What a reader sees decides, not what the HTML seems to say: tricks of its grammar and of style sheets hide no deceiving link.
func TestTricksThatHideADeceivingLink(t *testing.T) {
	const evil = "https://evil.test/x"
	tricks := map[string]string{
		"two addresses":  `<a href="` + evil + `" href="https://bank.com/">bank.com</a>`,
		"a broken one":   "<a href=\"https://ev\til.test/x\">bank.com</a>",
		"unseen words":   `<a href="` + evil + `"><span style="display:none">Go to </span>bank.com</a>`,
		"a false style":  `<svg><style><p><a href="` + evil + `">bank.com</a>`,
		"words in parts": `<a href="` + evil + `">bank.</a><a href="` + evil + `">com</a>`,
	}
	b := newBench(t, func(b *bench) {
		uid := mail.UID(100)
		for name, html := range tricks {
			uid++
			b.put(b.folder(b.imap, "INBOX"), uid, sampleMail{from: "X <x@evil.test>", subject: name, at: today, html: `<div style="color:#333">Dear client</div>` + html})
		}
	})
	for name := range tricks {
		b.w.list.SelectMessage(b.ids[name])
		b.until("the message "+name, func() bool {
			m := b.w.reader.Current()
			return b.w.reader.Message() == b.ids[name] && m != nil && m.body.ready && m.body.html.view != nil && len(m.body.html.LinkTexts(evil)) > 0
		})
		l, ok := b.w.reader.Current().links.judge(evil)
		if !ok || len(l.Findings) != 1 || l.Findings[0].Risk != weblink.OtherHost || l.Findings[0].What != "bank.com" {
			t.Errorf("%s: %+v", name, l.Findings)
		}
	}
}
