package mail

import "testing"

// Where a deleted folder goes: into Trash under a free name, or nowhere, which means that it is deleted for good.
func TestTrashPath(t *testing.T) {
	box := func(id FolderID, path string, role Role) Folder {
		return Folder{ID: id, Account: 1, Path: path, Delimiter: "/", Role: role, Selectable: true}
	}
	trash := box(9, "Trash", RoleTrash)
	work, deep := box(2, "Work", RoleNone), box(3, "Work/Tehran", RoleNone)
	old := box(4, "Trash/Work", RoleNone)
	here := Folder{ID: 5, Account: 1, Path: "Imported", Local: true}
	imap := Account{Protocol: IMAP}
	marks := Account{Protocol: IMAP, IMAP: IMAPOptions{DeleteModel: DeleteMark}}
	flat := trash
	flat.Delimiter = ""
	gmail := trash
	gmail.Path = "[Gmail]/Trash"
	for _, c := range []struct {
		name string
		a    Account
		all  []Folder
		f    Folder
		want string
	}{
		{"a folder", imap, []Folder{trash, work}, work, "Trash/Work"},
		{"one below another", imap, []Folder{trash, work, deep}, deep, "Trash/Tehran"},
		{"a name that is taken", imap, []Folder{trash, work, old}, work, "Trash/Work 2"},
		{"one in Trash", imap, []Folder{trash, old}, old, ""},
		{"Trash itself", imap, []Folder{trash}, trash, ""},
		{"no Trash", imap, []Folder{work}, work, ""},
		{"another model of deletion", marks, []Folder{trash, work}, work, ""},
		{"a Trash without levels", imap, []Folder{flat, work}, work, ""},
		{"labels of Gmail", imap, []Folder{gmail, work}, work, ""},
		{"a folder on this computer, Trash on a server", imap, []Folder{trash, here}, here, ""},
	} {
		if got := TrashPath(c.a, c.all, c.f); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if box(6, "Workshop", RoleNone).Within(work) || !deep.Within(work) || !work.Within(work) || work.Within(deep) {
		t.Error("what lies in Work is not known")
	}
}
