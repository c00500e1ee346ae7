package mailsync

import (
	"context"
	"time"

	"peyk/internal/mail"
)

// listenPoll is how often a folder that the user marked is looked into while nobody can listen to it.
const listenPoll = 2 * time.Minute

// Values of worker.idles.
const (
	unknownIdle int32 = iota
	hasIdle
	noIdle
)

// Listen says whether the user wants to hear of new mail in a folder at once. It is remembered. The inbox is always listened to.
func (e *Engine) Listen(ctx context.Context, id mail.FolderID, on bool) error {
	if err := e.st.SetListen(ctx, id, on); err != nil {
		return err
	}
	f, err := e.st.Folder(ctx, id)
	if err != nil {
		return err
	}
	if w := e.worker(f.Account); w != nil {
		w.loadMarked(ctx)
		if on && receivable(f) {
			w.requestFolders(f.Path)
		}
	}
	return nil
}

// Listening tells of every folder that the user marked how soon new mail shows there at present.
func (e *Engine) Listening(ctx context.Context) (map[mail.FolderID]mail.Listening, error) {
	fs, err := e.st.Folders(ctx, 0)
	if err != nil {
		return nil, err
	}
	out := map[mail.FolderID]mail.Listening{}
	for _, f := range fs {
		if f.Listen {
			out[f.ID] = e.worker(f.Account).listens(f)
		}
	}
	return out, nil
}

// listens is how soon new mail shows in a folder. It may be called on no worker.
func (w *worker) listens(f mail.Folder) mail.Listening {
	l := mail.Listening{Every: listenPoll}
	if w == nil {
		l.Why = mail.ListenNotConnected
		return l
	}
	heard, slot, refused := w.listening.stands(f.Path)
	switch {
	case !w.e.online.Load():
		l.Why = mail.ListenNotConnected
	case w.acct.IMAP.NoIdle:
		l.Why = mail.ListenOff
	case !w.pushes():
		l.Why = mail.ListenConnections
	case w.hearsAll.Load() && w.attends.Load(), heard:
		l.Now = true
	case w.hearsAll.Load():
		l.Why = mail.ListenNotConnected
	case w.idles.Load() == noIdle:
		l.Why = mail.ListenNoPush
	case w.idles.Load() == hasIdle && (slot >= w.slots() || refused || w.cut.Load() >= noExtra):
		l.Why = mail.ListenConnections
	default:
		l.Why = mail.ListenNotConnected
	}
	return l
}

// loadMarked takes the folders that the user marked from the store, where their names are as they are now.
func (w *worker) loadMarked(ctx context.Context) {
	if w.acct.Protocol != mail.IMAP {
		return
	}
	fs, err := w.e.st.Folders(ctx, w.acct.ID)
	if err != nil {
		return // it is read again with the next pass
	}
	var paths []string
	for _, f := range fs {
		if f.Listen && f.Role != mail.RoleInbox && receivable(f) {
			paths = append(paths, f.Path)
		}
	}
	w.listening.mark(paths)
}

// polled lists the folders to look into by the clock because nobody can listen to them.
func (w *worker) polled() []string {
	if !w.e.opt.Push || w.hearsAll.Load() && w.attends.Load() || !w.e.online.Load() {
		return nil
	}
	paths := w.listening.unheard()
	if w.cut.Load() >= onlyOne {
		paths = append(paths, "INBOX") // which is listened to otherwise
	}
	return paths
}
