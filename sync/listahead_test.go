package mailsync_test

import (
	"strings"
	"testing"
	"time"

	"peyk/internal/mail"
)

// What comes behind a large message is listed while that arrives, and comes once.
func TestNewerMailBehindALargeMessageIsListed(t *testing.T) {
	t.Parallel()
	s := newStreaming(t, false, nil)
	s.dove.Deliver("ali", letters(0, 3)...)
	s.sync(s.a)
	large := letter(9, "large", randomText(9, 2_000_000))
	s.dove.Deliver("ali", large, letter(10, "small", "text"), letter(11, "newest", "text"))
	s.mine = func(uid mail.UID) bool { return uid == 4 }
	s.wrapBodies = func(b *heldBody) {
		if b.uid == 4 && b.done > 0 && !b.slow {
			b.slow = true
			time.Sleep(time.Second) // a slow line: then the large message is listed by itself
		}
	}
	s.after = 100_000
	s.begin()
	for _, subject := range []string{"large", "small", "newest"} {
		if s.row(subject).HasBody {
			t.Errorf("%q is here already", subject)
		}
	}
	s.release <- nil
	s.complete(6)
	eventually(t, "the end of the pass", func() bool { return s.inbox(s.a).UIDNext == 7 })
	for _, line := range s.log.all() {
		if strings.HasPrefix(line, "whole INBOX [{5") || strings.HasPrefix(line, "whole INBOX [{6") {
			t.Errorf("asked for once more: %s", line)
		}
	}
	s.once(len(large) + 60_000)
	s.sound()
}
