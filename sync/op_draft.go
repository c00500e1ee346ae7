package mailsync

import (
	"context"
	"slices"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/message"
	"peyk/store"
)

// saysTheSame reports whether a message on the server says what stored bytes say, though the server may have changed its lines.
func (r *opRun) saysTheSame(ctx context.Context, path string, uid mail.UID, ours store.Blob) (bool, error) {
	var theirs *store.StagedBlob // nobody keeps it
	defer func() { theirs.Discard() }()
	_, err := r.mb.Fetch(ctx, path, []remote.UIDRange{{First: uid, Last: uid}}, remote.WantBody, func(f remote.Fetched) (err error) {
		if f.UID == uid && theirs == nil {
			theirs, err = r.st.StageBlob(ctx, f.Body)
		}
		return err
	})
	if err != nil || theirs == nil {
		return false, err
	}
	return alike(message.Parse(ours, ours.Size()), message.Parse(theirs, theirs.Ref.Size)), nil
}

// alike reports whether two messages have the same recipients, subject, text and files.
func alike(a, b *message.Message) bool {
	x, y, c, d := a.Summary(), b.Summary(), a.Content(), b.Content()
	file := func(f, g mail.Attachment) bool {
		return f.Filename == g.Filename && f.Size == g.Size && f.Inline == g.Inline
	}
	return x.Subject == y.Subject && slices.Equal(x.To, y.To) && slices.Equal(x.Cc, y.Cc) && slices.Equal(x.Bcc, y.Bcc) &&
		c.Text == d.Text && c.HTML == d.HTML && slices.EqualFunc(c.Attachments, d.Attachments, file)
}
