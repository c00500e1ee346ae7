package ui

import (
	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// exportFormats are the formats offered, in this order; "transfer.format."+ is the name.
var exportFormats = []mail.MailboxFormat{mail.MailboxMBox, mail.MailboxEML, mail.MailboxMaildir}

// exportDialog asks for folders, a format and a place on disk.
type exportDialog struct {
	env     *env
	dialog  *kit.Dialog
	dir     string
	to      *kit.Label
	format  *kit.Select
	resume  *kit.Check
	folders []mail.Folder // of the account, with mail in them
	checks  []*kit.Check
	all     *kit.Check
	list    *fyne.Container
}

func newExportDialog(e *env, then func(mail.ExportRequest)) *exportDialog {
	d := &exportDialog{env: e, list: kit.VBox(4), resume: kit.NewCheck(lang.T("transfer.resume"), nil),
		to: kit.NewLabel(lang.T("transfer.to.none"), kit.Muted).Ellipsized()}
	accounts, names := e.tree.Accounts(), []string{lang.T("transfer.accounts.all")}
	for _, a := range accounts {
		names = append(names, accountWords(a))
	}
	account := kit.NewSelect(names, func(i int) {
		id := mail.AccountID(0)
		if i > 0 {
			id = accounts[i-1].ID
		}
		d.setAccount(id)
		d.ready()
	})
	account.Choose(0)
	var formats []string
	for _, f := range exportFormats {
		formats = append(formats, lang.T("transfer.format."+string(f)))
	}
	d.format = kit.NewSelect(formats, nil)
	d.format.Choose(0)
	choose := kit.NewButton(kit.Plain, lang.T("transfer.folder"), icons.Folder, func() {
		e.chooser.Folder(e.win, lang.T("transfer.export"), d.setDir)
	})
	body := kit.VBox(10, kit.Form(transferLabel,
		kit.FormItem{Label: lang.T("transfer.account"), Field: account},
		kit.FormItem{Label: lang.T("transfer.folders"), Field: kit.Fixed(0, foldersHeight, kit.NewScroll(d.list)), Tall: true},
		kit.FormItem{Label: lang.T("transfer.format"), Field: d.format},
		kit.FormItem{Label: lang.T("transfer.to"), Field: kit.HBox(8, kit.Grow(d.to), choose)}),
		d.resume)
	d.setAccount(0)
	d.dialog = &kit.Dialog{Title: lang.T("transfer.export"), Width: transferWidth, Content: body, Focus: account, Buttons: []kit.DialogButton{
		{Text: lang.T("kit.cancel"), Kind: kit.Plain},
		{Text: lang.T("transfer.export.do"), Kind: kit.Primary, Do: func() { then(d.request()) }},
	}}
	d.dialog.Show(e.win)
	d.ready()
	return d
}

// setAccount lists the folders of an account (0: of all) that hold mail; all are chosen.
func (d *exportDialog) setAccount(id mail.AccountID) {
	d.folders, d.checks = nil, nil
	d.list.RemoveAll()
	several := id == 0 && len(d.env.tree.Accounts()) > 1
	d.all = kit.NewCheck(lang.T("transfer.folders.all"), func(on bool) {
		for _, c := range d.checks {
			c.Set(on)
		}
		d.ready()
	})
	for _, f := range d.env.tree.Folders(id) {
		if f.Total == 0 {
			continue
		}
		a, _ := d.env.tree.Account(f.Account)
		c := kit.NewCheck(lang.Dots(folderWords(f), pick(several, accountWords(a), ""), lang.N("transfer.messages", f.Total)), func(bool) { d.ready() })
		c.Set(true)
		d.folders, d.checks = append(d.folders, f), append(d.checks, c)
	}
	if len(d.folders) == 0 {
		d.list.Add(kit.NewLabel(lang.T("transfer.export.none"), kit.Muted).Wrapped())
	} else {
		d.list.Add(d.all)
	}
	for _, c := range d.checks {
		d.list.Add(c)
	}
	d.list.Refresh()
}

func (d *exportDialog) setDir(dir string) {
	d.dir = dir
	d.to.Set(model.VisibleName(dir), kit.Body)
	d.to.SetDirection(kit.DirLTR)
	d.ready()
	d.env.win.Canvas().Focus(d.dialog.Button(1))
}

// ready brings the button and the choice of all to what is chosen.
func (d *exportDialog) ready() {
	n := len(d.chosen())
	d.all.Set(n == len(d.folders))
	d.dialog.Button(1).SetEnabled(n > 0 && d.dir != "")
	d.dialog.Relayout()
}

func (d *exportDialog) chosen() (out []mail.FolderID) {
	for i, c := range d.checks {
		if c.On() {
			out = append(out, d.folders[i].ID)
		}
	}
	return out
}

func (d *exportDialog) request() mail.ExportRequest {
	return mail.ExportRequest{Dir: d.dir, Format: exportFormats[d.format.Chosen()], Folders: d.chosen(), Resume: d.resume.On()}
}
