package imap

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"peyk/accounts/remote"
)

// visit is a mailbox that was asked about ahead of its turn: its SELECT, and a FETCH where one is due, went in the flight of the mailbox
// before it. Where several folders have changed they cost one round trip together.
//
// The server opens one mailbox after another on its own, so that no command may be sent while any of this is outstanding: it would be
// about whatever mailbox comes last. Verbs step over the answers first, and select their mailbox anew (level makes sure of that). It is done
// with servers only that are known to work off one command after the other, and whose SELECT says where the answers about the mailbox before
// it end (CLOSED, RFC 7162 §3.2.11).
type visit struct {
	path    string
	since   remote.Since
	changes *changes // nil when nothing was known of the mailbox
	sel     *selecting
	cmd     *command
	tag     string
	next    *unread // may be nil
}

const (
	maxVisits     = 16
	maxVisitsText = 8 << 10 // bytes of commands
)

// newVisits prepares what can be asked ahead of mailboxes. What of then is outstanding already is left out; where something else is, nothing
// can follow it.
func (s *session) newVisits(then []remote.Visit) []*visit {
	if !s.quirks.takesAhead || !s.qresync || s.limit != 0 {
		return nil
	}
	then = then[:min(len(then), maxVisits)]
	size := 0
	for i, v := range s.visits {
		if i >= len(then) || !v.asks(then[i].Path, then[i].Since) {
			return nil
		}
		size += v.size()
	}
	var out []*visit
	for _, t := range then[len(s.visits):] {
		name, err := s.mailbox(t.Path)
		if err != nil || (t.Since.UIDValidity == 0) != (t.Since.ModSeq == 0) {
			break // what follows would be out of turn
		}
		v := &visit{path: t.Path, since: t.Since, sel: &selecting{}, next: s.newUnread(t.Path, t.Since)}
		if t.Since.Newest != nil && v.next == nil {
			break // its UIDs would have to be asked for by another command
		}
		if t.Since.UIDValidity != 0 {
			v.changes = &changes{}
			v.sel.q = v.changes.resync(t.Since)
		}
		v.cmd = s.selectCommand("select "+t.Path, name, v.sel)
		if size += v.size(); size > maxVisitsText {
			break
		}
		out = append(out, v)
	}
	return out
}

// size is that of its commands in bytes.
func (v *visit) size() int {
	n := len(v.cmd.text)
	for _, c := range v.next.commands() {
		n += len(c.text)
	}
	return n
}

// writeVisits puts the commands of visits at the end of a flight: no others may follow until all of it is answered.
func (s *session) writeVisits(out *strings.Builder, vs []*visit) {
	for _, v := range vs {
		v.tag = s.nextTag()
		out.WriteString(v.tag + " " + v.cmd.text + "\r\n")
		v.next.write(out, s)
		s.visits = append(s.visits, v)
	}
}

// sendVisits asks about mailboxes behind what is outstanding.
func (s *session) sendVisits(ctx context.Context, vs []*visit) error {
	if len(vs) == 0 {
		return nil
	}
	step := vs[0].cmd.step
	if err := s.ready(ctx, step); err != nil {
		return err
	}
	stop := s.w.watch(ctx)
	defer stop()
	var out strings.Builder
	s.writeVisits(&out, vs)
	if err := s.w.write([]byte(out.String())); err != nil {
		return s.failed(step, s.farewell(err))
	}
	return nil
}

// sent reports whether a tag is of a command of the visit.
func (v *visit) sent(tag string) bool {
	return tag == v.tag || slices.Contains(v.next.sent(), tag)
}

// asks reports whether the visit asked just this.
func (v *visit) asks(path string, since remote.Since) bool {
	return v.path == path && v.since.UIDValidity == since.UIDValidity && v.since.ModSeq == since.ModSeq && v.since.Want == since.Want &&
		slices.Equal(v.since.Next, since.Next) && sameNewest(v.since.Newest, since.Newest)
}

func sameNewest(a, b *remote.Newest) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// behind reports whether answers are outstanding.
func (s *session) behind() bool { return s.unread != nil || len(s.visits) > 0 }

