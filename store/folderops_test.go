package store

import (
	"context"
	"errors"
	"io"
	"testing"

	"peyk/internal/mail"
)

func TestFolderOps(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	a, f := imapAccount(t, s, "work")
	create := submit(t, s, mail.Op{Kind: mail.OpCreate, Account: a, Name: "Projects", Title: string(mail.ActNewFolder)})
	sub := submit(t, s, mail.Op{Kind: mail.OpCreate, Account: a, Folder: create.Folder, Name: "پروژه", Title: string(mail.ActNewFolder)})
	if g := got(s.FolderByPath(ctx, a, "Projects/پروژه"))(t); g.ID != sub.Folder {
		t.Fatalf("folder %+v", g)
	}
	listed := []mail.RemoteFolder{{Path: "INBOX", Delimiter: "/", Role: mail.RoleInbox, Selectable: true, Subscribed: true}, {Path: "Archive", Delimiter: "/", Role: mail.RoleArchive, Selectable: true},
		{Path: "Sent", Delimiter: "/", Role: mail.RoleSent, Selectable: true}, {Path: "Trash", Delimiter: "/", Role: mail.RoleTrash, Selectable: true}}
	must(t, s.ApplyFolders(ctx, a, listed)) // not executed yet: the list does not take them away
	if _, targets := next(t, s, a); targets[0].Path != "Projects" {
		t.Errorf("targets %+v", targets)
	}
	must(t, s.FinishOp(ctx, create.ID, OpResult{}))
	next(t, s, a)
	must(t, s.FinishOp(ctx, sub.ID, OpResult{}))

	ren := submit(t, s, mail.Op{Kind: mail.OpRename, Folder: create.Folder, Name: "Work", Title: string(mail.ActRename)})
	got(s.FolderByPath(ctx, a, "Work/پروژه"))(t)
	must(t, s.ApplyFolders(ctx, a, append(listed, mail.RemoteFolder{Path: "Projects", Delimiter: "/", Selectable: true}, mail.RemoteFolder{Path: "Projects/پروژه", Delimiter: "/", Selectable: true})))
	if fs := got(s.Folders(ctx, a))(t); len(fs) != 6 {
		t.Errorf("the old name came back: %+v", fs)
	}
	if _, targets := next(t, s, a); targets[0].Path != "Projects" || targets[0].Dest != "Work" {
		t.Errorf("targets %+v", targets)
	}
	must(t, s.FailOp(ctx, ren.ID, "not allowed"))
	got(s.FolderByPath(ctx, a, "Projects/پروژه"))(t)

	ids := got(s.Ingest(ctx, sub.Folder, messages(1, 2)))(t)
	drop := submit(t, s, mail.Op{Kind: mail.OpDropFolder, Folder: sub.Folder, Title: string(mail.ActDropFolder)})
	wantCount(t, s, Query{}, 0, 0)
	wantPage(t, s, Query{}, "")
	got(s.UndoGroup(ctx, drop.Group))(t)
	wantPage(t, s, Query{Folder: sub.Folder}, "2 1")
	drop = submit(t, s, mail.Op{Kind: mail.OpDropFolder, Folder: sub.Folder})
	next(t, s, a)
	must(t, s.FinishOp(ctx, drop.ID, OpResult{}))
	if _, err := s.Row(ctx, ids[0]); !errors.Is(err, ErrNotFound) {
		t.Errorf("error %v", err)
	}
	// A folder that the server no longer lists is marked, then removed.
	listed = listed[:2]
	must(t, s.ApplyFolders(ctx, a, listed))
	if g := got(s.Folder(ctx, f[mail.RoleTrash]))(t); !g.Missing {
		t.Error("not marked as missing")
	}
	must(t, s.ApplyFolders(ctx, a, listed))
	if _, err := s.Folder(ctx, f[mail.RoleTrash]); !errors.Is(err, ErrNotFound) {
		t.Errorf("error %v", err)
	}
	unsub := submit(t, s, mail.Op{Kind: mail.OpUnsubscribe, Folder: f[mail.RoleInbox]})
	must(t, s.ApplyFolders(ctx, a, listed))
	if got(s.Folder(ctx, f[mail.RoleInbox]))(t).Subscribed {
		t.Error("the list undid a pending operation")
	}
	got(s.DiscardOps(ctx, unsub.ID))(t)
	if !got(s.Folder(ctx, f[mail.RoleInbox]))(t).Subscribed {
		t.Error("discarding must take the effect back")
	}
	if _, err := s.Submit(ctx, []mail.Op{{Kind: mail.OpCreate, Account: a, Name: "Archive"}}); err == nil {
		t.Error("two folders of one name")
	}
	clean(t, s)
}

