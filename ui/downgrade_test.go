package ui

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
)

// button finds a button by its text.
func button(o fyne.CanvasObject, text string) (hit *kit.Button) {
	switch v := o.(type) {
	case *kit.Button:
		if v.Text() == text {
			return v
		}
	case *fyne.Container:
		for _, c := range v.Objects {
			if b := button(c, text); b != nil {
				return b
			}
		}
	case fyne.Widget:
		for _, c := range test.WidgetRenderer(v).Objects() {
			if b := button(c, text); b != nil {
				return b
			}
		}
	}
	return nil
}

// A server that does not offer encryption any more: the dialog says why nothing was sent, and only the user can allow it.
func TestDowngradeDialog(t *testing.T) {
	b := newBench(t)
	for _, code := range []string{"en", "fa"} {
		lang.Set(code)
		b.w.problems.Show(&mail.Problem{Account: b.imap, Kind: mail.ProblemPlaintext, Code: mail.CodeDowngraded, Where: "imap.example.org:143",
			Summary: "office: connecting failed"})
		b.shot("downgraded-" + code)
		top := b.w.Window().Canvas().Overlays().Top()
		allow := button(top, lang.T("problem.unencrypted"))
		if allow == nil {
			t.Fatalf("%s: there is no way to allow it", code)
		}
		if code == "en" {
			button(top, lang.T("kit.close")).Tapped(nil)
			continue
		}
		allow.Tapped(nil)
	}
	b.until("another try", func() bool {
		b.engine.mu.Lock()
		defer b.engine.mu.Unlock()
		return slices.Contains(b.engine.checked, b.imap)
	})
	lang.Set("en")
}
