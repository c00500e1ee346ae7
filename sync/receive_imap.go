package mailsync

import (
	"context"
	"slices"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/store"
)

// receiveMailboxes lists the folders and brings each up to date, the inbox first.
func (p *pass) receiveMailboxes(ctx context.Context, mb remote.Mailboxes, s scope) (err error) {
	p.wants.beginStream()
	defer func() {
		if werr := p.writeEmpty(ctx); err == nil {
			err = werr
		}
		err = p.endIntake(err)
	}()
	p.scope = s
	if s&scopeFolders != 0 || !p.hasInbox(ctx) {
		list, err := p.listFolders(ctx, mb)
		if err != nil {
			return err
		}
		if err := p.noteQuota(ctx, mb); err != nil {
			return err
		}
		p.listed = make(map[string]mail.RemoteFolder, len(list))
		for _, f := range list {
			p.listed[f.Path] = f
		}
	}
	folders, err := p.st.Folders(ctx, p.acct.ID)
	if err != nil {
		return err
	}
	if p.struck, err = loadFolderStrikes(ctx, p.st, p.acct); err != nil {
		return err
	}
	if err := p.loadRefusals(ctx, folders); err != nil {
		return err
	}
	p.inOrder(folders)
	p.order = slices.DeleteFunc(folders, func(f mail.Folder) bool {
		return !receivable(f) || !p.wanted(s, f) || p.unborn(f) || p.resting(f)
	})
	for i, f := range p.order {
		p.at = i
		if err := p.serveWants(ctx, mb); err != nil {
			return err
		}
		if err := p.runErrands(ctx, mb); err != nil {
			return err
		}
		if err := p.visibleFirst(ctx, mb); err != nil {
			return err
		}
		if err := p.receiveOne(ctx, mb, f); err != nil {
			return err
		}
	}
	if err := p.itWasTheFolders(ctx); err != nil {
		return err
	}
	if err := p.stillTheSame(ctx, mb); err != nil {
		return err
	}
	if err := p.askAgain(ctx, mb); err != nil {
		return err
	}
	return p.nameAside(ctx, mb)
}

// unborn reports whether the server has not heard of a folder yet, or not under this name: an operation that makes or renames it is
// still to be carried out.
func (p *pass) unborn(f mail.Folder) bool {
	_, listed := p.listed[f.Path]
	return p.listed != nil && !listed
}

// receiveOne brings a folder up to date unless this pass has come to it already. One that the server refuses (no permission, gone
// meanwhile) does not keep the others from coming.
func (p *pass) receiveOne(ctx context.Context, mb remote.Mailboxes, f mail.Folder) error {
	if p.begun[f.Path] {
		return nil
	}
	p.begun[f.Path] = true
	p.done(f, false)
	rf, ok := p.listed[f.Path]
	before := mb.BytesIn()
	err := p.receiveFolder(ctx, mb, f, rf, ok)
	err = p.judge(ctx, f, mb.BytesIn()-before, err)
	p.done(f, err == nil)
	return p.settleFolder(ctx, f, err)
}

// wanted reports whether a pass looks into a folder.
func (p *pass) wanted(s scope, f mail.Folder) bool {
	return s&scopeFolders != 0 || s&scopeInbox != 0 && f.Role == mail.RoleInbox || s&scopeSome != 0 && p.some[f.Path]
}

func (p *pass) hasInbox(ctx context.Context) bool {
	_, err := p.st.FolderByRole(ctx, p.acct.ID, mail.RoleInbox)
	return err == nil
}

func receivable(f mail.Folder) bool {
	return f.Selectable && !f.Local && !f.Missing && f.Role != mail.RoleFlagged
}

