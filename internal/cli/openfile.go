package cli

import (
	"context"
	"fmt"
	"os"
	"strings"

	"peyk/internal/mail"
	"peyk/internal/message"
	"peyk/internal/transfer"
	"peyk/store"
	mailsync "peyk/sync"
)

// openedFolder is where mail files go that are opened in the window: a folder on this computer only.
const openedFolder = mail.OpenedFolder

// OpenFile takes the mail of an EML file or mbox over into a folder of this computer, so that the window can show it, and
// returns that folder and the message to show (0 when there is none). A file that was opened before is not taken over again.
func OpenFile(ctx context.Context, st *store.Store, e *mailsync.Engine, path string) (mail.FolderID, mail.MessageID, error) {
	a, err := transfer.Account(ctx, st, 0)
	if err != nil {
		return 0, 0, err
	}
	folder, err := st.EnsureLocalFolder(ctx, a.ID, openedFolder, mail.RoleNone)
	if err != nil {
		return 0, 0, err
	}
	headerID, size, err := identify(path)
	if err != nil {
		return 0, 0, err
	}
	if id, err := findOpened(ctx, st, folder, headerID, size); err != nil || id != 0 {
		return folder, id, err
	}
	rep, err := transfer.Into(ctx, st, e, a, openedFolder, path)
	if err != nil {
		return 0, 0, err
	}
	if len(rep.Failed) > 0 {
		return folder, 0, fmt.Errorf("%s: %s", rep.Failed[0].Where, rep.Failed[0].Reason)
	}
	id, err := findOpened(ctx, st, folder, headerID, size)
	return folder, id, err
}

// identify finds out what tells an EML file from others; an mbox has no such thing and gives "".
func identify(path string) (headerID string, size int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", 0, err
	}
	if strings.HasSuffix(strings.ToLower(path), ".mbox") {
		return "", 0, nil
	}
	return message.Parse(f, info.Size()).Summary().HeaderID, info.Size(), nil
}

// findOpened looks among the newest of the folder.
func findOpened(ctx context.Context, st *store.Store, folder mail.FolderID, headerID string, size int64) (mail.MessageID, error) {
	if headerID == "" {
		return 0, nil
	}
	rows, err := st.Page(ctx, store.Query{Folder: folder}, 0, 500)
	if err != nil {
		return 0, err
	}
	for _, r := range rows {
		if r.HeaderID == headerID && r.Size == size {
			return r.ID, nil
		}
	}
	return 0, nil
}
