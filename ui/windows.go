package ui

import (
	"context"
	"image"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"peyk/internal/mail"
	"peyk/ui/compose"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/setup"
	"peyk/ui/theme"
)

// The other windows: the wizard (also in place of an empty main window) and the account settings.

// fillOpeners gives the windows that nobody else opens.
func (w *MainWindow) fillOpeners() {
	o := &w.env.open
	if o.Compose == nil {
		o.Compose = w.openDraft
		o.GoOn = func(d mail.Draft) func(string) { return w.draftWindow(d).Type }
	}
	if o.AddAccount == nil {
		o.AddAccount = w.addAccount
	}
	if o.EditAccount == nil {
		o.EditAccount = w.editAccount
	}
}

// openDraft opens a message for writing; one that is open already comes to the front, also a new one in which nothing was written.
func (w *MainWindow) openDraft(d mail.Draft) { w.draftWindow(d) }

// draftWindow is openDraft, and the window.
func (w *MainWindow) draftWindow(d mail.Draft) *compose.Window {
	for c := range w.writing {
		if c.Writes(d) || c.Awaits(d) {
			c.Raise()
			return c
		}
	}
	var c *compose.Window
	c = compose.Open(w.env.app, d, compose.Options{
		Engine: w.env.engine, People: w.env.store, Loop: w.env.loop, Accounts: w.env.tree.Accounts(), Now: w.env.now, Files: w.env.chooser, UndoSend: w.env.undoSend(),
		Shown:     w.shownPictures(d.Source),
		Folder:    w.env.copies.Make,
		Sent:      w.sent,
		Discarded: func(id mail.DraftID) { w.unsent.DraftsDiscarded([]mail.DraftID{id}, w.unsent.writeOn) },
		Closed:    func() { delete(w.writing, c) },
	})
	w.writing[c] = true
	return c
}

// shownPictures are the pictures on servers that the reader has of a message, where it is open; nil: it is not.
func (w *MainWindow) shownPictures(id mail.MessageID) func(url string) image.Image {
	panes := []*readerPane{w.reader}
	for v := range w.windows {
		panes = append(panes, v.pane)
	}
	for _, p := range panes {
		if p == nil || p.inside {
			continue
		}
		for _, m := range p.views() {
			if m.row.ID == id {
				return m.remote.have
			}
		}
	}
	return nil
}

// sent says that a message is on its way, and lets it be taken back while it waits. later is when it goes by the user's wish,
// zero: now.
func (w *MainWindow) sent(id mail.OutboxID, later time.Time) {
	back := func() { w.unsent.EditOutbox(id) }
	if later.IsZero() {
		w.env.toastSent(lang.T("sent.now"), back)
		return
	}
	w.env.takeBack(lang.T("sent.later", lang.FullDate(later.In(w.env.now().Location()))), toastTime, later, back)
}

// firstStart shows the wizard in the main window while there is no account, and the mail once there is one.
func (w *MainWindow) firstStart() {
	none := len(w.env.tree.Accounts()) == 0
	if none == w.wizard {
		return
	}
	w.wizard = none
	if !none {
		w.build()
		w.Start(nil)
		return
	}
	var load func()
	if w.deps.Transfer != nil {
		load = w.importMail
	}
	z := setup.NewWizard(w.env.win, setup.WizardOptions{
		Engine: w.env.engine, Loop: w.env.loop, Demo: w.deps.Demo, Import: load,
		Done:   func(mail.AccountID) { w.folders.Read() },
		Manual: func(a mail.Account, s mail.Secrets) { w.accountWindow(a, s) },
	})
	w.showWizard = func() {
		kit.SetContent(w.env.win, kit.NewSurface(theme.BG, container.New(columnLayout{wizardWidth, wizardHeight}, z.Content())))
	}
	w.showWizard()
	w.env.loop.After(50*time.Millisecond, z.Focus) // once it is on the screen
}

// The wizard's size, also in the middle of a larger window.
const (
	wizardWidth  = 760
	wizardHeight = 690
)

// columnLayout puts its child in the middle, no larger than it looks good.
type columnLayout struct{ width, height float32 }

