package mailsync

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/message"
	"peyk/store"
)

// defaultDropFolder is where a maildrop's messages go.
const defaultDropFolder = "Inbox"

// maildrop is the pass over a POP3 account: connect, fetch, remove by rule, disconnect; then the outbox.
func (p *pass) maildrop(ctx context.Context, opener remote.Opener, s scope) {
	if err := ensureLocalFolders(ctx, p.st, p.acct); err != nil {
		p.fail(ctx, "preparing the folders", err)
		return
	}
	if s&^scopeOutbox != 0 {
		if err := p.localOperations(ctx); err != nil {
			p.fail(ctx, "settling what was done here", err)
			return
		}
	}
	if s&(scopeInbox|scopeFolders|scopeAside) != 0 {
		talk, done := p.untilWake(ctx)
		var err error
		if s&^scopeAside&scopeReceive != 0 {
			err = p.emptyDrop(talk, opener)
		}
		if err != nil {
			p.fail(talk, "getting mail", err)
		}
		if err == nil {
			if err := p.dropsAgain(talk, opener); err != nil && remote.As(err) != nil {
				p.e.opt.Log.Info("asking again for what was set aside", "account", p.acct.Name, "err", err)
			} else if err != nil {
				p.fail(talk, "getting mail", err)
			}
		}
		if err == nil || len(p.aside) > 0 {
			if err := p.nameDrops(talk, opener); err != nil {
				p.e.opt.Log.Info("naming", "account", p.acct.Name, "err", err)
			}
		}
		done()
	}
	if s&scopeOutbox != 0 && ctx.Err() == nil {
		p.after = p.outbox(ctx, opener)
	}
	if p.after && p.keep == nil { // else its worker asks for it; see sender
		if err := p.localOperations(ctx); err != nil {
			p.fail(ctx, "settling what was sent", err)
		}
	}
}

// openDrop opens a POP3 session.
func (p *pass) openDrop(ctx context.Context, opener remote.Opener) (remote.Maildrop, error) {
	p.report(mail.Progress{Phase: mail.PhaseConnecting})
	r, err := opener.Receive(ctx, remote.Start{List: true})
	if err != nil {
		return nil, err
	}
	md, ok := r.(remote.Maildrop)
	if !ok {
		r.Close()
		return nil, fmt.Errorf("account %s: the session is not a POP3 session", p.acct.Name)
	}
	return md, nil
}

// dropSync is the work on one maildrop in one session.
type dropSync struct {
	*pass
	md     remote.Maildrop
	f      mail.Folder
	drops  []remote.Drop
	made   map[int]string // see key
	often  map[string]int // see times
	ledger *store.Ledger
	twins  bool                         // it has some
	bad    map[string]bool              // set aside earlier
	retry  map[string]store.Quarantined // set aside, and being asked for again: nothing else is; nil: everything is
	exact  bool                         // the sizes of the listing are those of the bytes

	byKey                  map[string][]remote.Drop // made from drops and keys when it is asked for
	sizesRight, sizesWrong int                      // what this session's downloads showed
	seen                   numbers                  // the messages that arrived in this session
	sure                   map[string]bool          // by hash: what was stored in this session and read back
	strikes                *strikes
}

// emptyDrop runs one session: list, fetch what the ledger does not know, make sure of it, then remove by the account's rule.
// Nothing is deleted on the server before it was stored durably here and read back; and nothing here is ever deleted because
// of what the server lists.
func (p *pass) emptyDrop(ctx context.Context, opener remote.Opener) error {
	md, err := p.openDrop(ctx, opener)
	if err != nil {
		return err
	}
	defer func() {
		p.res.BytesIn += md.BytesIn()
		md.Close()
	}()
	s := &dropSync{pass: p, md: md, made: map[int]string{}}
	if err := s.load(ctx); err != nil {
		return err
	}
	p.report(mail.Progress{Phase: mail.PhaseReceiving, Folder: s.f.Path, Total: len(s.drops)})
	if err := s.fetch(ctx); err != nil {
		// What is stored already counts: make sure of it, so that the next pass may go on.
		return errors.Join(err, s.verify(context.WithoutCancel(ctx)))
	}
	if err := s.serveWants(ctx); err != nil {
		return err
	}
	if err := s.fetchDestroyed(ctx); err != nil {
		return err
	}
	if err := s.verify(ctx); err != nil {
		return err
	}
	return s.removeByRule(ctx)
}

