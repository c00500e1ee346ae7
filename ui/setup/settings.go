package setup

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/filepick"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// SettingsOptions connect the account settings to what stands around them.
type SettingsOptions struct {
	Engine  Engine
	Folders Folders
	Loop    Loop
	// Files asks for files; nil: a chooser of the form's own.
	Files *filepick.Chooser
	// Saved is called after the account was stored, Removed after it was removed; both may be nil.
	Saved   func(id mail.AccountID)
	Removed func()
	// Close closes the window of the form.
	Close func()
	// Replaced is called with the form that takes the place of this one, for a new account of the other protocol.
	Replaced func(next *Settings)
}

// Tab names a page of the settings.
type Tab int

// The pages, in their order.
const (
	TabGeneral Tab = iota
	TabServers
	TabIdentities
	TabFolders
	TabSecurity
	TabAdvanced
)

// Settings is the form for one account, stored (ID set) or new.
type Settings struct {
	opt     SettingsOptions
	win     fyne.Window
	account mail.Account // as it was opened; fields change copies of it only
	stored  mail.Account // as it was stored when the form was opened
	secrets mail.Secrets // what the wizard knows of a new account
	folders []mail.Folder
	tabs    *kit.Tabs
	problem *fyne.Container
	wrong   entryField // what the problem is about; nil: no field
	kinds   *kit.RadioGroup
	save    *kit.Button
	unsaved bool // it was built with entries that are stored nowhere
	first   entries
	// fill puts what one field holds into an account; it fails when the field makes no sense.
	fill []func(a *mail.Account, s *mail.Secrets) error
	// done looks at what several fields say together.
	done []func(a mail.Account) error
	pop  *delivery
	// plain says for each server whether a password may be sent to it unencrypted.
	plain map[mail.ServerSide]*kit.Check
}

// settingsPage is one page by its title.
type settingsPage struct {
	id   string
	page func() fyne.CanvasObject
}

// NewSettings builds the form.
func NewSettings(w fyne.Window, a mail.Account, s mail.Secrets, opt SettingsOptions) *Settings {
	if opt.Files == nil {
		opt.Files = filepick.New(opt.Loop, time.Now)
	}
	f := &Settings{opt: opt, win: w, account: a, stored: a, secrets: s, tabs: kit.NewTabs(), problem: kit.VBox(0)}
	f.save = kit.NewButton(kit.Primary, lang.T("setup.save"), "", f.Save)
	pages := []settingsPage{
		{"setup.tab.general", f.general}, {"setup.tab.servers", f.servers}, {"setup.tab.identities", f.identities},
		{"setup.tab.folders", f.folderPage}, {"setup.tab.security", f.security}, {"setup.tab.advanced", f.advanced},
	}
	if a.Local() {
		pages = []settingsPage{{"setup.tab.general", f.local}}
	}
	for _, p := range pages {
		f.tabs.Add(lang.T(p.id), kit.NewScroll(kit.Pad(24, 26, 24, 26, p.page())))
	}
	f.tabs.OnChanged = func(i int) {
		f.tell("") // what was wrong on the page before is told again when it still is
		if Tab(i) == TabAdvanced && f.pop != nil {
			f.pop.preview()
		}
	}
	f.first = f.entries()
	return f
}

// Again is the form in the language of the moment, with what its fields hold now. A field that makes no sense holds
// again what it held at first.
func (f *Settings) Again(opt SettingsOptions) *Settings {
	a, s, _ := f.Account() // what is wrong is told when it is saved
	out := NewSettings(f.win, a, s, opt)
	out.unsaved, out.stored = f.Changed(), f.stored
	out.Choose(Tab(f.tabs.Chosen()))
	return out
}

// Choose shows a page.
func (f *Settings) Choose(t Tab) {
	f.tabs.Choose(int(t))
	if f.tabs.OnChanged != nil {
		f.tabs.OnChanged(int(t))
	}
}

