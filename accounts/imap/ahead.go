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
	cmd    *command
	tag    string
	path   string
	want   remote.Want
	set    []remote.UIDRange
	sought *sought // what finds the set, before the FETCH; nil: it was known
}

// newUnread prepares the FETCH; nil when there is nothing to fetch, or no way to name it.
func (s *session) newUnread(path string, ask remote.Since) *unread {
	u := &unread{path: path, want: ask.Want, set: ask.Next}
	text := "$"
	if ask.Newest != nil {
		if u.set, u.sought = nil, s.seek(path, *ask.Newest); u.sought == nil {
			return nil
		}
	} else {
		chunks := s.chunks(u.set)
		if len(u.set) == 0 || len(chunks) != 1 || openEnded(u.set) {
			return nil
		}
		text = chunks[0].text
	}
	f := &fetching{s: s, want: u.want}
	u.cmd = &command{step: "fetch from " + path, maxUnits: 1 << 20, ownBulk: true, text: "UID FETCH " + text + " (" + f.query(true) + ")"}
	return u
}

// commands are those of u, which may be nil, in their order.
func (u *unread) commands() []*command {
	if u == nil {
		return nil
	}
	var out []*command
	for _, q := range u.sought.all() {
		out = append(out, q.cmd)
	}
	return append(out, u.cmd)
}

// sent are the tags of its commands.
func (u *unread) sent() []string {
	if u == nil {
		return nil
	}
	var out []string
	for _, q := range u.sought.all() {
		out = append(out, q.tag)
	}
	return append(out, u.tag)
}

// write puts the commands, if there are any, at the end of a flight.
func (u *unread) write(out *strings.Builder, s *session) {
	if u == nil {
		return
	}
	for _, q := range u.sought.all() {
		q.tag = s.nextTag()
		out.WriteString(q.tag + " " + q.cmd.text + "\r\n")
	}
	u.tag = s.nextTag()
	out.WriteString(u.tag + " " + u.cmd.text + "\r\n")
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

// mayServe is serves for answers of which it may not be known yet what they are about.
func (u *unread) mayServe(path string, sets [][]remote.UIDRange, want remote.Want, last bool) bool {
	if u != nil && u.sought != nil && !u.sought.done {
		return u.path == path && u.want == want
	}
	return u.serves(path, sets, want, last)
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
	u.write(&out, s)
	tags = append(tags, u.sent()...)
	s.writeVisits(&out, then)
	if err := s.w.write([]byte(out.String())); err != nil {
		return nil, s.failed(c.step, s.farewell(err))
	}
	answers := make([]*status, len(tags))
	if err := s.await([]*command{c}, tags, answers, 0); err != nil {
		return nil, s.failed(c.step, err)
	}
	if u != nil && answers[len(tags)-1] == nil { // else the server answered in the wrong order, and its data is gone
		if s.unread = u; slices.ContainsFunc(answers[1:], func(st *status) bool { return st != nil }) {
			return nil, s.failed(c.step, errOrder)
		}
	}
	if answers[0].typ != "OK" {
		return answers[0], s.refused(c.step, answers[0])
	}
	return answers[0], nil
}

// read reads the answers of u.
func (s *session) read(ctx context.Context, u *unread) (*status, error) {
	if err := s.find(ctx); err != nil {
		return nil, err
	}
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

// skip steps over what is unread, which nobody wants; left is how many bytes that may cost. An error means that the connection
// is of no more use: too much was left.
func (s *session) skip(ctx context.Context, left *int64) error {
	u := s.unread
	if u == nil {
		return nil
	}
	if err := s.find(ctx); err != nil {
		return err
	}
	s.listed = nil // what other verbs do to the mailbox is not in it
	s.r.hook = func(_ []byte, _ [][]byte, size int64, _ *literal) (bool, error) {
		if *left -= size; *left < 0 {
			return false, fmt.Errorf("%w: messages that nobody wants any more", errTooMuch)
		}
		return true, nil
	}
	defer func() { s.r.hook = nil }()
	u.cmd.handle = func(p *response) (bool, error) {
		if p.typ != "FETCH" {
			return false, nil
		}
		if *left -= p.size - p.passed; *left < 0 { // lines cost as well, and a server need not end them
			return true, fmt.Errorf("%w: answers that nobody wants any more", errTooMuch)
		}
		return true, nil
	}
	_, err := s.read(ctx, u)
	return err
}
