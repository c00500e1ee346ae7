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

// listeners are the folders to listen to, and whoever has to know when that or the network changes: those that the user marked,
// then those that the user looks at, the newest first.
type listeners struct {
	mu      sync.Mutex
	marked  []string
	looked  []string
	heard   map[string]int // how many connections listen to a folder now
	refused map[int]bool   // slots whose connection the server did not take
	woken   int            // how often wake was called
	changed chan struct{}  // closed and replaced with every change
}

func newListeners() *listeners {
	return &listeners{heard: map[string]int{}, refused: map[int]bool{}, changed: make(chan struct{})}
}

// look puts a folder first among those that are looked at. It reports whether anything changed.
func (l *listeners) look(path string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.looked) > 0 && l.looked[0] == path {
		return false
	}
	l.looked = slices.DeleteFunc(l.looked, func(p string) bool { return p == path })
	l.looked = slices.Insert(l.looked, 0, path)
	l.looked = l.looked[:min(len(l.looked), maxListened)]
	l.tell()
	return true
}

// mark replaces the folders that the user marked.
func (l *listeners) mark(paths []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !slices.Equal(l.marked, paths) {
		l.marked = slices.Clone(paths)
		clear(l.refused) // worth another try
		l.tell()
	}
}

// hears notes that a slot's connection listens to a folder, until done is called.
func (l *listeners) hears(slot int, path string) (done func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.heard[path]++
	delete(l.refused, slot)
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.heard[path]--; l.heard[path] <= 0 {
			delete(l.heard, path)
		}
	}
}

// hearsAny reports whether any connection listens to a single folder.
func (l *listeners) hearsAny() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.heard) > 0
}

func (l *listeners) refuse(slot int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refused[slot] = true
}

// unheard lists the folders that the user marked and nobody listens to.
func (l *listeners) unheard() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []string
	for _, p := range l.marked {
		if l.heard[p] == 0 {
			out = append(out, p)
		}
	}
	return out
}

// stands tells about a folder that the user marked whether it is heard now, and whether it has a slot that the server refused.
func (l *listeners) stands(path string) (heard bool, slot int, refused bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	slot = slices.Index(l.marked, path)
	return l.heard[path] > 0, slot, l.refused[slot]
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

// state gives the folders in the order of their importance, the count of wakes, and a channel that is closed with the next change.
func (l *listeners) state() (paths []string, woken int, changed <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	paths = slices.Clone(l.marked)
	for _, p := range l.looked {
		if !slices.Contains(l.marked, p) {
			paths = append(paths, p)
		}
	}
	return paths, l.woken, l.changed
}

// Look says that the user looks at a folder: it is checked at once, and listened to from now on as far as the server and the
// account's limit of connections allow.
func (e *Engine) Look(ctx context.Context, id mail.FolderID) error {
	f, err := e.st.Folder(ctx, id)
	if err != nil {
		return err
	}
	w := e.worker(f.Account)
	if w == nil || f.Local || !receivable(f) {
		return nil
	}
	if f.Role == mail.RoleInbox {
		w.look("")
		return nil
	}
	w.look(f.Path)
	if !w.pushes() {
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

// slots is how many connections may listen to one folder each, besides the worker's and the one for the inbox.
func (w *worker) slots() int { return maxConnections(w.acct.IMAP) - 2 }

// listenExtra listens to one folder that the user marked or looks at on a connection of its own: the slot'th, counted from 0. It is for
// servers without NOTIFY; where the first connection hears everything, it waits.
func (w *worker) listenExtra(ctx context.Context, slot int) {
	fails := 0
	for ctx.Err() == nil {
		paths, _, changed := w.listening.state()
		if slot >= len(paths) || w.hearsAll.Load() || w.idles.Load() != hasIdle || w.refused.Load() || w.cut.Load() >= noExtra || !w.e.online.Load() {
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
		w.listening.refuse(slot)
		if refusedLogin(err) {
			w.refused.Store(true)
			continue
		}
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
	ctx, mb, end, err := w.listen(ctx)
	if err != nil {
		return err
	}
	defer end()
	for ctx.Err() == nil {
		paths, _, changed := w.listening.state()
		if slot >= len(paths) || w.hearsAll.Load() || w.cut.Load() >= noExtra {
			return nil
		}
		done := w.listening.hears(slot, paths[slot])
		news, err := until(ctx, changed, func(ctx context.Context) (bool, error) { return mb.Idle(ctx, paths[slot], idleFor) })
		done()
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
