package mailsync

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"os"
	"path/filepath"

	"peyk/internal/mail"
)

// takeFiles reads attached files into the store, and what is taken from other messages: they may go while the draft is written. Files that cannot be read are left as they
// are, and named by a *mail.UnreadFiles.
func (e *Engine) takeFiles(ctx context.Context, d *mail.Draft) error {
	var unread *mail.UnreadFiles
	for i := range d.Attachments {
		at := &d.Attachments[i]
		if at.Blob != nil || at.Path == "" && at.Message == 0 {
			continue
		}
		take := e.takeFile
		if at.Path == "" {
			take = e.takePart
		}
		err := take(ctx, at)
		var ours interface{ Kind() mail.ProblemKind }
		switch {
		case err == nil:
		case ctx.Err() != nil || errors.As(err, &ours): // of the store, not of the file
			return fmt.Errorf("attach %s: %w", cmp.Or(at.Path, at.Name), err)
		case at.Path == "": // what is not in the store is told when it is sent
		case unread == nil:
			unread = &mail.UnreadFiles{Paths: []string{at.Path}, Err: err}
		default:
			unread.Paths = append(unread.Paths, at.Path)
		}
	}
	if unread != nil {
		return unread
	}
	return nil
}

func (e *Engine) takeFile(ctx context.Context, at *mail.DraftAttachment) error {
	f, err := os.Open(at.Path)
	if err != nil {
		return err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return err
	}
	if !st.Mode().IsRegular() {
		return fmt.Errorf("it is not a file")
	}
	ref, err := e.st.PutBlob(ctx, f)
	if err != nil {
		return err
	}
	if at.Name == "" {
		at.Name = filepath.Base(at.Path)
	}
	if at.ContentType == "" {
		at.ContentType = mime.TypeByExtension(filepath.Ext(at.Name))
	}
	at.Blob, at.Size, at.Path = &ref, ref.Size, ""
	return nil
}

// takePart makes a message, or a part of it, the draft's own. One that is not here whole is fetched when the draft is sent: nobody waits for a server to store what was written.
func (e *Engine) takePart(ctx context.Context, at *mail.DraftAttachment) error {
	d, err := e.st.Details(ctx, at.Message)
	if err != nil || d.Blob == nil {
		return err
	}
	if at.Part == "" {
		ref, err := e.shownToOthers(ctx, *d.Blob)
		at.Blob, at.Size = &ref, ref.Size
		return err
	}
	r, err := e.Part(ctx, at.Message, at.Part)
	if err != nil {
		return err
	}
	defer r.Close()
	ref, err := e.st.PutBlob(ctx, r)
	if err != nil {
		return err
	}
	at.Blob, at.Size = &ref, ref.Size
	return nil
}

// OpenAttachment opens the bytes of an attachment, wherever they are.
func (e *Engine) OpenAttachment(ctx context.Context, at mail.DraftAttachment) (io.ReadCloser, error) {
	switch {
	case at.Blob != nil:
		return e.st.OpenBlob(ctx, at.Blob.Hash)
	case at.Message != 0 && at.Part == "":
		if err := e.Want(ctx, at.Message, nil); err != nil {
			return nil, fmt.Errorf("fetch message %d: %w", at.Message, err)
		}
		d, err := e.st.Details(ctx, at.Message)
		if err != nil {
			return nil, err
		}
		if d.Blob == nil {
			return nil, fmt.Errorf("message %d is not here whole", at.Message)
		}
		ref, err := e.shownToOthers(ctx, *d.Blob)
		if err != nil {
			return nil, err
		}
		return e.st.OpenBlob(ctx, ref.Hash)
	case at.Message != 0:
		return e.Part(ctx, at.Message, at.Part)
	case at.Path != "":
		return os.Open(at.Path)
	}
	return nil, fmt.Errorf("the attachment %s has no bytes", at.Name)
}
