package store

import (
	"context"
	"errors"
	"testing"

	"peyk/internal/mail"
)

// A spent folder goes when nothing lies in it and nothing can come back to it; a folder of the server is none.
func TestDropSpent(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	a, roles := popAccount(t, s, "office")
	there := func(id mail.FolderID, want bool, when string) {
		t.Helper()
		must(t, s.DropSpent(ctx, id))
		if _, err := s.Folder(ctx, id); errors.Is(err, ErrNotFound) == want {
			t.Errorf("%s: %v", when, err)
		}
	}
	full := got(s.EnsureLocalFolder(ctx, a, mail.RescueFolder, mail.RoleNone))(t)
	ids := got(s.Ingest(ctx, full, messages(1, 1)))(t)
	there(full, true, "with a message in it")
	submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids, Folder: roles[mail.RoleTrash], Title: string(mail.ActDelete)})
	there(full, true, "with a message that an undo brings back")
	empty := got(s.EnsureLocalFolder(ctx, a, "Empty", mail.RoleNone))(t)
	there(empty, false, "with nothing in it")

	b, remote := imapAccount(t, s, "work")
	there(remote[mail.RoleArchive], true, "on the server")
	if fs := got(s.Folders(ctx, b))(t); len(fs) == 0 {
		t.Error("the folders of the server are gone")
	}
}
