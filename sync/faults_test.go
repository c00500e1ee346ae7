package mailsync_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// seeds are those of a test: few by default, with PEYK_LONG=1 ten times as many, with PEYK_SEEDS as many as it says.
func seeds(t *testing.T, few int) []uint64 {
	t.Helper()
	if s := os.Getenv("PEYK_SEEDS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			t.Fatalf("PEYK_SEEDS=%q is no number of seeds", s)
		}
		few = n
	}
	if os.Getenv("PEYK_LONG") != "" && os.Getenv("PEYK_SEEDS") == "" {
		few *= 10
	}
	out := make([]uint64, few)
	for i := range out {
		out[i] = uint64(i + 1)
	}
	return out
}

// world is what a mailbox should be in the end: for every folder, each message by its subject and flags, as often as it is
// there. It is kept by the test alone, from what the user and another client do.
type world struct {
	*rig
	a     mail.Account
	user  string
	rnd   *rand.Rand
	boxes map[string][]string // folder → "subject|flags"
	mine  map[string]bool     // subjects that were acted upon here
	n     int
}

const bareServer = "protocol imap {\n  imap_capability = IMAP4rev1 LITERAL+ IDLE CHILDREN NAMESPACE\n}\n"

func card(subject string, flags []string) string {
	flags = slices.DeleteFunc(slices.Clone(flags), func(f string) bool { return f == `\Recent` })
	slices.Sort(flags)
	return subject + "|" + strings.Join(flags, " ")
}

func rowCard(r mail.Row) string {
	var flags []string
	for _, f := range r.Flags {
		flags = append(flags, string(f))
	}
	return card(r.Subject, flags)
}

// deliver brings new mail.
func (w *world) deliver(n int) {
	for range n {
		body := longText(w.rnd.IntN(3000))
		if w.rnd.IntN(25) == 0 {
			body = longText(200_000)
		}
		subject := fmt.Sprintf("message %d", w.n)
		w.dove.Deliver(w.user, letter(w.n, subject, body))
		w.boxes["INBOX"] = append(w.boxes["INBOX"], card(subject, nil))
		w.n++
	}
}

// take removes one card of a folder.
func (w *world) take(box, c string) {
	w.t.Helper()
	i := slices.Index(w.boxes[box], c)
	if i < 0 {
		subject, _, _ := strings.Cut(c, "|")
		var known []string
		for f, cards := range w.boxes {
			for _, k := range cards {
				if strings.HasPrefix(k, subject+"|") {
					known = append(known, f+": "+k)
				}
			}
		}
		w.t.Fatalf("%s shows %q, which should not be there; expected are %q", box, c, known)
	}
	w.boxes[box] = slices.Delete(w.boxes[box], i, i+1)
}

func (w *world) put(box, c string) { w.boxes[box] = append(w.boxes[box], c) }

// act does something at random, as a user does: on what the store shows, whether the server was reached or not.
func (w *world) act() {
	w.t.Helper()
	box := []string{"INBOX", "INBOX", "Work", "Archive"}[w.rnd.IntN(4)]
	f, err := w.st.FolderByPath(w.ctx, w.a.ID, box)
	if err != nil {
		return // not seen yet
	}
	rows := w.rows(f)
	if len(rows) == 0 {
		return
	}
	row := rows[w.rnd.IntN(len(rows))]
	c := rowCard(row)
	w.mine[row.Subject] = true
	subject, list, _ := strings.Cut(c, "|")
	flags := strings.Fields(list)
	one := func(kind mail.ActionKind, dest string) {
		w.t.Logf("%s: %q in %s (message %d, UID %d) %s", kind, c, box, row.ID, row.UID, dest)
		act := mail.Action{Kind: kind, Messages: []mail.MessageID{row.ID}}
		if kind == mail.ActMove || kind == mail.ActCopy {
			act.Folder = w.folder(w.a, dest).ID
		}
		w.do(act)
	}
	move := func(kind mail.ActionKind, dest string) {
		if dest == box {
			return
		}
		one(kind, dest)
		w.take(box, c)
		w.put(dest, c)
	}
	switch w.rnd.IntN(9) {
	case 0, 1:
		move(mail.ActMove, []string{"INBOX", "Work", "Archive"}[w.rnd.IntN(3)])
	case 2:
		move(mail.ActArchive, "Archive")
	case 3:
		move(mail.ActDelete, "Trash")
	case 4:
		one(mail.ActCopy, "Work")
		w.put("Work", c)
	case 5:
		one(mail.ActStar, "")
		w.take(box, c)
		w.put(box, card(subject, append(slices.DeleteFunc(flags, func(f string) bool { return f == `\Flagged` }), `\Flagged`)))
	case 6:
		kind, seen := mail.ActRead, slices.Contains(flags, `\Seen`)
		rest := slices.DeleteFunc(flags, func(f string) bool { return f == `\Seen` })
		if seen {
			kind = mail.ActUnread
		} else {
			rest = append(rest, `\Seen`)
		}
		one(kind, "")
		w.take(box, c)
		w.put(box, card(subject, rest))
	case 7:
		one(mail.ActDestroy, "")
		w.take(box, c)
	case 8:
		w.upload()
	}
}

