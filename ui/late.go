package ui

import (
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// tellLate says that messages went later than the user chose, here and, where the user does not look at the window, on the desktop. Activity keeps it.
func (w *MainWindow) tellLate(list []mail.Late) {
	words := lateWords(list[0], w.env.now().Location())
	if len(list) > 1 {
		words = lang.N("outbox.late.many", len(list))
	}
	kit.ShowNotice(w.env.win, words, lateTime, kit.Action{Text: lang.T("cmd.activity"), Do: w.activity.Show})
	if w.env.prefs.Notify && !w.notify.focused {
		w.notify.send(fyne.NewNotification(lang.Plain(lang.T("app.name")), lang.Plain(words)))
	}
}

// lateTime is how long it is shown: the computer was off, so whoever starts it may be looking at other things first.
const lateTime = 30 * time.Second

// lateWords tell when a message was sent, and when it was to be.
func lateWords(l mail.Late, zone *time.Location) string {
	subject := model.Visible(l.Subject)
	if subject == "" {
		subject = lang.T("list.no.subject")
	}
	sent, planned := l.Sent.In(zone), l.Planned.In(zone)
	if sent.YearDay() == planned.YearDay() && sent.Year() == planned.Year() {
		return lang.T("outbox.late", subject, lang.Time(sent), lang.Time(planned))
	}
	return lang.T("outbox.late", subject, lang.FullDate(sent), lang.FullDate(planned))
}
