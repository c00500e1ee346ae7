package mailsync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"peyk/internal/mail"
	"peyk/internal/message"
	"peyk/internal/richtext"
	"peyk/store"
)

// NewDraft is an empty draft from the account's first identity; account 0 means the first account.
func (e *Engine) NewDraft(ctx context.Context, account mail.AccountID) (mail.Draft, error) {
	a, err := e.writer(ctx, account)
	if err != nil {
		return mail.Draft{}, err
	}
	d := mail.Draft{Account: a.ID}
	if len(a.Identities) > 0 {
		if bcc := a.Identities[0].Bcc; bcc != "" {
			d.Bcc = message.ParseAddressList(bcc)
		}
		id := a.Identities[0]
		d.Plain = id.PlainText
		d.Text = signature(id)
		if sig := richtext.SignatureDoc(id.Signature, id.SignatureHTML); sig != nil && !d.Plain {
			d.HTML = append(richtext.Doc{{}, {}}, sig...).HTML()
		}
	}
	return d, nil
}

// signature is the text under a new message: "-- " begins it (RFC 3676 §4.3).
func signature(id mail.Identity) string {
	if id.Signature == "" {
		return ""
	}
	return "\n\n-- \n" + id.Signature
}

// sender is the account to write with.
func (e *Engine) sender(ctx context.Context, id mail.AccountID) (mail.Account, error) {
	if id != 0 {
		return e.st.Account(ctx, id)
	}
	accts, err := e.st.Accounts(ctx)
	if err != nil {
		return mail.Account{}, err
	}
	for _, a := range accts {
		if !a.Disabled {
			return a, nil
		}
	}
	return mail.Account{}, errors.New("there is no account to write with yet")
}

// writer is the account that a new message of an account is written with: another one where that sends nothing, so that what is answered in
// the mail of this computer, or of an account that is switched off, does not wait in the outbox for ever.
func (e *Engine) writer(ctx context.Context, id mail.AccountID) (mail.Account, error) {
	a, err := e.sender(ctx, id)
	if err != nil || !a.Disabled {
		return a, err
	}
	if other, err := e.sender(ctx, 0); err == nil {
		return other, nil
	}
	return a, nil // a draft can be written all the same
}

// Reply prepares an answer or a forward of a message, a new one like it (mail.AsNew), or that it goes on as it is (mail.Redirect).
func (e *Engine) Reply(ctx context.Context, id mail.MessageID, kind mail.ReplyKind, lang string) (mail.Draft, error) {
	switch kind {
	case mail.AsNew:
		return e.asNew(ctx, id)
	case mail.Redirect: // it goes on whole, so it is fetched whole before anybody is written down
		if err := e.Want(ctx, id, nil); err != nil {
			return mail.Draft{}, err
		}
	}
	c, err := e.Content(ctx, id)
	if err != nil {
		return mail.Draft{}, err
	}
	a, err := e.writer(ctx, c.Row.Account)
	if err != nil {
		return mail.Draft{}, err
	}
	d := message.NewReply(c, message.ReplyOptions{Kind: kind, Account: a, Own: e.ownAddresses(ctx, a, c.Row.From), Lang: lang, Location: time.Local, Page: e.opt.Page})
	if d.Account == 0 {
		d.Account = a.ID
	}
	if d.Source == 0 {
		d.Source = id
	}
	d.Lang = lang
	return d, nil
}

// ownAddresses are the addresses of all accounts: the user is not answered. A message that another account of the user's sent to
// this one is answered all the same: its sender is not taken for the user then.
func (e *Engine) ownAddresses(ctx context.Context, to mail.Account, from []mail.Address) []string {
	accts, err := e.st.Accounts(ctx)
	if err != nil {
		return nil
	}
	var own []string
	for _, a := range accts {
		if a.ID != to.ID && slices.ContainsFunc(from, func(f mail.Address) bool { return owns(a, f.Addr) }) {
			continue
		}
		own = append(own, a.Email)
		for _, id := range a.Identities {
			own = append(own, id.Addr)
		}
	}
	return own
}

// Mailto prepares a draft from a mailto URL (RFC 6068). The URL cannot attach files and cannot choose the sender.
func (e *Engine) Mailto(ctx context.Context, url string) (mail.Draft, error) {
	d, err := message.ParseMailto(url)
	if err != nil {
		return d, err
	}
	base, err := e.NewDraft(ctx, 0)
	if err != nil {
		return d, err
	}
	d.Account, d.Identity, d.Plain = base.Account, base.Identity, base.Plain
	d.Bcc = append(d.Bcc, base.Bcc...)
	if base.HTML != "" {
		body := richtext.FromPlain(d.Text, nil)
		d.HTML = append(append(body, richtext.Paragraph{}), richtext.FromHTML(base.HTML).Trim()...).HTML()
	}
	d.Text += base.Text
	d.Attachments = nil
	return d, nil
}

// SaveDraft stores a new version; files named by path are read into the store, so that the draft stays whole when they change
// or go. d.ID and d.HeaderID are set on first save.
func (e *Engine) SaveDraft(ctx context.Context, d *mail.Draft) error {
	a, err := e.sender(ctx, d.Account)
	if err != nil {
		return fmt.Errorf("save the draft: %w", err)
	}
	d.Account = a.ID
	if d.HeaderID == "" {
		d.HeaderID = message.NewMessageID(identity(a, d.Identity).Addr)
	}
	ferr := e.takeFiles(ctx, d)
	var unread *mail.UnreadFiles
	if ferr != nil && !errors.As(ferr, &unread) {
		return fmt.Errorf("save the draft: %w", ferr)
	}
	d.Modified = e.opt.Now()
	if err := e.st.SaveDraft(ctx, d); err != nil {
		return err
	}
	return ferr // what was written is stored all the same
}

// DraftVersions returns the kept versions of a draft, newest first.
func (e *Engine) DraftVersions(ctx context.Context, id mail.DraftID) ([]mail.Draft, error) {
	return e.st.DraftVersions(ctx, id)
}

// DiscardDraft deletes a draft, here and in the server's Drafts folder.
func (e *Engine) DiscardDraft(ctx context.Context, id mail.DraftID) error {
	d, err := e.st.Draft(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := e.st.DeleteDraft(ctx, id); err != nil {
		return err
	}
	return e.dropCopies(ctx, d)
}

// RestoreDraft brings back a draft that was discarded, with its versions, here and, where it had a copy there, in the server's Drafts folder.
func (e *Engine) RestoreDraft(ctx context.Context, id mail.DraftID) (mail.Draft, error) {
	vs, err := e.st.DraftVersions(ctx, id)
	if err != nil {
		return mail.Draft{}, err
	}
	if len(vs) == 0 {
		return mail.Draft{}, fmt.Errorf("bring back draft %d: %w", id, store.ErrNotFound)
	}
	d := vs[0]
	copied := d.Copy != 0
	d.Copy, d.Kept = 0, ""
	if err := e.SaveDraft(ctx, &d); err != nil {
		return d, err
	}
	if copied {
		if err := e.KeepDraft(ctx, id); err != nil { // it is here all the same
			e.opt.Log.Warn("the copy in Drafts is not back", "err", err)
		}
		return e.st.Draft(ctx, id)
	}
	return d, nil
}

// identity is the sender of a draft; an index that no longer exists means the first.
func identity(a mail.Account, i int) mail.Identity {
	if i >= 0 && i < len(a.Identities) {
		return a.Identities[i]
	}
	if len(a.Identities) > 0 {
		return a.Identities[0]
	}
	return mail.Identity{Name: a.DisplayName, Addr: a.Email}
}
