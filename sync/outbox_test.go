package mailsync_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"peyk/accounts"
	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
	"peyk/internal/message"
	"peyk/store"
)

// arrive waits until a folder of the user's server holds n messages.
func (r *rig) arrive(user, box string, n int) [][]byte {
	r.t.Helper()
	return mailtest.WaitMessages(r.t, r.dove, user, box, n, 2*time.Minute)
}

// write sends a message from an account through the engine, as the compose window does.
func (r *rig) write(a mail.Account, to, subject, text string) mail.OutboxID {
	r.t.Helper()
	d, err := r.e.NewDraft(r.ctx, a.ID)
	if err != nil {
		r.t.Fatal(err)
	}
	d.To, d.Subject, d.Text = []mail.Address{{Addr: to}}, subject, text
	if err := r.e.SaveDraft(r.ctx, &d); err != nil {
		r.t.Fatal(err)
	}
	id, err := r.e.Send(r.ctx, d, time.Time{})
	if err != nil {
		r.t.Fatal(err)
	}
	return id
}

func (r *rig) outbox() []mail.OutboxItem {
	r.t.Helper()
	items, err := r.st.OutboxItems(r.ctx)
	if err != nil {
		r.t.Fatal(err)
	}
	return items
}

// The whole loop: compose, send over 465, arrive, receive over IMAP and POP3, reply, and the reply threads and marks.
func TestTheWholeLoop(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	ali := r.account("ali", mail.IMAP, nil)
	sara := r.account("sara", mail.POP3, nil)
	r.sync(ali)
	r.write(ali, r.mta.Address("sara"), "سلام از علی", "متن نامه\n.a dot\n..two")
	if res := r.sync(ali); res.Sent != 1 {
		t.Fatalf("sent %d", res.Sent)
	}
	if len(r.outbox()) != 0 {
		t.Errorf("the outbox still holds %+v", r.outbox())
	}
	r.arrive("sara", "INBOX", 1)
	if n := len(r.dove.Messages("ali", "Sent")); n != 1 {
		t.Errorf("%d copies in Sent on the server, want 1", n)
	}
	r.sync(ali)
	r.sameMail(ali, "ali", "Sent")
	if res := r.sync(sara); res.New != 1 {
		t.Fatalf("sara got %d", res.New)
	}
	got := r.find(r.inbox(sara), "سلام از علی")
	c, err := r.e.Content(r.ctx, got.ID)
	if err != nil || !strings.Contains(c.Text, "متن نامه\n.a dot\n..two") {
		t.Errorf("arrived as %q, %v", c.Text, err)
	}
	d, err := r.e.Reply(r.ctx, got.ID, mail.ReplySender, "fa")
	if err != nil {
		t.Fatal(err)
	}
	if len(d.To) != 1 || d.To[0].Addr != "ali@peyk.test" || d.Account != sara.ID {
		t.Errorf("the reply goes to %v from account %d", d.To, d.Account)
	}
	r.neverSendsWithoutServers()
	d.Text = "پاسخ\n" + d.Text
	if _, err := r.e.Send(r.ctx, d, time.Time{}); err != nil {
		t.Fatal(err)
	}
	r.sync(sara)
	if row, err := r.st.Row(r.ctx, got.ID); err != nil || !row.Flags.Has(mail.FlagAnswered) {
		t.Errorf("the answered message is not marked: %v, %v", row.Flags, err)
	}
	sent, err := r.st.FolderByRole(r.ctx, sara.ID, mail.RoleSent)
	if err != nil || sent.Total != 1 {
		t.Errorf("the local Sent holds %d, %v", sent.Total, err)
	}
	r.arrive("ali", "INBOX", 1)
	r.sync(ali)
	in := r.inbox(ali)
	reply := r.rows(in)[0]
	mine := r.rows(r.folder(ali, "Sent"))[0]
	if reply.Thread != mine.Thread {
		t.Error("the reply is not in the conversation of what it answers")
	}
	if k, err := r.e.Undo(r.ctx); err != nil || k != "" {
		t.Errorf("sending left something to undo: %q, %v", k, err)
	}
}

