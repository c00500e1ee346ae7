package ui

import (
	"testing"
	"time"

	"peyk/internal/mail"
)

// TestUndoOfSending: Ctrl+Z takes back the message that was just sent, once and only while it waits; after that what was done before.
func TestUndoOfSending(t *testing.T) {
	b := newBench(t)
	act, taken := b.w.env.act, 0
	back := func() { taken++ }
	act.Do(mail.Action{Kind: mail.ActStar, Messages: []mail.MessageID{b.row(sara).ID}})
	b.until("the star", func() bool { return b.stored(sara).Starred() })

	act.Sending(today.Add(10*time.Second), back)
	act.Undo()
	if b.drain(); taken != 1 || !b.stored(sara).Starred() {
		t.Fatalf("taken back %d times; the star went: %v", taken, !b.stored(sara).Starred())
	}
	act.Sending(today.Add(10*time.Second), back)() // by the button of the toast
	act.Sending(today, back)                       // this one has left
	act.Undo()
	b.until("the undo of the star", func() bool { return !b.stored(sara).Starred() })
	if taken != 2 {
		t.Errorf("taken back %d times", taken)
	}
}

// What another program removed while it was chosen or read here is no fault that the user is told: the action goes for what is still there.
func TestActionsOnWhatIsGone(t *testing.T) {
	b := newBench(t)
	act := b.w.env.act
	var failed []error
	act.failed = func(_ mail.Action, err error) { failed = append(failed, err) }
	const gone = 1 << 40
	act.Do(mail.Action{Kind: mail.ActStar, Messages: []mail.MessageID{gone, b.row(sara).ID}})
	act.Quiet(mail.Action{Kind: mail.ActRead, Messages: []mail.MessageID{gone}}) // by reading
	act.Do(mail.Action{Kind: mail.ActArchive, Messages: []mail.MessageID{gone}})
	b.drain()
	if len(failed) > 0 {
		t.Errorf("it was told as failed: %v", failed)
	}
	if !b.stored(sara).Starred() {
		t.Error("what is still there was not starred")
	}
	act.Undo()
	b.until("the undo of the star", func() bool { return !b.stored(sara).Starred() })
	act.Do(mail.Action{Kind: mail.ActMove, Folder: 1 << 40, Messages: []mail.MessageID{b.row(sara).ID}})
	if b.drain(); len(failed) != 1 {
		t.Errorf("a move to a folder that is gone: %v", failed)
	}
}

// stored is a message as the store has it.
func (b *bench) stored(subject string) mail.Row {
	b.Helper()
	r, err := b.store.Row(b.Context(), b.ids[subject])
	b.ok(err)
	return r
}