// Content is the whole window.
func (f *Settings) Content() fyne.CanvasObject {
	head := kit.NewSurface(theme.Side, kit.PadXY(14, 15, kit.NewLabel(f.Title(), kit.Heading)))
	row := kit.HBox(8, kit.NewButton(kit.Plain, lang.T("setup.test"), icons.PlugZap, f.Test), kit.Spacer(),
		kit.NewButton(kit.Plain, lang.T("setup.cancel"), "", f.close), f.save)
	if f.account.Local() { // nothing to test, nor to save
		row = kit.HBox(8, kit.Spacer(), kit.NewButton(kit.Primary, lang.T("setup.close"), "", f.close))
	}
	foot := kit.VBox(0, f.problem, kit.HLine(), kit.NewSurface(theme.Side, kit.PadXY(14, 9, row)))
	return kit.NewSurface(theme.BG, kit.Border(kit.VBox(0, head, kit.HLine()), foot, nil, nil, f.tabs))
}

func (f *Settings) close() {
	if f.opt.Close != nil {
		f.opt.Close()
	}
}

// Title is the title of the window.
func (f *Settings) Title() string { return lang.T("setup.settings.of", f.name()) }

// name is what the account is called.
func (f *Settings) name() string {
	if f.account.Local() {
		return lang.T("place.local")
	}
	return cmp.Or(f.account.Name, f.account.Email, lang.T("setup.new.account"))
}

// onFill registers how a field fills an account.
func (f *Settings) onFill(fill func(a *mail.Account, s *mail.Secrets) error) {
	f.fill = append(f.fill, fill)
}

// onDone registers what is looked at when all fields are read.
func (f *Settings) onDone(check func(a mail.Account) error) { f.done = append(f.done, check) }

// fieldError is a field that makes no sense, with the page it stands on.
type fieldError struct {
	tab   Tab
	text  string
	field entryField
}

// entryField is a field that a text is entered into.
type entryField interface {
	Focus()
	SetError(on bool)
}

func (e *fieldError) Error() string { return e.text }

// Account is the account as the fields say, and what is wrong with the first that makes no sense; such a field leaves what the account was.
func (f *Settings) Account() (mail.Account, mail.Secrets, error) {
	a, s := f.account, f.secrets
	a.Identities = append([]mail.Identity(nil), a.Identities...)
	a.IMAP.Roles = copyRoles(a.IMAP.Roles)
	var wrong error
	for _, fill := range f.fill {
		if err := fill(&a, &s); err != nil && wrong == nil {
			wrong = err
		}
	}
	if wrong != nil {
		return a, s, wrong
	}
	for _, check := range f.done {
		if err := check(a); err != nil {
			return a, s, err
		}
	}
	return a, s, nil
}

func copyRoles(m map[mail.Role]string) map[mail.Role]string {
	out := map[mail.Role]string{}
	for k, v := range m {
		out[k] = v
	}
	return out
}

// tell shows what is wrong above the buttons.
func (f *Settings) tell(text string) {
	if f.wrong != nil {
		judged, is := f.wrong.(interface{ Valid() bool }) // a number says by itself what is wrong with it
		f.wrong.SetError(is && !judged.Valid())
		f.wrong = nil
	}
	f.problem.RemoveAll()
	if text != "" {
		f.problem.Add(kit.NewBanner(kit.LevelError, "", text))
	}
	f.problem.Refresh()
	if c := kit.Content(f.win); c != nil {
		c.Refresh()
	}
}

// edited takes back what was wrong, for it was about what the form said before, unless it is a field that is wrong still.
func (f *Settings) edited() {
	if len(f.problem.Objects) > 0 && !f.stillWrong() {
		f.tell("")
	}
}

// stillWrong reports whether the field that a problem is told of makes no sense still, whatever others hold.
func (f *Settings) stillWrong() bool {
	about := func(err error) bool {
		var fe *fieldError
		return errors.As(err, &fe) && fe.field == f.wrong
	}
	a, s := f.account, f.secrets
	a.Identities, a.IMAP.Roles = slices.Clone(a.Identities), copyRoles(a.IMAP.Roles)
	for _, fill := range f.fill {
		if about(fill(&a, &s)) {
			return true
		}
	}
	return slices.ContainsFunc(f.done, func(check func(mail.Account) error) bool { return about(check(a)) })
}

