package kit

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"peyk/ui/icons"
	"peyk/ui/lang"
	"peyk/ui/theme"
	"peyk/ui/uitest"
)

// A banner in a narrow pane has its links below its text, all of them within it, and needs the height for that; in a wide one they stand
// beside it.
func TestBannersLinksStayInNarrowPanes(t *testing.T) {
	uitest.NewApp(t, nil)
	theme.SetMode(theme.ForceDark)
	defer lang.Set("en")
	for _, code := range []string{"en", "fa"} {
		lang.Set(code)
		b := NewBanner(LevelWarning, "", lang.N("reader.remote", 1), Action{lang.T("remote.show"), nil}, Action{lang.T("remote.always"), nil})
		for _, width := range []float32{250, 334, 900} {
			h := b.row.Layout.(bannerLayout).heightForWidth(b.row.Objects, width)
			b.row.Resize(fyne.NewSize(width, h))
			text := b.row.Objects[1]
			for _, o := range b.row.Objects[2:] {
				at, s := o.Position(), o.Size()
				if at.X < 0 || at.X+s.Width > width+0.5 || at.Y < 0 || at.Y+s.Height > h+0.5 {
					t.Errorf("%s, %v wide and %v high: a link at %v of %v", code, width, h, at, s)
				}
				if below := at.Y >= text.Position().Y+text.Size().Height; below != (width < 500) {
					t.Errorf("%s, %v wide: a link below the text: %v", code, width, below)
				}
			}
			if w := text.Size().Width; w < 150 {
				t.Errorf("%s, %v wide: the text has %v", code, width, w)
			}
		}
	}
}

// The button that takes a banner away stands at its end in the middle, beside text and links, and the words of links below the text
// begin where it begins.
func TestBannersCloseAtTheirEnd(t *testing.T) {
	uitest.NewApp(t, nil)
	defer lang.Set("en")
	for _, code := range []string{"en", "fa"} {
		lang.Set(code)
		for _, width := range []float32{300, 900} {
			b := NewBanner(LevelInfo, "", lang.N("reader.remote", 1), Action{lang.T("remote.show"), nil}).Dismissible(func() {})
			w := test.NewTempWindow(t, nil)
			SetContent(w, VBox(0, b))
			w.Resize(fyne.NewSize(width, 300))
			start := func(o fyne.CanvasObject) float32 {
				if lang.RTL() {
					return width - absolute(o).X - o.Size().Width
				}
				return absolute(o).X
			}
			button, text, link := b.line.Objects[1], b.row.Objects[1], b.row.Objects[2]
			middle := absolute(button).Y - absolute(b).Y + button.Size().Height/2
			if end := start(button) + button.Size().Width; end != width-26 || middle < b.Size().Height/2-1 || middle > b.Size().Height/2+1 {
				t.Errorf("%s, %v wide and %v high: the button ends at %v, its middle is at %v", code, width, b.Size().Height, end, middle)
			}
			if width < 500 && start(link)+bannerLink != start(text) {
				t.Errorf("%s, %v wide: the link begins at %v, the text at %v", code, width, start(link)+bannerLink, start(text))
			}
		}
	}
}

// An empty pane says all it has to say, however narrow it is.
func TestEmptyStatesStayInNarrowPanes(t *testing.T) {
	uitest.NewApp(t, nil)
	for _, width := range []float32{200, 267, 900} {
		o := EmptyState(icons.Mail, lang.T("kit.close"), lang.N("reader.remote", 1), nil)
		o.Resize(fyne.NewSize(width, 500))
		box := o.(*fyne.Container).Objects[0]
		if at, s := box.Position(), box.Size(); at.X < 0 || at.X+s.Width > width || s.Width < width-30 && s.Width < emptyWidth || at.Y < 0 || at.Y+s.Height > 500 {
			t.Errorf("%v wide: %v at %v", width, s, at)
		}
	}
}
