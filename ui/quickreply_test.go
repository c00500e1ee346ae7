package ui

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/compose"
)

// drafted waits for the drafts that are stored to be so many.
func (b *bench) drafted(n int) []mail.Draft {
	b.Helper()
	var list []mail.Draft
	b.until("drafts", func() (ok bool) {
		var err error
		list, err = b.store.Drafts(b.Context())
		b.ok(err)
		return len(list) == n
	})
	return list
}

// What comes into a conversation while an answer is written does not turn the answer to somebody else.
func TestAQuickReplyStaysWithWhomItWasBegunFor(t *testing.T) {
	b := newBench(t, prefs(quiet), threaded(3))
	q := b.openThread(1).reply // the third message is the user's own
	q.Open()
	q.editor.SetText("Yes, Anna.")
	to := q.row.ID
	b.put(b.folder(b.imap, "INBOX"), 400, sampleMail{from: "Stranger <stranger@example.net>", subject: "Re: " + minutes, at: today, text: "And I?", headers: "References: <root@example.org>\r\n", flags: mail.Flags{mail.FlagSeen}})
	b.until("the new message", func() bool { return b.w.reader.thread != nil && len(b.w.reader.thread.items) == 4 })
	b.drain()
	if q = b.w.reader.thread.reply; q.row.ID != to || q.editor.Text() != "Yes, Anna." {
		t.Fatalf("the answer goes to message %d, begun for %d, and says %q", q.row.ID, to, q.editor.Text())
	}
	q.editor.SetText("")
	b.w.reader.thread.reply.Aim(b.w.reader.rows)
	if q.row.Subject != "Re: "+minutes {
		t.Error("an empty field does not answer the newest message")
	}
}

// A field that was sent, or goes on in a window, is a line again, and the keyboard is on it: what is typed then is a command, not another answer that nobody sees.
func TestTheKeyboardLeavesAQuickReplyThatWasSent(t *testing.T) {
	b := newBench(t, prefs(quiet), threaded(3))
	q := b.openThread(1).reply
	q.Open()
	q.editor.SetText("Yes, Anna.")
	q.Send()
	b.until("the field to be empty", func() bool { return !q.written() })
	b.drain()
	if got := b.w.Window().Canvas().Focused(); got != q.area {
		t.Fatalf("the keyboard is with %T", got)
	}
	b.key(fyne.KeyReturn)
	b.drain()
	if got := b.w.Window().Canvas().Focused(); got != q.editor || !q.field.Visible() {
		t.Errorf("Enter on the line gives the keyboard to %T", got)
	}
}

// What is typed while the answer is handed over would be in nothing that is sent or stored.
func TestNothingIsTypedIntoAQuickReplyThatIsBeingSent(t *testing.T) {
	b := newBench(t, prefs(quiet), threaded(3))
	q := b.openThread(1).reply
	q.Open()
	q.editor.SetText("Yes, Anna.")
	q.Send()
	q.editor.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
	q.editor.TypedRune('!')
	if got := q.editor.Text(); got != "Yes, Anna." {
		t.Errorf("while it is sent the field says %q", got)
	}
	b.until("the field to be empty", func() bool { return !q.written() })
	b.drain()
	q.Open()
	q.editor.TypedRune('N')
	if got := q.editor.Text(); got != "N" {
		t.Errorf("the next answer is %q", got)
	}
}

// The message that is answered may be deleted meanwhile, by another program: what was written is kept all the same.
func TestAQuickReplyOutlivesItsMessage(t *testing.T) {
	b := newBench(t, prefs(quiet), threaded(3))
	q := b.openThread(1).reply
	q.Open()
	q.editor.SetText("A long answer.")
	var all []mail.MessageID
	for i := range 3 {
		all = append(all, b.ids[threadSubject(i)])
	}
	b.ok(b.store.RemoveMessages(b.Context(), all))
	b.until("the empty reader", func() bool { return b.w.reader.Message() == 0 })
	d := b.drafted(1)[0]
	if d.Text != "A long answer." || len(d.To) != 1 || d.To[0].Addr != "anna@example.net" || len(d.Cc) != 1 || d.Cc[0].Addr != "reza@example.org" || !strings.HasPrefix(d.Subject, "Re: ") || strings.HasPrefix(d.Subject, "Re: Re: ") {
		t.Errorf("the draft says %q to %v and %v about %q", d.Text, d.To, d.Cc, d.Subject)
	}
}

