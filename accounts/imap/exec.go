package imap

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// command is one of our own. text holds everything after the tag; it must not contain CR or LF.
type command struct {
	step string // for errors
	text string
	// handle gets each untagged response that is not a status, and may be nil. own says so when it was this command's.
	handle func(*response) (own bool, err error)
	// status gets untagged status responses, and may be nil.
	status func(*status)
	// cont answers a continuation request; nil: there must be none.
	cont func(data []byte) ([]byte, error)
	slow bool // the server may have much to do before it answers
	// maxUnits bounds the untagged responses; 0: 100,000.
	maxUnits int
	// ownBulk: handle bounds the bytes of its responses by itself.
	ownBulk bool
}

// Bounds of what a command may bring: responses that nobody asked for, their bytes (compressed, they cost a server nothing), and
// responses that are its own data, with their bytes: lines of a megabyte, ten million of them, would come for days.
const (
	defaultMaxUnits = 100_000
	maxNoise        = 16 << 20
	maxOwn          = 10_000_000
	maxBulk         = 256 << 20
)

// maxStill is how long a server may say nothing but that it is still there ("* OK Hang in there"): a search or a copy that it works on takes
// long, but one that hangs in it says so for days, each time within every deadline, and no new mail would come meanwhile.
const maxStill = time.Hour

// run sends one command and reads until its tagged answer. A NO or BAD is a *remote.Error.
func (s *session) run(ctx context.Context, c *command) (*status, error) {
	sts, err := s.runAll(ctx, []*command{c})
	if err != nil {
		return nil, err
	}
	if sts[0].typ != "OK" {
		return sts[0], s.refused(c.step, sts[0])
	}
	return sts[0], nil
}

// runAll pipelines commands that do not depend on each other and returns their tagged answers in order. The error is
// about the connection; refusals are in the answers.
func (s *session) runAll(ctx context.Context, cmds []*command) ([]*status, error) {
	return s.runAhead(ctx, flight{cmds: cmds})
}

// flight is several commands that do not depend on each other.
type flight struct {
	cmds  []*command
	first *unread                // where not nil, it is the first command, and has been sent
	ahead func(answered int) int // how many may be on their way once some were answered; nil: all
	more  func() bool            // is asked before another than the first is sent; nil: yes
	then  func() []*visit        // what is sent behind the last command, unless more said no before; nil: nothing
}

func (f *flight) most(answered int) int {
	if f.ahead == nil {
		return len(f.cmds)
	}
	return f.ahead(answered)
}

// runAhead is runAll for a flight. Once its more has said no, the answers to what was sent are still read. There are as many answers as
// commands were sent; after an error, those that have not come are nil.
func (s *session) runAhead(ctx context.Context, f flight) ([]*status, error) {
	cmds := f.cmds
	if len(cmds) == 0 {
		return nil, nil
	}
	step := cmds[0].step
	if f.first != nil {
		if err := s.ready(ctx, step); err != nil {
			return nil, err // the answers to first are still to come
		}
		s.unread = nil
	}
	if err := s.level(ctx, step); err != nil {
		return nil, err
	}
	stop := s.w.watch(ctx)
	defer stop()
	tags := make([]string, len(cmds))
	answers := make([]*status, len(cmds))
	sent, open := 0, 0
	last := len(cmds)
	if f.first != nil {
		tags[0], sent, open = f.first.tag, 1, len(f.first.cmd.text)
	}
	for i := 0; i < last; i++ {
		c := cmds[i]
		var out strings.Builder
		for most := f.most(i); sent < last && (sent <= i || sent-i < most && open < maxPipelined); sent++ {
			if sent > 0 && f.more != nil && !f.more() {
				last = sent
				break
			}
			tags[sent] = s.nextTag()
			out.WriteString(tags[sent] + " " + cmds[sent].text + "\r\n")
			open += len(cmds[sent].text)
		}
		if sent == len(cmds) && f.then != nil {
			s.writeVisits(&out, f.then())
			f.then = nil
		}
		if out.Len() > 0 {
			if err := s.w.write([]byte(out.String())); err != nil {
				return answers, s.failed(step, s.farewell(err))
			}
		}
		if i == last {
			break
		}
		if err := s.await(cmds[:sent], tags[:sent], answers, i); err != nil {
			return answers, s.failed(c.step, err)
		}
		open -= len(c.text)
	}
	return answers[:last], nil
}

