package mailsync

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/message"
	"peyk/store"
)

// oneMessage is a server with one message.
type oneMessage struct {
	remote.Mailboxes
	body string
}

func (m oneMessage) Fetch(_ context.Context, _ string, r []remote.UIDRange, _ remote.Want, fn func(remote.Fetched) error) ([]remote.Poisoned, error) {
	return nil, fn(remote.Fetched{FlagState: mail.FlagState{UID: r[0].First}, Body: strings.NewReader(m.body), BodySize: int64(len(m.body))})
}

// TestComparingADraftStoresNothing: what is fetched to be compared is a message of the server's; stored, nobody would refer to it, and a repair would take it for one that has lost its row.
func TestComparingADraftStoresNothing(t *testing.T) {
	ctx := t.Context()
	st, err := store.Open(ctx, t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	ours := "From: a@example.org\r\nSubject: x\r\nMIME-Version: 1.0\r\n\r\none\r\n"
	ref, err := st.PutBlob(ctx, bytes.NewReader([]byte(ours)))
	if err != nil {
		t.Fatal(err)
	}
	b, err := st.OpenBlob(ctx, ref.Hash)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for body, want := range map[string]bool{"X-Server: 1\r\n" + ours: true, strings.Replace(ours, "one", "two", 1): false} {
		r := &opRun{pass: &pass{st: st}, mb: oneMessage{body: body}}
		if same, err := r.saysTheSame(ctx, "Drafts", 7, b); err != nil || same != want {
			t.Errorf("%q says the same: %v, %v", body, same, err)
		}
	}
	if rep, err := st.Check(ctx, false); err != nil || rep.Blobs != 1 {
		t.Errorf("%d messages are stored, %v: %+v", rep.Blobs, err, rep.Problems)
	}
}

// TestWhatAnotherVersionOfADraftDiffersIn: a version that another computer wrote, of the same second and under the same Message-ID, is not taken for the one of this
// computer, whatever of it is another: it would be replaced by the next version, and lost.
func TestWhatAnotherVersionOfADraftDiffersIn(t *testing.T) {
	const draft = "From: a@example.org\r\nTo: sara@example.org\r\nCc: reza@example.org\r\nBcc: mina@example.org\r\nSubject: plan\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: multipart/mixed; boundary=m\r\n\r\n" +
		"--m\r\nContent-Type: multipart/alternative; boundary=v\r\n\r\n--v\r\nContent-Type: text/plain\r\n\r\nplain words\r\n" +
		"--v\r\nContent-Type: text/html\r\n\r\n<p>laid out</p>\r\n--v--\r\n" +
		"--m\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=plan.pdf\r\n\r\nbytes\r\n--m--\r\n"
	parsed := func(s string) *message.Message { return message.Parse(strings.NewReader(s), int64(len(s))) }
	if !alike(parsed(draft), parsed("X-Server: 1\r\n"+draft)) {
		t.Fatal("a field that the server adds makes it another one")
	}
	for what, theirs := range map[string]string{"sara@": "ali@", "reza@": "ali@", "mina@": "ali@", "Subject: plan": "Subject: plans", "plain words": "other words", "laid out": "laid in",
		"plan.pdf": "plot.pdf", "bytes": "more bytes", "Cc: reza@example.org\r\n": ""} {
		other := strings.Replace(draft, what, theirs, 1)
		if other == draft || alike(parsed(draft), parsed(other)) {
			t.Errorf("with %q in the place of %q it is the same", theirs, what)
		}
	}
}
