package imap

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"peyk/accounts/remote"
)

// unread is a FETCH that was sent in one flight with the SELECT before it. Its answers stay on the connection until Fetch is called
// for them, or until another verb steps over them.
//
// RFC 9051 §5.5 lets a client send ahead where the order of execution cannot change the outcome, and obliges a server that sees an
// ambiguity to keep the order. It is done with servers that have QRESYNC only, whose SELECT is where a pass learns what is new: when
// that says something else than was expected, nobody asks for the answers, so nothing is taken for a message of another mailbox.
type unread struct {
	cmd  *command
	tag  string
	path string
	want remote.Want
	set  []remote.UIDRange
}

// newUnread prepares the FETCH; nil when there is nothing to fetch.
func (s *session) newUnread(path string, set []remote.UIDRange, want remote.Want) *unread {
	chunks := s.chunks(set)
	if len(set) == 0 || len(chunks) != 1 || openEnded(set) {
		return nil
	}
	f := &fetching{s: s, want: want}
	return &unread{path: path, want: want, set: set, cmd: &command{step: "fetch from " + path, maxUnits: 1 << 20,
		text: "UID FETCH " + chunks[0].text + " (" + f.query(true) + ")"}}
}

// write puts the command, if there is one, at the end of a flight.
func (u *unread) write(out *strings.Builder, s *session) {
	if u != nil {
		u.tag = s.nextTag()
		out.WriteString(u.tag + " " + u.cmd.text + "\r\n")
	}
}

// serves reports whether the answers hold all of sets, or the first of them while nothing else is outstanding.
func (s *session) serves(path string, sets [][]remote.UIDRange, want remote.Want) bool {
	return s.selected == path && s.unread.serves(path, sets, want, len(s.visits) == 0)
}

// serves: last says that nothing is outstanding behind the answers.
func (u *unread) serves(path string, sets [][]remote.UIDRange, want remote.Want, last bool) bool {
	if u == nil || u.path != path || u.want != want {
		return false
	}
	return last && u.begins(sets, want) || !slices.ContainsFunc(sets, func(set []remote.UIDRange) bool {
		return slices.ContainsFunc(set, func(r remote.UIDRange) bool { return r.Last == 0 || !containsRange(u.set, r) })
	})
}

// begins reports whether the answers are those about the first of several sets: the commands about the others can follow at once.
func (u *unread) begins(sets [][]remote.UIDRange, want remote.Want) bool {
	return u != nil && u.want == want && len(sets) > 1 && slices.Equal(u.set, sets[0])
}

func containsRange(set []remote.UIDRange, r remote.UIDRange) bool {
	for _, have := range set {
		if have.First <= r.First && r.Last <= have.Last {
			return true
		}
	}
	return false
}

// runThen is run with u, which may be nil, and then sent in the same flight.
func (s *session) runThen(ctx context.Context, c *command, u *unread, then []*visit) (*status, error) {
	if u == nil && len(then) == 0 {
		return s.run(ctx, c)
	}
	if err := s.level(ctx, c.step); err != nil {
		return nil, err
	}
	stop := s.w.watch(ctx)
	defer stop()
	tags := []string{s.nextTag()}
	var out strings.Builder
	out.WriteString(tags[0] + " " + c.text + "\r\n")
	if u.write(&out, s); u != nil {
		tags = append(tags, u.tag)
	}
	s.writeVisits(&out, then)
	if err := s.w.write([]byte(out.String())); err != nil {
		return nil, s.failed(c.step, s.farewell(err))
	}
	answers := make([]*status, len(tags))
	if err := s.await([]*command{c}, tags, answers, 0); err != nil {
		return nil, s.failed(c.step, err)
	}
	if u != nil && answers[1] == nil { // else the server answered both in the wrong order, and its data is gone
		s.unread = u
	}
	if answers[0].typ != "OK" {
		return answers[0], s.refused(c.step, answers[0])
	}
	return answers[0], nil
}

// read reads the answers of u.
func (s *session) read(ctx context.Context, u *unread) (*status, error) {
	if err := s.ready(ctx, u.cmd.step); err != nil {
		return nil, err // the answers are still to come
	}
	s.unread = nil
	stop := s.w.watch(ctx)
	defer stop()
	answers := make([]*status, 1)
	if err := s.await([]*command{u.cmd}, []string{u.tag}, answers, 0); err != nil {
		return nil, s.failed(u.cmd.step, err)
	}
	return answers[0], nil
}

// skip steps over what is unread, which nobody wants; left is how many bytes of messages that may cost. An error means that the connection
// is of no more use: too much was left.
func (s *session) skip(ctx context.Context, left *int64) error {
	u := s.unread
	if u == nil {
		return nil
	}
	s.r.hook = func(_ []byte, _ [][]byte, size int64, _ *literal) (bool, error) {
		if *left -= size; *left < 0 {
			return false, fmt.Errorf("%w: messages that nobody wants any more", errTooMuch)
		}
		return true, nil
	}
	defer func() { s.r.hook = nil }()
	u.cmd.handle = onlyTypes("FETCH")
	_, err := s.read(ctx, u)
	return err
}
