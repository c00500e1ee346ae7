package mailsync

import (
	"cmp"
	"context"
	"errors"
	"reflect"
	"slices"
	"time"

	"peyk/internal/mail"
	"peyk/store"
)

// What becomes of a draft of this computer on another one shows in the mailbox only: its copy in Drafts is replaced when it is written on there, and goes when it was
// sent or thrown away. No clock is asked, for two computers have two. Whoever replaced the copy has seen it, so where the draft was not written on here since the copy
// was made (Draft.Kept), what stands in its place is the newer one, also where it says what the draft said before, and where nothing does for a while, the draft is gone: most programs
// remove the old copy before they put the new one there. What stands beside the copy was written by somebody who had
// not seen it, and what was written here since nobody else has seen: then they are two drafts.

// standing is how a draft stands in Drafts folders.
type standing struct {
	copied bool       // its copy is there
	others bool       // something else under its Message-ID is
	place  mail.Row   // the copy
	newer  mail.Row   // what another program put in the place of the copy; ID 0: nothing
	apart  []mail.Row // what others wrote without having seen the draft as it is
}

// standing looks at what passes have brought. all are the drafts of this computer.
func (e *Engine) standing(ctx context.Context, d mail.Draft, all []mail.Draft) (s standing, err error) {
	rows, err := e.st.ByHeaderID(ctx, d.Account, d.HeaderID)
	if err != nil {
		return s, err
	}
	if !slices.ContainsFunc(rows, func(r mail.Row) bool { return r.ID == d.Copy }) { // what other programs put there may have no Message-ID
		switch r, err := e.st.Row(ctx, d.Copy); {
		case err == nil && !r.Flags.Has(mail.FlagDeleted):
			rows = append(rows, r)
		case err != nil && !errors.Is(err, store.ErrNotFound):
			return s, err
		}
	}
	var back []mail.Row // what the draft said before, put there later than its copy
	for _, r := range rows {
		if e.roleOf(ctx, r) != mail.RoleDrafts {
			continue
		}
		if r.ID == d.Copy {
			s.copied, s.place = true, r
			continue
		}
		s.others = true
		if !r.HasBody || slices.ContainsFunc(all, func(o mail.Draft) bool { return o.ID != d.ID && o.Copy == r.ID }) {
			continue // nobody knows what it says, or it is another draft of this computer
		}
		if known, err := e.saysTheSame(ctx, d.ID, r.ID); err != nil {
			return s, err
		} else if !known {
			s.apart = append(s.apart, r)
		} else if d.Away.Copy == d.Copy && d.Away.UID != 0 && r.Folder == d.Away.Folder && r.UID > d.Away.UID {
			back = append(back, r)
		}
	}
	if in := append(back, s.apart...); len(in) > 0 && !s.copied && d.Copy != 0 && d.Kept == d.Sum() {
		s.newer = slices.MaxFunc(in, func(a, b mail.Row) int { return cmp.Compare(a.UID, b.UID) })
		s.apart = slices.DeleteFunc(s.apart, func(r mail.Row) bool { return r.ID == s.newer.ID })
	}
	return s, nil
}

// OpenDraft is a draft of this computer as it is to be read or written on: with the text that another program has given it since, where it was not written on here
// meanwhile.
func (e *Engine) OpenDraft(ctx context.Context, id mail.DraftID) (mail.Draft, error) {
	d, err := e.st.Draft(ctx, id)
	if err != nil || d.Copy == 0 {
		return d, err
	}
	all, err := e.st.Drafts(ctx)
	if err != nil {
		return d, err
	}
	s, err := e.standing(ctx, d, all)
	if err != nil || s.newer.ID == 0 {
		return d, err
	}
	return e.withText(ctx, d, s.newer.ID)
}

// withText is a draft with the text of a message that stands for it.
func (e *Engine) withText(ctx context.Context, d mail.Draft, id mail.MessageID) (mail.Draft, error) {
	det, err := e.st.Details(ctx, id)
	if err != nil {
		return d, err
	}
	other, err := e.draftFrom(ctx, det)
	if err != nil {
		return d, err
	}
	other.ID, other.Versions = d.ID, d.Versions
	return other, nil
}

func (e *Engine) roleOf(ctx context.Context, r mail.Row) mail.Role {
	f, err := e.st.Folder(ctx, r.Folder)
	if err != nil {
		return mail.RoleNone
	}
	return f.Role
}

