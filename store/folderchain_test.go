package store

import (
	"context"
	"errors"
	"testing"

	"peyk/internal/mail"
)

func listedAs(paths ...string) []mail.RemoteFolder {
	out := []mail.RemoteFolder{{Path: "INBOX", Delimiter: "/", Role: mail.RoleInbox, Selectable: true, Subscribed: true}}
	for _, p := range paths {
		out = append(out, mail.RemoteFolder{Path: p, Delimiter: "/", Selectable: true, Subscribed: true})
	}
	return out
}

// TestANewFolderRenamedBeforeTheServerHasIt: it is made under the name it got first, then renamed.
func TestANewFolderRenamedBeforeTheServerHasIt(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	a, _ := imapAccount(t, s, "work")
	made := submit(t, s, mail.Op{Kind: mail.OpCreate, Account: a, Name: "New"})
	ren := submit(t, s, mail.Op{Kind: mail.OpRename, Folder: made.Folder, Name: "Bills"})
	if _, targets := next(t, s, a); targets[0].Path != "New" {
		t.Fatalf("targets %+v", targets)
	}
	must(t, s.FinishOp(ctx, made.ID, OpResult{}))
	if _, targets := next(t, s, a); targets[0].Path != "New" || targets[0].Dest != "Bills" {
		t.Fatalf("targets %+v", targets)
	}
	must(t, s.ApplyFolders(ctx, a, listedAs("Archive", "Sent", "Trash", "New")))
	must(t, s.FinishOp(ctx, ren.ID, OpResult{}))
	must(t, s.ApplyFolders(ctx, a, listedAs("Archive", "Sent", "Trash", "Bills")))
	if g := got(s.FolderByPath(ctx, a, "Bills"))(t); g.ID != made.Folder || g.Missing {
		t.Errorf("folder %+v", g)
	}
	if n := len(got(s.Folders(ctx, a))(t)); n != 5 {
		t.Errorf("%d folders", n)
	}
	clean(t, s)
}

// TestARefusedRenameWhoseOldNameIsTaken must not stop the queue.
func TestARefusedRenameWhoseOldNameIsTaken(t *testing.T) {
	for _, c := range []struct {
		name string
		then func(t *testing.T, s *Store, a mail.AccountID, f map[mail.Role]mail.FolderID)
	}{
		{"by a new folder", func(t *testing.T, s *Store, a mail.AccountID, _ map[mail.Role]mail.FolderID) {
			submit(t, s, mail.Op{Kind: mail.OpCreate, Account: a, Name: "Archive"})
		}},
		{"by a new folder that mail is on its way to", func(t *testing.T, s *Store, a mail.AccountID, f map[mail.Role]mail.FolderID) {
			made := submit(t, s, mail.Op{Kind: mail.OpCreate, Account: a, Name: "Archive"})
			ids := got(s.Ingest(context.Background(), f[mail.RoleInbox], messages(1, 1)))(t)
			submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids, Folder: made.Folder})
		}},
		{"by another rename", func(t *testing.T, s *Store, _ mail.AccountID, f map[mail.Role]mail.FolderID) {
			submit(t, s, mail.Op{Kind: mail.OpRename, Folder: f[mail.RoleSent], Name: "Archive"})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := openTest(t, Options{})
			ctx := context.Background()
			a, f := imapAccount(t, s, "work")
			ren := submit(t, s, mail.Op{Kind: mail.OpRename, Folder: f[mail.RoleArchive], Name: "Attic"})
			c.then(t, s, a, f)
			next(t, s, a)
			must(t, s.FailOp(ctx, ren.ID, "not allowed"))
			if g := got(s.FolderByPath(ctx, a, "Archive"))(t); g.ID != f[mail.RoleArchive] {
				t.Errorf("Archive is folder %d", g.ID)
			}
			if g := got(s.Folder(ctx, f[mail.RoleSent]))(t); g.Path != "Sent" {
				t.Errorf("Sent is %q", g.Path)
			}
			for op, _ := next(t, s, a); op != nil; op, _ = next(t, s, a) { // the server has no such folder
				must(t, s.FailOp(ctx, op.ID, "no such folder"))
			}
			for range 2 {
				must(t, s.ApplyFolders(ctx, a, listedAs("Archive", "Sent", "Trash")))
			}
			if n := len(got(s.Folders(ctx, a))(t)); n != 4 {
				t.Errorf("%d folders: %+v", n, got(s.Folders(ctx, a))(t))
			}
			clean(t, s)
		})
	}
}