// maxPipelined is how much may be on its way unanswered: less than any socket buffer, so that writing cannot block while
// the server blocks on its answers.
const maxPipelined = 24 << 10

// ready says whether a command can be sent at all.
func (s *session) ready(ctx context.Context, step string) error {
	if err := ctx.Err(); err != nil {
		// Nothing was sent: the connection stays good.
		return &remote.Error{Host: s.host, Step: step, Kind: mail.ProblemNetwork, Err: err}
	}
	if s.w.isClosed() {
		return s.failed(step, errClosed)
	}
	if s.bye != nil {
		return s.failed(step, io.EOF)
	}
	return nil
}

const farewellWait = 2 * time.Second

// farewell reads what the server said before it hung up, so that a write error can be explained by its BYE.
func (s *session) farewell(err error) error {
	s.w.conn.Uploading(false)
	s.w.setPatience(farewellWait)
	for i := 0; i < 100; i++ {
		p, rerr := s.next()
		if rerr != nil {
			break
		}
		if p.tag == "*" {
			s.unasked(p)
		}
	}
	return err
}

func (s *session) nextTag() string {
	s.tags++
	return "P" + strconv.Itoa(s.tags)
}

// await reads until the answer of command i has come; cmds are those that were sent.
func (s *session) await(cmds []*command, tags []string, answers []*status, i int) error {
	c := cmds[i]
	limit := c.maxUnits
	if limit == 0 {
		limit = defaultMaxUnits
	}
	if c.slow {
		s.w.setPatience(s.w.slowly())
		defer s.w.setPatience(0)
	}
	mine, bulk, noise := 0, int64(0), int64(0)
	since := time.Now()
	for n := 0; answers[i] == nil; {
		p, err := s.next()
		if err != nil {
			return err
		}
		own, err := s.dispatch(p, c, cmds[i+1:])
		if err != nil {
			return err
		}
		if own {
			mine++
			bulk += p.size - p.passed
			since = time.Now()
		} else {
			n++
			noise += p.size
		}
		if n > limit || noise > maxNoise || mine > maxOwn || bulk > maxBulk && !c.ownBulk {
			return fmt.Errorf("%w (%d lines)", errTooMuch, n+mine)
		}
		if time.Since(since) > s.still {
			return errStill
		}
		if p.tag != "*" && p.tag != "+" {
			if err := s.tagged(p, tags, answers); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *session) tagged(p *response, tags []string, answers []*status) error {
	for j, t := range tags {
		if t == p.tag && answers[j] == nil {
			if p.status == nil || p.typ == "BYE" || p.typ == "PREAUTH" {
				return fmt.Errorf("%w: %q answers a command", errUnexpected, cleanText(p.typ))
			}
			s.statusData(p.status)
			answers[j] = p.status
			return nil
		}
	}
	if s.unread != nil && slices.Contains(s.unread.sent(), p.tag) {
		return errOrder
	}
	for _, v := range s.visits {
		if v.sent(p.tag) {
			return errOrder
		}
	}
	return nil // noise: a tag nobody used, or one answered already
}

// dispatch hands one response to whom it concerns: the command that is awaited, else one that was sent behind it, because a server
// may work on several at a time. own: it was data that a command asked for.
func (s *session) dispatch(p *response, c *command, behind []*command) (own bool, err error) {
	switch {
	case p.tag == "+":
		if c.cont == nil {
			return false, nil // some servers send one too many
		}
		reply, err := c.cont(p.data)
		if err != nil {
			return true, err
		}
		if reply != nil {
			return true, s.w.write(reply)
		}
		return true, nil
	case p.tag != "*":
		return false, nil
	case p.status != nil:
		if p.status.code == "CLOSED" && s.selected != "" && len(s.visits) > 0 {
			return false, fmt.Errorf("%w: a mailbox was closed before what was asked about it was answered", errUnexpected)
		}
		s.unasked(p)
		if c.status != nil {
			c.status(p.status)
		}
		return false, nil
	}
	if c.handle != nil {
		if own, err = c.handle(p); own || err != nil {
			return own, err
		}
	}
	for _, b := range behind {
		if b.handle == nil {
			continue
		}
		if own, err = b.handle(p); own || err != nil {
			return own, err
		}
	}
	s.unasked(p)
	return false, nil
}