func (s *dropSync) load(ctx context.Context) error {
	var err error
	if s.f, err = dropFolder(ctx, s.st, s.acct); err != nil {
		return err
	}
	if err := s.loadLedger(ctx); err != nil {
		return err
	}
	q, err := s.st.Quarantined(ctx, s.f.ID)
	if err != nil {
		return err
	}
	s.bad = map[string]bool{}
	for _, m := range q {
		s.bad[m.UIDL] = true
	}
	if s.strikes, err = loadStrikes(ctx, s.st, s.acct); err != nil {
		return err
	}
	if s.drops, err = s.md.List(ctx); err != nil {
		return err
	}
	return nil
}

func (s *dropSync) loadLedger(ctx context.Context) (err error) {
	s.ledger, err = s.st.Ledger(ctx, s.acct.ID)
	s.byKey, s.twins = nil, err == nil && slices.ContainsFunc(s.ledger.Entries, func(e store.LedgerEntry) bool { return strings.Contains(e.UIDL, twinMark) })
	return err
}

// dropFolder is the local folder of the account's incoming mail.
func dropFolder(ctx context.Context, st *store.Store, a mail.Account) (mail.Folder, error) {
	if path := a.POP3.Folder; path != "" && path != defaultDropFolder {
		id, err := st.EnsureLocalFolder(ctx, a.ID, path, mail.RoleNone)
		if err != nil {
			return mail.Folder{}, err
		}
		return st.Folder(ctx, id)
	}
	return st.FolderByRole(ctx, a.ID, mail.RoleInbox)
}

// localFolders are the folders that an account without folders on its server has here.
var localFolders = []struct {
	path string
	role mail.Role
}{
	{defaultDropFolder, mail.RoleInbox}, {"Drafts", mail.RoleDrafts}, {"Sent", mail.RoleSent}, {"Archive", mail.RoleArchive},
	{"Junk", mail.RoleJunk}, {"Trash", mail.RoleTrash},
}

func ensureLocalFolders(ctx context.Context, st *store.Store, a mail.Account) error {
	if a.Protocol != mail.POP3 {
		return nil
	}
	for _, f := range localFolders {
		if _, err := st.FolderByRole(ctx, a.ID, f.role); err == nil {
			continue
		}
		if _, err := st.EnsureLocalFolder(ctx, a.ID, f.path, f.role); err != nil {
			return fmt.Errorf("make the local folder %s: %w", f.path, err)
		}
	}
	return nil
}

// fetch brings everything that the ledger does not know; what broke sessions before comes last, one by one.
func (s *dropSync) fetch(ctx context.Context) error {
	whole, big, err := s.sort(ctx)
	if err != nil {
		return err
	}
	s.strikes.prune(s)
	if err := s.forgetGone(ctx); err != nil {
		return err
	}
	if len(whole)+len(big) == 0 {
		return s.strikes.save(ctx, s.st)
	}
	in := s.ingester(ctx, s.f, len(whole)+len(big))
	proof := newReadback(ctx, s.st)
	in.wrote = proof.add
	defer func() {
		in.stop()
		proof.end()
		s.sure = proof.sure
	}()
	err = s.fetchAll(ctx, in, whole, big)
	if err != nil {
		// What arrived whole before the connection broke is kept.
		err = errors.Join(err, in.flush())
	} else {
		err = in.finish()
	}
	local := context.WithoutCancel(ctx)
	return errors.Join(err, s.learnSizes(local), s.strikes.save(local, s.st))
}

func (s *dropSync) fetchAll(ctx context.Context, in *ingester, whole, big []remote.Drop) error {
	id := newIdentity(s)
	if s.retry != nil {
		return s.fetchAgain(ctx, in, id, whole, big)
	}
	whole, badWhole := s.strikes.divide(s, whole)
	big, badBig := s.strikes.divide(s, big)
	for _, d := range append(big, badBig...) {
		if err := s.struck(ctx, []remote.Drop{d}, s.top(ctx, in, d)); err != nil {
			return err
		}
	}
	if len(whole) > 0 {
		if err := s.struck(ctx, whole, s.retrieve(ctx, in, id, whole)); err != nil {
			return err
		}
	}
	for _, d := range badWhole {
		if err := s.struck(ctx, []remote.Drop{d}, s.retrieve(ctx, in, id, []remote.Drop{d})); err != nil {
			return err
		}
	}
	return nil
}

