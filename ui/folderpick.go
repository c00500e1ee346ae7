package ui

import (
	"slices"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// folderPicker is the dialog that asks for a folder: one types part of its name and presses Enter.
type folderPicker struct {
	env    *env
	dialog *kit.Dialog
	entry  *kit.Entry
	list   *kit.List
	all    []mail.Folder
	shown  []mail.Folder
	picked func(f mail.Folder)
}

// recentFolders are the folders last moved to, newest first; they are offered first.
type recentFolders []mail.FolderID

func (r *recentFolders) use(id mail.FolderID) {
	out := recentFolders{id}
	for _, x := range *r {
		if x != id && len(out) < 5 {
			out = append(out, x)
		}
	}
	*r = out
}

// pickFolder asks for a folder. account limits the choice, 0: all; but is not offered.
func pickFolder(e *env, title string, recent recentFolders, account mail.AccountID, but mail.FolderID, picked func(mail.Folder)) *folderPicker {
	var all []mail.Folder
	for _, id := range recent {
		if f, ok := e.tree.Folder(id); ok && f.ID != but && (account == 0 || f.Account == account) {
			all = append(all, f)
		}
	}
	for _, f := range e.tree.Folders(account) {
		if f.Selectable && !f.Missing && f.ID != but && f.Role != mail.RoleOutbox && !contains(recent, f.ID) {
			all = append(all, f)
		}
	}
	return pickFrom(e, title, all, picked)
}

// pickFrom asks for one of these folders, a zero one for the top level of an account.
func pickFrom(e *env, title string, all []mail.Folder, picked func(mail.Folder)) *folderPicker {
	p := &folderPicker{env: e, all: all, picked: picked, entry: kit.NewSearchEntry()}
	p.list = kit.NewList(kit.ListOptions{New: func() fyne.CanvasObject { return newPickRow() }, Bind: p.bind, RowHeight: theme.FolderRowHeight, Radius: theme.Radius})
	p.list.OnOpen = p.take
	p.entry.SetPlaceholder(lang.T("pick.placeholder"))
	p.entry.OnChanged = p.filter
	p.entry.OnSubmit = func(string) { p.take(p.list.Cursor()) }
	p.entry.OnKey = func(k *fyne.KeyEvent) bool {
		switch k.Name {
		case fyne.KeyDown:
			p.list.Step(1, false)
		case fyne.KeyUp:
			p.list.Step(-1, false)
		default:
			return false
		}
		return true
	}
	p.entry.OnEscape = func() bool { p.dialog.Close(); return true }
	p.dialog = &kit.Dialog{
		Title: title, Width: 440, Height: 460, Content: kit.Border(kit.Pad(0, 0, 8, 0, p.entry), nil, nil, nil, p.list), Focus: p.entry,
		Buttons: []kit.DialogButton{{Text: lang.T("kit.cancel"), Kind: kit.Plain}, {Text: lang.T("pick.take"), Kind: kit.Primary, Stay: true, Do: func() { p.take(p.list.Cursor()) }}},
	}
	p.dialog.Show(e.win)
	p.filter("")
	return p
}

func (p *folderPicker) filter(t string) {
	p.shown = p.shown[:0]
	for _, f := range p.all {
		if model.Holds(folderWords(f), t) {
			p.shown = append(p.shown, f)
		}
	}
	p.list.Reset(len(p.shown))
	if len(p.shown) > 0 {
		p.list.Select(0)
	}
}

// folderWords are the path and the name of a folder: both can be typed.
func folderWords(f mail.Folder) string {
	if f.ID == 0 {
		return lang.T("folder.top")
	}
	if n := lang.RoleName(f.Role); n != "" {
		return n
	}
	levels := slices.Clone(f.Levels())
	if own := ownFolder(levels[0]); own != "" && f.Local {
		levels[0] = own
	}
	for i, l := range levels {
		levels[i] = model.Visible(l)
	}
	return lang.Path(levels...)
}

func (p *folderPicker) bind(i int, o fyne.CanvasObject, s kit.RowState) {
	if i >= len(p.shown) {
		return
	}
	f := p.shown[i]
	a, _ := p.env.tree.Account(f.Account)
	o.(*pickRow).bind(folderIcon(f.Role), folderWords(f), pick(len(p.env.tree.Accounts()) > 1, accountWords(a), ""), s)
}

func (p *folderPicker) take(i int) {
	if i < 0 || i >= len(p.shown) {
		return
	}
	f := p.shown[i]
	p.dialog.Close()
	p.picked(f)
}
