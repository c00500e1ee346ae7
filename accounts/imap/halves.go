package imap

import (
	"bytes"

	"peyk/internal/mail"
)

// Some servers tell the flags of a message in one answer and its content in another (RFC 9051 §7.5.2 does not forbid it): a message would look
// unread that is not, for ever where only changes are asked for. What comes first is kept until the rest is here: of flags without
// content as many as answers may come at all (see tooBulky), of content without flags one.

// half is a message of which the flags have not come.
type half struct {
	it items
	sp *spool // its body; nil: it.content
}

// fill completes what an answer says of a message by what another said before.
func (it *items) fill(other *items) {
	if !it.hasFlags {
		it.flags, it.hasFlags = other.flags, other.hasFlags
	}
	it.modseq = max(it.modseq, other.modseq)
	if it.received.IsZero() {
		it.received = other.received
	}
	if it.size == 0 {
		it.size = other.size
	}
	if it.contentID == "" {
		it.contentID = other.contentID
	}
	if it.threadID == "" {
		it.threadID = other.threadID
	}
}

// known fills in what was told of the message before; it reports whether its flags are known.
func (f *fetching) known(it *items) bool {
	if other, ok := f.told[it.uid]; ok {
		it.fill(&other)
		delete(f.told, it.uid)
	}
	return it.hasFlags
}

// besides takes an answer without content: of a message whose content waits, or is still to come.
func (f *fetching) besides(it *items) {
	if h := f.held; h != nil && h.it.uid == it.uid {
		if h.it.fill(it); h.it.hasFlags {
			f.release()
		}
		return
	}
	if f.told == nil {
		f.told = make(map[mail.UID]items)
	}
	old := f.told[it.uid]
	it.fill(&old)
	f.told[it.uid] = *it
}

// hold keeps a message until its flags come.
func (f *fetching) hold(it *items, sp *spool) {
	f.release()
	f.held = &half{it: *it, sp: sp.takeOver()}
	f.held.it.content = bytes.Clone(it.content) // it may stand in a buffer
}

// release delivers the message that waits, with its flags or without.
func (f *fetching) release() {
	h := f.held
	if f.held = nil; h == nil {
		return
	}
	defer h.sp.remove()
	if f.stop == nil {
		f.deliver(&h.it, h.sp)
	}
}

// forget gives up what waits and what was told, at the end of a run.
func (f *fetching) forget() {
	if f.held != nil {
		f.held.sp.remove()
	}
	f.held, f.told = nil, nil
}