// TestRenamesThatHangTogether: one of them is refused, the others hold.
func TestRenamesThatHangTogether(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	a, _ := imapAccount(t, s, "work")
	must(t, s.ApplyFolders(ctx, a, listedAs("Archive", "Sent", "Trash", "P", "P/x")))
	parent, child := got(s.FolderByPath(ctx, a, "P"))(t).ID, got(s.FolderByPath(ctx, a, "P/x"))(t).ID
	path := func(id mail.FolderID) string { return got(s.Folder(ctx, id))(t).Path }

	// A folder twice: the second rename holds.
	first := submit(t, s, mail.Op{Kind: mail.OpRename, Folder: parent, Name: "Q"})
	second := submit(t, s, mail.Op{Kind: mail.OpRename, Folder: parent, Name: "R"})
	next(t, s, a)
	must(t, s.FailOp(ctx, first.ID, "no"))
	if path(parent) != "R" || path(child) != "R/x" {
		t.Errorf("paths %q, %q", path(parent), path(child))
	}
	if _, targets := next(t, s, a); targets[0].Path != "P" || targets[0].Dest != "R" {
		t.Errorf("targets %+v", targets)
	}
	must(t, s.FailOp(ctx, second.ID, "no"))
	if path(parent) != "P" || path(child) != "P/x" {
		t.Errorf("paths %q, %q", path(parent), path(child))
	}

	// A child, then its parent.
	first = submit(t, s, mail.Op{Kind: mail.OpRename, Folder: child, Name: "P/y"})
	second = submit(t, s, mail.Op{Kind: mail.OpRename, Folder: parent, Name: "Q"})
	next(t, s, a)
	must(t, s.FailOp(ctx, first.ID, "no"))
	if path(parent) != "Q" || path(child) != "Q/x" {
		t.Errorf("paths %q, %q", path(parent), path(child))
	}
	next(t, s, a)
	must(t, s.FinishOp(ctx, second.ID, OpResult{}))
	must(t, s.ApplyFolders(ctx, a, listedAs("Archive", "Sent", "Trash", "Q", "Q/x")))

	// A parent, then its child, which the server is asked to put under the parent's new name: the listing decides.
	first = submit(t, s, mail.Op{Kind: mail.OpRename, Folder: parent, Name: "R"})
	second = submit(t, s, mail.Op{Kind: mail.OpRename, Folder: child, Name: "R/z"})
	next(t, s, a)
	must(t, s.FailOp(ctx, first.ID, "no"))
	next(t, s, a)
	must(t, s.FinishOp(ctx, second.ID, OpResult{}))
	must(t, s.ApplyFolders(ctx, a, listedAs("Archive", "Sent", "Trash", "Q", "R/z")))
	if path(parent) != "Q" || path(child) != "R/z" {
		t.Errorf("paths %q, %q", path(parent), path(child))
	}
	clean(t, s)
}

// TestAFolderIsNotRenamedIntoItself, nor does a rename on the server touch folders of this computer.
func TestAFolderIsNotRenamedIntoItself(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	a, f := imapAccount(t, s, "work")
	must(t, s.ApplyFolders(ctx, a, listedAs("Archive", "Archive/2024", "Sent", "Trash")))
	got(s.EnsureLocalFolder(ctx, a, "Archive/kept", mail.RoleNone))(t)
	var refused *mail.Refusal
	if _, err := s.Submit(ctx, []mail.Op{{Kind: mail.OpRename, Folder: f[mail.RoleArchive], Name: "Archive/x"}}); !errors.As(err, &refused) || refused.Code != mail.CodeFolderName {
		t.Errorf("into itself: %v", err)
	}
	submit(t, s, mail.Op{Kind: mail.OpRename, Folder: f[mail.RoleArchive], Name: "Attic"})
	for _, path := range []string{"Attic", "Attic/2024", "Archive/kept"} {
		got(s.FolderByPath(ctx, a, path))(t)
	}
	clean(t, s)
}
