package mailsync_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// held is a session whose bodies can be stopped on their way.
type held struct {
	logged
	next remote.Nexter
	// read is called before each read of a body that a pass asked for; it may wait, or end the connection.
	read func(uid mail.UID, done int64) error
	each func(b *heldBody) // is called before that; nil: nothing is
}

type heldBody struct {
	io.Reader
	h    *held
	uid  mail.UID
	done int64
	slow bool
}

func (b *heldBody) Read(p []byte) (int, error) {
	if b.h.each != nil {
		b.h.each(b)
	}
	if err := b.h.read(b.uid, b.done); err != nil {
		b.h.Close()
		return 0, err
	}
	n, err := b.Reader.Read(p)
	b.done += int64(n)
	return n, err
}

func (h *held) SelectNext(ctx context.Context, path string, ask remote.Since) (remote.MailboxState, error) {
	return h.next.SelectNext(ctx, path, ask)
}

func (h *held) FetchEach(ctx context.Context, path string, sets [][]remote.UIDRange, want remote.Want, more func() bool, fn func(remote.Fetched) error) ([]remote.Poisoned, int, error) {
	return h.FetchNext(ctx, path, sets, want, more, nil, fn)
}

func (h *held) FetchNext(ctx context.Context, path string, sets [][]remote.UIDRange, want remote.Want, more func() bool, then func() []remote.Visit, fn func(remote.Fetched) error) ([]remote.Poisoned, int, error) {
	n := 0
	ask := func() {
		if want == remote.WantBody {
			h.log.note("whole %s %v", path, sets[n])
		}
		n++
	}
	ask()
	return h.next.FetchNext(ctx, path, sets, want, func() bool {
		ok := more()
		if ok {
			ask()
		}
		return ok
	}, then, func(f remote.Fetched) error {
		if f.Body != nil {
			f.Body = &heldBody{Reader: f.Body, h: h, uid: f.UID}
		}
		return fn(f)
	})
}

// streaming is a first download through a proxy that counts, stopped in the middle of its first body.
type streaming struct {
	*rig
	a       mail.Account
	proxy   *mailtest.FaultProxy
	log     wirelog
	stopped chan mail.UID
	release chan error
	after   int64 // bytes of a body after which it is stopped
	// mine, when set, says at which body to stop.
	mine       func(uid mail.UID) bool
	wrapBodies func(b *heldBody) // see held.each
	// last, when set, is called before each body later on.
	last func(uid mail.UID)
}

func newStreaming(t *testing.T, mta withMTA, change func(*mail.Account)) *streaming {
	s := &streaming{rig: newRig(t, mailtest.DovecotOptions{}, mta), stopped: make(chan mail.UID, 1), release: make(chan error)}
	t.Cleanup(func() { close(s.release) })
	s.proxy = mailtest.StartFaultProxy(t, s.box.IMAPSPort, 1)
	s.a = s.account("ali", mail.IMAP, func(a *mail.Account) {
		a.Incoming.Port = s.proxy.Port()
		a.Check.AtStart = true
		if change != nil {
			change(a)
		}
	})
	return s
}

// begin starts the workers and returns where the pass was stopped.
func (s *streaming) begin() mail.UID {
	s.t.Helper()
	var once sync.Once
	s.wrap = func(r remote.Remote) remote.Remote {
		h := &held{logged: s.log.wrap(r).(logged), next: r.(remote.Nexter), each: s.wrapBodies}
		h.read = func(uid mail.UID, done int64) (err error) {
			if done >= s.after && (s.mine == nil || s.mine(uid)) {
				once.Do(func() {
					s.stopped <- uid
					err = <-s.release
				})
			}
			if s.last != nil && done == 0 {
				s.last(uid)
			}
			return err
		}
		return h
	}
	s.live()
	s.e.Patient(s.a.ID, patience)
	return <-s.stopped
}

// arrivals listens from now on to what is told as new; told ends that and gives the subjects.
func (r *rig) arrivals() (told func() []string) {
	const end = "the end of what the test listens to"
	sub := r.st.Subscribe()
	ended := make(chan []mail.MessageID)
	go func() {
		var ids []mail.MessageID
		for c := range sub.C {
			ids = append(ids, c.Arrived...)
			if over, _ := r.st.Setting(r.ctx, end); over != "" && c.Settings {
				break
			}
		}
		ended <- ids
	}()
	return func() []string {
		r.t.Helper()
		if err := r.st.SetSetting(r.ctx, end, "x"); err != nil {
			r.t.Fatal(err)
		}
		rows, err := r.st.Rows(r.ctx, <-ended)
		if err != nil {
			r.t.Fatal(err)
		}
		sub.Close()
		out := []string{}
		for _, row := range rows {
			out = append(out, row.Subject)
		}
		slices.Sort(out)
		return out
	}
}