// Layout implements fyne.Layout.
func (l columnLayout) Layout(objs []fyne.CanvasObject, s fyne.Size) {
	w, h := min(s.Width, l.width), min(s.Height, l.height)
	for _, o := range objs {
		o.Resize(fyne.NewSize(w, h))
		o.Move(fyne.NewPos((s.Width-w)/2, (s.Height-h)/3))
	}
}

// MinSize implements fyne.Layout.
func (columnLayout) MinSize(objs []fyne.CanvasObject) fyne.Size { return objs[0].MinSize() }

// addAccount opens the wizard in a window of its own.
func (w *MainWindow) addAccount() {
	win := w.env.app.NewWindow("")
	z := setup.NewWizard(win, setup.WizardOptions{
		Engine: w.env.engine, Loop: w.env.loop,
		Done: func(mail.AccountID) { win.Close() },
		Manual: func(a mail.Account, s mail.Secrets) {
			win.Close()
			w.accountWindow(a, s)
		},
		Cancel: win.Close,
	})
	show := func() {
		win.SetTitle(lang.Plain(lang.T("cmd.addaccount")))
		kit.SetContent(win, z.Content())
	}
	show()
	z.Keys()
	deaf := lang.OnChange(show)
	win.SetOnClosed(func() {
		deaf()
		z.Stop() // who closes the window does not want the account
	})
	win.Resize(fyne.NewSize(wizardWidth, wizardHeight))
	win.Show()
	kit.FitScreen(win)
	z.Focus()
}

// accountForm is a window with the settings of an account.
type accountForm struct {
	id   mail.AccountID // 0: of a new one
	win  fyne.Window
	form *setup.Settings
}

// formOf finds the settings of an account that are open.
func (w *MainWindow) formOf(id mail.AccountID) *accountForm {
	for f := range w.forms {
		if f.id == id && id != 0 {
			return f
		}
	}
	return nil
}

// editAccount opens the settings of a stored account; those that are open already come to the front: two windows would each take back what the other
// has saved.
func (w *MainWindow) editAccount(id mail.AccountID) {
	if f := w.formOf(id); f != nil {
		f.win.RequestFocus()
		return
	}
	w.env.loop.Go(func(ctx context.Context) func() {
		a, err := w.env.store.Account(ctx, id)
		return func() {
			if err != nil {
				w.fail(lang.T("fail.account"), err)
				return
			}
			if w.formOf(id) == nil { // a second click meanwhile
				w.accountWindow(a, mail.Secrets{})
			}
		}
	})
}

func (w *MainWindow) accountWindow(a mail.Account, s mail.Secrets) {
	f := &accountForm{id: a.ID, win: w.env.app.NewWindow("")}
	end := func() { kit.Dismiss(f.win); f.win.Close() } // a test of the servers ends with its dialog
	show := func(form *setup.Settings) {
		f.form = form
		f.win.SetTitle(lang.Plain(form.Title()))
		kit.SetContent(f.win, form.Content())
		form.Keys()
	}
	opt := setup.SettingsOptions{
		Engine: w.env.engine, Folders: w.env.store, Loop: w.env.loop, Files: w.env.chooser, Close: end,
		Saved: func(mail.AccountID) { end() }, Removed: end, Replaced: show,
	}
	show(setup.NewSettings(f.win, a, s, opt))
	if a.ID == 0 && a.Email != "" { // from the wizard, which knows all but the servers
		f.form.Choose(setup.TabServers)
	}
	deaf := lang.OnChange(func() { show(f.form.Again(opt)) })
	w.forms[f] = true
	f.win.SetOnClosed(func() {
		deaf()
		delete(w.forms, f)
	})
	f.win.SetCloseIntercept(func() { f.form.Leave() })
	f.win.Resize(fyne.NewSize(820, 700))
	f.win.Show()
	kit.FitScreen(f.win)
}

// unsavedForm asks about settings of an account that were changed and are not saved; it reports whether there are such.
func (w *MainWindow) unsavedForm() bool {
	for f := range w.forms {
		if !f.form.Changed() {
			continue
		}
		f.win.RequestFocus()
		if f.win.Canvas().Overlays().Top() == nil {
			f.form.Leave()
		}
		return true
	}
	return false
}
