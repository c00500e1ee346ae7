package mailsync

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/store"
)

// Some servers list folders that they do not open: shared ones without the right to read them, one on a disk that is away. Whoever has
// such a folder has it for years, so it is told once, and the passes after that are no failures; it is tried again in longer and longer
// times, and comes as soon as the server opens it. The inbox is no such folder: without it the account does not work.

const (
	refusedFirst  = 15 * time.Minute // of what the server calls final; doubled with each try
	refusedPasses = time.Minute      // of what it says will pass
	refusedMost   = 24 * time.Hour
	refusedGone   = 24 * time.Hour // how long a server says that a folder is not there before what is here of it goes
	// maxRefused is how many folders are remembered, maxRefusedTold how many of them one pass tells: a server may have any number.
	maxRefused     = 1000
	maxRefusedTold = 50
	// refusedInARow is from how many folders on, one after the other, it is the server that has a passing trouble, not the folder.
	refusedInARow = 3
)

// refusals are the refused folders of the account of a pass.
type refusals struct {
	list    []store.RefusedFolder // by path
	told    int                   // by this pass
	eager   bool                  // the user asks for mail: none of them rests
	passing []notOpened           // for a while, without one between them that was opened: perhaps it is not the folders
}

// notOpened is what a server said of one folder.
type notOpened struct {
	f   mail.Folder
	err error
}

func (r *refusals) find(path string) (i int, known bool) {
	return slices.BinarySearchFunc(r.list, path, func(f store.RefusedFolder, path string) int {
		switch {
		case f.Path < path:
			return -1
		case f.Path > path:
			return 1
		}
		return 0
	})
}

func (r *refusals) has(path string) bool {
	_, known := r.find(path)
	return known
}

// loadRefusals reads them, and forgets those that are no folders any more.
func (p *pass) loadRefusals(ctx context.Context, folders []mail.Folder) error {
	list, err := p.st.RefusedFolders(ctx, p.acct.ID)
	p.refused = &refusals{list: list, eager: p.hurry == hurryAll || p.keep != nil && p.keep.userAsks(p.scope&scopeFolders != 0)}
	if err != nil || len(list) == 0 {
		return err
	}
	there := map[string]bool{}
	for _, f := range folders {
		there[f.Path] = receivable(f)
	}
	before := len(list)
	p.refused.list = slices.DeleteFunc(list, func(f store.RefusedFolder) bool { return !there[f.Path] })
	if len(p.refused.list) == before {
		return nil
	}
	return p.saveRefusals(ctx)
}

func (p *pass) saveRefusals(ctx context.Context) error {
	return p.st.SetRefusedFolders(context.WithoutCancel(ctx), p.acct.ID, p.refused.list)
}

// resting reports whether a folder is left alone by this pass: the server did not open it, and its time has not come.
func (p *pass) resting(f mail.Folder) bool {
	i, known := p.refused.find(f.Path)
	if !known || p.refused.eager || p.keep != nil && p.keep.looking() == f.Path {
		return false
	}
	r := p.refused.list[i]
	now := p.e.opt.Now()
	return now.Before(r.Due) && !now.Before(r.Since.Add(-refusedMost)) // a clock that was far ahead when it was noted says nothing
}

// settleFolder looks at how a folder was gone through. What the server refuses of one folder is no reason not to go on with the others:
// the error is nil then.
func (p *pass) settleFolder(ctx context.Context, f mail.Folder, err error) error {
	if err == nil {
		return p.openedAgain(ctx, f)
	}
	re := remote.As(err)
	switch {
	case re == nil || re.Closed || ctx.Err() != nil:
		return err
	case f.Role == mail.RoleInbox || re.Kind != mail.ProblemServer && re.Kind != mail.ProblemProtocol:
		if !re.Permanent {
			return err
		}
		p.fail(ctx, checking(f), err)
		return nil
	case !re.Permanent:
		p.refused.passing = append(p.refused.passing, notOpened{f, err})
		if re.RetryAfter > 0 || len(p.refused.passing) >= refusedInARow {
			p.refused.passing = nil
			return err
		}
		return nil
	}
	return p.noteRefusal(ctx, notOpened{f, err})
}

// itWasTheFolders takes note of what was refused for a while, now that the server is known to open others.
func (p *pass) itWasTheFolders(ctx context.Context) error {
	list := p.refused.passing
	p.refused.passing = nil
	for _, r := range list {
		if err := p.noteRefusal(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

func checking(f mail.Folder) string { return fmt.Sprintf("checking the folder %s", f.Path) }

// openedAgain forgets that a folder was refused.
func (p *pass) openedAgain(ctx context.Context, f mail.Folder) error {
	if err := p.itWasTheFolders(ctx); err != nil {
		return err
	}
	i, known := p.refused.find(f.Path)
	if !known {
		return nil
	}
	p.refused.list = slices.Delete(p.refused.list, i, i+1)
	p.e.opt.Log.Info("the server opens a folder again", "account", p.acct.Name, "folder", f.Path)
	return p.saveRefusals(ctx)
}

// noteRefusal takes note of a folder that the server did not open, and tells it where that is due: once, and of what may have passed by the
// next time, or be the moment between a listing and the removal of a folder, only when it comes a second time.
func (p *pass) noteRefusal(ctx context.Context, of notOpened) error {
	f, err, re := of.f, of.err, remote.As(of.err)
	i, known := p.refused.find(f.Path)
	now := p.e.opt.Now()
	if !known {
		if len(p.refused.list) >= maxRefused {
			return nil
		}
		p.refused.list = slices.Insert(p.refused.list, i, store.RefusedFolder{Path: f.Path, Since: now})
	}
	r := &p.refused.list[i]
	pr := problem(p.acct, checking(f), err, false)
	r.Tries++
	r.Why, r.Due = pr.Store(), now.Add(refusalWait(r.Tries, re.Permanent))
	if re.Why == mail.CodeGone && r.Tries > 2 && now.Sub(r.Since) >= refusedGone {
		// A level that is listed like a folder: the messages were deleted with it.
		if err := p.st.ClearFolder(context.WithoutCancel(ctx), f.ID); err != nil {
			return err
		}
	}
	sure := r.Tries > 1 || re.Permanent && re.Why != mail.CodeGone
	if sure && !r.Told && p.refused.told < maxRefusedTold {
		r.Told = true
		p.refused.told++
		p.tell(pr)
	} else {
		p.e.opt.Log.Info("a folder that the server does not open", "account", p.acct.Name, "folder", f.Path, "tries", r.Tries, "err", err)
	}
	return p.saveRefusals(ctx)
}

// refusalWait is how long a folder is left alone after so many tries, with a jitter of a quarter either way.
func refusalWait(tries int, permanent bool) time.Duration {
	first := refusedPasses
	if permanent {
		first = refusedFirst
	}
	d := refusedMost
	if tries <= 12 {
		d = min(first<<(tries-1), refusedMost)
	}
	return d*3/4 + rand.N(d/2)
}
