package ui

import (
	"time"

	"peyk/internal/mail"
)

// changeGap is the least time between two looks at the store: a first sync commits all the time, and reading everything
// again after each commit would help nobody.
const changeGap = 150 * time.Millisecond

// changeFeed joins changes that come close together. It belongs to the UI thread.
type changeFeed struct {
	loop    *loop
	now     func() time.Time
	last    time.Time
	waiting *mail.Change
	handle  func(mail.Change)
}

// Take handles a change at once when the last one is long ago, else together with those that follow.
func (f *changeFeed) Take(c mail.Change) {
	if f.waiting != nil {
		*f.waiting = join(*f.waiting, c)
		return
	}
	since := f.now().Sub(f.last)
	if since >= changeGap || since < 0 {
		f.last = f.now()
		f.handle(c)
		return
	}
	f.waiting = &c
	f.loop.After(changeGap-since, func() {
		c := *f.waiting
		f.waiting, f.last = nil, f.now()
		f.handle(c)
	})
}

// maxJoined is how many messages a joined change may name; beyond, everything is read again.
const maxJoined = 5000

func join(a, b mail.Change) mail.Change {
	a.Reload = a.Reload || b.Reload
	a.Accounts = append(a.Accounts, b.Accounts...)
	for _, f := range b.Folders {
		if !contains(a.Folders, f) {
			a.Folders = append(a.Folders, f)
		}
	}
	a.Messages = append(a.Messages, b.Messages...)
	a.Arrived = append(a.Arrived, b.Arrived...)
	a.Returned = append(a.Returned, b.Returned...)
	a.Newer = a.Newer || b.Newer
	a.Ops, a.Outbox, a.Drafts, a.Settings = a.Ops || b.Ops, a.Outbox || b.Outbox, a.Drafts || b.Drafts, a.Settings || b.Settings
	if len(a.Messages) > maxJoined {
		a.Messages, a.Reload = nil, true
	}
	return a
}
