package mailsync_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// stuckCase is an operation that fails again and again.
type stuckCase struct {
	name    string
	dovecot mailtest.DovecotOptions
	lost    string // the command that is carried out first, and its answer lost; "" for none
	on      string // the command at which the connection breaks
	before  bool   // the command never gets there; else its answer is lost
	act     mail.ActionKind
	from    string
	to      string
}

// New mail comes into every folder, that of the operation too, while an operation fails again and again; in the end it was carried out
// once, and the message that the user acted on is still the same one here.
func TestNewMailWhileAnOperationIsStuck(t *testing.T) {
	t.Parallel()
	all, bare := mailtest.DovecotOptions{}, servers[2].dovecot
	const find, mark = "SEARCH", "UID STORE"
	for _, c := range []stuckCase{
		{"MOVE", all, "", "UID MOVE", true, mail.ActMove, "INBOX", "Work"},
		{"MOVE into the inbox", all, "", "UID MOVE", true, mail.ActMove, "Work", "INBOX"},
		{"MOVE is done, and its message looked for in vain", all, "UID MOVE", find, true, mail.ActMove, "INBOX", "Work"},
		{"MOVE into the inbox is done, and its message looked for in vain", all, "UID MOVE", find, true, mail.ActMove, "Work", "INBOX"},
		{"COPY", bare, "", "UID COPY", true, mail.ActMove, "INBOX", "Work"},
		{"a move whose source cannot be marked", bare, "", mark, true, mail.ActMove, "INBOX", "Work"},
		{"a move back to the inbox whose source is marked, time and again", bare, "", mark, false, mail.ActMove, "Work", "INBOX"},
		{"a copy that is done, and looked for in vain", bare, "UID COPY", find, true, mail.ActCopy, "Work", "INBOX"},
		{"a copy", all, "", "UID COPY", true, mail.ActCopy, "INBOX", "Work"},
		{"a folder that is made", all, "", "CREATE ", true, mail.ActNewFolder, "", "Made"},
		{"a folder that is renamed", all, "", "RENAME ", true, mail.ActRename, "Other", "Made"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t)
		})
	}
}

func (c stuckCase) run(t *testing.T) {
	r := newRig(t, c.dovecot, false)
	r.dove.Deliver("ali", letters(0, 3)...)
	r.box.Command(t, "ali", "CREATE Work", "SUBSCRIBE Work", "CREATE Other", "SUBSCRIBE Other")
	r.box.Append(t, "ali", "Work", letters(3, 2)...)
	proxy := mailtest.StartFaultProxy(t, r.dove.IMAPPort, 1)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) {
		a.Incoming.Port, a.Incoming.Security, a.Incoming.AllowPlaintext = proxy.Port(), mail.SecurityNone, true
	})
	r.sync(a)
	id := c.do(r, a)
	if c.lost != "" {
		proxy.BreakOn(c.lost, mailtest.FaultLoseReply, 1)
		r.pass(a)
	}
	if c.before {
		proxy.CutBefore(c.on, 5)
	} else {
		proxy.BreakOn(c.on, mailtest.FaultLoseReply, 5)
	}
	boxes := []string{"INBOX", "Work"}
	if c.act != mail.ActRename {
		boxes = append(boxes, "Other")
	}
	broken := 0
	for n := 10; n < 13; n++ {
		for i, box := range boxes {
			r.box.Append(t, "ali", box, letter(10*n+i, fmt.Sprintf("new %d", n), "text"))
		}
		if res := r.pass(a); len(res.Failed) > 0 {
			broken++
		}
		for _, box := range boxes {
			r.find(r.folder(a, box), fmt.Sprintf("new %d", n))
		}
	}
	// What was done is known to be once a pass has seen it, and new mail comes before another try: then it breaks no more.
	if broken < 2 && c.lost == "" {
		t.Errorf("the operation was broken in %d passes", broken)
	}
	quiet(t, rigged{r, proxy}.healed(), a)
	r.sound()
	for _, box := range boxes {
		var here [][]byte
		for _, row := range r.rows(r.folder(a, box)) {
			here = append(here, r.raw(row.ID))
		}
		if extra, missing := diff(here, r.kept(box)); len(extra)+len(missing) > 0 {
			t.Errorf("%s: %d messages only here, %d missing here", box, len(extra), len(missing))
		}
	}
	c.ended(r, a, id)
}

