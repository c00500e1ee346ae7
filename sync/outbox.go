package mailsync

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync/atomic"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/store"
)

// maxSendAttempts is after how many temporary refusals by a server a message waits for the user instead. Failures to reach the
// server do not count: a laptop may be offline for weeks.
const maxSendAttempts = 30

// outbox sends what may be sent now and finishes what an earlier pass left half done. It reports whether operations were
// left behind (copies for Sent, marks on what was answered).
//
// The phases of an item: queued → sending → handed over → sent → (copy saved, source marked) → gone. "sending" is written
// before the first command of the message's transaction, "handed over" before its last bytes and the final dot, together with who was refused, and both are
// taken back when the server is known not to have it. An item found in "sending" at the start of a pass goes again: without the
// dot no server keeps it. One that was handed over, or whose answer to the dot was lost, is uncertain: it may have been
// delivered, so it is never sent again by itself. It counts as sent when the Sent folder has it, now or in a later pass; otherwise the user is asked.
func (p *pass) outbox(ctx context.Context, opener remote.Opener) (left bool) {
	ctx = store.Always(ctx) // the servers for receiving have no part in it, and what was handed over must be noted
	if err := p.recoverOutbox(ctx); err != nil {
		p.fail(ctx, "reading the outbox", err)
		return false
	}
	if err := p.hurryOutbox(ctx); err != nil {
		p.fail(ctx, "reading the outbox", err)
		return false
	}
	done := p.deliver(ctx, opener)
	return p.finish(ctx) || done
}

// finish is finishSent, which tells what went wrong.
func (p *pass) finish(ctx context.Context) (left bool) {
	left, err := p.finishSent(context.WithoutCancel(ctx))
	if err != nil {
		p.fail(ctx, "saving the copy of what was sent", err)
	}
	return left
}

// deliver hands over what may be sent now, and reports whether operations were left behind. What is left to do for a message follows it at once: the next one may take minutes,
// and the user may throw away, meanwhile, what was refused for some.
func (p *pass) deliver(ctx context.Context, opener remote.Opener) (left bool) {
	var snd remote.Sender
	defer func() {
		if snd != nil {
			snd.Close()
		}
	}()
	for ctx.Err() == nil {
		it, err := p.st.NextOutbox(ctx, p.acct.ID, p.e.opt.Now())
		if err != nil || it == nil {
			if err != nil {
				p.fail(ctx, "reading the outbox", err)
			}
			break
		}
		p.spoke = true
		p.report(mail.Progress{Phase: mail.PhaseSending, Folder: it.Subject})
		if snd == nil {
			if snd, err = opener.Sender(ctx); err != nil {
				p.notReached(ctx, err)
				break
			}
			continue // that took its time: the message may have been taken back or put off meanwhile
		}
		done, ok := p.handOver()
		if !ok {
			break // what is left goes at the end of the program; see atExit
		}
		sent, err := p.sendItem(ctx, snd, *it)
		done()
		if err != nil {
			// The store does not take what became of the message (a full disk): to go on would be to try the same for ever.
			p.fail(ctx, "writing the outbox", err)
			break
		}
		if sent == nil {
			left = p.finish(ctx) || left
		}
		if re := remote.As(sent); sent != nil && (re == nil || re.Closed || re.Uncertain) {
			snd.Close()
			snd = nil
		}
	}
	return left
}

// handOver is that of the pass's worker, if it has one.
func (p *pass) handOver() (done func(), ok bool) {
	if p.keep == nil {
		return func() {}, true
	}
	return p.keep.sender.handOver()
}

// recoverOutbox settles items that a crash left in "sending": back into the queue, or uncertain when they were handed over.
func (p *pass) recoverOutbox(ctx context.Context) error {
	items, err := p.st.OutboxItems(ctx)
	if err != nil {
		return err
	}
	for _, it := range items {
		if it.Account != p.acct.ID || it.State != mail.OutboxSending {
			continue
		}
		if !it.HandedOver {
			it.State = mail.OutboxQueued
			if err := p.st.SetOutbox(ctx, it); err != nil {
				return err
			}
			continue
		}
		if err := p.uncertain(ctx, it, "Peyk ended while it was sending this message"); err != nil {
			return err
		}
	}
	return nil
}

