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

// stored is a message as the store has it.
func (b *bench) stored(subject string) mail.Row {
	b.Helper()
	r, err := b.store.Row(b.Context(), b.ids[subject])
	b.ok(err)
	return r
}