// upload puts messages of this computer on the server: one like any other, one twice, and one without Message-ID.
func (w *world) upload() {
	w.t.Helper()
	subject := fmt.Sprintf("upload %d", w.n)
	raw := letter(w.n, subject, longText(w.rnd.IntN(5000)))
	w.n++
	times := 1 + w.rnd.IntN(2)
	if w.rnd.IntN(2) == 0 {
		raw = bytes.Replace(raw, []byte("Message-ID:"), []byte("X-Was-ID:"), 1)
	}
	im, err := w.e.Importer(w.ctx, w.folder(w.a, "Work").ID)
	if err != nil {
		w.t.Fatal(err)
	}
	for range times {
		if err := im.Add(bytes.NewReader(raw), mail.Flags{mail.FlagSeen}, w.clock()); err != nil {
			w.t.Fatal(err)
		}
		w.put("Work", card(subject, []string{`\Seen`}))
	}
	if _, err := im.Close(); err != nil {
		w.t.Fatal(err)
	}
}

// elsewhere does what another client does: new mail, a flag, a deletion. It leaves alone what the user here touches.
func (w *world) elsewhere() {
	w.t.Helper()
	w.deliver(w.rnd.IntN(4))
	var free []string
	for _, c := range w.boxes["INBOX"] {
		if subject, flags, _ := strings.Cut(c, "|"); flags == "" && !w.mine[subject] {
			free = append(free, subject)
		}
	}
	if len(free) < 2 {
		return
	}
	subject := free[w.rnd.IntN(len(free))]
	w.mine[subject] = true
	id := "m" + strings.TrimPrefix(subject, "message ") + "@peyk.test"
	w.take("INBOX", card(subject, nil))
	if w.rnd.IntN(2) == 0 {
		w.dove.Doveadm("flags", "add", "-u", w.user, `\Answered`, "mailbox", "INBOX", "header", "message-id", "<"+id+">")
		w.put("INBOX", card(subject, []string{`\Answered`}))
	} else {
		w.dove.Doveadm("expunge", "-u", w.user, "mailbox", "INBOX", "header", "message-id", "<"+id+">")
	}
	w.through()
}

// through runs passes until one is not broken: the user here does not act on a message whose state cannot be known here.
func (w *world) through() {
	w.t.Helper()
	res := w.pass(w.a)
	for range 40 {
		if len(res.Failed) == 0 {
			return
		}
		w.days(1)
		res = w.pass(w.a)
	}
	w.t.Fatalf("no pass comes through: %v", res.Failed)
}