// notReached puts every waiting item back with a reason: without a session none can go, and none is a reason to knock once more.
func (p *pass) notReached(ctx context.Context, err error) {
	if ended(ctx, err) {
		return
	}
	pr := problem(p.acct, "sending mail", err, transient(err))
	now := p.e.opt.Now()
	// A wrong password is not the message's fault: it stays queued, and goes once the settings are right.
	next := now.Add(backoffMax)
	switch {
	case !pr.Held.IsZero():
		next = pr.Held
	case transient(err):
		next = now.Add(max(backoff(p.e.logins.notThere(loginAt{p.acct.ID, mail.SideOutgoing})), pr.RetryAfter))
	}
	if serr := p.putOff(context.WithoutCancel(ctx), now, next, pr.Store()); serr != nil {
		p.fail(ctx, "writing the outbox", serr)
	}
	if !wasTried(err) {
		p.untried++
	}
	p.tell(pr)
}

// putOff lets everything that would go now wait, for a reason.
func (p *pass) putOff(ctx context.Context, now, until time.Time, reason string) error {
	items, err := p.st.OutboxItems(ctx)
	if err != nil {
		return err
	}
	for _, it := range items {
		if it.Account != p.acct.ID || it.State != mail.OutboxQueued || it.NotBefore.After(now) {
			continue
		}
		it.NotBefore, it.Reason = until, reason
		if _, err := p.st.SwapOutbox(ctx, it, mail.OutboxQueued); err != nil {
			return err
		}
	}
	return nil
}

// sendItem hands one message over and records what became of it. sent is what the session said; err that it could not be
// recorded.
func (p *pass) sendItem(ctx context.Context, snd remote.Sender, it mail.OutboxItem) (sent, err error) {
	if it, err = p.dated(ctx, it); err != nil {
		return nil, err
	}
	body, err := p.st.OpenBlob(ctx, it.Blob.Hash)
	if err != nil {
		return nil, p.sendFailed(ctx, it, fmt.Errorf("the message's bytes cannot be read: %w", err), true)
	}
	defer body.Close()
	eight, utf8, err := needs(body, body.Size(), append([]string{it.From}, it.Rcpt...))
	if err != nil {
		return nil, p.sendFailed(ctx, it, err, true)
	}
	it.State, it.Reason, it.Refused, it.HandedOver = mail.OutboxSending, "", nil, false
	it.Attempts++
	if ok, err := p.st.SwapOutbox(ctx, it, mail.OutboxQueued); err != nil || !ok {
		return nil, err // not ok: the user took it back meanwhile
	}
	marked := &handOver{r: p.counted(body, it.Subject, body.Size()), mark: func() error {
		it.HandedOver = true
		return p.st.SetOutbox(context.WithoutCancel(ctx), it)
	}}
	exchange, end := marked.patiently(ctx)
	rc, err := snd.Send(exchange, remote.Envelope{From: it.From, Rcpt: it.Rcpt, UTF8: utf8, EightBit: eight, Size: body.Size(),
		Answered: func(rc remote.Receipt) { it.Refused = whyRefused(rc.Refused) }}, marked)
	end()
	// What the server said is recorded even when the pass was cancelled meanwhile.
	stopped := ended(ctx, err)
	ctx = context.WithoutCancel(ctx)
	if err != nil {
		re := remote.As(err)
		switch {
		case stopped && !marked.handed() && !remote.IsPermanent(err): // nothing is wrong with it, and no server has it
			it.State, it.Refused = mail.OutboxQueued, nil
			return err, p.st.SetOutbox(ctx, it)
		case re != nil && re.Uncertain:
			p.tell(problem(p.acct, "sending “"+it.Subject+"”", err, false))
			it.Refused = whyRefused(rc.Refused)
			return err, p.uncertain(ctx, it, "the connection was lost before the server confirmed the message")
		case re != nil && re.Permanent:
			return err, p.sendFailed(ctx, it, err, true)
		}
		return err, p.sendFailed(ctx, it, err, it.Attempts >= maxSendAttempts)
	}
	return nil, p.accepted(ctx, it, rc)
}

// handOver calls mark once before it tells the end of r, so before the final dot can be written. When mark fails, so does
// reading, and the message is not sent. A stop that comes before that is one: reading fails. One that comes after it waits for the answer.
type handOver struct {
	r     io.Reader
	mark  func() error
	phase atomic.Int32 // handNone, handDone or handStopped, and then it stays that
}

const (
	handNone    int32 = iota
	handDone          // the end was told
	handStopped       // it will not be told
)

func (h *handOver) handed() bool { return h.phase.Load() == handDone }

