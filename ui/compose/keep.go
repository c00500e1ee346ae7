package compose

import (
	"context"
	"errors"
	"strings"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// changed is called for every change by the user.
func (w *Window) changed() {
	w.touched, w.dirty = true, true
	if w.complained {
		w.putBack = nil
		w.tell(kit.LevelInfo, "")
		w.weigh() // what was told instead
	}
	if w.stopTimer != nil {
		w.stopTimer()
	}
	w.stopTimer = w.opt.Loop.After(saveAfter, func() { w.save(nil) })
	if w.stopLatest == nil {
		w.stopLatest = w.opt.Loop.After(saveLatest, func() { w.save(nil) })
	}
}

// stopClocks ends the waiting to store.
func (w *Window) stopClocks() {
	for _, stop := range []*func(){&w.stopTimer, &w.stopLatest} {
		if *stop != nil {
			(*stop)()
			*stop = nil
		}
	}
}

// save stores the draft; then is called on the UI thread once that is done, also when there was nothing to do.
func (w *Window) save(then func(ok bool)) {
	w.stopClocks()
	if w.finished || !w.dirty && w.saving == 0 {
		if then != nil {
			then(true)
		}
		return
	}
	if !w.dirty { // what is on its way may fail yet
		w.opt.Loop.Serial(func(context.Context) func() { return func() { w.save(then) } })
		return
	}
	w.dirty = false
	w.saving++
	now := w.snapshot()
	w.opt.Loop.Serial(saveWork(w.opt.Engine, now, w.stored, func(d mail.Draft, err error) {
		w.saving--
		var unread *mail.UnreadFiles
		if err != nil && !errors.As(err, &unread) {
			w.dirty = true
			w.tell(kit.LevelError, lang.T("compose.save.failed", lang.ErrorWords(err)))
			if then != nil {
				then(false)
			}
			return
		}
		w.draft.ID, w.draft.HeaderID, w.draft.Versions, w.draft.Modified = d.ID, d.HeaderID, d.Versions, d.Modified
		w.draft.Copy, w.draft.Kept = d.Copy, d.Kept
		w.files.refresh(now.d.Attachments, d.Attachments) // read into the store by now
		w.pictures.refresh(d.Attachments)
		w.storedAt = w.opt.Now()
		w.showSaved()
		w.files.missing(unread, w.sending)
		if then != nil {
			then(unread == nil || !w.sending) // the text is stored; without a file it is not sent
		}
	}))
}

// showSaved says when the draft was stored, and leads to its earlier versions.
func (w *Window) showSaved() {
	at, now := w.storedAt.In(w.opt.Now().Location()), w.opt.Now()
	when := lang.Time(at)
	if at.YearDay() != now.YearDay() || at.Year() != now.Year() {
		when = lang.Dots(lang.Date(at), when)
	}
	text := lang.T("compose.saved", when)
	if n := w.draft.Versions; n > 1 {
		text = lang.Dots(text, lang.N("compose.versions", n))
	}
	w.saved.SetText(text)
	w.saved.Show()
}

// showVersions offers the earlier versions of the draft.
func (w *Window) showVersions() {
	if w.draft.ID == 0 {
		return
	}
	w.opt.Loop.Go(versionsWork(w.opt.Engine, w.draft.ID, func(list []mail.Draft, err error) {
		if err != nil || len(list) == 0 {
			w.tell(kit.LevelInfo, lang.T("compose.versions.none"))
			return
		}
		var items []*kit.MenuItem
		for _, v := range list {
			first, _, _ := strings.Cut(strings.TrimSpace(v.Text), "\n")
			if r := []rune(first); len(r) > 40 {
				first = string(r[:40]) + "…"
			}
			at := v.Modified.In(w.opt.Now().Location())
			items = append(items, kit.Item(lang.Dots(lang.FullDate(at), model.Visible(first)), icons.History, func() { w.restore(v) }).With(lang.OtherDate(at)))
		}
		kit.ShowMenuBelow(w.saved, items...)
	}))
}

// restore brings an earlier version back; what stood in the window becomes a version itself.
func (w *Window) restore(v mail.Draft) {
	w.dirty = true
	w.save(func(ok bool) {
		if !ok {
			return
		}
		v.ID, v.HeaderID, v.Copy, v.Kept = w.draft.ID, w.draft.HeaderID, w.draft.Copy, w.draft.Kept
		w.load(v)
		w.changed()
	})
}

// empty reports whether there is nothing worth keeping.
func (w *Window) empty() bool {
	d := w.Draft()
	if d.Resend {
		return w.onlyAlways(d)
	}
	return w.onlyAlways(d) && len(w.files.list) == 0 && d.Subject == "" && w.blank()
}

// Close stores what is there and closes the window; an empty message leaves nothing behind. One that is being sent closes by itself, and stays
// where that fails.
func (w *Window) Close() {
	switch {
	case w.sending, w.finished:
	case w.empty() && w.draft.ID != 0:
		w.drop(w.opt.Discarded) // it may have been emptied by a slip of the hand
	case !w.touched && w.draft.ID == 0:
		w.drop(nil)
	case w.empty():
		w.gone()
	default:
		w.save(func(ok bool) {
			if ok {
				w.gone()
			}
		})
		if w.touched { // behind the save, so also when the program ends
			w.opt.Loop.Serial(keepWork(w.opt.Engine, w.stored))
		}
	}
}

// Store stores what was written, also for the server's Drafts folder, without closing; then is called on the UI thread, with ok false where it
// could not be stored here.
func (w *Window) Store(then func(ok bool)) {
	if w.finished || w.empty() || !w.touched {
		then(true)
		return
	}
	w.save(func(ok bool) {
		if !ok {
			then(false)
			return
		}
		keep := keepWork(w.opt.Engine, w.stored)
		w.opt.Loop.Serial(func(ctx context.Context) func() {
			keep(ctx)
			return func() { then(true) }
		})
	})
}

// Discard throws the draft away, so that it can be brought back: what was written is stored first. A draft that so far is only in the Drafts
// folder of the server goes there.
func (w *Window) Discard() {
	if w.sending || w.finished {
		return
	}
	switch {
	case w.draft.ID == 0 && w.draft.Copy != 0:
		w.dirty, w.touched = true, true
	case w.empty(), !w.touched:
		w.drop(w.opt.Discarded)
		return
	}
	w.save(func(ok bool) {
		if ok {
			w.drop(w.opt.Discarded)
			return
		}
		kit.Confirm(w.win, lang.T("compose.discard.title"), lang.T("compose.discard.text"), lang.T("compose.discard"), true, func() { w.drop(nil) })
	})
}

// drop throws the draft away and closes the window; then, which may be nil, is told of a draft that was stored.
func (w *Window) drop(then func(mail.DraftID)) {
	w.finished = true
	w.stopClocks()
	w.opt.Loop.Serial(discardWork(w.opt.Engine, w.stored, func(id mail.DraftID) { // behind a save that is on its way
		if then != nil {
			then(id)
		}
	}))
	w.gone()
}

// gone closes the window for good.
func (w *Window) gone() {
	w.finished = true
	w.stopClocks()
	w.stopLanguage()
	kit.Dismiss(w.win)
	w.win.SetCloseIntercept(nil)
	w.win.Close()
	if w.opt.Closed != nil {
		w.opt.Closed()
	}
}
