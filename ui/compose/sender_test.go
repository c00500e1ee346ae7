package compose

import (
	"testing"

	"peyk/internal/mail"
	"peyk/ui/theme"
)

// Another sender has another signature; what was typed before can still be undone, in text alone, too.
func TestAnotherSenderKeepsTheHistory(t *testing.T) {
	r := open(t, "en", theme.ForceLight, mail.Draft{Account: 1, Identity: 1, Plain: true, Text: "\n\n-- \nMaryam\nShomal"})
	r.w.body.SetCaret(0)
	r.w.body.Insert("Hello")
	r.w.from.Choose(2)
	r.w.senderChanged(2)
	if got := r.w.body.Text(); got != "Hello\n\n-- \nThe office" {
		t.Fatalf("the text is %q", got)
	}
	if from, _ := r.w.body.Selection(); from != 5 {
		t.Errorf("the caret went to %d", from)
	}
	r.w.body.Undo()
	r.w.body.Undo()
	if got := r.w.body.Text(); got != "\n\n-- \nMaryam\nShomal" {
		t.Errorf("after two steps back: %q", got)
	}
	r.w.body.Redo()
	r.w.body.Redo()
	if got := r.w.body.Text(); got != "Hello\n\n-- \nThe office" {
		t.Errorf("and two forward: %q", got)
	}
}