// patiently gives the context of the exchange with the server. It ends with ctx as long as the server cannot have the message; after that it goes on for exitTimeout: an answer that is late
// beats one that is unknown.
func (h *handOver) patiently(ctx context.Context) (exchange context.Context, end func()) {
	exchange, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		if !h.phase.CompareAndSwap(handNone, handStopped) {
			select {
			case <-exchange.Done():
			case <-time.After(exitTimeout):
			}
		}
		cancel()
	})
	return exchange, func() {
		stop()
		cancel()
	}
}

func (h *handOver) Read(b []byte) (int, error) {
	n, err := h.r.Read(b)
	if err == io.EOF && !h.handed() {
		if !h.phase.CompareAndSwap(handNone, handDone) {
			return n, context.Canceled
		}
		if merr := h.mark(); merr != nil {
			return n, fmt.Errorf("write the outbox: %w", merr)
		}
	}
	return n, err
}

// sendFailed records a message that the server did not take.
func (p *pass) sendFailed(ctx context.Context, it mail.OutboxItem, err error, permanent bool) error {
	pr := problem(p.acct, "sending “"+it.Subject+"”", err, !permanent)
	it.Reason, it.Refused, it.HandedOver = pr.Store(), nil, false
	if permanent {
		it.State = mail.OutboxFailed
	} else {
		it.State = mail.OutboxQueued
		it.NotBefore = p.e.opt.Now().Add(max(backoff(it.Attempts), pr.RetryAfter))
	}
	p.tell(pr)
	return p.st.SetOutbox(context.WithoutCancel(ctx), it)
}

// uncertain settles an item that may have been delivered: it is sent when the account's Sent folder has it, else the user is
// asked.
func (p *pass) uncertain(ctx context.Context, it mail.OutboxItem, why string) error {
	ctx = context.WithoutCancel(ctx)
	it.Out = true
	if ok, err := p.inSent(ctx, it); err != nil {
		return err
	} else if ok && !it.Again {
		it.State, it.Reason, it.SaveSent = taken(it), "", false
		return p.st.SetOutbox(ctx, it)
	}
	it.State = mail.OutboxUncertain
	it.Reason = why + "; it may have arrived. Ask a recipient or look into Sent, then send it again or discard it."
	return p.st.SetOutbox(ctx, it)
}

// lookIntoSent asks the server's Sent folder for every uncertain message, by Message-ID: a server that keeps copies by itself has
// it there when it took it.
func (p *pass) lookIntoSent(ctx context.Context, mb remote.Mailboxes, items []mail.OutboxItem) error {
	f, err := p.sentFolder(ctx)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, it := range items {
		if f.Local || it.HeaderID == "" || it.Again {
			continue
		}
		uids, err := mb.FindByHeaderID(ctx, f.Path, it.HeaderID)
		if err != nil {
			return err
		}
		if len(uids) == 0 {
			continue
		}
		it.State, it.Reason, it.SaveSent = taken(it), "", false
		if _, err := p.st.SwapOutbox(ctx, it, mail.OutboxUncertain); err != nil {
			return err
		}
	}
	_, err = p.finishSent(ctx)
	return err
}

// uncertainItems are the account's messages that may have been delivered.
func (p *pass) uncertainItems(ctx context.Context) []mail.OutboxItem {
	items, err := p.st.OutboxItems(ctx)
	if err != nil {
		p.fail(ctx, "reading the outbox", err)
	}
	return slices.DeleteFunc(items, func(it mail.OutboxItem) bool { return it.Account != p.acct.ID || it.State != mail.OutboxUncertain })
}

// inSent looks for the message among what the store knows of the Sent folder.
func (p *pass) inSent(ctx context.Context, it mail.OutboxItem) (bool, error) {
	if it.HeaderID == "" {
		return false, nil
	}
	sent, err := p.sentFolder(ctx)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if it.Resent > 0 {
		return p.resentCopy(ctx, it, sent.ID)
	}
	rows, err := p.st.ByHeaderID(ctx, p.acct.ID, it.HeaderID)
	return slices.ContainsFunc(rows, func(r mail.Row) bool { return r.Folder == sent.ID }), err
}

// sentFolder is where copies of sent messages go.
func (p *pass) sentFolder(ctx context.Context) (mail.Folder, error) {
	if path := p.acct.Outgoing.SentFolder; path != "" {
		return p.st.FolderByPath(ctx, p.acct.ID, path)
	}
	return p.st.FolderByRole(ctx, p.acct.ID, mail.RoleSent)
}
