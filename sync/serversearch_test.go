package mailsync_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
	"peyk/store"
)

// asked runs a search on the servers and returns the last that was told.
func (r *rig) asked(query string) mail.ServerFound {
	r.t.Helper()
	var last mail.ServerFound
	if err := r.e.SearchServers(r.ctx, query, func(f mail.ServerFound) {
		if f.Done < last.Done || len(f.Messages) < len(last.Messages) || f.Done > f.Total {
			r.t.Errorf("told %+v after %+v", f, last)
		}
		last = f
	}); err != nil {
		r.t.Fatal(err)
	}
	return last
}

// listed are the subjects of a search with what servers found.
func (r *rig) listed(query string, found mail.ServerFound) string {
	r.t.Helper()
	q := store.Query{Search: query, Also: store.NewAlso(found.Messages)}
	rows, err := r.st.Page(r.ctx, q, 0, 100)
	if err != nil {
		r.t.Fatal(err)
	}
	if n, _, err := r.st.Count(r.ctx, q); err != nil || n != len(rows) {
		r.t.Errorf("%s: %d counted, %d listed, %v", query, n, len(rows), err)
	}
	var out []string
	for i, row := range rows {
		out = append(out, row.Subject)
		if at, err := r.st.Position(r.ctx, q, row.ID); err != nil || at != i {
			r.t.Errorf("%s: message %d is at %d, %v", query, i, at, err)
		}
	}
	slices.Sort(out)
	return strings.Join(out, ",")
}

// Servers are asked for words in texts that are not here, on a session of its own or on the only one, with or without the extensions that help,
// in the letters of the user and the other forms of them; what the query says beside words is decided here.
func TestSearchOnTheServer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		extra string
		most  int
	}{
		"as it is":       {"", 0},
		"one connection": {"", 1},
		"plain":          {"protocol imap {\nimap_capability = IMAP4rev1 UIDPLUS\n}\n", 0},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, mailtest.DovecotOptions{Extra: c.extra}, false)
			r.dove.Deliver("ali",
				letter(1, "first", "the pomegranates are ripe\r\n"),
				letter(2, "second", "nothing of it\r\n"),
				letter(3, "pomegranate", "by its subject\r\n"),
				letter(4, "fourth", "كتاب‌هاي تازه رسید\r\n"),
				letter(5, "fifth", "pomegranate and quince\r\n"))
			r.dove.DeliverTo("ali", "Archive", letter(6, "old", "one more pomegranate\r\n"))
			a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.IMAP.OfflineDays, a.IMAP.MaxConnections = -1, c.most })
			if c.most == 1 {
				r.push = true
				r.restart()
				if err := r.e.Start(r.ctx); err != nil {
					t.Fatal(err)
				}
				r.e.GetMail()
				eventually(t, "the list", func() bool {
					n, err := r.st.HeaderOnly(r.ctx)
					return err == nil && n == 6
				})
			} else {
				r.sync(a)
			}
			for _, c := range []struct {
				query, before, after string
				asked                int
			}{
				{"pomegranate", "pomegranate", "fifth,first,old,pomegranate", 5},
				{"pomegranate quince", "", "fifth", 6},
				{"pomegranate -quince", "pomegranate", "first,old,pomegranate", 5},
				{"\"one more\" OR quince", "", "fifth,old", 6},
				{"pomegranate in:archive", "", "old", 1},
				{"pomegranate subject:fifth", "", "fifth", 1},
				{"pomegranate is:starred", "", "", 0},
				{"کتاب\u200cهای", "", "fourth", 6},
				{"بودجه", "", "", 6},
			} {
				if have := r.listed(c.query, mail.ServerFound{}); have != c.before {
					t.Errorf("%s here: %s", c.query, have)
				}
				if n, err := r.st.AskCount(r.ctx, c.query); err != nil || n != c.asked {
					t.Errorf("%s: %d to ask about, %v", c.query, n, err)
				}
				found := r.asked(c.query)
				if len(found.Problems) > 0 || found.Done != c.asked || found.Total != c.asked {
					t.Errorf("%s: %+v", c.query, found)
				}
				if have := r.listed(c.query, found); have != c.after {
					t.Errorf("%s: %s, want %s", c.query, have, c.after)
				}
			}
			for _, nothing := range []string{"is:unread", "from:a@b", "subject:x OR y", "-pomegranate", "a", ""} {
				if n, err := r.st.AskCount(r.ctx, nothing); err != nil || n != 0 {
					t.Errorf("%q: %d to ask about, %v", nothing, n, err)
				}
			}
			// A message that is opened is whole, and stays in the list.
			found := r.asked("quince")
			if err := r.e.Want(r.ctx, found.Messages[0], nil); err != nil {
				t.Fatal(err)
			}
			if have := r.listed("quince", found); have != "fifth" {
				t.Errorf("after opening: %s", have)
			}
			// Where workers run, what lies beside the opened message may have been fetched by now, too.
			if n, err := r.st.AskCount(r.ctx, "quince"); err != nil || n > 5 || n < 5 && c.most != 1 {
				t.Errorf("after opening: %d to ask about, %v", n, err)
			}
		})
	}
}

// What goes wrong is told with the account that it is about, the others are asked all the same, and a search that is given up ends.
func TestSearchOnTheServerFails(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	proxy := mailtest.StartFaultProxy(t, r.dove.IMAPPort, 1)
	for i := range 3 {
		r.dove.Deliver("ali", letter(i, fmt.Sprint("ali ", i), "a quince\r\n"))
		r.dove.Deliver("sara", letter(i, fmt.Sprint("sara ", i), "a quince\r\n"))
	}
	lazy := func(a *mail.Account) { a.IMAP.OfflineDays = -1 }
	ali := r.account("ali", mail.IMAP, func(a *mail.Account) {
		lazy(a)
		a.Incoming.Port, a.Incoming.Security, a.Incoming.AllowPlaintext = proxy.Port(), mail.SecurityNone, true
	})
	sara := r.account("sara", mail.IMAP, lazy)
	r.sync(ali)
	r.sync(sara)
	proxy.CutBefore("UID SEARCH", 1)
	found := r.asked("quince")
	if len(found.Problems) != 1 || found.Problems[0].Account != ali.ID || len(found.Messages) != 3 || found.Done != 3 || found.Total != 6 {
		t.Errorf("with one server gone: %+v", found)
	}
	if found = r.asked("quince"); len(found.Problems) != 0 || len(found.Messages) != 6 {
		t.Errorf("with both: %+v", found)
	}
	r.e.SetOnline(false)
	if found = r.asked("quince"); len(found.Problems) != 2 || len(found.Messages) != 0 {
		t.Errorf("offline: %+v", found)
	}
	r.e.SetOnline(true)
	held := proxy.HoldOn("UID SEARCH", false)
	ctx, cancel := context.WithCancel(r.ctx)
	go func() { <-held; cancel() }()
	if err := r.e.SearchServers(ctx, "quince", func(mail.ServerFound) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	proxy.Heal()
}
