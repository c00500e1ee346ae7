package mailsync_test

import (
	"context"
	"io"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// tightLipped is a server that does not tell the UID of what is put there.
type tightLipped struct{ remote.Mailboxes }

func (s tightLipped) Append(ctx context.Context, path string, flags mail.Flags, date time.Time, size int64, r io.Reader) (mail.UID, error) {
	_, err := s.Mailboxes.Append(ctx, path, flags, date, size, r)
	return 0, err
}

// TestWhatIsNewMail: what another program read, wrote, sent or filed comes too, and is no new mail; nor is what this computer put on a server that does not say under
// which number it keeps it.
func TestWhatIsNewMail(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	r.wrap = func(s remote.Remote) remote.Remote { return tightLipped{s.(remote.Mailboxes)} }
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	for _, f := range []string{"Drafts", "Sent", "Trash", "Archive", "INBOX"} {
		r.dove.DeliverTo("ali", f, []byte("From: x <x@example.org>\r\nSubject: in "+f+"\r\nMessage-ID: <"+f+"@x>\r\n\r\nx\r\n"))
	}
	if res := r.sync(a); res.New != 5 || res.Mail != 1 {
		t.Errorf("of five messages that came %d are new mail, want the one of the inbox", res.Mail)
	}
	d := r.draft(a, "Half a letter", "first")
	if res := r.sync(a); res.New != 0 || res.Mail != 0 {
		t.Errorf("a draft of this computer: %+v", res)
	}
	if res := r.sync(a); res.New != 0 || res.Mail != 0 {
		t.Errorf("and once more: %+v", res)
	}
	d.To, d.Bcc = []mail.Address{{Addr: r.mta.Address("sara")}}, nil
	if _, err := r.e.Send(r.ctx, d, time.Time{}); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if res := r.sync(a); res.New != 0 || res.Mail != 0 {
			t.Errorf("the copy in Sent: %+v", res)
		}
	}
}