func TestRefusedRecipients(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	ali := r.account("ali", mail.IMAP, nil)
	r.sync(ali)
	d, _ := r.e.NewDraft(r.ctx, ali.ID)
	d.To = []mail.Address{{Addr: r.mta.Address("sara")}, {Addr: "nobody@elsewhere.example"}}
	d.Bcc = []mail.Address{{Addr: r.mta.Address("ali")}}
	d.Subject, d.Text = "partly", "x"
	if _, err := r.e.Send(r.ctx, d, time.Time{}); err != nil {
		t.Fatal(err)
	}
	res := r.pass(ali)
	if res.Sent != 1 || len(res.Failed) != 1 || !strings.Contains(res.Failed[0], "nobody@elsewhere.example") {
		t.Errorf("%+v", res)
	}
	items := r.outbox()
	if len(items) != 1 || items[0].State != mail.OutboxPartly || items[0].Refused["nobody@elsewhere.example"] == "" {
		t.Fatalf("outbox %+v", items)
	}
	if why := mail.StoredProblem(items[0].Refused["nobody@elsewhere.example"]); why.Kind != mail.ProblemServer || why.Where == "" || why.Said == "" {
		t.Errorf("a window can say of the refusal only %+v", why)
	}
	for _, user := range []string{"sara", "ali"} {
		m := r.arrive(user, "INBOX", 1)[0]
		if strings.Contains(string(m), "Bcc:") {
			t.Errorf("Bcc leaked to %s", user)
		}
	}
	r.do(mail.Action{Kind: mail.ActDestroy, Messages: []mail.MessageID{r.find(r.folder(ali, "Sent"), "partly").ID}})
	if res := r.pass(ali); res.Sent != 0 {
		t.Error("it was sent again")
	}
	r.pass(ali)
	if n := len(r.dove.Messages("ali", "Sent")); n != 0 {
		t.Errorf("the copy in Sent that the user deleted is there again")
	}
	// Everybody refused: it failed, with the reason, and stays.
	r.write(ali, "nobody@elsewhere.example", "nobody", "x")
	r.pass(ali)
	items = r.outbox()
	if i := slices.IndexFunc(items, func(it mail.OutboxItem) bool { return it.State == mail.OutboxFailed }); i < 0 || items[i].Reason == "" {
		t.Fatalf("outbox %+v", items)
	} else {
		back, err := r.e.OutboxToDraft(r.ctx, items[i].ID)
		if err != nil || back.Subject != "nobody" || len(back.To) != 1 || strings.TrimSpace(back.Text) != "x" {
			t.Errorf("back to a draft: %+v, %v", back, err)
		}
	}
}

// sender loses or refuses what the test wants.
type sender struct {
	remote.Sender
	send func(ctx context.Context, inner remote.Sender, env remote.Envelope, body io.Reader) (remote.Receipt, error)
}

func (s sender) Send(ctx context.Context, env remote.Envelope, body io.Reader) (remote.Receipt, error) {
	return s.send(ctx, s.Sender, env, body)
}

func TestLostConfirmationAsksAndNeverSendsTwice(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	ali := r.account("ali", mail.IMAP, nil)
	r.sync(ali)
	r.wrapSender = func(s remote.Sender) remote.Sender {
		return sender{s, func(ctx context.Context, in remote.Sender, env remote.Envelope, body io.Reader) (remote.Receipt, error) {
			if _, err := in.Send(ctx, env, body); err != nil {
				t.Error(err)
			}
			return remote.Receipt{}, &remote.Error{Step: "data", Kind: mail.ProblemNetwork, Closed: true, Uncertain: true, Err: errors.New("cut")}
		}}
	}
	id := r.write(ali, r.mta.Address("sara"), "once", "x")
	if res := r.pass(ali); len(res.Failed) == 0 {
		t.Error("not told")
	}
	r.wrapSender = nil
	r.restart()
	r.pass(ali)
	r.pass(ali)
	it, err := r.st.OutboxItem(r.ctx, id)
	if err != nil || it.State != mail.OutboxUncertain || it.Reason == "" {
		t.Fatalf("%+v, %v", it, err)
	}
	r.arrive("sara", "INBOX", 1)
	// The user decides: it arrived. That makes it one that was sent, with its copy.
	if err := r.e.Arrived(r.ctx, id); err != nil {
		t.Fatal(err)
	}
	r.sync(ali)
	sent, err := r.st.FolderByRole(r.ctx, ali.ID, mail.RoleSent)
	if err != nil || sent.Total != 1 || r.find(sent, "once").ID == 0 || len(r.outbox()) != 0 {
		t.Errorf("Sent has %d, the outbox %d, %v", sent.Total, len(r.outbox()), err)
	}
	if err := r.e.Arrived(r.ctx, id); err == nil {
		t.Error("what is gone arrived again")
	}
	if n := len(r.arrive("sara", "INBOX", 1)); n != 1 {
		t.Errorf("it arrived %d times", n)
	}
}

