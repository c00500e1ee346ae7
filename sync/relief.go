package mailsync

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// A server may be silent at an operation for minutes: it copies a great deal, or it hangs. Nothing else can be said on that connection
// meanwhile. So from slowOp on, the connection that listens brings the new mail that the pass would have, or that came since: of the inbox
// and of the folders that are listened to or looked at. An operation under way is one that was tried, and what makes it safe to receive
// then is in store/tried.go. The pass goes on when that is done, so that two never receive at a time.

// slowOp is how long an operation may take before new mail is looked for elsewhere.
const slowOp = 5 * time.Second

// relief is what the connection that listens does for a pass whose operation takes long.
type relief struct {
	mu   sync.Mutex
	on   bool            // there is such an operation
	look bool            // new mail is to be looked for
	some map[string]bool // folders that were brought up to date meanwhile
	busy sync.Mutex      // held while it is
}

// whileSlow has new mail looked for when what the pass does now takes long; end says that it is done.
func (p *pass) whileSlow() (end func()) {
	w := p.keep
	if w == nil || !w.pushes() {
		return func() {}
	}
	r := &w.relief
	ended := false // guarded by r.mu
	timer := time.AfterFunc(slowOp, func() {
		r.mu.Lock()
		r.on = !ended
		r.look = !ended && (p.ahead || w.asksForMail())
		r.mu.Unlock()
		w.wants.signal()
	})
	return func() {
		timer.Stop()
		r.mu.Lock()
		ended, r.on, r.look = true, false, false
		r.mu.Unlock()
		r.busy.Lock() // whoever receives meanwhile comes to an end first
		some := r.some
		r.some = nil
		r.busy.Unlock()
		// What the operation changed may have been read before it was done.
		for path := range some {
			w.requestFolders(path)
		}
	}
}

// asksForMail reports whether a look at new mail was asked for. Any goroutine.
func (w *worker) asksForMail() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.requested&(scopeInbox|scopeFolders|scopeSome) != 0
}

// relieve says that new mail was asked about. Any goroutine.
func (w *worker) relieve() {
	w.relief.mu.Lock()
	on := w.relief.on
	w.relief.look = on
	w.relief.mu.Unlock()
	if on {
		w.wants.signal()
	}
}

// lookMeanwhile brings new mail on the connection that listens, where a pass cannot. It reports whether the session may have another
// folder open now.
func (w *worker) lookMeanwhile(ctx context.Context, mb remote.Mailboxes) (bool, error) {
	r := &w.relief
	r.busy.Lock()
	defer r.busy.Unlock()
	r.mu.Lock()
	look := r.look
	r.look = false
	r.mu.Unlock()
	if !look {
		return false, nil
	}
	p := newPass(w.e, w.acct)
	p.wants = w.wants
	folders, err := p.heardFolders(ctx, w)
	if err != nil {
		return false, err
	}
	if r.some == nil {
		r.some = map[string]bool{}
	}
	for _, f := range folders {
		r.some[f.Path] = true
	}
	err = p.newMail(ctx, mb, folders)
	p.tellAside(ctx)
	p.note(ctx)
	p.e.opt.Log.Info("new mail while an operation takes long", "account", p.acct.Name, "new", p.res.New, "err", err)
	return true, err
}

// heardFolders are those of which new mail is told at once, the inbox first, as far as they were received before: a first download is no
// news.
func (p *pass) heardFolders(ctx context.Context, w *worker) ([]mail.Folder, error) {
	folders, err := p.st.Folders(ctx, p.acct.ID)
	if err != nil {
		return nil, err
	}
	paths, _, _ := w.listening.state()
	w.mu.Lock()
	for path := range w.some {
		paths = append(paths, path)
	}
	w.mu.Unlock()
	folders = slices.DeleteFunc(folders, func(f mail.Folder) bool {
		return !receivable(f) || f.UIDNext == 0 || f.Role != mail.RoleInbox && !slices.Contains(paths, f.Path)
	})
	slices.SortStableFunc(folders, func(a, b mail.Folder) int { return cmp.Compare(folderOrder[a.Role], folderOrder[b.Role]) })
	return folders, nil
}

// newMail brings some folders up to date. It fails only when the session does, or the disk.
func (p *pass) newMail(ctx context.Context, mb remote.Mailboxes, folders []mail.Folder) (err error) {
	defer func() {
		if in := p.in; in != nil {
			p.in = nil
			if err != nil {
				in.stop()
			} else {
				err = in.finish()
			}
		}
	}()
	if p.struck, err = loadFolderStrikes(ctx, p.st, p.acct); err != nil {
		return err
	}
	all, err := p.st.Folders(ctx, p.acct.ID)
	if err == nil {
		err = p.loadRefusals(ctx, all)
	}
	if err != nil {
		return err
	}
	for _, f := range folders {
		if p.resting(f) {
			continue
		}
		if err := p.receiveOne(ctx, mb, f); err != nil && (remote.As(err) == nil || closed(err) || ctx.Err() != nil) {
			return err
		}
	}
	return p.itWasTheFolders(ctx)
}