// retrieve fetches whole messages. A message that turns out to be known (its UIDL changed, or the server has none) is noted
// in the ledger and not stored again.
func (s *dropSync) retrieve(ctx context.Context, in *ingester, id *dropIdentity, drops []remote.Drop) error {
	return s.md.Retrieve(ctx, drops, func(d remote.Drop, body io.Reader) error {
		m := &raw{in: mail.Incoming{UIDL: s.key(d), Received: s.e.opt.Now(), Size: d.Size}}
		err := in.read(m, body, d.Size)
		if errors.Is(err, ErrTooLarge) {
			s.done(d)
			return s.setAside(ctx, d, err, nil)
		}
		if err != nil {
			return err
		}
		m.in.Size = m.size()
		s.done(d)
		if m.in.Size == d.Size {
			s.sizesRight++
		} else {
			s.sizesWrong++
		}
		isNew, err := id.settle(ctx, d, m)
		if err != nil || !isNew {
			m.staged.Discard()
			return err
		}
		return in.add(m)
	})
}

// top fetches the header only of a message above the account's limit. It gets no hash, so no rule removes it.
func (s *dropSync) top(ctx context.Context, in *ingester, d remote.Drop) error {
	head, err := s.md.Top(ctx, d, 0)
	if err != nil {
		return err
	}
	s.done(d)
	return in.add(&raw{in: mail.Incoming{UIDL: s.key(d), Received: s.e.opt.Now(), Size: d.Size, Header: head}})
}

// setAside sets a message aside, to be told at the end of the pass. head is its header, as far as it could be read.
func (s *dropSync) setAside(ctx context.Context, d remote.Drop, why error, head []byte) error {
	known := message.ParseHeader(head).Summary()
	q := store.Quarantined{Folder: s.f.ID, UIDL: s.key(d), Reason: problem(s.acct, "getting a message", why, false).Store(),
		Cause: cause(why), Subject: known.Subject, From: known.From, Sent: known.Date, Size: d.Size}
	if _, again := s.retry[q.UIDL]; again {
		delete(s.retry, q.UIDL) // it was told when it was set aside first
	} else {
		s.noteAside(notice{q, s.f, fmt.Sprintf("message %d", d.Number), why})
	}
	return s.st.Quarantine(ctx, q)
}

// forgetGone forgets what was set aside and is no longer in the maildrop.
func (s *dropSync) forgetGone(ctx context.Context) error {
	there := map[string]bool{"": true} // what has no name cannot be looked for
	if len(s.bad) == 0 {
		return nil
	}
	for _, d := range s.drops {
		there[s.key(d)] = true
	}
	for uidl := range s.bad {
		if there[uidl] {
			continue
		}
		if err := s.st.Unquarantine(ctx, s.f.ID, 0, uidl); err != nil {
			return err
		}
	}
	return nil
}

// serveWants fetches the bodies of messages whose header only is here.
func (s *dropSync) serveWants(ctx context.Context) error {
	if s.wants == nil {
		return nil
	}
	byKey := map[string]remote.Drop{}
	for _, d := range s.drops {
		byKey[s.key(d)] = d
	}
	for w := s.wants.take(); w != nil; w = s.wants.take() {
		det, err := s.st.Details(ctx, w.id)
		if err == nil && !det.HasBody {
			d, there := byKey[det.UIDL]
			if !there {
				err = errNoBody
			} else if err = fetchDrop(ctx, s.st, s.md, det, d); err != nil && (closed(err) || ctx.Err() != nil) {
				w.putBack()
				return err
			}
		}
		w.finish(err)
	}
	return nil
}

// wantsFromDrop opens a session only to serve those who wait.
func (p *pass) wantsFromDrop(ctx context.Context, opener remote.Opener) error {
	md, err := p.openDrop(ctx, opener)
	if err != nil {
		return err
	}
	defer md.Close()
	s := &dropSync{pass: p, md: md, made: map[int]string{}}
	if err := s.load(ctx); err != nil {
		return err
	}
	if err := s.serveWants(ctx); err != nil {
		return err
	}
	return md.Quit(ctx)
}
