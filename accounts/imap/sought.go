package imap

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// sought are searches that go between a SELECT and a FETCH of one flight, because nobody knows yet which UIDs the newest messages have: where
// messages were deleted, numbers are missing. The FETCH is about what the last search has found ("$", RFC 5182), which also
// holds it back until then: RFC 5182 §2.1 wants that, and a Dovecot would otherwise answer a search and a FETCH at the same time.
type sought struct {
	searches []*search // each but the first is about what the one before it has found
	list     bool      // the first lists the mailbox
	done     bool      // they were answered
}

// all are the searches; k may be nil.
func (k *sought) all() []*search {
	if k == nil {
		return nil
	}
	return k.searches
}

// search is one of them. A server that ends a later one first is told by the tag in the answer.
type search struct {
	cmd  *command
	tag  string
	set  []remote.UIDRange
	came bool   // the answer
	told bool   // and could be read
	of   uint32 // how many messages there were then: what comes while a server works on the commands is told behind it
}

// seek prepares the searches; nil where the server has not what they need.
func (s *session) seek(path string, n remote.Newest) *sought {
	if !s.has("ESEARCH") || !s.has("SEARCHRES") || s.limit != 0 {
		return nil
	}
	k := &sought{list: n.List}
	if n.List || n.Skip == 0 {
		k.searches = append(k.searches, s.newSearch(path, "ALL"))
	}
	switch {
	case n.Skip > 0 && n.List:
		k.searches = append(k.searches, s.newSearch(path, fmt.Sprintf("$ %d:*", n.Skip+1)))
	case n.Skip > 0:
		k.searches = append(k.searches, s.newSearch(path, fmt.Sprintf("%d:*", n.Skip+1)))
	}
	return k
}

func (s *session) newSearch(path, key string) *search {
	q := &search{}
	q.cmd = &command{step: "list " + path, text: "UID SEARCH RETURN (SAVE ALL) " + key, slow: true, handle: func(p *response) (bool, error) {
		if p.typ != "ESEARCH" {
			return false, nil
		}
		tag, set, err := readESearch(p.data, int(min(s.state.Exists, maxFound)))
		if tag != q.tag || q.came {
			return false, nil
		}
		q.set, q.told, q.came, q.of = set, err == nil, true, s.state.Exists
		return true, nil
	}}
	return q
}

// maxFound is how many messages the answer to such a search is believed to name.
const maxFound = 1 << 20

// readESearch reads (TAG "P7") UID ALL 1:4,6 (RFC 4731 §3.1): whose answer it is, and what it names, in at most most ranges.
func readESearch(data []byte, most int) (tag string, set []remote.UIDRange, err error) {
	sc := &scanner{b: data}
	if sc.take('(') {
		if name := sc.atom(); !bytes.EqualFold(name, []byte("TAG")) {
			return "", nil, errSyntax
		}
		v, _, err := sc.str()
		sc.space()
		if tag = string(v); err != nil || !sc.take(')') {
			return tag, nil, errSyntax
		}
	}
	sc.space()
	if !bytes.EqualFold(sc.word(), []byte("UID")) {
		return tag, nil, errSyntax
	}
	sc.space()
	if sc.end() {
		return tag, nil, nil
	}
	if !bytes.EqualFold(sc.word(), []byte("ALL")) {
		return tag, nil, errSyntax
	}
	sc.space()
	text := sc.word()
	if bytes.Count(text, []byte(",")) >= most {
		return tag, nil, errTooMuch
	}
	if set, err = parseSet(string(text)); err == nil && openEnded(set) {
		err = errSyntax
	}
	if sc.space(); !sc.end() {
		err = errSyntax
	}
	return tag, joined(set), err
}

// joined writes ranges that follow each other as one.
func joined(rs []remote.UIDRange) []remote.UIDRange {
	var out []remote.UIDRange
	for _, r := range rs {
		if n := len(out); n > 0 && r.First > 1 && out[n-1].Last == r.First-1 {
			out[n-1].Last = r.Last
			continue
		}
		out = append(out, r)
	}
	return out
}

var errOrder = fmt.Errorf("%w: a later command was answered first", errUnexpected)

// find reads the answers of the searches before the FETCH that is unread, once.
func (s *session) find(ctx context.Context) error {
	u := s.unread
	if u == nil || u.sought == nil || u.sought.done {
		return nil
	}
	cmds, tags := u.commands(), u.sent()
	cmds, tags = cmds[:len(cmds)-1], tags[:len(tags)-1]
	if err := s.ready(ctx, cmds[0].step); err != nil {
		return err // the answers are still to come
	}
	stop := s.w.watch(ctx)
	defer stop()
	answers := make([]*status, len(cmds))
	for i, q := range u.sought.searches {
		if err := s.await(cmds, tags, answers, i); err != nil {
			return s.failed(cmds[i].step, err)
		}
		q.told = q.told && answers[i].typ == "OK"
	}
	u.sought.done = true
	s.takeFound(u)
	return nil
}

// takeFound believes what was found where all of it agrees: there are as many messages as the mailbox was said to hold, and the newest are the
// last of them. Else the FETCH is taken to be about nothing, and UIDs asks again. What is said of the mailbox from now on is what was listed: of
// messages that came since the next look tells.
func (s *session) takeFound(u *unread) {
	k := u.sought
	n := k.searches[0].of
	if s.selected != u.path || n > maxFound || slices.ContainsFunc(k.searches, func(q *search) bool { return !q.told || count(q.set) > n }) {
		return
	}
	newest := k.searches[len(k.searches)-1].set
	if !k.list {
		u.set = newest
		return
	}
	all, err := expand(k.searches[0].set)
	if err != nil || len(all) != int(n) || !slices.IsSortedFunc(all, func(a, b mail.UID) int { return cmp.Or(cmp.Compare(a, b), -1) }) {
		return
	}
	s.listed, s.state.Exists = all, n
	if tail := rangesOf(all[len(all)-int(count(newest)):]); slices.Equal(tail, newest) {
		u.set = newest
	}
}