// folderSync is the work on one folder.
type folderSync struct {
	*pass
	mb     remote.Mailboxes
	f      mail.Folder
	state  remote.MailboxState
	known  []mail.UID // what needs no fetching, ascending
	poison []mail.UID // set aside earlier: not asked for again; of some of them the rows are here, without a body
	headed []mail.UID // rows of this pass whose bodies are still to come, ascending
	top    mail.UID   // the greatest UID that came
	heard  int        // see worker.heardOf, when it was looked for news last
	ahead  bool       // messages that were asked for with the opening are still to come: what else is asked now steps over them
	theirs []mail.UID // left out, because they were asked for out of turn
	opened *opening   // what was asked for together with opening the folder; nil: nothing
	early  []mail.UID // the whole messages of that, ascending
	pace   pace
	told   pace              // what the server says of the sizes of those whose headers came
	anew   int               // rows that wait for the UIDs of the messages that they are
	guess  bool              // of what is being asked for, most is not there
	again  bool              // what nothing came of is being asked for once more
	retry  mail.UID          // what was set aside and is being asked for again; 0: nothing
	failed bool              // that was set aside once more
	set    map[mail.UID]bool // what was set aside now
	since  *changes          // what changed since the last pass, where opening the folder told
	doubt  []mail.UID        // messages of the sample that may be others than before
}

// changes are what a server says has changed since the last pass.
type changes struct {
	states []mail.FlagState
	gone   []remote.UIDRange
	ok     bool // it could tell
}

// receiveFolder brings one folder up to date. The folder's sync state is written last, so that an interrupted run is
// completed by the next one.
func (p *pass) receiveFolder(ctx context.Context, mb remote.Mailboxes, f mail.Folder, rf mail.RemoteFolder, listed bool) error {
	s := &folderSync{pass: p, mb: mb, f: f}
	waiting, err := s.st.Awaiting(ctx, f.ID)
	if err != nil {
		return err
	}
	// What was brought here and did not come to stay would wait for ever where nothing changes.
	settled := !slices.ContainsFunc(waiting, func(w store.Awaiting) bool { return w.Done })
	if listed && settled {
		same, err := s.unchanged(ctx, rf)
		if err != nil {
			return err
		}
		if same {
			return s.bodies(ctx)
		}
	}
	if err := s.load(ctx); err != nil {
		return err
	}
	if listed && settled && s.empty(rf) {
		return p.noteEmpty(ctx, f, rf)
	}
	p.report(mail.Progress{Phase: mail.PhaseReceiving, Folder: f.Path})
	if p.keep != nil {
		s.heard, _ = p.keep.heardOf(f)
	}
	s.ahead = true
	if err := s.open(ctx, rf); err != nil {
		return err
	}
	if err := s.sameUIDs(ctx); err != nil {
		return err
	}
	missing, err := s.compare(ctx)
	if err != nil {
		return err
	}
	if s.opened != nil {
		s.early = s.opened.early(missing, s.state)
	}
	if s.whole() {
		if err := s.bodies(ctx); err != nil { // those that an interrupted pass has left
			return err
		}
	}
	if err := s.fetchNew(ctx, missing); err != nil {
		return err
	}
	return s.complete(ctx, missing)
}

// complete ends the work on a folder: what waits for a message in it is settled, and the state that its rows are right for is noted. Where
// nothing waits, that is left to the goroutine that writes the rows, and the next folder is asked for meanwhile.
func (s *folderSync) complete(ctx context.Context, missing []mail.UID) error {
	waiting, err := s.st.Awaiting(ctx, s.f.ID)
	if err != nil {
		return err
	}
	later := s.whole() && len(waiting) == 0
	if !later {
		if err := s.written(); err != nil {
			return err
		}
		if err := s.settleAwaiting(ctx); err != nil {
			return err
		}
	}
	id, state, next := s.f.ID, s.state, s.uidNext(missing)
	err = s.afterwards(func() error {
		// After a change of UIDVALIDITY: what nothing has adopted is no longer on the server.
		n, err := s.st.EndReset(ctx, id)
		s.left += n
		if err != nil {
			return err
		}
		return s.st.SetFolderSync(ctx, id, state.UIDValidity, next, state.HighestMod)
	})
	if err != nil || later {
		return err
	}
	if err := s.written(); err != nil {
		return err
	}
	return s.bodies(ctx)
}