func TestDropLocalFolder(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	a, _ := popAccount(t, s, "office")
	f := submit(t, s, mail.Op{Kind: mail.OpCreate, Account: a, Name: "Old", Title: string(mail.ActNewFolder)}).Folder
	got(s.Ingest(ctx, f, []mail.Incoming{drop(t, s, 1, "u1")}))(t)
	verifyAll(t, s, a)
	rule := mail.POP3Options{LeaveOnServer: true, RemoveWhenDeleted: true}
	op := submit(t, s, mail.Op{Kind: mail.OpDropFolder, Folder: f, Title: string(mail.ActDropFolder)})
	if _, err := s.FolderByPath(ctx, a, "Old"); !errors.Is(err, ErrNotFound) {
		t.Errorf("error %v", err)
	}
	if d := due(t, s, a, t0, rule); d == "" {
		t.Error("a folder deleted with its mail does not count as deleted")
	}
	got(s.UndoGroup(ctx, op.Group))(t)
	wantPage(t, s, Query{Folder: f}, "1")
	if d := due(t, s, a, t0, rule); d != "" {
		t.Errorf("due after undo: %s", d)
	}
	clean(t, s)
}

func parseStub(r io.ReaderAt, size int64) mail.Summary {
	b, _ := io.ReadAll(io.NewSectionReader(r, 0, size))
	head, body, _ := cut(string(b), "\r\n\r\n")
	sum := mail.Summary{Text: body, Snippet: body}
	for _, line := range splitLines(head) {
		if k, v, ok := cut(line, ": "); ok {
			switch k {
			case "Subject":
				sum.Subject = v
			case "Message-ID":
				sum.HeaderID = v
			}
		}
	}
	return sum
}

func TestAppend(t *testing.T) {
	s := openTest(t, Options{Parse: parseStub})
	ctx := context.Background()
	a, f := imapAccount(t, s, "work")
	in := withBody(t, s, message(1))
	op := submit(t, s, mail.Op{Kind: mail.OpAppend, Folder: f[mail.RoleSent], Blob: in.Blob, Add: mail.Flags{mail.FlagSeen}, Date: t0})
	wantPage(t, s, Query{Folder: f[mail.RoleSent]}, "1")
	_, targets := next(t, s, a)
	if len(targets) != 1 || targets[0].Dest != "Sent" || targets[0].Size != in.Blob.Size || targets[0].HeaderID != "m1@example.org" {
		t.Fatalf("targets %+v", targets)
	}
	id := targets[0].Message
	must(t, s.FinishOp(ctx, op.ID, OpResult{}))
	// The server did not tell the UID: the next pass brings it.
	in.UID, in.Size = 12, in.Blob.Size
	if g := got(s.Ingest(ctx, f[mail.RoleSent], []mail.Incoming{in}))(t); g[0] != id {
		t.Errorf("doubled: %v, not %v", g, id)
	}
	wantCount(t, s, Query{Folder: f[mail.RoleSent]}, 1, 1)
	if r := row(t, s, id); r.UID != 12 {
		t.Errorf("row %+v", r)
	}
	// Placed first, then appended.
	in2 := withBody(t, s, message(2))
	in2.UID = 0
	ids := got(s.Ingest(ctx, f[mail.RoleSent], []mail.Incoming{in2}))(t)
	op = submit(t, s, mail.Op{Kind: mail.OpAppend, Folder: f[mail.RoleSent], Messages: ids})
	if n, _ := next(t, s, a); n.Blob == nil || n.Blob.Hash != in2.Blob.Hash {
		t.Errorf("op %+v", n)
	}
	must(t, s.FinishOp(ctx, op.ID, OpResult{UIDs: map[mail.MessageID]mail.UID{ids[0]: 13}}))
	if r := row(t, s, ids[0]); r.UID != 13 {
		t.Errorf("row %+v", r)
	}
	clean(t, s)
}

