package ui

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
)

// What a stranger writes into a subject is no command of PowerShell, into which Fyne puts it on Windows, and no markup of a desktop.
func TestNotificationsAreWordsOnly(t *testing.T) {
	for _, s := range []string{`$(calc)`, `"; calc; "`, "“; calc; ”", "„x‟", "`$(calc)", `\"; calc #`, "a\nb\r\nc\x00", "$env:USERNAME ${x}", "می‌رود", "\u2028; calc"} {
		got := harmlessWords("windows", s)
		if i := strings.IndexAny(got, "\"“”„‟$`\\\n\r\x00\u2028"); i >= 0 {
			t.Errorf("%q: %q", s, got)
		}
		if q := fmt.Sprintf("%q", got); q != `"`+got+`"` { // as Fyne writes it
			t.Errorf("%q is escaped: %s", s, q)
		}
	}
	for s, want := range map[string]string{"Rock & Roll 100% سلام": "Rock & Roll 100% سلام", `<img src="http://t.example/p.png">`: `‹img src="http://t.example/p.png"›`, `Q3 "plan" $5`: `Q3 "plan" $5`} {
		if got := harmlessWords("linux", s); got != want {
			t.Errorf("%q: %q", s, got)
		}
	}
	if got := harmlessWords("windows", `Q3 "plan" $5 – می‌رود`); got != "Q3 'plan' ＄5 – می رود" {
		t.Errorf("an honest subject becomes %q", got)
	}
	const subject = "<a href=x>y</a>"
	b := newBench(t, func(b *bench) {
		b.put(b.folder(b.imap, "INBOX"), 90, sampleMail{from: "Eve <eve@example.org>", subject: subject, at: today, text: "x"})
	})
	desk := &desktopNotes{App: b.app}
	b.w.notify.env.app = desk
	b.w.notify.focused = false
	b.w.notify.Arrived([]mail.MessageID{b.ids[subject]})
	b.until("the notification", func() bool { return len(desk.shown) == 1 })
	if got := desk.shown[0]; got.Title != "Eve" || got.Content != harmlessWords(runtime.GOOS, subject) || got.Content == subject && runtime.GOOS != "windows" {
		t.Errorf("the desktop gets %q", got)
	}
}

// desktopNotes keeps what would be shown on the desktop.
type desktopNotes struct {
	fyne.App
	shown []*fyne.Notification
}

func (d *desktopNotes) SendNotification(n *fyne.Notification) { d.shown = append(d.shown, n) }
