package ui

import (
	"context"
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/internal/mailbox"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// Measures of the dialogs that ask what to import and export.
const (
	transferWidth = 560
	transferLabel = 90
	pathsHeight   = 84
	foldersHeight = 150
)

// importDialog asks for files and for the place they go into.
type importDialog struct {
	env    *env
	dialog *kit.Dialog
	paths  []string
	choose *fyne.Container
	list   *fyne.Container
	into   *kit.Select
	// folders are those of the account, behind the first choice of into.
	folders  []mail.Folder
	account  int
	fresh    *kit.Check
	resume   *kit.Check
	accounts []mail.Account
}

func newImportDialog(e *env, then func(mail.ImportRequest)) *importDialog {
	d := &importDialog{env: e, list: kit.VBox(2), accounts: e.tree.Accounts(), fresh: kit.NewCheck(lang.T("transfer.new"), nil), resume: kit.NewCheck(lang.T("transfer.resume"), nil)}
	d.fresh.Set(true)
	files := kit.NewButton(kit.Plain, lang.T("transfer.files"), icons.FileText, func() {
		e.chooser.Files(e.win, lang.T("transfer.import"), d.add)
	})
	folder := kit.NewButton(kit.Plain, lang.T("transfer.folder"), icons.Folder, func() {
		e.chooser.Folder(e.win, lang.T("transfer.import"), func(dir string) { d.add([]string{dir}) })
	})
	d.choose = kit.HBox(8, files, folder)
	body := kit.VBox(10,
		kit.NewLabel(lang.T("transfer.import.text"), kit.Meta).Wrapped(),
		d.choose,
		kit.Fixed(0, pathsHeight, kit.NewScroll(d.list)),
		d.place(),
		kit.VBox(6, d.fresh, d.resume))
	d.dialog = &kit.Dialog{Title: lang.T("transfer.import"), Width: transferWidth, Content: body, Focus: files, Buttons: []kit.DialogButton{
		{Text: lang.T("kit.cancel"), Kind: kit.Plain},
		{Text: lang.T("transfer.import.do"), Kind: kit.Primary, Do: func() { then(d.request()) }},
	}}
	d.dialog.Show(e.win)
	d.fill()
	e.loop.Go(func(context.Context) func() {
		found := mailbox.ThunderbirdFolders()
		return func() { d.offer(found) }
	})
	return d
}

// offer offers the profiles of Thunderbird that are on this computer: they lie where nobody looks, in a hidden folder.
func (d *importDialog) offer(profiles []string) {
	if len(profiles) == 0 {
		return
	}
	d.choose.Add(kit.NewButton(kit.Plain, lang.T("transfer.thunderbird"), icons.Mail, func() { d.add(profiles) }))
	d.dialog.Relayout()
}

// place asks for account and folder. Before there is any account nothing is to be asked: the mail gets a place without servers.
func (d *importDialog) place() fyne.CanvasObject {
	if len(d.accounts) == 0 {
		return kit.NewLabel(lang.T("transfer.import.local"), kit.Meta).Wrapped()
	}
	var names []string
	for _, a := range d.accounts {
		names = append(names, accountWords(a))
	}
	d.into = kit.NewSelect(nil, nil)
	account := kit.NewSelect(names, d.setAccount)
	account.Choose(0)
	d.setAccount(0)
	return kit.Form(transferLabel,
		kit.FormItem{Label: lang.T("transfer.account"), Field: account},
		kit.FormItem{Label: lang.T("transfer.into"), Field: d.into})
}

func (d *importDialog) setAccount(i int) {
	d.account, d.folders = i, nil
	names := []string{lang.T("transfer.into.own")}
	for _, f := range d.env.tree.Folders(d.accounts[i].ID) {
		if f.Selectable && !f.Missing && f.Role != mail.RoleOutbox {
			d.folders, names = append(d.folders, f), append(names, folderWords(f))
		}
	}
	d.into.SetOptions(names)
	d.into.Choose(0)
}

func (d *importDialog) add(paths []string) {
	for _, p := range paths {
		if !slices.Contains(d.paths, p) {
			d.paths = append(d.paths, p)
		}
	}
	d.fill()
	if len(d.paths) > 0 {
		d.env.win.Canvas().Focus(d.dialog.Button(1))
	}
}

// fill lists the paths.
func (d *importDialog) fill() {
	d.list.RemoveAll()
	if len(d.paths) == 0 {
		d.list.Add(kit.NewLabel(lang.T("transfer.import.none"), kit.Muted).Wrapped())
	}
	for _, p := range d.paths {
		name := lang.Dots(model.VisibleName(filepath.Base(p)), model.VisibleName(filepath.Dir(p))) // of a long path the name is what counts
		remove := kit.NewIconButton(icons.X, lang.T("transfer.remove", name), func() {
			d.paths = slices.DeleteFunc(d.paths, func(x string) bool { return x == p })
			d.fill()
		}).Tinted(theme.Muted)
		d.list.Add(kit.HBox(8, kit.Grow(kit.NewLabel(name, kit.Body).Directed(kit.DirLTR).Ellipsized()), remove))
	}
	d.list.Refresh()
	d.dialog.Button(1).SetEnabled(len(d.paths) > 0)
	d.dialog.Relayout()
}

func (d *importDialog) request() mail.ImportRequest {
	r := mail.ImportRequest{Paths: d.paths, New: d.fresh.On(), Resume: d.resume.On()}
	if len(d.accounts) == 0 {
		return r
	}
	r.Account = d.accounts[d.account].ID
	if i := d.into.Chosen(); i > 0 {
		r.Folder = d.folders[i-1].Path
	}
	return r
}
