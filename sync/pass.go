package mailsync

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/store"
)

// pass is one trip over an account: operations, folders, receive, outbox, sent copies. It belongs to one goroutine.
type pass struct {
	e     *Engine
	st    *store.Store
	acct  mail.Account
	keep  *worker         // keeps the session between passes; nil: the session ends with the pass
	wants *wantQueue      // served between batches; nil: nobody waits
	some  map[string]bool // the folders of scopeSome
	hurry hurry           // what does not wait for its back-off
	stuck *mail.Op        // the operation that failed and will be tried again
	tired bool            // the first operation has failed before: it comes after new mail, and nothing else waits for it
	late  bool            // operations come after new mail
	ahead bool            // new mail comes after operations, and is still to be looked for
	scope scope
	// listed is what the server says of the folders in this pass, begun are those that were come to, by path.
	listed   map[string]mail.RemoteFolder
	begun    map[string]bool
	complete map[string]bool     // the folders that it is done with, by path
	inbox    string              // the path of the inbox, once the pass has come to it
	order    []mail.Folder       // the folders in the order they are come to
	at       int                 // which of them the pass has come to
	foretold map[string]*opening // of the folders that were asked about ahead of their turn
	line     meter
	sizes    pace      // of all messages that came
	struck   *strikes  // at which of them the connection broke
	refused  *refusals // and which of them the server does not open
	aside    []notice  // what was set aside and is to be told
	unnamed  int       // how much more was set aside: see maxTold

	after  bool // what was sent has left operations behind: the copy in Sent, \Answered on what it answered
	unsure bool // there are messages that may have been sent
	spoke  bool // it was reported that something is being sent, or waits to be

	in   *ingester          // of the folders of this pass; nil: nothing is being received
	void []store.FolderSync // folders that are known to be empty, to be noted; see noteEmpty
	left int                // messages that EndReset removed

	counting sync.Mutex // guards res.New and res.Mail: while bodies are completed, what comes meanwhile gets its rows in another goroutine
	res      mail.PassResult
	problems []*mail.Problem
	untried  int  // how many of them are only that a password was refused before
	woken    bool // an exchange with the incoming server was ended by a wake
	moved    bool // another process has given the account another server or user: nothing more can be written for the one that p knows
}

func newPass(e *Engine, a mail.Account) *pass {
	return &pass{e: e, st: e.st, acct: a, begun: map[string]bool{}, complete: map[string]bool{}, foretold: map[string]*opening{}, res: mail.PassResult{Account: a.Name, Protocol: string(a.Protocol), Failed: []string{}}}
}

// run does what s says and tells what it did and what went wrong. A stage that fails does not keep the others from
// running: an unreachable incoming server does not hold back the outbox.
func (p *pass) run(ctx context.Context, s scope) (mail.PassResult, []*mail.Problem) {
	start := time.Now()
	release, err := p.lock(ctx, func() {
		p.spoke = true
		p.report(mail.Progress{Phase: mail.PhaseConnecting, Folder: "waiting for another Peyk"})
	})
	if err != nil {
		p.fail(ctx, "checking mail", err)
		return p.res, p.problems
	}
	defer release()
	ctx = store.During(ctx, p.acct)
	opener, err := p.e.opener(ctx, p.acct)
	if err == nil {
		err = p.st.Upgraded() // nothing that came could be stored
	}
	if err == nil {
		err = p.st.Still(ctx) // nor if the account was changed before it was p's turn
	}
	if err != nil {
		p.fail(ctx, "checking mail", err)
		return p.res, p.problems
	}
	if p.acct.Protocol == mail.POP3 {
		p.maildrop(ctx, opener, s)
	} else {
		p.mailboxes(ctx, opener, s)
		if s != scopeOutbox {
			if err := p.lookAfterDrafts(ctx); err != nil {
				p.fail(ctx, "looking after drafts", err)
			}
		}
	}
	p.tellAside(ctx)
	p.res.DurationMS = time.Since(start).Milliseconds()
	p.note(ctx)
	p.e.opt.Log.Info("pass", "account", p.acct.Name, "scope", s, "new", p.res.New, "updated", p.res.Updated, "removed", p.res.Removed,
		"sent", p.res.Sent, "failed", len(p.res.Failed), "ms", p.res.DurationMS)
	return p.res, p.problems
}

