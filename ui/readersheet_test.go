package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"peyk/ui/kit"
	"peyk/ui/lang"
)

// In the lowest window a message with a long subject, a long address and many files still leaves room for its text: nothing lies over
// anything, and what is cut can be scrolled to.
func TestSheetInALowWindow(t *testing.T) {
	long := "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft: " + strings.Repeat("Kraftfahrzeughaftpflichtversicherung ", 8)
	b := newBench(t, func(b *bench) {
		b.put(b.folder(b.imap, "INBOX"), 100, sampleMail{from: "Maximilian von und zu Hohenzollern <maximilian@sehr-lange-domain-eines-vereins.example>", subject: long, at: today,
			text: strings.Repeat("word ", 300), extra: strings.Repeat("pdf png txt ", 10)})
	})
	for _, code := range []string{"en", "fa"} {
		lang.Set(code)
		for _, s := range []fyne.Size{{Width: 640, Height: 420}, {Width: 800, Height: 600}, {Width: 1360, Height: 860}} {
			b.w.Window().Resize(s)
			b.drain()
			b.selectSubject(long)
			b.drain()
			sheet := b.w.reader.sheet.(*fyne.Container)
			l := sheet.Layout.(*sheetLayout)
			end := float32(0)
			for _, o := range []fyne.CanvasObject{l.head, l.body, l.foot} {
				if o.Position().Y < end {
					t.Errorf("%s %v: %T begins at %v, over what ends at %v", code, s, o, o.Position().Y, end)
				}
				end = o.Position().Y + o.Size().Height
			}
			if end > sheet.Size().Height+0.5 {
				t.Errorf("%s %v: the files end at %v of %v", code, s, end, sheet.Size().Height)
			}
			if h := l.body.Size().Height; h < 100 {
				t.Errorf("%s %v: %v for the text", code, s, h)
			}
			if cut := l.head.Size().Height < kit.HeightFor(l.whole, l.head.Size().Width); cut != l.edge.Visible() || s.Height > 800 && cut {
				t.Errorf("%s %v: the head is cut %t, its edge shows %t", code, s, cut, l.edge.Visible())
			}
			if l.foot.Size().Height < cardHeight {
				t.Errorf("%s %v: %v for the files", code, s, l.foot.Size().Height)
			}
		}
	}
	// The search in the text stands between head and text.
	b.w.reader.find.Open("word")
	b.drain()
	l := b.w.reader.sheet.(*fyne.Container).Layout.(*sheetLayout)
	if at := l.find.Position().Y; at < l.head.Size().Height || l.body.Position().Y < at+l.find.Size().Height || l.find.Size().Height < 30 {
		t.Errorf("the search stands at %v, %v high, the text at %v", at, l.find.Size().Height, l.body.Position().Y)
	}
}
