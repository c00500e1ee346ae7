package imap

import (
	"context"
	"fmt"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// Changes implements remote.Mailboxes. When path is not selected, one SELECT with QRESYNC brings everything in a single
// round trip; State then gives the mailbox's new numbers without another. ok is also false when UIDVALIDITY is not
// uidValidity any more.
func (c *Client) Changes(ctx context.Context, path string, uidValidity uint32, modseq uint64, fn func(mail.FlagState) error) (vanished []remote.UIDRange, ok bool, err error) {
	s, end := c.begin()
	defer end()
	step := "look for changes in " + path
	if !s.condstore && !s.has("CONDSTORE") || modseq == 0 || uidValidity == 0 {
		return nil, false, nil
	}
	ch := &changes{fn: fn}
	if s.qresync && s.selected != path {
		q := &resync{uidValidity: uidValidity, modseq: modseq, vanished: ch.gone, changed: ch.flags}
		if err := c.selectPath(ctx, s, path, q); err != nil {
			return nil, false, ch.first(err)
		}
		if s.state.UIDValidity != uidValidity || s.state.HighestMod == 0 {
			return nil, false, ch.stop
		}
		return ch.vanished, true, ch.stop
	}
	if err := c.ensure(ctx, s, path); err != nil {
		return nil, false, err
	}
	if s.state.UIDValidity != uidValidity || s.state.HighestMod == 0 {
		return nil, false, nil
	}
	text := fmt.Sprintf("UID FETCH 1:* (UID FLAGS MODSEQ) (CHANGEDSINCE %d)", modseq)
	if s.qresync {
		text = fmt.Sprintf("UID FETCH 1:* (UID FLAGS MODSEQ) (CHANGEDSINCE %d VANISHED)", modseq)
	}
	_, err = s.run(ctx, &command{step: step, text: text, handle: ch.data, maxUnits: 1 << 20})
	if err != nil {
		return nil, false, ch.first(err)
	}
	return ch.vanished, true, ch.stop
}

// changes collects what changed.
type changes struct {
	fn       func(mail.FlagState) error
	vanished []remote.UIDRange
	stop     error
}

func (ch *changes) first(err error) error {
	if ch.stop != nil {
		return ch.stop
	}
	return err
}

func (ch *changes) gone(rs []remote.UIDRange) { ch.vanished = append(ch.vanished, rs...) }

func (ch *changes) data(p *response) (bool, error) {
	switch p.typ {
	case "VANISHED":
		rs, err := parseVanished(p)
		if err == nil {
			ch.gone(rs)
		}
		return true, err
	case "FETCH":
		return true, ch.flags(p)
	}
	return false, nil
}

// flags delivers one changed message. An answer that cannot be read costs the connection: a change that is missed once
// would be missed for ever, because the next pass asks from a later point on.
func (ch *changes) flags(p *response) error {
	var it items
	if err := it.parse(p.scan(), false); err != nil {
		return fmt.Errorf("%w (flags of message %d)", err, it.uid)
	}
	if it.uid == 0 || !it.hasFlags || ch.stop != nil {
		return nil
	}
	ch.stop = ch.fn(mail.FlagState{UID: it.uid, Flags: it.flags, ModSeq: it.modseq})
	return nil
}
