package mailsync_test

import (
	"testing"

	"peyk/internal/mail"
	"peyk/store"
	mailsync "peyk/sync"
)

// A folder of this computer that was deleted for good leaves its name free, and can still be taken back as long as nobody has taken that.
func TestANameIsFreeAfterAFolderOfThisComputerIsDeleted(t *testing.T) {
	st, err := store.Open(t.Context(), t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	e := mailsync.New(st, mailsync.Options{})
	defer e.Close()
	id, err := st.SaveAccount(t.Context(), mail.Account{Name: "a", Email: "a@example.org", Protocol: mail.POP3})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.EnsureLocalFolder(t.Context(), id, "Trash", mail.RoleTrash); err != nil {
		t.Fatal(err)
	}
	do := func(a mail.Action) {
		t.Helper()
		a.Account = id
		if _, err := e.Do(t.Context(), a); err != nil {
			t.Fatalf("%s %s: %v", a.Kind, a.Name, err)
		}
	}
	there := func(path string) (mail.FolderID, bool) {
		f, err := st.FolderByPath(t.Context(), id, path)
		return f.ID, err == nil
	}
	for range 2 {
		do(mail.Action{Kind: mail.ActNewFolder, Name: "Work"})
		f, _ := there("Work")
		do(mail.Action{Kind: mail.ActDropFolder, Folder: f})
		if _, ok := there("Trash/Work"); !ok {
			t.Fatal("it is not in Trash")
		}
		do(mail.Action{Kind: mail.ActDropFolder, Folder: f})
		if _, ok := there("Trash/Work"); ok {
			t.Fatal("it is still in Trash")
		}
	}
	if _, err := e.Undo(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, ok := there("Trash/Work"); !ok {
		t.Error("it was not taken back")
	}
}