// equal compares the three: what should be, what a second client sees, what is shown here; and the bytes of the two sides.
func (w *world) equal() {
	w.t.Helper()
	for _, box := range []string{"INBOX", "Work", "Archive", "Trash"} {
		want := slices.Sorted(slices.Values(w.boxes[box]))
		var server, local []string
		raws, flags := w.dove.Messages(w.user, box), w.dove.Flags(w.user, box)
		for i, raw := range raws {
			if !slices.Contains(flags[i], `\Deleted`) {
				server = append(server, card(subjectOf(raw), flags[i]))
			}
		}
		for _, row := range w.rows(w.folder(w.a, box)) {
			local = append(local, rowCard(row))
			if !slices.ContainsFunc(raws, func(b []byte) bool { return bytes.Equal(b, w.raw(row.ID)) }) {
				w.t.Errorf("%s: the bytes of %q are not those of the server", box, row.Subject)
			}
		}
		slices.Sort(server)
		slices.Sort(local)
		if d := differ(want, server); d != "" {
			w.t.Errorf("%s on the server: %s", box, d)
		}
		if d := differ(want, local); d != "" {
			w.t.Errorf("%s here: %s", box, d)
		}
	}
	w.sound()
}

// whole is what `peyk doctor` asks for.
func (r *rig) whole() {
	r.t.Helper()
	rep, err := r.st.Check(r.ctx, false)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, p := range rep.Problems {
		if !p.Harmless {
			r.t.Errorf("doctor: %s: %s", p.Where, p.What)
		}
	}
}

// sound is whole, with nothing left that waits or failed.
func (r *rig) sound() {
	r.t.Helper()
	r.whole()
	ops, err := r.st.Ops(r.ctx, 10000)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, op := range ops {
		if op.State != mail.OpDone && op.State != mail.OpUndone {
			r.t.Errorf("operation %d (%s) is %s: %s", op.ID, op.Kind, op.State, op.Error)
		}
	}
}

func subjectOf(raw []byte) string {
	_, rest, _ := bytes.Cut(raw, []byte("Subject: "))
	s, _, _ := bytes.Cut(rest, []byte("\r\n"))
	return string(s)
}

// differ says in which elements two sorted lists differ.
func differ(want, got []string) string {
	count := map[string]int{}
	for _, s := range want {
		count[s]++
	}
	for _, s := range got {
		count[s]--
	}
	var out []string
	for _, s := range slices.Sorted(maps.Keys(count)) {
		if n := count[s]; n > 0 {
			out = append(out, fmt.Sprintf("%q is missing %d times", s, n))
		} else if n < 0 {
			out = append(out, fmt.Sprintf("%q is there %d times too often", s, -n))
		}
	}
	return strings.Join(out, "; ")
}

// Whatever breaks, in the end both sides are what they should be: everything once, in its folder, with its flags.
func TestIMAPUnderFaults(t *testing.T) {
	for _, seed := range seeds(t, 6) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			o := mailtest.DovecotOptions{Compress: seed%2 == 0}
			if seed%3 == 0 {
				o.Extra = bareServer // no MOVE, no UIDPLUS, no CONDSTORE
			}
			r := newRig(t, o, false)
			w := &world{rig: r, user: "ali", rnd: rand.New(rand.NewPCG(seed, 4)), boxes: map[string][]string{}, mine: map[string]bool{}, n: 1000}
			r.dove.Doveadm("mailbox", "create", "-s", "-u", "ali", "Work")
			w.deliver(80)
			proxy := mailtest.StartFaultProxy(t, r.dove.IMAPSPort, seed)
			proxy.Break(60_000)
			w.a = r.account("ali", mail.IMAP, func(a *mail.Account) { a.Incoming.Port = proxy.Port() })
			for round := range 12 {
				w.pass(w.a)
				for range 3 {
					w.act()
				}
				switch round {
				case 3, 6, 9:
					w.elsewhere()
				case 5:
					r.restart()
				case 7:
					proxy.Break(15_000)
				}
			}
			proxy.Heal()
			quiet(t, r, w.a)
			w.equal()
			if proxy.Broken() < 2 {
				t.Errorf("only %d connections met a fault", proxy.Broken())
			}
		})
	}
}

// quiet runs passes without faults until nothing is left to do.
func quiet(t *testing.T, r *rig, a mail.Account) {
	t.Helper()
	for range 5 {
		r.days(1)
		if res := r.sync(a); res.New+res.Updated+res.Removed+res.Sent == 0 {
			return
		}
	}
	t.Error("five passes without faults did not come to rest")
}

