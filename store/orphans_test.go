package store

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"peyk/internal/mail"
)

// raw is a message as POP3 brings it.
func rawMail(n int) []byte {
	return fmt.Appendf(nil, "Received: from x\r\nFrom: w@example.org\r\nSubject: Subject %d\r\n\r\ntext %d\r\n", n, n)
}

func largeMail(n int) []byte { return append(rawMail(n), randomBytes(smallBlob+n)...) }

// TestAnOlderMailFileLosesNothing: what came since an older mail.db was set aside comes back as messages by a repair, and what that file knows as deleted does not. What was
// attached to a draft is no message.
func TestAnOlderMailFileLosesNothing(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	o := Options{Parse: parseStub}
	s := got(Open(ctx, dir, o))(t)
	_, f := popAccount(t, s, "office")
	put := func(raw []byte) mail.BlobRef { return got(s.PutBlob(ctx, bytes.NewReader(raw)))(t) }
	receive := func(n int, raw []byte) (mail.BlobRef, mail.MessageID) {
		ref := put(raw)
		in := message(n)
		in.UID, in.UIDL, in.Blob, in.Size = 0, fmt.Sprint("u", n), &ref, ref.Size
		return ref, got(s.Ingest(ctx, f[mail.RoleInbox], []mail.Incoming{in}))(t)[0]
	}
	_, old := receive(1, rawMail(1))
	deleted, id := receive(2, rawMail(2))
	for _, e := range got(s.LedgerUnverified(ctx, 1))(t) {
		must(t, s.LedgerVerified(ctx, []LedgerID{e.ID}))
	}
	must(t, s.RemoveMessages(ctx, []mail.MessageID{id}))
	must(t, s.Close())
	older := got(os.ReadFile(filepath.Join(dir, mailFile)))(t)

	s = got(Open(ctx, dir, o))(t)
	lost := []mail.BlobRef{}
	for n, raw := range [][]byte{rawMail(3), largeMail(4), []byte("\r\nodd line\r\nReturn-Path: <>\r\n\r\nx")} {
		ref, _ := receive(n+3, raw)
		lost = append(lost, ref)
	}
	part := put([]byte("%PDF-1.4 nothing of a message: it was attached"))
	must(t, s.SaveDraft(ctx, &mail.Draft{Account: 1, Attachments: []mail.DraftAttachment{{Name: "x", Blob: &part}}}))
	must(t, s.Close())
	must(t, os.WriteFile(filepath.Join(dir, mailFile), older, 0o600))

	s = got(Open(ctx, dir, o))(t)
	defer func() { must(t, s.Close()) }()
	if said := fmt.Sprint(got(s.Check(ctx, false))(t).Problems); !strings.Contains(said, "3 stored messages are in no folder") || !strings.Contains(said, "1 stored files of 46 bytes") {
		t.Errorf("the check said %s", said)
	}
	rep := got(s.Check(ctx, true))(t)
	if !rep.Clean() || rep.Messages != 4 {
		t.Errorf("%d messages are here: %+v", rep.Messages, rep.Problems)
	}
	folder := got(s.FolderByPath(ctx, 1, recoveredFolder))(t)
	rows := got(s.Page(ctx, Query{Folder: folder.ID}, 0, 9))(t)
	if len(rows) != 3 {
		t.Errorf("%d messages came back", len(rows))
	}
	have := func(ref mail.BlobRef) bool { return s.VerifyBlob(ctx, ref.Hash) == nil }
	for i, ref := range append(lost, part) {
		if !have(ref) {
			t.Errorf("number %d is lost", i)
		}
	}
	if have(deleted) {
		t.Error("what was deleted is still here")
	}
	row(t, s, old)
	if again := got(s.Check(ctx, true))(t); again.Messages != 4 || !have(part) {
		t.Errorf("a second repair: %+v", again)
	}
}

