package ui

import (
	"time"

	"peyk/internal/mail"
	"peyk/ui/compose"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// canSnooze reports whether the selected messages can wait: what is being written has other ways.
func (w *MainWindow) canSnooze() bool {
	return w.someSelected() && w.allSelected(func(r mail.Row) bool { return !w.env.isDraft(r) })
}

// snoozedSelected reports whether all selected messages wait.
func (w *MainWindow) snoozedSelected() bool {
	return w.someSelected() && w.allSelected(func(r mail.Row) bool { return !r.Snoozed.IsZero() })
}

// snooze offers moments until which the selected messages wait, below the tools.
func (w *MainWindow) snooze() {
	kit.ShowMenuBelow(w.tools.button("tag"), w.snoozeItems()...)
}

func (w *MainWindow) unsnooze() { w.act(mail.Action{Kind: mail.ActUnsnooze}) }

// snoozeItems are the moments, for the messages that are selected now.
func (w *MainWindow) snoozeItems() []*kit.MenuItem {
	ids, now, win := w.chosen(), w.env.now(), w.pane().env.win
	until := func(t time.Time) { w.snoozeUntil(ids, t) }
	var items []*kit.MenuItem
	for _, m := range compose.Moments(now) {
		items = append(items, kit.Item(m.Words, icons.Clock, func() { until(m.At) }).With(m.Other))
	}
	first := time.Time{}
	if r := firstRow(w.chosenRows()); r.Snoozed.After(now) {
		first = r.Snoozed
	}
	items = append(items, kit.MenuLine(), kit.Item(lang.T("compose.later.other"), icons.Calendar, func() {
		compose.AskTime(win, compose.TimeQuestion{Title: lang.T("snooze.title"), OK: lang.T("snooze.ok"), Words: func(t time.Time) string {
			return lang.T("snooze.until", lang.FullDate(t))
		}}, now, first, until)
	}))
	if w.snoozedSelected() {
		c := w.byID["unsnooze"]
		items = append(items, kit.MenuLine(), kit.Item(c.title(), c.icon, func() { w.do(mail.Action{Kind: mail.ActUnsnooze, Messages: ids}) }))
	}
	return items
}

func (w *MainWindow) snoozeUntil(ids []mail.MessageID, until time.Time) {
	a := mail.Action{Kind: mail.ActSnooze, Messages: ids, Until: until}
	w.doSaying(a, saying{words: lang.N("did.snooze", len(ids), lang.When(until, w.env.now()))})
}

// takesAway reports whether an action takes messages out of the list that is shown.
func (w *MainWindow) takesAway(k mail.ActionKind) bool {
	switch k {
	case mail.ActSnooze:
		return w.list.place.Kind == model.PlaceInboxes || w.list.place.Kind == model.PlaceFolder
	case mail.ActUnsnooze:
		return w.list.place.Kind == model.PlaceSnoozed
	}
	return leaves(k)
}

// snoozedBanner says above a message that it waits, and offers what can be done about that.
func (m *messageView) snoozedBanner() {
	until := m.content.Row.Snoozed
	if until.IsZero() {
		return
	}
	ids := []mail.MessageID{m.row.ID}
	m.banners.Add(kit.NewBanner(kit.LevelInfo, icons.Clock, lang.T("snooze.banner", lang.FullDate(until.In(m.env.now().Location()))),
		kit.Action{Text: lang.T("cmd.unsnooze"), Do: func() { m.env.act.Do(mail.Action{Kind: mail.ActUnsnooze, Messages: ids}) }}))
}