// read is Account with a failure shown where it belongs.
func (f *Settings) read() (mail.Account, mail.Secrets, bool) {
	a, s, err := f.Account()
	if err == nil {
		f.tell("")
		return a, s, true
	}
	var fe *fieldError
	if errors.As(err, &fe) {
		f.Choose(fe.tab)
		fe.field.Focus()
	}
	f.tell(err.Error())
	if fe != nil {
		f.wrong = fe.field
		f.wrong.SetError(true)
	}
	return a, s, false
}

// Save stores the account and closes the form.
func (f *Settings) Save() {
	a, s, ok := f.read()
	if !ok {
		return
	}
	if side, host, yes := unprotected(a); yes {
		f.askPlain(side, host, f.Save)
		return
	}
	store := func() { f.store(a, s) }
	if f.asksRemoval(a) {
		store = func() { f.askRemoval(a, func() { f.store(a, s) }) }
	}
	if f.elsewhere(a) {
		f.askElsewhere(a, store)
		return
	}
	store()
}

// store hands the account over; passwords need a place that is open.
func (f *Settings) store(a mail.Account, s mail.Secrets) {
	if info := f.opt.Engine.SecretStore(); (s.Incoming != "" || s.Outgoing != "") && (info.Locked || info.New && info.Kind == "file") {
		AskPassphrase(f.win, f.opt.Loop, f.opt.Engine, func() { f.store(a, s) })
		return
	}
	f.save.Disable()
	f.opt.Loop.Go(saveWork(f.opt.Engine, f.opt.Folders, f.stored, a, s, func(id mail.AccountID, err error) {
		f.save.Enable()
		if err != nil {
			f.tell(lang.T("setup.save.failed", lang.ErrorWords(err)))
			return
		}
		f.close()
		if f.opt.Saved != nil {
			f.opt.Saved(id)
		}
	}))
}

// Test tries the servers as the fields say and shows how it goes.
func (f *Settings) Test() {
	a, s, ok := f.read()
	if !ok {
		return
	}
	if side, host, yes := unprotected(a); yes && side == mail.SideIncoming { // the account would be refused as it is, without a word that helps
		f.askPlain(side, host, f.Test)
		return
	}
	lines := newSteps()
	refused := map[mail.ServerSide]string{}
	var d *kit.Dialog
	lines.waiting(says("setup.testing", a.Incoming.Host))
	stop := f.opt.Loop.Cancellable(testWork(f.opt.Engine, f.opt.Loop, a, s, func(t mail.TestStep) {
		lines.step(t)
		if p := t.Problem; p != nil && p.Certificate != nil {
			refused[t.Side] = p.Certificate.SHA256
			lines.remedy(says("setup.cert.show"), func() {
				f.showCertificate(t.Side, *p.Certificate, refused, func() { d.Close(); f.Test() })
			})
		} else if p != nil && p.Kind == mail.ProblemPlaintext && f.plain[t.Side] != nil {
			lines.remedy(says("setup.plain.allow"), func() {
				f.askPlain(t.Side, hostOf(a, t.Side), func() { d.Close(); f.Test() })
			})
		}
	}, func(err error) {
		switch {
		case err == nil:
			lines.note(says("setup.test.good"))
		case lines.busy(): // nothing was reported: say at least what came back
			lines.fail(func() string { return lang.T("problem.of", a.Incoming.Host, lang.ErrorWords(err)) })
		}
	}))
	d = &kit.Dialog{Title: lang.T("setup.test.title"), Content: lines.scroll, Width: 560, Height: 400, OnClose: stop,
		Buttons: []kit.DialogButton{{Text: lang.T("setup.close"), Kind: kit.Primary}}}
	d.Show(f.win)
}