// row is a message, once it is listed.
func (s *streaming) row(subject string) (row mail.Row) {
	s.t.Helper()
	eventually(s.t, "the row of "+subject, func() bool {
		rows := s.rows(s.inbox(s.a))
		i := slices.IndexFunc(rows, func(r mail.Row) bool { return r.Subject == subject })
		if i >= 0 {
			row = rows[i]
		}
		return i >= 0
	})
	return row
}

// want opens a message.
func (s *streaming) want(id mail.MessageID, tell func(mail.Arrival)) <-chan error {
	done := make(chan error, 1)
	go func() { done <- s.e.Want(s.ctx, id, tell) }()
	return done
}

// once fails when more than a little beside so many bytes crossed the line.
func (s *streaming) once(bytes int) {
	s.t.Helper()
	if n := s.proxy.Passed(); n > int64(bytes)*5/4 {
		s.t.Errorf("%d bytes for messages of %d", n, bytes)
	}
}

func (s *streaming) complete(n int) {
	s.t.Helper()
	eventually(s.t, "everything", func() bool {
		rows := s.rows(s.inbox(s.a))
		return len(rows) == n && !slices.ContainsFunc(rows, func(r mail.Row) bool { return !r.HasBody })
	})
	s.sameMail(s.a, "ali", "INBOX")
}

// randomText is text that cannot be compressed.
func randomText(n, size int) string {
	rng := rand.New(rand.NewPCG(2, uint64(n)))
	var out strings.Builder
	for out.Len() < size {
		line := make([]byte, 54)
		for i := range line {
			line[i] = byte(rng.Uint32())
		}
		out.WriteString(base64.StdEncoding.EncodeToString(line) + "\r\n")
	}
	return out.String()
}

func noisy(from, n, size int) (out [][]byte, total int) {
	for i := from; i < from+n; i++ {
		raw := letter(i, fmt.Sprintf("message %d", i), randomText(i, size))
		total += len(raw)
		out = append(out, raw)
	}
	return out, total
}

// alone are the commands that asked for one message by itself.
func (s *streaming) alone() (out []string) {
	for _, line := range s.log.all() {
		var path string
		var from, to int
		if n, _ := fmt.Sscanf(line, "whole %s [{%d %d}]", &path, &from, &to); n == 3 && from == to || !strings.HasPrefix(line, "whole ") {
			out = append(out, line)
		}
	}
	return out
}

// asked is how often each message was asked for whole.
func (s *streaming) asked() map[mail.UID]int {
	seen := map[mail.UID]int{}
	for _, line := range s.log.all() {
		_, sets, _ := strings.Cut(line, "[")
		for _, r := range strings.Split(strings.Trim(sets, "[]{}"), "} {") {
			var from, to mail.UID
			if n, _ := fmt.Sscanf(r, "%d %d", &from, &to); n == 2 {
				for u := from; u <= to; u++ {
					seen[u]++
				}
			}
		}
	}
	return seen
}

// Whoever opens a message that a first download has asked for gets it from there, as soon as it is here, and not once more.
func TestOpenedWhileItIsOnItsWay(t *testing.T) {
	t.Parallel()
	s := newStreaming(t, false, nil)
	msgs, total := noisy(0, 60, 40_000)
	s.dove.Deliver("ali", msgs...)
	first := s.begin()
	opened := []<-chan error{s.want(s.row("message 50").ID, nil), s.want(s.row("message 59").ID, nil)}
	eventually(t, "the wishes", func() bool { return s.e.Awaited(s.a.ID) == 2 })
	if first != 11 || s.e.Waiting(s.a.ID) != 0 {
		t.Errorf("stopped at %d, %d wait to be served", first, s.e.Waiting(s.a.ID))
	}
	s.release <- nil
	for _, o := range opened {
		if err := <-o; err != nil {
			t.Fatal(err)
		}
	}
	s.complete(60)
	if a := s.alone(); len(a) > 0 {
		t.Errorf("asked for by themselves: %q", a)
	}
	s.once(total)
	s.sound()
}

