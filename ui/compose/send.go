package compose

import (
	"image/color"
	"net/url"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/internal/mail"
	"peyk/internal/richtext"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// Send checks the message and puts it into the outbox.
func (w *Window) Send() { w.check(time.Time{}) }

// check asks about what looks forgotten, then sends at a moment, zero: now.
func (w *Window) check(later time.Time) {
	if w.finished || w.sending || w.waits(later) {
		return
	}
	for _, r := range []*recipients{w.to, w.cc, w.bcc} {
		r.commit()
		if bad, yes := r.firstBad(); yes {
			w.complain(lang.T("compose.address.bad", bad))
			r.entry.Focus()
			return
		}
	}
	d := w.Draft()
	switch {
	case len(w.senders) == 0:
		w.complain(lang.T("compose.noaccount"))
	case w.onlyAlways(d):
		w.complain(lang.T("compose.norecipient"))
		w.to.entry.Focus()
	case w.risky() != "" && w.risky() != w.accepted:
		risk := w.risky()
		w.ask(lang.T("compose.risk.title"), risk, w.to.entry.Focus, func() { w.accepted = risk; w.check(later) })
	case d.Subject == "" && !d.Resend:
		w.ask(lang.T("compose.nosubject.title"), lang.T("compose.nosubject.text"), w.subject.Focus, func() { w.checkFiles(d, later) })
	default:
		w.checkFiles(d, later)
	}
}

// complain says what keeps the message from being sent, until something is changed.
func (w *Window) complain(words string) {
	w.tell(kit.LevelError, words)
	w.complained = true
}

// ask asks whether to send all the same; after a no the keyboard is where back puts it, at what was asked about.
func (w *Window) ask(title, text string, back, send func()) {
	d := kit.Confirm(w.win, title, text, lang.T("compose.send.anyway"), false, send)
	d.OnClose = back
}

// risky says which recipients may deceive, "" for none. What is only mistyped perhaps is shown, not asked about.
func (w *Window) risky() string {
	var lines []string
	for _, r := range []*recipients{w.to, w.cc, w.bcc} {
		for _, a := range r.list {
			if f, ok := w.people.judge(a); ok && f.Why != model.SuspectTypo {
				words := r.risk(a)
				lines = append(lines, lang.T("compose.risk.line", model.VisibleName(a.Addr), words))
			}
		}
	}
	return strings.Join(lines, "\n")
}

func (w *Window) checkFiles(d mail.Draft, later time.Time) {
	size := estimate(d)
	if over := w.tooLarge(size); over != "" && size > w.weight.accepted {
		w.ask(lang.T("compose.attach.over.title"), lang.T("compose.attach.over.text", over), w.body.Focus, func() { w.weight.accepted = size; w.checkFiles(d, later) })
		return
	}
	if len(w.files.list) == 0 && promisesAttachment(d.Text) {
		w.ask(lang.T("compose.noattachment.title"), lang.T("compose.noattachment.text"), w.body.Focus, func() { w.submit(later) })
		return
	}
	w.submit(later)
}

// submit stores the draft first, so that a failure of the outbox loses nothing, and hands it over. Until that is done nothing else is: keys
// that are pressed again would send it again.
func (w *Window) submit(later time.Time) {
	w.dirty = true
	w.hold()
	w.save(func(ok bool) {
		if !ok {
			w.release()
			return
		}
		at := later
		if at.IsZero() {
			at = w.opt.Now().Add(w.opt.UndoSend)
		}
		w.opt.Loop.Serial(sendWork(w.opt.Engine, w.snapshot(), at, func(id mail.OutboxID, err error) {
			w.release()
			if err != nil {
				w.tell(kit.LevelError, lang.T("compose.send.failed", lang.ErrorWords(err)))
				return
			}
			w.finished = true
			w.gone()
			if w.opt.Sent != nil {
				w.opt.Sent(id, later)
			}
		}))
	})
}

// hold keeps the message as it is while it is handed over: what was typed then would be in nothing that is sent or stored. The window looks the same, because that mostly
// takes a moment; what it wants to tell is shown behind.
func (w *Window) hold() {
	w.sending = true
	w.send.Disable()
	cover := canvas.NewRectangle(color.Transparent)
	cover.Resize(w.win.Canvas().Size())
	w.cover = cover
	w.win.Canvas().Overlays().Add(cover)
}

// release lets it be written on.
func (w *Window) release() {
	w.sending = false
	w.send.Enable()
	w.win.Canvas().Overlays().Remove(w.cover)
	w.cover = nil
}

// promiseWords are words that announce an attachment, in the languages Peyk's users write.
var promiseWords = []string{"attached", "attachment", "enclosed", "پیوست", "ضمیمه", "anbei", "im anhang", "angehängt", "beigefügt", "anhänge", "مرفق", "ارفقت", "أرفقت", "طيه"}

// promisesAttachment reports whether the text the user wrote (not what is quoted) announces an attachment.
func promisesAttachment(text string) bool {
	for _, line := range strings.Split(strings.ToLower(text), "\n") {
		if strings.HasPrefix(line, ">") {
			continue
		}
		if line == richtext.SignatureMark || forwardRule(line) { // a signature, a forwarded text
			return false
		}
		for _, w := range promiseWords {
			if strings.Contains(line, w) {
				return true
			}
		}
	}
	return false
}

// attach lets the user pick files; they are read when the draft is saved.
func (w *Window) attach() {
	if w.draft.Resend {
		return
	}
	w.opt.Files.Files(w.win, lang.T("files.title.attach"), w.files.addFiles)
}

// fileRemoved says that a file was taken out, and offers to put it back until something else is changed.
func (w *Window) fileRemoved(x mail.DraftAttachment, back func()) {
	w.putBack = func() {
		w.tell(kit.LevelInfo, "")
		w.putBack = nil
		back()
	}
	w.tell(kit.LevelInfo, lang.T("compose.attach.removed", model.VisibleName(x.Name)), kit.Action{Text: lang.T("cmd.undo"), Do: w.undoRemoval})
	w.complained = true
}

func (w *Window) undoRemoval() {
	if w.putBack != nil {
		w.putBack()
	}
}

// dropped takes files dragged into the window: pictures over the text go into it, everything else is attached.
func (w *Window) dropped(pos fyne.Position, uris []fyne.URI) {
	if w.sending { // the driver asks nothing that covers the window; see hold
		return
	}
	var paths []string
	for _, u := range uris {
		if u.Scheme() == "file" {
			paths = append(paths, u.Path())
		}
	}
	w.takeFiles(paths, w.body.Under(pos))
}

// takeFiles attaches files; into says that pictures are meant for the text.
func (w *Window) takeFiles(paths []string, into bool) {
	if w.draft.Resend {
		return
	}
	var inner, rest []string
	for _, p := range paths {
		if into && !w.plain && isPicture(p) {
			inner = append(inner, p)
		} else {
			rest = append(rest, p)
		}
	}
	w.insertPictures(inner)
	if len(rest) > 0 {
		w.files.addFiles(rest)
	}
}

// filesIn reads a list of file URLs, as file managers drop and copy them; nil when it is something else.
func filesIn(s string) []string {
	var paths []string
	for _, line := range strings.Fields(s) {
		u, err := url.Parse(line)
		if err != nil || u.Scheme != "file" || u.Path == "" || u.Host != "" && u.Host != "localhost" {
			return nil
		}
		paths = append(paths, u.Path)
	}
	return paths
}

// droppedText takes text dropped on the editor: files are taken, everything else is inserted.
func (w *Window) droppedText(s string) {
	if paths := filesIn(s); len(paths) > 0 {
		w.takeFiles(paths, true)
		return
	}
	w.body.Insert(s)
}

// pasted takes files out of the clipboard, and reports whether it held any.
func (w *Window) pasted(s string) bool {
	paths := filesIn(s)
	if len(paths) > 0 {
		w.takeFiles(paths, true)
	}
	return len(paths) > 0
}

// shortcuts work wherever the keyboard is in the window.
func (w *Window) shortcuts() {
	c := w.win.Canvas()
	add := func(key fyne.KeyName, mod fyne.KeyModifier, f func()) {
		c.AddShortcut(&desktop.CustomShortcut{KeyName: key, Modifier: mod}, func(fyne.Shortcut) {
			if c.Overlays().Top() == nil { // a dialog waits for its answer first
				f()
			}
		})
	}
	c.AddShortcut(&fyne.ShortcutUndo{}, func(fyne.Shortcut) { // what no field has taken for itself
		if c.Overlays().Top() == nil {
			w.undoRemoval()
		}
	})
	ctrl := fyne.KeyModifierShortcutDefault
	add(fyne.KeyReturn, ctrl, w.Send)
	add(fyne.KeyEnter, ctrl, w.Send)
	add(fyne.KeyS, ctrl, func() { w.dirty = true; w.save(nil) })
	add(fyne.KeyW, ctrl, w.Close)
	add(fyne.KeyA, ctrl|fyne.KeyModifierShift, w.attach)
	add(fyne.KeyK, ctrl, w.editLink)
	add(fyne.KeyX, ctrl|fyne.KeyModifierShift, func() {
		if !w.draft.Resend {
			w.body.ToggleDirection()
		}
	})
}
