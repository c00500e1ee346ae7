package imap

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

var _ remote.Pieces = (*Client)(nil)

// Structure implements remote.Pieces.
func (c *Client) Structure(ctx context.Context, path string, uid mail.UID) (*mail.Structure, error) {
	var found *mail.Structure
	step := "look at the parts of a message in " + path
	err := c.ofMessage(ctx, path, step, uid, []string{"BODYSTRUCTURE"}, func(name string, sc *scanner) error {
		if name != "BODYSTRUCTURE" {
			return sc.skip()
		}
		s, err := parseStructure(sc)
		found = s
		return err
	})
	return found, err
}

// ofMessage fetches items of one message and hands each that comes to fn, which reads its value. Of an answer that cannot be read the
// error comes after the command has ended: the connection goes on.
func (c *Client) ofMessage(ctx context.Context, path, step string, uid mail.UID, items []string, fn func(name string, sc *scanner) error) error {
	s, end, err := c.begin(ctx, step)
	if err != nil {
		return err
	}
	defer end()
	if err := c.ensureSame(ctx, s, step, path); err != nil {
		return err
	}
	var unread error
	handle := s.itemsOf(uid, fn, func(err error) { unread = err })
	if _, err := s.run(ctx, &command{step: step, text: fmt.Sprintf("UID FETCH %d (UID %s)", uid, strings.Join(items, " ")), handle: handle}); err != nil {
		return err
	}
	if unread != nil {
		return &remote.Error{Host: s.host, Step: step, Kind: mail.ProblemServer, Permanent: true, Err: unread}
	}
	return nil
}

// itemsOf reads the FETCH answers about one message. The server may name the UID last, so that all of an answer is scanned for it
// first.
func (s *session) itemsOf(uid mail.UID, fn func(name string, sc *scanner) error, unread func(error)) func(*response) (bool, error) {
	return func(p *response) (bool, error) {
		if p.typ != "FETCH" {
			return false, nil
		}
		var of items
		if err := of.parse(p.scan(), true); err != nil || of.uid != uid || p.broken != nil {
			if of.uid == uid {
				unread(errors.Join(err, p.broken))
				return true, nil
			}
			return false, nil
		}
		s.dirty = s.dirty || of.hasFlags // not asked for: somebody changed them meanwhile
		if err := eachItem(p.scan(), fn); err != nil {
			unread(err)
		}
		return true, nil
	}
}

// eachItem goes through the items of a FETCH answer.
func eachItem(sc *scanner, fn func(name string, sc *scanner) error) error {
	sc.space()
	if !sc.take('(') {
		return errSyntax
	}
	for {
		sc.space()
		if sc.take(')') {
			return nil
		}
		name := sc.atom()
		if len(name) == 0 {
			return errSyntax
		}
		sc.space()
		if err := fn(strings.ToUpper(string(name)), sc); err != nil {
			return err
		}
	}
}

// Sections implements remote.Pieces: BINARY.PEEK where the server has it (RFC 3516), and BODY.PEEK where it has not, or does not decode
// a part: not all say UNKNOWN-CTE then.
func (c *Client) Sections(ctx context.Context, path string, uid mail.UID, want []remote.Section) ([]remote.SectionData, error) {
	if len(want) == 0 {
		return nil, nil
	}
	if c.session().has("BINARY") {
		got, err := c.sections(ctx, path, uid, want, "BINARY")
		var no *Refusal
		if !errors.As(err, &no) || remote.As(err).Closed {
			return got, err
		}
	}
	return c.sections(ctx, path, uid, want, "BODY")
}

func (c *Client) sections(ctx context.Context, path string, uid mail.UID, want []remote.Section, how string) ([]remote.SectionData, error) {
	asked := make([]string, len(want))
	for i, w := range want {
		asked[i] = fmt.Sprintf("%s.PEEK[%s]<0.%d>", how, w.Number, min(w.Limit, maxLiteral))
	}
	var got []remote.SectionData
	err := c.ofMessage(ctx, path, "fetch the text of a message in "+path, uid, asked, func(name string, sc *scanner) error {
		number, ok := strings.CutPrefix(name, how+"[")
		number, _, closed := strings.Cut(number, "]")
		if !ok || !closed {
			return sc.skip()
		}
		v, has, err := sc.str()
		if has && err == nil {
			got = append(got, remote.SectionData{Number: number, Body: bytes.Clone(v), Decoded: how == "BINARY"})
		}
		return err
	})
	return got, err
}

// piecesAhead is how many pieces are on their way at a time, so that the line is never idle for a round trip.
const piecesAhead = 2

// Range implements remote.Pieces.
func (c *Client) Range(ctx context.Context, path string, uid mail.UID, off, size, piece int64, more func() bool, fn func([]byte) error) (int64, error) {
	step := "fetch from " + path
	s, end, err := c.begin(ctx, step)
	if err != nil {
		return off, err
	}
	defer end()
	if err := c.ensureSame(ctx, s, step, path); err != nil {
		return off, err
	}
	r := &ranged{at: off, size: size, fn: fn}
	var cmds []*command
	for from := off; from < size; from += piece {
		n := min(piece, size-from)
		if from+n == size {
			n++ // one byte beyond the end: there must be none
		}
		r.asked = append(r.asked, from)
		cmds = append(cmds, &command{step: step, text: fmt.Sprintf("UID FETCH %d (UID BODY.PEEK[]<%d.%d>)", uid, from, n),
			handle: s.itemsOf(uid, r.item, r.unread)})
	}
	answers, err := s.runAhead(ctx, flight{cmds: cmds, ahead: func(int) int { return piecesAhead }, more: func() bool { return r.err == nil && more() }})
	if err != nil {
		return r.at, err
	}
	for _, st := range answers {
		if st.typ != "OK" {
			return r.at, s.refused(step, st)
		}
	}
	if r.err == nil && r.at != append(r.asked, size)[len(answers)] {
		r.err = remote.ErrNotWhole // gone, or shorter than announced
	}
	return r.at, r.err
}

// ranged is one run of Range.
type ranged struct {
	at, size int64
	asked    []int64 // where each piece begins
	fn       func([]byte) error
	err      error // after which nothing more is taken
}

// item takes a piece: "BODY[]<origin>" and its bytes.
func (r *ranged) item(name string, sc *scanner) error {
	rest, ok := strings.CutPrefix(name, "BODY[]")
	if !ok {
		return sc.skip()
	}
	v, has, err := sc.str()
	if err != nil || r.err != nil {
		return err
	}
	switch {
	case rest != fmt.Sprintf("<%d>", r.at) || !has || r.at+int64(len(v)) > r.size:
		r.err = remote.ErrNotWhole
	default:
		r.err = r.fn(v)
		r.at += int64(len(v))
	}
	return nil
}

func (r *ranged) unread(err error) {
	if r.err == nil {
		r.err = fmt.Errorf("%w: %w", remote.ErrNotWhole, err)
	}
}
