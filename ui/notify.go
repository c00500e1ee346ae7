package ui

import (
	"context"
	"runtime"
	"strconv"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// notifier tells the desktop about new mail, and the title about what is unread.
type notifier struct {
	env *env
	// focused reports whether the user is looking at the window.
	focused bool
}

// Arrived tells about new mail, unless the user is looking at the window.
func (n *notifier) Arrived(ids []mail.MessageID) {
	if len(ids) == 0 || !n.env.prefs.Notify || n.focused {
		return
	}
	n.env.loop.Go(func(ctx context.Context) func() {
		rows, err := n.env.store.Rows(ctx, ids[:min(len(ids), 50)])
		if err != nil {
			return nil // the mail is in the list all the same
		}
		return func() {
			var fresh []mail.Row
			for _, r := range rows {
				if r.Unread() {
					fresh = append(fresh, r)
				}
			}
			if len(fresh) > 0 {
				n.send(notification(fresh, len(ids)))
			}
		}
	})
}

// Returned tells that the time of snoozed messages is over.
func (n *notifier) Returned(ids []mail.MessageID) {
	if len(ids) == 0 || !n.env.prefs.Notify || n.focused {
		return
	}
	n.env.loop.Go(func(ctx context.Context) func() {
		rows, err := n.env.store.Rows(ctx, ids[:min(len(ids), 50)])
		if err != nil || len(rows) == 0 {
			return nil // they stand first in the list all the same
		}
		return func() {
			note := notification(rows, len(ids))
			if len(ids) > 1 {
				note.Title = lang.Plain(lang.N("notify.returned.many", len(ids)))
			} else {
				note.Title = lang.Plain(lang.T("notify.returned", note.Title))
			}
			n.send(note)
		}
	})
}

// send shows a notification. Whoever writes to the user writes its words.
func (n *notifier) send(note *fyne.Notification) {
	n.env.app.SendNotification(fyne.NewNotification(harmlessWords(runtime.GOOS, note.Title), harmlessWords(runtime.GOOS, note.Content)))
}

// harmlessWords are words that a desktop shows as they are. Fyne hands them to it in ways that have a grammar: on Windows as a string in a
// script of PowerShell, where a quotation mark ends it and $( ) is carried out; elsewhere as text that may hold markup, of which some
// desktops follow links and pictures. What would mean something there gives way to a character that looks like it.
func harmlessWords(goos, words string) string {
	var out strings.Builder
	for _, r := range words {
		switch {
		case goos != "windows" && r == '<':
			r = '‹'
		case goos != "windows" && r == '>':
			r = '›'
		case goos != "windows":
		case strings.ContainsRune("\"“”„‟`", r): // PowerShell takes the typographic ones for the same
			r = '\''
		case r == '$':
			r = '＄'
		case r == '\\':
			r = '＼'
		case r == '\u200c' || unicode.IsSpace(r): // what a script can only say by an escape is written out there
			r = ' '
		case !strconv.IsPrint(r):
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}

// notification is one message in its own words, or how many there are.
func notification(rows []mail.Row, all int) *fyne.Notification {
	if all == 1 {
		who := model.ShownName(firstOf(rows[0].From))
		if who == "" {
			who = lang.T("list.no.sender")
		}
		text := model.Visible(rows[0].Subject)
		if text == "" {
			text = lang.T("list.no.subject")
		}
		return fyne.NewNotification(lang.Plain(who), lang.Plain(text))
	}
	var from []mail.Address
	seen := map[string]bool{}
	for _, r := range rows {
		if a := firstOf(r.From); !seen[a.Addr] {
			seen[a.Addr] = true
			from = append(from, a)
		}
	}
	return fyne.NewNotification(lang.Plain(lang.N("notify.title", all)), lang.Plain(namesOf(from)))
}

// Title shows the number of unread messages in the title of the window.
func (n *notifier) Title(unread int) {
	t := lang.T("app.name")
	if unread > 0 {
		t = "(" + lang.Num(unread) + ") " + t
	}
	if t = lang.Plain(t); n.env.win.Title() != t {
		n.env.win.SetTitle(t)
	}
}
