package compose

import (
	"testing"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/theme"
)

// lowScreen is a screen of 800 pixels at twice their size, less a title bar.
var lowScreen = fyne.NewSize(600, 364)

// On a low screen the window fits, the text keeps a few lines, and the fields scroll to the one that has the keyboard; so does the one that sends a message on.
func TestTheWindowFitsALowScreen(t *testing.T) {
	for _, code := range []string{"en", "fa"} {
		for _, d := range []mail.Draft{{Account: 1}, {Account: 1, Resend: true}} {
			r := open(t, code, theme.ForceLight, d)
			r.w.win.Resize(lowScreen)
			r.w.tell(kit.LevelError, "The message was not sent: the server for sending does not answer at the moment, and nobody knows when it will.")
			r.w.showCopies()
			if need := r.w.win.Content().MinSize().Height; need > lowScreen.Height {
				t.Errorf("%s: it needs %v of %v", code, need, lowScreen.Height)
			}
			driver := fyne.CurrentApp().Driver()
			top, bottom := driver.AbsolutePositionForObject(r.w.body).Y, driver.AbsolutePositionForObject(r.w.body).Y+r.w.body.Size().Height
			if bottom > lowScreen.Height || bottom-top < 60 {
				t.Errorf("%s: the text is between %v and %v of %v", code, top, bottom, lowScreen.Height)
			}
			for i, e := range []*kit.Entry{r.w.to.entry, r.w.cc.entry, r.w.bcc.entry, r.w.subject} {
				if e == r.w.subject && d.Resend {
					continue
				}
				e.Focus()
				at := driver.AbsolutePositionForObject(e).Y
				if at < 52 || at+e.Size().Height > top {
					t.Errorf("%s, resend %t: field %d with the keyboard is at %v, the text begins at %v", code, d.Resend, i, at, top)
				}
			}
			r.shot("compose-low-" + code)
		}
	}
}
