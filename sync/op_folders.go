package mailsync

import (
	"context"
	"errors"
	"fmt"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// errNoBlob is a permanent failure: the bytes to be appended are not in the store.
var errNoBlob = &remote.Error{Step: "append", Kind: mail.ProblemDisk, Permanent: true, Text: "the message's bytes are missing here",
	Advice: "Run peyk doctor."}

// folder executes the verbs about folders. Doing what is done already is success: the answer to an earlier try may have
// been lost.
func (r *opRun) folder(ctx context.Context) error {
	if len(r.targets) == 0 {
		return errors.New("the operation names no folder")
	}
	t := r.targets[0]
	switch r.op.Kind {
	case mail.OpCreate:
		return r.createFolder(ctx, t.Path)
	case mail.OpRename:
		return r.renameFolder(ctx, t.Path, t.Dest)
	case mail.OpDropFolder:
		return r.dropFolder(ctx, t.Path)
	}
	return r.mb.Subscribe(ctx, t.Path, r.op.Kind == mail.OpSubscribe)
}

func (r *opRun) createFolder(ctx context.Context, path string) error {
	err := r.mb.CreateFolder(ctx, path)
	if err != nil && !closed(err) {
		there, lerr := r.exists(ctx, path)
		if lerr != nil {
			return lerr
		}
		if there {
			err = nil
		}
	}
	if err != nil {
		return err
	}
	// A new folder that is not subscribed would be hidden in other clients; a server that cannot subscribe is fine.
	if err := r.mb.Subscribe(ctx, path, true); closed(err) {
		return err
	}
	return nil
}

func (r *opRun) renameFolder(ctx context.Context, from, to string) error {
	if from == to {
		return nil // done by an earlier try, and a pass has seen it
	}
	err := r.mb.RenameFolder(ctx, from, to)
	if err == nil || closed(err) || !r.again {
		return err
	}
	old, lerr := r.exists(ctx, from)
	if lerr != nil {
		return lerr
	}
	renamed, lerr := r.exists(ctx, to)
	if lerr != nil {
		return lerr
	}
	if !old && renamed {
		return nil
	}
	return err
}

// dropFolder deletes a folder with what is in it. One that is empty here is deleted only where it is empty there, too: DELETE asks nothing
// (RFC 3501 section 6.3.4), and what another device has put there meanwhile nobody here has seen.
func (r *opRun) dropFolder(ctx context.Context, path string) error {
	used, err := r.st.FolderUsed(ctx, r.op.Folder)
	if err != nil {
		return err
	}
	if !used {
		if err := r.emptyThere(ctx, path); err != nil {
			return err
		}
	}
	err = r.mb.DeleteFolder(ctx, path)
	if err == nil || closed(err) {
		return err
	}
	there, lerr := r.exists(ctx, path)
	if lerr != nil {
		return lerr
	}
	if !there {
		return nil
	}
	return err
}

// emptyThere is an error where the server says that there are messages in a folder.
func (r *opRun) emptyThere(ctx context.Context, path string) error {
	list, err := r.mb.List(ctx)
	if err != nil {
		return err
	}
	for _, f := range list {
		if f.Path == path && f.HasStatus && f.Messages > 0 {
			return &remote.Error{Host: r.acct.Incoming.Host, Step: "delete " + path, Kind: mail.ProblemServer, Permanent: true, Why: mail.CodeUnseenMail,
				Text: fmt.Sprintf("%s has %d messages on the server that were not here when it was deleted", path, f.Messages), Advice: "Look at them first, then delete the folder."}
		}
	}
	return nil
}

// exists asks the server whether it has a folder.
func (r *opRun) exists(ctx context.Context, path string) (bool, error) {
	list, err := r.mb.List(ctx)
	if err != nil {
		return false, err
	}
	for _, f := range list {
		if f.Path == path {
			return true, nil
		}
	}
	return false, nil
}