// A maildrop under faults: everything here once and byte for byte, the ledger knows each message once, and the server holds
// what the rule says.
func TestPOP3UnderFaults(t *testing.T) {
	for _, seed := range seeds(t, 6) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{}, false)
			rnd := rand.New(rand.NewPCG(seed, 5))
			var all [][]byte
			deliver := func(n int) {
				for range n {
					m := letter(len(all), fmt.Sprintf("message %d", len(all)), longText(rnd.IntN(4000)))
					if rnd.IntN(25) == 0 {
						m = append(m, longText(200_000)...)
					}
					all = append(all, m)
					r.dove.Deliver("ali", m)
				}
			}
			deliver(100)
			proxy := mailtest.StartFaultProxy(t, r.dove.POP3SPort, seed)
			proxy.Break(80_000)
			leave := seed%2 == 0
			a := r.account("ali", mail.POP3, func(a *mail.Account) {
				a.Incoming.Port = proxy.Port()
				a.POP3 = mail.POP3Options{LeaveOnServer: leave}
			})
			for round := range 14 {
				r.pass(a)
				if round%3 == 2 {
					deliver(rnd.IntN(10))
				}
				if round == 6 {
					r.restart()
				}
			}
			proxy.Heal()
			quiet(t, r, a)
			left := 0
			if leave {
				left = len(all)
			}
			r.left("ali", left, "in the end")
			var got [][]byte
			for _, row := range r.rows(r.inbox(a)) {
				got = append(got, r.raw(row.ID))
			}
			if x, y := diff(got, all); len(x)+len(y) > 0 {
				t.Errorf("%d messages here, %d delivered: %d too many or wrong, %d missing", len(got), len(all), len(x), len(y))
			}
			r.ledgerSays(a, len(all), !leave)
			r.sound()
			if proxy.Broken() < 2 {
				t.Errorf("only %d connections met a fault", proxy.Broken())
			}
		})
	}
}

// ledgerSays checks that the ledger has n messages, each once, saved and verified, and removed or not.
func (r *rig) ledgerSays(a mail.Account, n int, removed bool) {
	r.t.Helper()
	l, err := r.st.Ledger(r.ctx, a.ID)
	if err != nil {
		r.t.Fatal(err)
	}
	seen := map[string]int{}
	for _, e := range l.Entries {
		seen[e.UIDL]++
		if e.Saved.IsZero() || e.Verified.IsZero() || e.Removed.IsZero() == removed || e.Message == 0 {
			r.t.Errorf("ledger entry %+v", e)
		}
	}
	if len(l.Entries) != n || len(seen) != n {
		r.t.Errorf("the ledger has %d entries for %d UIDLs, want %d", len(l.Entries), len(seen), n)
	}
}

// Mail that is sent under faults arrives once, or the user is asked: never twice, never stuck.
func TestSendingUnderFaults(t *testing.T) {
	for _, seed := range seeds(t, 3) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{}, true)
			in := mailtest.StartFaultProxy(t, r.dove.IMAPSPort, seed)
			out := mailtest.StartFaultProxy(t, r.mta.Port465, seed+1000)
			a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.Incoming.Port, a.Outgoing.Port = in.Port(), out.Port() })
			r.sync(a)
			in.Break(20_000)
			out.Break(9_000)
			const count = 16
			var ids []mail.OutboxID
			for i := range count {
				ids = append(ids, r.write(a, r.mta.Address("sara"), fmt.Sprintf("letter %d", i), longText(i*400)))
				r.pass(a)
				r.days(1)
			}
			in.Heal()
			out.Heal()
			for range 4 {
				r.pass(a)
				r.days(1)
			}
			r.sentOnce(a, "sara", ids)
			if out.Broken() < 2 {
				t.Errorf("only %d connections met a fault", out.Broken())
			}
			r.sound()
		})
	}
}

func subjects(raws [][]byte) map[string]int {
	out := map[string]int{}
	for _, raw := range raws {
		out[subjectOf(raw)]++
	}
	return out
}
