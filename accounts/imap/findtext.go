package imap

import (
	"context"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// Bounds of a search in texts. Servers without an index read every message for it.
const (
	maxWords     = 200 // words
	maxWordBytes = 500
	maxWordDepth = 12
)

// FindText implements remote.Searcher. Words that are not ASCII go as UTF-8 in literals (RFC 9051 §6.4.4); a server that refuses that gives
// an error with mail.CodeCharset.
func (c *Client) FindText(ctx context.Context, path string, among []remote.UIDRange, w mail.Words) ([]mail.UID, error) {
	step := "search " + path
	s, end, err := c.begin(ctx, step)
	if err != nil {
		return nil, err
	}
	defer end()
	left := maxWords
	criteria, ok := textCriteria(w, maxWordDepth, &left)
	if !ok {
		return nil, s.invalid(step, "this cannot be asked of a server")
	}
	if err := c.ensure(ctx, s, path); err != nil {
		return nil, err
	}
	var out []mail.UID
	for _, ch := range s.chunks(among) {
		within := *criteria
		within.UID = []imap.UIDSet{uidSet(ch.ranges)}
		uids, err := s.search(ctx, step, &within)
		if err != nil {
			return nil, charsetRefused(err, w)
		}
		for _, u := range uids {
			if contains(ch.ranges, u) { // servers have answered with more than they were asked about
				out = append(out, u)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// textCriteria puts words into the language of SEARCH; ok is false when they are none, or too many.
func textCriteria(w mail.Words, depth int, left *int) (c *imap.SearchCriteria, ok bool) {
	if *left--; *left < 0 || depth == 0 {
		return nil, false
	}
	c = &imap.SearchCriteria{}
	switch {
	case w.Text != "":
		c.Text = []string{w.Text}
		return c, len(w.Text) <= maxWordBytes && !strings.ContainsFunc(w.Text, func(r rune) bool { return r < 0x20 || r == 0x7f })
	case w.Not != nil:
		not, ok := textCriteria(*w.Not, depth-1, left)
		if ok {
			c.Not = []imap.SearchCriteria{*not}
		}
		return c, ok
	case len(w.All) > 0:
		for _, x := range w.All {
			one, ok := textCriteria(x, depth-1, left)
			if !ok {
				return nil, false
			}
			c.And(one)
		}
		return c, true
	case len(w.Any) > 0:
		out, ok := textCriteria(w.Any[0], depth-1, left)
		for _, x := range w.Any[1:] { // OR takes two
			one, good := textCriteria(x, depth-1, left)
			if !ok || !good {
				return nil, false
			}
			out = &imap.SearchCriteria{Or: [][2]imap.SearchCriteria{{*out, *one}}}
		}
		return out, ok
	}
	return nil, false
}

// charsetRefused says of a refusal that it is about the letters of the words, where it is.
func charsetRefused(err error, w mail.Words) error {
	e := remote.As(err)
	if e == nil || e.Closed || isASCII(w) || Code(err) != "BADCHARSET" && !strings.Contains(strings.ToLower(e.Text), "charset") && !strings.Contains(strings.ToLower(e.Text), "utf-8") {
		return err
	}
	out := *e
	out.Kind, out.Why, out.Permanent = mail.ProblemServer, mail.CodeCharset, true
	return &out
}

func isASCII(w mail.Words) bool {
	if strings.ContainsFunc(w.Text, func(r rune) bool { return r > 0x7e }) || w.Not != nil && !isASCII(*w.Not) {
		return false
	}
	odd := func(x mail.Words) bool { return !isASCII(x) }
	return !slices.ContainsFunc(w.All, odd) && !slices.ContainsFunc(w.Any, odd)
}

var _ remote.Searcher = (*Client)(nil)
