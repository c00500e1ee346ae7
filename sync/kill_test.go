package mailsync_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"peyk/accounts"
	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
	"peyk/internal/message"
	"peyk/store"
	mailsync "peyk/sync"
)

// killEnv names the profile on which this test binary, started again, works until it is killed; killNow is the time it takes for the
// present, in seconds.
const killEnv, killNow = "PEYK_SYNC_KILL_DIR", "PEYK_SYNC_KILL_NOW"

func TestMain(m *testing.M) {
	if dir := os.Getenv(killEnv); dir != "" {
		if err := syncOnce(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// testPasswords are those of mailtest's standard users.
type testPasswords struct{}

func (testPasswords) Password(_ context.Context, a mail.Account, _ mail.ServerSide) (string, error) {
	return "secret-" + a.Incoming.Username, nil
}

// syncOnce is the process that is killed: one pass over every account.
func syncOnce(dir string) error {
	ctx := context.Background()
	now := time.Now
	if at, err := strconv.ParseInt(os.Getenv(killNow), 10, 64); err == nil {
		now = func() time.Time { return time.Unix(at, 0) }
	}
	st, err := store.Open(ctx, dir, store.Options{Now: now, Parse: func(b io.ReaderAt, size int64) mail.Summary { return message.Parse(b, size).Summary() }})
	if err != nil {
		return err
	}
	defer st.Close()
	e := mailsync.New(st, mailsync.Options{Profile: dir, Now: now, OpenerFor: func(a mail.Account) remote.Opener { return accounts.NewOpener(a, testPasswords{}) }})
	defer e.Close()
	_, err = e.SyncAll(ctx)
	return err
}

// kills is how many points are tried: PEYK_KILLS, else 200 with PEYK_LONG, else a few.
func kills(t *testing.T) int {
	t.Helper()
	s := os.Getenv("PEYK_KILLS")
	switch {
	case s == "" && os.Getenv("PEYK_LONG") != "":
		return 200
	case s == "":
		return 30
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		t.Fatalf("PEYK_KILLS=%q is no number of kills", s)
	}
	return n
}

// doomed starts a pass in a process of its own and kills it after bytes have passed through one of the proxies, and a moment
// more: so the points lie all over the work, however fast the machine is. It reports whether the process was killed before its end.
func (r *rig) doomed(after int64, moment time.Duration, proxies ...*mailtest.FaultProxy) bool {
	r.t.Helper()
	passed := func() (n int64) {
		for _, p := range proxies {
			n += p.Passed()
		}
		return n
	}
	start := passed()
	self, err := os.Executable()
	if err != nil {
		r.t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), killEnv+"="+r.dir)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for passed()-start < after {
		select {
		case err := <-ended:
			if err != nil {
				r.t.Errorf("the pass ended by itself: %v", err)
			}
			return false
		case <-tick.C:
		}
	}
	time.Sleep(moment)
	cmd.Process.Kill()
	return (<-ended) != nil
}

// doomedAt starts a pass in a process of its own and kills it when a server or a proxy holds its connection, and tells whether it got
// there before its end.
func (r *rig) doomedAt(held <-chan struct{}) bool {
	r.t.Helper()
	self, err := os.Executable()
	if err != nil {
		r.t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), killEnv+"="+r.dir, fmt.Sprintf("%s=%d", killNow, r.now.Load()))
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case <-held:
	case err := <-ended:
		if err != nil {
			r.t.Errorf("the pass ended by itself: %v", err)
		}
		return false
	case <-time.After(patience):
		r.t.Error("the pass neither ends nor gets there")
	}
	cmd.Process.Kill()
	<-ended
	return true
}

