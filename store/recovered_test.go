package store

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"peyk/internal/mail"
)

// TestWhatWasRecoveredAndComesAgainIsThereOnce: a repair brings mail back whose rows were lost with mail.db; what its server has still comes again.
func TestWhatWasRecoveredAndComesAgainIsThereOnce(t *testing.T) {
	ctx := context.Background()
	const n = 6
	o := Options{Parse: parseStub, Home: func() mail.Account { return mail.Account{Name: "Local", Protocol: mail.POP3, Disabled: true} }}
	rig := func(t *testing.T) (s *Store, in []mail.Incoming, recovered []mail.Row) {
		dir := filled(t, 0)
		s = got(Open(ctx, dir, o))(t)
		_, f := popAccount(t, s, "office")
		for i := range n {
			raw := rawMail(i)
			if i == n-1 {
				raw = largeMail(i)
			}
			ref := got(s.PutBlob(ctx, bytes.NewReader(raw)))(t)
			m := message(i + 1)
			m.UID, m.UIDL, m.Blob, m.Size = 0, fmt.Sprint("u", i), &ref, ref.Size
			in = append(in, m)
		}
		got(s.Ingest(ctx, f[mail.RoleInbox], in))(t)
		must(t, s.Close())
		must(t, os.Remove(filepath.Join(dir, mailFile)))
		got(Repair(ctx, dir, o))(t)
		s = got(Open(ctx, dir, o))(t)
		t.Cleanup(func() { must(t, s.Close()) })
		if recovered = got(s.Page(ctx, Query{}, 0, 99))(t); len(recovered) != n {
			t.Fatalf("%d messages were recovered", len(recovered))
		}
		return s, in, recovered
	}
	there := func(t *testing.T, s *Store, folder mail.FolderID, want, all int) {
		t.Helper()
		if f := got(s.Folder(ctx, folder))(t); f.Total != want {
			t.Errorf("%d messages are in the folder of the server, not %d", f.Total, want)
		}
		if total, _, err := s.Count(ctx, Query{}); err != nil || total != all {
			t.Errorf("%d messages are here, not %d; %v", total, all, err)
		}
		clean(t, s)
	}
	t.Run("POP3", func(t *testing.T) {
		s, in, rows := rig(t)
		submit(t, s, mail.Op{Kind: mail.OpFlags, Messages: []mail.MessageID{rows[0].ID}, Add: mail.Flags{mail.FlagFlagged}})
		starred := got(s.Details(ctx, rows[0].ID))(t).Blob.Hash
		_, f := popAccount(t, s, "office")
		ids := got(s.Ingest(ctx, f[mail.RoleInbox], in[:n-2]))(t)
		there(t, s, f[mail.RoleInbox], n-2, n)
		ids = append(ids, got(s.Ingest(ctx, f[mail.RoleInbox], in))(t)...)
		there(t, s, f[mail.RoleInbox], n, n)
		for _, id := range ids {
			m := got(s.Details(ctx, id))(t)
			if m.Flags.Has(mail.FlagFlagged) != (m.Blob.Hash == starred) || !m.Flags.Has(mail.FlagSeen) {
				t.Errorf("message %d has the flags %v", id, m.Flags)
			}
		}
	})
	t.Run("IMAP", func(t *testing.T) {
		s, in, rows := rig(t)
		_, f := imapAccount(t, s, "work")
		for i := range in {
			in[i].UID, in[i].UIDL = mail.UID(i+1), ""
		}
		got(s.Ingest(ctx, f[mail.RoleInbox], in[:2]))(t)
		heads := append([]mail.Incoming{}, in[2:]...)
		for i := range heads {
			heads[i].Blob = nil
		}
		ids := got(s.Ingest(ctx, f[mail.RoleInbox], heads))(t)
		there(t, s, f[mail.RoleInbox], n, n+len(heads))
		for i, id := range ids {
			must(t, s.SetBody(ctx, id, *in[2+i].Blob, in[2+i].Summary))
		}
		there(t, s, f[mail.RoleInbox], n, n)
		if _, err := s.Details(ctx, rows[0].ID); err == nil {
			t.Error("a recovered message is still there")
		}
	})
	t.Run("what the user filed stays", func(t *testing.T) {
		s, in, rows := rig(t)
		a := rows[0].Account
		to := got(s.EnsureLocalFolder(ctx, a, "Mine", mail.RoleNone))(t)
		submit(t, s, mail.Op{Kind: mail.OpMove, Folder: to, Messages: []mail.MessageID{rows[0].ID}})
		_, f := popAccount(t, s, "office")
		got(s.Ingest(ctx, f[mail.RoleInbox], in))(t)
		there(t, s, f[mail.RoleInbox], n, n+1)
	})
}
