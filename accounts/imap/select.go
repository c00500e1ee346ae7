package imap

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// Select implements remote.Mailboxes. It always asks the server, so the answer is fresh.
func (c *Client) Select(ctx context.Context, path string) (remote.MailboxState, error) {
	s, end, err := c.begin(ctx, "select "+path)
	if err != nil {
		return remote.MailboxState{}, err
	}
	defer end()
	if err := c.selectPath(ctx, s, path, nil, nil); err != nil {
		return remote.MailboxState{}, err
	}
	return s.state, nil
}

// SelectNext implements remote.Nexter.
func (c *Client) SelectNext(ctx context.Context, path string, ask remote.Since) (remote.MailboxState, error) {
	ask.UIDValidity, ask.ModSeq = 0, 0
	s, v, end, err := c.beginVisit(ctx, "select "+path, path, ask)
	if err != nil {
		return remote.MailboxState{}, err
	}
	defer end()
	var u *unread
	if v != nil {
		err = c.arrive(ctx, s, v)
	} else {
		if s.qresync {
			u = s.newUnread(path, ask)
		}
		err = c.selectPath(ctx, s, path, nil, u, s.newVisits(ask.Then)...)
	}
	if err != nil && (v != nil || u != nil) {
		s, err = c.selectAlone(ctx, s, path, nil, err)
	}
	if err != nil {
		return remote.MailboxState{}, err
	}
	return s.state, nil
}

// selectAlone selects path once more when the connection ended, with why, before a SELECT was answered that messages were asked for behind.
// A server that dies of a message takes the answer along that it had not sent yet; were it asked for the same in every pass, the folder
// could never be read. Alone, the SELECT is answered, and Fetch finds the message. It returns the session that stands then.
func (c *Client) selectAlone(ctx context.Context, s *session, path string, q *resync, why error) (*session, error) {
	if !s.w.isClosed() || ctx.Err() != nil || c.reopen(ctx) != nil {
		return s, why
	}
	s = c.session()
	return s, c.selectPath(ctx, s, path, q, nil)
}

// ensure selects path unless it is selected.
func (c *Client) ensure(ctx context.Context, s *session, path string) error {
	if s.selected == path && path != "" {
		return nil
	}
	return c.selectPath(ctx, s, path, nil, nil)
}

// ensureSame is ensure for a verb about UIDs, which are those of the mailbox as it was selected last: where it has another UIDVALIDITY by now they name
// other messages, or none.
func (c *Client) ensureSame(ctx context.Context, s *session, step, path string) error {
	validity := c.known[path].UIDValidity
	if err := c.ensure(ctx, s, path); err != nil {
		return err
	}
	return s.same(step, validity)
}

// same makes sure that the mailbox which is selected has this UIDVALIDITY; 0: any.
func (s *session) same(step string, validity uint32) error {
	if validity == 0 || s.state.UIDValidity == validity {
		return nil
	}
	return s.replaced(step)
}

func (s *session) replaced(step string) error {
	return &remote.Error{Host: s.host, Step: step, Kind: mail.ProblemServer,
		Err: errors.New("the folder was replaced on the server meanwhile (UIDVALIDITY)")}
}

// resync asks SELECT for what changed (RFC 7162 §3.2.5).
type resync struct {
	uidValidity uint32
	modseq      uint64
	vanished    func([]remote.UIDRange)
	changed     func(*response) error
}

// selectPath selects path. q and next, which is sent along, may be nil; then is sent behind that.
func (c *Client) selectPath(ctx context.Context, s *session, path string, q *resync, next *unread, then ...*visit) error {
	step := "select " + path
	name, err := s.mailbox(path)
	if err != nil {
		return s.invalid(step, "%w", err)
	}
	sel := &selecting{q: q, live: s.selected == "" && !s.astray || !s.qresync}
	cmd := s.selectCommand(step, name, sel)
	old := s.selected
	s.selected = "" // whatever the answer is, the old mailbox is closed (RFC 9051 §6.3.2)
	st, err := s.runThen(ctx, cmd, next, then)
	if strings.HasSuffix(cmd.text, plainCondstore) && notUnderstood(err) { // see search; nothing is sent along then
		s.forgetCondstore()
		if err = c.selectPath(ctx, s, path, q, nil); notUnderstood(err) {
			s.caps["CONDSTORE"] = true // it was not for that
		}
		return err
	}
	if err != nil {
		if st != nil && st.typ == "BAD" && old != "" && len(then) == 0 {
			s.selected = old // the command was not carried out
		}
		return err
	}
	c.opened(s, path, sel, st)
	return s.find(ctx)
}

