package mailsync_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
	"peyk/store"
)

// A disk that is full in the middle of a download costs nothing: the server keeps what is not safe here, the problem says what
// to do, and with space again everything comes, once. The same for what is to be sent.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	r.shut()
	disk := mailtest.StartSmallDisk(t, 12)
	r.dir = disk.Dir
	t.Cleanup(r.shut) // before the disk goes
	r.open()
	a := r.account("ali", mail.POP3, popRule(mail.POP3Options{}))
	r.sync(a)
	var all [][]byte
	for i := range 40 {
		size := 3000
		if i%4 == 3 {
			size = 1_200_000 // a file of its own; ten of them are as much as the disk holds
		}
		all = append(all, letter(i, fmt.Sprintf("message %d", i), noise(i, size)))
	}
	r.dove.Deliver("ali", all...)
	if told := strings.Join(r.pass(a).Failed, "\n"); !strings.Contains(told, "the disk is full") || !strings.Contains(told, "Free some space") {
		t.Errorf("a full disk was told as %q", told)
	}
	// Whatever is not on the server is here, readable.
	left := r.dove.Messages("ali", "INBOX")
	here := map[string]bool{}
	for _, row := range r.rows(r.inbox(a)) {
		here[row.Subject] = true
		if row.HasBody && len(r.raw(row.ID)) == 0 {
			t.Errorf("%s is empty", row.Subject)
		}
	}
	for _, m := range left {
		here[subjectOf(m)] = true
	}
	if len(here) != len(all) {
		t.Errorf("%d of %d messages exist anywhere", len(here), len(all))
	}
	// Full to the last byte, also for the database itself; several times; the outbox must not spin or send what it cannot record.
	disk.Fill()
	for range 3 {
		r.pass(a)
	}
	r.restartFull(a)
	for range 2 {
		r.pass(a)
	}
	disk.Free()
	disk.Remount("size=80m")
	r.sync(a)
	r.sync(a)
	var got [][]byte
	for _, row := range r.rows(r.inbox(a)) {
		got = append(got, r.raw(row.ID))
	}
	if x, y := diff(got, all); len(x)+len(y) > 0 {
		t.Errorf("%d messages here, %d delivered: %d too many or wrong, %d missing", len(got), len(all), len(x), len(y))
	}
	r.left("ali", 0, "with space again")
	r.ledgerSays(a, len(all), true)
	r.sound()
}

// The disk is full at the moment when what became of a message is to be written down: it is not sent twice, and the pass ends.
func TestFullDiskWhileSending(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	r.shut()
	disk := mailtest.StartSmallDisk(t, 20)
	r.dir = disk.Dir
	t.Cleanup(r.shut)
	r.open()
	a := r.account("ali", mail.POP3, nil)
	r.sync(a)
	const count = 5
	for i := range count {
		r.write(a, r.mta.Address("sara"), fmt.Sprintf("letter %d", i), noise(i, 200_000))
	}
	disk.Fill()
	for range 3 {
		r.pass(a)
	}
	disk.Free()
	for range 3 {
		r.days(1)
		r.pass(a)
	}
	uncertain := 0
	for _, it := range r.outbox() {
		if it.State != mail.OutboxUncertain {
			t.Errorf("stuck: %+v", it)
		}
		uncertain++
	}
	arrived := subjects(r.arrive("sara", "INBOX", count-uncertain))
	for s, n := range arrived {
		if n > 1 {
			t.Errorf("%s arrived %d times", s, n)
		}
	}
	r.sound()
}

