package mailsync_test

import (
	"context"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// only lets so many connections through to a port at a time, and closes every other one at once.
func only(t *testing.T, most *atomic.Int32, port int) (at int, refused *atomic.Int32) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	refused = &atomic.Int32{}
	var open atomic.Int32
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			if open.Add(1) > most.Load() {
				open.Add(-1)
				refused.Add(1)
				c.Close()
				continue
			}
			go func() {
				defer open.Add(-1)
				defer c.Close()
				s, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
				if err != nil {
					return
				}
				go func() {
					io.Copy(s, c)
					s.Close()
				}()
				io.Copy(c, s)
			}()
		}
	}()
	return ln.Addr().(*net.TCPAddr).Port, refused
}

// A server that takes so many connections and no more: mail comes, what the user does is carried out, and a message that is opened comes,
// although nobody has told the account of that limit, and whoever has the connection when there is only one left.
func TestServerThatTakesFewConnections(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		first, then int32
		marked      bool // a folder is listened to on a connection of its own
	}{"one": {1, 1, false}, "one, which listens": {2, 1, false}, "two": {2, 2, false}, "two, which listen": {3, 2, true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, offers("MOVE"), false)
			r.box.Command(t, "ali", "CREATE Work", "SUBSCRIBE Work")
			r.dove.Deliver("ali", letters(0, 5)...)
			var most atomic.Int32
			most.Store(c.first)
			port, refused := only(t, &most, r.box.IMAPSPort)
			a := r.account("ali", mail.IMAP, func(a *mail.Account) {
				a.Incoming.Port, a.Check.AtStart, a.Check.EveryMinutes, a.IMAP.OfflineDays = port, true, 15, -1
			})
			var mu sync.Mutex
			var sessions []remote.Mailboxes
			r.wrap = func(s remote.Remote) remote.Remote {
				mu.Lock()
				defer mu.Unlock()
				sessions = append(sessions, s.(remote.Mailboxes))
				return s
			}
			r.live()
			shows := func(n int) func() bool {
				return func() bool {
					f, err := r.st.FolderByRole(r.ctx, a.ID, mail.RoleInbox)
					return err == nil && f.Total == n && f.UIDNext != 0
				}
			}
			r.inTime("the first download", shows(5))
			if c.first == 1 {
				r.inTime("a connection too many", func() bool { return refused.Load() > 0 })
			} else {
				eventually(t, "listening", func() bool { return r.e.Hears(a.ID) })
			}
			if c.marked {
				f := r.folder(a, "Work").ID
				if err := r.e.Listen(r.ctx, f, true); err != nil {
					t.Fatal(err)
				}
				eventually(t, "listening to the folder", func() bool {
					l, err := r.e.Listening(r.ctx)
					return err == nil && l[f].Now
				})
			}
			if most.Store(c.then); c.then < c.first {
				mu.Lock()
				for _, s := range sessions {
					ctx, cancel := context.WithTimeout(r.ctx, 2*time.Second)
					if s.Noop(ctx) == nil { // it does not listen
						s.Close()
					}
					cancel()
				}
				mu.Unlock()
			}
			r.dove.Deliver("ali", letters(5, 1)...)
			r.inTime("new mail", shows(6))
			row := r.find(r.inbox(a), "message 1")
			r.inTime("the message that is opened", func() bool { return r.e.Want(r.ctx, row.ID, nil) == nil })
			r.do(mail.Action{Kind: mail.ActStar, Messages: []mail.MessageID{row.ID}})
			r.inTime("the star", func() bool {
				return strings.Contains(r.dove.Doveadm("fetch", "-u", "ali", "flags", "mailbox", "INBOX"), `\Flagged`)
			})
			if r.e.Attends(a.ID) != (c.then > 1) {
				t.Errorf("%d connections, and one listens: %v", c.then, r.e.Attends(a.ID))
			}
		})
	}
}
