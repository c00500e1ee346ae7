package compose

import (
	"fyne.io/fyne/v2"

	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
)

// The window of a message that is sent on as it is (mail.Draft.Resend) asks for recipients only: its text is shown and cannot be changed, nothing is attached, and neither
// the signature nor the Bcc of the sender comes to it.

// redirectNote says what becomes of the message.
func redirectNote() fyne.CanvasObject {
	return kit.NewBanner(kit.LevelInfo, icons.ArrowRight, lang.T("compose.redirect.note"))
}