// plainCondstore asks SELECT for modification sequences (RFC 7162 §3.1.8).
const plainCondstore = " (CONDSTORE)"

// forgetCondstore: the server offers it and refuses it.
func (s *session) forgetCondstore() {
	delete(s.caps, "CONDSTORE")
	s.condstore = false
}

// selectCommand opens a mailbox; sel collects what the server says of it.
func (s *session) selectCommand(step, name string, sel *selecting) *command {
	text := "SELECT " + name
	switch q := sel.q; {
	case q != nil && s.qresync:
		text += fmt.Sprintf(" (QRESYNC (%d %d))", q.uidValidity, q.modseq)
	case s.has("CONDSTORE") && !s.condstore:
		text += plainCondstore
	}
	return &command{step: step, text: text, handle: sel.data, status: sel.status, slow: true, maxUnits: 1 << 20}
}

// opened takes note of a mailbox that is selected now.
func (c *Client) opened(s *session, path string, sel *selecting, st *status) {
	sel.state.Path, sel.state.ReadOnly = path, st.code == "READ-ONLY"
	s.selected, s.state, s.dirty, s.astray, s.listed = path, sel.state, false, false, nil
	if sel.state.HighestMod > 0 && s.has("CONDSTORE") {
		s.condstore = true
	}
	c.known[path] = s.state
}

// selecting collects the answer to SELECT.
type selecting struct {
	state remote.MailboxState
	q     *resync
	// live is false while the data may still be about the mailbox that was selected before: with QRESYNC on, the server
	// marks the change with CLOSED (RFC 7162 §3.2.11).
	live bool
}

func (sel *selecting) data(p *response) (bool, error) {
	switch p.typ {
	case "EXISTS":
		sel.state.Exists = p.num
		return true, nil
	case "FLAGS", "RECENT", "EXPUNGE":
		return true, nil
	case "VANISHED":
		if sel.live && sel.q != nil {
			rs, err := parseVanished(p)
			if err != nil {
				return true, err
			}
			sel.q.vanished(rs)
		}
		return true, nil
	case "FETCH":
		if sel.live && sel.q != nil {
			return true, sel.q.changed(p)
		}
		return true, nil
	}
	return false, nil
}

func (sel *selecting) status(st *status) {
	switch st.code {
	case "CLOSED":
		sel.live = true
		sel.state = remote.MailboxState{Path: sel.state.Path}
	case "UIDVALIDITY":
		sel.live = true
		sel.state.UIDValidity, _ = parseUint32(st.arg)
	case "UIDNEXT":
		n, _ := parseUint32(st.arg)
		sel.state.UIDNext = mail.UID(n)
	case "HIGHESTMODSEQ":
		n, _ := strconv.ParseUint(st.arg, 10, 64)
		sel.state.HighestMod = modSeq(n)
	case "NOMODSEQ":
		sel.state.HighestMod = 0
	case "PERMANENTFLAGS":
		sel.state.Keywords = strings.Contains(st.arg, `\*`)
	}
}

// modSeq is a modification sequence, 0 where it is none: they have 63 bits (RFC 7162 §7).
func modSeq(n uint64) uint64 {
	if n > math.MaxInt64 {
		return 0
	}
	return n
}

// parseVanished reads "VANISHED (EARLIER) 1:5,9".
func parseVanished(p *response) ([]remote.UIDRange, error) {
	d := bytes.TrimLeft(p.data, " ")
	if len(d) > 0 && d[0] == '(' {
		i := bytes.IndexByte(d, ')')
		if i < 0 {
			return nil, fmt.Errorf("%w: VANISHED %.60q", errSyntax, d)
		}
		d = bytes.TrimLeft(d[i+1:], " ")
	}
	if len(d) == 0 {
		return nil, nil
	}
	rs, err := parseSet(string(d))
	if err != nil {
		return nil, fmt.Errorf("%w (VANISHED)", err)
	}
	return rs, nil
}

// State returns what is known of the selected mailbox without asking the server: after Changes, which selects by itself,
// it saves a round trip. ok is false when path is not selected.
func (c *Client) State(path string) (st remote.MailboxState, ok bool) {
	s := c.session()
	if s.selected != path || path == "" {
		return remote.MailboxState{}, false
	}
	return s.state, true
}
