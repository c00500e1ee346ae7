package ui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// folderActions are what changes folders, with the dialogs that ask for it.
type folderActions struct{ env *env }

// ask asks for a name.
func ask(env *env, title, text, value, ok string, do func(name string)) {
	e := kit.NewEntry()
	e.SetText(value)
	d := &kit.Dialog{Title: title, Text: text, Content: e, Focus: e}
	done := func() {
		name := strings.TrimSpace(e.Text())
		if name == "" {
			e.SetError(true)
			return
		}
		d.Close()
		do(name)
	}
	e.OnSubmit = func(string) { done() }
	d.Buttons = []kit.DialogButton{{Text: lang.T("kit.cancel"), Kind: kit.Plain}, {Text: ok, Kind: kit.Primary, Stay: true, Do: done}}
	d.Show(env.win)
	e.SelectAll()
}

func (a *folderActions) newFolder(id mail.AccountID, parent mail.FolderID) {
	text := ""
	if f, ok := a.env.tree.Folder(parent); ok {
		text = lang.T("folder.new.in", folderTitle(f))
	}
	ask(a.env, lang.T("folder.new"), text, "", lang.T("folder.create"), func(name string) {
		a.env.act.DoSaying(mail.Action{Kind: mail.ActNewFolder, Account: id, Folder: parent, Name: name}, saying{words: lang.T("did.new_folder", model.Visible(name))})
	})
}

// rename changes the last level of the path; the levels above stay.
func (a *folderActions) rename(f mail.Folder) {
	ask(a.env, lang.T("folder.rename"), "", f.Name(), lang.T("folder.rename.do"), func(name string) {
		path := strings.TrimSuffix(f.Path, f.Name()) + name
		if path != f.Path {
			a.env.act.DoSaying(mail.Action{Kind: mail.ActRename, Account: f.Account, Folder: f.ID, Name: path}, saying{words: lang.T("did.rename", model.Visible(name))})
		}
	})
}

// parents are the folders that f can be moved into, the zero Folder for the top level: not itself, nor what lies below it, nor where
// it is.
func (a *folderActions) parents(f mail.Folder) []mail.Folder {
	sep := f.Separator()
	above := strings.TrimSuffix(strings.TrimSuffix(f.Path, f.Name()), sep)
	if sep == "" {
		return nil
	}
	var out []mail.Folder
	all := a.env.tree.Folders(f.Account)
	if above != "" && !(strings.EqualFold(above, "INBOX") && mail.AllBelowInbox(all)) {
		out = append(out, mail.Folder{})
	}
	for _, p := range all {
		if !p.Within(f) && p.Path != above && !p.Missing && p.Local == f.Local && p.Separator() == sep && p.Role != mail.RoleOutbox {
			out = append(out, p)
		}
	}
	return out
}

// move asks for the folder that f is to lie in; what lies in f goes with it.
func (a *folderActions) move(f mail.Folder) {
	pickFrom(a.env, lang.T("folder.move"), a.parents(f), func(to mail.Folder) { a.moveInto(f, to) })
}

// moveInto moves f below another folder, the zero one for the top level.
func (a *folderActions) moveInto(f, to mail.Folder) {
	act := mail.Action{Kind: mail.ActTopFolder, Account: f.Account, Folder: f.ID}
	said := lang.T("did.move_folder.top", folderTitle(f))
	if to.ID != 0 {
		act.Kind, act.Name = mail.ActRename, to.Path+f.Separator()+f.Name()
		said = lang.T("did.move_folder", folderTitle(f), folderWords(to))
	}
	a.env.act.DoSaying(act, saying{words: said})
}

// movable reports whether f can be moved by the user, into to when that is given.
func (a *folderActions) movable(f mail.Folder, into func(p mail.Folder) bool) bool {
	if f.Role != mail.RoleNone || f.Missing {
		return false
	}
	for _, p := range a.parents(f) {
		if into(p) {
			return true
		}
	}
	return false
}