// note adds the pass to the history, unless it found nothing to do.
func (p *pass) note(ctx context.Context) {
	if !p.res.Did() && len(p.problems) == p.untried {
		return
	}
	n := store.Pass{Account: p.acct.ID, Result: p.res}
	for _, pr := range p.problems {
		n.Problems = append(n.Problems, pr.Store())
	}
	if err := p.st.NotePass(context.WithoutCancel(ctx), n); err != nil {
		p.e.opt.Log.Warn("the history", "err", err)
	}
}

// mailboxes is the pass over an IMAP account.
func (p *pass) mailboxes(ctx context.Context, opener remote.Opener, s scope) {
	if s&(scopeOps|scopeReceive) != 0 {
		start := remote.Start{List: s&scopeFolders != 0}
		done := false
		p.withMailboxes(ctx, opener, start, func(ctx context.Context, mb remote.Mailboxes) (err error) {
			done, err = p.look(ctx, mb, s)
			return err
		})
		switch {
		case done || ctx.Err() != nil:
		case p.late:
			// A folder at which the connection breaks holds back no operation.
			p.withMailboxes(ctx, opener, remote.Start{}, p.operations)
		case p.stuck != nil && s&scopeReceive != 0:
			// Nor does an operation hold back new mail.
			p.receiveAnew(ctx, opener, start, s)
		}
	}
	if s&(scopeOutbox|scopeUnsure) == 0 || ctx.Err() != nil {
		return
	}
	if s&scopeOutbox != 0 {
		p.after = p.outbox(ctx, opener)
	}
	unsure := p.uncertainItems(ctx)
	p.unsure = len(unsure) > 0
	if s&scopeOutbox != 0 && p.keep != nil {
		return // its worker asks for the rest; see sender
	}
	if (p.after || p.unsure) && ctx.Err() == nil {
		p.withMailboxes(ctx, opener, remote.Start{}, func(ctx context.Context, mb remote.Mailboxes) error {
			if err := p.lookIntoSent(ctx, mb, unsure); err != nil {
				return err
			}
			return p.operations(ctx, mb)
		})
	}
}

// patientOp is after how many tries new mail no longer waits for an operation at which the connection breaks: the first time it may
// be the network's, and another connection no better.
const patientOp = 1

// look executes operations and receives; done says that both were come to. New mail does not wait for an operation that the server cannot
// carry out now, nor for another try of one: a server may be silent at it for minutes, time and again.
func (p *pass) look(ctx context.Context, mb remote.Mailboxes, s scope) (done bool, err error) {
	tries, err := p.st.TriesOfNextOp(ctx, p.acct.ID)
	if err != nil {
		return false, fmt.Errorf("read the operation log: %w", err)
	}
	// Who has one connection only cannot look for new mail while it is silent at an operation; see whileSlow.
	p.tired = tries >= patientOp
	if p.late = p.tired || p.keep != nil && p.acct.IMAP.MaxConnections == 1; !p.late {
		p.ahead = s&scopeReceive&^scopeAside != 0
		err := p.tryOperations(ctx, mb)
		p.ahead = false
		if err != nil {
			return false, err
		}
		return true, p.receive(ctx, mb, s)
	}
	if err := p.receive(ctx, mb, s); err != nil {
		return false, err
	}
	return true, p.tryOperations(ctx, mb)
}

func (p *pass) receive(ctx context.Context, mb remote.Mailboxes, s scope) error {
	if s&scopeReceive == 0 {
		return nil
	}
	return p.receiveMailboxes(ctx, mb, s)
}

// receiveAnew receives on another session than the one that an operation has ended. That no other can be had is no second failure to
// tell of.
func (p *pass) receiveAnew(ctx context.Context, opener remote.Opener, start remote.Start, s scope) {
	ctx, done := p.untilWake(ctx)
	defer done()
	mb, err := p.open(ctx, opener, start)
	if err != nil {
		p.e.opt.Log.Info("another session", "account", p.acct.Name, "err", err)
		return
	}
	p.on(ctx, mb, func(ctx context.Context, mb remote.Mailboxes) error { return p.receive(ctx, mb, s) })
}

