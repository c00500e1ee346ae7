package ui

import (
	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// maxOutboxTold is how many messages that could not be sent the activity names.
const maxOutboxTold = 3

// fillOutbox tells how many messages are in the outbox, and of those that could not be sent which and why.
func (a *activity) fillOutbox(items []mail.OutboxItem) {
	a.outbox.RemoveAll()
	if len(items) == 0 {
		return
	}
	lines := kit.VBox(6, kit.HBox(8, kit.NewIcon(icons.Send, theme.Muted, theme.IconSmall), kit.Grow(kit.NewLabel(lang.N("activity.outbox", len(items)), kit.Body).Wrapped()),
		kit.NewButton(kit.Link, lang.T("place.outbox"), "", a.main.showOutbox).Small()))
	told := kit.VBox(6)
	bad := 0
	for _, it := range items {
		if !unsentFor(it) {
			continue
		}
		if bad++; bad <= maxOutboxTold {
			told.Add(a.outboxLine(it))
		}
	}
	if bad > maxOutboxTold {
		told.Add(kit.NewLabel(lang.N("activity.messages.more", bad-maxOutboxTold), kit.Meta))
	}
	if bad > 0 {
		lines.Add(kit.Pad(0, 0, 2, 26, told))
	}
	a.outbox.Add(kit.VBox(0, kit.PadXY(22, 8, lines), kit.HLine()))
}

// unsentFor reports whether something keeps a message from having been sent, other than the user's wish.
func unsentFor(it mail.OutboxItem) bool {
	switch it.State {
	case mail.OutboxFailed, mail.OutboxPartly, mail.OutboxUncertain:
		return true
	case mail.OutboxQueued:
		return it.Reason != ""
	}
	return false
}

func (a *activity) outboxLine(it mail.OutboxItem) *kit.Label {
	subject := model.Visible(it.Subject)
	if subject == "" {
		subject = lang.T("list.no.subject")
	}
	style := kit.Meta
	if it.State != mail.OutboxQueued {
		style = style.With(theme.Danger)
	}
	return kit.NewLabel(lang.Dots(subject, outboxWords(it, a.env.now())), style).Wrapped().Selectable()
}