// The message that is answered may be deleted while the rest of the conversation stays: the answer does not turn to whoever wrote that.
func TestAQuickReplyIsNotTurnedToSomebodyElse(t *testing.T) {
	b := newBench(t, prefs(quiet), threaded(3))
	q := b.openThread(0).reply
	q.Open()
	q.editor.SetText("For Anna only.")
	to := q.row.ID
	b.ok(b.store.RemoveMessages(b.Context(), []mail.MessageID{b.ids[threadSubject(1)]}))
	b.until("the rest of the conversation", func() bool { return b.w.reader.thread != nil && len(b.w.reader.thread.items) == 2 })
	b.drain()
	if q.row.ID != to {
		t.Fatalf("it goes to %v by now", q.row.From)
	}
	q.Send()
	b.until("the field to be empty", func() bool { return !q.writing() })
	list, err := b.store.OutboxItems(b.Context())
	b.ok(err)
	if len(list) != 1 || list[0].Rcpt[0] != "anna@example.net" {
		t.Errorf("sent to %+v", list)
	}
	if q.row.ID == to {
		t.Error("the next answer goes to the message that is gone")
	}
}

// A conversation of which another device leaves one message stays one while it is answered, with the keyboard in the field.
func TestAQuickReplyStaysBelowTheLastMessage(t *testing.T) {
	b := newBench(t, prefs(quiet), threaded(2))
	q := b.openThread(1).reply
	q.Open()
	q.editor.SetText("Half a sen")
	b.ok(b.store.RemoveMessages(b.Context(), []mail.MessageID{b.ids[threadSubject(0)]}))
	b.until("one message", func() bool { return len(b.w.reader.rows) == 1 })
	b.drain()
	if th := b.w.reader.thread; th == nil || th.reply != q || q.editor.Text() != "Half a sen" || !q.typing() {
		t.Fatalf("the field is gone, the text is %q", q.editor.Text())
	}
}

// A conversation that another device deletes while it is answered takes nothing along: who is typing goes on in a window. What was typed meanwhile is there, too, is no command, and
// no draft that nobody sees.
func TestAQuickReplyGoesOnInAWindow(t *testing.T) {
	b := newBench(t, prefs(quiet), threaded(3))
	q := b.openThread(1).reply
	q.Open()
	q.editor.SetText("Half a sen")
	hold := make(chan struct{})
	b.w.env.loop.Serial(func(context.Context) func() { <-hold; return nil })
	var all []mail.MessageID
	for i := range 3 {
		all = append(all, b.ids[threadSubject(i)])
	}
	b.ok(b.store.RemoveMessages(b.Context(), all))
	b.until("the empty reader", func() bool { return b.w.reader.Message() == 0 })
	if !q.typing() {
		t.Error("the rest of the word is a command")
	}
	q.editor.SetText("Half a sentence.")
	close(hold)
	b.until("the window", func() bool { return len(b.drafts) == 1 })
	if d := b.drafts[0]; d.Text != "Half a sentence." || d.ID == 0 {
		t.Errorf("the window has %+v", d)
	}
	b.until("the keyboard to be free", func() bool { return b.w.Window().Canvas().Focused() == nil })
	if list := b.drafted(1); list[0].ID != b.drafts[0].ID || q.clocks[0] != nil || q.clocks[1] != nil {
		t.Errorf("stored %+v, clocks %v", list, q.clocks)
	}
}

// Until the window has the keyboard the field has it: what is typed there then follows into the window, and stands behind what was written before.
func TestWhatIsTypedWhileItsWindowOpens(t *testing.T) {
	for _, full := range []bool{false, true} {
		b := newBench(t, prefs(quiet), threaded(3))
		var c *compose.Window
		b.w.env.open.GoOn = func(d mail.Draft) func(string) {
			c = b.w.draftWindow(d)
			return c.Type
		}
		hold := make(chan struct{})
		q := b.openThread(1).reply
		q.Open()
		if full {
			b.w.env.engine = stubborn{b.w.env.engine, hold, errors.New("the disk is full")}
		} else {
			b.w.env.loop.Serial(func(context.Context) func() { <-hold; return nil })
		}
		q.editor.Insert("Half")
		b.ok(b.store.RemoveMessages(b.Context(), []mail.MessageID{b.ids[threadSubject(0)], b.ids[threadSubject(1)], b.ids[threadSubject(2)]}))
		b.until("the empty reader", func() bool { return b.w.reader.Message() == 0 })
		q.editor.Insert(" a sen")
		close(hold)
		b.until("the window", func() bool { return c != nil })
		q.editor.Insert("ten")
		c.Type("ce.") // by the keyboard, which it has by now
		if d := c.Draft(); !strings.HasPrefix(d.Text, "Half a sentence.") {
			t.Errorf("full %v: the window has %q", full, d.Text)
		}
	}
}

