package imap

import (
	"context"
	"errors"
	"slices"

	"github.com/emersion/go-imap/v2/imapclient"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// Move implements remote.Mailboxes. It is MOVE (RFC 6851), which is used only where it is advertised: elsewhere whoever moves copies, makes sure
// of the copies and removes what was copied. After an error the map still tells what was moved until then.
func (c *Client) Move(ctx context.Context, path string, uids []mail.UID, dest string) (map[mail.UID]mail.UID, error) {
	step := "move from " + path
	s, end, err := c.begin(ctx, step)
	if err != nil {
		return nil, err
	}
	defer end()
	if len(uids) == 0 || path == dest {
		return nil, nil
	}
	var moved map[mail.UID]mail.UID
	for _, ch := range s.chunks(rangesOf(uids)) {
		if err := c.ensureSame(ctx, s, step, path); err != nil {
			return moved, err
		}
		if !s.has("MOVE") {
			// It may have had it a moment ago, on another connection.
			return moved, &remote.Error{Host: s.host, Step: step, Kind: mail.ProblemServer, Err: errors.New("the server does not offer MOVE")}
		}
		m, err := s.transfer(ctx, "MOVE", path, ch.ranges, dest, c.life(dest))
		moved = merge(moved, m)
		if err != nil {
			return moved, err
		}
	}
	return moved, nil
}

// Copy implements remote.Mailboxes.
func (c *Client) Copy(ctx context.Context, path string, uids []mail.UID, dest string) (map[mail.UID]mail.UID, error) {
	s, end, err := c.begin(ctx, "copy from "+path)
	if err != nil {
		return nil, err
	}
	defer end()
	if len(uids) == 0 {
		return nil, nil
	}
	var copied map[mail.UID]mail.UID
	for _, ch := range s.chunks(rangesOf(uids)) {
		if err := c.ensureSame(ctx, s, "copy from "+path, path); err != nil {
			return copied, err
		}
		m, err := s.transfer(ctx, "COPY", path, ch.ranges, dest, c.life(dest))
		copied = merge(copied, m)
		if err != nil {
			return copied, err
		}
	}
	return copied, nil
}

// Known implements remote.Mailboxes.
func (c *Client) Known(path string, uidValidity uint32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.expects[path] = uidValidity
}

// life is the UIDVALIDITY that new UIDs in a mailbox have to belong to; 0: any.
func (c *Client) life(path string) uint32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.expects[path]
}

// transfer is one COPY or MOVE. The connection lost before the answer leaves it open whether it happened.
func (s *session) transfer(ctx context.Context, verb, path string, rs []remote.UIDRange, dest string, life uint32) (map[mail.UID]mail.UID, error) {
	call := libCall{step: "copy from " + path + " to " + dest, paths: []string{dest}, slow: true}
	if verb == "MOVE" {
		call.step = "move from " + path + " to " + dest
		call.own = []string{"EXPUNGE", "VANISHED", "FETCH"}
	}
	call.run = func(c *imapclient.Client, n []string) error {
		if verb == "MOVE" {
			_, err := c.Move(uidSet(rs), n[0]).Wait()
			return err
		}
		_, err := c.Copy(uidSet(rs), n[0]).Wait()
		return err
	}
	if err := s.ready(ctx, call.step); err != nil {
		return nil, err // nothing was sent
	}
	s.copies = true
	err := s.lib.call(ctx, call)
	s.copies = false
	if e := remote.As(err); e != nil && e.Closed {
		e.Uncertain = true
	}
	return s.copyMap(rs, life), err
}

// copyMap reads the COPYUID codes of the last command. What does not add up, names one copy for two messages, or more messages than were
// asked for, is not believed; nor are messages nobody asked for, nor UIDs of another life of the mailbox (UIDVALIDITY).
func (s *session) copyMap(rs []remote.UIDRange, life uint32) map[mail.UID]mail.UID {
	var out map[mail.UID]mail.UID
	for _, c := range s.copied {
		if n := count(c.src); n != count(c.dst) || n > count(rs) || life != 0 && c.uidValidity != life {
			continue // before they are written out: a line can name thousands of millions
		}
		src, err1 := expand(c.src)
		dst, err2 := expand(c.dst)
		if err1 != nil || err2 != nil || len(src) != len(dst) || twice(src) || twice(dst) {
			continue
		}
		for i, u := range src {
			if !contains(rs, u) {
				continue
			}
			if out == nil {
				out = make(map[mail.UID]mail.UID, len(src))
			}
			out[u] = dst[i]
		}
	}
	s.copied = nil
	return out
}

// twice reports whether a UID occurs more than once.
func twice(uids []mail.UID) bool {
	sorted := slices.Clone(uids)
	slices.Sort(sorted)
	return len(slices.Compact(sorted)) < len(uids)
}

func merge(a, b map[mail.UID]mail.UID) map[mail.UID]mail.UID {
	if a == nil {
		return b
	}
	for k, v := range b {
		a[k] = v
	}
	return a
}