// A server falls silent at the first try of an operation, carried out or not: new mail that comes meanwhile is there long before that is
// given up, on the connection that listens, and the operation is done once.
func TestNewMailWhileTheServerIsSilent(t *testing.T) {
	t.Parallel()
	for name, done := range map[string]bool{"not carried out": false, "carried out": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{}, false)
			r.dove.Deliver("ali", letters(0, 3)...)
			r.box.Command(t, "ali", "CREATE Work", "SUBSCRIBE Work")
			proxy := mailtest.StartFaultProxy(t, r.dove.IMAPPort, 1)
			a := r.account("ali", mail.IMAP, func(a *mail.Account) {
				a.Incoming.Port, a.Incoming.Security, a.Incoming.AllowPlaintext = proxy.Port(), mail.SecurityNone, true
				a.Incoming.TimeoutSeconds = 600 // no try ends in this test by itself
			})
			r.sync(a)
			r.live()
			eventually(t, "a connection that listens", func() bool { return r.e.Hears(a.ID) })
			held := proxy.HoldOn("UID MOVE", done)
			id := r.rows(r.inbox(a))[0].ID
			r.do(mail.Action{Kind: mail.ActMove, Messages: []mail.MessageID{id}, Folder: r.folder(a, "Work").ID})
			<-held
			r.dove.Deliver("ali", letters(10, 1)...)
			eventually(t, "the new mail", func() bool {
				return slices.ContainsFunc(r.rows(r.inbox(a)), func(m mail.Row) bool { return m.Subject == "message 10" })
			})
			ops, err := r.st.Ops(r.ctx, 10)
			if err != nil || len(ops) != 1 || ops[0].State != mail.OpRunning {
				t.Errorf("operations then: %+v, %v", ops, err)
			}
			r.dove.Deliver("ali", letters(11, 1)...)
			eventually(t, "more of it", func() bool { return len(r.rows(r.inbox(a))) == 4 })
			r.e.Wake() // ends what waits for the server
			eventually(t, "the operation", func() bool {
				_, open, err := r.st.OpenOps(r.ctx, 10)
				return err == nil && open == 0
			})
			quiet(t, rigged{r, proxy}.healed(), a)
			r.sameMail(a, "ali", "INBOX")
			r.sameMail(a, "ali", "Work")
			if row, err := r.st.Row(r.ctx, id); err != nil || row.Folder != r.folder(a, "Work").ID {
				t.Errorf("what was moved: %+v, %v", row, err)
			}
			r.sound()
		})
	}
}

// With one connection new mail comes first, and where a try ends the session it comes in the same pass.
func TestNewMailBeforeAnOperation(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 3)...)
	r.box.Command(t, "ali", "CREATE Work", "SUBSCRIBE Work")
	proxy := mailtest.StartFaultProxy(t, r.dove.IMAPPort, 1)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) {
		a.Incoming.Port, a.Incoming.Security, a.Incoming.AllowPlaintext = proxy.Port(), mail.SecurityNone, true
		a.Incoming.TimeoutSeconds, a.IMAP.MaxConnections, a.Check.AtStart = 600, 1, true
	})
	r.sync(a)
	r.do(mail.Action{Kind: mail.ActMove, Messages: []mail.MessageID{r.rows(r.inbox(a))[0].ID}, Folder: r.folder(a, "Work").ID})
	r.dove.Deliver("ali", letters(10, 1)...)
	held := proxy.HoldOn("UID MOVE", false)
	r.live()
	<-held
	r.find(r.inbox(a), "message 10")
	r.e.Wake()
	eventually(t, "the operation", func() bool {
		_, open, err := r.st.OpenOps(r.ctx, 10)
		return err == nil && open == 0
	})
	quiet(t, rigged{r, proxy}.healed(), a)
	r.sameMail(a, "ali", "INBOX")
	r.sameMail(a, "ali", "Work")
	r.sound()
}

// kept is what the server holds in a folder without what is marked \Deleted: a server without UIDPLUS never expunges.
func (r *rig) kept(box string) [][]byte {
	r.t.Helper()
	flags := r.box.Flags(r.t, "ali", box)
	var out [][]byte
	for i, raw := range r.box.Messages(r.t, "ali", box) {
		if !slices.Contains(flags[i], `\Deleted`) {
			out = append(out, raw)
		}
	}
	return out
}

// rigged is a rig behind a proxy.
type rigged struct {
	*rig
	proxy *mailtest.FaultProxy
}

// healed lets the proxy be.
func (r rigged) healed() *rig {
	r.proxy.BreakOn("", 0, 0)
	r.proxy.Heal()
	return r.rig
}

