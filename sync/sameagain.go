package mailsync

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// With QRESYNC a pass learns what changed and nothing else, so what it does not ask about it cannot see: a mailbox that was restored from a backup under its
// UIDVALIDITY, and has grown since past the numbers that it had, gives the UIDs above the backup's to other messages, and all numbers add up. So once a
// day the server is asked when some messages came and how large they are, of each folder in which something has changed, when everything else of a pass is done:
// it costs two round trips then.

const (
	lookAfter = 24 * time.Hour
	// lookOld and lookNew are how many messages are asked about: the newest of those that the look before knew, and of those that came since. Only the newest
	// can have been given to others, down to where the backup ended.
	lookOld, lookNew = 10, 40
)

// lastLook is when a folder was looked at, and up to which UID it was known then.
type lastLook struct {
	At  int64    `json:"at"` // Unix seconds
	Top mail.UID `json:"top"`
}

func lookKey(a mail.Account) string { return ofMailbox("imap.looked", a) }

// stillTheSame looks at the folders that are due.
func (p *pass) stillTheSame(ctx context.Context, mb remote.Mailboxes) error {
	if !mb.Capabilities().QResync {
		return nil // what changed is asked for together with a sample
	}
	looks := map[string]lastLook{}
	js, err := p.st.Setting(ctx, lookKey(p.acct))
	if err != nil {
		return err
	}
	if js != "" {
		_ = json.Unmarshal([]byte(js), &looks) // else nothing was looked at before
	}
	noted := false
	for _, f := range p.order {
		due, err := p.lookDue(ctx, mb, f, looks)
		if err != nil {
			return err
		}
		noted = noted || due
	}
	if !noted {
		return nil
	}
	out, err := json.Marshal(looks)
	if err != nil {
		return err
	}
	return p.st.SetSetting(ctx, lookKey(p.acct), string(out))
}

// lookDue looks at a folder as it was before this pass when it is time to. What changes for the first time is looked at a day later. noted says that looks has changed.
func (p *pass) lookDue(ctx context.Context, mb remote.Mailboxes, f mail.Folder, looks map[string]lastLook) (noted bool, err error) {
	now, last := p.e.opt.Now(), looks[f.Path]
	if !p.complete[f.Path] || f.UIDNext == 0 || f.HighestMod == 0 || now.Sub(time.Unix(last.At, 0)).Abs() < lookAfter {
		return false, nil
	}
	if err := p.written(); err != nil {
		return false, err
	}
	after, err := p.st.Folder(ctx, f.ID)
	if err != nil || after.HighestMod == f.HighestMod || after.UIDValidity != f.UIDValidity {
		return false, err
	}
	if last.At != 0 {
		if err := p.lookAt(ctx, mb, after, f.UIDNext, last.Top); err != nil {
			return false, fmt.Errorf("look whether %s is what it was: %w", f.Path, err)
		}
	}
	looks[f.Path] = lastLook{At: now.Unix(), Top: after.UIDNext - 1}
	return true, nil
}

// lookAt asks about messages of a folder that were known before UID next; top was the newest at the look before. Where they are other ones, it is received anew.
func (p *pass) lookAt(ctx context.Context, mb remote.Mailboxes, f mail.Folder, next, top mail.UID) error {
	s := &folderSync{pass: p, mb: mb, f: f}
	if err := s.load(ctx); err != nil {
		return err
	}
	n, _ := slices.BinarySearch(s.known, next)
	known := s.known[:n]
	old, found := slices.BinarySearch(known, top)
	if found {
		old++
	}
	uids := slices.Concat(known[max(0, old-lookOld):old], spread(known[old:], lookNew))
	if len(uids) == 0 {
		return nil
	}
	sample, err := s.sampleOf(ctx, uids, len(uids))
	if err != nil || len(sample.Of) == 0 {
		return err
	}
	if s.state, err = mb.Select(ctx, f.Path); err != nil {
		return err
	}
	if s.state.UIDValidity != f.UIDValidity {
		return nil // the next pass begins anew
	}
	_, err = mb.Fetch(ctx, f.Path, ranges(sample.Of), remote.WantContentID, func(m remote.Fetched) error {
		if !m.Received.IsZero() && m.Size != 0 {
			sample.Told(m.UID, m.Received, m.Size)
		}
		return nil
	})
	if err != nil {
		return err
	}
	other, err := s.doubted(ctx)
	if err != nil || !other {
		return err
	}
	p.begun[f.Path] = false
	return p.receiveOne(ctx, mb, s.f)
}
