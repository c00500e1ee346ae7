package ui

import (
	"testing"

	"fyne.io/fyne/v2"
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
