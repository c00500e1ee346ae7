package model

import (
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/message"
	"peyk/store"
)

// What another program made of a draft of this computer is that draft, and shows what it says now.
func TestDraftOfAnotherComputer(t *testing.T) {
	ctx := t.Context()
	today := time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC)
	st, err := store.Open(ctx, t.TempDir(), store.Options{Now: func() time.Time { return today }})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	id, err := st.SaveAccount(ctx, mail.Account{Name: "a", Protocol: mail.POP3})
	if err != nil {
		t.Fatal(err)
	}
	f, err := st.EnsureLocalFolder(ctx, id, "Drafts", mail.RoleDrafts)
	if err != nil {
		t.Fatal(err)
	}
	d := mail.Draft{Account: id, Subject: "Plan", Text: "as it was left here", HeaderID: "plan@example.org", Copy: 4711}
	if err := st.SaveDraft(ctx, &d); err != nil {
		t.Fatal(err)
	}
	raw := "From: Maryam <maryam@example.org>\r\nTo: anna@example.net\r\nSubject: Plan, grown\r\nMessage-ID: <plan@example.org>\r\nDate: " + today.Add(time.Hour).Format(time.RFC1123Z) + "\r\n\r\nwritten on elsewhere\r\n"
	refs, err := st.PutBlobs(ctx, [][]byte{[]byte(raw)})
	if err != nil {
		t.Fatal(err)
	}
	ids, err := st.Ingest(ctx, f, []mail.Incoming{{UID: 90, Received: today, Size: int64(len(raw)), Summary: message.ParseBytes([]byte(raw)).Summary(), Blob: &refs[0]}})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.SetDraftAway(ctx, d, mail.DraftAway{Newer: ids[0]}); err != nil {
		t.Fatal(err)
	}
	rows, err := DraftRows(ctx, st)
	if err != nil || len(rows) != 1 {
		t.Fatalf("%+v, %v", rows, err)
	}
	if own, is := DraftOf(rows[0].ID); !is || own != d.ID || rows[0].Subject != "Plan, grown" || rows[0].Snippet != "written on elsewhere" {
		t.Errorf("listed as %+v", rows[0])
	}
	// What was written by somebody who had not seen it is a draft by itself.
	if d, err = st.Draft(ctx, d.ID); err != nil {
		t.Fatal(err)
	}
	if err := st.SetDraftAway(ctx, d, mail.DraftAway{Apart: ids}); err != nil {
		t.Fatal(err)
	}
	if rows, err = DraftRows(ctx, st); err != nil || len(rows) != 2 || rows[0].ID != ids[0] || rows[1].Subject != "Plan" {
		t.Errorf("listed are %+v, %v", rows, err)
	}
}