// lookAfterDrafts notes how the drafts of this computer stand on the server by now, and removes those that were sent from another one, or thrown away there. What was
// written on here since stays; the versions of the others can be brought back for a while, and those whose text is in no folder are told.
func (p *pass) lookAfterDrafts(ctx context.Context) error {
	drafts, err := p.st.Drafts(ctx)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		if d.Account != p.acct.ID || d.Copy == 0 || d.HeaderID == "" {
			continue
		}
		s, err := p.e.standing(ctx, d, drafts)
		if err != nil {
			return err
		}
		if !s.copied && !s.others {
			err = p.leftDrafts(ctx, d)
		} else {
			err = p.noteStanding(ctx, d, s)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *pass) noteStanding(ctx context.Context, d mail.Draft, s standing) error {
	away := d.Away
	away.Newer, away.Apart, away.Gone = s.newer.ID, nil, time.Time{}
	for _, r := range s.apart {
		away.Apart = append(away.Apart, r.ID)
	}
	if s.copied && s.place.UID != 0 {
		f, err := p.st.Folder(ctx, s.place.Folder)
		if err != nil {
			return err
		}
		away.Copy, away.Folder, away.UIDValidity, away.UID, away.Mailbox = d.Copy, f.ID, f.UIDValidity, s.place.UID, p.acct.Mailbox
	}
	if reflect.DeepEqual(away, d.Away) {
		return nil
	}
	return p.st.SetDraftAway(ctx, d, away)
}

// forgetStanding forgets that copies of drafts were seen in a folder, which is about to be begun anew: it may have the same UIDVALIDITY, and that they are not in it says
// nothing then.
func (p *pass) forgetStanding(ctx context.Context, id mail.FolderID) error {
	drafts, err := p.st.Drafts(ctx)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		if d.Away.Copy == 0 || d.Away.Folder != id {
			continue
		}
		if err := p.st.SetDraftAway(ctx, d, mail.DraftAway{}); err != nil {
			return err
		}
	}
	return nil
}

// goneAfter is how long nothing may stand in the place of a draft's copy before it counts as thrown away: as long as another device may take to put a large one there.
const goneAfter = 2 * time.Minute

// leftDrafts removes a draft that stands nowhere in Drafts any more, unless it was written on here since, or was never seen there.
func (p *pass) leftDrafts(ctx context.Context, d mail.Draft) error {
	lies, sent, err := p.e.liesElsewhere(ctx, d)
	if err != nil {
		return err
	}
	if !lies {
		gone, err := p.vanished(ctx, d)
		if err != nil || !gone {
			return err
		}
	}
	if !sent {
		now := p.e.opt.Now()
		if away := d.Away; away.Gone.IsZero() || now.Before(away.Gone) {
			away.Gone = now
			return p.st.SetDraftAway(ctx, d, away)
		}
		if now.Sub(d.Away.Gone) < goneAfter {
			return nil
		}
	}
	dropped, err := p.st.DropDraft(ctx, d)
	if dropped && !lies {
		p.res.Discarded = append(p.res.Discarded, mail.DiscardedDraft{ID: d.ID, Subject: d.Subject})
	}
	return err
}

// vanished reports whether the copy was seen in the folder as it still is, says what the draft says, and is there no more. A folder that was made anew, and
// another mailbox, tell nothing about what was in them.
func (p *pass) vanished(ctx context.Context, d mail.Draft) (bool, error) {
	if d.Away.Copy != d.Copy || d.Away.Mailbox != p.acct.Mailbox || d.Kept != d.Sum() {
		return false, nil
	}
	f, err := p.st.Folder(ctx, d.Away.Folder)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil && f.Role == mail.RoleDrafts && f.UIDValidity == d.Away.UIDValidity, err
}

// liesElsewhere reports whether a message in Sent or in Trash says what a draft says, and whether the draft was sent, with whatever text. Some programs move the old copy to Trash before they
// put the new one into Drafts.
func (e *Engine) liesElsewhere(ctx context.Context, d mail.Draft) (lies, sent bool, err error) {
	rows, err := e.st.ByHeaderID(ctx, d.Account, d.HeaderID)
	if err != nil {
		return false, false, err
	}
	for _, r := range rows {
		role := e.roleOf(ctx, r)
		if role != mail.RoleSent && role != mail.RoleTrash {
			continue
		}
		sent = sent || role == mail.RoleSent
		det, err := e.st.Details(ctx, r.ID)
		if err != nil {
			return false, false, err
		}
		there, err := e.draftFrom(ctx, det)
		if errors.Is(err, errNoBody) {
			continue
		}
		if err != nil {
			return false, false, err
		}
		there.Bcc = d.Bcc // what was sent does not name them
		lies = lies || gist(there) == gist(d)
	}
	return lies, sent, nil
}