// A field that has the keyboard stays below the last message of its conversation, also while nothing was written yet; one that is gone has no keys.
func TestAQuickReplyAndTheKeyboard(t *testing.T) {
	b := newBench(t, prefs(quiet), threaded(2))
	q := b.openThread(1).reply
	q.Open()
	b.ok(b.store.RemoveMessages(b.Context(), []mail.MessageID{b.ids[threadSubject(0)]}))
	b.until("one message", func() bool { return len(b.w.reader.rows) == 1 })
	b.drain()
	if th := b.w.reader.thread; th == nil || th.reply != q || !q.typing() {
		t.Fatal("the field is gone from under the keyboard")
	}
	q.fold(true)
	c := b.w.Window().Canvas()
	if c.Focused() != q.area {
		t.Fatal("the line has no keyboard")
	}
	b.ok(b.store.RemoveMessages(b.Context(), []mail.MessageID{b.ids[threadSubject(1)]}))
	b.until("the empty reader", func() bool { return b.w.reader.Message() == 0 })
	if c.Focused() == q.area {
		t.Error("Enter opens a field that nobody sees")
	}
}

// stubborn does not prepare answers.
type stubborn struct {
	Engine
	asked chan struct{}
	err   error
}

func (s stubborn) Reply(context.Context, mail.MessageID, mail.ReplyKind, string) (mail.Draft, error) {
	<-s.asked
	return mail.Draft{}, s.err
}

// Who goes on to another message before the answer is sent gets it back when that fails.
func TestAQuickReplyThatFailsAfterItsReader(t *testing.T) {
	b := newBench(t, prefs(quiet), threaded(3))
	asked := make(chan struct{})
	b.w.env.engine = stubborn{b.w.env.engine, asked, errors.New("the disk is full")}
	q := b.openThread(1).reply
	q.Open()
	q.editor.SetText("Sent in a hurry.")
	q.Send()
	b.selectSubject(sara)
	close(asked)
	b.until("the answer in a window", func() bool { return len(b.drafts) == 1 })
	if d := b.drafts[0]; d.Text != "Sent in a hurry." || !d.Unsaved {
		t.Errorf("the window has %+v", d)
	}
}

// What is written is stored while one writes, as versions of one draft, which goes when the field is emptied, or the answer sent.
func TestAQuickReplyIsStoredWhileOneTypes(t *testing.T) {
	b := newBench(t, prefs(quiet), threaded(3))
	q := b.openThread(1).reply
	q.Open()
	q.editor.Insert("Yes")
	if q.clocks[0] == nil || q.clocks[1] == nil {
		t.Fatal("no clock goes")
	}
	q.store()
	first := b.drafted(1)[0]
	q.editor.Insert(", on Tuesday.")
	q.store()
	b.drain()
	if d := b.drafted(1)[0]; d.ID != first.ID || d.HeaderID != first.HeaderID || !strings.HasPrefix(d.Text, "Yes, on Tuesday.") || strings.Contains(d.Text[3:], "Yes") || d.InReplyTo == "" {
		t.Fatalf("the draft is %+v, it was %+v", d, first)
	}
	if q.clocks[0] != nil || q.clocks[1] != nil {
		t.Error("a clock goes on after what was written is stored")
	}
	q.editor.SetText("")
	q.changed()
	q.store()
	b.drafted(0)
	q.editor.Insert("No.")
	q.store()
	b.drafted(1)
	q.Send()
	b.until("the outbox", func() bool {
		list, err := b.store.OutboxItems(b.Context())
		b.ok(err)
		return len(list) == 1
	})
	b.drafted(0)
}

// unsentMail does not send.
type unsentMail struct {
	Engine
	tried chan struct{}
}

func (u unsentMail) Send(context.Context, mail.Draft, time.Time) (mail.OutboxID, error) {
	u.tried <- struct{}{}
	return 0, errors.New("the disk is full")
}

// An answer that cannot be sent is one draft however often it is tried.
func TestAQuickReplyThatFailsTwiceIsOneDraft(t *testing.T) {
	b := newBench(t, prefs(quiet), threaded(3))
	e := unsentMail{b.w.env.engine, make(chan struct{}, 2)}
	b.w.env.engine = e
	q := b.openThread(1).reply
	q.Open()
	q.editor.SetText("Sent in vain.")
	for range 2 {
		q.Send()
		b.until("the failure", func() bool { return !q.busy })
	}
	if len(e.tried) != 2 || !q.warning.Visible() {
		t.Fatalf("tried %d times, told: %v", len(e.tried), q.warning.Visible())
	}
	b.drafted(1)
}
