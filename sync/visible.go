package mailsync

import (
	"context"
	"errors"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/store"
)

// What a pass fetches is ordered by what the user looks at: the message that is open (wants.go), the messages beside it, the folder that
// is shown, newest first, and then the rest. Between any two commands the pass looks whether something of that kind has come up, or
// something that the user does or sends (errands.go).

// nearLimit is the size in bytes up to which a message beside the one that was opened is fetched without having been asked for.
const nearLimit = 64 << 10

// between does what is more urgent than the folder at hand.
func (s *folderSync) between(ctx context.Context) error {
	if err := s.serveWants(ctx, s.mb); err != nil {
		return err
	}
	var to *destination
	if s.in != nil {
		to = s.in.to
	}
	var err error
	if !s.ahead {
		err = s.runErrands(ctx, s.mb)
	}
	if err == nil {
		err = s.news(ctx)
	}
	if err == nil {
		err = s.visibleFirst(ctx, s.mb)
	}
	if s.in != nil && to != nil && s.in.to != to {
		s.in.back(to)
	}
	return err
}

// urgent reports whether there is something more urgent than the folder at hand.
func (s *folderSync) urgent() bool {
	return s.wants != nil && !s.wants.empty() || s.visible() != "" || !s.ahead && s.errand() || s.newsHere()
}

// shown reports whether the user sees the folder, or soon will.
func (s *folderSync) shown() bool {
	return s.f.Role == mail.RoleInbox || s.keep != nil && s.keep.looking() == s.f.Path
}

// alone reports whether the account has this connection only.
func (s *folderSync) alone() bool { return s.keep != nil && s.acct.IMAP.MaxConnections == 1 }

// visible is the folder that the user looks at, when this pass is to come to it and has not yet; else "".
func (p *pass) visible() string {
	if p.keep == nil {
		return ""
	}
	if path := p.keep.looking(); path != "" && !p.begun[path] && (p.scope&scopeFolders != 0 || p.some[path]) {
		return path
	}
	return ""
}

// visibleFirst receives the folder that the user looks at before what was being received goes on.
func (p *pass) visibleFirst(ctx context.Context, mb remote.Mailboxes) error {
	path := p.visible()
	if path == "" {
		return nil
	}
	f, err := p.st.FolderByPath(ctx, p.acct.ID, path)
	if errors.Is(err, store.ErrNotFound) || err == nil && !receivable(f) {
		p.begun[path] = true // nothing to be had of it
		return nil
	}
	if err != nil {
		return err
	}
	return p.receiveOne(ctx, mb, f)
}

// near fetches the messages beside the one that was opened last: most likely one of them is next. Nobody waits for them, so that a
// failure which leaves the session standing is none.
func (p *pass) near(ctx context.Context, mb remote.Mailboxes) error {
	id := p.wants.takeOpened()
	if id == 0 {
		return nil
	}
	ids, err := p.st.Beside(ctx, id, nearLimit)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if !p.wants.empty() {
			return nil
		}
		d, err := p.st.Details(ctx, id)
		if err != nil || d.HasBody || p.wants.outlook(ctx, p.st, spotOf(d), d.Size) != notInbound {
			continue
		}
		sv := p.wants.claim(ctx, id, spotOf(d))
		if sv == nil {
			continue
		}
		at, err := locate(ctx, mb, d)
		if err == nil {
			err = fetchWhole(ctx, p.st, mb, id, at)
		}
		if err != nil && (closed(err) || ctx.Err() != nil) {
			sv.putBack()
			return err
		}
		sv.finish(err)
	}
	return nil
}
