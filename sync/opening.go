package mailsync

import (
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// opening is what is asked for together with the opening of a folder of which nothing is here: its newest messages.
type opening struct {
	skip, n int  // how many messages are older, and how many are asked for
	dense   bool // there are no others in the folder than 1 to skip+n, as far as the listing says
	want    remote.Want
	bodies  int // how many of the newest are wanted whole behind the headers
}

// ask says it to the session. Of a folder with gaps the UIDs of the newest messages are not known: the server is to find them, and to list
// all of them besides, which would have to be asked for next.
func (o *opening) ask(path string) remote.Since {
	newest := func(n int, want remote.Want, list bool) remote.Since {
		skip := o.skip + o.n - n
		if o.dense {
			return remote.Since{Next: []remote.UIDRange{{First: mail.UID(skip + 1), Last: mail.UID(skip + n)}}, Want: want}
		}
		return remote.Since{Newest: &remote.Newest{Skip: uint32(skip), List: list}, Want: want}
	}
	since := newest(o.n, o.want, true)
	if o.bodies > 0 {
		since.Then = []remote.Visit{{Path: path, Since: newest(o.bodies, remote.WantBody, false)}}
	}
	return since
}

// early are the whole messages that were asked for, of those that the folder has now, ascending.
func (o *opening) early(there []mail.UID, state remote.MailboxState) []mail.UID {
	n := o.bodies
	if o.want == remote.WantBody {
		n = o.n
	}
	skip := o.skip + o.n - n
	switch {
	case n == 0 || len(there) <= skip:
		return nil
	case !o.dense:
		return there[skip:]
	case len(there) < skip+n || !dense(state.Exists, state.UIDNext):
		return nil
	}
	return there[skip : skip+n]
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
	o := s.newest(rf, max(firstScreen, s.quick()))
	if o != nil && o.want == remote.WantHeader && s.whole() {
		n := firstScreen
		if s.keep == nil {
			n = maxEarly // nobody will open a message meanwhile
		}
		o.bodies = min(n, o.skip+o.n)
	}
	return o
}

// newest is the opening of a folder with its n newest messages, of those that fetchNew will ask for first.
func (s *folderSync) newest(rf mail.RemoteFolder, n int) *opening {
	if !rf.HasStatus || rf.Messages == 0 || rf.Messages > maxAssumed || s.f.UIDValidity != 0 || len(s.known)+len(s.poison) > 0 || s.mb.Capabilities().ContentID {
		return nil
	}
	total := int(rf.Messages)
	o := &opening{dense: dense(rf.Messages, rf.UIDNext), want: remote.WantBody}
	if !s.whole() || total > firstScreen && s.shown() {
		n, o.want = firstScreen, remote.WantHeader
	}
	o.n = min(n, total)
	o.skip = total - o.n
	return o
}

// openings are the folders that the pass comes to after this one and of which nothing is here. They are asked about behind the last
// messages of this one, as far as each is done with that, so that the line does not fall silent between two folders. Those that were
// asked about already come first, as they were.
func (s *folderSync) openings() []remote.Visit {
	if !s.whole() {
		return nil // the bodies come first
	}
	var out []remote.Visit
	room := max(firstScreen, s.quick())
	for _, f := range s.order[s.at:] {
		rf, listed := s.listed[f.Path]
		next := &folderSync{pass: s.pass, mb: s.mb, f: f}
		if s.begun[f.Path] || listed && f.Total == 0 && next.empty(rf) {
			continue
		}
		if !listed || f.Total != 0 || s.struck.by[f.Path] > 0 || s.refused.has(f.Path) || room <= 0 {
			break
		}
		o := s.foretold[f.Path]
		if o == nil {
			o = next.newest(rf, room)
		}
		if o == nil {
			break
		}
		s.foretold[f.Path] = o
		out = append(out, remote.Visit{Path: f.Path, Since: o.ask(f.Path)})
		if room -= o.n; o.want != remote.WantBody || o.skip > 0 {
			break
		}
	}
	return out
}

// quick is how many messages of the size of those before come over the line in a moment.
func (p *pass) quick() int {
	if p.sizes.messages == 0 {
		return 0
	}
	return int(min(p.line.moment()/max(1, p.sizes.bytes/p.sizes.messages), maxEarly))
}

// meter tells how quick the line is while something comes.
type meter struct {
	at    time.Time // of what came last
	busy  time.Duration
	bytes int64 // in that time
	last  int64 // in a moment, as measured last
	rests bool  // what comes next had to be asked for first, as far as is known
}

// aMoment is longer than a round trip on most lines, and too short to keep anybody waiting. A part of it is enough to measure by.
const (
	aMoment = 100 * time.Millisecond
	aPart   = aMoment / 4
)

// rest says that what comes next may have had to be asked for first: the wait for it, and its own bytes, tell nothing.
func (m *meter) rest() { m.rests = true }

func (m *meter) add(now time.Time, bytes int64) {
	if !m.rests {
		m.busy += now.Sub(m.at)
		m.bytes += bytes
	}
	m.at, m.rests = now, false
	if m.busy >= aPart {
		m.last = int64(float64(m.bytes) * float64(aMoment) / float64(m.busy))
		m.busy, m.bytes = 0, 0
	}
}

// moment is how many bytes come in a moment.
func (m *meter) moment() int64 { return m.last }
