package mailsync

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"peyk/internal/mail"
	"peyk/internal/message"
	"peyk/internal/richtext"
	"peyk/store"
)

// A draft lives in the store of this computer. When its window closes, an IMAP account gets a copy in its Drafts folder, under
// the Message-ID of the draft, so that it can be finished elsewhere; the copy is replaced, and goes when the draft does. The
// old copy is removed before the new one is put there: a lost answer is settled by looking for the Message-ID, which would find
// the old one. Nothing hangs on the copy, the draft is whole without it.
//
// What another program made of the copy is opened with the draft, as its newest version. Where it was not seen before the draft was written on
// here, neither takes the place of the other: they are two drafts from then on.

// KeepDraft brings the server's Drafts folder up to a saved draft. It does nothing for accounts without such a folder, and for a message that is to be sent on as it is:
// no other program would know what to do with that.
func (e *Engine) KeepDraft(ctx context.Context, id mail.DraftID) error {
	d, err := e.st.Draft(ctx, id)
	if err != nil || d.Resend {
		return err
	}
	a, err := e.st.Account(ctx, d.Account)
	if err != nil {
		return err
	}
	f, err := e.st.FolderByRole(ctx, a.ID, mail.RoleDrafts)
	if errors.Is(err, store.ErrNotFound) || err == nil && f.Local {
		return e.dropCopies(ctx, d) // it may have been another account's before
	}
	if err != nil {
		return err
	}
	if _, others, err := e.copies(ctx, d); err != nil {
		return err
	} else if len(others) > 0 {
		if err := e.dropCopies(ctx, d); err != nil { // what is its own
			return err
		}
		d.HeaderID = message.NewMessageID(identity(a, d.Identity).Addr)
	}
	if d.Away.Copy != 0 { // its copy goes by our own doing
		if err := e.st.SetDraftAway(ctx, d, mail.DraftAway{}); err != nil {
			return err
		}
	}
	kept := d.Sum()
	ref, _, err := e.compose(ctx, a, d, true)
	if err != nil {
		return fmt.Errorf("keep “%s” in %s: %w", d.Subject, f.Path, err)
	}
	if err := e.dropCopies(ctx, d); err != nil {
		return err
	}
	ops := []mail.Op{{Account: a.ID, Kind: mail.OpAppend, Folder: f.ID, Add: mail.Flags{mail.FlagDraft, mail.FlagSeen}, Blob: &ref, Date: e.opt.Now()}}
	if _, err := e.st.Submit(ctx, ops); err != nil {
		return err
	}
	e.kick(scopeOps, a.ID)
	var row mail.MessageID
	if len(ops[0].Messages) == 1 {
		row = ops[0].Messages[0]
	}
	there, err := e.st.SetDraftCopy(ctx, id, d.HeaderID, row, kept)
	if err != nil || there || row == 0 {
		return err
	}
	// It was sent or discarded while it was being copied.
	_, err = e.st.Submit(ctx, []mail.Op{{Account: a.ID, Kind: mail.OpExpunge, Messages: []mail.MessageID{row}}})
	e.kick(scopeOps, a.ID)
	return err
}

// dropCopies removes what stands for a draft in Drafts folders on servers. It is not an action of the user's: it has no title
// and is not what Undo takes back.
func (e *Engine) dropCopies(ctx context.Context, d mail.Draft) error {
	own, _, err := e.copies(ctx, d)
	if err != nil {
		return err
	}
	for _, r := range own {
		if _, err := e.st.Submit(ctx, []mail.Op{{Account: r.Account, Kind: mail.OpExpunge, Messages: []mail.MessageID{r.ID}}}); err != nil {
			return err
		}
		e.kick(scopeOps, r.Account)
	}
	return nil
}

