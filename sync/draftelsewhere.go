package mailsync

import (
	"context"
	"errors"

	"peyk/internal/mail"
	"peyk/store"
)

// What becomes of a draft of this computer on another one shows in the mailbox only: its copy in Drafts is replaced when it is written on there, and stands in Sent,
// under the same Message-ID, when it was sent.

// OpenDraft is a draft of this computer as it is to be read or written on: with the text that another program has given it since, where it was not written on here
// meanwhile.
func (e *Engine) OpenDraft(ctx context.Context, id mail.DraftID) (mail.Draft, error) {
	d, err := e.st.Draft(ctx, id)
	if err != nil || d.Copy == 0 {
		return d, err
	}
	rows, err := e.st.ByHeaderID(ctx, d.Account, d.HeaderID)
	if err != nil {
		return d, err
	}
	var newest mail.Row
	for _, r := range rows {
		if r.ID != d.Copy && r.HasBody && r.Date.After(d.Modified) && r.Date.After(newest.Date) && e.roleOf(ctx, r) == mail.RoleDrafts {
			newest = r
		}
	}
	if newest.ID == 0 {
		return d, nil
	}
	if known, err := e.saysTheSame(ctx, id, newest.ID); err != nil || known {
		return d, err
	}
	other, err := e.EditDraft(ctx, newest.ID)
	if err != nil || other.ID != id {
		return d, err
	}
	return other, nil
}

func (e *Engine) roleOf(ctx context.Context, r mail.Row) mail.Role {
	f, err := e.st.Folder(ctx, r.Folder)
	if err != nil {
		return mail.RoleNone
	}
	return f.Role
}

// dropSentDrafts removes the drafts of this computer that were sent from another one, or thrown away there: their copies are no longer in Drafts, and the same message lies in
// Sent or in Trash. What was written on here since stays, and so does what is nowhere else; the versions of the others can be brought back for a while.
func (p *pass) dropSentDrafts(ctx context.Context) error {
	drafts, err := p.st.Drafts(ctx)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		if d.Account != p.acct.ID || d.Copy == 0 || d.HeaderID == "" {
			continue
		}
		gone, err := p.e.leftDrafts(ctx, d)
		if err != nil {
			return err
		}
		if !gone {
			continue
		}
		if err := p.st.DeleteDraft(ctx, d.ID); err != nil {
			return err
		}
	}
	return nil
}

// leftDrafts reports whether a draft stands nowhere in Drafts, and lies elsewhere as it is here or newer.
func (e *Engine) leftDrafts(ctx context.Context, d mail.Draft) (bool, error) {
	if r, err := e.st.Row(ctx, d.Copy); err == nil && e.roleOf(ctx, r) == mail.RoleDrafts {
		return false, nil
	} else if err != nil && !errors.Is(err, store.ErrNotFound) {
		return false, err
	}
	rows, err := e.st.ByHeaderID(ctx, d.Account, d.HeaderID)
	if err != nil {
		return false, err
	}
	left := false
	for _, r := range rows {
		switch e.roleOf(ctx, r) {
		case mail.RoleDrafts:
			return false, nil
		case mail.RoleSent:
			left = left || r.Date.After(d.Modified)
		case mail.RoleTrash:
		default:
			continue
		}
		if left {
			continue
		}
		det, err := e.st.Details(ctx, r.ID)
		if err != nil {
			return false, err
		}
		there, err := e.draftFrom(ctx, det)
		if errors.Is(err, errNoBody) {
			continue
		}
		if err != nil {
			return false, err
		}
		left = gist(there) == gist(d)
	}
	return left, nil
}