// Killed at any point of a pass (download, upload, moves, flags, POP3, sending), nothing is lost and nothing doubled, the
// profile is sound each time, and in the end both sides are what they should be.
func TestKilledAtAnyPointOfAPass(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{Users: map[string]string{"ali": "secret-ali", "sara": "secret-sara", "reza": "secret-reza"}}, true)
	seed := 10 + firstSeed(t)
	w := &world{rig: r, user: "ali", rnd: rand.New(rand.NewPCG(seed, 6)), boxes: map[string][]string{}, mine: map[string]bool{}, n: 1000}
	r.dove.Doveadm("mailbox", "create", "-s", "-u", "ali", "Work")
	imap, pop := mailtest.StartFaultProxy(t, r.dove.IMAPSPort, seed), mailtest.StartFaultProxy(t, r.dove.POP3SPort, seed)
	smtp := mailtest.StartFaultProxy(t, r.mta.Port465, seed)
	w.a = r.account("ali", mail.IMAP, func(a *mail.Account) { a.Incoming.Port, a.Outgoing.Port = imap.Port(), smtp.Port() })
	sara := r.account("sara", mail.POP3, func(a *mail.Account) {
		a.Incoming.Port, a.POP3 = pop.Port(), mail.POP3Options{}
	})
	var drops [][]byte
	var letters []mail.OutboxID
	deliver := func(n int) {
		w.deliver(n)
		for range n {
			m := letter(len(drops), fmt.Sprintf("drop %d", len(drops)), longText(w.rnd.IntN(6000)))
			drops = append(drops, m)
			r.dove.Deliver("sara", m)
		}
	}
	deliver(60)
	killed := 0
	for i, tries := 0, 0; killed < kills(t); tries++ {
		if tries > 3*kills(t)+20 {
			t.Fatalf("only %d of %d processes were killed before their end", killed, tries)
		}
		// What a pass has to move grows and shrinks: most points lie in what is new.
		after := int64(w.rnd.IntN([]int{8_000, 40_000, 200_000}[tries%3]))
		r.shut()
		if r.doomed(after, time.Duration(w.rnd.IntN(12))*time.Millisecond, imap, pop, smtp) {
			killed++
		}
		r.open()
		r.whole()
		if i++; i%2 == 0 {
			deliver(4)
			for range 2 {
				w.act()
			}
		}
		if i%5 == 0 {
			letters = append(letters, r.write(w.a, r.mta.Address("reza"), fmt.Sprintf("letter %d", len(letters)), longText(3000)))
		}
	}
	for range 3 {
		r.pass(w.a)
		r.pass(sara)
	}
	w.equal()
	r.left("sara", 0, "in the end")
	var got [][]byte
	for _, row := range r.rows(r.inbox(sara)) {
		got = append(got, r.raw(row.ID))
	}
	if x, y := diff(got, drops); len(x)+len(y) > 0 {
		t.Errorf("%d drops here, %d delivered: %d too many or wrong, %d missing", len(got), len(drops), len(x), len(y))
	}
	r.ledgerSays(sara, len(drops), true)
	r.sentOnce(w.a, "reza", letters)
}

// delivered waits until the MTA holds no message any more.
func (r *rig) delivered() {
	r.t.Helper()
	for end := time.Now().Add(3 * time.Minute); len(r.mta.Queue()) > 0; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			r.t.Fatalf("Postfix still holds %v", r.mta.Queue())
		}
	}
}

// sentOnce checks that each message arrived once and has its copy in Sent, or is uncertain and arrived at most once.
func (r *rig) sentOnce(a mail.Account, user string, ids []mail.OutboxID) {
	r.t.Helper()
	r.delivered()
	arrived, copies := subjects(r.dove.Messages(user, "INBOX")), subjects(r.dove.Messages(a.Incoming.Username, "Sent"))
	asked := 0
	for i, id := range ids {
		subject := fmt.Sprintf("letter %d", i)
		it, err := r.st.OutboxItem(r.ctx, id)
		switch {
		case err == nil && it.State == mail.OutboxUncertain:
			asked++
			if arrived[subject] > 1 || copies[subject] != 0 {
				r.t.Errorf("%s is uncertain, arrived %d times, %d copies", subject, arrived[subject], copies[subject])
			}
		case err == nil:
			r.t.Errorf("%s is stuck: %+v", subject, it)
		case arrived[subject] != 1 || copies[subject] != 1:
			r.t.Errorf("%s arrived %d times, %d copies in Sent", subject, arrived[subject], copies[subject])
		}
	}
	r.t.Logf("%d of %d uncertain", asked, len(ids))
	r.sameMail(a, a.Incoming.Username, "Sent")
}
