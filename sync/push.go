package mailsync

import (
	"context"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// idleFor is how long one IDLE lasts: RFC 2177 wants it renewed before 29 minutes.
const idleFor = 25 * time.Minute

// pushes reports whether the account keeps a second connection for new mail and for wants.
func (w *worker) pushes() bool {
	return w.e.opt.Push && w.acct.Protocol == mail.IMAP && w.acct.IMAP.MaxConnections != 1
}

// wantsReady is the channel the worker itself listens on for wants; with push the second connection serves them.
func (w *worker) wantsReady() <-chan struct{} {
	if w.pushes() {
		return nil
	}
	return w.wants.ready
}

// push listens on a connection of its own until ctx ends: new mail in the inbox makes the worker look, and bodies that the
// user waits for are fetched at once, whatever a pass is doing meanwhile.
func (w *worker) push(ctx context.Context) {
	fails := 0
	for ctx.Err() == nil {
		start := time.Now()
		err := w.pushSession(ctx)
		if ctx.Err() != nil {
			return
		}
		if err == nil || time.Since(start) > idleFor {
			fails = 0
		}
		wait := time.Duration(0)
		if err != nil {
			fails++
			wait = backoff(fails)
			w.e.opt.Log.Info("push", "account", w.acct.Name, "again_in", wait, "err", err)
			w.answerFailed(err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		case <-w.wants.ready:
			// Somebody waits: try at once, whatever the back-off says.
			w.wants.signal()
		}
	}
}

// answerFailed tells those who wait for a body that the server cannot be reached now.
func (w *worker) answerFailed(err error) { w.wants.failAll(err) }

// pushSession is the life of one connection. It returns nil when there is nothing to listen for any more.
func (w *worker) pushSession(ctx context.Context) error {
	if !w.e.online.Load() && w.wants.empty() {
		select {
		case <-ctx.Done():
		case <-time.After(5 * time.Second):
		case <-w.wants.ready:
			w.wants.signal()
		}
		return nil
	}
	opener, err := w.e.opener(w.acct)
	if err != nil {
		return err
	}
	r, err := opener.Receive(ctx)
	if err != nil {
		return err
	}
	defer r.Close()
	mb, ok := r.(remote.Mailboxes)
	if !ok {
		return nil
	}
	listening := false
	for ctx.Err() == nil {
		if err := w.servePush(ctx, mb); err != nil {
			return err
		}
		if !listening {
			// What happened between the last pass and the moment this connection began to listen is looked for once.
			if listening, err = w.startListening(ctx, mb); err != nil {
				return err
			}
		}
		changed, err := w.idle(ctx, mb)
		if err != nil {
			return err
		}
		if changed {
			w.e.opt.Log.Debug("push", "account", w.acct.Name, "changed", true)
			w.request(scopeInbox)
		}
	}
	return nil
}

// startListening selects the inbox, and asks for a look when it is not as the last pass left it. It is false while there is no
// inbox to listen to.
func (w *worker) startListening(ctx context.Context, mb remote.Mailboxes) (bool, error) {
	f, err := w.e.st.FolderByRole(ctx, w.acct.ID, mail.RoleInbox)
	if err != nil {
		return false, nil
	}
	state, err := mb.Select(ctx, f.Path)
	if err != nil {
		return false, err
	}
	if state.UIDNext != f.UIDNext || state.HighestMod != f.HighestMod || state.UIDValidity != f.UIDValidity {
		w.request(scopeInbox)
	}
	return true, nil
}

func (w *worker) servePush(ctx context.Context, mb remote.Mailboxes) error {
	p := newPass(w.e, w.acct)
	p.wants = w.wants
	return p.serveWants(ctx, mb)
}

// idle waits for a change of the inbox, for a want, or for the time to renew.
func (w *worker) idle(ctx context.Context, mb remote.Mailboxes) (bool, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	woken := make(chan struct{})
	go func() {
		defer close(woken)
		select {
		case <-w.wants.ready:
			w.wants.signal()
			cancel()
		case <-ctx.Done():
		}
	}()
	inbox, err := w.e.st.FolderByRole(ctx, w.acct.ID, mail.RoleInbox)
	if w.acct.IMAP.NoIdle || err != nil {
		// Nothing to listen on: keep the connection for wants, and alive. The inbox appears with the first pass.
		wait := time.Minute
		if err != nil {
			wait = 2 * time.Second
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
			err := mb.Noop(ctx)
			cancel()
			<-woken
			return false, err
		}
		<-woken
		return false, nil
	}
	changed, err := mb.Idle(ctx, inbox.Path, idleFor)
	cancel()
	<-woken
	return changed, err
}

// closeSession ends the kept session.
func (w *worker) closeSession() {
	if w.sess != nil {
		w.sess.Close()
		w.sess = nil
	}
}

// serveWaiting serves wants on the worker's own session (no push: POP3, or one connection only).
func (w *worker) serveWaiting() {
	if w.pushes() || w.wants.empty() {
		return
	}
	p := newPass(w.e, w.acct)
	p.keep, p.wants = w, w.wants
	p.runWants(w.ctx)
}

// runWants opens a session and serves whoever waits.
func (p *pass) runWants(ctx context.Context) {
	release, err := lockAccount(ctx, p.e.opt.Profile, p.acct.ID, nil)
	if err != nil {
		p.wants.failAll(err)
		return
	}
	defer release()
	opener, err := p.e.opener(p.acct)
	if err == nil && p.acct.Protocol == mail.POP3 {
		err = p.wantsFromDrop(ctx, opener)
	} else if err == nil {
		p.withMailboxes(ctx, opener, func(mb remote.Mailboxes) error {
			err = p.serveWants(ctx, mb)
			return err
		})
		if len(p.problems) > 0 && err == nil {
			err = &remote.Error{Step: "fetch the message", Kind: p.problems[0].Kind, Text: p.problems[0].Summary}
		}
	}
	if err != nil {
		p.wants.failAll(err)
	}
}
