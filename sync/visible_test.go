package mailsync_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// The newest fifty of the inbox, and no others, are in the list before the first whole message has come.
func TestNewestAreListedFirst(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 130)...)
	a := r.account("ali", mail.IMAP, nil)
	log := &wirelog{}
	var listed []mail.UID
	var once sync.Once
	log.body = func(string, mail.UID) {
		once.Do(func() { // the rows are written beside this
			for end := time.Now().Add(time.Minute); len(listed) < 50 && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
				listed = nil
				for _, row := range r.rows(r.inbox(a)) {
					listed = append(listed, row.UID)
				}
			}
		})
	}
	r.wrap = log.wrap
	r.sync(a)
	if len(listed) != 50 || slices.Min(listed) != 81 {
		t.Errorf("listed before the first whole message: %v", listed)
	}
	r.sameMail(a, "ali", "INBOX")
}

// The order on the wire is that of what the user looks at: the message that was opened, those beside it, the folder that is shown, newest
// first, and then the rest. One connection, so that nothing can overtake.
func TestOrderOfBodies(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 120)...)
	for _, raw := range letters(200, 70) {
		r.dove.DeliverTo("ali", "Work", raw)
	}
	a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.IMAP.MaxConnections, a.Check.AtStart = 1, true })
	log := &wirelog{}
	held, looked := make(chan struct{}), make(chan struct{})
	var once sync.Once
	log.body = func(string, mail.UID) {
		once.Do(func() {
			close(held)
			<-looked
		})
	}
	r.wrap = log.wrap
	r.live()
	<-held
	// By arrival, as the server tells it; what arrived in the same second in the order of the rows.
	byArrival := func(path string) []mail.Row {
		rows := r.rows(r.folder(a, path))
		slices.SortFunc(rows, func(a, b mail.Row) int { return cmp.Or(b.Received.Compare(a.Received), cmp.Compare(b.ID, a.ID)) })
		return rows
	}
	// What is opened, and what stands beside it, is among the last that would come, however the delivery fell into seconds.
	last := byArrival("INBOX")[80:]
	among := func(uid mail.UID) bool {
		return slices.ContainsFunc(last, func(row mail.Row) bool { return row.UID == uid })
	}
	i := slices.IndexFunc(last, func(row mail.Row) bool { return among(row.UID-1) && among(row.UID+1) })
	if i < 0 {
		t.Fatal("no three messages that follow each other came last")
	}
	wish := last[i]
	opened := make(chan error, 1)
	go func() { opened <- r.e.Want(r.ctx, wish.ID, nil) }()
	eventually(t, "the wish", func() bool { return r.e.Waiting(a.ID) > 0 })
	work := r.folder(a, "Work")
	if work.UIDNext != 0 {
		t.Fatal("the other folder came first")
	}
	if err := r.e.Look(r.ctx, work.ID); err != nil {
		t.Fatal(err)
	}
	before := len(log.all())
	close(looked)
	if err := <-opened; err != nil {
		t.Fatal(err)
	}
	here := func(path string) int {
		n := 0
		for _, row := range r.rows(r.folder(a, path)) {
			if row.HasBody {
				n++
			}
		}
		return n
	}
	eventually(t, "everything", func() bool { return here("INBOX") == 120 && here("Work") == 70 })
	asked := log.all()
	sets := func(path string) (out []string) {
		for c := range slices.Chunk(byArrival(path), 10) {
			var set []remote.UIDRange
			var uids []mail.UID
			for _, row := range c {
				uids = append(uids, row.UID)
			}
			slices.Sort(uids)
			for _, u := range uids {
				if n := len(set); n > 0 && set[n-1].Last+1 == u {
					set[n-1].Last = u
				} else {
					set = append(set, remote.UIDRange{First: u, Last: u})
				}
			}
			out = append(out, fmt.Sprintf("whole %s %v", path, set))
		}
		return out
	}
	inbox := sets("INBOX")
	if !slices.Equal(asked[:before], inbox[:before]) {
		t.Errorf("before: %q, want %q", asked[:before], inbox)
	}
	one := func(uid mail.UID) string { return fmt.Sprintf("whole INBOX [{%d %d}]", uid, uid) }
	want := slices.Concat(inbox[:before], []string{one(wish.UID), one(wish.UID - 1), one(wish.UID + 1)}, sets("Work"))
	if len(asked) < len(want) || !slices.Equal(asked[:len(want)], want) {
		t.Errorf("asked for %q, want first %q", asked, want)
	}
	for _, s := range asked[min(len(want), len(asked)):] {
		if !strings.HasPrefix(s, "whole INBOX") {
			t.Errorf("at last it asked for %q", s)
		}
	}
	r.sameMail(a, "ali", "INBOX")
	r.sameMail(a, "ali", "Work")
}

// A large message that a pass fetches by itself keeps nobody waiting longer than for a piece of it, though there is one connection only;
// and whoever opens that very message reads its text before its file has come.
func TestABackgroundBodyMakesRoom(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	large, _ := withFile(1, 3_000_000)
	r.dove.Deliver("ali", letter(2, "small", "text"), large)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.IMAP.MaxConnections, a.Check.AtStart = 1, true })
	log := &wirelog{}
	small, readable := make(chan error, 1), make(chan struct{})
	count := 0
	log.piece = func(mail.UID, int64) {
		switch count++; count {
		case 1:
			id := r.find(r.inbox(a), "small").ID
			go func() { small <- r.e.Want(r.ctx, id, nil) }()
			eventually(t, "the wish", func() bool { return r.e.Waiting(a.ID) > 0 })
		case 5:
			id := r.find(r.inbox(a), "file 1").ID
			joined := make(chan struct{})
			go func() {
				var once sync.Once
				_ = r.e.Want(r.ctx, id, func(p mail.Arrival) {
					once.Do(func() { close(joined) })
					if p.Readable > 0 && p.Done < p.Total {
						select {
						case <-readable:
						default:
							close(readable)
						}
					}
				})
			}()
			<-joined
		}
	}
	r.wrap = log.wrap
	r.live()
	if err := <-small; err != nil {
		t.Fatal(err)
	}
	<-readable
	eventually(t, "everything", func() bool { return r.find(r.inbox(a), "file 1").HasBody })
	r.sameMail(a, "ali", "INBOX")
	asked := log.all()
	at := slices.Index(asked, "whole INBOX [{1 1}]")
	if at <= 0 || !slices.ContainsFunc(asked[at:], func(s string) bool { return strings.HasPrefix(s, "range INBOX 2") }) {
		t.Errorf("asked for %q", asked)
	}
}
