package mailsync

import (
	"context"
	"slices"
	"sync"
	"time"

	"peyk/internal/mail"
)

// maxListened is how many folders beside the inbox are remembered as ones the user looks at.
const maxListened = 16

// listeners are the folders that the user looks at, the newest first, and whoever has to know when that or the network changes.
type listeners struct {
	mu      sync.Mutex
	paths   []string
	woken   int           // how often wake was called
	changed chan struct{} // closed and replaced with every change
}

func newListeners() *listeners { return &listeners{changed: make(chan struct{})} }

// look puts a folder first. It reports whether anything changed.
func (l *listeners) look(path string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.paths) > 0 && l.paths[0] == path {
		return false
	}
	l.paths = slices.DeleteFunc(l.paths, func(p string) bool { return p == path })
	l.paths = slices.Insert(l.paths, 0, path)
	l.paths = l.paths[:min(len(l.paths), maxListened)]
	l.tell()
	return true
}

func (l *listeners) wake() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.woken++
	l.tell()
}

// nudge lets everybody look at the state again.
func (l *listeners) nudge() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tell()
}

func (l *listeners) tell() {
	close(l.changed)
	l.changed = make(chan struct{})
}

// state gives the folders, the count of wakes, and a channel that is closed with the next change.
func (l *listeners) state() (paths []string, woken int, changed <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.paths), l.woken, l.changed
}

// Look says that the user looks at a folder: it is checked at once, and listened to from now on as far as the server and the
// account's limit of connections allow.
func (e *Engine) Look(ctx context.Context, id mail.FolderID) error {
	f, err := e.st.Folder(ctx, id)
	if err != nil {
		return err
	}
	w := e.worker(f.Account)
	if w == nil || f.Local || f.Role == mail.RoleInbox || !receivable(f) || !w.pushes() {
		return nil
	}
	if w.listening.look(f.Path) {
		w.requestFolders(f.Path)
	}
	return nil
}

// maxConnections is what an account allows at a time.
func maxConnections(o mail.IMAPOptions) int {
	if o.MaxConnections <= 0 {
		return 4
	}
	return o.MaxConnections
}

// listenExtra listens to one folder that the user looks at on a connection of its own: the slot'th, counted from 0. It is for
// servers without NOTIFY; where the first connection hears everything, it waits.
func (w *worker) listenExtra(ctx context.Context, slot int) {
	fails := 0
	for ctx.Err() == nil {
		paths, _, changed := w.listening.state()
		if slot >= len(paths) || w.hearsAll.Load() || w.idles.Load() == 0 || !w.e.online.Load() {
			select {
			case <-ctx.Done():
			case <-changed:
			case <-time.After(time.Minute):
			}
			continue
		}
		err := w.listenTo(ctx, slot)
		if err == nil {
			fails = 0
			continue
		}
		// Most likely the server has enough of our connections: the schedule looks into the folder all the same.
		fails++
		w.e.opt.Log.Info("listen", "account", w.acct.Name, "slot", slot, "err", err)
		select {
		case <-ctx.Done():
		case <-changed:
		case <-time.After(backoff(fails + 2)):
		}
	}
}

// listenTo is the life of one such connection, on whatever folder has the slot meanwhile.
func (w *worker) listenTo(ctx context.Context, slot int) error {
	mb, err := w.listen(ctx)
	if err != nil {
		return err
	}
	defer mb.Close()
	_, woken, _ := w.listening.state()
	for ctx.Err() == nil {
		paths, now, changed := w.listening.state()
		if slot >= len(paths) || now != woken || w.hearsAll.Load() {
			return nil
		}
		news, err := until(ctx, changed, func(ctx context.Context) (bool, error) { return mb.Idle(ctx, paths[slot], idleFor) })
		if err != nil {
			return err
		}
		if news {
			w.requestFolders(paths[slot])
		}
	}
	return nil
}

// until runs fn with a context that also ends with stop.
func until[T any](ctx context.Context, stop <-chan struct{}, fn func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-stop:
			cancel()
		case <-ctx.Done():
		}
	}()
	return fn(ctx)
}