// level is ready for a command that may only be sent when no answers are outstanding.
func (s *session) level(ctx context.Context, step string) error {
	if s.behind() {
		return s.failed(step, errors.New("a command would be about another mailbox than it was meant for"))
	}
	return s.ready(ctx, step)
}

// beginVisit is begin for a verb that opens a mailbox; v is what was asked ahead of it, nil when nothing was.
func (c *Client) beginVisit(ctx context.Context, step, path string, since remote.Since) (s *session, v *visit, end func(), err error) {
	s, end, err = c.take(ctx, step)
	if err != nil {
		return nil, nil, nil, err
	}
	if len(s.visits) == 0 || !s.visits[0].asks(path, since) {
		end()
		s, end, err = c.begin(ctx, step)
		return s, nil, end, err
	}
	left := s.drainable()
	if err = s.skip(ctx, &left); err != nil { // far too much, or the end of the connection
		if ctx.Err() == nil {
			err = c.reopen(ctx)
		}
		if err != nil {
			end()
			return nil, nil, nil, err
		}
		return c.session(), nil, end, nil
	}
	return s, s.visits[0], end, nil
}

// arrive reads what the server says of a mailbox that was asked about ahead.
func (c *Client) arrive(ctx context.Context, s *session, v *visit) error {
	st, err := s.selection(ctx)
	if err != nil {
		return err
	}
	s.unread = v.next
	if st.typ != "OK" {
		return s.refused(v.cmd.step, st)
	}
	c.opened(s, v.path, v.sel, st)
	return s.find(ctx)
}

// follow goes on to messages that were asked for behind a second SELECT of the mailbox that is selected. That is how two kinds of answers
// come in one flight: a Dovecot may answer the second of two FETCH commands before it has ended the first, but not around a SELECT. ok is
// false when they are not what is wanted now.
func (c *Client) follow(ctx context.Context, s *session, path string, sets [][]remote.UIDRange, want remote.Want) (ok bool, err error) {
	if s.selected != path || len(s.visits) == 0 || s.visits[0].path != path || !s.visits[0].next.mayServe(path, sets, want, len(s.visits) == 1) {
		return false, nil
	}
	left := s.drainable()
	if err := s.skip(ctx, &left); err != nil {
		return false, err
	}
	err = c.arrive(ctx, s, s.visits[0])
	return err == nil && s.serves(path, sets, want), err
}

// selection reads the answer to the SELECT of the next visit. The mailbox before it is closed whatever it says.
func (s *session) selection(ctx context.Context) (*status, error) {
	v := s.visits[0]
	if err := s.ready(ctx, v.cmd.step); err != nil {
		return nil, err // the answers are still to come
	}
	s.visits = s.visits[1:]
	s.selected, s.astray = "", true
	stop := s.w.watch(ctx)
	defer stop()
	answers := make([]*status, 1)
	if err := s.await([]*command{v.cmd}, []string{v.tag}, answers, 0); err != nil {
		return nil, s.failed(v.cmd.step, err)
	}
	return answers[0], nil
}

// skipAll steps over everything that is outstanding. An error means that the connection is of no more use.
func (s *session) skipAll(ctx context.Context) error {
	left := s.drainable()
	if err := s.skip(ctx, &left); err != nil {
		return err
	}
	for len(s.visits) > 0 {
		next := s.visits[0].next
		if _, err := s.selection(ctx); err != nil {
			return err
		}
		s.unread = next
		if err := s.skip(ctx, &left); err != nil {
			return err
		}
	}
	return nil
}

// drainable is how many bytes are read and thrown away rather than losing the connection: more on a quick line, where another would take
// longer.
func (s *session) drainable() int64 {
	return drainAfterStop + drainSet*int64(s.fetches.lately(time.Now()))
}

// comeBack steps over what is outstanding while a mailbox is being read, and selects it again.
func (c *Client) comeBack(ctx context.Context, f *fetching) error {
	if !f.s.behind() {
		return nil
	}
	if err := f.s.skipAll(ctx); err != nil {
		return err
	}
	if err := c.ensure(ctx, f.s, f.path); err != nil {
		return err
	}
	return f.same()
}