// TestBytesThatCameForNothingAreLetGo: of a message that was deleted while its bytes came nobody knows that they are here. A repair brings back what nobody knows, so it is noted.
func TestBytesThatCameForNothingAreLetGo(t *testing.T) {
	ctx := context.Background()
	for name, come := range map[string]func(r *reclaimRig, ref mail.BlobRef){
		"the body of a message that is gone": func(r *reclaimRig, ref mail.BlobRef) {
			must(t, r.SetBodies(ctx, []Body{{ID: 999, Blob: ref}}))
		},
		"the body that was asked for, of one": func(r *reclaimRig, ref mail.BlobRef) {
			if err := r.SetBody(ctx, 999, ref, mail.Summary{}); err == nil {
				t.Error("a message that is not here got a body")
			}
		},
		"other bytes of a known message": func(r *reclaimRig, ref mail.BlobRef) {
			r.receive(mail.RoleInbox, 1, r.put(rawMail(1)))
			r.receive(mail.RoleInbox, 1, ref)
		},
		"a message of POP3 that was destroyed here": func(r *reclaimRig, ref mail.BlobRef) {
			a, f := popAccount(t, r.Store, "office")
			in := message(1)
			in.UID, in.UIDL, in.Blob, in.Size = 0, "u1", &ref, ref.Size
			r.remove(got(r.Ingest(ctx, f[mail.RoleInbox], []mail.Incoming{in}))(t)...)
			l := got(r.LedgerUnverified(ctx, a))(t)
			must(t, r.LedgerVerified(ctx, []LedgerID{l[0].ID}))
			r.reclaim()
			if r.here(ref) {
				t.Error("its bytes did not go")
			}
			in.Blob = new(mail.BlobRef)
			*in.Blob = r.put(rawMail(7))
			got(r.Ingest(ctx, f[mail.RoleInbox], []mail.Incoming{in}))(t)
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newReclaimRig(t)
			r.opts.Parse = parseStub
			ref := r.put(rawMail(7))
			come(r, ref)
			before := got(r.Check(ctx, false))(t).Messages
			if rep := got(r.Check(ctx, true))(t); rep.Messages != before {
				t.Errorf("a repair made it a message: %+v", rep.Problems)
			}
			if r.here(ref) {
				t.Error("the bytes are still here")
			}
		})
	}
}

// TestWhatWasDeletedStaysDeletedWhereOnlyBytesWereDamaged: rows are lost with mail.db only, so where blobs.db is mended all is known that was deleted.
func TestWhatWasDeletedStaysDeletedWhereOnlyBytesWereDamaged(t *testing.T) {
	ctx := context.Background()
	dir := filled(t, 9)
	s := got(Open(ctx, dir, Options{}))(t)
	rows := got(s.Page(ctx, Query{}, 0, 9))(t)
	for _, r := range rows[:4] {
		must(t, s.RemoveMessages(ctx, []mail.MessageID{r.ID}))
	}
	must(t, s.Close())
	spoilAnIndex(t, filepath.Join(dir, blobFile))
	rep := got(Repair(ctx, dir, Options{Parse: parseStub}))(t)
	if rep.Broken == "" || !rep.Clean() || rep.Messages != len(rows)-4 {
		t.Errorf("%d messages are here: %+v", rep.Messages, rep)
	}
	s = got(Open(ctx, dir, Options{Parse: parseStub}))(t)
	defer s.Close()
	if f, err := s.FolderByPath(ctx, 1, recoveredFolder); err == nil && f.Total > 0 {
		t.Errorf("%d deleted messages came back", f.Total)
	}
	clean(t, s)
}

// TestNothingIsRemovedWhereRowsMayBeMissing: a page that has lost a row reads well. What only that row refers to, and another one did that was deleted, is not removed by the doctor that finds the damage.
func TestNothingIsRemovedWhereRowsMayBeMissing(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	o := Options{Parse: parseStub}
	s := got(Open(ctx, dir, o))(t)
	_, f := imapAccount(t, s, "work")
	in := message(1)
	ref := got(s.PutBlob(ctx, bytes.NewReader(rawMail(1))))(t)
	in.Blob, in.Size = &ref, ref.Size
	first := got(s.Ingest(ctx, f[mail.RoleInbox], []mail.Incoming{in}))(t)
	got(s.Ingest(ctx, f[mail.RoleArchive], []mail.Incoming{in}))(t) // the same again
	must(t, s.RemoveMessages(ctx, first))
	var root, size int64
	must(t, s.r.QueryRow("SELECT rootpage FROM sqlite_schema WHERE name='messages'").Scan(&root))
	must(t, s.r.QueryRow("PRAGMA page_size").Scan(&size))
	must(t, s.Close())
	path := filepath.Join(dir, mailFile)
	raw := got(os.ReadFile(path))(t)
	page := raw[(root-1)*size:]
	if page[0] != 13 || page[4] == 0 {
		t.Fatalf("the page begins with % x", page[:8])
	}
	page[4]-- // the last of its rows
	must(t, os.WriteFile(path, raw, 0o600))

	s = got(Open(ctx, dir, o))(t)
	rep := got(s.Check(ctx, true))(t)
	here := s.VerifyBlob(ctx, ref.Hash)
	must(t, s.Close())
	if here != nil {
		t.Errorf("the bytes are gone: %v; the doctor said %+v", here, rep.Problems)
	}
	rep = got(Repair(ctx, dir, o))(t)
	s = got(Open(ctx, dir, o))(t)
	defer s.Close()
	if n, _, err := s.Count(ctx, Query{}); err != nil || n != 1 {
		t.Errorf("%d messages are here, %v: %+v", n, err, rep.Problems)
	}
	clean(t, s)
}
