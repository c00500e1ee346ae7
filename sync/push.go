package mailsync

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/store"
)

// idleFor is how long one IDLE lasts: RFC 2177 wants it renewed before 29 minutes.
const idleFor = 25 * time.Minute

// pushes reports whether the account keeps a second connection for new mail and for wants.
func (w *worker) pushes() bool {
	return w.mayPush() && w.cut.Load() < onlyOne
}

// mayPush reports whether it may keep one, as far as the account is concerned.
func (w *worker) mayPush() bool {
	return w.e.opt.Push && w.acct.Protocol == mail.IMAP && w.acct.IMAP.MaxConnections != 1
}

// wantsReady is the channel the worker itself listens on for wants; with push the second connection serves them.
func (w *worker) wantsReady() <-chan struct{} {
	if w.pushes() {
		return nil
	}
	return w.wants.ready
}

// push listens on connections of its own until ctx ends: new mail in the inbox, and in the folders that the user looks at, makes the
// worker look, and bodies that the user waits for are fetched at once, whatever a pass is doing meanwhile.
func (w *worker) push(ctx context.Context) {
	var extra sync.WaitGroup
	defer extra.Wait()
	for slot := range w.slots() {
		extra.Go(func() { w.listenExtra(ctx, slot) })
	}
	fails := 0
	for ctx.Err() == nil {
		start := time.Now()
		_, woken, changed := w.listening.state()
		if w.roomAgain(); w.cut.Load() >= onlyOne {
			select {
			case <-ctx.Done():
			case <-changed:
			case <-time.After(idleTick):
			}
			continue
		}
		stood, err := w.pushSession(ctx)
		if ctx.Err() != nil {
			return
		}
		if err == nil || time.Since(start) > idleFor {
			fails = 0
		}
		wait := time.Duration(0)
		_, now, changed := w.listening.state()
		if err != nil {
			if fails++; now != woken {
				fails = 0 // it died of sleep or of another network: at once, and who waits for a body is served by the next one
				continue
			} else if !stood && w.noRoomToListen(err, fails) {
				fails = 0
				continue
			} else if wait = backoff(fails); refusedLogin(err) {
				w.refused.Store(true)
				wait = refusedWait
			}
			if fails == unreachable && !refusedLogin(err) && w.e.online.Load() {
				// A check finds out what is wrong and tells it: nobody should believe for minutes that new mail would come by itself.
				w.request(scopeInbox | scopeOps)
			}
			if stood && fails == 1 && !w.wants.empty() {
				wait = 0 // a connection that a router has forgotten is no reason to tell who waits for a body that there is none
			} else {
				w.answerFailed(err)
			}
			w.e.opt.Log.Info("push", "account", w.acct.Name, "again_in", wait, "err", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		case <-changed:
		case <-w.wants.ready:
			// Somebody waits: try at once, whatever the back-off says. The token is used up: were it put back, a server that is away would be
			// knocked at without a pause.
		}
	}
}

// unreachable is after how many failures in a row of the connection that listens the server is looked for. The first may be a connection
// that the server ended.
const unreachable = 2

// refusedWait is how long the connections that listen are left alone after the server refused the password: a provider locks out
// whoever tries a wrong one again and again. The schedule asks meanwhile, and a pass that succeeds ends the wait; a password that is
// entered makes a new worker.
const refusedWait = 30 * time.Minute

// refusedLogin reports whether a server refused who we say we are.
func refusedLogin(err error) bool {
	re := remote.As(err)
	return re != nil && re.Kind == mail.ProblemAuth
}

// welcome ends the waits of the connections that listen, after a pass that went well: the server takes the password again, or the network
// is back that the pass before did not find. The worker's goroutine.
func (w *worker) welcome() {
	back := w.failed != 0 && w.standing.Kind == mail.ProblemNetwork
	if w.refused.Swap(false) || back {
		w.listening.nudge()
	}
}

// answerFailed tells those who wait for a body that the server cannot be reached now.
func (w *worker) answerFailed(err error) { w.wants.failAll(err) }

// pushSession is the life of one connection; stood says that it was made. The error is nil when there is nothing to listen for any more.
func (w *worker) pushSession(ctx context.Context) (stood bool, err error) {
	if !w.e.online.Load() && w.wants.empty() {
		select {
		case <-ctx.Done():
		case <-time.After(5 * time.Second):
		case <-w.wants.ready: // whoever it is, if he still waits, is seen next time
		}
		return false, nil
	}
	ctx, mb, end, err := w.listen(ctx)
	if err != nil {
		return false, err
	}
	defer end()
	w.hearsAll.Store(mb.Capabilities().PushAll)
	idles := noIdle
	if mb.Capabilities().Push && !w.acct.IMAP.NoIdle {
		idles = hasIdle
	}
	if w.idles.Swap(idles) != idles {
		w.listening.nudge() // whoever waited to know
	}
	w.attends.Store(true)
	defer w.attends.Store(false)
	listening := false
	for ctx.Err() == nil && w.cut.Load() < onlyOne {
		if err := w.servePush(ctx, mb); err != nil {
			return true, err
		}
		if looked, err := w.lookMeanwhile(ctx, mb); err != nil {
			return true, err
		} else if looked {
			listening = false
		}
		if !listening {
			// What happened between the last pass and the moment this connection began to listen is looked for once.
			if listening, err = w.startListening(ctx, mb); err != nil {
				return true, err
			}
		}
		changed, err := w.idle(ctx, mb)
		if err != nil {
			return true, err
		}
		w.heard(changed)
		newPass(w.e, w.acct).noteAlerts(ctx, mb, mail.PhaseWaiting)
	}
	return true, nil
}

// listen opens a connection to listen on, beside the worker's own. After sleep or on another network it ends at once, whatever it does then,
// and the context with it: nobody is there to answer. The caller calls end.
func (w *worker) listen(outer context.Context) (ctx context.Context, mb remote.Mailboxes, end func(), err error) {
	ctx, cancel := context.WithCancel(outer)
	w.untilWoken(ctx, cancel)
	opener, err := w.e.opener(ctx, w.acct)
	if err != nil {
		cancel()
		return nil, nil, nil, err
	}
	r, err := opener.Receive(ctx, remote.Start{})
	if err != nil {
		cancel()
		return nil, nil, nil, err
	}
	mb, ok := r.(remote.Mailboxes)
	if !ok { // pushes promised otherwise
		r.Close()
		cancel()
		return nil, nil, nil, fmt.Errorf("listen: %s has no mailboxes", w.acct.Protocol)
	}
	dead := context.AfterFunc(ctx, func() {
		if outer.Err() == nil {
			mb.Close() // a canceled IDLE would wait for the answer to DONE
		}
	})
	return ctx, mb, func() { dead(); cancel(); mb.Close() }, nil
}

// untilWoken calls cancel after sleep or on another network. It ends with ctx.
func (w *worker) untilWoken(ctx context.Context, cancel func()) {
	_, woken, changed := w.listening.state()
	go func() {
		for now := woken; now == woken; {
			select {
			case <-ctx.Done():
				return
			case <-changed:
				_, now, changed = w.listening.state()
			}
		}
		cancel()
	}()
}

// heard asks for a look at what changed; "" stands for the list of folders.
func (w *worker) heard(changed []string) {
	if len(changed) == 0 {
		return
	}
	w.e.opt.Log.Debug("push", "account", w.acct.Name, "changed", changed)
	if slices.Contains(changed, "") {
		w.request(scopeInbox | scopeFolders)
		return
	}
	w.requestFolders(changed...)
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

// idle waits for a change of the inbox (of any folder where the server has NOTIFY), for a want, or for the time to renew. It
// returns the paths of what may have changed.
func (w *worker) idle(ctx context.Context, mb remote.Mailboxes) ([]string, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	woken := make(chan struct{})
	_, _, changed := w.listening.state()
	go func() {
		defer close(woken)
		select {
		case <-w.wants.ready:
			w.wants.signal()
			cancel()
		case <-changed:
			cancel()
		case <-ctx.Done():
		}
	}()
	defer func() { cancel(); <-woken }()
	inbox, err := w.e.st.FolderByRole(ctx, w.acct.ID, mail.RoleInbox)
	if w.acct.IMAP.NoIdle || err != nil {
		// Nothing to listen on: keep the connection for wants, and alive. The inbox appears with the first pass.
		wait := time.Minute
		if err != nil {
			wait = 2 * time.Second
		}
		select {
		case <-ctx.Done():
			return nil, nil
		case <-time.After(wait):
			return nil, mb.Noop(ctx)
		}
	}
	if all, ok := mb.(remote.Watcher); ok {
		changed, can, err := all.Watch(ctx, inbox.Path, idleFor)
		if can || err != nil {
			if w.hearsAll.Swap(can) && !can {
				w.listening.nudge() // refused: the other connections are needed after all
			}
			return changed, err
		}
	}
	news, err := mb.Idle(ctx, inbox.Path, idleFor)
	if news {
		return []string{inbox.Path}, err
	}
	return nil, err
}

// closeSession ends the kept session.
func (w *worker) closeSession() {
	w.holds.Store(false)
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
	w.settled(p)
}

// runWants opens a session and serves whoever waits.
func (p *pass) runWants(ctx context.Context) {
	release, err := p.lock(ctx, nil)
	if err != nil {
		p.wants.failAll(err)
		return
	}
	defer release()
	ctx = store.During(ctx, p.acct)
	opener, err := p.e.opener(ctx, p.acct)
	if err == nil && p.acct.Protocol == mail.POP3 {
		err = p.wantsFromDrop(ctx, opener)
	} else if err == nil {
		p.withMailboxes(ctx, opener, remote.Start{}, func(ctx context.Context, mb remote.Mailboxes) error {
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
