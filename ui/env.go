package ui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/store"
	"peyk/ui/filepick"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// Openers open the windows that live in packages of their own. One that is nil is not offered.
type Openers struct {
	// Compose opens a draft for writing.
	Compose func(d mail.Draft)
	// GoOn is Compose for somebody who is typing: what is typed elsewhere until the window has the keyboard is given to typed. nil: Compose does.
	GoOn func(d mail.Draft) (typed func(text string))
	// AddAccount opens the wizard.
	AddAccount func()
	// EditAccount opens the settings of an account.
	EditAccount func(id mail.AccountID)
}

// env is what the parts of the main window share. It belongs to the UI thread.
type env struct {
	app    fyne.App
	win    fyne.Window
	store  *store.Store
	engine Engine
	loop   *loop
	open   Openers
	now    func() time.Time
	prefs  model.Prefs
	tree   *model.Tree
	act    *actions
	copies *openCopies
	// known are the domains of people the user wrote to.
	known []string
	// shownImages are the messages whose remote images the reader asked to see, until the program ends.
	shownImages map[mail.MessageID]bool
	// chooser asks for files and folders.
	chooser *filepick.Chooser
	// printing hands files to printers.
	printing Printing
	// fail tells a failure that nobody else tells: in the status bar, as a sentence.
	fail func(what string, err error)
	// hint shows words in the status bar while the pointer rests on something, "" takes them away.
	hint func(words string)
}

// mine lists the addresses the user writes as.
func (e *env) mine() []mail.Address {
	var out []mail.Address
	for _, a := range e.tree.Accounts() {
		out = append(out, mail.Address{Name: a.DisplayName, Addr: a.Email})
		for _, i := range a.Identities {
			out = append(out, mail.Address{Name: i.Name, Addr: i.Addr})
		}
	}
	return out
}

// isMe reports whether an address is one that the user writes as.
func (e *env) isMe(a mail.Address) bool {
	for _, m := range e.mine() {
		if m.Addr != "" && strings.EqualFold(m.Addr, a.Addr) {
			return true
		}
	}
	return false
}

// undoSend is how long a message waits in the outbox before it goes, so that sending can be taken back.
func (e *env) undoSend() time.Duration { return time.Duration(e.prefs.UndoSend) * time.Second }

// toastSent says that something was sent, and lets it be taken back while it waits in the outbox.
func (e *env) toastSent(words string, back func()) {
	wait := e.undoSend()
	if wait <= 0 {
		kit.ShowToast(e.win, words, toastTime)
		return
	}
	wait -= wait / 10
	e.takeBack(words, wait, e.now().Add(wait), back)
}

// takeBack shows for a while that something is sent, and lets it be taken back until then by the toast, and by Ctrl+Z, once.
func (e *env) takeBack(words string, shown time.Duration, until time.Time, back func()) {
	undo := e.act.Sending(until, func() { kit.HideToast(e.win); back() })
	kit.ShowToast(e.win, words, shown, kit.Action{Text: lang.T("cmd.undo"), Do: undo})
}

// isDraft reports whether a message lies in a Drafts folder: it is written on rather than read.
func (e *env) isDraft(r mail.Row) bool {
	f, ok := e.tree.Folder(r.Folder)
	return ok && f.Role == mail.RoleDrafts
}