func TestServerAwayAndTemporaryRefusal(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	ali := r.account("ali", mail.IMAP, nil)
	r.sync(ali)
	r.mta.Stop()
	id := r.write(ali, r.mta.Address("sara"), "later", "x")
	for range 3 {
		if res := r.pass(ali); res.Sent != 0 {
			t.Error("sent without a server")
		}
		r.days(1)
	}
	it, err := r.st.OutboxItem(r.ctx, id)
	if err != nil || it.State != mail.OutboxQueued || it.Reason == "" {
		t.Fatalf("%+v, %v", it, err)
	}
	r.mta.Start()
	// Who asks for a pass does not wait for the back-off.
	if res := r.sync(ali); res.Sent != 1 {
		t.Errorf("sent %d", res.Sent)
	}
	r.arrive("sara", "INBOX", 1)
	// 4xx: again later, by itself.
	tries := 0
	r.wrapSender = func(s remote.Sender) remote.Sender {
		return sender{s, func(ctx context.Context, in remote.Sender, env remote.Envelope, body io.Reader) (remote.Receipt, error) {
			if tries++; tries == 1 {
				return remote.Receipt{}, &remote.Error{Step: "rcpt", Kind: mail.ProblemServer, Code: 451, Text: "greylisted"}
			}
			return in.Send(ctx, env, body)
		}}
	}
	r.write(ali, r.mta.Address("sara"), "grey", "x")
	if res := r.pass(ali); res.Sent != 0 || len(res.Failed) != 1 {
		t.Errorf("%+v", res)
	}
	if res := r.sync(ali); res.Sent != 1 {
		t.Errorf("sent %d", res.Sent)
	}
	r.arrive("sara", "INBOX", 2)
}

// What a crash left before the last byte was handed over goes again; after that it is asked about.
func TestCrashWhileSending(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	ali := r.account("ali", mail.IMAP, nil)
	r.sync(ali)
	for _, c := range []struct {
		name  string
		bytes int64 // of the message that are read before the crash; -1: all
		state mail.OutboxState
	}{{"before", 0, ""}, {"within", 40, ""}, {"after", -1, mail.OutboxUncertain}} {
		var left mail.OutboxItem
		r.wrapSender = func(s remote.Sender) remote.Sender {
			return sender{s, func(ctx context.Context, in remote.Sender, env remote.Envelope, body io.Reader) (remote.Receipt, error) {
				if c.bytes >= 0 {
					body = io.LimitReader(body, c.bytes)
				}
				if _, err := io.Copy(io.Discard, body); err != nil {
					t.Error(err)
				}
				left = r.outbox()[0] // what the disk would hold
				return remote.Receipt{}, &remote.Error{Step: "data", Kind: mail.ProblemNetwork, Closed: true, Text: "cut"}
			}}
		}
		id := r.write(ali, r.mta.Address("sara"), c.name, "text")
		r.pass(ali)
		r.wrapSender = nil
		if left.ID != id || left.State != mail.OutboxSending {
			t.Fatalf("%s: while sending: %+v", c.name, left)
		}
		if err := r.st.SetOutbox(r.ctx, left); err != nil {
			t.Fatal(err)
		}
		r.restart()
		r.pass(ali)
		if it, err := r.st.OutboxItem(r.ctx, id); c.state == "" && !errors.Is(err, store.ErrNotFound) || c.state != "" && it.State != c.state {
			t.Errorf("%s: %+v, %v; want %q", c.name, it, err, c.state)
		}
	}
	r.arrive("sara", "INBOX", 2)
}