// When the connection of the download dies, whoever waited for it is served by another one.
func TestTheStreamDiesUnderAWish(t *testing.T) {
	t.Parallel()
	s := newStreaming(t, false, nil)
	msgs, _ := noisy(0, 60, 4000)
	s.dove.Deliver("ali", msgs...)
	s.begin()
	opened := s.want(s.row("message 59").ID, nil)
	eventually(t, "the wish", func() bool { return s.e.Awaited(s.a.ID) == 1 })
	s.release <- errCut
	if err := <-opened; err != nil {
		t.Fatal(err)
	}
	if !s.row("message 59").HasBody {
		t.Error("it was answered, and is not here")
	}
	s.e.GetMail()
	s.complete(60)
	s.sound()
}

// A download from which nothing comes any more keeps nobody waiting.
func TestASilentStreamIsNotAwaited(t *testing.T) {
	t.Parallel()
	s := newStreaming(t, false, nil)
	msgs, _ := noisy(0, 60, 4000)
	s.dove.Deliver("ali", msgs...)
	s.begin()
	s.e.Patient(s.a.ID, time.Millisecond)
	if err := <-s.want(s.row("message 59").ID, nil); err != nil {
		t.Fatal(err)
	}
	s.release <- nil
	s.complete(60)
	s.sound()
}

// What was not asked for yet when it is opened is brought out of turn, and not once more in its turn.
func TestOutOfTurnIsNotFetchedAgain(t *testing.T) {
	t.Parallel()
	s := newStreaming(t, false, func(a *mail.Account) { a.IMAP.OfflineDays = -1 })
	msgs, total := noisy(0, 120, 20_000)
	s.dove.Deliver("ali", msgs...)
	s.sync(s.a)
	s.a.IMAP.OfflineDays = 0
	if _, err := s.e.SaveAccount(s.ctx, s.a, mail.Secrets{}); err != nil {
		t.Fatal(err)
	}
	s.begin()
	asked := s.asked()
	chosen := 0
	for _, row := range s.rows(s.inbox(s.a)) {
		if asked[row.UID] > 0 || chosen == 3 {
			continue
		}
		chosen++
		if err := <-s.want(row.ID, nil); err != nil {
			t.Fatal(err)
		}
	}
	if chosen != 3 || len(s.alone()) < chosen {
		t.Errorf("%d messages were opened; asked for by themselves: %q", chosen, s.alone())
	}
	s.release <- nil
	s.complete(120)
	seen := s.asked()
	for u, n := range seen {
		if n != 1 {
			t.Errorf("UID %d was asked for %d times", u, n)
		}
	}
	if len(seen) != 120 {
		t.Errorf("%d messages were asked for", len(seen))
	}
	s.once(total)
	s.sound()
}

// Of a large message on its way its text is read at once; the file comes with the download.
func TestALargeMessageOnItsWayIsReadMeanwhile(t *testing.T) {
	t.Parallel()
	s := newStreaming(t, false, nil)
	s.dove.Deliver("ali", letters(0, 60)...)
	large, _ := withFile(1, 3_000_000)
	s.dove.Deliver("ali", large)
	s.after, s.mine = 2_000_000, func(uid mail.UID) bool { return uid == 61 }
	s.begin()
	readable := make(chan struct{})
	var once sync.Once
	var last mail.Arrival
	opened := s.want(s.row("file 1").ID, func(a mail.Arrival) {
		last = a
		if a.Readable > 0 {
			once.Do(func() { close(readable) })
		}
	})
	<-readable
	eventually(t, "it is awaited", func() bool { return s.e.Awaited(s.a.ID) == 1 })
	c, err := s.e.Content(s.ctx, s.row("file 1").ID)
	if err != nil || !c.Partial || c.Text != "number 1 سلام flows" {
		t.Errorf("what can be read: %q, %v", c.Text, err)
	}
	s.release <- nil
	if err := <-opened; err != nil {
		t.Fatal(err)
	}
	if last.Done != last.Total || last.Total < 4_000_000 || last.Readable == 0 {
		t.Errorf("told at last: %+v", last)
	}
	s.complete(61)
	for _, line := range s.alone() {
		if strings.HasPrefix(line, "range") {
			t.Errorf("it was asked for by itself: %s", line)
		}
	}
	s.once(len(large) + 30_000)
	s.sound()
}