// showCertificate shows what was refused; then is called once it is trusted. refused are the certificates of both servers.
func (f *Settings) showCertificate(side mail.ServerSide, c mail.CertificateProblem, refused map[mail.ServerSide]string, then func()) {
	ShowCertificate(f.win, c, func() {
		pinBoth(&f.account, side, c, refused)
		kit.ShowToast(f.win, lang.T("setup.cert.trusted", c.Host), 6*time.Second)
		then()
	})
}

// heading is a title within a page.
func heading(id string) fyne.CanvasObject { return kit.NewLabel(lang.T(id), kit.Heading) }

// hint is a muted sentence under a field.
func hint(id string) fyne.CanvasObject { return kit.NewLabel(lang.T(id), kit.Meta).Wrapped() }

// labelWidth is the width of the labels of the settings, as in the design.
const labelWidth = 212

// section puts a heading over rows.
func section(id string, rows ...fyne.CanvasObject) fyne.CanvasObject {
	return kit.VBox(10, append([]fyne.CanvasObject{heading(id)}, rows...)...)
}

func row(id string, field fyne.CanvasObject) fyne.CanvasObject {
	return kit.FormRow(lang.T(id), labelWidth, field)
}

// entry is a field of one line; ltr is for addresses, hosts and paths.
func (f *Settings) entry(value string, ltr bool) *kit.Entry {
	return f.watched(kit.NewEntry(), value, ltr)
}

// watched lets what is entered into a field take back what was wrong.
func (f *Settings) watched(e *kit.Entry, value string, ltr bool) *kit.Entry {
	if ltr {
		e.SetDirection(kit.DirLTR)
	}
	e.SetText(value)
	e.OnChanged = func(string) { f.edited() }
	return e
}

// numberField is a field for a number; changed may be nil.
func (f *Settings) numberField(lo, hi int, localized bool, changed func()) *kit.NumberField {
	n := kit.NewNumberField(lo, hi, localized, func(int) {
		f.edited()
		if changed != nil {
			changed()
		}
	})
	judge := n.OnChanged
	n.OnChanged = func(s string) {
		judge(s)
		if n.Valid() { // also what it was before
			f.edited()
		}
	}
	return n
}

// text is an entry that fills one string of the account, trimmed.
func (f *Settings) text(value string, ltr bool, fill func(a *mail.Account, v string)) *kit.Entry {
	e := f.entry(value, ltr)
	f.onFill(func(a *mail.Account, _ *mail.Secrets) error {
		fill(a, strings.TrimSpace(e.Text()))
		return nil
	})
	return e
}

// check is a check box that fills one bool of the account.
func (f *Settings) check(id string, value bool, fill func(a *mail.Account, v bool)) *kit.Check {
	c := kit.NewCheck(lang.T(id), func(bool) { f.edited() })
	c.Set(value)
	f.onFill(func(a *mail.Account, _ *mail.Secrets) error { fill(a, c.On()); return nil })
	return c
}

// number is a field that fills one whole number of the account.
func (f *Settings) number(tab Tab, lo, hi, value int, localized bool, fill func(a *mail.Account, v int)) *kit.NumberField {
	n := f.numberField(lo, hi, localized, nil)
	n.SetNumber(value)
	f.onFill(func(a *mail.Account, _ *mail.Secrets) error {
		if !n.Valid() {
			return &fieldError{tab, lang.T("setup.number.bad", lo, hi), n}
		}
		fill(a, n.Number())
		return nil
	})
	return n
}

// choice is a Select over values with names by id; an unknown value stands for the first.
func choice[T comparable](f *Settings, values []T, names []string, value T, fill func(a *mail.Account, v T)) *kit.Select {
	s := kit.NewSelect(names, func(int) { f.edited() })
	s.Choose(0)
	for i, v := range values {
		if v == value {
			s.Choose(i)
		}
	}
	f.onFill(func(a *mail.Account, _ *mail.Secrets) error {
		if i := s.Chosen(); i >= 0 {
			fill(a, values[i])
		}
		return nil
	})
	return s
}
