package ui

import (
	"context"
	"time"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// Folders in which new mail shows at once: a mark of the user on a folder, and what the server makes of it.

// listenWords say how soon new mail shows in a folder.
func listenWords(l mail.Listening) string {
	if l.Now {
		return lang.T("listen.now")
	}
	why := lang.T("listen." + string(l.Why))
	if l.Why == mail.ListenNotConnected {
		return why
	}
	return lang.T("problem.with.advice", why, lang.N("listen.poll", int(l.Every/time.Minute)))
}

// canListen reports whether a folder can be marked. The inbox is always listened to.
func canListen(f mail.Folder) bool {
	return !f.Local && f.Selectable && !f.Missing && f.Role != mail.RoleInbox && f.Role != mail.RoleFlagged
}

// listenItem is the line of a folder's menu; nil where it cannot be marked.
func (w *MainWindow) listenItem(f mail.Folder) *kit.MenuItem {
	if !canListen(f) {
		return nil
	}
	m := kit.Item(lang.T("cmd.listen"), icons.Bell, func() { w.listen(f, !f.Listen) })
	m.Checked = f.Listen
	return m
}

// shownListenable is the folder in the list, when it can be marked; while the box searches for the command, the one that was.
func (w *MainWindow) shownListenable() (mail.Folder, bool) {
	place := w.list.place
	if place.Kind == model.PlaceSearch {
		place = w.before.place
	}
	f, ok := w.env.tree.Folder(place.Folder)
	return f, ok && place.Kind == model.PlaceFolder && canListen(f)
}

// listenTime is after what time it is told whether the server takes part.
const listenTime = 3 * time.Second

// listen marks a folder or takes the mark away, and says what comes of it: at once what is known, and a little later when it turns
// out otherwise.
func (w *MainWindow) listen(f mail.Folder, on bool) {
	w.env.loop.Serial(func(ctx context.Context) func() {
		err := w.env.engine.Listen(ctx, f.ID, on)
		return func() {
			switch {
			case err != nil:
				w.fail(lang.T("fail.action"), err)
			case on:
				w.tellListening(f, mail.Listening{Now: true, Why: mail.ListenNotConnected})
				w.env.loop.After(listenTime, func() { w.tellListening(f, mail.Listening{Now: true}) })
			default:
				kit.ShowToast(w.env.win, lang.T("listen.stopped", folderTitle(f)), toastTime, kit.Action{Text: lang.T("cmd.undo"), Do: func() { w.listen(f, true) }})
			}
		}
	})
}

// tellListening says how soon new mail shows in a folder, unless that is what was told or may still change.
func (w *MainWindow) tellListening(f mail.Folder, told mail.Listening) {
	w.env.loop.Go(func(ctx context.Context) func() {
		all, err := w.env.engine.Listening(ctx)
		return func() {
			l, ok := all[f.ID]
			if err != nil || !ok {
				return
			}
			w.folders.Read()
			waiting := !l.Now && l.Why == told.Why // it is being connected
			if waiting {
				l = mail.Listening{Now: true}
			}
			if told.Why == "" && l.Now {
				return
			}
			kit.ShowToast(w.env.win, lang.Dots(folderTitle(f), listenWords(l)), toastTime, kit.Action{Text: lang.T("cmd.undo"), Do: func() { w.listen(f, false) }})
		}
	})
}
