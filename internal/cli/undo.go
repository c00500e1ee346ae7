package cli

import (
	"context"
	"errors"
	"fmt"

	"peyk/internal/mail"
	"peyk/store"
	mailsync "peyk/sync"
)

// undo takes back the newest action and says which one that was: it may be one of the window, or of last month.
func (c *call) undo(ctx context.Context) error {
	return c.withEngine(ctx, func(st *store.Store, e *mailsync.Engine) error {
		group, kind, err := st.LastUndoable(ctx)
		if err != nil {
			return err
		}
		if group == 0 {
			return errors.New("there is nothing to undo")
		}
		what, err := actionWords(ctx, st, group)
		if err != nil {
			return err
		}
		if err := e.UndoGroup(ctx, group); err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.Stdout, "undone: %s (%s)\n", kind, what)
		return err
	})
}

// actionWords are what an action was about, and when it was done.
func actionWords(ctx context.Context, st *store.Store, g mail.GroupID) (string, error) {
	ops, err := st.OpsOfGroup(ctx, g)
	if err != nil || len(ops) == 0 {
		return "", err
	}
	about := map[mail.MessageID]bool{}
	var one mail.MessageID
	for _, op := range ops {
		for _, id := range op.Messages {
			about[id], one = true, id
		}
	}
	what := fmt.Sprintf("%d messages", len(about))
	switch {
	case len(about) == 0:
		what = folderWords(ctx, st, ops[0])
	case len(about) == 1:
		row, err := st.Row(ctx, one) // the first operation may be about a folder
		if err == nil {
			what = "“" + plain(row.Subject) + "”"
		} else if errors.Is(err, store.ErrNotFound) {
			what = "1 message"
		} else {
			return "", err
		}
	}
	return what + ", " + minute(ops[0].Created), nil
}

// folderWords name the folder that an operation is about.
func folderWords(ctx context.Context, st *store.Store, op mail.Op) string {
	if f, err := st.Folder(ctx, op.Folder); err == nil {
		return plain(f.Path)
	}
	return plain(op.Name)
}
