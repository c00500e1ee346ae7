package mailsync_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// Messages are uploaded, copied and moved while the mailbox on the server is nearly full, full, and has room again, and connections break. What the
// server has no room for is kept here, in a folder of its own; nothing is lost, nothing is doubled, both sides are equal in the end, and the user was told.
func TestQuotaUnderFaults(t *testing.T) {
	t.Parallel()
	for _, seed := range seeds(t, 2) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			f := &full{world: newWorld(newRigAt(t, mailtest.StartCyrus(t, mailtest.CyrusOptions{})), seed), copies: map[string]int{}}
			f.box.Command(t, "ali", "CREATE Work", "SUBSCRIBE Work", "CREATE Filler")
			for n := range 30 {
				f.box.Append(t, "ali", "INBOX", letter(n, fmt.Sprintf("message %d", n), longText(2000)))
			}
			proxy := mailtest.StartFaultProxy(t, f.box.IMAPSPort, seed)
			f.a = f.account("ali", mail.IMAP, func(a *mail.Account) { a.Incoming.Port = proxy.Port() })
			f.sync(f.a)
			f.fill()
			f.days(1)
			f.sync(f.a)
			if q, err := f.e.Quota(f.ctx, f.a.ID); err != nil || q.Percent() < 95 {
				t.Errorf("full as it is: %+v, %v", q, err)
			}
			proxy.Break(20_000)
			for round := range 12 {
				f.strain()
				f.pass(f.a)
				f.days(1)
				switch round {
				case 5:
					f.restart()
				case 8: // somebody makes room, once something was refused
					for n := 0; len(f.kept()) == 0 && n < 40; n++ {
						f.strain()
						f.pass(f.a)
						f.days(1)
					}
					f.box.Command(t, "ali", "DELETE Filler")
				}
			}
			proxy.Heal()
			for range 3 {
				f.pass(f.a) // what is refused now is refused for good
				f.days(1)
			}
			quiet(t, f.rig, f.a)
			f.nothingLost()
			if proxy.Broken() < 2 {
				t.Errorf("only %d connections met a fault", proxy.Broken())
			}
		})
	}
}

// full is a world whose server runs out of room.
type full struct {
	*world
	uploads int
	copies  map[string]int // how often a message was to be copied, by subject
}

// fill leaves room for a few small messages.
func (f *full) fill() {
	f.t.Helper()
	f.box.Append(f.t, "ali", "Filler", letter(1, "filler", string(bytes.Repeat([]byte("0123456789\r\n"), (mailtest.CyrusQuota-130_000)/12))))
}

// strain does what needs room: uploads and copies; and moves, which need none.
func (f *full) strain() {
	f.t.Helper()
	for range 1 + f.rnd.IntN(2) {
		f.uploads++
		im, err := f.e.ImporterAgain(f.ctx, f.folder(f.a, "Work").ID, 0)
		if err != nil {
			f.t.Fatal(err)
		}
		raw := letter(5000+f.uploads, fmt.Sprintf("upload %d", f.uploads), longText(1000+f.rnd.IntN(25_000)))
		if err := im.Add(bytes.NewReader(raw), mail.Flags{mail.FlagSeen}, f.clock()); err != nil {
			f.t.Fatal(err)
		}
		if _, err := im.Close(); err != nil {
			f.t.Fatal(err)
		}
	}
	rows := f.rows(f.inbox(f.a))
	if len(rows) < 2 {
		return
	}
	work := f.folder(f.a, "Work").ID
	i := f.rnd.IntN(len(rows) - 1)
	f.copies[rows[i].Subject]++
	f.do(mail.Action{Kind: mail.ActCopy, Messages: []mail.MessageID{rows[i].ID}, Folder: work})
	f.do(mail.Action{Kind: mail.ActMove, Messages: []mail.MessageID{rows[i+1].ID}, Folder: work})
}

// kept are the messages that the server had no room for.
func (f *full) kept() []mail.Row {
	f.t.Helper()
	rescue, err := f.st.FolderByPath(f.ctx, f.a.ID, mail.RescueFolder)
	if err != nil {
		return nil
	}
	return f.rows(rescue)
}

// nothingLost compares both sides, and counts what was there from the beginning, was uploaded and was copied.
func (f *full) nothingLost() {
	f.t.Helper()
	total := map[string]int{}
	for _, box := range []string{"INBOX", "Work"} {
		here, there := map[string]int{}, subjects(f.box.Messages(f.t, "ali", box))
		for _, row := range f.rows(f.folder(f.a, box)) {
			here[row.Subject]++
			if !bytes.Contains(f.raw(row.ID), []byte("Subject: "+row.Subject+"\r\n")) {
				f.t.Errorf("%s: %q has other bytes", box, row.Subject)
			}
		}
		if !maps.Equal(here, there) {
			f.t.Errorf("%s: %v here, %v on the server", box, here, there)
		}
		for s, n := range there {
			total[s] += n
		}
	}
	kept := f.kept()
	for _, row := range kept {
		total[row.Subject]++
	}
	for i := range f.uploads {
		if s := fmt.Sprintf("upload %d", i+1); total[s] != 1 {
			f.t.Errorf("%q is there %d times", s, total[s])
		}
	}
	for i := range 30 {
		s := fmt.Sprintf("message %d", i)
		if n := total[s]; n < 1 || n > 1+f.copies[s] {
			f.t.Errorf("%q, to be copied %d times, is there %d times", s, f.copies[s], n)
		}
	}
	ops, err := f.st.Ops(f.ctx, 10000)
	if err != nil {
		f.t.Fatal(err)
	}
	failed := 0
	for _, op := range ops {
		switch op.State {
		case mail.OpDone, mail.OpUndone:
		case mail.OpFailed:
			failed++
		default:
			f.t.Errorf("operation %d (%s) is %s: %s", op.ID, op.Kind, op.State, op.Error)
		}
	}
	if len(kept) == 0 || failed < len(kept) {
		f.t.Errorf("%d messages were refused, %d operations failed: the server was never full", len(kept), failed)
	}
	if slices.Contains(slices.Collect(maps.Keys(total)), "") {
		f.t.Error("a message without a subject")
	}
	f.whole()
}