// open selects the folder. A server with QRESYNC says in the same round trip what changed since the last pass (RFC 7162 §3.2.5).
func (s *folderSync) open(ctx context.Context, rf mail.RemoteFolder) (err error) {
	f := s.f
	if s.mb.Capabilities().QResync && f.UIDValidity != 0 && f.UIDNext != 0 && f.HighestMod != 0 && len(s.known) > 0 {
		since, err := s.moment(ctx, rf, true)
		if err != nil {
			return err
		}
		c, err := s.changes(ctx, since)
		if err != nil {
			return err
		}
		if st, selected := s.mb.State(f.Path); selected {
			s.state, s.since = st, c
			return nil
		}
	}
	n, ok := s.mb.(remote.Nexter)
	o := s.opening(rf)
	if !ok || o == nil {
		s.state, err = s.mb.Select(ctx, f.Path)
		return err
	}
	s.state, err = n.SelectNext(ctx, f.Path, o.ask(f.Path))
	if err == nil && s.state.UIDValidity == rf.UIDValidity {
		s.opened = o
	}
	return err
}

// dense: there are as many messages as there can be UIDs, so they are 1 to n.
func dense(n uint32, next mail.UID) bool { return n <= maxAssumed && next == mail.UID(n)+1 }

func allUIDs(n uint32) []mail.UID {
	uids := make([]mail.UID, n)
	for i := range uids {
		uids[i] = mail.UID(i + 1)
	}
	return uids
}

// changes asks what changed since the last pass.
func (s *folderSync) changes(ctx context.Context, since remote.Since) (*changes, error) {
	c := &changes{}
	var err error
	c.gone, c.ok, err = s.mb.Changes(ctx, s.f.Path, since, func(st mail.FlagState) error {
		c.states = append(c.states, st)
		return nil
	})
	return c, err
}

func (s *folderSync) load(ctx context.Context) error {
	var err error
	if s.known, err = s.st.KnownUIDs(ctx, s.f.ID); err != nil {
		return err
	}
	if s.f.UIDNext == 0 {
		if s.anew, err = s.st.BegunAnew(ctx, s.f.ID); err != nil {
			return err
		}
	}
	return s.loadPoison(ctx)
}

func (s *folderSync) loadPoison(ctx context.Context) error {
	q, err := s.st.Quarantined(ctx, s.f.ID)
	if err != nil {
		return err
	}
	s.poison = s.poison[:0]
	for _, m := range q {
		s.poison = append(s.poison, m.UID)
	}
	slices.Sort(s.poison)
	return nil
}

// unchanged reports whether the listing's STATUS (RFC 5819) proves that nothing happened since the last pass. Without
// HIGHESTMODSEQ a changed flag cannot be seen from outside. Of the messages here only the number is needed.
func (s *folderSync) unchanged(ctx context.Context, rf mail.RemoteFolder) (bool, error) {
	f := s.f
	if !rf.HasStatus || rf.HighestMod == 0 || f.UIDNext == 0 || rf.UIDValidity != f.UIDValidity || rf.UIDNext != f.UIDNext || rf.HighestMod != f.HighestMod {
		return false, nil
	}
	if err := s.loadPoison(ctx); err != nil {
		return false, err
	}
	if len(s.poison) > 0 { // of some of them the rows are here
		known, err := s.st.KnownUIDs(ctx, f.ID)
		return int(rf.Messages) == len(known)+len(subtract(s.poison, known)), err
	}
	n, err := s.st.CountKnown(ctx, f.ID)
	return int(rf.Messages) == n, err
}

// uidNext is what everything is complete up to.
func (s *folderSync) uidNext(missing []mail.UID) mail.UID {
	if s.state.UIDNext != 0 {
		return s.state.UIDNext
	}
	var top mail.UID
	if n := len(s.known); n > 0 {
		top = s.known[n-1]
	}
	if n := len(missing); n > 0 {
		top = max(top, missing[n-1])
	}
	return top + 1
}
