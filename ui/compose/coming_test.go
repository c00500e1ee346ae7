package compose

import (
	"os"
	"path/filepath"
	"testing"

	"peyk/internal/mail"
	"peyk/ui/theme"
)

// TestSendingWaitsForWhatWasAttached: files that are still being looked at when Send is pressed are in what is sent.
func TestSendingWaitsForWhatWasAttached(t *testing.T) {
	file := filepath.Join(t.TempDir(), "list.txt")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := open(t, "en", theme.ForceLight, mail.Draft{Account: 1, To: []mail.Address{seen[1]}, Subject: "list", Text: "here", Plain: true})
	r.w.takeFiles([]string{file}, false)
	slow := r.loop.jobs[len(r.loop.jobs)-1]
	r.loop.jobs = r.loop.jobs[:len(r.loop.jobs)-1]
	r.w.Send()
	r.w.Send() // who is impatient sends it once
	r.loop.run()
	if len(r.w.banner.Objects) == 0 || len(r.engine.sent) > 0 {
		t.Errorf("nothing is said while it waits, and sent is %+v", r.engine.sent)
	}
	r.loop.jobs = append(r.loop.jobs, slow)
	r.loop.run()
	if len(r.engine.sent) != 1 || len(r.engine.sent[0].Attachments) != 1 {
		t.Errorf("sent is %+v", r.engine.sent)
	}
}

// TestNothingIsSentWithoutWhatCannotBeAttached: what fails while sending waits for it is said, and the message stays.
func TestNothingIsSentWithoutWhatCannotBeAttached(t *testing.T) {
	r := open(t, "en", theme.ForceLight, mail.Draft{Account: 1, To: []mail.Address{seen[1]}, Subject: "list", Text: "here"})
	r.w.takeFiles([]string{filepath.Join(t.TempDir(), "gone.txt")}, true)
	r.w.Send()
	r.loop.run()
	if len(r.engine.sent) != 0 || r.closed != 0 || len(r.w.banner.Objects) == 0 {
		t.Errorf("sent is %+v", r.engine.sent)
	}
	r.w.Send() // having read that
	r.loop.run()
	if len(r.engine.sent) != 1 {
		t.Error("the message cannot be sent any more")
	}
}

// TestSendingThatWaitsIsCancelled: then the message stays.
func TestSendingThatWaitsIsCancelled(t *testing.T) {
	file := filepath.Join(t.TempDir(), "list.txt")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := open(t, "en", theme.ForceLight, mail.Draft{Account: 1, To: []mail.Address{seen[1]}, Subject: "list", Text: "here"})
	r.w.takeFiles([]string{file}, false)
	r.w.Send()
	r.w.coming.cancel()
	r.loop.run()
	if len(r.engine.sent) != 0 || len(r.w.files.list) != 1 {
		t.Errorf("sent is %+v, attached %d", r.engine.sent, len(r.w.files.list))
	}
}
