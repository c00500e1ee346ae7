package mailsync_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// kept is how many messages a folder of TestYearsOfUse holds.
const kept = 40

// TestYearsOfUse is a mailbox as people have it for years: mail comes and is read, moved and deleted, here and elsewhere, drafts are written and thrown away, and the
// number of messages stays what it is. So does the size of the profile, and what the program holds. Three weeks; with PEYK_LONG=1 a year.
func TestYearsOfUse(t *testing.T) {
	days := 24
	if os.Getenv("PEYK_LONG") != "" {
		days = 365 // alone: what the program holds is measured
	} else {
		t.Parallel()
	}
	w := newWorld(newRig(t, mailtest.DovecotOptions{}, false), 7)
	w.box.Command(t, "ali", "CREATE Work", "SUBSCRIBE Work")
	w.a = w.account(w.user, mail.IMAP, nil)
	var half, end used
	for day := range days {
		w.day(day)
		if day == days/2 {
			half = w.used()
		}
	}
	end = w.used()
	t.Logf("after %d days: %v; after %d: %v", days/2, half, days, end)
	w.equal()
	here := 0
	for _, box := range []string{"INBOX", "Work", "Archive", "Trash"} {
		here += len(w.boxes[box])
	}
	written := 4 * (min(days, 32)/3 + 1) // attachment and copies of what was discarded less than a month ago, which can be brought back
	if end.blobs > here+written+20 {     // and those of the last days
		t.Errorf("the bytes of %d messages are stored, %d are here", end.blobs, here)
	}
	if days > 100 {
		if end.bytes > half.bytes*5/4 {
			t.Errorf("the profile has grown from %d to %d bytes", half.bytes, end.bytes)
		}
		if end.goroutines > half.goroutines+5 || end.heap > half.heap*3/2+1<<20 {
			t.Errorf("the program has grown from %v to %v", half, end)
		}
	}
}

// day is one: what happens, and two passes.
func (w *world) day(n int) {
	w.t.Helper()
	w.deliver(3)
	w.file(2)
	w.sync(w.a)
	w.act()
	w.act()
	if n%5 == 0 {
		w.elsewhere()
	}
	if n%3 == 0 {
		w.scribble(n)
	}
	w.sync(w.a)
	for box, cards := range w.boxes {
		if over := len(cards) - kept; over > 0 {
			w.gaps(box, over)
		}
	}
	w.sync(w.a)
	if n%50 == 49 {
		w.restart()
	}
	w.days(1)
	if got := w.shows("INBOX"); got != "" {
		w.t.Fatalf("day %d: %s", n, got)
	}
}

// scribble writes a draft with an attachment, whose copies go to the server, and throws it away.
func (w *world) scribble(n int) {
	w.t.Helper()
	check := func(err error) {
		w.t.Helper()
		if err != nil {
			w.t.Fatal(err)
		}
	}
	path := filepath.Join(w.t.TempDir(), "list.txt")
	check(os.WriteFile(path, []byte(strings.Repeat(fmt.Sprintf("day %d\n", n), 20_000)), 0o600))
	d, err := w.e.NewDraft(w.ctx, w.a.ID)
	check(err)
	d.Attachments = []mail.DraftAttachment{{Path: path, Name: "list.txt"}}
	for i := range 3 {
		d.Text = fmt.Sprintf("version %d", i)
		check(w.e.SaveDraft(w.ctx, &d))
		check(w.e.KeepDraft(w.ctx, d.ID))
		w.sync(w.a)
	}
	check(w.e.DiscardDraft(w.ctx, d.ID))
}

// used is what a profile and the program take.
type used struct {
	blobs      int
	bytes      int64 // on the disk
	heap       uint64
	goroutines int
}

func (w *world) used() used {
	w.t.Helper()
	rep, err := w.st.Check(w.ctx, false)
	if err != nil {
		w.t.Fatal(err)
	}
	u := used{blobs: rep.Blobs, goroutines: runtime.NumGoroutine()}
	if err := filepath.WalkDir(w.dir, func(_ string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		i, err := e.Info()
		if err == nil {
			u.bytes += i.Size()
		}
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	u.heap = m.HeapAlloc
	return u
}
