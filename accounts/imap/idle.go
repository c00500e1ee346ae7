package imap

import (
	"context"
	"time"
)

const (
	// idleRenew: servers may log out an idle client after 30 minutes (RFC 2177), and home routers forget a silent
	// connection much sooner than that.
	idleRenew = 25 * time.Minute
	// pollEvery is the pace of NOOP on servers without IDLE.
	pollEvery = 2 * time.Minute
	// doneWait is how long DONE may take to be answered before the connection counts as dead.
	doneWait = 10 * time.Second
	// doneMost is how long it may take when other things keep coming: mail that is just told of, but not without end.
	doneMost = 3 * doneWait
)

// Idle implements remote.Mailboxes. It also reports a change that was noticed before it was called, since the last SELECT
// of path; and when this connection has not seen path before, it reports a change at once, because nobody can know what
// happened until now. When ctx ends, the connection stays usable.
func (c *Client) Idle(ctx context.Context, path string, max time.Duration) (changed bool, err error) {
	s, end, err := c.begin(ctx, "wait for mail in "+path)
	if err != nil {
		return false, err
	}
	defer end()
	if ctx.Err() != nil {
		return false, nil
	}
	if max <= 0 {
		max = idleRenew
	}
	if news, err := c.openToListen(ctx, s, path); err != nil || news {
		return news, err
	}
	until := time.Now().Add(max)
	for {
		if s.dirty {
			s.dirty = false
			return true, nil
		}
		left := time.Until(until)
		if left <= 0 || ctx.Err() != nil {
			return false, nil
		}
		if s.has("IDLE") && !s.noIdle && !c.cfg.Options.NoIdle {
			err = s.idleOnce(ctx, "wait for mail in "+path, min(left, idleRenew))
		} else {
			err = s.pollOnce(ctx, min(left, pollEvery))
		}
		if err != nil {
			return false, err
		}
	}
}

// openToListen opens the folder that is to be listened to. It reports a change when the folder is not as it was seen last, or was
// never seen.
func (c *Client) openToListen(ctx context.Context, s *session, path string) (changed bool, err error) {
	if s.selected == path {
		return false, nil
	}
	before, seen := c.known[path]
	if err := c.selectPath(ctx, s, path, nil, nil); err != nil {
		return false, err
	}
	return !seen || before != s.state, nil
}

// pollOnce waits and asks.
func (s *session) pollOnce(ctx context.Context, wait time.Duration) error {
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return nil
	case <-t.C:
	}
	return s.noop(context.WithoutCancel(ctx))
}

// idleOnce is one IDLE command, from the request to the answer of DONE. While it waits, a goroutine of its own drives the
// session; it ends with the answer or with the connection.
func (s *session) idleOnce(ctx context.Context, step string, wait time.Duration) error {
	tag := s.nextTag()
	if err := s.w.write([]byte(tag + " IDLE\r\n")); err != nil {
		return s.failed(step, s.farewell(err))
	}
	ended, err := s.goAhead(tag, step)
	if err != nil {
		return err
	}
	if ended != nil {
		s.noIdle = true // advertised, yet refused, or done with at once: ask by NOOP from now on
		return nil
	}
	began := time.Now()
	w := &idleWait{s: s, tag: tag, news: make(chan struct{}, 1), done: make(chan error, 1)}
	s.w.setPatience(wait + doneWait)
	go w.read()
	t := time.NewTimer(wait)
	defer t.Stop()
	over := false
	select {
	case <-ctx.Done():
	case <-t.C:
	case <-w.news:
	case err = <-w.done:
		over = true
	}
	if !over {
		s.w.setPatience(doneWait)
		late := time.AfterFunc(s.parting, func() { s.w.close(errStill) })
		defer late.Stop()
		if werr := s.w.write([]byte("DONE\r\n")); werr != nil {
			s.w.close(werr)
		}
		err = <-w.done
	}
	s.w.setPatience(0)
	if err != nil {
		return s.failed(step, err)
	}
	if w.answer.typ != "OK" {
		return s.refused(step, w.answer)
	}
	// Servers end it now and then. Who does so oftener than it would be asked by NOOP would be asked as fast as the line allows.
	s.noIdle = over && !s.dirty && len(s.touched) == 0 && time.Since(began) < pollEvery
	return nil
}

// idleWait reads while IDLE is on.
type idleWait struct {
	s      *session
	tag    string
	news   chan struct{}
	done   chan error
	answer *status
}

func (w *idleWait) read() {
	answers := make([]*status, 1)
	c := &command{}
	noise := int64(0)
	for n := 0; answers[0] == nil; n++ {
		p, err := w.s.next()
		if err == nil {
			noise += p.size
		}
		if err == nil && (n > defaultMaxUnits || noise > maxNoise) {
			err = errTooMuch
		}
		if err == nil {
			_, err = w.s.dispatch(p, c, nil)
		}
		if err == nil && p.tag == w.tag {
			err = w.s.tagged(p, []string{w.tag}, answers)
		}
		if err != nil {
			w.done <- err
			return
		}
		if w.s.dirty || len(w.s.touched) > 0 {
			select {
			case w.news <- struct{}{}:
			default:
			}
		}
	}
	w.answer = answers[0]
	w.done <- nil
}
