package imap

import (
	"context"
	"fmt"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// Changes implements remote.Mailboxes. It always selects path anew: with QRESYNC that brings everything in a single
// round trip, and State then gives the mailbox's new numbers without another. ok is also false when UIDVALIDITY is another one by now, or when the
// server keeps no modification sequences for this mailbox.
func (c *Client) Changes(ctx context.Context, path string, since remote.Since, fn func(mail.FlagState) error) (vanished []remote.UIDRange, ok bool, err error) {
	step, uidValidity, modseq := "look for changes in "+path, since.UIDValidity, since.ModSeq
	s, v, end, err := c.beginVisit(ctx, step, path, since)
	if err != nil {
		return nil, false, err
	}
	defer end()
	if !s.condstore && !s.has("CONDSTORE") || modseq == 0 || uidValidity == 0 {
		return nil, false, nil
	}
	ch := &changes{}
	s.cut = false
	// Always by a new SELECT: in a mailbox that stays selected, Dovecot announces a change once, without its UID, and then
	// leaves it out of CHANGEDSINCE.
	switch {
	case v != nil:
		ch = v.changes
		err = c.arrive(ctx, s, v)
	case s.qresync:
		err = c.selectPath(ctx, s, path, ch.resync(since), s.newUnread(path, since), s.newVisits(since.Then)...)
	default:
		err = c.selectPath(ctx, s, path, nil, nil)
	}
	if err != nil && s.qresync && (v != nil || len(since.Next)+len(since.Then) > 0) {
		ch = &changes{}
		s, err = c.selectAlone(ctx, s, path, ch.resync(since), err)
	}
	if err != nil {
		return nil, false, err
	}
	if s.state.UIDValidity != uidValidity || s.state.HighestMod == 0 {
		return nil, false, nil
	}
	if s.qresync || s.state.HighestMod == modseq || s.state.Exists == 0 {
		return ch.vanished, !ch.odd && !s.cut, ch.deliver(fn)
	}
	ch.sample = since.Sample
	cmds := []*command{{step: step, text: fmt.Sprintf("UID FETCH 1:* (UID FLAGS MODSEQ) (CHANGEDSINCE %d)", modseq), handle: ch.data, maxUnits: 1 << 20}}
	if sample := s.sampling(path, since.Sample); sample != nil {
		cmds = append(cmds, sample)
	}
	sts, err := s.runAll(ctx, cmds)
	if err == nil && sts[0].typ != "OK" {
		if err = s.refused(step, sts[0]); notUnderstood(err) {
			s.forgetCondstore()
			return nil, false, nil
		}
	}
	if err != nil {
		return nil, false, err
	}
	return nil, !ch.odd && !s.cut, ch.deliver(fn)
}

// changes collects what changed. Nothing is delivered before the server has said that it was all: where the answer that ends it is lost, what
// follows is about another mailbox.
type changes struct {
	states   []mail.FlagState
	vanished []remote.UIDRange
	odd      bool // something could not be read
	sample   *remote.Sample
}

func (ch *changes) deliver(fn func(mail.FlagState) error) error {
	for _, st := range ch.states {
		if err := fn(st); err != nil {
			return err
		}
	}
	return nil
}

// resync asks SELECT for what changed since then, and has it collected here.
func (ch *changes) resync(since remote.Since) *resync {
	return &resync{uidValidity: since.UIDValidity, modseq: since.ModSeq, vanished: ch.gone, changed: ch.flags}
}

// What a server can make us hold: ranges of UIDs, and changed messages.
const (
	maxVanished = 1 << 20
	maxChanged  = 1 << 20
)

func (ch *changes) gone(rs []remote.UIDRange) {
	if len(ch.vanished)+len(rs) > maxVanished {
		ch.odd = true // more than there can be: everything is compared instead
		return
	}
	ch.vanished = append(ch.vanished, rs...)
}

func (ch *changes) data(p *response) (bool, error) {
	if p.typ != "FETCH" {
		return false, nil
	}
	return true, ch.flags(p)
}

// flags takes one changed message. After an answer that cannot be read, Changes says that it cannot be done here: a
// change that is missed once would be missed for ever, because the next pass asks from a later point on.
func (ch *changes) flags(p *response) error {
	var it items
	if err := it.read(p, false); err != nil {
		ch.odd = true
		return nil
	}
	if ch.sample != nil {
		tells(ch.sample, &it)
	}
	if it.uid == 0 || !it.hasFlags {
		return nil
	}
	if len(ch.states) == maxChanged {
		ch.odd = true
		return nil
	}
	ch.states = append(ch.states, mail.FlagState{UID: it.uid, Flags: it.flags, ModSeq: it.modseq})
	return nil
}