// drop moves a folder into Trash, which can be undone; where it would be deleted for good, or the server has refused to move it there before, it
// asks first.
func (a *folderActions) drop(f mail.Folder) {
	if !a.trashes(f) {
		a.destroy(f, nil)
		return
	}
	a.env.loop.Go(func(ctx context.Context) func() {
		failed, err := a.env.store.FailedOps(ctx, f.ID)
		return func() {
			var refused []mail.OpID
			for _, op := range failed {
				if a.intoTrash(op) {
					refused = append(refused, op.ID)
				}
			}
			if err == nil && len(refused) > 0 {
				a.destroy(f, refused)
				return
			}
			act := mail.Action{Kind: mail.ActDropFolder, Account: f.Account, Folder: f.ID}
			a.env.act.DoSaying(act, saying{words: lang.T("did.trash_folder", folderTitle(f), lang.RoleName(mail.RoleTrash))})
		}
	})
}

// intoTrash reports whether an operation was to move a folder into Trash.
func (a *folderActions) intoTrash(op mail.Op) bool {
	trash, ok := a.env.tree.ByRole(op.Account, mail.RoleTrash)
	return ok && op.Kind == mail.OpRename && strings.HasPrefix(op.Name, trash.Path+trash.Separator())
}

// destroy deletes a folder for good, with what lies in it, when the user says so. refused are the operations that were to move it into Trash and
// failed: they are settled by that.
func (a *folderActions) destroy(f mail.Folder, refused []mail.OpID) {
	a.destroyIn(a.env.win, f, refused)
}

// destroyIn is destroy for another window than the main one.
func (a *folderActions) destroyIn(win fyne.Window, f mail.Folder, refused []mail.OpID) {
	n, folders := a.held(f)
	words := heldWords(pick(f.Local, "folder.delete.local", "folder.delete.ask"), n, folders, folderTitle(f))
	if len(refused) > 0 {
		words = lang.T("folder.delete.refused", lang.RoleName(mail.RoleTrash)) + " " + words
	}
	kit.Confirm(win, lang.T("folder.delete"), words, lang.T("cmd.delete"), true, func() {
		if len(refused) > 0 {
			a.env.loop.Serial(func(ctx context.Context) func() {
				_, err := a.env.engine.DiscardOps(ctx, refused...)
				return func() {
					if err != nil {
						a.env.fail(lang.T("fail.activity"), err)
					}
				}
			})
		}
		act := mail.Action{Kind: mail.ActDestroyFolder, Account: f.Account, Folder: f.ID}
		a.env.act.DoSaying(act, saying{words: lang.T("did.drop_folder", folderTitle(f)), final: !f.Local})
	})
}

// trashes reports whether a folder goes to Trash when it is deleted.
func (a *folderActions) trashes(f mail.Folder) bool {
	account, _ := a.env.tree.Account(f.Account)
	return mail.TrashPath(account, a.env.tree.Folders(f.Account), f) != ""
}

// held is what a folder holds: messages, those in the folders below it too, and how many folders that are.
func (a *folderActions) held(f mail.Folder) (messages, folders int) {
	messages = f.Total
	for _, g := range a.env.tree.Folders(f.Account) {
		if g.ID != f.ID && g.Within(f) && !g.Missing {
			messages, folders = messages+g.Total, folders+1
		}
	}
	return messages, folders
}

// heldWords asks with the id about n messages, and tells of the folders that go with them.
func heldWords(id string, n, folders int, args ...any) string {
	words := lang.N(id, n, args...)
	if folders > 0 {
		words += " " + lang.N("folder.held", folders)
	}
	return words
}

func (a *folderActions) empty(f mail.Folder) {
	n, folders := f.Total, 0
	if f.Role == mail.RoleTrash {
		n, folders = a.held(f)
	}
	title := lang.T("folder.empty", folderTitle(f))
	account, _ := a.env.tree.Account(f.Account)
	kit.Confirm(a.env.win, title, heldWords(destroyID(account, f), n, folders), title, true, func() {
		a.env.act.Do(mail.Action{Kind: mail.ActEmptyTrash, Account: f.Account, Folder: f.ID})
	})
}