func TestUIDValidityReset(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	a, f := imapAccount(t, s, "work")
	inbox := f[mail.RoleInbox]
	in := messages(1, 3)
	in[0] = withBody(t, s, in[0])
	ids := got(s.Ingest(ctx, inbox, in))(t)
	submit(t, s, mail.Op{Kind: mail.OpFlags, Messages: ids[:1], Add: mail.Flags{mail.FlagFlagged}})
	submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids[1:2], Folder: f[mail.RoleArchive]})
	if err := s.SetFolderSync(ctx, inbox, 8, 4, 0); err == nil {
		t.Error("a change of UIDVALIDITY without a reset was taken")
	}
	must(t, s.ResetFolder(ctx, inbox, 8))
	if k := got(s.KnownUIDs(ctx, inbox))(t); len(k) != 0 {
		t.Errorf("known %v", k)
	}
	// The third message is gone on the server; the others have new UIDs.
	again := messages(1, 2)
	again[0].UID, again[1].UID = 101, 102
	g := got(s.Ingest(ctx, inbox, again))(t)
	if g[0] != ids[0] || g[1] != ids[1] {
		t.Errorf("ids %v, want %v", g, ids)
	}
	if n := got(s.EndReset(ctx, inbox))(t); n != 1 {
		t.Errorf("removed %d", n)
	}
	must(t, s.SetFolderSync(ctx, inbox, 8, 103, 0))
	if r := row(t, s, ids[0]); r.UID != 101 || !r.HasBody || !r.Starred() {
		t.Errorf("row %+v", r)
	}
	if _, targets := next(t, s, a); targets[0].UID != 101 || targets[0].UIDValidity != 8 {
		t.Errorf("targets %+v", targets)
	}
	wantPage(t, s, Query{Folder: inbox}, "1")
	wantPage(t, s, Query{Folder: f[mail.RoleArchive]}, "2")
	clean(t, s)
}

// TestAFolderRenamedElsewhereStaysTheSame: another client renamed it, with the folder in it. What only looks like it is another one.
func TestAFolderRenamedElsewhereStaysTheSame(t *testing.T) {
	ctx := context.Background()
	listing := func(path string, validity uint32, next mail.UID, messages uint32) mail.RemoteFolder {
		return mail.RemoteFolder{Path: path, Delimiter: "/", Selectable: true, HasStatus: true, UIDValidity: validity, UIDNext: next, Messages: messages, HighestMod: 9}
	}
	inbox := listing("INBOX", 1, 8, 0)
	for name, c := range map[string]struct {
		now  []mail.RemoteFolder
		same bool
	}{
		"renamed":                    {[]mail.RemoteFolder{inbox, listing("Work", 71, 3, 2), listing("Work/Sub", 72, 1, 0)}, true},
		"another folder":             {[]mail.RemoteFolder{inbox, listing("Work", 73, 3, 2)}, false},
		"something came in":          {[]mail.RemoteFolder{inbox, listing("Work", 71, 4, 3)}, false},
		"other messages":             {[]mail.RemoteFolder{inbox, listing("Work", 71, 3, 1)}, false},
		"a value that others share":  {[]mail.RemoteFolder{inbox, listing("Work", 71, 3, 2), listing("Other", 71, 9, 5)}, false},
		"a server that says nothing": {[]mail.RemoteFolder{inbox, {Path: "Work", Delimiter: "/", Selectable: true, UIDValidity: 71}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := openTest(t, Options{})
			a, _ := imapAccount(t, s, "work")
			must(t, s.ApplyFolders(ctx, a, []mail.RemoteFolder{inbox, listing("Projects", 71, 3, 2), listing("Projects/Sub", 72, 1, 0)}))
			old, sub := got(s.FolderByPath(ctx, a, "Projects"))(t), got(s.FolderByPath(ctx, a, "Projects/Sub"))(t)
			got(s.Ingest(ctx, old.ID, messages(1, 2)))(t)
			must(t, s.SetFolderSync(ctx, old.ID, 71, 3, 9))
			must(t, s.SetFolderSync(ctx, sub.ID, 72, 1, 9))
			must(t, s.ApplyFolders(ctx, a, c.now))
			now := got(s.FolderByPath(ctx, a, "Work"))(t)
			if now.ID == old.ID != c.same {
				t.Fatalf("the same folder: %v, want %v", now.ID == old.ID, c.same)
			}
			if !c.same {
				if f := got(s.Folder(ctx, old.ID))(t); !f.Missing || f.Path != "Projects" {
					t.Errorf("the old one is %+v", f)
				}
				return
			}
			wantPage(t, s, Query{Folder: now.ID}, "2 1")
			if f := got(s.FolderByPath(ctx, a, "Work/Sub"))(t); f.ID != sub.ID {
				t.Error("the folder in it was taken for another")
			}
			if now.Missing {
				t.Error("it counts as missing")
			}
		})
	}
}