// A disk that is full while something is written, sent or set: each is refused with the same sentence, what was there before stays, and with
// space it goes. A profile on a disk that cannot be written is told as that.
func TestFullDiskForEverythingElse(t *testing.T) {
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.shut()
	disk := mailtest.StartSmallDisk(t, 12)
	r.dir = disk.Dir
	t.Cleanup(r.shut)
	r.open()
	a := r.account("ali", mail.POP3, nil)
	d := mail.Draft{Account: a.ID, Subject: "first", Text: "what was written"}
	if err := r.e.SaveDraft(r.ctx, &d); err != nil {
		t.Fatal(err)
	}
	disk.Fill()
	more := d
	more.Text = noise(1, 300_000)
	letter := more
	letter.To = []mail.Address{{Addr: "sara@peyk.test"}}
	renamed := a
	renamed.DisplayName = strings.ReplaceAll(noise(2, 50_000), "\r\n", "")
	for what, do := range map[string]func() error{
		"a draft":    func() error { return r.e.SaveDraft(r.ctx, &more) },
		"a letter":   func() error { _, err := r.e.Send(r.ctx, letter, time.Time{}); return err },
		"an account": func() error { _, err := r.e.SaveAccount(r.ctx, renamed, mail.Secrets{}); return err },
		"a setting":  func() error { return r.st.SetSetting(r.ctx, "x", noise(3, 100_000)) },
		"a folder": func() error {
			_, err := r.e.Do(r.ctx, mail.Action{Kind: mail.ActNewFolder, Account: a.ID, Name: noise(4, 100)})
			return err
		},
	} {
		de := (*store.DiskError)(nil)
		if err := do(); what != "a folder" && (!errors.As(err, &de) || !de.Full) {
			t.Errorf("%s on a full disk: %v", what, err)
		}
	}
	drafts, err := r.st.Drafts(r.ctx)
	if err != nil || len(drafts) != 1 || drafts[0].Text != "what was written" || len(r.outbox()) > 0 {
		t.Fatalf("then there are %+v and %+v, %v", drafts, r.outbox(), err)
	}
	if now, err := r.st.Account(r.ctx, a.ID); err != nil || now.DisplayName != a.DisplayName {
		t.Errorf("the account: %q, %v", now.DisplayName, err)
	}
	disk.Free()
	if err := r.e.SaveDraft(r.ctx, &more); err != nil {
		t.Error(err)
	}
	if _, err := r.e.Send(r.ctx, letter, time.Time{}); err != nil || len(r.outbox()) != 1 {
		t.Errorf("with space again: %v", err)
	}
	r.sound()
	r.shut()
	disk.Remount("ro")
	de := (*store.DiskError)(nil)
	if st, err := store.Open(r.ctx, r.dir, store.Options{}); !errors.As(err, &de) || de.Full {
		t.Errorf("on a disk that cannot be written: %v", err)
		if err == nil {
			st.Close()
		}
	}
	disk.Remount("rw")
	r.open()
	if len(r.outbox()) != 1 {
		t.Error("the letter is gone")
	}
}

// noise is text that does not compress well.
func noise(seed, n int) string {
	b := make([]byte, 0, n+80)
	x := uint64(seed)*2654435761 + 12345
	for len(b) < n {
		for range 70 {
			x ^= x << 13
			x ^= x >> 7
			x ^= x << 17
			b = append(b, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"[x%64])
		}
		b = append(b, '\r', '\n')
	}
	return string(b)
}

// restartFull is a new start of the program on a full disk: what is here can be read.
func (r *rig) restartFull(a mail.Account) {
	r.t.Helper()
	before := r.rows(r.inbox(a))
	for range 2 {
		r.e.Close()
		if err := r.st.Close(); err != nil {
			r.t.Logf("closing on a full disk: %v", err)
		}
		r.st = nil
		r.open()
		rows := r.rows(r.inbox(a))
		if len(rows) == 0 || len(rows) != len(before) {
			r.t.Errorf("%d messages on a full disk, %d before", len(rows), len(before))
		}
		for _, row := range rows {
			if row.HasBody && len(r.raw(row.ID)) == 0 {
				r.t.Errorf("%s cannot be read on a full disk", row.Subject)
			}
		}
	}
}