func TestSendLaterAndUndoSend(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	ali := r.account("ali", mail.IMAP, nil)
	r.sync(ali)
	d, _ := r.e.NewDraft(r.ctx, ali.ID)
	d.To, d.Subject, d.Text = []mail.Address{{Addr: r.mta.Address("sara")}}, "wait", "text of it"
	id, err := r.e.Send(r.ctx, d, r.clock().Add(48*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if res := r.sync(ali); res.Sent != 0 {
		t.Error("sent too early")
	}
	back, err := r.e.OutboxToDraft(r.ctx, id)
	if err != nil || back.Subject != "wait" || !strings.Contains(back.Text, "text of it") || len(back.To) != 1 {
		t.Fatalf("%+v, %v", back, err)
	}
	if _, err := r.e.Send(r.ctx, back, r.clock().Add(48*time.Hour)); err != nil {
		t.Fatal(err)
	}
	planned := r.clock().Add(48 * time.Hour)
	r.days(3) // the computer was off for a day
	if res := r.sync(ali); res.Sent != 1 || len(res.Late) != 1 || res.Late[0].Subject != "wait" || !res.Late[0].Planned.Equal(planned) || !res.Late[0].Sent.Equal(r.clock()) {
		t.Errorf("sent %d, told as late %+v; planned was %s", res.Sent, res.Late, planned)
	}
	if ps, err := r.st.Passes(r.ctx, 10); err != nil || len(ps) == 0 || len(ps[0].Result.Late) != 1 {
		t.Errorf("the history says %+v, %v", ps, err)
	}
	for name, raw := range map[string][]byte{"what arrived": r.arrive("sara", "INBOX", 1)[0], "the copy": r.dove.Messages("ali", "Sent")[0]} {
		s := message.ParseBytes(raw).Summary()
		if !s.Date.Equal(r.clock().Truncate(time.Second)) || s.HeaderID != back.HeaderID || !strings.Contains(string(raw), "text of it") {
			t.Errorf("%s is of %s, not of %s when it went:\n%s", name, s.Date, r.clock(), raw)
		}
	}
	if _, err := r.e.Send(r.ctx, mail.Draft{Account: ali.ID, To: d.To, Subject: "in time", Text: "x"}, r.clock().Add(24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	r.days(1)
	if res := r.sync(ali); res.Sent != 1 || len(res.Late) != 0 {
		t.Errorf("what went in time: %+v", res)
	}
}

// TestWhatOnlyWaitedKeepsItsDate: a message is of the moment when it was written, also where the network was away for days.
func TestWhatOnlyWaitedKeepsItsDate(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	ali := r.account("ali", mail.IMAP, nil)
	r.mta.Stop()
	written := r.clock().Truncate(time.Second)
	r.write(ali, r.mta.Address("sara"), "offline", "x")
	r.pass(ali)
	r.days(2)
	r.mta.Start()
	if res := r.sync(ali); res.Sent != 1 {
		t.Errorf("sent %d", res.Sent)
	}
	if s := message.ParseBytes(r.arrive("sara", "INBOX", 1)[0]).Summary(); !s.Date.Equal(written) {
		t.Errorf("it is of %s, not of %s when it was written", s.Date, written)
	}
}

// neverSendsWithoutServers: mail that is on this computer only is answered with an account that sends, and what names the other one all the same
// is refused rather than kept in the outbox for ever.
func (r *rig) neverSendsWithoutServers() {
	r.t.Helper()
	local := accounts.Local()
	var err error
	if local.ID, err = r.st.SaveAccount(r.ctx, local); err != nil {
		r.t.Fatal(err)
	}
	folder, err := r.st.EnsureLocalFolder(r.ctx, local.ID, "Imported", mail.RoleNone)
	if err != nil {
		r.t.Fatal(err)
	}
	im, err := r.e.ImporterKnowing(r.ctx, folder, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	if err := im.Add(bytes.NewReader(letter(77, "an old one", "x")), nil, time.Time{}); err != nil {
		r.t.Fatal(err)
	}
	if _, err := im.Close(); err != nil {
		r.t.Fatal(err)
	}
	rows, err := r.st.Page(r.ctx, store.Query{Folder: folder}, 0, 1)
	if err != nil || len(rows) != 1 {
		r.t.Fatal(rows, err)
	}
	d, err := r.e.Reply(r.ctx, rows[0].ID, mail.ReplySender, "en")
	if a, aerr := r.st.Account(r.ctx, d.Account); err != nil || aerr != nil || a.Disabled {
		r.t.Errorf("it is answered with %+v: %v, %v", a, err, aerr)
	}
	d.Account = local.ID
	var refused *mail.Refusal
	if _, err := r.e.Send(r.ctx, d, time.Time{}); !errors.As(err, &refused) || refused.Code != mail.CodeNoOutgoing {
		r.t.Errorf("sending with it: %v", err)
	}
	if n := len(r.outbox()); n != 0 {
		r.t.Errorf("%d messages wait in the outbox", n)
	}
	if err := r.st.RemoveAccount(r.ctx, local.ID); err != nil {
		r.t.Fatal(err)
	}
}
