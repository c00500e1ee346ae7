package mailsync_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// Workers listen by NOTIFY, and never look by the clock, while their connections are cut, stalled and robbed of answers, and another client
// changes folders that nobody looks at. In the end both sides are equal; and after a cut that nobody tells them of, the workers find out by
// themselves what happened meanwhile.
func TestListeningUnderFaults(t *testing.T) {
	t.Parallel()
	for _, seed := range seeds(t, 1) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			w := newWorld(newRig(t, mailtest.DovecotOptions{}, false), seed)
			w.box.Command(t, "ali", "CREATE Work", "SUBSCRIBE Work", "CREATE Archive", "SUBSCRIBE Archive", "CREATE Trash", "SUBSCRIBE Trash")
			w.deliver(15)
			w.file(15)
			proxy := mailtest.StartFaultProxy(t, w.box.IMAPSPort, seed)
			w.a = w.account("ali", mail.IMAP, func(a *mail.Account) {
				a.Incoming.Port, a.Check.AtStart, a.Check.EveryMinutes = proxy.Port(), true, 0
			})
			w.live()
			w.hurry("the first download", w.allShown)
			proxy.Break(6_000)
			w.e.Wake() // new connections, each with its end before it
			for round := range 8 {
				w.rummage()
				time.Sleep(time.Duration(w.rnd.IntN(150)) * time.Millisecond)
				if round%3 == 2 {
					w.hurry("what another client did is here", w.allShown)
					w.act() // on what both know
					w.act()
				}
			}
			proxy.Heal()
			w.hurry("all is here", w.allShown)

			// Nobody helps from here on: what is seen is heard, or looked for by who had to listen anew. Connections from before the healing
			// still have their end before them, so that a look may fail once: only its back-off passes, no check by the clock comes.
			w.rummage()
			w.inTime("what NOTIFY told", w.allShown)
			broken := proxy.Broken()
			proxy.Break(9_000, mailtest.FaultCut)
			w.e.Wake()
			for range 40 {
				w.rummage()
				if time.Sleep(50 * time.Millisecond); proxy.Broken() > broken {
					break
				}
			}
			w.rummage()
			proxy.Heal()
			w.inTime("what happened while nobody listened", w.allShown)
			w.settle()
			quiet(t, w.rig, w.a)
			w.equal()
			if proxy.Broken() == 0 {
				t.Error("no connection met a fault")
			}
		})
	}
}

// allShown reports whether every folder shows what it should.
func (w *world) allShown() bool {
	return !slices.ContainsFunc([]string{"INBOX", "Work", "Archive", "Trash"}, func(box string) bool { return w.shows(box) != "" })
}

// rummage is another client's work in folders that nobody looks at: new mail, a flag, a deletion, of what the user here leaves alone.
func (w *world) rummage() {
	w.t.Helper()
	w.file(1 + w.rnd.IntN(3))
	for _, box := range []string{"Work", "Archive"} {
		i := slices.IndexFunc(w.boxes[box], func(c string) bool {
			subject, flags, _ := strings.Cut(c, "|")
			return flags == "" && strings.HasPrefix(subject, "message") && !w.mine[subject]
		})
		if i < 0 || w.rnd.IntN(2) == 0 {
			continue
		}
		c := w.boxes[box][i]
		subject, _, _ := strings.Cut(c, "|")
		w.mine[subject] = true
		uid := w.box.UIDOf(w.t, w.user, box, "Subject: "+subject)
		w.take(box, c)
		if w.rnd.IntN(2) == 0 {
			w.box.Command(w.t, w.user, "SELECT "+box, "UID STORE "+uid+` +FLAGS.SILENT (\Flagged)`)
			w.put(box, card(subject, []string{`\Flagged`}))
		} else {
			w.box.Command(w.t, w.user, "SELECT "+box, "UID STORE "+uid+` +FLAGS.SILENT (\Deleted)`, "UID EXPUNGE "+uid)
		}
	}
}