// withMailboxes runs fn on the account's session and opens a new one when the kept one has gone stale meanwhile.
func (p *pass) withMailboxes(ctx context.Context, opener remote.Opener, start remote.Start, fn func(context.Context, remote.Mailboxes) error) {
	ctx, done := p.untilWake(ctx)
	defer done()
	mb, err := p.open(ctx, opener, start)
	if err != nil {
		p.fail(ctx, "connecting", err)
		return
	}
	p.on(ctx, mb, fn)
}

// on runs fn on a session, and keeps the session for the next pass or ends it.
func (p *pass) on(ctx context.Context, mb remote.Mailboxes, fn func(context.Context, remote.Mailboxes) error) {
	before := mb.BytesIn()
	err := fn(ctx, mb)
	p.res.BytesIn += mb.BytesIn() - before
	p.noteAlerts(context.WithoutCancel(ctx), mb, mail.PhaseReceiving)
	if err != nil {
		p.fail(ctx, "checking mail", err)
	}
	if p.keep != nil && !closed(err) && ctx.Err() == nil {
		p.keep.sess, p.keep.sessUsed = mb, p.e.opt.Now()
		return
	}
	if p.keep != nil {
		p.keep.sess = nil
		p.keep.holds.Store(false)
	}
	mb.Close()
}

// open returns the kept session when it still answers, else a new one.
func (p *pass) open(ctx context.Context, opener remote.Opener, start remote.Start) (remote.Mailboxes, error) {
	died := false
	if p.keep != nil && p.keep.sess != nil {
		mb := p.keep.sess.(remote.Mailboxes)
		p.keep.sess = nil
		// After sleep or on another network nobody would answer, and asking would cost a whole timeout.
		if !p.keep.stale.Load() && answers(ctx, mb) {
			return mb, nil
		}
		died = true
		p.keep.holds.Store(false)
		mb.Close()
	}
	if p.keep != nil {
		p.keep.stale.Store(false)
	}
	p.report(mail.Progress{Phase: mail.PhaseConnecting})
	cut := p.cutNow()
	r, err := p.receiver(ctx, func() (remote.Remote, error) { return opener.Receive(ctx, start) })
	if err != nil {
		return nil, err
	}
	mb, ok := r.(remote.Mailboxes)
	if !ok {
		r.Close()
		return nil, fmt.Errorf("account %s: the session is not an IMAP session", p.acct.Name)
	}
	if p.keep != nil {
		p.keep.holds.Store(true)
		if died && p.keep.cut.Load() == cut {
			p.keep.roomForAll() // what was concluded from its being there was wrong
		}
	}
	p.res.BytesIn += mb.BytesIn()
	return mb, nil
}

// keptWait is how long a session that was kept may take to show that it still stands. A new one costs a few round trips, and a router that has
// forgotten a connection says nothing at all.
const keptWait = 15 * time.Second

func answers(ctx context.Context, mb remote.Mailboxes) bool {
	ctx, cancel := context.WithTimeout(ctx, keptWait)
	defer cancel()
	return mb.Noop(ctx) == nil
}

func (p *pass) report(pr mail.Progress) {
	pr.Account = p.acct.ID
	p.e.hub.send(pr)
}

// fail takes note of what went wrong; the end of ctx is not a failure.
func (p *pass) fail(ctx context.Context, what string, err error) {
	if ended(ctx, err) {
		return
	}
	if errors.Is(err, store.ErrMoved) {
		p.moved = true // it is begun again with what the account has now
		return
	}
	if !wasTried(err) {
		p.untried++
	}
	p.tell(problem(p.acct, what, err, transient(err)))
}

func (p *pass) tell(pr *mail.Problem) {
	p.problems = append(p.problems, pr)
	p.res.Failed = append(p.res.Failed, oneLine(pr))
	p.e.opt.Log.Warn("problem", "account", p.acct.Name, "kind", pr.Kind, "summary", pr.Summary, "detail", pr.Detail)
	p.report(mail.Progress{Phase: mail.PhaseError, Problem: pr})
}
