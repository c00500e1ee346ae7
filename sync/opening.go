package mailsync

import (
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// opening is what is asked for together with the opening of a folder of which nothing is here: its newest messages.
type opening struct {
	uids []mail.UID // ascending
	want remote.Want
}

// maxEarly is how many messages of a folder are asked for before any of it was seen. They may be far larger than those of the folders
// before, and whoever opens a message meanwhile waits for them.
const maxEarly = 4 * firstScreen

// opening is nil where nothing is known to be new, or too little is known of the folder. What was asked for ahead stays what it is.
func (s *folderSync) opening(rf mail.RemoteFolder) *opening {
	if o := s.foretold[s.f.Path]; o != nil {
		delete(s.foretold, s.f.Path)
		return o
	}
	return s.newest(rf, max(firstScreen, s.quick()))
}

// newest is the opening of a folder with its n newest messages, of those that fetchNew will ask for first.
func (s *folderSync) newest(rf mail.RemoteFolder, n int) *opening {
	if !rf.HasStatus || rf.Messages == 0 || !dense(rf.Messages, rf.UIDNext) || s.f.UIDValidity != 0 || len(s.known)+len(s.poison) > 0 || s.mb.Capabilities().ContentID {
		return nil
	}
	uids := allUIDs(rf.Messages)
	want := remote.WantBody
	if !s.whole() || len(uids) > firstScreen && s.shown() {
		n, want = firstScreen, remote.WantHeader
	}
	return &opening{uids[max(0, len(uids)-n):], want}
}

// openings are the folders that the pass comes to after this one and of which nothing is here. They are asked about behind the last
// messages of this one, as far as each is done with that, so that the line does not fall silent between two folders.
func (s *folderSync) openings() []remote.Visit {
	if !s.whole() {
		return nil // the bodies come first
	}
	var out []remote.Visit
	for room := max(firstScreen, s.quick()); ; {
		next, rf, ok := s.upcoming(len(out))
		if !ok {
			return out
		}
		o := next.newest(rf, room)
		if o == nil {
			return out
		}
		s.foretold[next.f.Path] = o
		out = append(out, remote.Visit{Path: next.f.Path, Since: remote.Since{Next: ranges(o.uids), Want: o.want}})
		if room -= len(o.uids); o.want != remote.WantBody || len(o.uids) < int(rf.Messages) {
			return out
		}
	}
}

// upcoming is the folder that the pass comes to after this one and skip others in which there is something to be fetched.
func (s *folderSync) upcoming(skip int) (*folderSync, mail.RemoteFolder, bool) {
	for _, f := range s.order {
		if s.begun[f.Path] {
			continue
		}
		rf, listed := s.listed[f.Path]
		next := &folderSync{pass: s.pass, mb: s.mb, f: f}
		if listed && f.Total == 0 && next.empty(rf) {
			continue
		}
		if skip--; skip < 0 {
			return next, rf, listed && f.Total == 0 && s.struck.by[f.Path] == 0
		}
	}
	return nil, mail.RemoteFolder{}, false
}

// quick is how many messages of the size of those before come over the line in a moment.
func (p *pass) quick() int {
	if p.sizes.messages == 0 {
		return 0
	}
	return int(min(p.line.moment()/max(1, p.sizes.bytes/p.sizes.messages), maxEarly))
}

// meter tells how quick the line is.
type meter struct {
	since time.Time
	bytes int64 // since then
	last  int64 // in the moment before
}

// aMoment is longer than a round trip on most lines, and too short to keep anybody waiting.
const aMoment = 100 * time.Millisecond

func (m *meter) add(now time.Time, bytes int64) {
	if d := now.Sub(m.since); d >= aMoment {
		m.last = int64(float64(m.bytes) * float64(aMoment) / float64(d))
		m.since, m.bytes = now, 0
	}
	m.bytes += bytes
}

// moment is how many bytes the last moment brought.
func (m *meter) moment() int64 { return m.last }
