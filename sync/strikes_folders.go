package mailsync

import (
	"cmp"
	"context"
	"slices"

	"peyk/internal/mail"
	"peyk/store"
)

// A folder at which the server hangs up every time would keep the folders behind it from being received for ever. So one at which the
// connection broke twice, before anything to speak of had come of it, is come to last, until a pass gets through it. It goes on
// being told as a failed check.

const (
	strikesToWait = 2
	// littleCame is how many bytes a folder brings at most when the end of the connection is put on it: more is a broken network.
	littleCame = 32 << 10
	// maxStruck is how many folders are remembered.
	maxStruck = 100
)

// loadFolderStrikes reads what the folders of an account have on them, by their paths.
func loadFolderStrikes(ctx context.Context, st *store.Store, a mail.Account) (*strikes, error) {
	return loadStrikesFrom(ctx, st, ofMailbox("imap.strikes", a))
}

// inOrder sorts folders by what people look at first; those with strikes come last.
func (p *pass) inOrder(folders []mail.Folder) {
	waits := func(f mail.Folder) int {
		if n := p.struck.by[f.Path]; n >= strikesToWait {
			return n
		}
		return 0
	}
	slices.SortStableFunc(folders, func(a, b mail.Folder) int {
		return cmp.Or(cmp.Compare(waits(a), waits(b)), cmp.Compare(folderOrder[a.Role], folderOrder[b.Role]))
	})
}

// judge takes note of how a folder was gone through, of which so many bytes came.
func (p *pass) judge(ctx context.Context, f mail.Folder, bytes int64, err error) error {
	s := p.struck
	switch {
	case err == nil && s.by[f.Path] > 0:
		delete(s.by, f.Path)
	case closed(err) && ctx.Err() == nil && bytes <= littleCame && (len(s.by) < maxStruck || s.by[f.Path] > 0):
		s.by[f.Path]++
	default:
		return err
	}
	s.changed = true
	if serr := s.save(context.WithoutCancel(ctx), p.st); serr != nil && err == nil {
		err = serr
	}
	return err
}