// do starts the operation, and stars what it moves afterwards: that must not be lost with it.
func (c stuckCase) do(r *rig, a mail.Account) mail.MessageID {
	r.t.Helper()
	switch c.act {
	case mail.ActNewFolder:
		r.do(mail.Action{Kind: c.act, Account: a.ID, Name: c.to})
		return 0
	case mail.ActRename:
		r.do(mail.Action{Kind: c.act, Folder: r.folder(a, c.from).ID, Name: c.to})
		return 0
	}
	id := r.rows(r.folder(a, c.from))[0].ID
	r.do(mail.Action{Kind: c.act, Messages: []mail.MessageID{id}, Folder: r.folder(a, c.to).ID})
	if c.act == mail.ActMove {
		r.do(mail.Action{Kind: mail.ActStar, Messages: []mail.MessageID{id}})
	}
	return id
}

// ended looks at what became of it.
func (c stuckCase) ended(r *rig, a mail.Account, id mail.MessageID) {
	r.t.Helper()
	if id == 0 {
		if f := r.folder(a, c.to); !f.Selectable || f.Missing {
			r.t.Errorf("%+v", f)
		}
		return
	}
	row, err := r.st.Row(r.ctx, id)
	if err != nil {
		r.t.Fatalf("the message that was acted upon: %v", err)
	}
	count := map[string]int{}
	for _, box := range []string{c.from, c.to} {
		for i, raw := range r.box.Messages(r.t, "ali", box) {
			if flags := r.box.Flags(r.t, "ali", box)[i]; bytes.Equal(raw, r.raw(id)) && !slices.Contains(flags, `\Deleted`) {
				count[box]++
				if c.act == mail.ActMove && !slices.Contains(flags, `\Flagged`) {
					r.t.Error("the star that came after the move was lost")
				}
			}
		}
	}
	source := 0
	if c.act == mail.ActCopy {
		source = 1
	}
	if count[c.from] != source || count[c.to] != 1 {
		r.t.Errorf("%d in %s, %d in %s", count[c.from], c.from, count[c.to], c.to)
	}
	if want := r.folder(a, c.to).ID; c.act == mail.ActMove && row.Folder != want {
		r.t.Errorf("the message is in folder %d, want %d", row.Folder, want)
	}
}

// Whatever command the connection breaks at, time and again, before or after it was carried out: mail flows meanwhile, and in the end
// both sides are what they should be.
func TestStuckOperations(t *testing.T) {
	t.Parallel()
	kinds := []served{servers[0], servers[2], servers[3]}
	for _, seed := range seeds(t, len(kinds)) {
		v := kinds[seed%uint64(len(kinds))]
		t.Run(fmt.Sprintf("seed %d, %s", seed, v.name), func(t *testing.T) {
			t.Parallel()
			w := v.world(t, seed)
			w.compress = false // the proxy reads what is said
			w.box.Command(t, "ali", "CREATE Work", "SUBSCRIBE Work")
			w.deliver(30)
			proxy := mailtest.StartFaultProxy(t, w.box.IMAPPort, seed)
			w.a = w.account("ali", mail.IMAP, func(a *mail.Account) {
				a.Incoming.Port, a.Incoming.Security, a.Incoming.AllowPlaintext = proxy.Port(), mail.SecurityNone, true
			})
			w.sync(w.a)
			verbs := []string{"UID MOVE", "UID COPY", "UID STORE", "UID EXPUNGE", "APPEND", "SEARCH", "UID FETCH", "SELECT"}
			for round := range 12 {
				for range 4 {
					w.act()
				}
				verb, times := verbs[w.rnd.IntN(len(verbs))], 1+w.rnd.IntN(2)
				if w.rnd.IntN(2) == 0 {
					proxy.CutBefore(verb, times)
				} else {
					proxy.BreakOn(verb, []mailtest.Fault{mailtest.FaultLoseReply, mailtest.FaultCut, mailtest.FaultReset}[w.rnd.IntN(3)], times)
				}
				w.t.Logf("%s, %d times", verb, times)
				for range 3 {
					w.deliver(w.rnd.IntN(3))
					w.pass(w.a)
				}
				switch round {
				case 2, 5, 8: // before an operation is given up
					rigged{w.rig, proxy}.healed()
					w.through()
					w.elsewhere()
				case 6:
					w.restart()
				}
			}
			quiet(t, rigged{w.rig, proxy}.healed(), w.a)
			w.equal()
			if proxy.Broken() == 0 {
				t.Error("no connection met a fault")
			}
		})
	}
}
