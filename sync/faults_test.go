package mailsync_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// firstSeed is where the seeds begin: PEYK_SEED, else 1.
func firstSeed(t *testing.T) uint64 {
	t.Helper()
	s := os.Getenv("PEYK_SEED")
	if s == "" {
		return 1
	}
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		t.Fatalf("PEYK_SEED=%q is no seed", s)
	}
	return n
}

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
		out[i] = firstSeed(t) + uint64(i)
	}
	return out
}

// Whatever breaks, in the end both sides are what they should be: everything once, in its folder, with its flags.
func TestIMAPUnderFaults(t *testing.T) {
	t.Parallel()
	for _, seed := range seeds(t, len(servers)) {
		v := servers[seed%uint64(len(servers))]
		t.Run(fmt.Sprintf("seed %d, %s", seed, v.name), func(t *testing.T) {
			t.Parallel()
			w := v.world(t, seed)
			w.box.Command(t, "ali", "CREATE Work", "SUBSCRIBE Work")
			w.deliver(80)
			w.file(40)
			w.gaps("INBOX", 12)
			w.gaps("Work", 4)
			small := []string{"Bills", "Club", "Family", "School", "Travel"} // one after the other in a first download
			for i, box := range small {
				w.box.Command(t, "ali", "CREATE "+box, "SUBSCRIBE "+box)
				w.box.Append(t, "ali", box, letters(1000+10*i, 6)...)
				if i%2 == 0 {
					w.gap(box, 2, 5)
				}
			}
			proxy := mailtest.StartFaultProxy(t, w.box.IMAPSPort, seed)
			first, later := int64(60_000), int64(15_000)
			if v.live || v.compress {
				first, later = 12_000, 6_000 // fewer connections, fewer bytes
			}
			proxy.Break(first)
			w.a = w.account("ali", mail.IMAP, func(a *mail.Account) { a.Incoming.Port, a.Check.AtStart = proxy.Port(), true })
			if v.live {
				w.live()
				w.through()
			}
			for round := range 12 {
				w.work()
				for range 3 {
					w.act()
				}
				switch round {
				case 3, 6, 9:
					w.elsewhere()
				case 5:
					w.startAgain()
				case 7:
					proxy.Break(later)
				}
			}
			proxy.Heal()
			w.settle()
			quiet(t, w.rig, w.a)
			w.equal()
			for i, box := range small {
				w.same(w.a, box, 6-2*((i+1)%2))
			}
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
	t.Parallel()
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
	t.Parallel()
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