// EditDraft makes a draft of a message in a Drafts folder. The copy of a draft of this computer opens that draft, with the
// text of the copy when another program wrote it.
func (e *Engine) EditDraft(ctx context.Context, id mail.MessageID) (mail.Draft, error) {
	if err := e.Want(ctx, id, nil); err != nil {
		return mail.Draft{}, err
	}
	det, err := e.st.Details(ctx, id)
	if err != nil {
		return mail.Draft{}, err
	}
	own, err := e.st.Drafts(ctx)
	if err != nil {
		return mail.Draft{}, err
	}
	for _, d := range own {
		if d.Copy == id {
			return d, nil
		}
	}
	d, err := e.draftFrom(ctx, det)
	if err != nil || det.HeaderID == "" {
		return d, err
	}
	for _, here := range own {
		if here.HeaderID != det.HeaderID {
			continue
		}
		s, err := e.standing(ctx, here, own)
		if err != nil {
			return d, err
		}
		if s.newer.ID == id {
			d.ID, d.Versions = here.ID, here.Versions
			return d, nil
		}
		if known, err := e.isVersion(ctx, here.ID, d); err != nil || known {
			return here, err
		}
	}
	return d, nil // it is no draft of this computer, or both were written on: they are two
}

// draftFrom reads a draft out of a stored message.
func (e *Engine) draftFrom(ctx context.Context, det store.Details) (mail.Draft, error) {
	if det.Blob == nil {
		return mail.Draft{}, errNoBody
	}
	b, err := e.st.OpenBlob(ctx, det.Blob.Hash)
	if err != nil {
		return mail.Draft{}, err
	}
	defer b.Close()
	a, err := e.st.Account(ctx, det.Account)
	if err != nil {
		return mail.Draft{}, err
	}
	m := message.Parse(b, b.Size())
	s, c := m.Summary(), m.Content()
	d := mail.Draft{Account: a.ID, To: s.To, Cc: s.Cc, Bcc: s.Bcc, Subject: s.Subject, References: s.References,
		HeaderID: s.HeaderID, Copy: det.ID, Modified: det.Date}
	for i, id := range a.Identities {
		if len(s.From) > 0 && strings.EqualFold(id.Addr, s.From[0].Addr) {
			d.Identity = i
			break
		}
	}
	e.takeText(&d, c, identity(a, d.Identity).PlainText)
	if len(s.InReplyTo) > 0 {
		d.InReplyTo = s.InReplyTo[0]
		rows, err := e.st.ByHeaderID(ctx, a.ID, d.InReplyTo)
		if err != nil {
			return d, err
		}
		if len(rows) > 0 {
			d.Source = rows[0].ID
		}
	}
	err = e.takeParts(ctx, m, c.Attachments, &d)
	d.Kept = d.Sum()
	return d, err
}

// takeText takes over the text of a message with its formatting. One without any is written on as the identity writes.
func (e *Engine) takeText(d *mail.Draft, c mail.Content, plain bool) {
	d.Text, d.Plain = c.Text, plain
	if c.HTML == "" {
		return
	}
	doc := richtext.FromDraft(c.HTML).WithPages(func(src string) string { // who else can write into Drafts is not known
		if e.opt.Page == nil {
			return ""
		}
		return e.opt.Page(src)
	})
	d.Text, d.HTML, d.Rtl = doc.Plain(), doc.HTML(), doc.Forced()
	d.Plain = plain && !doc.Formatted()
}

// takeParts attaches the parts of a message, stored by themselves: the message may go while the draft is written.
func (e *Engine) takeParts(ctx context.Context, m *message.Message, parts []mail.Attachment, d *mail.Draft) error {
	for _, at := range parts {
		r, err := m.OpenPart(at.Part)
		if err != nil {
			return err
		}
		ref, err := e.st.PutBlob(ctx, r)
		if err != nil {
			return err
		}
		d.Attachments = append(d.Attachments, mail.DraftAttachment{Name: at.Filename, ContentType: at.ContentType, Size: ref.Size,
			Blob: &ref, Inline: at.Inline, ContentID: at.ContentID})
	}
	return nil
}
